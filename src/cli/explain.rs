//! `dunlint explain`: one rule, for people. A file is explained by [`super::reading`].

use super::options::{Manner, Settings};
use super::{CLEAN, load, reading, rules, screen};
use crate::policy::{Example, PolicySet, Rule};
use crate::report::chrome::pick;
use crate::report::full::citation;
use crate::report::glyphs::harmless;
use crate::words::Lang;
use clap::Args;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// Examples of each kind that are shown.
const EXAMPLES: usize = 3;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dunlint explain threat/visit --lang zh-Hans
  dunlint explain templates/m1.ftl        in which placeholder language it is read, and why")]
pub struct Arguments {
    /// The rule (`family/name`), a family, or a file
    rule: String,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    settings: Settings,
}

/// Explains the rule, or each rule of the family.
pub fn run(arguments: &Arguments) -> u8 {
    let lang = screen::lang(arguments.manner.lang);
    let mut loaded = match load::or_say(&arguments.settings, &[], load::Needs::Examples(&[])) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let code = loaded.complain(lang, arguments.manner.color).unwrap_or(CLEAN);
    let policies = &loaded.policies;
    let name = arguments.rule.as_str();
    let meant = |rule: &&Rule| rule.id == name || rule.family() == name;
    let chosen: Vec<&Rule> = policies.rules.iter().filter(meant).collect();
    if chosen.is_empty() && Path::new(name).is_file() {
        return reading::explain(Path::new(name), &arguments.settings, &arguments.manner);
    }
    if chosen.is_empty() {
        return rules::refuse(name, policies, lang);
    }
    screen::print(code, |out| {
        for (number, rule) in chosen.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            explain(rule, policies, lang, out)?;
        }
        Ok(())
    })
}

fn explain(rule: &Rule, policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let word = |en, zh| pick(lang, en, zh);
    let (level, confidence) = (rule.level.name(), rule.confidence.name());
    let sure = match lang {
        Lang::En => format!("{level}, {confidence} confidence"),
        _ => format!("{level}，置信度 {confidence}"),
    };
    writeln!(out, "{} ({sure})\n{}", rule.id, rule.title.get(lang))?;
    let help = rule.help.get(lang);
    if !help.is_empty() {
        writeln!(out, "\n{}\n  {help}", word("What to do", "如何修改"))?;
    }
    writeln!(out, "\n{}", word("What it rests on", "依据"))?;
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (jurisdiction, ids) in &rule.basis {
        for id in ids {
            places.entry(id).or_default().push(jurisdiction);
        }
    }
    for (id, jurisdictions) in places {
        let Some(basis) = policies.bases.get(id) else { continue };
        writeln!(out, "  [{}] {}", jurisdictions.join(", "), citation(basis, lang))?;
        writeln!(out, "      {}", basis.says.get(lang))?;
        if let Some(url) = &basis.url {
            writeln!(out, "      {}", harmless(url))?;
        }
    }
    examples(&rule.fail, word("Reported", "会报告"), lang, out)?;
    examples(&rule.pass, word("Not reported", "不会报告"), lang, out)?;
    let (id, family) = (&rule.id, rule.family());
    writeln!(
        out,
        "\n{} (dunlint.toml)\n  [rules]\n  \"{id}\" = \"off\"          # off, note, warning, error\n  \
         \"family:{family}\" = \"warning\"",
        word("How to configure", "如何配置")
    )?;
    writeln!(
        out,
        "\n  [[suppress]]\n  rule = \"{id}\"\n  files = [\"templates/example/**\"]\n  reason = \"{}\"\n  until = 2027-06-30",
        word("why this is answered for", "说明理由")
    )
}

fn examples(list: &[Example], head: &str, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{head}")?;
    for example in list.iter().take(EXAMPLES) {
        // A campaign file has lines that mean something.
        match example.text.trim_start().starts_with("[campaign]") {
            true => example.text.trim().lines().try_for_each(|line| writeln!(out, "  {}", harmless(line)))?,
            false => writeln!(out, "  {}", harmless(&example.text))?,
        }
        if !example.marks.is_empty() {
            writeln!(out, "      → {}", harmless(&example.marks.join(" · ")))?;
        }
        if let Some(why) = &example.why {
            writeln!(out, "      {}", why.get(lang))?;
        }
    }
    Ok(())
}
