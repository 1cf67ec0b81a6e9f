//! Runs a [`Lexicon`] over one folded text.
//!
//! Begin at [`Lexicon::scan`]. Positions are bytes of the folded text. A phrase is tried only where one of
//! its first words stands, and only if every word it needs was seen, so most phrases cost nothing.

use super::lexicon::{GroupId, Lead, LeadId, Lexicon, Op, OpId, SetId};
use super::phrase::Slot;
use crate::facts::{EntityKind, Role};
use crate::message::View;
use crate::source::Span;

/// Steps one phrase may take from one place: hostile texts stop here, real ones take a few dozen.
const MAX_STEPS: u32 = 20_000;
/// Steps all phrases together may take on one text.
const MAX_TOTAL: u64 = 4_000_000;

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

/// All matches in one view, sorted by group, then place.
#[derive(Debug, Default)]
pub struct Reading {
    matches: Vec<Match>,
    /// Whether the search was given up because the text costs too much.
    pub exhausted: bool,
}

impl Reading {
    /// The matches of `group`, in the order of the text.
    pub fn of(&self, group: GroupId) -> &[Match] {
        let first = self.matches.partition_point(|m| m.group < group);
        let end = self.matches.partition_point(|m| m.group <= group);
        &self.matches[first..end]
    }
}

impl Lexicon {
    /// Finds every phrase in `view`.
    pub(crate) fn scan(&self, view: &View) -> Reading {
        let mut hits: Vec<Hit> = Vec::with_capacity(64);
        self.needles.find(&view.folded.text, |needle, start, end| {
            let span = Span::of(start, end);
            hits.push(Hit { needle, start: span.start, end: span.end });
        });
        let mut search = Search::new(self, view, &hits);
        search.run_all();
        let exhausted = search.total > MAX_TOTAL;
        let mut matches = search.matches;
        matches.sort_by(|a, b| {
            (a.group, a.mark.start, b.mark.end, a.span).cmp(&(b.group, b.mark.start, a.mark.end, b.span))
        });
        drop_nested(&mut matches);
        Reading { matches, exhausted }
    }
}

/// A mark inside another mark of the same group says nothing new.
fn drop_nested(matches: &mut Vec<Match>) {
    let mut last: Option<(GroupId, Span)> = None;
    matches.retain(|m| {
        let nested = last.is_some_and(|(group, span)| group == m.group && span.contains(m.mark));
        if !nested {
            last = Some((m.group, m.mark));
        }
        !nested
    });
}

/// A word at a place.
#[derive(Clone, Copy, Debug)]
struct Hit {
    needle: u32,
    start: u32,
    end: u32,
}

/// No link.
const NONE: u32 = u32::MAX;

/// One word of a set, and the next.
#[derive(Clone, Copy, Debug)]
struct Link {
    hit: u32,
    next: u32,
}

/// A placeholder, figure or amount at a place, as one of the slots that a phrase may name.
#[derive(Clone, Copy, Debug)]
struct SlotHit {
    start: usize,
    end: usize,
    slot: Slot,
}

/// All slots of a text, in its order.
fn slots(view: &View) -> Vec<SlotHit> {
    let text = view.folded.text.as_str();
    let mut slots = Vec::new();
    let mut in_figure = false;
    for (start, c) in text.char_indices() {
        let mut push = |slot: Slot, len: usize| slots.push(SlotHit { start, end: start + len, slot });
        if let Some(role) = Role::from_character(c) {
            push(Slot::Role(role), c.len_utf8());
            push(Slot::AnyRole, c.len_utf8());
            if role == Role::Amount {
                push(Slot::Money, c.len_utf8());
            }
        }
        let rest = text.get(start..).unwrap_or("");
        let figure = if c.is_ascii_digit() { figure_len(rest) } else { numeral_len(rest) };
        if figure > 0 && !in_figure {
            if c.is_ascii_digit() {
                push(Slot::Figure, figure);
            }
            if let Some(unit) = rest.get(figure..).and_then(time_unit) {
                push(Slot::Time, figure + unit);
            }
        }
        in_figure = c.is_ascii_digit();
    }
    let amounts = view.entities.iter().filter(|e| matches!(e.kind, EntityKind::Amount { .. }));
    slots.extend(amounts.map(|e| {
        let range = e.span.range();
        SlotHit { start: range.start, end: range.end, slot: Slot::Money }
    }));
    slots.sort_unstable_by_key(|hit| hit.start);
    slots
}

/// Per byte of the text: tokens begun before it, and the clause it belongs to.
struct Grid {
    tokens: Vec<u16>,
    clause: Vec<u16>,
    sentence: Vec<u32>,
}

