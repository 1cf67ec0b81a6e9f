//! Schedules in the shapes of other systems, one file a shape: `host = "campaign:lago"` in a `[[source]]`.
//!
//! Begin at [`read`]. A shape says on which days something is sent and in what order; hours and zone it seldom knows. Then a
//! send may fall at any hour, which is what the worst case assumes, unless the configuration declares
//! `[facts] send_window = "09:00-20:00"`. What a shape says that cannot be weighed is a problem, never left out. Keys that do
//! not matter here are passed over: these files are not ours.

mod cht;
mod lago;
mod maxio;
mod oca;
mod recurly;

use super::clock::FARTHEST;
use super::read::minute_of;
use super::schema::{Campaign, Caps, Declared, Hours, Step, Window};
use crate::source::document::{Map, Node, Value};
use crate::source::{Source, SourceSpec, Span, host};
use crate::spanned::Faults;
use crate::words::Words;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads the campaigns of the documents `roots`.
type Read = fn(&mut Foreign<'_>, &[Node]) -> Vec<Campaign>;

/// The shapes by name.
const SHAPES: [(&str, Read); 5] = [
    ("campaign:cht", cht::read),
    ("campaign:lago", lago::read),
    ("campaign:maxio", maxio::read),
    ("campaign:oca", oca::read),
    ("campaign:recurly", recurly::read),
];

/// Whether `host` is a shape of campaigns.
pub fn is_shape(host: &str) -> bool {
    host.starts_with("campaign:")
}

/// The names of the shapes.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|(name, _)| *name)
}

/// Where the texts stand that a schedule of `shape` holds itself, when `spec` reads it so.
pub fn texts(source: &Source, shape: &str, spec: &SourceSpec) -> Option<SourceSpec> {
    if shape != "campaign:maxio" {
        return None;
    }
    let (text, base) = source.after_mark();
    let document = host::by_path(&source.path)?.document(text, base)?;
    maxio::texts(document.roots.first()?, spec)
}

/// What a shape is read with.
pub(super) struct Foreign<'f> {
    path: Arc<str>,
    window: Window,
    faults: &'f mut Faults,
}

/// The campaigns of `source` in the shape `shape`. Mistakes go to `faults`.
pub(super) fn read(
    source: &Source,
    shape: &str,
    facts: &BTreeMap<String, serde_json::Value>,
    faults: &mut Faults,
) -> Vec<Campaign> {
    let (text, base) = source.after_mark();
    let document = host::by_path(&source.path).and_then(|host| host.document(text, base));
    let known = SHAPES.iter().find(|(name, _)| *name == shape);
    let (Some(document), Some((_, read))) = (document, known) else {
        let list = names().collect::<Vec<_>>().join(" ");
        let words = Words::new(
            format!("not a schedule in the shape “{shape}”; known are: {list}"),
            format!("不是“{shape}”形式的发送计划；可用：{list}"),
        );
        faults.add(Span::default(), "not-a-campaign", words);
        return Vec::new();
    };
    let problems = document.problems.into_vec();
    if !problems.is_empty() {
        faults.problems.extend(problems.into_iter().map(|problem| problem.in_file(&source.path)));
        return Vec::new();
    }
    let stated = facts.get("send_window").and_then(serde_json::Value::as_str);
    let hours = stated.and_then(window_of).unwrap_or(Hours { from: 0, to: 1440 });
    let mut foreign = Foreign { path: Arc::clone(&source.path), window: Window::Within(hours), faults };
    let campaigns = read(&mut foreign, &document.roots);
    if campaigns.is_empty() && faults.problems.is_empty() {
        let words = Words::new(
            format!("no schedule in the shape “{shape}” stands here"),
            format!("此处没有“{shape}”形式的发送计划"),
        );
        faults.add(Span::default(), "not-a-campaign", words);
    }
    campaigns
}

