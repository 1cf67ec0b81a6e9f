//! The baseline: findings that were there when the project began to be checked. They are listed and do not count; it
//! can only shrink.
//!
//! Begin at [`Baseline::apply`]. A finding is known by its fingerprint, which survives moved lines.

use super::suppress::FAMILY;
use crate::finding::{Baseline as State, Finding};
use crate::outcome::Outcome;
use crate::policy::PolicySet;
use crate::problem::Problem;
use crate::report::mask::mask;
use crate::source::{Source, Span};
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// The name it has when nobody says another.
pub const FILE_NAME: &str = "dunlint-baseline.json";
/// `format` of every baseline.
const FORMAT: &str = "dunlint-baseline";
/// `format_version` of those that are written.
const VERSION: &str = "1.0";

/// A baseline as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub struct Baseline {
    format: String,
    format_version: String,
    /// Sorted by path, template, rule and fingerprint, so that two people's changes seldom meet in a line.
    findings: Vec<Entry>,
}

/// One accepted finding. Only the fingerprint decides; the rest is for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Entry {
    path: String,
    #[serde(default)]
    template: Option<String>,
    rule_id: String,
    fingerprint: String,
    /// Identifiers in it are masked.
    #[serde(default)]
    text: String,
}

impl Baseline {
    /// The baseline of everything that counts in `outcome`. Findings about suppressions stay out: nothing excuses them.
    pub fn of(outcome: &Outcome, policies: &PolicySet) -> Self {
        let counted = outcome.findings.iter().filter(|finding| !finding.is_suppressed());
        let entry = |finding: &Finding| {
            let rule = policies.rules.get(finding.rule)?;
            (rule.family() != FAMILY).then(|| Entry {
                path: finding.path.to_string(),
                template: finding.about.as_ref().map(|about| about.id.to_string()),
                rule_id: rule.id.clone(),
                fingerprint: finding.fingerprint.clone(),
                text: mask(&finding.text),
            })
        };
        let mut findings: Vec<Entry> = counted.filter_map(entry).collect();
        findings.sort();
        Self { format: FORMAT.to_owned(), format_version: VERSION.to_owned(), findings }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// A problem at its place when `source` is none.
    pub fn read(source: &Source) -> Result<Self, Box<Problem>> {
        let bad = |words: Words, span: Span| {
            Box::new(Problem::error("bad-baseline", words).in_file(&source.path).at(span))
        };
        let (text, base) = source.after_mark();
        let read: Self = serde_json::from_str(text).map_err(|error| {
            let line = source.lines().start_of(error.line().saturating_sub(1), &source.text);
            let at = (line as usize + error.column().saturating_sub(1)).min(text.len());
            let words = Words::new(format!("not a baseline: {error}"), format!("不是基线文件：{error}"));
            bad(words, Span::of(at, at).shift(base))
        })?;
        if read.format != FORMAT || !read.format_version.starts_with("1.") {
            let words = Words::new(
                format!("expected format `{FORMAT}` of version 1"),
                format!("应为 `{FORMAT}` 格式、版本 1"),
            );
            return Err(bad(words, Span::of(0, 0)));
        }
        Ok(read)
    }

    /// Writes it, one finding a line.
    ///
    /// # Errors
    /// Whatever the writer returns.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\n  \"format\": \"{FORMAT}\",\n  \"format_version\": \"{VERSION}\",\n  \"findings\": ["
        )?;
        for (number, entry) in self.findings.iter().enumerate() {
            write!(out, "{}\n    ", if number == 0 { "" } else { "," })?;
            serde_json::to_writer(&mut *out, entry).map_err(io::Error::from)?;
        }
        writeln!(out, "{}]\n}}", if self.findings.is_empty() { "" } else { "\n  " })
    }

    /// Number of findings in it.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it accepts nothing.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Marks the findings of `outcome` as new or accepted.
    pub fn apply(&self, outcome: &mut Outcome, policies: &PolicySet) {
        let known: BTreeSet<&str> = self.findings.iter().map(|entry| entry.fingerprint.as_str()).collect();
        for finding in &mut outcome.findings {
            let excusable = policies.rules.get(finding.rule).is_some_and(|rule| rule.family() != FAMILY);
            let accepted = excusable && known.contains(finding.fingerprint.as_str());
            finding.baseline = Some(if accepted { State::Accepted } else { State::New });
        }
    }

    /// How many of its findings `outcome` no longer has, of those that it would have: their file was looked at or is
    /// gone, and their rule ran. `asked` are the names given to `--rule`.
    pub fn stale(&self, outcome: &Outcome, root: &Path, asked: &[String]) -> usize {
        let found = fingerprints(outcome);
        self.findings.iter().filter(|entry| entry.is_stale(outcome, &found, root, asked)).count()
    }

    /// Leaves out what is [stale](Self::stale); how many that were.
    pub fn shrink(&mut self, outcome: &Outcome, root: &Path) -> usize {
        let found = fingerprints(outcome);
        let before = self.findings.len();
        self.findings.retain(|entry| !entry.is_stale(outcome, &found, root, &[]));
        before - self.findings.len()
    }
}

fn fingerprints(outcome: &Outcome) -> BTreeSet<&str> {
    // What a suppression answers for need not be accepted as well.
    let live = outcome.findings.iter().filter(|finding| !finding.is_suppressed());
    live.map(|finding| finding.fingerprint.as_str()).collect()
}

impl Entry {
    fn is_stale(&self, outcome: &Outcome, found: &BTreeSet<&str>, root: &Path, asked: &[String]) -> bool {
        let ran = asked.is_empty()
            || asked.iter().any(|name| {
                let name = name.strip_prefix("family:").unwrap_or(name);
                name == self.rule_id || self.rule_id.split('/').next() == Some(name)
            });
        let read = outcome.files.binary_search_by(|file| (*file.path).cmp(self.path.as_str())).is_ok();
        ran && !found.contains(self.fingerprint.as_str()) && (read || !root.join(&self.path).exists())
    }
}

/// The note that some of the baseline at `path` is stale.
pub fn stale_note(path: &Arc<str>, count: usize) -> Problem {
    let words =
        Words::new(format!("{count} of its findings are gone"), format!("其中 {count} 项问题已不存在"));
    let help = Words::new(
        "`dunlint baseline shrink` takes them out, so that they cannot come back unseen",
        "运行 `dunlint baseline shrink` 可将其移除，以免问题悄然重现",
    );
    Problem::note("stale-baseline", words).in_file(path).help(help)
}
