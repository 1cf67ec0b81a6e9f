//! Runs a [`Lexicon`] over one folded text.
//!
//! Begin at [`Lexicon::scan`]. Positions are bytes of the folded text. The text is read sentence by sentence
//! ([`super::passage`]). A phrase is tried only where one of its first words stands, and only if every word
//! it needs was seen in one clause ([`super::index`], [`super::prospects`]), so most phrases cost nothing; and
//! only when somebody asks for its group, so that what silences a match costs nothing in a text without one.
//! The templates of a lender repeat their sentences, so what one holds is remembered ([`super::memory`]).
//! [`super::search`] tries the phrases.

use super::bits::Bits;
use super::lexicon::{GroupId, Lexicon};
use super::memory::{Sentence, Workspace};
use super::passage::{self, Place};
use crate::message::View;
use crate::source::Span;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;

/// Steps all phrases together may take on one text.
const MAX_STEPS: u64 = 4_000_000;

/// One place where a phrase of a group matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The group of the phrase.
    pub group: GroupId,
    /// From its first to its last word, in the folded text.
    pub span: Span,
    /// The part to mark.
    pub mark: Span,
    /// The words it is made of.
    pub leaves: Leaves,
}

/// The words of a match, kept once for all texts that share their sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaves {
    /// From the first byte of the sentence.
    spans: Arc<[Span]>,
    /// Where the sentence begins.
    by: u32,
}

impl Leaves {
    pub(super) fn of(spans: &[Span]) -> Self {
        Self { spans: spans.into(), by: 0 }
    }

    fn shift(&self, by: u32) -> Self {
        Self { spans: Arc::clone(&self.spans), by: self.by + by }
    }

    /// The words, in the order of the phrase.
    pub fn iter(&self) -> impl Iterator<Item = Span> + '_ {
        self.spans.iter().map(|leaf| leaf.shift(self.by))
    }

    /// The last word.
    pub fn last(&self) -> Option<Span> {
        self.spans.last().map(|leaf| leaf.shift(self.by))
    }
}

/// One view with its words found, ready to be asked where phrases match.
#[derive(Debug)]
pub struct Reading<'a> {
    lexicon: &'a Lexicon,
    view: &'a View,
    sentences: Vec<Read>,
    /// The groups of which something could be found, one bit each: most questions end here.
    groups: Bits,
    /// What was found of each of them, in the order of the bits, once somebody asked.
    found: Vec<OnceCell<Vec<Match>>>,
    /// What the searches of this text cost. That of a remembered sentence counts as if it were new, so that
    /// nothing depends on which texts a thread has seen.
    steps: Cell<u64>,
    gave_up: Cell<bool>,
}

/// One sentence of the text.
#[derive(Debug)]
struct Read {
    place: Place,
    sentence: Arc<Sentence>,
    /// Its index, once something must be searched.
    workspace: OnceCell<Workspace>,
}

impl Lexicon {
    /// Finds the words of every phrase in `view`.
    pub(crate) fn scan<'a>(&'a self, view: &'a View) -> Reading<'a> {
        let places = passage::cut(view, self.is_joined(&view.folded.text));
        let mut sentences = Vec::with_capacity(places.len());
        let mut groups = Bits::none(self.groups());
        for place in places {
            let (sentence, workspace) = Sentence::of(self, view, &place);
            sentence.add_live(&mut groups);
            sentences.push(Read { place, sentence, workspace });
        }
        let mut found = Vec::new();
        found.resize_with(groups.len(), OnceCell::new);
        let (steps, gave_up) = (Cell::new(0), Cell::new(false));
        Reading { lexicon: self, view, sentences, groups, found, steps, gave_up }
    }
}

