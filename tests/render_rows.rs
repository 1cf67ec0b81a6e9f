//! `dunlint render`: messages with sample values, and rows of data checked as they would be sent.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TEMPLATE: &str = "【示例消费金融】{{ name }}，您的借款本金{{ principal }}元、利息{{ interest }}元，合计{{ total }}元，{% if days > 30 %}已逾期{{ days }}天{% else %}应于{{ due_date }}还款{% endif %}，客服{{ phone }}。";
const HEAD: &str = "name,principal,interest,total,days,due_date,phone\n";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("render-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("m1.liquid"), TEMPLATE).unwrap();
    folder
}

fn render(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
    command.current_dir(folder).args(["render", "--isolated", "--lang", "en", "--today", "2026-06-01"]);
    command.args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The rows that are reported, as `line rule variable`, and the exit code.
fn found(name: &str, rows: &str, data: &str) -> (Vec<String>, i32) {
    let folder = folder(name);
    fs::write(folder.join(data), rows).unwrap();
    let output = render(&folder, &["m1.liquid", "--data", data, "--format", "json-lines"]);
    let lines = text(&output.stdout);
    let shown = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).filter_map(|line| {
        Some(match line["type"].as_str()? {
            "row" => format!("{} {} {}", line["line"], line["rule_id"].as_str()?, line["variable"].as_str()?),
            "problem" => format!("{} {} {}", line["line"], line["code"].as_str()?, line["column"]),
            _ => return None,
        })
    });
    (shown.collect(), output.status.code().unwrap())
}

