//! What a picture of a schedule shows: the days on which something can be sent, the windows, and the worst placement.

use super::super::answer;
use super::super::group::Group;
use super::super::open;
use super::super::schema::Hours;
use super::super::worst::{Peak, Placed};
use crate::policy::PolicySet;
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// The most days that are drawn; what is behind them is said to be left out.
const MOST_DAYS: usize = 120;

/// A schedule to draw.
pub struct Scene<'g> {
    /// The group.
    pub group: &'g Group<'g>,
    /// Its name and where and when it holds.
    pub title: Words,
    /// Quiet hours of the first campaign: its own and those of its jurisdiction.
    pub quiet: Vec<Hours>,
    /// The days, with what can be sent on them.
    pub days: BTreeMap<i32, Vec<Bar>>,
    /// Days that are not drawn.
    pub left_out: usize,
    /// The day with the most sends.
    pub worst_day: Option<i32>,
    /// The first and last day of the worst seven.
    pub worst_week: Option<(i32, i32)>,
    /// The sends of the worst day.
    pub day_sends: Vec<Placed>,
    /// The sends of the worst seven days.
    pub week_sends: Vec<Placed>,
    /// Sends in quiet hours.
    pub in_quiet: Vec<Placed>,
}

/// A window on one day, in minutes of that day: from, to before.
pub struct Bar {
    /// First minute.
    pub from: u16,
    /// First minute behind it, to 1440.
    pub to: u16,
    /// What is sent.
    pub name: String,
    /// How often, in one loan.
    pub attempts: u32,
    /// Whether the window came over midnight.
    pub carried: bool,
}

impl<'g> Scene<'g> {
    /// The scene of `group`.
    pub fn of(group: &'g Group<'g>, policies: &PolicySet) -> Self {
        let clock = group.clock();
        let placement =
            |peak: Option<&Peak>| peak.map(|peak| peak.placement(&group.plan.sends)).unwrap_or_default();
        let day_sends = placement(group.per_day());
        let week_sends = placement(group.per_7_days());
        let day_of = |placed: &Placed| clock.local(placed.at).0;
        let quiet = group.members.first().map(|case| open::closed(case, policies)).unwrap_or_default();
        let mut days: BTreeMap<i32, Vec<Bar>> = BTreeMap::new();
        let mut beyond = BTreeSet::new();
        for send in &group.plan.sends {
            let (first, from) = clock.local(send.start);
            let (last, to) = clock.local(send.end - 1);
            let Some((case, step)) = group.step(send) else { continue };
            let template = &step.template.value;
            let name = match group.members.len() {
                1 => template.clone(),
                _ => format!("{}/{template}", case.campaign.id.value),
            };
            for day in first..=last {
                if !days.contains_key(&day) && days.len() >= MOST_DAYS {
                    beyond.insert(day);
                    continue;
                }
                let bar = Bar {
                    from: if day == first { from } else { 0 },
                    to: if day == last { to + 1 } else { 1440 },
                    name: name.clone(),
                    attempts: send.count,
                    carried: day > first,
                };
                days.entry(day).or_default().push(bar);
            }
        }
        Self {
            title: title(group),
            quiet,
            days,
            left_out: beyond.len(),
            worst_day: day_sends.first().map(day_of),
            worst_week: week_sends.first().map(day_of).zip(week_sends.last().map(day_of)),
            in_quiet: answer::quiet(group, policies),
            day_sends,
            week_sends,
            group,
        }
    }

    /// Whether a minute of the day is quiet.
    pub fn is_quiet(&self, minute: u16) -> bool {
        self.quiet.iter().any(|hours| hours.contains(minute))
    }

    /// Whether a day lies in the worst seven days.
    pub fn is_worst_week(&self, day: i32) -> bool {
        self.worst_week.is_some_and(|(first, last)| (first..=last).contains(&day))
    }

    /// The worst placement on `day`: that of the worst day, else that of the worst seven days.
    pub fn sends_on(&self, day: i32) -> impl Iterator<Item = &Placed> {
        let sends = if self.worst_day == Some(day) { &self.day_sends } else { &self.week_sends };
        sends.iter().filter(move |placed| self.group.clock().local(placed.at).0 == day)
    }
}

fn title(group: &Group<'_>) -> Words {
    let Some(first) = group.members.first() else { return Words::default() };
    let campaign = &first.campaign;
    let zone = campaign.timezone.as_ref().map(|zone| zone.value.clone());
    let place = first.jurisdiction.as_ref().map(|jurisdiction| jurisdiction.to_string());
    let known: Vec<String> = [zone, place].into_iter().flatten().collect();
    let ids: Vec<&str> = group.members.iter().map(|case| case.campaign.id.value.as_str()).collect();
    let about = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    match group.name {
        Some(name) if group.members.len() > 1 => {
            let ids = ids.join(" + ");
            Words::new(format!("group {name}: {ids}{about}"), format!("组 {name}：{ids}{about}"))
        }
        _ => {
            let id = &campaign.id.value;
            Words::new(format!("campaign {id}{about}"), format!("发送计划 {id}{about}"))
        }
    }
}
