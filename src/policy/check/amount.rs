//! `amount`: figures that are fixed where they should vary, that do not add up, that a default makes up, that are
//! called by another name, or that lack their unit.

use super::sums::{self, Sum};
use super::{Context, Hit, Kind};
use crate::facts::amounts::{Amount as Stated, Meaning, Origin};
use crate::facts::dates::Occasion;
use crate::facts::figure;
use crate::facts::formula::Declared;
use crate::facts::rates::{self, Period};
use crate::facts::{EntityKind, Role};
use crate::message::View;
use crate::policy::compile::Compiler;
use crate::policy::lexicon::GroupId;
use crate::spanned::Fields;
use crate::template::Placeholder;
use crate::words::Words;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Amount {
    /// A figure in a text that has placeholders of the borrower.
    Literal { except: Option<GroupId> },
    /// Stated parts that do not make the stated total.
    Sum { plus: Option<GroupId> },
    /// A default that stands in for a sum or a date.
    Default(Fill),
    /// A variable of one meaning under the words for another.
    Named { label: Vec<Meaning>, variable: Vec<Meaning> },
    /// Amounts in two currencies.
    Currencies,
    /// A variable sum without a unit.
    Unit,
    /// A yearly rate that does not follow from the daily or monthly one.
    Rate,
    /// A sum of such a meaning in a text that names no day.
    Undated { meaning: Vec<Meaning>, except: Option<GroupId> },
    /// The parts that a declared formula names, of which the text shows some and conceals others.
    Concealed,
    /// A sum as a range.
    Range,
    /// Days of being late that are written out.
    Days,
}

/// What a default sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Fill {
    Figure,
    Words,
    Nothing,
}

#[derive(Clone, Copy)]
enum Test {
    Literal,
    Sum,
    Default,
    Named,
    Currencies,
    Unit,
    Rate,
    Undated,
    Concealed,
    Range,
    Days,
}

const TESTS: [(&str, Test); 11] = [
    ("literal", Test::Literal),
    ("sum", Test::Sum),
    ("default", Test::Default),
    ("named", Test::Named),
    ("currencies", Test::Currencies),
    ("unit", Test::Unit),
    ("rate", Test::Rate),
    ("undated", Test::Undated),
    ("concealed", Test::Concealed),
    ("range", Test::Range),
    ("days", Test::Days),
];

impl Kind for Amount {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("test");
        let names = Meaning::ALL.map(|meaning| (meaning.name(), meaning));
        let fills = [("figure", Fill::Figure), ("words", Fill::Words), ("nothing", Fill::Nothing)];
        Some(match compiler.choice(fields, "test", &TESTS)? {
            Test::Literal => Self::Literal { except: compiler.phrases(fields, "except") },
            Test::Sum => Self::Sum { plus: compiler.phrases(fields, "plus") },
            Test::Default => {
                fields.demand("sends");
                Self::Default(compiler.choice(fields, "sends", &fills)?)
            }
            Test::Named => Self::Named {
                label: compiler.choices(fields, "label", &names),
                variable: compiler.choices(fields, "variable", &names),
            },
            Test::Currencies => Self::Currencies,
            Test::Unit => Self::Unit,
            Test::Rate => Self::Rate,
            Test::Undated => Self::Undated {
                meaning: compiler.choices(fields, "meaning", &names),
                except: compiler.phrases(fields, "except"),
            },
            Test::Concealed => Self::Concealed,
            Test::Range => Self::Range,
            Test::Days => Self::Days,
        })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        match self {
            Self::Literal { except } => literal(context, *except, hits),
            Self::Sum { plus } => totals(context, *plus, hits),
            Self::Default(fill) => defaults(context, *fill, hits),
            Self::Named { label, variable } => each(context, hits, |view, amount| {
                let named = amount.named.filter(|named| variable.contains(named))?;
                let called = amount.label.is_some() && label.contains(&amount.meaning);
                let variable = matches!(amount.origin, Origin::Variable(_));
                (called && variable && named != amount.meaning)
                    .then(|| Hit::new(view.folded.to_body(amount.whole()), &view.when))
            }),
            Self::Currencies => currencies(context, hits),
            Self::Unit => units(context, hits),
            Self::Rate => yearly(context, hits),
            Self::Undated { meaning, except } => undated(context, meaning, *except, hits),
            Self::Concealed => concealed(context, hits),
            Self::Days => late(context, hits),
            Self::Range => each(context, hits, |view, amount| {
                let range = amount.value.is_some_and(|(low, high)| low != high);
                let owed = amount.meaning.is_whole() || amount.meaning.is_part() || amount.meaning == Meaning::Debt;
                (range && owed).then(|| Hit::new(view.folded.to_body(amount.whole()), &view.when))
            }),
        }
    }
}

