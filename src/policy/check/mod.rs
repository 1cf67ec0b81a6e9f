//! What a rule can do. A check kind is one file here and one line in `kinds!`.
//!
//! Begin at [`Kind`]: a compiled check looks at a [`Context`] and pushes [`Hit`]s.

mod links;
mod sums;

use super::compile::Compiler;
use super::language::Language;
use super::lexicon::GroupId;
use super::matching::Reading;
use crate::message::{Message, View, ViewKind};
use crate::source::Span;
use crate::spanned::Fields;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A check kind: how its table is read, and what it does.
pub(crate) trait Kind: Sized {
    /// Reads its table in a rule; mistakes go to the fields' faults.
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self>;

    /// Looks at a message and adds what it finds. The kinds that look at schedules find nothing here: see
    /// `campaign::judge`.
    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>);

    /// The phrases whose hidden spelling is a matter of its own (see `disguise`).
    fn phrases(&self) -> Option<GroupId> {
        None
    }
}

/// Lists the check kinds: the name of the table in a rule, and the type in the module of that name.
macro_rules! kinds {
    ($($module:ident: $kind:ident),* $(,)?) => {
        $(pub(crate) mod $module;)*

        /// A compiled check. Shared by all threads.
        #[derive(Debug, Serialize, Deserialize)]
        pub(crate) enum Check {
            $($kind($module::$kind),)*
        }

        impl Check {
            /// The names of the kinds' tables.
            pub(crate) const NAMES: &'static [&'static str] = &[$(stringify!($module)),*];

            /// Reads the table called `name`.
            pub(crate) fn read(
                name: &str,
                fields: &mut Fields<'_, '_, '_>,
                compiler: &mut Compiler,
            ) -> Option<Self> {
                match name {
                    $(stringify!($module) => $module::$kind::read(fields, compiler).map(Self::$kind),)*
                    _ => None,
                }
            }

            /// Looks at a message and adds what it finds.
            pub(crate) fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
                match self {
                    $(Self::$kind(kind) => kind.run(context, hits),)*
                }
            }

            /// The phrases whose hidden spelling is a matter of its own (see `disguise`).
            pub(crate) fn phrases(&self) -> Option<GroupId> {
                match self {
                    $(Self::$kind(kind) => kind.phrases(),)*
                }
            }
        }
    };
}

kinds! {
    forbid: Forbid,
    require: Require,
    part: Part,
    amount: Amount,
    declared: Declared,
    variable: Variable,
    row: Row,
    versions: Versions,
    length: TooLong,
    repeat: Repeat,
    script: Script,
    disguise: Disguise,
    broken: Broken,
    platform: Platform,
    carried: Carried,
    slot: Slot,
    languages: Languages,
    cap: Cap,
    hours: Opening,
    plan: Plan,
    suppression: Suppression,
}

impl Check {
    /// Whether it looks at one message at a time.
    pub(crate) const fn is_of_messages(&self) -> bool {
        let others = matches!(self, Self::Row(_) | Self::Versions(_) | Self::Languages(_));
        !others && !self.is_of_schedules() && !self.is_of_suppressions()
    }

    /// Whether it looks at schedules rather than messages.
    pub(crate) const fn is_of_schedules(&self) -> bool {
        matches!(self, Self::Cap(_) | Self::Opening(_) | Self::Plan(_))
    }

    /// Whether it looks at suppressions.
    pub(crate) const fn is_of_suppressions(&self) -> bool {
        matches!(self, Self::Suppression(_))
    }

    /// Whether it compares the languages of a message.
    pub(crate) const fn is_of_languages(&self) -> bool {
        matches!(self, Self::Languages(_))
    }

    /// What it looks for in rows of data, if it does.
    pub(crate) const fn of_rows(&self) -> Option<row::Test> {
        match self {
            Self::Row(row) => Some(row.test),
            _ => None,
        }
    }

    /// Whether it looks for templates that no campaign sends.
    pub(crate) const fn is_of_unused(&self) -> bool {
        matches!(self, Self::Plan(plan) if matches!(plan.flaw, plan::Flaw::Unused))
    }
}

/// What a check looks at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The message.
    pub message: &'a Message<'a>,
    /// Phrases found, one reading a view.
    pub readings: &'a [Reading<'a>],
    /// Denials, frames, parts.
    pub language: &'a Language,
    /// The phrases of each family's rules.
    pub families: &'a BTreeMap<String, Vec<GroupId>>,
}

impl<'a> Context<'a> {
    /// The views with their readings.
    pub(crate) fn views(&self) -> impl Iterator<Item = (&'a View, &'a Reading<'a>)> + use<'a> {
        self.message.views.iter().zip(self.readings)
    }

    /// The views that are ways through the branches, with their readings.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&'a View, &'a Reading<'a>)> + use<'a> {
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
    /// In a field of the metadata, as a whole; several hits in one field are told apart by their numbers.
    Field(&'static str, u32),
    /// Where this metadata is declared; the body, where the configuration declares it.
    Declared(&'static str),
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
