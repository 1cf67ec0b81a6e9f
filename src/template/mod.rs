//! From a decoded body to a typed template: placeholders, escapes, errors, signature, paths.
//!
//! Begin at [`Template::parse_file`] (in [`choose`]: who decides the language) and [`Template::parse`].
//! `grammar/dialects.pest` says what each placeholder language looks like; [`tokens`] runs it, [`ast`] turns
//! the flat tokens into nodes (`blocks` pairs openers with their ends), [`paths`] walks every way through the branches. All spans here count bytes of
//! the decoded body; [`Template::source_span`] maps them.

pub mod ast;
mod blocks;
pub mod choose;
mod custom;
mod declared;
mod delimiters;
pub mod detect;
pub mod dialect;
mod directives;
mod escapes;
mod expression;
mod formats;
mod heads;
mod nested;
pub mod paths;
mod placeholder;
pub mod profiles;
pub mod signature;
mod suppose;
mod tags;
pub mod tokens;
pub mod variants;

pub use ast::{Branch, CondKind, LexError, Node, Placeholder};
pub use choose::{Choice, Hints};
pub use declared::Parameter;
pub use dialect::{Custom, Dialect};
pub use paths::{Path, PathPiece, Paths};
pub use profiles::Profile;
pub use signature::{Side, Signature};
use tokens::TokenKind;
pub use tokens::{Lexer, Token};

use crate::problem::Problem;
use crate::source::{ChosenBy, Record, Span};
use crate::words::Words;

/// Bodies longer than this many bytes are refused with a problem, so that hostile input costs a bounded
/// time (contract, section 3).
pub const MAX_BODY: usize = 16 * 1024;

/// One parsed message.
#[derive(Clone, Debug)]
pub struct Template {
    /// The record it was read from.
    pub record: Record,
    /// Its placeholder language.
    pub dialect: Dialect,
    /// Who decided the language.
    pub chosen_by: ChosenBy,
    /// The parsed body.
    pub nodes: Vec<Node>,
    /// Signatures, inline ones first.
    pub signatures: Vec<Signature>,
}

impl Template {
    /// Parses one message in a chosen language. A body over [`MAX_BODY`] is a problem; its template has no nodes
    /// ([`Template::is_refused`]).
    pub fn parse(record: Record, choice: Choice, lexer: &mut Lexer, problems: &mut Vec<Problem>) -> Self {
        let Choice { dialect, by: chosen_by } = choice;
        if record.body.text.len() > MAX_BODY {
            problems.push(too_long(&record));
            return Self { record, dialect, chosen_by, nodes: Vec::new(), signatures: Vec::new() };
        }
        let nodes = match record.body.holes().next() {
            None if dialect == Dialect::Mustache => {
                let text = delimiters::plain(&record.body.text);
                ast::build(&dialect, &text, lexer.read(&dialect, &text))
            }
            None => ast::build(&dialect, &record.body.text, lexer.read(&dialect, &record.body.text)),
            Some(_) => ast::build(&dialect, &record.body.text, &around_holes(&dialect, &record, lexer)),
        };
        let signatures = signature::find(&record);
        let mut template = Self { record, dialect, chosen_by, nodes, signatures };
        declared::apply(&template.record.meta, placeholders_mut(&mut template.nodes));
        template
    }

    /// The decoded body.
    pub fn body(&self) -> &str {
        &self.record.body.text
    }

    /// Whether the body was too long to be read. Such a template has a problem and says nothing else.
    pub fn is_refused(&self) -> bool {
        self.body().len() > MAX_BODY
    }

    /// First to last byte, in the source's text, of a span of the body.
    pub fn source_span(&self, span: Span) -> Span {
        self.record.body.cover(span)
    }

    /// The parameters that its record declares, if it does in a form that is known.
    pub fn parameters(&self) -> Option<Vec<Parameter>> {
        declared::parameters(&self.record.meta)
    }