/// What `find` says of each amount of each path.
fn each(context: &Context<'_>, hits: &mut Vec<Hit>, find: impl Fn(&View, &Stated) -> Option<Hit>) {
    for (view, _) in context.paths() {
        hits.extend(view.amounts(&context.message.placeholders).iter().filter_map(|amount| find(view, amount)));
    }
}

fn literal(context: &Context<'_>, except: Option<GroupId>, hits: &mut Vec<Hit>) {
    for (view, reading) in context.paths() {
        if Role::all_in(&view.folded.text).next().is_none() {
            continue;
        }
        for entity in &view.entities {
            let EntityKind::Amount { minor, .. } = entity.kind else { continue };
            let excepted = except.is_some_and(|g| reading.of(g).iter().any(|m| m.span.overlaps(entity.span)));
            if minor != 0 && !excepted {
                hits.push(Hit::new(view.folded.to_body(entity.span), &view.when));
            }
        }
    }
}

fn totals(context: &Context<'_>, plus: Option<GroupId>, hits: &mut Vec<Hit>) {
    let body = context.message.template.body();
    for (view, reading) in context.paths() {
        let written = view.entities.iter().filter(|e| matches!(e.kind, EntityKind::Amount { .. }));
        if written.count() == 0 {
            continue;
        }
        let amounts = view.amounts(&context.message.placeholders);
        for Sum { stated, states, expected, parts } in sums::wrong(body, view, reading, amounts, plus) {
            let mut hit = Hit::new(view.folded.to_body(stated), &view.when);
            hit.args.push(("stated", figure::shown(states)));
            hit.args.push(("expected", figure::shown(expected)));
            let words = |minor: i64| Words::new(figure::shown(minor), figure::shown(minor));
            hit.labels = parts.iter().map(|(span, minor)| (view.folded.to_body(*span), words(*minor))).collect();
            hits.push(hit);
        }
    }
}

fn defaults(context: &Context<'_>, fill: Fill, hits: &mut Vec<Hit>) {
    let body = context.message.template.body();
    for placeholder in &context.message.placeholders {
        if !matches!(placeholder.role, Role::Amount | Role::Date | Role::Days) {
            continue;
        }
        let mut sent = written(placeholder, body).peekable();
        if sent.peek().is_some() && sent.any(|text| kind_of(text) == fill) {
            hits.push(Hit::new(placeholder.span, &[]));
        }
    }
}

/// The texts that the placeholder itself says are sent instead of a value.
fn written<'t>(placeholder: &'t Placeholder, body: &'t str) -> impl Iterator<Item = &'t str> {
    let inside = placeholder.span.of_text(body);
    // The defaults of a record may be samples; what is written into the placeholder is sent.
    let default = placeholder.default.as_deref().filter(|default| inside.contains(default));
    let quoted = placeholder.literals.iter().map(move |span| span.of_text(body));
    let literals = quoted.filter(move |text| default.is_none() && !is_format(placeholder, text));
    default.into_iter().chain(literals)
}

/// Whether a literal only says how a value is printed: `date: "%Y-%m-%d"`, `number_format(2, '.', ',')`.
fn is_format(placeholder: &Placeholder, text: &str) -> bool {
    let pattern = text.contains(['%', '#', 'y', 'Y', 'M']) || text.len() < 2;
    pattern || placeholder.filters.iter().any(|filter| filter.contains(text) && !filter.starts_with("default"))
}

fn kind_of(text: &str) -> Fill {
    match text.trim() {
        "" | "\"\"" | "''" => Fill::Nothing,
        text if text.contains(|c: char| c.is_ascii_digit()) => Fill::Figure,
        _ => Fill::Words,
    }
}

fn currencies(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (view, _) in context.paths() {
        let mut known: Option<(&str, &Stated)> = None;
        for amount in view.amounts(&context.message.placeholders) {
            let Some(code) = amount.currency else { continue };
            match known {
                Some((first, other)) if first != code => {
                    let mut hit = Hit::new(view.folded.to_body(amount.span), &view.when);
                    hit.args.push(("currency", code.to_owned()));
                    hit.args.push(("other", first.to_owned()));
                    hit.labels.push((view.folded.to_body(other.span), Words::new(first, first)));
                    hits.push(hit);
                }
                _ => known = Some((code, amount)),
            }
        }
    }
}

