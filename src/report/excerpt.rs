//! The few lines a diagnostic shows, cut to fit: a virtual file that codespan-reporting reads.
//!
//! Begin at [`Excerpt::of`]. A source line may be megabytes long (a minified catalogue), and codespan
//! walks the whole of every line it shows, so only a window around the marks is handed over. Line numbers
//! and the column of the head stay those of the real file.

use super::glyphs::{self, Glyphs};
use crate::source::{Position, Source, Span};
use codespan_reporting::files::{Error, Files, Location};
use std::ops::Range;

/// Lines of a longer mark that are shown after its first line; codespan is told the same number.
pub const HEAD_LINES: usize = 3;
/// Columns of context that are kept beside a mark that does not fit on a line.
const CONTEXT: usize = 12;
/// Marks beyond the first that are looked at.
const MOST_MARKS: usize = 16;

/// The lines around some marks of a source.
pub struct Excerpt<'s> {
    name: String,
    text: String,
    lines: Vec<Line>,
    locus: Position,
    glyphs: Glyphs,
    cut: char,
    source: &'s Source,
    /// The marks, in the order given, as ranges of the excerpt.
    pub marks: Vec<Range<usize>>,
}

struct Line {
    /// Index in the source; `None` for the filling that makes codespan draw a break.
    index: Option<usize>,
    range: Range<usize>,
    anchors: Vec<(usize, usize)>,
}

impl<'s> Excerpt<'s> {
    /// The excerpt for `spans`, the first of which is the primary one, in `width` columns.
    pub fn of(source: &'s Source, spans: &[Span], width: usize) -> Self {
        Self::cut_by(source, spans, width, '…')
    }

    /// The same, with `cut` where a line is cut.
    pub fn cut_by(source: &'s Source, spans: &[Span], width: usize, cut: char) -> Self {
        let spans: Vec<Span> = spans.iter().take(MOST_MARKS).map(|s| clamped(source, *s)).collect();
        let primary = spans.first().copied().unwrap_or_default();
        let mut excerpt = Self {
            name: glyphs::harmless(&source.path).into_owned(),
            text: String::new(),
            lines: Vec::new(),
            locus: source.lines().position(&source.text, primary.start),
            glyphs: Glyphs::default(),
            cut,
            source,
            marks: Vec::new(),
        };
        let shown = shown_lines(source, &spans);
        let mut previous: Option<usize> = None;
        for index in shown {
            if previous.is_some_and(|p| index > p + 1) {
                excerpt.push_filling();
            }
            excerpt.push_line(index, &spans, width.max(20));
            previous = Some(index);
        }
        excerpt.marks = spans.iter().map(|span| excerpt.mark(*span)).collect();
        excerpt
    }

    /// `text`, as codespan rendered it, with what stood in for joined emoji put back.
    pub fn restore<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        self.glyphs.restore(text)
    }

    /// Two lines that are never shown: codespan shows a single skipped line, and a break for more.
    fn push_filling(&mut self) {
        for _ in 0..2 {
            let at = self.text.len();
            self.text.push('\n');
            self.lines.push(Line { index: None, range: at..at, anchors: vec![(0, at)] });
        }
    }

    fn push_line(&mut self, index: usize, spans: &[Span], width: usize) {
        let range = line_range(self.source, index);
        let line = self.source.text.get(range.clone()).unwrap_or("");
        let marks: Vec<Range<usize>> = spans.iter().filter_map(|span| part_on_line(*span, &range)).collect();
        let kept = window(line, &marks, width);
        let start = self.text.len();
        let mut anchors = Vec::new();
        let mut done = 0;
        for part in kept {
            if part.start > done {
                anchors.push((range.start + done, self.text.len()));
                self.text.push(self.cut);
            }
            let piece = line.get(part.clone()).unwrap_or("");
            self.glyphs.push(piece, range.start + part.start, &mut self.text, &mut anchors);
            done = part.end;
        }
        if done < line.len() {
            anchors.push((range.start + done, self.text.len()));
            self.text.push(self.cut);
        }
        anchors.push((range.end, self.text.len()));
        self.lines.push(Line { index: Some(index), range: start..self.text.len(), anchors });
        self.text.push('\n');
    }

    /// Where `span` lies in the excerpt.
    fn mark(&self, span: Span) -> Range<usize> {
        let start = self.place(span.start as usize, false);
        let end = self.place(span.end as usize, true).max(start);
        let shown = self.text.get(start..end).unwrap_or("");
        if shown.chars().any(|c| glyphs::columns(c) > 0) {
            return start..end;
        }
        // A mark without width (a combining mark, an empty span) takes in the character before it.
        let before = self.text.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let seen = |(_, c): &(usize, char)| glyphs::columns(*c) > 0;
        match before.char_indices().rev().find(seen) {
            Some((at, _)) if !span.is_empty() && at >= line_start => at..end,
            _ => start..end,
        }
    }

    fn place(&self, byte: usize, is_end: bool) -> usize {
        let index = self.source.lines().line_of(u32::try_from(byte).unwrap_or(u32::MAX));
        let line = self.lines.iter().find(|line| line.index == Some(index)).or(self.lines.last());
        let Some(line) = line else { return 0 };
        let anchor = if is_end {
            line.anchors.get(line.anchors.partition_point(|(from, _)| *from < byte))
        } else {
            line.anchors.get(line.anchors.partition_point(|(from, _)| *from <= byte).saturating_sub(1))
        };
        anchor.map_or(line.range.end, |(_, to)| *to)
    }
}

