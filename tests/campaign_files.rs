//! Campaign files: what they may say, how mistakes are told, how they are read from other systems, and what is checked of
//! them with their templates.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::campaign::group::{Case, cases};
use dunlint::judge::Circumstances;
use dunlint::problem::Place;
use dunlint::source::Source;
use dunlint::words::Lang;
use serde_json::{Value, json};
use snapbox::dir::DirRoot;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn read(path: &str, text: &str, host: Option<&str>) -> (Vec<Case>, Vec<(String, String)>) {
    let source = Source::from_text(path, text.to_owned());
    let (found, problems) = cases(&source, host, Vec::new(), &Circumstances::default());
    let told = problems.iter().map(|problem| {
        let at = match problem.place {
            Some(Place::Text(span)) => span.of_text(text),
            _ => "",
        };
        let help = problem.help.as_ref().map_or("", |help| help.get(Lang::En));
        (format!("{} {help}", problem.message.get(Lang::En)).trim().to_owned(), at.to_owned())
    });
    (found, told.collect())
}

const GOOD: &str = "[campaign]\nid = 'm1'\n[[steps]]\ntemplate = 'd1'\nday = 1\nat = '10:00'\n";

#[test]
fn mistakes_are_told_at_their_places() {
    let cases = [
        (
            "id = 'm1'",
            "id = 'm1'\ntimezon = 'Asia/Taipei'",
            "unknown key `timezon` did you mean `timezone`?",
            "timezon",
        ),
        (
            "id = 'm1'",
            "id = 'm1'\ntimezone = 'Asia/Shangai'",
            "unknown time zone `Asia/Shangai` did you mean `Asia/Shanghai`?",
            "Asia/Shangai",
        ),
        ("id = 'm1'", "id = 'm1'\njurisdiction = 'china'", "unknown jurisdiction `china`", "china"),
        ("id = 'm1'", "id = 'm1'\nstop_on = ['payed']", "unknown name `payed` did you mean `paid`?", "payed"),
        ("id = 'm1'", "id = 'm1'\ncaps = { per_week = 2 }", "unknown key `per_week`", "per_week"),
        (
            "id = 'm1'",
            "id = 'm1'\ncaps = { per_day = -1 }",
            "`per_day` is a whole number from 0 to 1000000",
            "-1",
        ),
        (
            "id = 'm1'",
            "id = 'm1'\nquiet_hours = ['22:00']",
            "quiet hours are two times: when they begin and when they end",
            "['22:00']",
        ),
        (
            "id = 'm1'",
            "id = 'm1'\nloans_per_borrower = 0",
            "`loans_per_borrower` is a whole number from 1 to 10000",
            "0",
        ),
        (
            "id = 'm1'",
            "id = 'm1'\nanchor_date = '31.12.2026'",
            "`31.12.2026` is not a date such as `2027-06-30`",
            "31.12.2026",
        ),
        ("id = 'm1'", "", "`id` is missing", ""),
        ("day = 1", "dya = 1", "`day` is missing", ""),
        ("at = '10:00'", "at = '25:00'", "`25:00` is not a time of day such as `09:30`", "25:00"),
        ("at = '10:00'", "from = '10:00'", "a step has `at`, or both `from` and `to`", ""),
        ("at = '10:00'", "at = '10:00'\nto = '11:00'", "a step has `at`, or both `from` and `to`", ""),
        (
            "at = '10:00'",
            "from = '10:00'\nto = '10:00'",
            "this window is empty for a fixed time write `at = \"10:00\"`",
            "10:00",
        ),
        (
            "at = '10:00'",
            "at = '10:00'\nrepeat = { every_days = 0, until_day = 3 }",
            "`every_days` is a whole number from 1 to 36600",
            "0",
        ),
        (
            "at = '10:00'",
            "at = '10:00'\nrepeat = { every_days = 1, until_day = 0 }",
            "the repetition ends before its step begins",
            "0",
        ),
        ("template = 'd1'", "template = 7", "expected a string, found a number", "7"),
    ];
    for (from, to, message, at) in cases {
        let text = GOOD.replace(from, to);
        let (found, problems) = read("m1.toml", &text, None);
        assert!(found.is_empty(), "a campaign with a mistake is not weighed:\n{text}");
        let told = problems.iter().any(|(said, place)| said == message && (at.is_empty() || place == at));
        assert!(told, "{message} at {at}: {problems:?}\n{text}");
    }
    let (found, problems) = read("m1.toml", GOOD, None);
    assert!(found.len() == 1 && problems.is_empty(), "{problems:?}");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text =
        "[campaign]\nid = 'a'\nzone = 'x'\nconsent_outside_hours = 'yes'\n[[steps]]\nday = 'one'\nat = '9'\n";
    assert_eq!(read("m1.toml", text, None).1.len(), 5);
}

