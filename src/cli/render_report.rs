//! What `render` says: messages, findings of rows, mistakes of rows, and the sum of it all.
//!
//! Begin at [`Report`]. Values of rows are never in it unless they were asked for.

use super::check::FailOn;
use super::render::Shape;
use super::screen;
use crate::policy::PolicySet;
use crate::render::engine::Batch;
use crate::render::plan::Plan;
use crate::render::record::Bad;
use crate::render::row::{RowFinding, Tally};
use crate::render::sheet::Page;
use crate::report::glyphs;
use crate::source::Source;
use crate::words::Lang;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// People are shown this many findings of one rule and template, and this many mistakes; machines all.
const MOST: u64 = 20;

/// The price of one part, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Price(u64);

impl Price {
    /// Reads `0.045`.
    ///
    /// # Errors
    /// A sentence, when it is no such figure.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let wrong = || "expected a price such as 0.045".to_owned();
        if part.len() > 6
            || !part.bytes().chain(whole.bytes()).all(|b| b.is_ascii_digit())
            || whole.is_empty()
        {
            return Err(wrong());
        }
        let millionths = format!("{whole}{part:0<6}").parse().map_err(|_| wrong())?;
        Ok(Self(millionths))
    }

    /// What `segments` parts cost, with at least two decimals.
    fn of(self, segments: u64) -> String {
        let total = u128::from(self.0) * u128::from(segments);
        let text = format!("{}.{:06}", total / 1_000_000, total % 1_000_000);
        let kept = text.trim_end_matches('0').len().max(text.len() - 4);
        text.get(..kept).unwrap_or("").to_owned()
    }
}

/// Where everything that is said goes through.
pub(super) struct Report<'a> {
    source: &'a Source,
    plans: &'a [Plan],
    lang: Lang,
    shape: Shape,
    price: Option<Price>,
    policies: Option<&'a PolicySet>,
    data: String,
    fail_on: FailOn,
    rows: u64,
    bad_rows: u64,
    problems: u64,
    fails: bool,
    tallies: Vec<Tally>,
    counts: BTreeMap<(usize, usize), u64>,
}

impl<'a> Report<'a> {
    pub(super) fn new(
        source: &'a Source,
        plans: &'a [Plan],
        lang: Lang,
        shape: Shape,
        price: Option<Price>,
    ) -> Self {
        Self {
            source,
            plans,
            lang,
            shape,
            price,
            policies: None,
            data: String::new(),
            fail_on: FailOn::Error,
            rows: 0,
            bad_rows: 0,
            problems: 0,
            fails: false,
            tallies: vec![Tally::default(); plans.len()],
            counts: BTreeMap::new(),
        }
    }

    /// Names the file of rows and the rules.
    pub(super) fn data(&mut self, policies: &'a PolicySet, data: &str, fail_on: FailOn) {
        self.policies = Some(policies);
        self.data = data.to_owned();
        self.fail_on = fail_on;
    }

    /// Whether some row could not be looked at.
    pub(super) const fn bad(&self) -> bool {
        self.problems > 0
    }

    /// Whether something was found that fails a run.
    pub(super) const fn fails(&self) -> bool {
        self.fails
    }

    fn id(&self, plan: usize) -> &str {
        self.plans.get(plan).map_or("", |plan| plan.template.record.id.text.as_str())
    }

