//! `dunlint check`: the reason for all the rest.

use super::load::{self, Loaded};
use super::options::{Manner, Reading, Settings};
use super::progress::Progress;
use super::{CLEAN, FINDINGS, PROBLEM, screen};
use crate::check;
pub(super) use crate::check::Request;
use crate::config::{Configs, Date, discover};
use crate::finding::Level;
use crate::fix::{self, Rewritten, Wanted};
use crate::outcome::{Outcome, ReportContext};
use crate::policy::PolicySet;
use crate::policy::timing::Timing;
use crate::problem::{Gravity, Problem};
use crate::report::chrome::count;
use crate::report::{self, Format, statistics, summary, timing};
use crate::source::walk::Found;
use crate::source::{Source, disk};
use crate::triage::baseline::{self, Baseline};
use crate::triage::changed::Changed;
use crate::words::{Lang, Words};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `--fail-on`, the strictest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum FailOn {
    /// No finding fails a run; problems still give exit code 2
    Never,
    /// Errors do
    Error,
    /// Warnings and errors do
    Warning,
    /// Every finding does
    Note,
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
    /// Show findings that are suppressed or accepted too, in the formats for other tools
    #[arg(long, help_heading = "Output")]
    show_suppressed: bool,
    /// Show how often each rule found something instead of the findings
    #[arg(long, help_heading = "Output")]
    statistics: bool,
    /// Apply the safe fixes, then report what is left
    #[arg(long, help_heading = "Fixing")]
    fix: bool,
    /// With --fix or --diff: those too that may change what a message says
    #[arg(long, help_heading = "Fixing")]
    unsafe_fixes: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, conflicts_with = "fix", help_heading = "Fixing")]
    diff: bool,
    /// Tell on standard error how long each rule took
    #[arg(long, help_heading = "Output")]
    timing: bool,
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
    /// Findings in this file do not count (`dunlint baseline write` makes it)
    #[arg(long, value_name = "FILE", help_heading = "Selection")]
    baseline: Option<PathBuf>,
    /// Report only messages that were changed since the branch left this revision
    #[arg(long, value_name = "REV", help_heading = "Selection")]
    changed_since: Option<String>,
    /// Report only messages that the next commit changes, as it would hold them
    #[arg(long, conflicts_with_all = ["changed_since", "fix"], help_heading = "Selection")]
    staged: bool,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    reading: Reading,
    /// Name of standard input, as it would be in the repository
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    stdin_filename: Option<String>,
    /// The day that decides whether suppressions have ended [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day_of, help_heading = "Selection")]
    today: Option<Date>,
    /// Threads [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

fn format_of(name: &str) -> Result<&'static str, String> {
    let known = || report::FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    report::format(name).map(|format| format.name).ok_or_else(|| format!("known are {}", known()))
}

pub(super) fn day_of(value: &str) -> Result<Date, String> {
    Date::parse(value).ok_or_else(|| "expected a day such as 2027-06-30".to_owned())
}

fn to_file(value: &str) -> Result<ToFile, String> {
    let (name, file) = value.split_once('=').ok_or("expected FORMAT=FILE")?;
    if file.is_empty() {
        return Err("the file is missing after `=`".to_owned());
    }
    let format = report::format(format_of(name)?).ok_or("unknown format")?;
    Ok(ToFile { format, file: PathBuf::from(file) })
}

/// Rounds of fixing: what one fix uncovers the next can mend, and no more than so often.
const ROUNDS: usize = 5;

/// Checks, reports, and says how it went.
pub fn run(arguments: &Arguments) -> u8 {
    let Some(format) = report::format(arguments.format) else { return PROBLEM };
    match checked(arguments) {
        Ok(run) => {
            let code = finish(arguments, format, &run);
            // The process ends here; freeing a hundred thousand pieces one by one would only delay it.
            std::mem::forget(run);
            code
        }
        Err(error) => {
            screen::say(&format!("dunlint: {error}"));
            PROBLEM
        }
    }
}

