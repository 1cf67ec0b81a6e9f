//! GitLab's Code Quality report: an array, which the merge request widget compares with that of the target branch.
//! One bad entry makes GitLab drop all that follow, and equal fingerprints are one entry.

use super::export;
use crate::finding::{Level, sha256_hex};
use crate::outcome::{Outcome, ReportContext, Reporter};
use crate::source::Location;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Write};

/// `--format gitlab`.
pub struct GitLab;

impl Reporter for GitLab {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut unique = |fingerprint: &str| {
            let count = seen.entry(fingerprint.to_owned()).or_default();
            *count += 1;
            if *count == 1 { fingerprint.to_owned() } else { cut(&format!("{fingerprint}\0{count}")) }
        };
        let mut rows: Vec<Value> = Vec::new();
        for (problem, level, place) in export::problems(outcome, context) {
            let path = place.as_ref().map_or(".", |place| &place.path);
            let key = cut(&format!("{}\0{path}\0{}", problem.code, problem.message.en));
            let severity = if level == Level::Error { "blocker" } else { "info" };
            let code = format!("problem/{}", problem.code);
            let message = problem.message.get(context.lang);
            rows.push(row(message, &code, &unique(&key), severity, place.as_ref()));
        }
        for item in export::items(outcome, context) {
            let severity = match item.finding.level {
                Level::Error => "major",
                Level::Warning => "minor",
                Level::Note => "info",
            };
            let fingerprint = unique(&item.finding.fingerprint);
            rows.push(row(&item.message, &item.rule.id, &fingerprint, severity, Some(&item.at)));
        }
        serde_json::to_writer_pretty(&mut *out, &rows).map_err(io::Error::from)?;
        writeln!(out)
    }
}

fn cut(text: &str) -> String {
    let mut digest = sha256_hex(text.as_bytes());
    digest.truncate(32);
    digest
}

fn row(message: &str, code: &str, fingerprint: &str, severity: &str, place: Option<&Location>) -> Value {
    let (path, lines, positions) = match place {
        Some(Location { path, start, end, .. }) => (
            &**path,
            json!({ "begin": start.line, "end": end.line }),
            json!({
                "begin": { "line": start.line, "column": start.column },
                "end": { "line": end.line, "column": end.column },
            }),
        ),
        None => (".", json!({ "begin": 1, "end": 1 }), json!({ "begin": { "line": 1, "column": 1 } })),
    };
    json!({
        "description": message,
        "check_name": code,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": { "path": path, "lines": lines, "positions": positions },
    })
}
