//! SQL strings: doubled quotes, and the escapes that servers add to them.

use super::json_string::unicode;
use crate::source::{Mapped, Span};
use memchr::memchr3;

/// Which escapes hold beside the doubled quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// None (standard SQL).
    None,
    /// Those of MySQL: `\n`, `\'`, and any other character for itself; `\%` and `\_` keep the backslash.
    Mysql,
    /// Those of PostgreSQL's `E'…'`: also numbers and `\uXXXX`.
    Postgres,
    /// Those of `U&'…'`: `\XXXX` and `\+XXXXXX`.
    Unicode,
}

/// The byte of the quote that closes the string whose opening quote is byte `open`.
pub(super) fn end(text: &str, open: usize, escapes: Escapes) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(open)?;
    let escaped = matches!(escapes, Escapes::Mysql | Escapes::Postgres);
    let mut at = open + 1;
    loop {
        let byte = *bytes.get(at)?;
        let twice = byte == quote && bytes.get(at + 1) == Some(&quote);
        if byte == quote && !twice {
            return Some(at);
        }
        at += if twice || (escaped && byte == b'\\') { 2 } else { 1 };
    }
}

/// The text of the string whose opening quote is byte `open`; `None` when it is never closed. A CRLF is one line
/// end of two bytes.
pub(super) fn read(text: &str, base: u32, open: usize, escapes: Escapes) -> Option<Mapped> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(open)?;
    let place = |start: usize, end: usize| Span::of(start, end).shift(base);
    let mut mapped = Mapped::new();
    let mut run = open + 1;
    let mut at = run;
    loop {
        at += memchr3(quote, b'\\', b'\r', bytes.get(at..)?)?;
        let rest = text.get(at..)?;
        let (decoded, len) = match bytes.get(at)? {
            b'\\' => match escape(rest, escapes) {
                Some(read) => read,
                None => {
                    at += 1;
                    continue;
                }
            },
            b'\r' if rest.starts_with("\r\n") => ('\n', 2),
            b'\r' => {
                at += 1;
                continue;
            }
            _ if bytes.get(at + 1) == Some(&quote) => (char::from(quote), 2),
            _ => {
                mapped.copy(text.get(run..at)?, place(run, run).start);
                return Some(mapped);
            }
        };
        mapped.copy(text.get(run..at)?, place(run, run).start);
        mapped.escape(decoded.encode_utf8(&mut [0; 4]), place(at, at + len));
        at += len;
        run = at;
    }
}

/// The character of the escape at the start of `text` and its length in bytes; `None` when the backslash stands for
/// itself.
fn escape(text: &str, escapes: Escapes) -> Option<(char, usize)> {
    match escapes {
        Escapes::None => None,
        Escapes::Mysql => simple(text, true),
        Escapes::Postgres => postgres(text),
        Escapes::Unicode => code_point(text),
    }
}

/// A backslash and one character.
fn simple(text: &str, mysql: bool) -> Option<(char, usize)> {
    let kind = text.chars().nth(1)?;
    let decoded = match kind {
        'n' => '\n',
        'r' if text.starts_with("\\\r\n") => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' if !mysql => '\u{c}',
        '0' if mysql => '\0',
        'Z' if mysql => '\u{1a}',
        '%' | '_' if mysql => return None,
        '\r' if text.get(2..).is_some_and(|rest| rest.starts_with('\n')) => return Some(('\n', 3)),
        other => other,
    };
    Some((decoded, 1 + kind.len_utf8()))
}

fn postgres(text: &str) -> Option<(char, usize)> {
    let number = |from: usize, most: usize, radix: u32| {
        let digits =
            text.bytes().skip(from).take(most).take_while(|b| char::from(*b).is_digit(radix)).count();
        let value = u32::from_str_radix(text.get(from..from + digits)?, radix).ok()?;
        Some((value, from + digits))
    };
    let ascii = |(value, len): (u32, usize)| char::from_u32(value).filter(char::is_ascii).map(|c| (c, len));
    match text.chars().nth(1)? {
        '0'..='7' => number(1, 3, 8).and_then(ascii).or_else(|| simple(text, false)),
        'x' => number(2, 2, 16).and_then(ascii).or_else(|| simple(text, false)),
        'u' => unicode(text).ok().or_else(|| simple(text, false)),
        'U' => {
            let (value, len) = number(2, 8, 16)?;
            char::from_u32(value).filter(|_| len == 10).map(|c| (c, len))
        }
        _ => simple(text, false),
    }
}

fn code_point(text: &str) -> Option<(char, usize)> {
    let (digits, len) = match text.as_bytes().get(1)? {
        b'\\' => return Some(('\\', 2)),
        b'+' => (text.get(2..8)?, 8),
        _ => (text.get(1..5)?, 5),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, 16).ok()?).map(|c| (c, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(text: &str, escapes: Escapes) -> String {
        let end = end(text, 0, escapes);
        let read = read(text, 0, 0, escapes);
        assert_eq!(end.is_some(), read.is_some());
        read.zip(end).map_or("-".to_owned(), |(mapped, end)| format!("{} {end}", mapped.text))
    }

    #[test]
    fn escapes_of_each_server() {
        assert_eq!(means(r"'a''b\'", Escapes::None), r"a'b\ 6");
        assert_eq!(means(r"'a\'\n\%\q\\'", Escapes::Mysql), "a'\n\\%q\\ 12");
        assert_eq!(means(r"'\101\x42\u4f60\ud83d\ude42\U0001F600\q'", Escapes::Postgres), "AB你🙂😀q 39");
        assert_eq!(means(r"'\4f60\+01F600\\'", Escapes::Unicode), "你😀\\ 16");
        assert_eq!(means("'a\r\nb'", Escapes::None), "a\nb 5");
        assert_eq!(means(r"'a\'", Escapes::Mysql), "-");
    }
}
