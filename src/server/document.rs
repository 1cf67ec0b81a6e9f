//! One text that the editor holds.

use super::page::Page;
use super::position::{Text, Unit};
use crate::source::LineIndex;
use gen_lsp_types::TextDocumentContentChangeEvent as Change;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// An open document.
pub(super) struct Document {
    /// Its name, as the client spells it.
    pub(super) uri: String,
    /// The file; `None` for texts that are none.
    pub(super) path: Option<PathBuf>,
    /// The client's number of the text.
    pub(super) version: i32,
    /// What is said of it, once its folder was looked at.
    pub(super) page: Option<Page>,
    /// The digest of the diagnostics that were last sent.
    pub(super) sent: String,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl Document {
    /// A document as it was opened.
    pub(super) fn new(uri: String, path: Option<PathBuf>, version: i32, text: &str) -> Self {
        Self {
            uri,
            path,
            version,
            page: None,
            sent: String::new(),
            text: Arc::from(text),
            lines: OnceLock::new(),
        }
    }

    /// Its text.
    pub(super) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Its text with its lines.
    pub(super) fn view(&self, unit: Unit) -> Text<'_> {
        let lines = self.lines.get_or_init(|| LineIndex::new(&self.text));
        Text { text: &self.text, lines, unit, held: true }
    }

    /// Makes the changes, one after the other. A range that does not fit means the nearest places.
    pub(super) fn change(&mut self, version: i32, changes: Vec<Change>, unit: Unit) {
        self.version = version;
        for change in changes {
            let text = match change {
                Change::TextDocumentContentChangeWholeDocument(whole) => Arc::from(whole.text),
                Change::TextDocumentContentChangePartial(part) => {
                    let span = self.view(unit).span(part.range).range();
                    let before = self.text.get(..span.start).unwrap_or("");
                    let after = self.text.get(span.end..).unwrap_or("");
                    let mut text = String::with_capacity(before.len() + part.text.len() + after.len());
                    text.extend([before, &part.text, after]);
                    Arc::from(text)
                }
            };
            self.text = text;
            self.lines = OnceLock::new();
        }
    }
}
