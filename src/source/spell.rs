//! Text as a host spells it: the inverse of its escapes, for what a fix puts into a file.

use super::{Record, Source};

/// `text` as it is written inside the body of `record`, in a file of the format `host`; `None` where that is not known to
/// be possible.
pub fn spell(text: &str, host: &str, source: &Source, record: &Record) -> Option<String> {
    if text.chars().all(is_plain) {
        return Some(text.to_owned());
    }
    if text.chars().any(char::is_control) {
        return None;
    }
    let start = record.body_span.start as usize;
    let quote = source.text.get(..start).and_then(|before| before.chars().next_back());
    let backslashed = || text.replace('\\', "\\\\").replace('"', "\\\"").replace('\'', "\\'");
    match (host, quote) {
        ("plain", _) => Some(text.to_owned()),
        ("json" | "jsonl", Some('"')) | ("toml" | "yaml" | "po", Some('"')) => {
            Some(text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        ("yaml" | "sql", Some('\'')) if !text.contains('\\') => Some(text.replace('\'', "''")),
        ("csv" | "tsv" | "psv", Some('"')) => Some(text.replace('"', "\"\"")),
        ("xml", _) => Some(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")),
        ("java" | "ts" | "python" | "go" | "csharp", Some('"')) if !text.contains('$') => {
            Some(backslashed().replace("\\'", "'"))
        }
        ("ts" | "python", Some('\'')) => Some(backslashed().replace("\\\"", "\"")),
        _ => None,
    }
}

/// Whether a character stands for itself in every host and every placeholder language.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, ' ' | '，' | '。' | '！' | '？' | '；' | '：' | '、' | '（' | '）' | '“' | '”')
}
