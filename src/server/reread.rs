//! One message of a catalogue read again, after a change inside its text.
//!
//! Begin at [`again`]. The body alone is read, as its format would read it, so that ten thousand other messages cost
//! nothing but their places being moved. Where it cannot be proved that the rest of the file reads as before, the
//! whole file is read.

use super::edit::Change;
use super::look::Answer;
use crate::check::{self, Parsed};
use crate::finding::Finding;
use crate::source::document::Value;
use crate::source::{ChosenBy, Mapped, Source, Span, host};
use crate::template::detect::{Votes, has_stray_mark};
use crate::template::{Choice, Lexer, MAX_BODY, Signature, Template};
use std::path::Path;
use std::sync::Arc;

/// A file in which one message changed.
pub(super) struct Again {
    /// All its messages.
    pub(super) parsed: Box<Parsed>,
    /// The one that changed.
    pub(super) index: usize,
    /// What is said of it by itself.
    pub(super) findings: Vec<Finding>,
}

/// Reads again what `change` changed in `file`, whose text was `before` and is now `text`, and which was read as
/// `parsed`; `None` where that is not enough.
pub(super) fn again(
    answer: &Answer,
    file: &Path,
    (before, text): (&str, &Arc<str>),
    mut parsed: Box<Parsed>,
    change: Change,
) -> Option<Again> {
    let around = |template: &Template| template.record.body_span.contains(change.gone);
    let index = parsed.templates.iter().position(around)?;
    let template = parsed.templates.get_mut(index)?;
    let old = template.record.body_span;
    let new = Span::new(old.start, change.moved(Span::new(old.end, old.end)).end.max(change.came.end));
    let raw = new.of_text(text);
    // The quote stands before the body and did not change.
    let quote = text.get(..new.start as usize)?.chars().next_back();
    let frame = Frame::of(parsed.host, quote)?;
    let body = frame.read(raw, new.start)?;
    // As a test that the frame is right, it must read the old text as the file did.
    let raw_before = old.of_text(before);
    if frame.read(raw_before, old.start).as_ref() != Some(&template.record.body) {
        return None;
    }
    // Suppressions speak of other messages, too.
    let is_odd = |raw: &str| raw.contains("dunlint");
    if is_odd(raw) || is_odd(raw_before) || body.text.len() > MAX_BODY || template.is_refused() {
        return None;
    }
    let mut lexer = Lexer::default();
    let (dialect, by) = (template.dialect.clone(), template.chosen_by);
    // Where the language is guessed, every message has a voice in it.
    let mut vote = |text: &str| {
        let votes = Votes::count(std::iter::once(text), &mut lexer);
        (votes.majority, votes.ambiguous, has_stray_mark(text))
    };
    if by == ChosenBy::Auto && vote(&template.record.body.text) != vote(&body.text) {
        return None;
    }
    let mut record = template.record.clone();
    record.body = body;
    record.body_span = new;
    let mut problems = Vec::new();
    let mut new_template = Template::parse(record, Choice { dialect, by }, &mut lexer, &mut problems);
    problems.extend(new_template.note_on_ways());
    if !problems.is_empty() {
        return None;
    }
    // What it declares stands before or behind its body; only the body itself is new.
    let (body, body_span) = (new_template.record.body.clone(), new_template.record.body_span);
    move_fields(&mut new_template, change);
    new_template.record.body = body;
    new_template.record.body_span = body_span;
    *template = new_template;
    for (number, template) in parsed.templates.iter_mut().enumerate() {
        if number != index {
            move_fields(template, change);
        }
    }
    let source = Source::from_text(&answer.shown(file), text.to_string());
    let findings =
        check::again(&answer.request, &answer.configs, answer.policies(), &source, &mut parsed, index)?;
    Some(Again { parsed, index, findings })
}

/// Moves all places of a template that stands behind a change.
fn move_fields(template: &mut Template, change: Change) {
    let record = &mut template.record;
    let moved = |span: &mut Span| *span = change.moved(*span);
    record.id.span.iter_mut().for_each(moved);
    record.meta.fields.values_mut().filter_map(|field| field.span.as_mut()).for_each(moved);
    let signatures = template.signatures.iter_mut();
    let fields = signatures.filter_map(|signature| match signature {
        Signature::Field { span, .. } => span.as_mut(),
        Signature::Inline { .. } => None,
    });
    fields.for_each(moved);
    if record.body_span.end > change.gone.start {
        moved(&mut record.body_span);
        record.body.relocate(|span| change.moved(span));
    }
}

/// What stands around a body, so that it can be read alone.
struct Frame {
    host: &'static str,
    before: &'static str,
    after: &'static str,
    /// Characters that would end a value without quotes.
    ends: &'static str,
}

impl Frame {
    /// How a value of a format is read that stands behind `quote`. Block scalars, continued lines, mark-up and programs are
    /// not read alone.
    fn of(host: &'static str, quote: Option<char>) -> Option<Self> {
        let (before, after, ends) = match (host, quote) {
            ("json" | "jsonl", Some('"')) => ("\"", "\"", ""),
            ("toml", Some('"')) => ("k=\"", "\"\n", ""),
            ("yaml", Some('"')) => ("- \"", "\"\n", "\n\r"),
            ("yaml", Some('\'')) => ("- '", "'\n", "\n\r"),
            ("csv" | "tsv" | "psv", Some('"')) => ("k\n\"", "\"\n", ""),
            ("csv" | "tsv" | "psv", _) => ("k\n", "\n", ",;|\t\"\r\n"),
            _ => return None,
        };
        // A line of JSON Lines is JSON.
        Some(Self { host: if host == "jsonl" { "json" } else { host }, before, after, ends })
    }

    /// The body that is written as `raw` at byte `at`; `None` when it is not all of one value.
    fn read(&self, raw: &str, at: u32) -> Option<Mapped> {
        if raw.contains(|c| self.ends.contains(c)) {
            return None;
        }
        let before = Span::of(self.before.len(), 0).start;
        let document = host::by_name(self.host)?.document(&[self.before, raw, self.after].concat(), 0)?;
        let [root] = document.roots.as_slice() else { return None };
        if !document.problems.is_empty() {
            return None;
        }
        let mut node = root;
        loop {
            node = match &node.value {
                Value::List(list) => match list.as_slice() {
                    [one] => one,
                    _ => return None,
                },
                Value::Map(map) => match map.entries.as_slice() {
                    [one] => &one.value,
                    _ => return None,
                },
                Value::String(mapped) => {
                    let whole = Span::of(0, raw.len()).shift(before);
                    let mut mapped = mapped.clone();
                    mapped.relocate(|span| Span::new(span.start - before + at, span.end - before + at));
                    return (node.span == whole).then_some(mapped);
                }
                _ => return None,
            };
        }
    }
}
