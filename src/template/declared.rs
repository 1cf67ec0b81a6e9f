//! What a record declares about its placeholders: default values, types, largest lengths, and the expressions
//! that a program fills them with.
//!
//! Begin at [`apply`]. Nothing here reads the body.

use super::ast::Placeholder;
use crate::source::Meta;
use serde_json::Value;
use std::borrow::Cow;

/// Completes `placeholders`, in the order of the text, with the record's `defaults`, `vars` and
/// `arguments`. A default
/// written in a placeholder stays.
pub(super) fn apply(meta: &Meta, mut placeholders: Vec<&mut Placeholder>) {
    let defaults = field(meta, "defaults");
    let vars = field(meta, "vars");
    let arguments = field(meta, "arguments");
    if defaults.is_none() && vars.is_none() && arguments.is_none() {
        return;
    }
    // A list numbers its elements from 1, unless the text numbers from 0.
    let first = if placeholders.iter().any(|p| p.index == Some(0)) { 0 } else { 1 };
    for placeholder in &mut placeholders {
        let declared = vars.as_deref().and_then(|vars| vars.get(placeholder.name.as_str()));
        if let Some(word) = declared.and_then(|d| d.as_str().or_else(|| d.get("type")?.as_str())) {
            placeholder.declared_type = Some(word.to_owned());
        }
        if let Some(max) = declared.and_then(|d| d.get("max")).and_then(Value::as_u64) {
            placeholder.max_length = u32::try_from(max).ok();
        }
        // What a program fills in says more than its number.
        let filled = arguments.as_deref().and_then(|arguments| entry(arguments, placeholder, first));
        if let Some(expression) = filled.and_then(Value::as_str) {
            placeholder.name = expression.to_owned();
        }
        if placeholder.default.is_none() {
            let listed = defaults.as_deref().and_then(|defaults| entry(defaults, placeholder, first));
            let value = listed.or_else(|| declared.and_then(|d| d.get("default")));
            placeholder.default = value.and_then(text);
        }
    }
}

/// A field that is a map, a list, or a string that holds one of them as JSON.
fn field<'a>(meta: &'a Meta, name: &str) -> Option<Cow<'a, Value>> {
    let value = &meta.fields.get(name)?.value;
    match value {
        Value::Object(_) | Value::Array(_) => Some(Cow::Borrowed(value)),
        Value::String(json) => serde_json::from_str(json).ok().map(Cow::Owned),
        _ => None,
    }
}

fn entry<'a>(defaults: &'a Value, placeholder: &Placeholder, first: u32) -> Option<&'a Value> {
    match defaults {
        Value::Object(map) => map.get(placeholder.name.as_str()),
        Value::Array(list) => list.get(usize::try_from(placeholder.index?.checked_sub(first)?).ok()?),
        _ => None,
    }
}

/// A default as it is sent.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
