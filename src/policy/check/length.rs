//! `length`: a message that is too long on its longest path. Characters and UTF-16 units are those of the text
//! without its values; parts are counted with values of usual or declared length.

use super::platform::whole;
use super::{Context, Hit, Kind};
use crate::facts::length::{Counting, Length, Reach, value_lengths};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use crate::template::profiles::Billing;
use crate::template::{Node, Path, Profile, Signature, Template};
use crate::words::Words;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Unit {
    Characters,
    Utf16,
    Segments,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TooLong {
    over: u32,
    unit: Unit,
}

impl Kind for TooLong {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("over");
        let choices = [("characters", Unit::Characters), ("utf16", Unit::Utf16), ("segments", Unit::Segments)];
        let unit = compiler.choice(fields, "unit", &choices).unwrap_or(Unit::Characters);
        Some(TooLong { over: fields.number("over")?, unit })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let template = context.message.template;
        let profile = context.message.facts.get("profile").and_then(Profile::named);
        let longest = profile.and_then(|profile| profile.value);
        let sent = Sent { template, signature: signature(template), longest, counting: counting(context, profile) };
        // No way through the branches is longer than all of them together.
        let all = self.all(&sent);
        if self.measure(all.most, sent.counting) <= self.over {
            return;
        }
        if !template.is_branched() {
            hits.push(self.hit(context, &sent, all, &[]));
            return;
        }
        let paths = template.paths();
        let ways = paths.feasible.iter().filter_map(|at| paths.list.get(*at));
        let measured = ways.map(|path| {
            let reach = self.reach(&sent, path);
            (self.measure(reach.most, sent.counting), reach.most.units(sent.counting), reach, path)
        });
        let longest = measured.max_by_key(|(count, units, ..)| (*count, *units));
        let longest = longest.filter(|(count, ..)| *count > self.over);
        hits.extend(longest.map(|(.., reach, path)| self.hit(context, &sent, reach, &path.when)));
    }
}

impl TooLong {
    fn measure(&self, length: Length, counting: Counting) -> u32 {
        match self.unit {
            Unit::Characters => length.chars,
            Unit::Utf16 => length.utf16_units,
            Unit::Segments => length.segments(counting),
        }
    }

    /// The finding about a text that is sent on the path `when`.
    fn hit(&self, context: &Context<'_>, sent: &Sent<'_>, reach: Reach, when: &[String]) -> Hit {
        let mut hit = Hit::new(whole(context), when);
        hit.args.push(("length", self.measure(reach.most, sent.counting).to_string()));
        hit.args.push(("least", self.measure(reach.least, sent.counting).to_string()));
        hit.args.push(("limit", self.over.to_string()));
        if self.unit == Unit::Segments {
            let units = |length: Length| length.units(sent.counting);
            hit.notes.push(told(sent, units(reach.most), units(reach.least), reach.most));
        }
        hit
    }

    /// The length of all branches together; that of the text, where there are none.
    fn all(&self, sent: &Sent<'_>) -> Reach {
        let mut reach = Reach::default().with(&sent.signature);
        let mut add = |least: Length, most: Length| {
            reach = Reach { least: reach.least.plus(least), most: reach.most.plus(most) };
        };
        sent.template.each_node(|node| match node {
            Node::Text(span) => {
                let length = Length::of(span.of_text(sent.template.body()));
                add(length, length);
            }
            Node::Escape { text, .. } => add(Length::of(text), Length::of(text)),
            Node::Placeholder(placeholder) if self.unit == Unit::Segments => {
                let (least, most) = value_lengths(placeholder, sent.longest);
                add(Length::plain(least), Length::plain(most));
            }
            Node::Placeholder(_) | Node::Error { .. } | Node::Comment(_) | Node::Cond { .. } => {}
        });
        reach
    }

    fn reach(&self, sent: &Sent<'_>, path: &Path) -> Reach {
        let reach = match self.unit {
            Unit::Segments => Reach::of(sent.template, path, sent.longest),
            Unit::Characters | Unit::Utf16 => {
                let literal = Length::of(&sent.template.literal(path));
                Reach { least: literal, most: literal }
            }
        };
        reach.with(&sent.signature)
    }
}

/// What is sent of a template.
struct Sent<'t> {
    template: &'t Template,
    /// What is put before the text, with its brackets.
    signature: String,
    /// Most characters of a value.
    longest: Option<u32>,
    counting: Counting,
}

/// A signature field in its brackets; one in the text is counted there.
fn signature(template: &Template) -> String {
    if template.signatures.iter().any(|s| matches!(s, Signature::Inline { .. })) {
        return String::new();
    }
    template.signatures.iter().map(|signature| format!("【{}】", signature.text())).collect()
}

fn counting(context: &Context<'_>, profile: Option<&Profile>) -> Counting {
    match (profile.and_then(|profile| profile.counting), context.message.jurisdiction.as_deref()) {
        (Some(Billing::Mainland), _) | (None, Some("cn")) => Counting::Mainland,
        _ => Counting::International,
    }
}

/// How the parts were counted.
fn told(sent: &Sent<'_>, most: u32, least: u32, length: Length) -> Words {
    let (en, zh) = match (sent.counting, length.gsm7()) {
        (Counting::Mainland, _) => ("70 in one part, else 67 a part", "单条 70，超出后每条 67"),
        (Counting::International, true) => ("GSM-7: 160 in one part, else 153 a part", "GSM-7 编码：单条 160，超出后每条 153"),
        (Counting::International, false) => ("UCS-2: 70 in one part, else 67 a part", "UCS-2 编码：单条 70，超出后每条 67"),
    };
    Words::new(
        format!("{least} to {most} characters, depending on the values; {en}"),
        format!("视变量取值为 {least} 至 {most} 个字符；{zh}"),
    )
}
