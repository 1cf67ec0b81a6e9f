//! The worst case over every placement of the sends, exactly.
//!
//! Why it is exact. Sends do not depend on each other, so the most that can fall into a stretch of time is the sum
//! of the most of each send ([`Send::most_in`]): a placement that is worst for each of them exists. What is left
//! is to try enough stretches.
//!
//! - *Days* are given: every day that a window touches is tried.
//! - *Sliding windows* `[t, t + w)`: when `t` grows, what a send can put into the window only grows where the window's end
//!   reaches the earliest minute of an attempt, and only shrinks where its start leaves the latest minute of one. The
//!   sum is therefore largest right behind one of the former. All these places are visited in order, with what each
//!   changes, which costs `n log n`. The first best place also has the earliest first send, since no send in the window
//!   can come earlier when the window moves on.
//! - *Gaps*: two attempts of different sends can come as near as the stretches in which each can stand; two of
//!   one send, their least gap; two loans, no distance at all.

use super::clock::Clock;
use super::plan::{Run, Send};
use super::schema::Hours;
use std::collections::BTreeMap;

/// A single send at a certain minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    /// When.
    pub at: i64,
    /// Place of the send in the list that was asked about.
    pub send: usize,
}

/// The most sends of some stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peak {
    /// How many.
    pub count: u64,
    /// First minute of the stretch.
    pub from: i64,
    /// First minute behind it.
    pub to: i64,
}

impl Peak {
    /// The placement that reaches it, in the order of time; `count` sends.
    pub fn placement(&self, sends: &[Send]) -> Vec<Placed> {
        let mut placed = Vec::new();
        for (number, send) in sends.iter().enumerate() {
            let Some(run) = send.most_in(self.from, self.to) else { continue };
            for i in 0..run.count {
                let at = run.at + i64::from(i) * send.gap;
                placed.extend((0..send.loans).map(|_| Placed { at, send: number }));
            }
        }
        placed.sort_unstable();
        placed
    }
}

/// The most sends on a local day, the earliest of several.
pub fn per_day(sends: &[Send], clock: &Clock) -> Option<Peak> {
    let mut days: BTreeMap<i32, (u64, i64, i64)> = BTreeMap::new();
    for send in sends {
        let (mut day, last) = (clock.local(send.start).0, clock.local(send.end - 1).0);
        while day <= last {
            let next = day.saturating_add(1);
            let entry = days.entry(day).or_insert_with(|| (0, clock.midnight(day), clock.midnight(next)));
            entry.0 += most(send, entry.1, entry.2);
            day = next;
        }
    }
    let best = days.values().map(|(count, ..)| *count).max().filter(|count| *count > 0)?;
    let (count, from, to) = days.into_values().find(|(count, ..)| *count == best)?;
    Some(Peak { count, from, to })
}

/// The most sends in any stretch of `width` minutes (from 1): the one with the earliest first send.
pub fn sliding(sends: &[Send], width: i64) -> Option<Peak> {
    let mut changes: Vec<(i64, i64)> = Vec::with_capacity(2 * sends.len());
    let mut places = Vec::new();
    for send in sends {
        if send.count == 1 || send.gap == 0 {
            let weight = i64::from(send.count) * i64::from(send.loans);
            changes.push((send.start - width + 1, weight));
            changes.push((send.end, -weight));
            continue;
        }
        places.clear();
        places.extend((0..send.count).flat_map(|i| [send.earliest(i) - width + 1, send.latest(i) + 1]));
        places.sort_unstable();
        places.dedup();
        let mut before = 0;
        for t in &places {
            let now = most(send, *t, *t + width).cast_signed();
            changes.push((*t, now - before));
            before = now;
        }
    }
    changes.sort_unstable();
    let (mut sum, mut best) = (0i64, (0i64, 0i64));
    let mut rest = changes.as_slice();
    while let Some((t, _)) = rest.first().copied() {
        let here = rest.partition_point(|(at, _)| *at <= t);
        let (now, later) = rest.split_at(here);
        sum += now.iter().map(|(_, change)| change).sum::<i64>();
        if sum > best.0 {
            best = (sum, t);
        }
        rest = later;
    }
    let (count, from) = best;
    (count > 0).then(|| Peak { count: count.cast_unsigned(), from, to: from + width })
}

/// What a send can put into a stretch, for all loans.
fn most(send: &Send, from: i64, to: i64) -> u64 {
    send.most_in(from, to).map_or(0, |run: Run| u64::from(run.count) * u64::from(send.loans))
}

/// The smallest distance of two sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// In minutes.
    pub minutes: i64,
    /// The two, in the order of time.
    pub sends: [Placed; 2],
}

/// The smallest distance that two of `sends` can have, the earliest of several; `None` of fewer than two.
pub fn nearest(sends: &[Send]) -> Option<Nearest> {
    let mut stretches: Vec<(i64, i64, usize)> = Vec::new();
    let mut best: Option<Nearest> = None;
    let better = |best: &Option<Nearest>, minutes: i64, at: i64| {
        best.is_none_or(|b| (minutes, at) < (b.minutes, b.sends[0].at))
    };
    for (number, send) in sends.iter().enumerate() {
        let alone = if send.gap == 0 { 1 } else { send.count };
        stretches.extend((0..alone).map(|i| (send.earliest(i), send.latest(i), number)));
        let own = match (send.loans, send.count) {
            (1, 1) => continue,
            (1, _) => send.gap,
            _ => 0,
        };
        if better(&best, own, send.start) {
            let at = |at| Placed { at, send: number };
            best = Some(Nearest { minutes: own, sends: [at(send.start), at(send.start + own)] });
        }
    }
    stretches.sort_unstable();
    // The stretches that reach farthest so far, of two different sends.
    let mut reach: [Option<(i64, usize)>; 2] = [None, None];
    for (start, end, number) in stretches {
        let other = reach.iter().flatten().find(|(_, of)| *of != number);
        if let Some(&(last, of)) = other {
            let minutes = (start - last).max(0);
            let first = start - minutes;
            if better(&best, minutes, first) {
                let sends = [Placed { at: first, send: of }, Placed { at: start, send: number }];
                best = Some(Nearest { minutes, sends });
            }
        }
        match reach {
            [Some((far, of)), _] if of == number => reach[0] = Some((far.max(end), of)),
            [Some((far, _)), _] if end > far => reach = [Some((end, number)), reach[0]],
            [Some(_), Some((far, of))] if of == number || end > far => {
                reach[1] = Some((far.max(end), number));
            }
            [Some(_), None] => reach[1] = Some((end, number)),
            [None, _] => reach[0] = Some((end, number)),
            _ => {}
        }
    }
    best
}

/// The first minute of `hours` at which an attempt of `send` can be sent.
pub fn within(send: &Send, hours: Hours, clock: &Clock) -> Option<i64> {
    let alone = if send.gap == 0 { 1 } else { send.count };
    let changes = clock.changes_between(send.start, send.end);
    (0..alone).find_map(|i| {
        let (from, to) = (send.earliest(i), send.latest(i));
        if changes {
            return (from..=to).find(|at| hours.contains(clock.local(*at).1));
        }
        let (_, shown) = clock.local(from);
        let wait = if hours.contains(shown) {
            0
        } else {
            (i64::from(hours.from) - i64::from(shown)).rem_euclid(super::DAY)
        };
        (from + wait <= to).then_some(from + wait)
    })
}
