//! Schedules of the Community Health Toolkit: messages at an `offset` from an anchor date, some at a `send_time`.

use super::super::read::minute_of;
use super::super::schema::{Campaign, Declared, Step, Window};
use super::{Foreign, elements, maps};
use crate::source::Span;
use crate::source::document::{Map, Node};
use crate::words::Words;

/// `{"schedules": [{"name": …, "messages": […]}]}`. Each schedule is a campaign.
pub(super) fn read(foreign: &mut Foreign<'_>, roots: &[Node]) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    for (map, _) in roots.iter().flat_map(elements) {
        for (schedule, at) in maps(map, "schedules") {
            let name = foreign.text(schedule, "name");
            let name = name.unwrap_or_else(|| Declared { value: "schedule".to_owned(), at });
            let messages = maps(schedule, "messages");
            let steps =
                messages.into_iter().enumerate().map(|(i, (map, at))| step(foreign, map, at, &name, i));
            let steps: Option<Vec<Step>> = steps.collect();
            campaigns.extend(steps.map(|steps| foreign.campaign(name.clone(), steps)));
        }
    }
    campaigns
}

fn step(
    foreign: &mut Foreign<'_>,
    map: &Map,
    at: Span,
    schedule: &Declared<String>,
    number: usize,
) -> Option<Step> {
    let day = offset(foreign, map, at)?;
    if let Some(weekday) = map.get("send_day") {
        let (en, zh) = ("`send_day` moves it by up to six days", "`send_day` 会使其顺延至多六天");
        foreign.unweighable(weekday.value.span, en, zh);
        return None;
    }
    let name = foreign.text(map, "translation_key");
    let name = name.unwrap_or_else(|| Declared { value: format!("{}#{}", schedule.value, number + 1), at });
    let mut step = foreign.step(at, name, day, "sms");
    if let Some(time) = foreign.text(map, "send_time") {
        match minute_of(&time.value).filter(|minute| *minute < 1440) {
            Some(minute) => step.window = Declared { value: Window::At(minute), at: time.at },
            None => {
                let words = Words::new("not a time such as `09:00`", "不是 `09:00` 这样的时刻");
                foreign.faults.add(time.at, "bad-value", words);
                return None;
            }
        }
    }
    Some(step)
}

/// `8 weeks`, `-3 days`: whole days.
fn offset(foreign: &mut Foreign<'_>, map: &Map, at: Span) -> Option<Declared<i32>> {
    let text = foreign.text(map, "offset").unwrap_or(Declared { value: "0 days".to_owned(), at });
    let mut parts = text.value.split_whitespace();
    let number: Option<i32> = parts.next().and_then(|number| number.parse().ok());
    let unit = parts.next().map(|unit| unit.trim_end_matches('s').to_ascii_lowercase());
    let days = match unit.as_deref() {
        Some("day") => Some(1),
        Some("week") => Some(7),
        _ => None,
    };
    match number.zip(days).and_then(|(number, days)| number.checked_mul(days)) {
        Some(value) if value.abs() <= super::FARTHEST => Some(Declared { value, at: text.at }),
        _ => {
            let (en, zh) = ("offsets are whole days or weeks", "偏移应为整数天或整数周");
            foreign.unweighable(text.at, en, zh);
            None
        }
    }
}
