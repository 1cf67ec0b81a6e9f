//! `dunlint test`: every rule proved by its own examples.

use super::options::{Manner, Settings};
use super::{CLEAN, FINDINGS, load, screen};
use crate::mutate;
use crate::outcome::Outcome;
use crate::policy::{PolicySet, prove};
use crate::report::chrome::{count, pick};
use crate::report::full;
use crate::report::paint::Painter;
use crate::words::Lang;
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// Arguments of `test`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint test                            the built-in policies and those of the configuration
  dunlint test policies/house.toml        a policy that no configuration names yet
  dunlint test --mutate                   also: does some example need each list of words? (some minutes)

Exit codes: 0 every example holds, 1 some do not, 2 a policy could not be read.")]
pub struct Arguments {
    /// Policy files beside those of the configuration
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// Leave out each list of words in turn, and tell those that no example needs
    #[arg(long)]
    mutate: bool,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
}

/// Proves the rules.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let mut loaded = match load::or_say(&arguments.settings, &[], load::Needs::Examples(&arguments.policies))
    {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let mut failures = prove::prove(&loaded.policies);
    if arguments.mutate && failures.is_empty() && loaded.problems.is_empty() {
        failures = mutate::unproved(&loaded.sources, PolicySet::builtin());
    }
    let unreadable = loaded.complain(lang, arguments.manner.color);
    let code = unreadable.unwrap_or(if failures.is_empty() { CLEAN } else { FINDINGS });
    let mut outcome = Outcome { problems: failures, ..Outcome::default() };
    let load::Loaded { policies, sources, .. } = loaded;
    let policies = &policies;
    outcome.sources.extend(sources.into_iter().map(|source| (source.path.clone(), source)));
    let painter = Painter::new(screen::colors(arguments.manner.color, &io::stdout()), screen::width());
    let painter = painter.in_ascii(screen::ascii(&arguments.manner));
    screen::print(code, |out| {
        rows(policies, lang, out)?;
        for failure in &outcome.problems {
            full::draw_problem(failure, &outcome, lang, &painter, out)?;
        }
        writeln!(out, "{}", verdict(policies, outcome.problems.len(), lang))
    })
}

fn rows(policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let width = policies.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in &policies.rules {
        let fail = pick(lang, "reported", "应报告");
        let pass = pick(lang, "silent", "应静默");
        writeln!(out, "{:width$}  {:3} {fail}  {:3} {pass}", rule.id, rule.fail.len(), rule.pass.len())?;
    }
    writeln!(out)
}

fn verdict(policies: &PolicySet, failures: usize, lang: Lang) -> String {
    let examples: usize = policies.rules.iter().map(|rule| rule.fail.len() + rule.pass.len()).sum();
    let rules = count(policies.rules.len(), "rule", "rules", "条规则", lang);
    let examples = count(examples, "example", "examples", "个示例", lang);
    let failed = count(failures, "failure", "failures", "处不符", lang);
    match lang {
        Lang::En if failures == 0 => format!("{rules} proved by {examples}"),
        Lang::En => format!("{failed} among {examples} of {rules}"),
        _ if failures == 0 => format!("{rules}均由 {examples}证明"),
        _ => format!("{rules}的 {examples}中有 {failed}"),
    }
}
