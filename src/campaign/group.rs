//! Campaigns that can reach the same borrower, and what comes of them together.
//!
//! Begin at [`Group::all`]. Campaigns that name no group are groups of one.

use super::clock::Clock;
use super::plan::{Plan, Send};
use super::schema::{Campaign, Step};
use super::worst::{self, Nearest, Peak, Placed};
use super::{SEVEN_DAYS, read};
use crate::judge::Circumstances;
use crate::problem::Problem;
use crate::source::Source;
use crate::source::document::Node;
use crate::words::Words;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A campaign, where it was read, and where it holds.
#[derive(Debug)]
pub struct Case {
    /// The campaign.
    pub campaign: Campaign,
    /// The jurisdiction that holds for it.
    pub jurisdiction: Option<Arc<str>>,
    /// Declared facts of the configuration.
    pub facts: BTreeMap<String, serde_json::Value>,
}

/// The campaigns of one group with their plan. Members are sorted by path and place.
#[derive(Debug)]
pub struct Group<'c> {
    /// Its name; a campaign alone has none.
    pub name: Option<&'c str>,
    /// The campaigns.
    pub members: Vec<&'c Case>,
    /// What they send.
    pub plan: Plan,
    per_day: OnceLock<Option<Peak>>,
    per_7_days: OnceLock<Option<Peak>>,
    nearest: OnceLock<Option<Nearest>>,
}

impl<'c> Group<'c> {
    /// The groups of `cases`, each also when it is one campaign, in the order of their first campaigns. What cannot be
    /// weighed is a problem.
    pub fn all(cases: &'c [Case]) -> (Vec<Self>, Vec<Problem>) {
        let mut members: Vec<(Option<&str>, Vec<&Case>)> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for case in cases {
            let name = case.campaign.group.as_ref().map(|group| group.value.as_str());
            match name.and_then(|name| places.get(name)).and_then(|place| members.get_mut(*place)) {
                Some((_, known)) => known.push(case),
                None => {
                    places.extend(name.map(|name| (name, members.len())));
                    members.push((name, vec![case]));
                }
            }
        }
        let mut problems = namesakes(cases);
        let mut groups = Vec::new();
        for (name, members) in members {
            problems.extend(discord(&members));
            match Self::of(name, members) {
                Ok(group) => groups.push(group),
                Err(problem) => problems.push(*problem),
            }
        }
        (groups, problems)
    }

    /// The group of `members`.
    ///
    /// # Errors
    /// When it sends more than can be weighed.
    pub fn of(name: Option<&'c str>, members: Vec<&'c Case>) -> Result<Self, Box<Problem>> {
        let campaigns: Vec<&Campaign> = members.iter().map(|case| &case.campaign).collect();
        let plan = Plan::of(&campaigns)?;
        let (per_day, per_7_days, nearest) = Default::default();
        Ok(Self { name, members, plan, per_day, per_7_days, nearest })
    }

    /// The most sends of a local day.
    pub fn per_day(&self) -> Option<&Peak> {
        self.per_day.get_or_init(|| worst::per_day(&self.plan.sends, &self.plan.clock)).as_ref()
    }

    /// The most sends in any 168 hours.
    pub fn per_7_days(&self) -> Option<&Peak> {
        self.per_7_days.get_or_init(|| worst::sliding(&self.plan.sends, SEVEN_DAYS)).as_ref()
    }

    /// The smallest gap.
    pub fn nearest(&self) -> Option<&Nearest> {
        self.nearest.get_or_init(|| worst::nearest(&self.plan.sends)).as_ref()
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.plan.clock
    }

    /// The campaign and step of a send.
    pub fn step(&self, send: &Send) -> Option<(&'c Case, &'c Step)> {
        let case = *self.members.get(send.campaign)?;
        Some((case, case.campaign.steps.get(send.step)?))
    }

    /// The campaign and step of a send of the plan that stands at a certain minute.
    pub fn placed(&self, placed: Placed) -> Option<(&'c Case, &'c Step)> {
        self.step(self.plan.sends.get(placed.send)?)
    }
}

/// Campaigns that have the name of another: nobody could tell what is said about them.
fn namesakes(cases: &[Case]) -> Vec<Problem> {
    let mut seen: BTreeMap<&str, &Arc<str>> = BTreeMap::new();
    let mut problems = Vec::new();
    for Case { campaign, .. } in cases {
        let Some(first) = seen.insert(&campaign.id.value, &campaign.path) else { continue };
        let words = Words::new(
            format!("a campaign `{}` stands in {first} too", campaign.id.value),
            format!("{first} 中也有发送计划 `{}`", campaign.id.value),
        );
        problems.push(Problem::note("same-campaign", words).in_file(&campaign.path).at(campaign.id.at));
    }
    problems
}

/// Campaigns of a group whose day 0 has two dates, or whose borrower lives in two zones.
fn discord(members: &[&Case]) -> Option<Problem> {
    let (first, rest) = members.split_first()?;
    let of = |case: &Case| {
        let zone = case.campaign.timezone.as_ref().map(|zone| zone.value.clone());
        (case.campaign.anchor.as_ref().map(|anchor| anchor.value), zone)
    };
    let known = of(first);
    let other = rest.iter().find(|case| {
        let (anchor, zone) = of(case);
        (anchor != known.0 && anchor.is_some()) || (zone != known.1 && zone.is_some() && known.1.is_some())
    })?;
    let at = other.campaign.anchor.as_ref().map(|anchor| anchor.at);
    let at = at.or(other.campaign.timezone.as_ref().map(|zone| zone.at))?;
    let (group, id) = (other.campaign.group.as_ref()?, &first.campaign.id.value);
    let words = Words::new(
        format!("the campaigns of group `{}` declare different dates or zones: see `{id}`", group.value),
        format!("组 `{}` 的各发送计划声明的日期或时区不一致：参见 `{id}`", group.value),
    );
    let help = Words::new(
        "they are weighed by the first declaration; a borrower has one time zone and one due date",
        "以第一个声明为准；同一借款人只有一个时区和一个到期日",
    );
    Some(Problem::note("group-discord", words).in_file(&other.campaign.path).at(at).help(help))
}

/// The campaigns of `source`, read in the format or shape `host`, or the format of its ending, with what holds for them.
/// `roots` are its documents, if they have been read already.
pub fn cases(
    source: &Source,
    host: Option<&str>,
    roots: Vec<Node>,
    given: &Circumstances,
) -> (Vec<Case>, Vec<Problem>) {
    let (campaigns, problems) = read::read(source, host, roots, &given.facts);
    let case = |campaign: Campaign| {
        let declared = campaign.jurisdiction.as_ref().map(|name| name.value.as_str());
        let jurisdiction = given.jurisdiction(declared, None);
        Case { campaign, jurisdiction, facts: given.facts.clone() }
    };
    (campaigns.into_iter().map(case).collect(), problems)
}
