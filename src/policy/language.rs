//! What every rule shares (`policies/language.toml`): denials, frames, the demand for payment, parts.
//!
//! A denial (我们不会上门) or a frame (请勿轻信冒充公检法) silences a match of every rule, because it is a
//! fact of the sentence and not of the rule.

use super::check::Context;
use super::lexicon::GroupId;
use super::matching::{Match, Reading};
use crate::facts::{EntityKind, Role};
use crate::message::{Facts, View, ViewKind};
use crate::source::Span;
use crate::template::Signature;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a frame reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Scope {
    Clause,
    Sentence,
    Message,
}

/// Words, and look-alikes of them that do not count.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Cue {
    pub(crate) words: GroupId,
    pub(crate) except: Option<GroupId>,
}

impl Cue {
    /// Where the words stand, without the look-alikes.
    pub(crate) fn of<'r>(self, reading: &'r Reading<'_>) -> impl Iterator<Item = &'r Match> + use<'r> {
        let except = self.except.map_or(&[][..], |g| reading.of(g));
        reading.of(self.words).iter().filter(move |m| !except.iter().any(|e| e.span.overlaps(m.span)))
    }

    /// Whether the words stand anywhere, with no look-alike in the marked part of them.
    fn is_marked_in(self, reading: &Reading<'_>) -> bool {
        let except = self.except.map_or(&[][..], |g| reading.of(g));
        let free = |m: &Match| !except.iter().any(|e| e.mark.overlaps(m.mark));
        reading.has(self.words) && reading.of(self.words).iter().any(free)
    }

    /// Whether the words stand anywhere.
    pub(crate) fn is_in(self, reading: &Reading<'_>) -> bool {
        reading.has(self.words) && self.of(reading).next().is_some()
    }
}

/// Words that deny what follows them in their clause.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Denial {
    pub(crate) cue: Cue,
    /// Words that end the denial inside the clause (but, 否则).
    pub(crate) until: Option<GroupId>,
}

/// Words that make a sentence (or clause, or message) speak about a thing instead of doing it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Frame {
    pub(crate) id: String,
    pub(crate) scope: Scope,
    pub(crate) cue: Cue,
}

/// A fact derived from the text, unless it is declared: some of its words and none of the others, or another
/// fact that implies it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Derived {
    /// Its place in [`crate::message::Facts::NAMES`].
    pub(crate) fact: usize,
    pub(crate) cue: Cue,
    pub(crate) unless: Option<GroupId>,
    /// Facts (by place) of which each implies it.
    pub(crate) implied_by: Vec<usize>,
}

/// Something a message must have: any of these ways counts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) cue: Option<Cue>,
    /// Further words, each with look-alikes of its own.
    pub(crate) ways: Vec<Cue>,
    pub(crate) entities: Vec<EntityClass>,
    pub(crate) roles: Vec<Role>,
    /// A signature counts, unless it is one of `neutral`.
    pub(crate) signature: bool,
    pub(crate) neutral: Option<GroupId>,
}

/// All of it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Language {
    pub(crate) denials: Vec<Denial>,
    pub(crate) frames: Vec<Frame>,
    /// In the order of [`Derived::NAMES`].
    pub(crate) derived: Vec<Derived>,
    pub(crate) parts: BTreeMap<String, Part>,
}

impl Language {
    /// Names that `despite` may give: `denial` and the frames.
    pub(crate) fn frame_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once("denial").chain(self.frames.iter().map(|f| f.id.as_str()))
    }

    /// Whether a denial or frame silences `found`.
    pub(crate) fn silences(
        &self,
        view: &View,
        reading: &Reading<'_>,
        found: &Match,
        despite: &[String],
    ) -> bool {
        let ignored = |name: &str| despite.iter().any(|d| d == name);
        (!ignored("denial") && self.denied(view, reading, found))
            || self
                .frames
                .iter()
                .filter(|f| !ignored(&f.id))
                .any(|f| f.cue.of(reading).any(|cue| reaches(view, f.scope, cue, found)))
    }

    /// A cue that stands before the last word of the match, in the clause of one of its words.
    fn denied(&self, view: &View, reading: &Reading<'_>, found: &Match) -> bool {
        let Some(last) = found.leaves.last() else { return false };
        let clause_of = |at: u32| view.clauses.at(at);
        self.denials.iter().any(|denial| {
            denial.cue.of(reading).any(|cue| {
                let clause = clause_of(cue.span.start);
                let before = cue.span.start < last.start
                    && (clause == clause_of(last.start)
                        || clause == clause_of(found.span.start)
                        || is_listed(view, clause, clause_of(found.mark.start)));
                let ended = denial.until.is_some_and(|until| {
                    reading
                        .of(until)
                        .iter()
                        .any(|u| cue.span.end <= u.span.start && u.span.start < found.mark.end)
                });
                before && !ended
            })
        })
    }

    /// States the facts that the words of the text tell.
    pub(crate) fn derive(&self, facts: &mut Facts, views: &[View], readings: &[Reading<'_>]) {
        let paths = || views.iter().zip(readings).filter(|(v, _)| v.kind == ViewKind::Path);
        for derived in &self.derived {
            if facts.at(derived.fact).is_some() {
                continue;
            }
            let implied = || derived.implied_by.iter().any(|fact| facts.at(*fact) == Some("true"));
            let said = || {
                paths().any(|(_, r)| derived.cue.is_in(r))
                    && !derived.unless.is_some_and(|g| paths().any(|(_, r)| r.has(g)))
            };
            let holds = implied() || said();
            facts.state_at(derived.fact, if holds { "true" } else { "false" });
        }
    }

    /// The words that ask for payment.
    pub(crate) fn demand(&self) -> Option<Cue> {
        let demand = Facts::place("demand")?;
        self.derived.iter().find(|derived| derived.fact == demand).map(|derived| derived.cue)
    }
}

