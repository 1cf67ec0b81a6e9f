//! The four kinds of TOML string and the way back through their escapes.

use super::plain;
use crate::source::{Mapped, Span};

/// A string that was read.
pub(super) struct TomlString {
    /// The text and the way back.
    pub(super) mapped: Mapped,
    /// Between the quotes; of a multi-line string from the start of its first line of text.
    pub(super) inside: Span,
}

/// Reads the string `raw`, quotes included, which stands at byte `at` and whose value is `value`.
pub(super) fn read(raw: &str, value: &str, at: u32) -> TomlString {
    let (quotes, escapes) = match raw.as_bytes() {
        [b'"', b'"', b'"', ..] if raw.len() >= 6 => (3, true),
        [b'\'', b'\'', b'\'', ..] if raw.len() >= 6 => (3, false),
        [b'"', ..] => (1, true),
        [b'\'', ..] => (1, false),
        _ => (0, false),
    };
    let mut start = quotes;
    // A string that is never closed has been reported and still has its place.
    let closed = raw.len() >= 2 * quotes && raw.ends_with(raw.get(..quotes).unwrap_or(""));
    let end = if closed { raw.len() - quotes } else { raw.len() };
    if quotes == 3 {
        // A line end right after the opening quotes is not part of the text.
        let rest = raw.get(start..end).unwrap_or("");
        start += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    }
    let inside = Span::of(start, end).shift(at);
    let text = raw.get(start..end).unwrap_or("");
    let mapped = if escapes { basic(text, inside.start) } else { Some(plain::lines(text, inside.start)) };
    let same = |mapped: &Mapped| mapped.text == value || mapped.text == value.replace("\r\n", "\n");
    // The value is always the parser's: a string whose way back is not understood is one piece.
    let mapped = mapped.filter(same).unwrap_or_else(|| {
        let mut whole = Mapped::new();
        whole.escape(value, if inside.is_empty() { Span::new(at, at + 1) } else { inside });
        whole
    });
    TomlString { mapped, inside }
}

/// A text with backslash escapes; `None` when one of them is wrong.
fn basic(text: &str, at: u32) -> Option<Mapped> {
    let mut mapped = Mapped::new();
    let mut rest = text;
    loop {
        let start = text.len() - rest.len();
        let here = |len: usize| Span::of(start, start + len).shift(at);
        let Some(backslash) = rest.find('\\') else {
            mapped.append(plain::lines(rest, here(0).start));
            return Some(mapped);
        };
        if backslash > 0 {
            let (copied, after) = rest.split_at(backslash);
            mapped.append(plain::lines(copied, here(0).start));
            rest = after;
            continue;
        }
        let after = rest.get(1..)?;
        let joined = after.trim_start_matches([' ', '\t']);
        if joined.starts_with('\n') || joined.starts_with("\r\n") {
            rest = after.trim_start_matches([' ', '\t', '\n', '\r']);
            continue;
        }
        let (character, len) = escape(after)?;
        mapped.escape(character.encode_utf8(&mut [0; 4]), here(1 + len));
        rest = after.get(len..)?;
    }
}

/// The character that the escape after a backslash means, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    let code = |digits: usize| {
        let hex = text.get(1..=digits)?;
        Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, 1 + digits))
    };
    let simple = match text.chars().next()? {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        '"' => '"',
        '\\' => '\\',
        'x' => return code(2),
        'u' => return code(4),
        'U' => return code(8),
        _ => return None,
    };
    Some((simple, 1))
}
