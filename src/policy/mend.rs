//! How a finding of a rule can be mended in its text: the table `[rule.fix]`.

use super::compile::Compiler;
use crate::finding::Applicability;
use crate::source::Span;
use crate::spanned::Fields;
use crate::text::tables;
use crate::words::Words;
use serde::{Deserialize, Serialize};

/// What is done with the marked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum How {
    /// It goes.
    Delete,
    /// Of a run of signs only the first stays.
    Once,
    /// Traditional characters are written Simplified.
    Simplify,
    /// Capitals become small letters.
    Lower,
}

const HOW: [(&str, How); 4] =
    [("delete", How::Delete), ("once", How::Once), ("simplify", How::Simplify), ("lower", How::Lower)];

const SAFETY: [(&str, Applicability); 3] = [
    ("safe", Applicability::Safe),
    ("unsafe", Applicability::Unsafe),
    ("display-only", Applicability::DisplayOnly),
];

/// The fix of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mend {
    how: How,
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// What it does.
    pub title: Words,
}

impl Mend {
    /// Reads `[rule.fix]`, if the rule has it.
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>, compiler: &Compiler) -> Option<Self> {
        let (table, span) = fields.table("fix")?;
        let mut inner = Fields::new(table, span, fields.faults);
        for key in ["how", "safety", "title"] {
            inner.demand(key);
        }
        let how = compiler.choice(&mut inner, "how", &HOW);
        let applicability = compiler.choice(&mut inner, "safety", &SAFETY);
        let title = inner.words("title");
        inner.finish();
        Some(Self { how: how?, applicability: applicability?, title: title? })
    }

    /// What to replace in `marked`, in its order; spans count in it. Nothing when it is as it would be made.
    pub fn edits(&self, marked: &str) -> Vec<(Span, String)> {
        let each = |changed: fn(char) -> char| {
            let places =
                marked.char_indices().map(|(at, c)| (Span::of(at, at + c.len_utf8()), c, changed(c)));
            places.filter(|(_, old, new)| old != new).map(|(span, _, new)| (span, new.to_string())).collect()
        };
        match self.how {
            How::Delete => vec![(Span::of(0, marked.len()), String::new())],
            How::Once => {
                let first = marked.chars().next().map_or(0, char::len_utf8);
                let rest = Span::of(first, marked.len());
                if rest.is_empty() { Vec::new() } else { vec![(rest, String::new())] }
            }
            How::Simplify => each(tables::simplified),
            How::Lower => each(|c| c.to_lowercase().next().unwrap_or(c)),
        }
    }
}
