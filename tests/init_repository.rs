//! `init` in a repository laid out like many public ones: what it proposes reads the templates and no string of a
//! program that is none. The repository is made here: 200 files, 2,000 messages, and as many traps.
#![allow(clippy::unwrap_used)]

use dunlint::source::host;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const STAGES: [&str; 10] = [
    "remind",
    "due_today",
    "overdue_d1",
    "overdue_d3",
    "overdue_d7",
    "m1",
    "m2",
    "promise",
    "repaid",
    "plan",
];
const WORDINGS: [&str; 5] = [
    "您好，您的借款应还{1}元，请于{2}前还款，客服400-000-6120。",
    "提醒您：本期账单{1}元将于{2}到期，请按时还款，有困难可致电400-000-6120。",
    "您的借款已逾期{1}天，应还{2}元，请安排还款，客服400-000-6120。",
    "您本期应还{1}元尚未收到，如已还款请忽略，客服400-000-6120。",
    "感谢您还款{1}元，您的借款已还清，凭证编号{2}。",
];

/// The repository: path → text, and path → ids of its templates.
#[derive(Default)]
struct Repository {
    files: BTreeMap<String, String>,
    expected: BTreeMap<String, BTreeSet<String>>,
    count: usize,
}

impl Repository {
    fn add(&mut self, path: String, text: String, ids: Vec<String>) {
        self.count += ids.len();
        if !ids.is_empty() {
            self.expected.insert(path.clone(), ids.into_iter().collect());
        }
        self.files.insert(path, text);
    }

    fn wording(&self, i: usize) -> String {
        let signature = if i.is_multiple_of(2) { "【青梧消费金融】" } else { "" };
        format!("{signature}第{i}号{}", WORDINGS[i % WORDINGS.len()])
    }

    fn write(&self, root: &Path) {
        for (path, text) in &self.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
}

/// Ten templates of a file, each put down by `one` from its name and wording.
fn ten(
    repository: &Repository,
    n: usize,
    upper: bool,
    one: impl Fn(&str, &str) -> String,
) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut ids = Vec::new();
    for (i, stage) in STAGES.iter().enumerate() {
        let name = if upper { stage.to_uppercase() } else { (*stage).to_owned() };
        let name = if upper { format!("SMS_{name}") } else { name };
        text.push_str(&one(&name, &repository.wording(n * 10 + i)));
        ids.push(name);
    }
    (text, ids)
}

/// A service of a program that sends: every string of it is the program's own.
fn service(n: usize) -> String {
    format!(
        r#"package example.loan.service;

public class SmsTemplateService{n} {{
    private static final Logger log = LoggerFactory.getLogger(SmsTemplateService{n}.class);
    private static final String SMS_TEMPLATE_ID = "SMS_{n:06}";
    private static final String SMS_GATEWAY_URL = "https://sms.example.com/v{n}/send?to={{0}}";
    private static final String FIND_TEMPLATE = "select content from sms_template where stage = '逾期还款提醒' and id = {{1}}";
    private static final String SMS_SEND_ERROR = "短信发送失败，借款{{0}}已逾期，请催收主管人工处理";
    private static final String TEMPLATE_MISSING_TIP = "逾期短信模板{{0}}不存在，请先在后台新增并审核";

    public void send(Loan loan) {{
        log.info("逾期短信模板{{}}发送成功，共通知{{}}位借款人还款", SMS_TEMPLATE_ID, loan.count());
        if (loan.isClosed()) {{
            throw new IllegalStateException("借款" + loan.getId() + "已结清，不能再发送逾期还款短信");
        }}
        jdbc.update("update sms_log set remark = '逾期提醒短信已发送，等待借款人还款' where id = ?", loan.getId());
    }}
}}
"#
    )
}

fn component(n: usize) -> String {
    format!(
        "export const messages = {{\n  title: '短信模板管理：逾期、还款、账单提醒（{n}）',\n  confirmDelete: '确定要删除逾期短信模板{{name}}吗？删除后不可恢复',\n}};\nexport function label(n: number) {{\n  return `共 ${{n}} 条逾期还款短信模板待审核`;\n}}\nconsole.log(`sms template ${{messages.title}} loaded, overdue loans: ${{n}}`);\n"
    )
}

