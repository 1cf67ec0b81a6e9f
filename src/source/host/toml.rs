//! TOML. Structure and places come from the `toml` crate, which bounds its own depth; the way back through the four kinds of string
//! is made by [`super::toml_string`].

use super::toml_string;
use super::{Host, Read};
use crate::problem::Problem;
use crate::source::document::{Document, Entry, Map, Node, Problems, Value};
use crate::source::{Mapped, Source, SourceSpec, Span, extract};
use crate::words::Words;
use std::collections::HashSet;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The host `toml`.
#[derive(Debug)]
pub(super) struct Toml;

impl Host for Toml {
    fn name(&self) -> &'static str {
        "toml"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        extract::read(self.name(), source, parse(text, base), spec)
    }
}

/// Which errors of the TOML reader say something new: each open bracket of a value that breaks off gives
/// one, and nesting that is too deep gives one a level.
#[derive(Default)]
pub(crate) struct Told {
    last: Option<(std::ops::Range<usize>, String)>,
    too_deep: bool,
}

impl Told {
    /// Whether `error`, which comes after all it was asked about before, is worth telling.
    pub(crate) fn is_new(&mut self, error: &::toml::de::Error) -> bool {
        let this = Some((error.span().unwrap_or(0..0), error.message().to_owned()));
        let new = !self.too_deep && self.last != this;
        self.too_deep |= error.message().contains("recurs");
        self.last = this;
        new
    }
}

fn parse(text: &str, base: u32) -> Document {
    let reader = Reader { text, base };
    let mut problems = Problems::default();
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut map = reader.table(table.into_inner());
    if !errors.is_empty() {
        let mut starts = Vec::new();
        keys(&map, &mut starts);
        starts.sort_unstable();
        let mut broken = HashSet::new();
        let mut told = Told::default();
        for error in errors {
            let span = reader.span(error.span().unwrap_or(0..0));
            let what = error.message();
            if told.is_new(&error) {
                let words = Words::new(format!("not TOML: {what}"), format!("TOML 语法错误：{what}"));
                problems.push(Problem::error("toml-syntax", words).at(span));
            }
            // The table around a mistake is the one that holds the last key before it.
            let before = starts.partition_point(|start| *start <= span.start);
            broken.extend(before.checked_sub(1).and_then(|i| starts.get(i)));
        }
        mark_broken(&mut map, &broken);
    }
    let whole = Span::of(0, text.len()).shift(base);
    Document { roots: vec![Node::new(whole, Value::Map(map))], problems }
}

struct Reader<'t> {
    text: &'t str,
    base: u32,
}

impl Reader<'_> {
    fn table(&self, table: DeTable<'_>) -> Map {
        let mut entries: Vec<Entry> = table
            .into_iter()
            .map(|(key, value)| {
                let span = value.span();
                Entry {
                    key_span: Some(self.span(key.span())),
                    key: key.into_inner().into(),
                    value: self.value(value.into_inner(), span),
                }
            })
            .collect();
        // The crate sorts by name; messages are wanted in the order of the file.
        entries.sort_by_key(|entry| entry.key_span);
        Map { entries, broken: false }
    }

    fn value(&self, value: DeValue<'_>, place: Range<usize>) -> Node {
        let span = self.span(place.clone());
        let raw = || span_text(self.text, &place).to_owned();
        let value = match value {
            DeValue::String(text) => {
                let string = toml_string::read(span_text(self.text, &place), &text, span.start);
                return Node::new(string.inside, Value::String(string.mapped));
            }
            DeValue::Integer(_) | DeValue::Float(_) => Value::Number(raw()),
            DeValue::Boolean(value) => Value::Bool(value),
            DeValue::Datetime(_) => Value::String(Mapped::verbatim(&raw(), span.start)),
            DeValue::Array(values) => Value::List(
                values
                    .into_iter()
                    .map(|value| {
                        let span = value.span();
                        self.value(value.into_inner(), span)
                    })
                    .collect(),
            ),
            DeValue::Table(table) => Value::Map(self.table(table)),
        };
        Node::new(span, value)
    }

    fn span(&self, place: Range<usize>) -> Span {
        Span::of(place.start, place.end.max(place.start)).shift(self.base)
    }
}

fn span_text<'t>(text: &'t str, place: &Range<usize>) -> &'t str {
    text.get(place.clone()).unwrap_or("")
}

/// Where the keys of a tree stand.
fn keys(map: &Map, starts: &mut Vec<u32>) {
    for entry in &map.entries {
        starts.extend(entry.key_span.map(|span| span.start));
        each_map(&entry.value, &mut |map| keys(map, starts));
    }
}

/// Marks the maps that hold a key at one of `starts`.
fn mark_broken(map: &mut Map, starts: &HashSet<u32>) {
    for entry in &mut map.entries {
        map.broken |= entry.key_span.is_some_and(|span| starts.contains(&span.start));
        match &mut entry.value.value {
            Value::Map(map) => mark_broken(map, starts),
            Value::List(nodes) => nodes.iter_mut().for_each(|node| {
                if let Value::Map(map) = &mut node.value {
                    mark_broken(map, starts);
                }
            }),
            _ => {}
        }
    }
}

fn each_map(node: &Node, visit: &mut impl FnMut(&Map)) {
    match &node.value {
        Value::Map(map) => visit(map),
        Value::List(nodes) => nodes.iter().for_each(|node| {
            if let Value::Map(map) = &node.value {
                visit(map);
            }
        }),
        _ => {}
    }
}
