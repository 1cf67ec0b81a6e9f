//! The rows after PostgreSQL's `COPY … FROM stdin;`: one a line, values between tabulators, `\N` for null, `\.` at the end.

use crate::source::document::{Node, Value};
use crate::source::{Mapped, Span};

/// The rows at the start of `text`, which stands at `at`, each with its place, and the length of all in bytes.
pub(super) fn rows(text: &str, at: u32) -> (Vec<(Vec<Node>, Span)>, usize) {
    let mut rows = Vec::new();
    let mut start = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        let from = start;
        start += whole.len();
        // The rest of the statement's own line.
        if index == 0 && line.is_empty() {
            continue;
        }
        if line == "\\." {
            break;
        }
        let mut cell = from;
        let row = line.split('\t').map(|raw| {
            let place = Span::of(cell, cell + raw.len()).shift(at);
            cell += raw.len() + 1;
            Node::new(place, value(raw, place.start))
        });
        rows.push((row.collect(), Span::of(from, from + line.len()).shift(at)));
    }
    (rows, start)
}

fn value(raw: &str, at: u32) -> Value {
    if raw == "\\N" {
        return Value::Null;
    }
    let place = |start: usize, end: usize| Span::of(start, end).shift(at);
    let mut mapped = Mapped::new();
    let mut run = 0;
    while let Some(found) = raw.get(run..).and_then(|rest| rest.find('\\')) {
        let start = run + found;
        mapped.copy(raw.get(run..start).unwrap_or(""), place(run, run).start);
        let Some(kind) = raw.get(start + 1..).and_then(|rest| rest.chars().next()) else {
            run = start;
            break;
        };
        let decoded = match kind {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            other => other,
        };
        run = start + 1 + kind.len_utf8();
        mapped.escape(decoded.encode_utf8(&mut [0; 4]), place(start, run));
    }
    mapped.copy(raw.get(run..).unwrap_or(""), place(run, run).start);
    Value::String(mapped)
}
