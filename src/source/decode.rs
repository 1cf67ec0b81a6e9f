//! Bytes to text. UTF-8 is the rule; UTF-16 and GB18030 are read when a byte order mark makes them
//! certain, others when the configuration or the head of an XML file or gettext catalogue declares them. Nothing is guessed: anything else is a problem
//! that names the first bad byte. Begin at [`Source::from_bytes`].

use super::{LineIndex, Location, Position, Source, disk};
use crate::problem::{Place, Problem};
use crate::words::Words;
use encoding_rs::{DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::path::Path;
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
    runs: Vec<Run>,
}

/// Neighbouring characters that are all equally long in the text and equally long in the file.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// First byte in the text.
    text: u32,
    /// First byte in the file.
    file: u32,
    /// Bytes of one character in the text.
    text_step: u8,
    /// Bytes of one character in the file.
    file_step: u8,
}

impl Transcoded {
    /// The file's own bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file byte where text byte `at` stands; a byte inside a character counts as its first.
    pub fn byte_of(&self, at: u32) -> u64 {
        let index = self.runs.partition_point(|run| run.text <= at).saturating_sub(1);
        let Some(run) = self.runs.get(index) else { return 0 };
        let characters = at.saturating_sub(run.text) / u32::from(run.text_step.max(1));
        let byte = u64::from(run.file) + u64::from(characters) * u64::from(run.file_step);
        byte.min(self.bytes.len() as u64)
    }
}

impl Source {
    /// Reads and decodes the file at `absolute`, shown as `path`; `declared` as in [`Source::from_bytes`].
    ///
    /// # Errors
    /// A problem `unreadable` when the system does not give its bytes, else as [`Source::from_bytes`].
    pub fn open(path: &Arc<str>, absolute: &Path, declared: Option<&str>) -> Result<Self, Box<Problem>> {
        match disk::read(absolute) {
            Ok(bytes) => Self::from_bytes(path, bytes, declared),
            Err(error) => {
                let words =
                    Words::new(format!("cannot read the file: {error}"), format!("无法读取文件：{error}"));
                Err(Box::new(Problem::error("unreadable", words).in_file(path)))
            }
        }
    }

    /// Decodes a file. `declared` is a WHATWG encoding label from the configuration; a byte order mark is
    /// stronger.
    ///
    /// # Errors
    /// A problem `not-utf8` or (when an encoding was declared or marked) `bad-encoding` that names the
    /// first bad byte, `nul-byte` for UTF-8 with a NUL in it, `unknown-encoding` for a label that nobody knows, `too-large` over 4 GiB.
    pub fn from_bytes(path: &Arc<str>, bytes: Vec<u8>, declared: Option<&str>) -> Result<Self, Box<Problem>> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(too_large(path));
        }
        let (encoding, mark) = match marked(&bytes) {
            Some(found) => found,
            None => match declared {
                None => (said_inside(path, &bytes).unwrap_or(UTF_8), 0),
                Some(label) => (by_label(label).ok_or_else(|| unknown(path, label))?, 0),
            },
        };
        if encoding == UTF_8 { utf8(path, bytes) } else { transcode(path, bytes, encoding, mark) }
    }
}

/// The encoding that a byte order mark makes certain, and the mark's length where it is not kept.
fn marked(bytes: &[u8]) -> Option<(&'static encoding_rs::Encoding, usize)> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some((UTF_8, 0)),
        // UTF-32 starts like UTF-16 and is read as neither.
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => Some((UTF_16BE, 2)),
        [0x84, 0x31, 0x95, 0x33, ..] => Some((GB18030, 4)),
        _ => None,
    }
}

/// The encoding that the head of an XML file or gettext catalogue names. UTF-16 shows itself by its mark.
fn said_inside(path: &str, bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    const HEAD: usize = 4096;
    let ending = path.rsplit('.').next().unwrap_or("");
    let (before, quotes) = match ending.to_ascii_lowercase().as_str() {
        "xml" => ("encoding=", true),
        "po" | "pot" => ("charset=", false),
        _ => return None,
    };
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
    // Of XML only the declaration in its first line speaks.
    let head = if quotes { head.strip_prefix("<?xml")?.split("?>").next()? } else { &*head };
    let label = head.split_once(before)?.1.trim_start_matches(['"', '\'']);
    let len = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')));
    let label = label.get(..len.unwrap_or(label.len()))?;
    by_label(label).filter(|encoding| encoding.is_ascii_compatible())
}