#[test]
fn yaml_json_and_lists_say_the_same() {
    let yaml = "campaign: {id: m1}\nsteps:\n- {template: d1, day: 1, at: '10:00'}\n";
    let json = r#"[{"campaign":{"id":"m1"},"steps":[{"template":"d1","day":1,"at":"10:00"}]},
        {"campaign":{"id":"m2"},"steps":[]}]"#;
    let lines = json.replace("[{\"campaign", "{\"campaign").replace("},\n", "}\n").replace("]}]", "]}");
    let ids = |(found, problems): (Vec<Case>, Vec<_>)| {
        assert!(problems.is_empty(), "{problems:?}");
        found
            .iter()
            .map(|case| (case.campaign.id.value.clone(), case.campaign.steps.len()))
            .collect::<Vec<_>>()
    };
    let one = vec![("m1".to_owned(), 1)];
    assert_eq!(ids(read("m.toml", GOOD, None)), one);
    assert_eq!(ids(read("m.yaml", yaml, None)), one);
    let two = vec![("m1".to_owned(), 1), ("m2".to_owned(), 0)];
    assert_eq!(ids(read("m.json", json, None)), two);
    assert_eq!(ids(read("m.jsonl", &lines, None)), two);
}

#[test]
fn hostile_campaigns_are_problems_in_bounded_time() {
    let forever = GOOD.replace(
        "at = '10:00'",
        "from = '08:00'\nto = '20:00'\nattempts = 100000\nrepeat = { every_days = 1, until_day = 36600 }",
    );
    let source = Source::from_text("m1.toml", forever);
    let (found, _) = cases(&source, None, Vec::new(), &Circumstances::default());
    let (groups, problems) = dunlint::campaign::group::Group::all(&found);
    assert!(groups.is_empty() && problems[0].code == "too-many-sends", "{problems:?}");
    for text in
        ["campaign", "[campaign]", "[campaign]\nsteps = 1", "steps = []", "[campaign]\nid = ''\n[[steps]]"]
    {
        let (found, problems) = read("m1.toml", text, None);
        assert!(found.is_empty() && !problems.is_empty(), "{text}");
    }
}

/// Day and channel of each step.
fn steps(case: &Case) -> Vec<(i32, &str, &str)> {
    let steps = case.campaign.steps.iter();
    steps
        .map(|step| (step.day.value, step.template.value.as_str(), step.channel.as_deref().unwrap_or("")))
        .collect()
}

#[test]
fn lago_sends_at_even_distances() {
    let text = r#"{"dunning_campaign": {"lago_id": "x", "code": "standard", "days_between_attempts": 5, "max_attempts": 3}}"#;
    let (found, problems) = read("lago.json", text, Some("campaign:lago"));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(steps(&found[0]), [(1, "standard", "email")]);
    let repeat = found[0].campaign.steps[0].repeat.as_ref().unwrap().value;
    assert_eq!((repeat.every_days, repeat.until_day), (5, 11));
    let none = read("lago.json", &text.replace("5,", "0,"), Some("campaign:lago"));
    assert!(none.0.is_empty() && none.1[0].1 == "0", "{:?}", none.1);
}

#[test]
fn recurly_counts_from_one_mail_to_the_next() {
    let text = r#"{"object": "dunning_campaign", "code": "slow", "dunning_cycles": [{"type": "manual",
        "first_communication_interval": 2, "intervals": [{"days": 3, "email_template": "a"}, {"days": 7, "email_template": "b"}]}]}"#;
    let (found, problems) = read("r.json", text, Some("campaign:recurly"));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(found[0].campaign.id.value, "slow/manual");
    assert_eq!(steps(&found[0]), [(2, "a", "email"), (5, "b", "email")]);
}

