//! The tool's own words in reports for people.

use crate::policy::Force;
use crate::words::Lang;

/// `en` or `zh`, by language. Traditional Chinese reads Simplified here.
pub const fn pick<'w>(lang: Lang, en: &'w str, zh: &'w str) -> &'w str {
    match lang {
        Lang::En => en,
        Lang::ZhHans | Lang::ZhHant => zh,
    }
}

/// What kind of text a basis is. Soft law is never called law.
pub const fn force(force: Force, lang: Lang) -> &'static str {
    match force {
        Force::Law => pick(lang, "law", "法律法规"),
        Force::Standard => pick(lang, "recommended standard", "推荐性标准"),
        Force::Guideline => pick(lang, "guideline", "自律规范"),
        Force::Platform => pick(lang, "platform rule", "平台规则"),
        Force::House => pick(lang, "house rule", "本工具规则"),
    }
}

/// Heads of the lines under an excerpt.
#[derive(Clone, Copy)]
pub enum Head {
    /// What the rule rests on.
    Basis,
    /// The branch conditions under which the finding holds.
    Branch,
    /// What to do.
    Help,
}

/// The head in `lang`, without its colon.
pub const fn head(head: Head, lang: Lang) -> &'static str {
    match head {
        Head::Basis => pick(lang, "basis", "依据"),
        Head::Branch => pick(lang, "in", "条件"),
        Head::Help => pick(lang, "help", "建议"),
    }
}

/// `: ` between a head and its words.
pub const fn colon(lang: Lang) -> &'static str {
    pick(lang, ": ", "：")
}

/// `1 error`, `3 errors`; Chinese needs no plural.
pub fn count(number: usize, one: &str, many: &str, zh: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{number} {}", if number == 1 { one } else { many }),
        Lang::ZhHans | Lang::ZhHant => format!("{number} {zh}"),
    }
}
