//! `dunlint server` says in an editor what `dunlint check` says, at the same places, whatever it is sent.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod editor;

use editor::{Editor, cut, pulling};
use serde_json::{Value, json};
use snapbox::dir::DirRoot;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A threat behind characters that every unit counts differently, on a line of its own.
const TEXT: &str =
    "【示例消金】😀𠮷您好\r\n您的账单已逾期，今日不还款将安排上门催收。\r\n客服400-000-1001\r\n";

/// A directory of its own that goes when it is dropped.
struct Scratch(#[allow(dead_code, reason = "dropping it removes the directory")] DirRoot, PathBuf);

impl Scratch {
    fn new() -> Self {
        let directory = DirRoot::mutable_temp().unwrap();
        let path = directory.path().unwrap().to_owned();
        Self(directory, path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.1.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|one| one["code"].as_str().unwrap_or("")).collect()
}

#[test]
fn a_conversation_begins_and_ends_as_agreed() {
    let scratch = Scratch::new();
    let editor = Editor::start(&scratch.1, pulling(), Value::Null);
    assert_eq!(editor.greeting["serverInfo"]["name"], "dunlint");
    assert_eq!(editor.leave(), 0);

    let mut editor = Editor::silent(&["--stdio"]);
    assert_eq!(editor.refused("textDocument/hover", json!({})), -32002);
    editor.notify("textDocument/didOpen", json!({}));
    editor.request("initialize", json!({ "capabilities": {} }));
    assert_eq!(editor.refused("initialize", json!({ "capabilities": {} })), -32600);
    editor.request("shutdown", Value::Null);
    assert_eq!(editor.refused("textDocument/hover", json!({})), -32600);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.code(), 0);

    // An editor that only goes.
    let mut editor = Editor::start(&scratch.1, pulling(), Value::Null);
    assert_eq!(editor.code(), 1);
    let mut editor = Editor::start(&scratch.1, pulling(), Value::Null);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.code(), 1);
}

#[test]
fn ranges_cut_the_marked_words_in_every_unit() {
    let scratch = Scratch::new();
    let file = scratch.write("短信 1.txt", "");
    let offers = [
        (json!(null), "utf-16"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-16", "utf-8", "utf-32"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-32"),
        (json!(["utf-7"]), "utf-16"),
    ];
    for (offered, agreed) in offers {
        let mut capabilities = pulling();
        capabilities["general"] = json!({ "positionEncodings": offered });
        let mut editor = Editor::start(&scratch.1, capabilities, Value::Null);
        assert_eq!(editor.greeting["capabilities"]["positionEncoding"], agreed, "{offered}");
        for text in
            [TEXT.to_owned(), TEXT.replace("\r\n", " "), format!("\u{feff}{}", TEXT.replace("\r\n", "\r"))]
        {
            editor.open(&file, &text);
            let found = editor.pull(&file);
            let visit = found.iter().find(|one| one["code"] == "threat/visit").unwrap();
            assert!(cut(&text, &visit["range"], agreed).contains("上门"), "{agreed}: {visit:#}");
            assert_eq!((&visit["severity"], &visit["source"]), (&json!(1), &json!("dunlint")));
            editor.close(&file);
        }
        assert_eq!(editor.leave(), 0);
    }
}

/// The findings and problems of a run of `check` in `root`, as the editor's diagnostics.
fn checked(root: &Path) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
    command.current_dir(root).args([
        "check",
        "--format",
        "json",
        "--lang",
        "en",
        "--today",
        "2026-11-22",
        ".",
    ]);
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let at = |place: &Value| format!("{}:{}", place["line"], place["column_utf16"]);
    let findings = report["diagnostics"].as_array().unwrap().iter().filter(|one| {
        let counts = |name: &str| !one[name].is_object() || one[name]["status"] == "expired";
        counts("suppression") && one["baseline"] != "accepted"
    });
    let findings = findings.map(|one| {
        let (path, rule) = (one["primary"]["path"].as_str().unwrap(), one["rule_id"].as_str().unwrap());
        let message = one["message"].as_str().unwrap().lines().next().unwrap_or("");
        let (start, end) = (at(&one["primary"]["start"]), at(&one["primary"]["end"]));
        format!("{path} {start}-{end} {rule} {message} {}", one["fingerprint"].as_str().unwrap())
    });
    let problems = report["problems"].as_array().unwrap().iter().filter(|one| one["path"].is_string());
    let problems = problems.map(|one| {
        let span = &one["span"];
        let start = if span.is_object() { at(&span["start"]) } else { "1:1".to_owned() };
        let message = one["message"].as_str().unwrap().lines().next().unwrap_or("");
        format!(
            "{} {start} problem/{} {message}",
            one["path"].as_str().unwrap(),
            one["code"].as_str().unwrap()
        )
    });
    findings.chain(problems).collect()
}

