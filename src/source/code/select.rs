//! Which values of a program are messages: those a `[[source]]` names, or those that are recognised.
//!
//! Begin at [`Selection::add`]; [`Selection::records`] makes records of what was selected.

use super::declared::{Kind, Named};
use super::recognise::{self, Place};
use super::value::{Member, Text, Val, What, Why};
use crate::problem::Problem;
use crate::source::declare::{self, Body};
use crate::source::document::{Entry, Map, Node, Value};
use crate::source::fields::Known;
use crate::source::{ChosenBy, Id, Meta, Record, SourceSpec, Span};
use crate::words::Words;
use globset::{GlobBuilder, GlobMatcher};
use std::collections::{HashMap, HashSet};

/// What decides.
pub(super) enum Wanted {
    /// Names that match the configured `key`.
    Key {
        glob: Box<GlobMatcher>,
        /// Whether the glob says nothing (`*`), so that only constants are meant.
        any: bool,
    },
    /// All constants: a `[[source]]` names the format, and no key.
    Constants,
    /// Nobody said anything.
    Recognised,
}

impl Wanted {
    pub(super) fn of(spec: &SourceSpec) -> Self {
        let pattern = spec.key.as_deref();
        let glob = pattern.and_then(|key| GlobBuilder::new(key).literal_separator(false).build().ok());
        match (glob, &spec.host) {
            (Some(glob), _) => {
                let any = pattern.is_some_and(|key| key.chars().all(|c| c == '*'));
                Self::Key { glob: Box::new(glob.compile_matcher()), any }
            }
            (None, Some(_)) => Self::Constants,
            (None, None) => Self::Recognised,
        }
    }
}

/// One value that may be a message.
struct Candidate<'v> {
    own: String,
    around: Vec<String>,
    kind: Kind,
    value: &'v Val,
    /// The id beside it, when it stands in a record of its own.
    id: Option<Id>,
}

/// A message that was selected.
struct Selected {
    id: Id,
    /// The id with the name around it, for those that share their id.
    full: String,
    span: Span,
    text: Text,
}

