//! Reads `[basis.ID]` and `[[rule]]` tables.

use super::basis::{Basis, Force, Seen};
use super::check::Check;
use super::compile::{Compiler, FAMILIES};
use super::mend::Mend;
use super::rule::{Example, Rule, When};
use crate::finding::{Confidence, Level};
use crate::message::Facts;
use crate::source::{Source, Span};
use crate::spanned::{Faults, Fields, span_of};
use crate::words::Words;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The jurisdictions dunlint knows.
pub const JURISDICTIONS: [&str; 9] = ["cn", "tw", "hk", "us", "in", "uk", "ke", "ph", "id"];

/// Names that rules may use.
pub(super) struct Names {
    pub(super) bases: Vec<String>,
}

type File<'a, 's> = (&'s Source, &'a Spanned<DeTable<'s>>, &'a mut Faults);

/// All `[basis.ID]` tables.
pub(super) fn bases(files: &mut [File<'_, '_>]) -> BTreeMap<String, Basis> {
    let mut bases = BTreeMap::new();
    for (_, table, faults) in files {
        let mut top = Fields::new(table.as_ref(), Span::default(), faults);
        let Some((table, span)) = top.table("basis") else { continue };
        let mut all = Fields::new(table, span, top.faults);
        for (id, _, value) in all.all() {
            let Some(inner) = value.as_ref().as_table() else {
                all.mistyped::<()>(value, "a table", "表");
                continue;
            };
            let mut fields = Fields::new(inner, span_of(value), all.faults);
            let basis = basis(id, &mut fields);
            fields.finish();
            bases.extend(basis.map(|b| (id.to_owned(), b)));
        }
    }
    bases
}

fn basis(id: &str, fields: &mut Fields<'_, '_, '_>) -> Option<Basis> {
    fields.demand("title");
    fields.demand("says");
    fields.demand("jurisdiction");
    let title = fields.words("title");
    let clause = fields.words_optional("clause");
    let force: Option<Force> = named(fields, "force");
    let seen: Option<Seen> = named(fields, "seen");
    let jurisdiction = fields.texts("jurisdiction");
    let dated = fields.text("dated").map(|(t, _)| t.to_owned());
    let url = page(fields);
    let says = fields.words("says");
    let unchecked = fields.words_optional("unchecked");
    for (name, at) in &jurisdiction {
        known_jurisdiction(fields, name, *at, true);
    }
    if clause.is_some() && seen == Some(Seen::Summary) {
        fields.faults.add(
            fields.span,
            "unseen-clause",
            Words::new(
                format!("`{id}` names a clause, but only a summary was seen"),
                format!("`{id}` 引用了条款号，但只见过二手摘要"),
            ),
        );
    }
    Some(Basis {
        id: id.to_owned(),
        title: title?,
        clause,
        force: force?,
        seen: seen?,
        jurisdiction: jurisdiction.into_iter().map(|(j, _)| j.to_owned()).collect(),
        dated,
        url,
        says: says?,
        unchecked,
    })
}

/// The page of a basis: editors open it, so it is an address of the web and nothing else.
fn page(fields: &mut Fields<'_, '_, '_>) -> Option<String> {
    let (url, at) = fields.text("url")?;
    let plain = url.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if (url.starts_with("https://") || url.starts_with("http://")) && plain {
        return Some(url.to_owned());
    }
    let words = Words::new("expected an address of the web (`https://…`)", "应为网址（`https://…`）");
    fields.faults.add(at, "bad-url", words);
    None
}

