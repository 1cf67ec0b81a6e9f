//! `platform`: what the platform that a template is sent through refuses, as `policies/profiles.toml` knows it.
//! A template without a profile, or a profile that says nothing about a limit, is fine.

use super::{Context, Hit, Kind, links};
use crate::facts::Role;
use crate::message::View;
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::template::profiles::SignatureRule;
use crate::template::{Placeholder, Profile, Side, Signature};
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A limit of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Limit {
    Characters,
    Variables,
    InARow,
    AllVariable,
    Brackets,
    NoSignature,
    OwnSignature,
    Edges,
    Link,
    Phone,
    Names,
    Words,
}

const LIMITS: [(&str, Limit); 12] = [
    ("characters", Limit::Characters),
    ("variables", Limit::Variables),
    ("in-a-row", Limit::InARow),
    ("all-variable", Limit::AllVariable),
    ("brackets", Limit::Brackets),
    ("no-signature", Limit::NoSignature),
    ("own-signature", Limit::OwnSignature),
    ("edges", Limit::Edges),
    ("link", Limit::Link),
    ("phone", Limit::Phone),
    ("names", Limit::Names),
    ("words", Limit::Words),
];

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Platform {
    limits: Vec<Limit>,
}

impl Kind for Platform {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("limits");
        Some(Self { limits: compiler.choices(fields, "limits", &LIMITS) })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let Some(profile) = context.message.facts.get("profile").and_then(Profile::named) else { return };
        let first = hits.len();
        for limit in &self.limits {
            match limit {
                Limit::Characters => characters(context, profile, hits),
                Limit::Variables => variables(context, profile, hits),
                Limit::InARow => in_a_row(context, profile, hits),
                Limit::AllVariable => all_variable(context, profile, hits),
                Limit::Brackets => brackets(context, profile, hits),
                Limit::NoSignature => no_signature(context, profile, hits),
                Limit::OwnSignature => own_signature(context, profile, hits),
                Limit::Edges => edges(context, profile, hits),
                Limit::Link => links::in_links(context, profile, hits),
                Limit::Phone => links::in_phones(context, profile, hits),
                Limit::Names => names(context, profile, hits),
                Limit::Words => words(context, profile, hits),
            }
        }
        for hit in hits.iter_mut().skip(first) {
            hit.notes.push(profile.quoted());
        }
    }
}

/// The body without blanks around it.
pub(super) fn whole(context: &Context<'_>) -> Span {
    let body = context.message.template.body();
    let start = body.len() - body.trim_start().len();
    Span::of(start, body.trim_end().len().max(start))
}

/// Adds a hit over the whole text with a number and its limit.
fn over(context: &Context<'_>, when: &[String], count: usize, limit: u32, hits: &mut Vec<Hit>) {
    let mut hit = Hit::new(whole(context), when);
    hit.args.push(("length", count.to_string()));
    hit.args.push(("limit", limit.to_string()));
    hits.push(hit);
}

/// Counts the template as it is handed in: with its placeholders, and with the signature in its brackets.
fn characters(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    let Some(limit) = profile.characters else { return };
    let template = context.message.template;
    let field = template.signatures.iter().find_map(|signature| match signature {
        Signature::Field { text, .. } => Some(text.chars().count() + 2),
        Signature::Inline { .. } => None,
    });
    let inline = template.signatures.iter().any(|signature| matches!(signature, Signature::Inline { .. }));
    let signed = if inline { 0 } else { field.unwrap_or(0) };
    // No way through the branches is longer than the body.
    if template.body().chars().count() + signed <= limit as usize {
        return;
    }
    let paths = template.paths();
    let ways = paths.feasible.iter().filter_map(|at| paths.list.get(*at));
    let measured = ways.map(|path| {
        let text = template.render(path, |placeholder| placeholder.span.of_text(template.body()).to_owned());
        (text.chars().count() + signed, path)
    });
    if let Some((count, path)) = measured.max_by_key(|(count, _)| *count).filter(|(n, _)| *n > limit as usize) {
        over(context, &path.when, count, limit, hits);
    }
}

/// The placeholders of each name, the first of each.
fn distinct<'t>(placeholders: &[&'t Placeholder]) -> Vec<&'t Placeholder> {
    let mut seen = BTreeSet::new();
    placeholders.iter().copied().filter(|p: &&'t Placeholder| seen.insert((p.name.as_str(), p.index))).collect()
}

fn variables(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    let Some(limit) = profile.variables else { return };
    let count = distinct(&context.message.placeholders).len();
    if count > limit as usize {
        over(context, &[], count, limit, hits);
    }
}

/// The placeholders of a view: where each stands in the folded text, to one past it.
fn places(view: &View) -> impl Iterator<Item = Span> + '_ {
    Role::all_in(&view.folded.text).map(|(at, role)| Span::of(at, at + role.character().len_utf8()))
}

fn in_a_row(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    let Some(limit) = profile.in_a_row else { return };
    for (view, _) in context.paths() {
        let mut rows: Vec<(Span, u32)> = Vec::new();
        for place in places(view) {
            match rows.last_mut() {
                Some((row, count)) if Span::new(row.end, place.start).of_text(&view.folded.text).trim().is_empty() => {
                    *row = row.join(place);
                    *count += 1;
                }
                _ => rows.push((place, 1)),
            }
        }
        let long = rows.into_iter().filter(|(_, count)| *count > limit);
        hits.extend(long.map(|(row, _)| Hit::new(view.folded.to_body(row), &view.when)));
    }
}

