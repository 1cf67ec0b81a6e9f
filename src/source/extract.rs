//! Messages out of a document, as a `[[source]]` says. Without one they are guessed ([`super::guess`]).
//!
//! Begin at [`read`]. [`Extractor::record`] makes one record out of one node.

use super::declare::{Body, declare, finish, own_fields};
use super::document::{Document, Node, Value};
use super::fields::Known;
use super::host::{self, Kind, Read};
use super::path::{Key, Path};
use super::{Id, Meta, Source, SourceSpec, Span, guess};
use crate::problem::{Gravity, Place, Problem};
use crate::words::Words;
use globset::{GlobBuilder, GlobMatcher};

/// The code of a path in the configuration that cannot be understood.
const BAD_PATH: &str = "bad-path";

/// The code of a record without a text where its body should be.
const NO_BODY: &str = "no-body";

/// The messages of a document that `host` read from `source`.
pub(crate) fn read(host: &str, source: &Source, document: Document, spec: &SourceSpec) -> Read {
    if source.after_mark().0.trim().is_empty() {
        return Read::blank();
    }
    let mut read = Read { problems: document.problems.into_vec(), ..Read::default() };
    if spec.says_where() {
        let mut extractor = Extractor::new(spec, &mut read);
        if extractor.read.problems.iter().any(|problem| problem.code == BAD_PATH) {
            return read;
        }
        for root in &document.roots {
            extractor.root(root);
        }
        let without = extractor.without_id;
        if without > 0 {
            read.problems.push(no_id(spec, without, read.records.len()));
        }
        if read.records.is_empty() {
            nothing_found(spec, &mut read.problems);
        }
    } else {
        guess::read(host, source, &document.roots, spec, &mut read);
        if read.kind == Kind::Campaign {
            read.roots = document.roots;
        }
    }
    read.sort();
    read
}

impl SourceSpec {
    /// Whether the spec says where messages stand, so that nothing is guessed.
    pub fn says_where(&self) -> bool {
        let paths =
            [&self.messages, &self.id, &self.body, &self.signature, &self.params, &self.defaults, &self.key];
        let paths = paths.into_iter().chain([&self.table]);
        paths.into_iter().any(Option::is_some) || !self.meta.is_empty() || self.decode.is_some()
    }
}

struct Extractor<'a> {
    spec: &'a SourceSpec,
    paths: Paths,
    read: &'a mut Read,
    /// Records in which the configured id was not found.
    without_id: usize,
}

/// The paths of a spec, parsed.
#[derive(Default)]
struct Paths {
    messages: Option<Path>,
    id: Option<Path>,
    body: Option<Path>,
    column: Option<Path>,
    /// Which keys are messages; `*` crosses dots.
    key: Option<GlobMatcher>,
    /// Metadata name and path.
    meta: Vec<(String, Path)>,
}

impl<'a> Extractor<'a> {
    fn new(spec: &'a SourceSpec, read: &'a mut Read) -> Self {
        let mut parse = |text: &str| match Path::parse(text) {
            Ok(path) => Some(path),
            Err(bad) => {
                read.problems.push(bad_path(text, bad.at));
                None
            }
        };
        let mut some = |text: &Option<String>| text.as_deref().and_then(&mut parse);
        let mut paths = Paths {
            messages: some(&spec.messages),
            id: some(&spec.id),
            body: some(&spec.body),
            ..Paths::default()
        };
        let named = [("signature", &spec.signature), ("params", &spec.params), ("defaults", &spec.defaults)];
        for (name, text) in named {
            paths.meta.extend(some(text).map(|path| (name.to_owned(), path)));
        }
        for (name, text) in &spec.meta {
            paths.meta.extend(parse(text).map(|path| (name.clone(), path)));
        }
        if let Some(decode) = &spec.decode {
            paths.column = parse(&decode.column);
            paths.body = parse(&decode.body);
        }
        if let Some(pattern) = &spec.key {
            match GlobBuilder::new(pattern).literal_separator(false).build() {
                Ok(glob) => paths.key = Some(glob.compile_matcher()),
                Err(_) => read.problems.push(bad_path(pattern, 0)),
            }
        }
        Self { spec, paths, read, without_id: 0 }
    }

    /// All messages of one document.
    fn root(&mut self, root: &Node) {
        if let Some(keys) = self.paths.key.clone() {
            return self.by_key(&keys, "", root);
        }
        let nodes = match &self.paths.messages {
            Some(path) => path.each(root),
            None => vec![(root, None)],
        };
        for (node, key) in nodes {
            match &node.value {
                Value::List(nodes) => nodes.iter().for_each(|node| self.record(node, key.clone())),
                _ => self.record(node, key),
            }
        }
    }

