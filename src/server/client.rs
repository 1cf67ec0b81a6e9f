//! What the editor can do, as it says when it connects, and what it is told in return.

use super::position::Unit;
use super::{actions, uri};
use crate::words::Lang;
use gen_lsp_types::{
    ChangeNotifications, CodeActionOptions, CompletionOptions, DiagnosticOptions, DocumentLinkOptions, Save,
    SaveOptions, ServerCapabilities, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The editor. What it says is read member by member: of a thousand that there may be, few concern us, and one
/// that is malformed must not cost the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Client {
    /// The unit of columns that was agreed on.
    pub(super) unit: Unit,
    /// It asks for diagnostics. Else it is sent them.
    pub(super) pulls: bool,
    /// It can be told to ask again.
    pub(super) refreshes: bool,
    /// It can be asked to watch files.
    pub(super) watches: bool,
    /// It makes edits of a certain version of a document.
    pub(super) versions_edits: bool,
    /// The language of its windows.
    pub(super) locale: Option<Lang>,
    /// The folders it has opened.
    pub(super) folders: Vec<PathBuf>,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub(super) fn of(params: &Value) -> Self {
        let can = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let flag = |path: &str| can(path).and_then(Value::as_bool).unwrap_or(false);
        let offered = can("general/positionEncodings").and_then(Value::as_array);
        let offered = offered.into_iter().flatten().filter_map(Value::as_str);
        let text = |name: &str| params.get(name).and_then(Value::as_str);
        let folders = params.get("workspaceFolders").and_then(Value::as_array);
        let mut folders: Vec<PathBuf> = folders.into_iter().flatten().filter_map(folder).collect();
        if folders.is_empty() {
            let root = text("rootUri").and_then(uri::to_path);
            let path = || text("rootPath").map(PathBuf::from).filter(|path| path.is_absolute());
            folders.extend(root.or_else(path));
        }
        Self {
            unit: Unit::choose(offered),
            pulls: can("textDocument/diagnostic").is_some_and(Value::is_object),
            refreshes: flag("workspace/diagnostics/refreshSupport")
                || flag("workspace/diagnostic/refreshSupport"),
            watches: flag("workspace/didChangeWatchedFiles/dynamicRegistration"),
            versions_edits: flag("workspace/workspaceEdit/documentChanges"),
            locale: text("locale").and_then(Lang::from_tag),
            folders,
        }
    }

    /// What the server can do for it.
    pub(super) fn capabilities(&self) -> ServerCapabilities {
        let pulled = DiagnosticOptions {
            identifier: Some(super::diagnose::SOURCE.to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..DiagnosticOptions::default()
        };
        ServerCapabilities {
            position_encoding: Some(self.unit.kind()),
            text_document_sync: Some(
                TextDocumentSyncOptions {
                    open_close: Some(true),
                    change: Some(TextDocumentSyncKind::Incremental),
                    save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
                    ..TextDocumentSyncOptions::default()
                }
                .into(),
            ),
            // Both would show each finding twice.
            diagnostic_provider: self.pulls.then(|| pulled.into()),
            hover_provider: Some(true.into()),
            code_action_provider: Some(
                CodeActionOptions {
                    code_action_kinds: Some(actions::kinds()),
                    ..CodeActionOptions::default()
                }
                .into(),
            ),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(["[", "\"", "/", ",", ":"].map(str::to_owned).to_vec()),
                ..CompletionOptions::default()
            }),
            document_link_provider: Some(DocumentLinkOptions::default()),
            workspace: Some(WorkspaceOptions {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(ChangeNotifications::Bool(true)),
                }),
                ..WorkspaceOptions::default()
            }),
            ..ServerCapabilities::default()
        }
    }

    /// What it is asked to watch: files that change behind its back change what holds for others.
    pub(super) fn to_watch() -> Value {
        let endings = "toml,txt,sms,tmpl,json,jsonl,yaml,yml,csv,tsv,properties,xml,po,sql,ftl";
        let watcher = json!({ "globPattern": format!("**/*.{{{endings}}}") });
        json!({ "registrations": [{
            "id": "dunlint-files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": [watcher] },
        }] })
    }
}

/// The path of a workspace folder.
pub(super) fn folder(said: &Value) -> Option<PathBuf> {
    uri::to_path(said.get("uri")?.as_str()?)
}
