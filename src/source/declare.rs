//! Records and what is declared about them, whichever host and whichever way they were found.

use super::document::{Map, Node};
use super::{ChosenBy, Id, Mapped, Meta, Record, SourceSpec, Span, fields};

/// A body and the place of its raw value.
pub(crate) struct Body {
    pub(crate) mapped: Mapped,
    pub(crate) span: Span,
}

/// Declares what a record says under the interface's own names: in its own fields, then in `meta`.
pub(crate) fn own_fields(meta: &mut Meta, node: &Node) {
    let Some(map) = node.as_map() else { return };
    for entry in &map.entries {
        // An attribute declares as a field does.
        let name = entry.key.strip_prefix('@').unwrap_or(&entry.key);
        if fields::is_meta(name) {
            declare(meta, name, &entry.value);
        }
    }
    if let Some(inner) = map.get("meta").and_then(|entry| entry.value.as_map()) {
        all_fields(meta, inner);
    }
}

/// Declares every member of `map`, whatever its name.
pub(crate) fn all_fields(meta: &mut Meta, map: &Map) {
    for entry in &map.entries {
        declare(meta, &entry.key, &entry.value);
    }
}

/// Declares one value; `vars.<name>` goes into the one object `vars`. Blank values declare nothing.
pub(crate) fn declare(meta: &mut Meta, name: &str, node: &Node) {
    if node.is_blank() {
        return;
    }
    let Some(variable) = name.strip_prefix("vars.") else {
        meta.declare(name, node.to_json(), Some(node.span));
        return;
    };
    meta.declare("vars", serde_json::Value::Object(serde_json::Map::new()), Some(node.span));
    let vars = meta.fields.get_mut("vars").and_then(|vars| vars.value.as_object_mut());
    if let Some(vars) = vars {
        vars.entry(variable).or_insert_with(|| node.to_json());
    }
}

/// Puts a record together; the configuration's dialect and profile stand behind the record's own.
pub(crate) fn finish(id: Id, body: Body, mut meta: Meta, spec: &SourceSpec) -> Record {
    let own = meta.text("dialect").is_some();
    for (name, value) in [("dialect", &spec.dialect), ("profile", &spec.profile)] {
        if let Some(value) = value {
            meta.declare(name, value.as_str().into(), None);
        }
    }
    let dialect_chosen_by = match (own, &spec.dialect) {
        (true, _) => Some(ChosenBy::Record),
        (false, Some(_)) => Some(ChosenBy::Config),
        (false, None) => None,
    };
    Record { id, body: body.mapped, body_span: body.span, meta, dialect_chosen_by }
}
