//! Which role a placeholder has: by its declared type, its name, and the words around it.
//!
//! Begin at [`assign`]. The lists are in `policies/roles.toml`, whose head says how they are compared.

use super::names;
use super::roles::Role;
use super::tables::{TABLES, Table};
use crate::template::{Node, PathPiece, Placeholder, Template};
use crate::text::{Folded, fold, fold_word};
use foldhash::HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Gives every placeholder of a template its role. What was folded on the way is returned if it is what the
/// only path of the template folds to, since folding costs most.
pub fn assign(template: &mut Template) -> Option<Folded> {
    let mut surroundings = Surroundings::of(template);
    let mut roles = Vec::with_capacity(surroundings.places.len());
    for (index, placeholder) in template.placeholders_mut().into_iter().enumerate() {
        placeholder.role = LISTS.role(placeholder, surroundings.around(index));
        roles.push(placeholder.role);
    }
    (!template.is_branched()).then(|| {
        surroundings.folded.set_roles(&roles);
        surroundings.folded
    })
}

/// How many characters a value of `role` usually has, at least and at most.
pub(crate) fn usual_length(role: Role) -> (u32, u32) {
    LISTS.lengths.get(&role).copied().unwrap_or((1, 12))
}

/// Whether `word` is a type that a variable may be declared to have.
pub fn is_type(word: &str) -> bool {
    of_type(word).is_some() || LISTS.weak.contains_key(&fold_word(word))
}

/// The role that a name decides, and the one that its last word has where nothing else decides.
pub(super) fn of_name(name: &str) -> (Option<Role>, Option<Role>) {
    let small = name.to_ascii_lowercase();
    let words = words(name, &small);
    let weak = words.last().and_then(|word| LISTS.weak.get(*word)).copied();
    (LISTS.named(name, &words), weak)
}

/// The role that a declared type decides.
pub fn of_type(word: &str) -> Option<Role> {
    let folded = fold_word(word);
    LISTS.types.get(&folded).copied().or_else(|| Role::from_name(&folded))
}

/// The folded text of a whole template, every branch after the other, with all placeholders alike.
struct Surroundings {
    folded: Folded,
    /// Where each placeholder stands in it.
    places: Vec<usize>,
}

impl Surroundings {
    fn of(template: &Template) -> Self {
        let mut pieces = Vec::with_capacity(template.nodes.len());
        let mut spans = Vec::new();
        // Nodes still to be read, the next one last: nesting costs no stack.
        let mut rest: Vec<&Node> = template.nodes.iter().rev().collect();
        while let Some(node) = rest.pop() {
            match node {
                Node::Text(span) | Node::Error { span, .. } => pieces.push(PathPiece::Text(*span)),
                Node::Escape { span, text } => {
                    pieces.push(PathPiece::Escape { span: *span, text: text.clone() });
                }
                Node::Placeholder(placeholder) => {
                    pieces.push(PathPiece::Placeholder(spans.len()));
                    spans.push(placeholder.span);
                }
                Node::Comment(_) => {}
                Node::Cond { branches, .. } => {
                    rest.extend(branches.iter().rev().flat_map(|branch| branch.nodes.iter().rev()));
                }
            }
        }
        let place = |index: usize| (Role::Unknown, spans.get(index).copied().unwrap_or_default());
        let folded = fold(&pieces, template.body(), place);
        let places = Role::all_in(&folded.text).map(|(at, _)| at).collect();
        Self { folded, places }
    }

    /// The text before and after the placeholder `index`.
    fn around(&self, index: usize) -> (&str, &str) {
        let Some(&at) = self.places.get(index) else { return ("", "") };
        let text = self.folded.text.as_str();
        let end = at + Role::Unknown.character().len_utf8();
        (text.get(..at).unwrap_or(""), text.get(end..).unwrap_or(""))
    }
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::of(&TABLES.roles));

/// `policies/roles.toml` as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    types: Table,
    certain: Table,
    names: Table,
    around: Table,
    weak: Table,
    lengths: BTreeMap<String, [u32; 2]>,
}

impl Written {
    /// Its lists of words.
    pub(super) fn tables(&mut self) -> [&mut Table; 5] {
        [&mut self.types, &mut self.certain, &mut self.names, &mut self.around, &mut self.weak]
    }
}

