//! One configuration file: TOML to [`Config`], with every mistake at its place.

use super::date::Date;
use super::names;
use super::schema::{Config, Globs, Origin, Override, RuleTable, Set, SourceEntry, Suppress, Switch};
use crate::policy::JURISDICTIONS;
use crate::source::{Source, SourceSpec, Span};
use crate::spanned::{self, Faults, Fields};
use crate::triage::directive::says_why;
use crate::words::Words;
use globset::{GlobBuilder, GlobSetBuilder};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What one file says: itself, and what it extends.
pub(super) struct Read {
    pub(super) config: Config,
    pub(super) extends: Vec<(String, Span)>,
}

/// Reads `source`, a `dunlint.toml` that stands in `directory`. Globs will be relative to `base`.
pub(super) fn read(source: &Source, directory: &Path, base: &Path, faults: &mut Faults) -> Read {
    let table = spanned::parse(source, faults);
    let reader = Reader { source };
    let whole = spanned::span_of(&table);
    let mut fields = Fields::new(table.as_ref(), whole, faults);
    let extends: Vec<_> = fields.texts("extends").into_iter().map(|(t, s)| (t.to_owned(), s)).collect();
    let jurisdiction = reader.one_of(&mut fields, "jurisdiction", "jurisdiction", &JURISDICTIONS);
    let policies = reader.policies(&mut fields, directory);
    let exclude = reader.globs(&mut fields, "exclude").into_iter().collect();
    let fail_on = reader.one_of(&mut fields, "fail-on", "level", names::FAIL_ON);
    let gateway = reader.flag(&mut fields, "signature-added-by-gateway");
    let rules = reader.rules(&mut fields);
    let facts = reader.facts(&mut fields);
    let sources = fields.tables("source");
    let overrides = fields.tables("override");
    let suppress = fields.tables("suppress");
    fields.finish();
    Read {
        extends,
        config: Config {
            chain: vec![Arc::clone(&source.path)],
            base: base.to_owned(),
            jurisdiction,
            policies,
            exclude,
            fail_on,
            signature_added_by_gateway: gateway,
            rules,
            facts,
            sources: sources.into_iter().map(|(t, s)| reader.source(t, s, faults)).collect(),
            overrides: overrides.into_iter().filter_map(|(t, s)| reader.overriding(t, s, faults)).collect(),
            suppress: suppress.into_iter().filter_map(|(t, s)| reader.suppress(t, s, faults)).collect(),
        },
    }
}

struct Reader<'s> {
    source: &'s Source,
}

type Text<'t> = Option<(&'t str, Span)>;

