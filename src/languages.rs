//! One message in several languages: whether its texts take the same values.
//!
//! Begin at [`Spoken::of`], which tells what a template is a translation of, and [`disagreements`].

use crate::finding::{About, Finding, fingerprint};
use crate::policy::Rule;
use crate::source::Span;
use crate::template::{Dialect, Placeholder, Template};
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Language tags that may stand in the name of a file or folder, sorted. Short words that name something else there
/// (`in`, `to`) are not among them.
const LANGUAGES: [&str; 34] = [
    "ar", "bn", "cs", "da", "de", "el", "en", "es", "fi", "fil", "fr", "he", "hi", "hu", "id", "it", "ja",
    "ko", "ms", "nl", "pl", "pt", "ro", "ru", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "vi", "zh",
];

/// Formats of catalogues, of which one file has no language in its name.
const CATALOGUES: [&str; 4] = ["android-xml", "fluent", "po", "properties"];

/// Before the path of a message that is compared with the original in its own entry. No path has it.
const ORIGINAL: &str = "msgid\n";

/// A template as one of several languages of a message.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Its file without what names the language, and its id.
    message: (String, Arc<str>),
    /// The language, as it is written; empty for the text that others are translations of.
    tag: String,
    about: Arc<About>,
    path: Arc<str>,
    place: Span,
    names: BTreeSet<String>,
    /// The decoded body.
    text: String,
}

/// What the path of a file tells of the language of its templates.
#[derive(Debug)]
pub struct File {
    path: Arc<str>,
    /// The path without what names the language, and the language; nothing where none is named.
    named: Option<(String, String)>,
    is_catalogue: bool,
}

impl File {
    /// What `path`, stored in the format `host`, tells.
    pub fn of(path: &Arc<str>, host: &str) -> Self {
        // Nearly every path ends here.
        let named = may_name_language(path).then(|| without_language(path)).flatten();
        Self { path: Arc::clone(path), named, is_catalogue: CATALOGUES.contains(&host) }
    }
}

impl Spoken {
    /// `None` where nothing tells a language, or the text is broken.
    pub fn of(template: &Template, about: &Arc<About>, file: &File) -> Option<Self> {
        let meta = &template.record.meta;
        let declared = meta.text("lang").or_else(|| meta.text("locale"));
        let named = file.named.as_ref();
        let tag = declared.or(named.map(|(_, tag)| tag.as_str()));
        if (tag.is_none() && !file.is_catalogue) || template.is_refused() || !template.errors().is_empty() {
            return None;
        }
        Some(Self {
            message: (
                named.map_or_else(|| file.path.as_ref().into(), |(rest, _)| rest.clone()),
                Arc::clone(&about.id),
            ),
            tag: tag.unwrap_or_default().to_owned(),
            about: Arc::clone(about),
            path: Arc::clone(&file.path),
            place: template.record.body_span,
            names: Self::values(template),
            text: template.body().to_owned(),
        })
    }

    /// The values that a text takes: their names, or their numbers.
    pub fn values(template: &Template) -> BTreeSet<String> {
        let value = |placeholder: &Placeholder| match (placeholder.name.as_str(), placeholder.index) {
            ("", Some(index)) => index.to_string(),
            (name, _) => name.to_owned(),
        };
        template.placeholders().into_iter().map(value).collect()
    }

    /// The id of its template.
    pub fn id(&self) -> &str {
        &self.about.id
    }

    /// What it takes.
    pub const fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// The same text and its original, which takes `names`, as two languages of a message of their own.
    pub fn with_original(&self, names: BTreeSet<String>) -> [Self; 2] {
        let message = (ORIGINAL.to_owned() + &self.path, Arc::clone(&self.about.id));
        let tag = if self.tag.is_empty() { "msgstr".to_owned() } else { self.tag.clone() };
        let own = Self { message, tag, ..self.clone() };
        let original = Self { tag: String::new(), names, ..own.clone() };
        [own, original]
    }

