//! Where suppressions stand in a file: in comments of the host, in comments of a template's own language, in
//! the field `dunlint` of front matter or a record.
//!
//! Begin at [`find`]. A comment belongs to the message it stands in or behind on the same line, else to the next
//! one of the file, so that moved and added lines do not change what it speaks of.

use super::directive::{self, Directive, Malformed};
use crate::source::{Source, Span};
use crate::template::Template;
use memchr::memmem;
use serde_json::Value;
use std::ops::Range;

/// The word that every suppression begins with.
const WORD: &str = "dunlint";

/// A suppression of a file. All spans count in the text of the source.
#[derive(Clone, Debug)]
pub struct Found {
    /// Index of the template it speaks of; `None` when none follows it, or in a schedule: the whole file.
    pub template: Option<usize>,
    /// From `dunlint` (or the start of the field's value) to its end.
    pub span: Span,
    /// What deleting it would take: the comment, with its line when nothing else stands there.
    pub removal: Option<Span>,
    /// What it says.
    pub said: Result<Directive, Malformed>,
}

/// Bytes before and behind the word that are looked at: a file may be one line of megabytes.
const NEAR: usize = 4096;
/// Mentions of the word in a file that are looked at.
const MOST: usize = 10_000;

/// The text before byte `at`, as far as it is looked at.
fn back(text: &str, at: usize) -> &str {
    let mut from = at.saturating_sub(NEAR);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..at).unwrap_or("")
}

/// The text from byte `at` on, as far as it is looked at.
fn ahead(text: &str, at: usize) -> &str {
    let mut to = (at + NEAR).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(at..to).unwrap_or("")
}

/// Byte `at` of a text whose last bytes are `back`: where the line begins, if that is near.
fn line_start(back: &str, at: usize) -> Option<usize> {
    match back.rfind('\n') {
        Some(newline) => Some(at - back.len() + newline + 1),
        None => (back.len() == at).then_some(0),
    }
}

/// The suppressions of `source`, read in the format `host` as `templates`, in the order of the file.
pub fn find(source: &Source, host: &str, templates: &[Template]) -> Vec<Found> {
    let text = &source.text;
    if memmem::find(text.as_bytes(), WORD.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, template) in templates.iter().enumerate() {
        fields(source, index, template, &mut found);
        inside(index, template, &mut found);
    }
    let regions = Regions::of(templates, host);
    let marks = Marks::of(host);
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), WORD.as_bytes()).take(MOST) {
        if at >= done
            && !regions.is_body(at)
            && let Some(comment) = marks.comment(text, at)
            && let Some(said) = behind_word(text.get(at..comment.inner_end).unwrap_or(""))
        {
            done = comment.inner_end;
            let template = regions.owner(text, at);
            let removal = Some(removal(text, comment.whole));
            found.push(found_at(said, template, at, removal, &|span| span));
        }
    }
    found.sort_by_key(|one| one.span);
    found
}

/// What stands behind the word, with the bytes before it; `None` when the word is only mentioned.
fn behind_word(text: &str) -> Option<(usize, &str)> {
    let rest = text.strip_prefix(WORD)?;
    let bare = rest.trim_start();
    match bare.strip_prefix(':') {
        Some(said) => Some((text.len() - said.len(), said.trim_end())),
        // A colon of Chinese writing, or none: meant, and not understood.
        None if bare.starts_with('：') || bare.starts_with("ignore") => {
            Some((text.len() - bare.len(), bare.trim_end()))
        }
        None => None,
    }
}

/// Reads what is said at byte `at` + offset; `map` leads from those bytes to the source.
fn found_at(
    (offset, said): (usize, &str),
    template: Option<usize>,
    at: usize,
    removal: Option<Span>,
    map: &dyn Fn(Span) -> Span,
) -> Found {
    let start = at + offset;
    let place = |span: Span| map(span.shift(Span::of(start, start).start));
    let said_span = Span::of(0, said.len());
    let parsed = match directive::parse(said) {
        Ok(mut directive) => {
            directive.names.iter_mut().for_each(|(_, span)| *span = place(*span));
            if let Some((_, span)) = &mut directive.until {
                *span = place(*span);
            }
            Ok(directive)
        }
        Err(wrong) => {
            let at = if wrong.at.is_empty() { said_span } else { wrong.at };
            Err(Malformed { at: place(at), ..wrong })
        }
    };
    let span = map(Span::of(at, start + said.len()));
    Found { template, span, removal, said: parsed }
}

