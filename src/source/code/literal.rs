//! One string literal: its inside, the expressions in it, its indentation, its escapes.
//!
//! Begin at [`read`].

use super::escape::{Escapes, unescape};
use super::hole;
use super::lines::{self, Margin};
use super::syntax::{Syntax, children, text};
use crate::source::{Mapped, Span};
use tree_sitter::Node;

/// A literal that was read.
pub(super) struct Literal {
    /// Its text.
    pub(super) mapped: Mapped,
    /// Its inside, between the quotes (text blocks: from the start of their first line).
    pub(super) span: Span,
    /// Whether expressions stand in it.
    pub(super) interpolated: bool,
    /// Escapes that could not be read.
    pub(super) bad: Vec<Span>,
}

/// How a literal is written.
struct Form {
    /// Bytes of the source, between the quotes.
    inside: std::ops::Range<usize>,
    escapes: Escapes,
    margin: Margin,
}

/// The inside of a literal as it stands, before its indentation and escapes are undone.
struct Raw {
    mapped: Mapped,
    span: Span,
}

/// Reads the literal `node`. `None` when it is no text (bytes in Python).
pub(super) fn read(syntax: Syntax, node: Node<'_>, source: &str, base: u32) -> Option<Literal> {
    let form = form(syntax, node, source)?;
    let raw = raw(syntax, node, &form, source, base);
    let raw = Raw { mapped: form.margin.apply(raw.mapped), ..raw };
    let unescaped = unescape(&raw.mapped, form.escapes);
    let interpolated = unescaped.mapped.holes().next().is_some();
    Some(Literal { mapped: unescaped.mapped, span: raw.span, interpolated, bad: unescaped.bad })
}

fn form(syntax: Syntax, node: Node<'_>, source: &str) -> Option<Form> {
    let whole = text(node, source);
    let range = node.byte_range();
    let (open, close) = quotes(node, source);
    let inside = (range.start + open)..(range.end - close).max(range.start + open);
    let plain = |escapes| Some(Form { inside: inside.clone(), escapes, margin: Margin::None });
    match (syntax, node.kind()) {
        (Syntax::Java, _) if whole.starts_with("\"\"\"") => {
            let skipped = source.get(inside.clone())?.find('\n').map_or(0, |at| at + 1);
            let inside = (inside.start + skipped)..inside.end;
            Some(Form { inside, escapes: Escapes::Java, margin: Margin::Block })
        }
        (Syntax::Java, _) => plain(Escapes::Java),
        (Syntax::Kotlin, "multiline_string_literal") => plain(Escapes::KotlinRaw),
        (Syntax::Kotlin, _) => plain(Escapes::Kotlin),
        (Syntax::Ts | Syntax::Tsx, _) => plain(Escapes::Script),
        (Syntax::Python, _) => {
            let prefix = whole.split(['"', '\'']).next().unwrap_or("").to_ascii_lowercase();
            let raw = prefix.contains('r');
            match (prefix.contains('b'), prefix.contains(['f', 't']), raw) {
                (true, ..) => None,
                (_, true, _) => plain(Escapes::PythonFormat),
                (_, _, true) => plain(Escapes::Raw),
                _ => plain(Escapes::Python),
            }
        }
        (Syntax::Go, "raw_string_literal") => plain(Escapes::Raw),
        (Syntax::Go, _) => plain(Escapes::Go),
        (Syntax::Php, kind @ ("heredoc" | "nowdoc")) => here(node, source, kind == "heredoc"),
        (Syntax::Php, "encapsed_string") => plain(Escapes::PhpDouble),
        (Syntax::Php, _) => plain(Escapes::PhpSingle),
        (Syntax::CSharp, kind) => sharp(whole, kind, inside, source),
    }
}

/// The forms of C#.
fn sharp(whole: &str, kind: &str, inside: std::ops::Range<usize>, source: &str) -> Option<Form> {
    let signs = whole.split('"').next().unwrap_or("");
    let raw = whole.get(signs.len()..).is_some_and(|rest| rest.starts_with("\"\"\""));
    if kind == "raw_string_literal" || (raw && !signs.contains('@')) {
        let content = source.get(inside.clone())?;
        let margin = if content.contains('\n') { Margin::Closing } else { Margin::None };
        let first = content.find('\n').map_or(0, |at| at + 1);
        return Some(Form { inside: (inside.start + first)..inside.end, escapes: Escapes::Raw, margin });
    }
    let escapes = match (signs.contains('@'), signs.contains('$')) {
        (true, true) => Escapes::VerbatimFormat,
        (true, false) => Escapes::Verbatim,
        (false, true) => Escapes::CSharpFormat,
        (false, false) => Escapes::CSharp,
    };
    Some(Form { inside, escapes, margin: Margin::None })
}

/// A heredoc of PHP: the lines between the names, without the indentation of the second.
fn here(node: Node<'_>, source: &str, escapes: bool) -> Option<Form> {
    let name = node.child_by_field_name("identifier")?;
    let end = node.child_by_field_name("end_tag")?;
    let start = name.end_byte() + source.get(name.end_byte()..end.start_byte())?.find('\n')? + 1;
    let content = source.get(start..end.start_byte()).unwrap_or("");
    let indent = content.len() - content.trim_end_matches([' ', '\t']).len();
    let content = content.get(..content.len() - indent)?;
    let content = content.strip_suffix('\n').unwrap_or(content);
    let content = content.strip_suffix('\r').unwrap_or(content);
    let escapes = if escapes { Escapes::PhpHeredoc } else { Escapes::Raw };
    Some(Form { inside: start..start + content.len(), escapes, margin: Margin::Columns(indent) })
}