fn units(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let template = context.message.template;
    let declared = Declared::of(&template.record.meta);
    let placeholders = &context.message.placeholders;
    each(context, hits, |view, amount| {
        let Origin::Variable(at) = amount.origin else { return None };
        let name = placeholders.get(at).map(|placeholder| placeholder.name.as_str())?;
        let settled = amount.unit || declared.variables.get(name).is_some_and(|v| v.unit.is_some());
        (!settled).then(|| Hit::new(view.folded.to_body(amount.span), &view.when))
    });
}

fn yearly(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (view, _) in context.paths() {
        if !view.entities.iter().any(|e| e.kind == EntityKind::Percent) {
            continue;
        }
        let rates = rates::read(&view.folded.text, &view.entities);
        let years: Vec<_> = rates.iter().filter(|rate| rate.period == Period::Year).collect();
        let [annual] = years.as_slice() else { continue };
        for rate in rates.iter().filter(|rate| rate.period != Period::Year) {
            if rate.year_of(**annual).is_some() {
                continue;
            }
            let mut hit = Hit::new(view.folded.to_body(annual.span), &view.when);
            let times: &[i64] = if rate.period == Period::Day { &[360, 365] } else { &[12] };
            let shown = |times: &i64| format!("{}%", figure::shown(rate.value.saturating_mul(*times) / 10_000));
            hit.args.push(("expected", times.iter().map(shown).collect::<Vec<_>>().join(" / ")));
            let days = times.iter().map(i64::to_string).collect::<Vec<_>>().join(" / ");
            hit.labels.push((view.folded.to_body(rate.span), Words::new(format!("× {days}"), format!("× {days}"))));
            hits.push(hit);
        }
    }
}

fn undated(context: &Context<'_>, meaning: &[Meaning], except: Option<GroupId>, hits: &mut Vec<Hit>) {
    for (view, reading) in context.paths() {
        let dated = || {
            view.entities.iter().any(|e| e.kind == EntityKind::Date)
                || Role::all_in(&view.folded.text).any(|(_, role)| role == Role::Date)
        };
        let excepted = |amount: &Stated| {
            except.is_some_and(|g| reading.of(g).iter().any(|m| view.clauses.sentence_at(m.span.start) == Some(amount.sentence)))
        };
        let first = view.amounts(&context.message.placeholders).iter().find(|amount| {
            amount.label.is_some() && meaning.contains(&amount.meaning) && !excepted(amount)
        });
        if let Some(amount) = first.filter(|_| !dated()) {
            hits.push(Hit::new(view.folded.to_body(amount.whole()), &view.when));
        }
    }
}

fn late(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (view, _) in context.paths() {
        let dates = view.dates(&context.message.placeholders).iter();
        let written = dates.filter(|when| when.occasion == Occasion::Overdue && when.origin == Origin::Literal);
        hits.extend(written.map(|when| Hit::new(view.folded.to_body(when.span), &view.when)));
    }
}

fn concealed(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let template = context.message.template;
    let declared = Declared::of(&template.record.meta);
    let placeholders = &context.message.placeholders;
    for (view, _) in context.paths() {
        let amounts = view.amounts(placeholders);
        let name = |amount: &Stated| match amount.origin {
            Origin::Variable(at) => placeholders.get(at).map(|placeholder| placeholder.name.as_str()),
            _ => None,
        };
        let shown: Vec<&str> = amounts.iter().filter_map(name).collect();
        for amount in amounts {
            let formula = name(amount).and_then(|name| declared.variables.get(name)?.equals.as_ref()?.as_ref().ok());
            let Some(formula) = formula.filter(|formula| formula.terms.len() > 1) else { continue };
            let hidden: Vec<&str> =
                formula.terms.iter().map(|(name, _)| name.as_str()).filter(|name| !shown.contains(name)).collect();
            let some = hidden.len() < formula.terms.len();
            let called_part = amount.label.is_some() && amount.meaning.is_part();
            if !called_part && (!some || hidden.is_empty()) {
                continue;
            }
            let mut hit = Hit::new(view.folded.to_body(amount.whole()), &view.when);
            hit.args.push(("hidden", if hidden.is_empty() { "—".to_owned() } else { hidden.join(", ") }));
            hits.push(hit);
        }
    }
}
