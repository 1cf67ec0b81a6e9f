//! `slot`: a placeholder whose name says one thing where the words around it ask for another
//! (`pay before CLL{loan_id}`).
//!
//! Only names and words that a rule lists are compared, since many a name is used loosely.

use super::{Context, Hit, Kind};
use crate::facts::names::{self, Name};
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::template::{Node, Placeholder};
use crate::text::{fold_char, fold_word};
use crate::words::Words;
use foldhash::HashMap;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Slot {
    cases: Vec<Case>,
    /// Made when first asked for.
    #[serde(skip)]
    index: OnceLock<Index>,
}

/// What most placeholders end at.
#[derive(Debug, Default)]
struct Index {
    /// The cases that list a name, in their order.
    cases: HashMap<String, Vec<usize>>,
    /// By the last character of the words before a placeholder: one bit for each case that has such words.
    ends: HashMap<char, u64>,
    /// By the first character of the words after it, where none stand before.
    starts: HashMap<char, u64>,
}

/// What the words ask for, and the names that are something else.
#[derive(Debug, Serialize, Deserialize)]
struct Case {
    /// What is asked for, for people.
    asks: Words,
    /// Words before and after the placeholder, folded.
    around: Vec<(String, String)>,
    /// Last words of a name.
    never: Vec<String>,
}

impl Kind for Slot {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("cases");
        let mut cases = Vec::new();
        for (table, span) in fields.tables("cases") {
            let mut inner = Fields::new(table, span, fields.faults);
            for key in ["asks", "around", "never"] {
                inner.demand(key);
            }
            let asks = inner.words("asks");
            let mut around = Vec::new();
            for (text, at) in inner.texts("around") {
                match text.split_once("{}") {
                    Some((before, after)) => {
                        let folded = [before, after].map(|side| compiler.fold(side).trim().to_owned());
                        let [before, after] = folded;
                        around.push((before, after));
                    }
                    None => inner.faults.add(
                        at,
                        "bad-slot",
                        Words::new("`{}` stands for the placeholder", "须以 `{}` 表示占位符"),
                    ),
                }
            }
            let never = inner.texts("never").into_iter().map(|(name, _)| compiler.fold(name)).collect();
            inner.finish();
            cases.extend(asks.map(|asks| Case { asks, around, never }));
        }
        Some(Self { cases, index: OnceLock::new() })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let template = context.message.template;
        for neighbours in all_neighbours(&template.nodes) {
            let placeholder = neighbours.placeholder;
            // A number says nothing.
            if placeholder.name.is_empty() || placeholder.index.is_some() {
                continue;
            }
            let index = self.index.get_or_init(|| Index::of(&self.cases));
            let may_fit = index.between(neighbours.edges(template.body()));
            // Nearly every placeholder ends here, or with its name.
            if may_fit == 0 {
                continue;
            }
            let name = names::known(&placeholder.name);
            let named = index.named(&name, may_fit);
            if named.is_empty() {
                continue;
            }
            let (before, after) = neighbours.words(template.body());
            let sides = Sides::of(&before, &after);
            let mut cases = named.iter().filter_map(|(at, name)| Some((self.cases.get(*at)?, *name)));
            let fits = |(case, _): &(&Case, &str)| case.around.iter().any(|words| sides.fit(words));
            if let Some((case, name)) = cases.find(fits) {
                let mut hit = Hit::new(neighbours.placeholder.span, &[]);
                hit.args.push(("name", name.to_owned()));
                hit.notes.push(case.asks.clone());
                hits.push(hit);
            }
        }
    }
}

impl Index {
    fn of(cases: &[Case]) -> Self {
        let mut index = Self::default();
        for (at, case) in cases.iter().enumerate() {
            for name in &case.never {
                let known = index.cases.entry(name.clone()).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
            for (before, after) in &case.around {
                match (before.chars().next_back(), after.chars().next()) {
                    (Some(last), _) => *index.ends.entry(last).or_default() |= bit(at),
                    (None, Some(first)) => *index.starts.entry(first).or_default() |= bit(at),
                    (None, None) => {}
                }
            }
        }
        index
    }

    /// The cases that may have words around a placeholder with these characters beside it, one bit each.
    fn between(&self, (last, first): (Option<char>, Option<char>)) -> u64 {
        // The words may stand before a prefix of the value.
        let is_prefix = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let of = |edges: &HashMap<char, u64>, c: Option<char>| c.and_then(|c| edges.get(&c)).copied().unwrap_or(0);
        if last.is_some_and(is_prefix) { u64::MAX } else { of(&self.ends, last) | of(&self.starts, first) }
    }

    /// Those cases of `may_fit`, in their order, that list what a name ends with, each with the longest that it
    /// lists.
    fn named<'n>(&self, name: &'n Name, may_fit: u64) -> Vec<(usize, &'n str)> {
        let mut found: Vec<(usize, &str)> = Vec::new();
        let words = name.words.as_str();
        let is_start = |at: usize| !name.is_ascii() || at == 0 || words.as_bytes().get(at - 1) == Some(&b' ');
        for end in words.char_indices().filter(|(at, _)| is_start(*at)).filter_map(|(at, _)| words.get(at..)) {
            for at in self.cases.get(end).into_iter().flatten() {
                if may_fit & bit(*at) != 0 && !found.iter().any(|(known, _)| known == at) {
                    found.push((*at, end));
                }
            }
        }
        found.sort_unstable_by_key(|(at, _)| *at);
        found
    }
}