/// `span` inside the text, on character borders, not reaching into the line end it stops at.
fn clamped(source: &Source, span: Span) -> Span {
    let text = &source.text;
    let border = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = border(span.start);
    let end = border(span.end).max(start);
    let marked = text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
    if marked.is_empty() && end > start {
        // Only line ends are marked: the place is the end of the line they end.
        let line = line_range(source, source.lines().line_of(Span::of(start, end).start));
        let at = start.min(line.end);
        return Span::of(at, at);
    }
    Span::of(start, start + marked.len())
}

/// Indexes of the lines to show: both ends of every mark, and the first lines inside it.
fn shown_lines(source: &Source, spans: &[Span]) -> Vec<usize> {
    let mut shown = Vec::new();
    for span in spans {
        let first = source.lines().line_of(span.start);
        let last = source.lines().line_of(span.end);
        shown.extend(first..=last.min(first + HEAD_LINES));
        shown.extend(last.saturating_sub(1).max(first)..=last);
    }
    shown.sort_unstable();
    shown.dedup();
    shown
}

/// The line without its line end, as bytes of the text.
fn line_range(source: &Source, index: usize) -> Range<usize> {
    let text = &source.text;
    let start = source.lines().start_of(index, text) as usize;
    let end = (source.lines().start_of(index + 1, text) as usize).max(start);
    let line = text.get(start..end).unwrap_or("");
    let bare = line.strip_suffix('\n').unwrap_or(line);
    let bare = bare.strip_suffix('\r').unwrap_or(bare);
    start..start + bare.len()
}

/// The part of a mark that must be seen on a line, as a range of the line: the whole mark, or the end
/// that a mark of several lines has there.
fn part_on_line(span: Span, line: &Range<usize>) -> Option<Range<usize>> {
    let mark = span.range();
    let holds = |at: usize| (line.start..=line.end).contains(&at);
    match (holds(mark.start), holds(mark.end)) {
        (true, true) => Some(mark.start - line.start..mark.end - line.start),
        (true, false) => Some(mark.start - line.start..mark.start - line.start),
        (false, true) => Some(mark.end - line.start..mark.end - line.start),
        (false, false) => None,
    }
}

/// The parts of `line` to keep, in order, so that about `width` columns show all of `marks`.
#[expect(clippy::single_range_in_vec_init, reason = "a list of one range is meant")]
fn window(line: &str, marks: &[Range<usize>], width: usize) -> Vec<Range<usize>> {
    if forward(line, 0, width) == line.len() {
        return vec![0..line.len()];
    }
    let Some(start) = marks.iter().map(|m| m.start).min() else {
        return vec![0..forward(line, 0, width - 1)];
    };
    let end = marks.iter().map(|m| m.end).max().unwrap_or(start);
    // Two columns go to the signs of the cuts.
    if forward(line, start, width - 2) >= end {
        let used = line.get(start..end).map_or(0, |hull| hull.chars().map(glyphs::columns).sum());
        let spare = (width - 2).saturating_sub(used);
        let to = forward(line, end, spare - spare / 2);
        let right: usize = line.get(end..to).map_or(0, |part| part.chars().map(glyphs::columns).sum());
        let from = backward(line, start, spare.saturating_sub(right));
        let left: usize = line.get(from..start).map_or(0, |part| part.chars().map(glyphs::columns).sum());
        return vec![from..forward(line, end, spare.saturating_sub(left))];
    }
    let mut parts: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        let head = forward(line, mark.start, width / 3).min(mark.end);
        let tail = backward(line, mark.end, width / 4).max(mark.start);
        parts.push(backward(line, mark.start, CONTEXT)..head);
        parts.push(tail..forward(line, mark.end, CONTEXT));
    }
    merged(parts)
}

