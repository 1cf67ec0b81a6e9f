//! The escapes of C strings, as gettext writes them in its catalogues.

use crate::problem::Problem;
use crate::source::document::Problems;
use crate::source::{Mapped, Span};
use crate::words::Words;

/// Appends what the inside of a string, which stands at `at`, means. A wrong escape is a problem and stands
/// for its own character.
pub(super) fn append(mapped: &mut Mapped, inside: &str, at: u32, problems: &mut Problems) {
    let place = |start: usize, end: usize| Span::of(start, end).shift(at);
    let mut run = 0;
    while let Some(found) = inside.get(run..).and_then(|rest| rest.find('\\')) {
        let start = run + found;
        mapped.copy(inside.get(run..start).unwrap_or(""), place(run, run).start);
        let rest = inside.get(start..).unwrap_or("");
        let (decoded, len) = escape(rest).unwrap_or_else(|len| {
            let words = Words::new("not an escape of gettext", "不是 gettext 支持的转义");
            problems.push(Problem::error("po-escape", words).at(place(start, start + len)));
            (rest.chars().nth(1).unwrap_or('\\'), len)
        });
        mapped.escape(decoded.encode_utf8(&mut [0; 4]), place(start, start + len));
        run = start + len;
    }
    mapped.copy(inside.get(run..).unwrap_or(""), place(run, run).start);
}

/// The character of the escape at the start of `text` and its length in bytes; the error is the length of
/// one that means nothing. Numbers beyond ASCII would be bytes of an encoding and are refused.
fn escape(text: &str) -> Result<(char, usize), usize> {
    let Some(kind) = text.chars().nth(1) else { return Err(1) };
    let simple = match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\\' | '"' | '\'' | '?' => kind,
        'x' => return number(text, 2, 16),
        '0'..='7' => return number(text, 1, 8),
        _ => return Err(1 + kind.len_utf8()),
    };
    Ok((simple, 2))
}

/// Up to two hexadecimal or three octal digits from byte `from` on.
fn number(text: &str, from: usize, radix: u32) -> Result<(char, usize), usize> {
    let most = if radix == 16 { 2 } else { 3 };
    let digits =
        text.bytes().skip(from).take(most).take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let end = from + digits;
    let value = text.get(from..end).and_then(|digits| u8::from_str_radix(digits, radix).ok());
    match value {
        Some(byte @ 1..=0x7f) => Ok((char::from(byte), end)),
        _ => Err(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inside: &str) -> (String, usize) {
        let mut mapped = Mapped::new();
        let mut problems = Problems::default();
        append(&mut mapped, inside, 0, &mut problems);
        (mapped.text, problems.into_vec().len())
    }

    #[test]
    fn escapes_of_c() {
        assert_eq!(read(r#"a\"\\\n\x41\101\7您"#), ("a\"\\\nAA\u{7}您".to_owned(), 0));
        assert_eq!(read(r"\q\x\xe4\"), ("qxx\\".to_owned(), 4));
    }
}
