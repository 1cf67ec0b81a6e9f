//! Positions of the protocol (lines and units from 0) and bytes of a text.
//!
//! Lines and columns are counted by [`LineIndex`] alone; here only the unit is chosen that the editor asked for.

use crate::source::{LineIndex, Span};
use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// The unit of `character` in positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Unit {
    /// Bytes.
    Utf8,
    /// What every client understands.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Unit {
    /// The cheapest of those that a client offers: none needs counting but bytes.
    pub(super) fn choose<'o>(offered: impl Iterator<Item = &'o str> + Clone) -> Self {
        let offers = |name: &str| offered.clone().any(|offered| offered == name);
        match () {
            () if offers("utf-8") => Self::Utf8,
            () if offers("utf-32") => Self::Utf32,
            () => Self::Utf16,
        }
    }

    /// Its name in the protocol.
    pub(super) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    const fn of(self, c: char) -> u32 {
        match self {
            Self::Utf8 => c.len_utf8() as u32,
            Self::Utf16 => c.len_utf16() as u32,
            Self::Utf32 => 1,
        }
    }
}

/// A text with its lines, as the editor counts in it.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) lines: &'a LineIndex,
    pub(super) unit: Unit,
    /// Whether the editor holds the text itself: then a byte order mark in it counts like any character. From a
    /// file that it opens, it takes the mark away.
    pub(super) held: bool,
}

impl Text<'_> {
    /// Units that a byte order mark takes in the first line, beyond what the index counts.
    fn mark(self) -> u32 {
        let mark = self.text.chars().next().filter(|c| *c == '\u{feff}' && self.held);
        mark.map_or(0, |mark| self.unit.of(mark))
    }

    /// The position of byte `byte`.
    pub(super) fn position(self, byte: u32) -> Position {
        // There is no place inside a line break.
        let around = self.text.as_bytes().get((byte as usize).saturating_sub(1)..=byte as usize);
        let byte = if around == Some(b"\r\n") { byte - 1 } else { byte };
        if byte == 0 {
            return Position { line: 0, character: 0 };
        }
        let found = self.lines.position(self.text, byte);
        let column = match self.unit {
            Unit::Utf8 => found.column_utf8,
            Unit::Utf16 => found.column_utf16,
            Unit::Utf32 => found.column,
        };
        let mark = if found.line == 1 { self.mark() } else { 0 };
        Position { line: found.line.saturating_sub(1), character: column.saturating_sub(1) + mark }
    }

    /// The range of `span`.
    pub(super) fn range(self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The byte at `position`. One behind the end of its line is the end of the line, before its line break; one
    /// inside a character is its start.
    pub(super) fn byte(self, position: Position) -> u32 {
        let end = Span::of(self.text.len(), self.text.len()).start;
        let line = position.line as usize;
        if line >= self.lines.count() {
            return end;
        }
        let start = self.lines.start_of(line, self.text);
        let next = self.lines.start_of(line + 1, self.text);
        let rest = Span::new(start, next.max(start)).of_text(self.text).trim_end_matches(['\r', '\n']);
        let mut left = position.character;
        if line == 0 {
            let mark = self.mark();
            if mark > 0 && left < mark {
                return 0;
            }
            left -= mark;
        }
        let mut at = start;
        for c in rest.chars() {
            let units = self.unit.of(c);
            if left < units {
                break;
            }
            left -= units;
            at += Unit::Utf8.of(c);
        }
        at
    }

    /// The bytes of `range`; one whose end stands before its start is empty.
    pub(super) fn span(self, range: Range) -> Span {
        let start = self.byte(range.start);
        Span::new(start, self.byte(range.end).max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_leads_back_in_every_unit() {
        for (text, held) in
            [("中文😀 a\r\n𠮷b\rc\n\n末", true), ("\u{feff}ab\n中", true), ("\u{feff}ab\n中", false)]
        {
            let lines = LineIndex::new(text);
            for unit in [Unit::Utf8, Unit::Utf16, Unit::Utf32] {
                let view = Text { text, lines: &lines, unit, held };
                for (at, c) in text.char_indices().chain([(text.len(), 'x')]) {
                    // Inside a line break there is no place, and a mark that the editor took away has none.
                    if c == '\n' && text[..at].ends_with('\r') || (c == '\u{feff}' && !held) {
                        continue;
                    }
                    let at = u32::try_from(at).unwrap();
                    assert_eq!(view.byte(view.position(at)), at, "{unit:?} {text:?} {:?}", view.position(at));
                }
            }
        }
    }

    #[test]
    fn places_out_of_range_are_the_nearest() {
        let text = "中😀\r\nb";
        let lines = LineIndex::new(text);
        let view = Text { text, lines: &lines, unit: Unit::Utf16, held: true };
        let byte = |line, character| view.byte(Position { line, character });
        assert_eq!((byte(0, 2), byte(0, 3), byte(0, 99), byte(7, 0)), (3, 7, 7, 10));
        assert_eq!(view.position(8), Position { line: 0, character: 3 });
        assert_eq!((byte(1, u32::MAX), byte(u32::MAX, u32::MAX)), (10, 10));
    }
}
