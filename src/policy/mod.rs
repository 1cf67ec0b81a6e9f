//! What is forbidden and required: TOML policies, compiled into one lexicon.
//!
//! Begin at [`PolicySet`]. [`load`] reads the files with exact spans, [`phrase`] is the pattern language,
//! [`lexicon`] compiles every phrase of every rule, [`needles`] and [`matching`] find them in one pass, [`check`] holds
//! the check kinds, and [`prove`] tests each rule by its own examples.

pub mod basis;
mod bits;
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
pub mod mend;
mod needles;
mod passage;
pub(crate) mod phrase;
mod program;
pub mod prove;
pub mod rule;
mod search;
mod slots;
pub mod timing;
mod units;

pub use basis::{Basis, Force};
pub use compile::FAMILIES;
pub use rule::{Example, Rule, When};
pub use units::JURISDICTIONS;

use crate::message::Message;
use bits::Bits;
use check::{Context, Hit};
use language::Language;
use lexicon::{GroupId, Lexicon};
use matching::Reading;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use timing::Timing;

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
    #[serde(skip)]
    asking: Asking,
    /// Measures the rules, if somebody asked.
    #[serde(skip)]
    pub timing: Option<Timing>,
}

/// Which rules ask for what: most find none of their words in a text.
#[derive(Debug, Default)]
struct Asking {
    /// The rule that looks for a group, by the number of the group.
    rule_of_group: Vec<Option<usize>>,
    /// Rules that look at more than words.
    always: Vec<usize>,
}

impl Asking {
    fn of(rules: &[Rule]) -> Self {
        let mut asking = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            match rule.check.phrases() {
                Some(group) => {
                    let place = group.0 as usize;
                    let len = asking.rule_of_group.len().max(place + 1);
                    asking.rule_of_group.resize(len, None);
                    asking.rule_of_group.get_mut(place).into_iter().for_each(|rule| *rule = Some(index));
                }
                None => asking.always.push(index),
            }
        }
        asking
    }

    /// The rules that may find something, as bits.
    fn rules(&self, readings: &[Reading<'_>], of: usize) -> Bits {
        let mut rules = Bits::none(of);
        self.always.iter().for_each(|rule| rules.add(*rule));
        for group in readings.iter().flat_map(Reading::groups) {
            let rule = self.rule_of_group.get(group.0 as usize).copied().flatten();
            rule.into_iter().for_each(|rule| rules.add(rule));
        }
        rules
    }
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

    /// Where words of any rule stand in a folded text: a text without one adds nothing to a message.
    pub fn words(&self, folded: &str, mut found: impl FnMut(std::ops::Range<usize>)) {
        self.lexicon.needles.find(folded, |_, start, end| found(start..end));
    }

    /// What each rule that holds for `message` finds in it. Facts that the text tells are stated on the
    /// way.
    pub fn judge(&self, message: &mut Message<'_>) -> Verdict {
        let timing = self.timing.as_ref();
        let scan = || message.views.iter().map(|view| self.lexicon.scan(view)).collect();
        let readings: Vec<_> = timing::timed(timing, self.rules.len(), scan);
        self.language.derive(&mut message.facts, &message.views, &readings);
        let context =
            Context { message, readings: &readings, language: &self.language, families: &self.families };
        let jurisdiction = message.jurisdiction.as_deref();
        let mut verdict = Verdict::default();
        let mut hits = Vec::new();
        for index in self.asking.rules(&readings, self.rules.len()).ones() {
            let Some(rule) = self.rules.get(index) else { continue };
            if !rule.holds_in(jurisdiction) || !rule.when.holds(&message.facts) {
                continue;
            }
            timing::timed(timing, index, || rule.check.run(&context, &mut hits));
            if !hits.is_empty() {
                verdict.hits.extend(hits.drain(..).map(|hit| (index, hit)));
            }
        }
        verdict.in_part = readings.iter().any(|reading| reading.gave_up());
        verdict
    }
}
