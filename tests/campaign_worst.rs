//! The worst case of a campaign is exact: random campaigns are also weighed by trying every placement of their sends.
//!
//! `DUNLINT_CAMPAIGNS=100000 cargo test --test campaign_worst` tries that many; a failure names the seed and prints the
//! campaign. The oracle shares nothing with the program but the reading of the file and, with `anchor_date`, the clock.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::campaign::clock::Clock;
use dunlint::campaign::group::{Case, Group, cases};
use dunlint::campaign::plan::Send;
use dunlint::campaign::{DAY, Hours, SEVEN_DAYS, worst};
use dunlint::judge::Circumstances;
use dunlint::source::Source;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// A generator of its own, so that a seed means the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

/// The most joint placements that are tried.
const MOST: u64 = 400;

fn clock_time(minute: u64) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// A campaign with few placements: windows of some minutes that lie near each other and near midnight, so that
/// all that can meet does.
fn campaign(dice: &mut Dice, name: &str, dated: bool) -> String {
    let mut text = format!("[campaign]\nid = \"{name}\"\ngroup = \"g\"\n");
    if dated {
        // Clocks of New York change on days 1 (forward) and, from the other date, 1 (back).
        let date = if dice.one_in(2) { "2026-03-07" } else { "2026-10-31" };
        writeln!(text, "timezone = \"America/New_York\"\nanchor_date = {date}").unwrap();
    }
    if dice.one_in(6) {
        text.push_str("loans_per_borrower = 2\n");
    }
    for step in 0..1 + dice.roll(3) {
        let day = [0, 0, 1, 1, 2, 7, 8][dice.roll(7) as usize];
        let base = [1436, 1436, 600, 118][dice.roll(4) as usize];
        let from = base + dice.roll(6);
        writeln!(text, "[[steps]]\ntemplate = \"t{step}\"\nday = {day}").unwrap();
        if dice.one_in(4) {
            writeln!(text, "at = \"{}\"", clock_time(from)).unwrap();
        } else {
            let to = from + 1 + dice.roll(7);
            writeln!(text, "from = \"{}\"\nto = \"{}\"", clock_time(from), clock_time(to)).unwrap();
        }
        if dice.one_in(2) {
            writeln!(text, "attempts = {}\ngap_minutes = {}", 1 + dice.roll(3), dice.roll(5)).unwrap();
        }
        if dice.one_in(5) {
            let (every, until) = (1 + dice.roll(7), day + dice.roll(9));
            writeln!(text, "repeat = {{ every_days = {every}, until_day = {until} }}").unwrap();
        }
    }
    text
}

/// Every way to place the attempts of a send, in order and at their distance.
fn placements(send: &Send) -> Vec<Vec<i64>> {
    let mut all: Vec<Vec<i64>> = vec![Vec::new()];
    for _ in 0..send.count {
        let longer = all.iter().flat_map(|placed| {
            let first = placed.last().map_or(send.start, |last| last + send.gap);
            (first..send.end).map(move |at| [placed.as_slice(), &[at]].concat())
        });
        all = longer.collect();
    }
    all
}

/// What trying everything finds.
#[derive(Default)]
struct Brute {
    per_day: Option<(u64, i32)>,
    windows: Vec<(i64, Option<(u64, i64)>)>,
    gap: Option<i64>,
}

impl Brute {
    fn of(sends: &[Send], clock: &Clock, widths: &[i64]) -> Option<Self> {
        let ways: Vec<Vec<Vec<i64>>> = sends.iter().map(placements).collect();
        let product = ways
            .iter()
            .try_fold(1u64, |all, ways| all.checked_mul(ways.len() as u64).filter(|all| *all <= MOST))?;
        let mut brute =
            Self { windows: widths.iter().map(|width| (*width, None)).collect(), ..Self::default() };
        for number in 0..product {
            let (mut rest, mut times) = (number, Vec::new());
            for (send, ways) in sends.iter().zip(&ways) {
                let chosen = &ways[(rest % ways.len() as u64) as usize];
                rest /= ways.len() as u64;
                (0..send.loans).for_each(|_| times.extend_from_slice(chosen));
            }
            times.sort_unstable();
            brute.weigh(&times, clock);
        }
        Some(brute)
    }

    fn weigh(&mut self, times: &[i64], clock: &Clock) {
        for at in times {
            let day = clock.local(*at).0;
            let count = times.iter().filter(|other| clock.local(**other).0 == day).count() as u64;
            let best = self.per_day.get_or_insert((count, day));
            if (count, -day) > (best.0, -best.1) {
                *best = (count, day);
            }
        }
        for (width, best) in &mut self.windows {
            for at in times {
                let count = times.iter().filter(|other| (*at..at + *width).contains(*other)).count() as u64;
                let best = best.get_or_insert((count, *at));
                if (count, -at) > (best.0, -best.1) {
                    *best = (count, *at);
                }
            }
        }
        for pair in times.windows(2) {
            let gap = pair[1] - pair[0];
            self.gap = Some(self.gap.map_or(gap, |best| best.min(gap)));
        }
    }
}

