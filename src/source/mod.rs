//! From bytes on disk to records with exact places.
//!
//! Begin at [`Source`] (one decoded file), [`host`] (how each format is read into records) and
//! [`Mapped`] (decoded text that knows where it came from). Every span that a later stage carries
//! was made here; later stages map spans, they never search for text again.

mod catalogue;
pub(crate) mod declare;
pub mod decode;
pub mod disk;
pub mod document;
pub mod extract;
pub(crate) mod fields;
mod guess;
pub mod host;
mod lines;
mod map;
pub mod path;
mod record;
mod span;
pub mod spell;
pub mod walk;

pub use decode::Encoding;
pub use lines::{LineIndex, Position};
pub use map::{Mapped, Piece, Segment};
pub use record::{ChosenBy, Declared, Decode, Id, Meta, Record, SourceSpec};
pub use span::Span;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Texts that stand in the place of files, by the absolute path of the file: what an editor holds and has not saved.
pub type Buffers = BTreeMap<PathBuf, Arc<str>>;

/// One file, decoded. `text` is what every span of the file counts in; [`Source::location`] turns such
/// a span into bytes of the file on disk and into lines and columns.
#[derive(Debug)]
pub struct Source {
    /// Relative to the project root, with `/`.
    pub path: Arc<str>,
    /// The decoded text. A UTF-8 byte order mark stays in it (as U+FEFF), so that offsets into it are
    /// offsets into a UTF-8 file.
    pub text: String,
    /// How the bytes were decoded.
    pub encoding: Encoding,
    /// Size of the file on disk, in bytes.
    pub bytes: u64,
    /// The original bytes and the way back to them, when they are not the bytes of `text`.
    transcoded: Option<decode::Transcoded>,
    lines: OnceLock<LineIndex>,
}

/// A place in a file, in every unit a reader of the report may count in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Relative to the project root, with `/`.
    pub path: Arc<str>,
    /// First byte of the file on disk.
    pub byte_start: u64,
    /// One past the last byte.
    pub byte_end: u64,
    /// Where it starts.
    pub start: Position,
    /// Where it ends (the position after the last character).
    pub end: Position,
}

impl Source {
    /// A source of UTF-8 text, as tests, policies and stdin use it.
    pub fn from_text(path: &str, text: String) -> Self {
        let bytes = text.len() as u64;
        Self {
            path: path.into(),
            text,
            encoding: Encoding::Utf8,
            bytes,
            transcoded: None,
            lines: OnceLock::new(),
        }
    }

    /// The text after a byte order mark, and where it starts.
    pub fn after_mark(&self) -> (&str, u32) {
        match self.text.strip_prefix('\u{feff}') {
            Some(rest) => (rest, 3),
            None => (&self.text, 0),
        }
    }

    /// The file's name without its extension, which names a message that has no id.
    pub fn stem(&self) -> &str {
        std::path::Path::new(&*self.path).file_stem().and_then(|stem| stem.to_str()).unwrap_or(&self.path)
    }

    /// A span of the text as a place in the file.
    pub fn location(&self, span: Span) -> Location {
        let lines = self.lines();
        let (byte_start, byte_end) = match &self.transcoded {
            None => (u64::from(span.start), u64::from(span.end)),
            Some(t) => (t.byte_of(span.start), t.byte_of(span.end)),
        };
        Location {
            path: Arc::clone(&self.path),
            byte_start,
            byte_end,
            start: lines.position(&self.text, span.start),
            end: lines.position(&self.text, span.end),
        }
    }

    /// The index of line starts, made on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// SHA-256 of the file's bytes, in hexadecimal.
    pub fn sha256(&self) -> String {
        let bytes = self.transcoded.as_ref().map_or(self.text.as_bytes(), decode::Transcoded::bytes);
        crate::finding::sha256_hex(bytes)
    }
}
