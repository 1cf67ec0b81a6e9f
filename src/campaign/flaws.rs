//! What is wrong with a campaign beside how often and when it sends: one function a flaw.
//!
//! Begin at [`find`]. Each flaw is told once, at the first step that has it; further steps are second places.

use super::judge::Matter;
use super::report::Draft;
use super::schema::Step;
use super::templates::Known;
use super::timeline;
use super::wording;
use crate::policy::Rule;
use crate::policy::check::plan::{Flaw, Plan};
use crate::spanned::nearest;
use crate::words::Words;
use std::collections::BTreeMap;

/// What a schedule that collects must end on.
const NEEDED: [&str; 3] = ["paid", "dispute", "opt_out"];

/// The flaw of a campaign, if it has it.
pub(super) fn find(matter: &Matter<'_>, index: usize, rule: &Rule, plan: &Plan) -> Option<Draft> {
    let jurisdiction = matter.case.jurisdiction.as_deref();
    if jurisdiction.is_some_and(|here| plan.except.iter().any(|other| other == here)) {
        return None;
    }
    match plan.flaw {
        Flaw::NoZone => no_zone(matter, index, rule),
        Flaw::ZoneElsewhere => zone_elsewhere(matter, index, rule, plan),
        Flaw::NoStop => no_stop(matter, index, rule),
        Flaw::NoTemplate => no_template(matter, index, rule),
        Flaw::WrongKind => each(matter, index, rule, wrong_kind),
        Flaw::WrongDays => each(matter, index, rule, wrong_days),
        Flaw::WrongJurisdiction => each(matter, index, rule, wrong_jurisdiction),
        Flaw::SameText => same_text(matter, index, rule),
        Flaw::Dropped => dropped(matter, index, rule),
        Flaw::Harsher => harsher(matter, index, rule),
        Flaw::Unused => None,
    }
}

fn no_zone(matter: &Matter<'_>, index: usize, rule: &Rule) -> Option<Draft> {
    let campaign = &matter.case.campaign;
    let id = &campaign.id;
    let none = campaign.timezone.is_none() && campaign.recipients.is_empty();
    none.then(|| Draft::new(index, rule, matter.case, id.at, &id.value))
}

/// Only what the campaign itself says of its jurisdiction counts: one that was told from the language of the templates
/// may be another country's that writes the same.
fn zone_elsewhere(matter: &Matter<'_>, index: usize, rule: &Rule, plan: &Plan) -> Option<Draft> {
    let campaign = &matter.case.campaign;
    let declared = campaign.jurisdiction.as_ref()?;
    let zones = campaign.timezone.iter().filter(|_| campaign.recipients.is_empty());
    let mut zones = zones.chain(&campaign.recipients);
    let zone = zones.find(|zone| !plan.has_zone(&declared.value, &zone.value))?;
    let words = Words::new("the jurisdiction is declared here", "法域在此声明");
    let draft = Draft::new(index, rule, matter.case, zone.at, &zone.value).arg("where", &*declared.value);
    Some(draft.label(declared.at, words))
}

fn no_stop(matter: &Matter<'_>, index: usize, rule: &Rule) -> Option<Draft> {
    let campaign = &matter.case.campaign;
    let declared = campaign.stop_on.as_ref();
    let ends = |name: &&str| declared.is_some_and(|list| list.value.iter().any(|stop| stop == name));
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !ends(name)).collect();
    // A single message has nothing to stop.
    if missing.is_empty() || campaign.steps.len() < 2 {
        return None;
    }
    let at = declared.map_or(campaign.id.at, |list| list.at);
    let list = missing.join(", ");
    let value: Vec<String> = NEEDED.iter().map(|name| format!("\"{name}\"")).collect();
    let help = Words::new(
        format!("write `stop_on = [{}]`, and let the sending system keep to it", value.join(", ")),
        format!("请写明 `stop_on = [{}]`，并由发送系统执行", value.join(", ")),
    );
    Some(Draft::new(index, rule, matter.case, at, &campaign.id.value).arg("missing", list).help(Some(help)))
}

