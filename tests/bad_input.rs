//! What cannot be read is a problem at its place with exit code 2, the files beside it are still checked,
//! and nothing of it is ever called clean.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use snapbox::dir::DirRoot;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A message with errors: the file that must be checked whatever stands beside it.
const BAD: &str = "再不还款我们就上门打死你。";
const CLEAN: &str = "【某某金融】您好，您的账单已出，请登录手机银行查看，客服95000。";

struct Project {
    _directory: DirRoot,
    root: PathBuf,
}

impl Project {
    fn new() -> Self {
        let directory = DirRoot::mutable_temp().unwrap();
        let root = directory.path().unwrap().to_owned();
        let project = Self { _directory: directory, root };
        project.write("other.txt", BAD);
        project
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let file = self.root.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let started = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_dunlint"))
            .current_dir(&self.root)
            .env("LC_ALL", "C")
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("panicked"), "{arguments:?}\n{told}");
        assert!(started.elapsed() < Duration::from_secs(60), "{arguments:?}: {:?}", started.elapsed());
        output
    }

    /// The JSON report of the whole folder.
    fn report(&self) -> Value {
        self.report_of(&["."])
    }

    fn report_of(&self, paths: &[&str]) -> Value {
        let output = self.run(&[&["check", "--format", "json", "--today", "2026-06-01"], paths].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["run"]["exit_code"].as_i64(), output.status.code().map(i64::from));
        report
    }

    /// The one problem of the folder is `code` in `path`, at `line` if it has a place; the other file is
    /// checked; people are told so.
    fn one_problem(&self, path: &str, code: &str, line: Option<u64>) {
        let report = self.report();
        let about: Vec<&Value> = errors(&report).collect();
        assert_eq!(about.len(), 1, "{path}: {about:#?}");
        assert_eq!(about[0]["code"], code, "{about:#?}");
        assert_eq!(about[0]["path"], path, "{about:#?}");
        assert_eq!(about[0]["span"]["start"]["line"].as_u64(), line, "{about:#?}");
        assert_eq!(report["run"]["exit_code"], 2);
        assert_eq!(report["run"]["complete"], false);
        assert_eq!(report["run"]["exit_reason"], "problem");
        assert!(finds(&report, "other.txt"), "{path}: the file beside it was not checked");
        for arguments in [&["check"][..], &["check", "--format", "concise"], &["check", "--statistics"]] {
            let output = self.run(arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            let told = [output.stdout, output.stderr].concat();
            let told = String::from_utf8_lossy(&told);
            assert!(told.contains(&format!("error[{code}]")), "{arguments:?}\n{told}");
        }
    }
}

fn errors(report: &Value) -> impl Iterator<Item = &Value> {
    report["problems"].as_array().unwrap().iter().filter(|problem| problem["level"] == "error")
}

fn finds(report: &Value, path: &str) -> bool {
    report["diagnostics"].as_array().unwrap().iter().any(|d| d["primary"]["path"] == path)
}

fn broken(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken").join(folder)
}

