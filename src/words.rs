//! Sentences for people, in the languages dunlint speaks.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A language of the output, and of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub enum Lang {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Traditional Chinese.
    #[serde(rename = "zh-Hant")]
    ZhHant,
}

impl Lang {
    /// The name used in metadata and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
        }
    }

    /// The language a tag such as `zh-CN`, `zh_TW.UTF-8`, `zh-Hant-HK`, `en-US` means; `None` for
    /// languages dunlint does not know.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.split(['.', '@']).next().unwrap_or("").replace('_', "-").to_ascii_lowercase();
        let mut parts = tag.split('-');
        match parts.next()? {
            "en" => Some(Self::En),
            "zh" => {
                let traditional = parts.any(|p| matches!(p, "hant" | "tw" | "hk" | "mo"));
                Some(if traditional { Self::ZhHant } else { Self::ZhHans })
            }
            _ => None,
        }
    }
}

/// One sentence in each language. Traditional Chinese falls back to Simplified, Chinese to English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: Cow<'static, str>,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans", default)]
    pub zh_hans: Cow<'static, str>,
    /// Traditional Chinese, where it differs by more than its characters.
    #[serde(rename = "zh-Hant", default)]
    pub zh_hant: Cow<'static, str>,
}

impl Words {
    /// A sentence in English and Simplified Chinese.
    pub fn new(en: impl Into<Cow<'static, str>>, zh_hans: impl Into<Cow<'static, str>>) -> Self {
        Self { en: en.into(), zh_hans: zh_hans.into(), zh_hant: Cow::Borrowed("") }
    }

    /// The sentence in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        let chinese = if self.zh_hans.is_empty() { &self.en } else { &self.zh_hans };
        match lang {
            Lang::En => &self.en,
            Lang::ZhHans => chinese,
            Lang::ZhHant if self.zh_hant.is_empty() => chinese,
            Lang::ZhHant => &self.zh_hant,
        }
    }
}
