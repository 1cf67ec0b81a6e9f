//! One diagnostic on a terminal, rendered by codespan-reporting.

use super::excerpt::{Excerpt, HEAD_LINES};
use super::glyphs;
use super::wrap::wrapped;
use crate::finding::Level;
use crate::source::{Source, Span};
use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::term::termcolor::{Buffer, WriteColor};
use codespan_reporting::term::{self, Chars, Config, Styles, StylesWriter};
use std::borrow::Cow;
use std::io::{self, Write};

/// Columns codespan uses for line number, border and blanks, generously.
const GUTTER: usize = 12;

/// On terminals of fewer columns lines under the excerpt are broken by words; wider ones break them well enough.
const NARROW: usize = 80;
/// Columns before a line under the excerpt: those of a line number, and a mark.
const INDENT: usize = 8;

/// Where the book of rules stands.
const REPOSITORY: &str = "https://github.com/dunlint/dunlint";

/// What is said about one place.
pub struct Picture<'a> {
    /// How serious.
    pub level: Level,
    /// Rule id or problem code.
    pub code: &'a str,
    /// The headline.
    pub title: &'a str,
    /// The places and what is said under each; the first is the primary one.
    pub labels: Vec<(Span, String)>,
    /// Lines under the excerpt.
    pub notes: Vec<String>,
}

/// Draws pictures; made once a report.
pub struct Painter {
    config: Config,
    styles: Styles,
    color: bool,
    width: usize,
    links: bool,
    /// What stands where a line is cut.
    cut: char,
}

/// The page of a rule.
fn page(code: &str) -> String {
    let anchor: String = code.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
    format!("{}/blob/main/docs/rules.md#{anchor}", REPOSITORY)
}

impl Painter {
    /// A painter for `width` columns, with or without escape codes.
    pub fn new(color: bool, width: usize) -> Self {
        let config = Config { start_context_lines: HEAD_LINES, end_context_lines: 1, ..Config::default() };
        let styles = if color { Styles::default() } else { Styles::no_color() };
        Self { config, styles, color, width: width.saturating_sub(GUTTER), links: false, cut: '…' }
    }

    /// The same, drawing in ASCII if `ascii`.
    #[must_use]
    pub fn in_ascii(mut self, ascii: bool) -> Self {
        if ascii {
            (self.config.chars, self.cut) = (Chars::ascii(), '~');
        }
        self
    }

    /// The same, with rules as links to their pages (OSC 8) if `links`.
    #[must_use]
    pub const fn with_links(mut self, links: bool) -> Self {
        self.links = links;
        self
    }

    /// A line under the excerpt: on a narrow terminal in several.
    fn note(&self, note: &str) -> String {
        let plain = self.plain(note);
        if self.width + GUTTER >= NARROW {
            plain.into_owned()
        } else {
            wrapped(&plain, (self.width + GUTTER).max(20) - INDENT)
        }
    }

    /// The tool's own words, in ASCII where that is asked for: marks that have no letter's meaning become their nearest ones.
    fn plain<'t>(&self, words: &'t str) -> Cow<'t, str> {
        if self.cut == '…' || words.is_ascii() {
            return Cow::Borrowed(words);
        }
        let mut text = String::with_capacity(words.len());
        for c in words.chars() {
            match c {
                '“' | '”' => text.push('"'),
                '‘' | '’' => text.push('\''),
                '…' => text.push_str("..."),
                '–' | '—' => text.push('-'),
                '·' => text.push('|'),
                '×' => text.push('x'),
                '␣' => text.push('_'),
                c => text.push(c),
            }
        }
        Cow::Owned(text)
    }

    /// `rendered` with the code of its head as a link.
    fn linked(&self, rendered: String, code: &str) -> String {
        if !self.links || !code.contains('/') {
            return rendered;
        }
        let link = format!("[\u{1b}]8;;{}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\]", page(code));
        rendered.replacen(&format!("[{code}]"), &link, 1)
    }

    /// Draws `picture` over the text of `source`, followed by a blank line.
    ///
    /// # Errors
    /// Whatever the writer returns.
    pub fn draw(&self, picture: &Picture<'_>, source: &Source, out: &mut dyn Write) -> io::Result<()> {
        let spans: Vec<Span> = picture.labels.iter().map(|(span, _)| *span).collect();
        let excerpt = Excerpt::cut_by(source, &spans, self.width, self.cut);
        let mut labels = Vec::new();
        for (number, (mark, (_, text))) in excerpt.marks.iter().zip(&picture.labels).enumerate() {
            let label = if number == 0 {
                Label::primary((), mark.clone())
            } else {
                Label::secondary((), mark.clone())
            };
            labels.push(label.with_message(self.plain(&glyphs::harmless(text))));
        }
        let diagnostic = Diagnostic::new(severity(picture.level))
            .with_code(picture.code)
            .with_message(self.plain(&glyphs::harmless(picture.title)))
            .with_labels(labels)
            .with_notes(picture.notes.iter().map(|note| self.note(note)).collect());
        let rendered = self.render(&diagnostic, &excerpt)?;
        let text = String::from_utf8_lossy(&rendered);
        let text = self.linked(excerpt.restore(&text).into_owned(), picture.code);
        if self.color {
            return out.write_all(text.as_bytes());
        }
        // codespan pads some lines with blanks.
        text.lines().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
    }

    fn render(&self, diagnostic: &Diagnostic<()>, excerpt: &Excerpt<'_>) -> io::Result<Vec<u8>> {
        let failed = |error: codespan_reporting::files::Error| io::Error::other(error.to_string());
        if !self.color {
            let mut plain = Vec::new();
            term::emit_to_io_write(&mut plain, &self.config, excerpt, diagnostic).map_err(failed)?;
            return Ok(plain);
        }
        let mut buffer = Buffer::ansi();
        let mut styled = StylesWriter::new(&mut buffer, &self.styles);
        term::emit_to_write_style(&mut styled, &self.config, excerpt, diagnostic).map_err(failed)?;
        Ok(buffer.into_inner())
    }

    /// Draws a picture that has no text to show: a file that could not be read or decoded. `place` is
    /// `path`, or `path:line:column`.
    ///
    /// # Errors
    /// Whatever the writer returns.
    pub fn draw_without_source(
        &self,
        picture: &Picture<'_>,
        place: Option<&str>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut buffer = if self.color { Buffer::ansi() } else { Buffer::no_color() };
        let level = severity(picture.level);
        buffer.set_color(self.styles.header(level))?;
        write!(buffer, "{}[{}]", picture.level.name(), picture.code)?;
        buffer.set_color(self.styles.header_message())?;
        write!(buffer, ": {}", self.plain(&glyphs::harmless(picture.title)))?;
        buffer.reset()?;
        writeln!(buffer)?;
        if let Some(place) = place {
            buffer.set_color(self.styles.source_border())?;
            write!(buffer, "  {}", self.config.chars.snippet_start)?;
            buffer.reset()?;
            writeln!(buffer, " {}", glyphs::harmless(place))?;
        }
        for note in &picture.notes {
            buffer.set_color(self.styles.note_bullet())?;
            write!(buffer, "  {}", self.config.chars.note_bullet)?;
            buffer.reset()?;
            writeln!(buffer, " {}", self.plain(note))?;
        }
        writeln!(buffer)?;
        out.write_all(buffer.as_slice())
    }
}

const fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Note,
    }
}
