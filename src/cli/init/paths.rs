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
        Value::Map(map) => {
            let key_at = |span| map.entries.iter().find(|entry| entry.value.span == span);
            let plain = |key: &Arc<str>| !key.contains(['.', '[', ']', '*', '<', '@']);
            if let (Some(body), Some(id)) = (key_at(record.body_span), record.id.span.and_then(key_at)) {
                let usable = plain(&body.key) && plain(&id.key);
                return usable.then(|| Place {
                    steps: steps.clone(),
                    id: id.key.to_string(),
                    body: body.key.to_string(),
                    signature: signature(record).and_then(key_at).map(|entry| entry.key.to_string()),
                });
            }
            map.entries.iter().filter(|entry| plain(&entry.key)).find_map(|entry| {
                steps.push(Step::Key(entry.key.to_string()));
                let place = find(&entry.value, record, steps);
                steps.pop();
                place
            })
        }
        _ => None,
    }
}

/// Where the signature of a record stands, if it declares one.
fn signature(record: &Record) -> Option<crate::source::Span> {
    record.meta.fields.get("signature")?.span
}