/// A run, checked and not yet reported.
pub(super) struct Run {
    pub(super) policies: PolicySet,
    pub(super) outcome: Outcome,
    configs: Configs,
    fail_on: FailOn,
    /// What `--diff` shows.
    rewritten: Vec<Rewritten>,
    /// Findings that were mended.
    fixed: usize,
}

fn checked(arguments: &Arguments) -> io::Result<Run> {
    let today = arguments.today.unwrap_or_else(Date::today);
    let mut request = request(arguments)?;
    let changed = match (&arguments.changed_since, arguments.staged) {
        (Some(revision), _) => Changed::since(&request.root, revision).map(Some),
        (None, true) => staged(&request.root),
        (None, false) => Ok(None),
    };
    let mut found = Vec::new();
    match changed {
        Ok(changed) => request.changed = changed,
        Err(problem) => found.push(*problem),
    }
    let mut run = look(arguments, &request, today)?;
    if arguments.diff {
        (run.rewritten, found) = append(found, planned(arguments, &request, &run));
    }
    for _ in 0..if arguments.fix { ROUNDS } else { 0 } {
        let (files, problems) = planned(arguments, &request, &run);
        found.extend(problems);
        let unwritten = fix::write(&request.root, &files);
        let stuck = files.is_empty() || !unwritten.is_empty();
        let fixed = run.fixed + files.iter().map(|file| file.count).sum::<usize>();
        found.extend(unwritten);
        if stuck {
            break;
        }
        run = look(arguments, &request, today)?;
        run.fixed = fixed;
    }
    for problem in found {
        if !run.outcome.problems.contains(&problem) {
            run.outcome.problems.push(problem);
        }
    }
    Ok(run)
}

/// What the next commit changes. Where pre-commit runs outside of a commit and nothing is staged, all that it was
/// asked about, which is everything (`--all-files`, in CI) or what its revisions differ in: a hook that then looked
/// at nothing would pass whatever had been committed. Git names the index to the hooks of a commit.
fn staged(root: &Path) -> Result<Option<Changed>, Box<Problem>> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let changed = Changed::staged(root)?;
    if !changed.is_empty() || named("PRE_COMMIT").is_none() || named("GIT_INDEX_FILE").is_some() {
        return Ok(Some(changed));
    }
    named("PRE_COMMIT_FROM_REF").map(|revision| Changed::since(root, &revision)).transpose()
}

fn append<T>(mut found: Vec<Problem>, (files, more): (T, Vec<Problem>)) -> (T, Vec<Problem>) {
    found.extend(more);
    (files, found)
}

/// One look at everything, with the baseline applied.
fn look(arguments: &Arguments, request: &Request, today: Date) -> io::Result<Run> {
    let mut run = gather(request.clone(), &arguments.settings, today)?;
    run.fail_on = arguments.fail_on.unwrap_or(run.fail_on);
    if let Some(file) = &arguments.baseline {
        accept(file, &request.root, &request.rules, &mut run);
    }
    Ok(run)
}

