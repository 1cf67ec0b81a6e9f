//! Files of keys and texts (properties, gettext, Android resources, Fluent): when they are read whole, and
//! which of their entries are messages when nobody says so.
//!
//! Most such files hold the words of a user interface. Unless a `[[source]]` names the file, an entry is
//! taken for a message only if it is a sentence and its key, the file's name or a signature in it says that it is sent.

use super::document::Document;
use super::host::{Kind, Read};
use super::{Record, Source, SourceSpec, extract};
use crate::problem::{Gravity, Place, Problem};
use crate::words::Words;

/// Words in keys and file names of texts that are sent to borrowers.
const NAMES: [&str; 11] =
    ["sms", "overdue", "dunning", "remind", "repay", "arrears", "delinquen", "debt", "短信", "催收", "逾期"];

/// The messages of a document whose root holds texts by their keys.
pub(super) fn read(host: &str, source: &Source, document: Document, spec: &SourceSpec) -> Read {
    let mut whole = spec.clone();
    if spec.messages.is_none() {
        whole.key.get_or_insert_with(|| "*".to_owned());
    }
    let read = extract::read(host, source, document, &whole);
    if is_said(spec) { read } else { keep(host, source, read) }
}

/// Whether the configuration or an option says that the file holds messages.
pub(super) fn is_said(spec: &SourceSpec) -> bool {
    spec.listed || spec.says_where()
}

/// Of all entries of a file that nobody named, those that look like messages.
pub(super) fn keep(host: &str, source: &Source, mut read: Read) -> Read {
    if read.kind == Kind::Nothing {
        return read;
    }
    let by_file = names_messages(&source.path);
    let all = read.records.len();
    read.records.retain(|record| is_message(record, by_file));
    for problem in &mut read.problems {
        let inside = |record: &Record| match problem.place {
            Some(Place::Text(span)) => record.body_span.overlaps(span),
            _ => false,
        };
        // What is odd in the words of a user interface concerns nobody here.
        if !read.records.iter().any(inside) {
            problem.gravity = Gravity::Note;
        }
    }
    if read.records.is_empty() {
        read.problems.retain(|problem| problem.code != "no-records");
        read.kind = Kind::Nothing;
        return read;
    }
    read.kind = Kind::Guessed;
    read.problems.push(note(host, read.records.len(), all));
    read
}

fn is_message(record: &Record, by_file: bool) -> bool {
    let text = record.body.text.trim();
    let signed = text.starts_with('【') || text.ends_with('】');
    is_sentence(text) && (by_file || signed || names_messages(&record.id.text))
}

/// Whether a text has more than a label has: six ideographs or four words.
fn is_sentence(text: &str) -> bool {
    let ideographs = text.chars().filter(|c| matches!(c, '\u{3400}'..='\u{9fff}')).take(6).count();
    ideographs == 6 || text.split_whitespace().take(4).count() == 4
}

/// Whether a key or path has a part that begins with one of [`NAMES`].
fn names_messages(name: &str) -> bool {
    let mut parts: Vec<String> = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower) {
            parts.push(String::new());
        }
        lower = c.is_lowercase();
        if let Some(part) = parts.last_mut().filter(|_| c.is_alphanumeric()) {
            part.extend(c.to_lowercase());
        }
    }
    parts.iter().any(|part| NAMES.iter().any(|name| part.starts_with(name)))
}

fn note(host: &str, count: usize, all: usize) -> Problem {
    Problem::note(
        "guessed-source",
        Words::new(
            format!("{count} of {all} {host} entries look like messages, by their keys, the file's name or a signature"),
            format!("按键名、文件名或签名，{host} 文件的 {all} 个条目中有 {count} 个识别为短信模板"),
        ),
    )
    .help(Words::new(
        "a [[source]] in dunlint.toml makes this certain",
        "可在 dunlint.toml 中用 [[source]] 明确指定",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sentences() {
        for name in
            ["sms.d1", "template_sms_1", "overdueD3", "beOverdueOne", "x/逾期/a.properties", "RepaymentHint"]
        {
            assert!(names_messages(name), "{name}");
        }
        for name in ["plasma", "messages.properties", "menu.edit", "debut", "i18n/ui.po"] {
            assert!(!names_messages(name), "{name}");
        }
        assert!(is_sentence("您的账单今日到期") && is_sentence("pay your bill today"));
        assert!(!is_sentence("已逾期") && !is_sentence("Overdue loans"));
    }
}
