//! Living with old templates: a baseline that only shrinks, findings of what was changed, fixes that change nothing else.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use snapbox::dir::DirRoot;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const VISIT: &str = "【某某金融】${name}，我们将安排人员上门催收，客服95000。";
const CLEAN: &str = "【某某金融】您好，您的账单已出，请登录手机银行查看，客服95000。";

struct Project(DirRoot);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(DirRoot::mutable_temp().unwrap());
        files.iter().for_each(|(name, text)| project.write(name, text));
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
        command.current_dir(self.0.path().unwrap()).args(arguments).output().unwrap()
    }

    fn code(&self, arguments: &[&str]) -> Option<i32> {
        self.run(arguments).status.code()
    }

    fn json(&self, more: &[&str]) -> Value {
        let output = self.run(&[&["check", "--format", "json"], more].concat());
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.current_dir(self.0.path().unwrap()).args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
        ]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Ids of the templates with a finding that counts.
fn blamed(report: &Value) -> Vec<String> {
    let counting = report["diagnostics"].as_array().unwrap().iter().filter(|d| d["baseline"] != "accepted");
    let mut ids: Vec<String> =
        counting.map(|d| d["template"]["id"].as_str().unwrap_or("").to_owned()).collect();
    ids.dedup();
    ids
}

#[test]
fn a_baseline_accepts_what_is_there_and_nothing_new() {
    let list = format!("- id: a\n  text: {VISIT}\n- id: b\n  text: {CLEAN}\n");
    let project = Project::new(&[("sms.yaml", &list), ("gone.txt", VISIT)]);
    assert_eq!(project.code(&["baseline", "write"]), Some(0));
    let file = project.read("dunlint-baseline.json");
    assert!(serde_json::from_str::<Value>(&file).is_ok(), "{file}");
    let check = ["check", "--baseline", "dunlint-baseline.json"];
    assert_eq!(project.code(&check), Some(0));
    // Moved lines and another host file change nothing; a new text fails.
    project.write("sms.yaml", &format!("# moved\n\n{list}- id: c\n  text: {VISIT}\n"));
    assert_eq!(project.code(&check), Some(1));
    let report = project.json(&["--baseline", "dunlint-baseline.json"]);
    assert_eq!(blamed(&report), ["c"]);
    assert!(report["summary"]["accepted"].as_u64().unwrap() >= 2);
    let marked = |word: &str| {
        report["diagnostics"].as_array().unwrap().iter().filter(|d| d["baseline"] == word).count()
    };
    assert!(marked("new") > 0 && marked("accepted") > 0);
    // What is mended or gone is told, and taken out; nothing is added.
    project.write("sms.yaml", &format!("- id: a\n  text: {CLEAN}\n- id: c\n  text: {VISIT}\n"));
    fs::remove_file(project.path("gone.txt")).unwrap();
    let output = project.json(&["--baseline", "dunlint-baseline.json"]);
    assert!(
        output["problems"]
            .as_array()
            .unwrap()
            .iter()
            .any(|p| p["code"] == "stale-baseline" && p["level"] == "note")
    );
    assert_eq!(project.code(&["baseline", "shrink"]), Some(0));
    let left: Value = serde_json::from_str(&project.read("dunlint-baseline.json")).unwrap();
    assert_eq!(left["findings"].as_array().unwrap().len(), 0);
    assert_eq!(project.code(&check), Some(1));
}

#[test]
fn a_baseline_that_is_none_is_a_problem() {
    let project = Project::new(&[("a.txt", CLEAN), ("b.json", "{\"format\": \"x\"")]);
    assert_eq!(project.code(&["check", "--baseline", "b.json", "a.txt"]), Some(2));
    assert_eq!(project.code(&["check", "--baseline", "none.json", "a.txt"]), Some(2));
    assert_eq!(project.code(&["baseline", "shrink", "--baseline", "b.json"]), Some(2));
    assert_eq!(project.read("b.json"), "{\"format\": \"x\"");
}

