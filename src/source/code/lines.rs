//! The lines of literals that run over several: line ends, and the indentation that is no part of the text.
//!
//! What is left out of a text is left out of its map too, so that places stay exact.

use crate::source::{Mapped, Span};
use std::ops::Range;

/// What indents a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Margin {
    /// Nothing.
    None,
    /// Java: what all lines share, the closing quotes' line too; blanks at line ends go as well.
    Block,
    /// C#: what stands before the closing quotes, whose line is no part of the text.
    Closing,
    /// This many bytes of blanks (PHP).
    Columns(usize),
    /// Kotlin's `trimIndent`: what all lines with text share; blank first and last lines go.
    Shared,
    /// Kotlin's `trimMargin`: blanks up to a `|`; blank first and last lines go.
    Bar,
    /// Python's `dedent`: what all lines with text share.
    Dedent,
    /// Blanks and line ends around the text (`trim`, `strip`).
    Around,
}

/// Appends `range` of `source`, with each CRLF as one newline of two bytes.
pub(super) fn copy(mapped: &mut Mapped, source: &str, range: Range<usize>, base: u32) {
    let text = source.get(range.clone()).unwrap_or("");
    let mut run = 0;
    for (at, _) in text.match_indices("\r\n") {
        mapped.copy(text.get(run..at).unwrap_or(""), Span::of(range.start + run, 0).start + base);
        mapped.escape("\n", Span::of(range.start + at, range.start + at + 2).shift(base));
        run = at + 2;
    }
    mapped.copy(text.get(run..).unwrap_or(""), Span::of(range.start + run, 0).start + base);
}

impl Margin {
    /// `mapped` without its indentation.
    pub(super) fn apply(self, mapped: Mapped) -> Mapped {
        if self == Self::None {
            return mapped;
        }
        let kept = self.kept(&mapped.text);
        let mut next = Mapped::new();
        for range in kept {
            let part = mapped.text.get(range.clone()).unwrap_or("");
            next.copy(part, Span::of(range.start, range.end).start);
        }
        mapped.then(next)
    }

    /// What is kept of `text`.
    fn kept(self, text: &str) -> Vec<Range<usize>> {
        if self == Self::Around {
            let start = text.len() - text.trim_start().len();
            return std::iter::once(start..text.trim_end().len().max(start)).collect();
        }
        let mut lines: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            lines.push(at..at + line.len());
            at += line.len();
        }
        if text.ends_with('\n') || text.is_empty() {
            lines.push(at..at);
        }
        let cut = self.shared(text, &lines);
        let without_end = |line: &str| line.strip_suffix('\n').map_or(line.len(), str::len);
        let drops_edges = matches!(self, Self::Shared | Self::Bar);
        let last = lines.len().saturating_sub(1);
        let mut kept: Vec<Range<usize>> = Vec::new();
        for (i, line) in lines.into_iter().enumerate() {
            let content = text.get(line.clone()).unwrap_or("");
            let blank = content.trim().is_empty();
            if (drops_edges && blank && (i == 0 || i == last)) || (self == Self::Closing && i == last) {
                continue;
            }
            let end = without_end(content);
            let body = content.get(..end).unwrap_or("");
            let start = match self {
                Self::Bar => {
                    let inner = body.trim_start();
                    inner.strip_prefix('|').map_or(0, |rest| body.len() - rest.len())
                }
                _ => cut.min(body.len() - body.trim_start_matches([' ', '\t']).len()),
            };
            let stop = if self == Self::Block { body.trim_end().len().max(start) } else { end };
            kept.push(line.start + start..line.start + stop);
            kept.push(line.start + end..line.end);
        }
        // The line end before a closing line that is left out is no part of the text.
        if (drops_edges || self == Self::Closing)
            && kept.last().is_some_and(|end| text.get(end.clone()) == Some("\n"))
        {
            let whole_last = text.get(kept.last().map_or(0, |end| end.end)..).unwrap_or("");
            if self == Self::Closing || whole_last.trim().is_empty() {
                kept.pop();
            }
        }
        kept
    }

    /// How many bytes of blanks all lines share.
    fn shared(self, text: &str, lines: &[Range<usize>]) -> usize {
        let content = |line: &Range<usize>| text.get(line.clone()).unwrap_or("");
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        match self {
            Self::Columns(columns) => columns,
            Self::Closing => lines.last().map_or(0, |line| indent(content(line))),
            _ => {
                let last = lines.len().saturating_sub(1);
                let counted = lines.iter().enumerate().filter(|(i, line)| {
                    !content(line).trim().is_empty() || (self == Self::Block && *i == last)
                });
                counted.map(|(_, line)| indent(content(line))).min().unwrap_or(0)
            }
        }
    }
}
