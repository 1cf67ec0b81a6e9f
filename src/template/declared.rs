//! What a record declares about its placeholders: default values, types, largest lengths, and the expressions
//! that a program fills them with.
//!
//! Begin at [`apply`]; [`parameters`] is the list of names that a record says it has. Nothing here reads the body.

use super::Profile;
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
    let profile = platform(meta).and_then(Profile::named);
    if defaults.is_none() && vars.is_none() && arguments.is_none() && profile.is_none() {
        return;
    }
    let parameters = parameters(meta).unwrap_or_default();
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
        if let Some(profile) = profile {
            limit(profile, &parameters, placeholder);
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

/// The platform that a record names: the one whose form it has, else the one it is sent through.
pub(super) fn platform(meta: &Meta) -> Option<&str> {
    meta.text("profile").or_else(|| meta.text("platform"))
}

/// The type and largest length that a platform gives to a placeholder: by the type that is declared for it,
/// else by its name, where that is a type (`${MONEY}`).
fn limit(profile: &Profile, parameters: &[Parameter], placeholder: &mut Placeholder) {
    let of_record = parameters.iter().find(|parameter| parameter.name == placeholder.name);
    let word = of_record.and_then(|parameter| parameter.kind.as_deref());
    let by_name = || {
        let name = placeholder.name.as_str();
        (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(name)
    };
    let word = placeholder.declared_type.as_deref().or(word).or_else(by_name);
    let Some(known) = word.and_then(|word| profile.value_type(word)) else { return };
    placeholder.max_length = placeholder.max_length.or(known.max);
    if let Some(is) = &known.is {
        placeholder.declared_type = Some(is.clone());
    }
}

/// A parameter that a record declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type in the platform's words.
    pub kind: Option<String>,
}

/// The parameters that a record declares; `None` when it declares none, or not in a form that is known: a list
/// of names or of maps with a name, a map by name, one of them as JSON, or names between commas.
pub(super) fn parameters(meta: &Meta) -> Option<Vec<Parameter>> {
    let plain = |name: &str| Parameter { name: name.trim().to_owned(), kind: None };
    let declared = match field(meta, "params") {
        Some(declared) => declared,
        None => {
            let names: Vec<Parameter> =
                meta.text("params")?.split([',', ';', '，', '；', '、', '|']).map(plain).collect();
            let is_name = |p: &Parameter| {
                !p.name.is_empty() && !p.name.contains(|c: char| !c.is_alphanumeric() && !"_.-$".contains(c))
            };
            return names.iter().all(is_name).then_some(names);
        }
    };
    match declared.as_ref() {
        Value::Array(list) => list.iter().enumerate().map(|(at, entry)| parameter(at, entry)).collect(),
        Value::Object(map) => {
            let kind = |value: &Value| value.as_str().map(str::to_owned);
            Some(
                map.iter().map(|(name, value)| Parameter { name: name.clone(), kind: kind(value) }).collect(),
            )
        }
        _ => None,
    }
}

/// One element of a list of parameters; a map without a name is numbered from 1.
fn parameter(at: usize, entry: &Value) -> Option<Parameter> {
    const NAMES: [&str; 6] = ["name", "paramName", "key", "variable", "code", "field"];
    const TYPES: [&str; 5] = ["type", "paramType", "param_type", "variableType", "attribute"];
    match entry {
        Value::String(name) => Some(Parameter { name: name.clone(), kind: None }),
        Value::Number(number) => Some(Parameter { name: number.to_string(), kind: None }),
        Value::Object(map) => {
            let first = |keys: &[&str]| keys.iter().find_map(|key| text(map.get(*key)?));
            let name = first(&NAMES).unwrap_or_else(|| (at + 1).to_string());
            Some(Parameter { name, kind: first(&TYPES) })
        }
        _ => None,
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
