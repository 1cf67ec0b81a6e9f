//! `variable`: placeholders that run together, texts that are nothing else, and declarations that do not agree
//! with the text.

use super::platform::{says_nothing, whole};
use super::{Context, Hit, Kind, Spot};
use crate::facts::{self, Role};
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::template::{Node, Parameter, Placeholder, Template};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Variable {
    /// A text that says nothing but what is filled in.
    NothingFixed,
    /// Two figures with nothing between them.
    RunTogether {
        /// Last words of names that are no figures, whatever stands around them.
        except: Vec<String>,
    },
    /// A placeholder that the declared parameters do not have.
    Undeclared,
    /// A declared parameter that no placeholder takes.
    Unused,
}

#[derive(Clone, Copy)]
enum Find {
    NothingFixed,
    RunTogether,
    Undeclared,
    Unused,
}

const FINDS: [(&str, Find); 4] = [
    ("nothing-fixed", Find::NothingFixed),
    ("run-together", Find::RunTogether),
    ("undeclared", Find::Undeclared),
    ("unused", Find::Unused),
];

impl Kind for Variable {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("find");
        let except = fields.texts("except").into_iter().map(|(name, _)| compiler.fold(name)).collect();
        match compiler.choice(fields, "find", &FINDS)? {
            Find::NothingFixed => Some(Self::NothingFixed),
            Find::RunTogether => Some(Self::RunTogether { except }),
            Find::Undeclared => Some(Self::Undeclared),
            Find::Unused => Some(Self::Unused),
        }
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        match self {
            Self::NothingFixed => nothing_fixed(context, hits),
            Self::RunTogether { except } => run_together(context, except, hits),
            Self::Undeclared => undeclared(context, hits),
            Self::Unused => unused(context, hits),
        }
    }
}

fn nothing_fixed(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (view, _) in context.paths().filter(|(view, _)| view.feasible && says_nothing(view)) {
        hits.push(Hit::new(whole(context), &view.when));
    }
}

/// A sum or a number of days, and a figure, that would be read as one number.
fn run_together(context: &Context<'_>, except: &[String], hits: &mut Vec<Hit>) {
    const FIGURES: [Role; 7] =
        [Role::Amount, Role::Days, Role::Number, Role::Phone, Role::Account, Role::Card, Role::Code];
    let placeholders = &context.message.placeholders;
    for (view, _) in context.paths().filter(|(view, _)| view.feasible) {
        let mut last: Option<(Span, Role)> = None;
        for (at, role) in Role::all_in(&view.folded.text) {
            let place = Span::of(at, at + role.character().len_utf8());
            if let Some((before, other)) = last
                && before.end == place.start
                && FIGURES.contains(&role)
                && FIGURES.contains(&other)
                && [role, other].iter().any(|role| matches!(role, Role::Amount | Role::Days))
            {
                let both = view.folded.to_body(before.join(place));
                // They stand in the order of the text.
                let first = placeholders.partition_point(|p| p.span.start < both.start);
                let inside = placeholders.iter().skip(first).take_while(|p| both.contains(p.span));
                if !inside.into_iter().any(|p| is_named(p, except)) {
                    hits.push(Hit::new(both, &view.when));
                }
            }
            last = Some((place, role));
        }
    }
}

fn is_named(placeholder: &Placeholder, names: &[String]) -> bool {
    let known = facts::names::known(&placeholder.name);
    let last = known.words.rsplit(' ').next();
    names.iter().any(|name| last == Some(name) || placeholder.name.ends_with(name.as_str()))
}

/// Whether a declared parameter is the one that fills a placeholder: by name, or by number, where the list is in
/// the order of the numbers. `first` is the number of the first placeholder.
fn fills(at: usize, parameter: &Parameter, placeholder: &Placeholder, first: u32) -> bool {
    let name = |text: &str| text.trim_start_matches('$').to_owned();
    let own = name(&placeholder.name);
    let head = own.split(['.', '[']).next().unwrap_or("");
    let stated = name(&parameter.name);
    if own == stated || head == stated {
        return true;
    }
    let nth = placeholder.index.and_then(|index| index.checked_sub(first));
    nth.and_then(|nth| usize::try_from(nth).ok()) == Some(at)
}

/// The declared parameters with the text's placeholders and the number of the first; `None` where nothing is
/// declared, or the text counts on what cannot be compared.
fn declared(template: &Template) -> Option<(Vec<Parameter>, Vec<&Placeholder>, u32)> {
    let parameters = template.parameters().filter(|list| !list.is_empty())?;
    let placeholders = template.placeholders();
    // Names inside of blocks may be those of a loop, and conditions take parameters that are not shown.
    let blocks = template.nodes.iter().any(|node| matches!(node, Node::Cond { .. } | Node::Comment(_)));
    let filled = template.record.meta.fields.contains_key("arguments") || template.record.body.holes().next().is_some();
    if blocks || filled {
        return None;
    }
    let first = u32::from(!placeholders.iter().any(|p| p.index == Some(0)));
    Some((parameters, placeholders, first))
}

fn undeclared(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let Some((parameters, placeholders, first)) = declared(context.message.template) else { return };
    let known = |p: &Placeholder| parameters.iter().enumerate().any(|(at, parameter)| fills(at, parameter, p, first));
    for placeholder in placeholders.into_iter().filter(|placeholder| !known(placeholder)) {
        let mut hit = Hit::new(placeholder.span, &[]);
        hit.args.push(("names", list(&parameters)));
        hits.push(hit);
    }
}

fn unused(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let Some((parameters, placeholders, first)) = declared(context.message.template) else { return };
    let idle: Vec<Parameter> = parameters
        .into_iter()
        .enumerate()
        .filter(|(at, parameter)| !placeholders.iter().any(|p| fills(*at, parameter, p, first)))
        .map(|(_, parameter)| parameter)
        .collect();
    if !idle.is_empty() {
        let mut hit = Hit::new(whole(context), &[]);
        hit.spot = Spot::Declared("params");
        hit.args.push(("names", list(&idle)));
        hits.push(hit);
    }
}

fn list(parameters: &[Parameter]) -> String {
    let names: BTreeSet<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}
