//! Runs a [`Lexicon`] over one folded text.
//!
//! Begin at [`Lexicon::scan`]. Positions are bytes of the folded text. A phrase is tried only where one of
//! its first words stands, and only if every word it needs was seen in one clause ([`super::index`]), so
//! most phrases cost nothing; and only when somebody asks for its group, so that what silences a match costs
//! nothing in a text without one. [`super::search`] tries them.

use super::index::{Candidate, Index};
use super::lexicon::{GroupId, Lexicon};
use super::search::{Budget, Search, Stacks};
use crate::message::View;
use crate::source::Span;
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;

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
    pub leaves: Vec<Span>,
}

/// One view with its words found, ready to be asked where phrases match.
#[derive(Debug)]
pub struct Reading<'a> {
    lexicon: &'a Lexicon,
    view: &'a View,
    scratch: Scratch,
    stacks: RefCell<Stacks>,
    /// One bit a group (by its number modulo 64) of which something could be found: most questions end here.
    groups: u64,
    budget: Cell<Budget>,
}

/// What a reading needs beside the text; a later reading of the same thread uses it again.
#[derive(Debug, Default)]
struct Scratch {
    index: Index,
    /// Phrases worth a try, by group.
    candidates: Vec<Candidate>,
    /// Each group that has candidates: which, and what they found once somebody asked.
    asked: Vec<Asked>,
}

#[derive(Debug)]
struct Asked {
    group: GroupId,
    candidates: Range<usize>,
    matches: OnceCell<Vec<Match>>,
    /// Whether there are any, where only that was asked.
    found: Cell<Option<bool>>,
}

thread_local! {
    static SPARE: RefCell<Vec<(Scratch, Stacks)>> = const { RefCell::new(Vec::new()) };
}

impl Lexicon {
    /// Finds the words of every phrase in `view`.
    pub(crate) fn scan<'a>(&'a self, view: &'a View) -> Reading<'a> {
        let spare = SPARE.with_borrow_mut(Vec::pop);
        let (mut scratch, stacks) = spare.unwrap_or_default();
        scratch.fill(self, view);
        let groups = scratch.asked.iter().fold(0, |groups, asked| groups | bit(asked.group));
        Reading {
            lexicon: self,
            view,
            scratch,
            stacks: RefCell::new(stacks),
            groups,
            budget: Cell::default(),
        }
    }
}

impl Scratch {
    fn fill(&mut self, lexicon: &Lexicon, view: &View) {
        self.index.fill(lexicon, view);
        self.index.candidates(lexicon, &mut self.candidates);
        self.asked.clear();
        for (number, candidate) in self.candidates.iter().enumerate() {
            let Some(phrase) = lexicon.phrases.get(candidate.phrase as usize) else { continue };
            match self.asked.last_mut() {
                Some(last) if last.group == phrase.group => last.candidates.end = number + 1,
                _ => {
                    let candidates = number..number + 1;
                    let (matches, found) = (OnceCell::new(), Cell::new(None));
                    self.asked.push(Asked { group: phrase.group, candidates, matches, found });
                }
            }
        }
    }
}

impl Reading<'_> {
    /// Whether some phrase of `group` is worth a try: most questions end here.
    pub fn may_have(&self, group: GroupId) -> bool {
        self.groups & bit(group) != 0 && self.asked(group).is_some()
    }

    /// Whether anything of `group` is found, which one match says.
    pub fn has(&self, group: GroupId) -> bool {
        if self.groups & bit(group) == 0 {
            return false;
        }
        let Some(asked) = self.asked(group) else { return false };
        match asked.matches.get() {
            Some(matches) => !matches.is_empty(),
            None => asked.found.get().unwrap_or_else(|| {
                let found = !self.run(asked, true).is_empty();
                asked.found.set(Some(found));
                found
            }),
        }
    }

    /// The matches of `group`, in the order of the text; of those that mark the same place the longest.
    pub fn of(&self, group: GroupId) -> &[Match] {
        if self.groups & bit(group) == 0 {
            return &[];
        }
        self.asked(group).map_or(&[], |asked| asked.matches.get_or_init(|| self.search(asked)))
    }

    fn asked(&self, group: GroupId) -> Option<&Asked> {
        let asked = &self.scratch.asked;
        let number = asked.binary_search_by_key(&group, |asked| asked.group).ok()?;
        asked.get(number)
    }

    /// Whether the search was given up somewhere because the text costs too much: matches may be missing.
    pub fn gave_up(&self) -> bool {
        self.budget.get().gave_up()
    }

    fn search(&self, asked: &Asked) -> Vec<Match> {
        let mut matches = self.run(asked, false);
        if matches.len() > 1 {
            matches
                .sort_by(|a, b| (a.mark.start, b.mark.end, a.span).cmp(&(b.mark.start, a.mark.end, b.span)));
            drop_nested(&mut matches);
        }
        matches
    }

    /// What the candidates match, of the first that matches only if that is `enough`.
    fn run(&self, asked: &Asked, enough: bool) -> Vec<Match> {
        let candidates = self.scratch.candidates.get(asked.candidates.clone()).unwrap_or_default();
        let mut stacks = self.stacks.borrow_mut();
        let mut budget = self.budget.get();
        let index = &self.scratch.index;
        let search = Search::new(self.lexicon, self.view, index, &mut stacks, &mut budget);
        let matches = search.run_all(candidates, enough);
        self.budget.set(budget);
        matches
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let spare = (std::mem::take(&mut self.scratch), self.stacks.take());
        SPARE.with_borrow_mut(|all| all.push(spare));
    }
}

fn bit(group: GroupId) -> u64 {
    1 << (group.0 % 64)
}

/// A mark inside another mark of the same group says nothing new.
fn drop_nested(matches: &mut Vec<Match>) {
    let mut last: Option<Span> = None;
    matches.retain(|m| {
        let nested = last.is_some_and(|span| span.contains(m.mark));
        if !nested {
            last = Some(m.mark);
        }
        !nested
    });
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
