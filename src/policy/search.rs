//! Tries phrases in one sentence, one after the other.
//!
//! Begin at [`Search::run_all`]. A phrase is a tree of steps; each step calls the next one for each way in
//! which it matches, so that a phrase matches as soon as the last call says so.

use super::index::{Candidate, Index};
use super::lexicon::{GroupId, Lexicon, Phrase};
use super::matching::{Leaves, Match};
use super::memory::Found;
use super::passage::{Passage, is_all_padding};
use super::phrase::Slot;
use super::program::{LeadId, Op, OpId, SetId, Steps};
use super::prospects::{self, Prospects};
use super::slots;
use crate::source::Span;
use crate::text::tables::is_ideograph;
use std::ops::Range;

/// Steps one phrase may take from one place: hostile texts stop here, real ones take a few dozen.
const MAX_STEPS: u32 = 20_000;
/// Steps the phrases of one group may take on one sentence.
const MAX_TOTAL: u64 = 1_000_000;

/// Lists that grow and shrink during a search and are used again by the next one.
#[derive(Debug, Default)]
pub(super) struct Stacks {
    /// Words that the phrase being tried is made of so far.
    leaves: Vec<Span>,
    /// Parts of it that are to be marked.
    marks: Vec<Span>,
    /// Places where a phrase may begin that can begin anywhere.
    places: Vec<usize>,
    /// Ends of words yet to be tried, likewise.
    ends: Vec<u32>,
    /// What is known of the sentence.
    prospects: Prospects,
}

impl Stacks {
    /// Makes ready for another sentence.
    pub(super) fn clear(&mut self) {
        self.prospects.clear();
    }

    /// Whether every word that a phrase cannot do without stands in the sentence.
    pub(super) fn may_match(&mut self, lexicon: &Lexicon, index: &Index, phrase: u32) -> bool {
        let phrase = lexicon.phrases.get(phrase as usize);
        phrase.is_some_and(|phrase| self.prospects.may_match(lexicon, index, phrase.op))
    }
}

/// The state of a search for one phrase after another.
pub(super) struct Search<'a> {
    lexicon: &'a Lexicon,
    passage: &'a Passage,
    text: &'a str,
    index: &'a Index,
    stacks: &'a mut Stacks,
    steps: u32,
    found: Found,
}

