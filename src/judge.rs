//! From a parsed template to findings: builds the message that rules see, lets them judge it, and places
//! what they found.
//!
//! Begin at [`Judge::judge`]. `check` runs it over files, `prove` over the examples of policies.

use crate::facts::amounts::{Meaning, Origin};
use crate::facts::{Role, entities, figure, roles};
use crate::finding::{About, Edit, Finding, Fix, Label, fingerprint};
use crate::message::{Facts, Message, View, ViewKind};
use crate::policy::PolicySet;
use crate::policy::check::{Hit, Spot};
use crate::policy::mend::Mend;
use crate::problem::Problem;
use crate::source::spell::spell;
use crate::source::{Source, Span};
use crate::template::{Path, PathPiece, Profile, Signature, Template};
use crate::text::{Clauses, Folded, fold, tables};
use crate::words::{Lang, Words};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What holds for the templates of one file beside their own metadata.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// `--jurisdiction`: wins over everything.
    pub forced_jurisdiction: Option<String>,
    /// The configuration's jurisdiction.
    pub jurisdiction: Option<String>,
    /// The configuration's `[facts]`: a template's own metadata wins.
    pub facts: BTreeMap<String, Value>,
    /// Whether the gateway adds the signature.
    pub signature_by_gateway: bool,
}

impl Circumstances {
    /// The jurisdiction that holds where `declared` stands nearest: the option, what is declared, the
    /// configuration's, that of the language.
    pub fn jurisdiction(&self, declared: Option<&str>, lang: Option<Lang>) -> Option<Arc<str>> {
        let by_language = match lang {
            Some(Lang::ZhHans) => Some("cn"),
            Some(Lang::ZhHant) => Some("tw"),
            _ => None,
        };
        let given = self.forced_jurisdiction.as_deref().or(declared).or(self.jurisdiction.as_deref());
        given.or(by_language).map(|j| Arc::from(j.to_ascii_lowercase()))
    }
}

/// Which template this is, and as what it is read.
pub(crate) fn about(template: &Template, lang: Option<Lang>, jurisdiction: Option<Arc<str>>) -> Arc<About> {
    let id = Arc::from(template.record.id.text.as_str());
    Arc::new(About { id, lang, jurisdiction, dialect: template.dialect.clone() })
}

/// The language of a template: as declared, else as its characters tell.
pub fn lang(template: &Template) -> Option<Lang> {
    let meta = &template.record.meta;
    let declared = meta.text("lang").or_else(|| meta.text("locale")).and_then(Lang::from_tag);
    declared.or_else(|| tables::lang_of(template.body()))
}

/// Judges templates by a set of policies.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// The rules.
    pub policies: &'a PolicySet,
    /// What holds beside the metadata.
    pub circumstances: &'a Circumstances,
    /// The storage format of the file, as which fixes are spelled.
    pub host: &'static str,
    /// Whether findings get their fingerprints; reports for people do not show them.
    pub fingerprints: bool,
}

/// What is said about one template.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Sorted by place and rule. `level` of each is the rule's own.
    pub findings: Vec<Finding>,
    /// The template could be judged only in part.
    pub problem: Option<Problem>,
    /// Which template was judged, and as what.
    pub about: Arc<About>,
    /// The figures that it states as owed: written ones, and variables as `${name}`.
    pub figures: Vec<String>,
}

