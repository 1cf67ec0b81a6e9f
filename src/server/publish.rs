//! Diagnostics that the editor is sent, or is told to ask for, when something was looked at.

use super::diagnose::Diagnoser;
use super::document::Document;
use super::look::Answer;
use super::page::Page;
use super::pull;
use super::session::Session;
use gen_lsp_types::{Diagnostic, PublishDiagnosticsParams};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl<W: Write> Session<W> {
    /// A folder was looked at.
    pub(super) fn looked(&mut self, root: &Path, answer: Option<Box<Answer>>) {
        let Some(folder) = self.folders.iter_mut().find(|folder| folder.root == root) else { return };
        folder.looked(answer);
        let Some(answer) = folder.answer.clone() else { return };
        let mut mine = Vec::new();
        for document in self.documents.values_mut() {
            let Some(path) = document.path.clone() else { continue };
            if let Some(seen) = answer.request.buffers.get(&path) {
                let (text, before) = (Arc::clone(document.text()), document.page.take());
                document.page = Some(Page::of(&answer, &path, (seen, &text), before));
                mine.push(document.uri.clone());
            }
        }
        if !self.client.pulls {
            return mine.iter().for_each(|uri| self.publish_page(uri, &answer));
        }
        let waited = self.serve_waiting();
        if !waited && self.client.refreshes {
            self.send_request("workspace/diagnostic/refresh", Value::Null);
        }
    }

    /// Sends the diagnostics of an open document, unless they are those that were sent last.
    pub(super) fn publish_page(&mut self, uri: &str, answer: &Answer) {
        let open = self.open_names();
        let diagnoser = self.diagnoser(answer, &open);
        let Some(document) = self.documents.get(uri) else { return };
        let Some(page) = &document.page else { return };
        let path = document.path.as_ref().map(|path| answer.shown(path)).unwrap_or_default();
        let diagnostics = diagnoser.of_page(&path, page, document.view(self.client.unit));
        let digest = format!("{} {}", document.version, pull::digest(&diagnostics));
        let version = document.version;
        if document.sent == digest {
            return;
        }
        self.publish(uri, Some(version), diagnostics);
        if let Some(document) = self.documents.get_mut(uri) {
            document.sent = digest;
        }
    }

    /// The names of the open documents, by their paths.
    pub(super) fn open_names(&self) -> BTreeMap<PathBuf, String> {
        let named = |document: &Document| Some((document.path.clone()?, document.uri.clone()));
        self.documents.values().filter_map(named).collect()
    }

    /// Who makes diagnostics of `answer`.
    pub(super) fn diagnoser<'a>(
        &self,
        answer: &'a Answer,
        open: &'a BTreeMap<PathBuf, String>,
    ) -> Diagnoser<'a> {
        let Self { client, lang, options, .. } = self;
        Diagnoser { answer, unit: client.unit, lang: *lang, pedantic: options.pedantic, open }
    }

    pub(super) fn publish(&mut self, uri: &str, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        let params = PublishDiagnosticsParams { uri: uri.into(), version, diagnostics };
        self.send_notice("textDocument/publishDiagnostics", &params);
    }
}