#[test]
fn only_changed_messages_are_reported() {
    let list = |b: &str| format!("- id: a\n  text: {VISIT}\n- id: b\n  text: {b}\n");
    let project = Project::new(&[("sms.yaml", &list(CLEAN)), ("old.txt", VISIT), ("短 信.txt", CLEAN)]);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "one"]);
    let since = ["--changed-since", "HEAD"];
    assert_eq!(blamed(&project.json(&since)), Vec::<String>::new());
    project.write("sms.yaml", &format!("# a line above\n{}", list(VISIT)));
    project.write("短 信.txt", VISIT);
    project.write("new.txt", VISIT);
    assert_eq!(blamed(&project.json(&since)), ["new", "b", "短 信"]);
    // Everything is read all the same.
    assert_eq!(project.json(&since)["summary"]["templates_checked"], 5);
    // Staged: the index decides, also where the working tree says otherwise.
    project.git(&["add", "sms.yaml"]);
    assert_eq!(blamed(&project.json(&["--staged"])), ["b"]);
    project.write("sms.yaml", &list(CLEAN));
    assert_eq!(blamed(&project.json(&["--staged"])), ["b"]);
    project.git(&["commit", "-qm", "two"]);
    assert_eq!(blamed(&project.json(&["--changed-since", "HEAD~1", "old.txt", "new.txt"])), ["new"]);
    assert_eq!(project.code(&["check", "--changed-since", "no-such-revision"]), Some(2));
    assert_eq!(project.code(&["check", "--changed-since", "--output=x"]), Some(2));
}

#[test]
fn the_first_commit_can_be_checked() {
    let project = Project::new(&[("a.txt", VISIT), ("b.txt", VISIT)]);
    project.git(&["init", "-q"]);
    project.git(&["add", "a.txt"]);
    assert_eq!(blamed(&project.json(&["--staged"])), ["a"]);
}

/// `pre-commit run` as in CI: what is committed already must not pass unseen.
#[test]
fn a_hook_outside_of_a_commit_looks_at_what_is_committed() {
    let project = Project::new(&[("a.txt", VISIT), ("b.txt", CLEAN)]);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "one"]);
    let blamed = |named: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
        command.current_dir(project.0.path().unwrap()).args(["check", "--format", "json", "--staged"]);
        command.env_remove("PRE_COMMIT").env_remove("PRE_COMMIT_FROM_REF").env_remove("GIT_INDEX_FILE");
        let output = command.envs(named.iter().copied()).output().unwrap();
        blamed(&serde_json::from_slice(&output.stdout).unwrap())
    };
    let hook = ("PRE_COMMIT", "1");
    let nothing = Vec::<String>::new();
    assert_eq!(blamed(&[]), nothing, "by hand, nothing is staged");
    assert_eq!(blamed(&[hook, ("GIT_INDEX_FILE", ".git/index")]), nothing, "a commit that changes nothing");
    assert_eq!(blamed(&[hook]), ["a"], "--all-files");
    project.write("b.txt", VISIT);
    project.git(&["add", "."]);
    assert_eq!(blamed(&[hook]), ["b"], "something is staged");
    project.git(&["commit", "-qm", "two"]);
    assert_eq!(blamed(&[hook, ("PRE_COMMIT_FROM_REF", "HEAD~1")]), ["b"], "--from-ref HEAD~1");
    assert_eq!(blamed(&[hook]), ["a", "b"], "--all-files");
}

#[test]
fn a_schedule_is_reported_when_a_template_of_it_changed() {
    let campaign = "[campaign]\nid = \"c\"\ntimezone = \"Asia/Shanghai\"\ncaps = { per_day = 1 }\n[[steps]]\ntemplate = \"t\"\nday = 1\nat = \"10:00\"\n[[steps]]\ntemplate = \"u\"\nday = 1\nat = \"15:00\"\n";
    let project =
        Project::new(&[("campaign.toml", campaign), ("t.txt", CLEAN), ("u.txt", CLEAN), ("v.txt", CLEAN)]);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "one"]);
    let per_day = || {
        let report = project.json(&["--changed-since", "HEAD", "--rule", "frequency/per-day"]);
        report["diagnostics"].as_array().unwrap().len()
    };
    project.write("v.txt", "【某某金融】您好，客服95000。");
    assert_eq!(per_day(), 0);
    project.write("u.txt", "【某某金融】您好，客服95000。");
    assert_eq!(per_day(), 1);
}

