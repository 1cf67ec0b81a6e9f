//! One template, ready to be rendered a million times: the pieces of each path, what stands between variables, and
//! what the text claims about them.
//!
//! Begin at [`Plan::of`]. Everything that does not depend on a row is worked out here, once.

use super::claims::{self, Claim, Moment, Term};
use super::condition::Supposed;
use super::filter::Chain;
use super::names::Names;
use super::sample;
use crate::facts::amounts::{self, Origin};
use crate::facts::formula::Declared;
use crate::facts::length::{Counting, Length};
use crate::facts::{Role, dates, entities, figure, roles};
use crate::judge;
use crate::message::Facts;
use crate::source::Span;
use crate::template::{PathPiece, Placeholder, Signature, Template};
use crate::text::{Clauses, fold};
use crate::words::Lang;
use std::borrow::Cow;

/// A template, worked out.
#[derive(Debug)]
pub struct Plan {
    /// The template, with the roles of its placeholders.
    pub template: Template,
    /// Its variables, those of its conditions and those of its declared formulas.
    pub names: Names,
    /// What is known of each variable, by its number.
    pub variables: Vec<Variable>,
    /// The variable of each placeholder.
    pub slots: Vec<usize>,
    /// Variables that are what filters make of another.
    pub derived: Vec<Derived>,
    /// What placeholders do to their values and is not applied here: as written, and where.
    pub unapplied: Vec<(String, Span)>,
    /// The ways that can happen.
    pub ways: Vec<Way>,
    /// How its messages are counted.
    pub counting: Counting,
    /// Its language.
    pub lang: Option<Lang>,
    /// Its jurisdiction.
    pub jurisdiction: Option<std::sync::Arc<str>>,
    /// Its declared facts.
    pub facts: Facts,
}

/// A variable that is another one, filtered.
#[derive(Debug)]
pub struct Derived {
    /// The variable.
    pub variable: usize,
    /// The one that a row gives.
    pub source: usize,
    /// What is done to it.
    pub chain: Chain,
}

/// What is known of a variable.
#[derive(Debug, Default)]
pub struct Variable {
    /// The kind of value.
    pub role: Role,
    /// Whether somebody declared that kind, or a unit of money stands beside it: another value is a mistake of
    /// the row and not of the guess.
    pub certain: bool,
    /// The most characters.
    pub max_length: Option<u32>,
    /// The largest value, in minor units.
    pub max_value: Option<i64>,
    /// What it is the sum of: variables with factors, and a fixed part.
    pub formula: Option<(Vec<(usize, i64)>, i64)>,
    /// What is sent where nothing is given.
    pub default: Option<String>,
    /// A value to show.
    pub sample: String,
    /// Whether somebody declared it.
    pub sampled: bool,
    /// Whether only filters see it: nobody reads it as it is given.
    pub only_filtered: bool,
    /// The first placeholder, in the source's text; `None` when only a condition or a formula names it.
    pub place: Option<Span>,
}

/// One way through the branches.
#[derive(Debug)]
pub struct Way {
    /// Its conditions, in the wording of `parse`.
    pub when: Vec<String>,
    /// What is sent, in order.
    pub pieces: Vec<Piece>,
    /// The length of what does not vary.
    pub literal: Length,
    /// What it supposes of a row.
    pub(super) supposed: Vec<Supposed>,
    /// The variables in it, once each.
    pub used: Vec<usize>,
    /// What it claims of its figures.
    pub claims: Vec<Claim>,
    /// What its dates mean.
    pub moments: Vec<Moment>,
}

/// A piece of a message.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text, and where it stands in the body.
    Text(String, Span),
    /// Text that the body spells otherwise.
    Escape(String, Span),
    /// The placeholder of that number.
    Slot(usize),
}

/// The variable of a placeholder whose value `number` goes through `chain`.
fn filtered(
    names: &mut Names,
    derived: &mut Vec<Derived>,
    number: usize,
    placeholder: &Placeholder,
    chain: Chain,
) -> usize {
    if chain.is_empty() {
        return number;
    }
    // Two places with the same filters are one variable.
    let known = derived.iter().find(|known| known.source == number && known.chain == chain);
    known.map(|known| known.variable).unwrap_or_else(|| {
        let place = placeholder.span.start;
        let filters = placeholder.filters.join(" | ");
        let name = names.name(number).to_owned();
        let variable = names.number(&format!("{name} | {filters} @{place}"));
        derived.push(Derived { variable, source: number, chain });
        variable
    })
}

