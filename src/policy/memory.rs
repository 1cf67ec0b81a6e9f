//! Sentences that were searched before. Templates of one lender share their sentences (the hotline, the
//! thanks, how to opt out), and so do the paths of one template, so each is searched once for all threads.
//!
//! Begin at [`Sentence::of`]. What is remembered is what a search would find again: it depends on the text
//! of the sentence alone ([`Place::key`]).

use super::bits::Bits;
use super::index::{Candidate, Index};
use super::lexicon::{GroupId, Lexicon};
use super::matching::Match;
use super::passage::{Passage, Place};
use super::search::{Search, Stacks};
use crate::message::View;
use foldhash::HashMap;
use foldhash::fast::RandomState;
use std::cell::{OnceCell, RefCell};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The most sentences that a shelf holds; then it begins anew.
const MOST: usize = 256;
/// How many shelves there are: threads seldom wait for each other.
const SHELVES: usize = 16;
/// The longest key that is remembered, in bytes.
const LONGEST: usize = 600;

/// What one sentence holds. Positions count from its own first byte.
#[derive(Debug)]
pub(super) struct Sentence {
    /// Phrases worth a try, by group.
    candidates: Vec<Candidate>,
    /// The groups of these phrases, sorted.
    groups: Vec<Asked>,
    /// Of which of them something could be found, as far as is known: one bit each, by the number of the group.
    live: Box<[AtomicU64]>,
}

#[derive(Debug)]
struct Asked {
    group: GroupId,
    candidates: Range<u32>,
    /// Once somebody asked; nothing for nothing.
    found: OnceLock<Option<Box<Found>>>,
}

/// What was found of one group.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of the text, at one place the longest first.
    pub(super) matches: Vec<Match>,
    /// Steps it took.
    pub(super) steps: u64,
    /// Whether it was given up.
    pub(super) gave_up: bool,
}

/// Steps that are not counted where they lead to nothing.
const FREE: u64 = 1000;

impl Found {
    /// Whether nothing was found, at no cost worth counting.
    const fn is_nothing(&self) -> bool {
        self.matches.is_empty() && self.steps < FREE
    }
}

/// A passage ready to be searched. Its tools go back to their thread when it is dropped.
#[derive(Debug)]
pub(super) struct Workspace {
    passage: Passage,
    tools: Tools,
}

#[derive(Debug, Default)]
struct Tools {
    index: Index,
    stacks: RefCell<Stacks>,
}

/// The sentences of a lexicon that were searched, by their keys.
#[derive(Debug, Default)]
pub(super) struct Memory {
    shelves: [Mutex<HashMap<Box<str>, Arc<Sentence>>>; SHELVES],
    hasher: RandomState,
}

impl Memory {
    fn shelf(&self, key: &str) -> Option<MutexGuard<'_, HashMap<Box<str>, Arc<Sentence>>>> {
        let at = self.hasher.hash_one(key) as usize % SHELVES;
        // What is there is whole, whatever befell the thread that had it.
        self.shelves.get(at).map(|shelf| shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn recall(&self, key: &str) -> Option<Arc<Sentence>> {
        self.shelf(key)?.get(key).cloned()
    }

    fn keep(&self, key: &str, sentence: &Arc<Sentence>) {
        if key.len() > LONGEST {
            return;
        }
        let Some(mut shelf) = self.shelf(key) else { return };
        if shelf.len() >= MOST {
            shelf.clear();
        }
        shelf.insert(key.into(), Arc::clone(sentence));
    }
}

thread_local! {
    /// Tools that no text needs now.
    static SPARE: RefCell<Vec<Tools>> = RefCell::default();
    static KEY: RefCell<String> = RefCell::default();
}

impl Drop for Workspace {
    fn drop(&mut self) {
        SPARE.with_borrow_mut(|spare| spare.push(std::mem::take(&mut self.tools)));
    }
}

impl Workspace {
    /// Indexes a passage.
    fn fill(lexicon: &Lexicon, view: &View, place: &Place) -> Self {
        let mut tools = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        let passage = place.passage(view);
        tools.index.fill(lexicon, place.text(view), &passage);
        tools.stacks.get_mut().clear();
        Self { passage, tools }
    }