/// The lists, ready to be asked.
#[derive(Default)]
struct Lists {
    types: HashMap<String, Role>,
    weak: HashMap<String, Role>,
    certain: Patterns,
    around: Patterns,
    /// Latin names by their last word, each as all its words.
    names: HashMap<String, Vec<(Vec<String>, Role)>>,
    chinese: Vec<(String, Role)>,
    lengths: HashMap<Role, (u32, u32)>,
}

impl Lists {
    /// Indexes the lists.
    fn of(written: &Written) -> Self {
        let mut lists = Self {
            types: flat(&written.types).collect(),
            weak: flat(&written.weak).collect(),
            certain: Patterns::of(&written.certain),
            around: Patterns::of(&written.around),
            lengths: written
                .lengths
                .iter()
                .filter_map(|(name, [least, most])| Some((Role::from_name(name)?, (*least, *most))))
                .collect(),
            ..Self::default()
        };
        for (name, role) in flat(&written.names) {
            if !name.is_ascii() {
                lists.chinese.push((name, role));
                continue;
            }
            let words: Vec<String> = name.split(' ').map(str::to_owned).collect();
            if let Some(last) = words.last() {
                lists.names.entry(last.clone()).or_default().push((words, role));
            }
        }
        lists
    }

    fn role(&self, placeholder: &Placeholder, (before, after): (&str, &str)) -> Role {
        let declared = placeholder.declared_type.as_deref().map(fold_word);
        let typed = |map: &HashMap<String, Role>| declared.as_ref().and_then(|word| map.get(word)).copied();
        let name = names::known(&placeholder.name);
        typed(&self.types)
            .or_else(|| self.certain.role(before, after))
            .or(name.role)
            .or_else(|| self.around.role(before, after))
            .or(name.weak)
            .or_else(|| typed(&self.weak))
            .unwrap_or_default()
    }

    /// The role that the longest entry in a name says, the last of equally long ones.
    fn named(&self, name: &str, words: &[&str]) -> Option<Role> {
        if !name.is_ascii() {
            let name = fold_word(name);
            let found = self
                .chinese
                .iter()
                .filter_map(|(entry, role)| name.rfind(entry.as_str()).map(|at| (entry.len(), at, *role)));
            return found.max_by_key(|(len, at, _)| (*len, *at)).map(|(.., role)| role);
        }
        let mut best: Option<(usize, Role)> = None;
        for end in 1..=words.len() {
            let before = words.get(..end).unwrap_or_default();
            for (entry, role) in before.last().and_then(|word| self.names.get(*word)).into_iter().flatten() {
                if ends_with(before, entry) && best.is_none_or(|(len, _)| entry.len() >= len) {
                    best = Some((entry.len(), *role));
                }
            }
        }
        best.map(|(_, role)| role).or_else(|| self.ending(words.last()?))
    }

    /// The role of a word run together (`loanamount`): its longest ending of at least four letters.
    fn ending(&self, word: &str) -> Option<Role> {
        let starts = (1..word.len().saturating_sub(3)).filter_map(|start| word.get(start..));
        starts
            .filter_map(|end| self.names.get(end))
            .flatten()
            .find(|(entry, _)| entry.len() == 1)
            .map(|(_, role)| *role)
    }
}

fn ends_with(words: &[&str], entry: &[String]) -> bool {
    let start = words.len().checked_sub(entry.len());
    start.and_then(|start| words.get(start..)).is_some_and(|end| end.iter().eq(entry))
}

/// All entries of one table with their roles. An unknown role leaves its entries out.
fn flat(table: &Table) -> impl Iterator<Item = (String, Role)> {
    table
        .iter()
        .filter_map(|(name, entries)| Role::from_name(name).map(|role| (entries, role)))
        .flat_map(|(entries, role)| entries.iter().map(move |entry| (entry.clone(), role)))
}

/// The words of a name with blanks between them, in lower case.
pub(crate) fn spaced(name: &str) -> String {
    words(name, &name.to_ascii_lowercase()).join(" ")
}