/// The field `dunlint`: a text of one suppression a line, or a list of texts.
fn fields(source: &Source, index: usize, template: &Template, found: &mut Vec<Found>) {
    let Some(declared) = template.record.meta.fields.get(WORD) else { return };
    let whole = declared.span.unwrap_or(template.record.body_span);
    let texts: Vec<&str> = match &declared.value {
        Value::String(text) => text.lines().filter(|line| !line.trim().is_empty()).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => vec![""],
    };
    // Where the field stands as it is meant, each part of it has its own place.
    let verbatim = texts.len() == 1 && texts.first() == Some(&whole.of_text(&source.text));
    let line = front_line(&source.text, whole);
    for text in texts {
        let said = text.trim();
        let said = said.strip_prefix(WORD).and_then(|rest| rest.strip_prefix(':')).unwrap_or(said);
        let offset = text.find(said).unwrap_or(0);
        let exact = |span: Span| if verbatim { span.shift(whole.start) } else { whole };
        let mut one = found_at((offset, said), Some(index), 0, line, &exact);
        one.span = whole;
        found.push(one);
    }
}

/// The line of a field in front matter or of a list of keys, when it holds nothing but the field.
fn front_line(text: &str, value: Span) -> Option<Span> {
    let (start, end) = (value.start as usize, value.end as usize);
    let start = line_start(back(text, start), start)?;
    let end = end + ahead(text, end).find('\n')? + 1;
    let line = text.get(start..end)?;
    let is_own = line.starts_with(WORD) && !value.of_text(text).contains('\n');
    is_own.then(|| Span::of(start, end))
}

/// Comments of the template's own language.
fn inside(index: usize, template: &Template, found: &mut Vec<Found>) {
    let body = template.body();
    if memmem::find(body.as_bytes(), WORD.as_bytes()).is_none() {
        return;
    }
    for comment in template.comments() {
        let text = comment.of_text(body);
        let Some(at) = memmem::find(text.as_bytes(), WORD.as_bytes()) else { continue };
        let rest = text.get(at..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        let end = ["{%", "%}", "#}", "--", "}}", "*/", "*#"].iter().filter_map(|mark| line.find(mark)).min();
        // `--` may also lead to the reason.
        let end = match end {
            Some(end) if line.get(end..).is_some_and(|rest| rest.starts_with("-- ")) => {
                let after = line.get(end + 2..).unwrap_or("");
                ["%}", "#}", "--", "}}", "*/"]
                    .iter()
                    .filter_map(|mark| after.find(mark))
                    .min()
                    .map(|n| end + 2 + n)
            }
            other => other,
        };
        let line = line.get(..end.unwrap_or(line.len())).unwrap_or("").trim_end_matches(['-', '~', ' ']);
        if let Some(said) = behind_word(line) {
            let map = |span: Span| template.source_span(span.shift(comment.start));
            let removal = Some(template.source_span(comment));
            found.push(found_at(said, Some(index), at, removal, &map));
        }
    }
}

/// A comment with `dunlint` in it: the whole, and where its inside ends.
struct Comment {
    whole: Range<usize>,
    inner_end: usize,
}

/// What begins a comment in a host.
struct Marks {
    lines: &'static [&'static str],
    blocks: &'static [(&'static str, &'static str)],
}

