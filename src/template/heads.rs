//! What the pieces of a block of variants say (ICU, Fluent): its kind, its argument, the value of a variant.
//!
//! Begin at [`head`] and [`variant`].

use super::ast::CondKind;
use super::blocks::Opening;
use super::dialect::Dialect;
use super::formats;
use super::tags::Tag;

/// The word that pairs the head of such a block with its end.
pub(super) const END: &str = "}";

/// `{n, plural, offset:1` or `{ $n ->`.
pub(super) fn head<'a>(dialect: &Dialect, whole: &'a str) -> Tag<'a> {
    let inside = whole.strip_prefix('{').unwrap_or(whole);
    let (argument, kind) = if *dialect == Dialect::Fluent {
        let selector = inside.strip_suffix("->").unwrap_or(inside).trim();
        (formats::fluent_name(selector), CondKind::Select)
    } else {
        let mut parts = inside.split(',').map(str::trim);
        let argument = parts.next().unwrap_or("");
        let kind = match parts.next() {
            Some("plural") => CondKind::Plural,
            Some("selectordinal") => CondKind::SelectOrdinal,
            _ => CondKind::Select,
        };
        (argument, kind)
    };
    Tag::Open(Opening { kind: Some(kind), argument: Some(argument), condition: None, end: END })
}

/// `one {` or `*[other]`.
pub(super) fn variant<'a>(dialect: &Dialect, whole: &'a str) -> Tag<'a> {
    let key = whole.trim();
    if *dialect != Dialect::Fluent {
        let key = key.strip_suffix('{').unwrap_or(key).trim();
        return if key == "other" { Tag::Other(key.to_owned()) } else { Tag::Branch(Some(key)) };
    }
    // `*[other]` is called `*other`: the star says that it stands for all other values.
    let key = key.strip_suffix(']').unwrap_or(key).trim_end();
    match key.strip_prefix('*') {
        Some(key) => Tag::Other(format!("*{}", key.trim_start_matches('[').trim_start())),
        None => Tag::Branch(Some(key.trim_start_matches('[').trim_start())),
    }
}
