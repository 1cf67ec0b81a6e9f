//! Compiled phrases as trees of steps.
//!
//! Begin at [`Op`]. All steps of all phrases stand in one [`Program`]; a [`Lead`] says what a step can begin
//! with.

use super::lists::Lists;
use super::packed;
use super::phrase::Slot;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A set of words; a term made only of words is one set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetId(pub(crate) u32);

/// Index of a compiled step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OpId(pub(crate) u32);

/// One step of a compiled phrase.
#[derive(Debug)]
pub(crate) enum Op {
    Set(SetId),
    Slot(Slot),
    /// Up to `max` tokens. `next` is what may stand behind the gap, if it cannot be empty, so that only places
    /// where such a word stands are tried.
    Gap {
        max: u16,
        far: bool,
        next: Option<LeadId>,
    },
    Sequence(Steps),
    Any(Steps),
    Optional(OpId),
    /// Both in any order; with what each side can begin with.
    Both {
        sides: [OpId; 2],
        leads: [Option<LeadId>; 2],
        max: u16,
    },
    Mark(OpId),
    Opening,
    Start,
    End,
    Closing,
}

/// Some steps of [`Program::steps`], from one to before the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps(pub(crate) u32, pub(crate) u32);

/// The steps of all phrases.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Program {
    #[serde(with = "packed")]
    ops: Vec<Op>,
    #[serde(with = "packed")]
    steps: Vec<OpId>,
}

impl Program {
    pub(crate) fn op(&self, id: OpId) -> Option<&Op> {
        self.ops.get(id.0 as usize)
    }

    pub(crate) fn steps(&self, steps: Steps) -> &[OpId] {
        self.steps.get(steps.0 as usize..steps.1 as usize).unwrap_or_default()
    }

    pub(crate) fn push(&mut self, op: Op) -> OpId {
        let id = OpId(u32::try_from(self.ops.len()).unwrap_or(u32::MAX));
        self.ops.push(op);
        id
    }

    pub(crate) fn push_steps(&mut self, steps: &[OpId]) -> Steps {
        let place = |list: &[OpId]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        let from = place(&self.steps);
        self.steps.extend_from_slice(steps);
        Steps(from, place(&self.steps))
    }

    /// Tells a gap what may stand behind it.
    pub(crate) fn look_ahead(&mut self, gap: OpId, lead: Option<LeadId>) {
        if let Some(Op::Gap { next, .. }) = self.ops.get_mut(gap.0 as usize) {
            *next = lead;
        }
    }

    /// The sets that a phrase asks for, sorted.
    pub(crate) fn sets_of(&self, op: OpId) -> Vec<SetId> {
        let mut sets = Vec::new();
        // A term that is used twice is one step.
        let mut known = HashSet::new();
        let mut rest = vec![op];
        while let Some(op) = rest.pop() {
            match self.op(op).filter(|_| known.insert(op)) {
                Some(Op::Set(set)) => sets.push(*set),
                Some(Op::Sequence(steps) | Op::Any(steps)) => rest.extend(self.steps(*steps)),
                Some(Op::Optional(inside) | Op::Mark(inside)) => rest.push(*inside),
                Some(Op::Both { sides, .. }) => rest.extend(sides),
                _ => {}
            }
        }
        sets.sort_unstable();
        sets.dedup();
        sets
    }

    /// Whether a gap of the step may leave its clause.
    pub(crate) fn is_far(&self, op: OpId) -> bool {
        match self.op(op) {
            Some(Op::Gap { far, .. }) => *far,
            Some(Op::Sequence(steps) | Op::Any(steps)) => {
                self.steps(*steps).iter().any(|op| self.is_far(*op))
            }
            Some(Op::Optional(inside) | Op::Mark(inside)) => self.is_far(*inside),
            Some(Op::Both { sides, .. }) => sides.iter().any(|op| self.is_far(*op)),
            _ => false,
        }
    }
}

/// Index of what a step can begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LeadId(pub(crate) u32);

/// What a phrase can begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Lead {
    pub(crate) sets: Vec<SetId>,
    pub(crate) slots: Vec<Slot>,
    /// It can begin with a gap, that is anywhere.
    pub(crate) open: bool,
    /// It can be empty, so what follows leads too.
    pub(crate) empty: bool,
    /// Whatever leads stands at the start of a clause.
    pub(crate) anchored: bool,
}

/// What each of many phrases can begin with, as far as a search must know.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Leads {
    sets: Lists<SetId>,
    slots: Lists<Slot>,
    #[serde(with = "packed")]
    open: Vec<bool>,
}

/// One of [`Leads`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begin<'l> {
    pub(crate) sets: &'l [SetId],
    pub(crate) slots: &'l [Slot],
    /// See [`Lead::open`].
    pub(crate) open: bool,
}

impl FromIterator<Lead> for Leads {
    fn from_iter<I: IntoIterator<Item = Lead>>(leads: I) -> Self {
        let mut all = Self::default();
        for lead in leads {
            all.sets.push(lead.sets);
            all.slots.push(lead.slots);
            all.open.push(lead.open);
        }
        all
    }
}

impl Leads {
    pub(crate) fn get(&self, LeadId(id): LeadId) -> Option<Begin<'_>> {
        let open = *self.open.get(id as usize)?;
        Some(Begin { sets: self.sets.get(id), slots: self.slots.get(id), open })
    }
}

impl Lead {
    /// What a step can begin with.
    pub(crate) fn of(program: &Program, op: OpId) -> Self {
        let mut lead = Self::default();
        match program.op(op) {
            Some(Op::Set(set)) => lead.sets.push(*set),
            Some(Op::Slot(slot)) => lead.slots.push(*slot),
            Some(Op::Gap { .. }) => lead = Self { open: true, empty: true, ..lead },
            Some(Op::Sequence(items)) => lead = Self::of_all(program, program.steps(*items)),
            Some(Op::Any(branches)) => {
                for branch in program.steps(*branches) {
                    let next = Self::of(program, *branch);
                    lead.absorb(&next);
                    lead.empty |= next.empty;
                }
            }
            Some(Op::Optional(inside)) => {
                lead = Self::of(program, *inside);
                lead.empty = true;
            }
            Some(Op::Both { sides, .. }) => {
                sides.iter().for_each(|side| lead.absorb(&Self::of(program, *side)))
            }
            Some(Op::Mark(inside)) => lead = Self::of(program, *inside),
            Some(Op::Opening | Op::Start) => lead = Self { empty: true, anchored: true, ..lead },
            Some(Op::End | Op::Closing) | None => lead.empty = true,
        }
        lead
    }

    /// What steps one after the other can begin with.
    pub(crate) fn of_all(program: &Program, items: &[OpId]) -> Self {
        let mut lead = Self { empty: true, ..Self::default() };
        for item in items {
            let next = Self::of(program, *item);
            lead.absorb(&next);
            if !next.empty {
                lead.empty = false;
                break;
            }
        }
        lead
    }

    fn absorb(&mut self, other: &Self) {
        self.sets.extend(&other.sets);
        self.slots.extend(&other.slots);
        self.open |= other.open;
        self.anchored |= other.anchored;
    }
}
