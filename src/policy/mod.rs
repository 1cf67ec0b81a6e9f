//! What is forbidden and required: TOML policies, compiled into one lexicon.
//!
//! Begin at [`PolicySet`]. [`load`] reads the files with exact spans, [`phrase`] is the pattern language,
//! [`lexicon`] compiles every phrase of every rule, [`needles`] and [`matching`] find them in one pass, [`check`] holds
//! the check kinds, and [`prove`] tests each rule by its own examples.

pub mod basis;
pub mod check;
pub(crate) mod compile;
mod grid;
mod index;
pub(crate) mod language;
pub(crate) mod lexicon;
mod lists;
mod load;
pub(crate) mod matching;
mod memory;
mod needles;
mod passage;
pub(crate) mod phrase;
mod program;
pub mod prove;
pub mod rule;
mod search;
mod slots;
mod units;

pub use basis::{Basis, Force};
pub use compile::FAMILIES;
pub use rule::{Example, Rule, When};
pub use units::JURISDICTIONS;

use crate::message::Message;
use check::{Context, Hit};
use language::Language;
use lexicon::{GroupId, Lexicon};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All rules of a run, with what they rest on.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PolicySet {
    /// The rules, sorted by id.
    pub rules: Vec<Rule>,
    /// What rules rest on, by id.
    pub bases: BTreeMap<String, Basis>,
    /// The policy files, in the order read.
    pub files: Vec<PolicyFile>,
    lexicon: Lexicon,
    language: Language,
    /// The phrases of each family's rules.
    families: BTreeMap<String, Vec<GroupId>>,
}

/// One policy file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PolicyFile {
    /// `threat` for `policies/threat.toml`.
    pub id: String,
    /// Its declared version.
    pub version: String,
    /// `builtin` or its path.
    pub origin: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// What the rules say about one message.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What was found, as (index of the rule, hit).
    pub hits: Vec<(usize, Hit)>,
    /// The search was given up in some text that costs too much, so something may have been missed.
    pub in_part: bool,
}

impl PolicySet {
    /// The index of the rule called `id`.
    pub fn rule(&self, id: &str) -> Option<usize> {
        self.rules.binary_search_by(|r| r.id.as_str().cmp(id)).ok()
    }

    /// What each rule that holds for `message` finds in it. The derived fact `demand` is stated on the way,
    /// unless a declared `kind` has stated it.
    pub fn judge(&self, message: &mut Message<'_>) -> Verdict {
        let readings: Vec<_> = message.views.iter().map(|view| self.lexicon.scan(view)).collect();
        if message.facts.get("demand").is_none() {
            let demand = self.language.demands(&message.views, &readings);
            message.facts.state("demand", if demand { "true" } else { "false" });
        }
        let context =
            Context { message, readings: &readings, language: &self.language, families: &self.families };
        let jurisdiction = message.jurisdiction.as_deref();
        let mut verdict = Verdict::default();
        let mut hits = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            // Nearly all rules look for words that are not there: asking that first is cheapest.
            let words = rule.check.phrases();
            let is_idle = words.is_some_and(|group| !readings.iter().any(|r| r.may_have(group)));
            if is_idle || !rule.holds_in(jurisdiction) || !rule.when.holds(&message.facts) {
                continue;
            }
            rule.check.run(&context, &mut hits);
            verdict.hits.extend(hits.drain(..).map(|hit| (index, hit)));
        }
        verdict.in_part = readings.iter().any(|reading| reading.gave_up());
        verdict
    }
}
