//! The steps of campaigns spread over the days.
//!
//! Begin at [`Plan::of`]. A [`Send`] is one step on one day: some attempts that may stand anywhere in its window, as
//! long as they keep their distance. Sends do not depend on each other, which is what makes the worst case exact.

use super::clock::{Clock, zone};
use super::schema::{Campaign, Window};
use crate::problem::Problem;
use crate::words::Words;

/// The most single sends of one group of campaigns, over all its days and loans.
const MOST: u64 = 2_000_000;

/// One step on one day. Its attempts are numbered from 0; attempt `i` can be sent at any minute from
/// [`Send::earliest`] to [`Send::latest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// Place of its campaign in the plan.
    pub campaign: usize,
    /// Place of its step in the campaign.
    pub step: usize,
    /// First minute of the window.
    pub start: i64,
    /// First minute behind the window.
    pub end: i64,
    /// Attempts that fit, from 1.
    pub count: u32,
    /// Least minutes between attempts.
    pub gap: i64,
    /// How often all this happens at once: loans of the borrower, from 1.
    pub loans: u32,
}

/// Attempts of one send, one [`Send::gap`] after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// When the first is sent.
    pub at: i64,
    /// How many they are, from 1.
    pub count: u32,
}

impl Send {
    /// The first minute at which attempt `i` can be sent, if all before it are.
    pub fn earliest(&self, i: u32) -> i64 {
        self.start + i64::from(i) * self.gap
    }

    /// The last minute at which attempt `i` can be sent, if all behind it still fit.
    pub fn latest(&self, i: u32) -> i64 {
        self.end - 1 - i64::from(self.count.saturating_sub(1 + i)) * self.gap
    }

    /// The most attempts that can be sent from minute `x` to before `y` when all of them are sent, as early as can
    /// be.
    pub fn most_in(&self, x: i64, y: i64) -> Option<Run> {
        // The first attempt that need not have been sent before `x`: with an earlier one there would be as many
        // or fewer, since all that follow it come as much earlier.
        let late = x - self.latest(0);
        let first = match (late > 0, self.gap) {
            (false, _) => 0,
            (true, 0) => return None,
            (true, gap) => u32::try_from((late + gap - 1) / gap).unwrap_or(u32::MAX),
        };
        let left = self.count.checked_sub(first).filter(|left| *left > 0)?;
        let at = x.max(self.earliest(first));
        let room = y - 1 - at;
        if room < 0 {
            return None;
        }
        let fit = if self.gap == 0 { left } else { u32::try_from(room / self.gap + 1).unwrap_or(u32::MAX) };
        Some(Run { at, count: left.min(fit) })
    }
}

/// What the campaigns of one group send to one borrower.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its clock.
    pub clock: Clock,
    /// Its sends, in the order of campaigns, steps and days.
    pub sends: Vec<Send>,
    /// Attempts that do not fit their window: campaign, step, how many of a send.
    pub dropped: Vec<(usize, usize, u32)>,
}

impl Plan {
    /// The plan of `campaigns`, which count days from the same due date.
    ///
    /// # Errors
    /// A problem when there are more sends than can be weighed.
    pub fn of(campaigns: &[&Campaign]) -> Result<Self, Box<Problem>> {
        let clock = clock_of(campaigns);
        let mut plan = Self { clock, sends: Vec::new(), dropped: Vec::new() };
        let mut all = 0u64;
        for (number, campaign) in campaigns.iter().enumerate() {
            for step in 0..campaign.steps.len() {
                all += plan.add(number, campaign, step, MOST.saturating_sub(all));
                if all > MOST {
                    return Err(Box::new(too_many(campaign)));
                }
            }
        }
        Ok(plan)
    }

    /// Adds the sends of a step, of which there may be `left`; how many they are.
    fn add(&mut self, campaign: usize, declared: &Campaign, number: usize, left: u64) -> u64 {
        let Some(step) = declared.steps.get(number) else { return 0 };
        let (every, until) = match &step.repeat {
            Some(repeat) => (repeat.value.every_days.max(1), repeat.value.until_day),
            None => (1, step.day.value),
        };
        let gap = i64::from(step.gap);
        let (mut all, mut dropped) = (0u64, 0);
        let mut day = step.day.value;
        while day <= until && all <= left {
            let (start, end) = self.window(day, step.window.value);
            let fit = if gap == 0 { i64::from(u32::MAX) } else { (end - start - 1) / gap + 1 };
            let count = step.attempts.value.min(u32::try_from(fit).unwrap_or(u32::MAX));
            dropped = dropped.max(step.attempts.value - count);
            all += u64::from(count) * u64::from(declared.loans);
            let loans = declared.loans;
            self.sends.push(Send { campaign, step: number, start, end, count, gap, loans });
            let Some(next) = i32::try_from(every).ok().and_then(|every| day.checked_add(every)) else {
                break;
            };
            day = next;
        }
        if dropped > 0 {
            self.dropped.push((campaign, number, dropped));
        }
        all
    }

    /// The minutes of a window that begins on `day`. One that a clock change leaves out is one minute.
    fn window(&self, day: i32, window: Window) -> (i64, i64) {
        match window {
            Window::At(minute) => {
                let at = self.clock.minute(day, minute);
                (at, at + 1)
            }
            Window::Within(hours) => {
                let last = if hours.to <= hours.from { day.saturating_add(1) } else { day };
                let start = self.clock.minute(day, hours.from);
                (start, self.clock.minute(last, hours.to).max(start + 1))
            }
        }
    }
}

/// The clock of a group: that of the first campaign that says on which date its day 0 is.
fn clock_of(campaigns: &[&Campaign]) -> Clock {
    let dated = campaigns.iter().find(|campaign| campaign.anchor.is_some() && campaign.timezone.is_some());
    let Some(campaign) = dated else { return Clock::Even };
    let zone = campaign.timezone.as_ref().and_then(|name| zone(&name.value));
    Clock::new(zone, campaign.anchor.as_ref().map(|anchor| anchor.value))
}

fn too_many(campaign: &Campaign) -> Problem {
    let words = Words::new(
        format!("`{}` plans more sends than can be weighed ({MOST})", campaign.id.value),
        format!("`{}` 计划的发送次数超过可分析的上限（{MOST}）", campaign.id.value),
    );
    Problem::error("too-many-sends", words).in_file(&campaign.path).at(campaign.id.at)
}
