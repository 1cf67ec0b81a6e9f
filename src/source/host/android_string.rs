//! The text of an Android string resource, as the resource compiler (aapt2) makes it of the text in the XML: blanks
//! are folded and cut at both ends unless they stand in double quotes, `\n` `\t` `\uXXXX` are characters, and a `\`
//! before any other character is dropped.

use super::json_string::unicode;
use crate::problem::Problem;
use crate::source::document::Problems;
use crate::source::{Mapped, Span};
use crate::words::Words;

/// Undoes the escapes of `xml`, the text between the tags.
pub(super) fn read(xml: &Mapped, problems: &mut Problems) -> Mapped {
    let mut reader = Reader { xml, mapped: Mapped::new(), at: 0, run: 0, quoted: false, problems };
    reader.all();
    let Reader { mapped, .. } = reader;
    xml.then(mapped)
}

struct Reader<'x> {
    xml: &'x Mapped,
    /// Made of the text of `xml`.
    mapped: Mapped,
    at: usize,
    /// Where the characters begin that stand for themselves and are not yet taken over.
    run: usize,
    quoted: bool,
    problems: &'x mut Problems,
}

impl Reader<'_> {
    fn all(&mut self) {
        while let Some(byte) = self.byte() {
            match byte {
                b'"' => {
                    self.flush();
                    self.quoted = !self.quoted;
                    self.skip(1);
                }
                b'\\' => self.escape(),
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c' if !self.quoted => self.blanks(),
                b'\'' if !self.quoted => {
                    let words = Words::new(
                        "an apostrophe outside of double quotes is written \\'; the resource compiler may refuse it",
                        "双引号之外的撇号应写作 \\'，资源编译器可能拒绝",
                    );
                    let place = self.xml.cover(Span::of(self.at, self.at + 1));
                    self.problems.push(Problem::note("android-apostrophe", words).at(place));
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        self.flush();
        if self.quoted {
            let end = Span::of(self.xml.text.len(), self.xml.text.len());
            let words = Words::new("a double quote of this text is never closed", "文本中的双引号没有结束");
            self.problems.push(Problem::note("android-quote", words).at(self.xml.cover(end)));
        }
    }

    /// Takes over the characters since the last mark.
    fn flush(&mut self) {
        let text = self.xml.text.get(self.run..self.at).unwrap_or("");
        self.mapped.copy(text, Span::of(self.run, self.run).start);
        self.run = self.at;
    }

    fn skip(&mut self, len: usize) {
        self.at += len;
        self.run = self.at;
    }

    /// Blanks outside of quotes: one, or none at both ends.
    fn blanks(&mut self) {
        self.flush();
        let rest = self.rest();
        let len = rest.find(|c: char| !matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}'));
        let len = len.unwrap_or(rest.len());
        // Quotes that are empty so far make no text.
        let ends = self.mapped.text.is_empty() && self.run == 0 || len == rest.len();
        if !ends {
            let place = Span::of(self.at, self.at + len);
            if len == 1 && rest.starts_with(' ') {
                self.mapped.copy(" ", place.start);
            } else {
                self.mapped.escape(" ", place);
            }
        }
        self.skip(len);
    }

    fn escape(&mut self) {
        self.flush();
        let rest = self.rest();
        let (decoded, len) = match rest.chars().nth(1) {
            None => return self.skip(1),
            Some('n') => ('\n', 2),
            Some('t') => ('\t', 2),
            Some('u') => unicode(rest).unwrap_or_else(|(replacement, len)| {
                let words = Words::new("\\u needs four hexadecimal digits", "\\u 之后应为四位十六进制数");
                let place = self.xml.cover(Span::of(self.at, self.at + len));
                self.problems.push(Problem::error("android-escape", words).at(place));
                (replacement, len)
            }),
            Some(other) => (other, 1 + other.len_utf8()),
        };
        let place = Span::of(self.at, self.at + len);
        self.mapped.escape(decoded.encode_utf8(&mut [0; 4]), place);
        self.skip(len);
    }

    fn rest(&self) -> &str {
        self.xml.text.get(self.at..).unwrap_or("")
    }

    fn byte(&self) -> Option<u8> {
        self.xml.text.as_bytes().get(self.at).copied()
    }
}
