//! The worst case of campaigns and groups as JSON, in the shape of the public interface.

use super::group::Group;
use super::open;
use super::plan::Send;
use super::timeline;
use super::worst::{Peak, Placed};
use crate::policy::PolicySet;
use serde_json::{Value, json};

/// `{campaigns[], groups[]}`. `alone` are the campaigns one by one, `groups` those that share a borrower. Steps count
/// from 1, days from the due date; times are local.
pub fn document(alone: &[Group<'_>], groups: &[Group<'_>], policies: &PolicySet) -> Value {
    let campaigns: Vec<Value> = alone.iter().map(|group| answer(group, policies)).collect();
    let named = groups.iter().filter(|group| group.name.is_some());
    let groups: Vec<Value> = named.map(|group| answer(group, policies)).collect();
    json!({ "campaigns": campaigns, "groups": groups })
}

fn answer(group: &Group<'_>, policies: &PolicySet) -> Value {
    let clock = group.clock();
    let first = group.members.first();
    let id = group.name.or(first.map(|case| case.campaign.id.value.as_str()));
    let shown = |placed: &Placed| send(group, *placed);
    let sends = |peak: &Peak| -> Vec<(Placed, Value)> {
        let placed = peak.placement(&group.plan.sends);
        placed.into_iter().map(|placed| (placed, shown(&placed))).collect()
    };
    let values = |sends: Vec<(Placed, Value)>| sends.into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    let none = || json!({ "count": 0, "day": null, "sends": [] });
    let per_day = group.per_day().map_or_else(
        none,
        |peak| json!({ "count": peak.count, "day": clock.local(peak.from).0, "sends": values(sends(peak)) }),
    );
    let none = || json!({ "count": 0, "from_day": null, "sends": [] });
    let per_7_days = group.per_7_days().map_or_else(none, |peak| {
        let sends = sends(peak);
        let from = sends.first().map(|(placed, _)| clock.local(placed.at).0);
        json!({ "count": peak.count, "from_day": from, "sends": values(sends) })
    });
    let gap = group.nearest().map_or(Value::Null, |nearest| {
        json!({ "minutes": nearest.minutes, "sends": nearest.sends.iter().map(shown).collect::<Vec<_>>() })
    });
    let quiet: Vec<Value> = quiet(group, policies).into_iter().map(|placed| send(group, placed)).collect();
    let mut answer = json!({
        "id": id,
        "max_per_day": per_day,
        "max_per_7_days": per_7_days,
        "min_gap_minutes": gap,
        "quiet": quiet,
    });
    if let (Some(map), Some(_)) = (answer.as_object_mut(), group.name) {
        let members: Vec<&str> = group.members.iter().map(|case| case.campaign.id.value.as_str()).collect();
        map.insert("campaigns".to_owned(), json!(members));
    }
    answer
}

/// The first minute of each send that lies in quiet hours: those of its campaign and of its jurisdiction.
pub fn quiet(group: &Group<'_>, policies: &PolicySet) -> Vec<Placed> {
    let closed: Vec<_> = group.members.iter().map(|case| open::closed(case, policies)).collect();
    let first = |send: &Send| open::first_closed(send, closed.get(send.campaign)?, group.clock());
    let sends = group.plan.sends.iter().enumerate();
    sends.filter_map(|(number, send)| Some(Placed { at: first(send)?, send: number })).collect()
}

/// One send of a placement.
fn send(group: &Group<'_>, placed: Placed) -> Value {
    let (day, minute) = group.clock().local(placed.at);
    let at = timeline::shown(minute);
    let number = group.plan.sends.get(placed.send).map(|send| send.step + 1);
    let Some((case, step)) = group.placed(placed) else { return Value::Null };
    let template = &step.template.value;
    match group.members.len() {
        1 => json!({ "step": number, "template": template, "day": day, "at": at }),
        _ => {
            json!({ "campaign": case.campaign.id.value, "step": number, "template": template, "day": day, "at": at })
        }
    }
}
