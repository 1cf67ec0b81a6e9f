//! gettext catalogues (`.po`, `.pot`): one record an entry, one for each form of a plural.
//!
//! Begin at [`parse`]. The lines of an entry are gathered by [`Reader`]; [`Entries`] makes records of them. What is
//! sent is `msgstr`; without one gettext sends `msgid`, which is read where nothing at all is translated (`.pot`).
//! Obsolete entries (`#~`) are comments.

use super::{Host, Read, c_string};
use crate::problem::Problem;
use crate::source::document::{Budget, Document, Entry, Map, Node, Problems, Value};
use crate::source::{ChosenBy, Mapped, Source, SourceSpec, Span, catalogue, extract};
use crate::words::Words;
use globset::GlobBuilder;
use std::sync::Arc;

/// The host `po`.
#[derive(Debug)]
pub(super) struct Po;

impl Host for Po {
    fn name(&self) -> &'static str {
        "po"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        let (entries, mut problems) = parse(text, base);
        let roots = entries.roots(None, &mut problems);
        Some(Document { roots, problems })
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        let (entries, mut problems) = parse(text, base);
        let mut whole = spec.clone();
        if whole.body.is_none() && whole.decode.is_none() {
            whole.body = Some(if entries.is_untranslated() { "msgid" } else { "msgstr" }.to_owned());
        }
        // Which ids are messages; the members of an entry are no keys.
        let key = whole.key.take().and_then(|key| GlobBuilder::new(&key).build().ok());
        let roots = entries.roots(whole.body.as_deref(), &mut problems);
        let mut read = extract::read(self.name(), source, Document { roots, problems }, &whole);
        if let Some(key) = key.map(|glob| glob.compile_matcher()) {
            read.records.retain(|record| key.is_match(&record.id.text));
        }
        for record in &mut read.records {
            if record.dialect_chosen_by == Some(ChosenBy::Record) {
                record.dialect_chosen_by = Some(ChosenBy::Flag);
            }
        }
        if catalogue::is_said(spec) { read } else { catalogue::keep(self.name(), source, read) }
    }
}

/// The placeholder language that a flag names. `no-c-format` and formats without a reader name none.
fn dialect_of(flag: &str) -> Option<&'static str> {
    Some(match flag {
        "c-format"
        | "objc-format"
        | "python-format"
        | "java-printf-format"
        | "php-format"
        | "perl-format"
        | "go-format"
        | "lua-format"
        | "gcc-internal-format"
        | "sh-printf-format" => "printf",
        "python-brace-format" => "python-format",
        "java-format" => "java-messageformat",
        "csharp-format" | "perl-brace-format" => "brace",
        _ => return None,
    })
}

/// A string of an entry: its keyword and what it says.
struct Said {
    /// `msgctxt`, `msgid`, `msgid_plural`, `msgstr`, `msgstr[0]` …
    keyword: String,
    keyword_span: Span,
    mapped: Mapped,
    /// Inside the first literal that is not empty up to inside the last.
    span: Span,
}

/// An entry as it stands in the file.
#[derive(Default)]
struct Raw {
    said: Vec<Said>,
    flags: Vec<(String, Span)>,
    /// A line of it could not be read.
    broken: bool,
}

impl Raw {
    fn get(&self, keyword: &str) -> Option<&Said> {
        self.said.iter().find(|said| said.keyword == keyword)
    }

    /// Its translations: one, or one for each form of a plural.
    fn forms(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(|said| said.keyword == "msgstr" || said.keyword.starts_with("msgstr["))
    }

    fn is_translated(&self) -> bool {
        self.forms().any(|form| !form.mapped.text.is_empty())
    }

    /// The entry of the empty `msgid` tells about the file.
    fn is_header(&self) -> bool {
        self.get("msgctxt").is_none() && self.get("msgid").is_none_or(|id| id.mapped.text.is_empty())
    }

    fn has_flag(&self, name: &str) -> bool {
        self.flags.iter().any(|(flag, _)| flag == name)
    }
}

/// All entries of a file, without the header.
struct Entries(Vec<Raw>);

impl Entries {
    /// Whether no entry is translated: a template for translators, or a catalogue in the source's language.
    fn is_untranslated(&self) -> bool {
        self.0.iter().all(|entry| !entry.is_translated())
    }