#[test]
fn broken_files_are_one_problem_at_their_place() {
    let expected = [
        ("alias.yaml", "yaml-alias", 4),
        ("comma.json", "json-syntax", 2),
        ("cut-off.json", "json-syntax", 4),
        ("encoding.txt", "not-utf8", 1),
        ("front-matter-open.txt", "front-matter", 1),
        ("front-matter-toml.txt", "toml-syntax", 2),
        ("front-matter-yaml.txt", "yaml-syntax", 2),
        ("line.jsonl", "json-syntax", 2),
        ("nul-byte.txt", "nul-byte", 1),
        ("quote.csv", "csv-quotes", 2),
        ("quote.yaml", "yaml-syntax", 5),
        ("ragged.csv", "ragged-row", 3),
        ("value.toml", "toml-syntax", 3),
    ];
    let mut there: Vec<String> = fs::read_dir(broken("files"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(there, expected.map(|(name, ..)| name));
    for (name, code, line) in expected {
        let project = Project::new();
        project.write(name, fs::read(broken("files").join(name)).unwrap());
        project.one_problem(name, code, Some(line));
    }
}

#[test]
fn records_around_a_mistake_are_checked() {
    let project = Project::new();
    project.write("a.jsonl", format!("{{\"id\":\"a\",\n{{\"id\":\"b\",\"text\":\"{BAD}\"}}\n"));
    project.one_problem("a.jsonl", "json-syntax", Some(1));
    assert!(finds(&project.report(), "a.jsonl"));
}

#[test]
fn broken_policies_are_not_used_and_not_proved() {
    let run = |name: &str| {
        let file = broken("policies").join(name);
        let output = Project::new().run(&["test", "--isolated", file.to_str().unwrap()]);
        let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), told)
    };
    for (name, code, place) in [
        ("misspelt.toml", "error[unknown-key]: unknown key `levle`", "misspelt.toml:15:1"),
        ("no-examples.toml", "error[no-examples]", "no-examples.toml:13:1"),
        ("syntax.toml", "error[invalid-toml]", "syntax.toml:14:24"),
        ("unknown-basis.toml", "error[unknown-basis]", "unknown-basis.toml:19:14"),
    ] {
        let (status, told) = run(name);
        assert_eq!(status, Some(2), "{name}\n{told}");
        assert!(told.contains(code) && told.contains(place), "{name}\n{told}");
        let project = Project::new();
        project.write("dunlint.toml", format!("policies = [\"{name}\"]\n"));
        project.write(name, fs::read(broken("policies").join(name)).unwrap());
        let report = project.report();
        assert_eq!(report["run"]["exit_code"], 2, "{name}");
        assert!(errors(&report).all(|problem| problem["path"] == name && problem["span"].is_object()));
        assert!(finds(&report, "other.txt"));
    }
    let (status, told) = run("false-example.toml");
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains("error[example-fails]") && told.contains("false-example.toml:23:9"), "{told}");
}

#[test]
fn broken_configurations_are_problems() {
    for (content, code, line) in [
        ("[rules\n", "invalid-toml", 1),
        ("\n[rules]\n\"threat/nothing\" = \"off\"\n", "unknown-rule", 3),
        ("exclude = [\"[\"]\n", "bad-glob", 1),
        ("policies = [\"none.toml\"]\n", "missing-policy", 1),
        ("[[suppress]]\nrule = \"threat/visit\"\nreason = \"\"\n", "no-reason", 3),
        ("extends = [\"dunlint.toml\"]\n", "extends-cycle", 1),
    ] {
        let project = Project::new();
        project.write("dunlint.toml", content);
        project.one_problem("dunlint.toml", code, Some(line));
    }
    let deep = format!("a = {}", "[".repeat(10_000));
    let project = Project::new();
    project.write("dunlint.toml", deep);
    let report = project.report();
    let codes: Vec<&Value> = errors(&report).map(|problem| &problem["code"]).collect();
    assert!(!codes.is_empty() && codes.len() <= 2, "{codes:?}");
}

#[test]
fn a_configuration_that_is_no_file_is_a_problem() {
    let project = Project::new();
    fs::create_dir(project.root.join("dunlint.toml")).unwrap();
    project.one_problem("dunlint.toml", "unreadable-config", None);
}

#[test]
fn nothing_to_check_is_not_clean() {
    let project = Project::new();
    fs::create_dir(project.root.join("empty")).unwrap();
    project.write("data/numbers.json", "[1, 2]");
    project.write("data/photo.jpg", [0xff, 0xd8, 0]);
    for (path, code) in [
        ("empty", "no-files"),
        ("data", "no-files"),
        ("data/numbers.json", "no-templates"),
        ("missing", "no-such-path"),
        ("missing.txt", "no-such-path"),
        ("other.txt/below", "unreadable"),
        ("data/photo.jpg", "not-utf8"),
    ] {
        let report = project.report_of(&[path]);
        let about: Vec<&Value> = errors(&report).collect();
        assert_eq!(about.len(), 1, "{path}: {about:#?}");
        assert_eq!(about[0]["code"], code);
        assert_eq!(report["run"]["exit_code"], 2);
    }
    let report = project.report_of(&["missing", "other.txt", "data/numbers.json"]);
    assert_eq!(errors(&report).count(), 1);
    assert!(finds(&report, "other.txt"));
}

