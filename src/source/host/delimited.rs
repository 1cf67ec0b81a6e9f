//! Tables: csv, tsv and psv, as RFC 4180 describes them. The first row names the fields; each further
//! row is a record. Spreadsheets in countries with a decimal comma write `;` into csv, see [`separator`].

use super::{Host, Read};
use crate::problem::Problem;
use crate::source::document::{Budget, Document, Entry, Map, Node, Problems, Value};
use crate::source::{Mapped, Source, SourceSpec, Span, extract};
use crate::words::Words;
use memchr::{memchr, memchr3};
use std::sync::Arc;

/// Cells a row may have. Far above any table of messages; it bounds the memory a line of separators takes.
const MAX_CELLS: usize = 16_384;

/// A host of tables with one separator.
#[derive(Debug)]
pub(super) struct Delimited {
    name: &'static str,
    separator: u8,
}

/// The host `csv`.
pub(super) const CSV: Delimited = Delimited { name: "csv", separator: b',' };
/// The host `tsv`.
pub(super) const TSV: Delimited = Delimited { name: "tsv", separator: b'\t' };
/// The host `psv`.
pub(super) const PSV: Delimited = Delimited { name: "psv", separator: b'|' };

impl Host for Delimited {
    fn name(&self) -> &'static str {
        self.name
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(self.parse(text, base))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        extract::read(self.name, source, self.parse(text, base), spec)
    }
}

impl Delimited {
    fn parse(&self, text: &str, base: u32) -> Document {
        let (separator, at) = match self.separator {
            b',' => separator(text),
            own => (own, 0),
        };
        let mut rows = Rows { text, base, separator, at, problems: Problems::default() };
        let mut document = Document::default();
        let names: Vec<(Arc<str>, Span)> = match rows.next_row() {
            Some(row) if row.cells.len() > MAX_CELLS => {
                document.problems.append(rows.problems);
                return document;
            }
            Some(row) => {
                row.cells.into_iter().map(|cell| (cell.mapped.text.trim().into(), cell.span)).collect()
            }
            None => return document,
        };
        document.problems.extend(twice(&names));
        let mut budget = Budget::default();
        while let Some(row) = rows.next_row() {
            if let Err(problem) = budget.take(row.cells.len(), row.span) {
                rows.problems.push(*problem);
                break;
            }
            if !row.broken && row.cells.len() != names.len() {
                rows.problems.push(ragged(&row, names.len()));
            }
            // Spreadsheets export the empty rows below their last one.
            if row.cells.iter().any(|cell| !cell.mapped.text.is_empty()) {
                document.roots.push(record(&names, row));
            }
        }
        document.problems.append(rows.problems);
        document
    }
}

/// What separates the cells of a csv file, and where its first row begins. A first line `sep=;` says it; else it is
/// a comma, unless the row of names holds no comma but a semicolon or a tab.
fn separator(text: &str) -> (u8, usize) {
    let line = text.lines().find(|line| !line.is_empty()).unwrap_or("");
    if let Some([own]) = line.strip_prefix("sep=").map(str::as_bytes)
        && matches!(own, b',' | b';' | b'|' | b'\t')
    {
        let blank = text.len() - text.trim_start_matches(['\r', '\n']).len();
        return (*own, blank + line.len());
    }
    let stands_bare = |wanted: &u8| {
        let mut quoted = false;
        line.bytes().any(|byte| {
            quoted ^= byte == b'"';
            byte == *wanted && !quoted
        })
    };
    (*[b',', b';', b'\t'].iter().find(|byte| stands_bare(byte)).unwrap_or(&b','), 0)
}

/// A row under the names of the first. A row with too few or too many cells is broken: its cells may
/// stand under the wrong names.
fn record(names: &[(Arc<str>, Span)], row: Row) -> Node {
    let broken = row.broken || row.cells.len() != names.len();
    let entries = names.iter().zip(row.cells).map(|((name, _), cell)| Entry {
        key: Arc::clone(name),
        key_span: None,
        value: Node::new(cell.span, Value::String(cell.mapped)),
    });
    Node::new(row.span, Value::Map(Map { entries: entries.collect(), broken }))
}

struct Rows<'t> {
    text: &'t str,
    base: u32,
    separator: u8,
    at: usize,
    problems: Problems,
}

struct Row {
    span: Span,
    cells: Vec<Cell>,
    /// Whether its quotes are wrong, so that it is not known what belongs to it.
    broken: bool,
}

struct Cell {
    /// Between the quotes, if it has some.
    span: Span,
    mapped: Mapped,
}

