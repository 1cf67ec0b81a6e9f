//! dunlint reads repositories of collection SMS templates and reports, with exact places, what their
//! wording does that law, standards, guidelines or house rules object to.
//!
//! The stages, in the order of the work: [`source`] (bytes to records), [`template`] (placeholders and
//! paths), [`text`] (folding and clauses), [`facts`] (amounts, links, roles), [`policy`] (rules to
//! findings), [`report`] (findings to formats). No stage calls one on its left. [`campaign`] reads send schedules
//! and weighs their worst case.

extern crate alloc;

mod builtin;
pub mod campaign;
pub mod check;
pub mod cli;
// Not in `source`: the build script has its own, see there.
#[path = "source/code/mod.rs"]
mod code;
pub mod config;
mod disk_write;
pub mod facts;
pub mod finding;
pub mod fix;
pub mod judge;
pub mod languages;
pub mod message;
pub mod mutate;
mod originals;
pub mod outcome;
pub mod policy;
pub mod problem;
pub mod recall;
pub mod render;
pub mod report;
pub mod server;
pub mod siblings;
pub mod source;
pub mod spanned;
pub mod template;
pub mod text;
pub mod triage;
pub mod words;
