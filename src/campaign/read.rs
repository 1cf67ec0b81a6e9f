//! Campaign files to [`Campaign`]s, with every mistake at its place.
//!
//! Begin at [`read`]. A campaign with a mistake is not returned: a schedule that was understood by half has no worst
//! case. Other campaigns of the same file are.

use super::clock::{self, FARTHEST};
use super::fields::Table;
use super::foreign;
use super::schema::{Campaign, Caps, Declared, Hours, Repeat, Step, Window};
use crate::policy::JURISDICTIONS;
use crate::problem::Problem;
use crate::source::document::{Node, Value};
use crate::source::{Source, Span, host};
use crate::spanned::Faults;
use crate::words::Words;
use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What may end a campaign.
pub const STOPS: [&str; 8] =
    ["paid", "dispute", "opt_out", "hardship", "bankruptcy", "deceased", "promise_to_pay", "legal"];

/// Platforms whose sending limits a campaign may be held to.
pub const PLATFORMS: [&str; 4] = ["aliyun", "tencent", "huawei", "baidu"];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// The most campaigns of a file, and steps of a campaign.
const MOST: usize = 100_000;

/// The campaigns of `source`, read in the format or shape `host`, else in the format of its ending; and what is wrong
/// with it. `roots` are its documents, if they have been read already; `facts` are those of the configuration.
pub fn read(
    source: &Source,
    host: Option<&str>,
    roots: Vec<Node>,
    facts: &BTreeMap<String, serde_json::Value>,
) -> (Vec<Campaign>, Vec<Problem>) {
    let mut faults = Faults::new(&source.path);
    if let Some(shape) = host.filter(|host| foreign::is_shape(host)) {
        let campaigns = foreign::read(source, shape, facts, &mut faults);
        return (campaigns, faults.problems);
    }
    let roots = if roots.is_empty() { documents(source, host, &mut faults) } else { roots };
    if !faults.problems.is_empty() {
        return (Vec::new(), faults.problems);
    }
    let mut campaigns = Vec::new();
    for record in records(&roots) {
        let before = faults.problems.len();
        let campaign = campaign(&source.path, record, &mut faults);
        campaigns.extend(campaign.filter(|_| faults.problems.len() == before));
    }
    if campaigns.is_empty() && faults.problems.is_empty() {
        let words = Words::new("no `[campaign]` stands in this file", "此文件中没有 `[campaign]`");
        faults.add(Span::default(), "not-a-campaign", words);
    }
    (campaigns, faults.problems)
}

/// The documents of `source`; none if they are broken.
fn documents(source: &Source, host: Option<&str>, faults: &mut Faults) -> Vec<Node> {
    let host = host.and_then(host::by_name).or_else(|| host::by_path(&source.path));
    let (text, base) = source.after_mark();
    let Some(document) = host.and_then(|host| host.document(text, base)) else {
        let words = Words::new("campaigns are TOML, YAML or JSON", "发送计划应为 TOML、YAML 或 JSON");
        faults.add(Span::default(), "not-a-campaign", words);
        return Vec::new();
    };
    let syntax = document.problems.into_vec().into_iter();
    faults.problems.extend(syntax.map(|problem| problem.in_file(&source.path)));
    document.roots
}

/// The maps that hold a campaign: the documents themselves, or the elements of a list.
fn records(roots: &[Node]) -> impl Iterator<Item = &Node> {
    fn of(root: &Node) -> &[Node] {
        match &root.value {
            Value::List(nodes) => nodes,
            _ => std::slice::from_ref(root),
        }
    }
    roots.iter().flat_map(of).filter(|node| node.as_map().is_some_and(|map| map.get("campaign").is_some()))
}

fn campaign(path: &Arc<str>, record: &Node, faults: &mut Faults) -> Option<Campaign> {
    let mut top = Table::new(record.as_map()?, record.span, faults);
    top.demand("steps");
    let head = head(path, &mut top);
    let steps = steps(&mut top);
    top.finish();
    let mut campaign = head?;
    campaign.steps = steps;
    Some(campaign)
}

/// The table `campaign`.
fn head(path: &Arc<str>, top: &mut Table<'_, '_>) -> Option<Campaign> {
    let mut table = top.table("campaign")?;
    table.demand("id");
    let id = table.text("id");
    let campaign = Campaign {
        path: Arc::clone(path),
        timezone: timezone(&mut table),
        recipients: recipients(&mut table),
        jurisdiction: jurisdiction(&mut table),
        loans: table.count("loans_per_borrower", 1, 10_000).map_or(1, |loans| loans.value),
        group: table.text("group"),
        caps: caps(&mut table),
        quiet: quiet(&mut table),
        consent: table.flag("consent_outside_hours").unwrap_or(false),
        stop_on: named_list(&mut table, "stop_on", &STOPS),
        anchor: table.text("anchor_date").and_then(|text| date(&mut table, &text)),
        platform: platform(&mut table),
        send_on: weekdays(&mut table),
        skips_holidays: table.flag("skip_holidays").unwrap_or(false),
        holidays: dates(&mut table, "holidays"),
        is_foreign: false,
        steps: Vec::new(),
        id: id.unwrap_or_else(|| Declared { value: String::new(), at: table.span }),
    };
    table.finish();
    Some(campaign)
}

