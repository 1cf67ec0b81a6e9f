//! `length`: a message that is too long, on its longest path, without the values of its placeholders.

use super::{Kind, Context, Hit};
use crate::facts::length::{Counting, Length};
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::template::{Signature, Template};
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
        let counting = match context.message.jurisdiction.as_deref() {
            Some("cn") => Counting::Mainland,
            _ => Counting::International,
        };
        // No path is longer than the whole text with its placeholders.
        if self.measure(template, template.body().to_owned(), counting) <= self.over {
            return;
        }
        let measured = template.paths().list.into_iter().map(|p| (self.measure(template, template.literal(&p), counting), p));
        let Some((length, worst)) = measured.max_by_key(|(n, _)| *n).filter(|(n, _)| *n > self.over) else {
            return;
        };
        let mut hit = Hit::new(Span::of(0, template.body().len()), &worst.when);
        hit.args.push(("length", length.to_string()));
        hit.args.push(("limit", self.over.to_string()));
        hits.push(hit);
    }
}

impl TooLong {
    /// `text` with a signature field in its brackets, in this unit.
    fn measure(&self, template: &Template, mut text: String, counting: Counting) -> u32 {
        let inline = template.signatures.iter().any(|s| matches!(s, Signature::Inline { .. }));
        for signature in template.signatures.iter().filter(|_| !inline) {
            text.push('【');
            text.push_str(signature.text());
            text.push('】');
        }
        let length = Length::of(&text);
        match self.unit {
            Unit::Characters => length.chars,
            Unit::Utf16 => length.utf16_units,
            Unit::Segments => length.segments(counting),
        }
    }
}