impl Rows<'_> {
    /// The next row that is not blank.
    fn next_row(&mut self) -> Option<Row> {
        while self.line_end() > 0 {
            self.at += self.line_end();
        }
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let mut cells = Vec::new();
        let mut broken = false;
        loop {
            let cell = match self.byte() {
                Some(b'"') => self.quoted(),
                _ => Some(self.bare()),
            };
            broken |= cell.is_none();
            cells.extend(cell);
            if cells.len() > MAX_CELLS {
                return Some(self.endless(start, cells));
            }
            if self.byte() == Some(self.separator) {
                self.at += 1;
                continue;
            }
            let end = self.at;
            self.at += self.line_end();
            return Some(Row { span: self.span(start, end), cells, broken });
        }
    }

    /// A row that was given up: its line is skipped.
    fn endless(&mut self, start: usize, cells: Vec<Cell>) -> Row {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        self.at += memchr(b'\n', rest).unwrap_or(rest.len());
        let words = Words::new(
            format!("more than {MAX_CELLS} cells in one row"),
            format!("一行中的单元格超过 {MAX_CELLS} 个"),
        );
        self.problems.push(Problem::error("too-many-values", words).at(self.span(start, start)));
        Row { span: self.span(start, self.at), cells, broken: true }
    }

    /// A cell without quotes: up to the separator or the end of the line.
    fn bare(&mut self) -> Cell {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or(&[]);
        let mut len = 0;
        while let Some(found) = memchr3(self.separator, b'\n', b'\r', rest.get(len..).unwrap_or(&[])) {
            len += found;
            // A carriage return alone does not end a row.
            if rest.get(len) == Some(&b'\r') && rest.get(len + 1) != Some(&b'\n') {
                len += 1;
                continue;
            }
            return self.cut(start, start + len);
        }
        self.cut(start, start + rest.len())
    }

    fn cut(&mut self, start: usize, end: usize) -> Cell {
        self.at = end;
        let span = self.span(start, end);
        Cell { span, mapped: Mapped::verbatim(self.text.get(start..end).unwrap_or(""), span.start) }
    }

    /// A cell in quotes, in which `""` is one quote and a CRLF one line end. `None` when its quotes are
    /// wrong, which has been reported; reading goes on with the next line.
    fn quoted(&mut self) -> Option<Cell> {
        let open = self.at;
        let bytes = self.text.as_bytes();
        let mut mapped = Mapped::new();
        let mut at = open + 1;
        loop {
            let Some(found) = memchr(b'"', bytes.get(at..).unwrap_or(&[])) else {
                self.wrong(open, "a quoted field that is never closed", "引号字段没有结束");
                return None;
            };
            let quote = at + found;
            let piece =
                super::plain::lines(self.text.get(at..quote).unwrap_or(""), self.span(at, quote).start);
            mapped.append(piece);
            if bytes.get(quote + 1) == Some(&b'"') {
                mapped.escape("\"", self.span(quote, quote + 2));
                at = quote + 2;
                continue;
            }
            self.at = quote + 1;
            let ends = self.at >= bytes.len() || self.byte() == Some(self.separator) || self.line_end() > 0;
            if !ends {
                self.wrong(
                    quote,
                    "text after the closing quote; a quote inside is written \"\"",
                    "结束引号后还有文字；字段内的引号应写作 \"\"",
                );
                return None;
            }
            return Some(Cell { span: self.span(open + 1, quote), mapped });
        }
    }

    fn wrong(&mut self, at: usize, en: &'static str, zh: &'static str) {
        self.problems.push(Problem::error("csv-quotes", Words::new(en, zh)).at(self.span(at, at + 1)));
        let rest = self.text.as_bytes().get(at..).unwrap_or(&[]);
        self.at = at + memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Length of the line end that stands here; 0 when none does.
    fn line_end(&self) -> usize {
        match self.text.as_bytes().get(self.at..) {
            Some([b'\n', ..]) => 1,
            Some([b'\r', b'\n', ..]) => 2,
            _ => 0,
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::of(start, end).shift(self.base)
    }
}

fn ragged(row: &Row, columns: usize) -> Problem {
    let count = row.cells.len();
    let words = Words::new(
        format!("this row has {count} fields, the first row has {columns}"),
        format!("此行有 {count} 个字段，而首行有 {columns} 个"),
    );
    Problem::error("ragged-row", words).at(row.span)
}

fn twice(names: &[(Arc<str>, Span)]) -> Vec<Problem> {
    let null = |(name, span): &(Arc<str>, Span)| Entry {
        key: Arc::clone(name),
        key_span: Some(*span),
        value: Node::new(*span, Value::Null),
    };
    // Columns without a name are common in spreadsheet exports and cannot be asked for.
    let named = names.iter().filter(|(name, _)| !name.is_empty()).map(null).collect();
    Map { entries: named, broken: false }.duplicates()
}
