//! Options that several commands share.

use crate::config::ConfigChoice;
use crate::config::names::DIALECTS;
use crate::policy::JURISDICTIONS;
use crate::source::host;
use crate::words::Lang;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// When the output is a terminal and the environment does not forbid it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `--charset`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Charset {
    /// ASCII on a terminal whose locale is none of UTF-8, else Unicode.
    #[default]
    Auto,
    /// Unicode.
    Unicode,
    /// ASCII: what dunlint draws, not what the templates say.
    Ascii,
}

/// How things are said.
#[derive(Clone, Debug, Default, Args)]
pub struct Manner {
    /// Language of the sentences [default: the locale, else English]
    #[arg(long, value_name = "LANG", value_parser = lang_of, help_heading = "Output")]
    pub lang: Option<Lang>,
    /// Colours
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", help_heading = "Output")]
    pub color: Color,
    /// Characters of frames and marks
    #[arg(long, value_enum, default_value_t, value_name = "CHARSET", help_heading = "Output")]
    pub charset: Charset,
    /// Short for --charset ascii
    #[arg(long, conflicts_with = "charset", help_heading = "Output")]
    pub ascii: bool,
}

/// `en`, `zh-Hans`, `zh-Hant`.
pub(super) fn lang_of(value: &str) -> Result<Lang, String> {
    [Lang::En, Lang::ZhHans, Lang::ZhHant]
        .into_iter()
        .find(|lang| lang.name() == value)
        .ok_or_else(|| "known are en, zh-Hans, zh-Hant".to_owned())
}

/// Which configuration holds.
#[derive(Clone, Debug, Default, Args)]
pub struct Settings {
    /// Use this configuration for every file
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, help_heading = "Configuration")]
    pub isolated: bool,
}

impl Settings {
    /// The choice these options make.
    pub fn choice(&self) -> ConfigChoice {
        match (&self.config, self.isolated) {
            (Some(file), _) => ConfigChoice::File(file.clone()),
            (None, true) => ConfigChoice::Isolated,
            (None, false) => ConfigChoice::Nearest,
        }
    }
}

/// How templates are read, over whatever the configuration says.
#[derive(Clone, Debug, Default, Args)]
pub struct Reading {
    /// Storage format of every file
    #[arg(long, value_name = "HOST", value_parser = PossibleValuesParser::new(host::names()),
        hide_possible_values = true, help_heading = "Reading")]
    pub host: Option<String>,
    /// Placeholder language of every template
    #[arg(long, value_name = "DIALECT", value_parser = PossibleValuesParser::new(DIALECTS),
        hide_possible_values = true, help_heading = "Reading")]
    pub dialect: Option<String>,
    /// Jurisdiction of every template
    #[arg(long, value_name = "J", value_parser = PossibleValuesParser::new(JURISDICTIONS),
        help_heading = "Reading")]
    pub jurisdiction: Option<String>,
}