/// The same of all diagnostics of the server.
fn served(root: &Path) -> BTreeSet<String> {
    let mut editor = Editor::start(root, pulling(), json!({ "pedantic": true }));
    let report = editor.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let mut all = BTreeSet::new();
    for file in report["items"].as_array().unwrap() {
        assert_eq!(file["kind"], "full");
        let path = editor::path(file["uri"].as_str().unwrap());
        let path = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        for one in file["items"].as_array().unwrap() {
            let at = |place: &Value| {
                let count = |name: &str| place[name].as_u64().unwrap() + 1;
                format!("{}:{}", count("line"), count("character"))
            };
            let (start, end) = (at(&one["range"]["start"]), at(&one["range"]["end"]));
            let message = one["message"].as_str().unwrap().lines().next().unwrap_or("");
            let code = one["code"].as_str().unwrap_or_else(|| panic!("{path}: cut: {message}"));
            all.insert(match one["data"]["fingerprint"].as_str() {
                Some(fingerprint) => format!("{path} {start}-{end} {code} {message} {fingerprint}"),
                None => format!("{path} {start} {code} {message}"),
            });
        }
    }
    assert_eq!(editor.leave(), 0);
    all
}

#[test]
fn all_fixtures_say_the_same_as_in_check() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for (folder, least) in [("findings", 200), ("demo", 20), ("formats", 40), ("campaigns", 1), ("clean", 0)]
    {
        let root = fixtures.join(folder);
        let (checked, served) = (checked(&root), served(&root));
        let missing: Vec<_> = checked.difference(&served).collect();
        let added: Vec<_> = served.difference(&checked).collect();
        assert!(missing.is_empty() && added.is_empty(), "{folder}: missing {missing:#?}, added {added:#?}");
        assert!(checked.len() >= least, "{folder}: only {}", checked.len());
    }
}

#[test]
fn diagnostics_follow_the_text() {
    let scratch = Scratch::new();
    let file = scratch.write("a.txt", TEXT);
    let mut editor = Editor::start(&scratch.1, json!({}), Value::Null);
    assert_eq!(editor.greeting["capabilities"]["diagnosticProvider"], Value::Null);
    editor.open(&file, TEXT);
    assert!(codes(&editor.pushed(&file, Some(1))).contains(&"threat/visit"));
    // The text that counts is that of the editor, not the one on disk.
    let at = TEXT.find("安排上门催收").unwrap();
    editor.change(&file, Some(editor::range(TEXT, at, at + "安排上门催收".len())), "影响您的额度");
    assert!(!codes(&editor.pushed(&file, Some(2))).contains(&"threat/visit"));
    editor.change(&file, None, TEXT);
    assert!(codes(&editor.pushed(&file, Some(3))).contains(&"threat/visit"));
    editor.close(&file);
    assert!(editor.pushed(&file, None).is_empty());
    assert_eq!(editor.leave(), 0);
}

