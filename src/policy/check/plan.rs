//! `plan`: what is wrong with a campaign beside how often and when it sends. Compared in `campaign::judge`.

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::policy::units::JURISDICTIONS;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flaw {
    /// No time zone is declared.
    NoZone,
    /// The declared time zone is none of the declared jurisdiction.
    ZoneElsewhere,
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
    const NAMES: [(&'static str, Self); 11] = [
        ("no-zone", Self::NoZone),
        ("zone-elsewhere", Self::ZoneElsewhere),
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
    /// Jurisdictions that a rule of their own looks after.
    pub(crate) except: Vec<String>,
    /// The time zones of each jurisdiction; `US/*` are all that begin so.
    pub(crate) zones: BTreeMap<String, Vec<String>>,
}

impl Kind for Plan {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("flaw");
        let flaw = compiler.choice(fields, "flaw", &Flaw::NAMES)?;
        let except = fields.texts("except").into_iter().map(|(name, _)| name.to_owned()).collect();
        Some(Self { flaw, except, zones: zones(fields) })
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}

impl Plan {
    /// Whether `zone` is one of `jurisdiction`, or nobody says which are.
    pub(crate) fn has_zone(&self, jurisdiction: &str, zone: &str) -> bool {
        let is_it = |known: &String| match known.strip_suffix('*') {
            Some(head) => zone.starts_with(head),
            None => known == zone,
        };
        self.zones.get(jurisdiction).is_none_or(|zones| zones.iter().any(is_it))
    }
}

/// `zones`: jurisdictions and their time zones.
fn zones(fields: &mut Fields<'_, '_, '_>) -> BTreeMap<String, Vec<String>> {
    let mut zones = BTreeMap::new();
    let Some((table, span)) = fields.table("zones") else { return zones };
    let mut inner = Fields::new(table, span, fields.faults);
    for jurisdiction in JURISDICTIONS {
        let names: Vec<String> = inner.texts(jurisdiction).into_iter().map(|(name, _)| name.to_owned()).collect();
        if !names.is_empty() {
            zones.insert(jurisdiction.to_owned(), names);
        }
    }
    inner.finish();
    zones
}
