//! `plan`: what is wrong with a campaign beside how often and when it sends. Compared in `campaign::judge`.

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flaw {
    /// No time zone is declared.
    NoZone,
    /// The campaign goes on after payment, a dispute or a refusal.
    NoStop,
    /// A step's template is not among those read.
    NoTemplate,
    /// A step's template is of another kind than its day asks for.
    WrongKind,
    /// A step's template says a number of days that is not its day's.
    WrongDays,
    /// A step's template is for another jurisdiction.
    WrongJurisdiction,
    /// The same text is sent twice.
    SameText,
    /// Attempts do not fit their window.
    Dropped,
    /// A later text is harsher than those before it, and says neither an amount nor whom to ask.
    Harsher,
    /// A template is not used by any campaign.
    Unused,
}

impl Flaw {
    const NAMES: [(&'static str, Self); 10] = [
        ("no-zone", Self::NoZone),
        ("no-stop", Self::NoStop),
        ("no-template", Self::NoTemplate),
        ("wrong-kind", Self::WrongKind),
        ("wrong-days", Self::WrongDays),
        ("wrong-jurisdiction", Self::WrongJurisdiction),
        ("same-text", Self::SameText),
        ("dropped", Self::Dropped),
        ("harsher", Self::Harsher),
        ("unused", Self::Unused),
    ];
}

/// The check.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) flaw: Flaw,
}

impl Kind for Plan {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("flaw");
        Some(Self { flaw: compiler.choice(fields, "flaw", &Flaw::NAMES)? })
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}
