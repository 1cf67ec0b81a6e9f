//! `declared`: what metadata says about variables (`vars`), checked against itself and against the text.

use super::{Context, Hit, Kind, Spot};
use crate::facts::amounts::Origin;
use crate::facts::formula::{Declared as Facts, Variable};
use crate::facts::{Role, amounts, roles};
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What can be wrong with a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Fault {
    /// A type that nobody knows.
    Type,
    /// A formula that cannot be read, names what is not declared, or goes round in a circle.
    Formula,
    /// A declared variable that the text does not use.
    Unused,
    /// A variable of the text that nobody declared, where others are.
    Undeclared,
    /// A unit that the text contradicts.
    Unit,
    /// A sum that is declared as text.
    Text,
}

const FAULTS: [(&str, Fault); 6] = [
    ("type", Fault::Type),
    ("formula", Fault::Formula),
    ("unused", Fault::Unused),
    ("undeclared", Fault::Undeclared),
    ("unit", Fault::Unit),
    ("text", Fault::Text),
];

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Declared {
    fault: Fault,
}

impl Kind for Declared {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("fault");
        Some(Declared { fault: compiler.choice(fields, "fault", &FAULTS)? })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let template = context.message.template;
        if !template.record.meta.fields.contains_key("vars") {
            return;
        }
        let facts = Facts::of(&template.record.meta);
        match self.fault {
            Fault::Type => {
                let unknown = |v: &Variable| v.kind.as_deref().filter(|kind| !roles::is_type(kind)).map(str::to_owned);
                for (name, variable) in &facts.variables {
                    hits.extend(unknown(variable).map(|kind| of_field(&facts, name, "type", kind)));
                }
            }
            Fault::Formula => formulas(&facts, hits),
            Fault::Unused => {
                let used: BTreeSet<&str> = context.message.placeholders.iter().map(|p| p.name.as_str()).collect();
                let summed: BTreeSet<&str> = summands(&facts).collect();
                let idle = facts.variables.keys().filter(|name| {
                    !used.contains(name.as_str()) && !summed.contains(name.as_str())
                });
                hits.extend(idle.map(|name| of_field(&facts, name, "variable", name.clone())));
            }
            Fault::Undeclared => {
                if facts.variables.is_empty() {
                    return;
                }
                let placeholders = &context.message.placeholders;
                let unknown = placeholders.iter().filter(|p| !p.name.is_empty() && !facts.variables.contains_key(&p.name));
                hits.extend(unknown.map(|p| Hit::new(p.span, &[])));
            }
            Fault::Unit => units(context, &facts, hits),
            Fault::Text => texts(context, hits),
        }
    }
}

/// A hit in the declaration of the variable `name`.
fn of_field(facts: &Facts, name: &str, arg: &'static str, value: String) -> Hit {
    let place = facts.variables.keys().position(|known| known == name).unwrap_or(0);
    let number = u32::try_from(place).unwrap_or(u32::MAX);
    let mut hit = Hit::new(Span::default(), &[]);
    hit.spot = Spot::Field("vars", number);
    hit.args.push(("name", name.to_owned()));
    hit.args.push((arg, value));
    hit
}

fn summands(facts: &Facts) -> impl Iterator<Item = &str> {
    let formulas = facts.variables.values().filter_map(|variable| variable.equals.as_ref()?.as_ref().ok());
    formulas.flat_map(|formula| formula.terms.iter().map(|(name, _)| name.as_str()))
}

fn formulas(facts: &Facts, hits: &mut Vec<Hit>) {
    for (name, variable) in &facts.variables {
        let why = match &variable.equals {
            None => continue,
            Some(Err(piece)) => format!("`{piece}`"),
            Some(Ok(formula)) => {
                let unknown = formula.terms.iter().find(|(part, _)| !facts.variables.contains_key(part));
                let worded = formula.terms.iter().find(|(part, _)| is_no_sum(facts, part));
                match (unknown.or(worded), turns_round(facts, name)) {
                    (Some((part, _)), _) => format!("`{part}`"),
                    (None, true) => format!("`{name}` = … `{name}`"),
                    (None, false) => continue,
                }
            }
        };
        hits.push(of_field(facts, name, "why", why));
    }
}

/// Whether a part of a formula is declared as something that cannot be added.
fn is_no_sum(facts: &Facts, part: &str) -> bool {
    let kind = facts.variables.get(part).and_then(|variable| variable.kind.as_deref());
    kind.and_then(roles::of_type).is_some_and(|role| !matches!(role, Role::Amount | Role::Number))
}

/// Whether the formula of `name` comes back to it.
fn turns_round(facts: &Facts, name: &str) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut rest = vec![name];
    while let Some(next) = rest.pop() {
        let formula = facts.variables.get(next).and_then(|variable| variable.equals.as_ref()?.as_ref().ok());
        for (part, _) in formula.into_iter().flat_map(|formula| &formula.terms) {
            if part == name {
                return true;
            }
            if seen.insert(part) {
                rest.push(part);
            }
        }
    }
    false
}

fn units(context: &Context<'_>, facts: &Facts, hits: &mut Vec<Hit>) {
    let placeholders = &context.message.placeholders;
    for (view, _) in context.paths() {
        for amount in view.amounts(placeholders) {
            let Origin::Variable(at) = amount.origin else { continue };
            let name = placeholders.get(at).map_or("", |placeholder| placeholder.name.as_str());
            let declared = facts.variables.get(name).and_then(|variable| variable.unit.as_deref());
            let (Some(declared), Some(shown)) = (declared, amount.currency) else { continue };
            if !declared.eq_ignore_ascii_case(shown) {
                let mut hit = Hit::new(view.folded.to_body(amount.span), &view.when);
                hit.args.push(("declared", declared.to_owned()));
                hit.args.push(("shown", shown.to_owned()));
                hits.push(hit);
            }
        }
    }
}

/// Variables that are declared as text and stand where a sum does, or are named as one.
fn texts(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (view, _) in context.paths() {
        for (at, _) in Role::all_in(&view.folded.text).filter(|(_, role)| *role == Role::Text) {
            let span = Span::of(at, at + Role::Text.character().len_utf8());
            let body = view.folded.to_body(span);
            let placeholder = context.message.placeholders.iter().find(|placeholder| placeholder.span.contains(body));
            let Some(placeholder) = placeholder.filter(|p| p.declared_type.is_some()) else { continue };
            let beside = amounts::has_unit(&view.folded.text, span);
            if beside || amounts::meaning_of_name(&placeholder.name).is_some() {
                let mut hit = Hit::new(body, &view.when);
                let name = &placeholder.name;
                let declare = format!("vars.{name} = {{ type = \"amount\" }}");
                hit.notes.push(Words::new(format!("declare it: {declare}"), format!("声明方式：{declare}")));
                hits.push(hit);
            }
        }
    }
}
