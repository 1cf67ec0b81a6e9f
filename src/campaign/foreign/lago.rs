//! Lago's dunning campaigns: `days_between_attempts` and `max_attempts` from the day a balance is overdue. All attempts send the
//! same mail.

use super::super::schema::{Campaign, Declared, Repeat};
use super::{Foreign, elements, maps};
use crate::source::Span;
use crate::source::document::{Map, Node};

/// `{"dunning_campaign": {…}}`, `{"dunning_campaigns": […]}`, or the campaign itself.
pub(super) fn read(foreign: &mut Foreign<'_>, roots: &[Node]) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    for (map, at) in roots.iter().flat_map(elements) {
        let mut wrapped = maps(map, "dunning_campaign");
        wrapped.extend(maps(map, "dunning_campaigns"));
        if wrapped.is_empty() && map.get("days_between_attempts").is_some() {
            wrapped.push((map, at));
        }
        campaigns.extend(wrapped.into_iter().filter_map(|(map, at)| campaign(foreign, map, at)));
    }
    campaigns
}

fn campaign(foreign: &mut Foreign<'_>, map: &Map, at: Span) -> Option<Campaign> {
    let id = foreign.text(map, "code").or_else(|| foreign.text(map, "name"));
    let id = id.unwrap_or_else(|| Declared { value: "lago".to_owned(), at });
    let every = foreign.number(map, at, "days_between_attempts", 1);
    let attempts = foreign.number(map, at, "max_attempts", 1);
    let (every, attempts) = (every?, attempts?);
    let days = (attempts.value - 1).checked_mul(every.value).unwrap_or(i32::MAX);
    let until = foreign.later(1, days, attempts.at)?;
    let mut step = foreign.step(at, id.clone(), Declared { value: 1, at: every.at }, "email");
    let repeat = Repeat { every_days: every.value.unsigned_abs(), until_day: until };
    step.repeat = Some(Declared { value: repeat, at: every.at });
    Some(foreign.campaign(id, vec![step]))
}
