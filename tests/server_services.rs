//! What the language server offers beside diagnostics: fixes, suppressions, explanations, names, links.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod editor;

use editor::{Editor, cut, pulling, range};
use serde_json::{Value, json};
use snapbox::dir::DirRoot;
use std::fs;
use std::path::{Path, PathBuf};

const VISIT: &str = "【示例消金】您好，您的账单已逾期，今日不还款将安排上门催收。客服400-000-1001";

/// A directory of its own that goes when it is dropped.
struct Scratch(#[allow(dead_code, reason = "dropping it removes the directory")] DirRoot, PathBuf);

impl Scratch {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = DirRoot::mutable_temp().unwrap();
        let path = directory.path().unwrap().to_owned();
        for (name, text) in files {
            fs::write(path.join(name), text).unwrap();
        }
        Self(directory, path)
    }

    fn editor(&self, options: Value) -> Editor {
        Editor::start(&self.1, pulling(), options)
    }
}

/// Where `words` stand in `text`.
fn place(text: &str, words: &str) -> Value {
    let at = text.find(words).unwrap();
    range(text, at, at + words.len())
}

fn actions(editor: &mut Editor, file: &Path, range: &Value, only: Option<&str>) -> Vec<Value> {
    let context = match only {
        Some(kind) => json!({ "diagnostics": [], "only": [kind] }),
        None => json!({ "diagnostics": [] }),
    };
    let params = json!({ "textDocument": { "uri": editor::uri(file) }, "range": range, "context": context });
    editor.request("textDocument/codeAction", params).as_array().unwrap().clone()
}

fn titled<'a>(actions: &'a [Value], start: &str) -> Option<&'a Value> {
    actions.iter().find(|action| action["title"].as_str().unwrap().starts_with(start))
}

