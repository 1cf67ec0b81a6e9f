//! Which unbroken text is a link: by its scheme, or by how its host ends.
//!
//! Begin at [`Written::read`]. How a link is spelled is said in `grammar/message.pest`.

use super::entities::EntityKind;

/// Endings of hosts that are English words too: believed only with a path or in a longer host.
const WORD_ENDINGS: [&str; 14] =
    ["am", "as", "at", "be", "by", "do", "is", "it", "me", "my", "no", "so", "to", "us"];
/// Other endings than the two letters of a country that bare hosts in messages have.
const ENDINGS: [&str; 44] = [
    "app", "asia", "bank", "biz", "click", "cloud", "club", "com", "company", "credit", "dev", "edu",
    "finance", "fun", "gold", "gov", "group", "icu", "info", "ink", "kim", "life", "link", "live", "loan",
    "ltd", "mobi", "money", "name", "net", "online", "org", "page", "pro", "ren", "shop", "site", "store",
    "tech", "top", "vip", "wang", "work", "xyz",
];

/// The parts of what may be a link.
#[derive(Default)]
pub(super) struct Written<'t> {
    /// Whether `https` is written; `None` without a scheme.
    pub(super) https: Option<bool>,
    /// The host, with its port.
    pub(super) host: &'t str,
    /// Path, query and fragment with their marks.
    pub(super) tail: &'t str,
}

impl Written<'_> {
    /// The link, if it has a scheme or its host ends as hosts do.
    pub(super) fn read(&self) -> Option<EntityKind> {
        let name = self.host.split(':').next().unwrap_or(self.host);
        let mut labels = name.rsplit('.');
        let ending = labels.next().unwrap_or("");
        let before = labels.count();
        let is_country = ending.len() == 2 && ending.bytes().all(|b| b.is_ascii_lowercase());
        let is_word = WORD_ENDINGS.contains(&ending) && before < 2 && self.tail.is_empty();
        let is_host = before > 0 && (ENDINGS.binary_search(&ending).is_ok() || is_country && !is_word);
        (self.https.is_some() || is_host)
            .then(|| EntityKind::Url { host: name.to_owned(), https: self.https })
    }
}

/// A link without the marks that end the sentence.
pub(super) fn trimmed(link: &str) -> &str {
    link.trim_end_matches(['.', ':', '?', '\'', '#'])
}

#[cfg(test)]
mod tests {
    use super::ENDINGS;

    #[test]
    fn endings_are_sorted() {
        assert!(ENDINGS.is_sorted());
    }
}
