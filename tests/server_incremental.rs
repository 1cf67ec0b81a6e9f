//! While somebody types in one message of a large catalogue, only that message is judged again, and what is said is
//! what a look at the whole file says.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod editor;

use editor::{Editor, cut, pulling, range};
use serde_json::{Value, json};
use snapbox::dir::DirRoot;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A message in the form of one format.
type Row = fn(usize, &str) -> String;

/// A file of `count` messages, and how it begins, what stands between two messages, and how it ends.
fn catalogue(format: &str, count: usize) -> String {
    let text = |n: usize| match n % 10 {
        0 => format!("【示例消金】您好，您的账单已逾期，今日不还款将安排上门催收😀。客服400-000-{n:04}"),
        n => format!("【示例消金】您好，您本月账单{}元，请于{n}日前还款，客服400-000-1001。", "${amount}"),
    };
    let (start, row, between, end): (&str, Row, &str, &str) = match format {
        "json" => (
            "[\n",
            |n, text| format!("  {{ \"id\": \"m{n}\", \"text\": \"{text}\", \"kind\": \"overdue\" }}"),
            ",\r\n",
            "\n]\n",
        ),
        "jsonl" => ("", |n, text| format!("{{\"id\":\"m{n}\",\"text\":\"{text}\"}}"), "\n", "\n"),
        "csv" => ("id,text,note\n", |n, text| format!("m{n},{text},x"), "\n", "\n"),
        "tsv" => ("id\ttext\n", |n, text| format!("m{n}\t\"{text}\""), "\r\n", ""),
        "yaml" => ("", |n, text| format!("- id: m{n}\n  text: \"{text}\""), "\n", "\n"),
        "toml" => ("", |n, text| format!("[[sms]]\nid = \"m{n}\"\ntext = \"{text}\""), "\n", "\n"),
        // Not read by parts: the whole file is, and what was judged is remembered.
        "properties" => ("", |n, text| format!("sms.m{n} = {text}"), "\n", "\n"),
        other => unreachable!("{other}"),
    };
    let rows: Vec<String> = (0..count).map(|n| row(n, &text(n))).collect();
    format!("{start}{}{end}", rows.join(between))
}

