//! Workflow commands of GitHub Actions, which become annotations: `::error file=…,line=…::message`.
//!
//! A runner obeys every line that begins with `::`, so nothing of a template may begin one: each field is escaped as
//! actions/toolkit does it.

use super::export::{self, Item};
use crate::finding::Level;
use crate::outcome::{Outcome, ReportContext, Reporter};
use crate::source::Location;
use std::io::{self, Write};

/// Annotations of one level that a step shows.
const MOST: usize = 10;

/// `--format github`.
pub struct GitHub;

impl Reporter for GitHub {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let items = export::gravest_first(outcome, context);
        let mut left_out = 0;
        for (problem, level, place) in export::problems(outcome, context) {
            let message = problem.message.get(context.lang);
            command(level, problem.code, place.as_ref(), message, out)?;
        }
        for level in [Level::Error, Level::Warning, Level::Note] {
            let of_level = || items.iter().filter(|item| item.finding.level == level);
            of_level().take(MOST).try_for_each(|item| annotation(item, out))?;
            left_out += of_level().count().saturating_sub(MOST);
        }
        if left_out > 0 {
            let message = format!("{left_out} more findings are not annotated; see the whole report");
            command(Level::Note, "dunlint", None, &message, out)?;
        }
        Ok(())
    }
}

fn annotation(item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Location { path, start, .. } = &item.at;
    // The place again, so that the log can be read alone.
    let message = format!("{path}:{}:{}: {}", start.line, start.column, item.message);
    let message = if item.help.is_empty() { message } else { format!("{message}\n{}", item.help) };
    command(item.finding.level, &item.rule.id, Some(&item.at), &message, out)
}

fn command(
    level: Level,
    code: &str,
    place: Option<&Location>,
    message: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let word = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    write!(out, "::{word} ")?;
    if let Some(Location { path, start, end, .. }) = place {
        write!(out, "file={},line={},endLine={}", property(path), start.line, end.line)?;
        // Columns cannot be sent over several lines.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        write!(out, ",")?;
    }
    writeln!(out, "title={}::{}", property(&format!("dunlint ({code})")), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
