//! The values of SQL statements: literals, literals put together (`'a' 'b'`, `||`, `CONCAT`), and everything else,
//! whose value only the server knows.

use super::sql_token::{Token, Tokens};
use crate::problem::Problem;
use crate::source::document::{Node, Value};
use crate::source::{Mapped, Span};
use crate::words::Words;

/// `CONCAT` inside `CONCAT` is read this deep.
const MAX_DEPTH: usize = 16;

/// What ended a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End<'t> {
    Comma,
    /// A closing parenthesis.
    Close,
    /// A keyword of the statement, or its end (empty).
    Word(&'t str),
}

/// Keywords that end a value outside of parentheses.
const KEYWORDS: [&str; 12] =
    ["where", "from", "union", "returning", "order", "limit", "on", "and", "or", "group", "select", "go"];

/// A value as far as it was read.
#[derive(Default)]
struct Parts {
    text: Option<Mapped>,
    /// Places of all its words.
    span: Option<Span>,
    /// The places inside the quotes of its strings.
    inside: Option<Span>,
    /// A value that is one word: a number, null, true or false.
    single: Option<Value>,
    /// Whether something stands in it whose value is not known.
    unknown: bool,
    /// The byte after the closing quote, when the last word was a string.
    quote_end: Option<u32>,
}

impl Parts {
    fn node(self, at: Span) -> Node {
        let span = self.span.unwrap_or(at);
        match (self.unknown, self.text, self.single) {
            (false, Some(text), None) => Node::new(self.inside.unwrap_or(span), Value::String(text)),
            (false, None, Some(value)) => Node::new(span, value),
            _ => Node::new(span, Value::Unread),
        }
    }

    fn string(&mut self, mapped: Mapped, at: Span) {
        self.inside = Some(self.inside.map_or(at, |inside| inside.join(at)));
        self.text.get_or_insert_with(Mapped::new).append(mapped);
        self.unknown |= self.single.is_some();
    }

    /// A word that is the whole value or makes it unknown.
    fn single(&mut self, value: Value) {
        self.unknown |= self.single.is_some() || self.text.is_some();
        self.single = Some(value);
    }
}

/// Reads a value and the word that ends it. Only outside of `parentheses` keywords and the end of the file do.
///
/// # Errors
/// When a quote is never closed, when the file ends, or when text stands right after a closing quote.
pub(super) fn read<'t>(tokens: &mut Tokens<'t>, parentheses: bool) -> Result<(Node, End<'t>), Box<Problem>> {
    value(tokens, usize::from(parentheses))
}

