//! `dunlint check`: the reason for all the rest.

use super::options::{Manner, Reading, Settings};
use super::{CLEAN, FINDINGS, PROBLEM, screen};
use crate::check::{self, Request};
use crate::finding::Level;
use crate::outcome::{Outcome, ReportContext};
use crate::policy::PolicySet;
use crate::problem::{Gravity, Problem};
use crate::report::{self, Format, statistics, summary};
use crate::words::{Lang, Words};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors fail a run.
    Error,
    /// Warnings and errors do.
    Warning,
    /// Every finding does.
    Note,
    /// None does; problems still give exit code 2.
    Never,
}

impl FailOn {
    /// The value `name` stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }

    /// The word in the configuration and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Never => "never",
        }
    }

    /// Whether a finding of `level` fails the run.
    pub fn fails(self, level: Level) -> bool {
        match self {
            Self::Error => level == Level::Error,
            Self::Warning => level >= Level::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }
}

/// `--report FORMAT=FILE`.
#[derive(Clone)]
pub struct ToFile {
    format: &'static Format,
    file: PathBuf,
}

impl std::fmt::Debug for ToFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.format.name, self.file.display())
    }
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint check                                    everything below the current directory
  dunlint check templates/ --fail-on warning
  dunlint check --report json=report.json .        people read stdout, machines the file
  dunlint check --rule threat --rule family:authority templates/
  git show :sms.txt | dunlint check --stdin-filename sms.txt -")]
pub struct Arguments {
    /// Files and directories; `-` reads standard input
    #[arg(value_name = "PATHS", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Format of the report on standard output
    #[arg(long, default_value = "full", value_parser = format_of, value_name = "FORMAT",
        help_heading = "Output")]
    format: &'static str,
    /// Write a report to a file as well; may be repeated
    #[arg(long, value_parser = to_file, value_name = "FORMAT=FILE", help_heading = "Output")]
    report: Vec<ToFile>,
    /// Show notes and findings of medium confidence too
    #[arg(long, help_heading = "Output")]
    pedantic: bool,
    /// Show how often each rule found something instead of the findings
    #[arg(long, help_heading = "Output")]
    statistics: bool,
    /// List the files that are read instead of the findings
    #[arg(long, help_heading = "Output")]
    show_files: bool,
    #[command(flatten)]
    manner: Manner,
    /// Lowest level that gives exit code 1 [default: the configuration's, else error]
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Selection")]
    fail_on: Option<FailOn>,
    /// Run only these rules (`family/name`) or families
    #[arg(long, value_name = "RULE", num_args = 1.., help_heading = "Selection")]
    rule: Vec<String>,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    reading: Reading,
    /// Name of standard input, as it would be in the repository
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    stdin_filename: Option<String>,
    /// Threads [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

fn format_of(name: &str) -> Result<&'static str, String> {
    let known = || report::FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    report::format(name).map(|format| format.name).ok_or_else(|| format!("known are {}", known()))
}

fn to_file(value: &str) -> Result<ToFile, String> {
    let (name, file) = value.split_once('=').ok_or("expected FORMAT=FILE")?;
    if file.is_empty() {
        return Err("the file is missing after `=`".to_owned());
    }
    let format = report::format(format_of(name)?).ok_or("unknown format")?;
    Ok(ToFile { format, file: PathBuf::from(file) })
}

/// Checks, reports, and says how it went.
pub fn run(arguments: &Arguments) -> u8 {
    let Some(format) = report::format(arguments.format) else { return PROBLEM };
    let request = match request(arguments) {
        Ok(request) => request,
        Err(error) => {
            screen::say(&format!("dunlint: cannot read standard input: {error}"));
            return PROBLEM;
        }
    };
    let (policies, mut problems, sources) = PolicySet::load(&[]);
    let mut outcome = check::run(&request, &policies);
    problems.retain(|problem| !outcome.problems.contains(problem));
    outcome.problems.extend(problems);
    for source in sources {
        outcome.sources.entry(source.path.clone()).or_insert(source);
    }
    if outcome.files.is_empty() && outcome.complete() {
        outcome.problems.push(nothing_read());
    }
    let fail_on = arguments.fail_on.unwrap_or(FailOn::Error);
    let code = verdict(&outcome, fail_on);
    let words: Vec<String> = std::env::args().skip(1).collect();
    let context = ReportContext {
        policies: &policies,
        lang: screen::lang(arguments.manner.lang),
        pedantic: arguments.pedantic,
        fail_on: fail_on.name(),
        exit_code: code,
        arguments: &words,
        config_files: &[],
        color: screen::colors(arguments.manner.color, &io::stdout()),
        width: screen::width(),
    };
    if !write_files(arguments, &outcome, &context) {
        return PROBLEM;
    }
    screen::print(code, |out| present(arguments, format, &outcome, &context, out))
}

