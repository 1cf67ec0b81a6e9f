//! The smallest change that would do. Whatever is proposed has been tried: with it the worst case keeps the limit, and
//! no other cap of the campaign is broken that was kept before.

use super::judge::Matter;
use super::plan::{Plan, Send};
use super::schema::{Hours, Step, Window};
use super::timeline;
use super::worst::{self, Placed};
use super::{DAY, SEVEN_DAYS};
use crate::policy::check::cap::{Cap, Counts};
use crate::words::Words;

/// Larger plans are not tried in all ways.
const MOST_SENDS: usize = 500;
/// How many days a step may be moved.
const FARTHEST: i32 = 14;
/// How many steps may be left out.
const MOST_DROPPED: usize = 5;

/// Tries changes of one campaign's sends.
struct Trial<'m> {
    matter: &'m Matter<'m>,
    plan: &'m Plan,
    counts: Counts,
    limit: u32,
}

/// What makes of more than `limit` sends no more than that; `breaking` is the first too many.
pub(super) fn crowd(matter: &Matter<'_>, cap: &Cap, limit: u32, breaking: Option<Placed>) -> Option<Words> {
    let whole = cap.is_of_all();
    let plan = &matter.group.plan;
    if !whole || plan.sends.len() > MOST_SENDS {
        return None;
    }
    let trial = Trial { matter, plan, counts: cap.counts, limit };
    let number = plan.sends.get(breaking?.send).filter(|send| send.campaign == matter.member)?.step;
    trial.fewer(number).or_else(|| trial.moved(number)).or_else(|| trial.without(number))
}

/// What keeps two sends `limit` minutes apart.
pub(super) fn gap(matter: &Matter<'_>, cap: &Cap, limit: u32) -> Option<Words> {
    let plan = &matter.group.plan;
    if plan.sends.len() > MOST_SENDS || cap.each_template {
        return None;
    }
    let trial = Trial { matter, plan, counts: Counts::Gap, limit };
    let [first, second] = matter.group.nearest()?.sends;
    let (before, after) = (plan.sends.get(first.send)?, plan.sends.get(second.send)?);
    if before == after {
        if before.loans > 1 {
            return None;
        }
        let step = matter.case.campaign.steps.get(after.step)?;
        let template = &step.template.value;
        return Some(Words::new(
            format!("let the attempts of `{template}` keep `gap_minutes = {limit}`"),
            format!("将 `{template}` 各次发送的间隔设为 `gap_minutes = {limit}`"),
        ));
    }
    if after.campaign != matter.member {
        return None;
    }
    trial.later(before, after).or_else(|| trial.moved(after.step))
}

