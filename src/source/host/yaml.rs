//! YAML. Structure and values come from granit-parser's events, with places; the way back through the
//! five scalar styles is made by [`super::yaml_scalar`]. Anchors are read over; aliases, merge keys, tags
//! and further documents are problems at their places.

use super::yaml_scalar;
use super::{Host, Read};
use crate::problem::Problem;
use crate::source::document::{Budget, Document, Entry, Map, Node, Value, too_deep};
use crate::source::{Mapped, Source, SourceSpec, Span, extract};
use crate::words::Words;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};
use std::sync::Arc;

/// The host `yaml`.
#[derive(Debug)]
pub(super) struct Yaml;

impl Host for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
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
    // Block and flow collections nest in each other: both limits together stay under `MAX_DEPTH`.
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: 120,
        block_nesting_limit: 120,
    };
    let mut builder = Builder { text, base, stack: Vec::new(), document: Document::default(), documents: 0 };
    let mut budget = Budget::default();
    let mut end = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, place)) => {
                end = place.end.byte_offset().unwrap_or(end);
                if let Err(problem) = budget.take(1, builder.span(end, end)) {
                    builder.document.problems.push(*problem);
                    break;
                }
                builder.event(event, &place);
            }
            Err(error) => {
                builder.fail(&error);
                break;
            }
        }
    }
    builder.salvage(end);
    builder.document
}

struct Builder<'t> {
    text: &'t str,
    base: u32,
    stack: Vec<Open>,
    document: Document,
    documents: usize,
}

