//! What the steps of phrases can come to in one sentence, as far as its words tell. Each step is asked once a
//! sentence: terms stand in hundreds of phrases, and nearly all branches of a term end here.
//!
//! Begin at [`Prospects::may_match`].

use super::index::Index;
use super::lexicon::Lexicon;
use super::program::{LeadId, Op, OpId, Steps};
use foldhash::HashMap;
use std::ops::Range;

/// What is known of one sentence.
#[derive(Debug, Default)]
pub(super) struct Prospects {
    /// The branches that may match, by where all branches begin among the steps: a part of `open`.
    branches: HashMap<u32, Range<usize>>,
    open: Vec<OpId>,
    /// Branches that are being looked at: those of a term within a term last.
    pending: Vec<OpId>,
    /// Where something can begin: a part of `places`.
    leads: HashMap<LeadId, Range<usize>>,
    /// Bytes of the sentence, each part sorted and without doubles.
    places: Vec<usize>,
}

impl Prospects {
    /// Forgets the last sentence.
    pub(super) fn clear(&mut self) {
        self.branches.clear();
        self.open.clear();
        self.leads.clear();
        self.places.clear();
    }

    /// Whether every word that `op` cannot do without stands in the sentence.
    pub(super) fn may_match(&mut self, lexicon: &Lexicon, index: &Index, op: OpId) -> bool {
        let program = &lexicon.program;
        match program.op(op) {
            Some(Op::Set(set)) => index.has(*set),
            Some(Op::Slot(slot)) => index.has_slot(*slot),
            Some(Op::Sequence(items)) => {
                program.steps(*items).iter().all(|item| self.may_match(lexicon, index, *item))
            }
            Some(Op::Any(branches)) => !self.branches(lexicon, index, *branches).is_empty(),
            Some(Op::Both { sides, .. }) => sides.iter().all(|side| self.may_match(lexicon, index, *side)),
            Some(Op::Mark(inside)) => self.may_match(lexicon, index, *inside),
            _ => true,
        }
    }

    /// Those of `branches` that may match, as a range for [`Self::branch`].
    pub(super) fn branches(&mut self, lexicon: &Lexicon, index: &Index, branches: Steps) -> Range<usize> {
        if let Some(known) = self.branches.get(&branches.0) {
            return known.clone();
        }
        let first = self.pending.len();
        for branch in lexicon.program.steps(branches) {
            if self.may_match(lexicon, index, *branch) {
                self.pending.push(*branch);
            }
        }
        let from = self.open.len();
        self.open.extend(self.pending.drain(first..));
        let range = from..self.open.len();
        self.branches.insert(branches.0, range.clone());
        range
    }

    /// The branch number `nth`.
    pub(super) fn branch(&self, nth: usize) -> Option<OpId> {
        self.open.get(nth).copied()
    }

    /// Where something of `lead` begins, as a range for [`Self::place`].
    pub(super) fn places(&mut self, lexicon: &Lexicon, index: &Index, lead: LeadId) -> Range<usize> {
        if let Some(known) = self.leads.get(&lead) {
            return known.clone();
        }
        let from = self.places.len();
        if let Some(lead) = lexicon.leads.get(lead) {
            index.places(lead, &mut self.places);
            sort(&mut self.places, from);
        }
        let range = from..self.places.len();
        self.leads.insert(lead, range.clone());
        range
    }

    /// Those places of `range` that lie between two bytes, both counted in.
    pub(super) fn within(&self, range: Range<usize>, from: usize, to: usize) -> Range<usize> {
        let places = self.places.get(range.clone()).unwrap_or_default();
        let first = range.start + places.partition_point(|at| *at < from);
        let behind = range.start + places.partition_point(|at| *at <= to);
        first..behind.max(first)
    }

    /// The place number `nth`.
    pub(super) fn place(&self, nth: usize) -> Option<usize> {
        self.places.get(nth).copied()
    }
}

/// Sorts the places from the one numbered `first` on, each once.
pub(super) fn sort(places: &mut Vec<usize>, first: usize) {
    let Some(last) = places.get_mut(first..) else { return };
    if last.windows(2).all(|pair| pair[0] < pair[1]) {
        return;
    }
    last.sort_unstable();
    let mut kept = first;
    for nth in first..places.len() {
        if nth == first || places[nth] != places[kept - 1] {
            places[kept] = places[nth];
            kept += 1;
        }
    }
    places.truncate(kept);
}
