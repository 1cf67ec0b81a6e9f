//! TOML read by hand, so that every mistake has its place and all of them are told in one run.
//!
//! [`Fields`] wraps one table: a reader asks for the keys it knows, and [`Fields::finish`] blames the keys
//! nobody asked for, with the nearest known name.

use crate::problem::Problem;
use crate::source::host::Told;
use crate::source::{Source, Span};
use crate::words::Words;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Mistakes found in one file.
#[derive(Debug)]
pub struct Faults {
    path: Arc<str>,
    /// What was found so far.
    pub problems: Vec<Problem>,
    /// Where the syntax is broken: the first places, which is enough for people and bounds the search.
    broken: Vec<Span>,
}

/// How many places of broken syntax silence what is said about the same place.
const BROKEN: usize = 32;

impl Faults {
    /// No mistakes yet in the file `path`.
    pub fn new(path: &Arc<str>) -> Self {
        Self { path: Arc::clone(path), problems: Vec::new(), broken: Vec::new() }
    }

    /// Adds a mistake at `span`, unless the syntax is broken there: what was read is not what was written.
    pub fn add(&mut self, span: Span, code: &'static str, message: Words) {
        if !self.is_broken(span) {
            self.problems.push(Problem::error(code, message).in_file(&self.path).at(span));
        }
    }

    fn is_broken(&self, span: Span) -> bool {
        self.broken.iter().any(|at| at.start <= span.end && span.start <= at.end)
    }

    /// Adds a problem at `span`.
    pub fn push(&mut self, problem: Problem, span: Span) {
        self.problems.push(problem.in_file(&self.path).at(span));
    }

    /// Adds a mistake at `span`, with the nearest of `known` as advice when one is near.
    pub fn add_unknown<'k>(
        &mut self,
        span: Span,
        code: &'static str,
        message: Words,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        if self.is_broken(span) {
            return;
        }
        let mut problem = Problem::error(code, message).in_file(&self.path).at(span);
        if let Some(near) = nearest(name, known) {
            problem =
                problem.help(Words::new(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")));
        }
        self.problems.push(problem);
    }
}

/// The known name most like `name`, if one is like it at all.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(name, k), k))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, k)| k)
}

/// Parses a TOML source. Syntax errors become faults; what could be read is returned all the same.
pub fn parse<'s>(source: &'s Source, faults: &mut Faults) -> Spanned<DeTable<'s>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut told = Told::default();
    let mut places = Vec::new();
    for error in errors.iter().filter(|error| told.is_new(error)) {
        let span = error.span().map_or_else(Span::default, |r| Span::of(r.start, r.end));
        let message = error.message().trim_end();
        faults.add(
            span,
            "invalid-toml",
            Words::new(format!("invalid TOML: {message}"), format!("TOML 语法错误：{message}")),
        );
        places.push(span);
    }
    places.truncate(BROKEN);
    faults.broken = places;
    table
}

/// The span of a spanned value.
pub fn span_of<T>(value: &Spanned<T>) -> Span {
    let range = value.span();
    Span::of(range.start, range.end)
}

/// A table being read.
pub struct Fields<'t, 's, 'f> {
    table: &'t DeTable<'s>,
    /// Where the table stands.
    pub span: Span,
    asked: Vec<&'static str>,
    /// Where mistakes go.
    pub faults: &'f mut Faults,
}

impl<'t, 's, 'f> Fields<'t, 's, 'f> {
    /// Starts reading `table`.
    pub fn new(table: &'t DeTable<'s>, span: Span, faults: &'f mut Faults) -> Self {
        Self { table, span, asked: Vec::new(), faults }
    }