struct Scratch(#[allow(dead_code, reason = "dropping it removes the directory")] DirRoot, PathBuf);

fn project(name: &str, text: &str) -> (Scratch, PathBuf) {
    let directory = DirRoot::mutable_temp().unwrap();
    let root = directory.path().unwrap().to_owned();
    let file = root.join(name);
    fs::write(&file, text).unwrap();
    (Scratch(directory, root), file)
}

fn judged(editor: &mut Editor) -> u64 {
    editor.request("dunlint/status", Value::Null)["folders"][0]["judged"].as_u64().unwrap()
}

/// What is said, with the words that are marked.
fn said(found: &[Value], text: &str) -> Vec<(String, String, String)> {
    let row = |one: &Value| {
        (one["code"].to_string(), one["range"].to_string(), cut(text, &one["range"], "utf-16").to_owned())
    };
    let mut all: Vec<_> = found.iter().map(row).collect();
    all.sort();
    all
}

/// Another editor, which opens each text as it stands then.
struct Later(Editor);

impl Later {
    fn in_folder(root: &Path) -> Self {
        Self(Editor::start(root, pulling(), json!({ "pedantic": true })))
    }

    fn sees(&mut self, file: &Path, text: &str) -> Vec<(String, String, String)> {
        self.0.open(file, text);
        let found = said(&self.0.pull(file), text);
        self.0.close(file);
        found
    }
}

#[test]
fn only_the_edited_message_is_judged_again() {
    let formats =
        [("json", 1), ("jsonl", 1), ("csv", 1), ("tsv", 1), ("yaml", 1), ("toml", 1), ("properties", 1)];
    for (format, most) in formats {
        let name = format!("sms.{format}");
        let mut text = catalogue(format, 60);
        let (scratch, file) = project(&name, &text);
        let mut later = Later::in_folder(&scratch.1);
        let mut editor = Editor::start(&scratch.1, pulling(), json!({ "pedantic": true }));
        editor.open(&file, &text);
        editor.pull(&file);
        assert_eq!(judged(&mut editor), 60, "{format}");
        // A threat goes, another comes; words grow and shrink; what is typed is what the format would escape.
        let steps = [
            ("安排上门催收😀。客服400-000-0030", "影响您的额度。客服400-000-0030"),
            ("客服400-000-0030", "客服𠮷400-000-0030"),
            ("今日不还款将影响您的额度", "今日不还款将派人上门"),
            ("派人上门", "派人上门派人上门拜访"),
        ];
        for (old, new) in steps {
            let at = text.find(old).unwrap();
            let before = judged(&mut editor);
            editor.change(&file, Some(range(&text, at, at + old.len())), new);
            text.replace_range(at..at + old.len(), new);
            let found = said(&editor.pull(&file), &text);
            let again = judged(&mut editor) - before;
            assert!(again <= most, "{format}: {again} were judged");
            assert_eq!(found, later.sees(&file, &text), "{format}: {new}");
        }
        // A look at the folder remembers, too.
        let before = judged(&mut editor);
        editor.save(&file);
        editor.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
        assert_eq!(judged(&mut editor), before, "{format}");
    }
}

#[test]
fn changes_that_break_the_file_are_seen() {
    let steps = [
        // Ends the value, opens another, breaks it, mends it, adds a message, takes one away, says something.
        ("您的账单已逾期", "您的\"账单已逾期"),
        ("您的\"账单已逾期", "您的\\\"账单已逾期"),
        ("您的\\\"账单已逾期", "您的\\账单已逾期"),
        ("您的\\账单已逾期", "您的账单\n已逾期"),
        ("您的账单\n已逾期", "您的, 账单已逾期"),
        ("您的, 账单已逾期", "dunlint: ignore[threat/visit] x"),
        ("dunlint: ignore[threat/visit] x", "您的${账单已逾期"),
        ("您的${账单已逾期", "您的账单已逾期"),
    ];
    for format in ["json", "jsonl", "csv", "tsv", "yaml", "toml"] {
        let name = format!("sms.{format}");
        let mut text = catalogue(format, 12);
        let (scratch, file) = project(&name, &text);
        let mut later = Later::in_folder(&scratch.1);
        let mut editor = Editor::start(&scratch.1, pulling(), json!({ "pedantic": true }));
        editor.open(&file, &text);
        editor.pull(&file);
        for (old, new) in steps {
            let at = text.find(old).unwrap_or_else(|| panic!("{format}: {old}"));
            editor.change(&file, Some(range(&text, at, at + old.len())), new);
            text.replace_range(at..at + old.len(), new);
            let found = said(&editor.pull(&file), &text);
            assert_eq!(found, later.sees(&file, &text), "{format}: {new}");
        }
    }
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    /// A place in `text` between two characters.
    fn place(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap()
    }
}

#[test]
fn whatever_is_typed_is_seen_as_by_one_who_comes_later() {
    let snippets = [
        "上门",
        "😀",
        "\"",
        "'",
        ",",
        "\n",
        "\r\n",
        "\\",
        "\\u4e0a",
        "{",
        "}",
        "]",
        "${amount}",
        "#",
        ": ",
        "  ",
        "\t",
        "起诉",
        "dunlint: ignore[threat/visit] x",
        "!!!",
        "\u{200b}",
        "a",
    ];
    let rounds: usize = std::env::var("DUNLINT_EDITS").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    for (number, format) in
        ["json", "jsonl", "csv", "tsv", "yaml", "toml", "properties", "txt"].into_iter().enumerate()
    {
        let whole = match format {
            "txt" => {
                "---\nid: a\n---\n【示例消金】您好，今日不还款将安排上门催收😀。客服400-000-0001\n".to_owned()
            }
            format => catalogue(format, 8),
        };
        let (scratch, file) = project(&format!("sms.{format}"), &whole);
        let mut later = Later::in_folder(&scratch.1);
        let mut typing = Editor::start(&scratch.1, pulling(), json!({ "pedantic": true }));
        let mut dice = Dice(number as u64 + 7);
        let mut text = whole.clone();
        typing.open(&file, &text);
        typing.pull(&file);
        for round in 0..rounds {
            let before = text.clone();
            let start = dice.place(&text);
            let end = match dice.below(3) {
                0 => dice.place(&text).clamp(start, (start + 40).min(text.len())),
                _ => start,
            };
            let end = (start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            // An editor speaks of whole line ends.
            if text[..start].ends_with('\r') || text[..end].ends_with('\r') {
                continue;
            }
            let new = snippets[dice.below(snippets.len())];
            typing.change(&file, Some(range(&text, start, end)), new);
            text.replace_range(start..end, new);
            let found = said(&typing.pull(&file), &text);
            let expected = later.sees(&file, &text);
            let of = |a: &[(String, String, String)], b: &[(String, String, String)]| {
                a.iter().filter(|row| !b.contains(row)).cloned().collect::<Vec<_>>()
            };
            let (more, less) = (of(&found, &expected), of(&expected, &found));
            assert!(
                more.is_empty() && less.is_empty(),
                "{format}, round {round}: {new:?} at {start}..{end} of\n{before}\nmore {more:?}\nless {less:?}"
            );
            // From time to time all is well again.
            if round % 8 == 7 {
                text.clone_from(&whole);
                typing.change(&file, None, &text);
            }
        }
        assert_eq!(typing.leave(), 0);
    }
}

/// `cargo test --release --test server_incremental -- --ignored --nocapture` prints how long an answer takes.
#[test]
#[ignore = "measures, and takes its time in a debug build"]
fn how_long_a_key_takes_among_ten_thousand_messages() {
    for format in ["json", "csv", "jsonl", "yaml", "properties"] {
        let mut text = catalogue(format, 10_000);
        let (scratch, file) = project(&format!("sms.{format}"), &text);
        for (manner, capabilities) in [("asked for", pulling()), ("sent", json!({}))] {
            let mut editor = Editor::start(&scratch.1, capabilities, Value::Null);
            let start = Instant::now();
            editor.open(&file, &text);
            if manner == "sent" {
                editor.pushed(&file, Some(1))
            } else {
                editor.pull(&file)
            };
            let first = start.elapsed();
            let mut times = Vec::new();
            for step in 0..40 {
                let at = text.find("400-000-5000").unwrap();
                let place = range(&text, at, at);
                let words = if step % 2 == 0 { "将上门" } else { "请" };
                let start = Instant::now();
                editor.change(&file, Some(place), words);
                if manner == "sent" {
                    editor.pushed(&file, Some(step + 2))
                } else {
                    editor.pull(&file)
                };
                times.push(start.elapsed());
                text.insert_str(at, words);
            }
            times.sort_unstable();
            let (half, most) = (times[times.len() / 2], times[times.len() - 1]);
            println!(
                "{format:10} {:5.1} MB, diagnostics {manner:9}: first {first:7.1?}, a key {half:6.1?} (most {most:6.1?})",
                text.len() as f64 / 1e6
            );
        }
    }
}
