//! Android resources: the texts of `<string>`, `<string-array>` and `<plurals>`. On top of XML they have escapes of
//! their own ([`super::android_string`]). Tags inside a text (`<xliff:g>`, `<b>`) are dropped, what stands in them stays.
//!
//! Without a path every text is a message: `name`, `name[0]` for an item of an array, `name[other]` for a plural.
//! `translatable="false"` only speaks to translators; such a text is shown like any other.

use super::{Host, Read, android_string, xml};
use crate::source::document::{Document, Element, Entry, Map, Node, Problems, Value};
use crate::source::{ChosenBy, Source, SourceSpec, catalogue};
use std::sync::Arc;

/// The host `android-xml`.
#[derive(Debug)]
pub(super) struct Android;

impl Host for Android {
    fn name(&self) -> &'static str {
        "android-xml"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        let mut document = parse(text, base);
        if spec.messages.is_none() {
            document.roots = document.roots.into_iter().map(by_name).collect();
        }
        let mut read = catalogue::read(self.name(), source, document, spec);
        read.records.iter_mut().for_each(|record| record.imply("printf", ChosenBy::Host));
        read
    }
}

/// Whether an XML document holds Android resources.
pub(super) fn is_resources(text: &str) -> bool {
    xml::root_name(text).is_some_and(|name| name == "resources")
}

fn holds_text(name: &str) -> bool {
    matches!(name, "string" | "item")
}

/// The tree of the file, with the escapes of resources undone.
fn parse(text: &str, base: u32) -> Document {
    let mut document = xml::parse(text, base, holds_text);
    for root in &mut document.roots {
        unescape(root, "", &mut document.problems);
    }
    document
}

fn unescape(node: &mut Node, name: &str, problems: &mut Problems) {
    match &mut node.value {
        Value::List(nodes) => nodes.iter_mut().for_each(|node| unescape(node, name, problems)),
        Value::Map(map) => members(map, problems),
        Value::Element(element) if holds_text(name) => {
            element.text = android_string::read(&element.text, problems);
        }
        Value::Element(element) => members(&mut element.map, problems),
        _ => {}
    }
}

fn members(map: &mut Map, problems: &mut Problems) {
    for entry in &mut map.entries {
        unescape(&mut entry.value, &entry.key, problems);
    }
}

/// The texts of a file by their names.
fn by_name(root: Node) -> Node {
    let mut texts = Map::default();
    if let Some(resources) = root.as_map().and_then(|map| map.get("resources")).and_then(|e| e.value.as_map())
    {
        for entry in &resources.entries {
            for node in each(&entry.value) {
                let Value::Element(element) = &node.value else { continue };
                match &*entry.key {
                    "string" => push(&mut texts, element, "", node),
                    "string-array" | "plurals" => items(&mut texts, element),
                    _ => {}
                }
            }
        }
    }
    texts.entries.sort_by_key(|entry| entry.value.span);
    Node::new(root.span, Value::Map(texts))
}

/// The items of an array or of a plural.
fn items(texts: &mut Map, outer: &Element) {
    let Some(items) = outer.map.get("item") else { return };
    for (index, node) in each(&items.value).iter().enumerate() {
        let quantity = node.as_map().and_then(|map| map.get("@quantity")).and_then(|e| e.value.as_text());
        let which = quantity.map_or_else(|| format!("[{index}]"), |quantity| format!("[{quantity}]"));
        push(texts, outer, &which, node);
    }
}

fn push(texts: &mut Map, named: &Element, which: &str, node: &Node) {
    let Some(name) = named.map.get("@name") else { return };
    let key = format!("{}{which}", name.value.as_text().unwrap_or(""));
    texts.entries.push(Entry { key: Arc::from(key), key_span: Some(name.value.span), value: node.clone() });
}

/// A list's nodes, or the one node.
fn each(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(nodes) => nodes,
        _ => std::slice::from_ref(node),
    }
}