/// The files as the wanted fixes would make them.
fn planned(arguments: &Arguments, request: &Request, run: &Run) -> (Vec<Rewritten>, Vec<Problem>) {
    let reading = (request.host.as_deref(), request.dialect.as_deref());
    let wanted =
        Wanted { root: &request.root, configs: &run.configs, reading, r#unsafe: arguments.unsafe_fixes };
    fix::plan(&run.outcome, &wanted)
}

/// Marks what the baseline `file` accepts, and notes what of it is gone.
fn accept(file: &Path, root: &Path, asked: &[String], run: &mut Run) {
    let absolute = root.join(file);
    let path: Arc<str> = discover::relative(root, &absolute).into();
    let source = match Source::open(&path, &absolute, None) {
        Ok(source) => source,
        Err(problem) => return run.outcome.problems.push(*problem),
    };
    match Baseline::read(&source) {
        Ok(baseline) => {
            baseline.apply(&mut run.outcome, &run.policies);
            let whole = run.outcome.complete() && run.outcome.unchanged == 0;
            let stale = if whole { baseline.stale(&run.outcome, root, asked) } else { 0 };
            run.outcome.problems.extend((stale > 0).then(|| baseline::stale_note(&path, stale)));
        }
        Err(problem) => {
            run.outcome.problems.push(*problem);
            run.outcome.sources.insert(path, source);
        }
    }
}

impl Request {
    /// A request that looks at `paths` by all rules.
    ///
    /// # Errors
    /// When there is no current directory.
    pub(super) fn of_paths(paths: &[PathBuf], settings: &Settings, reading: &Reading) -> io::Result<Self> {
        Ok(Self {
            root: std::env::current_dir()?,
            paths: paths.to_vec(),
            config: settings.choice(),
            host: reading.host.clone(),
            dialect: reading.dialect.clone(),
            jurisdiction: reading.jurisdiction.clone(),
            ..Self::default()
        })
    }
}

/// Checks what `request` asks for, with the configuration and policies that hold for it.
///
/// # Errors
/// When there is no current directory.
pub(super) fn gather(mut request: Request, settings: &Settings, today: Date) -> io::Result<Run> {
    let found = check::find(&request);
    let places = places(&request, &found);
    let mut loaded = load::load(settings, today, &places, load::Needs::Rules)?;
    let named = request.paths.clone();
    let unknown = select(&mut request, &loaded.policies);
    // A path that stood behind `--rule` has not been looked for yet.
    let found = if request.paths == named { found } else { check::find(&request) };
    loaded.policies.timing = request.timing.then(|| Timing::of(loaded.policies.rules.len()));
    let mut outcome = if unknown.is_empty() {
        let _progress = Progress::start(&request.seen, found.files.len(), request.lang);
        check::run(&request, found, &loaded.configs, &loaded.policies)
    } else {
        Outcome::default()
    };
    loaded.blame(&mut outcome);
    let Loaded { configs, policies, .. } = loaded;
    outcome.problems.extend(unknown);
    if outcome.files.is_empty() && outcome.complete() {
        outcome.problems.push(nothing_read());
    }
    let fail_on = configured(&configs, &request.paths);
    Ok(Run { policies, outcome, configs, fail_on, rewritten: Vec::new(), fixed: 0 })
}

/// Where configurations are looked for: what was named, the folder of each file found, and that which
/// standard input would have.
fn places(request: &Request, found: &Found) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = found.files.iter().filter_map(|file| file.absolute.parent()).collect();
    let stdin = request.stdin.iter().map(|(name, _)| request.root.join(name));
    request.paths.iter().cloned().chain(folders.into_iter().map(Path::to_owned)).chain(stdin).collect()
}

/// The strictest `fail-on` of the configurations that hold for `paths`.
fn configured(configs: &Configs, paths: &[PathBuf]) -> FailOn {
    let of = |path: &PathBuf| {
        let config = if path.is_dir() { configs.of_directory(path) } else { configs.nearest(path) };
        config.fail_on.as_ref().and_then(|set| FailOn::from_name(&set.value))
    };
    let here = [PathBuf::new()];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    paths.iter().map(|path| of(path).unwrap_or(FailOn::Error)).max().unwrap_or(FailOn::Error)
}

/// Sorts out what `--rule` named: a rule, a family, or a path that stood behind it. What is none of them is
/// a problem each.
fn select(request: &mut Request, policies: &PolicySet) -> Vec<Problem> {
    let mut problems = Vec::new();
    let named = std::mem::take(&mut request.rules);
    for name in named.iter().flat_map(|name| name.split(',')) {
        let bare = name.strip_prefix("family:").unwrap_or(name);
        if policies.rules.iter().any(|rule| rule.id == name || rule.family() == bare) {
            request.rules.push(name.to_owned());
        } else if Path::new(name).exists() && !request.rules.is_empty() {
            request.paths.retain(|path| path != Path::new("."));
            request.paths.push(PathBuf::from(name));
        } else {
            problems.push(super::rules::unknown(name, policies));
        }
    }
    problems
}

/// The arguments as a report names them: without `--jobs`, for no byte of a report depends on the number of threads.
fn recorded(words: impl Iterator<Item = String>) -> Vec<String> {
    let (mut kept, mut over, mut names) = (Vec::new(), false, false);
    for word in words {
        names |= word == "--";
        let jobs = !names && (word == "--jobs" || word.starts_with("--jobs="));
        if !std::mem::replace(&mut over, jobs && word == "--jobs") && !jobs {
            kept.push(word);
        }
    }
    kept
}