impl Judge<'_> {
    /// Gives the placeholders of a template their roles and judges it.
    pub fn judge(&self, source: &Source, template: &mut Template) -> Judgement {
        let folded = roles::assign(template);
        let template = &*template;
        let mut message = self.message(source, template, folded);
        let verdict = self.policies.judge(&mut message);
        let problem = verdict.in_part.then(|| in_part(template).in_file(&source.path));
        let hits = merge(verdict.hits);
        let about = about(template, message.lang, message.jurisdiction.clone());
        let mut findings: Vec<Finding> =
            hits.into_iter().filter_map(|(rule, hit)| self.finding(&message, &about, rule, hit)).collect();
        findings.sort_by_key(|finding| (finding.primary, finding.rule));
        if self.fingerprints {
            number(self.policies, &mut findings);
        }
        let figures = figures(&message);
        Judgement { findings, problem, about, figures }
    }

    /// The message as rules see it.
    fn message<'m>(&self, source: &'m Source, template: &'m Template, folded: Option<Folded>) -> Message<'m> {
        let given = self.circumstances;
        let lang = lang(template);
        let jurisdiction = given.jurisdiction(template.record.meta.text("jurisdiction"), lang);
        let mut facts = facts(template, given, lang, jurisdiction.as_deref());
        let views = views(template, folded, jurisdiction.as_deref());
        facts.state("money", yes_no(views.iter().any(View::names_money)));
        let signature_by_gateway = given.signature_by_gateway;
        let placeholders = template.placeholders();
        Message { source, template, placeholders, facts, lang, jurisdiction, views, signature_by_gateway }
    }

    fn finding(&self, message: &Message<'_>, about: &Arc<About>, rule: usize, hit: Hit) -> Option<Finding> {
        let stated = self.policies.rules.get(rule)?;
        let template = message.template;
        let fixes = match (&stated.fix, hit.spot) {
            (Some(mend), Spot::Body(span)) => self.fix(mend, message, span).into_iter().collect(),
            _ => Vec::new(),
        };
        let (primary, rest, text) = match hit.spot {
            Spot::Body(span) => {
                let mut places = places(message.source, template.record.body.to_source(span)).into_iter();
                (places.next()?, places.collect(), span.of_text(template.body()).to_owned())
            }
            Spot::Field(name, _) => {
                let text = hit.args.iter().find(|(arg, _)| *arg == "name").map(|(_, name)| name.clone());
                (place_of_field(template, name), Vec::new(), text.unwrap_or_default())
            }
            Spot::SignatureField => {
                let (place, text) = signature_field(template)?;
                (place, Vec::new(), text)
            }
            Spot::Declared(name) => {
                let place = place_of_field(template, name);
                (place, Vec::new(), place.of_text(&message.source.text).to_owned())
            }
        };
        let label = |(span, text): (Span, Words)| Label { span: template.source_span(span), text };
        // A text that is put together out of several has the rest of its places beside the first.
        let goes_on = |span| Label { span, text: Words::new("it goes on here", "续于此处") };
        let labels = rest.into_iter().map(goes_on).chain(hit.labels.into_iter().map(label)).collect();
        Some(Finding {
            rule,
            level: stated.level,
            confidence: stated.confidence,
            path: Arc::clone(&message.source.path),
            about: Some(Arc::clone(about)),
            jurisdiction: None,
            primary,
            text,
            args: hit.args,
            labels,
            notes: hit.notes,
            help: None,
            when: hit.when,
            fixes,
            suppression: None,
            baseline: None,
            fingerprint: String::new(),
        })
    }
}

impl Judge<'_> {
    /// The fix of a rule for what it marks in the body at `span`. What stands in the place of an expression of a
    /// program, or outside the record, is not touched.
    fn fix(&self, mend: &Mend, message: &Message<'_>, span: Span) -> Option<Fix> {
        let record = &message.template.record;
        if record.body.holes().any(|hole| hole.overlaps(span)) {
            return None;
        }
        let mut edits = Vec::new();
        for (part, text) in mend.edits(span.of_text(&record.body.text)) {
            let spelled = spell(&text, self.host, message.source, record)?;
            let places = record.body.to_source(part.shift(span.start));
            // What comes stands at the first place; from the others only something goes.
            for (number, place) in places.into_iter().enumerate() {
                if !record.body_span.contains(place) {
                    return None;
                }
                let replacement = if number == 0 { spelled.clone() } else { String::new() };
                edits.push(Edit { span: place, replacement });
            }
        }
        let Mend { applicability, title, .. } = mend;
        (!edits.is_empty()).then(|| Fix { title: title.clone(), applicability: *applicability, edits })
    }
}