fn value<'t>(tokens: &mut Tokens<'t>, depth: usize) -> Result<(Node, End<'t>), Box<Problem>> {
    let mut parts = Parts::default();
    let start = tokens.at;
    loop {
        let token = tokens.next()?;
        let at = tokens.last();
        let end = match token {
            Token::End if depth == 0 && parts.span.is_some() => Some(End::Word("")),
            Token::End => return Err(broken_off(tokens)),
            Token::Symbol(',') => Some(End::Comma),
            Token::Symbol(')') => Some(End::Close),
            Token::Symbol(';') => Some(End::Word("")),
            Token::Word(word) if depth == 0 && is_keyword(word) => Some(End::Word(word)),
            _ => None,
        };
        if let Some(end) = end {
            return Ok((parts.node(tokens.span(start, start)), end));
        }
        let glued = parts.quote_end.take() == Some(at.start);
        parts.span = Some(parts.span.map_or(at, |span| span.join(at)));
        match token {
            Token::String(text) => {
                parts.string(tokens.mapped(&text), text.inside);
                parts.quote_end = Some(at.end);
            }
            Token::Word(_) | Token::Number(_) if glued => return Err(after_quote(at)),
            Token::Word(word) => named(tokens, word, &mut parts, depth)?,
            Token::Number(raw) => parts.single(Value::Number(raw.to_owned())),
            Token::Symbol('|' | '+') if parts.text.is_some() => {}
            // A cast: the type that follows says nothing about the text.
            Token::Symbol(':') if parts.text.is_some() => cast(tokens)?,
            Token::Symbol('(') => {
                parts.unknown = true;
                skip_parentheses(tokens)?;
            }
            _ => parts.unknown = true,
        }
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// A word inside a value.
fn named(tokens: &mut Tokens<'_>, word: &str, parts: &mut Parts, depth: usize) -> Result<(), Box<Problem>> {
    let called = tokens.rest().trim_start().starts_with('(');
    match word.to_ascii_lowercase().as_str() {
        "null" | "default" => parts.single(Value::Null),
        "true" => parts.single(Value::Bool(true)),
        "false" => parts.single(Value::Bool(false)),
        "concat" if called && depth < MAX_DEPTH => concat(tokens, parts, depth)?,
        "char" | "chr" | "nchar" if called => character(tokens, parts)?,
        // `COLLATE name`, `AS name`: about the text, not in it.
        "collate" | "as" if parts.text.is_some() => {
            tokens.next()?;
        }
        // The character set of a literal: `_utf8mb4'…'`.
        set if set.starts_with('_') => {}
        _ => parts.unknown = true,
    }
    Ok(())
}

/// The arguments of `CONCAT`, one after the other.
fn concat(tokens: &mut Tokens<'_>, parts: &mut Parts, depth: usize) -> Result<(), Box<Problem>> {
    tokens.next()?;
    loop {
        let (node, end) = value(tokens, depth + 1)?;
        match node.value {
            Value::String(mapped) => parts.string(mapped, node.span),
            Value::Number(raw) => {
                let mapped = Mapped::verbatim(&raw, node.span.start);
                parts.string(mapped, node.span);
            }
            _ => parts.unknown = true,
        }
        match end {
            End::Comma => {}
            End::Close => return Ok(()),
            End::Word(_) => return Err(broken_off(tokens)),
        }
    }
}

/// `CHAR(10)`: a character by its number.
fn character(tokens: &mut Tokens<'_>, parts: &mut Parts) -> Result<(), Box<Problem>> {
    let start = tokens.start;
    tokens.next()?;
    let number = match tokens.next()? {
        Token::Number(raw) => raw.parse().ok().and_then(char::from_u32),
        Token::Symbol(')') => {
            parts.unknown = true;
            return Ok(());
        }
        _ => None,
    };
    let alone = tokens.rest().trim_start().starts_with(')');
    skip_parentheses(tokens)?;
    let place = tokens.span(start, tokens.at);
    match number.filter(|_| alone) {
        Some(c) => {
            let mut mapped = Mapped::new();
            mapped.escape(c.encode_utf8(&mut [0; 4]), place);
            parts.string(mapped, place);
        }
        None => parts.unknown = true,
    }
    Ok(())
}

/// What follows the first `:` of `::type(…)`.
fn cast(tokens: &mut Tokens<'_>) -> Result<(), Box<Problem>> {
    tokens.next()?;
    tokens.next()?;
    if tokens.rest().trim_start().starts_with('(') {
        tokens.next()?;
        skip_parentheses(tokens)?;
    }
    Ok(())
}

/// Goes over the rest of a column's definition; `false` when it was the last.
pub(super) fn skip_definition(tokens: &mut Tokens<'_>) -> Result<bool, Box<Problem>> {
    loop {
        match tokens.next()? {
            Token::Symbol(',') => return Ok(true),
            Token::Symbol(')' | ';') => return Ok(false),
            Token::Symbol('(') => skip_parentheses(tokens)?,
            Token::End => return Err(broken_off(tokens)),
            _ => {}
        }
    }
}

/// Goes on to the end of the parentheses of which one was opened.
pub(super) fn skip_parentheses(tokens: &mut Tokens<'_>) -> Result<(), Box<Problem>> {
    let mut depth = 1_usize;
    while depth > 0 {
        match tokens.next()? {
            Token::Symbol('(') => depth += 1,
            Token::Symbol(')') => depth -= 1,
            Token::End => return Err(broken_off(tokens)),
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn broken_off(tokens: &Tokens<'_>) -> Box<Problem> {
    let words = Words::new("the statement breaks off here", "语句在此中断");
    Box::new(Problem::error("sql-syntax", words).at(tokens.last()))
}

fn after_quote(at: Span) -> Box<Problem> {
    let words = Words::new(
        "text after the closing quote; a quote inside a string is written ''",
        "结束引号后还有文字；字符串内的引号应写作 ''",
    );
    Box::new(Problem::error("sql-syntax", words).at(at))
}
