//! What one text holds of the words of a lexicon, arranged to be asked: where the words of a set stand, and
//! which phrases have all their words near each other.
//!
//! Begin at [`Index::fill`]. An index is used again for the next text, so that a text costs no allocation.

use super::grid::Grid;
use super::lexicon::{Lexicon, Need, Worth};
use super::passage::Passage;
use super::phrase::Slot;
use super::program::{Begin, SetId};
use super::slots::{self, SlotHit};

/// A word at a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    needle: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// No link.
const NONE: u32 = u32::MAX;

/// One word of a set, and the next.
#[derive(Clone, Copy, Debug)]
struct Link {
    hit: u32,
    next: u32,
}

/// Places as bits: the clauses and the sentences of a text. Those behind the 31st share the last bit.
#[derive(Clone, Copy, Debug, Default)]
struct Areas {
    clauses: u32,
    sentences: u32,
}

impl Areas {
    #[inline]
    const fn of(self, far: bool) -> u32 {
        if far { self.sentences } else { self.clauses }
    }
}

/// What is known of a choice of sets.
#[derive(Clone, Copy, Debug, Default)]
struct Choice {
    /// Where one of them stands, once that was asked.
    areas: Option<Areas>,
    /// Whether the phrases that it brings were looked at.
    asked: bool,
}

/// The words of one set.
#[derive(Clone, Copy, Debug)]
struct Chain {
    /// Its first link, or [`NONE`].
    first: u32,
    /// Where its words stand.
    areas: Areas,
}

const EMPTY: Chain = Chain { first: NONE, areas: Areas { clauses: 0, sentences: 0 } };

/// A phrase worth a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) phrase: u32,
    /// Where, as bits: clauses, or sentences for a phrase that may leave its clause.
    pub(super) areas: u32,
}

/// The words, slots and distances of one text.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Words, in the order of the text; of those that begin together the shorter first.
    hits: Vec<Hit>,
    /// By set.
    chains: Vec<Chain>,
    /// The sets of which a word was seen.
    seen: Vec<SetId>,
    /// The words of each set as a chain, in the order of the text.
    links: Vec<Link>,
    /// Placeholders, figures and amounts, in the order of the text.
    slots: Vec<SlotHit>,
    /// The areas of each clause.
    areas: Vec<Areas>,
    /// Where one of several sets stands, by the number of the choice.
    choices: Vec<Choice>,
    pub(super) grid: Grid,
}

impl Index {
    /// Makes this the index of `passage`.
    pub(super) fn fill(&mut self, lexicon: &Lexicon, text: &str, passage: &Passage) {
        self.hits.clear();
        lexicon.needles.find(text, |needle, start, end| {
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.hits.push(Hit { needle, start: place(start), end: place(end) });
        });
        self.grid.fill(text, passage);
        slots::fill(&mut self.slots, text, passage);
        self.divide(passage.clauses.list.len());
        self.spread(lexicon);
    }

    /// Numbers the areas. A phrase goes on in the clause where its last word ended, so a word across a border
    /// makes one area of both sides.
    fn divide(&mut self, clauses: usize) {
        let Self { hits, slots, areas, grid, .. } = self;
        areas.clear();
        areas.resize(clauses.max(1), Areas::default());
        let words = hits.iter().map(|hit| (hit.start as usize, hit.end as usize));
        for (start, end) in words.chain(slots.iter().map(|hit| (hit.start, hit.end))) {
            let (first, last) = (grid.clause_at(start), grid.clause_at(end));
            if first != last {
                for clause in first..last {
                    // Until the numbers are given, a set bit says that the border behind a clause is open.
                    let open = Areas { clauses: 1, sentences: 1 };
                    areas.get_mut(usize::from(clause)).into_iter().for_each(|area| *area = open);
                }
            }
        }
        let (mut clause, mut sentence) = (0u32, 0u32);
        for number in 0..areas.len() {
            let Some(area) = areas.get_mut(number) else { break };
            let open = area.clauses != 0;
            *area = Areas { clauses: 1 << clause.min(31), sentences: 1 << sentence.min(31) };
            let here = u16::try_from(number).unwrap_or(u16::MAX);
            let goes_on = open || grid.sentence_of(here) == grid.sentence_of(here.saturating_add(1));
            clause = clause.saturating_add(u32::from(!open));
            sentence = sentence.saturating_add(u32::from(!goes_on));
        }
    }

    /// Notes where the words of each set stand.
    fn spread(&mut self, lexicon: &Lexicon) {
        let sets = lexicon.phrases_by_set.len();
        if self.chains.len() == sets {
            for set in &self.seen {
                self.chains.get_mut(set.0 as usize).into_iter().for_each(|chain| *chain = EMPTY);
            }
        } else {
            self.chains = vec![EMPTY; sets];
        }
        self.seen.clear();
        self.links.clear();
        // From the last word to the first, so that each chain is in the order of the text.
        for (index, hit) in self.hits.iter().enumerate().rev() {
            let area = self.areas_at(hit.start as usize);
            let index = u32::try_from(index).unwrap_or(NONE);
            for set in lexicon.sets_of_needle.get(hit.needle) {
                let Some(chain) = self.chains.get_mut(set.0 as usize) else { continue };
                if chain.areas.clauses == 0 {
                    self.seen.push(*set);
                }
                chain.areas.clauses |= area.clauses;
                chain.areas.sentences |= area.sentences;
                let here = u32::try_from(self.links.len()).unwrap_or(NONE);
                self.links.push(Link { hit: index, next: std::mem::replace(&mut chain.first, here) });
            }
        }
    }