impl Reading<'_> {
    /// The groups of which something could be found, as far as was known when the text was read.
    pub(crate) fn groups(&self) -> impl Iterator<Item = GroupId> + '_ {
        self.groups.ones().filter_map(|group| u32::try_from(group).ok()).map(GroupId)
    }

    /// The number of `group` among those of which something could be found.
    fn number(&self, group: GroupId) -> Option<usize> {
        self.groups.place(group.0 as usize)
    }

    /// Whether some phrase of `group` could match: most questions end here.
    pub fn may_have(&self, group: GroupId) -> bool {
        self.number(group).is_some()
    }

    /// Whether anything of `group` is found.
    pub fn has(&self, group: GroupId) -> bool {
        self.may_have(group)
            && self.sentences.iter().any(|read| self.search(read, group).is_some_and(|m| !m.is_empty()))
    }

    /// The matches of `group`, in the order of the text, at one place the longest first.
    pub fn of(&self, group: GroupId) -> &[Match] {
        let found = self.number(group).and_then(|number| self.found.get(number));
        found.map_or(&[], |found| found.get_or_init(|| self.gather(group)))
    }

    /// Whether the search was given up somewhere because the text costs too much: matches may be missing.
    pub fn gave_up(&self) -> bool {
        self.gave_up.get()
    }

    fn gather(&self, group: GroupId) -> Vec<Match> {
        let mut all = Vec::new();
        for read in &self.sentences {
            let by = Span::of(read.place.range.start, read.place.range.start).start;
            let found = self.search(read, group).unwrap_or_default();
            all.extend(found.iter().map(|m| Match {
                group: m.group,
                span: m.span.shift(by),
                mark: m.mark.shift(by),
                leaves: m.leaves.shift(by),
            }));
        }
        all
    }

    fn search<'r>(&self, read: &'r Read, group: GroupId) -> Option<&'r [Match]> {
        if self.steps.get() > MAX_STEPS {
            self.gave_up.set(true);
            return None;
        }
        let Read { place, sentence, workspace } = read;
        let found = sentence.search(self.lexicon, self.view, place, workspace, group)?;
        self.steps.set(self.steps.get() + found.steps);
        self.gave_up.set(self.gave_up.get() || found.gave_up);
        Some(&found.matches)
    }
}

#[cfg(test)]
mod tests {
    use crate::message::{View, ViewKind};
    use crate::policy::lexicon::Builder;
    use crate::policy::phrase;
    use crate::text::Clauses;
    use crate::text::fold::fold_text;
    use std::collections::BTreeMap;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let mut builder = Builder::new(BTreeMap::new());
        let group = builder.group();
        for phrase in phrases {
            builder.add(group, &phrase::parse(phrase).unwrap()).unwrap();
        }
        let folded = fold_text(text);
        let view = View {
            kind: ViewKind::Path,
            when: Vec::new(),
            feasible: true,
            clauses: Clauses::of(&folded),
            entities: Vec::new(),
            signature: None,
            money: Default::default(),
            days: Default::default(),
            folded,
        };
        let lexicon = builder.build();
        let reading = lexicon.scan(&view);
        reading.of(group).iter().map(|m| m.span.of_text(&view.folded.text).to_owned()).collect()
    }

    #[test]
    fn a_phrase_stands_in_one_clause_or_sentence() {
        assert_eq!(found(&["逾期 ..8 上门"], "您已逾期将上门"), ["逾期将上门"]);
        assert!(found(&["逾期 ..8 上门"], "逾期，上门").is_empty());
        assert_eq!(found(&["逾期 ...8 上门"], "逾期，上门"), ["逾期,上门"]);
        assert!(found(&["逾期 ...8 上门"], "逾期。上门").is_empty());
    }

    #[test]
    fn a_word_across_a_border_joins_both_sides() {
        assert_eq!(found(&["逾期 \"了,\" 上门"], "已逾期了，上门"), ["逾期了,上门"]);
        assert_eq!(found(&["\"款!\" ..4 上门"], "请还款！将上门"), ["款!将上门"]);
    }

    #[test]
    fn clauses_behind_the_31st_are_read_too() {
        let many = "好，".repeat(80);
        assert_eq!(found(&["逾期 ..8 上门"], &format!("{many}逾期将上门")), ["逾期将上门"]);
        assert!(found(&["逾期 ..8 上门"], &format!("{many}逾期，上门")).is_empty());
    }

    #[test]
    fn a_text_leaves_nothing_behind_for_the_next() {
        let phrases = ["逾期 ..8 上门", "催收"];
        assert_eq!(found(&phrases, "逾期将上门催收").len(), 2);
        assert!(found(&phrases, "上门").is_empty());
        assert_eq!(found(&["上门"], "上门"), ["上门"]);
    }
}
