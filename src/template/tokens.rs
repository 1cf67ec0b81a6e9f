//! Runs `grammar/dialects.pest` over a body. The result is flat: sorted tokens that cover every byte once.
//!
//! Begin at [`lex`]; [`super::ast`] makes nodes of the tokens.

use super::ast::LexError;
use super::dialect::{Custom, Dialect};
use crate::source::Span;
use grammar::{Grammar, Rule};
use pest::Parser;

/// The generated parser. Private: no other module sees pest.
mod grammar {
    // The rules are described in the grammar file.
    #![allow(missing_docs, unreachable_pub)]

    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/dialects.pest"]
    pub(super) struct Grammar;
}

/// One token of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the body.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Literal text; never two in a row.
    Text,
    /// A placeholder with its marks.
    Placeholder,
    /// A spelling that stands for this text.
    Escape(&'static str),
    /// A tag whose first word or sign says what it is (`tags.rs`).
    Tag,
    /// A comment.
    Comment,
    /// A block whose inside is text, from its opening to its closing tag.
    Raw,
    /// Something broken.
    Error(LexError),
    /// An expression of the program that the text stands in. No rule of the grammar makes it.
    Hole,
}

/// One token of the inside of a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Atom<'a> {
    /// Where it starts in the inside, in bytes.
    pub(super) start: usize,
    /// As written; a string with its quotes.
    pub(super) text: &'a str,
    /// What it is.
    pub(super) kind: AtomKind,
}

/// What a token of an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AtomKind {
    /// `'x'`, `"x"`
    String,
    /// `==`, `<` and kin.
    Compare,
    /// What stands before a default: `!`, `??`, `||`, `?:`, `:-`.
    Fallback,
    /// `|`
    Pipe,
    /// `(`
    Call,
    /// `)`
    CallEnd,
    /// Any other sign.
    Symbol,
    /// A name, a number, a keyword.
    Word,
}

/// Reads texts and remembers the last one: a language is often found by reading a text in it, and then the
/// same text is parsed. Used again from message to message.
#[derive(Debug, Default)]
pub struct Lexer {
    dialect: Option<Dialect>,
    text: String,
    tokens: Vec<Token>,
}

impl Lexer {
    /// The tokens of `text` in `dialect`.
    pub fn read(&mut self, dialect: &Dialect, text: &str) -> &[Token] {
        if self.dialect.as_ref() != Some(dialect) || self.text != text {
            lex(dialect, text, &mut self.tokens);
            self.dialect = Some(dialect.clone());
            self.text.clear();
            self.text.push_str(text);
        }
        &self.tokens
    }
}

/// Reads `text` in `dialect` into `tokens`, which is emptied first.
pub fn lex(dialect: &Dialect, text: &str, tokens: &mut Vec<Token>) {
    tokens.clear();
    let entry = match dialect {
        Dialect::DollarBrace => Rule::dollar_brace,
        Dialect::Brace => Rule::brace,
        Dialect::DoubleBrace => Rule::double_brace,
        Dialect::Hash => Rule::hash,
        Dialect::AtVar => Rule::at_var,
        Dialect::Dlt => Rule::dlt,
        Dialect::Printf => Rule::printf,
        Dialect::Jinja => Rule::jinja,
        Dialect::Mustache => Rule::mustache,
        Dialect::Handlebars => Rule::handlebars,
        Dialect::Custom(marks) => return lex_custom(marks, text, tokens),
        Dialect::None => return push(tokens, TokenKind::Text, 0, text.len()),
    };
    // The entry rules accept every text, so the error arm is never taken; if it were, nothing would be
    // hidden: the body is then read as plain text.
    let Ok(pairs) = Grammar::parse(entry, text) else {
        return push(tokens, TokenKind::Text, 0, text.len());
    };
    for pair in pairs {
        let span = pair.as_span();
        push(tokens, kind(pair.as_rule()), span.start(), span.end());
    }
}