#[test]
fn oca_levels_are_records_or_objects() {
    let record = |level: u8, days: u8, mode: &str, channel: &str| {
        format!(
            "<record model=\"credit.control.policy.level\" id=\"l{level}\"><field name=\"name\">level {level}</field>\
             <field name=\"level\" eval=\"{level}\">{level}</field><field name=\"computation_mode\">{mode}</field>\
             <field name=\"delay_days\">{days}</field><field name=\"policy_id\" ref=\"p\"/>\
             <field name=\"channel\">{channel}</field></record>"
        )
    };
    let xml = format!(
        "<odoo>{}{}</odoo>",
        record(2, 10, "previous_date", "letter"),
        record(1, 5, "net_days", "email")
    );
    let (found, problems) = read("levels.xml", &xml, Some("campaign:oca"));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(steps(&found[0]), [(5, "level 1", "email"), (15, "level 2", "letter")]);
    let month = format!("<odoo>{}</odoo>", record(1, 5, "end_of_month", "email"));
    let (found, problems) = read("levels.xml", &month, Some("campaign:oca"));
    assert!(found.is_empty() && problems[0].0.starts_with("this cannot be weighed"), "{problems:?}");
    let json = r#"{"policy": "p", "levels": [{"policy": "p", "name": "one", "level": 1, "delay_days": 4}]}"#;
    assert_eq!(steps(&read("levels.json", json, Some("campaign:oca")).0[0]), [(4, "one", "email")]);
}

#[test]
fn community_health_toolkit_counts_offsets() {
    let text = r#"{"schedules": [{"name": "repay", "start_from": "due", "messages": [
        {"translation_key": "sms.before", "offset": "-3 days", "send_time": "09:00"},
        {"translation_key": "sms.after", "offset": "2 weeks"}]}]}"#;
    let (found, problems) = read("app_settings.json", text, Some("campaign:cht"));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(steps(&found[0]), [(-3, "sms.before", "sms"), (14, "sms.after", "sms")]);
    for (from, to) in [("2 weeks", "2 months"), ("\"send_time\": \"09:00\"", "\"send_day\": \"Monday\"")] {
        let (_, problems) = read("app_settings.json", &text.replace(from, to), Some("campaign:cht"));
        assert!(problems[0].0.starts_with("this cannot be weighed"), "{problems:?}");
    }
}

/// A directory of its own that goes when it is dropped.
struct Project(#[allow(dead_code, reason = "dropping it removes the directory")] DirRoot, PathBuf);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = DirRoot::mutable_temp().unwrap();
        let root = directory.path().unwrap().to_owned();
        for (name, text) in files {
            fs::write(root.join(name), text).unwrap();
        }
        Self(directory, root)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.current_dir(&self.1).args(arguments).output().unwrap()
    }

    /// Rule, level, marked text and force of the first text cited, of each finding of the family `frequency`.
    fn findings(&self) -> Vec<[String; 4]> {
        let output = self.run(&["check", "--format", "json", "--fail-on", "never", "."]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let problems = report["problems"].as_array().unwrap().iter();
        let problems: Vec<&Value> = problems.filter(|p| p["code"] != "steps-uncompared").collect();
        assert!(problems.is_empty(), "{report:#}");
        let all = report["diagnostics"].as_array().unwrap().iter().filter(|d| d["family"] == "frequency");
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        all.map(|d| [text(&d["rule_id"]), text(&d["level"]), text(&d["text"]), text(&d["basis"][0]["force"])])
            .collect()
    }
}