impl Plan {
    /// Works out `template`. `jurisdiction` and `facts` are those that its rules hold under.
    pub fn of(mut template: Template, circumstances: &judge::Circumstances) -> Self {
        roles::assign(&mut template);
        let lang = judge::lang(&template);
        let jurisdiction = circumstances.jurisdiction(template.record.meta.text("jurisdiction"), lang);
        let facts = judge::facts(&template, circumstances, lang, jurisdiction.as_deref());
        let declared = Declared::of(&template.record.meta);
        let mut names = Names::default();
        let (mut derived, mut unapplied) = (Vec::new(), Vec::new());
        let mut slots = Vec::new();
        for placeholder in template.placeholders() {
            let number = match placeholder.name.as_str() {
                "" => names.number(&placeholder.index.unwrap_or(1).to_string()),
                name => names.number(name),
            };
            let chain = Chain::of(placeholder, placeholder.span.of_text(template.body()), &template.dialect);
            let what = chain.unapplied.clone();
            unapplied.extend(what.map(|what| (what, template.source_span(placeholder.span))));
            slots.push(filtered(&mut names, &mut derived, number, placeholder, chain));
        }
        declared.variables.keys().for_each(|name| {
            names.number(name);
        });
        let mut plan = Self {
            variables: Vec::new(),
            ways: Vec::new(),
            counting: if jurisdiction.as_deref() == Some("cn") {
                Counting::Mainland
            } else {
                Counting::International
            },
            template,
            names,
            slots,
            derived,
            unapplied,
            lang,
            jurisdiction,
            facts,
        };
        plan.ways = plan.ways();
        plan.variables = plan.variables(&declared);
        plan.add_up();
        plan
    }

    /// Makes the samples of totals the sums of those of their parts.
    fn add_up(&mut self) {
        let minor = |variables: &[Variable], number: usize| {
            variables.get(number).and_then(|variable| figure::minor(&variable.sample))
        };
        let mut sums: Vec<(usize, i64)> = Vec::new();
        for claim in self.ways.iter().flat_map(|way| &way.claims) {
            let Claim::Sum { total: Term::Variable(total), parts, .. } = claim else { continue };
            let sum = parts.iter().try_fold(0_i64, |sum, part| match part {
                Term::Variable(part) => sum.checked_add(minor(&self.variables, *part)?),
                Term::Fixed(minor) => sum.checked_add(*minor),
            });
            sums.extend(sum.map(|sum| (*total, sum)));
        }
        for (number, variable) in self.variables.iter().enumerate() {
            let Some((terms, fixed)) = &variable.formula else { continue };
            let sum = terms.iter().try_fold(*fixed, |sum, (part, factor)| {
                sum.checked_add(minor(&self.variables, *part)?.checked_mul(*factor)?)
            });
            sums.extend(sum.map(|sum| (number, sum)));
        }
        for (number, sum) in sums {
            if let Some(variable) = self.variables.get_mut(number).filter(|v| !v.sampled) {
                variable.sample = figure::shown_grouped(sum);
            }
        }
    }