#[test]
fn an_unchanged_answer_is_not_sent_again() {
    let scratch = Scratch::new();
    let file = scratch.write("a.txt", TEXT);
    let mut editor = Editor::start(&scratch.1, pulling(), Value::Null);
    editor.open(&file, TEXT);
    let ask =
        |known: &Value| json!({ "textDocument": { "uri": editor::uri(&file) }, "previousResultId": known });
    let first = editor.request("textDocument/diagnostic", ask(&json!("x")));
    assert_eq!(first["kind"], "full");
    let second = editor.request("textDocument/diagnostic", ask(&first["resultId"]));
    assert_eq!(second, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    let known = json!([{ "uri": editor::uri(&file), "value": first["resultId"] }]);
    let all = editor.request("workspace/diagnostic", json!({ "previousResultIds": known }));
    assert_eq!(all["items"][0]["kind"], "unchanged", "{all:#}");
    // A file that is clean now is told of, since the editor still shows what it had.
    editor.change(&file, None, "");
    let all = editor.request("workspace/diagnostic", json!({ "previousResultIds": known }));
    assert_eq!(
        (&all["items"][0]["kind"], &all["items"][0]["items"]),
        (&json!("full"), &json!([])),
        "{all:#}"
    );
}

#[test]
fn mistakes_in_configuration_and_policies_stand_at_their_places() {
    let scratch = Scratch::new();
    let config = "policies = [\"house.toml\"]\n[rules]\n\"threat/visitt\" = \"off\"\n";
    let file = scratch.write("dunlint.toml", config);
    let policy = "[[rule]]\nid = \"threat/家访\"\nlevle = \"error\"\n";
    let house = scratch.write("house.toml", policy);
    scratch.write("a.txt", TEXT);
    let mut editor = Editor::start(&scratch.1, pulling(), Value::Null);
    let found = editor.pull(&file);
    assert_eq!(codes(&found), ["problem/unknown-rule"]);
    assert!(found[0]["message"].as_str().unwrap().contains("did you mean `threat/visit`?"), "{found:#?}");
    assert_eq!(cut(config, &found[0]["range"], "utf-16").trim_matches('"'), "threat/visitt");
    let found = editor.pull(&house);
    let unknown = found.iter().find(|one| one["code"] == "problem/unknown-key").unwrap();
    assert_eq!(cut(policy, &unknown["range"], "utf-16"), "levle");
    // What was not saved counts.
    editor.open(&house, "");
    assert!(editor.pull(&house).is_empty());
    editor.open(&file, "policies = [\"house.toml\"]\nfail_on = 1\n");
    assert_eq!(codes(&editor.pull(&file)), ["problem/unknown-key"]);
}

#[test]
fn a_line_of_the_configuration_is_told_as_another_place() {
    let scratch = Scratch::new();
    let config = scratch.write("dunlint.toml", "[rules]\n\"threat/visit\" = \"warning\"\n");
    let file = scratch.write("a.txt", TEXT);
    let mut editor = Editor::start(&scratch.1, pulling(), Value::Null);
    editor.open(&file, TEXT);
    let found = editor.pull(&file);
    let visit = found.iter().find(|one| one["code"] == "threat/visit").unwrap();
    assert_eq!(visit["severity"], 2);
    let related = &visit["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], editor::uri(&config));
    assert_eq!(related["location"]["range"]["start"]["line"], 1);
}

#[test]
fn nothing_that_is_sent_ends_it() {
    let scratch = Scratch::new();
    let file = scratch.write("a.txt", TEXT);
    let mut editor = Editor::start(&scratch.1, pulling(), Value::Null);
    editor.send_raw(b"Content-Length: 1\r\n\r\n{");
    assert_eq!(editor.answer_to(&Value::Null)["error"]["code"], -32700);
    editor.send_raw(b"rubbish\r\nContent-Length: 2\r\n\r\n[]");
    assert_eq!(editor.answer_to(&Value::Null)["error"]["code"], -32600);
    assert_eq!(editor.refused("no/such", json!([1])), -32601);
    assert_eq!(editor.refused("textDocument/diagnostic", json!({ "textDocument": 1 })), -32602);
    for params in [json!(null), json!({}), json!([]), json!({ "textDocument": { "uri": 5 } })] {
        for method in ["didOpen", "didChange", "didClose", "didSave"] {
            editor.notify(&format!("textDocument/{method}"), params.clone());
        }
        editor.notify("workspace/didChangeConfiguration", params.clone());
        editor.notify("workspace/didChangeWorkspaceFolders", params.clone());
        editor.notify("$/cancelRequest", params.clone());
        editor.notify("$/nothing", params);
    }
    // Documents that nobody opened, texts that are no files, places where nothing is.
    editor.change(&file, None, "x");
    for uri in ["untitled:Untitled-1", "git:/a.txt?x", "file://elsewhere/a.txt", "", "file:///%zz", "\u{0}"] {
        let document = json!({ "uri": uri, "languageId": "x", "version": 1, "text": TEXT });
        editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
        let pull = json!({ "textDocument": { "uri": uri } });
        assert_eq!(editor.request("textDocument/diagnostic", pull)["items"], json!([]));
    }
    editor.open(&file, TEXT);
    for (start, end) in [((0, 0), (9, 9)), ((2_000_000_000, 1), (0, 2_000_000_000)), ((1, 3), (1, 2))] {
        let range = json!({
            "start": { "line": start.0, "character": start.1 }, "end": { "line": end.0, "character": end.1 },
        });
        editor.change(&file, Some(range), "😀");
    }
    editor.change(&file, None, "a\u{0}b");
    assert_eq!(codes(&editor.pull(&file)), ["problem/nul-byte"]);
    editor.change(&file, None, TEXT);
    let pull = json!({ "textDocument": { "uri": editor::uri(&file) } });
    let cancelled = editor.ask("textDocument/diagnostic", pull);
    editor.notify("$/cancelRequest", json!({ "id": cancelled }));
    let answer = editor.answer_to(&json!(cancelled));
    assert!(answer["error"]["code"] == -32800 || answer["result"]["kind"] == "full", "{answer:#}");
    assert!(codes(&editor.pull(&file)).contains(&"threat/visit"));
    assert_eq!(editor.leave(), 0);
}
