//! One row against one template: figures, sums, days, lengths, and what its values say.
//!
//! Begin at [`Checker::row`].

use super::claims::{Claim, Term};
use super::content::Content;
use super::plan::{Plan, Way};
use super::record::Bad;
use crate::config::Date;
use crate::facts::Role;
use crate::facts::dates::{Occasion, day_of};
use crate::facts::figure::{self, Figure, Oddity};
use crate::facts::length::Length;
use crate::finding::Level;
use crate::policy::PolicySet;
use crate::policy::check::row::Test;
use crate::source::Span;
use crate::text::fold_word;
use crate::words::Words;

/// What was found in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFinding {
    /// Line of the data, from 1.
    pub line: u64,
    /// Number of the template.
    pub plan: usize,
    /// Index of the rule.
    pub rule: usize,
    /// Its level.
    pub level: Level,
    /// The variable it is about.
    pub variable: Option<usize>,
    /// The place in the template, in the source's text.
    pub place: Span,
    /// Arguments of the rule's message.
    pub args: Vec<(&'static str, String)>,
}

/// Which rules hold, and how strongly.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// By test: index and level. Small, so a list does.
    tests: Vec<(Test, usize, Level)>,
    /// The level of each rule, by its index; `None` when it is off or does not hold.
    levels: Vec<Option<Level>>,
}

impl Rules {
    /// The rules of `policies` that hold for `plan`; `level` gives the configured level of each.
    pub fn of(policies: &PolicySet, plan: &Plan, level: impl Fn(&str, Level) -> Option<Level>) -> Self {
        let mut rules = Self::default();
        for (index, rule) in policies.rules.iter().enumerate() {
            let holds = rule.holds_in(plan.jurisdiction.as_deref());
            let chosen = level(&rule.id, rule.level).filter(|_| holds);
            rules.levels.push(chosen);
            if let (Some(test), Some(chosen)) = (rule.check.of_rows(), chosen)
                && rule.when.holds(&plan.facts)
            {
                rules.tests.push((test, index, chosen));
            }
        }
        rules
    }

    fn test(&self, test: Test) -> Option<(usize, Level)> {
        self.tests.iter().find(|(known, ..)| *known == test).map(|(_, index, level)| (*index, *level))
    }
}

/// What the rows of one template came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages rendered.
    pub messages: u64,
    /// Parts they are sent in, together.
    pub segments: u64,
    /// Most parts of one.
    pub most: u32,
}

impl Tally {
    /// Adds what another came to.
    pub fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.segments += other.segments;
        self.most = self.most.max(other.most);
    }
}

/// Checks rows against templates.
#[derive(Debug)]
pub struct Checker<'a> {
    /// The templates.
    pub plans: &'a [Plan],
    /// The rules of each.
    pub rules: &'a [Rules],
    /// The day that due dates are compared with, as [`crate::facts::dates::Day::ordinal`] counts.
    pub today: u32,
    /// What values say; `None` asks nothing.
    pub content: Option<Content<'a>>,
    /// The figure of each variable of the row.
    figures: Vec<Option<Figure>>,
    lengths: Vec<Length>,
}

/// A day as a number that sorts as days do.
pub fn ordinal(date: Date) -> u32 {
    crate::facts::dates::day_of(&date.to_string()).and_then(|day| day.ordinal()).unwrap_or(0)
}

/// What is found goes here, and what is wrong with the row.
pub struct Out<'o> {
    /// Line of the row.
    pub line: u64,
    /// Findings.
    pub findings: &'o mut Vec<RowFinding>,
    /// Mistakes, with the variable in the place of the column.
    pub bad: &'o mut Vec<(Bad, usize, usize)>,
    /// Counts, by template.
    pub tallies: &'o mut [Tally],
}

impl<'a> Checker<'a> {
    /// A checker of `plans`.
    pub fn new(plans: &'a [Plan], rules: &'a [Rules], today: u32, content: Option<Content<'a>>) -> Self {
        Self { plans, rules, today, content, figures: Vec::new(), lengths: Vec::new() }
    }

