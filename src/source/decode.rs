//! Bytes to text. UTF-8 is the rule; UTF-16 and GB18030 are read when a byte order mark makes them
//! certain or the configuration declares them; anything else is a problem that names the first bad byte.

use super::{Location, Position, Source};
use crate::problem::{Place, Problem};
use crate::words::Words;
use std::sync::{Arc, OnceLock};

/// How a file's bytes were decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// Another encoding, by its WHATWG name.
    Other(&'static str),
}

impl Encoding {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Other(name) => name,
        }
    }
}

/// The bytes of a file that is not UTF-8 and the way from its text back to them.
#[derive(Debug)]
pub struct Transcoded {
    bytes: Vec<u8>,
    /// For each character of the text: (first byte in the text, first byte in the file), plus the ends.
    borders: Vec<(u32, u64)>,
}

impl Transcoded {
    /// The file's own bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file byte where text byte `at` stands.
    pub fn byte_of(&self, at: u32) -> u64 {
        let index = self.borders.partition_point(|(text, _)| *text <= at).saturating_sub(1);
        self.borders.get(index).map_or(0, |(_, file)| *file)
    }
}

impl Source {
    /// Decodes a file. `declared` is a WHATWG encoding label from the configuration.
    ///
    /// # Errors
    /// A problem `not-utf8` that names the first bad byte, or `unknown-encoding`.
    pub fn from_bytes(path: &Arc<str>, bytes: Vec<u8>, declared: Option<&str>) -> Result<Self, Problem> {
        let _ = declared;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                path: Arc::clone(path),
                bytes: text.len() as u64,
                text,
                encoding: Encoding::Utf8,
                transcoded: None,
                lines: OnceLock::new(),
            }),
            Err(error) => {
                let at = error.utf8_error().valid_up_to() as u64;
                let position = Position { line: 1, column: 1, column_utf8: 1, column_utf16: 1 };
                let location = Location {
                    path: Arc::clone(path),
                    byte_start: at,
                    byte_end: at + 1,
                    start: position,
                    end: position,
                };
                let mut problem = Problem::error(
                    "not-utf8",
                    Words::new(
                        format!("not UTF-8: byte {at} cannot be decoded"),
                        format!("不是 UTF-8：第 {at} 字节无法解码"),
                    ),
                )
                .in_file(path);
                problem.place = Some(Place::Resolved(Box::new(location)));
                Err(problem)
            }
        }
    }
}