/// A serde enum by its name at `key`.
fn named<T: for<'d> Deserialize<'d>>(fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Option<T> {
    let (name, at) = fields.required(key)?;
    let value: Result<T, serde::de::value::Error> = T::deserialize(name.into_deserializer());
    match value {
        Ok(value) => Some(value),
        Err(error) => {
            let words = Words::new(format!("`{key}`: {error}"), format!("`{key}`：{error}"));
            fields.faults.add(at, "unknown-name", words);
            None
        }
    }
}

fn known_jurisdiction(fields: &mut Fields<'_, '_, '_>, name: &str, at: Span, any: bool) {
    let known = || JURISDICTIONS.into_iter().chain(any.then_some("any"));
    if !known().any(|k| k == name) {
        let words = Words::new(format!("unknown jurisdiction `{name}`"), format!("未知的法域 `{name}`"));
        fields.faults.add_unknown(at, "unknown-jurisdiction", words, name, known());
    }
}

/// All `[[rule]]` tables of one file.
pub(super) fn rules(
    source: &Source,
    table: &Spanned<DeTable<'_>>,
    faults: &mut Faults,
    compiler: &mut Compiler,
    names: &Names,
) -> Vec<Rule> {
    let mut top = Fields::new(table.as_ref(), Span::default(), faults);
    let mut shared = When::default();
    if let Some((table, span)) = top.table("policy") {
        let mut fields = Fields::new(table, span, top.faults);
        fields.required("id");
        fields.required("version");
        fields.words_optional("about");
        shared = when(&mut fields);
        fields.finish();
    }
    let mut rules = Vec::new();
    for (table, span) in top.tables("rule") {
        let mut fields = Fields::new(table, span, top.faults);
        let rule = rule(&mut fields, source, compiler, names);
        fields.finish();
        rules.extend(rule.map(|mut rule| {
            rule.when.add(&shared);
            rule
        }));
    }
    rules
}

fn rule(
    fields: &mut Fields<'_, '_, '_>,
    source: &Source,
    compiler: &mut Compiler,
    names: &Names,
) -> Option<Rule> {
    let id = fields.required("id");
    let level: Option<Level> = named(fields, "level");
    let confidence: Confidence =
        if fields.has("confidence") { named(fields, "confidence")? } else { Confidence::High };
    for key in ["title", "message", "help"] {
        fields.demand(key);
    }
    let (title, message, help) = (fields.words("title"), fields.words("message"), fields.words("help"));
    let basis = rests_on(fields, names);
    let when = when(fields);
    let check = check(fields, compiler);
    let fix = Mend::read(fields, compiler);
    let (fail, pass) = examples(fields);
    let (id, at) = id?;
    family_of(fields, id, at);
    if confidence == Confidence::Medium && level == Some(Level::Error) {
        let words = Words::new(
            "a rule of medium confidence cannot be an error: it is not shown by default",
            "中等置信度的规则不能是 error：默认不显示",
        );
        fields.faults.add(at, "doubtful-error", words);
    }
    Some(Rule {
        id: id.to_owned(),
        level: level?,
        confidence,
        title: title?,
        message: message?,
        help: help?,
        everywhere: basis.contains_key("any"),
        basis,
        when,
        check: check?,
        fix,
        fail,
        pass,
        policy: (Arc::clone(&source.path), at),
    })
}

fn family_of(fields: &mut Fields<'_, '_, '_>, id: &str, at: Span) {
    let family = id.split('/').next().unwrap_or(id);
    let named = id.split_once('/').is_some_and(|(_, name)| !name.is_empty());
    if !named || !FAMILIES.contains(&family) {
        let words = Words::new(
            format!("rule id `{id}` must be `family/name` with a known family"),
            format!("规则编号 `{id}` 应为“族/名称”，且族须为已知"),
        );
        fields.faults.add_unknown(at, "unknown-family", words, family, FAMILIES);
    }
}

fn rests_on(fields: &mut Fields<'_, '_, '_>, names: &Names) -> BTreeMap<String, Vec<String>> {
    let mut basis = BTreeMap::new();
    fields.demand("basis");
    let Some((table, span)) = fields.table("basis") else { return basis };
    let mut all = Fields::new(table, span, fields.faults);
    for (jurisdiction, at, value) in all.all() {
        known_jurisdiction(&mut all, jurisdiction, at, true);
        let mut ids = Vec::new();
        for (id, at) in all.texts_of(value) {
            if names.bases.iter().any(|b| b == id) {
                ids.push(id.to_owned());
            } else {
                let words = Words::new(format!("unknown basis `{id}`"), format!("未知的依据 `{id}`"));
                let known = names.bases.iter().map(String::as_str);
                all.faults.add_unknown(at, "unknown-basis", words, id, known);
            }
        }
        basis.insert(jurisdiction.to_owned(), ids);
    }
    basis
}

fn when(fields: &mut Fields<'_, '_, '_>) -> When {
    let mut when = When::default();
    let Some((table, span)) = fields.table("when") else { return when };
    let mut all = Fields::new(table, span, fields.faults);
    for (name, at, value) in all.all() {
        let Some(place) = Facts::place(name) else {
            let words = Words::new(format!("unknown fact `{name}`"), format!("未知的事实 `{name}`"));
            all.faults.add_unknown(at, "unknown-fact", words, name, Facts::NAMES);
            continue;
        };
        when.conditions.push((place, accepted(&mut all, value)));
    }
    when
}

/// The accepted values of a fact: strings or booleans, one or a list.
fn accepted<'t, 's>(fields: &mut Fields<'t, 's, '_>, value: &'t Spanned<DeValue<'s>>) -> Vec<String> {
    let one = |v: &Spanned<DeValue<'_>>| match v.as_ref() {
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    if let Some(value) = one(value) {
        return vec![value];
    }
    let list = value.as_ref().as_array().map(|list| list.iter().map(one).collect::<Option<Vec<_>>>());
    match list {
        Some(Some(values)) => values,
        _ => fields.mistyped(value, "a list of values", "取值列表").unwrap_or_default(),
    }
}

fn check(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Check> {
    let mut checks = Vec::new();
    let mut present = 0;
    for name in Check::NAMES {
        if let Some((table, span)) = fields.table(name) {
            present += 1;
            let mut inner = Fields::new(table, span, fields.faults);
            checks.extend(Check::read(name, &mut inner, compiler));
            inner.finish();
        }
    }
    if present != 1 {
        let kinds = Check::NAMES.join(", ");
        fields.faults.add(
            fields.span,
            "one-check",
            Words::new(
                format!("a rule has exactly one check table, this one has {present}; kinds: {kinds}"),
                format!("每条规则须恰有一个检查表，此处有 {present} 个；可选：{kinds}"),
            ),
        );
    }
    checks.pop()
}

fn examples(fields: &mut Fields<'_, '_, '_>) -> (Vec<Example>, Vec<Example>) {
    let span = fields.span;
    let Some((table, at)) = fields.table("examples") else {
        unproved(fields, span);
        return (Vec::new(), Vec::new());
    };
    let mut inner = Fields::new(table, at, fields.faults);
    let mut read = |key| -> Vec<Example> {
        inner
            .tables(key)
            .into_iter()
            .filter_map(|(t, s)| example(&mut Fields::new(t, s, inner.faults)))
            .collect()
    };
    let (fail, pass) = (read("fail"), read("pass"));
    inner.finish();
    if fail.is_empty() || pass.is_empty() {
        unproved(fields, at);
    }
    for example in &fail {
        if example.marks.is_empty() {
            let words = Words::new(
                "a `fail` example names what must be marked: `marks = […]`",
                "`fail` 示例须写明应标出的文字：`marks = […]`",
            );
            fields.faults.add(example.at, "missing-key", words);
        }
    }
    (fail, pass)
}

fn unproved(fields: &mut Fields<'_, '_, '_>, at: Span) {
    let words = Words::new(
        "a rule needs at least one `fail` and one `pass` example",
        "规则至少需要一个 `fail` 示例和一个 `pass` 示例",
    );
    fields.faults.add(at, "no-examples", words);
}

fn example(fields: &mut Fields<'_, '_, '_>) -> Option<Example> {
    let text = fields.required("text").map(|(t, _)| t.to_owned());
    let mut example = Example { text: text?, at: fields.span, ..Example::default() };
    for (key, _, value) in fields.all() {
        match key {
            "text" => {}
            "marks" => {
                example.marks = fields.texts_of(value).into_iter().map(|(t, _)| t.to_owned()).collect()
            }
            "why" => example.why = fields.words_optional("why"),
            _ => {
                let json = serde_json::Value::deserialize(toml::de::ValueDeserializer::from(value.clone()));
                example.meta.extend(json.ok().map(|json| (key.to_owned(), json)));
            }
        }
    }
    Some(example)
}