    fn areas_at(&self, at: usize) -> Areas {
        self.areas.get(usize::from(self.grid.clause_at(at))).copied().unwrap_or_default()
    }

    /// Whether byte `at` lies in one of `areas`, which are sentences with `far` and clauses without.
    pub(super) fn is_in(&self, at: usize, areas: u32, far: bool) -> bool {
        areas & self.areas_at(at).of(far) != 0
    }

    /// Replaces `candidates` by the phrases whose words are all seen in some clause (with `far`: sentence), in
    /// the order of the lexicon.
    pub(super) fn candidates(&mut self, lexicon: &Lexicon, candidates: &mut Vec<Candidate>) {
        candidates.clear();
        let everywhere = lexicon.wordless.iter().map(|phrase| Candidate { phrase: *phrase, areas: u32::MAX });
        candidates.extend(everywhere);
        self.choices.clear();
        self.choices.resize(lexicon.choices.len(), Choice::default());
        for nth in 0..self.seen.len() {
            let Some(set) = self.seen.get(nth).copied() else { break };
            self.add(lexicon, self.areas_of(set), lexicon.phrases_by_set.get(set.0), candidates);
            for number in lexicon.choices_of_set.get(set.0) {
                let areas = self.areas_of_need(lexicon, Need::OneOf(*number));
                let Some(choice) = self.choices.get_mut(*number as usize) else { continue };
                if !std::mem::replace(&mut choice.asked, true) {
                    self.add(lexicon, areas, lexicon.phrases_by_choice.get(*number), candidates);
                }
            }
        }
        candidates.sort_unstable();
    }

    /// Adds those of `phrases` whose words are all seen. What brings them here stands in `here`.
    fn add(&mut self, lexicon: &Lexicon, here: Areas, phrases: &[Worth], candidates: &mut Vec<Candidate>) {
        for Worth { phrase, far, also } in phrases {
            if here.of(*far) & self.areas_of_need(lexicon, *also).of(*far) == 0 {
                continue;
            }
            let needs = lexicon.needs_of_phrase.get(*phrase).iter();
            let areas = needs.fold(u32::MAX, |common, need| match common {
                0 => 0,
                _ => common & self.areas_of_need(lexicon, *need).of(*far),
            });
            if areas != 0 {
                candidates.push(Candidate { phrase: *phrase, areas });
            }
        }
    }

    #[inline]
    fn areas_of(&self, set: SetId) -> Areas {
        self.chains.get(set.0 as usize).map_or(Areas::default(), |chain| chain.areas)
    }

    /// Where a need is met. What one of many sets can meet is asked by many phrases.
    #[inline]
    fn areas_of_need(&mut self, lexicon: &Lexicon, need: Need) -> Areas {
        let number = match need {
            Need::Set(set) => return self.areas_of(set),
            Need::OneOf(number) => number,
        };
        if let Some(Choice { areas: Some(known), .. }) = self.choices.get(number as usize) {
            return *known;
        }
        let mut all = Areas::default();
        for set in lexicon.choices.get(number) {
            let one = self.areas_of(*set);
            all.clauses |= one.clauses;
            all.sentences |= one.sentences;
        }
        self.choices.get_mut(number as usize).into_iter().for_each(|known| known.areas = Some(all));
        all
    }

    /// Whether a word of `set` begins in the clause of byte `at`.
    pub(super) fn is_near(&self, set: SetId, at: usize) -> bool {
        self.areas_of(set).clauses & self.areas_at(at).clauses != 0
    }

    /// The words of a set, in the order of the text.
    pub(super) fn words(&self, set: SetId) -> impl Iterator<Item = Hit> + '_ {
        let mut at = self.chains.get(set.0 as usize).map_or(NONE, |chain| chain.first);
        std::iter::from_fn(move || {
            let link = self.links.get(at as usize)?;
            at = link.next;
            self.hits.get(link.hit as usize).copied()
        })
    }

    /// Whether a word of `set` stands anywhere.
    pub(super) fn has(&self, set: SetId) -> bool {
        self.chains.get(set.0 as usize).is_some_and(|chain| chain.first != NONE)
    }

    /// Whether such a slot stands anywhere.
    pub(super) fn has_slot(&self, slot: Slot) -> bool {
        slot == Slot::Run || self.slots.iter().any(|hit| hit.slot == slot)
    }

    /// Adds to `places` where something of `lead` begins.
    pub(super) fn places(&self, lead: Begin<'_>, places: &mut Vec<usize>) {
        for set in lead.sets {
            places.extend(self.words(*set).map(|hit| hit.start as usize));
        }
        if !lead.slots.is_empty() {
            let led = self.slots.iter().filter(|hit| lead.slots.contains(&hit.slot));
            places.extend(led.map(|hit| hit.start));
        }
    }

    /// Where the slot that starts at `at` ends.
    pub(super) fn slot_end(&self, slot: Slot, at: usize) -> Option<usize> {
        let first = self.slots.partition_point(|hit| hit.start < at);
        let here = self.slots.get(first..)?.iter().take_while(|hit| hit.start == at);
        here.into_iter().find(|hit| hit.slot == slot).map(|hit| hit.end)
    }
}
