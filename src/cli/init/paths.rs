//! Where in a document the messages stand that were found by the names of their fields.
//!
//! Begin at [`describe`].

use super::Spec;
use crate::source::Record;
use crate::source::document::{Document, Node, Value};
use std::sync::Arc;

/// The paths that lead to `records`; without them when no single path leads to all.
pub(super) fn describe(host: &'static str, document: &Document, records: &[Record]) -> Spec {
    let unsaid = Spec { host, ..Spec::default() };
    if matches!(host, "properties" | "po" | "android-xml" | "fluent") {
        return Spec { key: common_key(records), ..unsaid };
    }
    let mut places: Vec<Place> = Vec::new();
    for record in records {
        let mut steps = Vec::new();
        let several = document.roots.len() > 1;
        let place = document.roots.iter().find_map(|root| {
            steps.clear();
            find(root, record, &mut steps)
        });
        let Some(place) = place else { return unsaid };
        if several && !place.steps.is_empty() {
            return unsaid;
        }
        places.push(place);
    }
    let Some(first) = places.first() else { return unsaid };
    let same = |p: &Place| p.id == first.id && p.body == first.body && p.steps.len() == first.steps.len();
    if !places.iter().all(same) {
        return unsaid;
    }
    let mut messages = String::new();
    for (depth, step) in first.steps.iter().enumerate() {
        let shared = places.iter().all(|place| place.steps.get(depth) == Some(step));
        match step {
            Step::Element => messages.push_str("[]"),
            Step::Key(key) => {
                let key = if shared { key.as_str() } else { "*" };
                if !messages.is_empty() {
                    messages.push('.');
                }
                messages.push_str(key);
            }
        }
    }
    // A document that is a list needs no path.
    let messages = Some(messages).filter(|path| !path.is_empty() && path != "[]");
    // The signature of some records is that of none; of all, a field.
    let signature = first
        .signature
        .clone()
        .filter(|field| places.iter().all(|place| place.signature.as_ref() == Some(field)));
    Spec {
        host,
        messages,
        id: Some(first.id.clone()),
        body: Some(first.body.clone()),
        signature,
        ..Spec::default()
    }
}

/// A glob for what the ids of `records` have in common before a separator: `sms.*`.
fn common_key(records: &[Record]) -> Option<String> {
    let mut common = records.first()?.id.text.as_str();
    for record in records {
        let same = common.char_indices().zip(record.id.text.chars()).find(|((_, a), b)| a != b);
        let len = same.map_or(common.len().min(record.id.text.len()), |((at, _), _)| at);
        common = common.get(..len)?;
    }
    let end = common.rfind(['.', '_', '-'])? + 1;
    let prefix = common.get(..end).filter(|prefix| !prefix.contains(['*', '?', '[', '{']))?;
    Some(format!("{prefix}*"))
}

#[derive(Clone, PartialEq, Eq)]
enum Step {
    Element,
    Key(String),
}

struct Place {
    steps: Vec<Step>,
    id: String,
    body: String,
    signature: Option<String>,
}

/// Finds the map that holds the body and id of `record`.
fn find(node: &Node, record: &Record, steps: &mut Vec<Step>) -> Option<Place> {
    match &node.value {
        Value::List(nodes) => nodes.iter().find_map(|node| {
            steps.push(Step::Element);
            let place = find(node, record, steps);
            steps.pop();
            place
        }),
        _ => {
            let map = node.as_map()?;
            let key_at = |span| map.entries.iter().find(|entry| entry.value.span == span);
            let plain = |key: &Arc<str>| !key.contains(['.', '[', ']', '*', '<']);
            let signature = signature(record).and_then(key_at).map(|entry| entry.key.to_string());
            if let (Some(body), Some(id)) = (key_at(record.body_span), record.id.span.and_then(key_at)) {
                let usable = plain(&body.key) && plain(&id.key);
                let (id, body) = (id.key.to_string(), body.key.to_string());
                return usable.then(|| Place { steps: steps.clone(), id, body, signature });
            }
            if let (true, Some(id)) = (node.span == record.body_span, record.id.span.and_then(key_at)) {
                let (id, body) = (&id.key, "<value>".to_owned());
                let place = || Place { steps: steps.clone(), id: id.to_string(), body, signature };
                return plain(id).then(place);
            }
            map.entries.iter().filter(|entry| plain(&entry.key)).find_map(|entry| {
                steps.push(Step::Key(entry.key.to_string()));
                let place = find(&entry.value, record, steps);
                steps.pop();
                place
            })
        }
    }
}

/// Where the signature of a record stands, if it declares one.
fn signature(record: &Record) -> Option<crate::source::Span> {
    record.meta.fields.get("signature")?.span
}
