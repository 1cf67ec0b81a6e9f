//! `dunlint parse`: what was understood of each template.
//!
//! [`describe`] makes the JSON of one file; its shape is fixed by the public interface.

use super::options::{Manner, Reading, Settings};
use super::{CLEAN, PROBLEM, screen};
use crate::check;
use crate::config::{Configs, Date, discover};
use crate::facts::length::Length;
use crate::facts::roles;
use crate::outcome::Outcome;
use crate::report::concise;
use crate::source::{Source, Span};
use crate::template::{Branch, Dialect, Node, Path, Placeholder, Signature, Template};
use clap::Args;
use serde_json::{Map, Value, json};
use std::io;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

/// Arguments of `parse`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  dunlint parse templates/m1.json --format json

One file prints one object, several a list in their order. Errors inside a template are part of the
answer; the exit code is 2 only when a file could not be read.")]
pub struct Arguments {
    /// Files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Shape of the answer
    #[arg(long, default_value = "json", value_parser = ["json"], value_name = "FORMAT")]
    format: String,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    reading: Reading,
}

/// Prints what was understood of each file.
pub fn run(arguments: &Arguments) -> u8 {
    // No rule runs here, so no policy is read.
    let root = match std::env::current_dir() {
        Ok(root) => root,
        Err(error) => {
            screen::say(&format!("dunlint: {error}"));
            return PROBLEM;
        }
    };
    let configs = Configs::new(&root, &arguments.settings.choice(), Date::today());
    let lang = screen::lang(arguments.manner.lang);
    let mut outcome = Outcome::default();
    let mut all: Vec<Value> =
        arguments.files.iter().map(|file| one(file, arguments, &root, &configs, &mut outcome)).collect();
    configs.report(&mut outcome);
    for problem in &outcome.problems {
        screen::say(&concise::line(problem, &outcome, lang));
    }
    let code = if outcome.complete() { CLEAN } else { PROBLEM };
    let document = if all.len() == 1 { all.remove(0) } else { Value::Array(all) };
    screen::print(code, |out| {
        serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
        writeln!(out)
    })
}

/// Reads one file; what could not be read goes to `outcome`.
fn one(
    file: &FilePath,
    arguments: &Arguments,
    root: &FilePath,
    configs: &Configs,
    outcome: &mut Outcome,
) -> Value {
    let absolute = root.join(file);
    let path: Arc<str> = discover::relative(root, &absolute).into();
    let config = configs.nearest(&absolute);
    let settings = config.resolve(&absolute);
    let nothing = |host: &str| json!({ "file": &*path, "host": host, "messages": [] });
    let source = match Source::open(&path, &absolute, settings.spec.encoding.as_deref()) {
        Ok(source) => source,
        Err(problem) => {
            outcome.problems.push(*problem);
            return nothing("unknown");
        }
    };
    let Reading { host, dialect, .. } = &arguments.reading;
    let mut parsed = check::parse(&source, host.as_deref(), dialect.as_deref(), &settings);
    for template in &mut parsed.templates {
        roles::assign(template);
    }
    let described = describe(&source, parsed.host, &parsed.templates);
    outcome.problems.extend(parsed.problems);
    outcome.sources.insert(path, source);
    described
}

/// One file as `parse --format json` prints it. Spans are `[start, end)` bytes of the file on disk;
/// members without a value are left out.
pub fn describe(source: &Source, host: &str, templates: &[Template]) -> Value {
    let messages: Vec<Value> = templates.iter().map(|template| View { source, template }.message()).collect();
    json!({
        "file": &*source.path,
        "bytes": source.bytes,
        "host": host,
        "messages": messages,
    })
}

/// One template with the file it comes from.
struct View<'a> {
    source: &'a Source,
    template: &'a Template,
}

