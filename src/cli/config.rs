//! `dunlint config`: the settings that hold for a path, each with the line that says so.

use super::options::{Manner, Settings};
use super::{CLEAN, load, screen};
use crate::config::{Config, FileSettings, Origin, Suppress, discover};
use crate::report::chrome::pick;
use crate::source::SourceSpec;
use crate::words::Lang;
use clap::Args;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `config`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint config                          what holds in this directory
  dunlint config templates/m1.json        how one file is read, and at which levels its rules report")]
pub struct Arguments {
    /// A file or directory
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
}

/// Prints the settings as TOML with comments.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let paths = [arguments.path.clone()];
    let mut loaded = match load::or_say(&arguments.settings, &paths, load::Needs::Rules) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let path = loaded.root.join(&arguments.path);
    let is_directory = path.is_dir();
    let config =
        if is_directory { loaded.configs.of_directory(&path) } else { loaded.configs.nearest(&path) };
    let code = loaded.complain(lang, arguments.manner.color).unwrap_or(CLEAN);
    let mut text = String::new();
    chain(&config, lang, &mut text);
    if is_directory {
        of_directory(&config, &loaded.root, &mut text);
    } else {
        of_file(&config, &path, &loaded.policies, &mut text);
    }
    screen::print(code, |out| out.write_all(text.as_bytes()))
}

fn chain(config: &Config, lang: Lang, text: &mut String) {
    if config.chain.is_empty() {
        let _ = writeln!(
            text,
            "# {}",
            pick(lang, "no configuration: defaults hold", "没有配置文件：使用默认设置")
        );
    }
    for (number, file) in config.chain.iter().enumerate() {
        let word = if number == 0 { pick(lang, "read", "读取") } else { pick(lang, "extends", "扩展") };
        let _ = writeln!(text, "# {word} {file}");
    }
}

/// `key = value` with the place it comes from; the default when it is not set.
fn line(text: &mut String, key: &str, value: &str, origin: Option<&Origin>) {
    let from = origin.map_or("default".to_owned(), |o| format!("{}:{}", o.path, o.line));
    let _ = writeln!(text, "{:40} # {from}", format!("{key} = {value}"));
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list(patterns: &[String]) -> String {
    let items: Vec<String> = patterns.iter().map(|pattern| quoted(pattern)).collect();
    format!("[{}]", items.join(", "))
}

fn scalars(config: &Config, jurisdiction: Option<&crate::config::Set<String>>, text: &mut String) {
    match jurisdiction {
        Some(set) => line(text, "jurisdiction", &quoted(&set.value), Some(&set.origin)),
        None => line(text, "# jurisdiction", "by language", None),
    }
    let fail_on = config.fail_on.as_ref();
    line(text, "fail-on", &quoted(fail_on.map_or("error", |s| &s.value)), fail_on.map(|s| &s.origin));
    let gateway = config.signature_added_by_gateway.as_ref();
    let value = gateway.is_some_and(|set| set.value).to_string();
    line(text, "signature-added-by-gateway", &value, gateway.map(|set| &set.origin));
}

fn of_directory(config: &Config, root: &Path, text: &mut String) {
    scalars(config, config.jurisdiction.as_ref(), text);
    for policy in &config.policies {
        let shown = discover::relative(root, &policy.value);
        line(text, "policies", &quoted(&shown), Some(&policy.origin));
    }
    for globs in &config.exclude {
        line(text, "exclude", &list(&globs.patterns), Some(&globs.origin));
    }
    let _ = writeln!(text, "\n[rules]");
    for (rule, switch) in &config.rules {
        line(text, &quoted(rule), &quoted(switch.value.name()), Some(&switch.origin));
    }
    let _ = writeln!(text, "\n[facts]");
    for (name, value) in &config.facts {
        line(text, name, &value.value.to_string(), Some(&value.origin));
    }
    for entry in &config.sources {
        let _ = writeln!(text, "\n[[source]] # {}:{}", entry.origin.path, entry.origin.line);
        if let Some(globs) = &entry.files {
            let _ = writeln!(text, "files = {}", list(&globs.patterns));
        }
        spec(&entry.spec, text);
    }
    for entry in &config.overrides {
        let _ = writeln!(text, "\n[[override]]");
        line(text, "files", &list(&entry.files.patterns), Some(&entry.files.origin));
        for (rule, switch) in &entry.rules {
            line(
                text,
                &format!("rules.{}", quoted(rule)),
                &quoted(switch.value.name()),
                Some(&switch.origin),
            );
        }
    }
    config.suppress.iter().for_each(|entry| exception(entry, text));
}

/// A `[[suppress]]`, each line with the place it comes from; who answers for it, or that nobody does.
fn exception(entry: &Suppress, text: &mut String) {
    let _ = writeln!(text, "\n[[suppress]]");
    line(text, "rule", &quoted(&entry.rule.value), Some(&entry.rule.origin));
    if let Some(files) = &entry.files {
        line(text, "files", &list(&files.patterns), Some(&files.origin));
    }
    line(text, "reason", &quoted(&entry.reason), Some(&entry.origin));
    match &entry.owner {
        Some(owner) => line(text, "owner", &quoted(owner), Some(&entry.origin)),
        None => line(text, "# owner", "nobody", None),
    }
    match &entry.until {
        Some(until) => line(text, "until", &until.value.to_string(), Some(&until.origin)),
        None => line(text, "# until", "no end", None),
    }
}

fn of_file(config: &Config, path: &Path, policies: &crate::policy::PolicySet, text: &mut String) {
    let settings: FileSettings<'_> = config.resolve(path);
    if let Some(origin) = settings.excluded {
        let _ = writeln!(text, "# excluded by {}:{}", origin.path, origin.line);
    }
    scalars(config, settings.jurisdiction, text);
    let _ = writeln!(text, "\n[facts]");
    for (name, value) in &settings.facts {
        line(text, name, &value.value.to_string(), Some(&value.origin));
    }
    match settings.source {
        Some(origin) => {
            let _ = writeln!(text, "\n[[source]] # {}:{}", origin.path, origin.line);
            spec(&settings.spec, text);
        }
        None => {
            let _ = writeln!(text, "\n# no [[source]] matches: the format is guessed");
        }
    }
    settings.suppress.iter().for_each(|entry| exception(entry, text));
    let _ = writeln!(text, "\n[rules]");
    for rule in &policies.rules {
        let switch = settings.levels.switch(&rule.id);
        let level = switch.map_or(rule.level.name(), |set| set.value.name());
        line(text, &quoted(&rule.id), &quoted(level), switch.map(|set| &set.origin));
    }
}

fn spec(spec: &SourceSpec, text: &mut String) {
    let rows = [
        ("host", &spec.host),
        ("messages", &spec.messages),
        ("id", &spec.id),
        ("body", &spec.body),
        ("signature", &spec.signature),
        ("key", &spec.key),
        ("table", &spec.table),
        ("params", &spec.params),
        ("defaults", &spec.defaults),
        ("dialect", &spec.dialect),
        ("profile", &spec.profile),
        ("open", &spec.open),
        ("close", &spec.close),
        ("encoding", &spec.encoding),
    ];
    for (key, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    }
    for (name, path) in &spec.meta {
        let _ = writeln!(text, "meta.{} = {}", quoted(name), quoted(path));
    }
    if let Some(decode) = &spec.decode {
        let (column, host, body) = (quoted(&decode.column), quoted(&decode.host), quoted(&decode.body));
        let _ = writeln!(text, "decode = {{ column = {column}, host = {host}, body = {body} }}");
    }
}
