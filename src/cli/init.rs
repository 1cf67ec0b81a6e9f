//! `dunlint init`: proposes a configuration from what the repository holds.
//!
//! Nothing is written without `--write`, and an existing file is never touched. The proposals come from
//! the same guess that `check` makes without a configuration, put into words.

use super::options::Manner;
use super::{CLEAN, PROBLEM, screen};
use crate::config::discover::FILE_NAME;
use crate::report::chrome::pick;
use crate::source::document::{Document, Node, Value};
use crate::source::host::{self, Kind};
use crate::source::walk::{self, Exclude};
use crate::source::{Record, Source, SourceSpec, disk};
use crate::words::Lang;
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files larger than this many bytes are not looked at.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint init               look, and print the proposal
  dunlint init --write       write it to dunlint.toml, unless there is one")]
pub struct Arguments {
    /// The root of the repository
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Write the proposal to dunlint.toml; an existing one is never overwritten
    #[arg(long, visible_alias = "yes")]
    write: bool,
    #[command(flatten)]
    manner: Manner,
}

/// Proposes, and writes when asked to.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let proposal = proposal(&arguments.path, lang);
    if !arguments.write {
        return screen::print(CLEAN, |out| out.write_all(proposal.as_bytes()));
    }
    let file = arguments.path.join(FILE_NAME);
    let written = OpenOptions::new().write(true).create_new(true).open(&file);
    match written.and_then(|mut out| out.write_all(proposal.as_bytes())) {
        Ok(()) => {
            screen::say(&format!("{} {}", pick(lang, "wrote", "已写入"), file.display()));
            CLEAN
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let why = pick(lang, "exists already; nothing was written", "已存在，未作改动");
            screen::say(&format!("dunlint: {} {why}", file.display()));
            PROBLEM
        }
        Err(error) => {
            screen::say(&format!("dunlint: {}: {error}", file.display()));
            PROBLEM
        }
    }
}

/// One `[[source]]`, and the files it was found in.
struct Found {
    spec: Spec,
    files: Vec<String>,
    templates: usize,
}

/// Where the messages of a file stand.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spec {
    host: &'static str,
    messages: Option<String>,
    id: Option<String>,
    body: Option<String>,
    key: Option<String>,
}

fn proposal(root: &Path, lang: Lang) -> String {
    let mut text = String::new();
    let word = |en, zh| pick(lang, en, zh);
    let _ = writeln!(
        text,
        "# {}\n",
        word(
            "Made by `dunlint init`. What is commented out is the default.",
            "由 `dunlint init` 生成；注释掉的内容为默认值。"
        )
    );
    let _ = writeln!(
        text,
        "# {}\n# jurisdiction = \"cn\"\n",
        word(
            "Whose rules hold; by default the language of each template decides.",
            "适用地区；默认按模板语言判断。"
        )
    );
    let _ = writeln!(
        text,
        "# fail-on = \"error\"\n# exclude = [\"drafts/**\"]\n# policies = [\"policies/house.toml\"]\n"
    );
    let _ = writeln!(
        text,
        "# {}\n# [rules]\n# \"concise/segments\" = \"off\"\n# \"family:informal\" = \"error\"\n",
        word("Levels: off, note, warning, error.", "级别：off、note、warning、error。")
    );
    let _ = writeln!(
        text,
        "# {}\n# [facts]\n# sender_role = \"creditor\"",
        word("What holds for all templates.", "对全部模板成立的事实。")
    );
    let found = sources(root);
    if found.is_empty() {
        let none = word(
            "No catalogue of templates was recognised. Say where they are:",
            "没有识别出模板目录。请说明模板所在位置：",
        );
        let _ = writeln!(
            text,
            "\n# {none}\n# [[source]]\n# files = \"templates/**/*.json\"\n# messages = \"templates[]\"\n# id = \"id\"\n# body = \"content\""
        );
    }
    for source in found {
        let _ = write!(text, "\n# {}", word("templates found:", "找到的模板数："));
        let _ = writeln!(text, " {}\n[[source]]", source.templates);
        let _ = writeln!(text, "files = {}", files(&source.files));
        let spec = &source.spec;
        let rows = [("messages", &spec.messages), ("id", &spec.id), ("body", &spec.body), ("key", &spec.key)];
        let _ = writeln!(text, "host = \"{}\"", source.spec.host);
        for (key, value) in rows {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {}", serde_json::Value::from(value.as_str()));
            }
        }
    }
    text
}

/// A few files by name, many by a glob.
fn files(files: &[String]) -> String {
    let escaped = |path: &String| {
        let mut glob = String::new();
        for c in path.chars() {
            if matches!(c, '*' | '?' | '[' | ']' | '{' | '}') {
                let _ = write!(glob, "[{c}]");
            } else {
                glob.push(c);
            }
        }
        glob
    };
    if files.len() > 3 {
        let folder = |path: &String| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let ending = files.first().and_then(|p| p.rsplit_once('.')).map_or("*", |(_, e)| e);
        let first = files.first().map(folder).unwrap_or_default();
        let glob = if files.iter().all(|f| folder(f) == first) && !first.is_empty() {
            format!("{}/*.{ending}", escaped(&first))
        } else {
            format!("**/*.{ending}")
        };
        return serde_json::Value::from(glob).to_string();
    }
    let globs: Vec<serde_json::Value> = files.iter().map(|path| escaped(path).into()).collect();
    match globs.as_slice() {
        [one] => one.to_string(),
        several => serde_json::Value::from(several.to_vec()).to_string().replace("\",\"", "\", \""),
    }
}