impl View<'_> {
    fn message(&self) -> Value {
        let Self { template, .. } = self;
        let record = &template.record;
        let paths = template.paths();
        let mut message = Map::new();
        let mut put = |name: &str, value: Value| message.insert(name.to_owned(), value);
        put("id", json!(record.id.text));
        if let Some(span) = record.id.span {
            put("id_span", self.file_span(span));
        }
        put("dialect", json!(template.dialect.name()));
        put("dialect_chosen_by", json!(template.chosen_by.name()));
        if let Dialect::Custom(marks) = &template.dialect {
            put("dialect_options", json!({ "open": marks.open, "close": marks.close }));
        }
        put("body_span", self.file_span(record.body_span));
        put("decoded", json!(template.body()));
        put("signature", template.signatures.iter().map(|signature| self.signature(signature)).collect());
        if !record.meta.fields.is_empty() {
            put("meta", self.meta());
        }
        put("placeholders", template.placeholders().into_iter().map(|p| self.placeholder(p)).collect());
        put("escapes", self.escapes());
        put("errors", self.errors());
        if template.nodes.iter().any(|node| matches!(node, Node::Cond { .. } | Node::Comment(_))) {
            put("nodes", self.nodes(&template.nodes));
        }
        put("paths", paths.list.iter().map(|path| self.path(path)).collect());
        if paths.feasible.len() != paths.list.len() {
            put("feasible_paths", json!(paths.feasible));
        }
        if !paths.complete {
            put("paths_complete", json!(false));
        }
        put("literal_length", paths.list.iter().map(|path| self.length(path)).collect());
        Value::Object(message)
    }

    fn signature(&self, signature: &Signature) -> Value {
        match signature {
            Signature::Inline { side, span, text_span, text } => json!({
                "source": "inline",
                "position": side.name(),
                "text": text,
                "span": self.span(*span),
                "text_span": self.span(*text_span),
            }),
            Signature::Field { text, span: Some(span) } => {
                json!({ "source": "field", "text": text, "span": self.file_span(*span) })
            }
            Signature::Field { text, span: None } => json!({ "source": "field", "text": text }),
        }
    }

    /// The declared facts; a string that holds a JSON list or map is shown as that.
    fn meta(&self) -> Value {
        let shown = |value: &Value| match value {
            Value::String(text) if text.starts_with(['[', '{']) => {
                serde_json::from_str(text).unwrap_or_else(|_| value.clone())
            }
            _ => value.clone(),
        };
        let fields = &self.template.record.meta.fields;
        Value::Object(fields.iter().map(|(name, declared)| (name.clone(), shown(&declared.value))).collect())
    }

    fn placeholder(&self, placeholder: &Placeholder) -> Value {
        let mut entry = Map::new();
        let mut put = |name: &str, value: Value| entry.insert(name.to_owned(), value);
        put("span", self.span(placeholder.span));
        put("name", json!(placeholder.name));
        put("raw", json!(placeholder.span.of_text(self.template.body())));
        if let Some(index) = placeholder.index {
            put("index", json!(index));
        }
        if let Some(default) = &placeholder.default {
            put("default", json!(default));
        }
        if !placeholder.filters.is_empty() {
            put("filters", json!(placeholder.filters));
        }
        if let Some(declared) = &placeholder.declared_type {
            put("type", json!(declared));
        }
        if let Some(length) = placeholder.max_length {
            put("max_len", json!(length));
        }
        put("role", json!(placeholder.role.name()));
        Value::Object(entry)
    }

    fn escapes(&self) -> Value {
        let raw = |span: Span| span.of_text(self.template.body());
        let escapes = self.template.escapes();
        escapes
            .iter()
            .map(|(span, text)| json!({ "span": self.span(*span), "raw": raw(*span), "text": text }))
            .collect()
    }

    fn errors(&self) -> Value {
        let text = |span: Span| span.of_text(self.template.body());
        let errors = self.template.errors();
        errors
            .iter()
            .map(|(span, kind)| json!({ "span": self.span(*span), "kind": kind.name(), "text": text(*span) }))
            .collect()
    }

    fn nodes(&self, nodes: &[Node]) -> Value {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn node(&self, node: &Node) -> Value {
        let text = |span: Span| span.of_text(self.template.body());
        match node {
            Node::Text(span) => json!({ "t": "text", "span": self.span(*span), "text": text(*span) }),
            Node::Placeholder(placeholder) => {
                json!({ "t": "ph", "span": self.span(placeholder.span), "name": placeholder.name })
            }
            Node::Escape { span, text: sent } => {
                json!({ "t": "esc", "span": self.span(*span), "text": sent, "raw": text(*span) })
            }
            Node::Comment(span) => json!({ "t": "comment", "span": self.span(*span) }),
            Node::Cond { span, kind, argument, branches, has_else } => json!({
                "t": "cond",
                "span": self.span(*span),
                "kind": kind.name(),
                "arg": argument,
                "has_else": has_else,
                "branches": branches.iter().map(|branch| self.branch(branch)).collect::<Value>(),
            }),
            Node::Error { span, kind } => {
                json!({ "t": "error", "span": self.span(*span), "text": text(*span), "kind": kind.name() })
            }
        }
    }

    fn branch(&self, branch: &Branch) -> Value {
        json!({
            "head": self.span(branch.head),
            "cond": branch.condition,
            "nodes": self.nodes(&branch.nodes),
        })
    }

    fn path(&self, path: &Path) -> Value {
        let text = self.template.render(path, |placeholder| format!("⟦{}⟧", placeholder.name));
        json!({ "when": path.when, "text": text })
    }

    fn length(&self, path: &Path) -> Value {
        let length = Length::of(&self.template.literal(path));
        let mut entry = json!({
            "chars": length.chars,
            "utf16_units": length.utf16_units,
            "gsm7": length.gsm7(),
        });
        if let (Some(septets), Some(entry)) = (length.gsm7_septets, entry.as_object_mut()) {
            entry.insert("gsm7_septets".to_owned(), json!(septets));
        }
        entry
    }

    /// A span of the body, as bytes of the file.
    fn span(&self, span: Span) -> Value {
        self.file_span(self.template.source_span(span))
    }

    /// A span of the source's text, as bytes of the file.
    fn file_span(&self, span: Span) -> Value {
        let location = self.source.location(span);
        json!([location.byte_start, location.byte_end])
    }
}
