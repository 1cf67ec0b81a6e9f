//! Who decides the placeholder language of a message: the command line, the file or record itself, the
//! configuration, the host format, the file ending, and last the text.
//!
//! Begin at [`Template::parse_file`], which reads all messages of one file.

use super::detect::{self, Votes, has_stray_mark};
use super::dialect::{Custom, Dialect};
use super::{Lexer, Profile, Template};
use crate::problem::Problem;
use crate::source::{ChosenBy, Record, SourceSpec};
use crate::words::Words;
use std::sync::Arc;

/// What is known about the messages of a file before they are read.
#[derive(Clone, Copy, Debug)]
pub struct Hints<'a> {
    /// The file, relative to the project root with `/`.
    pub path: &'a Arc<str>,
    /// `--dialect`.
    pub option: Option<&'a str>,
    /// The `[[source]]` of the configuration that matched the file.
    pub spec: Option<&'a SourceSpec>,
}

/// The placeholder language of one message and who decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The language.
    pub dialect: Dialect,
    /// Who decided.
    pub by: ChosenBy,
}

impl Template {
    /// Parses all messages of one file. Those for which nobody chose a language are read in the one that
    /// most of them seem to be written in.
    pub fn parse_file(records: Vec<Record>, hints: &Hints<'_>) -> (Vec<Self>, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut of_file = choices_of_file(hints, &mut problems);
        of_file.extend(of_content(hints.path, &records));
        let chosen: Vec<Option<Choice>> =
            records.iter().map(|record| nearest(record, hints, &of_file, &mut problems)).collect();
        problems.extend(records.iter().filter_map(misspelt_platform));
        let mut lexer = Lexer::default();
        let guessed = guess(&records, &chosen, hints.path, &mut lexer, &mut problems);
        let mut templates = Vec::with_capacity(records.len());
        for (record, choice) in records.into_iter().zip(chosen) {
            let choice = choice.unwrap_or_else(|| guessed.clone());
            let template = Self::parse(record, choice, &mut lexer, &mut problems);
            problems.extend(template.note_on_ways());
            templates.push(template);
        }
        let problems = problems.into_iter().map(|problem| problem.in_file(hints.path)).collect();
        (templates, problems)
    }
}

/// A platform that a message names, and that is nearly one: without it its limits would not be looked at, and
/// nobody would be told. Another word is the message's own business.
fn misspelt_platform(record: &Record) -> Option<Problem> {
    let declared = record.meta.fields.get("profile")?;
    let name = declared.value.as_str().filter(|name| Profile::named(name).is_none())?;
    let near = crate::spanned::nearest(&name.to_lowercase(), Profile::names())?;
    let words = Words::new(format!("unknown profile `{name}`"), format!("未知的平台 `{name}`"));
    let help = Words::new(format!("did you mean `{near}`?"), format!("您是不是想写 `{near}`？"));
    Some(Problem::note("unknown-profile", words).at(declared.span.unwrap_or(record.body_span)).help(help))
}

/// What holds for every message of the file, the strongest first: the option, the configuration, the ending.
fn choices_of_file(hints: &Hints<'_>, problems: &mut Vec<Problem>) -> Vec<Choice> {
    let spec = |get: fn(&SourceSpec) -> &Option<String>| hints.spec.and_then(|spec| get(spec).as_deref());
    let words = [(ChosenBy::Option, hints.option), (ChosenBy::Config, spec(|spec| &spec.dialect))];
    let mut choices = Vec::new();
    for (by, word) in words {
        match word.map(|name| named(name, hints.spec)) {
            Some(Ok(dialect)) => choices.push(Choice { dialect, by }),
            Some(Err(problem)) => problems.push(*problem),
            None => {}
        }
    }
    // A profile says the language of its platform, unless the language itself is named beside it.
    let of_profile = spec(|spec| &spec.profile).and_then(Dialect::of_profile);
    choices.extend(of_profile.map(|dialect| Choice { dialect, by: ChosenBy::Config }));
    let ending = hints.path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
    let of_ending = ending.and_then(Dialect::of_extension);
    choices.extend(of_ending.map(|dialect| Choice { dialect, by: ChosenBy::Extension }));
    choices
}

/// The language of a file whose ending, `.ftl`, is that of two: a tag or interpolation of FreeMarker decides
/// against Fluent, which a host of its own reads.
fn of_content(path: &str, records: &[Record]) -> Option<Choice> {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending)?;
    let is_fluent = |record: &Record| detect::is_fluent(&record.body.text);
    if !ending.eq_ignore_ascii_case("ftl") || records.is_empty() {
        return None;
    }
    let dialect = if records.iter().all(is_fluent) { Dialect::Fluent } else { Dialect::FreeMarker };
    Some(Choice { dialect, by: ChosenBy::Content })
}

