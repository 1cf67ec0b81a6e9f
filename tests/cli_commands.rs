//! The command line as scripts and people meet it: exit codes, streams, help, bad arguments.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, reason = "modules of a test")]

use snapbox::cmd::{Command, OutputAssert, cargo_bin};
use snapbox::dir::DirRoot;
use snapbox::str;
use std::fs;
use std::path::{Path, PathBuf};

const CLEAN: &str = "【某某金融】您好，您的账单已出，请登录手机银行查看，客服95000。";

struct Project {
    _directory: DirRoot,
    root: PathBuf,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = DirRoot::mutable_temp().unwrap();
        let root = directory.path().unwrap().to_owned();
        for (name, text) in files {
            let file = root.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self { _directory: directory, root }
    }

    fn run(&self, arguments: &[&str]) -> OutputAssert {
        command(&self.root).args(arguments).assert()
    }
}

fn command(root: &Path) -> Command {
    let mut command = Command::new(cargo_bin!("dunlint")).current_dir(root);
    for name in [
        "LC_ALL",
        "LC_MESSAGES",
        "LC_CTYPE",
        "LANG",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "FORCE_HYPERLINK",
    ] {
        command = command.env_remove(name);
    }
    command
}

fn stdout(output: &OutputAssert) -> String {
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}

fn stderr(output: &OutputAssert) -> String {
    String::from_utf8(output.get_output().stderr.clone()).unwrap()
}

