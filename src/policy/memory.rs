//! Sentences that were searched before. Templates of one lender share their sentences (the hotline, the
//! thanks, how to opt out), and so do the paths of one template, so each is searched once a thread.
//!
//! Begin at [`Sentence::of`]. What is remembered is what a search would find again: it depends on the text
//! of the sentence alone ([`Place::key`]).

use super::index::{Candidate, Index};
use super::lexicon::{GroupId, Lexicon};
use super::matching::Match;
use super::passage::{Passage, Place};
use super::search::{Search, Stacks};
use crate::message::View;
use foldhash::HashMap;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

/// The most sentences a thread remembers; then it begins anew.
const MOST: usize = 2048;
/// The longest key that is remembered, in bytes.
const LONGEST: usize = 600;

/// What one sentence holds. Positions count from its own first byte.
#[derive(Debug)]
pub(super) struct Sentence {
    /// Phrases worth a try, by group.
    candidates: Vec<Candidate>,
    /// The groups of these phrases, sorted.
    groups: Vec<Asked>,
}

#[derive(Debug)]
struct Asked {
    group: GroupId,
    candidates: Range<u32>,
    /// Once somebody asked; nothing for nothing.
    found: OnceCell<Option<Box<Found>>>,
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

/// What a thread keeps from text to text.
#[derive(Default)]
struct Memory {
    /// The lexicon that the sentences were read by.
    lexicon: u64,
    sentences: HashMap<Box<str>, Rc<Sentence>>,
    key: String,
    spare: Vec<Tools>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Drop for Workspace {
    fn drop(&mut self) {
        MEMORY.with_borrow_mut(|memory| memory.spare.push(std::mem::take(&mut self.tools)));
    }
}

impl Workspace {
    /// Indexes a passage.
    fn fill(lexicon: &Lexicon, view: &View, place: &Place) -> Self {
        let mut tools = MEMORY.with_borrow_mut(|memory| memory.spare.pop()).unwrap_or_default();
        let passage = place.passage(view);
        tools.index.fill(lexicon, place.text(view), &passage);
        Self { passage, tools }
    }

    fn search(&self, lexicon: &Lexicon, text: &str, candidates: &[Candidate]) -> Found {
        let mut stacks = self.tools.stacks.borrow_mut();
        Search::new(lexicon, text, &self.passage, &self.tools.index, &mut stacks).run_all(candidates)
    }
}

impl Sentence {
    /// The sentence at `place`, with its index if it was not remembered.
    pub(super) fn of(lexicon: &Lexicon, view: &View, place: &Place) -> (Rc<Self>, OnceCell<Workspace>) {
        let known = MEMORY.with_borrow_mut(|memory| {
            if memory.lexicon != lexicon.id() {
                memory.sentences.clear();
                memory.lexicon = lexicon.id();
            }
            place.key(view, &mut memory.key);
            memory.sentences.get(memory.key.as_str()).cloned()
        });
        if let Some(known) = known {
            return (known, OnceCell::new());
        }
        let mut workspace = Workspace::fill(lexicon, view, place);
        let mut sentence = Self { candidates: Vec::new(), groups: Vec::new() };
        workspace.tools.index.candidates(lexicon, &mut sentence.candidates);
        workspace.tools.index.chain(lexicon, &sentence.candidates);
        sentence.group(lexicon);
        // It is kept for long.
        sentence.candidates.shrink_to_fit();
        sentence.groups.shrink_to_fit();
        let sentence = Rc::new(sentence);
        MEMORY.with_borrow_mut(|memory| {
            if memory.key.len() <= LONGEST {
                if memory.sentences.len() >= MOST {
                    memory.sentences.clear();
                }
                memory.sentences.insert(memory.key.as_str().into(), Rc::clone(&sentence));
            }
        });
        (sentence, OnceCell::from(workspace))
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
                    self.groups.push(Asked { group: phrase.group, candidates, found: OnceCell::new() });
                }
            }
        }
    }

    /// The groups of which something could be found, as far as is known.
    pub(super) fn live(&self) -> impl Iterator<Item = GroupId> + '_ {
        let live = |asked: &&Asked| asked.found.get().is_none_or(Option::is_some);
        self.groups.iter().filter(live).map(|asked| asked.group)
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
            let workspace = workspace.get_or_init(|| {
                let mut workspace = Workspace::fill(lexicon, view, place);
                workspace.tools.index.chain(lexicon, &self.candidates);
                workspace
            });
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
            (!found.is_nothing()).then(|| Box::new(found))
        });
        found.as_deref()
    }
}