    /// Checks the values of one row, by variable, against the template of that number.
    pub fn row(&mut self, number: usize, values: &[Option<&str>], out: &mut Out<'_>) {
        let Some(plan) = self.plans.get(number) else { return };
        if plan.derived.is_empty() {
            return self.sent(number, values, out);
        }
        let filtered = plan.filtered(values);
        let filtered: Vec<Option<&str>> = filtered.iter().map(Option::as_deref).collect();
        self.sent(number, &filtered, out);
    }

    /// Checks values as they are sent.
    fn sent(&mut self, number: usize, values: &[Option<&str>], out: &mut Out<'_>) {
        let (Some(plan), Some(rules)) = (self.plans.get(number), self.rules.get(number)) else { return };
        let first = out.findings.len();
        let mut report = Report { number, plan, rules, first, out };
        self.figures.clear();
        self.lengths.clear();
        for (variable, known) in plan.variables.iter().enumerate() {
            let value = values.get(variable).copied().flatten();
            let figure = value.and_then(|value| value_of(&mut report, variable, known.role, value));
            self.figures.push(figure);
            self.lengths.push(value.map(Length::of).unwrap_or_default());
        }
        formulas(&mut report, &self.figures);
        let (mut messages, mut worst) = (0, 0);
        for (nth, way) in plan.ways.iter().enumerate() {
            if way.supposed.iter().any(|supposed| supposed.refuted(values)) {
                continue;
            }
            messages += 1;
            blanks(&mut report, way, values);
            claims(&mut report, way, &self.figures);
            grouping(&mut report, way, &self.figures);
            days(&mut report, way, values, self.today);
            worst = worst.max(self.segments(plan, way));
            let answer =
                self.content.as_mut().and_then(|content| content.look(number, plan, nth, way, values));
            for (rule, variable, place) in answer.iter().flat_map(|answer| answer.iter()) {
                report.rule(*rule, Some(*variable), *place);
            }
        }
        if let Some(tally) = out.tallies.get_mut(number).filter(|_| messages > 0) {
            tally.add(Tally { messages: 1, segments: u64::from(worst), most: worst });
        }
    }

    fn segments(&self, plan: &Plan, way: &Way) -> u32 {
        let slots = way.pieces.iter().filter_map(|piece| match piece {
            super::plan::Piece::Slot(index) => self.lengths.get(*plan.slots.get(*index)?).copied(),
            _ => None,
        });
        slots.fold(way.literal, Length::plus).segments(plan.counting)
    }
}

/// Where findings of one row and template go.
struct Report<'r, 'o> {
    number: usize,
    plan: &'r Plan,
    rules: &'r Rules,
    first: usize,
    out: &'r mut Out<'o>,
}

