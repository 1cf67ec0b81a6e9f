//! `dunlint server`: the language server, for editors.

use super::options::Settings;
use super::{CLEAN, FINDINGS, check, options, screen};
use crate::config::Date;
use crate::server::{self, Options};
use crate::words::Lang;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `server`.
#[derive(Debug, Args)]
#[command(after_help = "\
An editor starts it and speaks the Language Server Protocol with it; docs/editors.md says how to tell yours.
What it is told by the editor (pedantic, unsafeFixes, lang, config, isolated, baseline) goes over these options.

The exit code is 0 after `shutdown` and `exit`, and 1 when the editor went without them.")]
pub struct Arguments {
    /// Standard input and output, which is all there is: editors like to say so
    #[arg(long, hide = true)]
    stdio: bool,
    /// Show notes and findings of medium confidence too
    #[arg(long, help_heading = "Output")]
    pedantic: bool,
    /// Offer fixes too that may change what a message says
    #[arg(long, help_heading = "Fixing")]
    unsafe_fixes: bool,
    /// Language of the sentences [default: the editor's]
    #[arg(long, value_name = "LANG", value_parser = options::lang_of, help_heading = "Output")]
    lang: Option<Lang>,
    #[command(flatten)]
    settings: Settings,
    /// Findings in this file are not shown (`dunlint baseline write` makes it)
    #[arg(long, value_name = "FILE", help_heading = "Selection")]
    baseline: Option<PathBuf>,
    /// The day that decides whether suppressions have ended [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = check::day_of, help_heading = "Selection")]
    today: Option<Date>,
}

/// Serves until the editor goes.
pub fn run(arguments: &Arguments) -> u8 {
    let options = Options {
        pedantic: arguments.pedantic,
        unsafe_fixes: arguments.unsafe_fixes,
        lang: arguments.lang,
        config: arguments.settings.choice(),
        baseline: arguments.baseline.clone(),
        today: arguments.today,
    };
    if server::run(options, screen::lang(None)) { CLEAN } else { FINDINGS }
}
