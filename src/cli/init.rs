//! `dunlint init`: proposes a configuration from what the repository holds.
//!
//! Nothing is written without `--write`, and an existing file is never touched. The proposals come from
//! the same guess that `check` makes without a configuration, put into words.

mod code;
mod paths;

use super::options::Manner;
use super::{CLEAN, PROBLEM, screen};
use crate::config::discover::FILE_NAME;
use crate::report::chrome::pick;
use crate::source::host::{self, Kind};
use crate::source::walk::{self, Exclude};
use crate::source::{ChosenBy, Record, Source, SourceSpec};
use crate::template::{Dialect, Hints, Signature, Template};
use crate::words::Lang;
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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
    /// How many of them carry their signature in their text.
    signed: usize,
}

/// Where the messages of a file stand, and how they are written.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Spec {
    host: &'static str,
    messages: Option<String>,
    id: Option<String>,
    body: Option<String>,
    signature: Option<String>,
    dialect: Option<String>,
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
        source.write(&mut text, lang);
    }
    text
}

impl Found {
    fn write(&self, text: &mut String, lang: Lang) {
        let (templates, files_read) = (self.templates, self.files.len());
        let mut heading = match lang {
            Lang::En => format!("{templates} template(s) in {files_read} file(s)"),
            _ => format!("{files_read} 个文件中的 {templates} 条模板"),
        };
        if self.signed > 0 {
            let signed = self.signed;
            heading += &match lang {
                Lang::En => format!("; {signed} with a signature 【…】 in the text"),
                _ => format!("；其中 {signed} 条正文带签名【…】"),
            };
        }
        let _ = writeln!(text, "\n# {heading}\n[[source]]");
        let is_code = code::is_code(self.spec.host);
        let files = if is_code { code::files(&self.files) } else { files(&self.files) };
        let _ = writeln!(text, "files = {files}");
        // Without a key the host is left out: then only what is recognised is read, as `init` did.
        if !is_code || self.spec.key.is_some() {
            let _ = writeln!(text, "host = \"{}\"", self.spec.host);
        }
        let spec = &self.spec;
        let rows = [
            ("messages", &spec.messages),
            ("id", &spec.id),
            ("body", &spec.body),
            ("key", &spec.key),
            ("signature", &spec.signature),
            ("dialect", &spec.dialect),
        ];
        for (key, value) in rows {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {}", serde_json::Value::from(value.as_str()));
            }
        }
    }
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
    let mut programs = code::Programs::default();
    for file in walk::walk(root, &[root.to_owned()], &Exclude::default()).files {
        let small = std::fs::metadata(&file.absolute).is_ok_and(|data| data.len() <= MOST_BYTES);
        let host = host::by_path(&file.path).map(|host| host.name()).filter(|host| *host != "plain");
        let Some(host) = host.filter(|_| small) else { continue };
        let Some(source) = Source::open(&file.path, &file.absolute, None).ok() else {
            continue;
        };
        if code::is_code(host) {
            programs.look(host, &file, source);
            continue;
        }
        let Some(one) = look(&source) else { continue };
        let entry = found.entry(one.spec.clone()).or_insert_with(|| Found {
            spec: one.spec,
            files: Vec::new(),
            templates: 0,
            signed: 0,
        });
        entry.files.push(file.path.to_string());
        entry.templates += one.templates;
        entry.signed += one.signed;
    }
    found.into_values().chain(programs.propose()).collect()
}

/// What the guess finds in one file.
fn look(source: &Source) -> Option<Found> {
    let (name, read) = host::read(source, None, &SourceSpec::default());
    if read.kind != Kind::Guessed || read.records.is_empty() {
        return None;
    }
    let (text, base) = source.after_mark();
    let mut spec = match host::by_name(name)?.document(text, base) {
        Some(document) => paths::describe(name, &document, &read.records),
        None => Spec { host: name, ..Spec::default() },
    };
    let templates = read.records.len();
    let written = Written::of(source, read.records);
    spec.dialect = written.dialect;
    Some(Found { spec, files: vec![source.path.to_string()], templates, signed: written.signed })
}

/// How the messages of a file are written.
struct Written {
    /// The language of their placeholders, if nobody says it but the texts, and all that say one agree.
    dialect: Option<String>,
    /// How many carry their signature.
    signed: usize,
}

impl Written {
    fn of(source: &Source, records: Vec<Record>) -> Self {
        let hints = Hints { path: &source.path, option: None, spec: None };
        let (templates, problems) = Template::parse_file(records, &hints);
        let inline = |template: &&Template| {
            template.signatures.iter().any(|signature| matches!(signature, Signature::Inline { .. }))
        };
        let signed = templates.iter().filter(inline).count();
        let detected = templates.iter().all(|template| template.chosen_by == ChosenBy::Auto);
        let agree = problems.iter().all(|problem| problem.code != "dialect-disagrees");
        let first = templates.first().map(|template| &template.dialect);
        let dialect = first.filter(|dialect| detected && agree && **dialect != Dialect::None);
        Self { dialect: dialect.map(|dialect| dialect.name().to_owned()), signed }
    }
}