    /// The records, with `body` (a member's name) as what is sent; none of entries that could not be read.
    fn roots(&self, body: Option<&str>, problems: &mut Problems) -> Vec<Node> {
        let by_form = body.is_none_or(|body| body == "msgstr");
        let mut roots = Vec::new();
        let mut empty: Option<(usize, Span)> = None;
        let mut fuzzy: Option<(usize, Span)> = None;
        let count = |counted: &mut Option<(usize, Span)>, at: Span| {
            *counted = Some(counted.map_or((1, at), |(n, first)| (n + 1, first)));
        };
        for entry in &self.0 {
            let place = entry.said.first().map_or_else(Span::default, |said| said.keyword_span);
            if entry.has_flag("fuzzy") {
                count(&mut fuzzy, place);
            }
            if entry.broken {
                continue;
            }
            if !by_form {
                roots.push(root(entry, None));
                continue;
            }
            let several = entry.forms().count() > 1;
            for form in entry.forms() {
                if form.mapped.text.is_empty() {
                    count(&mut empty, form.keyword_span);
                } else {
                    roots.push(root(entry, Some((form, several))));
                }
            }
        }
        problems.extend(empty.filter(|_| !roots.is_empty()).map(|(n, at)| untranslated(n, at)));
        problems.extend(fuzzy.map(|(n, at)| unconfirmed(n, at)));
        roots
    }
}

fn untranslated(count: usize, at: Span) -> Problem {
    let words = Words::new(
        format!("{count} entries are not translated and not read; gettext sends their msgid, from here on"),
        format!("从此处起有 {count} 个条目没有译文，未读取；gettext 将发送其 msgid"),
    );
    Problem::note("po-untranslated", words).at(at)
}

fn unconfirmed(count: usize, at: Span) -> Problem {
    let words = Words::new(
        format!("{count} entries are marked fuzzy; they are read, but gettext does not send them"),
        format!("有 {count} 个条目标记为 fuzzy；已读取，但 gettext 不会发送"),
    );
    Problem::note("po-fuzzy", words).at(at)
}

/// One record. With a `form` that one is its `msgstr`; of several forms each has its number behind its id.
fn root(entry: &Raw, form: Option<(&Said, bool)>) -> Node {
    let mut map = Map::default();
    let number = form
        .filter(|(_, several)| *several)
        .and_then(|(form, _)| Some((form.keyword.strip_prefix("msgstr")?, form.keyword_span)));
    let numbered = |said: &Said| {
        let mut mapped = said.mapped.clone();
        if let Some((number, place)) = number {
            mapped.escape(number, place);
        }
        Node::new(said.span, Value::String(mapped))
    };
    let mut put = |key: &str, key_span: Option<Span>, value: Node| {
        map.entries.push(Entry { key: Arc::from(key), key_span, value });
    };
    let id = entry.get("msgctxt").filter(|said| !said.mapped.text.is_empty()).or_else(|| entry.get("msgid"));
    if let Some(id) = id {
        put("id", None, numbered(id));
    }
    for said in &entry.said {
        let value = match said.keyword.as_str() {
            "msgctxt" => numbered(said),
            "msgid" if form.is_some() => numbered(said),
            keyword if form.is_some() && keyword.starts_with("msgstr") => continue,
            _ => Node::new(said.span, Value::String(said.mapped.clone())),
        };
        put(&said.keyword, Some(said.keyword_span), value);
    }
    if let Some((form, _)) = form {
        put("msgstr", Some(form.keyword_span), Node::new(form.span, Value::String(form.mapped.clone())));
    }
    let dialect = entry.flags.iter().find_map(|(flag, span)| Some((dialect_of(flag)?, *span)));
    if let Some((dialect, span)) = dialect {
        let mut mapped = Mapped::new();
        mapped.escape(dialect, span);
        put("dialect", None, Node::new(span, Value::String(mapped)));
    }
    let span = map.entries.iter().map(|entry| entry.value.span).reduce(Span::join).unwrap_or_default();
    Node::new(span, Value::Map(map))
}

fn parse(text: &str, base: u32) -> (Entries, Problems) {
    let mut reader = Reader { current: Raw::default(), entries: Vec::new(), problems: Problems::default() };
    let mut budget = Budget::default();
    let mut start = base;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let trimmed = line.trim_start_matches([' ', '\t']);
        let at = start + Span::of(0, line.len() - trimmed.len()).end;
        start += Span::of(0, whole.len()).end;
        if trimmed.trim_end().is_empty() {
            continue;
        }
        if let Err(problem) = budget.take(1, Span::new(at, at)) {
            reader.problems.push(*problem);
            break;
        }
        reader.line(trimmed, at);
    }
    reader.finish();
    (Entries(reader.entries), reader.problems)
}

