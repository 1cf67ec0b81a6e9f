//! What rules say about campaigns: one finding for each campaign and rule.
//!
//! Begin at [`judge`]. The worst cases come from [`super::worst`]; here they are compared with limits, and the placement that
//! breaks one is shown: the send that breaks it as the primary place, those beside it as second places, the days as a
//! note, and the smallest change that would do as help ([`super::mend`]).

use super::SEVEN_DAYS;
use super::clock::Clock;
use super::flaws;
use super::group::{Case, Group};
use super::mend;
use super::open;
use super::plan::Send;
use super::report::{self, Draft};
use super::schema::{Cap as Declared, Step};
use super::templates::Templates;
use super::timeline;
use super::worst::{self, Peak, Placed};
use crate::finding::Finding;
use crate::message::Facts;
use crate::policy::check::cap::{Cap, Counts, Phase};
use crate::policy::check::{Check, plan::Flaw};
use crate::policy::timing::timed;
use crate::policy::{PolicySet, Rule};
use crate::words::Words;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is judged: one campaign as a member of its group.
pub(super) struct Matter<'a> {
    pub(super) group: &'a Group<'a>,
    /// Place of the campaign in the group.
    pub(super) member: usize,
    pub(super) case: &'a Case,
    pub(super) templates: &'a Templates,
    /// What clocks show where else its recipients may live, with the zone.
    pub(super) elsewhere: Vec<(&'a str, Clock)>,
}

/// What the rules say about the campaigns of `group`. `level` of each finding is its rule's own.
pub fn judge(group: &Group<'_>, templates: &Templates, policies: &PolicySet) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (member, case) in group.members.iter().enumerate() {
        let matter = Matter { group, member, case, templates, elsewhere: open::elsewhere(group, case) };
        let facts = facts(case);
        for (index, rule) in policies.rules.iter().enumerate() {
            if !rule.check.is_of_schedules()
                || !rule.holds_in(case.jurisdiction.as_deref())
                || !rule.when.holds(&facts)
            {
                continue;
            }
            let draft = timed(policies.timing.as_ref(), index, || match &rule.check {
                Check::Cap(cap) => matter.cap(index, rule, cap),
                Check::Opening(hours) => matter.hours(index, rule, hours),
                Check::Plan(plan) if plan.flaw != Flaw::Unused => flaws::find(&matter, index, rule, plan),
                _ => None,
            });
            findings.extend(draft.map(|draft| draft.0));
        }
    }
    findings
}

/// The templates that no campaign sends, by the rules about them. Whether one is a collection text is not known, so this
/// is only said where there are campaigns.
pub fn unused(cases: &[Case], templates: &Templates, policies: &PolicySet) -> Vec<Finding> {
    let rules = policies.rules.iter().enumerate().filter(|(_, rule)| rule.check.is_of_unused());
    let mut findings = Vec::new();
    for (index, rule) in rules {
        let unused = templates.unused(cases);
        findings.extend(unused.map(|known| report::about_a_template(index, rule, known)));
    }
    findings
}

/// What is declared of a campaign, as `when` asks for it.
fn facts(case: &Case) -> Facts {
    let mut facts = Facts::default();
    for (name, value) in &case.facts {
        match value {
            Value::String(text) => facts.state(name, text.clone()),
            Value::Bool(flag) => facts.state(name, flag.to_string()),
            _ => {}
        }
    }
    if let Some(jurisdiction) = &case.jurisdiction {
        facts.state("jurisdiction", jurisdiction.to_string());
    }
    if let Some(platform) = &case.campaign.platform {
        facts.state("platform", platform.value.clone());
    }
    facts
}

impl<'a> Matter<'a> {
    /// The place and the name of a step.
    pub(super) fn draft(&self, index: usize, rule: &Rule, step: &Step) -> Draft {
        Draft::new(index, rule, self.case, step.template.at, &step.template.value)
    }