/// The hours of the reference: where, when the first and last permitted minute is, how a finding weighs and what kind of
/// text it rests on first.
#[test]
fn hours_are_those_of_the_instruments() {
    let table = [
        ("cn", "Asia/Shanghai", "08:00", "21:59", "error", "standard"),
        ("tw", "Asia/Taipei", "07:00", "21:59", "error", "law"),
        ("us", "America/New_York", "08:00", "21:00", "error", "law"),
        ("id", "Asia/Jakarta", "08:00", "19:59", "error", "law"),
        ("ph", "Asia/Manila", "06:00", "21:59", "error", "law"),
        ("in", "Asia/Kolkata", "08:00", "18:59", "warning", "guideline"),
        ("uk", "Europe/London", "08:00", "20:59", "warning", "law"),
        ("hk", "Asia/Hong_Kong", "08:00", "20:59", "warning", "guideline"),
    ];
    let minute = |time: &str| -> i32 {
        let (hour, minute) = time.split_once(':').unwrap();
        hour.parse::<i32>().unwrap() * 60 + minute.parse::<i32>().unwrap()
    };
    for (jurisdiction, zone, first, last, level, force) in table {
        for (at, permitted) in [
            (minute(first) - 1, false),
            (minute(first), true),
            (minute(last), true),
            (minute(last) + 1, false),
        ] {
            let text = format!(
                "[campaign]\nid='x'\ntimezone='{zone}'\njurisdiction='{jurisdiction}'\n\
                 [[steps]]\ntemplate='t'\nday=1\nat='{:02}:{:02}'\n",
                at / 60,
                at % 60
            );
            let found = Project::new(&[("c.toml", &text)]).findings();
            let hours: Vec<_> = found.iter().filter(|[rule, ..]| rule.contains("quiet-hours")).collect();
            assert_eq!(hours.is_empty(), permitted, "{jurisdiction} {at}: {found:?}");
            assert!(hours.iter().all(|[_, l, _, f]| l == level && f == force), "{jurisdiction}: {hours:?}");
            let agreed = text.replace("id='x'", "id='x'\nconsent_outside_hours=true");
            let found = Project::new(&[("c.toml", &agreed)]).findings();
            assert!(found.iter().all(|[_, level, ..]| level != "error"), "{jurisdiction}: {found:?}");
        }
    }
}

/// No instrument gives a number of texts a day: the defaults are this tool's, warnings, and say so.
#[test]
fn default_caps_are_house_rules_and_say_so() {
    let (set, ..) = dunlint::policy::PolicySet::load(&[]);
    for id in ["frequency/per-day-default", "frequency/per-7-days-default"] {
        let rule = &set.rules[set.rule(id).unwrap()];
        assert_eq!(rule.level.name(), "warning", "{id}");
        for ids in rule.basis.values() {
            assert!(ids.iter().any(|id| id == "house-reasonable-frequency"), "{id}: {ids:?}");
        }
        assert!(rule.message.get(Lang::En).contains("this tool's default"), "{id}");
    }
    let day = |n: u8, jurisdiction: &str| {
        let steps: String =
            (0..n).map(|i| format!("[[steps]]\ntemplate='t{i}'\nday=1\nat='1{i}:00'\n")).collect();
        let text = format!(
            "[campaign]\nid='x'\ntimezone='Asia/Shanghai'\n{jurisdiction}stop_on=['paid','dispute','opt_out']\n{steps}"
        );
        Project::new(&[("c.toml", &text)]).findings()
    };
    assert!(day(3, "jurisdiction='cn'\n").is_empty());
    let [rule, level, ..] = &day(4, "jurisdiction='cn'\n")[0];
    assert_eq!((rule.as_str(), level.as_str()), ("frequency/per-day-default", "warning"));
    assert!(day(9, "").is_empty(), "without a jurisdiction only the campaign's own caps hold");
}

const HEAD: &str = "timezone = 'Asia/Shanghai'\nstop_on = ['paid', 'dispute', 'opt_out']\n";

