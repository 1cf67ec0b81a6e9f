//! One message as rules see it: its facts, and its text on every path, folded and cut into clauses.

use crate::facts::amounts::{self, Amount};
use crate::facts::dates::{self, When};
use crate::facts::{Entity, EntityKind, Role};
use crate::source::{Source, Span};
use crate::template::{Placeholder, Template};
use crate::text::{Clauses, Folded};
use crate::words::Lang;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

/// What a [`View`] shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKind {
    /// A way through the branches.
    Path,
    /// A path in which a default or another literal of a placeholder is sent.
    Variant,
    /// The signature field; its spans map to the field's value as a whole.
    Signature,
}

/// One folded text of a message.
#[derive(Debug)]
pub struct View {
    /// What it shows.
    pub kind: ViewKind,
    /// Conditions of the path, in the wording of `parse`.
    pub when: Vec<String>,
    /// Whether the path can happen when equal conditions have equal values.
    pub feasible: bool,
    /// The folded text.
    pub folded: Folded,
    /// Its clauses.
    pub clauses: Clauses,
    /// What is written out in it.
    pub entities: Vec<Entity>,
    /// The inline signature with its brackets, in the folded text.
    pub signature: Option<Span>,
    /// What [`View::amounts`] has found.
    pub money: OnceCell<Vec<Amount>>,
    /// What [`View::dates`] has found.
    pub days: OnceCell<Vec<When>>,
}

impl View {
    /// The amounts of the text with what they mean, made when first asked for. `placeholders` are those of the
    /// template that it is a view of.
    pub fn amounts(&self, placeholders: &[&Placeholder]) -> &[Amount] {
        let read = || amounts::read(&self.folded, &self.entities, &self.clauses, placeholders);
        self.money.get_or_init(read)
    }

    /// The dates of the text with what they mean, made when first asked for.
    pub fn dates(&self, placeholders: &[&Placeholder]) -> &[When] {
        let read = || dates::read(&self.folded, &self.entities, &self.clauses, placeholders);
        self.days.get_or_init(read)
    }

    /// Whether a sum is written in it or stands for one of its placeholders.
    pub fn names_money(&self) -> bool {
        let written = |entity: &Entity| matches!(entity.kind, EntityKind::Amount { .. });
        self.entities.iter().any(written)
            || Role::all_in(&self.folded.text).any(|(_, role)| role == Role::Amount)
    }

    /// First byte of the folded text after a signature at its start.
    pub fn opening(&self) -> u32 {
        match self.signature {
            Some(span) if span.start == 0 || self.folded.text[..span.start as usize].trim().is_empty() => {
                span.end
            }
            _ => 0,
        }
    }
}

/// What is known about a message: declared metadata and what was derived from the text.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// By the place of the name in [`Facts::NAMES`].
    values: [Option<Cow<'static, str>>; Facts::NAMES.len()],
}

impl Facts {
    /// The facts a policy's `when` may name.
    pub const NAMES: [&'static str; 23] = [
        "adverse_reporting",
        "channel",
        "demand",
        "dialect",
        "first_contact",
        "jurisdiction",
        "kind",
        "lang",
        "legal_stage",
        "lending",
        "money",
        "number_verified",
        "platform",
        "product",
        "profile",
        "recipient",
        "sender_role",
        "signature",
        "stage",
        "time_barred",
        "variables",
        "visit_consent",
        "case_no",
    ];

    /// The place of a fact in [`Facts::NAMES`].
    pub(crate) fn place(name: &str) -> Option<usize> {
        Self::NAMES.iter().position(|known| *known == name)
    }

    /// States a fact; one whose name is not known is nothing.
    pub fn state(&mut self, name: &str, value: impl Into<Cow<'static, str>>) {
        if let Some(known) = Self::place(name).and_then(|place| self.values.get_mut(place)) {
            *known = Some(value.into());
        }
    }

    /// States the fact at a place of [`Facts::NAMES`].
    pub(crate) fn state_at(&mut self, place: usize, value: &'static str) {
        self.values.get_mut(place).into_iter().for_each(|known| *known = Some(Cow::Borrowed(value)));
    }

    /// The value of a fact, if it is known.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.at(Self::place(name)?)
    }

    /// The value of the fact at a place of [`Facts::NAMES`], if it is known.
    pub(crate) fn at(&self, place: usize) -> Option<&str> {
        self.values.get(place)?.as_deref()
    }
}

/// One message, ready to be judged.
#[derive(Debug)]
pub struct Message<'a> {
    /// The file it stands in.
    pub source: &'a Source,
    /// The parsed template.
    pub template: &'a Template,
    /// Its placeholders, in the order of the text.
    pub placeholders: Vec<&'a Placeholder>,
    /// Declared and derived facts.
    pub facts: Facts,
    /// Its language, declared or detected.
    pub lang: Option<Lang>,
    /// The jurisdiction that holds, if any.
    pub jurisdiction: Option<Arc<str>>,
    /// Its texts: paths first, then variants, then the signature field.
    pub views: Vec<View>,
    /// Whether the sending gateway adds the signature, so that none is expected in the text.
    pub signature_by_gateway: bool,
}
