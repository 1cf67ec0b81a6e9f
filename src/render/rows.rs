//! Rows of data in blocks: csv, tsv, JSON lines, one JSON list. A block holds whole rows, so that blocks can be
//! looked at side by side and a file of any size takes the memory of a few blocks.
//!
//! Begin at [`Blocks`]. A row whose quotes are wrong ends at its line, and the next line is read again.

use memchr::{memchr, memchr_iter, memchr2};
use std::io::{self, Read};
use std::path::Path;

/// Bytes that are read at once.
const CHUNK: usize = 1 << 19;
/// A row has at most this many bytes; a longer one is passed over.
pub const MAX_ROW: usize = 1 << 20;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells with a separator; the first row names the columns.
    Delimited(u8),
    /// One object a line.
    Lines,
    /// One list of objects.
    List,
}

impl Format {
    /// The format that the ending of a file name says.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Delimited(b',')),
            // Excel calls a table with tabs “Unicode text”.
            "tsv" | "tab" | "txt" => Some(Self::Delimited(b'\t')),
            "psv" => Some(Self::Delimited(b'|')),
            "jsonl" | "ndjson" => Some(Self::Lines),
            "json" => Some(Self::List),
            _ => None,
        }
    }
}

/// Some whole rows.
#[derive(Debug)]
pub struct Block {
    /// Its place among the blocks, from 0.
    pub number: u64,
    /// The line of the file on which it begins, from 1.
    pub line: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// A row before it was too long and was passed over; the line on which it began.
    pub passed_over: Option<u64>,
    /// What stood before the first element of a list, or between two, is no list of objects.
    pub broken: bool,
}

/// Reads a file block by block.
#[derive(Debug)]
pub struct Blocks<R> {
    reader: R,
    format: Format,
    /// What was read and not handed on.
    rest: Vec<u8>,
    number: u64,
    line: u64,
    ended: bool,
    /// A row that is being passed over, and where it began.
    passing: Option<u64>,
    /// Bytes handed on.
    pub read: u64,
}

impl<R: Read> Blocks<R> {
    /// Blocks of `reader`.
    pub fn new(reader: R, format: Format) -> Self {
        let rest = Vec::with_capacity(CHUNK);
        Self { reader, format, rest, number: 0, line: 1, ended: false, passing: None, read: 0 }
    }

    /// The first row of a table, without its line end; empty at the end of the file.
    ///
    /// # Errors
    /// What the reader returns.
    pub fn header(&mut self) -> io::Result<Vec<u8>> {
        loop {
            let skip = if self.number == 0 && self.line == 1 && self.rest.starts_with(b"\xEF\xBB\xBF") {
                3
            } else {
                0
            };
            self.rest.drain(..skip);
            let end = row_end(self.format, &self.rest, 0);
            if let Some(end) = end.or((self.ended || self.rest.len() > MAX_ROW).then_some(self.rest.len())) {
                let header: Vec<u8> = self.rest.drain(..end).collect();
                self.line += memchr_iter(b'\n', &header).count() as u64;
                // Excel writes tabs into what people call .csv.
                if self.format == Format::Delimited(b',')
                    && !header.contains(&b',')
                    && header.contains(&b'\t')
                {
                    self.format = Format::Delimited(b'\t');
                }
                return Ok(header.trim_ascii_end().to_vec());
            }
            self.fill()?;
        }
    }

    /// How the rows are written, once the header has been read.
    pub const fn format(&self) -> Format {
        self.format
    }

