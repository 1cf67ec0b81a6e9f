//! XML. `quick-xml` finds the markup and its places; the tree, the text with its references, and what to do about
//! tags that do not fit are ours. A tree is made of [`Element`]s: `@name` for an attribute, child elements by name.

use super::xml_entities::Entities;
use super::{Host, Read, plain};
use crate::problem::Problem;
use crate::source::document::{
    Budget, Document, Element, Entry, MAX_DEPTH, Map, Node, Problems, Value, too_deep,
};
use crate::source::{Mapped, Source, SourceSpec, Span, extract};
use crate::words::Words;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::sync::Arc;

/// Text of more bytes than this is not handed on to the element around it; it is too long for a message.
const MAX_INHERITED: usize = 16 * 1024;
/// Text is handed on over this many elements.
const MAX_HEIGHT: usize = 16;

/// The host `xml`.
#[derive(Debug)]
pub(super) struct Xml;

impl Host for Xml {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base, |_| false))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        let mut document = parse(text, base, |_| false);
        if spec.says_where() && spec.messages.is_none() && spec.key.is_none() {
            // The root element is the one record.
            document.roots = document.roots.into_iter().filter_map(|root| inner(root, spec)).collect();
        }
        extract::read(self.name(), source, document, spec)
    }
}

/// The element under the root's name, unless a path of the spec begins with that name.
fn inner(root: Node, spec: &SourceSpec) -> Option<Node> {
    let Value::Map(map) = &root.value else { return Some(root) };
    let name = map.entries.first().map(|entry| Arc::clone(&entry.key))?;
    let mut paths = [&spec.id, &spec.body].into_iter().flatten();
    let begins = |path: &String| path.split(['.', '[']).next() == Some(&*name);
    if paths.any(begins) {
        return Some(root);
    }
    let Value::Map(map) = root.value else { return None };
    map.entries.into_iter().next().map(|entry| entry.value)
}

/// Reads a document. Of elements for whose name `mixed` holds all text is theirs, also when they hold nothing but
/// other elements.
pub(super) fn parse(text: &str, base: u32, mixed: fn(&str) -> bool) -> Document {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    let mut tree = Tree {
        text,
        base,
        mixed,
        open: Vec::new(),
        root: Map::default(),
        entities: Entities::default(),
        problems: Problems::default(),
        budget: Budget::default(),
    };
    let mut at = 0;
    loop {
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        match event {
            Ok(Event::Eof) => break,
            Ok(event) => {
                if let Err(problem) = tree.event(event, at, end) {
                    tree.problems.push(*problem);
                    break;
                }
            }
            Err(error) => {
                let start = usize::try_from(reader.error_position()).unwrap_or(at).min(text.len());
                let words = Words::new(format!("not XML: {error}"), format!("XML 语法错误：{error}"));
                tree.problems.push(Problem::error("xml-syntax", words).at(tree.character(start)));
                // What was never closed goes on to the end of the file.
                break;
            }
        }
        at = end;
    }
    tree.finish()
}

/// The name of the first element of a document.
pub(super) fn root_name(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => return Some(start.name().as_ref().to_owned()),
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

type Step = Result<(), Box<Problem>>;

/// The document as far as it was read.
struct Tree<'t> {
    text: &'t str,
    base: u32,
    mixed: fn(&str) -> bool,
    open: Vec<Open<'t>>,
    root: Map,
    entities: Entities,
    problems: Problems,
    budget: Budget,
}

/// An element whose end has not been seen.
struct Open<'t> {
    name: &'t str,
    name_span: Span,
    /// The byte after its start tag.
    content: usize,
    map: Map,
    /// Child elements by name: their place in `map`.
    children: HashMap<&'t str, usize>,
    text: Mapped,
    /// Whether it holds text of its own, not only that of elements in it.
    has_text: bool,
    /// How many elements deep the text in it comes from.
    height: usize,
    /// Whether text from too deep was left out.
    cut: bool,
}