/// The strongest choice for one message, among its own metadata and what holds for the file.
fn nearest(
    record: &Record,
    hints: &Hints<'_>,
    of_file: &[Choice],
    problems: &mut Vec<Problem>,
) -> Option<Choice> {
    let field = |name: &str| {
        let declared = record.meta.fields.get(name)?;
        Some((declared.value.as_str().filter(|text| !text.is_empty())?, declared.span))
    };
    let of_file = of_file.first();
    let (own, span) = match field("dialect") {
        Some((name, span)) => (named(name, hints.spec), span),
        // Without a language, the platform's; a language that is named for the file is more than that.
        None => {
            let platform = field("profile").and_then(|(name, _)| Dialect::of_profile(name));
            let of_platform = platform.map(|dialect| Choice { dialect, by: ChosenBy::Config });
            return of_file
                .filter(|choice| choice.by <= ChosenBy::Config)
                .cloned()
                .or(of_platform)
                .or(of_file.cloned());
        }
    };
    let by = record.dialect_chosen_by.unwrap_or(ChosenBy::Config);
    match own {
        Ok(dialect) => {
            let stronger = of_file.filter(|choice| choice.by < by);
            Some(stronger.cloned().unwrap_or(Choice { dialect, by }))
        }
        Err(problem) => {
            problems.push(problem.at(span.unwrap_or(record.body_span)));
            of_file.cloned()
        }
    }
}

/// The language called `name`; `custom` takes its marks from the configuration.
fn named(name: &str, spec: Option<&SourceSpec>) -> Result<Dialect, Box<Problem>> {
    if let Some(dialect) = Dialect::from_name(name) {
        return Ok(dialect);
    }
    if name == "custom" {
        let mark = |get: fn(&SourceSpec) -> &Option<String>| {
            spec.and_then(|spec| get(spec).clone()).filter(|mark| !mark.is_empty())
        };
        return match (mark(|spec| &spec.open), mark(|spec| &spec.close)) {
            (Some(open), Some(close)) => Ok(Dialect::Custom(Custom { open, close })),
            _ => Err(Box::new(Problem::error(
                "custom-without-marks",
                Words::new(
                    "dialect `custom` needs `open` and `close` in the configuration",
                    "方言 `custom` 需要在配置中写明 `open` 和 `close`",
                ),
            ))),
        };
    }
    let near = Dialect::names().max_by(|a, b| strsim::jaro(a, name).total_cmp(&strsim::jaro(b, name)));
    let near = near.filter(|near| strsim::damerau_levenshtein(near, name) <= 3);
    let problem = Problem::error(
        "unknown-dialect",
        Words::new(format!("unknown dialect `{name}`"), format!("未知的方言 `{name}`")),
    );
    Err(Box::new(match near {
        Some(near) => {
            problem.help(Words::new(format!("did you mean `{near}`?"), format!("您是不是想写 `{near}`？")))
        }
        None => {
            let all = Dialect::names().collect::<Vec<_>>().join(" ");
            problem.help(Words::new(format!("known dialects: {all}"), format!("可用的方言：{all}")))
        }
    }))
}

/// The language for the messages nobody chose one for, with notes on what is uncertain about it.
fn guess(
    records: &[Record],
    chosen: &[Option<Choice>],
    path: &Arc<str>,
    lexer: &mut Lexer,
    problems: &mut Vec<Problem>,
) -> Choice {
    let open = || records.iter().zip(chosen).filter(|(_, choice)| choice.is_none()).map(|(record, _)| record);
    let readable = open().filter(|record| record.body.text.len() <= super::MAX_BODY);
    let votes = Votes::count(readable.clone().map(|record| record.body.text.as_str()), lexer);
    let Some(dialect) = votes.majority.clone() else {
        if let Some(record) = readable.clone().find(|record| has_stray_mark(&record.body.text)) {
            problems.push(no_dialect(path).at(record.body_span));
        }
        return Choice { dialect: Dialect::None, by: ChosenBy::Auto };
    };
    if votes.ambiguous
        && let Some(record) = readable.clone().next()
    {
        problems.push(ambiguous(dialect.name()).at(record.body_span));
    }
    for (record, vote) in readable.zip(&votes.each) {
        if let Some(vote) = vote
            && *vote != dialect
        {
            problems.push(disagrees(dialect.name(), vote.name()).at(record.body_span));
        }
    }
    Choice { dialect, by: ChosenBy::Auto }
}

fn no_dialect(path: &str) -> Problem {
    Problem::note(
        "dialect-none",
        Words::new(
            format!("no placeholders recognised in `{path}`; its marks are read as text"),
            format!("在 `{path}` 中没有识别出占位符，其中的标记按普通文字处理"),
        ),
    )
    .help(set_dialect())
}

fn ambiguous(dialect: &str) -> Problem {
    Problem::note(
        "dialect-ambiguous",
        Words::new(
            format!("read as `{dialect}`; MessageFormat and str.format write placeholders the same way"),
            format!("按 `{dialect}` 读取；MessageFormat 与 str.format 的占位符写法相同"),
        ),
    )
    .help(set_dialect())
}

fn disagrees(read_as: &str, looks_like: &str) -> Problem {
    Problem::note(
        "dialect-disagrees",
        Words::new(
            format!("looks like `{looks_like}`, but is read as `{read_as}` like most of the file"),
            format!("看起来是 `{looks_like}`，但与文件中多数模板一样按 `{read_as}` 读取"),
        ),
    )
    .help(set_dialect())
}

fn set_dialect() -> Words {
    Words::new("set `dialect` in dunlint.toml or in the message", "请在 dunlint.toml 或模板中写明 `dialect`")
}

impl Choice {
    /// A choice made by an option, as tests and `render` make it.
    pub fn option(dialect: Dialect) -> Self {
        Self { dialect, by: ChosenBy::Option }
    }
}
