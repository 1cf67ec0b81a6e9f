//! The escapes of string literals, language by language.
//!
//! Begin at [`unescape`]. It works on the raw inside of a literal, which is already mapped; expressions inside it
//! are left alone.

use super::hole;
use crate::source::{Mapped, Span};

/// Which escapes a literal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// None.
    Raw,
    /// Java strings and text blocks.
    Java,
    /// Kotlin strings: `\$`, and `$name` is an expression.
    Kotlin,
    /// Kotlin strings between three quotes: only `$name`.
    KotlinRaw,
    /// JavaScript and TypeScript, all three quotes.
    Script,
    /// Python.
    Python,
    /// Python before whose quote stands an `f`: `{{` and `}}` too.
    PythonFormat,
    /// Go between double quotes; `\xE4` is a byte.
    Go,
    /// PHP between single quotes.
    PhpSingle,
    /// PHP between double quotes; `\xE4` is a byte.
    PhpDouble,
    /// PHP heredocs, where a quote needs no escape and has none.
    PhpHeredoc,
    /// C#.
    CSharp,
    /// C# before whose quote stands a `$`: `{{` and `}}` too.
    CSharpFormat,
    /// C# before whose quote stands an `@`: `""`.
    Verbatim,
    /// C# with both: `""`, `{{` and `}}`.
    VerbatimFormat,
}

/// What an escape stands for.
enum Meaning {
    /// This text.
    Text(String),
    /// One byte of a UTF-8 text.
    Byte(u8),
    /// Half a character beyond U+FFFF.
    High(u32),
    /// No escape: the characters themselves.
    Itself,
    /// An escape that cannot be read.
    Unknown,
    /// An expression.
    Name,
}

/// What was unescaped, and the places of escapes that could not be read, where the raw literal's map leads.
pub(super) struct Unescaped {
    pub(super) mapped: Mapped,
    pub(super) bad: Vec<Span>,
}

/// Undoes the escapes of `raw`. The result's map leads where `raw`'s does.
pub(super) fn unescape(raw: &Mapped, escapes: Escapes) -> Unescaped {
    if escapes == Escapes::Raw {
        return Unescaped { mapped: raw.clone(), bad: Vec::new() };
    }
    let text = raw.text.as_str();
    let mut next = Mapped::new();
    let mut bad = Vec::new();
    let mut holes = raw.holes().peekable();
    let (mut at, mut run) = (0, 0);
    while at < text.len() {
        if let Some(hole) = holes.next_if(|hole| hole.range().start <= at) {
            at = at.max(hole.range().end);
            continue;
        }
        let stop = holes.peek().map_or(text.len(), |hole| hole.range().start);
        let rest = text.get(at..stop).unwrap_or("");
        let Some(found) = escapes.find(rest) else {
            at = stop.max(at + 1);
            continue;
        };
        at += found;
        let (meaning, len) = escapes.read(text.get(at..stop).unwrap_or(""));
        if let Meaning::Itself = meaning {
            at += len;
            continue;
        }
        next.copy(text.get(run..at).unwrap_or(""), Span::of(run, at).start);
        let place = Span::of(at, at + len);
        at += len;
        match meaning {
            Meaning::Text(decoded) => next.escape(&decoded, place),
            Meaning::Byte(byte) => at = bytes(text, stop, byte, place, &mut next, &mut bad, escapes),
            Meaning::High(high) => at = pair(text, stop, high, place, &mut next, &mut bad, escapes),
            Meaning::Name => {
                next.hole(&hole(place.of_text(text).get(1..).unwrap_or("")), place);
            }
            Meaning::Unknown | Meaning::Itself => {
                bad.push(place);
                next.escape("\u{fffd}", place);
            }
        }
        run = at;
    }
    next.copy(text.get(run..).unwrap_or(""), Span::of(run, run).start);
    Unescaped { mapped: raw.then(next), bad: bad.into_iter().map(|place| raw.cover(place)).collect() }
}

