//! Which parts of a folded text belong together.

use crate::source::Span;

/// A stretch of text without a comma or stronger break inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Where it stands in the folded text, without its breaks.
    pub span: Span,
    /// Number of its sentence, from 0.
    pub sentence: u32,
}

/// The clauses of a folded text, in order.
#[derive(Clone, Debug, Default)]
pub struct Clauses {
    /// Sorted, not overlapping.
    pub list: Vec<Clause>,
}

impl Clauses {
    /// Index of the clause that holds byte `at`, or of the nearest one before it.
    pub fn at(&self, at: u32) -> usize {
        self.list.partition_point(|c| c.span.start <= at).saturating_sub(1)
    }
}