fn by_label(label: &str) -> Option<&'static encoding_rs::Encoding> {
    encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())
}

fn utf8(path: &Arc<str>, bytes: Vec<u8>) -> Result<Source, Box<Problem>> {
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(nul_byte(path, &text)),
        Ok(text) => Ok(Source {
            path: Arc::clone(path),
            bytes: text.len() as u64,
            text,
            encoding: Encoding::Utf8,
            transcoded: None,
            lines: OnceLock::new(),
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let (valid, rest) = bytes.split_at(at);
            let bad =
                std::str::from_utf8(rest).err().and_then(|error| error.error_len()).unwrap_or(rest.len());
            let valid = String::from_utf8_lossy(valid);
            let mut problem = bad_byte(path, UTF_8, &valid, at, bad);
            problem.help = Some(advice(path, &bytes));
            Err(problem)
        }
    }
}

/// Decodes a file that is not UTF-8; `mark` is the length of its byte order mark.
fn transcode(
    path: &Arc<str>,
    bytes: Vec<u8>,
    encoding: &'static encoding_rs::Encoding,
    mark: usize,
) -> Result<Source, Box<Problem>> {
    let (text, mut runs) = characters(path, &bytes, encoding, mark)?;
    if u32::try_from(text.len()).is_err() {
        return Err(too_large(path));
    }
    // The end of the text is the end of the file.
    add_run(&mut runs, text.len(), bytes.len(), 0, 0);
    Ok(Source {
        path: Arc::clone(path),
        text,
        encoding: Encoding::Other(encoding.name()),
        bytes: bytes.len() as u64,
        transcoded: Some(Transcoded { bytes, runs }),
        lines: OnceLock::new(),
    })
}

/// The text, and which bytes its characters came from. Decodes byte by byte to know them; runs of ASCII
/// go at once where the encoding has ASCII in it.
fn characters(
    path: &Arc<str>,
    bytes: &[u8],
    encoding: &'static encoding_rs::Encoding,
    mark: usize,
) -> Result<(String, Vec<Run>), Box<Problem>> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut runs = Vec::new();
    let mut from = mark;
    let mut at = mark;
    while at < bytes.len() || from < at {
        let rest = bytes.get(at..).unwrap_or(&[]);
        if from == at && encoding.is_ascii_compatible() {
            let len = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
            if len > 0 {
                add_run(&mut runs, text.len(), from, 1, 1);
                text.push_str(&String::from_utf8_lossy(rest.get(..len).unwrap_or(&[])));
                at += len;
                from = at;
                continue;
            }
        }
        let before = text.len();
        text.reserve(16);
        let (result, read) = decoder.decode_to_string_without_replacement(
            rest.get(..1).unwrap_or(&[]),
            &mut text,
            rest.is_empty(),
        );
        at += read;
        if let DecoderResult::Malformed(bad, after) = result {
            let start = at.saturating_sub(usize::from(bad) + usize::from(after));
            return Err(bad_byte(path, encoding, &text, start, usize::from(bad)));
        }
        if text.len() > before {
            add_run(&mut runs, before, from, text.len() - before, at - from);
            from = at;
        } else if rest.is_empty() {
            break;
        }
    }
    Ok((text, runs))
}

/// Notes that a character of `text_step` bytes at `text` came from `file_step` bytes at `file`.
fn add_run(runs: &mut Vec<Run>, text: usize, file: usize, text_step: usize, file_step: usize) {
    let step = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    let (text_step, file_step) = (step(text_step), step(file_step));
    if runs.last().is_none_or(|run: &Run| (run.text_step, run.file_step) != (text_step, file_step)) {
        let place = super::Span::of(text, file);
        runs.push(Run { text: place.start, file: place.end, text_step, file_step });
    }
}

