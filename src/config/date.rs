//! Days: when a suppression ends, and today.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the proleptic Gregorian calendar; compares in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if there is such a one.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |width: usize| {
            let part = parts.next().filter(|p| p.len() == width && p.bytes().all(|b| b.is_ascii_digit()))?;
            part.parse::<u16>().ok()
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return None;
        }
        Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Today in UTC, by the system's clock.
    pub fn today() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        Self::of_unix_day(seconds / 86_400)
    }

    /// Days from `earlier` to this day; less than 0 when this one is the earlier.
    pub fn days_after(self, earlier: Self) -> i64 {
        self.number() - earlier.number()
    }

    /// Days since the first of March of the year 0, in which the day added in leap years is a year's last.
    fn number(self) -> i64 {
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + i64::from(self.day)
    }

    /// The day that is `days` days after 1970-01-01.
    fn of_unix_day(mut days: u64) -> Self {
        let mut date = Self { year: 1970, month: 1, day: 1 };
        let length = |year: u16| 365 + u64::from(Self::new(year, 2, 29).is_some());
        while days >= length(date.year) && date.year < 9999 {
            days -= length(date.year);
            date.year += 1;
        }
        for month in 1..=12 {
            let last = (28..=31).rev().find(|day| Self::new(date.year, month, *day).is_some()).unwrap_or(31);
            if days < u64::from(last) {
                let day = u8::try_from(days).unwrap_or(0) + 1;
                return Self { year: date.year, month, day };
            }
            days -= u64::from(last);
        }
        date
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2027-02-29", "2027-13-01", "2027-00-10", "2027-1-1", "27-01-01", "2027-01-01-", "x"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(Date::parse("2028-02-29").map(|d| d.to_string()).as_deref(), Some("2028-02-29"));
    }

    #[test]
    fn days_are_counted_between_dates() {
        let day = |text| Date::parse(text).unwrap();
        for (from, to, days) in [
            ("2026-12-31", "2027-01-01", 1),
            ("2028-02-28", "2028-03-01", 2),
            ("2027-02-28", "2027-03-01", 1),
            ("2000-01-01", "2400-01-01", 146_097),
            ("2027-06-30", "2027-06-29", -1),
        ] {
            assert_eq!(day(to).days_after(day(from)), days, "{from} {to}");
        }
    }

    #[test]
    fn unix_days_become_dates() {
        assert_eq!(Date::of_unix_day(0).to_string(), "1970-01-01");
        assert_eq!(Date::of_unix_day(19_782).to_string(), "2024-02-29");
        assert_eq!(Date::of_unix_day(20_818).to_string(), "2026-12-31");
    }
}
