//! Java properties, as `java.util.Properties.load` reads them: `key = value`, `key: value` or `key value`,
//! lines that go on after a `\`, `\uXXXX`, and a `\` that is dropped before any other character.

use super::json_string::unicode;
use super::{Host, Read};
use crate::problem::Problem;
use crate::source::document::{Budget, Document, Entry, Map, Node, Problems, Value};
use crate::source::{Mapped, Source, SourceSpec, Span, catalogue};
use crate::words::Words;
use std::collections::HashSet;

/// The host `properties`.
#[derive(Debug)]
pub(super) struct Properties;

impl Host for Properties {
    fn name(&self) -> &'static str {
        "properties"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        catalogue::read(self.name(), source, parse(text, base), spec)
    }
}

fn parse(text: &str, base: u32) -> Document {
    let mut reader = Reader { text, base, at: 0, problems: Problems::default() };
    let mut map = Map::default();
    let mut budget = Budget::default();
    while let Some(entry) = reader.entry() {
        if let Err(problem) = budget.take(1, entry.value.span) {
            reader.problems.push(*problem);
            break;
        }
        map.entries.push(entry);
    }
    reader.twice(&map);
    let root = Node::new(Span::of(0, text.len()).shift(base), Value::Map(map));
    Document { roots: vec![root], problems: reader.problems }
}

struct Reader<'t> {
    text: &'t str,
    base: u32,
    at: usize,
    problems: Problems,
}

/// Where a key ends.
const KEY_END: &[u8] = b"=: \t\x0c";

impl Reader<'_> {
    /// The next key with its value; comments and blank lines are passed over.
    fn entry(&mut self) -> Option<Entry> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\x0c' | b'\n' | b'\r' => self.at += 1,
                b'#' | b'!' => {
                    let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
                    self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                _ => break,
            }
        }
        let start = self.at;
        let key = self.piece(KEY_END);
        let key_span = key.extent().unwrap_or_else(|| self.span(start, start));
        self.blanks();
        if matches!(self.byte(), Some(b'=' | b':')) {
            self.at += 1;
            self.blanks();
        }
        let at = self.at;
        let value = self.piece(&[]);
        let span = value.extent().unwrap_or_else(|| self.span(at, at));
        Some(Entry {
            key: key.text.into(),
            key_span: Some(key_span),
            value: Node::new(span, Value::String(value)),
        })
    }

    /// The text up to a byte of `ends` or the end of the logical line, without its escapes.
    fn piece(&mut self, ends: &[u8]) -> Mapped {
        let mut mapped = Mapped::new();
        let mut run = self.at;
        loop {
            let byte = self.byte();
            let ended = byte.is_none_or(|byte| matches!(byte, b'\n' | b'\r') || ends.contains(&byte));
            if !ended && byte != Some(b'\\') {
                self.at += 1;
                continue;
            }
            mapped.copy(self.text.get(run..self.at).unwrap_or(""), self.span(run, run).start);
            if ended {
                return mapped;
            }
            if !self.continued() {
                self.escape(&mut mapped);
            }
            run = self.at;
        }
    }

    /// Blanks, also over the end of a line that goes on.
    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\x0c'))
            || (self.byte() == Some(b'\\') && self.continued())
        {
            self.at += usize::from(matches!(self.byte(), Some(b' ' | b'\t' | b'\x0c')));
        }
    }

    /// Goes over a `\` at the end of a line, the line end and the blanks that begin the next line; `false`
    /// when the `\` that stands here begins an escape. At the end of the file it stands for nothing.
    fn continued(&mut self) -> bool {
        let skip = match self.text.as_bytes().get(self.at + 1..) {
            Some([b'\r', b'\n', ..]) => 3,
            Some([b'\r' | b'\n', ..]) => 2,
            Some([]) | None => 1,
            _ => return false,
        };
        self.at += skip;
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\x0c')) {
            self.at += 1;
        }
        true
    }

    fn escape(&mut self, mapped: &mut Mapped) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let Some(kind) = rest.chars().nth(1) else { return };
        let (decoded, len) = match kind {
            'n' => ('\n', 2),
            't' => ('\t', 2),
            'r' => ('\r', 2),
            'f' => ('\u{c}', 2),
            'u' => match unicode(rest) {
                Ok(read) => read,
                Err((replacement, len)) => {
                    let words = Words::new(
                        "\\u needs four hexadecimal digits, and a pair of them beyond U+FFFF",
                        "\\u 之后应为四位十六进制数；U+FFFF 以上的字符需成对书写",
                    );
                    let at = self.span(self.at, self.at + len);
                    self.problems.push(Problem::error("properties-escape", words).at(at));
                    (replacement, len)
                }
            },
            _ => (kind, 1 + kind.len_utf8()),
        };
        let source = self.span(self.at, self.at + len);
        mapped.escape(decoded.encode_utf8(&mut [0; 4]), source);
        self.at += len;
    }

    /// Notes keys that stand a second time: Java takes the last one.
    fn twice(&mut self, map: &Map) {
        let mut seen = HashSet::with_capacity(map.entries.len());
        for entry in &map.entries {
            if seen.insert(&*entry.key) {
                continue;
            }
            let key = &entry.key;
            let words = Words::new(
                format!("the key “{key}” stands here a second time; the last one counts"),
                format!("键“{key}”在此重复出现，以最后一个为准"),
            );
            self.problems
                .push(Problem::note("duplicate-key", words).at(entry.key_span.unwrap_or(entry.value.span)));
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::of(start, end).shift(self.base)
    }
}
