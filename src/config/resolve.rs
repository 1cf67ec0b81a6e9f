//! What holds for one file of templates.

use super::schema::{Config, Globs, Origin, RuleTable, Set, Suppress, Switch};
use crate::finding::Level;
use crate::source::SourceSpec;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The settings of one file.
#[derive(Debug)]
pub struct FileSettings<'c> {
    /// The `exclude` that leaves the file out, if one does. It holds for files named on the command line
    /// too.
    pub excluded: Option<&'c Origin>,
    /// How the file is read; an empty spec means "guess".
    pub spec: Arc<SourceSpec>,
    /// The `[[source]]` that says so; `None` when the file is to be guessed.
    pub source: Option<&'c Origin>,
    /// Jurisdiction of its templates.
    pub jurisdiction: Option<&'c Set<String>>,
    /// Facts of its templates that are not declared nearer to them.
    pub facts: BTreeMap<&'c str, &'c Set<serde_json::Value>>,
    /// Whether the gateway puts the signature in front.
    pub signature_added_by_gateway: bool,
    /// Levels of rules.
    pub levels: Levels<'c>,
    /// The `[[suppress]]` that speak of the file.
    pub suppress: Vec<&'c Suppress>,
}

/// Levels of rules for one file: tables in order, of which a later one wins.
#[derive(Debug)]
pub struct Levels<'c> {
    tables: Vec<&'c RuleTable>,
}

impl<'c> Levels<'c> {
    /// What the configuration makes of the rule `id`, and the line that says so; `None` when it says
    /// nothing. Inside one table the rule itself wins over its family.
    pub fn switch(&self, id: &str) -> Option<&'c Set<Switch>> {
        if self.tables.iter().all(|table| table.is_empty()) {
            return None;
        }
        let family = format!("family:{}", id.split('/').next().unwrap_or(id));
        self.tables.iter().rev().find_map(|table| table.get(id).or_else(|| table.get(&family)))
    }

    /// The level the rule `id`, by itself at `level`, reports at; `None` when it is off.
    pub fn level(&self, id: &str, level: Level) -> Option<Level> {
        match self.switch(id).map(|set| set.value) {
            None => Some(level),
            Some(Switch::At(level)) => Some(level),
            Some(Switch::Off) => None,
        }
    }
}

impl Config {
    /// What holds for `file`, an absolute path or one relative to the project root as [`Config::base`] is.
    pub fn resolve(&self, file: &Path) -> FileSettings<'_> {
        let path = self.relative(file);
        let matches = |globs: &Globs| globs.set.is_match(&path);
        // A glob that names a folder leaves out all that is in it.
        let above = |globs: &Globs| Path::new(&path).ancestors().any(|part| globs.set.is_match(part));
        let source = self.sources.iter().find(|entry| entry.files.as_ref().is_none_or(matches));
        let mut settings = FileSettings {
            excluded: self.exclude.iter().find(|globs| above(globs)).map(|globs| &globs.origin),
            spec: source.map(|entry| Arc::clone(&entry.spec)).unwrap_or_default(),
            source: source.map(|entry| &entry.origin),
            jurisdiction: self.jurisdiction.as_ref(),
            facts: self.facts.iter().map(|(name, value)| (name.as_str(), value)).collect(),
            signature_added_by_gateway: self.signature_added_by_gateway.as_ref().is_some_and(|set| set.value),
            levels: Levels { tables: vec![&self.rules] },
            suppress: self.suppress.iter().filter(|entry| entry.files.as_ref().is_none_or(matches)).collect(),
        };
        for entry in self.overrides.iter().filter(|entry| matches(&entry.files)) {
            settings.jurisdiction = entry.jurisdiction.as_ref().or(settings.jurisdiction);
            settings.facts.extend(entry.facts.iter().map(|(name, value)| (name.as_str(), value)));
            settings.levels.tables.push(&entry.rules);
        }
        settings
    }

    /// `file` as globs see it: relative to the base, with `/`.
    pub fn relative(&self, file: &Path) -> String {
        let path = file.strip_prefix(&self.base).unwrap_or(file);
        let path = path.strip_prefix(".").unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }
}
