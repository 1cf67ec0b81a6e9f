//! `【…】` at the start or end of a text, or a signature field.
//!
//! Begin at [`find`]. Brackets anywhere else are text (`【重要】` in a sentence is emphasis).

use crate::source::{Record, Span};

/// The most characters of a signature without its brackets.
pub const MAX_SIGNATURE: usize = 40;

/// Which end of the text an inline signature stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the start.
    Prefix,
    /// At the end.
    Suffix,
}

/// A sender's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// In the text.
    Inline {
        /// Which end.
        side: Side,
        /// With its brackets, in the body.
        span: Span,
        /// Without the brackets, in the body.
        text_span: Span,
        /// The text without brackets.
        text: String,
    },
    /// In a field of the record.
    Field {
        /// The field's value.
        text: String,
        /// Where it stands in the source's text.
        span: Option<Span>,
    },
}

impl Side {
    /// The word in `parse --format json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Suffix => "suffix",
        }
    }
}

impl Signature {
    /// Where it stands in the body with its brackets, if it does.
    pub fn inline(&self) -> Option<Span> {
        match self {
            Self::Inline { span, .. } => Some(*span),
            Self::Field { .. } => None,
        }
    }

    /// The signature without brackets; it may hold a placeholder.
    pub fn text(&self) -> &str {
        match self {
            Self::Inline { text, .. } | Self::Field { text, .. } => text,
        }
    }
}

/// The signatures of a record: prefix, suffix, field. Blanks may stand outside the brackets.
pub fn find(record: &Record) -> Vec<Signature> {
    let body = record.body.text.as_str();
    let mut found: Vec<Signature> = Vec::new();
    let start = body.len() - body.trim_start().len();
    if let Some(inside) = body.get(start..).and_then(|rest| rest.strip_prefix('【')) {
        let length = short(inside.chars()).map(char::len_utf8).sum::<usize>();
        if inside.get(length..).is_some_and(|rest| rest.starts_with('】')) {
            found.extend(inline(body, Side::Prefix, start, length));
        }
    }
    let end = body.trim_end().len();
    if let Some(inside) = body.get(..end).and_then(|rest| rest.strip_suffix('】')) {
        let length = short(inside.chars().rev()).map(char::len_utf8).sum::<usize>();
        let from = inside.len() - length;
        if inside.get(..from).is_some_and(|rest| rest.ends_with('【')) && from != start + '【'.len_utf8() {
            found.extend(inline(body, Side::Suffix, from - '【'.len_utf8(), length));
        }
    }
    if let Some(text) = record.meta.text("signature") {
        let span = record.meta.fields.get("signature").and_then(|declared| declared.span);
        found.push(Signature::Field { text: text.to_owned(), span });
    }
    found
}

/// The characters up to a bracket, at most one more than a signature may have.
fn short(characters: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    characters.take_while(|c| !matches!(c, '【' | '】')).take(MAX_SIGNATURE + 1)
}

/// The signature whose opening bracket stands at byte `start` and whose text is `length` bytes long.
fn inline(body: &str, side: Side, start: usize, length: usize) -> Option<Signature> {
    let inside = start + '【'.len_utf8();
    let text = body.get(inside..inside + length)?;
    if text.is_empty() || text.chars().count() > MAX_SIGNATURE {
        return None;
    }
    Some(Signature::Inline {
        side,
        span: Span::of(start, inside + length + '】'.len_utf8()),
        text_span: Span::of(inside, inside + length),
        text: text.to_owned(),
    })
}
