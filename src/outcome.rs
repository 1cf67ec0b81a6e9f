//! Everything a run has to say; each report format is cut from one [`Outcome`].

use crate::finding::Finding;
use crate::policy::PolicySet;
use crate::problem::{Gravity, Problem};
use crate::source::Source;
use crate::triage::flaws::Standing;
use crate::words::Lang;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// One file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedFile {
    /// Relative to the project root, with `/`.
    pub path: Arc<str>,
    /// Storage format by name.
    pub host: &'static str,
    /// Size on disk, in bytes.
    pub bytes: u64,
    /// Encoding, by its WHATWG name.
    pub encoding: &'static str,
    /// SHA-256 of the bytes on disk, hexadecimal. Kept here because the sources of clean files are not.
    pub sha256: String,
    /// Ids of its templates, in the order of the file.
    pub templates: Vec<Arc<str>>,
}

/// All that a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Files that were read, sorted by path.
    pub files: Vec<CheckedFile>,
    /// Files that were seen and left out (no template format, excluded by a guess).
    pub skipped: usize,
    /// Findings, sorted by path, start, end, rule id.
    pub findings: Vec<Finding>,
    /// Findings that were left out since nothing was changed where they stand.
    pub unchanged: usize,
    /// Problems, sorted by path and place.
    pub problems: Vec<Problem>,
    /// Suppressions of the files and configurations that were read, in their order.
    pub suppressions: Vec<Standing>,
    /// Every source that a finding or problem points into, by path: templates, policies, configuration.
    pub sources: BTreeMap<Arc<str>, Source>,
}

impl Outcome {
    /// Whether everything asked for was looked at.
    pub fn complete(&self) -> bool {
        self.problems.iter().all(|p| p.gravity == Gravity::Note)
    }
}

/// What a report needs beside the outcome.
pub struct ReportContext<'a> {
    /// The rules that ran.
    pub policies: &'a PolicySet,
    /// The language of the sentences.
    pub lang: Lang,
    /// Whether notes and findings of medium confidence are shown in reports for people.
    pub pedantic: bool,
    /// Whether findings that are answered for are shown, too.
    pub suppressed: bool,
    /// The level that fails the run, as given (`error`, `warning`, `note`, `never`).
    pub fail_on: &'a str,
    /// The exit code the run will have.
    pub exit_code: u8,
    /// The command line, for the JSON report.
    pub arguments: &'a [String],
    /// Configuration files read: (path, sha256).
    pub config_files: &'a [(String, String)],
    /// Whether escape codes may be written.
    pub color: bool,
    /// Whether frames and marks are drawn in ASCII.
    pub ascii: bool,
    /// Whether rules are links to their pages.
    pub links: bool,
    /// Width of the terminal, in columns.
    pub width: usize,
}

/// A report format.
pub trait Reporter: Sync {
    /// Writes the whole report.
    ///
    /// # Errors
    /// Whatever the writer returns.
    fn report(
        &self,
        outcome: &Outcome,
        context: &ReportContext<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()>;
}
