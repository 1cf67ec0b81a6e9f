//! The whole report as one JSON document.

use super::model::{
    Config, DiagnosticRow, FORMAT, FORMAT_VERSION, FileRow, ProblemRow, RuleRow, Run, Summary, Tool,
};
use crate::outcome::{Outcome, ReportContext, Reporter};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// `--format json`.
pub struct Json;

impl Reporter for Json {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let all = All { outcome, context };
        let document = Document {
            format: FORMAT,
            format_version: FORMAT_VERSION,
            tool: Tool::this(),
            run: Run::of(outcome, context),
            config: Config::of(context),
            summary: Summary::of(outcome, context),
            files: Files(&all),
            rules: Rules(&all),
            diagnostics: Diagnostics(&all),
            problems: Problems(&all),
        };
        serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    format_version: &'static str,
    tool: Tool,
    run: Run<'a>,
    config: Config<'a>,
    summary: Summary<'a>,
    files: Files<'a>,
    rules: Rules<'a>,
    diagnostics: Diagnostics<'a>,
    problems: Problems<'a>,
}

struct All<'a> {
    outcome: &'a Outcome,
    context: &'a ReportContext<'a>,
}

struct Files<'a>(&'a All<'a>);
struct Rules<'a>(&'a All<'a>);
struct Diagnostics<'a>(&'a All<'a>);
struct Problems<'a>(&'a All<'a>);

impl Serialize for Files<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.outcome.files.iter().map(FileRow::of))
    }
}

impl Serialize for Rules<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (policies, lang) = (self.0.context.policies, self.0.context.lang);
        serializer.collect_seq(policies.rules.iter().map(|rule| RuleRow::of(rule, policies, lang)))
    }
}

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let All { outcome, context } = *self.0;
        let rows = outcome.findings.iter().zip(1..);
        serializer.collect_seq(rows.filter_map(|(f, number)| DiagnosticRow::of(number, f, outcome, context)))
    }
}

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let All { outcome, context } = *self.0;
        serializer.collect_seq(outcome.problems.iter().map(|p| ProblemRow::of(p, outcome, context)))
    }
}