/// The bit of a case; those behind the 64th share the bits of the first.
const fn bit(case: usize) -> u64 {
    1 << (case % 64)
}

/// A placeholder and the texts directly before and after it. A block or another placeholder ends them.
struct Neighbours<'t> {
    placeholder: &'t Placeholder,
    before: Option<Span>,
    after: Option<Span>,
}

impl Neighbours<'_> {
    /// The nearest character on each side, folded, behind what may stand between.
    fn edges(&self, body: &str) -> (Option<char>, Option<char>) {
        let text = |span: Option<Span>| span.map_or("", |span| span.of_text(body));
        let last = text(self.before).chars().rev().filter_map(fold_char).find(|c| !PADDING.contains(c));
        (last, text(self.after).chars().filter_map(fold_char).find(|c| *c != ' '))
    }

    /// The nearest words, folded.
    fn words(&self, body: &str) -> (String, String) {
        let text = |span: Option<Span>| span.map_or("", |span| span.of_text(body));
        let mut before: Vec<char> = near(text(self.before).chars().rev()).collect();
        before.reverse();
        let before: String = before.into_iter().collect();
        let after: String = near(text(self.after).chars()).collect();
        (fold_word(&before), fold_word(&after))
    }
}

fn all_neighbours(nodes: &[Node]) -> Vec<Neighbours<'_>> {
    let mut found: Vec<Neighbours<'_>> = Vec::new();
    // The text that was just read, and whether a placeholder was.
    let (mut text, mut waits) = (None, false);
    let mut rest: Vec<&Node> = nodes.iter().rev().collect();
    while let Some(node) = rest.pop() {
        match node {
            Node::Text(span) => {
                if waits {
                    found.last_mut().into_iter().for_each(|last| last.after = Some(*span));
                }
                (text, waits) = (Some(*span), false);
            }
            Node::Placeholder(placeholder) => {
                found.push(Neighbours { placeholder, before: text.take(), after: None });
                waits = true;
            }
            Node::Cond { branches, .. } => {
                (text, waits) = (None, false);
                rest.extend(branches.iter().rev().flat_map(|branch| branch.nodes.iter().rev()));
            }
            _ => (text, waits) = (None, false),
        }
    }
    found
}

/// What may stand between words and value.
const PADDING: [char; 7] = [' ', ':', '#', '(', '"', '为', '是'];

/// No words around a placeholder are longer.
fn near(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    text.take(40)
}

/// The words on both sides of a placeholder, folded.
struct Sides<'t> {
    /// Without what may stand between words and value: a blank, a colon.
    before: &'t str,
    /// The same, without a prefix of the value (`CLL`).
    bare: Option<&'t str>,
    after: &'t str,
}

impl<'t> Sides<'t> {
    fn of(before: &'t str, after: &'t str) -> Self {
        let trimmed = |text: &'t str| text.trim_end_matches(PADDING);
        let bare = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let has_prefix = bare.len() < before.len() && bare.ends_with(' ');
        Self { before: trimmed(before), bare: has_prefix.then(|| trimmed(bare)), after: after.trim_start() }
    }

    /// Whether the words stand directly around, as words of their own.
    fn fit(&self, (before, after): &(String, String)) -> bool {
        let ends = |left: &str| {
            left.as_bytes().last() == before.as_bytes().last()
                && left.strip_suffix(before.as_str()).is_some_and(|rest| {
                    let cut = before.starts_with(|c: char| c.is_ascii_alphanumeric());
                    !(cut && rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
                })
        };
        let ends = |left: &str| before.is_empty() || ends(left);
        let begins = || {
            self.after.strip_prefix(after.as_str()).is_some_and(|rest| {
                let cut = after.ends_with(|c: char| c.is_ascii_alphanumeric());
                !(cut && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
            })
        };
        (ends(self.before) || self.bare.is_some_and(ends)) && begins()
    }
}