#[test]
fn campaigns_of_a_group_are_counted_together() {
    let one = |id: &str, at: &str| {
        format!(
            "[campaign]\nid = '{id}'\ngroup = 'g'\ncaps = {{ per_day = 1 }}\n{HEAD}[[steps]]\ntemplate = 't-{id}'\nday = 1\nat = '{at}'\n"
        )
    };
    let (a, b) = (one("a", "10:00"), one("b", "15:00"));
    let project = Project::new(&[("a.toml", &a), ("b.toml", &b)]);
    let found = project.findings();
    let rules: Vec<&str> = found.iter().map(|[rule, ..]| rule.as_str()).collect();
    assert_eq!(rules, ["frequency/per-day", "frequency/per-day"], "one for each campaign: {found:?}");
    let alone = Project::new(&[("a.toml", &a), ("b.toml", &b.replace("group = 'g'", "group = 'h'"))]);
    assert!(alone.findings().is_empty());
    let output = project.run(&["schedule", "a.toml", "b.toml", "--format", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["campaigns"][0]["max_per_day"]["count"], 1);
    assert_eq!(answer["groups"][0]["max_per_day"]["count"], 2);
    assert_eq!(answer["groups"][0]["min_gap_minutes"]["minutes"], 300);
    assert_eq!(answer["groups"][0]["max_per_day"]["sends"][1]["campaign"], "b");
}

#[test]
fn steps_and_templates_are_compared() {
    let text = format!(
        "[campaign]\nid = 'a'\n{HEAD}[[steps]]\ntemplate = 'd3'\nday = 30\nat = '10:00'\n[[steps]]\ntemplate = 'd9'\nday = 31\nat = '10:00'\n"
    );
    let templates = "{\"id\": \"d3\", \"text\": \"【启明消费金融】您的借款${amount}元已逾期3天，客服95077。\", \"dialect\": \"dollar-brace\"}\n\
                     {\"id\": \"spare\", \"text\": \"【启明消费金融】您的借款${amount}元即将到期，客服95077。\", \"dialect\": \"dollar-brace\"}\n";
    let project = Project::new(&[("a.toml", &text), ("t.jsonl", templates)]);
    let mut found: Vec<_> =
        project.findings().into_iter().map(|[rule, level, text, _]| [rule, level, text]).collect();
    found.sort();
    let expected = [
        ["frequency/no-template", "error", "d9"],
        ["frequency/unused-template", "note", "spare"],
        ["frequency/wrong-stage", "warning", "d3"],
    ];
    assert_eq!(found, expected);
    // Alone, the campaign cannot miss what was not read.
    let alone = Project::new(&[("a.toml", &text)]);
    assert!(alone.findings().is_empty());
}

#[test]
fn steps_that_could_not_be_compared_are_told_once() {
    let text = format!("[campaign]\nid = 'a'\n{HEAD}[[steps]]\ntemplate = 'd1'\nday = 1\nat = '10:00'\n");
    let other = text.replace("'a'", "'b'");
    let told = |project: &Project| -> Vec<(Value, Value, Value)> {
        let output = project.run(&["check", "--format", "json", "."]);
        assert_eq!(output.status.code(), Some(0));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let problems = report["problems"].as_array().unwrap().clone();
        problems
            .into_iter()
            .map(|p| (p["code"].clone(), p["level"].clone(), p["span"]["start"]["line"].clone()))
            .collect()
    };
    let campaigns = Project::new(&[("a.toml", &text), ("b.toml", &other)]);
    assert_eq!(told(&campaigns), [(json!("steps-uncompared"), json!("note"), json!(2))]);
    let output = campaigns.run(&["check", "."]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("a.toml:2") && said.contains("no templates were read"), "{said}");
    let template =
        "{\"id\": \"d1\", \"text\": \"【启明消费金融】您的借款已还清。\", \"dialect\": \"none\"}\n";
    assert_eq!(told(&Project::new(&[("a.toml", &text), ("t.jsonl", template)])), []);
    let lago = r#"{"dunning_campaign": {"code": "daily", "days_between_attempts": 9, "max_attempts": 2}}"#;
    let config = "[[source]]\nfiles = 'lago.json'\nhost = 'campaign:lago'\n";
    assert_eq!(
        told(&Project::new(&[("lago.json", lago), ("dunlint.toml", config)])),
        [],
        "names of another system"
    );
}

#[test]
fn maxio_holds_its_texts_itself() {
    let text = r#"{"name": "monthly", "steps": [
        {"day_threshold": 10, "action": "cancel", "send_sms": false, "send_email": false},
        {"day_threshold": 3, "action": "none", "send_sms": true, "sms_body": "【启明消费金融】不还款我们将上门催收，客服95077。",
         "send_email": true, "email_subject": "Reminder", "email_body": "…"},
        {"day_threshold": 1, "send_sms": true, "sms_body": "【启明消费金融】您的账单${amount}元已到期，客服95077。"}]}"#;
    let (found, problems) = read("dunning.json", text, Some("campaign:maxio"));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(found[0].campaign.id.value, "monthly");
    assert_eq!(steps(&found[0]), [(1, "1", "sms"), (3, "3", "sms"), (3, "Reminder", "email")]);
    let broken = read("dunning.json", &text.replace(": 3,", ": \"soon\","), Some("campaign:maxio"));
    assert!(broken.0.is_empty() && broken.1[0].1.contains("soon"), "{:?}", broken.1);
    let (_, problems) =
        read("dunning.json", &text.replacen("\"sms_body\"", "\"text\"", 1), Some("campaign:maxio"));
    assert!(problems[0].0.contains("`sms_body` is missing"), "{problems:?}");
    let config = "jurisdiction = 'cn'\n[facts]\nsend_window = '09:00-20:00'\n[[source]]\nfiles = 'dunning.json'\nhost = 'campaign:maxio'\n";
    let project = Project::new(&[("dunlint.toml", config), ("dunning.json", text)]);
    let output = project.run(&["check", "--format", "json", "--fail-on", "never", "."]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["problems"], json!([]), "{report:#}");
    assert_eq!(report["files"][0]["templates"], json!(["3", "1"]));
    let all = report["diagnostics"].as_array().unwrap();
    let visit = all.iter().find(|d| d["rule_id"] == "threat/visit").unwrap();
    let span = |end: &str| usize::try_from(visit["primary"][end].as_u64().unwrap()).unwrap();
    assert_eq!(&text[span("byte_start")..span("byte_end")], visit["text"].as_str().unwrap());
    assert!(all.iter().any(|d| d["rule_id"] == "frequency/no-zone"), "the schedule is weighed as well");
}

