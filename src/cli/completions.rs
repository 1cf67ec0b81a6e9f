//! `dunlint completions` and `dunlint man`: made from the command line's own definition.

use super::{CLEAN, Cli, screen};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint completions bash > /etc/bash_completion.d/dunlint
  dunlint completions zsh > ~/.zfunc/_dunlint")]
pub struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completion script.
pub fn run(arguments: &Arguments) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "dunlint", &mut script);
    screen::print(CLEAN, |out| out.write_all(&script))
}

/// Prints the manual page, in roff.
pub fn manual() -> u8 {
    let page = clap_mangen::Man::new(Cli::command());
    screen::print(CLEAN, |out| {
        page.render_title(out)?;
        page.render_name_section(out)?;
        page.render_synopsis_section(out)?;
        page.render_description_section(out)?;
        page.render_subcommands_section(out)?;
        let mut command = Cli::command();
        command.build();
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let sub = sub.clone();
            writeln!(out, ".SH \"DUNLINT {}\"", sub.get_name().to_uppercase())?;
            let page = clap_mangen::Man::new(sub);
            page.render_description_section(out)?;
            page.render_options_section(out)?;
        }
        page.render_extra_section(out)?;
        page.render_version_section(out)
    })
}
