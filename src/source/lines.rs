//! Lines and columns: the only place that counts them.

/// Line and columns of one place. All count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Column in characters (Unicode scalar values).
    pub column: u32,
    /// Column in UTF-8 bytes of the decoded text.
    pub column_utf8: u32,
    /// Column in UTF-16 code units.
    pub column_utf16: u32,
}

/// Where each line of a text starts. A line ends after `\n`, `\r\n` or a lone `\r`. A byte order mark
/// at the start of the text is not counted in any column.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Counts inside long lines, so that a column in a line of megabytes costs no walk from its start.
    counted: Vec<Counted>,
}

/// Bytes between two counts inside a long line.
const STRIDE: usize = 4096;

/// How many units of its line stand before `byte`.
#[derive(Clone, Copy, Debug)]
struct Counted {
    byte: u32,
    characters: u32,
    utf16: u32,
}

impl LineIndex {
    /// Reads the line starts of `text`.
    pub fn new(text: &str) -> Self {
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![u32::try_from(first).unwrap_or(0)];
        let bytes = text.as_bytes();
        for i in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let inside = bytes.get(i..i + 2) == Some(b"\r\n");
            if !inside {
                starts.push(u32::try_from(i + 1).unwrap_or(u32::MAX));
            }
        }
        let counted = count_long_lines(text, &starts);
        Self { starts, counted }
    }

    /// Number of lines; a final line end opens one more.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The index (from 0) of the line that holds byte `byte`.
    pub fn line_of(&self, byte: u32) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// First byte of line `line` (from 0); the text's length past the last line.
    pub fn start_of(&self, line: usize, text: &str) -> u32 {
        self.starts.get(line).copied().unwrap_or_else(|| u32::try_from(text.len()).unwrap_or(u32::MAX))
    }

    /// Line and columns of byte `byte` of `text` (the text this index was made of). A byte inside a
    /// character counts as that character's first; one past the end as the end.
    pub fn position(&self, text: &str, byte: u32) -> Position {
        let line = self.line_of(byte);
        let start = self.start_of(line, text) as usize;
        let mut end = (byte as usize).clamp(start, text.len().max(start));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let next = self.counted.partition_point(|counted| counted.byte as usize <= end);
        let counted = next.checked_sub(1).and_then(|last| self.counted.get(last));
        let counted = counted.copied().filter(|counted| counted.byte as usize >= start);
        let from = counted.map_or(start, |counted| counted.byte as usize);
        let (characters, utf16) = count(text.get(from..end).unwrap_or(""));
        let column = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        Position {
            line: column(line),
            column: column(characters + counted.map_or(0, |counted| counted.characters as usize)),
            column_utf8: column(end - start),
            column_utf16: column(utf16 + counted.map_or(0, |counted| counted.utf16 as usize)),
        }
    }
}

/// Characters and UTF-16 units of `text`.
fn count(text: &str) -> (usize, usize) {
    if text.is_ascii() {
        return (text.len(), text.len());
    }
    (text.chars().count(), text.chars().map(char::len_utf16).sum())
}

fn count_long_lines(text: &str, starts: &[u32]) -> Vec<Counted> {
    let mut all = Vec::new();
    let ends = starts.iter().skip(1).map(|end| *end as usize).chain([text.len()]);
    for (start, end) in starts.iter().map(|start| *start as usize).zip(ends) {
        let mut at = start;
        let (mut characters, mut utf16) = (0, 0);
        while end - at > STRIDE {
            let mut next = at + STRIDE;
            while !text.is_char_boundary(next) {
                next -= 1;
            }
            let (more, more_utf16) = count(text.get(at..next).unwrap_or(""));
            characters += more;
            utf16 += more_utf16;
            at = next;
            let units = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            all.push(Counted { byte: units(at), characters: units(characters), utf16: units(utf16) });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_long_lines_are_counted_from_their_start() {
        let text = format!("a\n{}\r\n{}𠮷é\n一", "长👍x".repeat(3000), "y".repeat(9000));
        let index = LineIndex::new(&text);
        assert!(!index.counted.is_empty());
        for (at, _) in text.char_indices().step_by(7).chain([(text.len(), 'x')]) {
            let found = index.position(&text, u32::try_from(at).unwrap());
            let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
            let before = &text[start..at];
            assert_eq!(found.column as usize, before.chars().count() + 1, "{at}");
            assert_eq!(found.column_utf16 as usize, before.encode_utf16().count() + 1, "{at}");
            assert_eq!(found.column_utf8 as usize, before.len() + 1, "{at}");
        }
    }
}
