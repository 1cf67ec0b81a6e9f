//! From a decoded body to a typed template: placeholders, escapes, errors, signature, paths.
//!
//! Begin at [`Template::parse`]. `grammar/dialects.pest` says what each placeholder language looks like;
//! [`tokens`] runs it, [`ast`] turns the flat tokens into nodes, [`paths`] walks every way through the
//! branches. All spans here count bytes of the decoded body; [`Template::source_span`] maps them.

pub mod ast;
pub mod detect;
pub mod dialect;
pub mod paths;
pub mod signature;
pub mod tokens;

pub use ast::{Branch, CondKind, LexError, Node, Placeholder};
pub use dialect::{Custom, Dialect};
pub use paths::{Path, PathPiece};
pub use signature::{Side, Signature};

use crate::source::{ChosenBy, Record, Span};

/// Bodies longer than this many bytes are refused with a problem, so that hostile input costs a bounded
/// time (contract, section 3).
pub const MAX_BODY: usize = 16 * 1024;

/// One parsed message.
#[derive(Clone, Debug)]
pub struct Template {
    /// The record it was read from.
    pub record: Record,
    /// Its placeholder language.
    pub dialect: Dialect,
    /// Who decided the language.
    pub chosen_by: ChosenBy,
    /// The parsed body.
    pub nodes: Vec<Node>,
    /// Signatures, inline ones first.
    pub signatures: Vec<Signature>,
}

impl Template {
    /// First to last byte, in the source's text, of a span of the body.
    pub fn source_span(&self, span: Span) -> Span {
        self.record.body.cover(span)
    }
}