fn request(arguments: &Arguments) -> io::Result<Request> {
    let dash = Path::new("-");
    let only_default = arguments.paths == [PathBuf::from(".")];
    let from_stdin = arguments.paths.iter().any(|path| path == dash)
        || (arguments.stdin_filename.is_some() && only_default);
    let mut paths: Vec<PathBuf> = arguments.paths.iter().filter(|path| *path != dash).cloned().collect();
    let mut stdin = None;
    if from_stdin {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        // Without a name it is read as one template.
        let name = arguments.stdin_filename.clone().unwrap_or_else(|| "stdin.txt".to_owned());
        stdin = Some((name, bytes));
        if only_default {
            paths.clear();
        }
    }
    Ok(Request {
        root: std::env::current_dir()?,
        paths,
        stdin,
        config: arguments.settings.choice(),
        rules: arguments.rule.clone(),
        host: arguments.reading.host.clone(),
        dialect: arguments.reading.dialect.clone(),
        jurisdiction: arguments.reading.jurisdiction.clone(),
        jobs: arguments.jobs.map(usize::from),
    })
}

fn nothing_read() -> Problem {
    Problem::error("no-files", Words::new("no file with templates was found", "没有找到含有模板的文件")).help(
        Words::new(
            "name files, or say in a `[[source]]` of dunlint.toml where the templates are (`dunlint init` proposes one)",
            "请指定文件，或在 dunlint.toml 的 `[[source]]` 中说明模板位置（`dunlint init` 可给出建议）",
        ),
    )
}

/// The exit code: problems beat findings, and the format has no say.
pub fn verdict(outcome: &Outcome, fail_on: FailOn) -> u8 {
    if !outcome.complete() {
        PROBLEM
    } else if outcome.findings.iter().any(|finding| fail_on.fails(finding.level)) {
        FINDINGS
    } else {
        CLEAN
    }
}

/// Writes the reports that go to files; whether all could be written.
fn write_files(arguments: &Arguments, outcome: &Outcome, context: &ReportContext<'_>) -> bool {
    let mut all = true;
    for target in &arguments.report {
        let plain = ReportContext { color: false, width: 120, ..*context };
        let written = File::create(&target.file).and_then(|file| {
            let mut out = BufWriter::new(file);
            target.format.reporter.report(outcome, &plain, &mut out)?;
            out.flush()
        });
        if let Err(error) = written {
            screen::say(&format!("dunlint: cannot write {}: {error}", target.file.display()));
            all = false;
        }
    }
    all
}

fn present(
    arguments: &Arguments,
    format: &Format,
    outcome: &Outcome,
    context: &ReportContext<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if !(format.for_people && context.pedantic) {
        say_problems(format, outcome, context.lang);
    }
    if arguments.show_files {
        return outcome.files.iter().try_for_each(|file| writeln!(out, "{}", file.path));
    }
    if !arguments.statistics {
        return format.reporter.report(outcome, context, out);
    }
    if format.for_people {
        statistics::write(outcome, context, out)?;
        return writeln!(out, "{}", summary::line(outcome, context));
    }
    statistics::write(outcome, context, &mut io::stderr())?;
    format.reporter.report(outcome, context, out)
}

/// Tells a person, on standard error, the problems that the report on standard output does not show them.
fn say_problems(format: &Format, outcome: &Outcome, lang: Lang) {
    const MOST: usize = 20;
    let unseen: Vec<&Problem> = outcome
        .problems
        .iter()
        .filter(|problem| !format.for_people || problem.gravity == Gravity::Note)
        .collect();
    for problem in unseen.iter().take(MOST) {
        screen::say(&report::concise::line(problem, outcome, lang));
    }
    if let Some(more) = unseen.len().checked_sub(MOST).filter(|more| *more > 0) {
        screen::say(&match lang {
            Lang::En => format!("and {more} more (--format json lists all)"),
            _ => format!("另有 {more} 条（--format json 列出全部）"),
        });
    }
}
