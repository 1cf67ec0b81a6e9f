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
}

/// What a search knows of a passage beside its text. Positions count from its own first byte.
#[derive(Debug)]
pub(super) struct Passage {
    /// Its clauses.
    pub(super) clauses: Clauses,
    /// See [`Place::opening`].
    pub(super) opening: Option<usize>,
    /// Written amounts.
    pub(super) amounts: Vec<Range<usize>>,
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
            places.push(Place { range: start..end, clauses: first..number, opening: None });
            (first, start) = (number, end);
        }
    }
    if places.is_empty() {
        places.push(Place { range: 0..text.len(), clauses: 0..0, opening: None });
    }
    open(view, &mut places);
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
        for amount in self.amounts(view) {
            let _ = write!(key, "\0{amount:?}");
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
            amounts: self.amounts(view).collect(),
        }
    }

    /// Amounts written in it.
    fn amounts<'v>(&'v self, view: &'v View) -> impl Iterator<Item = Range<usize>> + 'v {
        let amounts = view.entities.iter().filter(|e| matches!(e.kind, EntityKind::Amount { .. }));
        amounts
            .map(|e| e.span.range())
            .filter(|range| self.range.contains(&range.start))
            .map(|range| range.start - self.range.start..range.end.min(self.range.end) - self.range.start)
    }
}
