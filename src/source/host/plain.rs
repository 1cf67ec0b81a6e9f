//! One template a file, with its metadata in front matter: `---` lines around `key: value`, or `+++`
//! lines around TOML.

use super::{Host, Read};
use crate::problem::Problem;
use crate::source::declare::{self, Body};
use crate::source::{ChosenBy, Id, Mapped, Meta, Source, SourceSpec, Span};
use crate::words::Words;

/// The host `plain`.
#[derive(Debug)]
pub(super) struct Plain;

impl Host for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        if text.trim().is_empty() {
            return Read::blank();
        }
        let mut read = Read::default();
        let mut front = Front::default();
        let body = match split(text) {
            Split::None => text,
            Split::Front { format, inside, body } => {
                front = Front::read(
                    format,
                    text.get(inside.range()).unwrap_or(""),
                    base + inside.start,
                    &mut read,
                );
                text.get(body..).unwrap_or("")
            }
            Split::Unclosed(fence) => {
                let words = Words::new("the front matter is never closed", "文件头没有结束标记");
                read.problems.push(Problem::error("front-matter", words).at(Span::of(0, fence).shift(base)));
                return read;
            }
        };
        let body_at = base as usize + (text.len() - body.len());
        let trimmed = body.trim_start_matches(['\n', '\r']);
        let start = body_at + (body.len() - trimmed.len());
        let trimmed = trimmed.trim_end_matches(['\n', '\r']);
        if trimmed.trim().is_empty() {
            read.problems.extend(Read::blank().problems);
            return read;
        }
        let span = Span::of(start, start + trimmed.len());
        let body = Body { mapped: lines(trimmed, span.start), span };
        let id = front.id.unwrap_or_else(|| Id { text: source.stem().to_owned(), span: None });
        let mut record = declare::finish(id, body, front.meta, spec);
        if record.dialect_chosen_by == Some(ChosenBy::Record) {
            record.dialect_chosen_by = Some(ChosenBy::FrontMatter);
        }
        read.records.push(record);
        read
    }
}

/// `text`, which stands at `at`, with each CRLF as one `\n` of two source bytes.
pub(super) fn lines(text: &str, at: u32) -> Mapped {
    let mut mapped = Mapped::new();
    let mut start = 0;
    for (i, piece) in text.split("\r\n").enumerate() {
        if i > 0 {
            mapped.escape("\n", Span::of(start, start + 2).shift(at));
            start += 2;
        }
        mapped.copy(piece, Span::of(start, start).start + at);
        start += piece.len();
    }
    mapped
}

/// What the front matter declares.
#[derive(Default)]
struct Front {
    id: Option<Id>,
    meta: Meta,
}

impl Front {
    fn read(format: &str, inside: &str, base: u32, read: &mut Read) -> Self {
        let mut front = Self::default();
        let Some(document) = super::by_name(format).and_then(|host| host.document(inside, base)) else {
            return front;
        };
        read.problems.extend(document.problems.into_vec());
        let Some(root) = document.roots.first() else { return front };
        let Some(map) = root.as_map() else {
            if !root.is_blank() {
                let words = Words::new("front matter must be “key: value” lines", "文件头应为“键: 值”");
                read.problems.push(Problem::error("front-matter", words).at(root.span));
            }
            return front;
        };
        front.id = map.get("id").and_then(|entry| {
            let text = entry.value.as_text().filter(|text| !text.is_empty())?;
            Some(Id { text: text.to_owned(), span: Some(entry.value.span) })
        });
        declare::all_fields(&mut front.meta, map);
        front
    }
}

enum Split {
    None,
    /// Front matter in `format` at `inside`; the body starts at byte `body`.
    Front {
        format: &'static str,
        inside: Span,
        body: usize,
    },
    /// The first line opens front matter that nothing closes; its length in bytes.
    Unclosed(usize),
}

/// Cuts the front matter off. Only a first line of exactly `---` or `+++` opens it.
fn split(text: &str) -> Split {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or("");
    let fence = first.trim_end();
    let format = match fence {
        "---" => "yaml",
        "+++" => "toml",
        _ => return Split::None,
    };
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == fence {
            return Split::Front { format, inside: Span::of(first.len(), at), body: at + line.len() };
        }
        at += line.len();
    }
    Split::Unclosed(fence.len())
}
