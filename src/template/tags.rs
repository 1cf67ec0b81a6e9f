//! What a tag of a language with blocks does: it opens a block, starts another branch, ends a block, prints
//! a value or nothing.
//!
//! Begin at [`read`]. Languages whose tags begin with a keyword of their own are in [`super::directives`].

use super::ast::{CondKind, Node};
use super::blocks::Opening;
use super::dialect::Dialect;
use super::directives;
use crate::source::Span;

/// What a tag does.
pub(super) enum Tag<'a> {
    /// Prints a value.
    Output,
    /// Prints this text.
    Literal(String),
    /// Prints nothing: a comment, an assignment, a tag of layout.
    Silent,
    /// Opens a block.
    Open(Opening<'a>),
    /// Starts another branch; `None` for the else.
    Branch(Option<&'a str>),
    /// Starts the branch for all other values, which has a name.
    Other(String),
    /// Ends the block of that word.
    Close(&'a str),
    /// A tag that is wrong, or changes what the tags behind it mean.
    Malformed,
}

impl<'a> Tag<'a> {
    /// Opens a block whose first branch begins here.
    pub(super) fn open(kind: CondKind, condition: &'a str, end: &'a str) -> Self {
        Self::Open(Opening { kind: Some(kind), argument: None, condition: Some(condition), end })
    }

    /// Opens a block of branches about the value of `argument`.
    pub(super) fn choice(argument: &'a str, end: &'a str) -> Self {
        Self::Open(Opening { kind: Some(CondKind::Case), argument: Some(argument), condition: None, end })
    }

    /// Opens a block whose inside is read as if it stood there alone.
    pub(super) fn around(end: &'a str) -> Self {
        Self::Open(Opening { kind: None, argument: None, condition: None, end })
    }
}

/// What the tag `whole`, with its marks, does.
pub(super) fn read<'a>(dialect: &Dialect, whole: &'a str) -> Tag<'a> {
    match dialect {
        Dialect::Jinja => jinja(inside(whole, "{%", "%}", &['-', '+'])),
        Dialect::Liquid | Dialect::Braze => directives::liquid(inside(whole, "{%", "%}", &['-'])),
        Dialect::FreeMarker => directives::freemarker(whole),
        Dialect::Velocity => directives::velocity(whole),
        Dialect::GoTemplate => directives::go(whole),
        Dialect::Handlebars => handlebars(inside(whole, "{{", "}}", &['~'])),
        _ => mustache(inside(whole, "{{", "}}", &[])),
    }
}

/// A raw block as its opening mark, its text and its closing mark.
pub(super) fn raw_parts(dialect: &Dialect, text: &str, span: Span) -> [Node; 3] {
    let (open, close) = match dialect {
        Dialect::Jinja | Dialect::Liquid | Dialect::Braze => ("{%", "%}"),
        Dialect::FreeMarker => ("</", ">"),
        Dialect::Velocity => ("]]#", "#[["),
        _ => ("{{{{", "}}}}"),
    };
    let whole = span.of_text(text);
    let head = whole.find(close).map_or(0, |at| at + close.len());
    let tail = whole.rfind(open).filter(|at| *at >= head).unwrap_or(whole.len());
    let part = |from: usize, to: usize| Span::of(from, to).shift(span.start);
    [
        Node::Escape { span: part(0, head), text: String::new() },
        Node::Text(part(head, tail)),
        Node::Escape { span: part(tail, whole.len()), text: String::new() },
    ]
}

/// What stands between the marks, without the signs that trim blanks.
fn inside<'a>(whole: &'a str, open: &str, close: &str, trims: &[char]) -> &'a str {
    let inside = whole.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).unwrap_or("");
    inside.trim_start_matches(trims).trim_end_matches(trims).trim()
}

/// The first word and the rest, trimmed.
pub(super) fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

fn jinja(inside: &str) -> Tag<'_> {
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
    let (word, condition) = inside.split_at_checked(end).unwrap_or((inside, ""));
    let condition = condition.trim();
    match word {
        "if" => Tag::open(CondKind::If, condition, "endif"),
        "for" => Tag::open(CondKind::Loop, condition, "endfor"),
        "elif" => Tag::Branch(Some(condition)),
        "else" => Tag::Branch(None),
        "endif" | "endfor" => Tag::Close(word),
        _ => Tag::Silent,
    }
}

fn handlebars(inside: &str) -> Tag<'_> {
    // A partial with a text for when there is none, and a part that is defined here and sent where it is named.
    if let Some(block) = inside.strip_prefix("#>").or_else(|| inside.strip_prefix("#*")) {
        return Tag::around(first_word(block).0);
    }
    if let Some(block) = inside.strip_prefix('#') {
        let (end, condition) = first_word(block);
        let kind = match end {
            "if" => CondKind::If,
            "unless" => CondKind::Unless,
            "each" => CondKind::Loop,
            _ => CondKind::Section,
        };
        let condition = if condition.is_empty() { end } else { condition };
        return Tag::open(kind, condition, end);
    }
    let (word, rest) = first_word(inside);
    match word {
        "else" | "^" => match first_word(rest) {
            ("", _) => Tag::Branch(None),
            ("if" | "unless" | "each" | "with", condition) if !condition.is_empty() => {
                Tag::Branch(Some(condition))
            }
            _ => Tag::Branch(Some(rest)),
        },
        _ => mustache(inside),
    }
}

fn mustache(inside: &str) -> Tag<'_> {
    let mut characters = inside.chars();
    let sign = characters.next();
    let name = characters.as_str().trim();
    match sign {
        Some('#') => Tag::open(CondKind::Section, name, name),
        Some('^') => Tag::open(CondKind::Inverted, name, name),
        // Inheritance: a block with its own text, and a parent whose blocks are filled.
        Some('$' | '<') => Tag::around(name),
        Some('/') => Tag::Close(name),
        Some('!') => Tag::Silent,
        Some('=') => Tag::Malformed,
        _ => Tag::Output,
    }
}
