//! What a host made of a file, one line a record, for tests that compare it with places counted by hand.

use dunlint::source::host::{self, Read};
use dunlint::source::{Source, SourceSpec, Span};

/// A configuration's words as a spec; the file counts as named by it.
pub fn spec(toml: &str) -> SourceSpec {
    SourceSpec { listed: true, ..toml::from_str(toml).unwrap() }
}

/// Reads `text`, which a `[[source]]` with the words `toml` names.
pub fn read(path: &str, text: &str, toml: &str) -> Read {
    host::read(&Source::from_text(path, text.to_owned()), None, &spec(toml)).1
}

/// Reads `text` without any configuration.
pub fn guess(path: &str, text: &str) -> Read {
    host::read(&Source::from_text(path, text.to_owned()), None, &SourceSpec::default()).1
}

/// `id` @ its place, body place, decoded: one line a record.
pub fn lines(read: &Read) -> Vec<String> {
    let line = |r: &dunlint::source::Record| {
        let id = r.id.span.map_or("-".to_owned(), |span| format!("{span:?}"));
        format!("{} @{id} body {:?} {:?}", r.id.text, r.body_span, r.body.text)
    };
    read.records.iter().map(line).collect()
}

/// The codes of the problems, those that are only noted in brackets.
pub fn codes(read: &Read) -> Vec<String> {
    let code = |p: &dunlint::problem::Problem| match p.gravity {
        dunlint::problem::Gravity::Error => p.code.to_owned(),
        dunlint::problem::Gravity::Note => format!("({})", p.code),
    };
    read.problems.iter().map(code).collect()
}

/// What stands in the file where `part` of the body of record `n` comes from: every piece, joined with `|`.
pub fn spelled(read: &Read, n: usize, file: &str, part: &str) -> String {
    let body = &read.records[n].body;
    let at = body.text.find(part).unwrap();
    let places = body.to_source(Span::of(at, at + part.len()));
    places.iter().map(|place| place.of_text(file)).collect::<Vec<_>>().join("|")
}
