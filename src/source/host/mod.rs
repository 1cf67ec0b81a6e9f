//! One file a storage format: each turns a [`Source`] into records.

use super::{Record, Source, SourceSpec};
use crate::problem::Problem;

/// What a host reader returns: the messages it found and what it could not read. A file with a broken
/// part still gives the records around it where the format allows.
#[derive(Debug, Default)]
pub struct Read {
    /// The messages, in the order of the file.
    pub records: Vec<Record>,
    /// What could not be read, in the order of the file.
    pub problems: Vec<Problem>,
}

/// A storage format.
pub trait Host: Sync {
    /// Its name in `--host`, the configuration and reports.
    fn name(&self) -> &'static str;
    /// Reads the messages of `source` as `spec` says; an empty spec means that records are guessed by
    /// their field names.
    fn read(&self, source: &Source, spec: &SourceSpec) -> Read;
}
