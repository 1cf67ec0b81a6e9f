//! What is forbidden and required: TOML policies, compiled into one automaton.
//!
//! Begin at [`PolicySet`]. [`load`] reads the files with exact spans, [`phrase`] is the pattern language,
//! [`lexicon`] finds every phrase of every rule in one pass, [`check`] holds the check kinds, and
//! [`prove`] tests each rule by its own examples.

pub mod basis;
pub mod prove;
pub mod rule;

pub use basis::{Basis, Force};
pub use rule::{Example, Rule};

use std::collections::BTreeMap;

/// All rules of a run, with what they rest on.
#[derive(Debug, Default)]
pub struct PolicySet {
    /// The rules, sorted by id.
    pub rules: Vec<Rule>,
    /// What rules rest on, by id.
    pub bases: BTreeMap<String, Basis>,
    /// The policy files, in the order read.
    pub files: Vec<PolicyFile>,
    /// Their sources, to point into; the same order.
    pub sources: Vec<crate::source::Source>,
}

/// One policy file.
#[derive(Debug)]
pub struct PolicyFile {
    /// `threat` for `policies/threat.toml`.
    pub id: String,
    /// Its declared version.
    pub version: String,
    /// `builtin` or its path.
    pub origin: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}