fn no_template(matter: &Matter<'_>, index: usize, rule: &Rule) -> Option<Draft> {
    // Where no template was read at all, none of them can be missed.
    if matter.templates.is_empty() || matter.case.campaign.is_foreign {
        return None;
    }
    let missing = |step: &&Step| matter.templates.named(&step.template.value).is_empty();
    let mut steps = matter.case.campaign.steps.iter().filter(missing);
    let first = steps.next()?;
    let near = nearest(&first.template.value, matter.templates.ids());
    let help = near.map(|near| Words::new(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")));
    let draft = matter.draft(index, rule, first).help(help);
    Some(steps.fold(draft, |draft, step| {
        draft.label(step.template.at, Words::new("nor is this one", "此模板同样不存在"))
    }))
}

/// The first step that `wrong` objects to, with the others.
fn each(
    matter: &Matter<'_>,
    index: usize,
    rule: &Rule,
    wrong: impl Fn(&Matter<'_>, &Step, &Known) -> Option<Words>,
) -> Option<Draft> {
    let objection = |step: &Step| {
        let known = matter.templates.named(&step.template.value);
        known.iter().find_map(|known| wrong(matter, step, known))
    };
    let steps = &matter.case.campaign.steps;
    let mut found = steps.iter().filter_map(|step| Some((step, objection(step)?)));
    let (first, why) = found.next()?;
    let draft = matter.draft(index, rule, first).note(why);
    Some(found.fold(draft, |draft, (step, why)| draft.label(step.template.at, why)))
}

/// The days on which a step is sent: the first and the last.
fn days(step: &Step) -> (i32, i32) {
    let day = step.day.value;
    (day, step.repeat.as_ref().map_or(day, |repeat| repeat.value.until_day))
}

fn wrong_kind(_: &Matter<'_>, step: &Step, known: &Known) -> Option<Words> {
    let kind = known.kind.as_deref()?;
    let (first, last) = days(step);
    let wrong = match kind {
        "pre_due" => last > 0,
        "overdue" | "collection_harsh" => first < 1,
        "confirmation" | "marketing" | "otp" => true,
        _ => false,
    };
    let day = if kind == "pre_due" { last } else { first };
    wrong.then(|| {
        Words::new(
            format!("`{}` is declared `kind = \"{kind}\"` and sent on day {day}", known.id),
            format!("`{}` 声明为 `kind = \"{kind}\"`，却在第 {day} 天发送", known.id),
        )
    })
}

fn wrong_days(_: &Matter<'_>, step: &Step, known: &Known) -> Option<Words> {
    let (first, last) = days(step);
    let said = wording::days_overdue(&known.text)
        .or_else(|| known.stage.as_deref().and_then(wording::day_of_stage))?;
    (said != first || said != last).then(|| {
        let day = if said == first { last } else { first };
        Words::new(
            format!("`{}` says day {said} and is sent on day {day}", known.id),
            format!("`{}` 写明第 {said} 天，却在第 {day} 天发送", known.id),
        )
    })
}

fn wrong_jurisdiction(matter: &Matter<'_>, _: &Step, known: &Known) -> Option<Words> {
    let (declared, here) = (known.jurisdiction.as_deref()?, matter.case.jurisdiction.as_deref()?);
    (declared != here).then(|| {
        Words::new(
            format!("`{}` is for `{declared}`, the campaign is in `{here}`", known.id),
            format!("`{}` 适用于 `{declared}`，而发送计划属于 `{here}`", known.id),
        )
    })
}

fn same_text(matter: &Matter<'_>, index: usize, rule: &Rule) -> Option<Draft> {
    let mut seen: BTreeMap<&str, &Step> = BTreeMap::new();
    for step in &matter.case.campaign.steps {
        let known = matter.templates.named(&step.template.value).first();
        let text = known.map_or(step.template.value.as_str(), |known| &known.text);
        let Some(first) = seen.insert(text, step) else { continue };
        let earlier = Words::new(
            format!("the same on day {}", first.day.value),
            format!("第 {} 天发送过相同内容", first.day.value),
        );
        let draft = matter.draft(index, rule, step).arg("day", step.day.value);
        return Some(draft.label(first.template.at, earlier));
    }
    None
}

fn dropped(matter: &Matter<'_>, index: usize, rule: &Rule) -> Option<Draft> {
    let dropped = matter.group.plan.dropped.iter().find(|(member, ..)| *member == matter.member)?;
    let step = matter.case.campaign.steps.get(dropped.1)?;
    let draft = Draft::new(index, rule, matter.case, step.attempts.at, &step.template.value);
    Some(draft.arg("dropped", dropped.2).arg("attempts", step.attempts.value))
}

/// A step harsher than all before it that says neither how much nor whom to ask.
fn harsher(matter: &Matter<'_>, index: usize, rule: &Rule) -> Option<Draft> {
    let mut steps: Vec<(&Step, &Known)> = Vec::new();
    for step in &matter.case.campaign.steps {
        steps.extend(matter.templates.named(&step.template.value).first().map(|known| (step, known)));
    }
    steps.sort_by_key(|(step, _)| (step.day.value, step.window.value.from()));
    let mut before: Option<(&Step, u8)> = None;
    for (step, known) in steps {
        let rises = before.is_some_and(|(_, harshness)| known.harshness > harshness);
        if rises && known.harshness > 1 && !(known.states_an_amount() && known.names_a_channel()) {
            let milder = Words::new("milder than the later one", "语气较后者缓和");
            let draft = matter.draft(index, rule, step).arg("day", step.day.value);
            return Some(
                before
                    .into_iter()
                    .fold(draft, |draft, (step, _)| draft.label(step.template.at, milder.clone())),
            );
        }
        if before.is_none_or(|(_, harshness)| known.harshness >= harshness) {
            before = Some((step, known.harshness));
        }
    }
    None
}

/// A send on a weekday that is not one of `permitted`, or on a holiday. Where the dates are not known every day can be any
/// weekday, unless the campaign declares that it does not send on the others.
pub(super) fn weekdays(matter: &Matter<'_>, index: usize, rule: &Rule, permitted: &[i8]) -> Option<Draft> {
    let campaign = &matter.case.campaign;
    let clock = matter.group.clock();
    let keeps = !campaign.send_on.is_empty()
        && campaign.send_on.iter().all(|day| permitted.contains(&day.to_monday_one_offset()));
    if campaign.consent || (keeps && campaign.skips_holidays) {
        return None;
    }
    let mut sends = matter.group.plan.sends.iter().filter(|send| send.campaign == matter.member);
    let at_rest = |day: i32| match clock.date(day) {
        Some(date) => {
            let weekday = date.weekday().to_monday_one_offset();
            (!keeps && !permitted.contains(&weekday))
                || (!campaign.skips_holidays && campaign.holidays.contains(&date))
        }
        None => true,
    };
    let send = sends.find(|send| at_rest(clock.local(send.start).0))?;
    let step = campaign.steps.get(send.step)?;
    let draft = matter.draft(index, rule, step).arg("day", clock.local(send.start).0);
    let note = match clock.date(clock.local(send.start).0) {
        Some(date) => Words::new(format!("that is {date}"), format!("该日为 {date}")),
        None => Words::new(
            "without `anchor_date` any day can be a Sunday or a holiday",
            "未声明 `anchor_date`，任何一天都可能是周日或节假日",
        ),
    };
    Some(draft.arg("at", timeline::time(clock, send.start)).note(note))
}
