//! Local days and times as minutes on one line, with the clock changes of a zone where the date of day 0 is known.
//!
//! Begin at [`Clock`]. Zones come from jiff with its bundled database, so that the answer is the same on every
//! machine and without one. A local time that a clock change leaves out means as much later; one that the clock shows
//! twice means the first time. Both are what calendars do (RFC 5545) and what jiff calls compatible.

use super::DAY;
use crate::spanned::nearest;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;

/// How far from the due date a day may be. A hundred years are more than any debt lives.
pub const FARTHEST: i32 = 36_600;

/// Noon of 1 January 2026, UTC: zones are compared over the year that begins there.
const NOON: i64 = 1_767_268_800;

/// From local days and times to minutes, and back. Minute 0 is the midnight with which day 0 begins.
#[derive(Clone, Debug)]
pub enum Clock {
    /// Every day has 24 hours.
    Even,
    /// Every day has 24 hours, and the clock is so many minutes ahead of the one that minutes count by.
    Ahead(i64),
    /// The days of a zone, from the date of day 0.
    Zoned {
        /// The zone.
        zone: TimeZone,
        /// The local date of day 0.
        anchor: Date,
        /// The minute of the epoch that is minute 0.
        base: i64,
    },
}

/// The zone called `name`.
pub fn zone(name: &str) -> Option<TimeZone> {
    jiff::tz::db().get(name).ok()
}

/// The known zone most like `name`.
pub fn nearest_zone(name: &str) -> Option<String> {
    let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
    // Many know only the city.
    let city =
        known.iter().find(|zone| zone.rsplit('/').next().is_some_and(|c| c.eq_ignore_ascii_case(name)));
    city.cloned().or_else(|| nearest(name, known.iter().map(String::as_str)).map(str::to_owned))
}

impl Clock {
    /// The clock of `zone` with day 0 at `anchor`; without either, that of even days.
    pub fn new(zone: Option<TimeZone>, anchor: Option<Date>) -> Self {
        let zoned = zone.zip(anchor).and_then(|(zone, anchor)| {
            let base = epoch_minute(&zone, anchor, 0)?;
            Some(Self::Zoned { zone, anchor, base })
        });
        zoned.unwrap_or(Self::Even)
    }

    /// The minute at which `day` shows `minute` (0 to 1440: the midnight at its end).
    pub fn minute(&self, day: i32, minute: u16) -> i64 {
        let even = i64::from(day) * DAY + i64::from(minute);
        match self {
            Self::Even => even,
            Self::Ahead(minutes) => even - minutes,
            Self::Zoned { zone, anchor, base } => {
                let (day, minute) = if minute >= 1440 { (day.saturating_add(1), 0) } else { (day, minute) };
                let date = anchor.checked_add(i64::from(day).days()).ok();
                date.and_then(|date| epoch_minute(zone, date, minute)).map_or(even, |at| at - base)
            }
        }
    }

    /// The midnight with which `day` begins.
    pub fn midnight(&self, day: i32) -> i64 {
        self.minute(day, 0)
    }

    /// The local day and the minute of the day that the clock shows at `minute`.
    pub fn local(&self, minute: i64) -> (i32, u16) {
        let ahead = if let Self::Ahead(minutes) = self { *minutes } else { 0 };
        let even = || {
            let shown = minute + ahead;
            let day = i32::try_from(shown.div_euclid(DAY)).unwrap_or(i32::MAX);
            (day, u16::try_from(shown.rem_euclid(DAY)).unwrap_or(0))
        };
        let Self::Zoned { zone, anchor, base } = self else { return even() };
        let Ok(at) = Timestamp::from_second((minute + base) * 60) else { return even() };
        let shown = zone.to_datetime(at);
        let days = anchor.until(shown.date()).map_or(0, |span| span.get_days());
        let hour = u16::try_from(shown.hour()).unwrap_or(0);
        (days, hour * 60 + u16::try_from(shown.minute()).unwrap_or(0))
    }

