//! The rules of content on rendered text, asked only where a value could add something.
//!
//! Begin at [`Content::look`]. A figure adds no word. A value whose characters belong to no word of any rule adds none
//! either, whatever it is; of other values only these words matter, so that what one rendered text gave is remembered
//! for all values with the same words in the same place (their [`shape`]).

use super::plan::{Piece, Plan, Way};
use crate::facts::{EntityKind, Role, entities};
use crate::judge::{Circumstances, Judge};
use crate::policy::PolicySet;
use crate::source::{ChosenBy, Mapped, Source, Span};
use crate::template::{Choice, Dialect, Lexer, Template};
use crate::text::{fold_text, fold_word};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// So many answers are remembered at most.
const REMEMBERED: usize = 20_000;
/// Values of so many characters are no sentences.
const SHORT: usize = 4;
/// So many bytes of a value are looked at for being short and plain.
const PLAIN: usize = 6;

/// Families of rules that are asked: those about what is said. What is asked of templates as such (that sums are
/// variables, that a channel is named) does not depend on a value.
const FAMILIES: [&str; 8] =
    ["threat", "authority", "disclosure", "privacy", "exaggeration", "informal", "obfuscation", "channel"];

/// What rules say about a rendered text: the rule, the variable, and the place of its placeholder.
pub type Answer = Vec<(usize, usize, Span)>;

/// Asks rules about rendered texts.
#[derive(Debug)]
pub struct Content<'a> {
    policies: &'a PolicySet,
    circumstances: &'a Circumstances,
    source: &'a Source,
    /// What the template says by itself: rule and place.
    known: Vec<Vec<(usize, Span)>>,
    answers: HashMap<String, Rc<Answer>>,
    /// The shapes of values seen lately.
    shapes: HashMap<(usize, usize, String), Rc<str>>,
    lexer: Lexer,
}

impl<'a> Content<'a> {
    /// Asks `policies` about the messages of `plans`.
    pub fn new(
        policies: &'a PolicySet,
        circumstances: &'a Circumstances,
        source: &'a Source,
        plans: &[Plan],
    ) -> Self {
        let judge = Judge { policies, circumstances, host: "plain", fingerprints: false };
        let known = plans
            .iter()
            .map(|plan| {
                let found = judge.judge(source, &mut plan.template.clone()).findings;
                found.into_iter().map(|finding| (finding.rule, finding.primary)).collect()
            })
            .collect();
        Self {
            policies,
            circumstances,
            source,
            known,
            answers: HashMap::new(),
            shapes: HashMap::new(),
            lexer: Lexer::default(),
        }
    }

    /// What the values of a row add to the message of `way`. `values` are by the number of the variable.
    pub fn look(
        &mut self,
        number: usize,
        plan: &Plan,
        nth: usize,
        way: &Way,
        values: &[Option<&str>],
    ) -> Option<Rc<Answer>> {
        let mut key = String::new();
        let mut speaking = Vec::new();
        for variable in &way.used {
            let Some(value) = values.get(*variable).copied().flatten() else { continue };
            let role = plan.variables.get(*variable).map_or(Role::Unknown, |v| v.role);
            if is_plain(role, value) {
                continue;
            }
            let shape = self.shape(number, plan, way, *variable, value);
            if !shape.is_empty() {
                key.push_str(&variable.to_string());
                key.push('\u{1}');
                key.push_str(&shape);
                key.push('\u{2}');
                speaking.push(*variable);
            }
        }
        if speaking.is_empty() {
            return None;
        }
        key.push_str(&format!("{number}/{nth}"));
        if let Some(answer) = self.answers.get(&key) {
            return Some(Rc::clone(answer));
        }
        let answer = Rc::new(self.judge(number, plan, way, values, &speaking));
        if self.answers.len() >= REMEMBERED {
            self.answers.clear();
        }
        self.answers.insert(key, Rc::clone(&answer));
        Some(answer)
    }

    /// The words of a value where it stands in the message; empty when it has none.
    fn shape(&mut self, number: usize, plan: &Plan, way: &Way, variable: usize, value: &str) -> Rc<str> {
        let key = (number, variable, value.to_owned());
        if let Some(shape) = self.shapes.get(&key) {
            return Rc::clone(shape);
        }
        let shape: Rc<str> = shape(self.policies, plan, way, variable, value).into();
        if self.shapes.len() >= REMEMBERED {
            self.shapes.clear();
        }
        self.shapes.insert(key, Rc::clone(&shape));
        shape
    }

