//! The formats of other tools, over files with the hard cases (Chinese, emoji, CRLF, a byte order mark, names with blanks
//! and signs): every region is cut out of the file and is the marked text; nothing of a template gives orders to a runner.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use snapbox::dir::DirRoot;
use std::fs;
use std::process::Command;

/// Marked twice each, by one rule: after emoji, in a line after CRLF, behind a byte order mark.
const FILES: [(&str, &str); 3] = [
    ("短信/a b%,:#.txt", "\u{feff}【某某金融】👨‍👩‍👧𠮷${name}，我们将安排人员上门催收，客服95000。"),
    (
        "crlf.txt",
        "---\r\nid: crlf\r\n---\r\n【某某金融】😀${name}，\r\n1️⃣我们将安排人员上门催收，\r\n客服95000。\r\n",
    ),
    (
        "list.json",
        "[{\"id\":\"x\",\"text\":\"【某某金融】您好，我们将安排人员\\u4e0a\\u95e8催收，客服95000，卡号6222020200112230。\"},\n{\"id\":\"]]>&\\\"\",\"text\":\"::error::x\\n::stop-commands::x【某某金融】我们将安排人员上\\u0007门催收，客服95000。\"}]",
    ),
];

struct Project(DirRoot);

impl Project {
    fn new() -> Self {
        let project = Self(DirRoot::mutable_temp().unwrap());
        for (name, text) in FILES {
            let file = project.0.path().unwrap().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        project
    }

    fn check(&self, format: &str, more: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
        command.current_dir(self.0.path().unwrap()).args([
            "check",
            "--isolated",
            "--lang",
            "en",
            "--format",
            format,
        ]);
        String::from_utf8(command.args(more).output().unwrap().stdout).unwrap()
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_str(&self.check(format, &[])).unwrap()
    }

    /// The marked texts as the bytes of the JSON report cut them, by path, start line and rule.
    fn marks(&self) -> Vec<(String, u64, String, String)> {
        let report = self.json("json");
        let findings = report["diagnostics"].as_array().unwrap().iter();
        let shown = findings.filter(|d| d["level"] != "note" && d["confidence"] == "high");
        let mut marks: Vec<_> = shown
            .map(|d| {
                let primary = &d["primary"];
                let path = primary["path"].as_str().unwrap().to_owned();
                let at = |end: &str| usize::try_from(primary[end].as_u64().unwrap()).unwrap();
                let cut = text_of(&path)[at("byte_start")..at("byte_end")].to_owned();
                (
                    path,
                    primary["start"]["line"].as_u64().unwrap(),
                    d["rule_id"].as_str().unwrap().to_owned(),
                    cut,
                )
            })
            .collect();
        marks.sort();
        marks
    }
}

fn text_of(path: &str) -> &'static str {
    FILES.iter().find(|(name, _)| *name == path).unwrap().1
}

/// What stands between two places, counted in lines and in characters or bytes from 1. A byte order mark has no column.
fn cut(path: &str, start: (u64, u64), end: (u64, u64), bytes: bool) -> String {
    let text = text_of(path).trim_start_matches('\u{feff}');
    let offset = |(line, column): (u64, u64)| {
        let before: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
        let rest = &text[before..];
        let column = column as usize - 1;
        before + if bytes { column } else { rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at) }
    };
    text[offset(start)..offset(end)].to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn sarif_regions_are_the_marked_texts() {
    let project = Project::new();
    let report = project.json("sarif");
    let run = &report["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let mut found: Vec<_> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|b| b.is_ascii_graphic()) && !uri.starts_with('/'), "{uri}");
            let path = decoded(uri);
            let region = &place["region"];
            let start = (number(&region["startLine"]), number(&region["startColumn"]));
            let end = (number(&region["endLine"]), number(&region["endColumn"]));
            let rule = usize::try_from(number(&result["ruleIndex"])).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
            assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
            let mark = cut(&path, start, end, false);
            (path, start.0, result["ruleId"].as_str().unwrap().to_owned(), mark)
        })
        .collect();
    found.sort();
    assert_eq!(found, project.marks());
    assert!(found.iter().any(|(path, ..)| path.starts_with("短信/")));
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        assert!(rule["fullDescription"]["text"].as_str().unwrap().chars().count() <= 1000);
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
    }
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let hex: String = [rest.next().unwrap(), rest.next().unwrap()].map(char::from).iter().collect();
            u8::from_str_radix(&hex, 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn rdjson_counts_bytes() {
    let project = Project::new();
    let mut found: Vec<_> = project.json("rdjson")["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let path = row["location"]["path"].as_str().unwrap().to_owned();
            let place = |end: &str| {
                let place = &row["location"]["range"][end];
                (number(&place["line"]), number(&place["column"]))
            };
            let mark = cut(&path, place("start"), place("end"), true);
            (path, place("start").0, row["code"]["value"].as_str().unwrap().to_owned(), mark)
        })
        .collect();
    found.sort();
    assert_eq!(found, project.marks());
}