#[test]
fn foreign_files_are_only_read_when_named() {
    let project = Project::new();
    for name in ["README.md", "LICENSE", "main.rs", "image.png", "Makefile"] {
        project.write(name, BAD);
    }
    let report = project.report();
    assert_eq!(report["run"]["exit_code"], 1);
    assert_eq!(report["files"].as_array().unwrap().len(), 1);
    assert_eq!(report["summary"]["files_skipped"], 5);
    assert!(finds(&project.report_of(&["README.md"]), "README.md"));
    project.write("dunlint.toml", "[[source]]\nfiles = \"*.md\"\nhost = \"plain\"\n");
    let report = project.report();
    assert!(finds(&report, "README.md") && finds(&report, "other.txt") && !finds(&report, "main.rs"));
}

#[test]
fn policies_of_nested_configurations_are_loaded() {
    let project = Project::new();
    let policy = fs::read_to_string(broken("policies/misspelt.toml")).unwrap().replace("levle", "level");
    project.write("team/dunlint.toml", "policies = [\"house.toml\"]\n");
    project.write("team/house.toml", policy);
    project.write("team/sub/a.txt", "【某某金融】快快快还款，客服95000。");
    let report = project.report();
    assert_eq!(report["run"]["exit_code"], 1, "{:#}", report["problems"]);
    let house = |d: &Value| d["rule_id"] == "informal/shouting" && d["primary"]["path"] == "team/sub/a.txt";
    assert!(report["diagnostics"].as_array().unwrap().iter().any(house));
}

#[test]
fn long_lines_take_bounded_time() {
    // Without optimisation a tenth of it takes as long.
    let bytes = if cfg!(debug_assertions) { 10_000_000 } else { 100_000_000 };
    let line = "您好，您的账单已出。".repeat(bytes / 30);
    let commas = ",".repeat(bytes);
    for (name, content, code) in [
        ("line.txt", line.clone(), "body-too-long"),
        ("line.json", format!("{{\"id\":\"a\",\"text\":\"{line}\"}}"), "body-too-long"),
        ("commas.csv", format!("id,text\n{commas}"), "too-many-values"),
    ] {
        let project = Project::new();
        project.write(name, content);
        project.one_problem(name, code, Some(if name.ends_with("csv") { 2 } else { 1 }));
    }
}

#[test]
fn deep_nesting_is_one_problem() {
    let n = 10_000;
    for (name, content, code) in [
        ("a.json", "[".repeat(n) + &"]".repeat(n), "too-deep"),
        ("b.json", "{\"a\":".repeat(n) + "1" + &"}".repeat(n), "too-deep"),
        ("a.yaml", "[".repeat(n), "too-deep"),
        ("b.yaml", "- ".repeat(n) + "a", "too-deep"),
        ("a.toml", format!("a = {}", "[".repeat(n)), "toml-syntax"),
        ("a.txt", format!("---\na: {}\n---\n您好", "[".repeat(n)), "too-deep"),
    ] {
        let project = Project::new();
        project.write(name, content);
        project.one_problem(name, code, Some(if name == "a.txt" { 2 } else { 1 }));
    }
}

#[test]
fn hostile_bodies_are_survived() {
    let project = Project::new();
    let bytes = if cfg!(debug_assertions) { 4_000 } else { 16_000 };
    for (i, piece) in [
        "{",
        "${",
        "{{",
        "{#",
        "#",
        "%",
        "%1$",
        "@var(",
        "{{#if a}}",
        "{% if a %}",
        "{% if a %}x{% else %}y{% endif %}",
        "【",
        "(",
        "（",
        "1,",
        "9",
        "a\u{200b}",
        "e\u{301}",
        "https://a.",
        "再不还款",
        "{a, plural, other {",
        "您-",
    ]
    .iter()
    .enumerate()
    {
        project.write(&format!("h{i}.txt"), piece.repeat(bytes / piece.len()));
    }
    let report = project.report();
    assert_eq!(errors(&report).count(), 0, "{:#}", report["problems"]);
    assert!(finds(&report, "other.txt"));
}

