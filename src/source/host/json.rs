//! JSON. An own reader because every string needs its escape map and hostile nesting must not use the
//! stack: one loop, a stack of open lists and maps, and whatever stood before a mistake is kept.

use super::json_string;
use super::{Host, Read};
use crate::problem::Problem;
use crate::source::document::{Budget, Document, Entry, MAX_DEPTH, Map, Node, Problems, Value, too_deep};
use crate::source::{Source, SourceSpec, Span, extract};
use crate::words::Words;
use std::sync::Arc;

/// The host `json`.
#[derive(Debug)]
pub(super) struct Json;

impl Host for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base, &mut Budget::default()))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        extract::read(self.name(), source, parse(text, base, &mut Budget::default()), spec)
    }
}

/// Reads one JSON value. `base` is where `text` stands in its source; `budget` is the file's.
pub(super) fn parse(text: &str, base: u32, budget: &mut Budget) -> Document {
    let mut reader = Reader { text, base, at: 0, stack: Vec::new(), problems: Problems::default(), budget };
    let mut roots = Vec::new();
    match reader.document() {
        Ok(root) => {
            roots.push(root);
            reader.blanks();
            if reader.at < text.len() {
                let mut problem = reader.unexpected("the end of the file", "文件结束");
                problem.help = Some(Words::new(
                    "one value a file; with one value a line, name the host “jsonl”",
                    "一个文件只能有一个值；若每行一个值，请使用格式“jsonl”",
                ));
                reader.problems.push(problem);
            }
        }
        Err(problem) => {
            reader.problems.push(*problem);
            roots.extend(reader.salvage());
        }
    }
    Document { roots, problems: reader.problems }
}

type Step<T> = Result<T, Box<Problem>>;

struct Reader<'t> {
    text: &'t str,
    base: u32,
    at: usize,
    stack: Vec<Open>,
    problems: Problems,
    budget: &'t mut Budget,
}

/// A list or map whose end has not been seen.
enum Open {
    List { start: usize, nodes: Vec<Node> },
    Map { start: usize, map: Map, key: Option<(Arc<str>, Span)> },
}

