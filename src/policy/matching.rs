//! Runs a [`Lexicon`] over one folded text.
//!
//! Begin at [`Lexicon::scan`]. Positions are bytes of the folded text. A phrase is tried only where one of
//! its first words stands, and only if every word it needs was seen, so most phrases cost nothing.

use super::lexicon::{GroupId, Lexicon, Op, OpId, SetId};
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
        let text = view.folded.text.as_str();
        let mut hits: Vec<Hit> = Vec::with_capacity(64);
        self.needles.find(text, |number, start, end| {
            let Some(sets) = self.sets_of_needle.get(number as usize) else { return };
            let span = Span::of(start, end);
            hits.extend(sets.iter().map(|set| Hit { set: *set, start: span.start, end: span.end }));
        });
        // Longest first at one place, so that the longest word of a set wins.
        hits.sort_unstable_by(|a, b| (a.set, a.start, b.end).cmp(&(b.set, b.start, a.end)));
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

/// A word of a set at a place.
#[derive(Clone, Copy, Debug)]
struct Hit {
    set: SetId,
    start: u32,
    end: u32,
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
    hits: &'a [Hit],
    /// First hit of each set that was seen, sorted by set.
    seen: Vec<(SetId, u32)>,
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
        let mut seen: Vec<(SetId, u32)> = Vec::new();
        for (index, hit) in hits.iter().enumerate() {
            if seen.last().is_none_or(|(set, _)| *set != hit.set) {
                seen.push((hit.set, u32::try_from(index).unwrap_or(u32::MAX)));
            }
        }
        Self {
            lexicon,
            view,
            text: view.folded.text.as_str(),
            hits,
            seen,
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
        let mut tries: Vec<(u32, u32)> = Vec::new();
        for (index, (set, first)) in self.seen.iter().enumerate() {
            let end = self.seen.get(index + 1).map_or(self.hits.len(), |(_, next)| *next as usize);
            let Some(phrases) = lexicon.phrases_by_set.get(set.0 as usize) else { continue };
            for phrase in phrases.iter().filter(|p| self.could_match(**p)) {
                tries.extend(self.hits[*first as usize..end].iter().map(|hit| (*phrase, hit.start)));
            }
        }
        let slots = self.slot_places();
        for (slot, phrase) in &lexicon.phrases_by_slot {
            if self.could_match(*phrase) {
                tries.extend(slots.iter().filter(|(s, _)| s == slot).map(|(_, at)| (*phrase, *at)));
            }
        }
        for phrase in &lexicon.anchored {
            if self.could_match(*phrase) {
                tries.extend(self.clause_starts().map(|at| (*phrase, at)));
            }
        }
        tries.sort_unstable();
        tries.dedup();
        let mut done: Option<(u32, u32)> = None;
        for (phrase, at) in tries {
            // A phrase goes on after its last match.
            if done.is_some_and(|(last, end)| last == phrase && at < end) {
                continue;
            }
            if let Some(found) = self.try_phrase(phrase, at as usize) {
                done = Some((phrase, found.span.end));
                self.matches.push(found);
            }
            self.total += u64::from(self.steps);
            if self.total > MAX_TOTAL {
                break;
            }
        }
    }

