//! reviewdog's diagnostic format. Its columns count bytes of UTF-8, from 1.

use super::export::{self, location};
use crate::finding::{Applicability, Level};
use crate::outcome::{Outcome, ReportContext, Reporter};
use crate::source::Location;
use serde_json::{Value, json};
use std::io::{self, Write};

/// `--format rdjson`.
pub struct Rdjson;

impl Reporter for Rdjson {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut rows: Vec<Value> = Vec::new();
        for (problem, level, place) in export::problems(outcome, context) {
            let place = place.as_ref().map_or_else(|| json!({ "path": "." }), place_of);
            rows.push(json!({
                "message": problem.message.get(context.lang),
                "location": place,
                "severity": severity(level),
                "code": { "value": format!("problem/{}", problem.code) },
            }));
        }
        for item in export::items(outcome, context) {
            let finding = item.finding;
            let span = |span| location(item.source, &finding.path, span);
            let fixes = finding.fixes.iter().filter(|fix| fix.applicability != Applicability::DisplayOnly);
            let edits = fixes.flat_map(|fix| &fix.edits);
            let suggestions: Vec<Value> = edits
                .map(|edit| json!({ "range": range(&span(edit.span)), "text": edit.replacement }))
                .collect();
            let related: Vec<Value> = finding
                .labels
                .iter()
                .map(|label| {
                    let message = super::mask::mask(label.text.get(context.lang));
                    json!({ "message": message, "location": place_of(&span(label.span)) })
                })
                .collect();
            rows.push(json!({
                "message": item.message,
                "location": place_of(&item.at),
                "severity": severity(finding.level),
                "code": { "value": item.rule.id },
                "suggestions": suggestions,
                "relatedLocations": related,
            }));
        }
        let document = json!({ "source": { "name": "dunlint" }, "diagnostics": rows });
        serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
        writeln!(out)
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Note => "INFO",
    }
}

fn place_of(place: &Location) -> Value {
    json!({ "path": &*place.path, "range": range(place) })
}

fn range(place: &Location) -> Value {
    json!({
        "start": { "line": place.start.line, "column": place.start.column_utf8 },
        "end": { "line": place.end.line, "column": place.end.column_utf8 },
    })
}