impl Reader<'_> {
    fn document(&mut self) -> Step<Node> {
        loop {
            let Some(mut node) = self.value()? else { continue };
            loop {
                node = match self.attach(node)? {
                    Attached::Root(root) => return Ok(root),
                    Attached::Closed(node) => node,
                    Attached::More => break,
                };
            }
        }
    }

    /// The next value; `None` when a list or map was opened that is not empty.
    fn value(&mut self) -> Step<Option<Node>> {
        self.blanks();
        let start = self.at;
        match self.peek() {
            Some(b'{') => {
                self.open(Open::Map { start, map: Map::default(), key: None })?;
                if self.take(b'}') {
                    return Ok(self.close());
                }
                self.key()?;
                Ok(None)
            }
            Some(b'[') => {
                self.open(Open::List { start, nodes: Vec::new() })?;
                Ok(if self.take(b']') { self.close() } else { None })
            }
            Some(b'"') => {
                let string = json_string::read(self.text, self.base, start, &mut self.problems)?;
                self.at = string.end;
                Ok(Some(Node::new(string.inside, Value::String(string.mapped))))
            }
            Some(b'-' | b'0'..=b'9') => self.number(start).map(Some),
            _ => self.word(start).map(Some),
        }
    }

    fn open(&mut self, open: Open) -> Step<()> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(self.span(self.at, self.at + 1))));
        }
        self.at += 1;
        self.stack.push(open);
        self.blanks();
        Ok(())
    }

    /// Ends the innermost list or map at the byte before `self.at`.
    fn close(&mut self) -> Option<Node> {
        let node = match self.stack.pop()? {
            Open::List { start, nodes } => Node::new(self.span(start, self.at), Value::List(nodes)),
            Open::Map { start, map, .. } => {
                self.problems.extend(map.duplicates());
                Node::new(self.span(start, self.at), Value::Map(map))
            }
        };
        Some(node)
    }

    /// Puts a finished value where it belongs and reads what follows it.
    fn attach(&mut self, node: Node) -> Step<Attached> {
        self.budget.take(1, node.span)?;
        let in_map = match self.stack.last_mut() {
            None => return Ok(Attached::Root(node)),
            Some(Open::List { nodes, .. }) => {
                nodes.push(node);
                false
            }
            Some(Open::Map { map, key, .. }) => {
                if let Some((key, span)) = key.take() {
                    map.entries.push(Entry { key, key_span: Some(span), value: node });
                }
                true
            }
        };
        self.blanks();
        if self.take(b',') {
            if in_map {
                self.key()?;
            }
            return Ok(Attached::More);
        }
        if self.take(if in_map { b'}' } else { b']' }) {
            return Ok(self.close().map_or(Attached::More, Attached::Closed));
        }
        Err(Box::new(if in_map {
            self.unexpected("“,” or “}”", "“,”或“}”")
        } else {
            self.unexpected("“,” or “]”", "“,”或“]”")
        }))
    }

    fn key(&mut self) -> Step<()> {
        self.blanks();
        if self.peek() != Some(b'"') {
            return Err(Box::new(self.unexpected("a key in double quotes", "双引号中的键")));
        }
        let string = json_string::read(self.text, self.base, self.at, &mut self.problems)?;
        self.at = string.end;
        if let Some(Open::Map { key, .. }) = self.stack.last_mut() {
            *key = Some((string.mapped.text.into(), string.inside));
        }
        self.blanks();
        if self.take(b':') { Ok(()) } else { Err(Box::new(self.unexpected("“:”", "“:”"))) }
    }

    fn number(&mut self, start: usize) -> Step<Node> {
        let rest = self.text.get(start..).unwrap_or("");
        let len = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'))
            .count();
        let raw = rest.get(..len).unwrap_or("");
        let span = self.span(start, start + len);
        if serde_json::from_str::<serde::de::IgnoredAny>(raw).is_err() {
            let words = Words::new("not a JSON number", "不是合法的 JSON 数字");
            return Err(Box::new(Problem::error("json-syntax", words).at(span)));
        }
        self.at = start + len;
        Ok(Node::new(span, Value::Number(raw.to_owned())))
    }

    fn word(&mut self, start: usize) -> Step<Node> {
        let rest = self.text.get(start..).unwrap_or("");
        let words = [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))];
        for (word, value) in words {
            if rest.starts_with(word) {
                self.at = start + word.len();
                return Ok(Node::new(self.span(start, self.at), value));
            }
        }
        Err(Box::new(self.unexpected("a value", "一个值")))
    }

    /// What was complete before a mistake. Maps that were still open are marked: a member may be missing.
    fn salvage(&mut self) -> Option<Node> {
        let mut inner = None;
        while let Some(open) = self.stack.pop() {
            inner = Some(match open {
                Open::List { start, mut nodes } => {
                    nodes.extend(inner);
                    Node::new(self.span(start, self.at), Value::List(nodes))
                }
                Open::Map { start, mut map, key } => {
                    map.broken = true;
                    if let (Some((key, span)), Some(value)) = (key, inner) {
                        map.entries.push(Entry { key, key_span: Some(span), value });
                    }
                    Node::new(self.span(start, self.at), Value::Map(map))
                }
            });
        }
        inner
    }

    fn unexpected(&self, wanted_en: &str, wanted_zh: &str) -> Problem {
        let rest = self.text.get(self.at..).unwrap_or("");
        let found = rest.chars().next();
        let span = self.span(self.at, self.at + found.map_or(0, char::len_utf8));
        let words = match found {
            None => Words::new(
                format!("the file ends where {wanted_en} is expected"),
                format!("文件在此结束，此处应为{wanted_zh}"),
            ),
            Some(found) => Words::new(
                format!("{found:?} where {wanted_en} is expected"),
                format!("此处为 {found:?}，应为{wanted_zh}"),
            ),
        };
        Problem::error("json-syntax", words).at(span)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::of(start, end).shift(self.base)
    }
}

enum Attached {
    /// The value was the document.
    Root(Node),
    /// It closed the list or map around it, which is now finished itself.
    Closed(Node),
    /// Another value follows.
    More,
}