/// A name that is none of `known`.
fn unknown(table: &mut Table<'_, '_>, what: (&str, &str), name: &Declared<String>, known: &[&str]) {
    let (en, zh) = what;
    let text = &name.value;
    let words = Words::new(format!("unknown {en} `{text}`"), format!("未知的{zh} `{text}`"));
    table.faults.add_unknown(name.at, "unknown-name", words, text, known.iter().copied());
}

fn timezone(table: &mut Table<'_, '_>) -> Option<Declared<String>> {
    let name = table.text("timezone")?;
    known_zone(table, &name);
    Some(name)
}

fn recipients(table: &mut Table<'_, '_>) -> Vec<Declared<String>> {
    let zones = table.texts("recipient_timezones").map(|list| list.value).unwrap_or_default();
    zones.iter().for_each(|name| known_zone(table, name));
    zones
}

/// Blames a zone that nobody knows.
fn known_zone(table: &mut Table<'_, '_>, name: &Declared<String>) {
    if clock::zone(&name.value).is_none() {
        let words =
            Words::new(format!("unknown time zone `{}`", name.value), format!("未知的时区 `{}`", name.value));
        let mut problem = Problem::error("unknown-timezone", words);
        if let Some(near) = clock::nearest_zone(&name.value) {
            let help = Words::new(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？"));
            problem = problem.help(help);
        }
        table.faults.push(problem, name.at);
    }
}

fn jurisdiction(table: &mut Table<'_, '_>) -> Option<Declared<String>> {
    let mut name = table.text("jurisdiction")?;
    name.value.make_ascii_lowercase();
    if !JURISDICTIONS.contains(&name.value.as_str()) {
        unknown(table, ("jurisdiction", "法域"), &name, &JURISDICTIONS);
    }
    Some(name)
}

fn platform(table: &mut Table<'_, '_>) -> Option<Declared<String>> {
    let name = table.text("platform")?;
    if !PLATFORMS.contains(&name.value.as_str()) {
        unknown(table, ("platform", "平台"), &name, &PLATFORMS);
    }
    Some(name)
}

fn named_list(table: &mut Table<'_, '_>, key: &'static str, known: &[&str]) -> Option<Declared<Vec<String>>> {
    let list = table.texts(key)?;
    for name in &list.value {
        if !known.contains(&name.value.as_str()) {
            unknown(table, ("name", "名称"), name, known);
        }
    }
    Some(Declared { at: list.at, value: list.value.into_iter().map(|name| name.value).collect() })
}

fn weekdays(table: &mut Table<'_, '_>) -> Vec<Weekday> {
    let names = WEEKDAYS.map(|(name, _)| name);
    let declared = named_list(table, "send_on", &names);
    let chosen = declared.into_iter().flat_map(|list| list.value);
    chosen.filter_map(|name| WEEKDAYS.iter().find(|(n, _)| *n == name).map(|(_, day)| *day)).collect()
}

fn caps(table: &mut Table<'_, '_>) -> Caps {
    let Some(mut caps) = table.table("caps") else { return Caps::default() };
    let mut cap = |key| caps.count(key, 0, 1_000_000).filter(|cap| cap.value > 0);
    let read =
        Caps { per_day: cap("per_day"), per_7_days: cap("per_7_days"), min_gap: cap("min_gap_minutes") };
    caps.finish();
    read
}

fn quiet(table: &mut Table<'_, '_>) -> Option<Declared<Hours>> {
    let list = table.texts("quiet_hours")?;
    let [from, to] = list.value.as_slice() else {
        let words = Words::new(
            "quiet hours are two times: when they begin and when they end",
            "静默时段应为两个时刻：开始和结束",
        );
        return table.wrong(list.at, words);
    };
    let (from, to) = (time(table, from, true)?, time(table, to, true)?);
    if from % 1440 == to % 1440 {
        let words = Words::new("these quiet hours are empty", "静默时段为空");
        return table.wrong(list.at, words);
    }
    Some(Declared { value: Hours { from: from % 1440, to }, at: list.at })
}

/// A time of day such as `09:30`, as a minute; `24:00` where a day may end.
fn time(table: &mut Table<'_, '_>, text: &Declared<String>, ends: bool) -> Option<u16> {
    let minute = minute_of(&text.value).filter(|minute| *minute < 1440 || (ends && *minute == 1440));
    if minute.is_none() {
        let words = Words::new(
            format!("`{}` is not a time of day such as `09:30`", text.value),
            format!("`{}` 不是 `09:30` 这样的时刻", text.value),
        );
        return table.wrong(text.at, words);
    }
    minute
}

/// The minute of `HH:MM`, up to 24:00.
pub(super) fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    (minute < 60 && (hour < 24 || (hour == 24 && minute == 0))).then_some(hour * 60 + minute)
}