/// A collection whose end has not been seen.
enum Open {
    List { start: usize, nodes: Vec<Node> },
    Map { start: usize, map: Map, key: Option<(Arc<str>, Span)> },
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) {
        let start = place.start.byte_offset().unwrap_or(0);
        let end = place.end.byte_offset().unwrap_or(start);
        if event.tag().is_some() {
            self.tag(place, start);
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents == 2 {
                    let words = Words::new("a second document in one file", "一个文件中有多个 YAML 文档");
                    self.problem("yaml-documents", words, self.span(start, end));
                }
            }
            Event::Scalar(value, style, ..) => {
                let node = self.scalar(&value, style, start, end);
                self.attach(node, true);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let words = Words::new(
                    "YAML aliases are not followed; write the value out",
                    "不支持 YAML 别名，请直接写出其值",
                );
                let span = self.span(start, end);
                self.problem("yaml-alias", words, span);
                self.attach(Node::new(span, Value::Unread), false);
            }
            Event::SequenceStart(..) => self.stack.push(Open::List { start, nodes: Vec::new() }),
            Event::MappingStart(..) => self.stack.push(Open::Map { start, map: Map::default(), key: None }),
            Event::SequenceEnd | Event::MappingEnd => self.close(end),
            _ => {}
        }
    }

    fn tag(&mut self, place: &granit_parser::Span, start: usize) {
        let tag = place.tag_span().and_then(|tag| tag.start.byte_offset().zip(tag.end.byte_offset()));
        let (from, to) = tag.unwrap_or((start, start));
        let words = Words::new("YAML tags are not supported", "不支持 YAML 标签");
        self.problem("yaml-tag", words, self.span(from, to));
    }

    fn scalar(&self, value: &str, style: ScalarStyle, start: usize, end: usize) -> Node {
        let raw = self.text.get(start..end).unwrap_or("");
        let span = self.span(start, end);
        let (inside, mapped) = match style {
            ScalarStyle::Plain => {
                if let Some(value) = plain(value, raw) {
                    return Node::new(span, value);
                }
                (span, yaml_scalar::flow(value, raw, span.start, yaml_scalar::Quotes::None))
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let quotes = if style == ScalarStyle::SingleQuoted {
                    yaml_scalar::Quotes::Single
                } else {
                    yaml_scalar::Quotes::Double
                };
                let inside = self.span(start + 1, end.saturating_sub(1).max(start + 1));
                let raw = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
                (inside, yaml_scalar::flow(value, raw, inside.start, quotes))
            }
            _ => {
                let mapped = yaml_scalar::block(value, self.text, start, self.base);
                (mapped.as_ref().map_or(span, text_of), mapped)
            }
        };
        // The value itself is always the parser's: were its way back not understood, it is one piece.
        let mapped = mapped.unwrap_or_else(|| {
            let mut whole = Mapped::new();
            whole.escape(
                value,
                if inside.is_empty() { Span::new(inside.start, inside.start + 1) } else { inside },
            );
            whole
        });
        Node::new(inside, Value::String(mapped))
    }

    /// Puts a finished node where it belongs: a map takes keys and values in turn.
    fn attach(&mut self, node: Node, readable: bool) {
        match self.stack.last_mut() {
            None => self.document.roots.push(node),
            Some(Open::List { nodes, .. }) => nodes.push(node),
            Some(Open::Map { map, key, .. }) => match key.take() {
                Some((key, span)) => map.entries.push(Entry { key, key_span: Some(span), value: node }),
                None => {
                    let raw = || {
                        Span::new(node.span.start - self.base, node.span.end - self.base).of_text(self.text)
                    };
                    let name: Arc<str> = node.as_text().unwrap_or_else(raw).into();
                    *key = Some((Arc::clone(&name), node.span));
                    if readable && &*name == "<<" {
                        let words = Words::new(
                            "YAML merge keys are not followed; write the members out",
                            "不支持 YAML 合并键，请直接写出各成员",
                        );
                        self.problem("yaml-merge", words, node.span);
                    }
                }
            },
        }
    }

    fn close(&mut self, end: usize) {
        let node = match self.stack.pop() {
            Some(Open::List { start, nodes }) => Node::new(self.span(start, end), Value::List(nodes)),
            Some(Open::Map { start, map, .. }) => {
                self.document.problems.extend(map.duplicates());
                Node::new(self.span(start, end), Value::Map(map))
            }
            None => return,
        };
        self.attach(node, true);
    }

    fn fail(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let width = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            self.document.problems.push(too_deep(self.span(at, at + width)));
            return;
        }
        let what = error.info();
        let words = Words::new(format!("not YAML: {what}"), format!("YAML 语法错误：{what}"));
        self.problem("yaml-syntax", words, self.span(at, at + width));
    }

    /// Ends what a mistake left open. Maps that were open are marked: a member may be missing.
    fn salvage(&mut self, end: usize) {
        while let Some(open) = self.stack.last_mut() {
            if let Open::Map { map, key, .. } = open {
                map.broken = true;
                *key = None;
            }
            let node = match self.stack.pop() {
                Some(Open::List { start, nodes }) => Node::new(self.span(start, end), Value::List(nodes)),
                Some(Open::Map { start, map, .. }) => Node::new(self.span(start, end), Value::Map(map)),
                None => return,
            };
            self.attach(node, false);
        }
    }

    fn problem(&mut self, code: &'static str, words: Words, at: Span) {
        self.document.problems.push(Problem::error(code, words).at(at));
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::of(start, end.max(start)).shift(self.base)
    }
}

/// The place of a block scalar: from its first text character to its last, without the line ends around.
fn text_of(mapped: &Mapped) -> Span {
    let text = mapped.text.trim_matches('\n');
    let start = mapped.text.len() - mapped.text.trim_start_matches('\n').len();
    mapped.cover(Span::of(start, start + text.len()))
}

/// What a plain scalar means when it is not a text (YAML 1.2 core schema).
fn plain(value: &str, raw: &str) -> Option<Value> {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => is_number(raw).then(|| Value::Number(raw.to_owned())),
    }
}

fn is_number(raw: &str) -> bool {
    let digits = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    let after_point = digits.strip_prefix('.').unwrap_or(digits);
    after_point.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}