/// The problem of a byte that cannot be decoded: `len` bytes from byte `at` of the file, after `valid`.
fn bad_byte(
    path: &Arc<str>,
    encoding: &'static encoding_rs::Encoding,
    valid: &str,
    at: usize,
    len: usize,
) -> Box<Problem> {
    let end = u32::try_from(valid.len()).unwrap_or(u32::MAX);
    let position = LineIndex::new(valid).position(valid, end);
    let (code, name) =
        if encoding == UTF_8 { ("not-utf8", "UTF-8") } else { ("bad-encoding", encoding.name()) };
    let (line, column) = (position.line, position.column);
    let words = Words::new(
        format!("not {name}: byte {at} (line {line}, column {column}) cannot be decoded"),
        format!("不是 {name} 编码：第 {at} 字节（第 {line} 行第 {column} 列）无法解码"),
    );
    at_byte(Problem::error(code, words), path, position, at, len)
}

/// The problem of a text with a NUL in it: a binary file, or UTF-16 that nothing marks as such.
fn nul_byte(path: &Arc<str>, text: &str) -> Box<Problem> {
    let at = text.find('\0').unwrap_or(0);
    let position = LineIndex::new(text).position(text, u32::try_from(at).unwrap_or(u32::MAX));
    let words = Words::new(
        format!("byte {at} is NUL: this is not a text file"),
        format!("第 {at} 字节为 NUL：不是文本文件"),
    );
    let help = Words::new(
        "if it is UTF-16, declare encoding = \"utf-16le\" in its [[source]]",
        "如为 UTF-16 编码，请在 [[source]] 中声明 encoding = \"utf-16le\"",
    );
    at_byte(Problem::error("nul-byte", words).help(help), path, position, at, 1)
}

/// `problem` at `len` bytes from byte `at` of a file whose text is not kept.
fn at_byte(problem: Problem, path: &Arc<str>, position: Position, at: usize, len: usize) -> Box<Problem> {
    let location = Location {
        path: Arc::clone(path),
        byte_start: at as u64,
        byte_end: (at + len.max(1)) as u64,
        start: position,
        end: position,
    };
    let place = Some(Place::Resolved(Box::new(location)));
    Box::new(Problem { place, ..problem.in_file(path) })
}

/// What to do about a file that is not UTF-8. That the bytes are valid GB18030 proves nothing, so it is
/// said and not acted upon.
fn advice(path: &str, bytes: &[u8]) -> Words {
    let gb18030 = GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    if path.ends_with(".properties") {
        // The format's own encoding up to Java 8; GB18030 is as common, and nothing in the bytes tells.
        Words::new(
            "save it as UTF-8, or declare encoding = \"iso-8859-1\" (or \"gb18030\") in its [[source]]",
            "请将文件另存为 UTF-8，或在 [[source]] 中声明 encoding = \"iso-8859-1\"（或 \"gb18030\"）",
        )
    } else if gb18030 {
        Words::new(
            "its bytes would be valid GB18030: save it as UTF-8, or declare encoding = \"gb18030\" in its [[source]]",
            "内容可能是 GB18030 编码：请另存为 UTF-8，或在 [[source]] 中声明 encoding = \"gb18030\"",
        )
    } else {
        Words::new(
            "save the file as UTF-8, or declare its encoding in its [[source]]",
            "请将文件另存为 UTF-8，或在 [[source]] 中声明其编码",
        )
    }
}

fn unknown(path: &Arc<str>, label: &str) -> Box<Problem> {
    let words = Words::new(
        format!("“{label}” is not the name of an encoding"),
        format!("“{label}”不是已知的编码名称"),
    );
    let help = Words::new(
        "known names are those of the WHATWG Encoding Standard: utf-8, gb18030, gbk, big5, utf-16le …",
        "可用名称见 WHATWG 编码标准：utf-8、gb18030、gbk、big5、utf-16le 等",
    );
    Box::new(Problem::error("unknown-encoding", words).in_file(path).help(help))
}

fn too_large(path: &Arc<str>) -> Box<Problem> {
    let words = Words::new("the file is larger than 4 GiB", "文件超过 4 GiB");
    Box::new(Problem::error("too-large", words).in_file(path))
}
