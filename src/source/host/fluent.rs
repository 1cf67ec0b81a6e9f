//! Fluent (`.ftl`): messages and their attributes, each a pattern of one or more lines. Terms (`-brand`) are pieces of
//! messages and none themselves.
//!
//! [`parse`] cuts the file into patterns by its lines; [`Pattern::read`] takes their indentation away. What stands
//! between braces is left to the placeholder language of the same name. FreeMarker has the same file ending:
//! [`is_fluent`] tells them apart.

use super::{Host, Read};
use crate::problem::Problem;
use crate::source::document::{Budget, Document, Entry, Map, Node, Problems, Value};
use crate::source::{ChosenBy, Mapped, Source, SourceSpec, Span, catalogue};
use crate::words::Words;

/// The host `fluent`.
#[derive(Debug)]
pub(super) struct Fluent;

impl Host for Fluent {
    fn name(&self) -> &'static str {
        "fluent"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        let mut read = catalogue::read(self.name(), source, parse(text, base), spec);
        let by = if spec.host.is_some() { ChosenBy::Host } else { ChosenBy::Content };
        read.records.iter_mut().for_each(|record| record.imply("fluent", by));
        read
    }
}

/// Whether `text` is Fluent and not FreeMarker: it has an entry, every line that is not indented is one, a comment or
/// the end of a placeable, and no directive of FreeMarker stands in it.
pub(super) fn is_fluent(text: &str) -> bool {
    let mut entries = 0;
    for line in text.lines() {
        match line.chars().next() {
            None | Some(' ' | '#' | '}') => continue,
            _ if line.trim().is_empty() => continue,
            _ if Head::of(line).is_some() => entries += 1,
            _ => return false,
        }
    }
    entries > 0 && !["<#", "</#", "<@"].iter().any(|mark| text.contains(mark))
}

/// The start of an entry: `id =`, `-term =`, ` .attribute =`.
struct Head<'t> {
    kind: Kind,
    name: &'t str,
    /// Where the name begins in the line, in bytes.
    at: usize,
    /// The byte of the line after the `=`.
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Message,
    Term,
    Attribute,
}

impl<'t> Head<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let trimmed = line.trim_start_matches(' ');
        let indent = line.len() - trimmed.len();
        let (kind, mark) = match trimmed.as_bytes().first()? {
            b'.' => (Kind::Attribute, 1),
            _ if indent > 0 => return None,
            b'-' => (Kind::Term, 1),
            _ => (Kind::Message, 0),
        };
        let rest = trimmed.get(mark..)?;
        let name_end = |byte: u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let len = rest.bytes().position(name_end).unwrap_or(rest.len());
        let name = rest.get(..len).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
        let after = rest.get(len..)?;
        let blanks = after.len() - after.trim_start_matches(' ').len();
        let at = indent + mark;
        (after.as_bytes().get(blanks) == Some(&b'=')).then_some(Self {
            kind,
            name,
            at,
            end: at + len + blanks + 1,
        })
    }
}

/// A line: where it begins in the text, and its length without its end.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    /// After its line end.
    next: usize,
}

fn parse(text: &str, base: u32) -> Document {
    let mut reader = Reader { text, base, lines: lines(text), problems: Problems::default() };
    let map = reader.entries();
    let root = Node::new(Span::of(0, text.len()).shift(base), Value::Map(map));
    Document { roots: vec![root], problems: reader.problems }
}

fn lines(text: &str) -> Vec<Line> {
    let mut start = 0;
    let mut lines = Vec::new();
    for whole in text.split_inclusive('\n') {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        let line = line.strip_suffix('\r').unwrap_or(line);
        lines.push(Line { start, end: start + line.len(), next: start + whole.len() });
        start += whole.len();
    }
    lines
}

struct Reader<'t> {
    text: &'t str,
    base: u32,
    lines: Vec<Line>,
    problems: Problems,
}

impl<'t> Reader<'t> {
    fn entries(&mut self) -> Map {
        let mut map = Map::default();
        let mut budget = Budget::default();
        // The message that attributes belong to; none after a term.
        let mut owner: Option<&'t str> = None;
        let mut at = 0;
        while let Some(line) = self.lines.get(at).copied() {
            let text = self.line(line);
            if text.trim().is_empty() || text.starts_with('#') {
                at += 1;
                continue;
            }
            let Some(head) = Head::of(text) else {
                self.junk(line);
                at += 1;
                continue;
            };
            let first = Line { start: line.start + head.end, ..line };
            let (end, closed) = self.pattern_end(at, first);
            let name_span = Span::of(line.start + head.at, line.start + head.at + head.name.len());
            if !closed {
                let words =
                    Words::new("a placeable of this entry is never closed", "此条目中的占位符没有结束");
                self.problems.push(Problem::error("fluent-syntax", words).at(name_span.shift(self.base)));
            }
            let key = match (head.kind, owner) {
                (Kind::Message, _) => Some(head.name.to_owned()),
                (Kind::Attribute, Some(owner)) => Some(format!("{owner}.{}", head.name)),
                _ => None,
            };
            match head.kind {
                Kind::Message => owner = Some(head.name),
                Kind::Term => owner = None,
                Kind::Attribute => {}
            }
            let pattern = self.pattern(first, self.lines.get(at + 1..end).unwrap_or(&[]));
            if let (Some(key), Some(value)) = (key, pattern) {
                if let Err(problem) = budget.take(1, value.span) {
                    self.problems.push(*problem);
                    break;
                }
                map.entries.push(Entry {
                    key: key.into(),
                    key_span: Some(name_span.shift(self.base)),
                    value,
                });
            }
            at = end;
        }
        map
    }