fn merged(mut parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    parts.sort_unstable_by_key(|part| (part.start, part.end));
    let mut whole: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match whole.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => whole.push(part),
        }
    }
    whole
}

/// The byte `columns` columns after `from`, or the end. Looks at a bounded number of characters, however
/// many of them have no width.
fn forward(line: &str, from: usize, columns: usize) -> usize {
    let mut used = 0;
    for (seen, (at, character)) in line.get(from..).unwrap_or("").char_indices().enumerate() {
        used += glyphs::columns(character);
        if used > columns || seen > columns * 4 {
            return from + at;
        }
    }
    line.len()
}

/// The byte `columns` columns before `from`, or the start.
fn backward(line: &str, from: usize, columns: usize) -> usize {
    let mut used = 0;
    for (seen, (at, character)) in line.get(..from).unwrap_or("").char_indices().rev().enumerate() {
        used += glyphs::columns(character);
        if used > columns || seen > columns * 4 {
            return at + character.len_utf8();
        }
    }
    0
}

impl<'a> Files<'a> for Excerpt<'_> {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), byte_index: usize) -> Result<usize, Error> {
        Ok(self.lines.partition_point(|line| line.range.start <= byte_index).saturating_sub(1))
    }

    fn line_number(&'a self, (): (), line_index: usize) -> Result<usize, Error> {
        // Only lines of the source are ever shown; the filling takes the number before it.
        let shown = self.lines.get(..=line_index).unwrap_or(&[]);
        Ok(shown.iter().rev().find_map(|line| line.index).unwrap_or(0) + 1)
    }

    fn line_range(&'a self, (): (), line_index: usize) -> Result<Range<usize>, Error> {
        let line = self.lines.get(line_index);
        line.map(|line| line.range.clone())
            .ok_or(Error::LineTooLarge { given: line_index, max: self.lines.len() })
    }

    /// The head always names the primary mark, wherever the window begins.
    fn location(&'a self, (): (), _byte_index: usize) -> Result<Location, Error> {
        Ok(Location { line_number: self.locus.line as usize, column_number: self.locus.column as usize })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_the_mark_and_both_cuts() {
        let line = format!("{}MARK{}", "a".repeat(5000), "b".repeat(5000));
        let source = Source::from_text("a.txt", line);
        let excerpt = Excerpt::of(&source, &[Span::new(5000, 5004)], 40);
        assert_eq!(excerpt.text.get(excerpt.marks[0].clone()), Some("MARK"));
        assert!(excerpt.text.starts_with('…') && excerpt.text.trim_end().ends_with('…'));
        assert!(excerpt.text.chars().count() <= 41, "{}", excerpt.text);
        assert_eq!(excerpt.locus.column, 5001);
    }

    #[test]
    fn a_mark_longer_than_the_line_keeps_both_ends() {
        let source = Source::from_text("a.txt", format!("x{}y", "长".repeat(4000)));
        let end = u32::try_from(source.text.len()).unwrap() - 1;
        let excerpt = Excerpt::of(&source, &[Span::new(1, end)], 60);
        let shown = excerpt.text.get(excerpt.marks[0].clone()).unwrap();
        assert!(shown.starts_with('长') && shown.ends_with('长') && shown.contains('…'), "{shown}");
    }

    #[test]
    fn no_span_can_break_it() {
        let text = "\u{feff}一二\r\n三👨‍👩‍👧四\r\n\ne\u{301}\u{200b}";
        let source = Source::from_text("a.txt", text.to_owned());
        let length = u32::try_from(text.len()).unwrap();
        for start in 0..=length + 2 {
            for end in start..=length + 2 {
                let excerpt = Excerpt::of(&source, &[Span::new(start, end), Span::new(0, 3)], 30);
                for mark in &excerpt.marks {
                    assert!(excerpt.text.get(mark.clone()).is_some(), "{start}..{end}");
                }
            }
        }
    }
}
