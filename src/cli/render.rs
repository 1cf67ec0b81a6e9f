//! `dunlint render`: what a borrower would read, checked against rows of data.

use super::check::FailOn;
use super::load::{self, Loaded};
use super::options::{Manner, Reading, Settings};
use super::render_report::{Price, Report};
use super::{CLEAN, FINDINGS, PROBLEM, screen};
use crate::check;
use crate::config::{Date, discover};
use crate::judge::Circumstances;
use crate::outcome::Outcome;
use crate::problem::{Place, Problem};
use crate::render::engine::{self, Batch, Columns, Job};
use crate::render::row::{self, Rules};
use crate::render::rows::{Blocks, Format};
use crate::render::utf16::Utf16;
use crate::render::{Plan, sheet};
use crate::report::concise;
use crate::source::{Source, disk};
use crate::words::{Lang, Words};
use clap::Args;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Arguments of `render`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint render templates/m1.txt                          every message, with sample values
  dunlint render templates/m1.txt --data rows.csv          each row checked as it would be sent
  dunlint render sms.json --data rows.jsonl --format json-lines > found.jsonl

The first row of a table names the variables; a column `template` names the template of a row where the file has
several. Values are masked unless --show-values is given. Exit codes: 0 nothing found, 1 findings, 2 something, or
a row, could not be looked at.")]
pub struct Arguments {
    /// File with templates
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Rows of values: .csv, .tsv, .txt (with tabs), .psv, .json (one list) or .jsonl; UTF-8, or UTF-16 with its mark
    #[arg(long, value_name = "ROWS")]
    data: Option<PathBuf>,
    /// Show the values of rows; without it they are masked
    #[arg(long, help_heading = "Output")]
    show_values: bool,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Shape::Text, value_name = "FORMAT", help_heading = "Output")]
    format: Shape,
    /// Price of one part of a message, such as 0.045
    #[arg(long, value_name = "PRICE", value_parser = Price::parse, help_heading = "Output")]
    price: Option<Price>,
    /// Lowest level that gives exit code 1
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Error, help_heading = "Selection")]
    fail_on: FailOn,
    /// The day of sending, which due dates are compared with [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::check::day_of, help_heading = "Selection")]
    today: Option<Date>,
    /// Threads [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    reading: Reading,
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// For people
    Text,
    /// For machines, one object a line
    JsonLines,
}

/// Shows the messages, or checks each row.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let today = arguments.today.unwrap_or_else(Date::today);
    let named = [arguments.file.clone()];
    let mut loaded = match load::load(&arguments.settings, today, &named, load::Needs::Rules) {
        Ok(loaded) => loaded,
        Err(error) => {
            screen::say(&format!("dunlint: {error}"));
            return PROBLEM;
        }
    };
    let mut outcome = Outcome::default();
    let read = read(arguments, &loaded, &mut outcome);
    loaded.blame(&mut outcome);
    let complete = outcome.complete();
    let shown = screen::print(if complete { CLEAN } else { PROBLEM }, |out| {
        for problem in &outcome.problems {
            screen::say(&concise::line(problem, &outcome, lang));
        }
        if let (Some(read), None) = (&read, &arguments.data) {
            show(arguments, read, lang, out)?;
        }
        Ok(())
    });
    match (&read, &arguments.data) {
        (Some(read), Some(data)) => check_rows(arguments, &loaded, read, data, today, lang).max(shown),
        (Some(_), None) => shown,
        (None, _) => PROBLEM,
    }
}

/// The templates of the file, worked out.
struct Read {
    source: Source,
    plans: Vec<Plan>,
    rules: Vec<Rules>,
    circumstances: Circumstances,
}

fn read(arguments: &Arguments, loaded: &Loaded, outcome: &mut Outcome) -> Option<Read> {
    let absolute = loaded.root.join(&arguments.file);
    let path: Arc<str> = discover::relative(&loaded.root, &absolute).into();
    let config = loaded.configs.nearest(&absolute);
    let settings = config.resolve(&absolute);
    let bytes = disk::read(&absolute).map_err(|error| {
        let words = Words::new(format!("cannot read the file: {error}"), format!("无法读取文件：{error}"));
        Box::new(Problem::error("unreadable", words).in_file(&path))
    });
    let source = bytes.and_then(|bytes| Source::from_bytes(&path, bytes, settings.spec.encoding.as_deref()));
    let source = match source {
        Ok(source) => source,
        Err(problem) => {
            outcome.problems.push(*problem);
            return None;
        }
    };
    let parsed = check::parse(
        &source,
        arguments.reading.host.as_deref(),
        arguments.reading.dialect.as_deref(),
        &settings,
    );
    outcome.problems.extend(parsed.problems);
    let circumstances = check::circumstances(arguments.reading.jurisdiction.as_deref(), &settings);
    let whole = parsed.templates.into_iter().filter(|template| !template.is_refused());
    let plans: Vec<Plan> = whole.map(|template| Plan::of(template, &circumstances)).collect();
    let level = |id: &str, level| settings.levels.level(id, level);
    let rules = plans.iter().map(|plan| Rules::of(&loaded.policies, plan, level)).collect();
    outcome.problems.extend(plans.iter().flat_map(|plan| unapplied(plan, &source)));
    if plans.is_empty() {
        let words = Words::new("no template was found in this file", "此文件中没有找到模板");
        outcome.problems.push(Problem::error("no-templates", words).in_file(&path));
        return None;
    }
    Some(Read { source, plans, rules, circumstances })
}

