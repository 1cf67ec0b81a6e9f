//! What becomes of findings: who answers for one (suppressions), which were there before (the baseline), which
//! stand in what was changed.
//!
//! Begin at [`suppress::in_force`], the one place that decides whether a suppression holds. [`find`] reads the
//! suppressions of a file, [`suppress::Ledger`] keeps what each of them answered for, [`flaws`] says what is wrong with them.

pub mod baseline;
pub mod changed;
pub mod directive;
pub mod find;
pub mod flaws;
pub(crate) mod prove;
pub mod suppress;