/// Whether nothing is said in a view but what is filled in, the signature aside.
pub(super) fn says_nothing(view: &View) -> bool {
    let spoken = |span: Span| span.of_text(&view.folded.text).chars().any(char::is_alphanumeric);
    let end = u32::try_from(view.folded.text.len()).unwrap_or(u32::MAX);
    let signature = view.signature.unwrap_or_default();
    places(view).next().is_some()
        && !spoken(Span::new(0, signature.start.min(end)))
        && !spoken(Span::new(signature.end.min(end), end))
}

fn all_variable(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    if profile.all_variable != Some(false) {
        return;
    }
    for (view, _) in context.paths().filter(|(view, _)| view.feasible && says_nothing(view)) {
        hits.push(Hit::new(whole(context), &view.when));
    }
}

fn inline(context: &Context<'_>) -> Option<(Side, Span)> {
    context.message.template.signatures.iter().find_map(|signature| match signature {
        Signature::Inline { side, span, .. } => Some((*side, *span)),
        Signature::Field { .. } => None,
    })
}

/// Brackets in the text; those of a signature are a matter of [`no_signature`].
fn brackets(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    if profile.brackets != Some(false) {
        return;
    }
    let body = context.message.template.body();
    let signature = inline(context).map(|(_, span)| span).unwrap_or_default();
    let placeholders = &context.message.placeholders;
    for (start, bracket) in body.char_indices().filter(|(_, c)| matches!(c, '【' | '】')) {
        let span = Span::of(start, start + bracket.len_utf8());
        if !signature.contains(span) && !placeholders.iter().any(|p| p.span.contains(span)) {
            hits.push(Hit::new(span, &[]));
        }
    }
}

/// A signature in the text where the platform puts one there itself.
fn no_signature(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    if profile.signature == Some(SignatureRule::Added) {
        hits.extend(inline(context).map(|(_, span)| Hit::new(span, &[])));
    }
}

/// No signature at the start where the text must begin with it. One in a field is put there by whoever keeps it.
fn own_signature(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    let template = context.message.template;
    let begins = matches!(inline(context), Some((Side::Prefix, _)));
    let in_field = template.signatures.iter().any(|s| matches!(s, Signature::Field { .. }));
    if profile.signature == Some(SignatureRule::Text)
        && !begins
        && !in_field
        && !context.message.signature_by_gateway
        && let Some((start, first)) = template.body().char_indices().find(|(_, c)| !c.is_whitespace())
    {
        hits.push(Hit::new(Span::of(start, start + first.len_utf8()), &[]));
    }
}

fn edges(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    if profile.edges != Some(false) {
        return;
    }
    for (view, _) in context.paths().filter(|(view, _)| view.feasible) {
        let text = &view.folded.text;
        let says = |c: char| c.is_alphanumeric() || Role::from_character(c).is_some();
        let first = text.char_indices().find(|(_, c)| says(*c));
        let last = text.char_indices().rfind(|(_, c)| says(*c));
        for (at, c) in first.into_iter().chain(last) {
            if Role::from_character(c).is_some() {
                hits.push(Hit::new(view.folded.to_body(Span::of(at, at + c.len_utf8())), &view.when));
            }
        }
    }
}

fn names(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    let placeholders = &context.message.placeholders;
    let mut add = |placeholder: &Placeholder, en: String, zh: String| {
        let mut hit = Hit::new(placeholder.span, &[]);
        hit.notes.push(Words::new(en, zh));
        hits.push(hit);
    };
    let mut seen = BTreeSet::new();
    for placeholder in placeholders {
        let name = placeholder.name.as_str();
        let length = name.chars().count();
        if profile.reserved.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
            add(placeholder, format!("`{name}` is reserved there"), format!("`{name}` 是平台保留的变量名"));
        }
        if let Some(limit) = profile.name.filter(|limit| length > *limit as usize) {
            add(placeholder, format!("a name has at most {limit} characters there"), format!("变量名至多 {limit} 个字符"));
        }
        if !seen.insert(name) && profile.once && !name.is_empty() {
            add(placeholder, "a variable stands only once there".to_owned(), "同一变量只能出现一次".to_owned());
        }
    }
    if !profile.numbered {
        return;
    }
    let numbers: BTreeSet<u32> = placeholders.iter().filter_map(|p| p.name.parse().ok()).collect();
    for placeholder in distinct(placeholders) {
        let Ok(number) = placeholder.name.parse::<u32>() else { continue };
        if number == 0 || (number > 1 && !numbers.contains(&(number - 1))) {
            let en = "variables are numbered from 1 without a gap there".to_owned();
            add(placeholder, en, "变量须从 1 起连续编号".to_owned());
        }
    }
}

/// Fixed words for each placeholder. Only where blanks separate words.
fn words(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    let Some(each) = profile.words_each else { return };
    for (view, _) in context.paths().filter(|(view, _)| view.feasible) {
        let text = &view.folded.text;
        if text.chars().any(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')) {
            continue;
        }
        let variables = places(view).count();
        let is_fixed = |word: &&str| word.chars().any(char::is_alphanumeric);
        let fixed = text.split(|c: char| c.is_whitespace() || Role::from_character(c).is_some()).filter(is_fixed).count();
        let needed = each as usize * variables + 1;
        if variables > 0 && fixed < needed {
            let mut hit = Hit::new(whole(context), &view.when);
            hit.args.push(("length", fixed.to_string()));
            hit.args.push(("limit", needed.to_string()));
            hits.push(hit);
        }
    }
}
