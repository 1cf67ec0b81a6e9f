//! Which written amounts claim to be the sum, the rest or the multiple of others, and whether they are.
//!
//! All sums are exact, in minor units. Only claims that can be judged are judged: where no signs are written
//! (`+`, `=`) the principal must be among the parts, since 利息 and 罚息 alone need not make the total, and no part
//! may be a variable.

use crate::facts::EntityKind;
use crate::facts::amounts::{Amount, Meaning};
use crate::message::View;
use crate::policy::lexicon::GroupId;
use crate::policy::matching::Reading;
use crate::source::Span;

/// A claim that does not hold.
#[derive(Debug)]
pub(super) struct Sum {
    /// The amount that is stated as the result, with its label.
    pub(super) stated: Span,
    /// What it states, in minor units.
    pub(super) states: i64,
    /// What the parts make, in minor units.
    pub(super) expected: i64,
    /// The parts: where each stands, and its minor units.
    pub(super) parts: Vec<(Span, i64)>,
}

/// What a claim should make, and of what.
type Claim = (i64, Vec<(Span, i64)>);

/// The claims among `amounts` of a view of `body` that do not hold, one a stated amount at most. `plus` are words that add a share.
pub(super) fn wrong(
    body: &str,
    view: &View,
    reading: &Reading<'_>,
    amounts: &[Amount],
    plus: Option<GroupId>,
) -> Vec<Sum> {
    let mut wrong = Vec::new();
    for (index, amount) in amounts.iter().enumerate() {
        let Some(states) = amount.minor() else { continue };
        let claim = equation(body, view, amounts, index).or_else(|| match amount.meaning {
            Meaning::Rest => rest(amounts, index),
            Meaning::Total | Meaning::Due => share(view, reading, amounts, index, plus)
                .or_else(|| times(body, view, amounts, index))
                .or_else(|| parts(view, amounts, index, states))
                .or_else(|| multiple(view, amounts, index)),
            _ => None,
        });
        let Some((expected, parts)) = claim.filter(|(expected, _)| *expected != states) else { continue };
        wrong.push(Sum { stated: amount.whole(), states, expected, parts });
    }
    wrong
}

fn figure(amount: &Amount) -> Option<(Span, i64)> {
    Some((amount.span, amount.minor()?))
}

/// `A + B − C = T`, written with its signs.
fn equation(body: &str, view: &View, amounts: &[Amount], index: usize) -> Option<Claim> {
    let sentence = amounts.get(index)?.sentence;
    // What stands between an amount and the one before it.
    let between = |at: usize| {
        let (before, after) = (amounts.get(at.checked_sub(1)?)?, amounts.get(at)?);
        let apart = before.sentence == sentence && before.span.end <= after.span.start;
        // As it is written: a sign between two Chinese words is none of the folded text.
        let (before, after) = (view.folded.to_body(before.span), view.folded.to_body(after.span));
        apart.then(|| Span::new(before.end, after.start.max(before.end)).of_text(body))
    };
    let has = |text: &str, signs: [char; 2]| text.matches(signs).count() == 1;
    let (equal, plus, minus) = (['=', '＝'], ['+', '＋'], ['-', '−']);
    between(index).filter(|text| has(text, equal) && !text.contains(plus) && !text.contains(minus))?;
    let (mut sum, mut parts, mut at) = (0_i64, Vec::new(), index - 1);
    loop {
        let (span, minor) = figure(amounts.get(at)?)?;
        parts.push((span, minor));
        let text = between(at).unwrap_or("");
        let (adds, takes) = (has(text, plus), has(text, minus));
        sum = if takes && !adds { sum.checked_sub(minor)? } else { sum.checked_add(minor)? };
        if adds == takes {
            break;
        }
        at -= 1;
    }
    parts.reverse();
    (parts.len() >= 2).then_some((sum, parts))
}

/// `A plus B makes T`, where B is a percentage of A.
fn share(
    view: &View,
    reading: &Reading<'_>,
    amounts: &[Amount],
    index: usize,
    plus: Option<GroupId>,
) -> Option<Claim> {
    let total = amounts.get(index)?;
    let first = amounts.get(..index)?.iter().rev().find(|a| a.sentence == total.sentence)?;
    let from = total.whole().start.max(first.span.end);
    let between = Span::new(first.span.end, from);
    let plus = reading.of(plus?).iter().find(|m| between.contains(m.span))?;
    let percent = view
        .entities
        .iter()
        .find(|e| e.kind == EntityKind::Percent && e.span.start >= plus.span.end && e.span.end <= from)?;
    let share = hundredths(percent.span.of_text(&view.folded.text))?;
    let (span, minor) = figure(first)?;
    Some((minor.checked_add(minor.checked_mul(share)? / 10_000)?, vec![(span, minor)]))
}

/// `due − paid = rest`.
fn rest(amounts: &[Amount], index: usize) -> Option<Claim> {
    let before = amounts.get(..index)?;
    let paid = before.iter().rev().find(|a| a.meaning == Meaning::Paid)?;
    let due = before.iter().find(|a| {
        let meant = matches!(
            a.meaning,
            Meaning::Due | Meaning::Debt | Meaning::Total | Meaning::Unknown | Meaning::Principal
        );
        a.span.start < paid.span.start && meant
    })?;
    let (due, paid) = (figure(due)?, figure(paid)?);
    Some((due.1.checked_sub(paid.1)?, vec![due, paid]))
}

