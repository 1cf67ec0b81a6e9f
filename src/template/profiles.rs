//! What the platform that a message is sent through demands of a template: `policies/profiles.toml`, whose head
//! says what each word means and where it comes from.
//!
//! Begin at [`Profile::named`]. A profile changes no token; it says the language that the platform writes, and
//! adds types and largest lengths to placeholders (see `declared`). Its limits are looked at by the rules.

use crate::words::Words;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where a platform wants the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureRule {
    /// The platform puts it before the text.
    Added,
    /// The text begins with it.
    Text,
}

/// How a platform bills the length of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Billing {
    /// Every UTF-16 unit is one.
    Mainland,
    /// GSM-7 where the text allows it.
    International,
}

/// What may vary in a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRule {
    /// Nothing.
    Fixed,
    /// What follows the host.
    Path,
}

/// What is known about the values of one declared type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueType {
    /// The type in dunlint's own words (`amount`, `date`).
    #[serde(default)]
    pub is: Option<String>,
    /// Most characters.
    #[serde(default)]
    pub max: Option<u32>,
}

/// A platform. A limit that is `None` is not known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// Its name for people.
    pub title: Phrase,
    /// The page that says all this, with its date.
    pub page: Phrase,
    /// How it writes placeholders, by the name of the language.
    pub dialect: Option<String>,
    /// How it bills length.
    pub counting: Option<Billing>,
    /// Where it wants the signature.
    pub signature: Option<SignatureRule>,
    /// Most characters of a template, placeholders and signature with it.
    pub characters: Option<u32>,
    /// Most different placeholders.
    pub variables: Option<u32>,
    /// Most placeholders with nothing but blanks between them.
    pub in_a_row: Option<u32>,
    /// Most characters of a value.
    pub value: Option<u32>,
    /// Whether the text may hold 【】.
    pub brackets: Option<bool>,
    /// Whether a text may be placeholders only.
    pub all_variable: Option<bool>,
    /// Whether a placeholder may stand first or last.
    pub edges: Option<bool>,
    variable_link: Option<toml::Value>,
    /// Whether a part of a phone number may vary.
    pub variable_phone: Option<bool>,
    /// Whether names are 1, 2, 3 … without a gap.
    #[serde(default)]
    pub numbered: bool,
    /// Whether a placeholder stands only once.
    #[serde(default)]
    pub once: bool,
    /// Names that are refused.
    #[serde(default)]
    pub reserved: Vec<String>,
    /// Most characters of a name.
    pub name: Option<u32>,
    /// Fixed words demanded for each placeholder.
    pub words_each: Option<u32>,
    /// Declared types, lower case, and what their values are.
    #[serde(default)]
    pub values: BTreeMap<String, ValueType>,
}

/// Words in both languages, as the file writes them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    en: String,
    #[serde(rename = "zh-Hans")]
    zh_hans: String,
}

impl Phrase {
    /// As words for people.
    pub fn words(&self) -> Words {
        Words::new(self.en.clone(), self.zh_hans.clone())
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    profile: BTreeMap<String, Profile>,
}

/// The file is part of the program, and a test reads it; one with a mistake knows no platform.
static PROFILES: LazyLock<BTreeMap<String, Profile>> = LazyLock::new(|| {
    toml::from_str::<Written>(include_str!("../../policies/profiles.toml")).unwrap_or_default().profile
});

impl Profile {
    /// The platform called `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        PROFILES.get(name)
    }

    /// The names of all platforms.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PROFILES.keys().map(String::as_str)
    }

    /// What is known about values of the declared type `word`.
    pub fn value_type(&self, word: &str) -> Option<&ValueType> {
        self.values.get(&word.to_ascii_lowercase())
    }

    /// What may vary in a link, where anything is said about it.
    pub fn link(&self) -> Option<LinkRule> {
        match self.variable_link.as_ref()? {
            toml::Value::Boolean(false) => Some(LinkRule::Fixed),
            toml::Value::String(word) if word == "path" => Some(LinkRule::Path),
            _ => None,
        }
    }

    /// The page and its date, as findings quote it.
    pub fn quoted(&self) -> Words {
        Words::new(
            format!("{}: {}", self.title.en, self.page.en),
            format!("{}：{}", self.title.zh_hans, self.page.zh_hans),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{LinkRule, Profile, Written};
    use crate::facts::Role;
    use crate::template::Dialect;

    #[test]
    fn the_file_is_read_and_its_words_are_known() {
        let written: Written = toml::from_str(include_str!("../../policies/profiles.toml")).unwrap();
        for (name, profile) in &written.profile {
            assert!(
                profile.dialect.as_deref().is_none_or(|word| Dialect::from_name(word).is_some()),
                "{name}"
            );
            assert_eq!(profile.variable_link.is_some(), profile.link().is_some(), "{name}");
            for (word, value) in &profile.values {
                assert_eq!(*word, word.to_ascii_lowercase(), "{name}");
                let role = value.is.as_deref().map(Role::from_name);
                assert!(role.is_none_or(|role| role.is_some()), "{name} {word}");
            }
        }
        assert_eq!(Profile::named("tencent").and_then(Profile::link), Some(LinkRule::Fixed));
        assert!(Profile::named("nobody").is_none());
    }
}
