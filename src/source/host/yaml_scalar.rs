//! The way back through YAML's five scalar styles.
//!
//! The parser has the value; here it is laid beside its raw text, piece by piece: what is equal is copied,
//! what differs (an escape, a folded line break) is an escape. Every piece is compared with the value, and a
//! difference that is not understood gives `None`, never a wrong map.

use crate::source::{Mapped, Span};
use std::ops::Range;

/// How a flow scalar is quoted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Not at all.
    None,
    /// `''` is an apostrophe.
    Single,
    /// Backslash escapes.
    Double,
}

/// The map of a plain or quoted scalar; `raw` is what stands between its quotes, from byte `at` on.
pub(super) fn flow(value: &str, raw: &str, at: u32, quotes: Quotes) -> Option<Mapped> {
    let mut pair = Pair { value, raw, at, value_at: 0, raw_at: 0, mapped: Mapped::new() };
    while let Some(byte) = raw.as_bytes().get(pair.raw_at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                let (end, breaks) = white(raw, pair.raw_at);
                match breaks.as_slice() {
                    [] => pair.copy(end)?,
                    [one] => pair.emit(" ", one.clone())?,
                    [first, second, rest @ ..] => {
                        pair.emit("\n", first.start..second.end)?;
                        rest.iter().try_for_each(|one| pair.emit("\n", one.clone()))?;
                    }
                }
                pair.raw_at = end;
            }
            b'\'' if quotes == Quotes::Single => pair.spell(2)?,
            b'\\' if quotes == Quotes::Double => {
                let next = pair.raw_at + 1;
                let (end, breaks) = white(raw, next);
                match breaks.split_first() {
                    // An escaped line break leaves nothing, each blank line after it a line end.
                    Some((first, rest)) if first.start == next => {
                        rest.iter().try_for_each(|one| pair.emit("\n", one.clone()))?;
                        pair.raw_at = end;
                    }
                    _ => pair.spell(escape_len(raw.get(pair.raw_at..).unwrap_or("")))?,
                }
            }
            _ => {
                let special = |byte: &u8| match byte {
                    b' ' | b'\t' | b'\n' | b'\r' => true,
                    b'\'' => quotes == Quotes::Single,
                    b'\\' => quotes == Quotes::Double,
                    _ => false,
                };
                let rest = raw.as_bytes().get(pair.raw_at..).unwrap_or(&[]);
                pair.copy(pair.raw_at + rest.iter().position(special).unwrap_or(rest.len()))?;
            }
        }
    }
    pair.done()
}

/// The map of a literal or folded block scalar whose first text character is byte `first` of `text`;
/// `base` is where `text` stands in its source.
pub(super) fn block(value: &str, text: &str, first: usize, base: u32) -> Option<Mapped> {
    let leading = value.len() - value.trim_start_matches('\n').len();
    let head = text.get(..first)?;
    let line = head.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    // What the first line is indented by beyond its own text belongs to no line.
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let indent = spaces(text.get(line..)?).checked_sub(spaces(value.get(leading..)?))?;
    let mut pair = Pair { value, raw: text, at: base, value_at: 0, raw_at: line, mapped: Mapped::new() };
    for blank in breaks_before(text, line, leading)? {
        pair.emit("\n", blank)?;
    }
    while pair.value_at < value.len() {
        let end = pair.raw_at + line_len(text.get(pair.raw_at..)?);
        pair.raw_at = (pair.raw_at + indent).min(end);
        pair.copy(end)?;
        let breaks = pair.blank_lines(indent);
        let kept = pair.value_rest().len() - pair.value_rest().trim_start_matches('\n').len();
        let trailing = kept == pair.value_rest().len();
        match breaks.as_slice() {
            _ if kept == 0 && trailing => break,
            [one] if kept == 0 => pair.emit(" ", one.clone())?,
            // A folded break takes the first of several line ends with it.
            [first, second, rest @ ..] if kept + 1 == breaks.len() && !trailing => {
                pair.emit("\n", first.start..second.end)?;
                rest.iter().try_for_each(|one| pair.emit("\n", one.clone()))?;
            }
            _ if kept <= breaks.len() && kept > 0 => {
                breaks.iter().take(kept).try_for_each(|one| pair.emit("\n", one.clone()))?;
            }
            _ => return None,
        }
    }
    pair.done()
}