    fn dialect(&self) -> &Dialect {
        &self.about.dialect
    }
}

/// Whether a language stands anywhere in a path, between slashes and signs.
fn may_name_language(path: &str) -> bool {
    let mut parts = path.as_bytes().split(|byte| matches!(byte, b'/' | b'_' | b'-' | b'.'));
    let is_language = |part: &[u8]| LANGUAGES.binary_search_by(|tag| tag.as_bytes().cmp(part)).is_ok();
    parts.any(|part| matches!(part.len(), 2 | 3) && is_language(part))
}

/// A path without what names a language in it, and the language: `values-zh-rCN/strings.xml`, `sms_en.properties`,
/// `locales/en/sms.json`, `zh-CN.json`.
fn without_language(path: &str) -> Option<(String, String)> {
    let mut found = None;
    let parts: Vec<&str> = path.split('/').collect();
    let last = parts.len().saturating_sub(1);
    let mut kept: Vec<String> = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        let (stem, ending) =
            if at == last { part.split_once('.').unwrap_or((part, "")) } else { (*part, "") };
        let cut = |from: &str| {
            let marks = from.char_indices().filter(|(_, c)| matches!(c, '_' | '-' | '.'));
            marks.map(|(mark, _)| (mark, mark + 1)).find(|(_, tag)| from.get(*tag..).is_some_and(is_tag)).map(
                |(mark, tag)| {
                    (from.get(..mark).unwrap_or("").to_owned(), from.get(tag..).unwrap_or("").to_owned())
                },
            )
        };
        let (rest, tag) = match (is_tag(stem), cut(stem)) {
            (true, _) => (String::new(), Some(stem.to_owned())),
            // Only files, and Android's folders, have a language behind their name.
            (false, Some((rest, tag))) if at == last || rest == "values" => (rest, Some(tag)),
            _ => (stem.to_owned(), None),
        };
        // sms.en.json
        let (ending, tag) = match ending.split_once('.') {
            Some((middle, end)) if tag.is_none() && is_tag(middle) => (end, Some(middle.to_owned())),
            _ => (ending, tag),
        };
        found = found.or(tag);
        kept.push(if ending.is_empty() { rest } else { format!("{rest}.{ending}") });
    }
    Some((kept.join("/"), found?))
}

/// `en`, `zh-CN`, `zh_Hans_CN`, `zh-rTW`.
fn is_tag(text: &str) -> bool {
    // Nearly every part of a path ends here.
    let letters = text.bytes().take_while(u8::is_ascii_lowercase).count();
    if !(2..=3).contains(&letters) || text.len() > 12 {
        return false;
    }
    let mut parts = text.split(['-', '_']);
    let language = parts.next().is_some_and(|first| LANGUAGES.contains(&first));
    let region = |part: &str| {
        let part = part.strip_prefix('r').filter(|rest| rest.len() == 2).unwrap_or(part);
        matches!(part.len(), 2 | 4) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
            || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    language && parts.all(region)
}

/// Where a language of a message does not take what the others do. The text that the others are compared with is
/// the one without a language, else that whose placeholders most languages have.
pub fn disagreements(spoken: &[Spoken], index: usize, rule: &Rule) -> Vec<Finding> {
    let mut spoken: Vec<&Spoken> = spoken.iter().collect();
    // Files are known in any order.
    spoken.sort_by(|a, b| (&a.message, &a.path, a.place).cmp(&(&b.message, &b.path, b.place)));
    let mut findings = Vec::new();
    for group in spoken.chunk_by(|a, b| a.message == b.message) {
        let tags: BTreeSet<&str> = group.iter().map(|spoken| spoken.tag.as_str()).collect();
        // The same id twice in one language is another matter, and languages of templates compare only with themselves.
        let one_dialect = group.iter().map(|spoken| spoken.dialect()).collect::<BTreeSet<_>>().len() == 1;
        if tags.len() < 2 || tags.len() < group.len() || !one_dialect {
            continue;
        }
        let Some(base) = base(group) else { continue };
        let differ = group.iter().filter(|spoken| spoken.names != base.names);
        findings.extend(differ.map(|spoken| finding(spoken, base, index, rule)));
    }
    // A translation may differ from its original and from the other languages: that is one thing to mend.
    let mut told = BTreeSet::new();
    findings.retain(|finding| told.insert((Arc::clone(&finding.path), finding.primary)));
    findings
}

/// Of texts that are equally many, the one that takes the most.
fn base<'s>(group: &[&'s Spoken]) -> Option<&'s Spoken> {
    let mut counts: BTreeMap<&BTreeSet<String>, usize> = BTreeMap::new();
    for spoken in group {
        *counts.entry(&spoken.names).or_default() += 1;
    }
    let most = counts.iter().map(|(names, count)| (*count, names.len())).max()?;
    let source = group.iter().find(|spoken| spoken.tag.is_empty());
    source
        .or_else(|| {
            group.iter().find(|spoken| {
                counts.get(&spoken.names).is_some_and(|count| (*count, spoken.names.len()) == most)
            })
        })
        .copied()
}