    /// Whether the clock is changed between two minutes.
    pub fn changes_between(&self, from: i64, to: i64) -> bool {
        let Self::Zoned { zone, base, .. } = self else { return false };
        let offset = |minute: i64| {
            let at = Timestamp::from_second((minute + base) * 60).ok()?;
            Some(zone.to_offset(at))
        };
        offset(from) != offset(to)
    }

    /// The date of `day`, where it is known.
    pub fn date(&self, day: i32) -> Option<Date> {
        match self {
            Self::Even | Self::Ahead(_) => None,
            Self::Zoned { anchor, .. } => anchor.checked_add(i64::from(day).days()).ok(),
        }
    }

    /// What clocks in `there` show while this one, of the zone `here`, counts: one clock where the date of day 0 is
    /// known, else one for each distance that the two zones have from each other at noon on some day of a year.
    pub fn elsewhere(&self, here: &TimeZone, there: &TimeZone) -> Vec<Self> {
        if let Self::Zoned { anchor, base, .. } = self {
            return vec![Self::Zoned { zone: there.clone(), anchor: *anchor, base: *base }];
        }
        let noon = |day: i64| Timestamp::from_second(NOON + day * 86_400).ok();
        let seconds = |zone: &TimeZone, at| i64::from(zone.to_offset(at).seconds());
        let distance = |at| (seconds(there, at) - seconds(here, at)).div_euclid(60);
        let distances: BTreeSet<i64> = (0..366).filter_map(noon).map(distance).collect();
        distances.into_iter().map(Self::Ahead).collect()
    }

    /// The weekday of `day`, where it is known.
    pub fn weekday(&self, day: i32) -> Option<Weekday> {
        self.date(day).map(Date::weekday)
    }
}

/// The minute of the epoch at which `zone` shows `minute` on `date`.
fn epoch_minute(zone: &TimeZone, date: Date, minute: u16) -> Option<i64> {
    let hour = i8::try_from(minute / 60).ok()?;
    let time = Time::new(hour, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
    let at = zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()?;
    Some(at.as_second().div_euclid(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn clock_changes_count_from_an_anchor() {
        let clock = Clock::new(zone("America/New_York"), Some(date(2026, 3, 7)));
        assert_eq!(clock.midnight(2) - clock.midnight(1), 23 * 60, "the clock goes forward on day 1");
        assert_eq!(clock.minute(1, 150), clock.minute(1, 210), "02:30 is not shown and means 03:30");
        assert_eq!(clock.local(clock.minute(1, 600)), (1, 600));
        let autumn = Clock::new(zone("America/New_York"), Some(date(2026, 10, 31)));
        assert_eq!(autumn.midnight(2) - autumn.midnight(1), 25 * 60);
        assert_eq!(autumn.minute(1, 90), autumn.midnight(1) + 90, "01:30 is shown twice and means the first");
        assert!(autumn.changes_between(autumn.midnight(1), autumn.midnight(2)));
        assert_eq!(Clock::new(zone("Asia/Shanghai"), None).local(-1), (-1, 1439));
    }

    #[test]
    fn clocks_elsewhere_show_other_times() {
        let (here, there) = (zone("America/New_York").unwrap(), zone("America/Phoenix").unwrap());
        let clocks = Clock::Even.elsewhere(&here, &there);
        let shown: Vec<_> = clocks.iter().map(|clock| clock.local(600)).collect();
        assert_eq!(shown, [(0, 420), (0, 480)], "Arizona does not change its clocks");
        assert_eq!(clocks[0].minute(0, 420), 600);
        let dated = Clock::new(zone("America/New_York"), Some(date(2026, 7, 1)));
        let [clock] = dated.elsewhere(&here, &there).try_into().unwrap();
        assert_eq!((clock.local(600), clock.minute(0, 420)), ((0, 420), 600));
        assert_eq!(clock.local(60), (-1, 1320), "yesterday over there");
    }

    #[test]
    fn zones_are_bundled_and_named_nearly() {
        assert!(zone("Asia/Shanghai").is_some() && zone("Asia/Shangai").is_none());
        assert_eq!(nearest_zone("Asia/Shangai").as_deref(), Some("Asia/Shanghai"));
        assert_eq!(nearest_zone("Taipei").as_deref(), Some("Asia/Taipei"));
    }
}
