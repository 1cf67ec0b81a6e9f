//! The `dunlint` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(dunlint::cli::run(std::env::args_os()))
}
