//! SARIF 2.1.0, as code scanning reads it. Columns count Unicode code points.

use super::export::{self, Item, location, uri};
use super::line_hash::line_hashes;
use super::{full, sentence};
use crate::finding::{Applicability, Confidence, Fix, Level, SuppressionKind};
use crate::outcome::{Outcome, ReportContext, Reporter};
use crate::policy::Rule;
use crate::source::{Location, Source, Span};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::{self, Write};

/// Results that code scanning takes of one run.
const MOST: usize = 25_000;
/// Characters that it takes of a description.
const LONGEST: usize = 1000;

/// `--format sarif`.
pub struct Sarif;

impl Reporter for Sarif {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut items = export::gravest_first(outcome, context);
        let left_out = items.len().saturating_sub(MOST);
        items.truncate(MOST);
        let rules = &context.policies.rules;
        let mut hashes: HashMap<&str, Vec<String>> = HashMap::new();
        let results: Vec<Value> = items.iter().map(|item| result(item, context, &mut hashes)).collect();
        let run = json!({
            "tool": { "driver": {
                "name": "dunlint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": language(context),
                "rules": rules.iter().map(|rule| described(rule, context)).collect::<Value>(),
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "the project root" } } },
            "invocations": [{
                "executionSuccessful": outcome.complete(),
                "exitCode": context.exit_code,
                "toolExecutionNotifications": notifications(outcome, context, left_out),
            }],
            "results": results,
        });
        let document = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        });
        serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
        writeln!(out)
    }
}

fn language(context: &ReportContext<'_>) -> &'static str {
    super::chrome::pick(context.lang, "en", "zh-CN")
}

fn level(level: Level) -> &'static str {
    level.name()
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// A rule as the tool describes it.
fn described(rule: &Rule, context: &ReportContext<'_>) -> Value {
    let lang = context.lang;
    let title = shortened(rule.title.get(lang));
    let mut bases: Vec<String> = Vec::new();
    for id in rule.basis.values().flatten() {
        let cited = context.policies.bases.get(id).map(|basis| full::citation(basis, lang));
        bases.extend(cited.filter(|cited| !bases.contains(cited)));
    }
    let help = rule.help.get(lang);
    let help = if help.is_empty() { &*title } else { help };
    let precision = match rule.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
    };
    let severity = match rule.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "recommendation",
    };
    let sources: String = bases.iter().map(|basis| format!("\n- {basis}")).collect();
    json!({
        "id": rule.id,
        "name": rule.id,
        "shortDescription": { "text": title },
        "fullDescription": { "text": shortened(&format!("{title}. {}", bases.join(" · "))) },
        "help": { "text": format!("{help}\n{sources}"), "markdown": format!("{help}\n{sources}") },
        "defaultConfiguration": { "level": level(rule.level) },
        "properties": { "tags": [rule.family()], "precision": precision, "problem.severity": severity },
    })
}

fn result<'o>(
    item: &Item<'o>,
    context: &ReportContext<'_>,
    hashes: &mut HashMap<&'o str, Vec<String>>,
) -> Value {
    let finding = item.finding;
    let lang = context.lang;
    let mut result = Map::new();
    let mut put = |name: &str, value: Value| result.insert(name.to_owned(), value);
    put("ruleId", json!(item.rule.id));
    put("ruleIndex", json!(finding.rule));
    put("level", json!(level(finding.level)));
    put("message", json!({ "text": item.message }));
    put("locations", json!([{ "physicalLocation": physical(&item.at) }]));
    if !finding.labels.is_empty() {
        let related = finding.labels.iter().zip(1..).map(|(label, id)| {
            let text = sentence::fill(label.text.get(lang), finding, super::mask::mask);
            let at = location(item.source, &finding.path, label.span);
            json!({ "id": id, "message": { "text": text }, "physicalLocation": physical(&at) })
        });
        put("relatedLocations", related.collect());
    }
    let mut fingerprints = Map::new();
    fingerprints.insert("dunlint/v1".to_owned(), json!(finding.fingerprint));
    if let Some(source) = item.source {
        let lines = hashes.entry(&*source.path).or_insert_with(|| line_hashes(&source.text));
        let index = (item.at.start.line as usize).saturating_sub(1);
        if let Some(hash) = lines.get(index) {
            fingerprints.insert("primaryLocationLineHash".to_owned(), json!(hash));
        }
    }
    put("partialFingerprints", Value::Object(fingerprints));
    let fixes: Vec<Value> = finding.fixes.iter().filter_map(|fix| fixed(fix, item, context)).collect();
    if !fixes.is_empty() {
        put("fixes", Value::Array(fixes));
    }
    if let Some(excuse) = item.excuse() {
        let suppression = finding.suppression.as_ref().filter(|_| finding.is_suppressed());
        let kind = match suppression.map(|suppression| suppression.kind) {
            Some(SuppressionKind::Inline) => "inSource",
            _ => "external",
        };
        let until = suppression.and_then(|suppression| suppression.until.as_deref());
        let owner = suppression.and_then(|suppression| suppression.owner.as_deref());
        let properties = json!({ "until": until, "owner": owner });
        put("suppressions", json!([{ "kind": kind, "justification": excuse, "properties": properties }]));
    }
    if let Some(baseline) = finding.baseline {
        let state = if finding.is_accepted() { "unchanged" } else { baseline.name() };
        put("baselineState", json!(state));
    }
    put("properties", json!({ "confidence": finding.confidence.name(), "paths": finding.when }));
    Value::Object(result)
}

fn physical(at: &Location) -> Value {
    json!({
        "artifactLocation": { "uri": uri(&at.path), "uriBaseId": "%SRCROOT%" },
        "region": region(at),
    })
}

fn region(at: &Location) -> Value {
    json!({
        "startLine": at.start.line,
        "startColumn": at.start.column,
        "endLine": at.end.line,
        "endColumn": at.end.column,
        "byteOffset": at.byte_start,
        "byteLength": at.byte_end - at.byte_start,
    })
}

fn fixed(fix: &Fix, item: &Item<'_>, context: &ReportContext<'_>) -> Option<Value> {
    if fix.applicability == Applicability::DisplayOnly {
        return None;
    }
    let region_of = |span: Span, source: Option<&Source>| region(&location(source, &item.finding.path, span));
    let replacements = fix.edits.iter().map(|edit| {
        json!({
            "deletedRegion": region_of(edit.span, item.source),
            "insertedContent": { "text": edit.replacement },
        })
    });
    Some(json!({
        "description": { "text": fix.title.get(context.lang) },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&item.at.path), "uriBaseId": "%SRCROOT%" },
            "replacements": replacements.collect::<Value>(),
        }],
    }))
}

/// What could not be looked at, and what was left out.
fn notifications(outcome: &Outcome, context: &ReportContext<'_>, left_out: usize) -> Vec<Value> {
    let mut list: Vec<Value> = export::problems(outcome, context)
        .map(|(problem, severity, place)| {
            let mut notification = json!({
                "descriptor": { "id": problem.code },
                "level": level(severity),
                "message": { "text": problem.message.get(context.lang) },
            });
            if let (Some(place), Some(members)) = (place, notification.as_object_mut()) {
                members.insert("locations".to_owned(), json!([{ "physicalLocation": physical(&place) }]));
            }
            notification
        })
        .collect();
    if left_out > 0 {
        let text = format!("{left_out} more results were left out, the least grave ones");
        list.push(
            json!({ "descriptor": { "id": "truncated" }, "level": "warning", "message": { "text": text } }),
        );
    }
    list
}
