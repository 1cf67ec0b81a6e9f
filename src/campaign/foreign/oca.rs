//! The credit control of the Odoo community: levels of a policy with `delay_days`, as data records in XML
//! (`credit.control.policy.level`) or as plain objects in JSON or YAML.

use super::super::schema::{Campaign, Declared, Step};
use super::{Foreign, visit};
use crate::source::Span;
use crate::source::document::{Map, Node, Value};
use std::collections::BTreeMap;

/// The model of a level.
const LEVEL: &str = "credit.control.policy.level";

/// One level, as either shape says it.
struct Level {
    at: Span,
    name: Declared<String>,
    policy: Declared<String>,
    place: i32,
    days: Declared<i32>,
    mode: Option<Declared<String>>,
    channel: String,
}

/// The policies of the documents, each a campaign.
pub(super) fn read(foreign: &mut Foreign<'_>, roots: &[Node]) -> Vec<Campaign> {
    let mut policies: BTreeMap<String, Vec<Level>> = BTreeMap::new();
    for root in roots {
        let mut found = Vec::new();
        visit(root, &mut |map, at| found.extend(level(foreign, map, at)));
        for level in found {
            policies.entry(level.policy.value.clone()).or_default().push(level);
        }
    }
    policies.into_values().filter_map(|levels| campaign(foreign, levels)).collect()
}

/// The level that `map` is, if it is one.
fn level(foreign: &mut Foreign<'_>, map: &Map, at: Span) -> Option<Level> {
    let is_record = foreign.text(map, "@model").is_some_and(|model| model.value == LEVEL);
    if !is_record && map.get("delay_days").is_none() {
        return None;
    }
    let own;
    let map = if is_record {
        own = fields(map);
        &own
    } else {
        map
    };
    let days = foreign.number(map, at, "delay_days", 0)?;
    let name = foreign.text(map, "email_template_id").or_else(|| foreign.text(map, "name"));
    let policy = foreign.text(map, "policy_id").or_else(|| foreign.text(map, "policy"));
    let place = match map.get("level") {
        Some(_) => foreign.number(map, at, "level", 0)?.value,
        None => 0,
    };
    Some(Level {
        at,
        name: name.unwrap_or_else(|| Declared { value: format!("level {place}"), at }),
        policy: policy.unwrap_or_else(|| Declared { value: "credit-control".to_owned(), at }),
        place,
        days,
        mode: foreign.text(map, "computation_mode"),
        channel: foreign.text(map, "channel").map_or_else(|| "email".to_owned(), |channel| channel.value),
    })
}

/// `<field name="delay_days">10</field>` and `<field name="policy_id" ref="…"/>` as a map.
fn fields(record: &Map) -> Map {
    let mut all = Map::default();
    for field in record.get("field").map(|entry| elements_of(&entry.value)).unwrap_or_default() {
        let Some(map) = field.as_map() else { continue };
        let Some(name) = map.get("@name").and_then(|entry| entry.value.as_text()) else { continue };
        let value = map.get("@ref").map_or(field, |entry| &entry.value);
        all.entries.push(crate::source::document::Entry {
            key: name.into(),
            key_span: Some(field.span),
            value: value.clone(),
        });
    }
    all
}

fn elements_of(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::List(nodes) => nodes.iter().collect(),
        _ => vec![node],
    }
}

fn campaign(foreign: &mut Foreign<'_>, mut levels: Vec<Level>) -> Option<Campaign> {
    levels.sort_by_key(|level| level.place);
    let id = levels.first()?.policy.clone();
    let mut steps: Vec<Step> = Vec::new();
    let mut before = 0;
    for level in levels {
        let day = match level.mode.as_ref().map(|mode| (mode.value.as_str(), mode.at)) {
            None | Some(("net_days", _)) => level.days.value,
            Some(("previous_date", _)) => foreign.later(before, level.days.value, level.days.at)?,
            Some((_, at)) => {
                let (en, zh) = ("its day depends on the month of the invoice", "发送日取决于账单所在月份");
                foreign.unweighable(at, en, zh);
                return None;
            }
        };
        before = day;
        let day = Declared { value: day, at: level.days.at };
        steps.push(foreign.step(level.at, level.name, day, &level.channel));
    }
    Some(foreign.campaign(id, steps))
}