type Next<'n> = &'n mut dyn FnMut(&mut Search<'_>, usize) -> bool;

impl<'a> Search<'a> {
    /// A search in the passage `text`, whose index `index` is.
    pub(super) fn new(
        lexicon: &'a Lexicon,
        text: &'a str,
        passage: &'a Passage,
        index: &'a Index,
        stacks: &'a mut Stacks,
    ) -> Self {
        Self { lexicon, passage, text, index, stacks, steps: 0, found: Found::default() }
    }

    /// All matches of `candidates`, unless they cost too much.
    pub(super) fn run_all(mut self, candidates: &[Candidate]) -> Found {
        for candidate in candidates {
            if self.found.steps > MAX_TOTAL {
                self.found.gave_up = true;
                break;
            }
            self.run(candidate.phrase, candidate.areas);
        }
        self.found
    }

    /// Tries a phrase wherever it can begin in `areas`, each time after its last match.
    fn run(&mut self, phrase: u32, areas: u32) {
        let Some(compiled) = self.lexicon.phrases.get(phrase as usize) else { return };
        let Some(lead) = self.lexicon.leads.get(compiled.lead) else { return };
        let prospects = &mut self.stacks.prospects;
        let known = prospects.places(self.lexicon, self.index, compiled.lead);
        if lead.open {
            let Stacks { places, prospects, .. } = &mut *self.stacks;
            places.clear();
            places.extend(known.filter_map(|nth| prospects.place(nth)));
            places.extend(self.passage.opening);
            places.extend(self.passage.clauses.list.iter().map(|clause| clause.span.start as usize));
            prospects::sort(places, 0);
            self.run_at(compiled, areas, 0..self.stacks.places.len(), |stacks, nth| {
                stacks.places.get(nth).copied()
            });
        } else {
            self.run_at(compiled, areas, known, |stacks, nth| stacks.prospects.place(nth));
        }
    }

    /// Tries a phrase at those of some places that lie in `areas`.
    fn run_at(
        &mut self,
        compiled: &Phrase,
        areas: u32,
        places: Range<usize>,
        place: impl Fn(&Stacks, usize) -> Option<usize>,
    ) {
        let mut done = 0;
        for nth in places {
            let at = place(self.stacks, nth).filter(|at| *at >= done);
            let Some(at) = at.filter(|at| self.index.is_in(*at, areas, compiled.far)) else { continue };
            if let Some(found) = self.try_phrase(compiled.op, compiled.group, at) {
                done = found.span.end as usize;
                self.found.matches.push(found);
            }
            self.found.steps += u64::from(self.steps);
            self.found.gave_up |= self.steps > MAX_STEPS;
        }
    }

    fn try_phrase(&mut self, op: OpId, group: GroupId, at: usize) -> Option<Match> {
        self.stacks.leaves.clear();
        self.stacks.marks.clear();
        self.steps = 0;
        let mut found = None;
        self.step(op, at, &mut |search, _| {
            let first = search.stacks.leaves.first().copied();
            let last = search.stacks.leaves.last().copied();
            if let (Some(first), Some(last)) = (first, last) {
                let span = first.join(last);
                let mark = search.stacks.marks.iter().copied().reduce(Span::join).unwrap_or(span);
                found = Some(Match { group, span, mark, leaves: Leaves::of(&search.stacks.leaves) });
            }
            true
        });
        found
    }

    /// Tries `op` at byte `at`; for each way it matches calls `next` with the byte after it, until one call
    /// returns true.
    fn step(&mut self, op: OpId, at: usize, next: Next<'_>) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return false;
        }
        let program = &self.lexicon.program;
        match program.op(op) {
            Some(Op::Set(set)) => self.index.is_near(*set, at) && self.word(*set, at, next),
            Some(Op::Slot(slot)) => self.slot(*slot, at, next),
            Some(Op::Gap { max, far, next: lead }) => self.gap(*max, *far, *lead, at, next),
            Some(Op::Sequence(items)) => self.sequence(program.steps(*items), at, next),
            Some(Op::Any(branches)) => self.any(*branches, at, next),
            Some(Op::Optional(inside)) => self.step(*inside, at, next) || next(self, at),
            Some(Op::Both { sides, leads, max }) => {
                let ([a, b], [lead_a, lead_b], max) = (*sides, *leads, *max);
                self.pair(a, (b, lead_b), max, at, next) || self.pair(b, (a, lead_a), max, at, next)
            }
            Some(Op::Mark(inside)) => {
                let (inside, before) = (*inside, self.stacks.leaves.len());
                self.step(inside, at, &mut |search, end| {
                    let marked =
                        search.stacks.leaves.get(before..).and_then(|l| Some(l.first()?.join(*l.last()?)));
                    let Some(marked) = marked else { return next(search, end) };
                    search.stacks.marks.push(marked);
                    let done = next(search, end);
                    if !done {
                        search.stacks.marks.pop();
                    }
                    done
                })
            }
            Some(Op::Opening) => self.is_opening(at) && next(self, at),
            Some(Op::Start) => self.is_start(at) && next(self, at),
            Some(Op::End) => self.is_end(at) && next(self, at),
            Some(Op::Closing) => self.is_closing(at) && next(self, at),
            None => false,
        }
    }

    /// Whether a step could match at `at`, by the words of the clause: of the hundred branches of a term
    /// nearly all end here.
    fn may_begin(&self, op: OpId, at: usize) -> bool {
        let program = &self.lexicon.program;
        match program.op(op) {
            Some(Op::Set(set)) => self.index.is_near(*set, at),
            Some(Op::Sequence(items)) => {
                program.steps(*items).first().is_none_or(|first| self.may_begin(*first, at))
            }
            Some(Op::Mark(inside)) => self.may_begin(*inside, at),
            _ => true,
        }
    }

    /// Any of some branches.
    fn any(&mut self, branches: Steps, at: usize, next: Next<'_>) -> bool {
        for nth in self.stacks.prospects.branches(self.lexicon, self.index, branches) {
            let Some(branch) = self.stacks.prospects.branch(nth) else { break };
            if self.may_begin(branch, at) && self.step(branch, at, next) {
                return true;
            }
        }
        false
    }

    /// `first`, then `second` after at most `max` tokens.
    fn pair(
        &mut self,
        first: OpId,
        second: (OpId, Option<LeadId>),
        max: u16,
        at: usize,
        next: Next<'_>,
    ) -> bool {
        self.step(first, at, &mut |search, end| {
            search.gap(max, false, second.1, end, &mut |search, from| search.step(second.0, from, next))
        })
    }

    fn sequence(&mut self, items: &[OpId], at: usize, next: Next<'_>) -> bool {
        match items.split_first() {
            None => next(self, at),
            Some((first, rest)) => self.step(*first, at, &mut |search, end| search.sequence(rest, end, next)),
        }
    }

    fn leaf(&mut self, span: Span, next: Next<'_>) -> bool {
        self.stacks.leaves.push(span);
        let done = next(self, span.end as usize);
        if !done {
            self.stacks.leaves.pop();
        }
        done
    }

    fn word(&mut self, set: SetId, at: usize, next: Next<'_>) -> bool {
        for from in self.beginnings(at) {
            let before = self.stacks.ends.len();
            let words = self.index.words(set).skip_while(|hit| (hit.start as usize) < from);
            let begun = words.take_while(|hit| hit.start as usize == from);
            self.stacks.ends.extend(begun.map(|hit| hit.end));
            // The longest word first.
            while self.stacks.ends.len() > before {
                let Some(end) = self.stacks.ends.pop() else { break };
                if self.leaf(Span::of(from, end as usize), next) {
                    self.stacks.ends.truncate(before);
                    return true;
                }
            }
        }
        false
    }

    fn slot(&mut self, slot: Slot, at: usize, next: Next<'_>) -> bool {
        if slot == Slot::Run {
            return self.characters(at, next);
        }
        for from in self.beginnings(at) {
            if let Some(end) = self.index.slot_end(slot, from)
                && self.leaf(Span::of(from, end), next)
            {
                return true;
            }
        }
        false
    }

    /// The shortest run first.
    fn characters(&mut self, at: usize, next: Next<'_>) -> bool {
        for from in self.beginnings(at) {
            let rest = self.text.get(from..).unwrap_or("");
            let run = rest.char_indices().take_while(|(_, c)| is_ideograph(*c)).take(slots::MOST_OF_RUN);
            for (last, c) in run.skip(1) {
                if self.leaf(Span::of(from, from + last + c.len_utf8()), next) {
                    return true;
                }
            }
        }
        false
    }

    /// A neighbour may stand at once or after one blank of the same clause.
    fn beginnings(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let blank = self.text.as_bytes().get(at) == Some(&b' ')
            && self.index.grid.clause_at(at) == self.index.grid.clause_at(at + 1);
        std::iter::once(at).chain(blank.then_some(at + 1))
    }

    fn gap(&mut self, max: u16, far: bool, lead: Option<LeadId>, at: usize, next: Next<'_>) -> bool {
        let to = self.index.grid.reach(max, far, at);
        let Some(lead) = lead else { return self.anywhere(at, to, next) };
        let prospects = &mut self.stacks.prospects;
        let known = prospects.places(self.lexicon, self.index, lead);
        for nth in prospects.within(known, at, to) {
            self.steps += 1;
            let place = self.stacks.prospects.place(nth).filter(|_| self.steps <= MAX_STEPS);
            let Some(from) = place else { break };
            if next(self, from) {
                return true;
            }
        }
        false
    }

    /// Goes on at each character from `from` to `to`.
    fn anywhere(&mut self, mut from: usize, to: usize, next: Next<'_>) -> bool {
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS || from > to {
                return false;
            }
            if next(self, from) {
                return true;
            }
            match self.text.get(from..).and_then(|rest| rest.chars().next()) {
                Some(c) => from += c.len_utf8(),
                None => return false,
            }
        }
    }

    fn is_opening(&self, at: usize) -> bool {
        let before = self.passage.opening.and_then(|from| self.text.get(from..at));
        before.is_some_and(is_all_padding)
    }

    fn is_closing(&self, at: usize) -> bool {
        self.passage.closing && self.text.get(at..).is_some_and(is_all_padding)
    }

    fn is_start(&self, at: usize) -> bool {
        let clauses = &self.passage.clauses;
        let clause = clauses.list.get(clauses.at(u32::try_from(at).unwrap_or(u32::MAX)));
        let opening = self.passage.opening.filter(|opening| at >= *opening).unwrap_or(0);
        let from = clause.map_or(0, |c| c.span.start as usize).max(opening);
        self.text.get(from.min(at)..at).is_some_and(is_all_padding)
    }

    fn is_end(&self, at: usize) -> bool {
        let last = u32::try_from(at.saturating_sub(1)).unwrap_or(u32::MAX);
        let clauses = &self.passage.clauses;
        let clause = clauses.list.get(clauses.at(last));
        let to = clause.map_or(self.text.len(), |c| c.span.end as usize).max(at);
        self.text.get(at..to).is_some_and(is_all_padding)
    }
}
