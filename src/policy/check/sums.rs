//! Which written amounts claim to be the sum, the rest or the multiple of others, and whether they are.
//!
//! All sums are exact, in minor units. Only claims that can be judged are judged: the principal must be
//! among the parts, since 利息 and 罚息 alone need not make the total.

use crate::facts::EntityKind;
use crate::message::View;
use crate::policy::lexicon::GroupId;
use crate::policy::matching::Reading;
use crate::source::Span;
use serde::{Deserialize, Serialize};

/// The words that say what an amount is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Labels {
    pub(super) total: Option<GroupId>,
    pub(super) due: Option<GroupId>,
    pub(super) principal: Option<GroupId>,
    pub(super) part: Option<GroupId>,
    pub(super) paid: Option<GroupId>,
    pub(super) rest: Option<GroupId>,
    pub(super) each: Option<GroupId>,
    pub(super) plus: Option<GroupId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Total,
    Due,
    Principal,
    Part,
    Paid,
    Rest,
    Each,
    Unknown,
}

/// A written amount.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    pub(super) span: Span,
    /// In minor units.
    pub(super) minor: i64,
    meaning: Meaning,
    sentence: u32,
    /// Where its label begins; the amount itself without one.
    from: u32,
}

/// A claim that does not hold.
#[derive(Debug)]
pub(super) struct Sum {
    /// The amount that is stated as the result, with its label.
    pub(super) stated: Figure,
    /// What the parts make, in minor units.
    pub(super) expected: i64,
    pub(super) parts: Vec<Figure>,
}

/// A label stands at most this many bytes of folded text before its amount (about eight characters).
const LABEL_REACH: u32 = 24;

impl Labels {
    /// The claims of `view` that do not hold, one a stated amount at most.
    pub(super) fn wrong_sums(&self, view: &View, reading: &Reading<'_>) -> Vec<Sum> {
        let figures = self.figures(view, reading);
        let mut wrong = Vec::new();
        for (index, figure) in figures.iter().enumerate() {
            let claim = match figure.meaning {
                Meaning::Rest => rest(&figures, index),
                Meaning::Total | Meaning::Due => self
                    .plus(view, reading, &figures, index)
                    .or_else(|| parts(&figures, index))
                    .or_else(|| multiple(view, &figures, index)),
                _ => None,
            };
            let Some((expected, parts)) = claim else { continue };
            if expected != figure.minor {
                let stated = Figure { span: Span::new(figure.from, figure.span.end), ..*figure };
                wrong.push(Sum { stated, expected, parts });
            }
        }
        wrong
    }

    fn figures(&self, view: &View, reading: &Reading<'_>) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut last_end = 0;
        for entity in &view.entities {
            let EntityKind::Amount { minor, .. } = entity.kind else { continue };
            let clause = view.clauses.at(entity.span.start);
            let start = view.clauses.list.get(clause).map_or(0, |c| c.span.start).max(last_end);
            let (meaning, from) = self.meaning(reading, start, entity.span);
            let sentence = view.clauses.list.get(clause).map_or(0, |c| c.sentence);
            figures.push(Figure { span: entity.span, minor, meaning, sentence, from });
            last_end = entity.span.end;
        }
        figures
    }

    /// The nearest label between `start` and the amount.
    fn meaning(&self, reading: &Reading<'_>, start: u32, amount: Span) -> (Meaning, u32) {
        let labels = [
            (self.total, Meaning::Total),
            (self.rest, Meaning::Rest),
            (self.paid, Meaning::Paid),
            (self.each, Meaning::Each),
            (self.principal, Meaning::Principal),
            (self.part, Meaning::Part),
            (self.due, Meaning::Due),
        ];
        let mut best: Option<(u32, u32, Meaning)> = None;
        for (group, meaning) in labels {
            for found in group.map_or(&[][..], |g| reading.of(g)) {
                let span = found.span;
                let near =
                    span.start >= start && span.end <= amount.start && amount.start - span.end <= LABEL_REACH;
                // The label that ends nearest wins; of two that end together the longer one.
                if near && best.is_none_or(|(end, from, _)| (span.end, from) > (end, span.start)) {
                    best = Some((span.end, span.start, meaning));
                }
            }
        }
        best.map_or((Meaning::Unknown, amount.start), |(_, from, meaning)| (meaning, from))
    }