/// `text` with the edits of an action to `file`, of which it must have some and of no other.
fn applied(text: &str, action: &Value, file: &Path) -> String {
    let changes = action["edit"]["changes"].as_object().unwrap();
    assert_eq!(changes.keys().collect::<Vec<_>>(), [&editor::uri(file)]);
    let mut edits: Vec<(usize, usize, &str)> = changes[&editor::uri(file)]
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let before = cut(
                text,
                &json!({ "start": { "line": 0, "character": 0 }, "end": edit["range"]["start"] }),
                "utf-16",
            );
            let gone = cut(text, &edit["range"], "utf-16");
            (before.len(), before.len() + gone.len(), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_unstable();
    let mut new = text.to_owned();
    for (start, end, words) in edits.into_iter().rev() {
        new.replace_range(start..end, words);
    }
    new
}

#[test]
fn fixes_are_edits_that_the_format_can_hold() {
    let text = "[{\"id\":\"a\",\"text\":\"【某某金融】😀\\u60a8好！！！账单已出，客服95000。\"},\r\n {\"id\":\"b\",\"text\":\"【某某金融】您好！！！！客服95000。\"}]";
    let scratch = Scratch::new(&[("a.json", text)]);
    let file = scratch.1.join("a.json");
    let mut editor = scratch.editor(Value::Null);
    editor.open(&file, text);
    let found = editor.pull(&file);
    let shout = found.iter().find(|one| cut(text, &one["range"], "utf-16") == "！！！").unwrap();
    let all = actions(&mut editor, &file, &shout["range"], Some("quickfix"));
    let fix = all.iter().find(|action| action["isPreferred"] == true).unwrap();
    assert_eq!(fix["diagnostics"][0]["code"], shout["code"]);
    let fixed = applied(text, fix, &file);
    assert!(fixed.contains("\\u60a8好！账单") && fixed.contains("您好！！！！"), "{fixed}");
    assert!(serde_json::from_str::<Value>(&fixed).is_ok());
    // All at once, as on saving.
    let nowhere = place(text, "id");
    for only in ["source.fixAll", "source.fixAll.dunlint", "source"] {
        let all = actions(&mut editor, &file, &nowhere, Some(only));
        assert_eq!(all.len(), 1, "{all:#?}");
        assert!(!applied(text, &all[0], &file).contains("！！"));
    }
    assert!(actions(&mut editor, &file, &nowhere, Some("refactor")).is_empty());
}

#[test]
fn unsafe_fixes_are_offered_on_demand() {
    let text = format!("---\ndunlint: ignore[threat/vist] agreed\n---\n{VISIT}\n");
    let scratch = Scratch::new(&[("a.txt", &text)]);
    let file = scratch.1.join("a.txt");
    for (wanted, offered) in [(false, 0), (true, 1)] {
        let mut editor = scratch.editor(json!({ "unsafeFixes": wanted }));
        editor.open(&file, &text);
        editor.pull(&file);
        let all = actions(&mut editor, &file, &place(&text, "threat/vist"), None);
        let fixes: Vec<&Value> =
            all.iter().filter(|action| action["title"].as_str().unwrap().contains("threat/visit")).collect();
        assert_eq!(fixes.len(), offered, "{all:#?}");
        for fix in fixes {
            assert!(fix["isPreferred"].is_null());
            assert!(applied(&text, fix, &file).contains("ignore[threat/visit] agreed"));
        }
    }
}

/// Every format: the offered place holds a suppression that speaks of the message, once it has a reason.
#[test]
fn a_suppression_is_offered_where_it_holds() {
    let second = VISIT.replace("您好", "你好");
    let forms = [
        ("a.txt", format!("{VISIT}\n")),
        ("b.txt", format!("---\r\nid: a\r\n---\r\n{VISIT}\r\n")),
        ("bom.txt", format!("\u{feff}{VISIT}\n")),
        ("c.sms", format!("+++\nid = \"a\"\n+++\n{VISIT}\n")),
        (
            "d.json",
            format!("[{{\"id\":\"a\",\"text\":\"{second}\"}},\n  {{ \"id\":\"b\",\"text\":\"{VISIT}\"}}]"),
        ),
        (
            "e.jsonl",
            format!("{{\"id\":\"a\",\"text\":\"{second}\"}}\n{{\"id\":\"b\",\"text\":\"{VISIT}\"}}\n"),
        ),
        ("f.yaml", format!("- id: a\n  text: {second}\n- id: b\n  text: {VISIT}\n")),
        (
            "g.toml",
            format!("[[sms]]\nid = \"a\"\ntext = \"{second}\"\n[[sms]]\nid = \"b\"\ntext = \"{VISIT}\"\n"),
        ),
        ("h.properties", format!("sms.a = {second}\nsms.b = {VISIT}\n")),
        (
            "i.po",
            format!(
                "msgid \"\"\nmsgstr \"\"\n\nmsgid \"sms.a\"\nmsgstr \"{second}\"\n\nmsgid \"sms.b\"\nmsgstr \"{VISIT}\"\n"
            ),
        ),
        (
            "l.xml",
            format!(
                "<list>\n  <sms id=\"a\"><content>{second}</content></sms>\n  <sms id=\"b\">\n    <content>{VISIT}</content>\n  </sms>\n</list>"
            ),
        ),
        (
            "n.sql",
            format!("INSERT INTO sms_template (id, content) VALUES\n('a', '{second}'),\n('b', '{VISIT}');\n"),
        ),
        (
            "P.java",
            format!(
                "class P {{\n  static final String SMS_TEMPLATE_A = \"{second}\";\n  static final String SMS_TEMPLATE_B =\n      \"{VISIT}\";\n}}\n"
            ),
        ),
        ("t.py", format!("SMS_TEMPLATE_A = \"{second}\"\nSMS_TEMPLATE_B = \"{VISIT}\"\n")),
    ];
    let scratch = Scratch::new(&[]);
    let mut editor = scratch.editor(Value::Null);
    for (name, text) in forms {
        let file = scratch.1.join(name);
        fs::write(&file, &text).unwrap();
        editor.open(&file, &text);
        let visits = |found: &[Value]| {
            let mine = found.iter().filter(|one| one["code"] == "threat/visit");
            mine.map(|one| one["range"].clone()).collect::<Vec<_>>()
        };
        let before = visits(&editor.pull(&file));
        let last = before.last().unwrap_or_else(|| panic!("{name}"));
        let all = actions(&mut editor, &file, last, Some("quickfix"));
        let mut mine =
            all.iter().filter(|action| action["title"].as_str().unwrap().ends_with("(threat/visit)"));
        let action = mine.next_back().unwrap_or_else(|| panic!("{name}: {all:#?}"));
        let new = applied(&text, action, &file);
        // Without a reason it holds nothing back, and says so.
        editor.change(&file, None, &new);
        let found = editor.pull(&file);
        assert_eq!(visits(&found).len(), before.len(), "{name}:\n{new}");
        assert!(found.iter().any(|one| one["code"] == "suppression/no-reason"), "{name}:\n{new}\n{found:#?}");
        editor.change(&file, None, &new.replace('…', "合同约定"));
        let found = editor.pull(&file);
        assert_eq!(visits(&found).len(), before.len() - 1, "{name}:\n{new}");
        assert!(
            found.iter().all(|one| !one["code"].as_str().unwrap().starts_with("suppression/")),
            "{name}:\n{new}"
        );
        editor.close(&file);
    }
}

#[test]
fn where_the_format_has_no_place_the_configuration_has() {
    let config = "fail-on = \"error\"\n";
    let text = format!("id,text\na,{VISIT}\n");
    let scratch = Scratch::new(&[("dunlint.toml", config), ("a.csv", &text)]);
    let (file, toml) = (scratch.1.join("a.csv"), scratch.1.join("dunlint.toml"));
    let mut editor = scratch.editor(Value::Null);
    editor.open(&file, &text);
    editor.pull(&file);
    let all = actions(&mut editor, &file, &place(&text, "上门"), None);
    let action = titled(&all, "Suppress in dunlint.toml").unwrap();
    let new = applied(config, action, &toml);
    editor.open(&toml, &new);
    assert_eq!(editor.pull(&toml)[0]["code"], "problem/no-reason", "{new}");
    editor.change(&toml, None, &new.replace('…', "agreed"));
    editor.pull(&toml);
    let params = json!({ "previousResultIds": [] });
    let all = editor.request("workspace/diagnostic", params);
    assert!(!all.to_string().contains("threat/visit"), "{all:#}");
}

fn hover(editor: &mut Editor, file: &Path, text: &str, words: &str) -> (String, String) {
    let at = place(text, words)["start"].clone();
    let params = json!({ "textDocument": { "uri": editor::uri(file) }, "position": at });
    let hover = editor.request("textDocument/hover", params);
    let said = hover["contents"]["value"].as_str().unwrap_or("").to_owned();
    let marked = if hover.is_null() { "" } else { cut(text, &hover["range"], "utf-16") };
    (said, marked.to_owned())
}

#[test]
fn hovering_explains_findings_placeholders_and_names() {
    let text = format!("---\ndunlint: ignore[threat/jail] agreed\n---\n😀{VISIT}，应还${{total_due}}元\n");
    let house = "[[rule]]\nid = \"threat/visit\"\n";
    let config = "[rules]\n\"threat/visit\" = \"error\"\n";
    let scratch = Scratch::new(&[("a.txt", &text), ("dunlint.toml", config), ("house.toml", house)]);
    let (file, toml) = (scratch.1.join("a.txt"), scratch.1.join("dunlint.toml"));
    let mut editor = scratch.editor(Value::Null);
    editor.open(&file, &text);
    editor.pull(&file);
    let (said, marked) = hover(&mut editor, &file, &text, "上门");
    assert!(said.contains("threat/visit") && said.contains("law)") && marked.contains("上门"), "{said}");
    let (said, marked) = hover(&mut editor, &file, &text, "total_due");
    assert_eq!(marked, "${total_due}");
    assert!(said.contains("role: `amount`") && said.contains("`dollar-brace (auto)`"), "{said}");
    let (said, marked) = hover(&mut editor, &file, &text, "threat/jail");
    assert_eq!(marked, "threat/jail");
    assert!(said.contains("threat/jail"), "{said}");
    assert_eq!(hover(&mut editor, &file, &text, "客服"), (String::new(), String::new()));
    editor.open(&toml, config);
    editor.pull(&toml);
    let (said, marked) = hover(&mut editor, &toml, config, "threat/visit");
    assert_eq!(marked, "\"threat/visit\"");
    assert!(said.contains("治安管理") || said.contains("Punishments Law"), "{said}");
}

fn complete(editor: &mut Editor, file: &Path, text: &str, at: usize) -> Vec<(String, String)> {
    let position = range(text, at, at)["start"].clone();
    let params = json!({ "textDocument": { "uri": editor::uri(file) }, "position": position });
    let items = editor.request("textDocument/completion", params);
    let items = items.as_array().unwrap().iter();
    items
        .map(|item| {
            let gone = cut(text, &item["textEdit"]["range"], "utf-16");
            (item["label"].as_str().unwrap().to_owned(), gone.to_owned())
        })
        .collect()
}

#[test]
fn names_are_completed_where_they_can_stand() {
    let text = format!("---\ndunlint: ignore[thr\n---\n{VISIT}\n");
    let config = "[rules]\n\"threat/v\"\n\n[[suppress]]\nrule = \"family:\nreason = \"x\n";
    let scratch = Scratch::new(&[("a.txt", &text), ("dunlint.toml", "")]);
    let (file, toml) = (scratch.1.join("a.txt"), scratch.1.join("dunlint.toml"));
    let mut editor = scratch.editor(Value::Null);
    editor.open(&file, &text);
    editor.pull(&file);
    let names = complete(&mut editor, &file, &text, text.find("[thr").unwrap() + 4);
    assert!(names.contains(&("threat/visit".to_owned(), "thr".to_owned())), "{names:?}");
    assert!(names.iter().any(|(name, _)| name == "family:threat"));
    assert!(names.iter().all(|(name, _)| !name.contains("suppression")));
    assert!(complete(&mut editor, &file, &text, text.find("上门").unwrap()).is_empty());
    editor.open(&toml, config);
    editor.pull(&toml);
    let at = |words: &str| config.find(words).unwrap() + words.len();
    let names = complete(&mut editor, &toml, config, at("\"threat/v"));
    assert!(names.contains(&("threat/visit".to_owned(), "threat/v".to_owned())), "{names:?}");
    let names = complete(&mut editor, &toml, config, at("\"family:"));
    assert!(names.contains(&("family:threat".to_owned(), "family:".to_owned())), "{names:?}");
    assert!(complete(&mut editor, &toml, config, at("\"x")).is_empty());
}

#[test]
fn links_lead_to_texts_of_law_and_to_files() {
    let policy = r#"[policy]
id = "house"
version = "1"

[basis.house-1]
title = { en = "House rules" }
force = "house"
seen = "own"
jurisdiction = ["any"]
url = "https://rules.example/house#1"
says = { en = "Do not." }

[[rule]]
id = "threat/house"
level = "error"
confidence = "high"
title = { en = "Says xyzzy" }
message = { en = "says xyzzy" }
help = { en = "Do not." }
basis.any = ["house-1"]
[rule.forbid]
words.en = ["xyzzy"]
[rule.examples]
fail = [{ text = "Example Bank: xyzzy now", marks = ["xyzzy"] }]
pass = [{ text = "Example Bank: hello" }]
"#;
    let config = "policies = [\"house.toml\"]\n[rules]\n\"threat/house\" = \"error\"\n";
    let text = "---\ndunlint: ignore[threat/visit] x\n---\nExample Bank: xyzzy now\n";
    let scratch = Scratch::new(&[("dunlint.toml", config), ("house.toml", policy), ("a.txt", text)]);
    let mut editor = scratch.editor(Value::Null);
    let (file, toml, house) =
        (scratch.1.join("a.txt"), scratch.1.join("dunlint.toml"), scratch.1.join("house.toml"));
    editor.open(&file, text);
    let found = editor.pull(&file);
    let mine = found.iter().find(|one| one["code"] == "threat/house").unwrap_or_else(|| panic!("{found:#?}"));
    assert_eq!(mine["codeDescription"]["href"], "https://rules.example/house#1");
    assert!(mine["relatedInformation"].to_string().contains("house.toml"), "{mine:#}");
    let mut links = |file: &Path, text: &str| -> Vec<(String, String)> {
        editor.open(file, text);
        editor.pull(file);
        let params = json!({ "textDocument": { "uri": editor::uri(file) } });
        let links = editor.request("textDocument/documentLink", params);
        let link = |link: &Value| {
            (cut(text, &link["range"], "utf-16").to_owned(), link["target"].as_str().unwrap().to_owned())
        };
        links.as_array().unwrap().iter().map(link).collect()
    };
    let line = policy.lines().position(|line| line == "id = \"threat/house\"").unwrap() + 1;
    let rule = format!("{}#L{line}", editor::uri(&house));
    assert_eq!(
        links(&toml, config),
        [("\"threat/house\"".to_owned(), rule), ("\"house.toml\"".to_owned(), editor::uri(&house))]
    );
    let page = "https://rules.example/house#1".to_owned();
    let expected = [("\"threat/house\"".to_owned(), page.clone()), ("\"house-1\"".to_owned(), page)];
    assert_eq!(links(&house, policy), expected);
}

#[test]
fn services_answer_where_nothing_is() {
    let scratch = Scratch::new(&[("a.txt", "")]);
    let file = scratch.1.join("a.txt");
    let mut editor = scratch.editor(Value::Null);
    let far = json!({ "line": 99, "character": 99 });
    let methods = ["hover", "completion", "documentLink", "codeAction"];
    for open in [false, true] {
        if open {
            editor.open(&file, "");
            editor.pull(&file);
        }
        for method in methods {
            let params = json!({
                "textDocument": { "uri": editor::uri(&file) }, "position": far,
                "range": { "start": far, "end": far }, "context": { "diagnostics": [], "triggerKind": 1 },
            });
            let result = editor.request(&format!("textDocument/{method}"), params);
            assert!(result.is_null() || result == json!([]), "{method}: {result}");
        }
    }
    for method in methods {
        assert_eq!(editor.refused(&format!("textDocument/{method}"), json!({})), -32602);
    }
    assert_eq!(editor.leave(), 0);
}
