//! JSON strings: the escapes and their map.

use crate::problem::Problem;
use crate::source::document::Problems;
use crate::source::{Mapped, Span};
use crate::words::Words;

/// A string that was read.
pub(super) struct JsonString {
    /// The text and the way back.
    pub(super) mapped: Mapped,
    /// Between the quotes.
    pub(super) inside: Span,
    /// The byte of the text after the closing quote.
    pub(super) end: usize,
}

/// From this many bytes of a string on, its text has one place and not one for each character. No message is nearly
/// as long, and the map of a string of escapes is several times the string.
const FINE: usize = 1024 * 1024;

/// Reads the string whose opening quote is byte `open` of `text`; `base` is where `text` stands in its
/// source. A wrong escape or a raw control character is a problem and reading goes on.
///
/// # Errors
/// When the string is never closed.
pub(super) fn read(
    text: &str,
    base: u32,
    open: usize,
    problems: &mut Problems,
) -> Result<JsonString, Box<Problem>> {
    let bytes = text.as_bytes();
    let span = |start: usize, end: usize| Span::of(start, end).shift(base);
    let mut mapped = Mapped::new();
    let mut at = open + 1;
    let mut run = at;
    // Where the coarse part begins, and its text.
    let mut coarse: Option<(usize, String)> = None;
    loop {
        let Some(byte) = bytes.get(at) else {
            let words = Words::new("a string that is never closed", "字符串没有结束引号");
            return Err(Box::new(Problem::error("json-syntax", words).at(span(open, open + 1))));
        };
        if !matches!(byte, b'"' | b'\\' | 0..=0x1f) {
            at += 1;
            continue;
        }
        let plain = text.get(run..at).unwrap_or("");
        if coarse.is_none() && at - open > FINE {
            coarse = Some((run, String::new()));
        }
        match &mut coarse {
            Some((_, tail)) => tail.push_str(plain),
            None => mapped.copy(plain, span(run, at).start),
        }
        let (decoded, len) = match byte {
            b'"' => {
                if let Some((start, tail)) = coarse {
                    mapped.escape(&tail, span(start, at));
                }
                return Ok(JsonString { mapped, inside: span(open + 1, at), end: at + 1 });
            }
            b'\\' => match escape(text.get(at..).unwrap_or("")) {
                Ok(read) => read,
                Err((replacement, len)) => {
                    let words = Words::new("not a JSON escape", "不是合法的 JSON 转义");
                    problems.push(Problem::error("json-escape", words).at(span(at, at + len)));
                    (replacement, len)
                }
            },
            _ => {
                let len = if text.get(at..).is_some_and(|rest| rest.starts_with("\r\n")) { 2 } else { 1 };
                problems.push(raw_control(*byte, span(at, at + len)));
                (if len == 2 { '\n' } else { char::from(*byte) }, len)
            }
        };
        match &mut coarse {
            Some((_, tail)) => tail.push(decoded),
            None => mapped.escape(decoded.encode_utf8(&mut [0; 4]), span(at, at + len)),
        }
        at += len;
        run = at;
    }
}

fn raw_control(byte: u8, at: Span) -> Problem {
    let words = if matches!(byte, b'\n' | b'\r') {
        Words::new("a string runs over the end of its line; write \\n", "字符串中有未转义的换行，请写作 \\n")
    } else {
        Words::new(
            format!("the control character U+{byte:04X} in a string must be escaped"),
            format!("字符串中的控制字符 U+{byte:04X} 必须转义"),
        )
    };
    Problem::error("json-syntax", words).at(at)
}

/// The character that the escape at the start of `text` means and its length in bytes; for a wrong
/// escape what stands in for it.
fn escape(text: &str) -> Result<(char, usize), (char, usize)> {
    let mut chars = text.chars();
    chars.next();
    let Some(kind) = chars.next() else { return Err(('\\', 1)) };
    let simple = match kind {
        '"' | '\\' | '/' => kind,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(text),
        _ => return Err((kind, 1 + kind.len_utf8())),
    };
    Ok((simple, 2))
}

/// The character and length in bytes of the `\uXXXX` at the start of `text`, or of a pair of them that spells
/// one character beyond U+FFFF. Java and Android write the same.
///
/// # Errors
/// What stands in for a wrong one, and the length of that one.
pub(super) fn unicode(text: &str) -> Result<(char, usize), (char, usize)> {
    let Some(high) = unit(text) else {
        let digits = text.bytes().skip(2).take(4).take_while(u8::is_ascii_hexdigit).count();
        return Err(('\u{fffd}', 2 + digits));
    };
    if let Some(character) = char::from_u32(high) {
        return Ok((character, 6));
    }
    let low = text.get(6..).filter(|rest| rest.starts_with("\\u")).and_then(unit);
    match low {
        Some(low @ 0xdc00..=0xdfff) if high < 0xdc00 => {
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            char::from_u32(code).map_or(Err(('\u{fffd}', 12)), |character| Ok((character, 12)))
        }
        _ => Err(('\u{fffd}', 6)),
    }
}

/// The four hexadecimal digits after `\u`.
fn unit(text: &str) -> Option<u32> {
    let digits = text.get(2..6)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u32::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}