#[test]
fn recipients_may_live_in_several_zones() {
    let campaign = |head: &str, from: &str, to: &str| {
        format!(
            "[campaign]\nid = 'a'\njurisdiction = 'us'\nstop_on = ['paid', 'dispute', 'opt_out']\n{head}[[steps]]\ntemplate = 'd1'\nday = 1\nfrom = '{from}'\nto = '{to}'\n"
        )
    };
    let found = |text: &str| -> Vec<(String, String)> {
        let found = Project::new(&[("a.toml", text)]).findings().into_iter();
        found.map(|[rule, level, ..]| (rule, level)).collect()
    };
    let pair = |rule: &str, level: &str| (rule.to_owned(), level.to_owned());
    assert_eq!(found(&campaign("", "12:00", "13:00")), [pair("frequency/no-zone-of-several", "error")]);
    let zones =
        "timezone = 'America/New_York'\nrecipient_timezones = ['America/New_York', 'America/Los_Angeles']\n";
    assert_eq!(found(&campaign(zones, "11:00", "21:00")), []);
    assert_eq!(found(&campaign(zones, "10:59", "21:00")), [pair("frequency/quiet-hours", "error")]);
    // Arizona keeps its clocks: seven or eight there, by the time of the year.
    let arizona = zones.replace("Los_Angeles", "Phoenix");
    assert_eq!(found(&campaign(&arizona, "10:30", "11:00")), [pair("frequency/quiet-hours", "error")]);
    let winter = format!("{arizona}anchor_date = 2026-12-01\n");
    assert_eq!(found(&campaign(&winter, "10:30", "11:00")), []);
    let output = Project::new(&[("a.toml", &campaign(zones, "10:00", "12:00"))]).run(&["check", "."]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("10:00 of the campaign's clock is 07:00 in America/Los_Angeles"), "{shown}");
    assert!(shown.contains("let `d1` keep to `from = \"11:00\"`, `to = \"12:00\"`"), "{shown}");
    // Eleven in the evening in New York is the same day in Los Angeles.
    let caps = format!("{zones}caps = {{ per_day = 1 }}\nconsent_outside_hours = true\n");
    let night = campaign(&caps, "20:00", "21:00") + "[[steps]]\ntemplate = 'd2'\nday = 2\nat = '02:30'\n";
    let rules: Vec<String> = found(&night).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, ["frequency/per-day", "frequency/quiet-hours-agreed"]);
    let here = night.replace(", 'America/Los_Angeles'", "");
    assert_eq!(found(&here).len(), 1, "two days in New York");
}

#[test]
fn a_broken_file_is_told_once_and_lists_are_checked() {
    let project = Project::new(&[("b.toml", "[campaign]\nid = 'a'\nloans_per_borrower = \n[[steps]]\n")]);
    let output = project.run(&["check", "--format", "json", "."]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["problems"].as_array().unwrap().len(), 1, "{report:#}");
    assert_eq!(output.status.code(), Some(2));
    let list = r#"[{"campaign": {"id": "a", "jurisdiction": "cn"}, "steps": [{"template": "t", "day": 1, "at": "23:00"}]}]"#;
    let found = Project::new(&[("c.json", list)]).findings();
    assert!(found.iter().any(|[rule, ..]| rule == "frequency/quiet-hours"), "{found:?}");
}

