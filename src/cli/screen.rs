//! The way out to the terminal: colours, width, language, and what a closed pipe means.

use super::PROBLEM;
use super::options::{Charset, Color, Manner};
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

/// Whether frames are drawn in ASCII: as asked for, else where a terminal's locale is none of UTF-8. What goes into files and
/// pipes is UTF-8 like the templates in it.
pub fn ascii(manner: &Manner) -> bool {
    match manner.charset {
        _ if manner.ascii => true,
        Charset::Ascii => true,
        Charset::Unicode => false,
        Charset::Auto => {
            let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
            let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
            io::stdout().is_terminal() && locale.is_some_and(|locale| !is_utf8(&locale))
        }
    }
}

/// Whether `zh_CN.UTF-8`, `C.utf8` and the like. A name without an encoding is that of a system that has only one.
fn is_utf8(locale: &str) -> bool {
    let plain = locale.to_ascii_lowercase().replace('-', "");
    match plain.split_once('.') {
        Some((_, encoding)) => encoding.starts_with("utf8"),
        None => !matches!(plain.as_str(), "c" | "posix"),
    }
}

/// Whether rules may be links: on a terminal that is known to show them, with colours; `FORCE_HYPERLINK` decides for itself.
pub fn links(color: bool) -> bool {
    let forced = std::env::var_os("FORCE_HYPERLINK").is_some_and(|value| !value.is_empty());
    (forced || (color && io::stdout().is_terminal()))
        && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
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

#[cfg(test)]
mod tests {
    use super::is_utf8;

    #[test]
    fn locales_name_their_encoding() {
        for (locale, utf8) in [
            ("zh_CN.UTF-8", true),
            ("C.utf8", true),
            ("en_US", true),
            ("C", false),
            ("POSIX", false),
            ("zh_CN.GBK", false),
        ] {
            assert_eq!(is_utf8(locale), utf8, "{locale}");
        }
    }
}