impl Grid {
    fn new(view: &View) -> Self {
        let text = view.folded.text.as_str();
        let mut tokens = Vec::with_capacity(text.len() + 1);
        let mut clause = Vec::with_capacity(text.len() + 1);
        let (mut count, mut at_clause, mut in_word) = (0u16, 0usize, false);
        let list = &view.clauses.list;
        for (at, c) in text.char_indices() {
            while list.get(at_clause + 1).is_some_and(|next| next.span.start as usize <= at) {
                at_clause += 1;
            }
            let word = c.is_ascii_alphanumeric() || (c.is_alphabetic() && !is_wide(c));
            let begins = if word { !in_word } else { is_wide(c) || Role::from_character(c).is_some() };
            in_word = word || (in_word && (c == '.' || c == '\'' || c == ','));
            for _ in 0..c.len_utf8() {
                tokens.push(count);
                clause.push(u16::try_from(at_clause).unwrap_or(u16::MAX));
            }
            count = count.saturating_add(u16::from(begins));
        }
        tokens.push(count);
        clause.push(u16::try_from(at_clause).unwrap_or(u16::MAX));
        let sentence = list.iter().map(|c| c.sentence).collect();
        Self { tokens, clause, sentence }
    }

    fn tokens_between(&self, from: usize, to: usize) -> u16 {
        let at = |i: usize| self.tokens.get(i).copied().unwrap_or(u16::MAX);
        at(to).saturating_sub(at(from))
    }

    fn clause_at(&self, at: usize) -> u16 {
        self.clause.get(at).copied().unwrap_or(0)
    }

    fn sentence_at(&self, at: usize) -> u32 {
        self.sentence.get(usize::from(self.clause_at(at))).copied().unwrap_or(0)
    }
}

/// Characters of which each counts as one token.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{312f}' | '\u{ac00}'..='\u{d7a3}')
}

/// The state of a search for one phrase after another.
struct Search<'a> {
    lexicon: &'a Lexicon,
    view: &'a View,
    text: &'a str,
    /// Words, in the order of the text; of those that begin together the shorter first.
    hits: &'a [Hit],
    /// For each set its first link, or [`NONE`].
    first: Vec<u32>,
    /// The words of each set as a chain, in the order of the text.
    links: Vec<Link>,
    /// Placeholders, figures and amounts, in the order of the text.
    slots: Vec<SlotHit>,
    grid: Grid,
    leaves: Vec<Span>,
    marks: Vec<Span>,
    steps: u32,
    total: u64,
    matches: Vec<Match>,
}

