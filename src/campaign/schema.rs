//! A campaign as its file declares it. Times of day are minutes after local midnight, days count from the due
//! date (0), negative before it. Spans count in the text of the file.

use crate::source::Span;
use jiff::civil::{Date, Weekday};
use std::sync::Arc;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub at: Span,
}

/// One campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The file.
    pub path: Arc<str>,
    /// Its name, unique among the campaigns of a run.
    pub id: Declared<String>,
    /// The recipient's time zone, an IANA name that is known.
    pub timezone: Option<Declared<String>>,
    /// Zones in which recipients may live, beside `timezone` or instead of it; IANA names that are known.
    pub recipients: Vec<Declared<String>>,
    /// Where the borrower is.
    pub jurisdiction: Option<Declared<String>>,
    /// How often one borrower may be in the campaign at once, from 1.
    pub loans: u32,
    /// Campaigns of one group can reach the same borrower.
    pub group: Option<Declared<String>>,
    /// The campaign's own caps.
    pub caps: Caps,
    /// The campaign's own quiet hours.
    pub quiet: Option<Declared<Hours>>,
    /// Whether the borrower agreed to be written to outside the permitted hours.
    pub consent: bool,
    /// What ends the campaign for a borrower.
    pub stop_on: Option<Declared<Vec<String>>>,
    /// The local date of day 0: clock changes and weekdays count from it.
    pub anchor: Option<Declared<Date>>,
    /// Whose sending limits hold.
    pub platform: Option<Declared<String>>,
    /// The weekdays on which anything is sent; empty: all.
    pub send_on: Vec<Weekday>,
    /// Whether nothing is sent on public holidays.
    pub skips_holidays: bool,
    /// Public holidays, as declared.
    pub holidays: Vec<Date>,
    /// Whether it was read from the shape of another system, which names its messages in its own way.
    pub is_foreign: bool,
    /// The sends, in the order of the file.
    pub steps: Vec<Step>,
}

/// Caps; an absent one, or one of 0, is none.
#[derive(Clone, Debug, Default)]
pub struct Caps {
    /// Sends on a calendar day of the recipient.
    pub per_day: Option<Cap>,
    /// Sends in any 168 hours.
    pub per_7_days: Option<Cap>,
    /// Minutes between two sends.
    pub min_gap: Option<Cap>,
}

/// One cap and where it stands.
pub type Cap = Declared<u32>;

/// Hours of the day, half open: from the first minute to before the second. The second may be smaller: then they
/// go over midnight. Equal bounds are the whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First minute of the day, 0 to 1440.
    pub from: u16,
    /// First minute behind it, 0 to 1440.
    pub to: u16,
}

impl Hours {
    /// Whether the minute of the day `minute` lies in them.
    pub const fn contains(self, minute: u16) -> bool {
        let (from, to) = (self.from % 1440, self.to);
        if from < to { from <= minute && minute < to } else { from <= minute || minute < to }
    }
}

/// When a step sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// At this minute of the day.
    At(u16),
    /// At some minute of these hours; over midnight if `to` is smaller.
    Within(Hours),
}

impl Window {
    /// First minute of the day.
    pub const fn from(self) -> u16 {
        match self {
            Self::At(minute) => minute,
            Self::Within(hours) => hours.from,
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// The whole table.
    pub at: Span,
    /// The message it sends.
    pub template: Declared<String>,
    /// Days after the due date.
    pub day: Declared<i32>,
    /// How it is sent; `sms` when not said.
    pub channel: Option<String>,
    /// When on that day.
    pub window: Declared<Window>,
    /// Separate sends, from 1.
    pub attempts: Declared<u32>,
    /// Least minutes between them.
    pub gap: u32,
    /// On which further days.
    pub repeat: Option<Declared<Repeat>>,
}

/// `repeat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// From 1.
    pub every_days: u32,
    /// The last day on which it may be sent.
    pub until_day: i32,
}
