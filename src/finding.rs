//! What a rule reports, still without a language and without a format.

use crate::source::Span;
use crate::template::Dialect;
use crate::words::{Lang, Words};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// To be looked at by a person.
    Warning,
    /// Fails a run.
    Error,
}

impl Level {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// How sure a rule is of its findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Shown only with `--pedantic` in the reports for people.
    Medium,
    /// The rule.
    #[default]
    High,
}

impl Confidence {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
        }
    }
}

/// The template a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its id.
    pub id: Arc<str>,
    /// Its language, declared or detected.
    pub lang: Option<Lang>,
    /// Its jurisdiction, if any holds.
    pub jurisdiction: Option<Arc<str>>,
    /// Its placeholder language.
    pub dialect: Dialect,
}

/// A second place and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where, in the source's text.
    pub span: Span,
    /// What it shows.
    pub text: Words,
}

/// Where a suppression is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionKind {
    /// In the text, beside the template.
    Inline,
    /// In a `[[suppress]]` of the configuration.
    Config,
}

impl SuppressionKind {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Config => "config",
        }
    }
}

/// Somebody's word that a finding is answered for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where it is written.
    pub kind: SuppressionKind,
    /// Whether it has ended. Then it is only mentioned, and the finding counts.
    pub expired: bool,
    /// Why.
    pub reason: String,
    /// Last day on which it holds, YYYY-MM-DD.
    pub until: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// How far a fix may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// What the message says stays the same: `--fix` applies it.
    Safe,
    /// It may change what is said: `--unsafe-fixes` applies it.
    Unsafe,
    /// Shown to people, never applied.
    DisplayOnly,
}

impl Applicability {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display-only",
        }
    }
}

/// One replacement in the text of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes, as the file spells it.
    pub replacement: String,
}

/// A change that would mend a finding. Its edits do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does.
    pub title: Words,
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// In the file of the finding.
    pub edits: Vec<Edit>,
}

/// What the baseline says of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// It is not in it, and counts.
    New,
    /// It was there before, and does not count.
    Accepted,
}

impl Baseline {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Accepted => "accepted",
        }
    }
}

/// A whole finding. Spans count bytes of the text of the source at `path`.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Index into [`crate::policy::PolicySet::rules`].
    pub rule: usize,
    /// After configuration.
    pub level: Level,
    /// How sure.
    pub confidence: Confidence,
    /// The file.
    pub path: Arc<str>,
    /// The template; `None` for findings about a file or a schedule.
    pub about: Option<Arc<About>>,
    /// The jurisdiction whose texts are cited, where no template says it.
    pub jurisdiction: Option<Arc<str>>,
    /// The marked place.
    pub primary: Span,
    /// The marked text as decoded.
    pub text: String,
    /// What the rule's message names in braces (`{match}`), beside `match` itself.
    pub args: Vec<(&'static str, String)>,
    /// Other places in the same file.
    pub labels: Vec<Label>,
    /// Further sentences: what was hidden, which declaration would settle it.
    pub notes: Vec<Words>,
    /// What to do here, where that is more than the rule can know.
    pub help: Option<Box<Words>>,
    /// Branch conditions, when not every path has it.
    pub when: Vec<String>,
    /// Changes that would mend it.
    pub fixes: Vec<Fix>,
    /// What suppresses it, or did.
    pub suppression: Option<Box<Suppression>>,
    /// What the baseline says of it; `None` without a baseline.
    pub baseline: Option<Baseline>,
    /// First 32 hex digits of the digest the contract describes; empty when nobody asked for it.
    pub fingerprint: String,
}

impl Finding {
    /// The jurisdiction whose texts are cited.
    pub fn cited_in(&self) -> Option<&str> {
        let template = self.about.as_ref().and_then(|about| about.jurisdiction.as_ref());
        template.or(self.jurisdiction.as_ref()).map(AsRef::as_ref)
    }

    /// What to do: here, or as `rule` says of all that it finds.
    pub fn help_or<'a>(&'a self, rule: &'a Words) -> &'a Words {
        self.help.as_deref().unwrap_or(rule)
    }

    /// Whether it counts: for the exit code, for people, for the summary. One that is suppressed or accepted does not.
    pub fn counts(&self) -> bool {
        !self.is_suppressed() && !self.is_accepted()
    }

    /// Whether a suppression that holds answers for it.
    pub fn is_suppressed(&self) -> bool {
        self.suppression.as_ref().is_some_and(|suppression| !suppression.expired)
    }

    /// Whether the baseline has it, and no suppression answers for it.
    pub fn is_accepted(&self) -> bool {
        self.baseline == Some(Baseline::Accepted) && !self.is_suppressed()
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The fingerprint of the contract, section 5: it survives moved lines and tells equal findings apart.
/// `nth` counts findings of the same rule and text in the same template, from 0.
pub fn fingerprint(rule: &str, path: &str, template: &str, text: &str, nth: usize) -> String {
    let nth = nth.to_string();
    let parts = ["dunlint/v1", rule, path, template, text, &nth];
    let mut digest = sha256_hex(parts.join("\0").as_bytes());
    digest.truncate(32);
    digest
}