/// `09:00-20:00`.
fn window_of(text: &str) -> Option<Hours> {
    let (from, to) = text.split_once(['-', '–'])?;
    let (from, to) = (minute_of(from.trim())?, minute_of(to.trim())?);
    (from != to && from < 1440).then_some(Hours { from, to })
}

impl Foreign<'_> {
    /// A campaign called `id`.
    fn campaign(&self, id: Declared<String>, steps: Vec<Step>) -> Campaign {
        Campaign {
            path: Arc::clone(&self.path),
            id,
            timezone: None,
            recipients: Vec::new(),
            jurisdiction: None,
            loans: 1,
            group: None,
            caps: Caps::default(),
            quiet: None,
            consent: false,
            stop_on: None,
            anchor: None,
            platform: None,
            send_on: Vec::new(),
            skips_holidays: false,
            holidays: Vec::new(),
            is_foreign: true,
            steps,
        }
    }

    /// A step of one send.
    fn step(&self, at: Span, template: Declared<String>, day: Declared<i32>, channel: &str) -> Step {
        Step {
            at,
            template,
            day,
            channel: Some(channel.to_owned()),
            window: Declared { value: self.window, at },
            attempts: Declared { value: 1, at },
            gap: 0,
            repeat: None,
        }
    }

    /// The text at `key`.
    fn text(&mut self, map: &Map, key: &str) -> Option<Declared<String>> {
        let node = &map.get(key)?.value;
        let text = node.as_text().filter(|text| !text.trim().is_empty())?;
        Some(Declared { value: text.trim().to_owned(), at: node.span })
    }

    /// The whole number of days or attempts at `key`, from `least`; its absence or another value is a mistake.
    fn number(&mut self, map: &Map, at: Span, key: &str, least: i32) -> Option<Declared<i32>> {
        let node = map.get(key).map(|entry| &entry.value);
        let raw = node.and_then(Node::as_text).map(str::trim);
        let number = raw.and_then(|raw| raw.parse::<i32>().ok());
        let at = node.map_or(at, |node| node.span);
        match number.filter(|number| (least..=FARTHEST).contains(number)) {
            Some(value) => Some(Declared { value, at }),
            None => {
                let words = Words::new(
                    format!("`{key}` is a whole number from {least} to {FARTHEST}"),
                    format!("`{key}` 应为 {least} 至 {FARTHEST} 的整数"),
                );
                self.faults.add(at, "bad-value", words);
                None
            }
        }
    }

    /// A day so many days after another, within what can be weighed.
    fn later(&mut self, day: i32, days: i32, at: Span) -> Option<i32> {
        let sum = day.checked_add(days).filter(|sum| *sum <= FARTHEST);
        if sum.is_none() {
            self.unweighable(at, "it reaches too far", "跨度过大");
        }
        sum
    }

    /// Blames what the shape says and the worst case cannot weigh.
    fn unweighable(&mut self, at: Span, en: &str, zh: &str) {
        let words = Words::new(format!("this cannot be weighed: {en}"), format!("无法分析：{zh}"));
        self.faults.add(at, "not-weighed", words);
    }
}

/// The maps under `key`: one, or a list of them; with their places.
fn maps<'n>(map: &'n Map, key: &str) -> Vec<(&'n Map, Span)> {
    map.get(key).map(|entry| elements(&entry.value)).unwrap_or_default()
}

/// A map, or the maps of a list.
fn elements(node: &Node) -> Vec<(&Map, Span)> {
    let nodes = match &node.value {
        Value::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(node),
    };
    nodes.iter().filter_map(|node| Some((node.as_map()?, node.span))).collect()
}

/// Every map of a document. Documents are not nested deeper than their readers allow.
fn visit(node: &Node, see: &mut impl FnMut(&Map, Span)) {
    if let Some(map) = node.as_map() {
        see(map, node.span);
        map.entries.iter().for_each(|entry| visit(&entry.value, see));
    }
    if let Value::List(nodes) = &node.value {
        nodes.iter().for_each(|node| visit(node, see));
    }
}
