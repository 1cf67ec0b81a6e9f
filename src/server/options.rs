//! How the server was told to look: by the command line, then by the editor.

use crate::config::{ConfigChoice, Date};
use crate::words::Lang;
use serde_json::Value;
use std::path::PathBuf;

/// What may be set. The editor's words (`initializationOptions`, or `dunlint` in its settings) go over the command
/// line's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether notes and findings of medium confidence are shown.
    pub pedantic: bool,
    /// Whether fixes that may change what is said are offered as edits.
    pub unsafe_fixes: bool,
    /// The language of the sentences; absent: the editor's.
    pub lang: Option<Lang>,
    /// Which configuration holds.
    pub config: ConfigChoice,
    /// Findings in this file do not count.
    pub baseline: Option<PathBuf>,
    /// The day that decides whether suppressions have ended; absent: today.
    pub today: Option<Date>,
}

impl Options {
    /// These, changed by what an editor says; what is of the wrong type is not heard.
    pub fn told(&self, said: &Value) -> Self {
        let said = said.get("dunlint").unwrap_or(said);
        let flag = |name: &str, known: bool| said.get(name).and_then(Value::as_bool).unwrap_or(known);
        let text = |name: &str| said.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let mut told = self.clone();
        told.pedantic = flag("pedantic", self.pedantic);
        told.unsafe_fixes = flag("unsafeFixes", self.unsafe_fixes);
        told.lang = text("lang").and_then(Lang::from_tag).or(self.lang);
        told.baseline = text("baseline").map(PathBuf::from).or_else(|| self.baseline.clone());
        if let Some(file) = text("config") {
            told.config = ConfigChoice::File(PathBuf::from(file));
        }
        if flag("isolated", false) {
            told.config = ConfigChoice::Isolated;
        }
        told
    }
}
