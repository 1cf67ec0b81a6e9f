//! What a check kind needs to read its table: phrases into groups, names into choices, every mistake at its
//! place.

use super::language::EntityClass;
use super::lexicon::{Builder, GroupId};
use super::phrase::{self, Expr, PhraseFault};
use crate::facts::Role;
use crate::source::Span;
use crate::spanned::{Fields, nearest};
use crate::words::Words;

/// The languages that words may be written in.
pub(crate) const LANGUAGES: [&str; 3] = ["zh-Hans", "zh-Hant", "en"];

/// The families of rules.
pub const FAMILIES: [&str; 14] = [
    "threat",
    "authority",
    "disclosure",
    "privacy",
    "exaggeration",
    "amount",
    "channel",
    "identity",
    "informal",
    "frequency",
    "concise",
    "obfuscation",
    "template",
    "suppression",
];

/// Compiles the tables of all policy files into one lexicon.
#[derive(Debug)]
pub(crate) struct Compiler {
    pub(crate) builder: Builder,
    pub(crate) parts: Vec<String>,
    pub(crate) frames: Vec<String>,
}

impl Compiler {
    /// The phrases at `key`, by language, as one group. `None` when the key is absent.
    pub(crate) fn phrases(&mut self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Option<GroupId> {
        let phrases = read_phrases(fields, key)?;
        let group = self.builder.group();
        for (expr, at, offset) in phrases {
            if let Err(fault) = self.builder.add(group, &expr) {
                report(fields, at, offset, fault);
            }
        }
        Some(group)
    }

    /// One of a few names at `key`.
    pub(crate) fn choice<T: Copy>(
        &self,
        fields: &mut Fields<'_, '_, '_>,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let (name, at) = fields.text(key)?;
        pick(fields, name, at, choices)
    }

    /// Some of a few names at `key`.
    pub(crate) fn choices<T: Copy>(
        &self,
        fields: &mut Fields<'_, '_, '_>,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Vec<T> {
        let names = fields.texts(key);
        names.into_iter().filter_map(|(name, at)| pick(fields, name, at, choices)).collect()
    }

    /// Entity names at `key`.
    pub(crate) fn entities(&self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Vec<EntityClass> {
        self.choices(fields, key, &EntityClass::NAMES)
    }

    /// Role names at `key`.
    pub(crate) fn roles(&self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Vec<Role> {
        self.choices(fields, key, &Role::ALL.map(|r| (r.name(), r)))
    }

    /// Family names at `key`.
    pub(crate) fn families(&self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Vec<String> {
        self.choices(fields, key, &FAMILIES.map(|f| (f, f))).into_iter().map(str::to_owned).collect()
    }

    /// Frame names at `key`.
    pub(crate) fn frame_names(&self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Vec<String> {
        let known: Vec<(&str, &str)> = self.frames.iter().map(|f| (f.as_str(), f.as_str())).collect();
        self.choices(fields, key, &known).into_iter().map(str::to_owned).collect()
    }

    /// The name of a part at `key`.
    pub(crate) fn part(&self, fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Option<String> {
        fields.demand(key);
        let known: Vec<(&str, &str)> = self.parts.iter().map(|p| (p.as_str(), p.as_str())).collect();
        self.choice(fields, key, &known).map(str::to_owned)
    }

    /// A word as the folded text spells it.
    pub(crate) fn fold(&self, text: &str) -> String {
        crate::text::fold::fold_word(text)
    }

    /// Blames a glob that cannot be read.
    pub(crate) fn bad_glob(&self, fields: &mut Fields<'_, '_, '_>, at: Span, error: &globset::Error) {
        let why = error.kind().to_string();
        fields.faults.add(
            at,
            "bad-glob",
            Words::new(format!("bad pattern: {why}"), format!("模式有误：{why}")),
        );
    }
}

fn pick<T: Copy>(fields: &mut Fields<'_, '_, '_>, name: &str, at: Span, choices: &[(&str, T)]) -> Option<T> {
    let found = choices.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = choices.iter().map(|(n, _)| *n).collect();
        let list = names.join(", ");
        let words = match nearest(name, names.iter().copied()) {
            Some(_) => Words::new(format!("unknown name `{name}`"), format!("未知的名称 `{name}`")),
            None => Words::new(
                format!("unknown name `{name}`; one of: {list}"),
                format!("未知的名称 `{name}`；可选：{list}"),
            ),
        };
        fields.faults.add_unknown(at, "unknown-name", words, name, names.iter().copied());
    }
    found
}

/// The phrases at `key`, by language: the tree, the place of the string, and how far its text is inside.
pub(crate) fn read_phrases(
    fields: &mut Fields<'_, '_, '_>,
    key: &'static str,
) -> Option<Vec<(Expr, Span, u32)>> {
    let (table, span) = fields.table(key)?;
    let mut inner = Fields::new(table, span, fields.faults);
    let mut phrases = Vec::new();
    for language in LANGUAGES {
        let Some(value) = inner.get(language) else { continue };
        for (text, at) in inner.texts_of(value) {
            let offset = quote_len(text, at);
            match phrase::parse(text) {
                Ok(expr) => phrases.push((expr, at, offset)),
                Err(fault) => report(&mut inner, at, offset, fault),
            }
        }
    }
    inner.finish();
    Some(phrases)
}

/// How many bytes of the raw string stand before its text, if the text has no escapes.
fn quote_len(text: &str, at: Span) -> u32 {
    let raw = at.len() as usize;
    if raw == text.len() + 2 { 1 } else { 0 }
}

/// Tells a phrase's mistake at its place in the file: inside the string where the string has no escapes.
pub(crate) fn report(fields: &mut Fields<'_, '_, '_>, at: Span, offset: u32, fault: PhraseFault) {
    let inside = fault.at.shift(at.start + offset);
    let exact = offset > 0 && !fault.at.is_empty() && at.contains(inside);
    let place = if exact { inside } else { at };
    let mut problem = crate::problem::Problem::error("bad-phrase", fault.message);
    problem.help = fault.help;
    fields.faults.push(problem, place);
}
