//! JSON Lines: one JSON value a line. A broken line is a problem of its own; the others are read.

use super::json;
use super::{Host, Read};
use crate::source::document::{Budget, Document};
use crate::source::{Source, SourceSpec, extract};

/// The host `jsonl`.
#[derive(Debug)]
pub(super) struct JsonLines;

impl Host for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        extract::read(self.name(), source, parse(text, base), spec)
    }
}

fn parse(text: &str, base: u32) -> Document {
    let mut document = Document::default();
    let mut start = base;
    let mut budget = Budget::default();
    for line in text.split_inclusive('\n') {
        if !line.trim_ascii().is_empty() {
            // A value that breaks off does so at the end of its own line.
            let value = line.trim_end_matches(['\n', '\r']);
            let read = json::parse(value, start, &mut budget);
            document.roots.extend(read.roots);
            document.problems.append(read.problems);
        }
        start += u32::try_from(line.len()).unwrap_or(0);
    }
    document
}
