//! The rules about rows against their own examples: an example has its `row`.

use super::plan::Plan;
use super::record::Bad;
use super::row::{Checker, Out, Rules, Tally};
use crate::judge::Circumstances;
use crate::policy::check::row::Test;
use crate::policy::{Example, PolicySet, prove};
use serde_json::Value;

/// What the rules of that test mark in the template of an example, in the order of the text.
pub(crate) fn marks(policies: &PolicySet, test: Test, example: &Example) -> Vec<String> {
    let mut bare = example.clone();
    let row = bare.meta.remove("row").unwrap_or_default();
    let (source, templates) = prove::templates(&bare);
    let circumstances = Circumstances::default();
    let plans: Vec<Plan> = templates.into_iter().map(|template| Plan::of(template, &circumstances)).collect();
    let rules: Vec<Rules> =
        plans.iter().map(|plan| Rules::of(policies, plan, |_, level| Some(level))).collect();
    let mut checker = Checker::new(&plans, &rules, 20_260_601, None);
    let mut findings = Vec::new();
    let mut bad: Vec<(Bad, usize, usize)> = Vec::new();
    let mut tallies = vec![Tally::default(); plans.len()];
    for (number, plan) in plans.iter().enumerate() {
        let texts: Vec<Option<String>> = plan.names.all().map(|name| row.get(name).map(text)).collect();
        let values: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        let mut out = Out { line: 1, findings: &mut findings, bad: &mut bad, tallies: &mut tallies };
        checker.row(number, &values, &mut out);
    }
    let of_test = |rule: usize| policies.rules.get(rule).and_then(|rule| rule.check.of_rows()) == Some(test);
    let mut places: Vec<_> =
        findings.iter().filter(|found| of_test(found.rule)).map(|found| found.place).collect();
    places.sort_unstable();
    places.into_iter().map(|place| place.of_text(&source.text).to_owned()).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
