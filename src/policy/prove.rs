//! Every rule against its own examples. A policy that does not prove itself is not worth loading.
//!
//! Begin at [`prove`].

use super::check::Check;
use super::{Example, PolicySet, Rule};
use crate::judge::{self, Circumstances, Judge};
use crate::languages::{self, Spoken};
use crate::problem::Problem;
use crate::source::{ChosenBy, Id, Mapped, Meta, Record, Source, SourceSpec, Span};
use crate::template::{Hints, Template};
use crate::words::Words;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Each example that a rule does not live up to, at its place in the policy file.
pub fn prove(policies: &PolicySet) -> Vec<Problem> {
    policies.rules.iter().flat_map(|rule| failures(policies, rule)).collect()
}

/// Whether some example fails. The rules of the file `first` are asked before the others.
pub(crate) fn fails(policies: &PolicySet, first: Option<&str>) -> bool {
    let mut rules: Vec<&Rule> = policies.rules.iter().collect();
    rules.sort_by_key(|rule| Some(&*rule.policy.0) != first);
    rules.into_iter().any(|rule| failures(policies, rule).next().is_some())
}

fn failures<'p>(policies: &'p PolicySet, rule: &'p Rule) -> impl Iterator<Item = Problem> + 'p {
    let silent = rule.pass.iter().map(|example| (example, &[][..]));
    let marked = rule.fail.iter().map(|example| (example, example.marks.as_slice()));
    marked.chain(silent).filter_map(move |(example, expected)| {
        let found = marks(policies, rule, example);
        (found != expected).then(|| failure(rule, example, &found))
    })
}

fn failure(rule: &Rule, example: &Example, found: &[String]) -> Problem {
    let list = |marks: &[String]| match marks {
        [] => "—".to_owned(),
        marks => marks.iter().map(|m| format!("“{m}”")).collect::<Vec<_>>().join(" "),
    };
    let (expected, got) = (list(&example.marks), list(found));
    let words = Words::new(
        format!("`{}`: expected {expected}, found {got}", rule.id),
        format!("`{}`：应标出 {expected}，实际标出 {got}", rule.id),
    );
    Problem::error("example-fails", words).in_file(&rule.policy.0).at(example.at)
}

/// What `rule` marks in an example, in the order of the text.
fn marks(policies: &PolicySet, rule: &Rule, example: &Example) -> Vec<String> {
    if rule.is_of_schedules() {
        return crate::campaign::prove::marks(policies, rule, example);
    }
    if rule.check.is_of_suppressions() {
        return crate::triage::prove::marks(policies, rule, example);
    }
    if rule.is_of_languages() {
        return marks_of_languages(rule, example);
    }
    if let Some(test) = rule.check.of_rows() {
        return crate::render::prove::marks(policies, test, example);
    }
    if matches!(rule.check, Check::Versions(_)) {
        return crate::siblings::marks(policies, example);
    }
    let (source, mut templates) = templates(example);
    let circumstances =
        Circumstances { jurisdiction: jurisdiction_of(rule, example), ..Circumstances::default() };
    let judge = Judge { policies, circumstances: &circumstances, host: "plain", fingerprints: false };
    let mut found: Vec<(Span, String)> = Vec::new();
    for template in &mut templates {
        for finding in judge.judge(&source, template).findings {
            if policies.rules.get(finding.rule).is_some_and(|r| r.id == rule.id) {
                found.push((finding.primary, finding.text));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}

/// An example is read like a template with its own metadata.
fn record(text: &str, declared: &BTreeMap<String, Value>) -> Record {
    let mut meta = Meta::default();
    for (name, value) in declared {
        meta.declare(name, value.clone(), None);
    }
    let dialect_chosen_by = meta.text("dialect").map(|_| ChosenBy::Record);
    let id = Id { text: "example".to_owned(), span: None };
    let body = Mapped::verbatim(text, 0);
    Record { id, body_span: Span::of(0, text.len()), body, meta, dialect_chosen_by }
}

fn parse(records: Vec<Record>) -> (Vec<Template>, Vec<Problem>) {
    let path: Arc<str> = Arc::from("example.txt");
    let spec = SourceSpec::default();
    Template::parse_file(records, &Hints { path: &path, option: None, spec: Some(&spec) })
}

/// An example, read like a template with its own metadata.
pub(crate) fn templates(example: &Example) -> (Source, Vec<Template>) {
    let (templates, _) = parse(vec![record(&example.text, &example.meta)]);
    (Source::from_text("example.txt", example.text.clone()), templates)
}

/// What is marked in an example and the `other` languages of it, each with a `text` and a `lang`.
fn marks_of_languages(rule: &Rule, example: &Example) -> Vec<String> {
    let mut records = vec![record(&example.text, &example.meta)];
    for other in example.meta.get("other").and_then(Value::as_array).into_iter().flatten() {
        let text = other.get("text").and_then(Value::as_str).unwrap_or("");
        let mut meta = example.meta.clone();
        meta.extend(other.get("lang").map(|lang| ("lang".to_owned(), lang.clone())));
        records.push(record(text, &meta));
    }
    let file = languages::File::of(&Arc::from("example.txt"), "plain");
    let (templates, _) = parse(records);
    let spoken: Vec<Spoken> = templates
        .iter()
        .filter_map(|template| Spoken::of(template, &judge::about(template, None, None), &file))
        .collect();
    languages::disagreements(&spoken, 0, rule).into_iter().map(|finding| finding.text).collect()
}

/// An example that names no jurisdiction is read where its rule has a basis: the language decides first,
/// and a rule that holds in one place only is proved there.
fn jurisdiction_of(rule: &Rule, example: &Example) -> Option<String> {
    let declared = example.meta.get("jurisdiction").and_then(Value::as_str);
    match declared {
        Some(_) => None,
        None if rule.basis.contains_key("any") => None,
        None => rule.basis.keys().next().cloned(),
    }
}
