//! `forbid`: these phrases must not occur.

use super::{Kind, Context, Hit, Spot};
use crate::message::{View, ViewKind};
use crate::policy::compile::Compiler;
use crate::policy::lexicon::GroupId;
use crate::policy::matching::{Match, Reading};
use crate::source::Span;
use crate::spanned::Fields;
use crate::text::HiddenKind;
use crate::words::Words;
use serde::{Deserialize, Serialize};

/// Where in a message the phrases count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Region {
    /// The whole text with its inline signature.
    Text,
    /// The text without its inline signature.
    Body,
    /// The signature, inline or in a field.
    Signature,
    /// The signature or the first clause.
    Opening,
}

const REGIONS: [(&str, Region); 4] = [
    ("text", Region::Text),
    ("body", Region::Body),
    ("signature", Region::Signature),
    ("opening", Region::Opening),
];

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Forbid {
    words: GroupId,
    except: Option<GroupId>,
    unless: Option<GroupId>,
    /// Something of this must stand anywhere in the text.
    with: Option<GroupId>,
    /// Nothing of this may stand anywhere in the text.
    without: Option<GroupId>,
    region: Region,
    despite: Vec<String>,
}

impl Kind for Forbid {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("words");
        let words = compiler.phrases(fields, "words");
        let except = compiler.phrases(fields, "except");
        let unless = compiler.phrases(fields, "unless");
        let with = compiler.phrases(fields, "with");
        let without = compiler.phrases(fields, "without");
        let region = compiler.choice(fields, "in", &REGIONS).unwrap_or(Region::Text);
        let despite = compiler.frame_names(fields, "despite");
        Some(Forbid { words: words?, except, unless, with, without, region, despite })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        for (view, reading) in context.views().filter(|(_, reading)| self.is_matter_of(reading)) {
            for found in reading.of(self.words) {
                let counts = self.region.holds(view, found)
                    && !self.is_excepted(view, reading, found)
                    && !context.language.silences(view, reading, found, &self.despite);
                if counts {
                    hits.push(hit(view, found));
                }
            }
        }
    }

    fn phrases(&self) -> Option<GroupId> {
        Some(self.words)
    }
}

impl Forbid {
    /// Whether the text as a whole is one that the rule is about.
    fn is_matter_of(&self, reading: &Reading<'_>) -> bool {
        reading.may_have(self.words)
            && self.with.is_none_or(|group| reading.has(group))
            && !self.without.is_some_and(|group| reading.has(group))
    }

    fn is_excepted(&self, view: &View, reading: &Reading<'_>, found: &Match) -> bool {
        let overlapped = |g: GroupId| reading.of(g).iter().any(|m| m.span.overlaps(found.mark));
        let sentence = |at: u32| view.clauses.sentence_at(at);
        let beside =
            |g: GroupId| reading.of(g).iter().any(|m| sentence(m.span.start) == sentence(found.mark.start));
        self.except.is_some_and(overlapped) || self.unless.is_some_and(beside)
    }
}

impl Region {
    fn holds(self, view: &View, found: &Match) -> bool {
        let signed = view.signature.is_some_and(|s| s.overlaps(found.mark));
        let field = view.kind == ViewKind::Signature;
        match self {
            Self::Text => !field,
            Self::Body => !field && !signed,
            Self::Signature => field || signed,
            Self::Opening => {
                let first = view.clauses.list.iter().find(|c| c.span.end > view.opening());
                field || signed || first.is_some_and(|c| found.mark.start < c.span.end)
            }
        }
    }
}

/// A hit at the mark of a match, with a note for what was hidden in it.
pub(super) fn hit(view: &View, found: &Match) -> Hit {
    let mut hit = Hit::new(view.folded.to_body(found.mark), &view.when);
    if view.kind == ViewKind::Signature {
        hit.spot = Spot::SignatureField;
    }
    hit.notes = hidden_notes(view, found.leaves.iter());
    hit
}

/// One sentence for each way in which a word was hidden.
pub(super) fn hidden_notes(view: &View, leaves: impl Iterator<Item = Span>) -> Vec<Words> {
    let mut notes: Vec<Words> = Vec::new();
    for hidden in leaves.flat_map(|leaf| view.folded.hidden_in(leaf)) {
        let note = describe(hidden.kind);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

pub(super) fn describe(kind: HiddenKind) -> Words {
    let code = |c: char| format!("U+{:04X}", c as u32);
    match kind {
        HiddenKind::Invisible(c) => Words::new(
            format!("hidden: invisible character {} inside the word", code(c)),
            format!("隐藏：词内有不可见字符 {}", code(c)),
        ),
        HiddenKind::Separator(c) if c.is_whitespace() => Words::new(
            format!("hidden: blanks ({}) inside the word", code(c)),
            format!("隐藏：词内有空格（{}）", code(c)),
        ),
        HiddenKind::Separator(c) => Words::new(
            format!("hidden: the sign “{c}” ({}) inside the word", code(c)),
            format!("隐藏：词内有符号“{c}”（{}）", code(c)),
        ),
        HiddenKind::Lookalike(c) => Words::new(
            format!("hidden: the look-alike letter “{c}” ({})", code(c)),
            format!("隐藏：形近字母“{c}”（{}）", code(c)),
        ),
        HiddenKind::Homophone(c) => Words::new(
            format!("hidden: “{c}” in place of a character that sounds like it"),
            format!("隐藏：以同音的“{c}”代替原字"),
        ),
        HiddenKind::Shape(c) => Words::new(
            format!("hidden: “{c}” in place of a character that looks like it or has it as a part"),
            format!("隐藏：以形近字或偏旁“{c}”代替原字"),
        ),
        HiddenKind::Letters(c) => Words::new(
            format!("hidden: letters from “{c}” on in place of a character"),
            format!("隐藏：以拼音或首字母（“{c}”起）代替汉字"),
        ),
        HiddenKind::Leet(c) => {
            Words::new(format!("hidden: “{c}” in place of a letter"), format!("隐藏：以“{c}”代替字母"))
        }
    }
}