    fn fill(&mut self) -> io::Result<()> {
        let start = self.rest.len();
        self.rest.resize(start + CHUNK, 0);
        let mut filled = start;
        while filled < self.rest.len() {
            let Some(room) = self.rest.get_mut(filled..) else { break };
            match self.reader.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.read += (filled - start) as u64;
        self.rest.truncate(filled);
        Ok(())
    }

    /// The next block; `None` at the end of the file.
    ///
    /// # Errors
    /// What the reader returns.
    pub fn next_block(&mut self) -> io::Result<Option<Block>> {
        let mut passed_over = None;
        loop {
            if !self.ended && self.rest.len() < CHUNK {
                self.fill()?;
            }
            if self.rest.is_empty() {
                return Ok(passed_over.map(|line| self.block(Vec::new(), Some(line))));
            }
            if self.passing.is_some() {
                let end = memchr(b'\n', &self.rest).map_or(self.rest.len(), |at| at + 1);
                let whole = self.rest.get(end.wrapping_sub(1)) == Some(&b'\n') || self.ended;
                self.rest.drain(..end);
                if whole {
                    passed_over = self.passing.take();
                    self.line += 1;
                }
                continue;
            }
            match self.cut() {
                Some(end) => {
                    let tail = self.rest.split_off(end);
                    let bytes = std::mem::replace(&mut self.rest, tail);
                    return Ok(Some(self.block(bytes, passed_over)));
                }
                None if self.ended => {
                    let bytes = std::mem::take(&mut self.rest);
                    return Ok(Some(self.block(bytes, passed_over)));
                }
                None if self.rest.len() > MAX_ROW => {
                    self.passing = Some(self.line);
                    self.rest.clear();
                }
                None => self.fill()?,
            }
        }
    }

    fn block(&mut self, bytes: Vec<u8>, passed_over: Option<u64>) -> Block {
        let block = Block { number: self.number, line: self.line, bytes, passed_over, broken: false };
        self.number += 1;
        self.line += memchr_iter(b'\n', &block.bytes).count() as u64;
        block
    }

    /// Where the last whole row of what was read ends.
    fn cut(&self) -> Option<usize> {
        let quoted = match self.format {
            Format::Lines => false,
            Format::Delimited(_) => memchr(b'"', &self.rest).is_some(),
            Format::List => true,
        };
        if !quoted {
            return memchr::memrchr(b'\n', &self.rest).map(|at| at + 1);
        }
        let mut last = None;
        let mut at = 0;
        while let Some(end) = row_end(self.format, &self.rest, at) {
            // Without a line end the row may go on in the next chunk.
            if end >= self.rest.len() && self.rest.last() != Some(&b'\n') && self.format != Format::List {
                break;
            }
            (last, at) = (Some(end), end);
        }
        last
    }
}

/// Where the row that begins at `at` ends, with its line end; `None` when the bytes end before it does.
pub(super) fn row_end(format: Format, bytes: &[u8], at: usize) -> Option<usize> {
    match format {
        Format::Lines => memchr(b'\n', bytes.get(at..)?).map(|end| at + end + 1),
        Format::Delimited(separator) => {
            let mut cells = Cells::new(bytes, at, separator);
            for cell in cells.by_ref() {
                if cell.fault == Some(CellFault::Open) {
                    // It may close in what comes; a quote that stays open so long is a mistake.
                    return if bytes.len() - at > MAX_ROW / 2 { line_end(bytes, at) } else { None };
                }
            }
            cells.ended_by_line.then_some(cells.at)
        }
        Format::List => element_end(bytes, at),
    }
}

fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    memchr(b'\n', bytes.get(at..)?).map(|end| at + end + 1)
}

/// Where the element of a list ends whose first byte, after blanks and marks between elements, is at or after `at`.
fn element_end(bytes: &[u8], at: usize) -> Option<usize> {
    let start = at
        + bytes
            .get(at..)?
            .iter()
            .position(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']'))?;
    let (mut depth, mut index) = (0_usize, start);
    loop {
        let rest = bytes.get(index..)?;
        let step = rest.iter().position(|b| matches!(b, b'"' | b'{' | b'}' | b'[' | b']' | b','))?;
        index += step;
        match bytes.get(index)? {
            b'"' => {
                index += 1;
                loop {
                    let at = index + memchr2(b'"', b'\\', bytes.get(index..)?)?;
                    match bytes.get(at)? {
                        b'\\' => index = at + 2,
                        _ => {
                            index = at + 1;
                            break;
                        }
                    }
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(index + usize::from(depth == 1)),
            b'}' | b']' => depth -= 1,
            _ if depth == 0 => return Some(index),
            _ => {}
        }
        index += 1;
    }
}

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// A quote that is never closed.
    Open,
    /// Text after a closing quote.
    AfterQuote,
}

/// One cell of a row.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'b> {
    /// Between its quotes, if it has some.
    pub bytes: &'b [u8],
    /// Whether a quote inside it is written twice.
    pub doubled: bool,
    /// What is wrong with it.
    pub fault: Option<CellFault>,
}

/// The cells of one row.
#[derive(Debug)]
pub struct Cells<'b> {
    bytes: &'b [u8],
    /// The next byte.
    pub at: usize,
    separator: u8,
    done: bool,
    /// Whether a line end was found, and not the end of the bytes.
    pub ended_by_line: bool,
}

impl<'b> Cells<'b> {
    /// The cells of the row that begins at `at`.
    pub fn new(bytes: &'b [u8], at: usize, separator: u8) -> Self {
        Self { bytes, at, separator, done: at >= bytes.len(), ended_by_line: false }
    }

