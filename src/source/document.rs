//! One tree for every structured format: what JSON, YAML, TOML and tables have in common, with the
//! place of every key and value. Hosts build it, [`super::extract`] reads messages out of it.

use super::{Mapped, Span};
use crate::problem::Problem;
use crate::words::Words;
use std::collections::HashSet;
use std::sync::Arc;

/// Lists and maps may stand in each other this deep; deeper is a problem. Far above any real file, and
/// low enough that a recursive walk of a tree cannot exhaust a thread's stack.
pub const MAX_DEPTH: usize = 256;

/// What a structured file holds.
#[derive(Debug, Default)]
pub struct Document {
    /// The whole document; one for each row or line in formats that store one record a row or line.
    pub roots: Vec<Node>,
    /// What could not be read.
    pub problems: Problems,
}

/// The problems of one file. Only so many are kept: a file of another format can have one at every byte.
#[derive(Debug, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    /// How many more there were.
    more: usize,
}

impl Problems {
    const MAX: usize = 100;

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        if self.kept.len() < Self::MAX {
            self.kept.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Adds several.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// Adds those of another part of the file.
    pub fn append(&mut self, other: Self) {
        self.more += other.more;
        self.extend(other.kept);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The problems, with one at the end that says how many were left out.
    pub fn into_vec(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let more = self.more;
            let words =
                Words::new(format!("{more} more problems in this file"), format!("此文件还有 {more} 个问题"));
            self.kept.push(Problem::error("more-problems", words));
        }
        self.kept
    }
}

/// How many values of one file are still read, so that a hostile file cannot fill the memory.
#[derive(Debug)]
pub(crate) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(4_000_000)
    }
}

impl Budget {
    /// Takes `count` values; the problem at `at` when there are no more.
    pub(crate) fn take(&mut self, count: usize, at: Span) -> Result<(), Box<Problem>> {
        let left = self.0.checked_sub(count).ok_or_else(|| {
            let words = Words::new("more values than one file may hold", "单个文件中的值过多");
            Box::new(Problem::error("too-many-values", words).at(at))
        });
        self.0 = left?;
        Ok(())
    }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The raw value in the source's text; for strings without their quotes.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A value of any of the formats.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A text, with the way back through the format's escapes.
    String(Mapped),
    /// Values in order.
    List(Vec<Node>),
    /// Named values.
    Map(Map),
    /// An XML element.
    Element(Box<Element>),
    /// Something whose value is not known here (a YAML alias); a problem has been reported for it.
    Unread,
}

/// An XML element: its attributes (`@name`) and child elements, and the text in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// Attributes, then child elements; those of one name are one list.
    pub map: Map,
    /// The text between its tags, of the elements in it, too, when it holds text of its own.
    pub text: Mapped,
}

impl Element {
    /// Whether it holds other elements and no text of its own.
    pub fn is_container(&self) -> bool {
        self.text.text.trim().is_empty() && self.map.entries.iter().any(|entry| !entry.key.starts_with('@'))
    }
}

/// Named values in the order of the file. A key may stand twice: the later one counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// The members.
    pub entries: Vec<Entry>,
    /// Whether the file broke off inside it, so that members may be missing.
    pub broken: bool,
}

/// One member of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, decoded.
    pub key: Arc<str>,
    /// Where the key stands, without quotes; `None` when it stands elsewhere (a table's header).
    pub key_span: Option<Span>,
    /// The value.
    pub value: Node,
}

impl Map {
    /// The member called `key`.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| &*entry.key == key)
    }

    /// The members without places.
    fn to_json(&self) -> serde_json::Value {
        let members = self.entries.iter().map(|entry| (entry.key.to_string(), entry.value.to_json()));
        serde_json::Value::Object(members.collect())
    }

    /// Keys that stand a second time, as problems at their places.
    pub fn duplicates(&self) -> Vec<Problem> {
        let mut seen = HashSet::with_capacity(self.entries.len());
        let mut problems = Vec::new();
        for entry in &self.entries {
            if seen.insert(&*entry.key) {
                continue;
            }
            let key = entry.key.as_ref();
            let words = Words::new(
                format!("the key “{key}” stands here a second time"),
                format!("键“{key}”在此重复出现"),
            );
            problems.push(
                Problem::error("duplicate-key", words).at(entry.key_span.unwrap_or(entry.value.span)).help(
                    Words::new(
                        "readers disagree on which one counts; keep one",
                        "各种读取器取值不一，请只保留一个",
                    ),
                ),
            );
        }
        problems
    }
}

impl Node {
    /// A node.
    pub const fn new(span: Span, value: Value) -> Self {
        Self { span, value }
    }

    /// The map, if it is one; of an element its attributes and child elements.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            Value::Element(element) => Some(&element.map),
            _ => None,
        }
    }

    /// The value as text: a string, or a number as it is written.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(&text.text),
            Value::Element(element) if !element.is_container() => Some(&element.text.text),
            Value::Number(raw) => Some(raw),
            _ => None,
        }
    }

    /// The value as text with its map.
    pub fn to_mapped(&self) -> Option<Mapped> {
        match &self.value {
            Value::String(text) => Some(text.clone()),
            Value::Element(element) if !element.is_container() => Some(element.text.clone()),
            Value::Number(raw) => Some(Mapped::verbatim(raw, self.span.start)),
            _ => None,
        }
    }

    /// Whether it declares nothing: null, or an empty text.
    pub fn is_blank(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::String(text) => text.text.is_empty(),
            Value::Element(element) => element.text.text.is_empty() && element.map.entries.is_empty(),
            _ => false,
        }
    }

    /// The value without places. A number that is not a JSON number stays a string.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null | Value::Unread => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(raw) => {
                raw.replace('_', "").parse().map_or_else(|_| Json::String(raw.clone()), Json::Number)
            }
            Value::String(text) => Json::String(text.text.clone()),
            Value::List(nodes) => Json::Array(nodes.iter().map(Self::to_json).collect()),
            Value::Map(map) => map.to_json(),
            Value::Element(element) if element.is_container() => element.map.to_json(),
            Value::Element(element) => Json::String(element.text.text.clone()),
        }
    }
}

/// The problem of values that stand in each other too deep.
pub(crate) fn too_deep(at: Span) -> Problem {
    Problem::error("too-deep", Words::new("values are nested too deep to be read", "嵌套层数过多，无法读取"))
        .at(at)
}
