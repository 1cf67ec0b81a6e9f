//! `【…】` at the start or end of a text, or a signature field.

use crate::source::Span;

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
