//! Sends in words: `day 1: 09:00 overdue-d1, 21:30 overdue-d1b`.

use super::clock::Clock;
use super::group::Group;
use super::worst::Placed;
use crate::words::Words;

/// The most sends that are written out.
const MOST: usize = 24;

/// A minute of the day as a clock shows it.
pub fn shown(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The local time at a minute.
pub fn time(clock: &Clock, at: i64) -> String {
    shown(clock.local(at).1)
}

/// A day and a time.
pub fn moment(clock: &Clock, at: i64) -> Words {
    let (day, minute) = clock.local(at);
    let shown = shown(minute);
    Words::new(format!("day {day}, {shown}"), format!("第 {day} 天 {shown}"))
}

/// `placed` in the order of time, day for day. Equal ones are counted; templates of other campaigns than the first
/// have the campaign's name in front.
pub fn line(group: &Group<'_>, placed: &[Placed]) -> Words {
    let mut days: Vec<(i32, Vec<(String, usize)>)> = Vec::new();
    let mut left = placed;
    let mut written = 0;
    while let Some((first, _)) = left.split_first() {
        let same = left.iter().take_while(|other| *other == first).count();
        left = left.get(same..).unwrap_or_default();
        written += 1;
        if written > MOST {
            continue;
        }
        let (day, minute) = group.clock().local(first.at);
        let entry = (format!("{} {}", shown(minute), name(group, *first)), same);
        match days.last_mut() {
            Some((last, entries)) if *last == day => entries.push(entry),
            _ => days.push((day, vec![entry])),
        }
    }
    let more = written - written.min(MOST);
    Words::new(
        sentence(&days, more, "day ", ": ", ", ", "; "),
        sentence(&days, more, "第 ", " 天：", "，", "；"),
    )
}

fn sentence(
    days: &[(i32, Vec<(String, usize)>)],
    more: usize,
    before: &str,
    after: &str,
    comma: &str,
    between: &str,
) -> String {
    let entry = |(text, times): &(String, usize)| match times {
        1 => text.clone(),
        times => format!("{text} ×{times}"),
    };
    let day = |(day, entries): &(i32, Vec<(String, usize)>)| {
        let entries: Vec<String> = entries.iter().map(entry).collect();
        format!("{before}{day}{after}{}", entries.join(comma))
    };
    let mut text = days.iter().map(day).collect::<Vec<_>>().join(between);
    if more > 0 {
        text.push_str(&format!("{comma}… +{more}"));
    }
    text
}

/// The template of a send.
pub fn name(group: &Group<'_>, placed: Placed) -> String {
    let Some((case, step)) = group.placed(placed) else { return String::new() };
    let alone = group.members.len() == 1;
    if alone {
        step.template.value.clone()
    } else {
        format!("{}/{}", case.campaign.id.value, step.template.value)
    }
}