    fn search(&self, lexicon: &Lexicon, text: &str, candidates: &[Candidate]) -> Found {
        let mut stacks = self.tools.stacks.borrow_mut();
        Search::new(lexicon, text, &self.passage, &self.tools.index, &mut stacks).run_all(candidates)
    }
}

impl Sentence {
    /// The sentence at `place`, with its index if it was not remembered.
    pub(super) fn of(lexicon: &Lexicon, view: &View, place: &Place) -> (Arc<Self>, OnceCell<Workspace>) {
        KEY.with_borrow_mut(|key| {
            place.key(view, key);
            if let Some(known) = lexicon.memory.recall(key) {
                return (known, OnceCell::new());
            }
            let (sentence, workspace) = Self::read(lexicon, view, place);
            lexicon.memory.keep(key, &sentence);
            (sentence, OnceCell::from(workspace))
        })
    }

    /// The sentence at `place`, read anew.
    fn read(lexicon: &Lexicon, view: &View, place: &Place) -> (Arc<Self>, Workspace) {
        let mut workspace = Workspace::fill(lexicon, view, place);
        let mut sentence = Self { candidates: Vec::new(), groups: Vec::new(), live: Box::default() };
        let Tools { index, stacks } = &mut workspace.tools;
        index.candidates(lexicon, &mut sentence.candidates);
        let stacks = stacks.get_mut();
        sentence.candidates.retain(|candidate| stacks.may_match(lexicon, index, candidate.phrase));
        sentence.group(lexicon);
        let mut live = Bits::none(lexicon.groups());
        sentence.groups.iter().for_each(|asked| live.add(asked.group.0 as usize));
        sentence.live = live.words().iter().copied().map(AtomicU64::new).collect();
        // It is kept for long.
        sentence.candidates.shrink_to_fit();
        sentence.groups.shrink_to_fit();
        (Arc::new(sentence), workspace)
    }

    /// Lists the groups of the candidates, which are in the order of their groups.
    fn group(&mut self, lexicon: &Lexicon) {
        for (number, candidate) in self.candidates.iter().enumerate() {
            let Some(phrase) = lexicon.phrases.get(candidate.phrase as usize) else { continue };
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            match self.groups.last_mut() {
                Some(last) if last.group == phrase.group => last.candidates.end = number + 1,
                _ => {
                    let candidates = number..number + 1;
                    self.groups.push(Asked { group: phrase.group, candidates, found: OnceLock::new() });
                }
            }
        }
    }

    /// Adds the groups of which something could be found, as far as is known.
    pub(super) fn add_live(&self, groups: &mut Bits) {
        groups.add_words(self.live.iter().map(|word| word.load(Ordering::Relaxed)));
    }

    fn asked(&self, group: GroupId) -> Option<&Asked> {
        let number = self.groups.binary_search_by_key(&group, |asked| asked.group).ok()?;
        self.groups.get(number)
    }

    /// What is found of `group`. The sentence stands at `place`; `workspace` is its index, made if need be.
    pub(super) fn search(
        &self,
        lexicon: &Lexicon,
        view: &View,
        place: &Place,
        workspace: &OnceCell<Workspace>,
        group: GroupId,
    ) -> Option<&Found> {
        let asked = self.asked(group)?;
        let found = asked.found.get_or_init(|| {
            let workspace = workspace.get_or_init(|| Workspace::fill(lexicon, view, place));
            let Range { start, end } = asked.candidates;
            let candidates = self.candidates.get(start as usize..end as usize).unwrap_or_default();
            let mut found = workspace.search(lexicon, place.text(view), candidates);
            let matches = &mut found.matches;
            if matches.len() > 1 {
                matches.sort_by(|a, b| {
                    (a.mark.start, b.mark.end, a.span).cmp(&(b.mark.start, a.mark.end, b.span))
                });
                matches.dedup_by(|later, earlier| {
                    later.mark == earlier.mark && earlier.span.contains(later.span)
                });
            }
            if found.is_nothing() {
                let (word, bit) = Bits::place_of(group.0 as usize);
                // A bit that is seen too late costs a question more.
                self.live.get(word).into_iter().for_each(|word| {
                    word.fetch_and(!bit, Ordering::Relaxed);
                });
                return None;
            }
            Some(Box::new(found))
        });
        found.as_deref()
    }
}