/// The figures of all paths that are said to be owed.
fn figures(message: &Message<'_>) -> Vec<String> {
    let placeholders = &message.placeholders;
    let mut figures = Vec::new();
    for view in message.views.iter().filter(|view| view.kind == ViewKind::Path && view.names_money()) {
        for amount in view.amounts(placeholders) {
            let owed = !matches!(amount.meaning, Meaning::Discount | Meaning::Limit | Meaning::Paid);
            let shown = match (amount.origin, amount.value) {
                (Origin::Variable(at), _) => {
                    let name = placeholders.get(at).map(|placeholder| placeholder.name.as_str());
                    // A number says nothing in a text of another order.
                    let name = name.filter(|name| name.contains(|c: char| c.is_alphabetic()));
                    name.map(|name| format!("${{{name}}}"))
                }
                (_, Some((low, high))) if low == high => Some(figure::shown(low)),
                (_, Some((low, high))) => Some(format!("{}–{}", figure::shown(low), figure::shown(high))),
                _ => None,
            };
            figures.extend(shown.filter(|shown| owed && !figures.contains(shown)));
        }
    }
    figures
}

fn in_part(template: &Template) -> Problem {
    let record = &template.record;
    Problem::error(
        "judged-in-part",
        Words::new(
            format!("the text of `{}` could be judged only in part: trying all phrases costs too much", record.id.text),
            format!("`{}` 的正文只能部分检查：逐一匹配短语的代价过大", record.id.text),
        ),
    )
    .at(record.body_span)
    .help(Words::new(
        "a message repeats few words; check that this is the body of one, or simplify the phrases of your policy",
        "正常短信很少反复重复同一批词；请确认这里确实是短信正文，或简化自定义策略中的短语",
    ))
}

/// The places of one finding: neighbours between which only line ends and indentation stand are one.
fn places(source: &Source, pieces: Vec<Span>) -> Vec<Span> {
    let mut places: Vec<Span> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match places.last_mut() {
            Some(last)
                if last.end <= piece.start && {
                    let between = source.text.get(last.end as usize..piece.start as usize).unwrap_or("x");
                    between.chars().all(|c| c.is_whitespace() || c == '\\')
                } =>
            {
                last.end = piece.end;
            }
            _ => places.push(piece),
        }
    }
    places
}

/// Where the metadata `name` is declared; the body, where the configuration declares it.
fn place_of_field(template: &Template, name: &str) -> Span {
    let declared = template.record.meta.fields.get(name).and_then(|field| field.span);
    declared.unwrap_or(template.record.body_span)
}

/// Where a signature field stands, with its text.
fn signature_field(template: &Template) -> Option<(Span, String)> {
    template.signatures.iter().find_map(|signature| match signature {
        Signature::Field { text, span } => {
            let place = span.unwrap_or(template.record.body_span);
            Some((place, text.clone()))
        }
        Signature::Inline { .. } => None,
    })
}

/// Fingerprints count equal findings of one template, so that each has its own.
fn number(policies: &PolicySet, findings: &mut [Finding]) {
    let mut seen: HashMap<(usize, String), usize> = HashMap::new();
    for finding in findings {
        let nth = seen.entry((finding.rule, finding.text.clone())).or_default();
        let rule = policies.rules.get(finding.rule).map_or("", |r| r.id.as_str());
        let id = finding.about.as_ref().map_or("", |a| &*a.id);
        finding.fingerprint = fingerprint(rule, &finding.path, id, &finding.text, *nth);
        *nth += 1;
    }
}

/// One hit a rule and place: hits of one rule that overlap are one hit over both. What is found on every path
/// has no condition; what is found on some keeps the conditions of the path with the fewest.
fn merge(found: Vec<(usize, Hit)>) -> Vec<(usize, Hit)> {
    let mut merged: Vec<(usize, Hit)> = Vec::with_capacity(found.len());
    for (rule, hit) in found {
        let known = merged.iter_mut().find(|(r, h)| *r == rule && joined(h.spot, hit.spot).is_some());
        let Some((_, known)) = known else {
            merged.push((rule, hit));
            continue;
        };
        known.spot = joined(known.spot, hit.spot).unwrap_or(known.spot);
        if hit.when.len() < known.when.len() {
            known.when = hit.when;
        }
        for note in hit.notes {
            if !known.notes.contains(&note) {
                known.notes.push(note);
            }
        }
    }
    merged
}

/// The spot over both, if they overlap.
fn joined(a: Spot, b: Spot) -> Option<Spot> {
    match (a, b) {
        (Spot::Body(a), Spot::Body(b)) => (a == b || a.overlaps(b)).then(|| Spot::Body(a.join(b))),
        (a, b) => (a == b).then_some(a),
    }
}

