//! The schemas that editors and `check-jsonschema` read accept what the program itself is made of and
//! shows, and refuse a misspelt key.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> Value {
    let file = root().join(format!("schema/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn tomls(folder: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

fn read(file: &Path) -> Value {
    let table: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
    serde_json::to_value(table).unwrap()
}

/// What `schema` says against `value`, of the words that say which keys a table may and must have: a small
/// part of JSON Schema. Types and patterns are left to real validators.
fn faults(whole: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(link) = schema["$ref"].as_str() {
        let target = whole.pointer(link.trim_start_matches('#')).unwrap();
        return faults(whole, target, value, at, found);
    }
    for item in value.as_array().into_iter().flatten() {
        faults(whole, &schema["items"], item, &format!("{at}[]"), found);
    }
    let Some(table) = value.as_object() else { return };
    for (key, inner) in table {
        let place = format!("{at}.{key}");
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(known), _) => faults(whole, known, inner, &place, found),
            (None, Value::Bool(false)) => found.push(format!("{place} is unknown")),
            (None, others) => faults(whole, others, inner, &place, found),
        }
    }
    let has = |names: &Value| {
        names.as_array().into_iter().flatten().all(|n| table.contains_key(n.as_str().unwrap()))
    };
    if !has(&schema["required"]) {
        found.push(format!("{at} lacks a key"));
    }
    let ways = schema["oneOf"].as_array().into_iter().flatten();
    let (count, held) =
        ways.fold((0, 0), |(count, held), way| (count + 1, held + usize::from(has(&way["required"]))));
    if count > 0 && held != 1 {
        found.push(format!("{at} is {held} of the {count} things it may be one of"));
    }
}

fn against(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    faults(schema, schema, value, "", &mut found);
    found
}

#[test]
fn all_policies_that_are_shipped_are_accepted() {
    let schema = schema("policy");
    for file in tomls("policies").into_iter().chain(tomls("fixtures/demo/policies")) {
        let found = against(&schema, &read(&file));
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
    }
}

#[test]
fn all_campaigns_and_configurations_that_are_shown_are_accepted() {
    for file in tomls("fixtures/campaigns").into_iter().chain(tomls("fixtures/demo/campaigns")) {
        let found = against(&schema("campaign"), &read(&file));
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
    }
    let shown = std::fs::read_dir(root().join("fixtures/formats")).unwrap();
    let shown = shown.map(|folder| folder.unwrap().path().join("dunlint.toml"));
    for file in shown.chain([root().join("fixtures/demo/dunlint.toml")]) {
        let found = against(&schema("config"), &read(&file));
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
    }
}

#[test]
fn misspelt_keys_are_refused() {
    let refused = |name: &str, file: &str| against(&schema(name), &read(&root().join(file)));
    assert!(
        refused("config", "fixtures/configs/unknown-key.toml")
            .iter()
            .any(|fault| fault.ends_with("is unknown"))
    );
    let found = refused("policy", "fixtures/broken/policies/misspelt.toml");
    assert!(found.iter().any(|fault| fault.ends_with("is unknown")), "{found:#?}");
}

/// A rule has one check, of the kinds that the registry lists.
#[test]
fn each_check_kind_is_one_alternative_of_a_rule() {
    let schema = schema("policy");
    let ways = schema["definitions"]["rule"]["oneOf"].as_array().unwrap();
    let mut named: Vec<&str> = ways.iter().map(|way| way["required"][0].as_str().unwrap()).collect();
    let registry = std::fs::read_to_string(root().join("src/policy/check/mod.rs")).unwrap();
    let (_, list) = registry.split_once("\nkinds! {").unwrap();
    let (list, _) = list.split_once("\n}").unwrap();
    let mut kinds: Vec<&str> =
        list.lines().filter_map(|line| line.trim().split_once(':')).map(|(k, _)| k).collect();
    named.sort_unstable();
    kinds.sort_unstable();
    assert_eq!(named, kinds);
}