    /// The index of the line after the pattern whose first line, after its `=`, is `first` (line `at`), and whether
    /// its braces close. What is never closed ends where the next entry begins.
    fn pattern_end(&self, at: usize, first: Line) -> (usize, bool) {
        let mut braces = Braces::default();
        braces.read(self.line(first));
        let mut next = at + 1;
        // Where the pattern would end if its braces never close.
        let mut fallback = None;
        while let Some(line) = self.lines.get(next) {
            let text = self.line(*line);
            if braces.depth > 0 {
                if Head::of(text).is_some() {
                    fallback.get_or_insert(next);
                    break;
                }
            } else if !(text.trim().is_empty() || continues(text)) {
                break;
            }
            braces.read(text);
            next += 1;
        }
        (fallback.unwrap_or(next), braces.depth == 0)
    }

    /// The pattern that begins in the line `first` and goes on in `more`; `None` when it is blank.
    fn pattern(&self, first: Line, more: &[Line]) -> Option<Node> {
        let mut pattern = Pattern { mapped: Mapped::new(), base: self.base };
        let text = self.line(first);
        let blanks = text.len() - text.trim_start_matches(' ').len();
        let inline = !text.trim().is_empty();
        let indent = self.common_indent(if inline { text } else { "" }, more);
        let mut start = inline.then_some(first.start + blanks);
        // The line end before the next line, once there is text.
        let mut line_end = None;
        if inline {
            pattern.copy(text.get(blanks..).unwrap_or(""), first.start + blanks);
            line_end = Some((first.end, first.next));
        }
        for line in more {
            let text = self.line(*line);
            let cut = indent.min(text.len() - text.trim_start_matches(' ').len());
            if start.is_none() && text.trim().is_empty() {
                continue;
            }
            if let Some((end, next)) = line_end {
                pattern.mapped.escape("\n", Span::of(end, next).shift(self.base));
            }
            if !text.trim().is_empty() {
                pattern.copy(text.get(cut..).unwrap_or(""), line.start + cut);
            }
            line_end = Some((line.end, line.next));
            start.get_or_insert(line.start);
        }
        let kept = pattern.mapped.text.trim_end_matches([' ', '\n', '\r']).len();
        pattern.mapped.truncate(kept);
        let end = pattern.mapped.extent()?.end;
        let start = Span::of(start?, 0).start + self.base;
        Some(Node::new(Span::new(start, end), Value::String(pattern.mapped)))
    }

    /// The indentation that all lines of a pattern share, without those inside a placeable, in bytes.
    fn common_indent(&self, first: &str, more: &[Line]) -> usize {
        let mut braces = Braces::default();
        braces.read(first);
        let mut least = usize::MAX;
        for line in more {
            let text = self.line(*line);
            let trimmed = text.trim_start_matches(' ');
            if braces.depth == 0 && !trimmed.trim().is_empty() {
                least = least.min(text.len() - trimmed.len());
            }
            braces.read(text);
        }
        least
    }

    fn junk(&mut self, line: Line) {
        let words = Words::new("this line belongs to no entry", "此行不属于任何条目");
        let span = Span::of(line.start, line.end).shift(self.base);
        self.problems.push(Problem::error("fluent-syntax", words).at(span));
    }

    fn line(&self, line: Line) -> &'t str {
        self.text.get(line.start..line.end).unwrap_or("")
    }
}

/// Whether a line outside of placeables goes on with the pattern above it.
fn continues(line: &str) -> bool {
    let trimmed = line.trim_start_matches(' ');
    let indented = trimmed.len() < line.len();
    match trimmed.as_bytes().first() {
        Some(b'{') => true,
        Some(b'.') => indented && Head::of(line).is_none(),
        Some(b'[' | b'*' | b'}') | None => false,
        Some(_) => indented,
    }
}

/// The placeables that are open.
#[derive(Default)]
struct Braces {
    depth: usize,
}

impl Braces {
    /// Goes over a line. Inside a placeable braces in a string literal do not count.
    fn read(&mut self, line: &str) {
        let mut quoted = false;
        let mut bytes = line.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' if quoted => {
                    bytes.next();
                }
                b'"' if self.depth > 0 => quoted = !quoted,
                b'{' if !quoted => self.depth += 1,
                b'}' if !quoted => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

struct Pattern {
    mapped: Mapped,
    base: u32,
}

impl Pattern {
    fn copy(&mut self, text: &str, at: usize) {
        self.mapped.copy(text, Span::of(at, at).start + self.base);
    }
}