#[test]
fn gitlab_entries_are_whole_and_their_fingerprints_differ() {
    let project = Project::new();
    let report = project.json("gitlab");
    let rows = report.as_array().unwrap();
    let mut found: Vec<_> = rows
        .iter()
        .map(|row| {
            assert!(row["description"].is_string() && row["severity"].is_string());
            assert!(row["location"]["lines"]["begin"].is_u64());
            let path = row["location"]["path"].as_str().unwrap().to_owned();
            let place = |end: &str| {
                let place = &row["location"]["positions"][end];
                (number(&place["line"]), number(&place["column"]))
            };
            let mark = cut(&path, place("begin"), place("end"), false);
            (path, place("begin").0, row["check_name"].as_str().unwrap().to_owned(), mark)
        })
        .collect();
    found.sort();
    assert_eq!(found, project.marks());
    let mut fingerprints: Vec<&str> = rows.iter().map(|row| row["fingerprint"].as_str().unwrap()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), rows.len());
}

#[test]
fn xml_formats_are_well_formed_and_point_at_the_lines() {
    let project = Project::new();
    for format in ["checkstyle", "junit"] {
        let text = project.check(format, &[]);
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        let (mut depth, mut elements) = (0_i32, Vec::new());
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(start) => {
                    depth += 1;
                    elements.push(start.name().as_ref().to_owned());
                    start.attributes().for_each(|attribute| drop(attribute.unwrap()));
                }
                quick_xml::events::Event::Empty(start) => {
                    elements.push(start.name().as_ref().to_owned());
                    start.attributes().for_each(|attribute| drop(attribute.unwrap()));
                }
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{format}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{format}");
        let count = |name: &str| elements.iter().filter(|element| *element == name).count();
        if format == "checkstyle" {
            assert_eq!((count("file"), count("error")), (3, project.marks().len()));
        } else {
            let tests = text.split("tests=\"").nth(1).unwrap().split('"').next().unwrap();
            assert_eq!(count("testcase").to_string(), tests);
            let errors = project.json("json")["summary"]["by_level"]["error"].as_u64().unwrap();
            assert_eq!(count("failure") as u64, errors);
        }
    }
}

#[test]
fn github_commands_are_escaped_and_few() {
    let project = Project::new();
    let text = project.check("github", &[]);
    for line in text.lines() {
        let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (word, properties) = head.split_once(' ').unwrap();
        assert!(matches!(word, "error" | "warning" | "notice"), "{line}");
        assert!(!message.contains('\r'));
        for property in properties.split(',') {
            assert!(!property.split_once('=').unwrap().1.contains(':'), "{line}");
        }
    }
    assert!(text.lines().filter(|line| line.starts_with("::error")).count() <= 10);
    let name = "file=短信/a b%25%2C%3A#.txt,";
    assert!(text.contains(name), "{text}");
}

/// A runner obeys lines that begin with `::`; no format lets the words of a template begin one.
#[test]
fn templates_give_no_orders() {
    let project = Project::new();
    for format in dunlint::report::FORMATS {
        for more in [&[][..], &["--diff"]] {
            let text = project.check(format.name, more);
            let orders = text.lines().filter(|line| line.trim_start().starts_with("::"));
            let foreign = orders.filter(|line| !line.contains("title=dunlint"));
            assert_eq!(foreign.collect::<Vec<_>>(), Vec::<&str>::new(), "{}", format.name);
        }
    }
}

#[test]
fn a_clean_run_is_a_whole_document_too() {
    let project = Project::new();
    let file = project.0.path().unwrap().join("clean.txt");
    fs::write(file, "【某某金融】您好，您的账单已出，请登录手机银行查看，客服95000。").unwrap();
    for (format, begins) in
        [("sarif", "{"), ("gitlab", "[]"), ("rdjson", "{"), ("junit", "<?xml"), ("checkstyle", "<?xml")]
    {
        let text = project.check(format, &["clean.txt"]);
        assert!(text.starts_with(begins), "{format}: {text}");
    }
}

