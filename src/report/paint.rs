//! One diagnostic on a terminal, rendered by codespan-reporting.

use super::excerpt::{Excerpt, HEAD_LINES};
use super::glyphs;
use crate::finding::Level;
use crate::source::{Source, Span};
use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::term::termcolor::{Buffer, WriteColor};
use codespan_reporting::term::{self, Config, Styles, StylesWriter};
use std::io::{self, Write};

/// Columns codespan uses for line number, border and blanks, generously.
const GUTTER: usize = 12;

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
}

impl Painter {
    /// A painter for `width` columns, with or without escape codes.
    pub fn new(color: bool, width: usize) -> Self {
        let config = Config { start_context_lines: HEAD_LINES, end_context_lines: 1, ..Config::default() };
        let styles = if color { Styles::default() } else { Styles::no_color() };
        Self { config, styles, color, width: width.saturating_sub(GUTTER) }
    }

    /// Draws `picture` over the text of `source`, followed by a blank line.
    ///
    /// # Errors
    /// Whatever the writer returns.
    pub fn draw(&self, picture: &Picture<'_>, source: &Source, out: &mut dyn Write) -> io::Result<()> {
        let spans: Vec<Span> = picture.labels.iter().map(|(span, _)| *span).collect();
        let excerpt = Excerpt::of(source, &spans, self.width);
        let mut labels = Vec::new();
        for (number, (mark, (_, text))) in excerpt.marks.iter().zip(&picture.labels).enumerate() {
            let label = if number == 0 {
                Label::primary((), mark.clone())
            } else {
                Label::secondary((), mark.clone())
            };
            labels.push(label.with_message(glyphs::harmless(text)));
        }
        let diagnostic = Diagnostic::new(severity(picture.level))
            .with_code(picture.code)
            .with_message(glyphs::harmless(picture.title))
            .with_labels(labels)
            .with_notes(picture.notes.clone());
        let rendered = self.render(&diagnostic, &excerpt)?;
        let text = String::from_utf8_lossy(&rendered);
        let text = excerpt.restore(&text);
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
        write!(buffer, ": {}", glyphs::harmless(picture.title))?;
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
            writeln!(buffer, " {note}")?;
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