#[test]
fn a_search_that_is_given_up_is_told() {
    let project = Project::new();
    let policy = fs::read_to_string(broken("policies/misspelt.toml")).unwrap().replace("levle", "level");
    let phrase = "宇 ..30 宙 ..30 宙 ..30 宙 ..30 宙 ..30 洪";
    project.write("house.toml", policy.replace("快快快还\"]\n", &format!("{phrase}\"]\n")));
    project.write("dunlint.toml", "policies = [\"house.toml\"]\n");
    project.write("costly.txt", format!("洪宇{}", "宙".repeat(200)));
    project.one_problem("costly.txt", "judged-in-part", Some(1));
}

#[test]
fn hostile_phrases_are_mistakes_of_the_policy() {
    let policy = fs::read_to_string(broken("policies/misspelt.toml")).unwrap().replace("levle", "level");
    for phrase in [
        "(".repeat(10_000),
        "(a | ".repeat(5_000),
        "a ..9".repeat(2_000),
        "(a)?".repeat(2_000),
        "@x".to_owned(),
    ] {
        let project = Project::new();
        project.write("house.toml", policy.replace("快快快还\"]\n", &format!("{phrase}\"]\n")));
        project.write("dunlint.toml", "policies = [\"house.toml\"]\n");
        let report = project.report();
        assert!(
            errors(&report).all(|problem| problem["path"] == "house.toml" && problem["span"].is_object())
        );
        assert!(finds(&report, "other.txt"));
    }
}

