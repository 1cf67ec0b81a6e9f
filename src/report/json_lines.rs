//! The report as JSON lines: a start, each finding, each problem, a summary.

use super::model::{Config, DiagnosticRow, FORMAT, FORMAT_VERSION, ProblemRow, Run, Summary, Tool};
use crate::outcome::{Outcome, ReportContext, Reporter};
use serde::Serialize;
use std::io::{self, Write};

/// `--format json-lines`.
pub struct JsonLines;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Start {
        format: &'static str,
        format_version: &'static str,
        tool: Tool,
        arguments: &'a [String],
        config: Config<'a>,
    },
    Diagnostic(Box<DiagnosticRow<'a>>),
    Problem(ProblemRow<'a>),
    Summary {
        run: Run<'a>,
        summary: Summary<'a>,
    },
}

impl Reporter for JsonLines {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let start = Line::Start {
            format: FORMAT,
            format_version: FORMAT_VERSION,
            tool: Tool::this(),
            arguments: context.arguments,
            config: Config::of(context),
        };
        write_line(&start, out)?;
        for (finding, number) in outcome.findings.iter().zip(1..) {
            if let Some(row) = DiagnosticRow::of(number, finding, outcome, context) {
                write_line(&Line::Diagnostic(Box::new(row)), out)?;
            }
        }
        for problem in &outcome.problems {
            write_line(&Line::Problem(ProblemRow::of(problem, outcome, context)), out)?;
        }
        let end = Line::Summary { run: Run::of(outcome, context), summary: Summary::of(outcome, context) };
        write_line(&end, out)
    }
}

fn write_line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    writeln!(out)
}
