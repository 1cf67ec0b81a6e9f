//! What users see. Beside each `fixtures/findings/<family>/NAME.EXT` stands `NAME.EXT.full`, the report of
//! that one file; nothing in `fixtures/clean` may be reported; `fixtures/demo` is the tour of the README.
//!
//! `DUNLINT_UPDATE=1 cargo test --test fixtures` writes the expected texts anew. Without it a missing text is
//! a failure. Read what was written before you commit it: an expected text only proves that nothing changed.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder)
}

/// Runs `dunlint check` in `folder`, with nothing of the machine it runs on.
fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.current_dir(folder).args(["check", "--lang", "en"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// All files below `folder`, relative to it, with `/`, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"))
        .collect();
    found.sort();
    found
}

/// The fixtures of `findings`, without the expected texts.
fn findings(all: &[String]) -> impl Iterator<Item = &String> {
    all.iter().filter(|name| !name.ends_with(".full"))
}

#[test]
fn findings_look_as_expected() {
    let folder = fixtures("findings");
    let update = std::env::var_os("DUNLINT_UPDATE").is_some_and(|value| value == "1");
    let all = files(&folder);
    let mut wrong = Vec::new();
    for name in findings(&all) {
        let output = check(&folder, &["--isolated", "--pedantic", "--fail-on", "note", name]);
        let actual = text(&output.stdout);
        let family = name.split('/').next().unwrap();
        if output.status.code() != Some(1) {
            wrong.push(format!("{name}: exit {:?}\n{actual}{}", output.status.code(), text(&output.stderr)));
        } else if !actual.contains(&format!("[{family}/")) {
            wrong.push(format!("{name}: nothing of the family `{family}`\n{actual}"));
        }
        let path = folder.join(format!("{name}.full"));
        if update {
            fs::write(&path, &actual).unwrap();
        } else if fs::read_to_string(&path).ok().is_none_or(|expected| expected != actual) {
            wrong.push(format!("{name}: not as in {name}.full, but\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{} of them are wrong:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_expected_text_belongs_to_a_fixture() {
    let all = files(&fixtures("findings"));
    let orphans: Vec<&String> = all
        .iter()
        .filter(|name| name.strip_suffix(".full").is_some_and(|stem| !all.iter().any(|n| n == stem)))
        .collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn every_family_has_a_fixture() {
    let all = files(&fixtures("findings"));
    for family in dunlint::policy::FAMILIES {
        assert!(findings(&all).any(|name| name.starts_with(&format!("{family}/"))), "{family}");
    }
}

#[test]
fn clean_files_give_nothing() {
    let folder = fixtures("clean");
    let all = files(&folder);
    assert!(all.len() > 10, "{all:?}");
    let mut wrong = Vec::new();
    for name in &all {
        let output = check(&folder, &["--isolated", "--format", "json", "--fail-on", "note", name]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let read = report["summary"]["templates_checked"].as_u64().unwrap();
        if output.status.code() != Some(0) || read == 0 {
            wrong.push(format!("{name}: {read} templates, {:#}", report["diagnostics"]));
        }
    }
    assert!(wrong.is_empty(), "{} of them are wrong:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_demo_has_findings_and_no_problems() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = check(root, &["--format", "json", "fixtures/demo"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["run"]["complete"], true);
    let guessed: Vec<_> = report["problems"].as_array().unwrap().iter().collect();
    assert!(guessed.is_empty(), "{guessed:?}");
    // That no campaign sends a template says nothing of its wording.
    let hit = |id: &str| {
        let mut all = report["diagnostics"].as_array().unwrap().iter();
        all.any(|d| d["template"]["id"].as_str() == Some(id) && d["family"] != "frequency")
    };
    let templates =
        report["files"].as_array().unwrap().iter().flat_map(|f| f["templates"].as_array().unwrap());
    let clean: Vec<&str> = templates.filter_map(|id| id.as_str()).filter(|id| !hit(id)).collect();
    let expected = ["pre-due-t3", "overdue-d1", "repaid", "anti-fraud", "tw-due-soon", "uk-reminder"];
    for id in expected {
        assert!(clean.contains(&id), "{id} is reported");
    }
    let host = |name: &str| report["files"].as_array().unwrap().iter().any(|f| f["host"] == name);
    assert!(["plain", "json", "yaml", "csv"].into_iter().all(host));
}
