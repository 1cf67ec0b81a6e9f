//! What the files of a run gave, put together in the order of their paths.
//!
//! Begin at [`Checked::all`].

use crate::campaign::group::Case;
use crate::campaign::templates::Known;
use crate::finding::Finding;
use crate::languages::Spoken;
use crate::outcome::CheckedFile;
use crate::problem::Problem;
use crate::siblings::Version;
use crate::source::Source;
use crate::triage::suppress::{Ledger, Uses};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one file gave, or several in a row.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) files: Vec<CheckedFile>,
    /// Those that a finding or problem points into.
    pub(super) sources: Vec<Source>,
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<Problem>,
    pub(super) cases: Vec<Case>,
    /// What campaigns must know of the templates.
    pub(super) known: Vec<Known>,
    /// Its templates that have a language of their own.
    pub(super) spoken: Vec<Spoken>,
    /// The versions of messages, to be compared.
    pub(super) versions: Vec<Version>,
    pub(super) skipped: usize,
    /// Files that were named, are not blank, and hold nothing that looks like a template.
    pub(super) barren: Vec<Problem>,
    /// Suppressions, and what was changed.
    pub(super) books: Books,
    /// Findings in templates that were not changed, when only changed ones are reported.
    pub(super) unchanged: usize,
}

impl Checked {
    pub(super) fn skipped() -> Self {
        Self { skipped: 1, ..Self::default() }
    }

    /// All of `parts`, in their order. There are many findings: the lists get their length at once.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        let sum = |len: fn(&Self) -> usize| parts.iter().map(len).sum();
        let mut all = Self::default();
        all.files.reserve_exact(sum(|part| part.files.len()));
        all.sources.reserve_exact(sum(|part| part.sources.len()));
        all.findings.reserve_exact(sum(|part| part.findings.len()));
        all.known.reserve_exact(sum(|part| part.known.len()));
        parts.into_iter().fold(all, Self::and)
    }

    /// This, and `next` behind it.
    pub(super) fn and(mut self, next: Self) -> Self {
        self.files.extend(next.files);
        self.sources.extend(next.sources);
        self.findings.extend(next.findings);
        self.problems.extend(next.problems);
        self.cases.extend(next.cases);
        self.known.extend(next.known);
        self.spoken.extend(next.spoken);
        self.versions.extend(next.versions);
        self.skipped += next.skipped;
        self.barren.extend(next.barren);
        self.books.add(next.books);
        self.unchanged += next.unchanged;
        self
    }
}

/// What suppressions answered for, in all files.
#[derive(Default)]
pub(super) struct Books {
    pub(super) ledgers: BTreeMap<Arc<str>, Ledger>,
    pub(super) uses: Uses,
    /// Ids of templates that were changed.
    pub(super) changed: BTreeSet<Arc<str>>,
}

impl Books {
    pub(super) fn add(&mut self, next: Self) {
        self.ledgers.extend(next.ledgers);
        next.uses.into_iter().for_each(|(key, count)| *self.uses.entry(key).or_default() += count);
        self.changed.extend(next.changed);
    }
}