impl Marks {
    fn of(host: &str) -> Self {
        const HASH: &[&str] = &["#"];
        const C: &[(&str, &str)] = &[("/*", "*/")];
        let (lines, blocks): (&'static [&'static str], &'static [(&'static str, &'static str)]) = match host {
            "plain" | "yaml" | "toml" | "python" | "fluent" => (HASH, &[]),
            "properties" => (&["#", "!"], &[]),
            "po" => (&["#.", "#"], &[]),
            "java" | "java-comment" | "kotlin" | "ts" | "go" | "csharp" => (&["//"], C),
            "php" => (&["//", "#"], C),
            "sql" => (&["--", "#"], C),
            "xml" | "android-xml" => (&[], &[("<!--", "-->")]),
            // Schedules of other systems are YAML.
            name if name.starts_with("campaign") => (HASH, &[]),
            _ => (&[], &[]),
        };
        Self { lines, blocks }
    }

    /// The comment whose first word stands at `at`.
    fn comment(&self, text: &str, at: usize) -> Option<Comment> {
        let before = back(text, at);
        let head = before.rsplit('\n').next().unwrap_or("").trim_end_matches([' ', '\t']);
        let head_start = at - before.rsplit('\n').next().map_or(0, str::len);
        let rest = ahead(text, at);
        let line_end = at + rest.find(['\n', '\r']).unwrap_or(rest.len());
        for mark in self.lines {
            let Some(code) = head.strip_suffix(mark) else { continue };
            // More of the same mark (`###`, `///`) belongs to it; a `#` inside a word is none.
            let code = code.trim_end_matches(['#', '/', '!', '.']);
            if code.is_empty() || code.ends_with([' ', '\t']) || *mark == "//" || *mark == "--" {
                return Some(Comment { whole: head_start + code.len()..line_end, inner_end: line_end });
            }
        }
        let (open, close) = self.blocks.first()?;
        let start = before.rfind(open)?;
        let inside = before.get(start + open.len()..)?;
        // First in the comment or in a line of it; stars may lead.
        let line = inside.rsplit('\n').next().unwrap_or("");
        if inside.contains(close) || !line.trim().trim_matches('*').is_empty() {
            return None;
        }
        let end = at + rest.find(close)?;
        let start = at - before.len() + start;
        Some(Comment { whole: start..end + close.len(), inner_end: end.min(line_end) })
    }
}

/// A comment, with its whole line when nothing else stands on it, else with the blanks before it.
fn removal(text: &str, comment: Range<usize>) -> Span {
    let before = back(text, comment.start);
    let bare = comment.start - (before.len() - before.trim_end_matches([' ', '\t']).len());
    let rest = ahead(text, comment.end);
    let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
    let ends = rest.get(blank..).is_some_and(|rest| rest.is_empty() || rest.starts_with('\n'));
    match line_start(before, comment.start) {
        Some(line) if bare <= line && ends => {
            let newline = usize::from(rest.get(blank..).is_some_and(|rest| !rest.is_empty()));
            Span::of(line, comment.end + blank + newline)
        }
        line => Span::of(bare.max(line.unwrap_or(0)), comment.end),
    }
}

/// Which bytes of the file belong to which template.
struct Regions {
    /// First and last byte of each, and its index, by the first byte.
    list: Vec<(Span, usize)>,
    bodies: Vec<Span>,
}

impl Regions {
    fn of(templates: &[Template], host: &str) -> Self {
        let program = crate::code::HOSTS.iter().any(|(code, _)| code.name() == host);
        let mut list: Vec<(Span, usize)> = Vec::with_capacity(templates.len());
        for (index, template) in templates.iter().enumerate() {
            let record = &template.record;
            let mut region = record.id.span.map_or(record.body_span, |id| id.join(record.body_span));
            if host == "plain" {
                region = Span::new(0, u32::MAX);
            } else if !program {
                // What a record of a program declares may stand anywhere in the file.
                let spans = record.meta.fields.values().filter_map(|declared| declared.span);
                region = spans.fold(region, Span::join);
            }
            list.push((region, index));
        }
        list.sort_unstable();
        let mut bodies: Vec<Span> = templates.iter().map(|template| template.record.body_span).collect();
        bodies.sort_unstable();
        Self { list, bodies }
    }

    fn is_body(&self, at: usize) -> bool {
        let at = Span::of(at, at).start;
        let after = self.bodies.partition_point(|body| body.start <= at);
        after.checked_sub(1).and_then(|last| self.bodies.get(last)).is_some_and(|body| at < body.end)
    }

    fn owner(&self, text: &str, at: usize) -> Option<usize> {
        let byte = Span::of(at, at).start;
        let after = self.list.partition_point(|(region, _)| region.start <= byte);
        let last = after.checked_sub(1).and_then(|last| self.list.get(last));
        if let Some((region, index)) = last {
            let between = text.get(region.end as usize..at).filter(|between| between.len() < NEAR);
            if byte < region.end || between.is_some_and(|between| !between.contains('\n')) {
                return Some(*index);
            }
        }
        self.list.get(after).map(|(_, index)| *index)
    }
}
