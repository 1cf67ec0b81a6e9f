//! One rule as a policy file states it.

use super::check::Check;
use super::mend::Mend;
use crate::finding::{Confidence, Level};
use crate::message::Facts;
use crate::source::Span;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One rule.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rule {
    /// `family/name`.
    pub id: String,
    /// Level before configuration.
    pub level: Level,
    /// How sure it is of its findings.
    pub confidence: Confidence,
    /// The headline.
    pub title: Words,
    /// What stands at the marked place; may name `{match}` and other arguments.
    pub message: Words,
    /// What to do.
    pub help: Words,
    /// Jurisdiction (`cn`, …, or `any`) → ids of what it rests on there.
    pub basis: BTreeMap<String, Vec<String>>,
    /// Whether it holds in every jurisdiction.
    pub(crate) everywhere: bool,
    /// The facts under which it holds.
    pub when: When,
    /// What it does.
    pub(crate) check: Check,
    /// How a finding of it can be mended.
    pub fix: Option<Mend>,
    /// Its examples: texts it must report. The built-in ones are read when they are asked for.
    #[serde(skip)]
    pub fail: Vec<Example>,
    /// Texts it must stay silent on.
    #[serde(skip)]
    pub pass: Vec<Example>,
    /// The policy file it stands in and the place of its table.
    pub policy: (Arc<str>, Span),
}

impl Rule {
    /// The part of the id before the slash.
    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or(&self.id)
    }
}

impl Rule {
    /// Whether it looks at send schedules rather than at messages.
    pub fn is_of_schedules(&self) -> bool {
        self.check.is_of_schedules()
    }

    /// Whether it compares the languages of a message rather than looking at one.
    pub fn is_of_languages(&self) -> bool {
        self.check.is_of_languages()
    }

    /// Whether the rule has a basis in `jurisdiction` (or everywhere).
    pub fn holds_in(&self, jurisdiction: Option<&str>) -> bool {
        self.everywhere || jurisdiction.is_some_and(|j| self.basis.contains_key(j))
    }

    /// What it rests on in `jurisdiction`: there first, then everywhere.
    pub fn basis_in(&self, jurisdiction: Option<&str>) -> impl Iterator<Item = &str> {
        let local = jurisdiction.and_then(|j| self.basis.get(j));
        local.into_iter().chain(self.basis.get("any")).flatten().map(String::as_str)
    }
}

/// The facts under which a rule holds: each must have one of the accepted values, where `undeclared` accepts
/// a fact nobody stated.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct When {
    /// The place of the fact in [`Facts::NAMES`], and its accepted values.
    pub(crate) conditions: Vec<(usize, Vec<String>)>,
}

impl When {
    /// The accepted value of a fact that nobody stated.
    pub(crate) const UNDECLARED: &'static str = "undeclared";

    /// Each fact with its accepted values.
    pub fn conditions(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.conditions
            .iter()
            .map(|(place, values)| (Facts::NAMES.get(*place).copied().unwrap_or(""), values.as_slice()))
    }

    /// Adds the conditions of `shared` about facts that this one says nothing about.
    pub(crate) fn add(&mut self, shared: &Self) {
        for (place, accepted) in &shared.conditions {
            if !self.conditions.iter().any(|(known, _)| known == place) {
                self.conditions.push((*place, accepted.clone()));
            }
        }
    }

    /// Whether all conditions hold.
    pub fn holds(&self, facts: &Facts) -> bool {
        self.conditions.iter().all(|(place, accepted)| {
            let value = facts.at(*place).unwrap_or(Self::UNDECLARED);
            accepted.iter().any(|a| a == value)
        })
    }
}

/// One example of a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// The message.
    pub text: String,
    /// The texts that must be marked, in order (`fail` only).
    pub marks: Vec<String>,
    /// Why it passes or fails.
    pub why: Option<Words>,
    /// Language, jurisdiction, dialect and other declared facts.
    pub meta: BTreeMap<String, serde_json::Value>,
    /// Where it stands in its policy file.
    pub at: Span,
}