    /// The step of a send, if it is one of this campaign.
    fn own(&self, placed: Placed) -> Option<&'a Step> {
        let send = self.group.plan.sends.get(placed.send)?;
        let step = || self.case.campaign.steps.get(send.step);
        (send.campaign == self.member).then(step).flatten()
    }

    /// `cap`.
    fn cap(&self, index: usize, rule: &Rule, cap: &Cap) -> Option<Draft> {
        let (limit, declared) = self.limit(cap)?;
        let draft = match cap.counts {
            Counts::Gap => self.gap(index, rule, cap, limit)?,
            Counts::Day | Counts::Window(_) => self.crowd(index, rule, cap, limit)?,
        };
        let here = Words::new("the cap stands here", "上限在此声明");
        Some(match declared {
            Some(declared) => draft.label(declared.at, here),
            None => draft,
        })
    }

    /// The limit that a rule compares with, and where it is declared. What the campaign promises itself more strictly
    /// is left to the rule about that.
    fn limit(&self, cap: &Cap) -> Option<(u32, Option<&'a Declared>)> {
        let caps = &self.case.campaign.caps;
        let own = match cap.counts {
            Counts::Day => caps.per_day.as_ref(),
            Counts::Window(minutes) if i64::from(minutes) == SEVEN_DAYS => caps.per_7_days.as_ref(),
            Counts::Window(_) => None,
            Counts::Gap => caps.min_gap.as_ref(),
        };
        if cap.declared {
            return own.map(|own| (own.value, Some(own)));
        }
        let limit = cap.limit(self.case.jurisdiction.as_deref()).filter(|limit| *limit > 0)?;
        let whole = cap.is_of_all();
        let stricter = own.is_some_and(|own| match cap.counts {
            Counts::Gap => own.value >= limit,
            _ => own.value <= limit,
        });
        (!(whole && stricter)).then_some((limit, None))
    }

    /// More than `limit` sends.
    fn crowd(&self, index: usize, rule: &Rule, cap: &Cap, limit: u32) -> Option<Draft> {
        let (peak, counted) = self.peak(cap, limit, None).unzip();
        let own = peak.as_ref().map_or(0, |peak: &Peak| peak.count);
        let days = self.elsewhere.iter().filter(|_| cap.counts == Counts::Day);
        let farther = days.filter_map(|(zone, clock)| Some((*zone, self.peak(cap, limit, Some(clock))?)));
        // A day of other recipients may hold more.
        let farther =
            farther.filter(|(_, (peak, _))| peak.count > own).max_by_key(|(_, (peak, _))| peak.count);
        let (zone, (peak, counted)) = match farther {
            Some((zone, found)) => (Some(zone), found),
            None => (None, (peak?, counted?)),
        };
        let placed = counted.placement(&peak);
        let place = usize::try_from(limit).unwrap_or(usize::MAX);
        let (before, beyond) = placed.split_at_checked(place)?;
        // The first send too many that is this campaign's, else its last one before.
        let own = |placed: &&Placed| self.own(**placed).is_some();
        let breaking = beyond.iter().find(own).or_else(|| before.iter().rfind(own)).copied();
        let clock = self.group.clock();
        let count = peak.count;
        let mut draft = match breaking.and_then(|breaking| Some((breaking, self.own(breaking)?))) {
            Some((breaking, step)) => {
                let nth = placed.iter().position(|other| *other == breaking).map_or(1, |place| place + 1);
                let (day, _) = clock.local(breaking.at);
                let nth = if nth <= place { placed.len() } else { nth };
                let draft = self.draft(index, rule, step).arg("n", nth).arg("day", day);
                draft.arg("at", timeline::time(clock, breaking.at))
            }
            None => {
                let id = &self.case.campaign.id;
                let (day, _) = clock.local(peak.from);
                let draft =
                    Draft::new(index, rule, self.case, id.at, &id.value).arg("n", count).arg("day", day);
                draft.arg("at", timeline::time(clock, peak.from))
            }
        };
        draft = draft.arg("count", count).arg("cap", limit);
        let mut seen: BTreeSet<usize> = breaking.and_then(|b| self.step_of(b)).into_iter().collect();
        for other in &placed {
            let Some((step, number)) = self.own(*other).zip(self.step_of(*other)) else { continue };
            if seen.insert(number) {
                draft = draft.label(step.template.at, can_be_sent(clock, other.at));
            }
        }
        let line = timeline::line(self.group, &placed);
        let note = Words::new(
            format!("{} — {count} sends, cap {limit}", line.en),
            format!("{}——共 {count} 次，上限 {limit}", line.zh_hans),
        );
        Some(match zone {
            Some(zone) => draft
                .note(note)
                .note(Words::new(format!("these are one day in {zone}"), format!("以上在 {zone} 为同一天"))),
            None => draft.note(note).help(mend::crowd(self, cap, limit, breaking)),
        })
    }

    fn step_of(&self, placed: Placed) -> Option<usize> {
        self.group.plan.sends.get(placed.send).map(|send| send.step)
    }

    /// The worst stretch by `cap`, if it holds more than `limit`, and what was counted for it. Days are those of
    /// `clock`, or of the group.
    fn peak(&self, cap: &Cap, limit: u32, clock: Option<&Clock>) -> Option<(Peak, Counted<'a>)> {
        let group = self.group;
        let whole = cap.is_of_all();
        let beyond = |peak: &Peak| peak.count > u64::from(limit);
        if whole {
            let peak = match cap.counts {
                Counts::Day => match clock {
                    Some(clock) => worst::per_day(&group.plan.sends, clock),
                    None => group.per_day().cloned(),
                },
                Counts::Window(minutes) if i64::from(minutes) == SEVEN_DAYS => group.per_7_days().cloned(),
                Counts::Window(minutes) => worst::sliding(&group.plan.sends, i64::from(minutes)),
                Counts::Gap => None,
            };
            return Some((peak.filter(beyond)?, Counted::all(&group.plan.sends)));
        }
        let measure = |counted: &Counted<'_>| match cap.counts {
            Counts::Day => worst::per_day(&counted.sends, clock.unwrap_or(group.clock())),
            Counts::Window(minutes) => worst::sliding(&counted.sends, i64::from(minutes)),
            Counts::Gap => None,
        };
        let mut classes = vec![None];
        if cap.each_template {
            let names: BTreeSet<&str> =
                self.case.campaign.steps.iter().map(|step| step.template.value.as_str()).collect();
            classes = names.into_iter().map(Some).collect();
        }
        let counted = classes.into_iter().map(|name| self.counted(cap, name));
        let peaks = counted.filter_map(|counted| Some((measure(&counted).filter(beyond)?, counted)));
        peaks.max_by_key(|(peak, _)| peak.count)
    }

    /// The sends that `cap` counts; of one template only, if a name is given.
    fn counted(&self, cap: &Cap, template: Option<&str>) -> Counted<'a> {
        let clock = self.group.clock();
        let counts = |send: &Send| {
            let Some((_, step)) = self.group.step(send) else { return false };
            let day = clock.local(send.start).0;
            let phase = match cap.phase {
                Phase::Any => true,
                Phase::PreDue => day <= 0,
                Phase::Overdue => day > 0,
            };
            let channel = step.channel.as_deref().unwrap_or("sms");
            let named = cap.channels.is_empty() || cap.channels.iter().any(|name| name == channel);
            let known = self.templates.named(&step.template.value);
            let of_kind = |kind: &str| cap.kinds.iter().any(|name| name == kind);
            let kind =
                cap.kinds.is_empty() || known.iter().any(|known| known.kind.as_deref().is_some_and(of_kind));
            phase && named && kind && template.is_none_or(|name| name == step.template.value)
        };
        let (places, sends) = self
            .group
            .plan
            .sends
            .iter()
            .enumerate()
            .filter(|(_, send)| counts(send))
            .map(|(i, s)| (i, s.clone()))
            .unzip();
        Counted { sends: Cow::Owned(sends), places: Some(places) }
    }

    /// Two sends nearer than `limit` minutes.
    fn gap(&self, index: usize, rule: &Rule, cap: &Cap, limit: u32) -> Option<Draft> {
        let nearest = self.group.nearest().filter(|nearest| nearest.minutes < i64::from(limit))?;
        let clock = self.group.clock();
        let [first, second] = nearest.sends;
        let own = [second, first].into_iter().find_map(|placed| Some((placed, self.own(placed)?)));
        let mut draft = match own {
            Some((_, step)) => self.draft(index, rule, step),
            None => {
                Draft::new(index, rule, self.case, self.case.campaign.id.at, &self.case.campaign.id.value)
            }
        };
        draft = draft.arg("minutes", nearest.minutes).arg("cap", limit);
        let beside =
            own.filter(|(placed, _)| *placed != first && self.step_of(first) != self.step_of(second));
        if let Some(other) = beside.and_then(|_| self.own(first)) {
            draft = draft.label(other.template.at, can_be_sent(clock, first.at));
        }
        let (line, minutes) = (timeline::line(self.group, &nearest.sends), nearest.minutes);
        let note = Words::new(
            format!("{} — {minutes} minutes apart, at least {limit}", line.en),
            format!("{}——相隔 {minutes} 分钟，至少应为 {limit} 分钟", line.zh_hans),
        );
        Some(draft.note(note).help(mend::gap(self, cap, limit)))
    }
}

/// Sends that a cap counts, and where they stand in the plan.
pub(super) struct Counted<'a> {
    pub(super) sends: Cow<'a, [Send]>,
    places: Option<Vec<usize>>,
}

impl<'a> Counted<'a> {
    fn all(sends: &'a [Send]) -> Self {
        Self { sends: Cow::Borrowed(sends), places: None }
    }

    /// The placement of `peak`, as sends of the plan.
    fn placement(&self, peak: &Peak) -> Vec<Placed> {
        let mut placed = peak.placement(&self.sends);
        if let Some(places) = &self.places {
            for placed in &mut placed {
                placed.send = places.get(placed.send).copied().unwrap_or(placed.send);
            }
        }
        placed
    }
}

/// What stands at a second place: when its step can be sent.
pub(super) fn can_be_sent(clock: &Clock, at: i64) -> Words {
    let moment = timeline::moment(clock, at);
    Words::new(format!("can be sent on {}", moment.en), format!("可在{}发送", moment.zh_hans))
}