    /// The values whose keys, joined with dots from the root, match `glob`.
    fn by_key(&mut self, glob: &GlobMatcher, prefix: &str, node: &Node) {
        if let Value::List(nodes) = &node.value {
            return nodes.iter().for_each(|node| self.by_key(glob, prefix, node));
        }
        let Some(map) = node.as_map() else { return };
        for entry in &map.entries {
            let name =
                if prefix.is_empty() { entry.key.to_string() } else { format!("{prefix}.{}", entry.key) };
            let wanted = entry.value.as_text().is_some() || self.paths.body.is_some();
            if wanted && glob.is_match(&name) && (entry.value.as_map().is_none() || !map.broken) {
                self.record(&entry.value, Some(Key { text: name.into(), span: entry.key_span }));
            } else {
                self.by_key(glob, &name, &entry.value);
            }
        }
    }

    fn record(&mut self, node: &Node, key: Option<Key>) {
        if node.as_map().is_some_and(|map| map.broken) {
            return;
        }
        let Some(body) = self.body(node) else { return };
        let id = self.id(node, key.as_ref());
        self.without_id += usize::from(self.paths.id.is_some() && id.text.is_empty());
        let mut meta = Meta::default();
        for (name, path) in &self.paths.meta {
            match (special(path), &key) {
                (Some(Special::Key), Some(key)) => meta.declare(name, key.text.as_ref().into(), key.span),
                (Some(Special::Value), _) => declare(&mut meta, name, node),
                _ => path.find(node).into_iter().for_each(|value| declare(&mut meta, name, value)),
            }
        }
        own_fields(&mut meta, node);
        self.read.records.push(finish(id, body, meta, self.spec));
    }

    fn id(&self, node: &Node, key: Option<&Key>) -> Id {
        let by_key = |key: &Key| Id { text: key.text.to_string(), span: None };
        let by_node =
            |node: &Node| node.as_text().map(|text| Id { text: text.to_owned(), span: Some(node.span) });
        let found = match &self.paths.id {
            Some(path) => match special(path) {
                Some(Special::Key) => key.map(by_key),
                Some(Special::Value) => by_node(node),
                None => path.find(node).and_then(by_node),
            },
            None => {
                let own = node.as_map().and_then(|map| map.get("id"));
                own.and_then(|entry| by_node(&entry.value)).or_else(|| key.map(by_key))
            }
        };
        found.filter(|id| !id.text.is_empty()).unwrap_or(Id { text: String::new(), span: None })
    }

    /// The body of a record. What keeps it from being found is reported.
    fn body(&mut self, node: &Node) -> Option<Body> {
        if let (Some(decode), Some(column)) = (&self.spec.decode, &self.paths.column) {
            let inside = self.paths.body.clone()?;
            let outer = match text_at(Some(column), node) {
                Ok(outer) => outer,
                Err(wrong) => return self.no_body(node, &decode.column, wrong),
            };
            return self.second_layer(&outer, &decode.host, &inside);
        }
        match text_at(self.paths.body.as_ref(), node) {
            Ok(body) => Some(body),
            Err(wrong) => self.no_body(node, self.spec.body.as_deref().unwrap_or("text"), wrong),
        }
    }

    /// The body inside a document that is itself a value of this one.
    fn second_layer(&mut self, outer: &Body, host: &str, path: &Path) -> Option<Body> {
        let Some(document) = host::by_name(host).and_then(|host| host.document(&outer.mapped.text, 0)) else {
            let words = Words::new(
                format!("“{host}” is not a format that can stand inside a value"),
                format!("“{host}”不是可以嵌套在字段中的格式"),
            );
            self.read.problems.push(Problem::error("unknown-host", words).at(outer.span));
            return None;
        };
        let map = |span: Span| outer.mapped.cover(span);
        let broken = !document.problems.is_empty();
        for mut problem in document.problems.into_vec() {
            if let Some(Place::Text(span)) = problem.place {
                problem.place = Some(Place::Text(map(span)));
            }
            self.read.problems.push(problem);
        }
        match document.roots.first().map(|root| text_at(Some(path), root)) {
            Some(Ok(inner)) => Some(Body { span: map(inner.span), mapped: outer.mapped.then(inner.mapped) }),
            _ if broken => None,
            Some(Err(Some(wrong))) => {
                self.no_body(&Node::new(outer.span, Value::Null), path.text(), Some(map(wrong)))
            }
            _ => self.no_body(&Node::new(outer.span, Value::Null), path.text(), None),
        }
    }

