//! Messages of a structured file that no `[[source]]` describes: the maps that hold a field named like a
//! body and one named like an id. What was guessed is said in a note.

use super::declare::{self, Body};
use super::document::{Element, Entry, Map, Node, Value};
use super::fields::Known;
use super::host::{Kind, Read};
use super::path::Path;
use super::{Id, Meta, Record, Source, SourceSpec, fields};
use crate::problem::Problem;
use crate::words::Words;
use std::collections::BTreeSet;

/// Top-level tables of a policy file.
const POLICY: [&str; 4] = ["rule", "policy", "basis", "term"];

/// Fills `read` with the messages found in `roots`.
pub(super) fn read(host: &str, source: &Source, roots: &[Node], spec: &SourceSpec, read: &mut Read) {
    if let Some(kind) = other_kind(host, source, roots) {
        read.kind = kind;
        return;
    }
    let mut guess = Guess { spec, read, names: BTreeSet::new(), unread: false };
    roots.iter().for_each(|root| guess.visit(root, ""));
    let Guess { names, unread, .. } = guess;
    if read.records.is_empty() {
        read.kind = Kind::Nothing;
        if !unread {
            read.relax();
        }
        return;
    }
    read.kind = Kind::Guessed;
    // The interface's own record shape is no guess.
    if host != "jsonl" || names.iter().any(|(id, body)| id != "id" || body != "text") {
        read.problems.push(note(read.records.len(), &names));
    }
}

/// A file of dunlint itself, which holds no messages.
fn other_kind(host: &str, source: &Source, roots: &[Node]) -> Option<Kind> {
    let top = match &roots.first()?.value {
        // A record of messages may have a field of this name too.
        Value::List(nodes) => {
            let first = nodes.first()?.as_map()?;
            let holds = |key: &str| first.get(key).map(|entry| &entry.value);
            let campaign = holds("campaign").is_some_and(|node| node.as_map().is_some());
            let steps = matches!(holds("steps").map(|node| &node.value), Some(Value::List(_)));
            return (campaign && steps).then_some(Kind::Campaign);
        }
        _ => roots.first()?.as_map()?,
    };
    if host == "toml" && (source.path.as_ref() == "dunlint.toml" || source.path.ends_with("/dunlint.toml")) {
        return Some(Kind::Config);
    }
    if top.get("campaign").is_some_and(|entry| entry.value.as_map().is_some()) {
        return Some(Kind::Campaign);
    }
    (host == "toml" && POLICY.iter().any(|name| top.get(name).is_some())).then_some(Kind::Policy)
}

struct Guess<'a> {
    spec: &'a SourceSpec,
    read: &'a mut Read,
    /// Names of id and body fields that were taken.
    names: BTreeSet<(String, String)>,
    /// Whether a value that could not be read stands where a body would.
    unread: bool,
}

