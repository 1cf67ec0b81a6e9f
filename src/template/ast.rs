//! The typed template. The only file that turns tokens into nodes.

use super::blocks::Blocks;
use super::dialect::Dialect;
use super::placeholder::PlaceholderReader;
use super::tags::{self, Tag};
use super::tokens::{Token, TokenKind};
use super::{escapes, heads};
use crate::facts::Role;
use crate::source::Span;

/// A piece of a template. Spans count bytes of the decoded body.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Literal text.
    Text(Span),
    /// A value that is filled in when the message is sent.
    Placeholder(Placeholder),
    /// A spelling that stands for other text (`%%`, `{{` in str.format).
    Escape {
        /// Where it stands.
        span: Span,
        /// What it stands for.
        text: String,
    },
    /// A comment, or a tag without output.
    Comment(Span),
    /// A block with branches.
    Cond {
        /// From the opening to the closing tag.
        span: Span,
        /// What kind of block.
        kind: CondKind,
        /// The argument before the branches (`n` in `{n, plural, …}`).
        argument: Option<String>,
        /// The branches, as written.
        branches: Vec<Branch>,
        /// Whether one of the branches is the else.
        has_else: bool,
    },
    /// Something broken; it is sent as its own characters.
    Error {
        /// Where it stands.
        span: Span,
        /// What is wrong with it.
        kind: LexError,
    },
}

/// One branch of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The tag that opens the branch.
    pub head: Span,
    /// The condition as written; `None` for the else.
    pub condition: Option<String>,
    /// The inside.
    pub nodes: Vec<Node>,
}

/// Kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CondKind {
    /// `if`
    If,
    /// `with` of Go: an `if` that also changes what a name without a path means
    With,
    /// `unless`
    Unless,
    /// `case` of Liquid, `switch` of FreeMarker
    Case,
    /// `{{#x}}`
    Section,
    /// `{{^x}}`
    Inverted,
    /// `for`, `each`, `range`
    Loop,
    /// ICU plural
    Plural,
    /// ICU selectordinal
    SelectOrdinal,
    /// ICU or Fluent select
    Select,
}

impl CondKind {
    /// Whether its language demands a variant for all other values.
    pub const fn needs_other(self) -> bool {
        matches!(self, Self::Plural | Self::SelectOrdinal | Self::Select)
    }
}

/// What can be wrong with a piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum LexError {
    /// An opener without its end; the span is the opener only.
    UnclosedPlaceholder,
    /// A tag outside the dialect's closed set (DLT).
    UnknownPlaceholder,
    /// A `%` that starts no conversion.
    LonePercent,
    /// A `{` or `}` alone (str.format; a closing one in Fluent).
    SingleBrace,
    /// A placeholder whose inside cannot be read.
    MalformedPlaceholder,
    /// A block end without a start.
    UnmatchedBlockEnd,
    /// An else outside a block.
    StrayBranch,
    /// A block that is never closed.
    UnclosedBlock,
}

impl LexError {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::UnclosedPlaceholder,
        Self::UnknownPlaceholder,
        Self::LonePercent,
        Self::SingleBrace,
        Self::MalformedPlaceholder,
        Self::UnmatchedBlockEnd,
        Self::StrayBranch,
        Self::UnclosedBlock,
    ];

    /// The word in `parse --format json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnclosedPlaceholder => "unclosed-placeholder",
            Self::UnknownPlaceholder => "unknown-placeholder",
            Self::LonePercent => "lone-percent",
            Self::SingleBrace => "single-brace",
            Self::MalformedPlaceholder => "malformed-placeholder",
            Self::UnmatchedBlockEnd => "unmatched-block-end",
            Self::StrayBranch => "stray-branch",
            Self::UnclosedBlock => "unclosed-block",
        }
    }
}

/// A placeholder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placeholder {
    /// The whole placeholder with its marks.
    pub span: Span,
    /// `name`, `1`, `customer.name`, `$var`, `` for `{}`.
    pub name: String,
    /// The number of a numbered or positional placeholder.
    pub index: Option<u32>,
    /// The default written in it, else the record's `defaults`.
    pub default: Option<String>,
    /// String literals inside it that can be sent (defaults, both arms of `a ? 'x' : 'y'`): spans of
    /// their text without quotes.
    pub literals: Vec<Span>,
    /// The filters or helpers applied to the value, as written (`round(2)`).
    pub filters: Vec<String>,
    /// The type that somebody declared, as a word: `vars.<name>.type`, else what the dialect itself says
    /// (DLT tags, `%d`). `number` from a dialect says only that it is digits.
    pub declared_type: Option<String>,
    /// The most characters the value may have (`vars.<name>.max`, `${TXT_20}`, DLT).
    pub max_length: Option<u32>,
    /// What kind of value it carries.
    pub role: Role,
}

/// Makes nodes of the tokens of `text`.
pub fn build(dialect: &Dialect, text: &str, tokens: &[Token]) -> Vec<Node> {
    let mut reader = PlaceholderReader::new(dialect);
    let mut blocks = Blocks::with_room(tokens.len());
    for token in tokens {
        let span = token.span;
        match token.kind {
            TokenKind::Text => blocks.push(Node::Text(span)),
            TokenKind::Placeholder => blocks.push(reader.read(text, span)),
            TokenKind::Hole => blocks.push(Node::Placeholder(hole(text, span))),
            TokenKind::Escape(stands_for) => blocks.push(Node::Escape { span, text: stands_for.to_owned() }),
            TokenKind::Spelled => {
                blocks.push(Node::Escape { span, text: escapes::stands_for(dialect, span.of_text(text)) })
            }
            TokenKind::Comment => blocks.push(Node::Comment(span)),
            TokenKind::Layout => {}
            TokenKind::Raw => {
                tags::raw_parts(dialect, text, span).into_iter().for_each(|node| blocks.push(node))
            }
            TokenKind::Error(kind) => blocks.push(Node::Error { span, kind }),
            TokenKind::Head | TokenKind::Variant | TokenKind::End | TokenKind::Tag => {
                let tag = match token.kind {
                    TokenKind::Head => heads::head(dialect, span.of_text(text)),
                    TokenKind::Variant => heads::variant(dialect, span.of_text(text)),
                    TokenKind::End => Tag::Close(heads::END),
                    _ => tags::read(dialect, span.of_text(text)),
                };
                match tag {
                    Tag::Output => blocks.push(reader.read(text, span)),
                    Tag::Literal(sent) => blocks.push(Node::Escape { span, text: sent }),
                    Tag::Silent => blocks.push(Node::Comment(span)),
                    Tag::Open(opening) => blocks.open(span, opening),
                    Tag::Branch(condition) => blocks.branch(span, condition, condition.is_none()),
                    Tag::Other(condition) => blocks.branch(span, Some(&condition), true),
                    Tag::Close(end) => blocks.close(span, end),
                    Tag::Malformed => blocks.push(Node::Error { span, kind: LexError::MalformedPlaceholder }),
                }
            }
        }
    }
    blocks.finish()
}

/// The placeholder of an expression of a program; its name is the expression.
fn hole(text: &str, span: Span) -> Placeholder {
    let shown = span.of_text(text);
    let name = shown.strip_prefix('⟦').and_then(|rest| rest.strip_suffix('⟧')).unwrap_or(shown);
    Placeholder { span, name: name.to_owned(), ..Placeholder::default() }
}
