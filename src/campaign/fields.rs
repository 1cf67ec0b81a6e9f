//! One table of a campaign in any of the formats: a reader asks for the keys it knows, and [`Table::finish`] blames
//! those nobody asked for, with the nearest known name.

use super::schema::Declared;
use crate::source::Span;
use crate::source::document::{Map, Node, Value};
use crate::spanned::Faults;
use crate::words::Words;

/// A table being read.
pub(super) struct Table<'n, 'f> {
    map: &'n Map,
    /// Where the table stands.
    pub(super) span: Span,
    asked: Vec<&'static str>,
    /// Where mistakes go.
    pub(super) faults: &'f mut Faults,
}

/// The place of a value with the name of its type, for people.
fn type_of(node: &Node) -> &'static str {
    match &node.value {
        Value::Null | Value::Unread => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) | Value::Element(_) => "a table",
    }
}

impl<'n, 'f> Table<'n, 'f> {
    /// Starts to read `map`; the keys that stand in it twice are mistakes.
    pub(super) fn new(map: &'n Map, span: Span, faults: &'f mut Faults) -> Self {
        for problem in map.duplicates() {
            let at = match problem.place {
                Some(crate::problem::Place::Text(at)) => at,
                _ => span,
            };
            faults.push(problem, at);
        }
        Self { map, span, asked: Vec::new(), faults }
    }

    /// The value of `key`, if it is there.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.map.get(key).map(|entry| &entry.value).filter(|node| node.value != Value::Null)
    }

    /// Whether `key` is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some()
    }

    /// Blames the absence of `key`.
    pub(super) fn demand(&mut self, key: &'static str) {
        if self.map.get(key).is_none() {
            let words = Words::new(format!("`{key}` is missing"), format!("缺少 `{key}`"));
            self.faults.add(self.span, "missing-key", words);
        }
    }

    /// Blames a value of the wrong type.
    pub(super) fn mistyped<T>(&mut self, node: &Node, en: &str, zh: &str) -> Option<T> {
        let found = type_of(node);
        let words = Words::new(format!("expected {en}, found {found}"), format!("应为{zh}，实际是 {found}"));
        self.faults.add(node.span, "wrong-type", words);
        None
    }

    /// Blames a value that is not one of those that can be.
    pub(super) fn wrong<T>(&mut self, at: Span, words: Words) -> Option<T> {
        self.faults.add(at, "bad-value", words);
        None
    }

    /// The text at `key`; an empty one is a mistake.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Declared<String>> {
        let node = self.get(key)?;
        self.text_of(node)
    }

    /// `node` as a text.
    pub(super) fn text_of(&mut self, node: &Node) -> Option<Declared<String>> {
        match &node.value {
            Value::String(text) if text.text.trim().is_empty() => {
                self.wrong(node.span, Words::new("this is empty", "此处为空"))
            }
            Value::String(text) => Some(Declared { value: text.text.clone(), at: node.span }),
            Value::Element(_) => {
                Some(Declared { value: node.as_text().unwrap_or("").to_owned(), at: node.span })
            }
            _ => self.mistyped(node, "a string", "字符串"),
        }
    }

    /// The whole number at `key`, from `least` to `most`.
    pub(super) fn number(&mut self, key: &'static str, least: i64, most: i64) -> Option<Declared<i64>> {
        let node = self.get(key)?;
        let raw = match &node.value {
            Value::Number(raw) => raw.replace('_', ""),
            _ => return self.mistyped(node, "a whole number", "整数"),
        };
        match raw.trim_start_matches('+').parse::<i64>() {
            Ok(value) if (least..=most).contains(&value) => Some(Declared { value, at: node.span }),
            _ => {
                let words = Words::new(
                    format!("`{key}` is a whole number from {least} to {most}"),
                    format!("`{key}` 应为 {least} 至 {most} 的整数"),
                );
                self.wrong(node.span, words)
            }
        }
    }

    /// A number of things at `key`, which fits `u32`.
    pub(super) fn count(&mut self, key: &'static str, least: u32, most: u32) -> Option<Declared<u32>> {
        let number = self.number(key, i64::from(least), i64::from(most))?;
        Some(Declared { value: u32::try_from(number.value).ok()?, at: number.at })
    }

    /// The boolean at `key`.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let node = self.get(key)?;
        match node.value {
            Value::Bool(flag) => Some(flag),
            _ => self.mistyped(node, "true or false", "true 或 false"),
        }
    }

    /// The list at `key`.
    pub(super) fn list(&mut self, key: &'static str) -> Option<(&'n [Node], Span)> {
        let node = self.get(key)?;
        match &node.value {
            Value::List(nodes) => Some((nodes, node.span)),
            _ => self.mistyped(node, "a list", "列表"),
        }
    }

    /// The list of texts at `key`.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Declared<Vec<Declared<String>>>> {
        let (nodes, at) = self.list(key)?;
        let value = nodes.iter().filter_map(|node| self.text_of(node)).collect();
        Some(Declared { value, at })
    }

    /// The table at `key`.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Table<'n, '_>> {
        let node = self.get(key)?;
        match node.as_map() {
            Some(map) => Some(Table::new(map, node.span, self.faults)),
            None => self.mistyped(node, "a table", "表"),
        }
    }

    /// Blames every key nobody asked for.
    pub(super) fn finish(self) {
        for entry in &self.map.entries {
            let name = &*entry.key;
            if !self.asked.contains(&name) {
                self.faults.add_unknown(
                    entry.key_span.unwrap_or(entry.value.span),
                    "unknown-key",
                    Words::new(format!("unknown key `{name}`"), format!("未知的键 `{name}`")),
                    name,
                    self.asked.iter().copied(),
                );
            }
        }
    }
}