fn repository() -> Repository {
    let mut all = Repository::default();
    for n in 0..60 {
        let (body, ids) =
            ten(&all, n, true, |name, text| format!("    public static final String {name} = \"{text}\";\n"));
        all.add(
            format!("server/src/main/java/example/loan/sms/p{}/SmsTemplates{n}.java", n % 4),
            format!("package example.loan.sms;\n\npublic final class SmsTemplates{n} {{\n    private static final int VERSION = {n};\n{body}}}\n"),
            ids,
        );
    }
    for n in 60..75 {
        let (body, ids) = ten(&all, n, true, |name, text| format!("    {name}(\"SMS_{n}\", \"{text}\"),\n"));
        all.add(
            format!("server/src/main/java/example/loan/sms/SmsTemplateEnum{n}.java"),
            format!("package example.loan.sms;\n\npublic enum SmsTemplateEnum{n} {{\n{body}    ;\n    private final String code;\n    private final String content;\n}}\n"),
            ids,
        );
    }
    for n in 75..100 {
        let (body, ids) = ten(&all, n, false, |name, text| format!("  {name}: '{text}',\n"));
        all.add(
            format!("web/src/sms/templates{n}.ts"),
            format!("export const smsTemplates{n} = {{\n{body}}};\n"),
            ids,
        );
    }
    for n in 100..120 {
        let (body, ids) = ten(&all, n, false, |name, text| format!("    \"{name}\": \"{text}\",\n"));
        all.add(format!("jobs/dunning/sms_templates_{n}.py"), format!("SMS_TEMPLATES = {{\n{body}}}\n"), ids);
    }
    for n in 120..130 {
        let (body, ids) = ten(&all, n, false, |name, text| format!("    '{name}' => '{text}',\n"));
        all.add(
            format!("legacy/config/sms_{n}.php"),
            format!("<?php\nreturn ['sms_templates' => [\n{body}]];\n"),
            ids,
        );
    }
    for n in 130..160 {
        let (body, ids) =
            ten(&all, n, false, |name, text| format!("{{\"code\": \"{name}\", \"content\": \"{text}\"}},"));
        let body = body.trim_end_matches(',');
        all.add(format!("catalogues/json/c{n}.json"), format!("{{\"templates\": [{body}]}}\n"), ids);
    }
    // Formats that are not there yet are laid out as formats that are.
    let sql = host::by_path("a.sql").is_some();
    for n in 160..190 {
        if sql {
            let (body, ids) = ten(&all, n, false, |name, text| format!("({n}, '{name}', '{text}'),\n"));
            let body = body.trim_end_matches(",\n");
            let text = format!(
                "INSERT INTO `sms_template` (`id`, `code`, `content`) VALUES\n{body};\nINSERT INTO `sys_menu` (`id`, `name`, `remark`) VALUES (1, '短信模板', '逾期还款短信模板的新增与审核页面');\n"
            );
            all.add(format!("db/migration/V{n}__sms.sql"), text, ids);
        } else {
            let (body, ids) = ten(&all, n, false, |name, text| format!("{name},\"{text}\"\n"));
            all.add(format!("db/seed/t{n}.csv"), format!("code,content\n{body}"), ids);
        }
    }
    for n in 190..200 {
        let (body, ids) =
            ten(&all, n, false, |name, text| format!("  - code: {name}\n    content: \"{text}\"\n"));
        all.add(format!("catalogues/yaml/y{n}.yaml"), format!("templates:\n{body}"), ids);
    }
    // A name that is a template's elsewhere, beside them.
    all.add(
        "jobs/dunning/runner.py".to_owned(),
        "plan = \"nightly\"\nremind = True\n".to_owned(),
        Vec::new(),
    );
    for n in 0..100 {
        all.add(
            format!("server/src/main/java/example/loan/service/SmsTemplateService{n}.java"),
            service(n),
            Vec::new(),
        );
        all.add(format!("web/src/pages/page{n}.ts"), component(n), Vec::new());
    }
    all
}

struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(root: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_dunlint")).current_dir(root).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What `check` reads: path → ids.
fn checked(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let (_, report, errors) = run(root, &["check", "--format", "json", "--fail-on", "never"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap_or_else(|_| panic!("{errors}"));
    let wrong: Vec<_> =
        report["problems"].as_array().unwrap().iter().filter(|p| p["level"] == "error").collect();
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(3)]);
    let mut read = BTreeMap::new();
    for file in report["files"].as_array().unwrap() {
        let ids: BTreeSet<String> =
            file["templates"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        if !ids.is_empty() {
            read.insert(file["path"].as_str().unwrap().to_owned(), ids);
        }
    }
    read
}

/// At least 95 % of the messages are read, and nothing else.
fn compare(what: &str, all: &Repository, read: &BTreeMap<String, BTreeSet<String>>) {
    let mut extra = String::new();
    let mut found = 0;
    for (path, ids) in read {
        let expected = all.expected.get(path);
        for id in ids {
            if expected.is_some_and(|expected| expected.contains(id)) {
                found += 1;
            } else {
                writeln!(extra, "{path}: {id}").unwrap();
            }
        }
    }
    assert!(extra.is_empty(), "{what}: no templates:\n{extra}");
    assert!(found * 100 >= all.count * 95, "{what}: {found} of {}", all.count);
}

#[test]
fn the_proposal_reads_the_templates_and_nothing_else() {
    let root = std::env::temp_dir().join(format!("dunlint-repository-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join(".git")).unwrap();
    let scratch = Scratch(root);
    let root = &scratch.0;
    let all = repository();
    assert_eq!((all.expected.len(), all.count), (200, 2_000));
    all.write(root);

    compare("without a configuration", &all, &checked(root));
    let (code, _, said) = run(root, &["init", "--write"]);
    assert_eq!(code, Some(0), "{said}");
    let proposal = fs::read_to_string(root.join("dunlint.toml")).unwrap();
    for line in [
        "# 750 template(s) in 75 file(s); 375 with a signature 【…】 in the text",
        "host = \"java\"",
        "dialect = \"brace\"",
        "key = \"SMS_*\"",
        "messages = \"templates[]\"",
    ] {
        assert!(proposal.lines().any(|l| l == line), "{line}\n{proposal}");
    }
    if std::env::var_os("DUNLINT_SHOW").is_some() {
        eprintln!("{proposal}");
    }
    compare("as proposed", &all, &checked(root));
}
