//! What each amount of a text means: total, principal, interest, penalty, fee, minimum payment, instalment,
//! discount; its value in fen; its unit; and whether it is written, filled in, or a default.
//!
//! Begin at [`read`]. What an amount looks like is in `grammar/message.pest`, the words that say what it means are in
//! `policies/tables/meanings.toml`.

use super::labels::Labels;
use super::tables::{TABLES, Table};
use super::{Entity, EntityKind, Role, money, names};
use crate::source::Span;
use crate::template::Placeholder;
use crate::text::{Clauses, Folded};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What an amount is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Meaning {
    /// What the message claims as the sum of others (合计).
    Total,
    /// What is to be paid now (应还).
    Due,
    /// The loan or bill as a whole (账单), which need not be the sum of anything.
    Debt,
    /// What was lent and is not repaid.
    Principal,
    /// The agreed price of the loan.
    Interest,
    /// What is charged for being late.
    Penalty,
    /// Any other charge.
    Fee,
    /// The least that may be paid now.
    Minimum,
    /// One of several payments.
    Instalment,
    /// What need not be paid.
    Discount,
    /// What was paid already.
    Paid,
    /// What is left after a payment.
    Rest,
    /// A credit line or a sum on offer.
    Limit,
    /// Nothing says.
    #[default]
    Unknown,
}

impl Meaning {
    /// All but [`Meaning::Unknown`].
    pub const ALL: [Self; 13] = [
        Self::Total,
        Self::Due,
        Self::Debt,
        Self::Principal,
        Self::Interest,
        Self::Penalty,
        Self::Fee,
        Self::Minimum,
        Self::Instalment,
        Self::Discount,
        Self::Paid,
        Self::Rest,
        Self::Limit,
    ];

    /// The word in `policies/tables/meanings.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Due => "due",
            Self::Debt => "debt",
            Self::Principal => "principal",
            Self::Interest => "interest",
            Self::Penalty => "penalty",
            Self::Fee => "fee",
            Self::Minimum => "minimum",
            Self::Instalment => "instalment",
            Self::Discount => "discount",
            Self::Paid => "paid",
            Self::Rest => "rest",
            Self::Limit => "limit",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is a part of what is owed.
    pub const fn is_part(self) -> bool {
        matches!(self, Self::Principal | Self::Interest | Self::Penalty | Self::Fee)
    }

    /// Whether it says how much is owed as a whole.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Total | Self::Due)
    }

    /// Whether it says little: the words of its variable may say more.
    const fn is_weak(self) -> bool {
        matches!(self, Self::Due | Self::Debt)
    }
}

/// Where an amount or a date comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is written in the text.
    Literal,
    /// It is filled in: the placeholder of that number in the template.
    Variable(usize),
    /// It is the default, or another literal, of that placeholder.
    Default(usize),
}

/// An amount in a text. Spans count bytes of the folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The figure with its unit, or the placeholder.
    pub span: Span,
    /// The words that say what it is.
    pub label: Option<Span>,
    /// What these words say, else what the name of its variable says.
    pub meaning: Meaning,
    /// What the name of its variable says.
    pub named: Option<Meaning>,
    /// Minor units, from least to most; the same unless it is a range. `None` for a variable.
    pub value: Option<(i64, i64)>,
    /// The ISO code, if the unit says it: 元 and `$` do not.
    pub currency: Option<&'static str>,
    /// Whether any unit stands beside it.
    pub unit: bool,
    /// Its sentence, from 0.
    pub sentence: u32,
    /// Where it comes from.
    pub origin: Origin,
}

impl Amount {
    /// The single value, in minor units.
    pub fn minor(&self) -> Option<i64> {
        self.value.filter(|(low, high)| low == high).map(|(low, _)| low)
    }

    /// From its label to its end.
    pub fn whole(&self) -> Span {
        self.label.map_or(self.span, |label| label.join(self.span))
    }
}

/// A label stands at most this many bytes of folded text before its amount (about eight characters).
const REACH: usize = 24;
/// So much text before an amount is looked at, which is more than the longest label.
const WINDOW: usize = REACH + 64;