impl<'t> Tree<'t> {
    /// Takes what stands in `start..end` of the text.
    fn event(&mut self, event: Event<'t>, start: usize, end: usize) -> Step {
        let span = self.span(start, end);
        match event {
            Event::Start(tag) => self.open(&tag, start, end),
            Event::Empty(tag) => {
                self.open(&tag, start, end)?;
                self.close(end);
                Ok(())
            }
            Event::End(tag) => {
                self.end(tag.name().as_ref(), start, span);
                Ok(())
            }
            Event::Text(_) => {
                self.characters(start, end);
                Ok(())
            }
            Event::CData(_) => {
                let (from, to) = (start + "<![CDATA[".len(), end.saturating_sub("]]>".len()));
                let piece = plain::lines(self.slice(from, to), self.span(from, from).start);
                self.append(piece, span);
                Ok(())
            }
            Event::GeneralRef(_) => {
                let mut piece = Mapped::new();
                let reference = self.text.get(start..end).unwrap_or("");
                self.entities.append(&mut piece, reference, span, &mut self.problems);
                self.append(piece, span);
                Ok(())
            }
            Event::DocType(_) => {
                let doctype = self.text.get(start..end).unwrap_or("");
                self.entities.declare(doctype);
                Ok(())
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn open(&mut self, tag: &BytesStart<'t>, start: usize, end: usize) -> Step {
        let len = tag.name().as_ref().len();
        let name = self.slice(start + 1, start + 1 + len);
        let name_span = self.span(start + 1, start + 1 + len);
        // An element weighs more than a value of other formats.
        self.budget.take(4, name_span)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(name_span)));
        }
        let mut map = Map::default();
        self.attributes(tag, &mut map)?;
        self.problems.extend(map.duplicates());
        self.open.push(Open {
            name,
            name_span,
            content: end,
            map,
            children: HashMap::new(),
            text: Mapped::new(),
            has_text: false,
            height: 0,
            cut: false,
        });
        Ok(())
    }