    /// All placeholders, in the order of the text; [`PathPiece::Placeholder`] counts in this list.
    pub fn placeholders(&self) -> Vec<&Placeholder> {
        let mut found = Vec::with_capacity(self.nodes.len() / 2 + 1);
        visit(&self.nodes, &mut |node| {
            if let Node::Placeholder(placeholder) = node {
                found.push(placeholder);
            }
        });
        found
    }

    /// Whether there is more than one way through it.
    pub fn is_branched(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::Cond { .. }))
    }

    /// Calls `see` for each node, outer before inner, in the order of the text.
    pub fn each_node<'a>(&'a self, mut see: impl FnMut(&'a Node)) {
        visit(&self.nodes, &mut see);
    }

    /// The same list, to be completed (roles).
    pub fn placeholders_mut(&mut self) -> Vec<&mut Placeholder> {
        placeholders_mut(&mut self.nodes)
    }

    /// Spellings that stand for other text, in the order of the text.
    pub fn escapes(&self) -> Vec<(Span, &str)> {
        let mut found = Vec::new();
        visit(&self.nodes, &mut |node| {
            if let Node::Escape { span, text } = node {
                found.push((*span, text.as_str()));
            }
        });
        found
    }

    /// Comments and tags without output, in the order of the text.
    pub fn comments(&self) -> Vec<Span> {
        let mut found = Vec::new();
        visit(&self.nodes, &mut |node| {
            if let Node::Comment(span) = node {
                found.push(*span);
            }
        });
        found
    }

    /// What is broken, in the order of the text.
    pub fn errors(&self) -> Vec<(Span, LexError)> {
        let mut found = Vec::new();
        visit(&self.nodes, &mut |node| {
            if let Node::Error { span, kind } = node {
                found.push((*span, *kind));
            }
        });
        found
    }
}

/// Calls `see` for each node, outer before inner, in the order of the text.
fn visit<'a>(nodes: &'a [Node], see: &mut impl FnMut(&'a Node)) {
    for node in nodes {
        see(node);
        if let Node::Cond { branches, .. } = node {
            for branch in branches {
                visit(&branch.nodes, see);
            }
        }
    }
}

fn placeholders_mut(nodes: &mut [Node]) -> Vec<&mut Placeholder> {
    fn collect<'a>(nodes: &'a mut [Node], found: &mut Vec<&'a mut Placeholder>) {
        for node in nodes {
            match node {
                Node::Placeholder(placeholder) => found.push(placeholder),
                Node::Cond { branches, .. } => {
                    for branch in branches {
                        collect(&mut branch.nodes, found);
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::with_capacity(nodes.len() / 2 + 1);
    collect(nodes, &mut found);
    found
}

/// The tokens of a body in which expressions of a program stand: each expression is one, and the text between
/// them is read by itself, so that no mark of the dialect is found inside an expression.
fn around_holes(dialect: &Dialect, record: &Record, lexer: &mut Lexer) -> Vec<Token> {
    let body = &record.body;
    let mut tokens = Vec::new();
    let mut at = 0;
    let end = Span::of(body.text.len(), body.text.len());
    for hole in body.holes().chain(std::iter::once(end)) {
        let text = Span::new(at, hole.start).of_text(&body.text);
        if !text.is_empty() {
            let between = lexer.read(dialect, text).iter();
            tokens.extend(between.map(|token| Token { kind: token.kind, span: token.span.shift(at) }));
        }
        if !hole.is_empty() {
            tokens.push(Token { kind: TokenKind::Hole, span: hole });
        }
        at = hole.end;
    }
    tokens
}

fn too_long(record: &Record) -> Problem {
    let bytes = record.body.text.len();
    Problem::error(
        "body-too-long",
        Words::new(
            format!("the text of `{}` is too long: {bytes} bytes, at most {MAX_BODY}", record.id.text),
            format!("`{}` 的正文过长：{bytes} 字节，上限 {MAX_BODY} 字节", record.id.text),
        ),
    )
    .at(record.body_span)
    .help(Words::new(
        "a message has a few hundred characters; check that this is the body of one",
        "一条短信只有几百个字；请确认这里确实是短信正文",
    ))
}