/// The words of a name: `overdueDays`, `due_date`, `customer.name`, `IDCard2` (id, card). `small` is the name in
/// lower case.
fn words<'s>(name: &str, small: &'s str) -> Vec<&'s str> {
    let mut words = Vec::new();
    let mut start = None;
    // Only ASCII letters count, so bytes do.
    let bytes = name.as_bytes();
    for (at, &c) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| bytes.get(i));
        let after = bytes.get(at + 1);
        let hump = c.is_ascii_uppercase()
            && (before.is_some_and(u8::is_ascii_lowercase)
                || before.is_some_and(u8::is_ascii_uppercase) && after.is_some_and(u8::is_ascii_lowercase));
        if hump || !c.is_ascii_alphabetic() {
            words.extend(start.take().and_then(|start| small.get(start..at)));
        }
        if c.is_ascii_alphabetic() {
            start = start.or(Some(at));
        }
    }
    words.extend(start.and_then(|start| small.get(start..)));
    // last4 is a word of its own.
    if small.ends_with("last4") {
        words.push("four");
    }
    words
}

/// Words around a placeholder.
#[derive(Default)]
struct Patterns {
    list: Vec<Pattern>,
    /// Those with words before, by the last character of these.
    by_end: HashMap<char, Vec<usize>>,
    /// Those with words after only, by the first character of these.
    by_start: HashMap<char, Vec<usize>>,
}

struct Pattern {
    before: String,
    after: String,
    role: Role,
}

/// What may stand between a placeholder and the words before it.
const LINK: [char; 8] = [' ', ':', '"', '(', '《', '为', '是', '约'];

impl Patterns {
    fn of(table: &Table) -> Self {
        let mut patterns = Self::default();
        for (entry, role) in flat(table) {
            let Some((before, after)) = entry.split_once("{}") else { continue };
            let before = before.trim_end_matches(LINK).to_owned();
            let after = after.trim_start_matches(' ').to_owned();
            let index = patterns.list.len();
            if let Some(end) = before.chars().next_back() {
                patterns.by_end.entry(end).or_default().push(index);
            } else if let Some(start) = after.chars().next() {
                patterns.by_start.entry(start).or_default().push(index);
            }
            patterns.list.push(Pattern { before, after, role });
        }
        patterns
    }

    /// The role of the longest pattern that fits.
    fn role(&self, before: &str, after: &str) -> Option<Role> {
        let before = before.trim_end_matches(LINK);
        let after = after.trim_start_matches(' ');
        // The start of the text is written ^.
        let end = before.chars().next_back().unwrap_or('^');
        let start = after.chars().next();
        let candidates = self.by_end.get(&end).into_iter().chain(start.and_then(|c| self.by_start.get(&c)));
        candidates
            .flatten()
            .filter_map(|index| self.list.get(*index))
            .filter(|pattern| pattern.fits(before, after))
            .max_by_key(|pattern| pattern.before.chars().count() + pattern.after.chars().count())
            .map(|pattern| pattern.role)
    }
}

impl Pattern {
    fn fits(&self, before: &str, after: &str) -> bool {
        let rest = if self.before == "^" {
            before.is_empty().then_some("")
        } else {
            before.strip_suffix(&self.before)
        };
        let (Some(left), Some(right)) = (rest, after.strip_prefix(&self.after)) else { return false };
        // A Latin word is a whole word.
        let cut_before = self.before.starts_with(is_latin) && left.ends_with(is_latin);
        let cut_after = self.after.ends_with(is_latin) && right.starts_with(is_latin);
        !cut_before && !cut_after
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::{LISTS, TABLES, words};
    use crate::facts::Role;

    #[test]
    fn the_lists_are_read_and_name_known_roles() {
        let written = &TABLES.roles;
        for table in [&written.types, &written.certain, &written.names, &written.around, &written.weak] {
            for role in table.keys() {
                assert!(Role::from_name(role).is_some(), "{role}");
            }
        }
        for table in [&written.certain, &written.around] {
            for entry in table.values().flatten() {
                assert_eq!(entry.matches("{}").count(), 1, "{entry}");
            }
        }
        assert!(!LISTS.names.is_empty());
        assert_eq!(LISTS.lengths.len(), Role::ALL.len());
        assert!(LISTS.lengths.values().all(|(least, most)| least <= most));
    }

    #[test]
    fn names_are_cut_into_words() {
        let cut = |name: &str| words(name, &name.to_ascii_lowercase()).join(" ");
        assert_eq!(cut("overdueDays"), "overdue days");
        assert_eq!(cut("due_date"), "due date");
        assert_eq!(cut("customer.Name2"), "customer name");
        assert_eq!(cut("IDCard"), "id card");
        assert_eq!(cut("last4"), "last four");
        assert_eq!(cut("NUM_6"), "num");
        assert_eq!(cut("1"), "");
        assert_eq!(cut("金额"), "");
    }
}
