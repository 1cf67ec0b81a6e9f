//! From the characters of one placeholder to its name, number, type and default.
//!
//! Begin at [`PlaceholderReader::read`]. What stands in the placeholder besides its name is read by
//! [`super::expression`].

use super::ast::{LexError, Node, Placeholder};
use super::dialect::Dialect;
use super::escapes;
use super::expression::{self, Expression};
use super::formats::{self, Format};
use super::profiles::Profile;
use crate::source::Span;

/// Reads the placeholders of one body in order; it counts those that have no number of their own.
pub(super) struct PlaceholderReader<'a> {
    dialect: &'a Dialect,
    /// Placeholders seen that take the next value.
    implicit: u32,
}

impl<'a> PlaceholderReader<'a> {
    pub(super) fn new(dialect: &'a Dialect) -> Self {
        Self { dialect, implicit: 0 }
    }

    /// The node of the placeholder at `span`. One without a name, where the dialect needs one, is an error.
    pub(super) fn read(&mut self, text: &str, span: Span) -> Node {
        if let Some(sent) = literal(self.dialect, span.of_text(text)) {
            return Node::Escape { span, text: sent };
        }
        let placeholder = match self.dialect {
            Dialect::Printf => self.printf(text, span),
            Dialect::Dlt => dlt(text, span),
            Dialect::Mustache | Dialect::Handlebars => self.stash(text, span),
            Dialect::JavaMessageFormat
            | Dialect::PythonFormat
            | Dialect::Icu
            | Dialect::Fluent
            | Dialect::Velocity
            | Dialect::GoTemplate => self.format(text, span),
            _ => self.named(text, span),
        };
        match placeholder {
            Some(placeholder) => Node::Placeholder(placeholder),
            None => Node::Error { span, kind: LexError::MalformedPlaceholder },
        }
    }

    /// A placeholder whose inside is a format.
    fn format(&mut self, text: &str, span: Span) -> Option<Placeholder> {
        let Format { expression, declared_type } =
            formats::read(self.dialect, span.of_text(text), span.start)?;
        let Expression { name, default, literals, filters } = expression;
        let index = match name.as_str() {
            // The first `{}` of str.format takes the value 0.
            "" => Some(self.next() - 1),
            name => number(name),
        };
        let declared_type = declared_type.map(str::to_owned);
        Some(Placeholder {
            span,
            name,
            index,
            default,
            literals,
            filters,
            declared_type,
            ..Placeholder::default()
        })
    }

    /// A placeholder between two marks.
    fn named(&mut self, text: &str, span: Span) -> Option<Placeholder> {
        let (open, close) = marks(self.dialect);
        let whole = span.of_text(text);
        if let Some(call) = whole.strip_prefix("<@") {
            // A macro of FreeMarker: what it prints is not known here.
            let end = call.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(call.len());
            let name = call.get(..end).unwrap_or(call).to_owned();
            return Some(Placeholder { span, name, ..Placeholder::default() });
        }
        let opened = whole.strip_prefix(open).or_else(|| whole.strip_prefix("#{"));
        let mut inside = opened?.strip_suffix(close)?;
        let mut start = span.start + Span::of(0, open.len()).end;
        if matches!(self.dialect, Dialect::Jinja | Dialect::Liquid | Dialect::Braze) {
            let trimmed = inside.trim_start_matches(['-', '+']);
            start += Span::of(trimmed.len(), inside.len()).len();
            inside = trimmed.trim_end_matches(['-', '+']);
        }
        let Expression { name, default, literals, filters } = match self.dialect {
            Dialect::DollarBrace | Dialect::DoubleBrace | Dialect::Jinja => expression::read(inside, start),
            Dialect::Liquid | Dialect::Braze => expression::read_liquid(inside, start),
            Dialect::FreeMarker => expression::read_freemarker(inside, start),
            Dialect::Brace => Expression::name(without_format(inside)),
            _ => Expression::name(inside),
        };
        let mut placeholder = Placeholder {
            span,
            index: number(&name),
            name,
            default,
            literals,
            filters,
            ..Placeholder::default()
        };
        if placeholder.name.is_empty() {
            // `{}` takes the next value in order; other dialects have no such form.
            if *self.dialect != Dialect::Brace {
                return None;
            }
            placeholder.index = Some(self.next());
        }
        sized_name(&mut placeholder);
        Some(placeholder)
    }

