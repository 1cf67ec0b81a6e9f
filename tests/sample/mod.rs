//! A made-up outcome with the hard cases of rendering.

use dunlint::finding::{About, Confidence, Finding, Label};
use dunlint::outcome::{CheckedFile, Outcome};
use dunlint::problem::{Place, Problem};
use dunlint::source::{Location, Position, Source, Span};
use dunlint::template::Dialect;
use dunlint::words::{Lang, Words};

use super::sample_rules;
use std::sync::Arc;

fn words(en: &'static str, zh: &'static str) -> Words {
    Words::new(en, zh)
}

const CHINESE: &str = "【某某金融】${name}，今日不还款将安排上门催收，客服95000。";
const EMOJI: &str = "\u{feff}提醒👨‍👩‍👧👍🏽您\r\n\t请尽快付款（立即）。\r\n1️⃣🇨🇳立刻 e\u{301}te e\u{301}te\r\n";
const CONTROLS: &str = "a\u{1b}[31m红\u{202e}色\u{200b}上\u{200b}门\u{7}\n";
const LINES: &str = "第一行\n第二行开始\n三\n四\n五\n六\n七\n八结束。\n末\n";

fn about(id: &str) -> Option<Arc<About>> {
    Some(Arc::new(About {
        id: id.into(),
        lang: Some(Lang::ZhHans),
        jurisdiction: Some("cn".into()),
        dialect: Dialect::DollarBrace,
    }))
}

struct Builder {
    outcome: Outcome,
}

impl Builder {
    fn file(&mut self, path: &str, text: String, host: &'static str, ids: &[&str]) {
        let source = Source::from_text(path, text);
        self.outcome.files.push(CheckedFile {
            path: path.into(),
            host,
            bytes: source.bytes,
            encoding: source.encoding.name(),
            sha256: source.sha256(),
            templates: ids.iter().map(|id| Arc::from(*id)).collect(),
        });
        self.outcome.sources.insert(path.into(), source);
    }

    fn find(&mut self, rule: usize, path: &str, mark: &str) -> &mut Finding {
        let policies = &*sample_rules::POLICIES;
        let text = &self.outcome.sources[path].text;
        let start = text.find(mark).unwrap();
        self.outcome.findings.push(Finding {
            rule,
            level: policies.rules[rule].level,
            confidence: Confidence::High,
            path: path.into(),
            about: about(path.split(['/', '.']).next().unwrap()),
            primary: Span::of(start, start + mark.len()),
            text: mark.to_owned(),
            args: Vec::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            jurisdiction: None,
            when: Vec::new(),
            fixes: Vec::new(),
            suppression: None,
            baseline: None,
            fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
        });
        self.outcome.findings.last_mut().unwrap()
    }
}

/// The outcome, with findings sorted as a run sorts them.
pub fn outcome() -> Outcome {
    let mut builder = Builder { outcome: Outcome { skipped: 2, ..Outcome::default() } };
    builder.file("chinese.txt", CHINESE.to_owned(), "plain", &["chinese"]);
    builder.file("clean.txt", "您好".to_owned(), "plain", &["clean"]);
    builder.file("controls.txt", CONTROLS.to_owned(), "plain", &["controls"]);
    builder.file("emoji.txt", EMOJI.to_owned(), "plain", &["emoji"]);
    builder.file("lines.txt", LINES.to_owned(), "plain", &["lines"]);
    let long = format!("{{\"{}立即上门\",\"{}\"}}", "长".repeat(250_000), "x".repeat(100_000));
    builder.file("long.json", long, "json", &["a", "b"]);

    let finding = builder.find(2, "chinese.txt", "安排上门");
    finding
        .notes
        .push(words("hidden: U+200B (zero width space) inside the word", "隐藏：词中有 U+200B（零宽空格）"));
    finding.when = vec!["days > 30".to_owned(), "else".to_owned()];
    let from = CHINESE.find("今日").unwrap();
    let span = Span::of(from, from + "今日".len());
    finding.labels.push(Label { span, text: words("the deadline", "期限") });
    builder.find(2, "controls.txt", "上\u{200b}门");
    let hidden = builder.find(1, "controls.txt", "\u{7}");
    hidden.confidence = Confidence::Medium;
    builder.find(2, "emoji.txt", "👨‍👩‍👧");
    builder.find(1, "emoji.txt", "付款（立即）");
    builder.find(1, "emoji.txt", "立刻");
    builder.find(2, "emoji.txt", "e\u{301}te");
    let segments = builder.find(0, "emoji.txt", "您");
    segments.args.push(("count", "3".to_owned()));
    builder.find(1, "lines.txt", "开始\n三\n四\n五\n六\n七\n八结束");
    builder.find(2, "long.json", "立即上门");
    problems(&mut builder.outcome);
    let rules = &sample_rules::POLICIES.rules;
    builder.outcome.findings.sort_by(|a, b| {
        (&a.path, a.primary, &rules[a.rule].id).cmp(&(&b.path, b.primary, &rules[b.rule].id))
    });
    builder.outcome
}

fn problems(outcome: &mut Outcome) {
    let config = "[rules]\n\"threat/vist\" = \"off\"\n";
    outcome.sources.insert("dunlint.toml".into(), Source::from_text("dunlint.toml", config.to_owned()));
    let unknown =
        Problem::error("unknown-rule", words("unknown rule `threat/vist`", "未知规则 `threat/vist`"))
            .in_file(&"dunlint.toml".into())
            .at(Span::new(8, 21))
            .label(words("no such rule", "没有这条规则"))
            .help(words("did you mean `threat/visit`?", "是否想写 `threat/visit`？"));
    let position = |column| Position { line: 2, column, column_utf8: column + 4, column_utf16: column };
    let location = Location {
        path: "gbk.txt".into(),
        byte_start: 45,
        byte_end: 46,
        start: position(7),
        end: position(8),
    };
    let mut undecodable = Problem::error(
        "not-utf8",
        words("not UTF-8: byte 45 cannot be decoded", "不是 UTF-8：第 45 字节无法解码"),
    )
    .in_file(&"gbk.txt".into());
    undecodable.place = Some(Place::Resolved(Box::new(location)));
    let blank = Problem::note("blank", words("the file is blank", "文件为空")).in_file(&"blank.txt".into());
    outcome.problems = vec![blank, unknown, undecodable];
}
