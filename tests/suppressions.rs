//! Exceptions: every comment form of every host, front matter, record fields and the configuration; what is wrong with one
//! is said; moved lines lose none; one day decides for all of them.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use snapbox::dir::DirRoot;
use std::fs;
use std::process::Command;

const VISIT: &str = "【某某金融】${name}，我们将安排人员上门催收，客服95000。";

struct Project(DirRoot);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(DirRoot::mutable_temp().unwrap());
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.0.path().unwrap().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
        command.current_dir(self.0.path().unwrap()).args(arguments);
        let output = command.output().unwrap();
        let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.code(), report)
    }

    fn check(&self, more: &[&str]) -> Value {
        let (_, report) = self.run(&[&["check", "--format", "json", "--today", "2027-01-01"], more].concat());
        report
    }
}

/// Rule, template and state of each finding of a report.
fn rows(report: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let rows = report["diagnostics"].as_array().unwrap().iter();
    rows.map(|d| (text(&d["rule_id"]), text(&d["template"]["id"]), text(&d["suppression"]["status"])))
        .collect()
}

fn of<'r>(rows: &'r [(String, String, String)], rule: &str) -> Vec<(&'r str, &'r str)> {
    let wanted = rows.iter().filter(|(id, ..)| id == rule);
    wanted.map(|(_, template, state)| (template.as_str(), state.as_str())).collect()
}

/// Each form, in a file of its own: the suppression stands where `{}` is, the text where `{t}` is.
const FORMS: [(&str, &str); 28] = [
    ("a.txt", "---\n{}\n---\n{t}\n"),
    ("b.txt", "---\n# {}\nid: a\n---\r\n{t}\r\n"),
    ("c.sms", "+++\nid = \"a\" # {}\n+++\n{t}\n"),
    ("d.json", "[{\"id\":\"a\",\"text\":\"{t}\",\"dunlint\":\"{f}\"}]"),
    ("e.jsonl", "{\"id\":\"a\",\"dunlint\":[\"{f}\"],\"text\":\"{t}\"}\n"),
    ("f.yaml", "# {}\n- id: a\n  text: {t}\n"),
    ("g.yaml", "- id: a\n  # {}\n  text: {t}\n"),
    ("h.yaml", "- id: a\n  text: {t}  # {}\n- id: b\n  text: 您好，账单已出。\n"),
    ("i.toml", "# {}\n[[sms]]\nid = \"a\"\ntext = \"{t}\"\n"),
    ("j.csv", "id,text,dunlint\na,{t},\"{f}\"\n"),
    ("sms.properties", "# {}\nsms.a = {t}\n"),
    ("sms2.properties", "! {}\nsms.a = {t}\n"),
    ("sms.po", "msgid \"\"\nmsgstr \"\"\n\n# {}\nmsgid \"sms.a\"\nmsgstr \"{t}\"\n"),
    ("sms2.po", "#. {}\nmsgctxt \"sms\"\nmsgid \"a\"\nmsgstr \"{t}\"\n"),
    ("l.xml", "<list><!-- {} --><sms id=\"a\"><content>{t}</content></sms></list>"),
    ("m.xml", "<list>\n<!--\n  {}\n-->\n<sms id=\"a\"><content>{t}</content></sms></list>"),
    ("sms_strings.xml", "<resources>\n  <!-- {} -->\n  <string name=\"sms_a\">{t}</string>\n</resources>\n"),
    ("n.sql", "-- {}\nINSERT INTO sms_template (id, content) VALUES ('a', '{t}');\n"),
    ("o.sql", "/* {} */\nINSERT INTO sms_template (id, content) VALUES ('a', '{t}');\n"),
    ("P.java", "class P {\n  // {}\n  static final String SMS_TEMPLATE_A = \"{t}\";\n}\n"),
    ("Q.java", "class Q {\n  /*\n   * {}\n   */\n  static final String SMS_TEMPLATE_A = \"{t}\";\n}\n"),
    ("r.kt", "const val SMS_TEMPLATE_A = \"{t}\" // {}\n"),
    ("s.ts", "/** {} */\nexport const SMS_TEMPLATE_A = \"{t}\";\n"),
    ("t.py", "# {}\nSMS_TEMPLATE_A = \"{t}\"\n"),
    ("u.go", "package u\n\n// {}\nconst SmsTemplateA = \"{t}\"\n"),
    ("v.j2", "{# {} #}{t}"),
    ("w.liquid", "{t}{% comment %} {} {% endcomment %}"),
    ("x.ftl", "{t}<#-- {} -->"),
];

