//! `dunlint suppressions`: every exception of the repository, who answers for it, and until when.

use super::check;
use super::options::{Manner, Reading, Settings};
use super::{CLEAN, PROBLEM, screen};
use crate::config::Date;
use crate::outcome::Outcome;
use crate::report::chrome::{count, pick};
use crate::report::concise;
use crate::report::glyphs::{harmless, shortened};
use crate::triage::flaws::{Standing, Status};
use crate::words::Lang;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::PathBuf;

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// One line each
    Text,
    /// For machines
    Json,
}

/// Arguments of `suppressions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint suppressions                              all of this directory, the next to end first
  dunlint suppressions --today 2027-01-01           how they will stand on that day
  dunlint suppressions --format json templates/

The exit code is 2 when something could not be read, and 0 otherwise: `dunlint check` reports what is wrong
with them.")]
pub struct Arguments {
    /// Files and directories
    #[arg(value_name = "PATHS", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Shape of the list
    #[arg(long, value_enum, default_value_t = Shape::Text, value_name = "FORMAT", help_heading = "Output")]
    format: Shape,
    /// The day on which they are looked at [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = check::day_of, help_heading = "Selection")]
    today: Option<Date>,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    reading: Reading,
}

/// Lists the suppressions.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let today = arguments.today.unwrap_or_else(Date::today);
    let request = check::Request::of_paths(&arguments.paths, &arguments.settings, &arguments.reading);
    let run = match request.and_then(|request| check::gather(request, &arguments.settings, today)) {
        Ok(run) => run,
        Err(error) => {
            screen::say(&format!("dunlint: {error}"));
            return PROBLEM;
        }
    };
    let outcome = &run.outcome;
    for problem in outcome.problems.iter().filter(|problem| problem.gravity == crate::problem::Gravity::Error)
    {
        screen::say(&concise::line(problem, outcome, lang));
    }
    let code = if outcome.complete() { CLEAN } else { PROBLEM };
    let mut list: Vec<&Standing> = outcome.suppressions.iter().collect();
    // Those without an end stand last.
    list.sort_by_key(|one| (one.until.is_none(), one.until, one.path.clone(), one.span));
    screen::print(code, |out| match arguments.format {
        Shape::Text => text(&list, outcome, lang, out),
        Shape::Json => {
            let all: Vec<Value> = list.iter().map(|one| row(one, outcome)).collect();
            serde_json::to_writer_pretty(&mut *out, &all).map_err(io::Error::from)?;
            writeln!(out)
        }
    })
}

/// The line that it stands on, from 1.
fn line_of(standing: &Standing, outcome: &Outcome) -> u32 {
    let source = outcome.sources.get(&standing.path);
    source.map_or(1, |source| source.lines().position(&source.text, standing.span.start).line)
}

fn row(standing: &Standing, outcome: &Outcome) -> Value {
    json!({
        "kind": standing.kind.name(),
        "status": standing.status.name(),
        "rules": standing.names,
        "until": standing.until.map(|day| day.to_string()),
        "owner": standing.owner,
        "reason": standing.reason,
        "findings": standing.uses,
        "template": standing.template,
        "path": standing.path,
        "line": line_of(standing, outcome),
    })
}

fn text(list: &[&Standing], outcome: &Outcome, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for standing in list {
        let until = standing.until.map_or_else(|| "—         ".to_owned(), |day| day.to_string());
        let status = match standing.status {
            Status::Active => pick(lang, "active", "有效"),
            Status::Expired => pick(lang, "expired", "已到期"),
            Status::Unused => pick(lang, "unused", "未使用"),
            Status::Unknown => pick(lang, "unknown", "未知"),
            Status::Void => pick(lang, "void", "无效"),
        };
        let found = count(standing.uses, "finding", "findings", "项", lang);
        let owner = standing.owner.as_deref().map(|owner| format!(" ({})", harmless(owner)));
        let names = standing.names.join(", ");
        writeln!(
            out,
            "{until}  {status}  {}  {found}  {}:{}  {}{}",
            harmless(&names),
            harmless(&standing.path),
            line_of(standing, outcome),
            shortened(&standing.reason, 120),
            owner.unwrap_or_default(),
        )?;
    }
    writeln!(out, "{}", count(list.len(), "suppression", "suppressions", "项豁免", lang))
}