/// The amounts of a folded text, in order. `placeholders` are those of its template.
pub fn read(
    folded: &Folded,
    entities: &[Entity],
    clauses: &Clauses,
    placeholders: &[&Placeholder],
) -> Vec<Amount> {
    let text = folded.text.as_str();
    let mut amounts = found(folded, entities, placeholders);
    amounts.sort_by_key(|amount| amount.span.start);
    let mut last_end = 0;
    for amount in &mut amounts {
        let clause = clauses.list.get(clauses.at(amount.span.start));
        amount.sentence = clause.map_or(0, |clause| clause.sentence);
        let start = clause.map_or(0, |clause| clause.span.start as usize).max(last_end);
        last_end = label(text, start, amount);
        if let Origin::Variable(at) | Origin::Default(at) = amount.origin {
            let name = placeholders.get(at).map(|placeholder| placeholder.name.as_str());
            amount.named = name.and_then(meaning_of_name);
            if amount.label.is_none() {
                amount.meaning = amount.named.unwrap_or_default();
            }
        }
    }
    amounts
}

/// Whether a unit of money stands around `span`.
pub fn has_unit(text: &str, span: Span) -> bool {
    money::unit_around(text, span.start as usize, span.end as usize).0
}

/// What the name of a variable says of its amount.
pub fn meaning_of_name(name: &str) -> Option<Meaning> {
    names::known(name).meaning
}

/// What the words of a name say of its amount.
pub(super) fn of_words(words: &str) -> Option<Meaning> {
    LISTS.names.of_name(words)
}

/// Written amounts and placeholders, without what they mean.
fn found(folded: &Folded, entities: &[Entity], placeholders: &[&Placeholder]) -> Vec<Amount> {
    let text = folded.text.as_str();
    let blank = |span, origin| Amount {
        span,
        label: None,
        meaning: Meaning::Unknown,
        named: None,
        value: None,
        currency: None,
        unit: false,
        sentence: 0,
        origin,
    };
    let mut amounts: Vec<Amount> = Vec::new();
    for entity in entities {
        let EntityKind::Amount { minor, currency } = entity.kind else { continue };
        let from = range_from(text, entity.span, amounts.last());
        let (start, low) = from.unwrap_or((entity.span.start, minor));
        if amounts.last().is_some_and(|last| last.span.start == start) {
            amounts.pop();
        }
        let origin = match placeholder_of(folded, placeholders, entity.span) {
            Some(at) => Origin::Default(at),
            None => Origin::Literal,
        };
        let span = Span::new(start, entity.span.end);
        let value = Some((low.min(minor), low.max(minor)));
        amounts.push(Amount { value, currency, unit: true, ..blank(span, origin) });
    }
    for (at, role) in Role::all_in(text) {
        if role != Role::Amount {
            continue;
        }
        let span = Span::of(at, at + role.character().len_utf8());
        let Some(index) = placeholder_of(folded, placeholders, span) else { continue };
        let (unit, currency) = money::unit_around(text, at, span.end as usize);
        amounts.push(Amount { unit, currency, ..blank(span, Origin::Variable(index)) });
    }
    amounts
}

/// The placeholder from which the character at the start of `span` comes.
pub(super) fn placeholder_of(folded: &Folded, placeholders: &[&Placeholder], span: Span) -> Option<usize> {
    let body = folded.to_body(Span::new(span.start, span.start + 1));
    placeholders.iter().position(|placeholder| !body.is_empty() && placeholder.span.contains(body))
}

/// Where a range begins that ends with the amount at `span`, and its least value: `3000-5000元`, `￥3,000至￥5,000`.
fn range_from(text: &str, span: Span, last: Option<&Amount>) -> Option<(u32, i64)> {
    let before = text.get(..span.start as usize)?;
    let trimmed = before.trim_end_matches(' ');
    let joint =
        ["-", "~", "至", "到", "–", "—", " to", " and"].iter().find(|joint| trimmed.ends_with(**joint))?;
    let head = trimmed.strip_suffix(joint)?.trim_end_matches(' ');
    if let Some(last) =
        last.filter(|last| last.span.end as usize == head.len() && last.origin == Origin::Literal)
    {
        // "between 300 and 500" is a range, "300元 and 500元" are two amounts.
        let between =
            *joint != " and" || text.get(..last.span.start as usize)?.trim_end().ends_with("between");
        return between.then_some((last.span.start, last.value?.0));
    }
    if *joint == " and" {
        return None;
    }
    let digits = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '万' | '千' | '百');
    let start = head.trim_end_matches(digits).len();
    let figure = head.get(start..).filter(|figure| figure.starts_with(|c: char| c.is_ascii_digit()))?;
    let (minor, _) = money::read(figure)?;
    let cut = head.get(..start)?.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
    // 3-5万: the unit of the second holds for both.
    let scale = text.get(span.start as usize..span.end as usize)?.contains('万') && !figure.contains('万');
    let minor = if scale { minor.checked_mul(10_000)? } else { minor };
    (!cut).then_some((u32::try_from(start).ok()?, minor))
}

