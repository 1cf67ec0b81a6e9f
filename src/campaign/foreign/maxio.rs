//! Dunning steps of Maxio (Chargify): `day_threshold` days after the due date, with the texts inside the schedule.

use super::super::schema::{Campaign, Declared, Step};
use super::{Foreign, visit};
use crate::source::document::{Map, Node, Value};
use crate::source::{SourceSpec, Span};
use crate::words::Words;

/// What a step is known by.
const DAY: &str = "day_threshold";

/// The steps of each document, as one campaign.
pub(super) fn read(foreign: &mut Foreign<'_>, roots: &[Node]) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    for root in roots {
        let name =
            root.as_map().and_then(|map| foreign.text(map, "name").or_else(|| foreign.text(map, "id")));
        let id = name.unwrap_or_else(|| Declared { value: "maxio".to_owned(), at: root.span });
        let (mut steps, mut whole, mut any) = (Vec::new(), true, false);
        visit(root, &mut |map, at| {
            if map.get(DAY).is_some() {
                any = true;
                whole &= step(foreign, map, at, &mut steps).is_some();
            }
        });
        steps.sort_by_key(|step: &Step| step.day.value);
        campaigns.extend((any && whole).then(|| foreign.campaign(id, steps)));
    }
    campaigns
}

/// The sends of a step: a text, a mail, both or none. A text is known by its day, as in [`texts`].
fn step(foreign: &mut Foreign<'_>, map: &Map, at: Span, steps: &mut Vec<Step>) -> Option<()> {
    let day = foreign.number(map, at, DAY, 0)?;
    let says = |key: &str| match map.get(key).map(|entry| &entry.value.value) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text.text.trim() == "true",
        _ => false,
    };
    let (text, mail) = (says("send_sms"), says("send_email"));
    if text && foreign.text(map, "sms_body").is_none() {
        let words = Words::new("a text is sent, and `sms_body` is missing", "将发送短信，却缺少 `sms_body`");
        foreign.faults.add(at, "missing-key", words);
        return None;
    }
    let name = Declared { value: day.value.to_string(), at: day.at };
    steps.extend(text.then(|| foreign.step(at, name, day.clone(), "sms")));
    if mail {
        let subject = foreign.text(map, "email_subject");
        let name = subject.unwrap_or_else(|| Declared { value: format!("mail {}", day.value), at });
        steps.push(foreign.step(at, name, day, "email"));
    }
    Some(())
}

/// Where the texts of the document `root` stand, unless `spec` says it.
pub(super) fn texts(root: &Node, spec: &SourceSpec) -> Option<SourceSpec> {
    let has_steps = |node: &Node| {
        matches!(&node.value, Value::List(nodes)
        if nodes.iter().any(|node| node.as_map().is_some_and(|map| map.get(DAY).is_some())))
    };
    let key = match root.as_map() {
        Some(map) => Some(map.entries.iter().find(|entry| has_steps(&entry.value))?.key.to_string()),
        None if has_steps(root) => None,
        None => return None,
    };
    let mut spec = SourceSpec { host: None, ..spec.clone() };
    spec.messages = spec.messages.or(key.map(|key| format!("{key}[]")));
    spec.id.get_or_insert_with(|| DAY.to_owned());
    spec.body.get_or_insert_with(|| "sms_body".to_owned());
    Some(spec)
}