impl Report<'_, '_> {
    fn test(&mut self, test: Test, variable: Option<usize>, place: Span, args: Vec<(&'static str, String)>) {
        if let Some((rule, level)) = self.rules.test(test) {
            self.push(rule, level, variable, place, args);
        }
    }

    fn rule(&mut self, rule: usize, variable: Option<usize>, place: Span) {
        if let Some(level) = self.rules.levels.get(rule).copied().flatten() {
            self.push(rule, level, variable, place, Vec::new());
        }
    }

    /// Once a rule and place: several paths say the same.
    fn push(
        &mut self,
        rule: usize,
        level: Level,
        variable: Option<usize>,
        place: Span,
        args: Vec<(&'static str, String)>,
    ) {
        let own = self.out.findings.get(self.first..).unwrap_or_default();
        if own.iter().any(|known| known.rule == rule && known.place == place) {
            return;
        }
        let line = self.out.line;
        self.out.findings.push(RowFinding { line, plan: self.number, rule, level, variable, place, args });
    }

    fn place(&self, variable: usize) -> Span {
        let known = self.plan.variables.get(variable).and_then(|known| known.place);
        known.unwrap_or(self.plan.template.record.body_span)
    }

    fn bad(&mut self, variable: usize, code: &'static str, words: Words) {
        let bad = Bad { line: self.out.line, column: None, code, words };
        self.out.bad.push((bad, self.number, variable));
    }
}

/// The figure of a value that is one, and what is odd about it.
fn value_of(report: &mut Report<'_, '_>, variable: usize, role: Role, value: &str) -> Option<Figure> {
    let known = report.plan.variables.get(variable)?;
    if known.only_filtered {
        return figure::read(bare(value)).ok().filter(|_| role == Role::Amount);
    }
    if let Some(max) = known.max_length.filter(|max| value.len() > *max as usize) {
        let length = value.chars().count();
        if length > max as usize {
            let args = vec![("length", length.to_string()), ("max", max.to_string())];
            report.test(Test::Length, Some(variable), report.place(variable), args);
        }
    }
    // Told where it is sent, see `blanks`.
    if is_unrendered(value) {
        return None;
    }
    if known.certain
        && let Some(words) = foreign_to(role, value.trim())
    {
        report.bad(variable, "wrong-type", words);
        return None;
    }
    if role != Role::Amount && known.max_value.is_none() || value.trim_ascii().is_empty() {
        return None;
    }
    match figure::read(bare(value)) {
        Ok(figure) => {
            if let Some(max) = known.max_value.filter(|max| figure.minor > *max) {
                let args = vec![("max", figure::shown(max))];
                report.test(Test::Maximum, Some(variable), report.place(variable), args);
            }
            Some(figure)
        }
        Err(Oddity::NoFigure) => {
            if known.certain {
                report.bad(variable, "wrong-type", Words::new("not an amount", "不是金额"));
            }
            None
        }
        Err(oddity) => {
            report.test(
                Test::Figure,
                Some(variable),
                report.place(variable),
                vec![("why", why(oddity).to_owned())],
            );
            None
        }
    }
}

/// What a value is not, whose kind was declared. Days may have their unit with them, and dates are written in
/// many ways: only what holds no number at all, and no word for a day, is none.
fn foreign_to(role: Role, value: &str) -> Option<Words> {
    let counts =
        value.chars().any(char::is_numeric) || value.contains(['日', '天', '号', '月', '一', '两', '十']);
    match role {
        _ if value.is_empty() || counts || value.to_ascii_lowercase().contains("day") => None,
        Role::Days => Some(Words::new("not a number of days", "不是天数")),
        Role::Date => Some(Words::new("not a date", "不是日期")),
        _ => None,
    }
}

/// A figure without the unit that a sending system may have put to it.
fn bare(value: &str) -> &str {
    if value.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && value.as_bytes().last().is_some_and(u8::is_ascii_digit)
    {
        return value;
    }
    value
        .trim()
        .trim_start_matches(['¥', '￥', '$', '£', '€', '₹', '₱'])
        .trim_end_matches(['元', '圆'])
        .trim()
}

fn why(oddity: Oddity) -> &'static str {
    match oddity {
        Oddity::Exponent => "1e+06",
        Oddity::Decimals => "0.333…",
        Oddity::Negative => "-1",
        Oddity::Grouping => "1,23",
        Oddity::TooLarge => "> 2^63",
        Oddity::NoFigure => "?",
    }
}

/// Whether a value is a placeholder that nobody filled in, or the word of a program for nothing.
fn is_unrendered(value: &str) -> bool {
    let bytes = value.as_bytes();
    match bytes {
        [] => false,
        [b'0'..=b'9', ..] => false,
        _ if value.contains(['{', '}']) || value.contains("<no value>") || value.contains("[object ") => true,
        _ => matches!(
            value.trim(),
            "null"
                | "NULL"
                | "Null"
                | "nil"
                | "NaN"
                | "nan"
                | "undefined"
                | "None"
                | "<nil>"
                | "N/A"
                | "#N/A"
                | "NULL."
                | "Infinity"
                | "inf"
                | "-inf"
        ),
    }
}

fn blanks(report: &mut Report<'_, '_>, way: &Way, values: &[Option<&str>]) {
    for variable in &way.used {
        let default = report.plan.variables.get(*variable).is_some_and(|known| known.default.is_some());
        let Some(Some(value)) = values.get(*variable) else { continue };
        if is_unrendered(value) {
            report.test(Test::Unrendered, Some(*variable), report.place(*variable), Vec::new());
        } else if value.trim_ascii().is_empty() && !default {
            report.test(Test::Blank, Some(*variable), report.place(*variable), Vec::new());
        }
    }
}

fn formulas(report: &mut Report<'_, '_>, figures: &[Option<Figure>]) {
    let minor = |variable: usize| figures.get(variable).copied().flatten().map(|figure| figure.minor);
    for (variable, known) in report.plan.variables.iter().enumerate() {
        let Some((terms, fixed)) = &known.formula else { continue };
        let sum = terms
            .iter()
            .try_fold(*fixed, |sum, (part, factor)| sum.checked_add(minor(*part)?.checked_mul(*factor)?));
        let (Some(sum), Some(stated)) = (sum, minor(variable)) else { continue };
        if sum != stated {
            let args = vec![("difference", difference(sum, stated))];
            report.test(Test::Formula, Some(variable), report.place(variable), args);
        }
    }
}

/// How far two figures are apart, which tells nobody either of them.
fn difference(a: i64, b: i64) -> String {
    figure::shown(a.abs_diff(b).try_into().unwrap_or(i64::MAX))
}

fn claims(report: &mut Report<'_, '_>, way: &Way, figures: &[Option<Figure>]) {
    let value = |term: &Term| match term {
        Term::Fixed(minor) => Some(*minor),
        Term::Variable(variable) => figures.get(*variable).copied().flatten().map(|figure| figure.minor),
    };
    let all = |terms: &[Term]| terms.iter().try_fold(0_i64, |sum, term| sum.checked_add(value(term)?));
    for claim in &way.claims {
        match claim {
            Claim::Sum { total, parts, discounts, at } => {
                let (Some(stated), Some(sum), Some(off)) = (value(total), all(parts), all(discounts)) else {
                    continue;
                };
                if stated != sum && sum.checked_sub(off) != Some(stated) {
                    let args = vec![("difference", difference(sum, stated))];
                    let variable = match total {
                        Term::Variable(variable) => Some(*variable),
                        Term::Fixed(_) => None,
                    };
                    report.test(Test::Sum, variable, report.plan.place(*at), args);
                }
            }
            Claim::AtMost { least, whole, at } => {
                if let (Some(least_minor), Some(whole)) = (value(least), value(whole))
                    && least_minor > whole
                {
                    let variable = match least {
                        Term::Variable(variable) => Some(*variable),
                        Term::Fixed(_) => None,
                    };
                    report.test(Test::Minimum, variable, report.plan.place(*at), Vec::new());
                }
            }
            Claim::Money(_) => {}
        }
    }
}

/// Of two large figures of one message, one has commas and the other has none.
fn grouping(report: &mut Report<'_, '_>, way: &Way, figures: &[Option<Figure>]) {
    let large =
        |variable: &&usize| figures.get(**variable).copied().flatten().is_some_and(|figure| figure.large);
    let grouped =
        |variable: &usize| figures.get(*variable).copied().flatten().is_some_and(|figure| figure.grouped);
    if !way.used.iter().filter(large).any(grouped) {
        return;
    }
    if let Some(variable) = way.used.iter().filter(large).find(|variable| !grouped(variable)) {
        report.test(Test::Grouping, Some(*variable), report.place(*variable), Vec::new());
    }
}

/// Due before the day of sending where the message says that payment is late, not before it elsewhere; an offer that
/// has not ended.
fn days(report: &mut Report<'_, '_>, way: &Way, values: &[Option<&str>], today: u32) {
    if way.moments.is_empty() {
        return;
    }
    let kind = report.plan.facts.get("kind");
    let late = way.moments.iter().any(|moment| moment.occasion == Occasion::Overdue)
        || matches!(kind, Some("overdue" | "collection_harsh"));
    for moment in &way.moments {
        let Some(value) = values.get(moment.variable).copied().flatten() else { continue };
        let day = if value.is_ascii() { day_of(value) } else { day_of(&fold_word(value)) };
        let Some(day) = day.and_then(|day| day.ordinal()) else { continue };
        let wrong = match moment.occasion {
            Occasion::Due if late => day >= today,
            Occasion::Due => kind == Some("pre_due") && day < today,
            Occasion::Offer | Occasion::Deadline => day < today && moment.occasion == Occasion::Offer,
            Occasion::Overdue | Occasion::Unknown => false,
        };
        if wrong {
            report.test(Test::Dates, Some(moment.variable), report.plan.place(moment.at), Vec::new());
        }
    }
}