/// What goes to other systems shows no number of a person; several reports come from one run.
#[test]
fn identifiers_are_masked() {
    let project = Project::new();
    let names = ["sarif", "github", "gitlab", "junit", "checkstyle", "rdjson"];
    let reports: Vec<String> = names.iter().map(|name| format!("{name}={name}.out")).collect();
    let more: Vec<&str> = reports.iter().flat_map(|report| ["--report", report.as_str()]).collect();
    assert!(project.check("json", &more).contains("6222020200112230"));
    for name in names {
        let text = fs::read_to_string(project.0.path().unwrap().join(format!("{name}.out"))).unwrap();
        assert!(!text.contains("6222020200112230"), "{name}");
        assert_eq!(text, project.check(name, &[]), "{name}");
    }
}

/// What reviewdog reads, member by member: `tests/schemas/rdjson.schema.json` says the same to check-jsonschema.
mod rdjson {
    #![allow(dead_code, reason = "that it can be read is the test")]

    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Report {
        pub(super) source: Source,
        pub(super) diagnostics: Vec<Diagnostic>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Source {
        pub(super) name: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Diagnostic {
        pub(super) message: String,
        pub(super) location: Location,
        severity: Severity,
        code: Code,
        #[serde(default)]
        suggestions: Vec<Suggestion>,
        #[serde(default, rename = "relatedLocations")]
        related: Vec<Related>,
    }

    #[derive(Deserialize)]
    enum Severity {
        #[serde(rename = "ERROR")]
        Error,
        #[serde(rename = "WARNING")]
        Warning,
        #[serde(rename = "INFO")]
        Info,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Location {
        pub(super) path: String,
        pub(super) range: Option<Range>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Range {
        pub(super) start: Position,
        pub(super) end: Position,
    }

    #[derive(Deserialize, PartialEq, PartialOrd)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Position {
        pub(super) line: std::num::NonZeroU32,
        pub(super) column: std::num::NonZeroU32,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Code {
        value: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Suggestion {
        range: Range,
        text: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Related {
        message: String,
        location: Location,
    }
}

#[test]
fn rdjson_holds_what_reviewdog_reads_and_nothing_else() {
    let project = Project::new();
    fs::write(project.0.path().unwrap().join("broken.toml"), "[campaign]\nid = 1\n").unwrap();
    for more in [&["--pedantic"][..], &["missing"], &["--rule", "concise"]] {
        let report: rdjson::Report = serde_json::from_str(&project.check("rdjson", more)).unwrap();
        assert_eq!(report.source.name, "dunlint");
        for diagnostic in &report.diagnostics {
            assert!(!diagnostic.message.is_empty() && !diagnostic.location.path.is_empty());
            assert!(diagnostic.location.range.as_ref().is_none_or(|range| range.start <= range.end));
        }
    }
}

/// The step of `action.yml` that checks, run as a runner would: with its inputs in the environment.
#[test]
#[cfg(unix)]
fn the_step_of_the_action_runs() {
    let action =
        fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap();
    let step = action.rsplit("      run: |\n").next().unwrap();
    let script: String = step.lines().map(|line| line.get(8..).unwrap_or("").to_owned() + "\n").collect();
    let project = Project::new();
    let root = project.0.path().unwrap();
    let bin = root.join("runner/dunlint/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir(root.join("more")).unwrap();
    fs::write(root.join("more/c.sms"), "【某某金融】我们将安排人员上门催收，客服95000。").unwrap();
    fs::write(root.join("clean.sms"), "【某某金融】您的账单应还${amount}元，客服95000。").unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dunlint"), bin.join("dunlint")).unwrap();
    let run = |paths: &str, fail_on: &str| {
        let out = root.join("outputs");
        fs::write(&out, "").unwrap();
        let mut command = Command::new("bash");
        command.current_dir(root).args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script]);
        command.env("GITHUB_OUTPUT", &out).env("RUNNER_TEMP", root.join("runner")).env("PATHS", paths);
        let rest = [("SINCE", ""), ("BASELINE", ""), ("FAIL_ON", fail_on), ("SARIF", "")];
        let output = command.envs(rest).output().unwrap();
        let shown = String::from_utf8_lossy(&output.stdout).matches("::error ").count();
        (output.status.code().unwrap(), fs::read_to_string(&out).unwrap(), shown)
    };
    assert_eq!(run("clean.sms", ""), (0, "exit-code=0\n".to_owned(), 0));
    assert_eq!(run("clean.sms more", "").0, 1);
    assert_eq!(run("clean.sms\nmore\n", ""), run("clean.sms more", ""), "paths on lines of their own");
    assert_eq!(run("more", "never").0, 0);
    assert_eq!(run("more '; touch pwned'", "").0, 2);
    assert!(!root.join("pwned").exists());
    assert_eq!(run("--help", "").0, 2, "a path, not an option");
}
