//! The examples of rules about schedules: a campaign file as `text`, and the templates it needs as `templates`.

use super::group::{Group, cases};
use super::judge::judge;
use super::templates::{Known, Templates};
use crate::judge;
use crate::judge::Circumstances;
use crate::policy::{Example, PolicySet, Rule};
use crate::source::{Id, Mapped, Meta, Record, Source, SourceSpec, Span};
use crate::template::{Hints, Template};
use serde_json::Value;
use std::sync::Arc;

/// What `rule` marks in an example, in the order of the text; the mistakes of the campaign, if it has some.
pub(crate) fn marks(policies: &PolicySet, rule: &Rule, example: &Example) -> Vec<String> {
    let source = Source::from_text("example.toml", example.text.clone());
    let (mut cases, problems) = cases(&source, None, Vec::new(), &Circumstances::default());
    if !problems.is_empty() {
        return problems.into_iter().map(|problem| problem.message.en.into_owned()).collect();
    }
    let templates = Templates::of(templates(example));
    for case in &mut cases {
        templates.settle(case);
    }
    let (groups, _) = Group::all(&cases);
    let mut found: Vec<(Span, String)> = Vec::new();
    for finding in groups.iter().flat_map(|group| judge(group, &templates, policies)) {
        if policies.rules.get(finding.rule).is_some_and(|stated| stated.id == rule.id) {
            found.push((finding.primary, finding.text));
        }
    }
    for known in templates.unused(&cases) {
        if rule.check.is_of_unused() {
            found.push((known.place, known.id.to_string()));
        }
    }
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}

/// `templates = [{ id = "…", text = "…", … }]`.
fn templates(example: &Example) -> Vec<Known> {
    let list = example.meta.get("templates").and_then(Value::as_array);
    let path: Arc<str> = Arc::from("example.jsonl");
    let spec = SourceSpec::default();
    let hints = Hints { path: &path, option: None, spec: Some(&spec) };
    let mut known = Vec::new();
    for entry in list.into_iter().flatten().filter_map(Value::as_object) {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let mut meta = Meta::default();
        for (name, value) in
            entry.iter().filter(|(name, _)| !matches!(name.as_str(), "id" | "text" | "pressing"))
        {
            meta.declare(name, value.clone(), None);
        }
        let body = text("text");
        let record = Record {
            id: Id { text: text("id"), span: None },
            body_span: Span::of(0, body.len()),
            body: Mapped::verbatim(&body, 0),
            meta,
            dialect_chosen_by: None,
        };
        let (mut parsed, _) = Template::parse_file(vec![record], &hints);
        let pressing = entry.get("pressing") == Some(&Value::Bool(true));
        for template in &mut parsed {
            crate::facts::roles::assign(template);
            let about = judge::about(template, judge::lang(template), None);
            known.push(Known::of(template, &about, &path, pressing));
        }
    }
    known
}
