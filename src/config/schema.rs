//! What a configuration says, each value with the place that says it.

use super::date::Date;
use crate::finding::Level;
use crate::source::{SourceSpec, Span};
use globset::GlobSet;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The configuration file, relative to the project root with `/`.
    pub path: Arc<str>,
    /// The value, in the file's text.
    pub span: Span,
    /// Its line, from 1.
    pub line: u32,
}

/// A value and its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub origin: Origin,
}

/// What the configuration makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It does not run.
    Off,
    /// It reports at this level.
    At(Level),
}

impl Switch {
    /// The switch that `name` stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "note" => Some(Self::At(Level::Note)),
            "warning" => Some(Self::At(Level::Warning)),
            "error" => Some(Self::At(Level::Error)),
            _ => None,
        }
    }

    /// The word in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::At(level) => level.name(),
        }
    }
}

/// A table of rules: `family/name` or `family:name` → switch.
pub type RuleTable = BTreeMap<String, Set<Switch>>;

/// Some globs, as written and compiled. They match paths relative to [`Config::base`], with `/`.
#[derive(Clone, Debug)]
pub struct Globs {
    /// As written.
    pub patterns: Vec<String>,
    /// Compiled.
    pub set: GlobSet,
    /// Where they are written.
    pub origin: Origin,
}

/// One `[[source]]`.
#[derive(Clone, Debug)]
pub struct SourceEntry {
    /// Which files it reads; absent: all.
    pub files: Option<Globs>,
    /// How.
    pub spec: Arc<SourceSpec>,
    /// The place of the table.
    pub origin: Origin,
}

/// One `[[override]]`.
#[derive(Clone, Debug)]
pub struct Override {
    /// For which files.
    pub files: Globs,
    /// Their jurisdiction.
    pub jurisdiction: Option<Set<String>>,
    /// Their rules.
    pub rules: RuleTable,
    /// Their declared facts.
    pub facts: BTreeMap<String, Set<serde_json::Value>>,
}

/// One `[[suppress]]`.
#[derive(Clone, Debug)]
pub struct Suppress {
    /// The rule or `family:name`.
    pub rule: Set<String>,
    /// In which files; absent: all.
    pub files: Option<Globs>,
    /// Why; not empty.
    pub reason: String,
    /// Last day on which it holds.
    pub until: Option<Set<Date>>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The place of the table.
    pub origin: Origin,
}

/// What holds in the directory of one `dunlint.toml`, with everything it extends merged in.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The files that were merged, the outermost first; empty without any configuration.
    pub chain: Vec<Arc<str>>,
    /// The directory that globs are relative to.
    pub base: PathBuf,
    /// Jurisdiction of all templates.
    pub jurisdiction: Option<Set<String>>,
    /// Further policy files, absolute, those of extended files first.
    pub policies: Vec<Set<PathBuf>>,
    /// Files that are left out.
    pub exclude: Vec<Globs>,
    /// The level that fails a run.
    pub fail_on: Option<Set<String>>,
    /// Whether the gateway puts the signature in front.
    pub signature_added_by_gateway: Option<Set<bool>>,
    /// Levels of rules.
    pub rules: RuleTable,
    /// Facts of all templates.
    pub facts: BTreeMap<String, Set<serde_json::Value>>,
    /// How files are read; the first that matches wins.
    pub sources: Vec<SourceEntry>,
    /// What holds for some files; the last that matches wins.
    pub overrides: Vec<Override>,
    /// Findings that are answered for.
    pub suppress: Vec<Suppress>,
}

impl Config {
    /// This configuration over `under`, one that it extends: single values of this one win, its sources
    /// come first, its overrides last.
    pub fn over(mut self, under: Self) -> Self {
        self.chain.extend(under.chain);
        self.jurisdiction = self.jurisdiction.or(under.jurisdiction);
        self.fail_on = self.fail_on.or(under.fail_on);
        self.signature_added_by_gateway =
            self.signature_added_by_gateway.or(under.signature_added_by_gateway);
        for (rule, switch) in under.rules {
            self.rules.entry(rule).or_insert(switch);
        }
        for (name, value) in under.facts {
            self.facts.entry(name).or_insert(value);
        }
        self.policies.splice(0..0, under.policies);
        self.overrides.splice(0..0, under.overrides);
        self.exclude.extend(under.exclude);
        self.sources.extend(under.sources);
        self.suppress.extend(under.suppress);
        self
    }

    /// Every rule or family that is named, with its place.
    pub fn named_rules(&self) -> impl Iterator<Item = (&str, &Origin)> {
        let tables = std::iter::once(&self.rules).chain(self.overrides.iter().map(|o| &o.rules));
        let switched = tables.flatten().map(|(rule, set)| (rule.as_str(), &set.origin));
        switched.chain(self.suppress.iter().map(|s| (s.rule.value.as_str(), &s.rule.origin)))
    }
}