/// `A × n` and what is added to it make T: 299元×2期，另加违约金60元，合计658元.
fn times(body: &str, view: &View, amounts: &[Amount], index: usize) -> Option<Claim> {
    let total = amounts.get(index)?;
    let before = amounts.get(..index)?.iter().filter(|a| a.sentence == total.sentence);
    let (mut sum, mut parts, mut several) = (0_i64, Vec::new(), false);
    for amount in before {
        let (span, minor) = figure(amount)?;
        let count = count_of(body, view, amount);
        several |= count.is_some();
        // What is neither taken several times nor called a part may be anything.
        if count.is_none() && !amount.meaning.is_part() {
            return None;
        }
        sum = sum.checked_add(minor.checked_mul(count.unwrap_or(1))?)?;
        parts.push((span, minor));
    }
    several.then_some((sum, parts))
}

/// How often an amount is taken: `× 3期` behind it, `3 months x` before it. As it is written: a sign between two
/// Chinese words is none of the folded text.
fn count_of(body: &str, view: &View, amount: &Amount) -> Option<i64> {
    let (written, label) = (view.folded.to_body(amount.span), view.folded.to_body(amount.whole()));
    let behind = body.get(written.end as usize..)?.trim_start();
    if let Some(rest) = behind.strip_prefix(TIMES) {
        let rest = rest.trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let ends = !rest.get(digits..)?.starts_with(['.', '%']);
        return rest.get(..digits)?.parse().ok().filter(|_| ends && digits <= 3);
    }
    let ahead = body.get(..label.start as usize)?.trim_end().strip_suffix(TIMES)?;
    let ahead = ahead.trim_end().trim_end_matches(|c: char| c.is_alphabetic()).trim_end();
    let digits = ahead.bytes().rev().take_while(u8::is_ascii_digit).count();
    ahead.get(ahead.len() - digits..)?.parse().ok().filter(|_| (1..=3).contains(&digits))
}

/// Signs of multiplication.
const TIMES: [char; 6] = ['×', 'x', 'X', '*', '＊', '✕'];

/// Words before a part that is paid several times: 每期本金500元 is no part of the whole.
const EACH: [&str; 8] = ["每期", "每月", "每个月", "每次", "monthly", "each", "per month", "every month"];

/// The most amounts beside the parts of which some may belong to them.
const MOST_OTHERS: usize = 4;

/// The labelled parts of one sentence, before or after the total.
fn parts(view: &View, amounts: &[Amount], index: usize, states: i64) -> Option<Claim> {
    let total = amounts.get(index)?;
    let beside = |a: &&Amount| a.sentence == total.sentence;
    let is_part = |a: &&Amount| beside(a) && a.meaning.is_part();
    let before: Vec<&Amount> = amounts.get(..index)?.iter().filter(is_part).collect();
    let after: Vec<&Amount> = amounts.get(index + 1..)?.iter().filter(is_part).collect();
    let parts = if before.is_empty() { after } else { before };
    let whole = parts.len() >= 2 && parts.iter().any(|a| a.meaning == Meaning::Principal);
    let is_each = |part: &&Amount| {
        let before = view.folded.text.get(..part.whole().start as usize).unwrap_or("").trim_end();
        EACH.iter().any(|word| before.ends_with(word))
    };
    if !whole || parts.iter().any(is_each) {
        return None;
    }
    // With a part that is filled in, or a range, nobody knows.
    let parts: Vec<(Span, i64)> = parts.into_iter().map(figure).collect::<Option<_>>()?;
    let sum = parts.iter().try_fold(0_i64, |sum, (_, minor)| sum.checked_add(*minor))?;
    // A discount may or may not be taken off already; a figure that nothing names may be a part.
    let discount = |a: &&Amount| a.meaning == Meaning::Discount;
    let unnamed = |a: &&Amount| matches!(a.meaning, Meaning::Unknown | Meaning::Debt);
    let others = amounts.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, amount)| amount);
    let others = others.filter(beside).filter(|a| discount(a) || unnamed(a) && a.minor().is_some());
    let mut possible = vec![sum];
    for other in others.take(MOST_OTHERS) {
        let minor = other.minor()?;
        let change = if discount(&other) { minor.checked_neg()? } else { minor };
        possible.extend(possible.clone().into_iter().filter_map(|sum| sum.checked_add(change)));
    }
    let expected = if possible.contains(&states) { states } else { sum };
    Some((expected, parts))
}

/// `n instalments of A each make T`.
fn multiple(view: &View, amounts: &[Amount], index: usize) -> Option<Claim> {
    amounts.get(index).filter(|a| a.meaning == Meaning::Total)?;
    let each = amounts.get(..index)?.iter().rev().find(|a| a.meaning == Meaning::Instalment)?;
    let count = instalments(&view.folded.text, each.whole().start)?;
    let (span, minor) = figure(each)?;
    Some((minor.checked_mul(count)?, vec![(span, minor)]))
}

/// The count of instalments written before byte `before`: `分6期`, `12 payments`.
fn instalments(text: &str, before: u32) -> Option<i64> {
    let (text, label) = text.split_at_checked(before as usize)?;
    let count = |digits: &str| {
        let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        digits.get(start..)?.parse().ok()
    };
    // The label itself may name them: "12 payments of".
    if label.starts_with("payments") || label.starts_with("instal") {
        return count(text.trim_end_matches(' '));
    }
    let at = ["期", "个月", " payments", " instalments", " installments", " months"]
        .iter()
        .filter_map(|unit| text.rfind(unit))
        .max()?;
    count(text.get(..at)?)
}

/// `10%` or `2.5%` in hundredths of a percent.
fn hundredths(text: &str) -> Option<i64> {
    let figure = text.trim().trim_end_matches('%').trim();
    let (whole, part) = figure.split_once('.').unwrap_or((figure, ""));
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part.parse().ok()?)
}