    fn pick(&self, en: &'static str, zh: &'static str) -> &'static str {
        if self.lang == Lang::En { en } else { zh }
    }

    /// One message with sample values.
    pub(super) fn page(&mut self, plan: usize, page: &Page, out: &mut dyn Write) -> io::Result<()> {
        let cost = self.price.map(|price| price.of(u64::from(page.segments)));
        if self.shape == Shape::JsonLines {
            let line = json!({
                "type": "message", "path": &*self.source.path, "template": self.id(plan), "when": page.when,
                "text": page.text, "units": page.units, "segments": page.segments,
                "alphabet": if page.gsm7 { "gsm7" } else { "ucs2" }, "cost": cost,
            });
            return writeln!(out, "{line}");
        }
        let when = if page.when.is_empty() { String::new() } else { format!(" [{}]", page.when.join(", ")) };
        writeln!(
            out,
            "{}: {}{}",
            glyphs::harmless(&self.source.path),
            glyphs::harmless(self.id(plan)),
            glyphs::harmless(&when)
        )?;
        for line in page.text.lines() {
            writeln!(out, "  {}", glyphs::harmless(line))?;
        }
        let alphabet = if page.gsm7 { "GSM-7" } else { "UCS-2" };
        let (parts, units) = (page.segments, page.units);
        let mut told = match self.lang {
            Lang::En => {
                format!("{parts} part{}, {units} units, {alphabet}", if parts == 1 { "" } else { "s" })
            }
            _ => format!("{parts} 条，{units} 个计费单位，{alphabet}"),
        };
        if let Some(cost) = cost {
            told += &format!("{}{cost}", self.pick(", cost ", "，费用 "));
        }
        writeln!(out, "  = {told}\n")
    }

    /// A variable for which the table has no column.
    pub(super) fn missing(&mut self, name: &str) {
        self.problems += 1;
        let words = match self.lang {
            Lang::En => format!("no column for the variable `{name}`"),
            _ => format!("没有变量 `{name}` 对应的列"),
        };
        screen::say(&format!("{}:1:1: error[missing-column]: {words}", glyphs::harmless(&self.data)));
    }

    /// What one block came to.
    pub(super) fn batch(&mut self, batch: Batch, out: &mut dyn Write) -> io::Result<()> {
        self.rows += batch.rows;
        self.bad_rows += batch.bad_rows;
        for (tally, more) in self.tallies.iter_mut().zip(batch.tallies) {
            tally.add(more);
        }
        for bad in &batch.bad {
            self.problems += 1;
            if self.shape == Shape::JsonLines {
                let line = json!({
                    "type": "problem", "code": bad.code, "path": self.data, "line": bad.line, "column": bad.column,
                    "message": bad.words.get(self.lang),
                });
                writeln!(out, "{line}")?;
            } else if self.problems <= MOST {
                screen::say(&self.mistake(bad));
            }
        }
        for (found, value) in &batch.findings {
            self.finding(found, value.as_deref(), out)?;
        }
        Ok(())
    }

    fn mistake(&self, bad: &Bad) -> String {
        let column = bad.column.unwrap_or(1);
        let words = bad.words.get(self.lang);
        format!("{}:{}:{column}: error[{}]: {words}", glyphs::harmless(&self.data), bad.line, bad.code)
    }

    fn finding(&mut self, found: &RowFinding, value: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        self.fails |= self.fail_on.fails(found.level);
        let count = self.counts.entry((found.plan, found.rule)).or_default();
        *count += 1;
        let (count, json) = (*count, self.shape == Shape::JsonLines);
        if count > MOST && !json {
            return Ok(());
        }
        let Some(rule) = self.policies.and_then(|policies| policies.rules.get(found.rule)) else {
            return Ok(());
        };
        let marked = found.place.of_text(&self.source.text);
        let message = fill(rule.message.get(self.lang), marked, &found.args);
        let named = |plan: &'a Plan, at: usize| plan.names.name(plan.source_of(at));
        let name = found.variable.zip(self.plans.get(found.plan)).map_or("", |(at, plan)| named(plan, at));
        let location = self.source.location(found.place);
        if json {
            let line = json!({
                "type": "row", "path": self.data, "line": found.line, "variable": name, "rule_id": rule.id,
                "level": found.level.name(), "template": self.id(found.plan), "message": message, "text": marked,
                "args": found.args.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>(),
                "primary": {
                    "path": &*location.path, "byte_start": location.byte_start, "byte_end": location.byte_end,
                    "line": location.start.line, "column": location.start.column,
                },
                "value": value,
            });
            return writeln!(out, "{line}");
        }
        let data = glyphs::harmless(&self.data);
        write!(
            out,
            "{data}:{}: {}[{}]: {}",
            found.line,
            found.level.name(),
            rule.id,
            glyphs::harmless(&message)
        )?;
        if let Some(value) = value {
            write!(out, " = {}", glyphs::shortened(value, 60))?;
        }
        let (path, line, column) =
            (glyphs::harmless(&location.path), location.start.line, location.start.column);
        writeln!(out, " ({path}:{line}:{column})")
    }

    /// The sum of it all.
    pub(super) fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.shape == Shape::JsonLines {
            let by_rule: serde_json::Map<_, _> =
                self.by_rule().into_iter().map(|(id, n)| (id, json!(n))).collect();
            let templates: Vec<_> = (0..self.plans.len()).map(|at| self.counted(at)).collect();
            let line = json!({
                "type": "summary", "rows": self.rows, "bad_rows": self.bad_rows, "by_rule": by_rule, "templates": templates,
            });
            return writeln!(out, "{line}");
        }
        for (id, count) in self.by_rule() {
            if count > MOST {
                let told =
                    self.pick("in all, the first of each template are shown", "条，各模板仅列出前若干条");
                writeln!(out, "{id}: {count} {told}")?;
            }
        }
        for (at, tally) in self.tallies.iter().enumerate() {
            let (id, messages, segments, most) =
                (glyphs::harmless(self.id(at)), tally.messages, tally.segments, tally.most);
            let cost = self.price.map_or(String::new(), |price| {
                format!("{}{}", self.pick(", cost ", "，费用 "), price.of(segments))
            });
            match self.lang {
                Lang::En => {
                    writeln!(out, "{id}: {messages} messages in {segments} parts, at most {most} each{cost}")?
                }
                _ => writeln!(out, "{id}：{messages} 条短信，共计费 {segments} 条，单条最多 {most}{cost}")?,
            }
        }
        let found: u64 = self.counts.values().sum();
        let (rows, bad) = (self.rows, self.bad_rows.max(u64::from(self.problems > 0)));
        match (self.lang, self.problems) {
            (Lang::En, 0) => writeln!(out, "{found} findings in {rows} rows"),
            (Lang::En, _) => writeln!(
                out,
                "not everything was looked at ({bad} bad rows); {found} findings in {rows} rows"
            ),
            (_, 0) => writeln!(out, "{rows} 行数据，{found} 项发现"),
            _ => writeln!(out, "部分内容未能检查（{bad} 行有误）；{rows} 行数据，{found} 项发现"),
        }
    }

    fn by_rule(&self) -> BTreeMap<String, u64> {
        let mut by_rule = BTreeMap::new();
        for ((_, rule), count) in &self.counts {
            let id = self.policies.and_then(|policies| policies.rules.get(*rule)).map(|rule| rule.id.clone());
            *by_rule.entry(id.unwrap_or_default()).or_default() += count;
        }
        by_rule
    }

    fn counted(&self, at: usize) -> serde_json::Value {
        let tally = self.tallies.get(at).copied().unwrap_or_default();
        json!({
            "template": self.id(at), "messages": tally.messages, "segments": tally.segments, "most": tally.most,
            "cost": self.price.map(|price| price.of(tally.segments)),
        })
    }
}

/// `pattern` with `{match}` and the arguments in place.
fn fill(pattern: &str, marked: &str, args: &[(&'static str, String)]) -> String {
    let filled = pattern.replace("{match}", marked);
    args.iter().fold(filled, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::Price;

    #[test]
    fn prices_are_exact() {
        let cost = |price: &str, parts| Price::parse(price).unwrap().of(parts);
        assert_eq!(cost("0.045", 3), "0.135");
        assert_eq!(cost("1", 2), "2.00");
        assert_eq!(cost("0.000001", 5), "0.000005");
        for wrong in ["", "a", "-1", "1.0000001", "0,5"] {
            assert!(Price::parse(wrong).is_err(), "{wrong}");
        }
    }
}