/// File, and what it is once its safe fixes are applied: only the marks go, however the host spells them.
const FIXED: [(&str, &str, &str); 7] = [
    (
        "a.txt",
        "\u{feff}【某某金融】您好！！！\r\n账\u{200b}单已出，客服95000。",
        "\u{feff}【某某金融】您好！\r\n账单已出，客服95000。",
    ),
    (
        "b.json",
        "[{\"id\":\"x\",\"text\":\"【某某金融】账\\u200b单已出\\uff01\\uFF01！客服\\\"95000\\\"。\"}]",
        "[{\"id\":\"x\",\"text\":\"【某某金融】账单已出\\uff01客服\\\"95000\\\"。\"}]",
    ),
    (
        "c.yaml",
        "- id: x\n  text: >-\n    【某某金融】账单已出！！\n    客服95000。\n- id: y\n  text: \"账\\u200B单已出，客服95000\"\n",
        "- id: x\n  text: >-\n    【某某金融】账单已出！\n    客服95000。\n- id: y\n  text: \"账单已出，客服95000\"\n",
    ),
    (
        "D.java",
        "class D { static final String SMS_TEMPLATE = \"【某某金融】您的账\\u200b单已出！！\" + \"客服95000。\"; }\n",
        "class D { static final String SMS_TEMPLATE = \"【某某金融】您的账单已出！\" + \"客服95000。\"; }\n",
    ),
    (
        "e.xml",
        "<list><sms id=\"x\"><content>【某某金融】账&#x200b;单已出&#33;!&#33; 客服95000。</content></sms></list>",
        "<list><sms id=\"x\"><content>【某某金融】账单已出&#33; 客服95000。</content></sms></list>",
    ),
    (
        "f.sql",
        "INSERT INTO sms_template (id, content) VALUES ('x', '【某某金融】it''s 账单！！客服95000。');\n",
        "INSERT INTO sms_template (id, content) VALUES ('x', '【某某金融】it''s 账单！客服95000。');\n",
    ),
    (
        "g.properties",
        "sms.x = 【某某金融】账\\u200b单\\\n    已出！\\\n    ！客服95000。\n",
        "sms.x = 【某某金融】账单\\\n    已出！\\\n    客服95000。\n",
    ),
];

#[test]
fn safe_fixes_change_the_marks_and_nothing_else() {
    for (name, before, after) in FIXED {
        let project = Project::new(&[(name, before)]);
        let diff = project.run(&["check", "--diff", name]);
        assert_eq!(project.read(name), before, "--diff writes nothing");
        assert!(
            String::from_utf8_lossy(&diff.stdout).contains("\n+"),
            "{name}: {}",
            String::from_utf8_lossy(&diff.stdout)
        );
        let fixable = project.json(&[name])["summary"]["fixable"]["safe"].as_u64().unwrap();
        assert!(fixable > 0, "{name}");
        project.run(&["check", "--fix", name]);
        assert_eq!(project.read(name), after, "{name}");
        project.run(&["check", "--fix", name]);
        assert_eq!(project.read(name), after, "{name}: a second time changes nothing");
        assert_eq!(project.json(&[name])["summary"]["fixable"]["safe"], 0);
    }
}

#[test]
fn what_may_change_the_meaning_is_fixed_only_when_asked_for() {
    let text = "---\nlang: zh-Hans\n---\n【某某金融】您的账单即將到期，客服95000。\n";
    let project = Project::new(&[("a.txt", text)]);
    project.run(&["check", "--fix"]);
    assert_eq!(project.read("a.txt"), text);
    project.run(&["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(project.read("a.txt"), text.replace('將', "将"));
}

#[test]
fn a_suppression_that_answers_for_nothing_is_deleted() {
    let list = format!(
        "# dunlint: ignore[threat/visit] agreed\n- id: a\n  text: {CLEAN}\n- id: b # dunlint: ignore[threat/jail, threat/visit] agreed\n  text: {VISIT}\n"
    );
    let front = format!("---\nid: x\ndunlint: ignore[threat/jail] agreed\n---\n{CLEAN}\n");
    let project = Project::new(&[("sms.yaml", &list), ("x.txt", &front)]);
    project.run(&["check", "--fix"]);
    let left = format!(
        "- id: a\n  text: {CLEAN}\n- id: b # dunlint: ignore[threat/visit] agreed\n  text: {VISIT}\n"
    );
    assert_eq!(project.read("sms.yaml"), left);
    assert_eq!(project.read("x.txt"), format!("---\nid: x\n---\n{CLEAN}\n"));
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("real.txt", "【某某金融】您好！！！账单已出，客服95000。")]);
    fs::set_permissions(project.path("real.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.txt", project.path("link.txt")).unwrap();
    project.run(&["check", "--fix", "link.txt"]);
    assert!(project.path("link.txt").is_symlink());
    assert_eq!(project.read("real.txt"), "【某某金融】您好！账单已出，客服95000。");
    assert_eq!(fs::metadata(project.path("real.txt")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    use dunlint::fix::{Rewritten, write};
    let project = Project::new(&[("a.txt", "new words")]);
    let file = Rewritten {
        path: "a.txt".into(),
        before: "old words".into(),
        after: "fixed".into(),
        edits: vec![],
        count: 1,
    };
    let problems = write(project.0.path().unwrap(), &[file]);
    assert_eq!(problems.len(), 1);
    assert_eq!(project.read("a.txt"), "new words");
}
