//! Every diagnostic stands where it says: its bytes, cut from the file and undone by hand, are its text,
//! and its lines and columns are what counting gives, whatever the format, the encoding and the spelling.
//!
//! Messages are put together from the examples of the policies and from what makes counting hard.
//! `DUNLINT_CASES=100000 cargo test --release --test positions` tries that many files.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, reason = "modules of a test")]

mod hosts;

use dunlint::check;
use dunlint::config::Config;
use dunlint::finding::Finding;
use dunlint::judge::{Circumstances, Judge};
use dunlint::policy::PolicySet;
use dunlint::problem::Gravity;
use dunlint::source::{Location, Position, Source};
use hosts::{Choices, Style, Writer};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

/// The rules with their examples.
static POLICIES: LazyLock<PolicySet> = LazyLock::new(|| PolicySet::load_whole(&[]).0);

/// The texts of all examples.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let examples = POLICIES.rules.iter().flat_map(|rule| rule.fail.iter().chain(&rule.pass));
    let texts: Vec<String> = examples.map(|example| example.text.replace('\r', "")).collect();
    assert!(texts.len() > 500);
    texts
});

const SPECIAL: [&str; 58] = [
    "👍",
    "👨‍👩‍👧",
    "🇨🇳",
    "é",
    "e\u{301}",
    "𠮷",
    "\u{200b}",
    "\u{200d}",
    "\u{ad}",
    "\u{3000}",
    "\u{a0}",
    "（",
    "５００",
    "ＡＢ",
    "\t",
    "\n",
    "\n\n",
    " ",
    "  ",
    "\"",
    "'",
    "''",
    "\\",
    "\\n",
    "/",
    ",",
    "|",
    "#",
    ": ",
    "-",
    "【某某金融】",
    "[House]",
    "元",
    "¥1,234.50",
    "2026年1月5日",
    "https://a.example/x?y=1",
    "95000",
    "${name}",
    "${",
    "{amount}",
    "{1}",
    "{",
    "}",
    "{{name}}",
    "{{ a | default('x') }}",
    "#code#",
    "@var(name)",
    "{#var#}",
    "%s",
    "%1$s",
    "{% if days > 3 %}",
    "{% else %}",
    "{% endif %}",
    "{{#if a}}",
    "{{else}}",
    "{{/if}}",
    "上门",
    "打死你",
];

const DIALECTS: [&str; 10] =
    ["dollar-brace", "brace", "double-brace", "hash", "at-var", "dlt", "printf", "jinja", "mustache", "none"];

/// A piece of a message: an example, a part of one, one with strangers among its characters, or a special.
fn piece() -> impl Strategy<Value = String> {
    let text = || any::<Index>().prop_map(|index| index.get(&TEXTS).clone());
    let part = (text(), any::<Index>(), any::<Index>()).prop_map(|(text, a, b)| {
        let chars: Vec<char> = text.chars().collect();
        let (a, b) = (a.index(chars.len() + 1), b.index(chars.len() + 1));
        chars[a.min(b)..a.max(b)].iter().collect()
    });
    let strangers = (text(), select(vec!["\u{200b}", " ", "*", "👍", "-", "."]), 2..5usize).prop_map(
        |(text, stranger, every)| {
            let spread = |(i, c): (usize, char)| {
                if i % every == 0 { format!("{c}{stranger}") } else { c.to_string() }
            };
            text.chars().enumerate().map(spread).collect()
        },
    );
    let wide = text().prop_map(|text| {
        let widen = |c: char| {
            if c.is_ascii_alphanumeric() { char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c) } else { c }
        };
        text.chars().map(widen).collect()
    });
    prop_oneof![
        4 => text(),
        2 => part,
        1 => strangers,
        1 => wide,
        6 => select(SPECIAL.to_vec()).prop_map(str::to_owned),
    ]
}

fn message() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 1..7).prop_map(|pieces| pieces.concat())
}

/// How the text of a file becomes bytes, and the label that has to be declared for it.
#[derive(Clone, Copy, Debug)]
enum Bytes {
    Utf8,
    Utf8Mark,
    Utf16Le,
    Utf16Be,
    Gb18030,
}

impl Bytes {
    const ALL: [Self; 5] = [Self::Utf8, Self::Utf8Mark, Self::Utf16Le, Self::Utf16Be, Self::Gb18030];

    fn label(self) -> Option<&'static str> {
        matches!(self, Self::Gb18030).then_some("gb18030")
    }

    fn encode(self, text: &str) -> Vec<u8> {
        let units = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
        };
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Mark => ["\u{feff}", text].concat().into_bytes(),
            Self::Utf16Le => units(&[0xff, 0xfe], u16::to_le_bytes),
            Self::Utf16Be => units(&[0xfe, 0xff], u16::to_be_bytes),
            Self::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
        }
    }

    /// Where in the bytes the text before byte `at` of the text ends.
    fn offset(self, text: &str, at: usize) -> u64 {
        self.encode(&text[..at]).len() as u64
    }
}

/// What a place must be, counted from the start of the text.
fn counted(text: &str, at: usize) -> Position {
    let (mut line, mut column, mut utf8, mut utf16) = (1, 1, 1, 1);
    let mut chars = text[..at].chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().or_else(|| text[at..].chars().next());
        if c == '\n' || (c == '\r' && next != Some('\n')) {
            (line, column, utf8, utf16) = (line + 1, 1, 1, 1);
        } else {
            column += 1;
            utf8 += c.len_utf8() as u32;
            utf16 += c.len_utf16() as u32;
        }
    }
    Position { line, column, column_utf8: utf8, column_utf16: utf16 }
}

