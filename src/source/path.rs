//! Paths inside documents: `TemplateSet[]`, `Resources.*.Properties`, `signatures[0]`, `<key>`.

use super::Span;
use super::document::{Entry, Map, Node, Value};
use std::sync::Arc;

/// A parsed path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// As it was written.
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The member of a map.
    Key(String),
    /// `[]`: each element of a list.
    Each,
    /// `[3]`: one element of a list.
    Index(usize),
    /// `*`: each value of a map.
    Any,
}

/// The key under which a node was reached by `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// A path that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPath {
    /// Byte of the path where reading stopped.
    pub at: usize,
}

impl Path {
    /// Reads a path. The empty path is the node itself.
    ///
    /// # Errors
    /// When a bracket is not closed or holds something else than a number, or a part is empty.
    pub fn parse(text: &str) -> Result<Self, BadPath> {
        let mut steps = Vec::new();
        let mut offset = 0;
        for (i, part) in text.split('.').enumerate() {
            let (name, mut brackets) = part.find('[').map_or((part, ""), |at| part.split_at(at));
            match name {
                "" if brackets.is_empty() && !text.is_empty() => return Err(BadPath { at: offset }),
                "" if i > 0 => return Err(BadPath { at: offset }),
                "" => {}
                "*" => steps.push(Step::Any),
                _ => steps.push(Step::Key(name.to_owned())),
            }
            while !brackets.is_empty() {
                let at = offset + part.len() - brackets.len();
                let inner = brackets.strip_prefix('[').and_then(|rest| rest.split_once(']'));
                let Some((inner, rest)) = inner else { return Err(BadPath { at }) };
                steps.push(match inner {
                    "" => Step::Each,
                    _ => Step::Index(inner.parse().map_err(|_| BadPath { at })?),
                });
                brackets = rest;
            }
            offset += part.len() + 1;
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    /// The path as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first node the path leads to from `from`.
    pub fn find<'n>(&self, from: &'n Node) -> Option<&'n Node> {
        // A key may itself hold dots or brackets (a column called "msg.content").
        if let Some(entry) = from.as_map().and_then(|map| map.get(&self.text)) {
            return Some(&entry.value);
        }
        self.each(from).into_iter().next().map(|(node, _)| node)
    }

    /// Every node the path leads to from `from`, in order, with the key of the last `*` on the way.
    pub fn each<'n>(&self, from: &'n Node) -> Vec<(&'n Node, Option<Key>)> {
        let mut nodes = vec![(from, None)];
        for step in &self.steps {
            nodes = nodes.into_iter().flat_map(|(node, key)| step.take(node, key)).collect();
        }
        nodes
    }
}

impl Step {
    fn take<'n>(&self, node: &'n Node, key: Option<Key>) -> Vec<(&'n Node, Option<Key>)> {
        match (self, &node.value) {
            (Self::Key(name), Value::Map(map)) => {
                map.get(name).map(|entry| (&entry.value, key)).into_iter().collect()
            }
            (Self::Each, Value::List(nodes)) => nodes.iter().map(|node| (node, key.clone())).collect(),
            (Self::Index(index), Value::List(nodes)) => {
                nodes.get(*index).map(|node| (node, key)).into_iter().collect()
            }
            (Self::Any, Value::Map(map)) => named(map),
            _ => Vec::new(),
        }
    }
}

fn named(map: &Map) -> Vec<(&Node, Option<Key>)> {
    let key = |entry: &Entry| Key { text: Arc::clone(&entry.key), span: entry.key_span };
    map.entries.iter().map(|entry| (&entry.value, Some(key(entry)))).collect()
}