impl Guess<'_> {
    /// Looks at a node, which stands under the key `name`, and at all in it.
    fn visit(&mut self, node: &Node, name: &str) {
        if let Value::List(nodes) = &node.value {
            return nodes.iter().for_each(|node| self.visit(node, name));
        }
        let Some(map) = node.as_map() else { return };
        if !map.broken {
            self.map(node, map, name);
        }
        map.entries.iter().for_each(|entry| self.visit(&entry.value, &entry.key));
    }

    fn map(&mut self, node: &Node, map: &Map, name: &str) {
        let known = Known::of(map);
        let Some(body) = known.body else {
            return match &node.value {
                Value::Element(element) => self.element(node, element, name, known),
                _ => self.nested(node, known.id.or_else(|| map.get("name"))),
            };
        };
        let Some(id) = known.id else { return };
        let Some(mapped) = body.value.to_mapped() else {
            self.unread = true;
            return;
        };
        self.names.insert((id.key.to_string(), body.key.to_string()));
        let id = id_of(&id.value);
        let meta = meta_of(&[(node, known)]);
        self.push(id, Body { mapped, span: body.value.span }, meta);
    }

    /// An element whose own text is the body: `<template id="d1">…</template>`.
    fn element(&mut self, node: &Node, element: &Element, name: &str, known: Known<'_>) {
        let Some(id) = known.id.or_else(|| element.map.get("@name")) else { return };
        let alone = element.map.entries.iter().all(|entry| entry.key.starts_with('@'));
        if !alone || element.text.text.trim().is_empty() || !fields::names_a_body(name) {
            return;
        }
        self.names.insert((id.key.to_string(), name.to_owned()));
        let body = Body { mapped: element.text.clone(), span: node.span };
        self.push(id_of(&id.value), body, meta_of(&[(node, known)]));
    }

    /// Bodies one level down that have no id of their own: a message in several languages or parts.
    fn nested(&mut self, node: &Node, id: Option<&Entry>) {
        let Some(id) = id else { return };
        for (container, field) in fields::NESTED {
            let Ok(path) = Path::parse(container) else { continue };
            let bodies: Vec<_> = path
                .each(node)
                .into_iter()
                .filter_map(|(part, _)| Some((part, part.as_map().filter(|map| !map.broken)?)))
                .filter(|(_, map)| Known::of(map).id.is_none())
                .filter_map(|(part, map)| Some((part, map.get(field)?)))
                .filter(|(_, body)| matches!(body.value.value, Value::String(_)))
                .collect();
            let several = bodies.len() > 1;
            for (i, (part, body)) in bodies.into_iter().enumerate() {
                let Some(mapped) = body.value.to_mapped() else { continue };
                let mut id_here = id_of(&id.value);
                if several {
                    id_here.text = format!("{}#{}", id_here.text, i + 1);
                }
                self.names.insert((id.key.to_string(), format!("{container}.{field}")));
                self.push(
                    id_here,
                    Body { mapped, span: body.value.span },
                    meta_of(&[(part, known_of(part)), (node, known_of(node))]),
                );
            }
        }
    }

    fn push(&mut self, id: Id, body: Body, meta: Meta) {
        let record: Record = declare::finish(id, body, meta, self.spec);
        self.read.records.push(record);
    }
}

fn id_of(node: &Node) -> Id {
    Id { text: node.as_text().unwrap_or("").to_owned(), span: Some(node.span) }
}

/// The members of a node that are known by their names.
fn known_of(node: &Node) -> Known<'_> {
    node.as_map().map_or_else(Known::default, Known::of)
}

/// What the nodes declare, the nearest first, under the interface's names and the platforms'.
fn meta_of(nodes: &[(&Node, Known)]) -> Meta {
    let mut meta = Meta::default();
    for (node, known) in nodes {
        declare::own_fields(&mut meta, node);
        let Some(map) = node.as_map() else { continue };
        let foreign = [
            ("signature", known.signature),
            ("locale", known.locale),
            ("defaults", map.get("DefaultSubstitutions")),
            ("params", map.get("templateParams")),
        ];
        for (name, entry) in foreign {
            entry.into_iter().for_each(|entry| declare::declare(&mut meta, name, &entry.value));
        }
    }
    meta
}

fn note(count: usize, names: &BTreeSet<(String, String)>) -> Problem {
    let list = |join: &str| {
        let pairs: Vec<String> = names.iter().take(3).map(|(id, body)| format!("{id} / {body}")).collect();
        pairs.join(join)
    };
    Problem::note(
        "guessed-source",
        Words::new(
            format!("{count} template(s) were found by their field names (id / body): {}", list("; ")),
            format!("按字段名识别出 {count} 条模板（标识 / 正文）：{}", list("；")),
        ),
    )
    .help(Words::new(
        "a [[source]] in dunlint.toml makes this certain",
        "可在 dunlint.toml 中用 [[source]] 明确指定",
    ))
}