    fn slice(&self, from: usize, to: usize) -> &'b [u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    fn quoted(&mut self) -> Cell<'b> {
        let start = self.at + 1;
        let (mut doubled, mut from) = (false, start);
        loop {
            let Some(close) = memchr(b'"', self.bytes.get(from..).unwrap_or_default()).map(|at| from + at)
            else {
                self.at = self.bytes.len();
                self.done = true;
                return Cell {
                    bytes: self.slice(start, self.bytes.len()),
                    doubled,
                    fault: Some(CellFault::Open),
                };
            };
            match self.bytes.get(close + 1) {
                Some(b'"') => {
                    doubled = true;
                    from = close + 2;
                }
                None => {
                    self.at = self.bytes.len();
                    self.done = true;
                    return Cell { bytes: self.slice(start, close), doubled, fault: None };
                }
                Some(b'\r' | b'\n') => {
                    self.at = close + 1;
                    self.line();
                    return Cell { bytes: self.slice(start, close), doubled, fault: None };
                }
                Some(other) if *other == self.separator => {
                    self.at = close + 2;
                    return Cell { bytes: self.slice(start, close), doubled, fault: None };
                }
                Some(_) => {
                    // The rest of the line cannot be told apart into cells.
                    let end = line_end(self.bytes, close).unwrap_or(self.bytes.len());
                    self.ended_by_line = end > 0 && self.bytes.get(end - 1) == Some(&b'\n');
                    self.at = end;
                    self.done = true;
                    return Cell {
                        bytes: self.slice(start, close),
                        doubled,
                        fault: Some(CellFault::AfterQuote),
                    };
                }
            }
        }
    }

    /// Moves over the line end.
    fn line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        self.ended_by_line = rest.get(len.wrapping_sub(1)) == Some(&b'\n');
        self.at += len;
        self.done = true;
    }

    fn bare(&mut self) -> Cell<'b> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let Some(end) = memchr2(self.separator, b'\n', rest).map(|at| start + at) else {
            self.at = self.bytes.len();
            self.done = true;
            return Cell { bytes: rest, doubled: false, fault: None };
        };
        let mut bytes = self.slice(start, end);
        if self.bytes.get(end) == Some(&b'\n') {
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            self.at = end;
            self.line();
        } else {
            self.at = end + 1;
        }
        Cell { bytes, doubled: false, fault: None }
    }
}

impl<'b> Iterator for Cells<'b> {
    type Item = Cell<'b>;

    fn next(&mut self) -> Option<Cell<'b>> {
        if self.done {
            return None;
        }
        Some(if self.bytes.get(self.at) == Some(&b'"') { self.quoted() } else { self.bare() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Blocks, CellFault, Cells, Format};

    fn cells(row: &str) -> Vec<(String, Option<CellFault>)> {
        let all = Cells::new(row.as_bytes(), 0, b',');
        all.map(|cell| (String::from_utf8(cell.bytes.to_vec()).unwrap(), cell.fault)).collect()
    }

    #[test]
    fn rows_have_cells() {
        let plain = |list: &[&str]| list.iter().map(|cell| ((*cell).to_owned(), None)).collect::<Vec<_>>();
        assert_eq!(cells("a,b,c\n"), plain(&["a", "b", "c"]));
        assert_eq!(cells("a,,\r\nx"), plain(&["a", "", ""]));
        assert_eq!(cells("\"a,b\",c"), plain(&["a,b", "c"]));
        assert_eq!(cells("\"a\"\"b\",\"c\nd\"\n"), plain(&["a\"\"b", "c\nd"]));
        assert_eq!(cells("\"a\"x,b\n")[0].1, Some(CellFault::AfterQuote));
        assert_eq!(cells("a,\"b\n")[1].1, Some(CellFault::Open));
    }

    #[test]
    fn blocks_hold_whole_rows() {
        let mut text = String::from("a,b\n");
        for n in 0..60_000 {
            text += &format!("{n},\"x\ny {n}\"\n");
        }
        let mut blocks = Blocks::new(text.as_bytes(), Format::Delimited(b','));
        assert_eq!(blocks.header().unwrap(), b"a,b");
        let (mut all, mut line) = (Vec::new(), 2);
        while let Some(block) = blocks.next_block().unwrap() {
            assert_eq!(block.line, line);
            assert!(block.bytes.ends_with(b"\"\n"));
            line += block.bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            all.extend(block.bytes);
        }
        assert_eq!(all, text.as_bytes()[4..].to_vec());
    }
}
