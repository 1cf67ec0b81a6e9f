//! At which hours sends fall: those of the rules, and the campaign's own, on every clock that its recipients may live by.
//!
//! Begin at [`Matter::hours`].

use super::DAY;
use super::clock::{self, Clock};
use super::flaws;
use super::group::{Case, Group};
use super::judge::{Matter, can_be_sent};
use super::mend;
use super::plan::Send;
use super::report::Draft;
use super::schema::{Declared, Hours};
use super::timeline;
use super::worst;
use crate::policy::check::Check;
use crate::policy::check::hours::Opening;
use crate::policy::{PolicySet, Rule};
use crate::words::Words;
use std::collections::BTreeSet;

/// What closes the day for `case`, by the rules that hold for it: the hours of its jurisdiction and its own.
pub fn closed(case: &Case, policies: &PolicySet) -> Vec<Hours> {
    let jurisdiction = case.jurisdiction.as_deref();
    let rules = policies.rules.iter().filter(|rule| rule.holds_in(jurisdiction));
    let mut closed: Vec<Hours> = rules
        .filter_map(|rule| match &rule.check {
            Check::Opening(hours) => outside(hours, jurisdiction),
            _ => None,
        })
        .collect();
    closed.extend(case.campaign.quiet.as_ref().map(|quiet| quiet.value));
    closed.dedup();
    closed
}

/// The first minute at which an attempt of `send` can be sent that lies in one of `closed`.
pub fn first_closed(send: &Send, closed: &[Hours], clock: &Clock) -> Option<i64> {
    closed.iter().filter_map(|hours| worst::within(send, *hours, clock)).min()
}

/// The hours in which `hours` does not permit sending in `jurisdiction`.
fn outside(hours: &Opening, jurisdiction: Option<&str>) -> Option<Hours> {
    let (from, to) = *hours.open.get(jurisdiction?)?;
    Some(Hours { from: to, to: from })
}

/// The clocks of the zones in which recipients of `case` may live. Without a `timezone` its times are those that
/// each recipient's own clock shows.
pub(super) fn elsewhere<'a>(group: &Group<'_>, case: &'a Case) -> Vec<(&'a str, Clock)> {
    let here = case.campaign.timezone.as_ref().and_then(|name| clock::zone(&name.value));
    let clocks = |name: &'a Declared<String>| {
        let zones = here.as_ref().zip(clock::zone(&name.value));
        let clocks = zones.map(|(here, there)| group.clock().elsewhere(here, &there)).unwrap_or_default();
        clocks.into_iter().map(|clock| (name.value.as_str(), clock))
    };
    case.campaign.recipients.iter().flat_map(clocks).collect()
}

impl Matter<'_> {
    /// `hours`.
    pub(super) fn hours(&self, index: usize, rule: &Rule, hours: &Opening) -> Option<Draft> {
        let campaign = &self.case.campaign;
        if hours.consent.is_some_and(|consent| consent != campaign.consent) {
            return None;
        }
        let jurisdiction = self.case.jurisdiction.as_deref();
        if let Some(days) = jurisdiction.and_then(|jurisdiction| hours.weekdays.get(jurisdiction)) {
            return flaws::weekdays(self, index, rule, days);
        }
        let own = campaign.quiet.as_ref().filter(|_| hours.declared);
        let local = outside(hours, jurisdiction);
        let closed: Vec<Hours> = local.into_iter().chain(own.map(|quiet| quiet.value)).collect();
        let (own_clock, of_this) = (self.group.clock(), |send: &&Send| send.campaign == self.member);
        let sends = || self.group.plan.sends.iter().filter(of_this);
        let here = std::iter::once((None, own_clock));
        let clocks = here.chain(self.elsewhere.iter().map(|(zone, clock)| (Some(*zone), clock)));
        let mut by_clock = clocks.map(|(zone, clock)| {
            let hit = |send: &Send| Some((send.step, first_closed(send, &closed, clock)?));
            (zone, clock, sends().filter_map(hit).collect::<Vec<(usize, i64)>>())
        });
        let (zone, clock, hits) = by_clock.find(|(.., hits)| !hits.is_empty())?;
        let (first, at) = *hits.first()?;
        let step = campaign.steps.get(first)?;
        let broken = |hours: Option<Hours>| {
            hours.is_some_and(|hours| hits.iter().any(|(_, at)| hours.contains(clock.local(*at).1)))
        };
        let shown = closed.iter().find(|hours| hours.contains(clock.local(at).1)).copied()?;
        let mut draft = Draft::new(index, rule, self.case, step.window.at, &step.template.value)
            .arg("at", timeline::time(clock, at))
            .arg("day", clock.local(at).0)
            .arg("from", timeline::shown(shown.from))
            .arg("to", timeline::shown(shown.to));
        // What the campaign only promised itself is not put down to a text of law.
        if !broken(local) {
            draft.0.jurisdiction = None;
        }
        let mut seen = BTreeSet::from([first]);
        for (number, at) in &hits {
            let Some(other) = campaign.steps.get(*number).filter(|_| seen.insert(*number)) else { continue };
            draft = draft.label(other.window.at, can_be_sent(clock, *at));
        }
        if let Some(quiet) = own.filter(|quiet| broken(Some(quiet.value))) {
            draft = draft.label(quiet.at, Words::new("quiet by this declaration", "此处声明为静默时段"));
        }
        if let Some(zone) = zone {
            let recipients = campaign.recipients.iter().find(|name| name.value == zone);
            let words = Words::new("recipients live here too", "接收人也可能在此时区");
            draft = recipients.into_iter().fold(draft, |draft, name| draft.label(name.at, words.clone()));
            let (there, here) = (timeline::time(clock, at), timeline::time(own_clock, at));
            draft = draft.note(Words::new(
                format!("{here} of the campaign's clock is {there} in {zone}"),
                format!("发送计划的 {here} 在 {zone} 为 {there}"),
            ));
        }
        let (steps, all) = (seen.len(), campaign.steps.len());
        let note = Words::new(
            format!("{steps} of {all} steps can be sent in these hours"),
            format!("{all} 个步骤中有 {steps} 个可能落在该时段"),
        );
        Some(draft.note(note).help(mend::hours(step, &self.here(&closed))))
    }

    /// Hours of every clock of the recipients as the campaign's own clock shows them.
    fn here(&self, closed: &[Hours]) -> Vec<Hours> {
        let own = self.group.clock();
        let sends = self.group.plan.sends.iter().filter(|send| send.campaign == self.member);
        let minute = |clock: &Clock, at: i64| i64::from(clock.local(at).1);
        let behind: BTreeSet<i64> = sends
            .flat_map(|send| self.elsewhere.iter().map(move |(_, clock)| (send.start, clock)))
            .map(|(at, clock)| (minute(own, at) - minute(clock, at)).rem_euclid(DAY))
            .chain([0])
            .collect();
        let moved = |minute: u16, by: i64| u16::try_from((i64::from(minute) + by) % DAY).unwrap_or(minute);
        let hours =
            |by: i64| closed.iter().map(move |h| Hours { from: moved(h.from, by), to: moved(h.to, by) });
        behind.into_iter().flat_map(hours).collect()
    }
}