    fn judge(
        &mut self,
        number: usize,
        plan: &Plan,
        way: &Way,
        values: &[Option<&str>],
        speaking: &[usize],
    ) -> Answer {
        let mut body = Mapped::new();
        // Where each placeholder is rendered: in the text, its variable, and its place in the source.
        let mut slots: Vec<(Span, usize, Span)> = Vec::new();
        let placeholders = plan.template.placeholders();
        for piece in &way.pieces {
            match piece {
                Piece::Text(text, span) => body.copy(text, span.start),
                Piece::Escape(text, span) => body.escape(text, *span),
                Piece::Slot(index) => {
                    let (Some(placeholder), Some(variable)) =
                        (placeholders.get(*index), plan.slots.get(*index))
                    else {
                        continue;
                    };
                    let start = body.text.len();
                    body.escape(values.get(*variable).copied().flatten().unwrap_or(""), placeholder.span);
                    let place = plan.template.source_span(placeholder.span);
                    slots.push((Span::of(start, body.text.len()), *variable, place));
                }
            }
        }
        let mut record = plan.template.record.clone();
        record.body = record.body.then(body);
        ["vars", "defaults", "params", "arguments"].into_iter().for_each(|name| {
            record.meta.fields.remove(name);
        });
        let choice = Choice { dialect: Dialect::None, by: ChosenBy::Option };
        let mut rendered = Template::parse(record, choice, &mut self.lexer, &mut Vec::new());
        let judge = Judge {
            policies: self.policies,
            circumstances: self.circumstances,
            host: "plain",
            fingerprints: false,
        };
        let found = judge.judge(self.source, &mut rendered).findings;
        let known = self.known.get(number).map_or(&[][..], Vec::as_slice);
        let mut answer = Answer::new();
        for finding in found {
            let family = self.policies.rules.get(finding.rule).map_or("", |rule| rule.family());
            let told =
                known.iter().any(|(rule, place)| *rule == finding.rule && place.overlaps(finding.primary));
            if told || !FAMILIES.contains(&family) {
                continue;
            }
            let through = slots
                .iter()
                .find(|(_, variable, place)| speaking.contains(variable) && place.overlaps(finding.primary));
            if let Some((_, variable, place)) = through {
                answer.push((finding.rule, *variable, *place));
            }
        }
        answer.dedup();
        answer
    }
}

/// Whether a value is a figure, a date or the like, that can be no word. A long run of digits may be the number of a
/// person, and is not plain unless the text expects a sum.
fn is_plain(role: Role, value: &str) -> bool {
    let expected = matches!(role, Role::Amount | Role::Days | Role::Date);
    let mut digits = 0;
    for byte in value.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' | b',' | b'-' | b'/' | b':' | b' ' => {}
            _ => return value.is_empty() || expected && is_date(value),
        }
    }
    expected || digits <= PLAIN
}

/// Digits with 年月日元 between them.
fn is_date(value: &str) -> bool {
    value.chars().all(|c| {
        c.is_ascii_digit()
            || matches!(c, '年' | '月' | '日' | '号' | '元' | '.' | ',' | '-' | '/' | '¥' | '￥')
    })
}

/// The characters of a value that belong to words, in the message around it; every other one is □. A value of digits
/// or a link is told by its kind.
fn shape(policies: &PolicySet, plan: &Plan, way: &Way, variable: usize, value: &str) -> String {
    if value.is_ascii() && value.bytes().any(|b| b.is_ascii_digit() || b == b'.') {
        let folded = fold_word(value);
        let kinds: Vec<Cow<'static, str>> = entities::find(&folded)
            .into_iter()
            .filter_map(|entity| {
                Some(match entity.kind {
                    EntityKind::Url { host, https } => format!("url {host} {https:?}").into(),
                    EntityKind::ServicePhone => "service".into(),
                    EntityKind::MobilePhone => "mobile".into(),
                    EntityKind::IdNumber => "id".into(),
                    EntityKind::Card => "card".into(),
                    _ => return None,
                })
            })
            .collect();
        if !kinds.is_empty() || value.bytes().all(|b| !b.is_ascii_alphabetic()) {
            return kinds.join(" ");
        }
    }
    let (before, after) = around(plan, way, variable);
    let folded = fold_text(&format!("{before}{value}{after}"));
    let own = Span::of(before.len(), before.len() + value.len());
    let Some(own) = folded.of_body(own) else { return String::new() };
    let mut covered = vec![false; own.len() as usize];
    // Half the characters of names are words too (高, 明): so short a value speaks only with a word of two.
    let short = value.chars().nth(SHORT).is_none();
    policies.words(&folded.text, |range| {
        let word = folded.text.get(range.clone()).unwrap_or("");
        if short && word.chars().nth(1).is_none() {
            return;
        }
        // A word of the template alone is none of the value.
        for at in range.start.max(own.start as usize)..range.end.min(own.end as usize) {
            if let Some(mark) = covered.get_mut(at - own.start as usize) {
                *mark = true;
            }
        }
    });
    let hidden = !folded.hidden_in(own).is_empty();
    if !hidden && !covered.contains(&true) {
        return String::new();
    }
    let text = own.of_text(&folded.text);
    let shown = |(at, c): (usize, char)| if covered.get(at) == Some(&true) { c } else { '□' };
    text.char_indices().map(shown).chain(hidden.then_some('\u{3}')).collect()
}

/// Up to four characters of the template on each side of a variable.
fn around<'w>(plan: &Plan, way: &'w Way, variable: usize) -> (&'w str, &'w str) {
    let is_it =
        |piece: &Piece| matches!(piece, Piece::Slot(index) if plan.slots.get(*index) == Some(&variable));
    let Some(at) = way.pieces.iter().position(is_it) else { return ("", "") };
    let text = |piece: Option<&'w Piece>| match piece {
        Some(Piece::Text(text, _) | Piece::Escape(text, _)) => text.as_str(),
        _ => "",
    };
    let before = text(at.checked_sub(1).and_then(|at| way.pieces.get(at)));
    let after = text(way.pieces.get(at + 1));
    let start = before.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    let end = after.char_indices().nth(4).map_or(after.len(), |(at, _)| at);
    (before.get(start..).unwrap_or(""), after.get(..end).unwrap_or(""))
}
