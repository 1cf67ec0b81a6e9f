//! The way out to the terminal: colours, width, language, and what a closed pipe means.

use super::PROBLEM;
use super::options::Color;
use crate::words::Lang;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

/// Columns assumed where there is no terminal to ask.
const WIDTH: usize = 120;

/// Whether escape codes may go to `stream`: `--color` first, then `NO_COLOR` (not empty),
/// `CLICOLOR_FORCE`, `CLICOLOR`, `TERM=dumb`, and whether it is a terminal.
pub fn colors(color: Color, stream: &impl anstream::stream::RawStream) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
    }
}

/// Columns of the terminal, or 120 where standard output is none.
pub fn width() -> usize {
    if !io::stdout().is_terminal() {
        return WIDTH;
    }
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0))
}

/// The language of the sentences: the option, else the locale, else English.
pub fn lang(option: Option<Lang>) -> Lang {
    option.unwrap_or_else(|| {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        locale.and_then(|tag| Lang::from_tag(&tag)).unwrap_or_default()
    })
}

/// Says something to a person, on standard error.
pub fn say(words: &str) {
    // Nobody left to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "{words}");
}

/// Runs `write` on a buffered standard output and returns `code`; a closed pipe is a clean end, any other
/// failure to write is a problem.
pub fn print(code: u8, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> u8 {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    // What is left in the buffer after a failure would fail again.
    let _ = out.into_parts();
    match written {
        Ok(()) => code,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => code,
        Err(error) => {
            say(&format!("dunlint: cannot write the report: {error}"));
            PROBLEM
        }
    }
}