    fn attributes(&mut self, tag: &BytesStart<'t>, map: &mut Map) -> Step {
        // Its own check for duplicates takes quadratic time.
        let mut attributes = tag.attributes();
        attributes.with_checks(false);
        for attribute in attributes {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => {
                    let at = self.span(self.place(tag.attributes_raw()), self.place(tag.attributes_raw()));
                    let words = Words::new(
                        format!("an attribute cannot be read: {error}"),
                        format!("属性无法读取：{error}"),
                    );
                    self.problems.push(Problem::error("xml-syntax", words).at(at));
                    map.broken = true;
                    break;
                }
            };
            let key: &str = attribute.key.as_ref();
            let (key_at, value_at) = (self.place(key), self.place(&attribute.value));
            let key_span = self.span(key_at, key_at + key.len());
            self.budget.take(1, key_span)?;
            let span = self.span(value_at, value_at + attribute.value.len());
            let value = self.attribute(&attribute.value, span.start);
            map.entries.push(Entry {
                key: format!("@{key}").into(),
                key_span: Some(key_span),
                value: Node::new(span, Value::String(value)),
            });
        }
        Ok(())
    }

    /// Where a piece of the text that the reader lent stands in the text.
    fn place(&self, piece: &str) -> usize {
        (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    /// The value of an attribute: references undone, and each line end or tabulator a blank.
    fn attribute(&mut self, raw: &str, at: u32) -> Mapped {
        let mut mapped = Mapped::new();
        let place = |start: usize, end: usize| Span::of(start, end).shift(at);
        let mut run = 0;
        while let Some(found) = raw.get(run..).and_then(|rest| rest.find(['&', '\n', '\r', '\t'])) {
            let start = run + found;
            mapped.copy(raw.get(run..start).unwrap_or(""), place(run, run).start);
            let rest = raw.get(start..).unwrap_or("");
            let len = match rest.find(';') {
                _ if rest.starts_with("\r\n") => 2,
                Some(end) if rest.starts_with('&') => end + 1,
                _ => 1,
            };
            match rest.get(..len) {
                Some("&") => {
                    self.bare_ampersand(place(start, start + 1));
                    mapped.copy("&", place(start, start).start);
                }
                Some(reference) if reference.starts_with('&') => {
                    self.entities.append(
                        &mut mapped,
                        reference,
                        place(start, start + len),
                        &mut self.problems,
                    );
                }
                _ => mapped.escape(" ", place(start, start + len)),
            }
            run = start + len;
        }
        mapped.copy(raw.get(run..).unwrap_or(""), place(run, run).start);
        mapped
    }

    fn characters(&mut self, start: usize, end: usize) {
        let text = self.slice(start, end);
        if let Some(found) = memchr::memchr(b'&', text.as_bytes()) {
            self.bare_ampersand(self.span(start + found, start + found + 1));
        }
        let piece = plain::lines(text, self.span(start, start).start);
        self.append(piece, self.span(start, end));
    }

    fn bare_ampersand(&mut self, at: Span) {
        let words = Words::new("a bare “&”; write &amp;", "单独的“&”应写作 &amp;");
        self.problems.push(Problem::error("xml-ampersand", words).at(at));
    }

    /// Adds text to the innermost element.
    fn append(&mut self, piece: Mapped, at: Span) {
        match self.open.last_mut() {
            Some(open) => {
                open.has_text |= !piece.text.trim().is_empty();
                open.text.append(piece);
            }
            None if piece.text.trim().is_empty() => {}
            None => {
                let words = Words::new("text outside of the root element", "根元素之外有文字");
                self.problems.push(Problem::error("xml-syntax", words).at(at));
            }
        }
    }

    /// An end tag. One that fits an element further out closes those in it, which are broken.
    fn end(&mut self, name: &str, at: usize, span: Span) {
        let name = name.trim_end();
        let depth = self.open.iter().rposition(|open| open.name == name);
        if self.open.last().is_none_or(|open| open.name != name) {
            let words = Words::new(
                format!("`</{name}>` closes no element that is open here"),
                format!("`</{name}>` 与此处打开的元素不匹配"),
            );
            self.problems.push(Problem::error("xml-syntax", words).at(span));
        }
        let Some(depth) = depth else { return };
        while self.open.len() > depth + 1 {
            self.broken_close(at);
        }
        self.close(at);
    }

    fn broken_close(&mut self, at: usize) {
        if let Some(open) = self.open.last_mut() {
            open.map.broken = true;
        }
        self.close(at);
    }

    /// Closes the innermost element, whose content ends at byte `at`.
    fn close(&mut self, at: usize) {
        let Some(open) = self.open.pop() else { return };
        let all = open.has_text || (self.mixed)(open.name);
        if all && open.cut {
            self.problems.push(too_deep(open.name_span));
        }
        let span = self.span(open.content, at.max(open.content));
        if let Some(outer) = self.open.last_mut() {
            if open.height < MAX_HEIGHT && outer.text.text.len() <= MAX_INHERITED {
                outer.text.append(open.text.clone());
                outer.height = outer.height.max(open.height + 1);
            } else {
                outer.cut |= open.height >= MAX_HEIGHT;
            }
        }
        let mut element = Element { map: open.map, text: open.text };
        if !all && !open.children.is_empty() {
            element.text = Mapped::new();
        }
        let node = Node::new(span, Value::Element(Box::new(element)));
        let (map, children) = match self.open.last_mut() {
            Some(outer) => (&mut outer.map, Some(&mut outer.children)),
            None => (&mut self.root, None),
        };
        let known = children.as_ref().and_then(|children| children.get(open.name).copied());
        let entry = known.and_then(|index| map.entries.get_mut(index));
        match entry {
            Some(entry) => join(&mut entry.value, node),
            None => {
                if let Some(children) = children {
                    children.insert(open.name, map.entries.len());
                }
                let key = Arc::from(open.name);
                map.entries.push(Entry { key, key_span: Some(open.name_span), value: node });
            }
        }
    }

    /// The document; elements that were never closed are broken.
    fn finish(mut self) -> Document {
        if let Some(open) = self.open.first().filter(|_| self.problems.is_empty()) {
            let name = open.name;
            let words = Words::new(format!("`<{name}>` is never closed"), format!("`<{name}>` 没有结束标签"));
            self.problems.push(Problem::error("xml-syntax", words).at(open.name_span));
        }
        while !self.open.is_empty() {
            self.broken_close(self.text.len());
        }
        if self.root.entries.is_empty() && self.problems.is_empty() && !self.text.trim().is_empty() {
            let words = Words::new("not XML: it holds no element", "不是 XML：没有任何元素");
            self.problems.push(Problem::error("xml-syntax", words).at(self.character(0)));
        }
        let span = self.span(0, self.text.len());
        Document { roots: vec![Node::new(span, Value::Map(self.root))], problems: self.problems }
    }

    /// The character at byte `at`.
    fn character(&self, at: usize) -> Span {
        let at = (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let len = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.span(at, at + len)
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::of(start, end).shift(self.base)
    }
}

/// Adds an element to those of its name.
fn join(value: &mut Node, node: Node) {
    let span = value.span.join(node.span);
    if let Value::List(nodes) = &mut value.value {
        nodes.push(node);
        value.span = span;
        return;
    }
    let first = std::mem::replace(value, Node::new(span, Value::Null));
    value.value = Value::List(vec![first, node]);
}
