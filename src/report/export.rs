//! What the formats of other tools are cut from: each finding with its place and sentences, identifiers masked.
//!
//! Begin at [`items`]. What leaves for another system quotes no more of a message than the marked words.

use super::mask::mask;
use super::{full, sentence, summary};
use crate::finding::{Finding, Level};
use crate::outcome::{Outcome, ReportContext};
use crate::policy::Rule;
use crate::problem::{Gravity, Place, Problem};
use crate::source::{Location, Position, Source, Span};
use std::cmp::Reverse;

/// A finding, ready to be written.
pub(super) struct Item<'o> {
    pub(super) finding: &'o Finding,
    pub(super) rule: &'o Rule,
    /// The source it stands in, if it was kept.
    pub(super) source: Option<&'o Source>,
    pub(super) at: Location,
    /// What stands at the place.
    pub(super) message: String,
    /// What to do; may be empty.
    pub(super) help: String,
}

impl Item<'_> {
    /// Why it does not count: the words of a suppression, or of the baseline.
    pub(super) fn excuse(&self) -> Option<String> {
        let finding = self.finding;
        let suppression = finding.suppression.as_ref().filter(|_| finding.is_suppressed());
        match suppression {
            Some(suppression) => Some(suppression.reason.clone()),
            None => finding.is_accepted().then(|| "accepted in the baseline".to_owned()),
        }
    }

    /// Whether a finding of its level fails the run.
    pub(super) fn fails(&self, fail_on: &str) -> bool {
        match fail_on {
            "note" => true,
            "warning" => self.finding.level >= Level::Warning,
            "error" => self.finding.level == Level::Error,
            _ => false,
        }
    }
}

/// The findings that people are shown, and those that are answered for when the context asks for them.
pub(super) fn items<'o>(outcome: &'o Outcome, context: &ReportContext<'o>) -> Vec<Item<'o>> {
    let excused = outcome.findings.iter().filter(|finding| context.suppressed && !finding.counts());
    let mut all: Vec<Item<'o>> =
        summary::shown(outcome, context).chain(excused).filter_map(|f| item(f, outcome, context)).collect();
    all.sort_by(|a, b| {
        let key = |item: &Item<'_>| (item.finding.path.clone(), item.finding.primary, item.finding.rule);
        key(a).cmp(&key(b))
    });
    all
}

/// The same, the gravest first: for formats that take only so many.
pub(super) fn gravest_first<'o>(outcome: &'o Outcome, context: &ReportContext<'o>) -> Vec<Item<'o>> {
    let mut all = items(outcome, context);
    all.sort_by_key(|item| Reverse(item.finding.level));
    all
}

fn item<'o>(finding: &'o Finding, outcome: &'o Outcome, context: &ReportContext<'o>) -> Option<Item<'o>> {
    let rule = context.policies.rules.get(finding.rule)?;
    let lang = context.lang;
    let fill = |words: &str| sentence::fill(words, finding, mask).into_owned();
    let source = outcome.sources.get(&finding.path);
    Some(Item {
        finding,
        rule,
        source,
        at: location(source, &finding.path, finding.primary),
        message: fill(rule.message.get(lang)),
        help: fill(finding.help_or(&rule.help).get(lang)),
    })
}

/// The place of `span`; without the source, the start of the file.
pub(super) fn location(source: Option<&Source>, path: &std::sync::Arc<str>, span: Span) -> Location {
    let start = Position { line: 1, column: 1, column_utf8: 1, column_utf16: 1 };
    source.map_or_else(
        || Location {
            path: path.clone(),
            byte_start: span.start.into(),
            byte_end: span.end.into(),
            start,
            end: start,
        },
        |source| source.location(span),
    )
}

/// What could not be looked at: the problem, its level and its place, if it has one.
pub(super) fn problems<'o>(
    outcome: &'o Outcome,
    context: &ReportContext<'_>,
) -> impl Iterator<Item = (&'o Problem, Level, Option<Location>)> {
    let pedantic = context.pedantic;
    let wanted = outcome.problems.iter().filter(move |p| p.gravity == Gravity::Error || pedantic);
    wanted.map(|problem| {
        let place = match (&problem.place, &problem.path) {
            (Some(Place::Resolved(location)), _) => Some((**location).clone()),
            (Some(Place::Text(span)), Some(path)) => Some(location(outcome.sources.get(path), path, *span)),
            (None, Some(path)) => Some(location(None, path, Span::default())),
            _ => None,
        };
        (problem, full::level(problem), place)
    })
}

/// `text` for XML 1.0: marks are spelled out, what XML cannot hold becomes U+FFFD.
pub(super) fn xml(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            '\n' => written.push_str("&#10;"),
            '\r' => written.push_str("&#13;"),
            '\t' => written.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => written.push('\u{fffd}'),
            _ => written.push(character),
        }
    }
    written
}

/// `path` as a relative URI reference: everything but unreserved characters and `/` in percent signs.
pub(super) fn uri(path: &str) -> String {
    let mut written = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                written.push(char::from(byte));
            }
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    written
}
