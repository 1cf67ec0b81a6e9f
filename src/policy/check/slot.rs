//! `slot`: a placeholder whose name says one thing where the words around it ask for another
//! (`pay before CLL{loan_id}`).
//!
//! Only names and words that a rule lists are compared, since many a name is used loosely.

use super::{Context, Hit, Kind};
use crate::facts::naming;
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::template::{Node, Placeholder};
use crate::text::fold_word;
use crate::words::Words;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Slot {
    cases: Vec<Case>,
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
        Some(Self { cases })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let template = context.message.template;
        for neighbours in all_neighbours(&template.nodes) {
            let Some(name) = Name::of(neighbours.placeholder) else { continue };
            let named = self.cases.iter().filter_map(|case| Some((case, case.named(&name)?)));
            let mut named = named.peekable();
            // Few texts have a name that any case lists, and nothing else costs time.
            if named.peek().is_none() {
                continue;
            }
            let (before, after) = neighbours.words(template.body());
            let sides = Sides::of(&before, &after);
            if let Some((case, name)) = named.find(|(case, _)| case.around.iter().any(|words| sides.fit(words))) {
                let mut hit = Hit::new(neighbours.placeholder.span, &[]);
                hit.args.push(("name", name.to_owned()));
                hit.notes.push(case.asks.clone());
                hits.push(hit);
            }
        }
    }
}

/// What a placeholder is called, ready to be compared.
struct Name {
    /// Its words with blanks between them, or the whole of a Chinese name; folded.
    words: String,
    is_ascii: bool,
}

impl Name {
    /// `None` for a number.
    fn of(placeholder: &Placeholder) -> Option<Self> {
        let name = placeholder.name.as_str();
        if name.is_empty() || placeholder.index.is_some() {
            return None;
        }
        let is_ascii = name.is_ascii();
        let words = if is_ascii { naming::spaced(name) } else { fold_word(name) };
        Some(Self { words, is_ascii })
    }
}

impl Case {
    /// The listed name that ends a placeholder's name.
    fn named<'c>(&'c self, name: &Name) -> Option<&'c str> {
        let last = name.words.as_bytes().last();
        let ends = |never: &&String| {
            never.as_bytes().last() == last
                && never.is_ascii() == name.is_ascii
                && name.words.strip_suffix(never.as_str()).is_some_and(|rest| {
                    !name.is_ascii || rest.is_empty() || rest.ends_with(' ')
                })
        };
        self.never.iter().filter(ends).max_by_key(|never| never.len()).map(String::as_str)
    }
}

/// A placeholder and the texts directly before and after it. A block or another placeholder ends them.
struct Neighbours<'t> {
    placeholder: &'t Placeholder,
    before: Option<Span>,
    after: Option<Span>,
}

impl Neighbours<'_> {
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
        let trimmed = |text: &'t str| text.trim_end_matches([' ', ':', '#', '(', '"', '为', '是']);
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
