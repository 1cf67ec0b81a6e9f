//! Every way through a template's branches.

use crate::source::Span;

/// One piece of a path: what is sent for one node.
#[derive(Clone, Debug, PartialEq)]
pub enum PathPiece {
    /// Literal text of the body.
    Text(Span),
    /// Text that the body spells otherwise, with the place of that spelling.
    Escape {
        /// Where it stands in the body.
        span: Span,
        /// What is sent.
        text: String,
    },
    /// A placeholder: index into [`super::Template::placeholders`].
    Placeholder(usize),
}

/// One way through the branches.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The conditions taken, in the wording of `parse --format json`.
    pub when: Vec<String>,
    /// What is sent, in order.
    pub pieces: Vec<PathPiece>,
}