impl Derived {
    /// The facts that may be derived; a later one may be implied by an earlier one.
    pub(crate) const NAMES: [&'static str; 2] = ["demand", "lending"];
}

/// Whether clause `at` is an item of an English list that begins in clause `from`: "we will not call your
/// employer, visit your home, or send anyone". The last item begins with "or" or "nor".
fn is_listed(view: &View, from: usize, at: usize) -> bool {
    let clauses = &view.clauses.list;
    let Some(sentence) = clauses.get(from).map(|c| c.sentence) else { return false };
    let begins = |clause: &crate::text::clauses::Clause| {
        let text = clause.span.of_text(&view.folded.text).trim_start();
        ["or ", "nor "].iter().any(|word| text.starts_with(word))
    };
    let rest = clauses.iter().enumerate().skip(at).take_while(|(_, c)| c.sentence == sentence);
    at > from
        && clauses.get(at).is_some_and(|c| c.sentence == sentence)
        && rest.take(4).any(|(_, clause)| begins(clause))
}

fn reaches(view: &View, scope: Scope, cue: &Match, found: &Match) -> bool {
    let clauses = &view.clauses;
    match scope {
        Scope::Message => true,
        Scope::Sentence => clauses.sentence_at(cue.span.start) == clauses.sentence_at(found.mark.start),
        Scope::Clause => {
            let cue_clause = clauses.at(cue.span.start);
            cue_clause == clauses.at(found.mark.start) || cue_clause == clauses.at(found.span.start)
        }
    }
}

impl Part {
    /// Whether the part is there on this path of the message.
    pub(crate) fn is_in(&self, context: &Context<'_>, view: &View, reading: &Reading<'_>) -> bool {
        let written = || view.entities.iter().any(|e| self.entities.contains(&EntityClass::of(&e.kind)));
        let variable = || {
            !self.roles.is_empty()
                && Role::all_in(&view.folded.text).any(|(_, role)| self.roles.contains(&role))
        };
        let said = || self.cue.is_some_and(|cue| cue.is_in(reading));
        let in_a_way = || self.ways.iter().any(|way| way.is_marked_in(reading));
        written()
            || variable()
            || said()
            || in_a_way()
            || (self.signature && self.is_signed(context, view, reading))
    }

    /// Whether a signature names somebody: one in the text or in a field, and not one of the neutral ones.
    fn is_signed(&self, context: &Context<'_>, view: &View, reading: &Reading<'_>) -> bool {
        let message = context.message;
        if message.signature_by_gateway {
            return true;
        }
        let neutral = |reading: &Reading<'_>, within: Option<Span>| {
            let named = |m: &Match| within.is_none_or(|span| span.contains(m.mark));
            self.neutral.is_some_and(|g| reading.of(g).iter().any(named))
        };
        let field = || context.views().find(|(view, _)| view.kind == ViewKind::Signature);
        message.template.signatures.iter().any(|signature| match signature {
            Signature::Inline { .. } => view.signature.is_some_and(|span| !neutral(reading, Some(span))),
            Signature::Field { text, .. } => {
                !text.trim().is_empty() && field().is_none_or(|(_, reading)| !neutral(reading, None))
            }
        })
    }
}

/// What a written thing is, as policies name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EntityClass {
    Amount,
    Date,
    Percent,
    Url,
    ServicePhone,
    MobilePhone,
    IdNumber,
    Card,
    Number,
}

impl EntityClass {
    /// Every name a policy may use.
    pub(crate) const NAMES: [(&str, Self); 9] = [
        ("amount", Self::Amount),
        ("date", Self::Date),
        ("percent", Self::Percent),
        ("url", Self::Url),
        ("service-phone", Self::ServicePhone),
        ("mobile-phone", Self::MobilePhone),
        ("id-number", Self::IdNumber),
        ("card", Self::Card),
        ("number", Self::Number),
    ];

    /// The class of an entity.
    pub(crate) const fn of(kind: &EntityKind) -> Self {
        match kind {
            EntityKind::Amount { .. } => Self::Amount,
            EntityKind::Date => Self::Date,
            EntityKind::Percent => Self::Percent,
            EntityKind::Url { .. } => Self::Url,
            EntityKind::ServicePhone => Self::ServicePhone,
            EntityKind::MobilePhone => Self::MobilePhone,
            EntityKind::IdNumber => Self::IdNumber,
            EntityKind::Card => Self::Card,
            EntityKind::Number => Self::Number,
        }
    }
}
