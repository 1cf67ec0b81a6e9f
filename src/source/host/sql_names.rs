//! The names of tables and columns in SQL, in whatever quotes.

use super::sql_token::{Token, Tokens};
use crate::problem::Problem;
use crate::source::Span;
use std::sync::Arc;

type Step<T> = Result<T, Box<Problem>>;

/// A name and its place; of `a.b` the last part, with all of it in `whole`.
pub(super) struct Name {
    pub(super) last: Arc<str>,
    pub(super) whole: String,
    pub(super) span: Span,
}

/// The names of a row's columns.
pub(super) type Columns = Arc<[Arc<str>]>;

/// The names up to a closing parenthesis; `None`, with the parenthesis still open, when it holds other things.
pub(super) fn list(tokens: &mut Tokens<'_>) -> Step<Option<Columns>> {
    let before = tokens.at;
    let mut columns = Vec::new();
    while let Some(name) = name(tokens)? {
        columns.push(name.last);
        match tokens.next()? {
            Token::Symbol(',') => {}
            Token::Symbol(')') => return Ok(Some(columns.into())),
            _ => break,
        }
    }
    tokens.at = before;
    Ok(None)
}

/// A name, in whatever quotes, with the names before its dots; `None`, and nothing read, when none stands here.
pub(super) fn name(tokens: &mut Tokens<'_>) -> Step<Option<Name>> {
    let mut whole = String::new();
    let start = tokens.at;
    loop {
        let part = match tokens.next()? {
            Token::Word(word) => word.to_owned(),
            Token::Name(name) => name,
            Token::String(text) if text.double => tokens.mapped(&text).text,
            Token::Symbol('[') => match tokens.bracket()? {
                Token::Name(name) => name,
                _ => String::new(),
            },
            _ => {
                tokens.at = start;
                return Ok(None);
            }
        };
        let span = tokens.last();
        whole.push_str(&part);
        if !tokens.rest().trim_start().starts_with('.') {
            return Ok(Some(Name { last: part.into(), whole, span }));
        }
        tokens.next()?;
        whole.push('.');
    }
}
