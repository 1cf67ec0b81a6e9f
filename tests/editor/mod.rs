//! An editor that speaks with the real program over its standard input and output.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test may fail loudly; not each uses all of it"
)]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// How long an answer may take, on a machine that does other things.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server with what it said and nobody asked for.
pub(crate) struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    heard: Receiver<Value>,
    last_id: i64,
    versions: i64,
    /// Notifications and requests of the server, in their order.
    pub(crate) said: Vec<Value>,
    /// What `initialize` answered.
    pub(crate) greeting: Value,
}

/// The capabilities of an editor that asks for diagnostics itself.
pub(crate) fn pulling() -> Value {
    json!({
        "textDocument": { "diagnostic": {}, "publishDiagnostics": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    })
}

impl Editor {
    /// Starts a server in `root` and greets it, with `options` as what it is told on the way.
    pub(crate) fn start(root: &Path, capabilities: Value, options: Value) -> Self {
        let mut editor = Self::silent(&["--today", "2026-11-22"]);
        let folder = json!({ "uri": uri(root), "name": "root" });
        editor.greeting = editor.request(
            "initialize",
            json!({
                "processId": null, "rootUri": uri(root), "workspaceFolders": [folder],
                "capabilities": capabilities, "initializationOptions": options, "locale": "en",
            }),
        );
        editor.notify("initialized", json!({}));
        editor
    }

    /// A server that nobody has greeted.
    pub(crate) fn silent(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        let command = command.arg("server").args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, heard) = mpsc::channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, heard, last_id: 0, versions: 1, said: Vec::new(), greeting: Value::Null }
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and does not wait.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    /// The next message of the server.
    pub(crate) fn hear(&mut self) -> Value {
        self.heard.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{error}; said: {:#?}", self.said))
    }

    /// The whole answer to the request `id`.
    pub(crate) fn answer_to(&mut self, id: &Value) -> Value {
        loop {
            let message = self.hear();
            if message.get("method").is_none() && message["id"] == *id {
                return message;
            }
            self.said.push(message);
        }
    }

    /// The result of a request.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer_to(&json!(id));
        assert!(answer.get("error").is_none(), "{method}: {answer:#}");
        answer["result"].clone()
    }

    /// The error of a request that must fail.
    pub(crate) fn refused(&mut self, method: &str, params: Value) -> i64 {
        let id = self.ask(method, params);
        let answer = self.answer_to(&json!(id));
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer:#}"))
    }

    pub(crate) fn open(&mut self, path: &Path, text: &str) {
        let document = json!({ "uri": uri(path), "languageId": "x", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces `range` by `text`, or everything without a range.
    pub(crate) fn change(&mut self, path: &Path, range: Option<Value>, text: &str) {
        self.versions += 1;
        let change = match range {
            Some(range) => json!({ "range": range, "text": text }),
            None => json!({ "text": text }),
        };
        let document = json!({ "uri": uri(path), "version": self.versions });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        self.notify("textDocument/didChange", params);
    }

    pub(crate) fn close(&mut self, path: &Path) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(path) } }));
    }

    pub(crate) fn save(&mut self, path: &Path) {
        self.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(path) } }));
    }

    /// Asks for the diagnostics of a file.
    pub(crate) fn pull(&mut self, path: &Path) -> Vec<Value> {
        let params = json!({ "textDocument": { "uri": uri(path) } });
        let report = self.request("textDocument/diagnostic", params);
        report["items"].as_array().unwrap_or_else(|| panic!("{report:#}")).clone()
    }

    /// Waits for diagnostics of `path` that it sends by itself, of the document's `version` if one is given.
    pub(crate) fn pushed(&mut self, path: &Path, version: Option<i64>) -> Vec<Value> {
        loop {
            let message = self.hear();
            let params = &message["params"];
            if message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri(path)
                && params["version"].as_i64() == version
            {
                return params["diagnostics"].as_array().unwrap().clone();
            }
            self.said.push(message);
        }
    }

    /// Says goodbye; the exit code.
    pub(crate) fn leave(mut self) -> i32 {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        self.code()
    }

    /// Closes the input and waits; the exit code.
    pub(crate) fn code(&mut self) -> i32 {
        self.input = None;
        self.child.wait().unwrap().code().unwrap()
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            line => length = line.strip_prefix("Content-Length: ").unwrap().parse().unwrap(),
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

/// The URI of a file, as editors spell it.
pub(crate) fn uri(path: &Path) -> String {
    let mut uri = String::from("file://");
    for byte in path.to_str().unwrap().bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => uri.push(byte.into()),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The file that a URI names.
pub(crate) fn path(uri: &str) -> PathBuf {
    let mut bytes = uri.strip_prefix("file://").unwrap().bytes();
    let mut path = Vec::new();
    while let Some(byte) = bytes.next() {
        path.push(match byte {
            b'%' => {
                let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    PathBuf::from(String::from_utf8(path).unwrap())
}

/// What a range covers, in the unit that the server named. Made here anew, since the server's own counting is what
/// is tested.
pub(crate) fn cut<'t>(text: &'t str, range: &Value, unit: &str) -> &'t str {
    let (start, end) = (offset(text, &range["start"], unit), offset(text, &range["end"], unit));
    &text[start..end]
}

fn offset(text: &str, position: &Value, unit: &str) -> usize {
    let mut line = position["line"].as_u64().unwrap();
    let mut units = position["character"].as_u64().unwrap();
    let mut characters = text.char_indices().peekable();
    while line > 0 {
        let (_, c) = characters.next().unwrap();
        let breaks = c == '\n' || (c == '\r' && characters.peek().is_none_or(|(_, next)| *next != '\n'));
        line -= u64::from(breaks);
    }
    while units > 0 {
        let (_, c) = characters.next().unwrap();
        assert!(!matches!(c, '\r' | '\n'), "behind the end of the line");
        units -= match unit {
            "utf-8" => c.len_utf8(),
            "utf-16" => c.len_utf16(),
            _ => 1,
        } as u64;
    }
    characters.next().map_or(text.len(), |(at, _)| at)
}

/// The range between two bytes of `text`, in UTF-16.
pub(crate) fn range(text: &str, start: usize, end: usize) -> Value {
    let position = |at: usize| {
        let before = &text[..at];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        json!({ "line": line, "character": before[start..].encode_utf16().count() })
    };
    json!({ "start": position(start), "end": position(end) })
}