    /// The first byte of each clause, and the first after a signature.
    fn clause_starts(&self) -> impl Iterator<Item = u32> + use<'a> {
        let view = self.view;
        std::iter::once(view.opening()).chain(view.clauses.list.iter().map(|c| c.span.start))
    }

    fn could_match(&self, phrase: u32) -> bool {
        self.lexicon.phrases.get(phrase as usize).is_some_and(|p| {
            p.required.iter().all(|one_of| one_of.iter().any(|set| self.first_hit(*set).is_some()))
        })
    }

    fn first_hit(&self, set: SetId) -> Option<usize> {
        let index = self.seen.binary_search_by_key(&set, |(s, _)| *s).ok()?;
        self.seen.get(index).map(|(_, first)| *first as usize)
    }

    /// Where each kind of slot that leads a phrase stands.
    fn slot_places(&self) -> Vec<(Slot, u32)> {
        let mut slots: Vec<Slot> = self.lexicon.phrases_by_slot.iter().map(|(slot, _)| *slot).collect();
        slots.dedup();
        let mut places = Vec::new();
        for (at, _) in self.text.char_indices() {
            for slot in &slots {
                if self.slot_end(*slot, at).is_some() {
                    places.push((*slot, u32::try_from(at).unwrap_or(u32::MAX)));
                }
            }
        }
        places
    }

    fn try_phrase(&mut self, phrase: u32, at: usize) -> Option<Match> {
        let (op, group) = self.lexicon.phrases.get(phrase as usize).map(|p| (p.op, p.group))?;
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
            Some(Op::Gap { max, far }) => self.gap(*max, *far, at, next),
            Some(Op::Sequence(items)) => self.sequence(items, at, next),
            Some(Op::Any(branches)) => branches.iter().any(|branch| self.step(*branch, at, next)),
            Some(Op::Optional(inside)) => self.step(*inside, at, next) || next(self, at),
            Some(Op::Both(a, b, max)) => {
                let (a, b, max) = (*a, *b, *max);
                let pair = |search: &mut Search<'_>, first: OpId, second: OpId, next: Next<'_>| {
                    search.step(first, at, &mut |s, end| {
                        s.gap(max, false, end, &mut |s, from| s.step(second, from, next))
                    })
                };
                pair(self, a, b, next) || pair(self, b, a, next)
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
        let Some(first) = self.first_hit(set) else { return false };
        let hits = self.hits;
        for from in self.beginnings(at) {
            let from = u32::try_from(from).unwrap_or(u32::MAX);
            let of_set = &hits[first..];
            let skip = of_set.partition_point(|h| h.set == set && h.start < from);
            for hit in of_set.iter().skip(skip).take_while(|h| h.set == set && h.start == from) {
                if self.leaf(Span::new(hit.start, hit.end), next) {
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

    /// A neighbour may stand at once or after one blank.
    fn beginnings(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let blank = self.text.as_bytes().get(at) == Some(&b' ');
        std::iter::once(at).chain(blank.then_some(at + 1))
    }

    /// Where the slot that starts at `at` ends.
    fn slot_end(&self, slot: Slot, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let c = rest.chars().next()?;
        let role = Role::from_character(c);
        match slot {
            Slot::Role(wanted) => (role == Some(wanted)).then_some(at + c.len_utf8()),
            Slot::AnyRole => role.map(|_| at + c.len_utf8()),
            Slot::Money if role == Some(Role::Amount) => Some(at + c.len_utf8()),
            Slot::Money => {
                let entities = &self.view.entities;
                let index = entities.partition_point(|e| (e.span.start as usize) < at);
                let entity = entities.get(index).filter(|e| e.span.start as usize == at)?;
                matches!(entity.kind, EntityKind::Amount { .. }).then_some(entity.span.end as usize)
            }
            Slot::Figure => {
                let before = at.checked_sub(1).and_then(|i| self.text.as_bytes().get(i));
                if before.is_some_and(u8::is_ascii_digit) || !c.is_ascii_digit() {
                    return None;
                }
                Some(at + figure_len(rest))
            }
            Slot::Time => {
                let before = at.checked_sub(1).and_then(|i| self.text.as_bytes().get(i));
                if before.is_some_and(u8::is_ascii_digit) {
                    return None;
                }
                let figure = if c.is_ascii_digit() { figure_len(rest) } else { numeral_len(rest) };
                let unit = (figure > 0).then(|| time_unit(rest.get(figure..)?))??;
                Some(at + figure + unit)
            }
        }
    }

    fn gap(&mut self, max: u16, far: bool, at: usize, next: Next<'_>) -> bool {
        // A mark that ends a clause still counts to it, so this is the clause of the word before, and at the
        // start of a clause (`^ ..4 word`) it is the clause that starts.
        let (clause, sentence) = (self.grid.clause_at(at), self.grid.sentence_at(at));
        let mut from = at;
        loop {
            if self.grid.tokens_between(at, from) > max {
                return false;
            }
            let together = match far {
                false => self.grid.clause_at(from) == clause,
                true => self.grid.sentence_at(from) == sentence,
            };
            if !together && from < self.text.len() {
                return false;
            }
            if next(self, from) {
                return true;
            }
            self.steps += 1;
            match self.text.get(from..).and_then(|rest| rest.chars().next()) {
                Some(c) if self.steps <= MAX_STEPS => from += c.len_utf8(),
                _ => return false,
            }
        }
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