/// Bytes that are escaped one by one and spell UTF-8 together. Returns where reading goes on.
fn bytes(
    text: &str,
    stop: usize,
    first: u8,
    place: Span,
    next: &mut Mapped,
    bad: &mut Vec<Span>,
    escapes: Escapes,
) -> usize {
    let wanted = match first {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    let mut read = vec![first];
    let mut at = place.range().end;
    while read.len() < wanted {
        match escapes.read(text.get(at..stop).unwrap_or("")) {
            (Meaning::Byte(byte), len) => {
                read.push(byte);
                at += len;
            }
            _ => break,
        }
    }
    let place = Span::of(place.range().start, at);
    let decoded = String::from_utf8(read).unwrap_or_else(|_| {
        bad.push(place);
        "\u{fffd}".to_owned()
    });
    next.escape(&decoded, place);
    at
}

/// A pair of escapes that spell one character. Returns where reading goes on.
fn pair(
    text: &str,
    stop: usize,
    high: u32,
    place: Span,
    next: &mut Mapped,
    bad: &mut Vec<Span>,
    escapes: Escapes,
) -> usize {
    let at = place.range().end;
    let (low, len) = units(text.get(at..stop).unwrap_or(""), escapes);
    let whole = (0xdc00..0xe000).contains(&low).then(|| 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
    match whole.and_then(char::from_u32) {
        Some(character) => {
            let end = at + len;
            next.escape(character.encode_utf8(&mut [0; 4]), Span::of(place.range().start, end));
            end
        }
        None => {
            bad.push(place);
            next.escape("\u{fffd}", place);
            at
        }
    }
}

/// The value of `\uXXXX` at the start of `text`, whatever it is, and its length.
fn units(text: &str, escapes: Escapes) -> (u32, usize) {
    let Some(rest) = text.strip_prefix("\\u") else { return (0, 0) };
    let more = if escapes == Escapes::Java { rest.len() - rest.trim_start_matches('u').len() } else { 0 };
    let digits = rest.get(more..more + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    digits.map_or((0, 0), |digits| (u32::from_str_radix(digits, 16).unwrap_or(0), 2 + more + 4))
}

impl Escapes {
    /// Where the next escape may stand.
    fn find(self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        match self {
            Self::Raw => None,
            Self::KotlinRaw => memchr::memchr(b'$', bytes),
            Self::Kotlin => memchr::memchr2(b'\\', b'$', bytes),
            Self::PythonFormat | Self::CSharpFormat => memchr::memchr3(b'\\', b'{', b'}', bytes),
            Self::Verbatim => memchr::memchr(b'"', bytes),
            Self::VerbatimFormat => memchr::memchr3(b'"', b'{', b'}', bytes),
            _ => memchr::memchr(b'\\', bytes),
        }
    }

    /// What the start of `text` means, and how many bytes of it.
    fn read(self, text: &str) -> (Meaning, usize) {
        let mut chars = text.chars();
        let (first, second) = (chars.next(), chars.next());
        let (Some(first), second) = (first, second.unwrap_or('\0')) else { return (Meaning::Itself, 1) };
        match first {
            '$' if second == '_' || second.is_alphabetic() => {
                let name = text.get(1..).unwrap_or("");
                let end = name.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(name.len());
                (Meaning::Name, 1 + end)
            }
            '{' | '}' | '"' if first == second => (Meaning::Text(first.to_string()), 2),
            '\\' => self.backslash(text, second),
            _ => (Meaning::Itself, first.len_utf8()),
        }
    }

    fn backslash(self, text: &str, kind: char) -> (Meaning, usize) {
        let one = |c: char| (Meaning::Text(c.to_string()), 1 + kind.len_utf8());
        if self == Self::PhpSingle {
            return if matches!(kind, '\\' | '\'') { one(kind) } else { (Meaning::Itself, 1) };
        }
        let control = match kind {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' if !self.is_php() => '\u{8}',
            'f' if self != Self::Kotlin => '\u{c}',
            'v' if !matches!(self, Self::Java | Self::Kotlin) => '\u{b}',
            'a' if !matches!(self, Self::Java | Self::Kotlin | Self::Script) && !self.is_php() => '\u{7}',
            'e' if self.is_php() || self.is_sharp() => '\u{1b}',
            's' if self == Self::Java => ' ',
            _ => '\0',
        };
        if control != '\0' {
            return one(control);
        }
        match kind {
            '\\' => one('\\'),
            '"' if self != Self::PhpHeredoc => one('"'),
            '\'' if !self.is_php() => one('\''),
            '$' if self.is_php() || matches!(self, Self::Kotlin | Self::Script) => one('$'),
            '\n' if matches!(self, Self::Java | Self::Script) || self.is_python() => {
                (Meaning::Text(String::new()), 2)
            }
            '0'..='7' if !matches!(self, Self::Kotlin) => self.octal(text),
            'x' => self.hexadecimal(text, 2, if self.is_sharp() { 4 } else { 2 }),
            'u' => self.unicode(text),
            'U' if self.is_python() || self.is_sharp() || self == Self::Go => self.hexadecimal(text, 2, 8),
            'N' if self.is_python() => {
                let end = text.find('}').filter(|_| text.get(2..3) == Some("{"));
                let Some(end) = end else { return (Meaning::Unknown, 2) };
                let named = text.get(3..end).and_then(unicode_names2::character);
                (named.map_or(Meaning::Unknown, |c| Meaning::Text(c.to_string())), end + 1)
            }
            // An unknown escape stands for its character in JavaScript, for both in Python and PHP.
            _ if self == Self::Script && kind != '\0' => one(kind),
            _ if self.is_python() || self.is_php() => (Meaning::Itself, 1),
            '\0' => (Meaning::Unknown, 1),
            _ => (Meaning::Unknown, 1 + kind.len_utf8()),
        }
    }

    /// `\0`, `\101`.
    fn octal(self, text: &str) -> (Meaning, usize) {
        let digits = text.get(1..).unwrap_or("");
        let len = digits.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
        // Above \377 the third digit is no part of it; in JavaScript and C# only \0 is one.
        let len = if matches!(self, Self::Script) || self.is_sharp() { 1 } else { len };
        let mut value = u32::from_str_radix(digits.get(..len).unwrap_or("0"), 8).unwrap_or(0);
        let mut used = len;
        if value > 0xff && !self.is_python() {
            value /= 8;
            used -= 1;
        }
        (self.code(value), 1 + used)
    }

    /// Up to `most` hexadecimal digits after the first `skip` characters.
    fn hexadecimal(self, text: &str, skip: usize, most: usize) -> (Meaning, usize) {
        let digits = text.get(skip..).unwrap_or("");
        let len = digits.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
        if len == 0 || (most == 8 && len < 8) {
            return (Meaning::Unknown, skip);
        }
        let value = u32::from_str_radix(digits.get(..len).unwrap_or(""), 16).unwrap_or(u32::MAX);
        let wide = most == 8 || self.is_sharp();
        let meaning = if wide { character(value) } else { self.code(value) };
        (meaning, skip + len)
    }

    /// `\u4f60`, `\u{4f60}`.
    fn unicode(self, text: &str) -> (Meaning, usize) {
        let rest = text.get(2..).unwrap_or("");
        if matches!(self, Self::Script) || self.is_php() {
            if let Some((digits, _)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                let value = u32::from_str_radix(digits, 16).unwrap_or(u32::MAX);
                return (character(value), 4 + digits.len());
            }
            if self.is_php() {
                return (Meaning::Itself, 1);
            }
        }
        match units(text, self) {
            (_, 0) => (Meaning::Unknown, 2),
            (high @ 0xd800..0xdc00, len) => (Meaning::High(high), len),
            (value, len) => (character(value), len),
        }
    }

    /// A code of at most three octal or two hexadecimal digits: a byte, or a character.
    fn code(self, value: u32) -> Meaning {
        let bytes = self == Self::Go || self.is_php();
        match u8::try_from(value) {
            Ok(byte) if bytes => Meaning::Byte(byte),
            _ => character(value),
        }
    }

    const fn is_php(self) -> bool {
        matches!(self, Self::PhpSingle | Self::PhpDouble | Self::PhpHeredoc)
    }

    const fn is_python(self) -> bool {
        matches!(self, Self::Python | Self::PythonFormat)
    }

    const fn is_sharp(self) -> bool {
        matches!(self, Self::CSharp | Self::CSharpFormat)
    }
}

fn character(value: u32) -> Meaning {
    char::from_u32(value).map_or(Meaning::Unknown, |c| Meaning::Text(c.to_string()))
}
