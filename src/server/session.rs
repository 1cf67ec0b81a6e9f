//! The loop that hears the editor and answers.
//!
//! Begin at [`Session::serve`]. Everything happens in one order, that of the events; only looking at a folder takes
//! place beside it.

use super::client::{self, Client};
use super::document::Document;
use super::folder::Folder;
use super::look::{Answer, is_on_disk};
use super::options::Options;
use super::page::Page;
use super::wire::{self, Heard};
use super::{actions, completion, hover, links, pull, uri};
use crate::source::Buffers;
use crate::words::Lang;
use gen_lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, InitializeResult, ServerInfo,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Instant;

/// What the loop waits for.
pub(super) enum Event {
    /// The editor said something.
    Heard(Heard),
    /// The editor went.
    Gone,
    /// A look at a folder is over; without an answer it failed.
    Looked(PathBuf, Option<Box<Answer>>),
}

/// Where the conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Before `initialize`.
    Greeting,
    Serving,
    /// After `shutdown`.
    Leaving,
}

/// A request that waits for a look.
pub(super) struct Waiting {
    pub(super) id: RequestId,
    pub(super) ask: pull::Ask,
}

/// A conversation with one editor.
pub(super) struct Session<W> {
    out: W,
    events: Sender<Event>,
    stage: Stage,
    pub(super) client: Client,
    /// As the command line has them.
    started_with: Options,
    pub(super) options: Options,
    pub(super) lang: Lang,
    pub(super) folders: Vec<Folder>,
    pub(super) documents: BTreeMap<String, Document>,
    pub(super) waiting: Vec<Waiting>,
    /// Requests that we have sent.
    sent: u32,
    /// Nobody listens any more.
    deaf: bool,
}

impl<W: Write> Session<W> {
    /// Nothing said yet.
    pub(super) fn new(options: Options, locale: Lang, events: Sender<Event>, out: W) -> Self {
        Self {
            out,
            events,
            stage: Stage::Greeting,
            client: Client::default(),
            started_with: options.clone(),
            lang: options.lang.unwrap_or(locale),
            options,
            folders: Vec::new(),
            documents: BTreeMap::new(),
            waiting: Vec::new(),
            sent: 0,
            deaf: false,
        }
    }

    /// Serves until the editor goes; whether it said so before.
    pub(super) fn serve(&mut self, events: &Receiver<Event>) -> bool {
        loop {
            let event = match self.folders.iter().filter_map(Folder::due).min() {
                None => events.recv().ok(),
                Some(due) => match events.recv_timeout(due.saturating_duration_since(Instant::now())) {
                    Err(RecvTimeoutError::Timeout) => {
                        self.look();
                        continue;
                    }
                    other => other.ok(),
                },
            };
            let goes_on = match event {
                None | Some(Event::Gone) => false,
                Some(Event::Looked(root, answer)) => {
                    self.looked(&root, answer);
                    true
                }
                Some(Event::Heard(Heard::Malformed { code, id, why })) => {
                    self.deaf |= wire::refuse(&mut self.out, code, &id, &why).is_err();
                    true
                }
                Some(Event::Heard(Heard::Message(message))) => self.hear(message),
            };
            if !goes_on || self.deaf {
                return self.stage == Stage::Leaving;
            }
        }
    }