impl Reader<'_> {
    fn origin(&self, span: Span) -> Origin {
        let line = self.source.lines().position(&self.source.text, span.start).line;
        Origin { path: Arc::clone(&self.source.path), span, line }
    }

    fn set<T>(&self, value: T, span: Span) -> Set<T> {
        Set { value, origin: self.origin(span) }
    }

    fn one_of(
        &self,
        fields: &mut Fields<'_, '_, '_>,
        key: &'static str,
        what: &str,
        known: &[&'static str],
    ) -> Option<Set<String>> {
        let (text, span) = fields.text(key)?;
        known_name(text, span, what, known, fields.faults).then(|| self.set(text.to_owned(), span))
    }

    fn flag(&self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Option<Set<bool>> {
        let value = fields.flag(key)?;
        let span = fields.get(key).map(spanned::span_of).unwrap_or_default();
        Some(self.set(value, span))
    }

    fn policies(&self, fields: &mut Fields<'_, '_, '_>, directory: &Path) -> Vec<Set<std::path::PathBuf>> {
        let mut policies = Vec::new();
        for (text, span) in fields.texts("policies") {
            let file = directory.join(text);
            if file.is_file() {
                policies.push(self.set(file, span));
            } else {
                fields.faults.add(
                    span,
                    "missing-policy",
                    Words::new(format!("no policy file `{text}`"), format!("没有策略文件 `{text}`")),
                );
            }
        }
        policies
    }

    fn globs(&self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Option<Globs> {
        let span = spanned::span_of(fields.get(key)?);
        let mut set = GlobSetBuilder::new();
        let mut patterns = Vec::new();
        for (text, at) in fields.texts(key) {
            let pattern = text.strip_prefix("./").unwrap_or(text);
            match GlobBuilder::new(pattern).literal_separator(true).build() {
                Ok(glob) => {
                    set.add(glob);
                    patterns.push(text.to_owned());
                }
                Err(error) => bad_glob(text, at, error.kind(), fields.faults),
            }
        }
        let set = set.build().ok()?;
        Some(Globs { patterns, set, origin: self.origin(span) })
    }

    fn rules(&self, fields: &mut Fields<'_, '_, '_>) -> RuleTable {
        let mut rules = RuleTable::new();
        let Some((table, span)) = fields.table("rules") else { return rules };
        let mut entries = Fields::new(table, span, fields.faults);
        for (name, at, value) in entries.all() {
            let Some(level) = value.as_ref().as_str() else {
                entries.mistyped::<()>(value, "a level", "级别");
                continue;
            };
            let value_span = spanned::span_of(value);
            if !known_name(level, value_span, "level", names::LEVELS, entries.faults) {
                continue;
            }
            if let Some(switch) = Switch::from_name(level) {
                rules.insert(name.to_owned(), self.set(switch, at));
            }
        }
        rules
    }

    fn facts(&self, fields: &mut Fields<'_, '_, '_>) -> BTreeMap<String, Set<serde_json::Value>> {
        let mut facts = BTreeMap::new();
        let Some((table, span)) = fields.table("facts") else { return facts };
        let mut entries = Fields::new(table, span, fields.faults);
        for (name, at, value) in entries.all() {
            if !known_name(name, at, "fact", names::FACTS, entries.faults) {
                continue;
            }
            let value_span = spanned::span_of(value);
            if let (Some(values), Some(text)) = (names::values_of(name), value.as_ref().as_str())
                && !known_name(text, value_span, "value", values, entries.faults)
            {
                continue;
            }
            facts.insert(name.to_owned(), self.set(json(value.as_ref()), value_span));
        }
        facts
    }

    fn source(&self, table: &DeTable<'_>, span: Span, faults: &mut Faults) -> SourceEntry {
        let mut fields = Fields::new(table, span, faults);
        let files = self.globs(&mut fields, "files");
        let named =
            |f: &mut Fields<'_, '_, '_>, key, what, known| Some(self.one_of(f, key, what, known)?.value);
        let hosts = names::source_hosts();
        let host = named(&mut fields, "host", "host", &hosts);
        let dialect = named(&mut fields, "dialect", "dialect", names::DIALECTS);
        let profile = named(&mut fields, "profile", "profile", names::profiles());
        let own = |text: Text<'_>| text.map(|(text, _)| text.to_owned());
        let key = fields.text("key");
        if let Some((text, at)) = key
            && let Err(error) = GlobBuilder::new(text).build()
        {
            bad_glob(text, at, error.kind(), fields.faults);
        }
        let spec = SourceSpec {
            host,
            dialect,
            key: own(key),
            messages: own(fields.text("messages")),
            id: own(fields.text("id")),
            body: own(fields.text("body")),
            signature: own(fields.text("signature")),
            meta: meta(&mut fields),
            table: own(fields.text("table")),
            params: own(fields.text("params")),
            defaults: own(fields.text("defaults")),
            profile,
            open: marks(&mut fields, "open"),
            close: marks(&mut fields, "close"),
            decode: decode(&mut fields),
            encoding: encoding(&mut fields),
            backslashes: fields.flag("backslashes"),
            listed: true,
        };
        if spec.dialect.as_deref() == Some("custom") {
            fields.demand("open");
            fields.demand("close");
        }
        fields.finish();
        SourceEntry { files, spec: Arc::new(spec), origin: self.origin(span) }
    }

    fn overriding(&self, table: &DeTable<'_>, span: Span, faults: &mut Faults) -> Option<Override> {
        let mut fields = Fields::new(table, span, faults);
        fields.demand("files");
        let files = self.globs(&mut fields, "files");
        let jurisdiction = self.one_of(&mut fields, "jurisdiction", "jurisdiction", &JURISDICTIONS);
        let rules = self.rules(&mut fields);
        let facts = self.facts(&mut fields);
        fields.finish();
        Some(Override { files: files?, jurisdiction, rules, facts })
    }

    fn suppress(&self, table: &DeTable<'_>, span: Span, faults: &mut Faults) -> Option<Suppress> {
        let mut fields = Fields::new(table, span, faults);
        let rule = fields.required("rule").map(|(text, at)| self.set(text.to_owned(), at));
        let files = self.globs(&mut fields, "files");
        let reason = fields.required("reason");
        if let Some((_, at)) = reason.filter(|(text, _)| !says_why(text)) {
            fields.faults.add(at, "no-reason", Words::new("a reason is required", "必须写明理由"));
        }
        let until = self.until(&mut fields);
        let owner = fields.text("owner").map(|(text, _)| text.to_owned());
        fields.finish();
        let reason = reason?.0.to_owned();
        Some(Suppress { rule: rule?, files, reason, until, owner, origin: self.origin(span) })
    }

    fn until(&self, fields: &mut Fields<'_, '_, '_>) -> Option<Set<Date>> {
        let value = fields.get("until")?;
        let span = spanned::span_of(value);
        let date = match value.as_ref() {
            DeValue::Datetime(day) if day.time.is_none() && day.offset.is_none() => {
                day.date.and_then(|d| Date::new(d.year, d.month, d.day))
            }
            DeValue::String(text) => Date::parse(text),
            _ => None,
        };
        let Some(date) = date else {
            let words = Words::new("expected a day such as 2027-06-30", "应为日期，例如 2027-06-30");
            fields.faults.add(span, "bad-date", words);
            return None;
        };
        Some(self.set(date, span))
    }
}

fn bad_glob(text: &str, span: Span, error: &globset::ErrorKind, faults: &mut Faults) {
    let words = Words::new(format!("bad glob `{text}`: {error}"), format!("路径模式 `{text}` 有误：{error}"));
    faults.add(span, "bad-glob", words);
}

/// Whether `name` is one of `known`; if not, says so with the nearest one.
fn known_name(name: &str, span: Span, what: &str, known: &[&'static str], faults: &mut Faults) -> bool {
    if known.contains(&name) {
        return true;
    }
    let words = Words::new(
        format!("unknown {what} `{name}`; known are {}", known.join(", ")),
        format!("未知的 {what} `{name}`；可用值：{}", known.join("、")),
    );
    faults.add_unknown(span, "unknown-value", words, name, known.iter().copied());
    false
}

fn meta(fields: &mut Fields<'_, '_, '_>) -> BTreeMap<String, String> {
    let mut meta = BTreeMap::new();
    let Some((table, span)) = fields.table("meta") else { return meta };
    let mut entries = Fields::new(table, span, fields.faults);
    for (name, at, value) in entries.all() {
        let declared =
            name.starts_with("vars.") || matches!(name, "vars" | "params" | "defaults" | "dunlint");
        if !declared && !known_name(name, at, "fact", names::FACTS, entries.faults) {
            continue;
        }
        match value.as_ref().as_str() {
            Some(path) => {
                meta.insert(name.to_owned(), path.to_owned());
            }
            None => {
                entries.mistyped::<()>(value, "a path", "路径");
            }
        }
    }
    meta
}

/// An opening or closing mark of the custom dialect: not empty.
fn marks(fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Option<String> {
    let (text, span) = fields.text(key)?;
    if text.is_empty() {
        fields.faults.add(span, "empty-mark", Words::new("a mark cannot be empty", "标记不能为空"));
        return None;
    }
    Some(text.to_owned())
}

fn decode(fields: &mut Fields<'_, '_, '_>) -> Option<crate::source::Decode> {
    let (table, span) = fields.table("decode")?;
    let mut inner = Fields::new(table, span, fields.faults);
    let column = inner.required("column").map(|t| t.0.to_owned());
    let host = inner.required("host");
    let known: Vec<&'static str> = crate::source::host::names().collect();
    let host = host.filter(|(text, at)| known_name(text, *at, "host", &known, inner.faults));
    let body = inner.required("body").map(|t| t.0.to_owned());
    inner.finish();
    Some(crate::source::Decode { column: column?, host: host?.0.to_owned(), body: body? })
}

fn encoding(fields: &mut Fields<'_, '_, '_>) -> Option<String> {
    let (label, span) = fields.text("encoding")?;
    if encoding_rs::Encoding::for_label(label.as_bytes()).is_none() {
        let words = Words::new(format!("unknown encoding `{label}`"), format!("未知的编码 `{label}`"));
        let known = ["utf-8", "gb18030", "gbk", "big5", "utf-16le", "utf-16be"];
        fields.faults.add_unknown(span, "unknown-value", words, label, known);
        return None;
    }
    Some(label.to_owned())
}

fn json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Integer(number) => {
            let digits = number.to_string();
            digits.parse::<i64>().map_or_else(|_| digits.clone().into(), Into::into)
        }
        DeValue::Float(number) => number.to_string().into(),
        DeValue::Datetime(moment) => moment.to_string().into(),
        DeValue::Array(list) => list.iter().map(|v: &Spanned<DeValue<'_>>| json(v.as_ref())).collect(),
        DeValue::Table(table) => {
            let pairs = table.iter().map(|(k, v)| (k.as_ref().to_string(), json(v.as_ref())));
            serde_json::Value::Object(pairs.collect())
        }
    }
}
