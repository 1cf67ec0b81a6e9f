//! `dunlint schedule`: the worst case of each campaign.

use super::load::{self, Loaded};
use super::options::{Manner, Settings};
use super::{CLEAN, PROBLEM, screen};
use crate::campaign::group::{Case, Group, cases};
use crate::campaign::{answer, draw};
use crate::check;
use crate::config::{Date, discover};
use crate::outcome::Outcome;
use crate::policy::{JURISDICTIONS, PolicySet};
use crate::problem::Gravity;
use crate::report::concise;
use crate::source::Source;
use crate::words::Lang;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Days and hours in the terminal
    Text,
    /// For machines
    Json,
    /// A picture to paste into a document
    Svg,
}

/// Arguments of `schedule`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint schedule campaigns/m1.toml
  dunlint schedule campaigns/*.toml --format json
  dunlint schedule campaigns/m1.toml --format svg > m1.svg

The worst case is that over every placement of the sends in their windows. The exit code is 2 when a
file could not be read, and 0 otherwise: `dunlint check` compares with caps and hours.")]
pub struct Arguments {
    /// Campaign files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT", help_heading = "Output")]
    format: Format,
    /// Storage format of every file
    #[arg(long, value_name = "HOST", help_heading = "Reading")]
    host: Option<String>,
    /// Jurisdiction of every campaign
    #[arg(long, value_name = "J", value_parser = PossibleValuesParser::new(JURISDICTIONS),
        help_heading = "Reading")]
    jurisdiction: Option<String>,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
}

/// Shows the worst case of each campaign of each file, and of each group.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let needs = load::Needs::Rules;
    let mut loaded = match load::load(&arguments.settings, Date::today(), &arguments.files, needs) {
        Ok(loaded) => loaded,
        Err(error) => {
            screen::say(&format!("dunlint: {error}"));
            return PROBLEM;
        }
    };
    let mut outcome = Outcome::default();
    let mut found = Vec::new();
    for file in &arguments.files {
        found.extend(read(file, arguments, &loaded, &mut outcome));
    }
    let (groups, problems) = Group::all(&found);
    outcome.problems.extend(problems);
    let mut alone = Vec::new();
    for case in &found {
        match Group::of(None, vec![case]) {
            Ok(group) => alone.push(group),
            Err(problem) if !outcome.problems.contains(&problem) => outcome.problems.push(*problem),
            Err(_) => {}
        }
    }
    loaded.blame(&mut outcome);
    for problem in &outcome.problems {
        screen::say(&concise::line(problem, &outcome, lang));
    }
    let code = if outcome.complete() { CLEAN } else { PROBLEM };
    screen::print(code, |out| show(arguments, &alone, &groups, &loaded.policies, lang, out))
}

/// The campaigns of a file; what could not be read goes to `outcome`.
fn read(file: &Path, arguments: &Arguments, loaded: &Loaded, outcome: &mut Outcome) -> Vec<Case> {
    let absolute = loaded.root.join(file);
    let path: Arc<str> = discover::relative(&loaded.root, &absolute).into();
    let config = loaded.configs.nearest(&absolute);
    let settings = config.resolve(&absolute);
    let source = match Source::open(&path, &absolute, settings.spec.encoding.as_deref()) {
        Ok(source) => source,
        Err(problem) => {
            outcome.problems.push(*problem);
            return Vec::new();
        }
    };
    let circumstances = check::circumstances(arguments.jurisdiction.as_deref(), &settings);
    let host = arguments.host.as_deref().or(settings.spec.host.as_deref());
    let (found, problems) = cases(&source, host, Vec::new(), &circumstances);
    if problems.iter().any(|problem| problem.gravity == Gravity::Error) {
        outcome.sources.insert(path, source);
    }
    outcome.problems.extend(problems);
    found
}

fn show(
    arguments: &Arguments,
    alone: &[Group<'_>],
    groups: &[Group<'_>],
    policies: &PolicySet,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    // A group of one campaign says nothing new to people.
    let several = groups.iter().filter(|group| group.members.len() > 1);
    let shown = alone.iter().chain(several);
    match arguments.format {
        Format::Json => {
            let document = answer::document(alone, groups, policies);
            serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
            writeln!(out)
        }
        Format::Text => {
            let color = screen::colors(arguments.manner.color, &io::stdout());
            draw::text(shown, policies, lang, color, out)
        }
        Format::Svg => draw::svg(shown, policies, lang, out),
    }
}