fn sources(root: &Path) -> Vec<Found> {
    let mut found: BTreeMap<Spec, Found> = BTreeMap::new();
    for file in walk::walk(root, &[root.to_owned()], &Exclude::default()).files {
        let small = std::fs::metadata(&file.absolute).is_ok_and(|data| data.len() <= MOST_BYTES);
        if !small || host::by_path(&file.path).is_none_or(|host| host.name() == "plain") {
            continue;
        }
        let Some((spec, templates)) = disk::read(&file.absolute).ok().and_then(|b| look(&file.path, b))
        else {
            continue;
        };
        let entry =
            found.entry(spec.clone()).or_insert_with(|| Found { spec, files: Vec::new(), templates: 0 });
        entry.files.push(file.path.to_string());
        entry.templates += templates;
    }
    found.into_values().collect()
}

/// What the guess finds in one file, as a spec, with the number of its templates.
fn look(path: &Arc<str>, bytes: Vec<u8>) -> Option<(Spec, usize)> {
    let source = Source::from_bytes(path, bytes, None).ok()?;
    let (name, read) = host::read(&source, None, &SourceSpec::default());
    if read.kind != Kind::Guessed || read.records.is_empty() {
        return None;
    }
    let (text, base) = source.after_mark();
    let document = host::by_name(name)?.document(text, base)?;
    let spec = describe(name, &document, &read.records);
    Some((spec, read.records.len()))
}

/// The paths that lead to `records`; without them when no single path leads to all.
fn describe(host: &'static str, document: &Document, records: &[Record]) -> Spec {
    let unsaid = Spec { host, messages: None, id: None, body: None, key: None };
    if matches!(host, "properties" | "po" | "android-xml" | "fluent") {
        return Spec { key: common_key(records), ..unsaid };
    }
    let mut places: Vec<Place> = Vec::new();
    for record in records {
        let mut steps = Vec::new();
        let several = document.roots.len() > 1;
        let place = document.roots.iter().find_map(|root| {
            steps.clear();
            find(root, record, &mut steps)
        });
        let Some(place) = place else { return unsaid };
        if several && !place.steps.is_empty() {
            return unsaid;
        }
        places.push(place);
    }
    let Some(first) = places.first() else { return unsaid };
    let same = |p: &Place| p.id == first.id && p.body == first.body && p.steps.len() == first.steps.len();
    if !places.iter().all(same) {
        return unsaid;
    }
    let mut messages = String::new();
    for (depth, step) in first.steps.iter().enumerate() {
        let shared = places.iter().all(|place| place.steps.get(depth) == Some(step));
        match step {
            Step::Element => messages.push_str("[]"),
            Step::Key(key) => {
                let key = if shared { key.as_str() } else { "*" };
                if !messages.is_empty() {
                    messages.push('.');
                }
                messages.push_str(key);
            }
        }
    }
    // A document that is a list needs no path.
    let messages = Some(messages).filter(|path| !path.is_empty() && path != "[]");
    Spec { host, messages, id: Some(first.id.clone()), body: Some(first.body.clone()), key: None }
}

/// A glob for what the ids of `records` have in common before a separator: `sms.*`.
fn common_key(records: &[Record]) -> Option<String> {
    let mut common = records.first()?.id.text.as_str();
    for record in records {
        let same = common.char_indices().zip(record.id.text.chars()).find(|((_, a), b)| a != b);
        let len = same.map_or(common.len().min(record.id.text.len()), |((at, _), _)| at);
        common = common.get(..len)?;
    }
    let end = common.rfind(['.', '_', '-'])? + 1;
    let prefix = common.get(..end).filter(|prefix| !prefix.contains(['*', '?', '[', '{']))?;
    Some(format!("{prefix}*"))
}

#[derive(Clone, PartialEq, Eq)]
enum Step {
    Element,
    Key(String),
}

struct Place {
    steps: Vec<Step>,
    id: String,
    body: String,
}

/// Finds the map that holds the body and id of `record`.
fn find(node: &Node, record: &Record, steps: &mut Vec<Step>) -> Option<Place> {
    match &node.value {
        Value::List(nodes) => nodes.iter().find_map(|node| {
            steps.push(Step::Element);
            let place = find(node, record, steps);
            steps.pop();
            place
        }),
        _ => {
            let map = node.as_map()?;
            let key_at = |span| map.entries.iter().find(|entry| entry.value.span == span);
            let plain = |key: &Arc<str>| !key.contains(['.', '[', ']', '*', '<']);
            if let (Some(body), Some(id)) = (key_at(record.body_span), record.id.span.and_then(key_at)) {
                let usable = plain(&body.key) && plain(&id.key);
                return usable.then(|| Place {
                    steps: steps.clone(),
                    id: id.key.to_string(),
                    body: body.key.to_string(),
                });
            }
            if let (true, Some(id)) = (node.span == record.body_span, record.id.span.and_then(key_at)) {
                let usable = plain(&id.key);
                let body = "<value>".to_owned();
                return usable.then(|| Place { steps: steps.clone(), id: id.key.to_string(), body });
            }
            map.entries.iter().filter(|entry| plain(&entry.key)).find_map(|entry| {
                steps.push(Step::Key(entry.key.to_string()));
                let place = find(&entry.value, record, steps);
                steps.pop();
                place
            })
        }
    }
}
