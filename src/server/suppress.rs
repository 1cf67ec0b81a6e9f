//! Where a suppression can be written, so that it speaks of one message and of nothing else.
//!
//! Begin at [`place`]. A place is tried before it is offered: the text with the suppression in it is read again, and
//! must hold the same messages.

use crate::check::{self, Parsed, region};
use crate::config::FileSettings;
use crate::source::document::{Node, Value};
use crate::source::{Source, Span, host};
use crate::template::Template;
use crate::triage::find;

/// What stands in the place of the reason: it counts as none, so that nothing is suppressed until somebody says why.
const REASON: &str = "…";

/// Lines above a message that are tried.
const LINES: usize = 6;

/// An insertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Insertion {
    /// Before which byte.
    pub(super) at: u32,
    /// What.
    pub(super) text: String,
}

impl Insertion {
    fn applied(&self, text: &str) -> String {
        let (before, after) = text.split_at_checked(self.at as usize).unwrap_or((text, ""));
        [before, &self.text, after].concat()
    }
}

/// Where a suppression of `rule` for the template number `index` of `source` goes; `None` where the format has no
/// place for one.
pub(super) fn place(
    source: &Source,
    parsed: &Parsed,
    index: usize,
    rule: &str,
    settings: &FileSettings<'_>,
) -> Option<Insertion> {
    let template = parsed.templates.get(index)?;
    let said = format!("ignore[{rule}] {REASON}");
    let tried = match parsed.host {
        "plain" => vec![front_matter(&source.text, &said)],
        host @ ("json" | "jsonl") => member(host, &source.text, template, &said).into_iter().collect(),
        host => lines_above(host, &source.text, template, &said),
    };
    tried.into_iter().find(|insertion| speaks(insertion, source, parsed, index, rule, settings))
}

/// Whether the text with the insertion holds the same messages, and a suppression of `rule` for that one.
fn speaks(
    insertion: &Insertion,
    source: &Source,
    parsed: &Parsed,
    index: usize,
    rule: &str,
    settings: &FileSettings<'_>,
) -> bool {
    let new = Source::from_text(&source.path, insertion.applied(&source.text));
    let read = check::parse(&new, None, None, settings);
    let same = |(old, new): (&Template, &Template)| {
        old.record.id.text == new.record.id.text && old.body() == new.body() && old.dialect == new.dialect
    };
    let unchanged = read.templates.len() == parsed.templates.len()
        && read.problems.len() == parsed.problems.len()
        && parsed.templates.iter().zip(&read.templates).all(same);
    let count = |source: &Source, parsed: &Parsed| {
        let found = find::find(source, parsed.host, &parsed.templates);
        let mine = found.into_iter().filter(|one| one.template == Some(index));
        let said = mine.filter_map(|one| one.said.ok());
        said.flat_map(|said| said.names).filter(|(name, _)| name == rule).count()
    };
    unchanged && count(&new, &read) == count(source, parsed) + 1
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A comment in the front matter, which is made where there is none.
fn front_matter(text: &str, said: &str) -> Insertion {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = text.get(start..).unwrap_or("");
    let end = newline(text);
    let first = body.lines().next().unwrap_or("");
    let comment = format!("# dunlint: {said}{end}");
    let fenced = matches!(first.trim_end(), "---" | "+++");
    match body.find('\n').filter(|_| fenced) {
        Some(newline) => Insertion { at: Span::of(start + newline + 1, 0).start, text: comment },
        None => Insertion { at: Span::of(start, 0).start, text: format!("---{end}{comment}---{end}") },
    }
}

/// The member `dunlint` of the map that holds the body.
fn member(host: &str, text: &str, template: &Template, said: &str) -> Option<Insertion> {
    let (text, base) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, 3),
        None => (text, 0),
    };
    let document = host::by_name(host)?.document(text, base)?;
    let body = template.record.body_span;
    let mut around = None;
    document.roots.iter().for_each(|root| innermost(root, body, &mut around));
    let map = around?.span;
    // A map begins with its brace; what stands behind it goes on behind the new member.
    let inside = map.start.checked_add(1)?;
    text.get((map.start - base) as usize..)?.starts_with('{').then(|| {
        let said = serde_json::Value::from(said);
        Insertion { at: inside, text: format!("\"dunlint\": {said}, ") }
    })
}

/// Notes the smallest map in `node` that holds `place`.
fn innermost<'n>(node: &'n Node, place: Span, found: &mut Option<&'n Node>) {
    if !node.span.contains(place) {
        return;
    }
    match &node.value {
        Value::List(nodes) => nodes.iter().for_each(|node| innermost(node, place, found)),
        Value::Map(map) => {
            *found = Some(node);
            map.entries.iter().for_each(|entry| innermost(&entry.value, place, found));
        }
        _ => {}
    }
}

/// A comment in a line of its own above the message, the nearest first.
fn lines_above(host: &str, text: &str, template: &Template, said: &str) -> Vec<Insertion> {
    let Some((open, close)) = comment(host) else { return Vec::new() };
    let mut at = region(template, host).start as usize;
    let mut tried = Vec::new();
    for _ in 0..LINES {
        let Some(before) = text.get(..at) else { break };
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(start..).unwrap_or("");
        let indentation = line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or("");
        let text = format!("{indentation}{open} dunlint: {said}{close}{}", newline(text));
        tried.push(Insertion { at: Span::of(start, 0).start, text });
        match start.checked_sub(1) {
            Some(above) => at = above,
            None => break,
        }
    }
    tried
}

/// What begins and ends a comment in a line of its own.
fn comment(host: &str) -> Option<(&'static str, &'static str)> {
    Some(match host {
        "yaml" | "toml" | "python" | "fluent" | "properties" | "po" => ("#", ""),
        "java" | "java-comment" | "kotlin" | "ts" | "go" | "csharp" | "php" => ("//", ""),
        "sql" => ("--", ""),
        "xml" | "android-xml" => ("<!--", " -->"),
        _ => return None,
    })
}
