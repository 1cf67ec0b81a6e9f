//! Runs `grammar/dialects.pest` over a body. The result is flat: sorted tokens that cover every byte once.
//!
//! Begin at [`lex`]; [`super::ast`] makes nodes of the tokens.

use super::ast::LexError;
use super::dialect::Dialect;
use super::{custom, nested};
use crate::source::Span;
use grammar::Grammar;
pub(super) use grammar::Rule;
use pest::Parser;
use std::cell::RefCell;
use std::collections::HashMap;

/// The generated parser. Private: no other module sees pest.
mod grammar {
    // The rules are described in the grammar file.
    #![allow(missing_docs, unreachable_pub)]

    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/dialects.pest"]
    pub(in crate::template) struct Grammar;
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
    /// A spelling whose characters say what it stands for (`escapes.rs`).
    Spelled,
    /// What opens a block of variants: `{n, plural,`.
    Head,
    /// What opens a variant of a block: `one {`.
    Variant,
    /// What ends a block of variants.
    End,
    /// What separates the variants of a block; never sent.
    Layout,
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
    let (entry, marks) = match dialect {
        Dialect::DollarBrace => (Rule::dollar_brace, "$"),
        Dialect::Brace => (Rule::brace, "{"),
        Dialect::DoubleBrace => (Rule::double_brace, "{"),
        Dialect::Hash => (Rule::hash, "#"),
        Dialect::AtVar => (Rule::at_var, "@"),
        Dialect::Dlt => (Rule::dlt, "{"),
        Dialect::Printf => (Rule::printf, "%"),
        Dialect::Jinja => (Rule::jinja, "{"),
        Dialect::Liquid | Dialect::Braze => (Rule::liquid, "{"),
        Dialect::Mustache => (Rule::mustache, "{"),
        Dialect::Handlebars => (Rule::handlebars, "{\\"),
        Dialect::FreeMarker => (Rule::freemarker, "<$#"),
        Dialect::Velocity => (Rule::velocity, "$#\\"),
        Dialect::GoTemplate => (Rule::go_template, "{"),
        Dialect::JavaMessageFormat => (Rule::java_messageformat, "{'"),
        Dialect::PythonFormat => (Rule::python_format, "{}"),
        Dialect::Icu => return nested::icu(text, tokens),
        Dialect::Fluent => return nested::fluent(text, tokens),
        Dialect::Custom(marks) => return custom::lex(marks, text, tokens),
        Dialect::None => return push(tokens, TokenKind::Text, 0, text.len()),
    };
    let mut at = skip(marks, text, 0, tokens);
    while at < text.len() {
        at = read(entry, text, at, tokens);
        at = skip(marks, text, at, tokens);
    }
}

/// Appends the text from byte `at` up to the next of `marks`, which are ASCII. Returns where it ends.
///
/// The grammar sees only places where something may begin: the search for a byte is many times faster than a
/// grammar, and most of a message is text.
pub(super) fn skip(marks: &str, text: &str, at: usize, tokens: &mut Vec<Token>) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let found = match marks.as_bytes() {
        [one] => memchr::memchr(*one, rest),
        [one, two] => memchr::memchr2(*one, *two, rest),
        [one, two, three] => memchr::memchr3(*one, *two, *three, rest),
        more => rest.iter().position(|byte| more.contains(byte)),
    };
    let end = found.map_or(text.len(), |found| at + found);
    push(tokens, TokenKind::Text, at, end);
    end
}

/// Appends what the rule `entry` reads at byte `at`. Returns where it ends; always behind `at`.
pub(super) fn read(entry: Rule, text: &str, at: usize, tokens: &mut Vec<Token>) -> usize {
    let whole = text.get(at..).and_then(|rest| usual(entry, rest));
    if let Some(kind) = whole.and_then(|whole| remembered(entry, whole)) {
        let end = at + whole.map_or(0, str::len);
        push(tokens, kind, at, end);
        return end;
    }
    let Some(pairs) = text.get(at..).and_then(|rest| Grammar::parse(entry, rest).ok()) else {
        // The entry rules accept every text, so this is never taken; if it were, nothing would be hidden: the
        // rest is then read as plain text.
        push(tokens, TokenKind::Text, at, text.len());
        return text.len();
    };
    let mut end = at;
    for pair in pairs {
        let span = pair.as_span();
        end = at + span.end();
        let kind = kind(pair.as_rule());
        if let Some(whole) = whole
            && span.start() == 0
            && span.end() == whole.len()
        {
            remember(entry, whole, kind);
        }
        push(tokens, kind, at + span.start(), end);
    }
    if end == at {
        push(tokens, TokenKind::Text, at, text.len());
        return text.len();
    }
    end
}

