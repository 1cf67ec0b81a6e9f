//! Recurly's dunning campaigns: a cycle a kind of invoice; each interval is a mail and the days until the next one.

use super::super::schema::{Campaign, Declared, Step};
use super::{Foreign, elements, maps};
use crate::source::Span;
use crate::source::document::{Map, Node};

/// Objects with `dunning_cycles`, alone or as the `data` of a list. Each cycle is a campaign.
pub(super) fn read(foreign: &mut Foreign<'_>, roots: &[Node]) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    for (map, at) in roots.iter().flat_map(elements) {
        let mut all = maps(map, "data");
        all.push((map, at));
        for (map, at) in all {
            let code = foreign.text(map, "code").or_else(|| foreign.text(map, "name"));
            for (cycle, span) in maps(map, "dunning_cycles") {
                let code = code.clone().unwrap_or_else(|| Declared { value: "recurly".to_owned(), at });
                campaigns.extend(self::cycle(foreign, code, cycle, span));
            }
        }
    }
    campaigns
}

fn cycle(foreign: &mut Foreign<'_>, code: Declared<String>, cycle: &Map, at: Span) -> Option<Campaign> {
    let kind = foreign.text(cycle, "type").map_or_else(|| "cycle".to_owned(), |kind| kind.value);
    let id = Declared { value: format!("{}/{kind}", code.value), at: code.at };
    let mut day = match cycle.get("first_communication_interval") {
        Some(_) => foreign.number(cycle, at, "first_communication_interval", 0)?.value,
        None => 0,
    };
    let mut steps: Vec<Step> = Vec::new();
    for (number, (interval, span)) in maps(cycle, "intervals").into_iter().enumerate() {
        let days = foreign.number(interval, span, "days", 0)?;
        let name = foreign.text(interval, "email_template");
        let name = name.unwrap_or_else(|| Declared { value: format!("mail {}", number + 1), at: span });
        steps.push(foreign.step(span, name, Declared { value: day, at: days.at }, "email"));
        day = foreign.later(day, days.value, days.at)?;
    }
    Some(foreign.campaign(id, steps))
}
