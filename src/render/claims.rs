//! What a path claims about its figures and days, as sums over variables that a row fills in.
//!
//! Begin at [`claims`] and [`moments`].

use super::plan::Plan;
use crate::facts::amounts::{Amount, Meaning, Origin};
use crate::facts::dates::{Occasion, When};
use crate::source::Span;
use crate::text::Folded;

/// A figure: filled in, or written, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The value of a variable.
    Variable(usize),
    /// Minor units.
    Fixed(i64),
}

/// What must hold of some figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The parts make the total, exactly; or they do less the discounts.
    Sum {
        /// The result.
        total: Term,
        /// The parts.
        parts: Vec<Term>,
        /// What may have been taken off.
        discounts: Vec<Term>,
        /// Where the result stands in the body, with its label.
        at: Span,
    },
    /// One figure is at most another.
    AtMost {
        /// The smaller one.
        least: Term,
        /// The larger one.
        whole: Term,
        /// Where the smaller one stands in the body.
        at: Span,
    },
    /// This variable is a sum of money, with its unit beside it.
    Money(usize),
}

/// What a day of a path means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The variable.
    pub variable: usize,
    /// Its meaning.
    pub occasion: Occasion,
    /// Where it stands in the body.
    pub at: Span,
}

/// The claims of one path.
pub(super) fn claims(amounts: &[Amount], folded: &Folded, slots: &[usize]) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (index, amount) in amounts.iter().enumerate() {
        claims.extend(amount_of(amount, slots).filter(|_| amount.unit).and_then(|term| match term {
            Term::Variable(number) => Some(Claim::Money(number)),
            Term::Fixed(_) => None,
        }));
        claims.extend(sum(amounts, index, folded, slots));
        if amount.meaning == Meaning::Minimum {
            claims.extend(at_most(amounts, amount, folded, slots));
        }
    }
    claims
}

fn amount_of(amount: &Amount, slots: &[usize]) -> Option<Term> {
    match amount.origin {
        Origin::Variable(_) => Plan::variable_of(slots, amount.origin).map(Term::Variable),
        _ => amount.minor().map(Term::Fixed),
    }
}

/// The labelled parts of one sentence, and the total they are said to make. At least one of them varies: the rest
/// is told by `amount/sum` once and for all.
fn sum(amounts: &[Amount], index: usize, folded: &Folded, slots: &[usize]) -> Option<Claim> {
    let total = amounts.get(index)?;
    let beside = |a: &&Amount| a.sentence == total.sentence;
    let terms =
        |list: Vec<&Amount>| list.into_iter().map(|a| amount_of(a, slots)).collect::<Option<Vec<Term>>>();
    let (parts, discounts) = match total.meaning {
        Meaning::Total | Meaning::Due => {
            let is_part = |a: &&Amount| beside(a) && a.meaning.is_part();
            let before: Vec<&Amount> = amounts.get(..index)?.iter().filter(is_part).collect();
            let after: Vec<&Amount> = amounts.get(index + 1..)?.iter().filter(is_part).collect();
            let parts = if before.is_empty() { after } else { before };
            let whole = parts.len() >= 2 && parts.iter().any(|a| a.meaning == Meaning::Principal);
            let discounts =
                amounts.iter().filter(beside).filter(|a| a.meaning == Meaning::Discount).collect();
            (terms(parts).filter(|_| whole)?, terms(discounts)?)
        }
        _ => return None,
    };
    let stated = amount_of(total, slots)?;
    let varies = |term: &Term| matches!(term, Term::Variable(_));
    let any = varies(&stated) || parts.iter().any(varies);
    any.then(|| Claim::Sum { total: stated, parts, discounts, at: folded.to_body(total.whole()) })
}

/// A minimum payment beside the sum owed.
fn at_most(amounts: &[Amount], least: &Amount, folded: &Folded, slots: &[usize]) -> Option<Claim> {
    let whole = amounts.iter().find(|a| a.meaning.is_whole() || a.meaning == Meaning::Debt)?;
    let (small, large) = (amount_of(least, slots)?, amount_of(whole, slots)?);
    let varies = matches!(small, Term::Variable(_)) || matches!(large, Term::Variable(_));
    (varies && small != large).then(|| Claim::AtMost {
        least: small,
        whole: large,
        at: folded.to_body(least.whole()),
    })
}

/// The variables that a unit of money stands beside.
pub(super) fn with_unit(claims: &[Claim]) -> Vec<usize> {
    let money = |claim: &Claim| match claim {
        Claim::Money(number) => Some(*number),
        _ => None,
    };
    claims.iter().filter_map(money).collect()
}

/// What the days of one path mean.
pub(super) fn moments(dates: &[When], folded: &Folded, slots: &[usize]) -> Vec<Moment> {
    let moment = |when: &When| {
        let variable = Plan::variable_of(slots, when.origin)?;
        Some(Moment { variable, occasion: when.occasion, at: folded.to_body(when.span) })
    };
    dates.iter().filter_map(moment).filter(|moment| moment.occasion != Occasion::Unknown).collect()
}