/// The placeholder at the start of `rest`, if it is of the usual form: marks around a plain name. What the grammar
/// says of it depends on nothing behind it.
fn usual(entry: Rule, rest: &str) -> Option<&str> {
    let (open, close) = match entry {
        Rule::dollar_brace | Rule::freemarker => ("${", "}"),
        Rule::brace => ("{", "}"),
        Rule::double_brace => ("{{", "}}"),
        Rule::hash => ("#", "#"),
        Rule::dlt => ("{#", "#}"),
        Rule::at_var => ("@var(", ")"),
        _ => return None,
    };
    let inside = rest.strip_prefix(open)?;
    let name =
        inside.bytes().take(LONGEST_NAME).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let closed = name > 0 && inside.get(name..)?.starts_with(close);
    closed.then(|| rest.get(..open.len() + name + close.len())).flatten()
}

/// The longest name that is remembered, in bytes.
const LONGEST_NAME: usize = 40;
/// The most placeholders a thread remembers; then it begins anew.
const MOST_REMEMBERED: usize = 1024;

/// By placeholder: what each entry rule that has seen it says.
type Remembered = HashMap<Box<str>, Vec<(Rule, TokenKind)>>;

thread_local! {
    /// What the grammar said of usual placeholders: the templates of a lender use the same few names.
    static REMEMBERED: RefCell<Remembered> = RefCell::default();
}

fn remembered(entry: Rule, whole: &str) -> Option<TokenKind> {
    REMEMBERED
        .with_borrow(|known| known.get(whole)?.iter().find(|(rule, _)| *rule == entry).map(|(_, kind)| *kind))
}

fn remember(entry: Rule, whole: &str, kind: TokenKind) {
    REMEMBERED.with_borrow_mut(|known| {
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.entry(whole.into()).or_default().push((entry, kind));
    });
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
        | Rule::mustache_raw
        | Rule::liquid_output
        | Rule::freemarker_output
        | Rule::velocity_reference
        | Rule::message_name
        | Rule::python_field
        | Rule::icu_argument
        | Rule::icu_number
        | Rule::fluent_value => TokenKind::Placeholder,
        Rule::jinja_tag
        | Rule::mustache_tag
        | Rule::liquid_tag
        | Rule::freemarker_tag
        | Rule::velocity_tag
        | Rule::go_action => TokenKind::Tag,
        Rule::jinja_comment
        | Rule::mustache_comment
        | Rule::handlebars_comment
        | Rule::liquid_comment
        | Rule::freemarker_comment
        | Rule::velocity_line
        | Rule::velocity_comment
        | Rule::go_comment => TokenKind::Comment,
        Rule::jinja_raw
        | Rule::handlebars_raw
        | Rule::liquid_raw
        | Rule::freemarker_raw
        | Rule::velocity_raw => TokenKind::Raw,
        Rule::icu_head | Rule::fluent_head => TokenKind::Head,
        Rule::icu_key | Rule::fluent_variant | Rule::fluent_next => TokenKind::Variant,
        Rule::icu_end | Rule::fluent_end => TokenKind::End,
        Rule::gap_run | Rule::fluent_margin => TokenKind::Layout,
        other => escape(other).or_else(|| error(other).map(TokenKind::Error)).unwrap_or(TokenKind::Text),
    }
}

/// The tokens that stand for other text.
fn escape(rule: Rule) -> Option<TokenKind> {
    Some(match rule {
        Rule::handlebars_mark | Rule::velocity_mark => TokenKind::Escape(""),
        Rule::handlebars_slash => TokenKind::Escape("\\"),
        Rule::icu_double => TokenKind::Escape("'"),
        Rule::python_left => TokenKind::Escape("{"),
        Rule::python_right => TokenKind::Escape("}"),
        Rule::message_quote
        | Rule::icu_quote
        | Rule::icu_hash_quote
        | Rule::velocity_pairs
        | Rule::fluent_literal => TokenKind::Spelled,
        Rule::printf_escape => TokenKind::Escape("%"),
        Rule::printf_line => TokenKind::Escape("\n"),
        _ => return None,
    })
}

/// The tokens that are broken.
fn error(rule: Rule) -> Option<LexError> {
    Some(match rule {
        Rule::dollar_open
        | Rule::double_open
        | Rule::at_open
        | Rule::dlt_open
        | Rule::jinja_open
        | Rule::mustache_open
        | Rule::liquid_open
        | Rule::freemarker_open
        | Rule::velocity_open
        | Rule::go_open
        | Rule::message_open
        | Rule::icu_open
        | Rule::fluent_open => LexError::UnclosedPlaceholder,
        Rule::velocity_malformed
        | Rule::python_malformed
        | Rule::icu_malformed
        | Rule::icu_stray
        | Rule::fluent_stray
        | Rule::fluent_malformed => LexError::MalformedPlaceholder,
        Rule::python_lone | Rule::fluent_lone => LexError::SingleBrace,
        Rule::dlt_unknown => LexError::UnknownPlaceholder,
        Rule::printf_lone => LexError::LonePercent,
        _ => return None,
    })
}

/// Appends a token; a text grows the text before it.
pub(super) fn push(tokens: &mut Vec<Token>, kind: TokenKind, start: usize, end: usize) {
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
