//! `dunlint schema`: the JSON Schemas of what dunlint reads and writes.

use super::{CLEAN, screen};
use clap::{Args, ValueEnum};

/// What a schema is about.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Kind {
    /// The report of `check --format json`
    Report,
    /// dunlint.toml
    Config,
    /// A policy file
    Policy,
    /// A campaign file
    Campaign,
}

impl Kind {
    /// The schema, draft-07.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Report => include_str!("../../schema/report.schema.json"),
            Self::Config => include_str!("../../schema/config.schema.json"),
            Self::Policy => include_str!("../../schema/policy.schema.json"),
            Self::Campaign => include_str!("../../schema/campaign.schema.json"),
        }
    }
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dunlint schema config > dunlint.schema.json")]
pub struct Arguments {
    /// Which schema
    #[arg(value_enum)]
    kind: Kind,
}

/// Prints the schema.
pub fn run(arguments: &Arguments) -> u8 {
    screen::print(CLEAN, |out| out.write_all(arguments.kind.text().as_bytes()))
}
