//! The part of a text that is searched as one: a sentence, since no phrase leaves its sentence.
//!
//! Begin at [`cut`].

use crate::facts::EntityKind;
use crate::message::View;
use crate::source::Span;
use crate::text::clauses::{Clause, Clauses};
use std::ops::Range;

/// Where a passage stands in its view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// In bytes of the folded text, with the marks and blanks behind its last clause.
    pub(super) range: Range<usize>,
    /// Its clauses, by their number in the view.
    clauses: Range<usize>,
    /// From which of its bytes on the message begins, if nothing but padding stands between.
    opening: Option<usize>,
    /// Whether nothing but padding follows in the message.
    closing: bool,
}

/// What a search knows of a passage beside its text. Positions count from its own first byte.
#[derive(Debug)]
pub(super) struct Passage {
    /// Its clauses.
    pub(super) clauses: Clauses,
    /// See [`Place::opening`].
    pub(super) opening: Option<usize>,
    /// See [`Place::closing`].
    pub(super) closing: bool,
    /// Written amounts.
    pub(super) amounts: Vec<Range<usize>>,
    /// Written numbers of service lines.
    pub(super) phones: Vec<Range<usize>>,
    /// Words with a capital letter.
    pub(super) capitals: Vec<Range<usize>>,
}

/// The passages of a view, in order. They cover its text. With `whole` there is one.
pub(super) fn cut(view: &View, whole: bool) -> Vec<Place> {
    let mut places = Vec::new();
    let (text, clauses) = (view.folded.text.as_str(), &view.clauses.list);
    let (mut first, mut start) = (0, 0);
    for number in 1..=clauses.len() {
        let (before, next) = (clauses.get(number - 1), clauses.get(number));
        let ends = next.is_none_or(|next| !whole && before.is_some_and(|c| c.sentence != next.sentence));
        if ends {
            let end = next.map_or(text.len(), |next| next.span.start as usize);
            places.push(Place { range: start..end, clauses: first..number, opening: None, closing: false });
            (first, start) = (number, end);
        }
    }
    if places.is_empty() {
        places.push(Place { range: 0..text.len(), clauses: 0..0, opening: None, closing: false });
    }
    open(view, &mut places);
    close(view, &mut places);
    places
}

/// Tells the passages at the beginning of the message, which is behind the signature.
fn open(view: &View, places: &mut [Place]) {
    let opening = view.opening() as usize;
    for place in places {
        if place.range.end <= opening && place.range.end < view.folded.text.len() {
            continue;
        }
        place.opening = Some(opening.saturating_sub(place.range.start));
        let behind = view.folded.text.get(opening.max(place.range.start)..place.range.end).unwrap_or("");
        if !behind.chars().all(is_padding) {
            break;
        }
    }
}

/// Tells the passages at the end of the message.
fn close(view: &View, places: &mut [Place]) {
    for place in places.iter_mut().rev() {
        place.closing = true;
        if !is_all_padding(place.text(view)) {
            break;
        }
    }
}

/// Before or behind the words of a clause nobody writes more bytes than this of anything else.
const MOST_PADDING: usize = 512;

/// Whether nothing stands in `text` but what may stand around the words of a clause.
pub(super) fn is_all_padding(text: &str) -> bool {
    text.len() <= MOST_PADDING && text.chars().all(is_padding)
}

/// Characters that may stand before the first word of a clause.
fn is_padding(c: char) -> bool {
    c.is_whitespace() || (!c.is_alphanumeric() && crate::facts::Role::from_character(c).is_none())
}

impl Place {
    /// What a search for the words of this passage depends on, as a text of its own: equal keys, equal
    /// findings. A folded text holds no U+0000.
    pub(super) fn key(&self, view: &View, key: &mut String) {
        use std::fmt::Write as _;
        key.clear();
        key.push_str(self.text(view));
        key.push('\0');
        // A string takes everything.
        let _ = self.opening.map_or(Ok(()), |opening| write!(key, "{opening}"));
        if self.closing {
            key.push('$');
        }
        for amount in self.amounts(view) {
            let _ = write!(key, "\0{amount:?}");
        }
        for other in self.phones(view).chain(self.capitals(view)) {
            let _ = write!(key, "\0{}", other.start);
        }
    }

    /// Its text.
    pub(super) fn text<'v>(&self, view: &'v View) -> &'v str {
        view.folded.text.get(self.range.clone()).unwrap_or("")
    }

    /// The passage itself.
    pub(super) fn passage(&self, view: &View) -> Passage {
        let shift = Span::of(self.range.start, self.range.start).start;
        let clauses = view.clauses.list.get(self.clauses.clone()).unwrap_or_default();
        let first = clauses.first().map_or(0, |clause| clause.sentence);
        let list = clauses.iter().map(|clause| Clause {
            span: Span::new(clause.span.start.saturating_sub(shift), clause.span.end.saturating_sub(shift)),
            sentence: clause.sentence - first,
        });
        Passage {
            clauses: Clauses { list: list.collect() },
            opening: self.opening,
            closing: self.closing,
            amounts: self.amounts(view).collect(),
            phones: self.phones(view).collect(),
            capitals: self.capitals(view).collect(),
        }
    }

    /// Amounts written in it.
    fn amounts<'v>(&'v self, view: &'v View) -> impl Iterator<Item = Range<usize>> + 'v {
        self.written(view, |kind| matches!(kind, EntityKind::Amount { .. }))
    }

    /// Numbers of service lines written in it.
    fn phones<'v>(&'v self, view: &'v View) -> impl Iterator<Item = Range<usize>> + 'v {
        self.written(view, |kind| matches!(kind, EntityKind::ServicePhone))
    }

    /// Words with a capital letter in it.
    fn capitals<'v>(&'v self, view: &'v View) -> impl Iterator<Item = Range<usize>> + 'v {
        let (text, capitals) = (self.text(view), &view.folded.capitals);
        let first = capitals.partition_point(|at| (*at as usize) < self.range.start);
        let within = capitals.iter().skip(first).map(|at| *at as usize).take_while(|at| *at < self.range.end);
        within.map(|at| {
            let start = at - self.range.start;
            let word = text.bytes().skip(start).take_while(|b| b.is_ascii_alphanumeric() || *b == b'-');
            start..start + word.count()
        })
    }

    /// What is written in it of the kinds that `wanted` tells.
    fn written<'v>(
        &'v self,
        view: &'v View,
        wanted: impl Fn(&EntityKind) -> bool + 'v,
    ) -> impl Iterator<Item = Range<usize>> + 'v {
        let things = view.entities.iter().filter(move |e| wanted(&e.kind));
        things
            .map(|e| e.span.range())
            .filter(|range| self.range.contains(&range.start))
            .map(|range| range.start - self.range.start..range.end.min(self.range.end) - self.range.start)
    }
}
