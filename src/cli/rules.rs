//! `dunlint rules`: every rule there is.

use super::load::{self, Loaded};
use super::options::{Manner, Settings};
use super::{CLEAN, PROBLEM, book, coverage, screen};
use crate::policy::{PolicySet, Rule};
use crate::problem::Problem;
use crate::report::model::RuleRow;
use crate::spanned;
use crate::words::{Lang, Words};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// `--format` of `rules`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Shape {
    /// One line a rule
    #[default]
    Text,
    /// A list of objects
    Json,
    /// A book: every rule with what it rests on and its examples
    Markdown,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint rules
  dunlint rules --coverage                  each text with the rules that rest on it, and what no rule can check
  dunlint rules --format markdown           the whole book of rules
  dunlint rules --toml threat/visit         a rule as its policy file states it, to start one's own from")]
pub struct Arguments {
    /// Shape of the list
    #[arg(long, value_enum, default_value_t)]
    format: Shape,
    /// Print the rule as its policy file states it
    #[arg(long, value_name = "RULE")]
    toml: Option<String>,
    /// List what rules rest on, with the rules, and what cannot be checked from a text
    #[arg(long, conflicts_with = "toml")]
    coverage: bool,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
}

/// Lists the rules.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let mut loaded = match load::or_say(&arguments.settings, &[], load::Needs::Examples(&[])) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    if let Some(id) = &arguments.toml {
        let text = toml_of(&loaded, id);
        return match text {
            Some(text) => screen::print(CLEAN, |out| out.write_all(text.as_bytes())),
            None => refuse(id, &loaded.policies, lang),
        };
    }
    let code = loaded.complain(lang, arguments.manner.color).unwrap_or(CLEAN);
    let policies = &loaded.policies;
    screen::print(code, |out| match (arguments.coverage, arguments.format) {
        (true, Shape::Json) => coverage::json(policies, lang, out),
        (true, _) => coverage::text(policies, lang, out),
        (false, Shape::Text) => text(policies, lang, out),
        (false, Shape::Json) => json(policies, lang, out),
        (false, Shape::Markdown) => book::write(policies, lang, out),
    })
}

/// Says that there is no rule `id`.
pub fn refuse(id: &str, policies: &PolicySet, lang: Lang) -> u8 {
    let problem = unknown(id, policies);
    screen::say(&format!("dunlint: {}", problem.message.get(lang)));
    if let Some(help) = problem.help {
        screen::say(help.get(lang));
    }
    PROBLEM
}

/// The problem that there is no rule or family `id`, with the nearest one as advice.
pub fn unknown(id: &str, policies: &PolicySet) -> Problem {
    let words = Words::new(format!("unknown rule `{id}`"), format!("未知的规则 `{id}`"));
    let problem = Problem::error("unknown-rule", words);
    let families: BTreeSet<&str> = policies.rules.iter().map(Rule::family).collect();
    let known = policies.rules.iter().map(|rule| rule.id.as_str()).chain(families);
    match spanned::nearest(id, known) {
        Some(near) => {
            problem.help(Words::new(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")))
        }
        None => problem.help(Words::new("`dunlint rules` lists them", "`dunlint rules` 列出所有规则")),
    }
}

fn text(policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let width = policies.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    policies.rules.iter().try_for_each(|rule| {
        writeln!(out, "{:width$}  {:7}  {}", rule.id, rule.level.name(), rule.title.get(lang))
    })
}

fn json(policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<RuleRow<'_>> =
        policies.rules.iter().map(|rule| RuleRow::of(rule, policies, lang)).collect();
    serde_json::to_writer_pretty(&mut *out, &rows).map_err(io::Error::from)?;
    writeln!(out)
}

/// The rule as its policy file states it: from its header to the next one that is not its own.
fn toml_of(loaded: &Loaded, id: &str) -> Option<String> {
    let rule = loaded.policies.rules.iter().find(|rule| rule.id == id)?;
    let source = loaded.sources.iter().find(|source| source.path == rule.policy.0)?;
    let from = source.lines().start_of(source.lines().line_of(rule.policy.1.start), &source.text) as usize;
    let mut whole = String::new();
    for line in source.text.get(from..)?.lines() {
        let header = line.starts_with('[') && !line.starts_with("[rule.") && !whole.is_empty();
        if header {
            break;
        }
        whole.push_str(line);
        whole.push('\n');
    }
    // Comments in front of the next rule belong to it.
    let kept = whole.trim_end_matches(|c: char| c.is_whitespace()).lines().rev();
    let mut lines: Vec<&str> = kept.skip_while(|line| line.starts_with('#') || line.is_empty()).collect();
    lines.reverse();
    Some(lines.join("\n") + "\n")
}
