//! The examples of rules about suppressions: a whole file as `text`, read in the format `host` (front matter and a
//! template without one) on the day `today`.

use super::find;
use super::flaws::Review;
use super::suppress::{Ledger, Uses};
use crate::check;
use crate::config::{Config, Date};
use crate::judge::{Circumstances, Judge};
use crate::policy::{Example, PolicySet, Rule};
use crate::source::{Source, Span};
use serde_json::Value;
use std::path::Path;

/// What `rule` marks in an example, in the order of the text.
pub(crate) fn marks(policies: &PolicySet, rule: &Rule, example: &Example) -> Vec<String> {
    let said = |name: &str| example.meta.get(name).and_then(Value::as_str);
    let source = Source::from_text("example.txt", example.text.clone());
    let today = said("today").and_then(Date::parse).unwrap_or_else(Date::today);
    let config = Config::default();
    let settings = config.resolve(Path::new("example.txt"));
    let mut parsed = check::parse(&source, said("host").or(Some("plain")), said("dialect"), &settings);
    let found = find::find(&source, parsed.host, &parsed.templates);
    let mut ledger = Ledger::new(&source.path, found, true);
    let circumstances = Circumstances::default();
    let judge = Judge { policies, circumstances: &circumstances, host: parsed.host, fingerprints: false };
    for (index, template) in parsed.templates.iter_mut().enumerate() {
        for finding in judge.judge(&source, template).findings {
            let id = policies.rules.get(finding.rule).map_or("", |rule| rule.id.as_str());
            ledger.answer(Some(index), id, &settings, &mut Uses::new(), today);
        }
    }
    let review = Review { policies, asked: &[], today };
    let (findings, _) = review.ledger(&ledger, &source);
    let of_rule = |stated: usize| policies.rules.get(stated).is_some_and(|stated| stated.id == rule.id);
    let mut found: Vec<(Span, String)> = findings
        .into_iter()
        .filter(|finding| of_rule(finding.rule))
        .map(|finding| (finding.primary, finding.text))
        .collect();
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}