/// What was selected so far.
pub(super) struct Selection<'a> {
    spec: &'a SourceSpec,
    wanted: Wanted,
    source: &'a str,
    selected: Vec<Selected>,
    pub(super) problems: Vec<Problem>,
    taken: HashSet<Span>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(spec: &'a SourceSpec, wanted: Wanted, source: &'a str) -> Self {
        Self { spec, wanted, source, selected: Vec::new(), problems: Vec::new(), taken: HashSet::new() }
    }

    /// Selects from the value of a name. `base` is where the text of the file starts.
    pub(super) fn add(&mut self, named: &Named<'_>, value: &Val, base: u32) {
        let mut candidates = Vec::new();
        spread(named, value, &mut candidates);
        if named.kind == Kind::Sent || named.kind == Kind::Element {
            // Of several arguments the wording is the longest.
            let length = |c: &Candidate<'_>| match &c.value.what {
                What::Text(text) => text.mapped.text.len() + 1,
                _ => 0,
            };
            let longest = candidates.into_iter().rev().max_by_key(length);
            candidates = longest
                .into_iter()
                .filter(|c| matches!(c.value.what, What::Text(_)) || named.kind == Kind::Element)
                .collect();
        }
        for candidate in candidates {
            self.take(candidate, base);
        }
    }

    fn take(&mut self, candidate: Candidate<'_>, base: u32) {
        let wanted = self.wants(&candidate);
        match &candidate.value.what {
            What::Text(text) if wanted => self.text(&candidate, text),
            What::Dynamic(why) if wanted && self.may_be_text(&candidate, base) => {
                self.problems.push(unread(*why, candidate.value.span));
            }
            _ => {}
        }
    }

    fn text(&mut self, candidate: &Candidate<'_>, text: &Text) {
        let span = candidate.value.span;
        if text.interpolated && self.spec.dialect.is_some() {
            self.problems.push(interpolated(span));
            return;
        }
        let literal: usize = text.mapped.holes().map(|hole| hole.len() as usize).sum();
        if literal == text.mapped.text.len() && literal > 0 {
            self.problems.push(unread(Why::Computed, span));
            return;
        }
        if !self.taken.insert(span) {
            return;
        }
        self.problems.extend(text.bad.iter().map(|place| bad_escape(*place)));
        self.problems.extend(text.choices.iter().map(|place| choice(*place)));
        let id = candidate.id.clone().unwrap_or_else(|| Id { text: candidate.own.clone(), span: None });
        let around = candidate.around.last().map_or("", String::as_str);
        let full = if around.is_empty() { id.text.clone() } else { format!("{around}.{}", id.text) };
        self.selected.push(Selected { id, full, span, text: text.clone() });
    }

    fn wants(&self, candidate: &Candidate<'_>) -> bool {
        let constant = matches!(candidate.kind, Kind::Constant | Kind::Element);
        match &self.wanted {
            Wanted::Constants => constant,
            Wanted::Key { any: true, .. } => constant,
            Wanted::Key { glob, .. } => {
                let plain = candidate.own.split('[').next().unwrap_or("");
                let mut name = candidate.own.clone();
                let full = candidate.around.iter().rev().any(|around| {
                    name = format!("{around}.{name}");
                    glob.is_match(&name) || (candidate.id.is_some() && glob.is_match(around))
                });
                full || glob.is_match(&candidate.own)
                    || glob.is_match(plain)
                    || candidate.id.as_ref().is_some_and(|id| glob.is_match(&id.text))
            }
            Wanted::Recognised => {
                let place = Place { own: &candidate.own, around: &candidate.around, kind: candidate.kind };
                match &candidate.value.what {
                    What::Text(text) => recognise::is_template(&place, text),
                    _ => recognise::is_promising(&place),
                }
            }
        }
    }

    /// Whether a computed value deserves a word: a constant that was named in the configuration, or an expression
    /// in which a text is written out.
    fn may_be_text(&self, candidate: &Candidate<'_>, base: u32) -> bool {
        let span = candidate.value.span;
        let written =
            Span::new(span.start.saturating_sub(base), span.end.saturating_sub(base)).of_text(self.source);
        let quoted = written.contains(['"', '\'', '`']);
        match &self.wanted {
            Wanted::Key { any: false, .. } => quoted || candidate.kind == Kind::Constant,
            Wanted::Key { .. } | Wanted::Constants | Wanted::Recognised => {
                quoted && recognise::is_sentence(written.trim_start_matches(['[', '{', '(']))
            }
        }
    }

    /// How many were selected.
    pub(super) fn len(&self) -> usize {
        self.selected.len()
    }

    /// The records, in the order of the file. `signature` is the constant that holds it.
    pub(super) fn records(self, signature: Option<(String, Span)>) -> (Vec<Record>, Vec<Problem>) {
        let Self { spec, mut selected, problems, .. } = self;
        let own: HashSet<Option<Span>> =
            selected.iter().filter(|s| !s.text.referred).map(|s| s.text.mapped.extent()).collect();
        // A second name for a text that is read under its first is no second message.
        selected.retain(|s| !s.text.referred || !own.contains(&s.text.mapped.extent()));
        selected.sort_by_key(|s| s.span.start);
        let mut counts: HashMap<String, usize> = HashMap::new();
        for one in &selected {
            *counts.entry(one.id.text.clone()).or_default() += 1;
        }
        let mut records = Vec::with_capacity(selected.len());
        for one in selected {
            let mut id = one.id;
            if counts.get(&id.text).is_some_and(|count| *count > 1) {
                id.text = one.full;
            }
            let mut meta = Meta::default();
            if let Some((text, place)) = &signature {
                meta.declare("signature", text.as_str().into(), Some(*place));
            }
            records.push(record(id, one.span, one.text, meta, spec));
        }
        (records, problems)
    }
}

/// A record of a text.
fn record(id: Id, span: Span, text: Text, mut meta: Meta, spec: &SourceSpec) -> Record {
    let dialect = dialect(&text, &mut meta);
    let body = Body { mapped: text.mapped, span };
    let mut record = declare::finish(id, body, meta, spec);
    if dialect && record.dialect_chosen_by == Some(ChosenBy::Record) {
        record.dialect_chosen_by = Some(ChosenBy::Host);
    }
    record
}

