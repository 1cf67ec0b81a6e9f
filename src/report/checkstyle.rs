//! Checkstyle's XML, which most build servers read.

use super::export::{self, xml};
use crate::finding::Level;
use crate::outcome::{Outcome, ReportContext, Reporter};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// `--format checkstyle`.
pub struct Checkstyle;

impl Reporter for Checkstyle {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (problem, level, place) in export::problems(outcome, context) {
            let path = place.as_ref().map_or(".", |place| &place.path).to_owned();
            let (line, column) = place.map_or((1, 1), |place| (place.start.line, place.start.column));
            let message = problem.message.get(context.lang);
            files.entry(path).or_default().push(entry(line, column, level, message, problem.code));
        }
        for item in export::items(outcome, context) {
            let start = item.at.start;
            let level = item.finding.level;
            let row = entry(start.line, start.column, level, &item.message, &item.rule.id);
            files.entry(item.at.path.to_string()).or_default().push(row);
        }
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">")?;
        for (path, rows) in files {
            writeln!(out, "  <file name=\"{}\">", xml(&path))?;
            rows.iter().try_for_each(|row| writeln!(out, "    {row}"))?;
            writeln!(out, "  </file>")?;
        }
        writeln!(out, "</checkstyle>")
    }
}

fn entry(line: u32, column: u32, level: Level, message: &str, code: &str) -> String {
    let severity = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "info",
    };
    let (message, code) = (xml(message), xml(code));
    format!(
        "<error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{message}\" source=\"dunlint.{code}\"/>"
    )
}
