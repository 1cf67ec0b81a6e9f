//! `suppression`: what is wrong with a suppression. Compared in `triage::flaws`.

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use crate::words::Words;
use serde::{Deserialize, Serialize};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flaw {
    /// It answers for no finding.
    Unused,
    /// Its last day is over.
    Expired,
    /// It names a rule or family that there is not.
    UnknownRule,
    /// It cannot be read.
    Malformed,
    /// It does not say why.
    NoReason,
    /// It does not say until when.
    NoUntil,
    /// Its last day is more than so many days away.
    TooLong,
}

impl Flaw {
    const NAMES: [(&'static str, Self); 7] = [
        ("unused", Self::Unused),
        ("expired", Self::Expired),
        ("unknown-rule", Self::UnknownRule),
        ("malformed", Self::Malformed),
        ("no-reason", Self::NoReason),
        ("no-until", Self::NoUntil),
        ("too-long", Self::TooLong),
    ];
}

/// The check.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Suppression {
    pub(crate) flaw: Flaw,
    /// Of `too-long`: the most days from today to the last day.
    pub(crate) days: u32,
    /// Families of the suppressed rules that it is about; empty: all.
    pub(crate) families: Vec<String>,
}

impl Kind for Suppression {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("flaw");
        let flaw = compiler.choice(fields, "flaw", &Flaw::NAMES);
        let days = fields.number("days");
        let families = compiler.families(fields, "families");
        let flaw = flaw?;
        if (flaw == Flaw::TooLong) != days.is_some() {
            let words = Words::new(
                "`days` says how far away the last day may be, and stands only with `flaw = \"too-long\"`",
                "`days` 表示最长期限（天），只与 `flaw = \"too-long\"` 同用",
            );
            fields.faults.add(fields.span, "bad-value", words);
            return None;
        }
        Some(Self { flaw, days: days.unwrap_or(0), families })
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}