struct Reader {
    current: Raw,
    entries: Vec<Raw>,
    problems: Problems,
}

impl Reader {
    /// A line that is not blank, without the blanks before it; it stands at `at`.
    fn line(&mut self, line: &str, at: u32) {
        let place = |start: usize, end: usize| Span::of(start, end).shift(at);
        if let Some(comment) = line.strip_prefix('#') {
            // Comments stand before their entry.
            if !self.current.said.is_empty() {
                self.finish();
            }
            if comment.starts_with('~') {
                // The flags before an obsolete entry are its own.
                self.current = Raw::default();
            } else if let Some(flags) = comment.strip_prefix(',') {
                self.flags(flags, at + 2);
            }
            return;
        }
        if line.starts_with('"') {
            return self.literal(line, 0, at);
        }
        let len = line.find([' ', '\t', '"']).unwrap_or(line.len());
        let keyword = line.get(..len).unwrap_or("");
        if !is_keyword(keyword) {
            let words = Words::new(
                "neither a comment, a string nor msgctxt, msgid, msgid_plural, msgstr",
                "应为注释、字符串，或 msgctxt、msgid、msgid_plural、msgstr",
            );
            return self.wrong(Problem::error("po-syntax", words).at(place(0, len.max(1))));
        }
        let begins = keyword == "msgctxt" || (keyword == "msgid" && self.current.get("msgid").is_some());
        let complete = self.current.forms().next().is_some();
        if (begins && !self.current.said.is_empty()) || (complete && !keyword.starts_with("msgstr")) {
            self.finish();
        }
        self.current.said.push(Said {
            keyword: keyword.to_owned(),
            keyword_span: place(0, len),
            mapped: Mapped::new(),
            span: place(len, len),
        });
        let quote = line.get(len..).and_then(|rest| rest.find('"')).map_or(line.len(), |found| len + found);
        self.literal(line, quote, at);
    }

    /// The string literal whose opening quote is byte `open` of `line`.
    fn literal(&mut self, line: &str, open: usize, at: u32) {
        let place = |start: usize, end: usize| Span::of(start, end).shift(at);
        let Some(said) = self.current.said.last_mut() else {
            let words = Words::new("a string before any msgid", "msgid 之前出现字符串");
            return self.wrong(Problem::error("po-syntax", words).at(place(open, line.len())));
        };
        let Some(end) = closing_quote(line, open) else {
            let words = Words::new("a string that does not end on its line", "字符串没有在本行结束");
            return self
                .wrong(Problem::error("po-syntax", words).at(place(open.min(line.len()), line.len())));
        };
        let inside = place(open + 1, end);
        if said.mapped.text.is_empty() {
            said.span = inside;
        } else if end > open + 1 {
            said.span = said.span.join(inside);
        }
        let text = line.get(open + 1..end).unwrap_or("");
        c_string::append(&mut said.mapped, text, inside.start, &mut self.problems);
        if !line.get(end + 1..).unwrap_or("").trim().is_empty() {
            let words = Words::new("text after the closing quote", "结束引号后还有文字");
            self.wrong(Problem::error("po-syntax", words).at(place(end + 1, line.len())));
        }
    }

    fn flags(&mut self, flags: &str, at: u32) {
        let mut start = at;
        for flag in flags.split(',') {
            let name = flag.trim();
            let blanks = Span::of(0, flag.len() - flag.trim_start().len()).end;
            let span = Span::of(0, name.len()).shift(start + blanks);
            self.current.flags.push((name.to_owned(), span));
            start += Span::of(0, flag.len() + 1).end;
        }
    }

    fn wrong(&mut self, problem: Problem) {
        self.current.broken = true;
        self.problems.push(problem);
    }

    fn finish(&mut self) {
        let entry = std::mem::take(&mut self.current);
        if !entry.said.is_empty() && !entry.is_header() {
            self.entries.push(entry);
        }
    }
}

fn is_keyword(word: &str) -> bool {
    let number = word.strip_prefix("msgstr[").and_then(|rest| rest.strip_suffix(']'));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
        || ["msgctxt", "msgid", "msgid_plural", "msgstr"].contains(&word)
}

/// The quote that closes the string opened at byte `open`.
fn closing_quote(line: &str, open: usize) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut at = open + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}
