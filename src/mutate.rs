//! Which lists of words no example needs: without such a list every example still holds, so nobody would
//! notice if it were lost.
//!
//! Begin at [`unproved`]. Each list of each policy is replaced in turn by a word that nobody writes, and the
//! policies are compiled and proved anew.

use crate::policy::compile::LANGUAGES;
use crate::policy::{PolicySet, prove};
use crate::problem::Problem;
use crate::source::{Source, Span};
use crate::words::Words;
use rayon::prelude::*;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A word that stands in no text: folding drops what a text has of this.
const NEVER: &str = "\u{2060}\u{FFFF}";

/// A list of words in a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct List {
    /// The file, by its place among the sources.
    file: usize,
    /// What it is called: the keys that lead to it.
    name: String,
    /// Where its key stands.
    at: Span,
}

/// Each list of words in `sources`, of which the first `builtin` are the built-in policies, that no example
/// needs, at its place.
pub fn unproved(sources: &[Source], builtin: usize) -> Vec<Problem> {
    let lists = lists(sources);
    let numbers = 0..lists.len();
    let idle: Vec<bool> = numbers
        .into_par_iter()
        .map(|number| {
            let mut problems = Vec::new();
            let mut rest = number;
            let edit = |tables: &mut dyn Iterator<Item = &mut DeTable<'_>>| {
                tables.for_each(|table| visit(table, "", &mut |_, _, list| take_out(list, &mut rest)));
            };
            let set = PolicySet::compile_edited(sources, builtin, edit, &mut problems).ready();
            let path = lists.get(number).and_then(|list| sources.get(list.file)).map(|source| &source.path);
            // A policy that can no longer be read is noticed.
            problems.is_empty() && !prove::fails(&set, path.map(AsRef::as_ref))
        })
        .collect();
    let mut idle: Vec<List> =
        lists.into_iter().zip(idle).filter(|(_, idle)| *idle).map(|(list, _)| list).collect();
    idle.sort_by_key(|list| (list.file, list.at));
    idle.into_iter().filter_map(|list| Some(problem(&list).in_file(&sources.get(list.file)?.path))).collect()
}

fn problem(list: &List) -> Problem {
    let name = &list.name;
    Problem::error(
        "unproved-list",
        Words::new(
            format!("no example needs the words of `{name}`"),
            format!("没有任何示例依赖 `{name}` 中的词语"),
        ),
    )
    .at(list.at)
    .help(Words::new(
        "add an example that fails without them, or delete them",
        "请补充一个没有这些词语就不成立的示例，或删除这些词语",
    ))
}

/// All lists of words, in the order of the files.
fn lists(sources: &[Source]) -> Vec<List> {
    let mut lists = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let (mut table, _) = DeTable::parse_recoverable(&source.text);
        visit(table.get_mut(), "", &mut |name, at, _| {
            lists.push(List { file, name: name.to_owned(), at });
        });
    }
    lists
}

/// Puts the word that nobody writes into the list whose turn it is.
fn take_out(list: &mut DeTable<'_>, rest: &mut usize) {
    if *rest == 0 {
        for (_, words) in list.iter_mut() {
            let never = Spanned::new(words.span(), DeValue::String(Cow::Borrowed(NEVER)));
            *words.get_mut() = DeValue::Array([never].into_iter().collect());
        }
    }
    *rest = rest.wrapping_sub(1);
}

/// Calls `see` for each list of words: a table whose keys are languages and whose values are arrays.
fn visit<'t>(table: &mut DeTable<'t>, name: &str, see: &mut dyn FnMut(&str, Span, &mut DeTable<'t>)) {
    let id = table.get("id").and_then(|id| id.get_ref().as_str()).map(str::to_owned);
    for (key, value) in table.iter_mut() {
        let place = Span::of(key.span().start, key.span().end);
        let inside = [name, id.as_deref().unwrap_or_default(), key.get_ref()];
        let inside = inside.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
        match value.get_mut() {
            DeValue::Table(inner) if is_list(inner) => see(&inside, place, inner),
            DeValue::Table(inner) => visit(inner, &inside, see),
            DeValue::Array(items) => {
                for item in items.iter_mut() {
                    if let DeValue::Table(inner) = item.get_mut() {
                        visit(inner, "", see);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_list(table: &DeTable<'_>) -> bool {
    let is_language = |key: &str| LANGUAGES.contains(&key);
    let mut entries = table.iter().peekable();
    entries.peek().is_some()
        && entries.all(|(key, value)| is_language(key.get_ref()) && value.get_ref().is_array())
}

#[cfg(test)]
mod tests {
    use super::{PolicySet, prove, unproved};
    use crate::source::Source;

    const POLICY: &str = r#"
[policy]
id = "house"
version = "1"

[basis.house-x]
title = { en = "x", zh-Hans = "x" }
force = "house"
seen = "own"
jurisdiction = ["any"]
says = { en = "x", zh-Hans = "x" }

[term.place]
words.zh-Hans = ["家里", "单位"]

[term.idle]
words.zh-Hans = ["码头"]

[[rule]]
id = "threat/visit"
level = "error"
title = { en = "x", zh-Hans = "x" }
message = { en = "x", zh-Hans = "x" }
help = { en = "x", zh-Hans = "x" }
basis.any = ["house-x"]
[rule.forbid]
words.zh-Hans = ["去 (@place | @idle)"]
except.zh-Hans = ["去 家里 吃饭"]
unless.zh-Hans = ["旅游"]
[rule.examples]
fail = [{ text = "明天去单位", marks = ["去单位"] }]
pass = [{ text = "明天去家里吃饭" }]
"#;

    #[test]
    fn lists_that_no_example_needs_are_told() {
        let sources = [Source::from_text("house.toml", POLICY.to_owned())];
        let mut problems = Vec::new();
        let set = PolicySet::compile_edited(&sources, 0, |_| {}, &mut problems).ready();
        assert_eq!((problems, prove::prove(&set)), (Vec::new(), Vec::new()));
        let problems = unproved(&sources, 0);
        let told: Vec<_> =
            problems.iter().map(|problem| problem.message.get(crate::words::Lang::En)).collect();
        assert_eq!(
            told,
            [
                "no example needs the words of `term.idle.words`",
                "no example needs the words of `threat/visit.forbid.unless`"
            ]
        );
    }
}
