//! Every report format, over one made-up outcome that holds the hard cases: Chinese, full-width marks,
//! joined emoji, controls, CRLF, a byte order mark, a very long line, a mark over several lines.
//!
//! Expected texts stand in `fixtures/reports/`; `SNAPSHOTS=overwrite` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, reason = "modules of a test")]

mod sample;
mod sample_rules;

use dunlint::outcome::ReportContext;
use dunlint::report;
use dunlint::words::Lang;
use snapbox::{Data, assert_data_eq};
use std::path::PathBuf;

fn rendered(format: &str, change: impl FnOnce(&mut ReportContext<'_>)) -> String {
    let arguments = ["check".to_owned(), "templates".to_owned()];
    let configs = [("dunlint.toml".to_owned(), "00ff".to_owned())];
    let mut context = ReportContext {
        policies: &sample_rules::POLICIES,
        lang: Lang::En,
        pedantic: false,
        suppressed: false,
        fail_on: "error",
        exit_code: 2,
        arguments: &arguments,
        config_files: &configs,
        color: false,
        ascii: false,
        links: false,
        width: 100,
    };
    change(&mut context);
    let mut out = Vec::new();
    let outcome = sample::outcome();
    report::format(format).unwrap().reporter.report(&outcome, &context, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn expect(name: &str, actual: String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/reports").join(name);
    assert_data_eq!(Data::text(actual).raw(), Data::read_from(&path, None).raw());
}

#[test]
fn full_english() {
    expect("full.en.txt", rendered("full", |_| ()));
}

#[test]
fn full_chinese_with_notes() {
    expect(
        "full.zh.txt",
        rendered("full", |c| {
            c.lang = Lang::ZhHans;
            c.pedantic = true;
        }),
    );
}

#[test]
fn concise() {
    expect("concise.txt", rendered("concise", |_| ()));
}

#[test]
fn json() {
    expect("report.json", rendered("json", |_| ()));
}

#[test]
fn json_lines() {
    expect("report.jsonl", rendered("json-lines", |_| ()));
}

#[test]
fn colours_only_when_asked_for() {
    assert!(rendered("full", |c| c.color = true).contains("\u{1b}["));
    for format in ["full", "concise", "json", "json-lines"] {
        assert!(!rendered(format, |_| ()).contains('\u{1b}'), "{format}");
    }
}

#[test]
fn carets_stand_under_the_marked_text() {
    use unicode_width::UnicodeWidthStr;
    let text = rendered("full", |_| ());
    let lines: Vec<&str> = text.lines().collect();
    for mark in ["安排上门", "👨‍👩‍👧", "付款（立即）", "立刻", "e\u{301}te"] {
        let fits = lines.windows(2).any(|pair| {
            let Some((before, _)) = pair[0].split_once(mark) else { return false };
            let Some(start) = pair[1].find('^') else { return false };
            let carets = pair[1][start..].chars().take_while(|c| *c == '^').count();
            pair[1][..start].width() == before.width() && carets == mark.width()
        });
        assert!(fits, "{mark}\n{text}");
    }
}

#[test]
fn a_line_of_megabytes_is_cut() {
    let text = rendered("full", |_| ());
    let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest < 400, "{longest}");
    assert!(text.contains("long.json:1:250003"), "{text}");
}

#[test]
fn json_places_agree_with_the_bytes() {
    let report: serde_json::Value = serde_json::from_str(&rendered("json", |_| ())).unwrap();
    let outcome = sample::outcome();
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), outcome.findings.len());
    for diagnostic in diagnostics {
        let primary = &diagnostic["primary"];
        let path = primary["path"].as_str().unwrap();
        let text = &outcome.sources[path].text;
        let start = usize::try_from(primary["byte_start"].as_u64().unwrap()).unwrap();
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let before = text[line_start..start].trim_start_matches('\u{feff}');
        let column = |unit: &str| usize::try_from(primary["start"][unit].as_u64().unwrap()).unwrap() - 1;
        assert_eq!(column("column"), before.chars().count());
        assert_eq!(column("column_utf8"), before.len());
        assert_eq!(column("column_utf16"), before.encode_utf16().count());
    }
}
