//! The insides of placeholders that are formats rather than expressions: MessageFormat, str.format, ICU,
//! Fluent, Velocity, Go.
//!
//! Begin at [`read`].

use super::dialect::Dialect;
use super::expression::{self, Expression};
use crate::source::Span;

/// What a format says about a placeholder.
#[derive(Debug, Default)]
pub(super) struct Format {
    /// Its name and what may be sent instead of its value.
    pub(super) expression: Expression,
    /// The word for its type, if the format says one.
    pub(super) declared_type: Option<&'static str>,
}

/// Reads the placeholder `whole`, which starts at byte `start` of the body. `None` when it has no name.
pub(super) fn read(dialect: &Dialect, whole: &str, start: u32) -> Option<Format> {
    match dialect {
        Dialect::JavaMessageFormat => message_format(whole, start),
        Dialect::Icu => icu(whole),
        Dialect::PythonFormat => python(whole),
        Dialect::Fluent => fluent(whole),
        Dialect::Velocity => velocity(whole, start),
        _ => go(whole, start),
    }
}

fn named(name: &str) -> Expression {
    Expression::name(name)
}

/// `{0}`, `{1,number,#,##0.00}`, `{2,choice,0#none|1#one}`. A name that is no number is refused, as Java does.
fn message_format(whole: &str, start: u32) -> Option<Format> {
    let inside = whole.strip_prefix('{')?.strip_suffix('}')?;
    let (index, format) = inside.split_once(',').unwrap_or((inside, ""));
    let index = index.trim();
    if index.is_empty() || !index.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (kind, style) = format.split_once(',').unwrap_or((format, ""));
    let declared_type = match kind.trim() {
        "number" => Some("number"),
        "date" | "time" => Some("date"),
        "" | "choice" => None,
        _ => return None,
    };
    let mut expression = named(index);
    if kind.trim() == "choice" {
        let at = whole.len() - 1 - style.len();
        expression.literals =
            choices(style).into_iter().map(|span| span.shift(Span::of(0, at).end + start)).collect();
    }
    Some(Format { expression, declared_type })
}

/// The texts of a `choice`: what stands behind the sign of each limit (`0#none|1#one|1<many`).
fn choices(style: &str) -> Vec<Span> {
    let mut texts = Vec::new();
    let mut at = 0;
    for piece in style.split('|') {
        if let Some(sign) = piece.find(['#', '<', '≤']) {
            let width = piece.get(sign..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            let from = at + sign + width;
            if from < at + piece.len() {
                texts.push(Span::of(from, at + piece.len()));
            }
        }
        at += piece.len() + 1;
    }
    texts
}

/// `{name}`, `{n, number, ::currency/USD}`, and the `#` of a plural.
fn icu(whole: &str) -> Option<Format> {
    if whole == "#" {
        return Some(Format { expression: named("#"), declared_type: Some("number") });
    }
    let inside = whole.strip_prefix('{')?.strip_suffix('}')?;
    let mut parts = inside.splitn(3, ',').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let declared_type = match parts.next() {
        Some("number" | "spellout" | "ordinal" | "duration") => Some("number"),
        Some("date" | "time") => Some("date"),
        _ => None,
    };
    Some(Format { expression: named(name), declared_type })
}

/// `{a.b[c]!r:,.2f}`; `{}` has no name and takes the next value.
fn python(whole: &str) -> Option<Format> {
    let inside = whole.strip_prefix('{')?.strip_suffix('}')?;
    let mut bracket = false;
    let end = inside.find(|c: char| {
        bracket = if bracket { c != ']' } else { c == '[' };
        !bracket && matches!(c, '!' | ':')
    });
    let (name, rest) = inside.split_at_checked(end.unwrap_or(inside.len()))?;
    let (_, spec) = rest.split_once(':').unwrap_or(("", ""));
    let declared_type = match spec.chars().last() {
        _ if ["%Y", "%y", "%m", "%d", "%H"].iter().any(|mark| spec.contains(mark)) => Some("date"),
        Some('d' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => Some("number"),
        _ => None,
    };
    Some(Format { expression: named(name), declared_type })
}

/// `{ $name }`, `{ -brand }`, `{ NUMBER($amount, minimumFractionDigits: 2) }`.
fn fluent(whole: &str) -> Option<Format> {
    let inside = whole.strip_prefix('{')?.strip_suffix('}')?.trim();
    let name = fluent_name(inside);
    let declared_type = match inside.split_once('(').map(|(function, _)| function.trim()) {
        Some("NUMBER") => Some("number"),
        Some("DATETIME") => Some("date"),
        _ => None,
    };
    (!name.is_empty()).then(|| Format { expression: named(name), declared_type })
}

/// The value that an inline expression of Fluent is about: the variable in it, else what is called.
pub(super) fn fluent_name(inline: &str) -> &str {
    let (callee, arguments) = inline.split_once('(').unwrap_or((inline, ""));
    let callee = callee.trim();
    // The arguments of a term only choose its form.
    if callee.starts_with('-') {
        return callee;
    }
    let variable = |text: &'_ str| text.find('$').map(|at| at + 1);
    if let Some(at) = variable(arguments) {
        let rest = arguments.get(at..).unwrap_or("");
        let end =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(rest.len());
        return rest.get(..end).unwrap_or(rest);
    }
    callee.strip_prefix('$').unwrap_or(callee)
}

/// `$a`, `$!{a.b}`, `${a|'x'}`.
fn velocity(whole: &str, start: u32) -> Option<Format> {
    let marked = whole.strip_prefix('$')?;
    let marked = marked.strip_prefix('!').unwrap_or(marked);
    let (inside, close) = match marked.strip_prefix('{') {
        Some(rest) => (rest.strip_suffix('}')?, 1),
        None => (marked, 0),
    };
    let at = Span::of(0, whole.len() - inside.len() - close).end;
    let mut expression = expression::read(inside, start + at);
    let (name, _) = inside.split_once('|').unwrap_or((inside, ""));
    expression.name = name.trim().to_owned();
    Some(Format { expression, declared_type: None })
}

/// `.A.B | printf "%.2f"`, `or .A "x"`, `template "x" .`, with its marks.
fn go(whole: &str, start: u32) -> Option<Format> {
    let marked = whole.strip_prefix("{{")?.strip_suffix("}}")?;
    let trimmed = marked.trim_start_matches('-');
    let at = Span::of(0, 2 + marked.len() - trimmed.len()).end;
    let inside = trimmed.trim_end_matches('-');
    let mut expression = expression::read_pipeline(inside, start + at);
    let field = expression.name.strip_prefix("$.").or_else(|| expression.name.strip_prefix('.'));
    if let Some(name) = field.filter(|name| !name.is_empty()) {
        expression.name = name.to_owned();
    }
    (!expression.name.is_empty()).then_some(Format { expression, declared_type: None })
}