#[test]
fn every_form_suppresses_and_has_its_place() {
    let said =
        "ignore[family:threat, family:exaggeration] until=2027-06-30 owner=法务 合同约定，见 2026-11 号批复";
    for (name, form) in FORMS {
        let body = match name {
            "v.j2" | "w.liquid" => VISIT.replace("${name}", "{{ name }}"),
            "r.kt" | "sms.po" | "sms2.po" => VISIT.replace("${name}", "您好"),
            _ => VISIT.to_owned(),
        };
        let text = form.replace("{t}", &body).replace("{f}", said).replace("{}", &format!("dunlint: {said}"));
        let with = rows(&Project::new(&[(name, &text)]).check(&[name]));
        let threats = of(&with, "threat/visit");
        assert!(
            !threats.is_empty() && threats.iter().all(|(_, state)| *state == "active"),
            "{name}\n{text}\n{with:?}"
        );
        // The same file with a wrong name, marked exactly.
        let wrong = text.replace("family:exaggeration", "threat/vist");
        let project = Project::new(&[(name, &wrong)]);
        let report = project.check(&[name]);
        let unknown = report["diagnostics"].as_array().unwrap();
        let unknown = unknown
            .iter()
            .find(|d| d["rule_id"] == "suppression/unknown-rule")
            .unwrap_or_else(|| panic!("{name}"));
        let place = |end: &str| usize::try_from(unknown["primary"][end].as_u64().unwrap()).unwrap();
        let cut = &wrong[place("byte_start")..place("byte_end")];
        assert!(cut == "threat/vist" || name == "e.jsonl", "{name}: {cut}");
        assert_eq!(unknown["text"], cut);
    }
}

#[test]
fn a_comment_speaks_of_one_message_and_moves_with_it() {
    let list = |gap: &str| {
        format!(
            "{gap}- id: a\n  text: {VISIT}\n{gap}# dunlint: ignore[threat/visit] agreed\n{gap}- id: b\n  text: {VISIT}\n"
        )
    };
    for gap in ["", "\n\n# other words\n"] {
        let report = Project::new(&[("sms.yaml", &list(gap))]).check(&["."]);
        assert_eq!(of(&rows(&report), "threat/visit"), [("a", ""), ("b", "active")]);
    }
}

#[test]
fn the_last_day_counts_and_the_next_does_not() {
    let text = format!("---\ndunlint: ignore[threat/visit] until=2026-12-31 agreed\n---\n{VISIT}\n");
    let project = Project::new(&[("a.txt", &text)]);
    let at = |day: &str| {
        project.run(&["check", "--rule", "threat/visit", "--format", "json", "--today", day, "a.txt"])
    };
    let (code, report) = at("2026-12-31");
    assert_eq!((code, &report["summary"]["suppressed"]["active"]), (Some(0), &Value::from(1)));
    let (code, report) = at("2027-01-01");
    assert_eq!((code, &report["summary"]["suppressed"]["expired"]), (Some(1), &Value::from(1)));
    let all = rows(&project.check(&["a.txt"]));
    assert_eq!(of(&all, "suppression/expired").len(), 1, "{all:?}");
}

#[test]
fn a_suppression_without_a_reason_suppresses_nothing() {
    let text = format!("---\ndunlint: ignore[threat/visit]\n---\n{VISIT}\n");
    let rows = rows(&Project::new(&[("a.txt", &text)]).check(&["."]));
    assert_eq!(of(&rows, "threat/visit"), [("a", "")]);
    assert_eq!(of(&rows, "suppression/no-reason").len(), 1);
}

