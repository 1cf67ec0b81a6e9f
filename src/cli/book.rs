//! `dunlint rules --format markdown`: the book of rules, which `docs/rules.md` holds.
//!
//! Begin at [`write`]. Everything in it stands in the policies; nothing is written by hand.

use crate::policy::{Example, PolicySet, Rule};
use crate::report::chrome::pick;
use crate::report::full::citation;
use crate::words::Lang;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes every rule with what it says, what it rests on and what proves it.
///
/// # Errors
/// Whatever the writer returns.
pub(super) fn write(policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n", pick(lang, "The rules of dunlint", "dunlint 规则手册"))?;
    let note = pick(
        lang,
        "Made by `dunlint rules --format markdown` from the policies. A rule says what a text does and what it rests on; whether that is unlawful is for a court.",
        "由 `dunlint rules --format markdown` 依据策略文件生成。规则只说明文本写了什么、依据什么，是否违规由有权机关认定。",
    );
    writeln!(out, "{note}")?;
    let mut family = "";
    for rule in &policies.rules {
        if rule.family() != family {
            family = rule.family();
            writeln!(out, "\n## {family}")?;
        }
        entry(rule, policies, lang, out)?;
    }
    Ok(())
}

fn entry(rule: &Rule, policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let word = |en, zh| pick(lang, en, zh);
    let (level, confidence) = (rule.level.name(), rule.confidence.name());
    writeln!(out, "\n### `{}`\n\n**{}**\n", rule.id, plain(rule.title.get(lang)))?;
    writeln!(
        out,
        "{}: {level} · {}: {confidence}\n\n{}\n",
        word("level", "级别"),
        word("confidence", "置信度"),
        plain(rule.help.get(lang))
    )?;
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (jurisdiction, ids) in &rule.basis {
        ids.iter().for_each(|id| places.entry(id).or_default().push(jurisdiction));
    }
    for (id, jurisdictions) in places {
        let Some(basis) = policies.bases.get(id) else { continue };
        writeln!(out, "- {}: {}", jurisdictions.join(", "), plain(&citation(basis, lang)))?;
    }
    let conditions: Vec<String> =
        rule.when.conditions().map(|(fact, values)| format!("`{fact}`: {}", values.join(", "))).collect();
    if !conditions.is_empty() {
        writeln!(out, "\n{}: {}", word("holds when", "适用条件"), conditions.join("; "))?;
    }
    examples(&rule.fail, word("Reported", "会报告"), lang, out)?;
    examples(&rule.pass, word("Not reported", "不会报告"), lang, out)
}

fn examples(list: &[Example], head: &str, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{head}\n")?;
    for example in list {
        let text = example.text.trim();
        // A campaign file has lines that mean something.
        let fence = if text.contains("```") { "~~~" } else { "```" };
        match text.contains('\n') {
            true => writeln!(out, "{fence}\n{text}\n{fence}")?,
            false => writeln!(out, "- {}", code(text))?,
        }
        let marks: Vec<String> = example.marks.iter().map(|mark| code(mark.trim())).collect();
        let why = example.why.as_ref().map(|why| plain(why.get(lang)));
        let told: Vec<String> =
            (!marks.is_empty()).then(|| marks.join(" · ")).into_iter().chain(why).collect();
        if !told.is_empty() && !text.contains('\n') {
            writeln!(out, "  — {}", told.join(" — "))?;
        }
    }
    Ok(())
}

/// Text as code; a mark inside it is fenced by more marks.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Text in which no sign means anything to Markdown.
fn plain(text: &str) -> String {
    let special = |c: char| matches!(c, '*' | '_' | '<' | '>' | '[' | ']' | '#' | '|');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}
