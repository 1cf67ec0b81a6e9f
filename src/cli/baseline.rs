//! `dunlint baseline`: accept what is there, and let it only shrink.

use super::check::{self, Request};
use super::options::{Manner, Reading, Settings};
use super::{CLEAN, PROBLEM, screen};
use crate::config::Date;
use crate::disk_write;
use crate::problem::Gravity;
use crate::report::chrome::count;
use crate::report::concise;
use crate::source::Source;
use crate::triage::baseline::{Baseline, FILE_NAME};
use crate::words::Lang;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Action {
    /// Accept everything that is found now
    Write,
    /// Take out what is gone, accept nothing new
    Shrink,
}

/// Arguments of `baseline`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint baseline write                       accept what is found today
  dunlint check --baseline dunlint-baseline.json
  dunlint baseline shrink                      after something was mended

What is accepted is listed in JSON and does not count. Exit codes: 0 written, 2 something could not be read.")]
pub struct Arguments {
    /// What to do
    #[arg(value_enum)]
    action: Action,
    /// Files and directories
    #[arg(value_name = "PATHS", default_value = ".")]
    paths: Vec<PathBuf>,
    /// The file
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    baseline: PathBuf,
    /// The day that decides whether suppressions have ended [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = check::day_of, help_heading = "Selection")]
    today: Option<Date>,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    reading: Reading,
}

/// Writes or shrinks the baseline.
pub fn run(arguments: &Arguments) -> u8 {
    match done(arguments) {
        Ok(code) => code,
        Err(error) => {
            screen::say(&format!("dunlint: {error}"));
            PROBLEM
        }
    }
}

fn done(arguments: &Arguments) -> std::io::Result<u8> {
    let lang = screen::lang(arguments.manner.lang);
    let today = arguments.today.unwrap_or_else(Date::today);
    let mut request = Request::of_paths(&arguments.paths, &arguments.settings, &arguments.reading)?;
    request.digests = true;
    let root = request.root.clone();
    let run = check::gather(request, &arguments.settings, today)?;
    let outcome = &run.outcome;
    for problem in outcome.problems.iter().filter(|problem| problem.gravity == Gravity::Error) {
        screen::say(&concise::line(problem, outcome, lang));
    }
    // What could not be looked at cannot be accepted, nor called gone.
    if !outcome.complete() {
        return Ok(PROBLEM);
    }
    let file = root.join(&arguments.baseline);
    let (baseline, said) = match arguments.action {
        Action::Write => {
            let baseline = Baseline::of(outcome, &run.policies);
            let all = count(baseline.len(), "finding", "findings", "项问题", lang);
            let said = match lang {
                Lang::En => format!("accepted {all} in {}", arguments.baseline.display()),
                _ => format!("已将 {all}记入 {}", arguments.baseline.display()),
            };
            (baseline, said)
        }
        Action::Shrink => {
            let shown = arguments.baseline.to_string_lossy();
            let read =
                Source::open(&shown.as_ref().into(), &file, None).and_then(|source| Baseline::read(&source));
            let mut baseline = match read {
                Ok(baseline) => baseline,
                Err(problem) => {
                    screen::say(&concise::line(&problem, outcome, lang));
                    return Ok(PROBLEM);
                }
            };
            let gone = baseline.shrink(outcome, &root);
            let left = baseline.len();
            let said = match lang {
                Lang::En => format!("{gone} gone, {left} left in {}", arguments.baseline.display()),
                _ => format!("移除 {gone} 项，{} 中剩余 {left} 项", arguments.baseline.display()),
            };
            (baseline, said)
        }
    };
    let mut bytes = Vec::new();
    baseline.write(&mut bytes)?;
    disk_write::replace(&file, &bytes)?;
    screen::say(&said);
    Ok(CLEAN)
}