#[test]
fn messages_are_shown_with_sample_values() {
    let folder = folder("samples");
    let output = render(&folder, &["m1.liquid", "--price", "0.05"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(
        shown.contains("本金1,000.00元、利息20.00元，合计1,020.00元，已逾期7天，客服400-000-0000。"),
        "{shown}"
    );
    assert!(shown.contains("应于6月18日还款"), "{shown}");
    assert!(shown.contains("[if:days > 30]") && shown.contains("[if:else]"), "{shown}");
    assert!(shown.contains("1 part, 70 units, UCS-2, cost 0.05"), "{shown}");
}

#[test]
fn good_rows_are_clean() {
    let rows = format!(
        "{HEAD}王某,1000.00,20.00,1020.00,31,2026-05-01,95077\n\"某, 某\",\"1,000.00\",20,\"1,020.00\",3,,95077\n"
    );
    let (lines, code) = found("good", &rows, "rows.csv");
    // The second message is that of the other branch, which needs the date.
    assert_eq!(lines, ["3 template/row-blank due_date"]);
    assert_eq!(code, 1);
    let rows = format!("{HEAD}王某,1000.00,20.00,1020.00,31,,95077\n");
    assert_eq!(found("branch", &rows, "rows.csv"), (Vec::new(), 0));
}

#[test]
fn each_mistake_is_found_in_its_row() {
    let rows = format!(
        "{HEAD}王某,1000.00,20.00,1020.01,31,2026-05-01,95077\n\
         {{name}},1000.00,20.00,1020.00,31,2026-05-01,95077\n\
         王某,1e+06,20.00,1000020.00,31,2026-05-01,95077\n\
         王某,1000.00,0.30000000000000004,1000.30,31,2026-05-01,95077\n\
         王某,1000.00,-20.00,980.00,31,2026-05-01,95077\n\
         王某,1000.00,20.00,NaN,31,2026-05-01,95077\n\
         王某,\"1,000.00\",20.00,1020.00,31,2026-05-01,95077\n\
         今日不还上门催收,1000.00,20.00,1020.00,31,2026-05-01,95077\n\
         王某,1000.00,20.00,1020.00,31,2026-05-01,13800000000\n"
    );
    let (lines, code) = found("mistakes", &rows, "rows.csv");
    assert_eq!(code, 1);
    for expected in [
        "2 amount/row-sum total",
        "3 template/row-unrendered name",
        "4 amount/row-figure principal",
        "5 amount/row-figure interest",
        "6 amount/row-figure interest",
        "7 template/row-unrendered total",
        "8 amount/row-grouping total",
        "9 threat/visit name",
        "10 informal/mobile-number phone",
    ] {
        assert!(lines.contains(&expected.to_owned()), "{expected} in {lines:#?}");
    }
    assert!(lines.iter().all(|line| !line.contains("sum") || line.starts_with("2 ")), "{lines:#?}");
}

#[test]
fn bad_rows_are_told_and_the_rest_is_checked() {
    let mut rows = HEAD.as_bytes().to_vec();
    rows.extend("\"王\"某,1000.00,20.00,1020.00,31,2026-05-01,95077\n".as_bytes());
    rows.extend("王某,1000.00,20.00\n".as_bytes());
    rows.extend(b"\xC0\xAF,1000.00,20.00,1020.00,31,2026-05-01,95077\n");
    rows.extend("王某,abc,20.00,1020.00,31,2026-05-01,95077\n".as_bytes());
    rows.extend("王某,1000.00,20.00,1020.01,31,2026-05-01,95077\n".as_bytes());
    let folder = folder("bad");
    fs::write(folder.join("rows.csv"), &rows).unwrap();
    let output = render(&folder, &["m1.liquid", "--data", "rows.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let (shown, said) = (text(&output.stdout), text(&output.stderr));
    assert!(said.contains("rows.csv:2:1: error[broken-quotes]"), "{said}");
    assert!(said.contains("rows.csv:3:3: error[ragged-row]"), "{said}");
    assert!(said.contains("rows.csv:4:1: error[not-utf8]"), "{said}");
    assert!(said.contains("rows.csv:5:2: error[wrong-type]: principal"), "{said}");
    assert!(shown.contains("rows.csv:6: error[amount/row-sum]"), "{shown}");
}

#[test]
fn values_of_another_kind_than_declared_are_told() {
    let folder = folder("kinds");
    let template = "---\nid: d1\nvars: { days: { type: days }, due: { type: date } }\n---\n【示例消费金融】您的借款${amount}元已逾期${days}天，还款日${due}，客服400-000-1717。\n";
    fs::write(folder.join("m2.txt"), template).unwrap();
    let rows = "amount,days,due\n100.00,x,2026-05-20\n100.00,7天,5月20日\n100.00,3,soon\n100.00,十,明天\n";
    fs::write(folder.join("rows.csv"), rows).unwrap();
    let output = render(&folder, &["m2.txt", "--data", "rows.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("rows.csv:2:2: error[wrong-type]: days: not a number of days"), "{said}");
    assert!(said.contains("rows.csv:4:3: error[wrong-type]: due: not a date"), "{said}");
    assert_eq!(said.matches("wrong-type").count(), 2, "{said}");
}

#[test]
fn a_quote_that_stays_open_hides_one_row_only() {
    let rows = format!("{HEAD}\"王某,1,2,3,4,5,6\n王某,1000.00,20.00,1020.01,31,2026-05-01,95077\n");
    let (lines, code) = found("open", &rows, "rows.csv");
    assert_eq!(code, 2);
    assert_eq!(lines, ["2 broken-quotes 1", "3 amount/row-sum total"]);
}

#[test]
fn a_missing_column_is_told_at_the_head() {
    let folder = folder("column");
    fs::write(folder.join("rows.csv"), "name,principal,interest,total,days,due_date\n王某,1,1,2,31,\n")
        .unwrap();
    let output = render(&folder, &["m1.liquid", "--data", "rows.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr)
            .contains("rows.csv:1:1: error[missing-column]: no column for the variable `phone`")
    );
}

#[test]
fn json_rows_are_read() {
    let good = r#"{"name":"王某","principal":1000.00,"interest":"20.00","total":1020.00,"days":31,"phone":"95077","due_date":null}"#;
    let wrong = good.replace("1020.00", "1020.50");
    let lines = format!("{good}\n{{\"name\":\n[1]\n{wrong}\n");
    let (shown, code) = found("jsonl", &lines, "rows.jsonl");
    assert_eq!(code, 2);
    assert!(shown.contains(&"4 amount/row-sum total".to_owned()), "{shown:?}");
    assert!(shown.iter().any(|line| line.starts_with("2 invalid-json")), "{shown:?}");
    assert!(shown.iter().any(|line| line.starts_with("3 invalid-json")), "{shown:?}");
    let list = format!("[{good},\n {wrong}]\n");
    let (shown, code) = found("json", &list, "rows.json");
    assert_eq!((shown.contains(&"2 amount/row-sum total".to_owned()), code), (true, 1), "{shown:?}");
    let lacking = good.replace("\"phone\":\"95077\",", "");
    let (shown, code) = found("lacking", &format!("{lacking}\n"), "rows.jsonl");
    assert_eq!((shown.contains(&"1 missing-column null".to_owned()), code), (true, 2), "{shown:?}");
}

const FILTERED: &str = "【示例消费金融】{{ name | upcase }}，应还{{ total | number_format: 2 }}元，应于{{ due_date | date: '%-m月%-d日' }}还款{{ note | money }}，客服95077。";

#[test]
fn filters_are_applied_or_told() {
    let folder = folder("filters");
    fs::write(folder.join("f.liquid"), FILTERED).unwrap();
    let rows = "name,total,due_date,note\nwang,1234.5,2026-06-18,x\nli,99999999,2026-06-18,x\nwu,1e+06,2026-06-18,x\n,5,soon,x\n";
    fs::write(folder.join("rows.csv"), rows).unwrap();
    let shown = render(&folder, &["f.liquid"]);
    let said = text(&shown.stderr);
    assert!(
        said.contains("f.liquid:1:")
            && said.contains("note[filter-not-applied]")
            && said.contains("`money` is not applied"),
        "{said}"
    );
    assert!(text(&shown.stdout).contains("应还1,234.56元"), "{}", text(&shown.stdout));
    let output = render(&folder, &["f.liquid", "--data", "rows.csv", "--format", "json-lines"]);
    let lines = text(&output.stdout);
    let found: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["type"] == "row")
        .map(|line| {
            format!(
                "{} {} {}",
                line["line"],
                line["rule_id"].as_str().unwrap(),
                line["variable"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(found, ["4 amount/row-figure total", "5 template/row-blank name"], "{lines}");
    let end: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(end["rows"], 4, "{end}");
}

#[test]
fn tables_in_utf_16_are_read() {
    let rows = format!("{HEAD}王某,1000.00,20.00,1020.00,31,,95077\n王某,1000.00,20.00,1021.00,31,,95077\n");
    let units = |text: &str| -> Vec<u8> {
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    for (name, bytes) in [
        ("rows.csv", units(&rows)),
        // What Excel writes as “Unicode text”, and what people make of its name.
        ("rows.txt", units(&rows.replace(',', "\t").replace('\n', "\r\n"))),
        ("tabs.csv", units(&rows.replace(',', "\t"))),
    ] {
        let folder = folder("utf16");
        fs::write(folder.join(name), bytes).unwrap();
        let output = render(&folder, &["m1.liquid", "--data", name, "--format", "json-lines"]);
        let lines = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{name}: {lines}{}", text(&output.stderr));
        let row: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!(
            (row["line"].as_u64(), row["rule_id"].as_str()),
            (Some(3), Some("amount/row-sum")),
            "{name}"
        );
    }
    let folder = folder("utf16-broken");
    let mut bytes = units(&rows);
    let at = bytes.len() - 80;
    bytes[at..at + 2].copy_from_slice(&[0x00, 0xD8]);
    fs::write(folder.join("rows.csv"), bytes).unwrap();
    let output = render(&folder, &["m1.liquid", "--data", "rows.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("rows.csv:3:1: error[not-utf8]")
            || text(&output.stderr).contains("[not-utf8]"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn values_are_masked_unless_asked_for() {
    let folder = folder("masked");
    let rows = format!(
        "{HEAD}欧阳秘密今日不还上门催收,1234.56,98.76,9999.99,31,2026-05-01,13800138000\n欧阳秘密,1e+06,x9x,5,31,,95077\n"
    );
    fs::write(folder.join("rows.csv"), rows).unwrap();
    for format in ["text", "json-lines"] {
        let output = render(&folder, &["m1.liquid", "--data", "rows.csv", "--format", format]);
        let all = text(&output.stdout) + &text(&output.stderr);
        for value in ["欧阳", "秘密", "1234.56", "98.76", "9999.99", "13800138000", "x9x"] {
            assert!(!all.contains(value), "{value} in {all}");
        }
        let output =
            render(&folder, &["m1.liquid", "--data", "rows.csv", "--format", format, "--show-values"]);
        assert!(text(&output.stdout).contains("9999.99"));
    }
}

#[test]
fn nothing_depends_on_the_number_of_threads() {
    let folder = folder("threads");
    let mut rows = HEAD.to_owned();
    for n in 0..30_000 {
        let total = if n % 997 == 0 { "1020.01" } else { "1020.00" };
        rows += &format!("王某某,1000.00,20.00,{total},31,2026-05-01,95077\n");
    }
    fs::write(folder.join("rows.csv"), rows).unwrap();
    let run = |jobs: &str| {
        render(&folder, &["m1.liquid", "--data", "rows.csv", "--jobs", jobs, "--format", "json-lines"]).stdout
    };
    let one = run("1");
    assert_eq!(text(&one), text(&run("5")));
    assert!(text(&one).contains("\"rows\":30000"));
    assert_eq!(text(&one).matches("amount/row-sum").count(), 31 + 1);
}

#[test]
fn a_row_may_name_its_template() {
    let folder = folder("named");
    fs::write(
        folder.join("sms.json"),
        r#"[{"id":"a","text":"【示例金融】应还${amount}元，客服95077。"},{"id":"b","text":"【示例金融】本金${p}元，客服95077。"}]"#,
    )
    .unwrap();
    fs::write(folder.join("rows.csv"), "template,amount,p\na,1e9,\nb,,2.00\nc,1,2\n").unwrap();
    let output = render(&folder, &["sms.json", "--data", "rows.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let shown = text(&output.stdout);
    assert!(shown.contains("rows.csv:2: error[amount/row-figure]"), "{shown}");
    assert!(
        shown.contains("a: 1 messages in 1 parts") && shown.contains("b: 1 messages in 1 parts"),
        "{shown}"
    );
    assert!(text(&output.stderr).contains("rows.csv:4:1: error[unknown-template]"));
}
