//! What each date and each number of days of a text means: due date, deadline, end of an offer, days overdue.
//!
//! Begin at [`read`]. What a date looks like is in `grammar/message.pest`, the words beside it are in
//! `policies/tables/meanings.toml`.

use super::amounts::{Origin, placeholder_of};
use super::labels::Labels;
use super::tables::TABLES;
use super::{Entity, EntityKind, Role, names};
use crate::source::Span;
use crate::template::Placeholder;
use crate::text::{Clauses, Folded};
use std::sync::LazyLock;

/// What a date is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occasion {
    /// The day on which payment is or was due.
    Due,
    /// Until then something is asked for.
    Deadline,
    /// Until then an offer or a discount holds.
    Offer,
    /// How many days payment is late.
    Overdue,
    /// Nothing says.
    #[default]
    Unknown,
}

impl Occasion {
    /// A word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Deadline => "deadline",
            Self::Offer => "offer",
            Self::Overdue => "overdue",
            Self::Unknown => "unknown",
        }
    }
}

/// A calendar date as written. What is not written is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Four digits.
    pub year: Option<u16>,
    /// 1 to 12.
    pub month: Option<u8>,
    /// 1 to 31.
    pub day: Option<u8>,
}

/// A date or a number of days in a text. Spans count bytes of the folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The date, or the figure with its unit, or the placeholder.
    pub span: Span,
    /// What it is.
    pub occasion: Occasion,
    /// The date, if it is written.
    pub day: Option<Day>,
    /// The number, if days are written.
    pub days: Option<u32>,
    /// Where it comes from.
    pub origin: Origin,
}

/// So many bytes before a date are looked at.
const WINDOW: usize = 36;
/// So many bytes may stand between a label and its date.
const REACH: usize = 10;

/// The dates and numbers of days of a folded text, in order. `placeholders` are those of its template.
pub fn read(
    folded: &Folded,
    entities: &[Entity],
    clauses: &Clauses,
    placeholders: &[&Placeholder],
) -> Vec<When> {
    let text = folded.text.as_str();
    let mut dates: Vec<When> = Vec::new();
    for entity in entities {
        let origin = || match placeholder_of(folded, placeholders, entity.span) {
            Some(at) => Origin::Default(at),
            None => Origin::Literal,
        };
        let spelling = entity.span.of_text(text);
        match entity.kind {
            EntityKind::Date => dates.push(When {
                span: entity.span,
                occasion: occasion(text, clauses, entity.span, None),
                day: day_of(spelling),
                days: None,
                origin: origin(),
            }),
            EntityKind::Number => {
                let Some(len) = overdue(text, entity.span) else { continue };
                let span = Span::new(entity.span.start, entity.span.end + len);
                let days = spelling.parse().ok();
                dates.push(When { span, occasion: Occasion::Overdue, day: None, days, origin: origin() });
            }
            _ => {}
        }
    }
    for (at, role) in Role::all_in(text).filter(|(_, role)| matches!(role, Role::Date | Role::Days)) {
        let span = Span::of(at, at + role.character().len_utf8());
        let Some(index) = placeholder_of(folded, placeholders, span) else { continue };
        let name = placeholders.get(index).map(|placeholder| placeholder.name.as_str());
        let occasion = match role {
            Role::Days
                if overdue(text, span).is_some() || name.is_some_and(|name| names::known(name).overdue) =>
            {
                Occasion::Overdue
            }
            Role::Days => Occasion::Unknown,
            _ => occasion(text, clauses, span, name),
        };
        dates.push(When { span, occasion, day: None, days: None, origin: Origin::Variable(index) });
    }
    dates.sort_by_key(|date| date.span.start);
    dates
}

/// What the words around a date say, else its name.
fn occasion(text: &str, clauses: &Clauses, span: Span, name: Option<&str>) -> Occasion {
    let clause = clauses.list.get(clauses.at(span.start)).map_or(span, |clause| clause.span);
    let from = span.start as usize;
    let mut start = from.saturating_sub(WINDOW).max((clause.start as usize).min(from));
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let head = text.get(start..from).unwrap_or("");
    let before = LISTS.before.before(head).filter(|found| head.len() - found.end <= REACH);
    let tail = text.get(span.end as usize..).unwrap_or("").trim_start_matches([' ', ')', '日']);
    let after = LISTS.after.after(tail);
    match (before.map(|found| found.meaning), after.map(|found| found.meaning)) {
        (Some(Occasion::Offer), _) | (_, Some(Occasion::Offer)) => Occasion::Offer,
        (_, Some(after)) => after,
        (Some(before), None) => before,
        (None, None) => name.and_then(|name| names::known(name).occasion).unwrap_or_default(),
    }
}

/// What the words of a name say of its date.
pub(super) fn of_words(words: &str) -> Option<Occasion> {
    LISTS.names.of_name(words)
}

/// Whether a name with these words counts days of being late.
pub(super) fn is_overdue(name: &str, words: &str) -> bool {
    words.split(' ').any(|word| matches!(word, "overdue" | "late" | "dpd" | "yuqitianshu"))
        || name.contains("逾期")
}

/// Whether a number counts days of being late, and the bytes of its unit: 逾期7天, `7 days overdue`.
fn overdue(text: &str, span: Span) -> Option<u32> {
    let head = text.get(..span.start as usize)?.trim_end_matches([' ', '约', '了', '达', '第', ':']);
    let tail = text.get(span.end as usize..)?;
    let units = ["天", "日", " days", " day", "个工作日", "-day", "days"];
    let unit = units.iter().find(|unit| tail.starts_with(**unit))?;
    let rest = tail.get(unit.len()..)?.trim_start_matches(' ');
    let before = [
        "逾期",
        "过期",
        "迟缴",
        "延滞",
        "超期",
        "overdue by",
        "late by",
        "overdue for",
        "overdue",
        "past due by",
        "unpaid for",
    ];
    let after = ["overdue", "late", "past due", "in arrears"];
    let late =
        before.iter().any(|word| head.ends_with(word)) || after.iter().any(|word| rest.starts_with(word));
    late.then(|| Span::of(0, unit.len()).end)
}

