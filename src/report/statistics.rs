//! `--statistics`: how often each rule found something.

use crate::outcome::{Outcome, ReportContext};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Findings by rule id, without the suppressed ones.
pub fn by_rule<'p>(outcome: &Outcome, context: &ReportContext<'p>) -> BTreeMap<&'p str, usize> {
    let mut counts = BTreeMap::new();
    for finding in outcome.findings.iter().filter(|finding| finding.counts()) {
        if let Some(rule) = context.policies.rules.get(finding.rule) {
            *counts.entry(rule.id.as_str()).or_insert(0) += 1;
        }
    }
    counts
}

/// Writes one line a rule that found something, the busiest first.
///
/// # Errors
/// Whatever the writer returns.
pub fn write(outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = by_rule(outcome, context);
    let mut rows: Vec<(&str, usize)> = counts.into_iter().collect();
    rows.sort_by_key(|(id, number)| (Reverse(*number), *id));
    let width = rows.first().map_or(1, |(_, number)| number.to_string().len());
    for (id, number) in rows {
        let title = context.policies.rules.iter().find(|rule| rule.id == id).map(|rule| &rule.title);
        let title = title.map_or("", |title| title.get(context.lang));
        writeln!(out, "{number:>width$}  {id}  {title}")?;
    }
    Ok(())
}