/// Reads the inside of a placeholder; blanks are left out.
pub(super) fn lex_expression(inside: &str) -> Vec<Atom<'_>> {
    let Ok(pairs) = Grammar::parse(Rule::expression, inside) else { return Vec::new() };
    pairs
        .filter_map(|pair| {
            let kind = match pair.as_rule() {
                Rule::text_string => AtomKind::String,
                Rule::compare => AtomKind::Compare,
                Rule::fallback => AtomKind::Fallback,
                Rule::pipe => AtomKind::Pipe,
                Rule::call => AtomKind::Call,
                Rule::call_end => AtomKind::CallEnd,
                Rule::gap => return None,
                Rule::word => AtomKind::Word,
                _ => AtomKind::Symbol,
            };
            Some(Atom { start: pair.as_span().start(), text: pair.as_str(), kind })
        })
        .collect()
}

/// What a token of the grammar means.
fn kind(rule: Rule) -> TokenKind {
    match rule {
        Rule::dollar_name
        | Rule::brace_name
        | Rule::double_name
        | Rule::hash_name
        | Rule::at_name
        | Rule::dlt_tag
        | Rule::printf_name
        | Rule::jinja_output
        | Rule::mustache_raw => TokenKind::Placeholder,
        Rule::jinja_tag | Rule::mustache_tag => TokenKind::Tag,
        Rule::jinja_comment | Rule::mustache_comment | Rule::handlebars_comment => TokenKind::Comment,
        Rule::jinja_raw | Rule::handlebars_raw => TokenKind::Raw,
        Rule::handlebars_mark => TokenKind::Escape(""),
        Rule::handlebars_slash => TokenKind::Escape("\\"),
        Rule::dollar_open
        | Rule::double_open
        | Rule::at_open
        | Rule::dlt_open
        | Rule::jinja_open
        | Rule::mustache_open => TokenKind::Error(LexError::UnclosedPlaceholder),
        Rule::dlt_unknown => TokenKind::Error(LexError::UnknownPlaceholder),
        Rule::printf_lone => TokenKind::Error(LexError::LonePercent),
        Rule::printf_escape => TokenKind::Escape("%"),
        Rule::printf_line => TokenKind::Escape("\n"),
        _ => TokenKind::Text,
    }
}

/// Appends a token; a text grows the text before it.
fn push(tokens: &mut Vec<Token>, kind: TokenKind, start: usize, end: usize) {
    let span = Span::of(start, end);
    if span.is_empty() {
        return;
    }
    if let Some(last) = tokens.last_mut()
        && kind == TokenKind::Text
        && last.kind == TokenKind::Text
    {
        last.span.end = span.end;
        return;
    }
    tokens.push(Token { span, kind });
}

/// Two literals from the configuration instead of a rule of the grammar. As in the grammar, the inside
/// holds no second opener and no line end, and an opener without its end is an error of its own bytes.
fn lex_custom(marks: &Custom, text: &str, tokens: &mut Vec<Token>) {
    let (open, close) = (marks.open.as_str(), marks.close.as_str());
    if open.is_empty() || close.is_empty() {
        return push(tokens, TokenKind::Text, 0, text.len());
    }
    let find = |what: &str, from: usize, to: usize| text.get(from..to).and_then(|part| part.find(what));
    let (mut done, mut line_end) = (0, 0);
    while let Some(found) = find(open, done, text.len()) {
        let start = done + found;
        let inside = start + open.len();
        push(tokens, TokenKind::Text, done, start);
        if line_end < inside {
            line_end = find("\n", inside, text.len()).map_or(text.len(), |at| inside + at);
        }
        // The search for the end stops at the next opener, so no byte is searched more than twice.
        let reach = match find(open, inside, line_end) {
            Some(next) if open != close => border(text, line_end.min(inside + next + close.len())),
            _ => line_end,
        };
        done = match find(close, inside, reach) {
            Some(length) => {
                let end = inside + length + close.len();
                push(tokens, TokenKind::Placeholder, start, end);
                end
            }
            None => {
                push(tokens, TokenKind::Error(LexError::UnclosedPlaceholder), start, inside);
                inside
            }
        };
    }
    push(tokens, TokenKind::Text, done, text.len());
}

/// The first character border of `text` at or behind byte `at`.
fn border(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