#[test]
fn entries_of_the_configuration_are_called_unused_only_when_all_was_looked_at() {
    let config = "[[suppress]]\nrule = \"threat/jail\"\nreason = \"none\"\n\n[[suppress]]\nrule = \"threat/visit\"\nfiles = \"b/*\"\nreason = \"agreed\"\nuntil = 2026-06-30\nowner = \"legal\"\n";
    let project = Project::new(&[("dunlint.toml", config), ("a.txt", VISIT), ("b/b.txt", VISIT)]);
    let whole = project.check(&["."]);
    assert_eq!(of(&rows(&whole), "threat/visit"), [("a", ""), ("b", "expired")]);
    assert_eq!(of(&rows(&whole), "suppression/unused").len(), 1);
    assert_eq!(of(&rows(&whole), "suppression/expired").len(), 1);
    assert_eq!(whole["summary"]["suppressed"]["unused"], 1);
    let part = project.check(&["a.txt"]);
    assert_eq!(of(&rows(&part), "suppression/unused").len(), 0);
    let one_rule = project.check(&["--rule", "threat/visit", "."]);
    assert_eq!(one_rule["summary"]["suppressed"]["unused"], 0);
}

#[test]
fn findings_about_suppressions_are_not_suppressed() {
    let text = format!("---\ndunlint: ignore[family:suppression, threat/jail] agreed\n---\n{VISIT}\n");
    let config = "[[suppress]]\nrule = \"family:suppression\"\nreason = \"we like it so\"\n";
    let report = Project::new(&[("a.txt", &text), ("dunlint.toml", config)]).check(&["."]);
    let rows = rows(&report);
    assert!(
        rows.iter().filter(|(rule, ..)| rule.starts_with("suppression/")).all(|(.., state)| state.is_empty())
    );
    assert_eq!(of(&rows, "suppression/unknown-rule").len(), 2, "{rows:?}");
}

#[test]
fn a_schedule_has_suppressions_too() {
    let campaign = "[campaign] # dunlint: ignore[frequency/per-day] until=2027-06-30 pilot of ten people\nid = \"a\"\ntimezone = \"Asia/Shanghai\"\ncaps = { per_day = 1 }\n[[steps]]\ntemplate = \"t\"\nday = 1\nat = \"10:00\"\n[[steps]]\ntemplate = \"t\"\nday = 1\nat = \"15:00\"\n";
    let report = Project::new(&[("campaign.toml", campaign), ("t.txt", VISIT)]).check(&["."]);
    assert_eq!(of(&rows(&report), "frequency/per-day"), [("", "active")], "{:?}", rows(&report));
}

#[test]
fn the_list_has_all_of_them() {
    let text =
        format!("---\ndunlint: ignore[threat/visit] until=2026-12-31 owner=legal agreed\n---\n{VISIT}\n");
    let config = "[[suppress]]\nrule = \"threat/jail\"\nreason = \"none\"\n";
    let project = Project::new(&[("a.txt", &text), ("dunlint.toml", config)]);
    let (code, list) = project.run(&["suppressions", "--format", "json", "--today", "2026-12-01"]);
    assert_eq!(code, Some(0));
    let list: Vec<String> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {} {}", one["path"], one["status"], one["until"], one["findings"]))
        .collect();
    assert_eq!(list, ["\"a.txt\" \"active\" \"2026-12-31\" 1", "\"dunlint.toml\" \"unused\" null 0"]);
}

/// A file of one line of megabytes that is full of the word costs no more than others.
#[test]
fn a_long_line_of_mentions_is_not_searched_over_and_over() {
    let text =
        format!("- id: a\n  text: {VISIT}\n# {}\n", "# dunlint: ignore[threat/visit] x ".repeat(200_000));
    let project = Project::new(&[("sms.yaml", &text)]);
    let start = std::time::Instant::now();
    let (code, _) = project.run(&["check", "sms.yaml"]);
    assert_eq!(code, Some(1));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