    /// The value of `key`, if it is there.
    pub fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'s>>> {
        self.asked.push(key);
        self.table.iter().find(|(k, _)| k.as_ref() == key).map(|(_, v)| v)
    }

    /// Names and values of all keys, for tables whose keys are free names.
    pub fn all(&mut self) -> impl Iterator<Item = (&'t str, Span, &'t Spanned<DeValue<'s>>)> + use<'t, 's> {
        self.table.iter().map(|(k, v)| (k.as_ref().as_ref(), span_of(k), v))
    }

    /// The string at `key`.
    pub fn text(&mut self, key: &'static str) -> Option<(&'t str, Span)> {
        let value = self.get(key)?;
        let span = span_of(value);
        match value.as_ref().as_str() {
            Some(text) => Some((text, span)),
            None => self.mistyped(value, "a string", "字符串"),
        }
    }

    /// The string at `key`, whose absence is a mistake.
    pub fn required(&mut self, key: &'static str) -> Option<(&'t str, Span)> {
        self.demand(key);
        self.text(key)
    }

    /// Blames the absence of `key`.
    pub fn demand(&mut self, key: &'static str) {
        if !self.table.iter().any(|(k, _)| k.as_ref() == key) {
            self.faults.add(
                self.span,
                "missing-key",
                Words::new(format!("`{key}` is missing"), format!("缺少 `{key}`")),
            );
        }
    }

    /// The integer at `key`, within `u32`.
    pub fn number(&mut self, key: &'static str) -> Option<u32> {
        let value = self.get(key)?;
        let integer = value.as_ref().as_integer().and_then(|i| i.as_str().replace('_', "").parse().ok());
        match integer {
            Some(n) => Some(n),
            None => self.mistyped(value, "a whole number", "整数"),
        }
    }

    /// The boolean at `key`.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        match value.as_ref().as_bool() {
            Some(flag) => Some(flag),
            None => self.mistyped(value, "true or false", "true 或 false"),
        }
    }

    /// The list of strings at `key`; a single string counts as a list of one.
    pub fn texts(&mut self, key: &'static str) -> Vec<(&'t str, Span)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        self.texts_of(value)
    }

    /// `value` as a list of strings.
    pub fn texts_of(&mut self, value: &'t Spanned<DeValue<'s>>) -> Vec<(&'t str, Span)> {
        if let Some(text) = value.as_ref().as_str() {
            return vec![(text, span_of(value))];
        }
        let Some(list) = value.as_ref().as_array() else {
            self.mistyped::<()>(value, "a list of strings", "字符串列表");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for element in list.iter() {
            match element.as_ref().as_str() {
                Some(text) => texts.push((text, span_of(element))),
                None => {
                    self.mistyped::<()>(element, "a string", "字符串");
                }
            }
        }
        texts
    }

    /// The table at `key`.
    pub fn table(&mut self, key: &'static str) -> Option<(&'t DeTable<'s>, Span)> {
        let value = self.get(key)?;
        match value.as_ref().as_table() {
            Some(table) => Some((table, span_of(value))),
            None => self.mistyped(value, "a table", "表"),
        }
    }

    /// The list of tables at `key`.
    pub fn tables(&mut self, key: &'static str) -> Vec<(&'t DeTable<'s>, Span)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.as_ref().as_array() else {
            self.mistyped::<()>(value, "a list of tables", "表的列表");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for element in list.iter() {
            match element.as_ref().as_table() {
                Some(table) => tables.push((table, span_of(element))),
                None => {
                    self.mistyped::<()>(element, "a table", "表");
                }
            }
        }
        tables
    }

    /// A sentence by language at `key`: `{ en = …, zh-Hans = …, zh-Hant = … }`.
    pub fn words(&mut self, key: &'static str) -> Option<Words> {
        let (table, span) = self.table(key)?;
        let mut fields = Fields::new(table, span, self.faults);
        let en = fields.required("en").map(|t| t.0.to_owned());
        let zh_hans = fields.text("zh-Hans").map(|t| t.0.to_owned());
        let zh_hant = fields.text("zh-Hant").map(|t| t.0.to_owned());
        fields.finish();
        Some(Words {
            en: en?.into(),
            zh_hans: zh_hans.unwrap_or_default().into(),
            zh_hant: zh_hant.unwrap_or_default().into(),
        })
    }

    /// A sentence by language at `key`, or one string for all languages; absent is fine.
    pub fn words_optional(&mut self, key: &'static str) -> Option<Words> {
        let value = self.get(key)?;
        match value.as_ref().as_str() {
            Some(text) => Some(Words::new(text.to_owned(), "")),
            None => self.words(key),
        }
    }

    /// Whether `key` is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(k, _)| k.as_ref() == key)
    }

    /// Blames every key nobody asked for.
    pub fn finish(self) {
        for (key, _) in self.table {
            let name: &str = key.as_ref();
            if !self.asked.contains(&name) {
                self.faults.add_unknown(
                    span_of(key),
                    "unknown-key",
                    Words::new(format!("unknown key `{name}`"), format!("未知的键 `{name}`")),
                    name,
                    self.asked.iter().copied(),
                );
            }
        }
    }

    /// Blames a value of the wrong type.
    pub fn mistyped<T>(&mut self, value: &Spanned<DeValue<'_>>, en: &str, zh: &str) -> Option<T> {
        let found = value.as_ref().type_str();
        self.faults.add(
            span_of(value),
            "wrong-type",
            Words::new(format!("expected {en}, found {found}"), format!("应为{zh}，实际是 {found}")),
        );
        None
    }
}