fn finish(arguments: &Arguments, format: &Format, run: &Run) -> u8 {
    let code = verdict(&run.outcome, run.fail_on);
    let words = recorded(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()));
    let config_files = run.configs.files();
    let color = screen::colors(arguments.manner.color, &io::stdout());
    let context = ReportContext {
        policies: &run.policies,
        lang: screen::lang(arguments.manner.lang),
        pedantic: arguments.pedantic,
        suppressed: arguments.show_suppressed,
        fail_on: run.fail_on.name(),
        exit_code: code,
        arguments: &words,
        config_files: &config_files,
        color,
        ascii: screen::ascii(&arguments.manner),
        links: format.for_people && screen::links(color),
        width: screen::width(),
    };
    // Nobody left to tell when standard error is closed.
    let _ = timing::write(&run.policies, context.lang, &mut io::stderr());
    if !write_files(arguments, &run.outcome, &context) {
        return PROBLEM;
    }
    if run.fixed > 0 {
        screen::say(&match context.lang {
            Lang::En => format!("fixed {}", count(run.fixed, "finding", "findings", "", Lang::En)),
            lang => format!("已修正 {}", count(run.fixed, "", "", "项问题", lang)),
        });
    }
    if arguments.diff {
        say_problems(&run.outcome, context.lang, |problem| problem.gravity == Gravity::Note);
        screen::say(&summary::line(&run.outcome, &context));
        return screen::print(code, |out| run.rewritten.iter().try_for_each(|file| diff(file, out)));
    }
    screen::print(code, |out| present(arguments, format, &run.outcome, &context, out))
}

/// The change of one file, as `patch` reads it.
fn diff(file: &Rewritten, out: &mut dyn Write) -> io::Result<()> {
    let changes = similar::TextDiff::from_lines(&file.before, &file.after);
    let (old, new) = (format!("a/{}", file.path), format!("b/{}", file.path));
    write!(out, "{}", changes.unified_diff().header(&old, &new))
}

fn request(arguments: &Arguments) -> io::Result<Request> {
    let dash = Path::new("-");
    let only_default = arguments.paths == [PathBuf::from(".")];
    let from_stdin = arguments.paths.iter().any(|path| path == dash)
        || (arguments.stdin_filename.is_some() && only_default);
    let mut paths: Vec<PathBuf> = arguments.paths.iter().filter(|path| *path != dash).cloned().collect();
    let mut stdin = None;
    if from_stdin {
        let bytes = disk::up_to_limit(io::stdin().lock(), 0)?;
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
        digests: report::format(arguments.format).is_some_and(|format| format.digests)
            || arguments.report.iter().any(|report| report.format.digests)
            || arguments.baseline.is_some(),
        jobs: arguments.jobs.map(usize::from),
        timing: arguments.timing,
        lang: arguments.manner.lang,
        ..Request::default()
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
    } else if outcome.findings.iter().any(|finding| finding.counts() && fail_on.fails(finding.level)) {
        FINDINGS
    } else {
        CLEAN
    }
}

/// Writes the reports that go to files; whether all could be written.
fn write_files(arguments: &Arguments, outcome: &Outcome, context: &ReportContext<'_>) -> bool {
    let mut all = true;
    for target in &arguments.report {
        let plain = ReportContext { color: false, ascii: false, links: false, width: 120, ..*context };
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
    let report = !arguments.show_files && !arguments.statistics;
    say_problems(outcome, context.lang, |problem| {
        report && format.for_people && (problem.gravity == Gravity::Error || context.pedantic)
    });
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

/// Tells a person, on standard error, the problems that standard output does not show them.
fn say_problems(outcome: &Outcome, lang: Lang, shown: impl Fn(&Problem) -> bool) {
    const MOST: usize = 20;
    let unseen: Vec<&Problem> = outcome.problems.iter().filter(|problem| !shown(problem)).collect();
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