    /// `A plus B makes T`, where B may be a percentage of A.
    fn plus(
        &self,
        view: &View,
        reading: &Reading<'_>,
        figures: &[Figure],
        index: usize,
    ) -> Option<(i64, Vec<Figure>)> {
        let total = figures.get(index)?;
        let first = figures.get(..index)?.iter().rev().find(|f| f.sentence == total.sentence)?;
        let between = Span::new(first.span.end, total.from.max(first.span.end));
        let plus = reading.of(self.plus?).iter().find(|m| between.contains(m.span))?;
        let percent = view.entities.iter().find(|e| {
            e.kind == EntityKind::Percent && e.span.start >= plus.span.end && e.span.end <= total.from
        })?;
        let share = hundredths(percent.span.of_text(&view.folded.text))?;
        Some((first.minor.checked_add(first.minor.checked_mul(share)? / 10_000)?, vec![*first]))
    }
}

/// `due − paid = rest`.
fn rest(figures: &[Figure], index: usize) -> Option<(i64, Vec<Figure>)> {
    let before = figures.get(..index)?;
    let paid = before.iter().rev().find(|f| f.meaning == Meaning::Paid)?;
    let due = before.iter().find(|f| {
        f.span.start < paid.span.start
            && matches!(f.meaning, Meaning::Due | Meaning::Total | Meaning::Unknown | Meaning::Principal)
    })?;
    Some((due.minor - paid.minor, vec![*due, *paid]))
}

/// The labelled parts of one sentence, before or after the total.
fn parts(figures: &[Figure], index: usize) -> Option<(i64, Vec<Figure>)> {
    let total = figures.get(index)?;
    let is_part =
        |f: &&Figure| f.sentence == total.sentence && matches!(f.meaning, Meaning::Principal | Meaning::Part);
    let before: Vec<Figure> = figures.get(..index)?.iter().filter(is_part).copied().collect();
    let after: Vec<Figure> = figures.get(index + 1..)?.iter().filter(is_part).copied().collect();
    let parts = if before.is_empty() { after } else { before };
    let whole = parts.len() >= 2 && parts.iter().any(|p| p.meaning == Meaning::Principal);
    whole.then(|| (parts.iter().map(|p| p.minor).sum(), parts))
}

/// `n instalments of A each make T`.
fn multiple(view: &View, figures: &[Figure], index: usize) -> Option<(i64, Vec<Figure>)> {
    figures.get(index).filter(|f| f.meaning == Meaning::Total)?;
    let each = figures.get(..index)?.iter().rev().find(|f| f.meaning == Meaning::Each)?;
    let count = instalments(&view.folded.text, each.from)?;
    Some((each.minor.checked_mul(count)?, vec![*each]))
}

/// The count of instalments written before byte `before`: `分6期`, `12 payments`.
fn instalments(text: &str, before: u32) -> Option<i64> {
    let text = text.get(..before as usize)?;
    let at = ["期", "个月", " payments", " instalments", " installments", " months"]
        .iter()
        .filter_map(|unit| text.rfind(unit))
        .max()?;
    let digits = text.get(..at)?;
    let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    digits.get(start..)?.parse().ok()
}

/// `10%` or `2.5%` in hundredths of a percent.
fn hundredths(text: &str) -> Option<i64> {
    let figure = text.trim().trim_end_matches('%').trim();
    let (whole, part) = figure.split_once('.').unwrap_or((figure, ""));
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part.parse().ok()?)
}