/// Declares what the program itself says about the placeholders of a text; whether that is their language.
pub(super) fn dialect(text: &Text, meta: &mut Meta) -> bool {
    if meta.text("dialect").is_some() {
        return false;
    }
    if let Some(format) = &text.format {
        meta.declare("arguments", format.arguments.clone(), None);
        meta.declare("dialect", format.dialect.into(), None);
        return true;
    }
    let mut rest = text.mapped.text.clone();
    let holes: Vec<Span> = text.mapped.holes().collect();
    for hole in holes.iter().rev() {
        if rest.get(hole.range()).is_some() {
            rest.replace_range(hole.range(), "");
        }
    }
    // Where all that is filled in are expressions, nothing else is a placeholder.
    let only = !holes.is_empty() && (text.interpolated || !rest.contains(['{', '%', '#', '$']));
    if only {
        meta.declare("dialect", "none".into(), None);
    }
    only
}

/// The values inside a value that may be messages, with their names.
fn spread<'v>(named: &Named<'_>, value: &'v Val, found: &mut Vec<Candidate<'v>>) {
    let mut open = vec![(named.name.clone(), named.within.to_vec(), value)];
    while let Some((own, around, value)) = open.pop() {
        match &value.what {
            What::List(list) => {
                for (i, value) in list.iter().enumerate().rev() {
                    let name = if named.kind == Kind::Element { own.clone() } else { format!("{own}[{i}]") };
                    open.push((name, around.clone(), value));
                }
            }
            What::Map(members) => {
                let name = own.split('[').next().unwrap_or("").to_owned();
                let around: Vec<String> =
                    around.into_iter().chain([name]).filter(|name| !name.is_empty()).collect();
                if let Some((id, member)) = group(members) {
                    let (own, value) = (member.name.clone(), &member.value);
                    found.push(Candidate { own, around, kind: named.kind, value, id: Some(id) });
                    continue;
                }
                open.extend(members.iter().rev().map(|m| (m.name.clone(), around.clone(), &m.value)));
            }
            _ => found.push(Candidate { own, around, kind: named.kind, value, id: None }),
        }
    }
}

/// The id and the wording of a map that holds both.
fn group(members: &[Member]) -> Option<(Id, &Member)> {
    let node = map(members);
    let known = Known::of(node.as_map()?);
    let (body, id) = (known.body?, known.id?);
    let member = members.iter().rev().find(|member| *member.name == *body.key)?;
    let id = Id { text: id.value.as_text()?.to_owned(), span: Some(id.value.span) };
    Some((id, member))
}

/// A value as the other hosts know it.
pub(super) fn node(value: &Val) -> Node {
    let inner = match &value.what {
        What::Text(text) => Value::String(text.mapped.clone()),
        What::Number(digits) => Value::Number(digits.clone()),
        What::List(list) => Value::List(list.iter().map(node).collect()),
        What::Map(members) => return Node { span: value.span, ..map(members) },
        What::Dynamic(_) => Value::Unread,
    };
    Node::new(value.span, inner)
}

fn map(members: &[Member]) -> Node {
    let entry = |member: &Member| Entry {
        key: member.name.as_str().into(),
        key_span: member.place,
        value: node(&member.value),
    };
    let entries = members.iter().map(entry).collect();
    Node::new(Span::default(), Value::Map(Map { entries, broken: false }))
}

fn unread(why: Why, at: Span) -> Problem {
    let (en, zh) = match why {
        Why::Computed => {
            ("this text is computed by the program and was not read", "此文本由程序运算得出，未能读取")
        }
        Why::Circular => ("this text refers to itself and was not read", "此文本引用了自身，未能读取"),
        Why::TooLarge => {
            ("this text is too long or too deeply nested to be read", "此文本过长或嵌套过深，未能读取")
        }
    };
    Problem::note("dynamic-text", Words::new(en, zh)).at(at)
}

fn interpolated(at: Span) -> Problem {
    let words = Words::new(
        "expressions stand inside this text, so it is not written in the configured dialect and was not read",
        "此文本中含有程序表达式，不属于所配置的方言，未读取",
    );
    Problem::note("dynamic-text", words).at(at).help(Words::new(
        "without `dialect` in its [[source]] its expressions are read as placeholders",
        "在 [[source]] 中去掉 `dialect`，其中的表达式即按占位符读取",
    ))
}

fn choice(at: Span) -> Problem {
    let words = Words::new(
        "the texts inside this expression are not read; it is taken as a placeholder",
        "此表达式中的文本未读取，整个表达式按占位符处理",
    );
    Problem::note("dynamic-part", words).at(at)
}

fn bad_escape(at: Span) -> Problem {
    Problem::error("code-escape", Words::new("this escape cannot be read", "无法识别此转义")).at(at)
}