/// What a template does to its values that is not done here: they are shown as they are given.
fn unapplied<'p>(plan: &'p Plan, source: &'p Source) -> impl Iterator<Item = Problem> + 'p {
    plan.unapplied.iter().map(|(what, place)| {
        let words = Words::new(
            format!("`{what}` is not applied here: the value stands as it was given"),
            format!("此处不执行 `{what}`：数值按原样显示"),
        );
        let place = Some(Place::Resolved(Box::new(source.location(*place))));
        Problem { place, ..Problem::note("filter-not-applied", words).in_file(&source.path) }
    })
}

/// Every message with sample values.
fn show(arguments: &Arguments, read: &Read, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let mut report = Report::new(&read.source, &read.plans, lang, arguments.format, arguments.price);
    for (number, plan) in read.plans.iter().enumerate() {
        for page in sheet::pages(plan) {
            report.page(number, &page, out)?;
        }
    }
    Ok(())
}

/// Checks each row; the exit code.
fn check_rows(
    arguments: &Arguments,
    loaded: &Loaded,
    read: &Read,
    data: &Path,
    today: Date,
    lang: Lang,
) -> u8 {
    let opened = Format::of(data)
        .ok_or_else(|| io::Error::other("the data must be .csv, .tsv, .txt, .psv, .json or .jsonl"));
    let opened = opened.and_then(|format| File::open(loaded.root.join(data)).map(|file| (file, format)));
    let (file, format) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            screen::say(&format!("dunlint: {}: {error}", data.display()));
            return PROBLEM;
        }
    };
    let size = file.metadata().map(|metadata| metadata.len()).unwrap_or(0);
    let mut blocks = Blocks::new(Utf16::new(file), format);
    let mut report = Report::new(&read.source, &read.plans, lang, arguments.format, arguments.price);
    report.data(&loaded.policies, &data.display().to_string(), arguments.fail_on);
    let job = Job {
        source: &read.source,
        plans: &read.plans,
        rules: &read.rules,
        policies: &loaded.policies,
        circumstances: &read.circumstances,
        today: row::ordinal(today),
        jobs: jobs(arguments),
        show_values: arguments.show_values,
    };
    let mut progress = Progress::new(size);
    let written = screen::print(CLEAN, |out| {
        let header = match format {
            Format::Delimited(_) => blocks.header()?,
            _ => Vec::new(),
        };
        let columns = Columns::of(&read.plans, blocks.format(), &header);
        columns.missing.iter().for_each(|(_, name)| report.missing(name));
        engine::run(&job, &columns, &mut blocks, |batch: Batch| {
            progress.step(&batch);
            report.batch(batch, out)
        })?;
        progress.end();
        report.end(out)
    });
    match (written, report.bad(), report.fails()) {
        (PROBLEM, ..) | (_, true, _) => PROBLEM,
        (_, false, true) => FINDINGS,
        _ => CLEAN,
    }
}

fn jobs(arguments: &Arguments) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    arguments.jobs.map_or_else(processors, usize::from)
}

/// How far it has come, on standard error, where that is a terminal.
struct Progress {
    shown: bool,
    size: u64,
    bytes: u64,
    rows: u64,
    start: Instant,
    last: Instant,
}

impl Progress {
    fn new(size: u64) -> Self {
        let now = Instant::now();
        Self { shown: super::progress::is_watched(), size, bytes: 0, rows: 0, start: now, last: now }
    }

    fn step(&mut self, batch: &Batch) {
        self.bytes += batch.bytes;
        self.rows += batch.rows;
        if self.shown && self.last.elapsed() > Duration::from_millis(200) {
            self.last = Instant::now();
            let percent = self.bytes.saturating_mul(100).checked_div(self.size).unwrap_or(0).min(100);
            let millis = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
            let speed = self.rows.saturating_mul(1000) / millis;
            // Nobody left to tell when standard error is closed.
            let _ = write!(io::stderr(), "\r{} rows, {percent} %, {speed} rows/s ", self.rows);
        }
    }

    fn end(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r{:60}\r", "");
        }
    }
}