fn finding(spoken: &Spoken, base: &Spoken, index: usize, rule: &Rule) -> Finding {
    let list = |one: &Spoken, other: &Spoken| {
        let names: Vec<&str> = one.names.difference(&other.names).map(String::as_str).collect();
        names.join(", ")
    };
    let (missing, added) = (list(base, spoken), list(spoken, base));
    let mut notes = Vec::new();
    let from = match base.message.0.starts_with(ORIGINAL) {
        true => "msgid".to_owned(),
        false => format!("{} ({})", base.path, if base.tag.is_empty() { "—" } else { &base.tag }),
    };
    if !missing.is_empty() {
        notes.push(Words::new(
            format!("{from} takes {missing}, this text does not"),
            format!("{from} 使用 {missing}，此处没有"),
        ));
    }
    if !added.is_empty() {
        notes.push(Words::new(
            format!("this text takes {added}, {from} does not"),
            format!("此处使用 {added}，{from} 没有"),
        ));
    }
    let id = &spoken.about.id;
    Finding {
        rule: index,
        level: rule.level,
        confidence: rule.confidence,
        path: Arc::clone(&spoken.path),
        about: Some(Arc::clone(&spoken.about)),
        jurisdiction: None,
        primary: spoken.place,
        text: spoken.text.clone(),
        args: vec![("language", spoken.tag.clone())],
        labels: Vec::new(),
        notes,
        help: None,
        when: Vec::new(),
        fixes: Vec::new(),
        suppression: None,
        baseline: None,
        fingerprint: fingerprint(&rule.id, &spoken.path, id, &spoken.text, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::{may_name_language, without_language};

    #[test]
    fn languages_are_found_in_paths() {
        let told = |path: &str| {
            let named = without_language(path);
            assert!(named.is_none() || may_name_language(path), "{path}");
            named.map_or_else(|| path.to_owned(), |(rest, tag)| format!("{rest} {tag}"))
        };
        assert_eq!(told("res/values-zh-rCN/strings.xml"), "res/values/strings.xml zh-rCN");
        assert_eq!(told("res/values/strings.xml"), "res/values/strings.xml");
        assert_eq!(told("sms_zh_CN.properties"), "sms.properties zh_CN");
        assert_eq!(told("sms.properties"), "sms.properties");
        assert_eq!(told("locales/en/sms.json"), "locales//sms.json en");
        assert_eq!(told("i18n/zh-Hans.json"), "i18n/.json zh-Hans");
        assert_eq!(told("sms.en.json"), "sms.json en");
        assert_eq!(told("po/m1_reminder.po"), "po/m1_reminder.po");
        assert_eq!(told("templates/overdue-day.txt"), "templates/overdue-day.txt");
    }
}
