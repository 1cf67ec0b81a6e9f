//! `cap`: a campaign that can send too often, in the worst case. Compared in `campaign::judge`.

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::policy::units::JURISDICTIONS;
use crate::spanned::Fields;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Counts {
    /// Sends of a calendar day of the recipient.
    Day,
    /// Sends in any stretch of so many minutes.
    Window(u32),
    /// Minutes between two sends; the limit is the least.
    Gap,
}

/// Which sends count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// All.
    Any,
    /// Reminders before the due date and on it.
    PreDue,
    /// Those after it.
    Overdue,
}

/// The check.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Cap {
    pub(crate) counts: Counts,
    /// Whether the limit is the one that the campaign declares itself.
    pub(crate) declared: bool,
    /// The limit of each jurisdiction, or of `any`.
    pub(crate) limits: BTreeMap<String, u32>,
    pub(crate) phase: Phase,
    /// Channels that count; empty: all.
    pub(crate) channels: Vec<String>,
    /// Whether each template is counted for itself.
    pub(crate) each_template: bool,
    /// Declared kinds of templates that count; empty: all.
    pub(crate) kinds: Vec<String>,
}

impl Kind for Cap {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("count");
        let counts = compiler.choice(fields, "count", &[("day", 'd'), ("window", 'w'), ("gap", 'g')]);
        let minutes = fields.number("minutes");
        let counts = match (counts?, minutes) {
            ('d', None) => Counts::Day,
            ('g', None) => Counts::Gap,
            ('w', Some(minutes)) if minutes > 0 => Counts::Window(minutes),
            _ => {
                let words = Words::new(
                    "`minutes` says how long a window is, and stands only with `count = \"window\"`",
                    "`minutes` 表示窗口长度，只与 `count = \"window\"` 同用",
                );
                fields.faults.add(fields.span, "bad-value", words);
                return None;
            }
        };
        let phases = [("any", Phase::Any), ("pre-due", Phase::PreDue), ("overdue", Phase::Overdue)];
        let cap = Self {
            counts,
            declared: fields.flag("declared").unwrap_or(false),
            limits: limits(fields),
            phase: compiler.choice(fields, "phase", &phases).unwrap_or(Phase::Any),
            channels: fields.texts("channels").into_iter().map(|(name, _)| name.to_owned()).collect(),
            kinds: fields.texts("kinds").into_iter().map(|(name, _)| name.to_owned()).collect(),
            each_template: compiler.choice(fields, "each", &[("template", true), ("borrower", false)]).unwrap_or(false),
        };
        if cap.declared != cap.limits.is_empty() {
            let words = Words::new("a cap is either `declared` or has a `limit`", "上限要么是 `declared`，要么有 `limit`");
            fields.faults.add(fields.span, "bad-value", words);
        }
        Some(cap)
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}

impl Cap {
    /// Whether every send counts, and together.
    pub(crate) fn is_of_all(&self) -> bool {
        self.phase == Phase::Any && self.channels.is_empty() && self.kinds.is_empty() && !self.each_template
    }

    /// The limit in `jurisdiction`.
    pub(crate) fn limit(&self, jurisdiction: Option<&str>) -> Option<u32> {
        let local = jurisdiction.and_then(|jurisdiction| self.limits.get(jurisdiction));
        local.or_else(|| self.limits.get("any")).copied()
    }
}

/// `limit`: jurisdictions and their numbers.
fn limits(fields: &mut Fields<'_, '_, '_>) -> BTreeMap<String, u32> {
    let mut limits = BTreeMap::new();
    let Some((table, span)) = fields.table("limit") else { return limits };
    let mut inner = Fields::new(table, span, fields.faults);
    for jurisdiction in JURISDICTIONS.into_iter().chain(["any"]) {
        if let Some(limit) = inner.number(jurisdiction) {
            limits.insert(jurisdiction.to_owned(), limit);
        }
    }
    inner.finish();
    limits
}
