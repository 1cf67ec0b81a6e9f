//! Diagnostics that the editor asks for.

use super::page::Page;
use super::session::{Session, Waiting};
use super::uri;
use crate::finding::sha256_hex;
use gen_lsp_types::{
    Diagnostic, DocumentDiagnosticParams, FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};
use lsp_server::{ErrorCode, RequestId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// What is asked for.
pub(super) enum Ask {
    /// The diagnostics of one file.
    File(DocumentDiagnosticParams),
    /// Those of all.
    Folders(WorkspaceDiagnosticParams),
}

impl<W: Write> Session<W> {
    /// Answers a request for diagnostics, once what it is about has been looked at.
    pub(super) fn ask<P: DeserializeOwned>(
        &mut self,
        id: RequestId,
        params: Value,
        ask: impl FnOnce(P) -> Ask,
    ) {
        let ask = match serde_json::from_value(params) {
            Ok(params) => ask(params),
            Err(error) => return self.refuse(id, ErrorCode::InvalidParams, &error.to_string()),
        };
        self.waiting.push(Waiting { id, ask });
        self.serve_waiting();
    }

    /// Answers the requests that need wait no longer; whether there were any.
    pub(super) fn serve_waiting(&mut self) -> bool {
        let all = std::mem::take(&mut self.waiting);
        let (ready, waiting): (Vec<Waiting>, Vec<Waiting>) =
            all.into_iter().partition(|waiting| self.is_ready(&waiting.ask));
        self.waiting = waiting;
        let any = !ready.is_empty();
        for Waiting { id, ask } in ready {
            match ask {
                Ask::File(params) => self.answer_file(id, &params),
                Ask::Folders(params) => self.answer_folders(id, &params),
            }
        }
        any
    }

    fn is_ready(&mut self, ask: &Ask) -> bool {
        match ask {
            Ask::File(params) => {
                let uri = &params.text_document.uri.0;
                let page = self.documents.get(uri).and_then(|document| document.page.as_ref());
                if page.is_some_and(Page::is_true) {
                    return true;
                }
                let path = uri::to_path(uri);
                path.and_then(|path| self.folder(&path)).is_none_or(|folder| folder.is_settled())
            }
            Ask::Folders(_) => self.folders.iter().all(|folder| folder.is_settled()),
        }
    }

    fn answer_file(&mut self, id: RequestId, params: &DocumentDiagnosticParams) {
        let items = self.diagnostics_of(&params.text_document.uri.0);
        let result_id = digest(&items);
        if params.previous_result_id.as_deref() == Some(&result_id) {
            self.answer(
                id,
                RelatedUnchangedDocumentDiagnosticReport {
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                    ..Default::default()
                },
            );
        } else {
            self.answer(
                id,
                RelatedFullDocumentDiagnosticReport {
                    full_document_diagnostic_report: full(items),
                    ..Default::default()
                },
            );
        }
    }

    /// The diagnostics of the file that `uri` names.
    fn diagnostics_of(&mut self, uri: &str) -> Vec<Diagnostic> {
        let Some(path) = uri::to_path(uri) else { return Vec::new() };
        let Some(answer) = self.folder(&path).and_then(|folder| folder.answer.clone()) else {
            return Vec::new();
        };
        let open = self.open_names();
        let diagnoser = self.diagnoser(&answer, &open);
        let document = self.documents.get(uri);
        match document.and_then(|document| Some((document.page.as_ref()?, document))) {
            Some((page, document)) => {
                diagnoser.of_page(&answer.shown(&path), page, document.view(self.client.unit))
            }
            None => diagnoser.of_file(&answer.shown(&path)),
        }
    }

    fn answer_folders(&mut self, id: RequestId, params: &WorkspaceDiagnosticParams) {
        let known: BTreeMap<&str, &str> = params
            .previous_result_ids
            .iter()
            .map(|known| (known.uri.0.as_str(), known.value.as_str()))
            .collect();
        let open = self.open_names();
        let mut items = Vec::new();
        for answer in self.folders.iter().filter_map(|folder| folder.answer.as_ref()) {
            let diagnoser = self.diagnoser(answer, &open);
            let outcome = &answer.outcome;
            let found = outcome.findings.iter().map(|finding| &*finding.path);
            let found = found.chain(outcome.problems.iter().filter_map(|problem| problem.path.as_deref()));
            let mut paths: BTreeSet<String> = found.map(str::to_owned).collect();
            // Files that had some and have none are told of, too.
            let gone = known.keys().filter_map(|uri| uri::to_path(uri));
            paths.extend(gone.filter(|path| path.starts_with(&answer.root)).map(|path| answer.shown(&path)));
            for path in paths {
                let uri = diagnoser.uri(&path);
                let document = self.documents.get(&uri);
                let page = document.and_then(|document| Some((document.page.as_ref()?, document)));
                let diagnostics = match page {
                    Some((page, document)) => diagnoser.of_page(&path, page, document.view(self.client.unit)),
                    None => diagnoser.of_file(&path),
                };
                let version = document.map(|document| document.version);
                items.push(report(uri, version, diagnostics, &known));
            }
        }
        self.answer(id, WorkspaceDiagnosticReport { items });
    }
}

fn report(
    uri: String,
    version: Option<i32>,
    diagnostics: Vec<Diagnostic>,
    known: &BTreeMap<&str, &str>,
) -> WorkspaceDocumentDiagnosticReport {
    let report = full(diagnostics);
    match report.result_id {
        Some(result_id) if known.get(uri.as_str()) == Some(&result_id.as_str()) => {
            let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
            WorkspaceUnchangedDocumentDiagnosticReport {
                uri: uri.into(),
                version,
                unchanged_document_diagnostic_report,
            }
            .into()
        }
        _ => WorkspaceFullDocumentDiagnosticReport {
            uri: uri.into(),
            version,
            full_document_diagnostic_report: report,
        }
        .into(),
    }
}

fn full(items: Vec<Diagnostic>) -> FullDocumentDiagnosticReport {
    FullDocumentDiagnosticReport { result_id: Some(digest(&items)), items }
}

/// What names a list of diagnostics, so that an equal one need not be sent again.
pub(super) fn digest(items: &[Diagnostic]) -> String {
    let mut digest = sha256_hex(&serde_json::to_vec(items).unwrap_or_default());
    digest.truncate(32);
    digest
}
