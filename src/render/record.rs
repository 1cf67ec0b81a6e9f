//! One row of a block as values of variables.
//!
//! Begin at [`Reader::each`]. What is wrong with a row is told with its line and column, and the next row is read.

use super::rows::{Block, Cell, CellFault, Cells, Format, row_end};
use crate::words::Words;
use memchr::memchr_iter;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Line of the file, from 1.
    pub line: u64,
    /// Number of the column, from 1.
    pub column: Option<usize>,
    /// A stable word.
    pub code: &'static str,
    /// The sentence.
    pub words: Words,
}

/// Reads rows as values of variables.
#[derive(Debug)]
pub struct Reader {
    /// How rows are written.
    pub format: Format,
    /// The variable of each column of a table.
    pub columns: Vec<Option<usize>>,
    /// The variables.
    pub names: super::names::Names,
}

/// The values of one row, by variable; `None` where the row has none.
pub type Row<'b> = Vec<Option<Cow<'b, str>>>;

impl Reader {
    /// Calls `see` with the line and the values of each row of `block`, and `bad` with what is wrong.
    pub fn each<'b>(&self, block: &'b Block, mut see: impl FnMut(u64, &Row<'b>), mut bad: impl FnMut(Bad)) {
        if let Some(line) = block.passed_over {
            bad(Bad {
                line,
                column: None,
                code: "row-too-long",
                words: Words::new("the row is too long", "此行过长"),
            });
        }
        let bytes = block.bytes.as_slice();
        let mut row: Row<'b> = Vec::new();
        let (mut at, mut line) = (0, block.line);
        while at < bytes.len() {
            row.clear();
            row.resize(self.names.len(), None);
            let (end, good, began) = match self.format {
                Format::Delimited(separator) => {
                    let (end, good) = self.table(bytes, at, separator, line, &mut row, &mut bad);
                    (end, good, line)
                }
                _ => self.object(bytes, at, line, &mut row, &mut bad),
            };
            if good {
                see(began, &row);
            }
            let end = end.max(at + 1);
            let passed = bytes.get(at..end).unwrap_or_default();
            line += memchr_iter(b'\n', passed).count() as u64;
            at = end;
        }
    }

    fn table<'b>(
        &self,
        bytes: &'b [u8],
        at: usize,
        separator: u8,
        line: u64,
        row: &mut Row<'b>,
        bad: &mut impl FnMut(Bad),
    ) -> (usize, bool) {
        let mut cells = Cells::new(bytes, at, separator);
        let (mut count, mut good, mut blank) = (0, true, true);
        while let Some(cell) = cells.next() {
            count += 1;
            blank &= cell.bytes.is_empty();
            if let Some(fault) = cell.fault {
                bad(Bad { line, column: Some(count), code: "broken-quotes", words: quotes(fault) });
                if fault == CellFault::Open {
                    // Read on at the next line: what follows may be whole.
                    let end = row_end(Format::Lines, bytes, at).unwrap_or(bytes.len());
                    return (end, false);
                }
                return (cells.at, false);
            }
            let Some(variable) = self.columns.get(count - 1).copied().flatten() else { continue };
            match text(cell) {
                Some(value) => row.get_mut(variable).into_iter().for_each(|slot| *slot = Some(value.clone())),
                None => {
                    let words = Words::new("not UTF-8", "不是 UTF-8 编码");
                    bad(Bad { line, column: Some(count), code: "not-utf8", words });
                    good = false;
                }
            }
        }
        if blank && count <= 1 {
            return (cells.at, false);
        }
        if count != self.columns.len() {
            let words = Words::new(
                format!("{count} cells under {} columns", self.columns.len()),
                format!("有 {count} 个单元格，表头为 {} 列", self.columns.len()),
            );
            bad(Bad { line, column: Some(count.min(self.columns.len() + 1)), code: "ragged-row", words });
            good = false;
        }
        (cells.at, good)
    }

    fn object<'b>(
        &self,
        bytes: &'b [u8],
        at: usize,
        line: u64,
        row: &mut Row<'b>,
        bad: &mut impl FnMut(Bad),
    ) -> (usize, bool, u64) {
        let end = row_end(self.format, bytes, at).unwrap_or(bytes.len());
        let piece = bytes.get(at..end).unwrap_or_default();
        let skip = match self.format {
            Format::List => piece
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']'))
                .count(),
            _ => piece.iter().take_while(|b| b.is_ascii_whitespace()).count(),
        };
        let (before, piece) = piece.split_at(skip);
        if piece.is_empty() {
            return (end, false, line);
        }
        let line = line + memchr_iter(b'\n', before).count() as u64;
        match serde_json::from_slice::<Object<'b>>(piece) {
            Ok(Object(fields)) => {
                for (name, value) in fields {
                    let Some(variable) = self.names.of_column(&name) else { continue };
                    row.get_mut(variable).into_iter().for_each(|slot| *slot = value.clone());
                }
                (end, true, line)
            }
            Err(error) => {
                let utf8 = std::str::from_utf8(piece).is_ok();
                let code = if utf8 { "invalid-json" } else { "not-utf8" };
                // What the parser says may quote a value.
                let words = match error.classify() {
                    Category::Data => Words::new("not an object of values", "不是由取值组成的对象"),
                    Category::Eof => Words::new("the object breaks off", "对象不完整"),
                    _ => Words::new("invalid JSON", "JSON 语法错误"),
                };
                bad(Bad { line, column: Some(error.column()), code, words });
                (end, false, line)
            }
        }
    }
}

fn quotes(fault: CellFault) -> Words {
    match fault {
        CellFault::Open => Words::new("the quote is never closed", "引号没有闭合"),
        CellFault::AfterQuote => Words::new("text stands after the closing quote", "右引号之后还有文字"),
    }
}

/// The text of a cell; `None` when it is not UTF-8.
fn text<'b>(cell: Cell<'b>) -> Option<Cow<'b, str>> {
    let text = std::str::from_utf8(cell.bytes).ok()?;
    Some(if cell.doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) })
}

/// An object with its values as they would be printed.
struct Object<'b>(Vec<(Cow<'b, str>, Option<Cow<'b, str>>)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(name) = map.next_key::<Name<'de>>()? {
                    let value: &'de RawValue = map.next_value()?;
                    fields.push((name.0, printed(value.get())));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

struct Name<'b>(Cow<'b, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl<'de> Visitor<'de> for Word {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Word)
    }
}

/// A value as a sending system prints it: a number as it is written, `null` as that word.
fn printed(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.starts_with('"') {
        return Some(Cow::Borrowed(raw));
    }
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(raw).ok().map(Cow::Owned)
}
