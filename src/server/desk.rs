//! An open document with all that a service needs to answer about it.

use super::diagnose::Diagnoser;
use super::look::Answer;
use super::page::Page;
use super::position::Text;
use super::session::Session;
use crate::source::Source;
use lsp_server::{ErrorCode, RequestId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::Write;
use std::path::Path;

/// One document, as it stands now.
pub(super) struct Desk<'a> {
    /// What was last said of its folder.
    pub(super) answer: &'a Answer,
    /// What is said of it.
    pub(super) page: &'a mut Page,
    /// Its file.
    pub(super) file: &'a Path,
    /// Its text.
    pub(super) view: Text<'a>,
    /// Its name.
    pub(super) uri: &'a str,
    /// Its version, for editors that want to know of which one an edit is.
    pub(super) version: Option<i32>,
    /// Whether fixes are offered that may change what is said.
    pub(super) r#unsafe: bool,
    /// Who makes diagnostics.
    pub(super) diagnoser: Diagnoser<'a>,
}

impl Desk<'_> {
    /// The document as a source.
    pub(super) fn source(&self) -> Source {
        Source::from_text(&self.answer.shown(self.file), self.view.text.to_owned())
    }
}

/// The parameters of a request about one document.
pub(super) fn uri_of(params: &Value) -> Option<&str> {
    params.pointer("/textDocument/uri")?.as_str()
}

impl<W: Write> Session<W> {
    /// Answers a request about a document by `serve`; with nothing where the document is not known yet.
    pub(super) fn consult<P: DeserializeOwned, R: Serialize>(
        &mut self,
        id: RequestId,
        params: Value,
        serve: impl FnOnce(&mut Desk<'_>, &P) -> R,
    ) {
        let uri = uri_of(&params).unwrap_or("").to_owned();
        let params: P = match serde_json::from_value(params) {
            Ok(params) => params,
            Err(error) => return self.refuse(id, ErrorCode::InvalidParams, &error.to_string()),
        };
        let result = self.at_desk(&uri, |desk| serve(desk, &params));
        match result {
            Some(result) => self.answer(id, result),
            None => self.answer(id, Value::Null),
        }
    }

    fn at_desk<R>(&mut self, uri: &str, serve: impl FnOnce(&mut Desk<'_>) -> R) -> Option<R> {
        let (file, answer) = self.standing(uri)?;
        let open = self.open_names();
        let diagnoser = self.diagnoser(&answer, &open);
        let mut page = self.documents.get_mut(uri)?.page.take()?;
        let document = self.documents.get(uri)?;
        let mut desk = Desk {
            answer: &answer,
            page: &mut page,
            file: &file,
            view: document.view(diagnoser.unit),
            uri,
            version: self.client.versions_edits.then_some(document.version),
            r#unsafe: self.options.unsafe_fixes,
            diagnoser,
        };
        let result = serve(&mut desk);
        if let Some(document) = self.documents.get_mut(uri) {
            document.page = Some(page);
        }
        Some(result)
    }
}
