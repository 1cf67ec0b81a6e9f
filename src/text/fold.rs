//! Folding with a way back.

use crate::source::Span;

/// A folded text: one character of it stands for one character of the body (or one placeholder), and
/// characters that only hide a word are dropped.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The folded text: lower case, half width, Simplified; a placeholder is its role's character.
    pub text: String,
    /// One per character of `text`, sorted.
    pub(crate) origins: Vec<Origin>,
    /// What was dropped or spelled so as to hide something, sorted by `at`.
    pub hidden: Vec<Hidden>,
}

/// Where one folded character comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// First byte in the folded text.
    pub(crate) at: u32,
    /// Span in the body.
    pub(crate) body: Span,
}

/// Something that hides a word from a reader of plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Byte of the folded text: the character that is disguised, or before which something was dropped.
    pub at: u32,
    /// Where it stands in the body.
    pub body: Span,
    /// What it is.
    pub kind: HiddenKind,
}

/// Ways to hide a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenKind {
    /// An invisible character (U+200B and its kin).
    Invisible(char),
    /// A separator inside a run of Chinese characters, or letters spaced out.
    Separator(char),
    /// A letter of another script that looks like this one, or a circled or mathematical form.
    Lookalike(char),
    /// A digit or sign in place of a letter (`c0urt`).
    Leet(char),
}

impl Folded {
    /// The span of the body that a span of the folded text comes from.
    pub fn to_body(&self, span: Span) -> Span {
        let first = self.origins.partition_point(|o| o.at < span.start);
        let end = self.origins.partition_point(|o| o.at < span.end);
        match (self.origins.get(first), end.checked_sub(1).and_then(|i| self.origins.get(i))) {
            (Some(a), Some(b)) if end > first => a.body.join(b.body),
            (Some(a), _) => Span::new(a.body.start, a.body.start),
            _ => Span::default(),
        }
    }

    /// What is hidden strictly inside or at the characters of a folded span.
    pub fn hidden_in(&self, span: Span) -> &[Hidden] {
        let first = self.hidden.partition_point(|h| h.at < span.start);
        let end = self.hidden.partition_point(|h| h.at < span.end);
        &self.hidden[first..end]
    }
}

impl Folded {
    /// Whether some folded character comes from exactly this span of the body.
    pub fn has_origin(&self, body: Span) -> bool {
        self.origins.iter().any(|o| o.body == body)
    }
}