    /// `{{a}}`, `{{{a}}}`, `{{& a}}`, `{{~ helper a "b" }}`.
    fn stash(&self, text: &str, span: Span) -> Option<Placeholder> {
        let whole = span.of_text(text);
        let inside = whole.trim_start_matches('{').trim_start_matches(['~', '&', '>', ' ']);
        let start = span.start + Span::of(inside.len(), whole.len()).len();
        let inside = inside.trim_end_matches('}').trim_end_matches('~');
        let Expression { name, default, literals, filters } = match self.dialect {
            Dialect::Handlebars => expression::read_call(inside, start),
            _ => Expression::name(inside),
        };
        let named = !name.is_empty();
        let index = number(&name);
        named.then(|| Placeholder { span, index, name, default, literals, filters, ..Placeholder::default() })
    }

    /// `%s`, `%2$d`, `%(name)s`.
    fn printf(&mut self, text: &str, span: Span) -> Option<Placeholder> {
        let whole = span.of_text(text).strip_prefix('%')?;
        let mut placeholder = Placeholder { span, ..Placeholder::default() };
        if let Some(key) = whole.strip_prefix('(') {
            let (name, _) = key.split_once(')')?;
            placeholder.name = name.to_owned();
        } else {
            let index = match whole.split_once('$') {
                Some((digits, _)) => number(digits)?,
                None => self.next(),
            };
            placeholder.index = Some(index);
            placeholder.name = index.to_string();
        }
        let date =
            whole.len() >= 2 && whole.get(whole.len() - 2..).is_some_and(|end| end.starts_with(['t', 'T']));
        placeholder.declared_type = match whole.chars().last() {
            _ if date => Some("date".to_owned()),
            Some('d' | 'i' | 'u' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G') => Some("number".to_owned()),
            _ => None,
        };
        Some(placeholder)
    }

    /// The number of the next placeholder without a number; the first is 1.
    fn next(&mut self) -> u32 {
        self.implicit = self.implicit.saturating_add(1);
        self.implicit
    }
}

/// The marks around a name, where they are always the same.
fn marks(dialect: &Dialect) -> (&str, &str) {
    match dialect {
        Dialect::DollarBrace => ("${", "}"),
        Dialect::Brace => ("{", "}"),
        Dialect::DoubleBrace => ("{{", "}}"),
        Dialect::Hash => ("#", "#"),
        Dialect::AtVar => ("@var(", ")"),
        Dialect::Dlt => ("{#", "#}"),
        Dialect::Custom(marks) => (&marks.open, &marks.close),
        Dialect::Jinja | Dialect::Liquid | Dialect::Braze => ("{{", "}}"),
        // Also `#{…}`, the old form.
        Dialect::FreeMarker => ("${", "}"),
        Dialect::Mustache
        | Dialect::Handlebars
        | Dialect::Printf
        | Dialect::Velocity
        | Dialect::GoTemplate
        | Dialect::JavaMessageFormat
        | Dialect::PythonFormat
        | Dialect::Icu
        | Dialect::Fluent
        | Dialect::None => ("", ""),
    }
}

/// The text of a placeholder that is nothing but a string literal.
fn literal(dialect: &Dialect, whole: &str) -> Option<String> {
    if !matches!(dialect, Dialect::Jinja | Dialect::Liquid | Dialect::Braze | Dialect::FreeMarker) {
        return None;
    }
    let (open, close) = marks(dialect);
    let inside = whole.strip_prefix(open)?.strip_suffix(close)?;
    let inside = if *dialect == Dialect::FreeMarker { inside } else { inside.trim_matches(['-', '+']) };
    escapes::literal(dialect, inside)
}

/// A tag of India's registered templates: its name is its type, which the profile of DLT knows.
fn dlt(text: &str, span: Span) -> Option<Placeholder> {
    let name = span.of_text(text).strip_prefix("{#")?.strip_suffix("#}")?;
    let known = Profile::named("dlt").and_then(|profile| profile.value_type(name));
    let declared_type = known.and_then(|value| value.is.clone());
    let max_length = known.and_then(|value| value.max);
    Some(Placeholder { span, name: name.to_owned(), declared_type, max_length, ..Placeholder::default() })
}

/// `TXT_20`, `NUM_6` (Huawei, JD): the name is a type and a largest length of 1–20 characters.
fn sized_name(placeholder: &mut Placeholder) {
    let Some((kind, digits)) = placeholder.name.split_once('_') else { return };
    let Some(length @ 1..=20) = number(digits) else { return };
    match kind {
        "NUM" => placeholder.declared_type = Some("number".to_owned()),
        "TXT" => {}
        _ => return,
    }
    placeholder.max_length = Some(length);
}

/// `1` of `1:N2` and `0,10` (.NET): a number goes before the format of its value.
fn without_format(inside: &str) -> &str {
    let head = inside.split([':', ',']).next().unwrap_or(inside);
    if number(head.trim()).is_some() { head } else { inside }
}

/// The value of a name of ASCII digits.
fn number(name: &str) -> Option<u32> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    name.parse().ok()
}