    /// Reports a record without a body: a note where the field is absent (lists and maps hold other things,
    /// too), an error where something else than a text stands in it.
    fn no_body(&mut self, node: &Node, name: &str, wrong: Option<Span>) -> Option<Body> {
        let place = node.as_map().and_then(|map| map.entries.first()).and_then(|entry| entry.key_span);
        let problem = match wrong {
            Some(span) => Problem::error(
                NO_BODY,
                Words::new(
                    format!("what stands at “{name}” is not a text"),
                    format!("“{name}”处的值不是文本"),
                ),
            )
            .at(span),
            None => Problem::note(
                NO_BODY,
                Words::new(
                    format!("this record has no text at “{name}”"),
                    format!("此记录在“{name}”处没有文本"),
                ),
            )
            .at(place.unwrap_or(node.span)),
        };
        self.read.problems.push(problem);
        None
    }
}

/// `<key>` and `<value>`.
enum Special {
    Key,
    Value,
}

fn special(path: &Path) -> Option<Special> {
    match path.text() {
        "<key>" => Some(Special::Key),
        "<value>" => Some(Special::Value),
        _ => None,
    }
}

/// The text at `path`; without a path the node itself, or the member whose name says that it is the body.
/// The error is the place of what stands there instead, if anything does.
fn text_at(path: Option<&Path>, node: &Node) -> Result<Body, Option<Span>> {
    let found = match path {
        Some(path) if special(path).is_some() => Some(node),
        Some(path) => path.find(node),
        None => match node.as_map() {
            // An element may hold its text itself.
            Some(map) => {
                Known::of(map).body.map(|entry| &entry.value).or_else(|| node.as_text().map(|_| node))
            }
            None => Some(node),
        },
    };
    let found = found.filter(|node| !matches!(node.value, Value::Null)).ok_or(None)?;
    let mapped = found.to_mapped().ok_or(Some(found.span))?;
    Ok(Body { mapped, span: found.span })
}

/// A file that was said to hold messages and holds none was not looked at: what was only worth a note
/// beside other records is an error here.
fn nothing_found(spec: &SourceSpec, problems: &mut Vec<Problem>) {
    if problems.is_empty() {
        let place = spec.messages.as_deref().or(spec.key.as_deref()).unwrap_or("the document");
        let words = Words::new(
            format!("the configured source finds no message here: “{place}” leads to nothing"),
            format!("按配置在此文件中找不到短信：“{place}”没有内容"),
        );
        problems.push(Problem::error("no-records", words));
    }
    for problem in problems.iter_mut().filter(|problem| problem.code == NO_BODY) {
        problem.gravity = Gravity::Error;
    }
}

/// Some records lack the configured id (a note), or all of them (then the path is wrong).
fn no_id(spec: &SourceSpec, without: usize, all: usize) -> Problem {
    let path = spec.id.as_deref().unwrap_or("");
    let words = Words::new(
        format!("{without} of {all} record(s) have no id at “{path}”"),
        format!("{all} 条记录中有 {without} 条在“{path}”处没有标识"),
    );
    if without == all { Problem::error("no-id", words) } else { Problem::note("no-id", words) }
}

fn bad_path(text: &str, at: usize) -> Problem {
    Problem::error(
        BAD_PATH,
        Words::new(
            format!("“{text}” is not a path (see byte {at}); write a.b[], a.*, a[0]"),
            format!("“{text}”不是合法的路径（第 {at} 字节），写法如 a.b[]、a.*、a[0]"),
        ),
    )
}

impl Read {
    /// A file with nothing in it.
    pub(crate) fn blank() -> Self {
        let words = Words::new("the file is blank and holds no template", "文件为空，没有模板");
        Self { kind: Kind::Nothing, problems: vec![Problem::note("blank-file", words)], ..Self::default() }
    }

    /// Problems in the order of the file.
    pub(crate) fn sort(&mut self) {
        self.problems.sort_by_key(|problem| match problem.place {
            Some(Place::Text(span)) => span.start,
            _ => u32::MAX,
        });
    }

    /// Turns what a format does not support into notes, once it is known that the file holds no message.
    pub(crate) fn relax(&mut self) {
        const HARMLESS: [&str; 8] = [
            "duplicate-key",
            "yaml-alias",
            "yaml-tag",
            "yaml-merge",
            "yaml-documents",
            "xml-entity",
            "xml-ampersand",
            "sql-syntax",
        ];
        let all = self.problems.iter().all(|p| HARMLESS.contains(&p.code) || p.code == "more-problems");
        for problem in &mut self.problems {
            if HARMLESS.contains(&problem.code) || (all && problem.code == "more-problems") {
                problem.gravity = Gravity::Note;
            }
        }
    }
}