/// One file and what is known of it.
struct File {
    written: Writer,
    bytes: Bytes,
    source: Source,
}

impl File {
    /// The text without a mark: what `written` holds. The source may keep the mark of UTF-8.
    fn location(&self, span: dunlint::source::Span) -> Result<(usize, usize), TestCaseError> {
        let text = &self.written.file;
        let mark = self.source.after_mark().1 as usize;
        let (start, end) = (span.start as usize - mark, span.end as usize - mark);
        prop_assert!(start <= end && text.get(start..end).is_some(), "{span:?} cuts {text:?}");
        let Location { byte_start, byte_end, start: first, end: last, path } = self.source.location(span);
        prop_assert_eq!(path, Arc::clone(&self.source.path));
        prop_assert_eq!(byte_start, self.bytes.offset(text, start), "{:?} of {:?}", span, text);
        prop_assert_eq!(byte_end, self.bytes.offset(text, end), "{:?} of {:?}", span, text);
        prop_assert_eq!(first, counted(text, start), "{:?} of {:?}", span, text);
        prop_assert_eq!(last, counted(text, end), "{:?} of {:?}", span, text);
        Ok((start, end))
    }

    fn holds(&self, finding: &Finding) -> Result<(), TestCaseError> {
        let rule = &POLICIES.rules[finding.rule].id;
        let (start, end) = self.location(finding.primary)?;
        let undone = self.written.undo(start, end);
        let cut = &self.written.file[start..end];
        prop_assert_eq!(
            undone.as_deref(),
            Some(finding.text.as_str()),
            "{} marks {:?} of {:?}",
            rule,
            cut,
            &self.written.file
        );
        for label in &finding.labels {
            let (start, end) = self.location(label.span)?;
            prop_assert!(
                self.written.undo(start, end).is_some(),
                "{rule}: a label cuts a spelling: {:?} of {:?}",
                &self.written.file[start..end],
                &self.written.file
            );
        }
        Ok(())
    }
}

static FOUND: AtomicUsize = AtomicUsize::new(0);
static TRIED: AtomicUsize = AtomicUsize::new(0);

/// Writes `messages` as `style` says, checks the file, and holds every finding against what was written.
fn check_file(
    style: Style,
    messages: &[String],
    dialect: Option<&str>,
    bytes: Bytes,
    choices: &[u8],
) -> Result<(), TestCaseError> {
    let mut messages: Vec<String> = messages.iter().map(|message| style.fit(message)).collect();
    if matches!(style, Style::Plain | Style::PlainFront) {
        messages.truncate(1);
    }
    let written = style.write(&messages, dialect, Choices::new(choices));
    let path: Arc<str> = style.name().into();
    let source = match Source::from_bytes(&path, bytes.encode(&written.file), bytes.label()) {
        Ok(source) => source,
        Err(problem) => return Err(TestCaseError::fail(format!("{problem:?}"))),
    };
    let config = Config::default();
    let settings = config.resolve(Path::new(style.name()));
    let mut parsed = check::parse(&source, None, None, &settings);
    let read: Vec<&str> = parsed.templates.iter().map(|template| template.body()).collect();
    let wanted: Vec<&str> = messages.iter().map(String::as_str).collect();
    let unread = parsed.problems.iter().find(|p| p.gravity == Gravity::Error && p.code != "body-too-long");
    prop_assert!(unread.is_none(), "{:?} in {:?}", unread, &written.file);
    prop_assert_eq!(&read, &wanted, "{:?}", &written.file);
    let file = File { written, bytes, source };
    let circumstances = Circumstances::default();
    let judge =
        Judge { policies: &POLICIES, circumstances: &circumstances, host: "plain", fingerprints: true };
    for template in parsed.templates.iter_mut().filter(|template| !template.is_refused()) {
        for finding in judge.judge(&file.source, template).findings {
            FOUND.fetch_add(1, Ordering::Relaxed);
            file.holds(&finding)?;
        }
    }
    TRIED.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// A share of `DUNLINT_CASES`, or a few.
fn cases(share: u32) -> ProptestConfig {
    let wanted: Option<u32> = std::env::var("DUNLINT_CASES").ok().and_then(|text| text.parse().ok());
    let cases = wanted.map_or(100, |all| all.div_ceil(share));
    ProptestConfig { cases, max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() }
}

/// Files of the styles from `first` up to `end`, by their index in [`Style::ALL`].
fn run(first: usize, end: usize) {
    let mut runner = proptest::test_runner::TestRunner::new(cases(4));
    let several = proptest::collection::vec(message(), 1..4);
    let dialect = proptest::option::of(select(DIALECTS.to_vec()));
    let choices = proptest::collection::vec(any::<u8>(), 1..80);
    let styles = select(Style::ALL[first..end].to_vec());
    let file = (styles, several, dialect, select(Bytes::ALL.to_vec()), choices);
    let (tried, found) = (TRIED.load(Ordering::Relaxed), FOUND.load(Ordering::Relaxed));
    let ran = runner.run(&file, |(style, messages, dialect, bytes, choices)| {
        check_file(style, &messages, dialect, bytes, &choices)
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    // Many messages are put together from violations; a run that finds nothing has tested nothing.
    assert!(TRIED.load(Ordering::Relaxed) > tried);
    assert!(FOUND.load(Ordering::Relaxed) > found + 100);
}

#[test]
fn plain_and_json() {
    run(0, 4);
}

#[test]
fn yaml() {
    run(4, 9);
}

#[test]
fn toml() {
    run(9, 13);
}

#[test]
fn tables() {
    run(13, 16);
}
