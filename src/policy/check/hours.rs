//! `hours`: a campaign that can send at hours, or on days, when it should not. Compared in `campaign::judge`.

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::policy::units::JURISDICTIONS;
use crate::spanned::Fields;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The check. Minutes count from local midnight.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Opening {
    /// Whether the quiet hours that the campaign declares itself count.
    pub(crate) declared: bool,
    /// When sending is permitted, by jurisdiction: first minute, first minute behind.
    pub(crate) open: BTreeMap<String, (u16, u16)>,
    /// Weekdays on which sending is permitted, by jurisdiction, from Monday (1) to Sunday (7).
    pub(crate) weekdays: BTreeMap<String, Vec<i8>>,
    /// Holds only when the borrower's consent is declared (or is not).
    pub(crate) consent: Option<bool>,
}

impl Kind for Opening {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        let check = Self {
            declared: fields.flag("declared").unwrap_or(false),
            open: open(fields),
            weekdays: weekdays(fields, compiler),
            consent: fields.flag("consent"),
        };
        if !check.declared && check.open.is_empty() && check.weekdays.is_empty() {
            let words = Words::new(
                "`hours` needs `declared`, `open` or `weekdays`",
                "`hours` 须有 `declared`、`open` 或 `weekdays`",
            );
            fields.faults.add(fields.span, "bad-value", words);
        }
        Some(check)
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}

/// `open = { cn = ["08:00", "22:00"], us = ["08:00", "21:00", "included"] }`: whole minutes; a third word means that the
/// last one is permitted too.
fn open(fields: &mut Fields<'_, '_, '_>) -> BTreeMap<String, (u16, u16)> {
    let mut open = BTreeMap::new();
    let Some((table, span)) = fields.table("open") else { return open };
    let mut inner = Fields::new(table, span, fields.faults);
    for jurisdiction in JURISDICTIONS {
        let texts = inner.texts(jurisdiction);
        let texts: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
        let hours = match texts.as_slice() {
            [] => continue,
            [from, to] => minute(from).zip(minute(to)),
            [from, to, "included"] => minute(from).zip(minute(to).map(|to| to + 1)),
            _ => None,
        };
        match hours.filter(|(from, to)| from < to) {
            Some(hours) => {
                open.insert(jurisdiction.to_owned(), hours);
            }
            None => {
                let words = Words::new(
                    "hours are two times such as \"08:00\", and perhaps \"included\"",
                    "时段应为两个 \"08:00\" 这样的时刻，可加 \"included\"",
                );
                inner.faults.add(span, "bad-value", words);
            }
        }
    }
    inner.finish();
    open
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute).filter(|minute| *minute <= 1440)
}

/// `weekdays = { id = ["mon", "tue"] }`.
fn weekdays(fields: &mut Fields<'_, '_, '_>, compiler: &Compiler) -> BTreeMap<String, Vec<i8>> {
    const NAMES: [(&str, i8); 7] =
        [("mon", 1), ("tue", 2), ("wed", 3), ("thu", 4), ("fri", 5), ("sat", 6), ("sun", 7)];
    let mut all = BTreeMap::new();
    let Some((table, span)) = fields.table("weekdays") else { return all };
    let mut inner = Fields::new(table, span, fields.faults);
    for jurisdiction in JURISDICTIONS {
        let days = compiler.choices(&mut inner, jurisdiction, &NAMES);
        if !days.is_empty() {
            all.insert(jurisdiction.to_owned(), days);
        }
    }
    inner.finish();
    all
}