type Next<'n> = &'n mut dyn FnMut(&mut Search<'_>, usize) -> bool;

impl<'a> Search<'a> {
    fn new(lexicon: &'a Lexicon, view: &'a View, hits: &'a [Hit]) -> Self {
        Self {
            lexicon,
            view,
            text: view.folded.text.as_str(),
            hits,
            first: vec![NONE; lexicon.phrases_by_set.len()],
            links: Vec::with_capacity(hits.len() * 8),
            slots: slots(view),
            grid: Grid::new(view),
            leaves: Vec::new(),
            marks: Vec::new(),
            steps: 0,
            total: 0,
            matches: Vec::new(),
        }
    }

    fn run_all(&mut self) {
        let lexicon = self.lexicon;
        let sets = self.chain();
        let phrases_of = |set: &SetId| lexicon.phrases_by_set.get(set.0 as usize).into_iter().flatten();
        let worth = |phrase: &&u32| self.could_match(**phrase);
        let candidates = sets.iter().flat_map(phrases_of).chain(&lexicon.wordless).filter(worth);
        let mut candidates: Vec<u32> = candidates.copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        for phrase in candidates {
            self.run(phrase);
            if self.total > MAX_TOTAL {
                break;
            }
        }
    }

    /// Makes the chains, and returns the sets that have one.
    fn chain(&mut self) -> Vec<SetId> {
        let mut sets = Vec::with_capacity(256);
        for (index, hit) in self.hits.iter().enumerate().rev() {
            let Some(of) = self.lexicon.sets_of_needle.get(hit.needle as usize) else { continue };
            for set in of {
                let Some(first) = self.first.get_mut(set.0 as usize) else { continue };
                if *first == NONE {
                    sets.push(*set);
                }
                self.links.push(Link { hit: u32::try_from(index).unwrap_or(NONE), next: *first });
                *first = u32::try_from(self.links.len() - 1).unwrap_or(NONE);
            }
        }
        sets
    }

    /// The words of a set, in the order of the text.
    fn words(&self, set: SetId) -> impl Iterator<Item = Hit> + '_ {
        let mut at = self.first.get(set.0 as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let link = self.links.get(at as usize)?;
            at = link.next;
            self.hits.get(link.hit as usize).copied()
        })
    }

    fn is_seen(&self, set: SetId) -> bool {
        self.first.get(set.0 as usize).is_some_and(|first| *first != NONE)
    }

    fn could_match(&self, phrase: u32) -> bool {
        let required = self.lexicon.phrases.get(phrase as usize).map_or(&[][..], |p| &p.required);
        required.iter().all(|one_of| one_of.iter().any(|set| self.is_seen(*set)))
    }

    /// Tries a phrase wherever it can begin, each time after its last match.
    fn run(&mut self, phrase: u32) {
        let Some(compiled) = self.lexicon.phrases.get(phrase as usize) else { return };
        let Some(lead) = self.lexicon.lead(compiled.lead) else { return };
        let mut places = self.places(lead, 0, self.text.len());
        if lead.open {
            places.extend(self.clause_starts().map(|at| at as usize));
            places.sort_unstable();
            places.dedup();
        }
        let mut done = 0;
        for at in places {
            if at < done {
                continue;
            }
            if let Some(found) = self.try_phrase(compiled.op, compiled.group, at) {
                done = found.span.end as usize;
                self.matches.push(found);
            }
            self.total += u64::from(self.steps);
        }
    }

    /// Where something of `lead` begins, from byte `from` up to and including `to`, sorted.
    fn places(&self, lead: &Lead, from: usize, to: usize) -> Vec<usize> {
        let mut places = Vec::new();
        for set in &lead.sets {
            let starts = self.words(*set).map(|hit| hit.start as usize);
            places.extend(starts.skip_while(|at| *at < from).take_while(|at| *at <= to));
        }
        if !lead.slots.is_empty() {
            let within = self.slots.iter().filter(|hit| (from..=to).contains(&hit.start));
            places.extend(within.filter(|hit| lead.slots.contains(&hit.slot)).map(|hit| hit.start));
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The first byte of each clause, and the first after a signature.
    fn clause_starts(&self) -> impl Iterator<Item = u32> + use<'a> {
        let view = self.view;
        std::iter::once(view.opening()).chain(view.clauses.list.iter().map(|c| c.span.start))
    }

    fn try_phrase(&mut self, op: OpId, group: GroupId, at: usize) -> Option<Match> {
        self.leaves.clear();
        self.marks.clear();
        self.steps = 0;
        let mut found = None;
        self.step(op, at, &mut |search, _| {
            let first = search.leaves.first().copied();
            let last = search.leaves.last().copied();
            if let (Some(first), Some(last)) = (first, last) {
                let span = first.join(last);
                let mark = search.marks.iter().copied().reduce(Span::join).unwrap_or(span);
                found = Some(Match { group, span, mark, leaves: search.leaves.clone() });
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
        let lexicon = self.lexicon;
        match lexicon.op(op) {
            Some(Op::Set(set)) => self.word(*set, at, next),
            Some(Op::Slot(slot)) => self.slot(*slot, at, next),
            Some(Op::Gap { max, far, next: lead }) => self.gap(*max, *far, *lead, at, next),
            Some(Op::Sequence(items)) => self.sequence(items, at, next),
            Some(Op::Any(branches)) => branches.iter().any(|branch| self.step(*branch, at, next)),
            Some(Op::Optional(inside)) => self.step(*inside, at, next) || next(self, at),
            Some(Op::Both { sides, leads, max }) => {
                let ([a, b], [lead_a, lead_b], max) = (*sides, *leads, *max);
                self.pair(a, (b, lead_b), max, at, next) || self.pair(b, (a, lead_a), max, at, next)
            }
            Some(Op::Mark(inside)) => {
                let (inside, before) = (*inside, self.leaves.len());
                self.step(inside, at, &mut |search, end| {
                    let marked = search.leaves.get(before..).and_then(|l| Some(l.first()?.join(*l.last()?)));
                    let Some(marked) = marked else { return next(search, end) };
                    search.marks.push(marked);
                    let done = next(search, end);
                    if !done {
                        search.marks.pop();
                    }
                    done
                })
            }
            Some(Op::Opening) => self.is_opening(at) && next(self, at),
            Some(Op::Start) => self.is_start(at) && next(self, at),
            Some(Op::End) => self.is_end(at) && next(self, at),
            None => false,
        }
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
        self.leaves.push(span);
        let done = next(self, span.end as usize);
        if !done {
            self.leaves.pop();
        }
        done
    }

    fn word(&mut self, set: SetId, at: usize, next: Next<'_>) -> bool {
        for from in self.beginnings(at) {
            let here = |hit: &Hit| hit.start as usize == from;
            let begun = self.words(set).skip_while(|hit| (hit.start as usize) < from).take_while(here);
            let mut ends: Vec<u32> = begun.map(|hit| hit.end).collect();
            // The longest word first.
            while let Some(end) = ends.pop() {
                if self.leaf(Span::of(from, end as usize), next) {
                    return true;
                }
            }
        }
        false
    }

    fn slot(&mut self, slot: Slot, at: usize, next: Next<'_>) -> bool {
        for from in self.beginnings(at) {
            if let Some(end) = self.slot_end(slot, from)
                && self.leaf(Span::of(from, end), next)
            {
                return true;
            }
        }
        false
    }

    /// A neighbour may stand at once or after one blank of the same clause.
    fn beginnings(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let blank = self.text.as_bytes().get(at) == Some(&b' ')
            && self.grid.clause_at(at) == self.grid.clause_at(at + 1);
        std::iter::once(at).chain(blank.then_some(at + 1))
    }

    /// Where the slot that starts at `at` ends.
    fn slot_end(&self, slot: Slot, at: usize) -> Option<usize> {
        let first = self.slots.partition_point(|hit| hit.start < at);
        let here = self.slots.get(first..)?.iter().take_while(|hit| hit.start == at);
        here.into_iter().find(|hit| hit.slot == slot).map(|hit| hit.end)
    }

    fn gap(&mut self, max: u16, far: bool, lead: Option<LeadId>, at: usize, next: Next<'_>) -> bool {
        let to = self.reach(max, far, at);
        match lead.and_then(|lead| self.lexicon.lead(lead)) {
            Some(lead) => self.places(lead, at, to).into_iter().any(|from| {
                self.steps += 1;
                self.steps <= MAX_STEPS && next(self, from)
            }),
            None => {
                let mut from = at;
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
        }
    }

    /// The last byte at which something may begin that stands at most `max` tokens behind `at`, in the same
    /// clause, or with `far` in the same sentence. A mark that ends a clause still counts to it, so `at` is in
    /// the clause of the word before it, and at the start of a clause in the one that starts.
    fn reach(&self, max: u16, far: bool, at: usize) -> usize {
        let grid = &self.grid;
        let mut to = at;
        for (offset, _) in self.text.get(at..).unwrap_or("").char_indices() {
            let from = at + offset;
            let together = match far {
                false => grid.clause_at(from) == grid.clause_at(at),
                true => grid.sentence_at(from) == grid.sentence_at(at),
            };
            if !together || grid.tokens_between(at, from) > max {
                return to;
            }
            to = from;
        }
        self.text.len()
    }

    fn is_opening(&self, at: usize) -> bool {
        let from = self.view.opening() as usize;
        self.text.get(from..at).is_some_and(|before| before.chars().all(is_padding))
    }

    fn is_start(&self, at: usize) -> bool {
        let clause = self.view.clauses.list.get(self.view.clauses.at(u32::try_from(at).unwrap_or(u32::MAX)));
        let from = clause.map_or(0, |c| c.span.start as usize).max(if at >= self.view.opening() as usize {
            self.view.opening() as usize
        } else {
            0
        });
        self.text.get(from.min(at)..at).is_some_and(|before| before.chars().all(is_padding))
    }

    fn is_end(&self, at: usize) -> bool {
        let last = u32::try_from(at.saturating_sub(1)).unwrap_or(u32::MAX);
        let clause = self.view.clauses.list.get(self.view.clauses.at(last));
        let to = clause.map_or(self.text.len(), |c| c.span.end as usize).max(at);
        self.text.get(at..to).is_some_and(|after| after.chars().all(is_padding))
    }
}

/// Characters that may stand before the first word of a clause.
fn is_padding(c: char) -> bool {
    c.is_whitespace() || (!c.is_alphanumeric() && Role::from_character(c).is_none())
}

/// Length of a run of digits with separators inside, in bytes.
fn figure_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(b) = bytes.get(end) {
        let joined = matches!(b, b',' | b'.' | b':') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !b.is_ascii_digit() && !joined {
            break;
        }
        end += 1;
    }
    end
}

/// Length of a run of Chinese numerals, in bytes.
fn numeral_len(text: &str) -> usize {
    text.chars().take_while(|c| "零一二三四五六七八九十百两半几".contains(*c)).map(char::len_utf8).sum()
}

/// Length of a unit of time at the start of `text`, with one blank before it, in bytes.
fn time_unit(text: &str) -> Option<usize> {
    const UNITS: [&str; 22] = [
        "个小时",
        "个工作日",
        "小时",
        "分钟",
        "个月",
        "点钟",
        "日内",
        "天内",
        "点",
        "时",
        "天",
        "日",
        "周",
        "hours",
        "hour",
        "hrs",
        "minutes",
        "mins",
        "days",
        "day",
        "am",
        "pm",
    ];
    let blank = usize::from(text.starts_with(' '));
    let rest = text.get(blank..)?;
    UNITS.iter().find(|unit| rest.starts_with(**unit)).map(|unit| blank + unit.len())
}