#[test]
fn a_suppression_suppresses_until_its_day() {
    let project = Project::new();
    let config = |until: &str| {
        format!(
            "[rules]\n\"family:identity\" = \"off\"\n\"family:amount\" = \"off\"\n\"family:channel\" = \"off\"\n\"family:threat\" = \"off\"\n\"threat/visit\" = \"error\"\n[[suppress]]\nrule = \"threat/visit\"\nfiles = [\"*.txt\"]\nreason = \"agreed\"\nuntil = {until}\nowner = \"compliance\"\n"
        )
    };
    let visit = |report: &Value| {
        let all = report["diagnostics"].as_array().unwrap();
        all.iter().find(|d| d["rule_id"] == "threat/visit").unwrap()["suppression"].clone()
    };
    project.write("dunlint.toml", config("2026-06-01"));
    let report = project.report();
    assert_eq!(visit(&report)["status"], "active");
    assert_eq!(visit(&report)["kind"], "config");
    assert_eq!(visit(&report)["reason"], "agreed");
    assert_eq!(visit(&report)["until"], "2026-06-01");
    assert_eq!(visit(&report)["owner"], "compliance");
    assert_eq!(report["summary"]["suppressed"]["active"], 1);
    assert_eq!(report["summary"]["by_level"]["error"], 0);
    assert!(report["summary"]["by_rule"]["threat/visit"].is_null());
    assert_eq!(report["run"]["exit_code"], 0, "{report:#}");
    let output = project.run(&["check", "--today", "2026-06-01", "--pedantic", "--lang", "en"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(!told.contains("threat/visit") && told.contains("1 suppressed"), "{told}");
    assert_eq!(output.status.code(), Some(0));

    project.write("dunlint.toml", config("2026-05-31"));
    let report = project.report();
    assert_eq!(visit(&report)["status"], "expired");
    assert_eq!(report["summary"]["suppressed"]["expired"], 1);
    assert_eq!(report["summary"]["by_level"]["error"], 1);
    assert_eq!(report["run"]["exit_code"], 1);
}

#[test]
fn statistics_name_the_problem() {
    let project = Project::new();
    project.write("bad.txt", [0xd2, 0xd1]);
    let output = project.run(&["check", "--statistics"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("bad.txt:1:1: error[not-utf8]"), "{told}");
}

#[test]
fn standard_input_is_read_as_its_name_says() {
    let project = Project::new();
    let check = |name: &str, bytes: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dunlint"))
            .current_dir(&project.root)
            .args(["check", "--format", "json", "--stdin-filename", name, "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), report)
    };
    let (code, report) = check("sub/a.txt", BAD.as_bytes());
    assert_eq!(code, Some(1));
    assert!(finds(&report, "sub/a.txt") && !finds(&report, "other.txt"));
    assert_eq!(check("a.txt", CLEAN.as_bytes()).0, Some(0));
    for (name, bytes) in [("a.json", &b"{"[..]), ("a.txt", b"\xd2\xd1"), ("a.yaml", b"- [")] {
        let (code, report) = check(name, bytes);
        assert_eq!((code, errors(&report).count()), (Some(2), 1), "{name}");
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::io::Read;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn an_unreadable_file_is_a_problem() {
        let project = Project::new();
        project.write("secret.txt", CLEAN);
        let file = project.root.join("secret.txt");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
        // Root reads everything.
        if fs::read(&file).is_err() {
            project.one_problem("secret.txt", "unreadable", None);
        }
    }

    #[test]
    fn pipes_and_devices_are_not_waited_for() {
        let project = Project::new();
        let made = Command::new("mkfifo").arg(project.root.join("pipe.txt")).status();
        if made.is_ok_and(|status| status.success()) {
            project.one_problem("pipe.txt", "unreadable", None);
            fs::rename(project.root.join("pipe.txt"), project.root.join("dunlint.toml")).unwrap();
            project.one_problem("dunlint.toml", "unreadable-config", None);
        }
        for arguments in
            [&["check", "/dev/zero"][..], &["parse", "/dev/zero"], &["check", "--config", "/dev/zero"]]
        {
            assert_eq!(project.run(arguments).status.code(), Some(2), "{arguments:?}");
        }
    }

    #[test]
    fn links_are_followed_once() {
        let project = Project::new();
        fs::create_dir_all(project.root.join("a/b")).unwrap();
        symlink("../..", project.root.join("a/b/loop")).unwrap();
        symlink("itself.txt", project.root.join("itself.txt")).unwrap();
        let report = project.report();
        let codes: Vec<(&str, &str)> = report["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| (p["code"].as_str().unwrap(), p["level"].as_str().unwrap()))
            .collect();
        assert_eq!(codes, [("link-loop", "note"), ("broken-link", "error")]);
        assert_eq!(report["files"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_dead_link_to_the_configuration_is_one_problem() {
        let project = Project::new();
        symlink("nowhere.toml", project.root.join("dunlint.toml")).unwrap();
        project.one_problem("dunlint.toml", "unreadable-config", None);
    }

    #[test]
    fn a_folder_named_like_a_template_is_a_folder() {
        let project = Project::new();
        project.write("a.txt/b.txt", BAD);
        let report = project.report();
        assert!(finds(&report, "a.txt/b.txt") && finds(&report, "other.txt"));
        assert_eq!(report["run"]["exit_code"], 1);
    }

    #[test]
    fn names_that_are_not_utf8_are_told_apart() {
        let project = Project::new();
        let long = format!("{}{BAD}", "您好。".repeat(50));
        if fs::write(project.root.join(OsStr::from_bytes(b"\xff.txt")), &long).is_err() {
            return; // A file system that has no such names.
        }
        fs::write(project.root.join(OsStr::from_bytes(b"\xfe.txt")), BAD).unwrap();
        fs::write(project.root.join("a\nb\u{1b}[31m.txt"), BAD).unwrap();
        let report = project.report();
        assert!(finds(&report, "\\xff.txt") && finds(&report, "\\xfe.txt"));
        let told = project.run(&["check", "--format", "concise"]).stdout;
        assert!(!told.contains(&0x1b));
        assert!(String::from_utf8(told).unwrap().lines().all(|line| line.contains(".txt:")));
    }

    #[test]
    fn a_closed_pipe_is_a_clean_end() {
        let project = Project::new();
        for i in 0..400 {
            project.write(&format!("many/{i}.txt"), BAD);
        }
        for format in ["full", "concise", "json", "json-lines"] {
            let mut child = Command::new(env!("CARGO_BIN_EXE_dunlint"))
                .current_dir(&project.root)
                .args(["check", "--format", format])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut first = [0; 1];
            child.stdout.take().unwrap().read_exact(&mut first).unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{format}");
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(!told.contains("panicked") && !told.contains("dunlint:"), "{format}: {told}");
        }
    }
}
