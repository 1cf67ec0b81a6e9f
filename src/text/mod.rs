//! The text that rules read: folded so that one wording has one spelling, with a way back to the body.
//!
//! Begin at [`fold()`]. [`clauses`] says which parts of a text belong together.

pub mod clauses;
mod disguise;
mod evidence;
pub mod fold;
mod masked;
mod sounds;
mod spelling;
pub mod tables;

pub use clauses::Clauses;
pub use fold::{Folded, Hidden, HiddenKind, fold, fold_char, fold_text, fold_word};