/// Finds the label of an amount at or after byte `start`; the end of what was used.
fn label(text: &str, start: usize, amount: &mut Amount) -> usize {
    let (from, end) = (amount.span.start as usize, amount.span.end as usize);
    let mut window = from.saturating_sub(WINDOW).max(start.min(from));
    while !text.is_char_boundary(window) {
        window += 1;
    }
    let head = text.get(window..from).unwrap_or("");
    let near = |found: &super::labels::Found<Meaning>| head.len() - found.end <= REACH;
    let before = LISTS.before.before(head).filter(near);
    let skipped = match amount.origin {
        Origin::Variable(_) => money::unit_after(text.get(end..).unwrap_or("")),
        _ => 0,
    };
    let rest = text.get(end + skipped..).unwrap_or("");
    let tail = rest.trim_start_matches([' ', '(', '\'']);
    let gap = end + skipped + (rest.len() - tail.len());
    let after = LISTS.after.after(tail).filter(|found| !leads_on(tail.get(found.end..).unwrap_or("")));
    match (before, after) {
        (Some(before), Some(after)) if before.meaning.is_weak() && !after.meaning.is_weak() => {
            amount.label = Some(Span::of(gap, gap + after.end));
            amount.meaning = after.meaning;
            gap + after.end
        }
        (Some(before), _) => {
            amount.label = Some(Span::of(window + before.start, window + before.end));
            amount.meaning = before.meaning;
            end
        }
        (None, Some(after)) => {
            amount.label = Some(Span::of(gap, gap + after.end));
            amount.meaning = after.meaning;
            gap + after.end
        }
        (None, None) => end,
    }
}

/// Whether a figure follows: then the words before it are its label, and not that of the figure before them.
fn leads_on(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', ':', '为', '是', '约', '共', '¥', '$', '£', '€', '₱', '₹', '(']);
    rest.chars().next().is_some_and(|c| c.is_ascii_digit() || Role::from_character(c).is_some())
}

/// `policies/tables/meanings.toml` as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    before: Table,
    after: Table,
    names: Table,
    pub(super) dates: Table,
}

impl Written {
    /// Its lists of words.
    pub(super) fn tables(&mut self) -> [&mut Table; 4] {
        [&mut self.before, &mut self.after, &mut self.names, &mut self.dates]
    }
}

struct Lists {
    before: Labels<Meaning>,
    after: Labels<Meaning>,
    names: Labels<Meaning>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let written = &TABLES.meanings;
    Lists { before: labels(&written.before), after: labels(&written.after), names: labels(&written.names) }
});

fn labels(table: &Table) -> Labels<Meaning> {
    let named = |name: &str| Meaning::ALL.into_iter().find(|meaning| meaning.name() == name);
    let rows = table.iter().filter_map(|(name, words)| named(name).map(|meaning| (meaning, words)));
    Labels::of(rows.flat_map(|(meaning, words)| words.iter().map(move |word| (word.as_str(), meaning))))
}

#[cfg(test)]
mod tests {
    use super::{Meaning, TABLES};

    #[test]
    fn the_lists_are_read_and_name_known_meanings() {
        let written = &TABLES.meanings;
        assert!(!written.dates.is_empty());
        for table in [&written.before, &written.after, &written.names] {
            assert_eq!(table.len(), Meaning::ALL.len());
            for name in table.keys() {
                assert!(Meaning::ALL.iter().any(|meaning| meaning.name() == name), "{name}");
            }
        }
    }
}