    fn ways(&mut self) -> Vec<Way> {
        let paths = self.template.paths();
        let prefix = self.prefix();
        let mut ways = Vec::with_capacity(paths.feasible.len());
        for at in &paths.feasible {
            let (Some(path), Some(supposes)) = (paths.list.get(*at), paths.supposes.get(*at)) else {
                continue;
            };
            let body = self.template.body();
            let mut pieces: Vec<Piece> =
                prefix.iter().map(|text| Piece::Escape(text.clone(), Span::default())).collect();
            pieces.extend(path.pieces.iter().map(|piece| match piece {
                PathPiece::Text(span) => Piece::Text(span.of_text(body).to_owned(), *span),
                PathPiece::Escape { span, text } => Piece::Escape(text.clone(), *span),
                PathPiece::Placeholder(index) => Piece::Slot(*index),
            }));
            let literal: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text, _) | Piece::Escape(text, _) => text.as_str(),
                    Piece::Slot(_) => "",
                })
                .collect();
            let placeholders = self.template.placeholders();
            let role = |index: usize| placeholders.get(index).map(|p| (p.role, p.span)).unwrap_or_default();
            let folded = fold(&path.pieces, body, role);
            let entities = entities::find_in(&folded.text, self.jurisdiction.as_deref());
            let clauses = Clauses::of(&folded);
            let amounts = amounts::read(&folded, &entities, &clauses, &placeholders);
            let dates = dates::read(&folded, &entities, &clauses, &placeholders);
            let mut used: Vec<usize> = pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Slot(index) => self.slots.get(*index).copied(),
                    _ => None,
                })
                .collect();
            used.sort_unstable();
            used.dedup();
            let supposed =
                supposes.iter().filter_map(|(c, value)| Supposed::of(c, value, &mut self.names)).collect();
            ways.push(Way {
                when: path.when.clone(),
                literal: Length::of(&literal),
                claims: claims::claims(&amounts, &folded, &self.slots),
                moments: claims::moments(&dates, &folded, &self.slots),
                pieces,
                supposed,
                used,
            });
        }
        ways
    }

    /// A signature field is sent in its brackets before the text, where the text has none.
    fn prefix(&self) -> Option<String> {
        let inline = self.template.signatures.iter().any(|s| matches!(s, Signature::Inline { .. }));
        let field = self.template.signatures.iter().find(|s| matches!(s, Signature::Field { .. }));
        field.filter(|_| !inline).map(|signature| format!("【{}】", signature.text()))
    }

    fn variables(&mut self, declared: &Declared) -> Vec<Variable> {
        let mut variables: Vec<Variable> = Vec::new();
        variables.resize_with(self.names.len(), Variable::default);
        let united: Vec<usize> = self.ways.iter().flat_map(|way| claims::with_unit(&way.claims)).collect();
        for (placeholder, number) in self.template.placeholders().iter().zip(&self.slots) {
            let Some(variable) = variables.get_mut(*number).filter(|v| v.place.is_none()) else { continue };
            variable.role = placeholder.role;
            variable.max_length = placeholder.max_length;
            variable.certain = placeholder.declared_type.as_deref().is_some_and(|kind| kind != "number");
            variable.default = placeholder.default.clone();
            variable.place = Some(self.template.source_span(placeholder.span));
        }
        for (number, variable) in variables.iter_mut().enumerate() {
            let name = self.names.name(self.source_of(number));
            variable.certain |= united.contains(&number);
            let known = declared.variables.get(name);
            if variable.place.is_none() {
                let role = known.and_then(|known| roles::of_type(known.kind.as_deref()?));
                variable.role = role.unwrap_or_default();
                variable.certain |= role.is_some();
            }
            variable.max_value = known.and_then(|known| known.max_value);
            let sample = known.and_then(|known| known.sample.clone()).or_else(|| variable.default.clone());
            variable.sampled = sample.is_some();
            variable.sample =
                sample.unwrap_or_else(|| sample::of(variable.role, name, self.lang, variable.max_length));
        }
        for derived in &self.derived {
            let Some(variable) = variables.get_mut(derived.variable) else { continue };
            if let Some(shown) = derived.chain.apply(Some(&variable.sample)) {
                variable.sample = shown;
            }
            let (role, place) = (variable.role, variable.place);
            let Some(source) = variables.get_mut(derived.source).filter(|source| source.place.is_none())
            else {
                continue;
            };
            (source.role, source.place, source.only_filtered) = (role, place, true);
        }
        for (name, known) in &declared.variables {
            let Some(Ok(formula)) = &known.equals else { continue };
            let number = self.names.number(name);
            let terms =
                formula.terms.iter().map(|(part, factor)| (self.names.number(part), *factor)).collect();
            variables.resize_with(self.names.len(), Variable::default);
            if let Some(variable) = variables.get_mut(number) {
                variable.formula = Some((terms, formula.fixed));
            }
        }
        variables
    }

    /// The variables that every message of the template needs.
    pub fn needed(&self) -> impl Iterator<Item = usize> + '_ {
        let first = self.ways.first().map_or(&[][..], |way| way.used.as_slice());
        let needed = |variable: &usize| {
            let default = self.variables.get(*variable).is_some_and(|known| known.default.is_some());
            !default && self.ways.iter().all(|way| way.used.contains(variable))
        };
        first
            .iter()
            .copied()
            .filter(move |variable| needed(variable))
            .map(|variable| self.source_of(variable))
    }

    /// The variable that a row gives: another one for what is filtered.
    pub fn source_of(&self, variable: usize) -> usize {
        let known = self.derived.iter().find(|derived| derived.variable == variable);
        known.map_or(variable, |derived| derived.source)
    }

    /// `values` of a row, with what filters make of them.
    pub fn filtered<'v>(&self, values: &[Option<&'v str>]) -> Vec<Option<Cow<'v, str>>> {
        let mut all: Vec<Option<Cow<'v, str>>> =
            values.iter().map(|value| value.map(Cow::Borrowed)).collect();
        for derived in &self.derived {
            let given = values.get(derived.source).copied().flatten();
            // What a filter can make nothing of stands as it was given.
            let made = derived.chain.apply(given).map(Cow::Owned).or(given.map(Cow::Borrowed));
            if let Some(slot) = all.get_mut(derived.variable) {
                *slot = made;
            }
        }
        all
    }

    /// What is sent on `way`, with `value` giving the value of each variable.
    pub fn render<'v>(&self, way: &Way, out: &mut String, mut value: impl FnMut(usize) -> &'v str) {
        for piece in &way.pieces {
            match piece {
                Piece::Text(text, _) | Piece::Escape(text, _) => out.push_str(text),
                Piece::Slot(index) => {
                    if let Some(number) = self.slots.get(*index) {
                        out.push_str(value(*number));
                    }
                }
            }
        }
    }

    /// Where a claim or a placeholder stands in the source's text.
    pub fn place(&self, body: Span) -> Span {
        self.template.source_span(body)
    }

    /// The variable from which an amount or a date comes.
    pub(super) fn variable_of(slots: &[usize], origin: Origin) -> Option<usize> {
        match origin {
            Origin::Variable(index) => slots.get(index).copied(),
            _ => None,
        }
    }
}