/// The date that a folded spelling names: `2026-06-18`, `6月18日`, `18/06/2026`, `may 2`.
pub fn day_of(spelling: &str) -> Option<Day> {
    let mut numbers: Vec<u32> = Vec::new();
    for run in spelling.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).take(4) {
        numbers.push(run.parse().ok()?);
    }
    let month = month_named(spelling);
    let day = match (numbers.as_slice(), month) {
        ([compact], None) if spelling.len() == 8 => {
            Day::of(Some(compact / 10_000), Some(compact / 100 % 100), Some(compact % 100))
        }
        ([day], Some(month)) => Day::of(None, Some(month), Some(*day)),
        ([day, year], Some(month)) => Day::of(Some(*year), Some(month), Some(*day)),
        ([day], None) => Day::of(None, None, Some(*day)),
        ([year, month], None) if *year > 31 => Day::of(Some(*year), Some(*month), None),
        ([month, day], None) if *month <= 12 => Day::of(None, Some(*month), Some(*day)),
        ([day, month], None) => Day::of(None, Some(*month), Some(*day)),
        ([year, month, day, ..], None) if *year > 31 => Day::of(Some(*year), Some(*month), Some(*day)),
        // 18/06/2026 everywhere but in the United States; 06/18/2026 can only be read in one way.
        ([a, b, year, ..], None) => {
            let (day, month) = if *b > 12 { (*b, *a) } else { (*a, *b) };
            Day::of(Some(if *year < 100 { 2000 + *year } else { *year }), Some(month), Some(day))
        }
        _ => None,
    };
    day.filter(|day| {
        day.month.is_none_or(|m| (1..=12).contains(&m)) && day.day.is_none_or(|d| (1..=31).contains(&d))
    })
}

impl Day {
    fn of(year: Option<u32>, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        let small = |n: Option<u32>| n.map(u8::try_from).transpose().ok();
        Some(Self { year: year.map(u16::try_from).transpose().ok()?, month: small(month)?, day: small(day)? })
    }

    /// Year, month and day as one number that sorts as dates do; `None` unless all are known.
    pub fn ordinal(self) -> Option<u32> {
        Some(u32::from(self.year?) * 10_000 + u32::from(self.month?) * 100 + u32::from(self.day?))
    }
}

fn month_named(spelling: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = spelling.find(|c: char| c.is_ascii_lowercase())?;
    let names = (1..).zip(MONTHS);
    // "2nd may": the ordinal is no month.
    let words = spelling.get(at..)?.split(|c: char| !c.is_ascii_lowercase());
    words
        .filter_map(|word| names.clone().find(|(_, name)| word.starts_with(name)))
        .map(|(number, _)| number)
        .next()
}

struct Lists {
    before: Labels<Occasion>,
    after: Labels<Occasion>,
    names: Labels<Occasion>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let written = &TABLES.meanings.dates;
    let occasions = [("due", Occasion::Due), ("deadline", Occasion::Deadline), ("offer", Occasion::Offer)];
    let rows = |prefix: &str| -> Vec<(String, Occasion)> {
        let of = |(name, occasion): &(&str, Occasion)| {
            let words = written.get(&format!("{prefix}{name}")).cloned().unwrap_or_default();
            words.into_iter().map(|word| (word, *occasion)).collect::<Vec<_>>()
        };
        occasions.iter().flat_map(of).collect()
    };
    let around = rows("");
    let plain = |(word, occasion): &'_ (String, Occasion)| (word.clone(), *occasion);
    let before: Vec<_> = around.iter().filter(|(word, _)| !word.contains("{}")).map(plain).collect();
    let after =
        around.iter().filter_map(|(word, occasion)| Some((word.strip_prefix("{}")?.trim_start(), *occasion)));
    let names = rows("names-");
    Lists {
        before: Labels::of(before.iter().map(|(word, occasion)| (word.as_str(), *occasion))),
        after: Labels::of(after),
        names: Labels::of(names.iter().map(|(word, occasion)| (word.as_str(), *occasion))),
    }
});

#[cfg(test)]
mod tests {
    use super::{Day, day_of};

    #[test]
    fn spellings_are_read() {
        let day = |year, month, day| Some(Day { year, month, day });
        for (spelling, expected) in [
            ("2026-06-18", day(Some(2026), Some(6), Some(18))),
            ("2026年6月18日", day(Some(2026), Some(6), Some(18))),
            ("20260618", day(Some(2026), Some(6), Some(18))),
            ("6月18日", day(None, Some(6), Some(18))),
            ("18号", day(None, None, Some(18))),
            ("18/06/2026", day(Some(2026), Some(6), Some(18))),
            ("06/18/2026", day(Some(2026), Some(6), Some(18))),
            ("05-jun-2026", day(Some(2026), Some(6), Some(5))),
            ("may 2", day(None, Some(5), Some(2))),
            ("2nd may", day(None, Some(5), Some(2))),
            ("2026年6月", day(Some(2026), Some(6), None)),
            ("99-99-99", None),
            ("", None),
        ] {
            assert_eq!(day_of(spelling), expected, "{spelling}");
        }
    }
}