/// Bytes of the opening and closing marks.
fn quotes(node: Node<'_>, source: &str) -> (usize, usize) {
    let whole = text(node, source);
    let signs =
        whole.len() - whole.trim_start_matches(|c: char| c.is_ascii_alphabetic() || "$@".contains(c)).len();
    let rest = whole.get(signs..).unwrap_or("");
    let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { return (0, 0) };
    let run = rest.len() - rest.trim_start_matches(quote).len();
    let verbatim = whole.get(..signs).is_some_and(|signs| signs.contains('@'));
    // Three or more quotes are one mark; two are an empty text.
    let open = if run >= 3 && quote != '`' && !verbatim { run } else { 1 };
    // A literal that is only quotes, like `""""""`: half of them.
    let open = if open == rest.len() { open / 2 } else { open };
    // Kotlin's and Python's three quotes may be followed by more that belong to the text.
    let raw = matches!(node.kind(), "raw_string_literal" | "interpolated_string_expression");
    let open = if open > 3 && !raw { 3 } else { open };
    let closed = rest.len() >= 2 * open
        && rest.get(rest.len() - open..).is_some_and(|end| end.chars().all(|c| c == quote));
    (signs + open, if closed { open } else { 0 })
}

/// The inside with its expressions, and with each line end as one newline.
fn raw(syntax: Syntax, node: Node<'_>, form: &Form, source: &str, base: u32) -> Raw {
    let mut mapped = Mapped::new();
    let mut at = form.inside.start;
    for (mut place, expression) in expressions(syntax, node, source) {
        if place.start < at || place.end > form.inside.end {
            continue;
        }
        lines::copy(&mut mapped, source, at..place.start, base);
        if let Some(label) = label(syntax, expression, &place, source) {
            lines::copy(&mut mapped, source, label.clone(), base);
            place.start = label.end;
        }
        match constant(syntax, expression, source) {
            Some(constant) => mapped.escape(&constant, Span::of(place.start, place.end).shift(base)),
            None => {
                mapped.hole(&hole(text(expression, source)), Span::of(place.start, place.end).shift(base))
            }
        }
        at = place.end;
    }
    lines::copy(&mut mapped, source, at..form.inside.end, base);
    Raw { mapped, span: Span::of(form.inside.start, form.inside.end).shift(base) }
}

/// What `f"{amount = }"` prints before the value: the expression and its sign, as they are written.
fn label(
    syntax: Syntax,
    expression: Node<'_>,
    place: &std::ops::Range<usize>,
    source: &str,
) -> Option<std::ops::Range<usize>> {
    let whole =
        expression.parent().filter(|parent| syntax == Syntax::Python && parent.kind() == "interpolation")?;
    let mut cursor = whole.walk();
    let sign = whole.children(&mut cursor).find(|child| child.kind() == "=")?;
    let after = source.get(sign.end_byte()..place.end)?;
    let end = sign.end_byte() + after.len() - after.trim_start().len();
    let start = place.start + 1;
    // Marks in it would be read as escapes.
    (!source.get(start..end)?.contains(['\\', '{', '}'])).then_some(start..end)
}

/// The expressions in a literal: each with its marks, and itself.
fn expressions<'t>(syntax: Syntax, node: Node<'t>, source: &str) -> Vec<(std::ops::Range<usize>, Node<'t>)> {
    let body = node.child_by_field_name("value").filter(|body| body.kind() == "heredoc_body");
    let node = body.unwrap_or(node);
    if syntax != Syntax::Php {
        let marked = children(node)
            .into_iter()
            .filter(|child| matches!(child.kind(), "template_substitution" | "interpolation"));
        let inner = |child: Node<'t>| {
            children(child).into_iter().find(|inner| inner.kind() != "interpolation_brace").unwrap_or(child)
        };
        return marked.map(|child| (child.byte_range(), inner(child))).collect();
    }
    let text_like = |kind: &str| {
        matches!(kind, "string_content" | "escape_sequence" | "nowdoc_body" | "heredoc_start" | "heredoc_end")
    };
    let marks = |child: &Node<'_>| {
        let range = child.byte_range();
        let braced = source.get(..range.start).is_some_and(|before| before.ends_with('{'))
            && source.get(range.end..).is_some_and(|after| after.starts_with('}'));
        if braced { (range.start - 1)..(range.end + 1) } else { range }
    };
    children(node)
        .into_iter()
        .filter(|child| !text_like(child.kind()))
        .map(|child| (marks(&child), child))
        .collect()
}

/// The value of an expression that is itself a literal: `${'$'}` is how Kotlin writes a dollar sign.
fn constant(syntax: Syntax, expression: Node<'_>, source: &str) -> Option<String> {
    let literal = matches!(expression.kind(), "character_literal" | "string_literal");
    let inside = text(expression, source);
    let inside = inside.get(1..inside.len().checked_sub(1)?)?;
    (syntax == Syntax::Kotlin && literal && !inside.contains(['\\', '$', '"']) || inside == "$" && literal)
        .then(|| inside.to_owned())
}