/// A value, its raw text, and how far both have been laid beside each other.
struct Pair<'t> {
    value: &'t str,
    raw: &'t str,
    /// Where `raw` stands in its source.
    at: u32,
    value_at: usize,
    raw_at: usize,
    mapped: Mapped,
}

impl Pair<'_> {
    fn value_rest(&self) -> &str {
        self.value.get(self.value_at..).unwrap_or("")
    }

    /// The raw text up to `end` stands in the value as it is.
    fn copy(&mut self, end: usize) -> Option<()> {
        let same = self.raw.get(self.raw_at..end)?;
        self.value_rest().starts_with(same).then_some(())?;
        self.mapped.copy(same, Span::of(self.raw_at, end).shift(self.at).start);
        self.value_at += same.len();
        self.raw_at = end;
        Some(())
    }

    /// The next character of the value is spelled by the next `len` raw bytes.
    fn spell(&mut self, len: usize) -> Option<()> {
        let character = self.value_rest().chars().next()?;
        let raw = self.raw_at..self.raw_at + len;
        self.raw.get(raw.clone())?;
        self.raw_at = raw.end;
        self.emit(character.encode_utf8(&mut [0; 4]), raw)
    }

    /// The value goes on with `text`, which stands for the raw bytes `raw`.
    fn emit(&mut self, text: &str, raw: Range<usize>) -> Option<()> {
        self.value_rest().starts_with(text).then_some(())?;
        let source = Span::of(raw.start, raw.end).shift(self.at);
        if self.raw.get(raw)? == text {
            self.mapped.copy(text, source.start);
        } else {
            self.mapped.escape(text, source);
        }
        self.value_at += text.len();
        Some(())
    }

    /// The line end that stands here and those of the blank lines after it, all taken.
    fn blank_lines(&mut self, indent: usize) -> Vec<Range<usize>> {
        let mut breaks = Vec::new();
        loop {
            let rest = self.raw.get(self.raw_at..).unwrap_or("");
            let len = break_len(rest);
            if len == 0 {
                return breaks;
            }
            breaks.push(self.raw_at..self.raw_at + len);
            self.raw_at += len;
            let rest = rest.get(len..).unwrap_or("");
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            if spaces > indent || break_len(rest.get(spaces..).unwrap_or("")) == 0 {
                return breaks;
            }
            self.raw_at += spaces;
        }
    }

    fn done(self) -> Option<Mapped> {
        (self.value_at == self.value.len()).then_some(self.mapped)
    }
}

/// The white space from `start` on: where it ends, and the line ends in it.
fn white(raw: &str, start: usize) -> (usize, Vec<Range<usize>>) {
    let mut breaks = Vec::new();
    let mut at = start;
    loop {
        let rest = raw.get(at..).unwrap_or("");
        let len = break_len(rest);
        if len > 0 {
            breaks.push(at..at + len);
            at += len;
        } else if rest.starts_with([' ', '\t']) {
            at += 1;
        } else {
            return (at, breaks);
        }
    }
}

/// The last `count` line ends of blank lines before byte `line`, in order.
fn breaks_before(text: &str, line: usize, count: usize) -> Option<Vec<Range<usize>>> {
    let mut breaks = Vec::with_capacity(count);
    let mut end = line;
    for _ in 0..count {
        let head = text.get(..end)?;
        let len = if head.ends_with("\r\n") { 2 } else { 1 };
        breaks.push(end.checked_sub(len)?..end);
        end = head.get(..end - len)?.trim_end_matches(' ').len();
    }
    breaks.reverse();
    Some(breaks)
}

/// Length of the line end at the start of `text`; 0 when none stands there.
fn break_len(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    }
}

/// Length of the first line of `text` without its line end.
fn line_len(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// Length in bytes of the double-quoted escape at the start of `text`.
fn escape_len(text: &str) -> usize {
    let Some(kind) = text.chars().nth(1) else { return 1 };
    match kind {
        'x' => 4,
        'u' if text.get(2..4).is_some_and(is_high) && text.get(6..8) == Some("\\u") => 12,
        'u' => 6,
        'U' => 10,
        _ => 1 + kind.len_utf8(),
    }
}

/// Whether a `\u` escape that starts with these two digits is the first half of a surrogate pair.
fn is_high(digits: &str) -> bool {
    u8::from_str_radix(digits, 16).is_ok_and(|byte| (0xd8..=0xdb).contains(&byte))
}
