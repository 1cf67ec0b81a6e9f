//! What a rule can do. A check kind is one file here and one line in [`KINDS`].
//!
//! Begin at [`Check`]: a compiled check looks at a [`Context`] and pushes [`Hit`]s.

mod amount;
mod broken;
mod disguise;
mod forbid;
mod length;
mod part;
mod repeat;
mod require;
mod script;
mod sums;

use super::compile::Compiler;
use super::language::Language;
use super::lexicon::GroupId;
use super::matching::Reading;
use crate::message::{Message, View, ViewKind};
use crate::source::Span;
use crate::spanned::Fields;
use crate::words::Words;
use std::collections::BTreeMap;
use std::fmt;

/// A compiled check. Shared by all threads.
pub trait Check: Send + Sync + fmt::Debug {
    /// Looks at a message and adds what it finds.
    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>);

    /// The phrases whose hidden spelling is a matter of its own (see `disguise`).
    fn phrases(&self) -> Option<GroupId> {
        None
    }
}

/// What a check looks at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The message.
    pub message: &'a Message<'a>,
    /// Phrases found, one reading a view.
    pub readings: &'a [Reading],
    /// Denials, frames, parts.
    pub language: &'a Language,
    /// The phrases of each family's rules.
    pub families: &'a BTreeMap<String, Vec<GroupId>>,
}

impl<'a> Context<'a> {
    /// The views with their readings.
    pub(crate) fn views(&self) -> impl Iterator<Item = (&'a View, &'a Reading)> + use<'a> {
        self.message.views.iter().zip(self.readings)
    }

    /// The views that are ways through the branches, with their readings.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&'a View, &'a Reading)> + use<'a> {
        self.views().filter(|(view, _)| view.kind == ViewKind::Path)
    }

    /// The phrases of all rules of `family`.
    pub(crate) fn groups_of(&self, family: &str) -> &'a [GroupId] {
        self.families.get(family).map_or(&[], Vec::as_slice)
    }
}

/// Where a hit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// In the decoded body.
    Body(Span),
    /// In the signature field.
    SignatureField,
}

/// One thing a check found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Where.
    pub spot: Spot,
    /// Conditions of the path it was found on.
    pub when: Vec<String>,
    /// Arguments of the rule's message, beside `match`.
    pub args: Vec<(&'static str, String)>,
    /// Second places in the body.
    pub labels: Vec<(Span, Words)>,
    /// Further sentences.
    pub notes: Vec<Words>,
}

impl Hit {
    /// A hit in the body, on a path.
    pub(crate) fn new(span: Span, when: &[String]) -> Self {
        Self {
            spot: Spot::Body(span),
            when: when.to_vec(),
            args: Vec::new(),
            labels: Vec::new(),
            notes: Vec::new(),
        }
    }
}

type Reader = fn(&mut Fields<'_, '_, '_>, &mut Compiler) -> Option<Box<dyn Check>>;

/// The check kinds by the name of their table in a rule.
pub(crate) const KINDS: [(&str, Reader); 9] = [
    ("forbid", forbid::read),
    ("require", require::read),
    ("part", part::read),
    ("amount", amount::read),
    ("length", length::read),
    ("repeat", repeat::read),
    ("script", script::read),
    ("disguise", disguise::read),
    ("broken", broken::read),
];
