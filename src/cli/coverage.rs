//! `dunlint rules --coverage`: every text that rules rest on, with the rules; and what a linter cannot check.
//!
//! Begin at [`rows`].

use crate::policy::{Basis, PolicySet};
use crate::report::chrome::pick;
use crate::report::full::citation;
use crate::words::Lang;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What rests on one text.
#[derive(Serialize)]
struct Row<'p> {
    basis: &'p str,
    force: &'static str,
    citation: String,
    jurisdictions: &'p [String],
    rules: Vec<&'p str>,
    /// Why no rule rests on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    unchecked: Option<&'p str>,
}

/// One row a basis, by id.
fn rows(policies: &PolicySet, lang: Lang) -> Vec<Row<'_>> {
    let mut resting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in &policies.rules {
        let mut ids: Vec<&str> = rule.basis.values().flatten().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().for_each(|id| resting.entry(id).or_default().push(&rule.id));
    }
    let bases = policies.bases.values();
    bases.map(|basis| Row::of(basis, resting.remove(basis.id.as_str()).unwrap_or_default(), lang)).collect()
}

impl<'p> Row<'p> {
    fn of(basis: &'p Basis, rules: Vec<&'p str>, lang: Lang) -> Self {
        Self {
            basis: &basis.id,
            force: basis.force.name(),
            citation: citation(basis, lang),
            jurisdictions: &basis.jurisdiction,
            rules,
            unchecked: basis.unchecked.as_ref().map(|why| why.get(lang)),
        }
    }
}

/// For programs.
///
/// # Errors
/// Whatever the writer returns.
pub(super) fn json(policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &rows(policies, lang)).map_err(io::Error::from)?;
    writeln!(out)
}

/// For people: the texts with their rules, then those without, each with its reason.
///
/// # Errors
/// Whatever the writer returns.
pub(super) fn text(policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let (checked, rest): (Vec<_>, Vec<_>) =
        rows(policies, lang).into_iter().partition(|row| !row.rules.is_empty());
    for row in checked {
        writeln!(out, "{}  [{}]  {}", row.basis, row.jurisdictions.join(", "), row.citation)?;
        row.rules.iter().try_for_each(|rule| writeln!(out, "    {rule}"))?;
    }
    if rest.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", pick(lang, "Not checked from a text", "无法从文本检查"))?;
    for row in rest {
        let why = row.unchecked.unwrap_or(pick(lang, "no rule rests on it", "没有规则以此为依据"));
        writeln!(out, "{}  {}\n    {why}", row.basis, row.citation)?;
    }
    Ok(())
}
