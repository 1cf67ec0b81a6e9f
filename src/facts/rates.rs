//! Which rate a percentage is: a day's, a month's or a year's; and whether two of them can be the same.
//!
//! Begin at [`read`]. Rates are exact: in hundred-millionths (0.05% is 50,000), with the half of the last digit that
//! rounding may have taken.

use super::{Entity, EntityKind};
use crate::source::Span;

/// How long a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// 日利率, a day.
    Day,
    /// 月利率, a month.
    Month,
    /// 年化, APR.
    Year,
}

/// A percentage with the time that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Where it stands in the folded text.
    pub span: Span,
    /// The time.
    pub period: Period,
    /// In hundred-millionths.
    pub value: i64,
    /// What rounding may have added or taken, in hundred-millionths.
    pub slack: i64,
}

/// Words before a percentage.
const BEFORE: [(&str, Period); 26] = [
    ("日利率", Period::Day),
    ("日息", Period::Day),
    ("日费率", Period::Day),
    ("每日", Period::Day),
    ("每天", Period::Day),
    ("按日", Period::Day),
    ("daily rate", Period::Day),
    ("daily interest", Period::Day),
    ("daily", Period::Day),
    ("per day", Period::Day),
    ("月利率", Period::Month),
    ("月息", Period::Month),
    ("月费率", Period::Month),
    ("每月", Period::Month),
    ("monthly rate", Period::Month),
    ("monthly interest", Period::Month),
    ("per month", Period::Month),
    ("年化利率", Period::Year),
    ("年化", Period::Year),
    ("年利率", Period::Year),
    ("年息", Period::Year),
    ("年费率", Period::Year),
    ("apr", Period::Year),
    ("annual rate", Period::Year),
    ("annual", Period::Year),
    ("annualised", Period::Year),
];

/// Words after a percentage.
const AFTER: [(&str, Period); 16] = [
    ("/日", Period::Day),
    ("/天", Period::Day),
    ("a day", Period::Day),
    ("per day", Period::Day),
    ("daily", Period::Day),
    ("/day", Period::Day),
    ("/月", Period::Month),
    ("a month", Period::Month),
    ("per month", Period::Month),
    ("monthly", Period::Month),
    ("/年", Period::Year),
    ("a year", Period::Year),
    ("per year", Period::Year),
    ("per annum", Period::Year),
    ("p.a", Period::Year),
    ("apr", Period::Year),
];

/// So many bytes may stand between the words and the figure.
const REACH: usize = 15;

/// The percentages of a folded text that say how long they are for.
pub fn read(text: &str, entities: &[Entity]) -> Vec<Rate> {
    let percents = entities.iter().filter(|entity| entity.kind == EntityKind::Percent);
    percents.filter_map(|entity| rate(text, entity.span)).collect()
}

fn rate(text: &str, span: Span) -> Option<Rate> {
    let head = text.get(..span.start as usize)?;
    // 日万分之五: the time stands inside of what names the rate.
    let ends =
        |word: &str| head.rfind(word).map(|at| at + word.len()).filter(|end| head.len() - end <= REACH);
    let before = BEFORE
        .iter()
        .filter_map(|(word, period)| Some((ends(word)?, word.len(), *period)))
        .max_by_key(|b| (b.0, b.1));
    let tail = text.get(span.end as usize..)?.trim_start_matches([' ', '(']);
    let after = AFTER.iter().find(|(word, _)| tail.starts_with(word)).map(|(_, period)| *period);
    let (value, slack) = hundred_millionths(span.of_text(text))?;
    Some(Rate { span, period: after.or(before.map(|b| b.2))?, value, slack })
}

/// `0.05%`, `0.5‰`, `万分之5` and half a unit of its last digit.
fn hundred_millionths(text: &str) -> Option<(i64, i64)> {
    let unit: i64 = if text.starts_with("万分之") {
        10_000
    } else if text.starts_with("千分之") || text.contains('‰') {
        100_000
    } else {
        1_000_000
    };
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let figure = rest.get(..end)?;
    let (whole, part) = figure.split_once('.').unwrap_or((figure, ""));
    let scale = u32::try_from(part.len()).ok().filter(|len| *len <= 6).map(|len| 10_i64.pow(len))?;
    let digits: i64 = format!("{whole}{part}").parse().ok()?;
    // 2% and 0.1% are meant as they stand; of 0.066% the last digit may be rounded.
    let slack = if digits > 9 { unit / scale / 2 } else { 0 };
    Some((digits.checked_mul(unit)? / scale, slack))
}

impl Rate {
    /// Whether this rate over `times` can be `annual`, as far as both are rounded.
    fn can_be(self, annual: Self, times: i64) -> bool {
        let (Some(value), Some(slack)) = (self.value.checked_mul(times), self.slack.checked_mul(times))
        else {
            return true;
        };
        (value - annual.value).abs() <= slack + annual.slack
    }

    /// How `annual` follows from this rate: by how many days or months a year; `None` when it does not.
    pub fn year_of(self, annual: Self) -> Option<i64> {
        let years: &[i64] = match self.period {
            Period::Day => &[360, 365],
            Period::Month => &[12],
            Period::Year => &[1],
        };
        // What fits exactly is said before what fits by rounding.
        let exact = |times: &&i64| {
            self.value.checked_mul(**times).is_some_and(|v| (v - annual.value).abs() <= annual.slack)
        };
        years.iter().find(exact).or_else(|| years.iter().find(|times| self.can_be(annual, **times))).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Period, read};
    use crate::facts::entities::find;

    fn years(text: &str) -> Option<Option<i64>> {
        let rates = read(text, &find(text));
        let annual = *rates.iter().find(|rate| rate.period == Period::Year)?;
        let other = *rates.iter().find(|rate| rate.period != Period::Year)?;
        Some(other.year_of(annual))
    }

    #[test]
    fn annual_rates_follow_from_daily_ones() {
        assert_eq!(years("日利率0.05%(年化18.25%)"), Some(Some(365)));
        assert_eq!(years("日利率0.05%,年化18%"), Some(Some(360)));
        assert_eq!(years("日利率0.05%,年化24%"), Some(None));
        assert_eq!(years("日利率0.066%,年化24%"), Some(Some(360)));
        assert_eq!(years("日息万分之5,年利率18%"), Some(Some(360)));
        assert_eq!(years("月利率1.5%,年化18%"), Some(Some(12)));
        assert_eq!(years("2% a month, apr 36%"), Some(None));
        assert_eq!(years("月利率2%,年利率18%"), Some(None));
        assert_eq!(years("年化18%"), None);
    }
}
