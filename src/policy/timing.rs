//! `--timing`: how long each rule took, over all threads.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Time and calls by the number of a rule; behind the last rule, what all rules share: the search for their words.
#[derive(Debug, Default)]
pub struct Timing(Vec<Clock>);

#[derive(Debug, Default)]
struct Clock {
    nanoseconds: AtomicU64,
    calls: AtomicU64,
}

/// What was measured of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Its number; one more than the last rule's for what all share.
    pub rule: usize,
    /// Nanoseconds, of all threads together.
    pub nanoseconds: u64,
    /// How often it was asked.
    pub calls: u64,
}

impl Timing {
    /// Clocks for so many rules.
    pub fn of(rules: usize) -> Self {
        Self((0..=rules).map(|_| Clock::default()).collect())
    }

    /// Does `work` for the rule of that number.
    pub fn during<T>(&self, rule: usize, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        if let Some(clock) = self.0.get(rule) {
            let spent = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
            clock.nanoseconds.fetch_add(spent, Ordering::Relaxed);
            clock.calls.fetch_add(1, Ordering::Relaxed);
        }
        done
    }

    /// What was measured, the longest first; rules that were never asked are left out.
    pub fn spent(&self) -> Vec<Spent> {
        let spent = |(rule, clock): (usize, &Clock)| Spent {
            rule,
            nanoseconds: clock.nanoseconds.load(Ordering::Relaxed),
            calls: clock.calls.load(Ordering::Relaxed),
        };
        let mut all: Vec<Spent> =
            self.0.iter().enumerate().map(spent).filter(|spent| spent.calls > 0).collect();
        all.sort_by_key(|spent| (std::cmp::Reverse(spent.nanoseconds), spent.rule));
        all
    }
}

/// Does `work`, measured if somebody asked.
pub fn timed<T>(timing: Option<&Timing>, rule: usize, work: impl FnOnce() -> T) -> T {
    match timing {
        Some(timing) => timing.during(rule, work),
        None => work(),
    }
}
