//! Every message of a template with sample values, and in how many parts it is sent.
//!
//! Begin at [`pages`].

use super::plan::Plan;
use crate::facts::length::{Counting, Length};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The conditions of its path.
    pub when: Vec<String>,
    /// What is sent.
    pub text: String,
    /// Units that are billed.
    pub units: u32,
    /// Parts.
    pub segments: u32,
    /// Whether every character is in GSM-7 and that alphabet is used.
    pub gsm7: bool,
}

/// The messages of a template, one a path that can happen.
pub fn pages(plan: &Plan) -> Vec<Page> {
    let page = |way: &super::plan::Way| {
        let mut text = String::new();
        let value =
            |number: usize| plan.variables.get(number).map_or("", |variable| variable.sample.as_str());
        plan.render(way, &mut text, value);
        let length = Length::of(&text);
        Page {
            when: way.when.clone(),
            units: length.units(plan.counting),
            segments: length.segments(plan.counting),
            gsm7: plan.counting == Counting::International && length.gsm7(),
            text,
        }
    };
    plan.ways.iter().map(page).collect()
}
