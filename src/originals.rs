//! The texts that translations of gettext stand for: `msgid` beside `msgstr`, in the same entry.
//!
//! Begin at [`originals`]. A translation that takes other values than its original would be sent with wrong ones, or crash its
//! program. Catalogues whose `msgid` is a key (`sms.overdue.d1`) have no original.

use crate::languages::Spoken;
use crate::source::{Record, Source, SourceSpec, host};
use crate::template::{Choice, Lexer, Template};
use std::collections::{BTreeMap, BTreeSet};

/// What the texts of one member of all entries take, by the id of the entry.
type Taken = BTreeMap<String, BTreeSet<String>>;

/// The translations in `templates`, each with what its original takes, to be compared like languages of one message.
pub(crate) fn originals(
    source: &Source,
    templates: &[Template],
    spec: &SourceSpec,
    spoken: &[Spoken],
) -> Vec<Spoken> {
    let read = |member: &str| -> Vec<Record> {
        let spec = SourceSpec { body: Some(member.to_owned()), listed: true, ..spec.clone() };
        // What is wrong with the file has been told already.
        host::read(source, Some("po"), &spec).1.records
    };
    let choices: BTreeMap<&str, &Template> =
        templates.iter().map(|template| (entry(&template.record.id.text), template)).collect();
    let mut lexer = Lexer::default();
    let mut taken = |member: &str| -> Taken {
        let mut taken = Taken::new();
        for record in read(member) {
            let Some(template) = choices.get(record.id.text.as_str()) else { continue };
            if is_key(&record.body.text) {
                continue;
            }
            let id = record.id.text.clone();
            let choice = Choice { dialect: template.dialect.clone(), by: template.chosen_by };
            let original = Template::parse(record, choice, &mut lexer, &mut Vec::new());
            if original.errors().is_empty() {
                taken.insert(id, Spoken::values(&original));
            }
        }
        taken
    };
    let singular = taken("msgid");
    let has_plurals = source.text.contains("msgid_plural");
    let plural = if has_plurals { taken("msgid_plural") } else { Taken::new() };
    let mut found = Vec::new();
    for spoken in spoken {
        let id = entry(spoken.id());
        let Some(one) = singular.get(id) else { continue };
        let many = plural.get(id).unwrap_or(one);
        // A form may be that of one thing or of many: it takes what both take, and nothing that neither takes.
        let fits = one.intersection(many).all(|name| spoken.names().contains(name))
            && spoken.names().iter().all(|name| one.contains(name) || many.contains(name));
        if !fits {
            found.extend(spoken.with_original(many.clone()));
        }
    }
    found
}

/// The id of an entry, without the number of a plural's form.
fn entry(id: &str) -> &str {
    let bare = id.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match bare.filter(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())) {
        Some((id, _)) => id,
        None => id,
    }
}

/// `sms.overdue.d1`: no text that anybody would send.
fn is_key(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b':'))
}
