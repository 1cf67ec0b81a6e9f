//! The command line: one file a command.
//!
//! Begin at [`run`]. A command gets its parsed arguments and returns an exit code: 0 looked at everything
//! and found nothing that fails, 1 findings, 2 could not look. [`screen`] is the only way out to the
//! terminal, [`options`] holds what several commands share.

pub mod baseline;
mod book;
pub mod check;
pub mod completions;
pub mod config;
mod coverage;
pub mod explain;
pub mod init;
pub mod load;
pub mod options;
pub mod parse;
mod progress;
mod reading;
pub mod render;
mod render_report;
pub mod rules;
pub mod schedule;
pub mod schema;
pub mod screen;
pub mod server;
pub mod suppressions;
pub mod test;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::panic;

/// Nothing found that fails.
pub const CLEAN: u8 = 0;
/// Findings at or above `--fail-on`.
pub const FINDINGS: u8 = 1;
/// Something could not be looked at.
pub const PROBLEM: u8 = 2;

const EXAMPLES: &str = "\
Examples:
  dunlint templates/                       check a directory
  dunlint check --format json . > report.json
  cat sms.txt | dunlint check --stdin-filename sms.txt -
  dunlint explain threat/visit             what a rule is about and what it rests on
  dunlint init                             propose a dunlint.toml for this repository

Exit codes: 0 nothing found, 1 findings, 2 something could not be looked at.";

/// Compliance linter for lenders' collection SMS templates.
#[derive(Debug, Parser)]
#[command(name = "dunlint", version, about, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// What to do; `check` when left out.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check templates (the default command)
    Check(Box<check::Arguments>),
    /// Explain a rule: what, why, examples, how to configure
    Explain(explain::Arguments),
    /// List the rules
    Rules(rules::Arguments),
    /// Prove every rule by its own examples
    Test(test::Arguments),
    /// Show what was understood of each template
    Parse(parse::Arguments),
    /// Show the worst case of each campaign
    Schedule(schedule::Arguments),
    /// Show what a borrower would read, and check it against rows of data
    Render(Box<render::Arguments>),
    /// Propose a dunlint.toml for this repository
    Init(init::Arguments),
    /// Show the settings that hold for a path, and where each comes from
    Config(config::Arguments),
    /// Accept what is found now, or take out what is gone
    Baseline(baseline::Arguments),
    /// List every exception, who answers for it, and until when
    Suppressions(suppressions::Arguments),
    /// Print a JSON Schema
    Schema(schema::Arguments),
    /// Speak with an editor, on standard input and output
    Server(server::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Print the manual page
    Man,
}

impl Command {
    fn run(self) -> u8 {
        match self {
            Self::Check(arguments) => check::run(&arguments),
            Self::Explain(arguments) => explain::run(&arguments),
            Self::Rules(arguments) => rules::run(&arguments),
            Self::Test(arguments) => test::run(&arguments),
            Self::Parse(arguments) => parse::run(&arguments),
            Self::Schedule(arguments) => schedule::run(&arguments),
            Self::Render(arguments) => render::run(&arguments),
            Self::Init(arguments) => init::run(&arguments),
            Self::Config(arguments) => config::run(&arguments),
            Self::Baseline(arguments) => baseline::run(&arguments),
            Self::Suppressions(arguments) => suppressions::run(&arguments),
            Self::Schema(arguments) => schema::run(&arguments),
            Self::Server(arguments) => server::run(&arguments),
            Self::Completions(arguments) => completions::run(&arguments),
            Self::Man => completions::manual(),
        }
    }
}

/// Runs the command line `arguments` (the program's name first) and returns the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    panic::set_hook(Box::new(|fault| {
        screen::say(&format!("internal fault: {fault}\nThis is a mistake in dunlint, not in the templates."));
    }));
    let arguments = with_command(arguments.into_iter().collect());
    panic::catch_unwind(|| match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli.command.run(),
        Err(error) => {
            // Help and version are printed like errors, with code 0. A closed pipe is a clean end.
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(PROBLEM)
        }
    })
    .unwrap_or(PROBLEM)
}

/// `arguments` with `check` put in when no command is named.
fn with_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    use clap::CommandFactory;
    let named = arguments.get(1).and_then(|first| first.to_str()).is_some_and(|first| {
        matches!(first, "-h" | "--help" | "-V" | "--version" | "help")
            || Cli::command().get_subcommands().any(|command| command.get_name() == first)
    });
    if !named {
        arguments.insert(arguments.len().min(1), "check".into());
    }
    arguments
}
