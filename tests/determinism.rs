//! The report is the same bytes however many threads made it, and however often.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::policy::PolicySet;
use snapbox::dir::DirRoot;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// A tree of 300 files made of the examples of all rules: one-file templates, catalogues, broken files.
fn tree(root: &Path) {
    let (policies, ..) = PolicySet::load_whole(&[]);
    let texts: Vec<&str> =
        policies.rules.iter().flat_map(|r| r.fail.iter().chain(&r.pass)).map(|e| e.text.as_str()).collect();
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    for file in 0..300 {
        let folder = root.join(format!("d{}/e{}", file % 7, file % 11));
        std::fs::create_dir_all(&folder).unwrap();
        let text = |n: usize| texts[(file * 13 + n * 7) % texts.len()];
        let (name, content) = match file % 6 {
            0 | 1 => (format!("t{file}.txt"), text(0).to_owned()),
            2 => {
                let rows: Vec<String> =
                    (0..9).map(|n| format!("{{\"id\": \"r{n}\", \"text\": {}}}", quoted(text(n)))).collect();
                (format!("t{file}.json"), format!("[{}]", rows.join(",\n")))
            }
            3 => {
                let mut rows = String::new();
                for n in 0..5 {
                    writeln!(rows, "- id: r{n}\n  text: {}", quoted(text(n))).unwrap();
                }
                (format!("t{file}.yaml"), rows)
            }
            4 => {
                let mut rows = "id,text\n".to_owned();
                for n in 0..5 {
                    writeln!(rows, "r{n},\"{}\"", text(n).replace('"', "\"\"")).unwrap();
                }
                (format!("t{file}.csv"), rows)
            }
            _ => (format!("t{file}.json"), format!("[{{\"id\": \"a\", \"text\": {}", quoted(text(0)))),
        };
        std::fs::write(folder.join(name), content).unwrap();
    }
}

fn report(root: &Path, jobs: &str, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_dunlint"))
        .current_dir(root)
        .args(["check", "--isolated", "--lang", "en", "--format", format, "--jobs", jobs])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "there are broken files in it");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn threads_change_nothing() {
    let directory = DirRoot::mutable_temp().unwrap();
    let root = directory.path().unwrap();
    tree(root);
    for format in ["json", "json-lines", "full", "concise"] {
        let first = report(root, "1", format);
        if format == "json" {
            let value: serde_json::Value = serde_json::from_str(&first).unwrap();
            assert_eq!(value["files"].as_array().unwrap().len(), 300);
            assert!(value["diagnostics"].as_array().unwrap().len() > 300);
            assert!(!value["problems"].as_array().unwrap().is_empty());
            sorted(&value);
        }
        for jobs in ["1", "2", "8", "2", "8"] {
            let again = report(root, jobs, format);
            assert!(first == again, "{format} with {jobs} threads differs");
        }
    }
}

/// Lists are sorted as the interface says.
fn sorted(report: &serde_json::Value) {
    let key = |d: &serde_json::Value| {
        let primary = &d["primary"];
        let number = |name: &str| primary[name].as_u64().unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        (text(&primary["path"]), number("byte_start"), number("byte_end"), text(&d["rule_id"]))
    };
    assert!(report["diagnostics"].as_array().unwrap().is_sorted_by_key(key));
    assert!(report["files"].as_array().unwrap().is_sorted_by_key(|f| f["path"].as_str().unwrap()));
    assert!(report["rules"].as_array().unwrap().is_sorted_by_key(|f| f["id"].as_str().unwrap()));
    assert!(report["problems"].as_array().unwrap().is_sorted_by_key(|p| p["path"].as_str().unwrap_or("")));
}
