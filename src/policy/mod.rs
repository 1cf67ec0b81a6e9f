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
mod packed;
mod passage;
pub(crate) mod phrase;
mod program;
mod prospects;
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
use std::collections::{BTreeMap, BTreeSet};
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

/// Which rules ask for what, so that only those are run that may find something: most find none of their words
/// in a text.
#[derive(Debug, Default)]
struct Asking {
    /// The rule that looks for a group, by the number of the group.
    rule_of_group: Vec<Option<usize>>,
    /// Rules that look at more than words.
    always: Bits,
    /// Rules that hold in every jurisdiction.
    everywhere: Bits,
    /// All that hold in a jurisdiction; where nothing is said of one, those that hold everywhere do.
    local: BTreeMap<String, Bits>,
    /// Facts that rules ask for.
    conditions: Vec<Asked>,
}

/// A fact that rules ask for.
#[derive(Debug)]
struct Asked {
    /// Its place among the facts.
    fact: usize,
    /// The rules that hold, by each value that some rule names.
    named: Vec<(String, Bits)>,
    /// The rules that hold where it has another value.
    otherwise: Bits,
}

impl Asked {
    fn of<'r>(fact: usize, rules: &'r [Rule]) -> Self {
        let asking = |rule: &'r Rule| rule.when.conditions.iter().find(|(asked, _)| *asked == fact);
        let mut otherwise = Bits::none(rules.len());
        for (index, _) in rules.iter().enumerate().filter(|(_, rule)| asking(rule).is_none()) {
            otherwise.add(index);
        }
        let mut named: BTreeMap<&String, Bits> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            for value in asking(rule).into_iter().flat_map(|(_, accepted)| accepted) {
                named.entry(value).or_insert_with(|| otherwise.clone()).add(index);
            }
        }
        let named = named.into_iter().map(|(value, rules)| (value.clone(), rules)).collect();
        Self { fact, named, otherwise }
    }

    /// The rules that hold where the fact has `value`.
    fn holding(&self, value: &str) -> &Bits {
        self.named.iter().find(|(named, _)| named == value).map_or(&self.otherwise, |(_, rules)| rules)
    }
}

impl Asking {
    fn of(rules: &[Rule]) -> Self {
        let none = || Bits::none(rules.len());
        let mut asking = Self { always: none(), everywhere: none(), ..Self::default() };
        for (index, rule) in rules.iter().enumerate() {
            match rule.check.phrases() {
                Some(group) => {
                    let place = group.0 as usize;
                    let len = asking.rule_of_group.len().max(place + 1);
                    asking.rule_of_group.resize(len, None);
                    asking.rule_of_group.get_mut(place).into_iter().for_each(|rule| *rule = Some(index));
                }
                None if rule.check.is_of_messages() => asking.always.add(index),
                None => {}
            }
            if rule.everywhere {
                asking.everywhere.add(index);
            }
        }
        for jurisdiction in rules.iter().flat_map(|rule| rule.basis.keys()) {
            asking.local.entry(jurisdiction.clone()).or_insert_with(|| {
                let mut holding = none();
                let rules = rules.iter().enumerate().filter(|(_, rule)| rule.holds_in(Some(jurisdiction)));
                rules.for_each(|(index, _)| holding.add(index));
                holding
            });
        }
        let facts = rules.iter().flat_map(|rule| &rule.when.conditions).map(|(fact, _)| *fact);
        let facts: BTreeSet<usize> = facts.collect();
        asking.conditions = facts.into_iter().map(|fact| Asked::of(fact, rules)).collect();
        asking
    }

    /// The rules that hold for a message and may find something.
    fn rules(&self, message: &Message<'_>, readings: &[Reading<'_>]) -> Bits {
        let mut rules = self.always.clone();
        for group in readings.iter().flat_map(Reading::groups) {
            let rule = self.rule_of_group.get(group.0 as usize).copied().flatten();
            rule.into_iter().for_each(|rule| rules.add(rule));
        }
        let local = message.jurisdiction.as_deref().and_then(|jurisdiction| self.local.get(jurisdiction));
        rules.keep(local.unwrap_or(&self.everywhere));
        for asked in &self.conditions {
            rules.keep(asked.holding(message.facts.at(asked.fact).unwrap_or(When::UNDECLARED)));
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
        let mut verdict = Verdict::default();
        let mut hits = Vec::new();
        for index in self.asking.rules(message, &readings).ones() {
            let Some(rule) = self.rules.get(index) else { continue };
            timing::timed(timing, index, || rule.check.run(&context, &mut hits));
            if !hits.is_empty() {
                verdict.hits.extend(hits.drain(..).map(|hit| (index, hit)));
            }
        }
        verdict.in_part = readings.iter().any(|reading| reading.gave_up());
        verdict
    }
}
