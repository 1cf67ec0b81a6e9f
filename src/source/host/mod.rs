//! One file a storage format: each turns a [`Source`] into records. [`ALL`] is the list of them;
//! [`read`] is the way in.

mod android;
mod android_string;
mod c_string;
mod delimited;
mod fluent;
mod json;
mod json_string;
mod jsonl;
mod plain;
mod po;
mod properties;
mod sql;
mod sql_copy;
mod sql_names;
mod sql_string;
mod sql_token;
mod sql_value;
mod toml;
mod toml_string;
mod xml;
mod xml_entities;
mod yaml;
mod yaml_scalar;

pub(crate) use self::toml::Told;
use super::document::{Document, Node};
use super::{Record, Source, SourceSpec};
use crate::problem::Problem;
use crate::words::Words;
use std::borrow::Cow;

/// The formats, with the endings of the files that hold them.
const ALL: &[(&dyn Host, &str)] = &[
    (&plain::Plain, "txt sms tmpl tpl liquid hbs handlebars mustache j2 jinja jinja2 vm ftl gotmpl"),
    (&json::Json, "json"),
    (&jsonl::JsonLines, "jsonl ndjson"),
    (&yaml::Yaml, "yaml yml"),
    (&toml::Toml, "toml"),
    (&delimited::CSV, "csv"),
    (&delimited::TSV, "tsv"),
    (&delimited::PSV, "psv"),
    (&properties::Properties, "properties"),
    (&po::Po, "po pot"),
    (&xml::Xml, "xml"),
    (&android::Android, ""),
    (&sql::Sql, "sql"),
    // Shares the ending of FreeMarker; the content decides.
    (&fluent::Fluent, ""),
];

/// All formats; programs last.
fn all() -> impl Iterator<Item = &'static (&'static dyn Host, &'static str)> {
    ALL.iter().chain(crate::code::HOSTS)
}

/// What a host reader returns: the messages it found and what it could not read. A file with a broken
/// part still gives the records around it where the format allows.
#[derive(Debug, Default)]
pub struct Read {
    /// The messages, in the order of the file.
    pub records: Vec<Record>,
    /// What could not be read, in the order of the file.
    pub problems: Vec<Problem>,
    /// What the file turned out to be.
    pub kind: Kind,
    /// The documents of a send schedule, which is not made of messages.
    pub roots: Vec<Node>,
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Messages, found as the configuration or the format says.
    #[default]
    Templates,
    /// Messages, found by the names of their fields.
    Guessed,
    /// Nothing to check.
    Nothing,
    /// A send schedule (`[campaign]`), read by `campaign`.
    Campaign,
    /// A policy file.
    Policy,
    /// A configuration file.
    Config,
}

/// A storage format.
pub trait Host: Sync {
    /// Its name in `--host`, the configuration and reports.
    fn name(&self) -> &'static str;

    /// Reads the messages of `source` as `spec` says; an empty spec means that records are guessed by
    /// their field names.
    fn read(&self, source: &Source, spec: &SourceSpec) -> Read;

    /// The tree of `text`, for formats that have one. `base` is added to every place in it.
    fn document(&self, text: &str, base: u32) -> Option<Document> {
        let _ = (text, base);
        None
    }
}

/// The format called `name`.
pub fn by_name(name: &str) -> Option<&'static dyn Host> {
    all().map(|(host, _)| *host).find(|host| host.name() == name)
}

/// The format of files with the ending `extension` (without the dot, any case).
pub fn by_extension(extension: &str) -> Option<&'static dyn Host> {
    let ends = |endings: &str| {
        let mut endings = endings.split(' ').filter(|ending| !ending.is_empty());
        endings.any(|ending| ending.eq_ignore_ascii_case(extension))
    };
    all().find(|(_, endings)| ends(endings)).map(|(host, _)| *host)
}

/// The format of a file by its name.
pub fn by_path(path: &str) -> Option<&'static dyn Host> {
    by_extension(ending(path)?)
}

/// The ending of a file's name, without its dot; a name that only begins with a dot has none.
fn ending(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending)
}

/// The format of a file by its name and, where formats share an ending, its content.
fn of_source(source: &Source) -> &'static dyn Host {
    let is = |known: &str| ending(&source.path).is_some_and(|ending| ending.eq_ignore_ascii_case(known));
    match () {
        () if is("ftl") && fluent::is_fluent(source.after_mark().0) => &fluent::Fluent,
        () if is("xml") && android::is_resources(source.after_mark().0) => &android::Android,
        _ => by_path(&source.path).unwrap_or(&plain::Plain),
    }
}

/// The names of all formats.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(host, _)| host.name())
}

/// Reads `source` in the format `host`, else in the spec's, else in that of its ending, else as plain
/// text. Returns the format's name with what was read.
pub fn read(source: &Source, host: Option<&str>, spec: &SourceSpec) -> (&'static str, Read) {
    let asked = host.or(spec.host.as_deref());
    let host = match asked {
        Some(name) => by_name(name),
        None => Some(of_source(source)),
    };
    match host {
        Some(host) => {
            let mut listed = Cow::Borrowed(spec);
            if asked.is_some() && !spec.listed {
                listed.to_mut().listed = true;
            }
            let mut read = host.read(source, &listed);
            name_the_nameless(source.stem(), &mut read.records);
            for problem in &mut read.problems {
                problem.path.get_or_insert_with(|| source.path.clone());
            }
            (host.name(), read)
        }
        None => ("unknown", Read { problems: vec![unknown(source, asked.unwrap_or(""))], ..Read::default() }),
    }
}

/// Gives records without an id the file's name, numbered when the file holds several records.
fn name_the_nameless(stem: &str, records: &mut [Record]) {
    let several = records.len() > 1;
    for (i, record) in records.iter_mut().enumerate() {
        if record.id.text.is_empty() {
            record.id.text = if several { format!("{stem}#{}", i + 1) } else { stem.to_owned() };
        }
    }
}

fn unknown(source: &Source, name: &str) -> Problem {
    let known: Vec<&str> = names().collect();
    let list = known.join(" ");
    let words = Words::new(format!("“{name}” is not a host format"), format!("没有名为“{name}”的文件格式"));
    Problem::error("unknown-host", words)
        .in_file(&source.path)
        .help(Words::new(format!("known formats: {list}"), format!("可用的格式：{list}")))
}