impl Trial<'_> {
    fn step(&self, number: usize) -> Option<&Step> {
        self.matter.case.campaign.steps.get(number)
    }

    fn is_of(&self, send: &Send, step: usize) -> bool {
        send.campaign == self.matter.member && send.step == step
    }

    /// The plan's sends with those of `step` changed.
    fn with(&self, step: usize, change: impl Fn(&Send) -> Option<Send>) -> Vec<Send> {
        let sends = self.plan.sends.iter();
        sends
            .filter_map(|send| if self.is_of(send, step) { change(send) } else { Some(send.clone()) })
            .collect()
    }

    /// Whether `sends` keep the limit, and the other caps as far as they were kept.
    fn does(&self, sends: &[Send]) -> bool {
        self.keeps(sends, self.counts, self.limit) && self.keeps_others(sends)
    }

    fn keeps(&self, sends: &[Send], counts: Counts, limit: u32) -> bool {
        let few = |peak: Option<worst::Peak>| peak.is_none_or(|peak| peak.count <= u64::from(limit));
        match counts {
            Counts::Day => few(worst::per_day(sends, &self.plan.clock)),
            Counts::Window(minutes) => few(worst::sliding(sends, i64::from(minutes))),
            Counts::Gap => worst::nearest(sends).is_none_or(|near| near.minutes >= i64::from(limit)),
        }
    }

    fn keeps_others(&self, sends: &[Send]) -> bool {
        let caps = &self.matter.case.campaign.caps;
        let week = u32::try_from(SEVEN_DAYS).unwrap_or(u32::MAX);
        let all = [
            (Counts::Day, caps.per_day.as_ref()),
            (Counts::Window(week), caps.per_7_days.as_ref()),
            (Counts::Gap, caps.min_gap.as_ref()),
        ];
        let others = all.into_iter().filter(|(counts, _)| *counts != self.counts);
        others.filter_map(|(counts, cap)| Some((counts, cap?.value))).all(|(counts, limit)| {
            self.keeps(sends, counts, limit) || !self.keeps(&self.plan.sends, counts, limit)
        })
    }

    /// Fewer attempts of a step.
    fn fewer(&self, number: usize) -> Option<Words> {
        let step = self.step(number)?;
        let attempts = step.attempts.value;
        let best = (1..attempts.min(20)).rev().find(|fewer| {
            self.does(&self.with(number, |send| Some(Send { count: send.count.min(*fewer), ..send.clone() })))
        })?;
        let template = &step.template.value;
        Some(Words::new(
            format!("send `{template}` with `attempts = {best}`"),
            format!("将 `{template}` 改为 `attempts = {best}`"),
        ))
    }

    /// A step on another day, on the same side of the due date.
    fn moved(&self, number: usize) -> Option<Words> {
        let step = self.step(number)?;
        let day = step.day.value;
        let shifts = (1..=FARTHEST).flat_map(|days| [days, -days]);
        let clock = &self.plan.clock;
        let shifted = |send: &Send, days: i32| {
            let (day, minute) = clock.local(send.start);
            let start = clock.minute(day.checked_add(days)?, minute);
            Some(Send { start, end: start + (send.end - send.start), ..send.clone() })
        };
        let best = shifts
            .filter(|days| day.checked_add(*days).is_some_and(|to| to.signum() == day.signum()))
            .find(|days| self.does(&self.with(number, |send| shifted(send, *days))))?;
        let (template, to) = (&step.template.value, day + best);
        let until = step.repeat.as_ref().map(|repeat| repeat.value.until_day + best);
        let (en, zh) = match until {
            Some(until) => (format!(" and `until_day = {until}`"), format!("、`until_day = {until}`")),
            None => (String::new(), String::new()),
        };
        Some(Words::new(
            format!("move `{template}` to `day = {to}`{en}"),
            format!("将 `{template}` 移到 `day = {to}`{zh}"),
        ))
    }

    /// A step that begins later in its window or behind it.
    fn later(&self, before: &Send, after: &Send) -> Option<Words> {
        let clock = &self.plan.clock;
        let start = before.end - 1 + i64::from(self.limit);
        let delay = start - after.start;
        if clock.local(start).0 != clock.local(after.start).0 {
            return None;
        }
        let step = self.step(after.step)?;
        let fixed = matches!(step.window.value, Window::At(_));
        let sends = self.with(after.step, |send| {
            let start = send.start + delay;
            let end = if fixed { start + 1 } else { send.end };
            (start < end).then(|| Send { start, end, ..send.clone() })
        });
        if sends.len() < self.plan.sends.len() || !self.does(&sends) {
            return None;
        }
        let (template, at) = (&step.template.value, timeline::time(clock, start));
        Some(match fixed {
            true => {
                Words::new(format!("send `{template}` at {at}"), format!("将 `{template}` 改在 {at} 发送"))
            }
            false => Words::new(
                format!("let `{template}` begin at {at}"),
                format!("将 `{template}` 的开始时刻改为 {at}"),
            ),
        })
    }

    /// Without a step, and if need be without others that are too many then.
    fn without(&self, number: usize) -> Option<Words> {
        let mut dropped = vec![number];
        while dropped.len() <= MOST_DROPPED {
            let gone = |send: &Send| send.campaign == self.matter.member && dropped.contains(&send.step);
            let sends: Vec<Send> = self.plan.sends.iter().filter(|send| !gone(send)).cloned().collect();
            if self.does(&sends) {
                let names = dropped.iter().filter_map(|number| self.step(*number));
                let names: Vec<String> = names.map(|step| format!("`{}`", step.template.value)).collect();
                let (en, zh) = (names.join(" and "), names.join("、"));
                return Some(Words::new(format!("leave out {en}"), format!("去掉 {zh}")));
            }
            let peak = match self.counts {
                Counts::Day => worst::per_day(&sends, &self.plan.clock),
                Counts::Window(minutes) => worst::sliding(&sends, i64::from(minutes)),
                Counts::Gap => None,
            }?;
            let placed = peak.placement(&sends);
            let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
            let own = |placed: &Placed| {
                let send = sends.get(placed.send)?;
                (send.campaign == self.matter.member).then_some(send.step)
            };
            dropped.push(placed.get(limit..)?.iter().find_map(own)?);
        }
        None
    }
}

/// What keeps a step out of the hours `closed`.
pub(super) fn hours(step: &Step, closed: &[Hours]) -> Option<Words> {
    let is_open = |minute: u16| !closed.iter().any(|hours| hours.contains(minute % 1440));
    let template = &step.template.value;
    let near = |from: u16| {
        (0..720)
            .flat_map(|away| [from + away, from + 1440 - away])
            .map(|minute| minute % 1440)
            .find(|m| is_open(*m))
    };
    let fixed = |minute: u16| {
        let at = timeline::shown(minute);
        Words::new(format!("send `{template}` at {at}"), format!("将 `{template}` 改在 {at} 发送"))
    };
    let Window::Within(window) = step.window.value else {
        return near(step.window.value.from()).map(fixed);
    };
    // The longest open stretch of the window.
    let length = (i64::from(window.to) - i64::from(window.from)).rem_euclid(DAY);
    let length = if length == 0 { 1440 } else { u16::try_from(length).unwrap_or(1440) };
    let (mut best, mut start) = ((0, 0), None);
    for minute in 0..=length {
        match (start, minute < length && is_open(window.from + minute)) {
            (None, true) => start = Some(minute),
            (Some(from), false) => {
                best = if minute - from > best.1 - best.0 { (from, minute) } else { best };
                start = None;
            }
            _ => {}
        }
    }
    if best.1 == 0 {
        return near(window.from).map(fixed);
    }
    let shown = |minute: u16| timeline::shown((window.from + minute) % 1440);
    let (from, to) = (shown(best.0), shown(best.1));
    Some(Words::new(
        format!("let `{template}` keep to `from = \"{from}\"`, `to = \"{to}\"`"),
        format!("将 `{template}` 限定为 `from = \"{from}\"`、`to = \"{to}\"`"),
    ))
}
