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
}

impl LineIndex {
    /// Reads the line starts of `text`.
    pub fn new(text: &str) -> Self {
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![u32::try_from(first).unwrap_or(0)];
        let bytes = text.as_bytes();
        for (i, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
            if ends {
                starts.push(u32::try_from(i + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
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
        let before = text.get(start..end).unwrap_or("");
        let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        let (characters, utf16) = if before.is_ascii() {
            (before.len(), before.len())
        } else {
            (before.chars().count(), before.encode_utf16().count())
        };
        Position {
            line: count(line),
            column: count(characters),
            column_utf8: count(before.len()),
            column_utf16: count(utf16),
        }
    }
}