#[test]
fn the_language_of_the_templates_tells_the_jurisdiction() {
    let text = format!("[campaign]\nid = 'a'\n{HEAD}[[steps]]\ntemplate = 'd1'\nday = 1\nat = '22:30'\n");
    let template = |text: &str| format!("{{\"id\": \"d1\", \"text\": \"{text}\", \"dialect\": \"none\"}}\n");
    let chinese = template("【启明消费金融】您的借款已还清，感谢您的信任。");
    let english = template("Alder Lending: thank you for your payment.");
    assert_eq!(
        Project::new(&[("a.toml", &text), ("t.jsonl", &chinese)]).findings()[0][0],
        "frequency/quiet-hours"
    );
    assert!(Project::new(&[("a.toml", &text), ("t.jsonl", &english)]).findings().is_empty());
}

#[test]
fn a_source_of_another_system_is_read_as_configured() {
    let config = "jurisdiction = 'cn'\n[facts]\nsend_window = '09:00-20:00'\n[[source]]\nfiles = 'lago.json'\nhost = 'campaign:lago'\n";
    let lago = r#"{"dunning_campaign": {"code": "daily", "days_between_attempts": 1, "max_attempts": 4}}"#;
    let project = Project::new(&[("dunlint.toml", config), ("lago.json", lago)]);
    let rules: Vec<String> = project.findings().into_iter().map(|[rule, ..]| rule).collect();
    assert_eq!(rules, ["frequency/no-zone"], "nothing is sent outside the declared window");
    let open = config.replace("send_window", "product");
    let anytime = Project::new(&[("dunlint.toml", &open), ("lago.json", lago)]);
    assert!(anytime.findings().iter().any(|[rule, ..]| rule == "frequency/quiet-hours"));
}

#[test]
fn schedules_are_shown() {
    let text = format!(
        "[campaign]\nid = 'a<&>b'\n{HEAD}[[steps]]\ntemplate = 'd1'\nday = 1\nfrom = '21:00'\nto = '23:00'\nattempts = 2\n"
    );
    let project = Project::new(&[("a.toml", &text), ("broken.toml", "[campaign]\nid = 1\n")]);
    let output = project.run(&["schedule", "a.toml"]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        shown.contains("campaign a<&>b (Asia/Shanghai)") && shown.contains("d1 21:00–23:00 ×2"),
        "{shown}"
    );
    assert!(!shown.contains('\u{1b}'), "no escape codes without a terminal");
    let svg = project.run(&["schedule", "a.toml", "--format", "svg"]);
    let picture = String::from_utf8(svg.stdout).unwrap();
    assert!(picture.contains("a&lt;&amp;&gt;b") && picture.trim_end().ends_with("</svg>"), "{picture}");
    let source = Source::from_text("a.xml", picture);
    let document = dunlint::source::host::by_name("xml").unwrap().document(&source.text, 0).unwrap();
    assert!(document.problems.is_empty(), "the picture is XML");
    for (file, code) in [("broken.toml", 2), ("missing.toml", 2), ("a.toml", 0)] {
        assert_eq!(project.run(&["schedule", file, "--format", "json"]).status.code(), Some(code), "{file}");
    }
}

/// Beside each campaign of `fixtures/campaigns` stand its picture in a terminal (`.txt`), its answer (`.json`) and its
/// picture (`.svg`), written anew with `DUNLINT_UPDATE=1`.
#[test]
fn pictures_look_as_expected() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/campaigns");
    let update = std::env::var_os("DUNLINT_UPDATE").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for name in ["m1.toml", "clock-change.yaml"] {
        for (format, ending) in [("text", "txt"), ("json", "json"), ("svg", "svg")] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
            command.current_dir(&folder).args([
                "schedule",
                name,
                "--isolated",
                "--lang",
                "en",
                "--color",
                "never",
            ]);
            let output = command.args(["--format", format]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{name}");
            let path = folder.join(format!("{name}.{ending}"));
            let shown = String::from_utf8(output.stdout).unwrap();
            if update {
                fs::write(path, shown).unwrap();
            } else if fs::read_to_string(path).ok().as_ref() != Some(&shown) {
                wrong.push(format!("{name}.{ending}:\n{shown}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