/// The windows of the steps, without what the program makes of them: only where every day has 24 hours.
fn sends_by_hand(cases: &[Case]) -> Vec<Send> {
    let mut sends = Vec::new();
    for (campaign, case) in cases.iter().enumerate() {
        for (number, step) in case.campaign.steps.iter().enumerate() {
            let (every, until) = step
                .repeat
                .as_ref()
                .map_or((1, step.day.value), |repeat| (repeat.value.every_days, repeat.value.until_day));
            for day in (step.day.value..=until).step_by(every as usize) {
                let (from, length) = match step.window.value {
                    dunlint::campaign::Window::At(minute) => (i64::from(minute), 1),
                    dunlint::campaign::Window::Within(Hours { from, to }) => {
                        let length = (i64::from(to) - i64::from(from)).rem_euclid(DAY);
                        (i64::from(from), length)
                    }
                };
                let start = i64::from(day) * DAY + from;
                let gap = i64::from(step.gap);
                let fit =
                    (1..=step.attempts.value).filter(|n| i64::from(n - 1) * gap < length).max().unwrap();
                let loans = case.campaign.loans;
                sends.push(Send {
                    campaign,
                    step: number,
                    start,
                    end: start + length,
                    count: fit,
                    gap,
                    loans,
                });
            }
        }
    }
    sends
}

fn read(texts: &[String]) -> Vec<Case> {
    let mut all = Vec::new();
    for text in texts {
        let source = Source::from_text("campaign.toml", text.clone());
        let (found, problems) = cases(&source, None, Vec::new(), &Circumstances::default());
        assert!(problems.is_empty(), "{problems:#?}\n{text}");
        all.extend(found);
    }
    all
}

/// Weighs one random group of campaigns both ways; whether it was small enough.
fn try_one(seed: u64) -> bool {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let dated = dice.one_in(3);
    let mut texts = vec![campaign(&mut dice, "a", dated)];
    if dice.one_in(3) {
        let other = campaign(&mut dice, "b", false);
        texts.push(other);
    }
    let quiet = Hours { from: (1430 + dice.roll(12) as u16) % 1440, to: dice.roll(9) as u16 + 1 };
    let found = read(&texts);
    let (groups, _) = Group::all(&found);
    let [group] = groups.as_slice() else { panic!("one group") };
    let sends = &group.plan.sends;
    let clock = group.clock();
    let told = || format!("seed {seed}\n{}", texts.join("\n"));
    if matches!(clock, Clock::Even) {
        assert_eq!(sends, &sends_by_hand(&found), "{}", told());
    }
    let widths = [SEVEN_DAYS, DAY, 60, 1 + dice.roll(9) as i64];
    let Some(brute) = Brute::of(sends, clock, &widths) else { return false };
    let per_day = worst::per_day(sends, clock);
    assert_eq!(
        per_day.as_ref().map(|peak| (peak.count, clock.local(peak.from).0)),
        brute.per_day,
        "per day, {}",
        told()
    );
    for (width, best) in &brute.windows {
        let peak = worst::sliding(sends, *width);
        let found = peak.as_ref().map(|peak| (peak.count, peak.placement(sends)[0].at));
        assert_eq!(found, *best, "{width} minutes, {}", told());
    }
    for peak in per_day.iter().chain(&worst::sliding(sends, SEVEN_DAYS)) {
        let placed = peak.placement(sends);
        assert_eq!(placed.len() as u64, peak.count, "{}", told());
        assert!(placed.iter().all(|placed| (peak.from..peak.to).contains(&placed.at)), "{}", told());
    }
    let nearest = worst::nearest(sends);
    assert_eq!(nearest.map(|nearest| nearest.minutes), brute.gap, "gap, {}", told());
    if let Some(nearest) = nearest {
        assert_eq!(nearest.sends[1].at - nearest.sends[0].at, nearest.minutes, "{}", told());
    }
    for send in sends {
        let all = placements(send);
        let first = all.iter().flatten().filter(|at| quiet.contains(clock.local(**at).1)).min();
        assert_eq!(
            worst::within(send, quiet, clock).as_ref(),
            first,
            "quiet {quiet:?}, {send:?}, {}",
            told()
        );
    }
    true
}

#[test]
fn trying_every_placement_finds_the_same() {
    let wanted: u64 = std::env::var("DUNLINT_CAMPAIGNS").ok().map_or(3000, |number| number.parse().unwrap());
    let (mut seed, mut tried) = (0, 0);
    while tried < wanted {
        tried += u64::from(try_one(seed));
        seed += 1;
    }
    assert!(seed < 4 * wanted, "most random campaigns are small enough: {tried} of {seed}");
}

/// 10,000 steps, spread and crowded: no quadratic way to weigh them.
#[test]
fn ten_thousand_steps_are_weighed_at_once() {
    for spread in [1, 400] {
        let mut text = String::from("[campaign]\nid = \"long\"\n");
        for step in 0..10_000 {
            let (day, hour) = (step % spread, step % 12 + 8);
            writeln!(
                text,
                "[[steps]]\ntemplate = \"t{step}\"\nday = {day}\nfrom = \"{hour:02}:00\"\nto = \"{:02}:30\"\nattempts = 3\ngap_minutes = 20",
                hour + 1
            )
            .unwrap();
        }
        let found = read(&[text]);
        let begun = Instant::now();
        let group = Group::of(None, vec![&found[0]]).unwrap();
        assert_eq!(group.per_day().unwrap().count, 30_000 / spread);
        assert!(group.per_7_days().unwrap().count >= 30_000 / spread);
        assert_eq!(group.nearest().unwrap().minutes, 0);
        let taken = begun.elapsed();
        // A program without optimisation on a busy machine; built for release it takes a tenth.
        assert!(taken < Duration::from_secs(2), "{taken:?}");
    }
}