    /// Whether the conversation goes on.
    fn hear(&mut self, message: Message) -> bool {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(notification) if notification.method == "exit" => return false,
            Message::Notification(notification) if self.stage == Stage::Serving => self.notice(notification),
            // Answers to our requests change nothing, and before `initialize` nothing is heard.
            Message::Notification(_) | Message::Response(_) => {}
        }
        true
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match (self.stage, method.as_str()) {
            (Stage::Greeting, "initialize") => self.greet(id, &params),
            (Stage::Greeting, _) => {
                self.refuse(id, ErrorCode::ServerNotInitialized, "`initialize` comes first");
            }
            (Stage::Leaving, _) => {
                self.refuse(id, ErrorCode::InvalidRequest, "after `shutdown` comes `exit`")
            }
            (Stage::Serving, "initialize") => {
                self.refuse(id, ErrorCode::InvalidRequest, "`initialize` comes once");
            }
            (Stage::Serving, "shutdown") => {
                self.stage = Stage::Leaving;
                for waiting in std::mem::take(&mut self.waiting) {
                    self.refuse(waiting.id, ErrorCode::RequestCanceled, "the server shuts down");
                }
                self.answer(id, Value::Null);
            }
            (Stage::Serving, "textDocument/diagnostic") => self.ask(id, params, pull::Ask::File),
            (Stage::Serving, "workspace/diagnostic") => self.ask(id, params, pull::Ask::Folders),
            (Stage::Serving, "textDocument/codeAction") => self.consult(id, params, actions::actions),
            (Stage::Serving, "textDocument/hover") => self.consult(id, params, hover::hover),
            (Stage::Serving, "textDocument/completion") => self.consult(id, params, completion::complete),
            (Stage::Serving, "textDocument/documentLink") => self.consult(id, params, links::links),
            (Stage::Serving, "dunlint/status") => {
                let folders: Vec<Value> = self.folders.iter().map(Folder::status).collect();
                self.answer(id, json!({ "folders": folders }));
            }
            (Stage::Serving, _) => {
                let why = format!("`{method}` is not served");
                self.refuse(id, ErrorCode::MethodNotFound, &why);
            }
        }
    }

    fn notice(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" if self.client.watches => {
                self.send_request("client/registerCapability", Client::to_watch());
            }
            "textDocument/didOpen" => self.heard(params, Self::open),
            "textDocument/didChange" => self.heard(params, Self::change),
            "textDocument/didSave" => self.heard(params, |session, saved: DidSaveTextDocumentParams| {
                session.touch(&saved.text_document.uri.0, false);
            }),
            "textDocument/didClose" => self.heard(params, Self::close),
            "workspace/didChangeWatchedFiles" => self.all_changed(true),
            "workspace/didChangeConfiguration" => {
                self.be_told(params.get("settings").unwrap_or(&Value::Null));
                self.all_changed(false);
            }
            "workspace/didChangeWorkspaceFolders" => self.move_folders(&params),
            "$/cancelRequest" => self.cancel(&params),
            _ => {}
        }
    }

    /// Hands parameters on that are as they should be. A notification has no answer, so others are passed over.
    fn heard<P: DeserializeOwned>(&mut self, params: Value, then: impl FnOnce(&mut Self, P)) {
        if let Ok(params) = serde_json::from_value(params) {
            then(self, params);
        }
    }

    fn greet(&mut self, id: RequestId, params: &Value) {
        self.client = Client::of(params);
        if self.started_with.lang.is_none() {
            self.lang = self.client.locale.unwrap_or(self.lang);
        }
        self.be_told(params.get("initializationOptions").unwrap_or(&Value::Null));
        for root in self.client.folders.clone() {
            self.add_folder(root);
        }
        self.stage = Stage::Serving;
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        self.answer(
            id,
            InitializeResult {
                capabilities: self.client.capabilities(),
                server_info: Some(ServerInfo { name: "dunlint".to_owned(), version }),
            },
        );
    }

    fn be_told(&mut self, said: &Value) {
        self.options = self.started_with.told(said);
        self.lang = self.options.lang.unwrap_or(self.lang);
    }

    fn add_folder(&mut self, root: PathBuf) {
        if self.folders.iter().all(|folder| !folder.whole || folder.root != root) {
            let mut folder = Folder::new(root, true);
            folder.changed(false);
            self.folders.push(folder);
        }
    }

    fn move_folders(&mut self, params: &Value) {
        let named = |which: &str| {
            let list = params.pointer(&format!("/event/{which}")).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(client::folder).collect::<Vec<PathBuf>>()
        };
        let gone = named("removed");
        self.folders.retain(|folder| !gone.contains(&folder.root));
        named("added").into_iter().for_each(|root| self.add_folder(root));
        self.all_changed(false);
    }

    fn open(&mut self, opened: DidOpenTextDocumentParams) {
        let item = opened.text_document;
        let path = uri::to_path(&item.uri.0);
        if let Some(path) = &path
            && self.folder(path).is_none()
            && let Some(parent) = path.parent()
        {
            self.folders.push(Folder::new(parent.to_owned(), false));
        }
        let document = Document::new(item.uri.0.clone(), path, item.version, &item.text);
        self.documents.insert(item.uri.0.clone(), document);
        if !self.knows(&item.uri.0) {
            self.touch(&item.uri.0, false);
        }
    }

    /// Whether an opened document holds what its folder was looked at with: then it is known what to say of it.
    fn knows(&mut self, uri: &str) -> bool {
        let Some((path, answer)) = self.standing(uri) else { return false };
        let settled = self.folder(&path).is_some_and(|folder| folder.is_settled());
        let Some(document) = self.documents.get_mut(uri) else { return false };
        let text = Arc::clone(document.text());
        if !settled || !answer.has_seen(&path, &text) {
            return false;
        }
        document.page = Some(Page::of(&answer, &path, (&text, &text), None));
        if !self.client.pulls {
            self.publish_page(uri, &answer);
        }
        true
    }

    fn change(&mut self, changed: DidChangeTextDocumentParams) {
        let unit = self.client.unit;
        let uri = changed.text_document.text_document_identifier.uri.0;
        let Some(document) = self.documents.get_mut(&uri) else { return };
        document.change(changed.text_document.version, changed.content_changes, unit);
        self.touch(&uri, true);
        let Some((path, answer)) = self.standing(&uri) else { return };
        let Some(document) = self.documents.get_mut(&uri) else { return };
        let text = Arc::clone(document.text());
        if let Some(page) = &mut document.page {
            page.change(&answer, &path, &text);
            if page.is_true() && !self.client.pulls {
                self.publish_page(&uri, &answer);
            }
        }
    }

    /// The file of an open document, and what was last said of its folder.
    pub(super) fn standing(&mut self, uri: &str) -> Option<(PathBuf, Arc<Answer>)> {
        let path = self.documents.get(uri)?.path.clone()?;
        let answer = self.folder(&path)?.answer.clone()?;
        Some((path, answer))
    }

    fn close(&mut self, closed: DidCloseTextDocumentParams) {
        let uri = closed.text_document.uri.0;
        let text = |document: &Document| Some((document.path.clone()?, Arc::clone(document.text())));
        let held = self.documents.get(&uri).and_then(text);
        if held.is_some_and(|(path, text)| !is_on_disk(&path, &text)) {
            // What was not saved is gone.
            self.touch(&uri, false);
        }
        if self.documents.remove(&uri).is_some() && !self.client.pulls {
            self.publish(&uri, None, Vec::new());
        }
        let open: Vec<&PathBuf> =
            self.documents.values().filter_map(|document| document.path.as_ref()).collect();
        self.folders.retain(|folder| folder.whole || open.iter().any(|path| folder.above(path).is_some()));
    }

    /// The document called `uri` changed, or its file; `pausing` if more changes are likely to follow.
    fn touch(&mut self, uri: &str, pausing: bool) {
        let path = self.documents.get(uri).and_then(|document| document.path.clone());
        if let Some(folder) = path.and_then(|path| self.folder(&path)) {
            folder.changed(pausing);
        }
    }

    fn all_changed(&mut self, pausing: bool) {
        self.folders.iter_mut().for_each(|folder| folder.changed(pausing));
    }

    /// The nearest folder above `file`; a whole one before others.
    pub(super) fn folder(&mut self, file: &Path) -> Option<&mut Folder> {
        let found = self.folders.iter_mut().filter_map(|folder| Some((folder.above(file)?, folder)));
        found.min_by_key(|(steps, folder)| (!folder.whole, *steps)).map(|(_, folder)| folder)
    }

    /// Looks at the folders whose time has come.
    fn look(&mut self) {
        let now = Instant::now();
        let held = self.documents.values();
        let held: Buffers =
            held.filter_map(|document| Some((document.path.clone()?, Arc::clone(document.text())))).collect();
        for folder in self.folders.iter_mut().filter(|folder| folder.due().is_some_and(|due| due <= now)) {
            let mine = held.iter().filter(|(path, _)| folder.above(path).is_some());
            let mine = mine.map(|(path, text)| (path.clone(), Arc::clone(text))).collect();
            folder.look(mine, &self.options, &self.events);
        }
    }

    fn cancel(&mut self, params: &Value) {
        let Some(id) = params.get("id").and_then(|id| RequestId::deserialize(id).ok()) else { return };
        let held = self.waiting.iter().position(|waiting| waiting.id == id);
        if let Some(at) = held {
            let waiting = self.waiting.swap_remove(at);
            self.refuse(waiting.id, ErrorCode::RequestCanceled, "cancelled");
        }
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, id: RequestId, result: impl Serialize) {
        match serde_json::to_value(result) {
            Ok(result) => self.send(Response { id, response_result: Ok(result) }.into()),
            Err(error) => self.refuse(id, ErrorCode::InternalError, &error.to_string()),
        }
    }

    /// Answers a request that cannot be served.
    pub(super) fn refuse(&mut self, id: RequestId, code: ErrorCode, why: &str) {
        self.send(Response::new_err(id, code as i32, why.to_owned()).into());
    }

    /// Sends a request, whose answer changes nothing.
    pub(super) fn send_request(&mut self, method: &str, params: Value) {
        self.sent += 1;
        let id = RequestId::from(format!("dunlint-{}", self.sent));
        self.send(Request { id, method: method.to_owned(), params }.into());
    }

    /// Sends a notification.
    pub(super) fn send_notice(&mut self, method: &str, params: &impl Serialize) {
        let params = serde_json::to_value(params).unwrap_or_else(|_| json!({}));
        self.send(Notification { method: method.to_owned(), params }.into());
    }

    fn send(&mut self, message: Message) {
        self.deaf |= message.write(&mut self.out).is_err();
    }
}