fn date(table: &mut Table<'_, '_>, text: &Declared<String>) -> Option<Declared<Date>> {
    let known = text.value.parse::<Date>().ok().filter(|date| (1900..=2200).contains(&date.year()));
    match known {
        Some(value) => Some(Declared { value, at: text.at }),
        None => {
            let words = Words::new(
                format!("`{}` is not a date such as `2027-06-30`", text.value),
                format!("`{}` 不是 `2027-06-30` 这样的日期", text.value),
            );
            table.wrong(text.at, words)
        }
    }
}

fn dates(table: &mut Table<'_, '_>, key: &'static str) -> Vec<Date> {
    let Some(list) = table.texts(key) else { return Vec::new() };
    list.value.iter().filter_map(|text| date(table, text)).map(|date| date.value).collect()
}

fn steps(top: &mut Table<'_, '_>) -> Vec<Step> {
    let Some((nodes, at)) = top.list("steps") else { return Vec::new() };
    if nodes.len() > MOST {
        let words = Words::new(format!("more than {MOST} steps"), format!("步骤超过 {MOST} 个"));
        top.faults.add(at, "too-many-steps", words);
    }
    let mut steps = Vec::new();
    for node in nodes.iter().take(MOST) {
        let Some(map) = node.as_map() else {
            top.mistyped::<()>(node, "a table", "表");
            continue;
        };
        let mut table = Table::new(map, node.span, top.faults);
        let step = step(&mut table);
        table.finish();
        steps.extend(step);
    }
    steps
}

fn step(table: &mut Table<'_, '_>) -> Option<Step> {
    table.demand("template");
    table.demand("day");
    let template = table.text("template");
    let far = i64::from(FARTHEST);
    let day = table.number("day", -far, far).and_then(day_of);
    let window = window(table);
    let attempts = table.count("attempts", 1, 100_000);
    let gap = table.count("gap_minutes", 0, 1_000_000);
    let channel = table.text("channel");
    let repeat = repeat(table, day.as_ref());
    Some(Step {
        at: table.span,
        template: template?,
        day: day?,
        channel: channel.map(|channel| channel.value),
        window: window?,
        attempts: attempts.unwrap_or(Declared { value: 1, at: table.span }),
        gap: gap.map_or(0, |gap| gap.value),
        repeat,
    })
}

fn day_of(number: Declared<i64>) -> Option<Declared<i32>> {
    Some(Declared { value: i32::try_from(number.value).ok()?, at: number.at })
}

/// `at`, or `from` and `to`.
fn window(table: &mut Table<'_, '_>) -> Option<Declared<Window>> {
    let (at, from, to) = (table.text("at"), table.text("from"), table.text("to"));
    match (at, from, to) {
        (Some(at), None, None) => {
            let minute = time(table, &at, false)?;
            Some(Declared { value: Window::At(minute), at: at.at })
        }
        (None, Some(from), Some(to)) => {
            let hours = Hours { from: time(table, &from, false)?, to: time(table, &to, true)? };
            if hours.from == hours.to {
                let words = Words::new("this window is empty", "此时段为空");
                let help = Words::new(
                    format!("for a fixed time write `at = \"{}\"`", from.value),
                    format!("固定时刻请写 `at = \"{}\"`", from.value),
                );
                table.faults.push(Problem::error("bad-value", words).help(help), to.at);
                return None;
            }
            Some(Declared { value: Window::Within(hours), at: from.at })
        }
        (None, None, None) if table.has("at") || table.has("from") || table.has("to") => None,
        _ => {
            let words = Words::new(
                "a step has `at`, or both `from` and `to`",
                "步骤须有 `at`，或者同时有 `from` 和 `to`",
            );
            table.faults.add(table.span, "missing-key", words);
            None
        }
    }
}

fn repeat(table: &mut Table<'_, '_>, day: Option<&Declared<i32>>) -> Option<Declared<Repeat>> {
    let far = i64::from(FARTHEST);
    let mut inner = table.table("repeat")?;
    inner.demand("every_days");
    inner.demand("until_day");
    let every = inner.count("every_days", 1, 36_600);
    let until = inner.number("until_day", -far, far).and_then(day_of);
    let at = inner.span;
    inner.finish();
    let (every, until) = (every?, until?);
    if day.is_some_and(|day| until.value < day.value) {
        let words = Words::new("the repetition ends before its step begins", "重复在步骤开始之前就已结束");
        return table.wrong(until.at, words);
    }
    Some(Declared { value: Repeat { every_days: every.value, until_day: until.value }, at })
}