/// The value of a fact that holds or not.
fn yes_no(holds: bool) -> &'static str {
    if holds { "true" } else { "false" }
}

/// Declared and derived facts.
pub(crate) fn facts(
    template: &Template,
    given: &Circumstances,
    lang: Option<Lang>,
    jurisdiction: Option<&str>,
) -> Facts {
    let mut facts = Facts::default();
    let meta = &template.record.meta;
    for name in Facts::NAMES {
        let value = meta.fields.get(name).map(|d| &d.value).or_else(|| given.facts.get(name));
        match value {
            Some(Value::String(text)) if !text.is_empty() => facts.state(name, text.clone()),
            Some(Value::Bool(flag)) => facts.state(name, flag.to_string()),
            Some(Value::Number(number)) => facts.state(name, number.to_string()),
            _ => {}
        }
    }
    // Whom a message is sent through says whose form it has, unless that is declared.
    if facts.get("profile").is_none()
        && let Some(platform) = facts.get("platform").filter(|name| Profile::named(name).is_some())
    {
        facts.state("profile", platform.to_owned());
    }
    facts.state("dialect", template.dialect.name());
    facts.state("variables", yes_no(!template.placeholders().is_empty()));
    if let Some(lang) = lang {
        facts.state("lang", lang.name());
    }
    if let Some(jurisdiction) = jurisdiction {
        facts.state("jurisdiction", jurisdiction.to_owned());
    }
    if let Some(kind) = facts.get("kind").map(str::to_owned) {
        let demand = matches!(kind.as_str(), "pre_due" | "overdue" | "collection_harsh");
        facts.state("demand", yes_no(demand));
    }
    facts
}

/// The folded texts of a template: its paths, its variants, its signature field. `folded` is the only path,
/// where it is known.
fn views(template: &Template, folded: Option<Folded>, jurisdiction: Option<&str>) -> Vec<View> {
    let inline = template.signatures.iter().find_map(|s| match s {
        Signature::Inline { span, .. } => Some(*span),
        Signature::Field { .. } => None,
    });
    let view = |kind: ViewKind, folded: Folded, when: Vec<String>, feasible: bool| -> View {
        let clauses = Clauses::of(&folded);
        let entities = entities::find_in(&folded.text, jurisdiction);
        let signature = inline.and_then(|span| folded.of_body(span));
        let (money, days) = Default::default();
        View { kind, when, feasible, folded, clauses, entities, signature, money, days }
    };
    let placeholders = template.placeholders();
    let is_plain = placeholders.iter().all(|p| p.literals.is_empty() && p.default.is_none());
    let mut views: Vec<View> = match folded {
        Some(folded) if is_plain => vec![view(ViewKind::Path, folded, Vec::new(), true)],
        _ => {
            let role = |index: usize| placeholders.get(index).map(|p| (p.role, p.span)).unwrap_or_default();
            let fold = |path: &Path| fold::fold(&path.pieces, template.body(), role);
            let paths = template.paths();
            let variants = template.variants(&paths);
            let replaced = variants.into_iter().filter(|variant| !variant.replaced.is_empty());
            let plain = paths.worth_checking().into_iter().filter_map(|index| {
                let path = paths.list.get(index)?;
                let feasible = paths.feasible.contains(&index);
                Some(view(ViewKind::Path, fold(path), path.when.clone(), feasible))
            });
            plain
                .chain(
                    replaced
                        .map(|variant| view(ViewKind::Variant, fold(&variant.path), variant.path.when, true)),
                )
                .collect()
        }
    };
    views.extend(template.signatures.iter().filter_map(field_view));
    views
}

fn field_view(signature: &Signature) -> Option<View> {
    let Signature::Field { text, .. } = signature else { return None };
    let whole = Span::of(0, text.len());
    let folded = fold::fold(&[PathPiece::Text(whole)], text, |_| (Role::Unknown, whole));
    let clauses = Clauses::of(&folded);
    Some(View {
        kind: ViewKind::Signature,
        when: Vec::new(),
        feasible: true,
        folded,
        clauses,
        entities: Vec::new(),
        signature: None,
        money: OnceCell::new(),
        days: OnceCell::new(),
    })
}