#[test]
fn help_lists_the_commands_and_the_exit_codes() {
    Project::new(&[]).run(&["--help"]).code(0).stderr_eq("").stdout_eq(str![[r#"
[..]
hidden amounts, with byte-exact diagnostics

Usage: dunlint <COMMAND>

Commands:
  check         Check templates (the default command)
  explain       Explain a rule: what, why, examples, how to configure
  rules         List the rules
  test          Prove every rule by its own examples
  parse         Show what was understood of each template
  schedule      Show the worst case of each campaign
  render        Show what a borrower would read, and check it against rows of data
  init          Propose a dunlint.toml for this repository
  config        Show the settings that hold for a path, and where each comes from
  baseline      Accept what is found now, or take out what is gone
  suppressions  [..]
  schema        Print a JSON Schema
  server        Speak with an editor, on standard input and output
  completions   Print a completion script for a shell
  man           Print the manual page
...
Exit codes: 0 nothing found, 1 findings, 2 something could not be looked at.

"#]]);
}

#[test]
fn version_is_printed() {
    let output = Project::new(&[]).run(&["--version"]).code(0);
    assert_eq!(stdout(&output), format!("dunlint {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn bad_arguments_exit_2() {
    let project = Project::new(&[("a.txt", CLEAN)]);
    for arguments in [
        &["check", "--nope"][..],
        &["--nope"],
        &["check", "--format", "pdf", "a.txt"],
        &["check", "--fail-on", "fatal", "a.txt"],
        &["check", "--baseline", "b.json", "a.txt"],
        &["check", "--fix", "--diff", "a.txt"],
        &["check", "--staged", "--changed-since", "HEAD", "a.txt"],
        &["baseline", "grow"],
        &["check", "--changed-since", "HEAD", "a.txt"],
        &["check", "--host", "jsno", "a.txt"],
        &["check", "--dialect", "jinja2", "a.txt"],
        &["check", "--jurisdiction", "fr", "a.txt"],
        &["check", "--lang", "fr", "a.txt"],
        &["check", "--today", "2027-02-30", "a.txt"],
        &["check", "--jobs", "0", "a.txt"],
        &["check", "--report", "json", "a.txt"],
        &["check", "--report", "pdf=x", "a.txt"],
        &["check", "--config", "a.toml", "--isolated", "a.txt"],
        &["check", "--config", "a.txt/none.toml", "a.txt"],
        &["check", "--rule", "threat/nonsense", "a.txt"],
        &["check", "no-such-file.txt"],
        &["no-such-file.txt"],
        &["explain", "threat/vist"],
        &["rules", "--toml", "threat/vist"],
        &["schema", "pdf"],
        &["parse", "no-such-file.txt"],
        &["test", "no-such-policy.toml"],
    ] {
        let output = project.run(arguments);
        assert_eq!(output.get_output().status.code(), Some(2), "{arguments:?}\n{}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{arguments:?}");
    }
}

#[test]
fn clean_findings_and_problems_have_their_codes() {
    let threat = "【某某金融】今天不还款，我们就安排人员上门催收，客服95000。";
    let project = Project::new(&[("clean.txt", CLEAN), ("threat.txt", threat)]);
    project.run(&["clean.txt"]).code(0);
    project.run(&["threat.txt"]).code(1);
    project.run(&["check", "--fail-on", "never", "threat.txt"]).code(0);
    project.run(&["check", "threat.txt", "none.txt"]).code(2);
    project.run(&["check", "--fail-on", "never", "threat.txt", "none.txt"]).code(2);
    for format in ["full", "concise", "json", "json-lines"] {
        project.run(&["check", "--format", format, "clean.txt"]).code(0);
        project.run(&["check", "--format", format, "threat.txt"]).code(1);
    }
}

#[test]
fn nothing_to_read_is_a_problem() {
    let output = Project::new(&[]).run(&["check", "."]).code(2);
    assert!(stdout(&output).contains("error[no-files]"), "{}", stdout(&output));
}

#[test]
fn machine_formats_fill_stdout_with_nothing_else() {
    let project = Project::new(&[("a.txt", CLEAN), ("b.txt", "\u{0}")]);
    let output = project.run(&["check", "--format", "json", ".", "none.txt"]).code(2);
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["format"], "dunlint-report");
    assert_eq!(report["run"]["exit_code"], 2);
    assert_eq!(report["run"]["exit_reason"], "problem");
    assert!(stderr(&output).contains("none.txt"), "{}", stderr(&output));
    let lines = stdout(&project.run(&["check", "--format", "json-lines", "."]));
    let types: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].to_string())
        .collect();
    assert_eq!(types.first().map(String::as_str), Some("\"start\""));
    assert_eq!(types.last().map(String::as_str), Some("\"summary\""));
}

/// A runner of GitHub would carry out such lines.
#[test]
#[cfg(unix)]
fn no_line_begins_like_a_command_of_github() {
    let bad = "::stop-commands::x\n【某某金融】您好，不还款就上门\n::error::x\n客服95000。";
    let files = [("::error::x.txt", bad), (" ::warning::y.txt", bad), ("::notice::z.txt", "\u{0}")];
    let project = Project::new(&files);
    for format in ["full", "concise"] {
        let output = project.run(&["check", "--pedantic", "--format", format, "."]).code(2);
        for line in stdout(&output).lines().chain(stderr(&output).lines()) {
            assert!(!line.trim_start().starts_with("::"), "{format}: {line}");
        }
        assert!(stdout(&output).contains("::error::x.txt:2:"), "{format}: {}", stdout(&output));
    }
}

#[test]
fn members_of_the_report_stand_in_the_promised_order() {
    let project = Project::new(&[("a.txt", CLEAN)]);
    let text = stdout(&project.run(&["check", "--format", "json", "a.txt"]));
    let report: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let members: Vec<&str> = report.keys().map(String::as_str).collect();
    let promised = [
        "format",
        "format_version",
        "tool",
        "run",
        "config",
        "summary",
        "files",
        "rules",
        "diagnostics",
        "problems",
    ];
    assert_eq!(members, promised);
}

#[test]
fn standard_input_has_the_name_it_is_given() {
    let project = Project::new(&[]);
    let output = command(&project.root)
        .args(["check", "--format", "json", "--stdin-filename", "模板/a.txt", "-"])
        .stdin(CLEAN)
        .assert()
        .code(0);
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["files"][0]["path"], "模板/a.txt");
}

#[test]
fn a_report_goes_to_a_file_beside_standard_output() {
    let project = Project::new(&[("a.txt", CLEAN)]);
    project.run(&["check", "--report", "json=r.json", "--report", "concise=r.txt", "a.txt"]);
    let report = fs::read_to_string(project.root.join("r.json")).unwrap();
    assert!(report.contains("dunlint-report"));
    assert!(project.root.join("r.txt").exists());
    let output = project.run(&["check", "--report", "json=none/r.json", "a.txt"]).code(2);
    assert!(stderr(&output).contains("none/r.json"));
}

#[test]
fn configuration_mistakes_are_shown_and_give_2() {
    let project = Project::new(&[("a.txt", CLEAN), ("dunlint.toml", "fail_on = 1\njurisdiction = \"fr\"\n")]);
    let output = project.run(&["check", "a.txt"]).code(2);
    let text = stdout(&output);
    assert!(text.contains("error[unknown-key]") && text.contains("did you mean `fail-on`?"), "{text}");
    assert!(text.contains("error[unknown-value]") && text.contains("dunlint.toml:2:16"), "{text}");
    let isolated = stdout(&project.run(&["check", "--isolated", "a.txt"]));
    assert!(!isolated.contains("dunlint.toml"), "{isolated}");
}

#[test]
fn colours_follow_the_option_and_the_environment() {
    let project = Project::new(&[]);
    let escapes = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut run = command(&project.root);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        stdout(&run.args(arguments).assert()).contains('\u{1b}')
    };
    assert!(!escapes(&["check", "none.txt"], &[]));
    assert!(escapes(&["check", "none.txt"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&["check", "none.txt"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(escapes(&["check", "none.txt"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
    assert!(escapes(&["check", "--color", "always", "none.txt"], &[("NO_COLOR", "1")]));
    assert!(!escapes(&["check", "--color", "never", "none.txt"], &[("CLICOLOR_FORCE", "1")]));
}

const THREAT: &str = "【某某金融】${name}，今日不还款将安排上门催收，客服95000。";

#[test]
fn frames_are_drawn_in_ascii_when_asked() {
    let long = format!("{}{THREAT}{}", "请".repeat(200), "请".repeat(200));
    let project = Project::new(&[("a.sms", &long)]);
    let frames = |text: &str| text.contains(['┌', '─', '│', '“', '…', '·']);
    for option in [&["--charset", "ascii"][..], &["--ascii"]] {
        let output = project.run(&[&["check", "a.sms"][..], option].concat()).code(1);
        let shown = stdout(&output);
        assert!(shown.contains("--> a.sms:1:") && shown.contains("上门") && !frames(&shown), "{shown}");
        let excerpt = shown.lines().find(|line| line.contains("1 | ")).unwrap();
        assert!(excerpt.contains('~'), "cut on both sides: {excerpt}");
    }
    // Pipes hold UTF-8 like the templates in them, whatever the locale says.
    let piped = command(&project.root).env("LANG", "C").args(["check", "a.sms"]).assert().code(1);
    assert!(frames(&stdout(&piped)));
}

#[test]
fn rules_are_links_only_where_that_is_wanted() {
    let project = Project::new(&[("a.sms", THREAT)]);
    let count = |name: &str, value: &str, arguments: &[&str]| {
        let output = command(&project.root).env(name, value).args(arguments).assert().code(1);
        stdout(&output).matches("\u{1b}]8;;").count()
    };
    assert_eq!(count("FORCE_HYPERLINK", "", &["check", "a.sms"]), 0, "no terminal");
    assert_eq!(count("FORCE_HYPERLINK", "0", &["check", "a.sms", "--color", "always"]), 0);
    assert!(count("FORCE_HYPERLINK", "1", &["check", "a.sms"]) >= 2, "opened and closed");
    assert_eq!(count("FORCE_HYPERLINK", "1", &["check", "a.sms", "--format", "concise"]), 0);
    assert_eq!(count("FORCE_HYPERLINK", "1", &["check", "a.sms", "--format", "json"]), 0);
    let shown = command(&project.root).env("FORCE_HYPERLINK", "1").args(["check", "a.sms"]).assert();
    let page = "[\u{1b}]8;;https://github.com/dunlint/dunlint/blob/main/docs/rules.md#threatvisit\u{1b}\\threat/visit\u{1b}]8;;\u{1b}\\]";
    assert!(stdout(&shown).contains(page), "{}", stdout(&shown));
    let book = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md")).unwrap();
    assert!(book.contains("\n### `threat/visit`\n"), "the heading that the link leads to");
}

#[test]
fn timing_tells_what_each_rule_took_and_changes_nothing_else() {
    let campaign = "[campaign]\nid = 'm1'\ntimezone = 'Asia/Shanghai'\n[[steps]]\ntemplate = 'a'\nday = 1\nat = '10:00'\n";
    let project = Project::new(&[("a.sms", THREAT), ("m1.toml", campaign)]);
    let plain = project.run(&["check", "--format", "json", "."]);
    let timed = project.run(&["check", "--format", "json", "--timing", "."]).code(1);
    let without = |output: &OutputAssert| stdout(output).replace("      \"--timing\",\n", "");
    assert_eq!(without(&timed), without(&plain));
    let said = stderr(&timed);
    assert!(!stderr(&plain).contains("rule"), "{}", stderr(&plain));
    let rows: Vec<&str> = said
        .lines()
        .filter(|line| line.ends_with("threat/visit") || line.ends_with("frequency/no-zone"))
        .collect();
    assert_eq!(rows.len(), 2, "{said}");
    let asked = |row: &str| row.split_whitespace().nth(2).unwrap().parse::<u32>().unwrap();
    assert!(rows.iter().all(|row| asked(row) >= 1), "{said}");
    assert!(said.contains("(the words of all rules)"), "{said}");
}

#[test]
fn config_names_who_answers_for_an_exception() {
    let config = "[[suppress]]\nrule = \"threat/visit\"\nfiles = [\"a.*\"]\nreason = \"contract\"\nuntil = 2027-06-30\nowner = \"compliance\"\n\n[[suppress]]\nrule = \"threat/jail\"\nfiles = [\"b.*\"]\nreason = \"ticket 7\"\n";
    let project = Project::new(&[("dunlint.toml", config), ("a.sms", THREAT)]);
    let all = stdout(&project.run(&["config"]).code(0));
    for line in [
        "rule = \"threat/visit\"                     # dunlint.toml:2",
        "owner = \"compliance\"                     # dunlint.toml:1",
        "until = 2027-06-30                       # dunlint.toml:5",
        "# owner = nobody                         # default",
    ] {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.lines().any(|shown| words(shown) == words(line)), "{line}\n{all}");
    }
    let file = stdout(&project.run(&["config", "a.sms"]).code(0));
    assert!(
        file.contains("owner = \"compliance\"") && !file.contains("ticket 7"),
        "only what speaks of the file:\n{file}"
    );
}

#[test]
fn the_locale_chooses_the_language_unless_the_option_does() {
    let project = Project::new(&[]);
    let text = |arguments: &[&str], locale: &str| {
        stdout(&command(&project.root).env("LC_ALL", locale).args(arguments).assert())
    };
    assert!(text(&["check", "none.txt"], "zh_CN.UTF-8").contains("个问题"));
    assert!(text(&["check", "none.txt"], "C.UTF-8").contains("problem"));
    assert!(text(&["check", "--lang", "en", "none.txt"], "zh_CN.UTF-8").contains("problem"));
}

#[test]
fn init_proposes_and_writes_only_when_asked() {
    let catalogue = r#"{"TemplateSet": [{"TemplateId": "a", "TemplateContent": "您好{1}"}, {"TemplateId": "b", "TemplateContent": "您好{2}"}]}"#;
    let project = Project::new(&[("sms/m1.json", catalogue), ("other.json", "{\"x\": 1}")]);
    let proposal = stdout(&project.run(&["init"]).code(0));
    for line in [
        "files = \"sms/m1.json\"",
        "host = \"json\"",
        "messages = \"TemplateSet[]\"",
        "id = \"TemplateId\"",
        "body = \"TemplateContent\"",
    ] {
        assert!(proposal.lines().any(|l| l == line), "{line}\n{proposal}");
    }
    assert!(!proposal.contains("other.json"));
    assert!(!project.root.join("dunlint.toml").exists());
    project.run(&["init", "--write"]).code(0);
    assert_eq!(fs::read_to_string(project.root.join("dunlint.toml")).unwrap(), proposal);
    fs::write(project.root.join("dunlint.toml"), "# mine\n").unwrap();
    project.run(&["init", "--write"]).code(2);
    assert_eq!(fs::read_to_string(project.root.join("dunlint.toml")).unwrap(), "# mine\n");
}

#[test]
fn what_init_proposes_is_a_configuration_without_mistakes() {
    let project = Project::new(&[("t.csv", "code,content\na,您好\nb,您好\n")]);
    project.run(&["init", "--write"]).code(0);
    let output = project.run(&["parse", "t.csv"]).code(0);
    let parsed: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let ids: Vec<_> = parsed["messages"].as_array().unwrap().iter().map(|m| m["id"].clone()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(stderr(&output), "");
}

#[test]
fn init_finds_templates_in_programs() {
    let text = "class SmsTemplates {\n  static final String SIGN = \"某某消金\";\n  static final String DUE_CONTENT = \"您好{name}，您的借款应还{amount}元，请按时还款\";\n  static final String URL = \"https://sms.example\";\n}\n";
    let project = Project::new(&[("src/SmsTemplates.java", text), ("src/Other.java", "class Other {}\n")]);
    let proposal = stdout(&project.run(&["init", "--write"]).code(0));
    assert_eq!(proposal, "");
    let proposal = fs::read_to_string(project.root.join("dunlint.toml")).unwrap();
    let expected = "[[source]]\nfiles = \"src/SmsTemplates.java\"\nhost = \"java\"\nkey = \"DUE_*\"\nsignature = \"SIGN\"\ndialect = \"brace\"\n";
    assert!(proposal.ends_with(expected), "{proposal}");
    let output = project.run(&["parse", "src/SmsTemplates.java"]).code(0);
    let parsed: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(parsed["messages"][0]["signature"][0]["text"], "某某消金");
}

#[test]
fn config_says_where_each_setting_comes_from() {
    let project = Project::new(&[
        ("house.toml", "fail-on = \"warning\"\n"),
        ("p/dunlint.toml", "extends = \"../house.toml\"\n\n[rules]\n\"family:threat\" = \"note\"\n"),
    ]);
    let text = stdout(&project.run(&["config", "p"]));
    assert!(text.contains("# read p/dunlint.toml\n# extends house.toml\n"), "{text}");
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    assert!(line("fail-on = \"warning\"").ends_with("# house.toml:1"), "{text}");
    assert!(line("\"family:threat\" = \"note\"").ends_with("# p/dunlint.toml:4"), "{text}");
}

#[test]
fn explain_says_how_a_file_is_read_and_who_decided() {
    let config = "[[source]]\nfiles = \"p/*\"\ndialect = \"icu\"\n";
    let project = Project::new(&[
        ("dunlint.toml", config),
        ("a.ftl", "<#if a>${b}</#if>"),
        ("b.vm", "$a"),
        ("c.txt", "---\ndialect: braze\n---\n{{${a}}}"),
        ("d.txt", "{0}"),
        ("p/e.txt", "{0}"),
    ]);
    let explained = |file: &str| stdout(&project.run(&["explain", file]).code(0));
    assert_eq!(explained("a.ftl"), "a.ftl: plain\n  a: freemarker, by the content of the file\n");
    assert_eq!(explained("b.vm"), "b.vm: plain\n  b: velocity, by the ending of the file name\n");
    assert_eq!(explained("c.txt"), "c.txt: plain\n  c: braze, as its front matter says\n");
    let configured = explained("p/e.txt");
    assert_eq!(configured, "p/e.txt: plain\n  e: icu, as the configuration or its platform says\n");
    let guessed = project.run(&["explain", "d.txt"]).code(0);
    assert!(stdout(&guessed).contains("  d: brace, detected on the texts"), "{}", stdout(&guessed));
    assert!(stderr(&guessed).contains("[dialect-ambiguous]"), "{}", stderr(&guessed));
}

#[test]
fn schemas_are_the_files_in_the_repository() {
    let project = Project::new(&[]);
    for kind in ["report", "config", "policy", "campaign"] {
        let printed = stdout(&project.run(&["schema", kind]).code(0));
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{kind}.schema.json"));
        assert_eq!(printed, fs::read_to_string(file).unwrap());
        let schema: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    }
}

#[test]
fn completions_and_manual_know_the_commands() {
    let project = Project::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(stdout(&project.run(&["completions", shell]).code(0)).contains("explain"), "{shell}");
    }
    let manual = stdout(&project.run(&["man"]).code(0));
    assert!(manual.contains("DUNLINT CHECK") && manual.contains("stdin\\-filename"), "{manual}");
}

#[test]
fn a_closed_pipe_is_a_clean_end() {
    use std::process::Stdio;
    let project = Project::new(&[]);
    let mut child = std::process::Command::new(cargo_bin!("dunlint"))
        .args(["schema", "report"])
        .current_dir(&project.root)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
