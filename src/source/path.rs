//! Paths inside documents: `TemplateSet[]`, `Resources.*.Properties`, `signatures[0]`, `@name`, `<key>`.

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
            (Self::Each, Value::List(nodes)) => nodes.iter().map(|node| (node, key.clone())).collect(),
            (Self::Index(index), Value::List(nodes)) => {
                nodes.get(*index).map(|node| (node, key)).into_iter().collect()
            }
            // One element alone is a list of one; several of one name are walked by the name.
            (Self::Each | Self::Index(0), Value::Element(_)) => vec![(node, key)],
            (_, Value::List(nodes)) if nodes.first().is_some_and(is_element) => {
                nodes.iter().flat_map(|node| self.take(node, key.clone())).collect()
            }
            (Self::Key(name), _) => {
                let found = node.as_map().and_then(|map| map.get(name));
                found.map(|entry| (&entry.value, key)).into_iter().collect()
            }
            (Self::Any, Value::Element(element)) => named(&element.map)
                .into_iter()
                .filter(|(_, key)| key.as_ref().is_none_or(|key| !key.text.starts_with('@')))
                .flat_map(|(node, key)| match &node.value {
                    Value::List(nodes) => nodes.iter().map(|node| (node, key.clone())).collect(),
                    _ => vec![(node, key)],
                })
                .collect(),
            (Self::Any, Value::Map(map)) => named(map),
            _ => Vec::new(),
        }
    }
}

const fn is_element(node: &Node) -> bool {
    matches!(node.value, Value::Element(_))
}

fn named(map: &Map) -> Vec<(&Node, Option<Key>)> {
    let key = |entry: &Entry| Key { text: Arc::clone(&entry.key), span: entry.key_span };
    map.entries.iter().map(|entry| (&entry.value, Some(key(entry)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::host;

    fn leads(path: &str, json: &str) -> String {
        let document = host::by_name("json").unwrap().document(json, 0).unwrap();
        let path = Path::parse(path).unwrap();
        let found = path.each(&document.roots[0]);
        let show = |(node, key): (&Node, Option<Key>)| {
            format!("{}{}", key.map_or(String::new(), |key| format!("{}=", key.text)), node.to_json())
        };
        found.into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn steps_lead_where_they_say() {
        let json = r#"{"a":{"b":[1,[2,3]]},"m":{"x":{"t/u":4},"y":{"t/u":5},"z":6}}"#;
        assert_eq!(leads("a.b[]", json), "1 [2,3]");
        assert_eq!(leads("a.b[1][0]", json), "2");
        assert_eq!(leads("a.b[7]", json), "");
        assert_eq!(leads("m.*.t/u", json), "x=4 y=5");
        assert_eq!(leads("[]", "[1,2]"), "1 2");
        assert_eq!(leads("[1]", "[1,2]"), "2");
        assert_eq!(leads("", "[1]"), "[1]");
        assert_eq!(leads("b", json), "");
    }

    #[test]
    fn a_key_may_hold_dots() {
        let document = host::by_name("json").unwrap().document(r#"{"a.b[0]":1}"#, 0).unwrap();
        let found = Path::parse("a.b[0]").unwrap().find(&document.roots[0]).unwrap().to_json();
        assert_eq!(found, 1);
    }

    #[test]
    fn wrong_paths_say_where() {
        for (path, at) in [("a[", 1), ("a.b[x]", 3), ("a..b", 2), ("a.", 2), ("a.[0]", 2), ("a[0]b", 4)] {
            assert_eq!(Path::parse(path), Err(BadPath { at }), "{path}");
        }
    }
}
