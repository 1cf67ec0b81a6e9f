//! What an expression of a program is worth, as far as the file itself says.
//!
//! Begin at [`Evaluator::value`]. Texts keep the way back to every byte; whatever only the running program knows
//! becomes a hole in a text, or a value that says why it cannot be read.

use super::call;
use super::declared::{Declarations, Known};
use super::hole;
use super::literal;
use super::syntax::{Shape, Syntax, children, last_name, text};
use crate::source::{Mapped, Piece, Span};
use tree_sitter::Node;

/// Values stand in each other at most this deep; far more than anyone writes, far less than a stack holds.
const MOST_DEEP: usize = 48;

/// A text over this many bytes is not put together: constants that double each other would fill the memory.
const MOST_BYTES: usize = 64 * 1024;

/// How many values one file may have altogether.
const MOST_VALUES: usize = 2_000_000;

/// What a file says about a value.
#[derive(Clone, Debug)]
pub(super) struct Val {
    /// The raw value: of texts from the first to the last byte between their quotes.
    pub(super) span: Span,
    pub(super) what: What,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) enum What {
    Text(Box<Text>),
    /// As written.
    Number(String),
    List(Vec<Val>),
    Map(Vec<Member>),
    /// Only the running program knows it.
    Dynamic(Why),
}

/// A named value inside another.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) place: Option<Span>,
    pub(super) value: Val,
}

/// A text.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) mapped: Mapped,
    /// Whether expressions stand inside its literals.
    pub(super) interpolated: bool,
    /// Whether it is only a name for a text that stands elsewhere.
    pub(super) referred: bool,
    /// What fills its placeholders.
    pub(super) format: Option<Format>,
    /// Escapes that could not be read.
    pub(super) bad: Vec<Span>,
    /// Expressions in its place that hold texts of their own, which are not read.
    pub(super) choices: Vec<Span>,
}

/// The call that fills the placeholders of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Format {
    /// The placeholder language that the called function reads.
    pub(super) dialect: &'static str,
    /// The arguments, as a list in their order or a map by name.
    pub(super) arguments: serde_json::Value,
}

/// Why a value cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It is computed.
    Computed,
    /// It refers to itself.
    Circular,
    /// It is too long or too deep.
    TooLarge,
}

/// Evaluates the expressions of one file.
pub(super) struct Evaluator<'t, 's> {
    pub(super) syntax: Syntax,
    pub(super) source: &'s str,
    pub(super) base: u32,
    names: Declarations<'t>,
    left: usize,
}

impl<'t, 's> Evaluator<'t, 's> {
    pub(super) fn new(syntax: Syntax, source: &'s str, base: u32, names: Declarations<'t>) -> Self {
        Self { syntax, source, base, names, left: MOST_VALUES }
    }

    /// The place of a node.
    pub(super) fn span(&self, node: Node<'_>) -> Span {
        Span::of(node.start_byte(), node.end_byte()).shift(self.base)
    }

    /// The value of the expression `node`, which stands `depth` deep in another.
    pub(super) fn value(&mut self, node: Node<'t>, depth: usize) -> Val {
        let span = self.span(node);
        let dynamic = |why| Val { span, what: What::Dynamic(why) };
        self.left = self.left.saturating_sub(1);
        if depth > MOST_DEEP || self.left == 0 {
            return dynamic(Why::TooLarge);
        }
        match self.syntax.shape(node) {
            Shape::Text => self.literal(node),
            Shape::Number => Val { span, what: What::Number(text(node, self.source).to_owned()) },
            Shape::Wrapped => self.wrapped(node, depth),
            Shape::Adjacent | Shape::Binary => self.joined(node, depth),
            Shape::Name | Shape::Member => self.named(node, depth),
            Shape::Collection => self.collection(node, depth),
            Shape::Call => call::value(self, node, depth),
            Shape::Function => match returned(node) {
                Some(body) => self.value(body, depth + 1),
                None => dynamic(Why::Computed),
            },
            Shape::Other => dynamic(Why::Computed),
        }
    }

    fn literal(&mut self, node: Node<'t>) -> Val {
        let Some(read) = literal::read(self.syntax, node, self.source, self.base) else {
            return Val { span: self.span(node), what: What::Dynamic(Why::Computed) };
        };
        let mut text = Text { interpolated: read.interpolated, bad: read.bad, ..Text::default() };
        text.mapped = if read.interpolated { self.filled(read.mapped, &mut text.bad) } else { read.mapped };
        Val { span: read.span, what: What::Text(Box::new(text)) }
    }

    /// A text with the constants that stand in it in place of their names.
    fn filled(&mut self, text: Mapped, bad: &mut Vec<Span>) -> Mapped {
        let mut filled = Mapped::new();
        for segment in text.segments() {
            let part = segment.decoded.of_text(&text.text);
            let name = part.trim_matches(['⟦', '⟧']);
            let constant = match segment.piece {
                Piece::Copy => {
                    filled.copy(part, segment.source.start);
                    continue;
                }
                Piece::Escape => {
                    filled.escape(part, segment.source);
                    continue;
                }
                Piece::Hole => self.constant(name, segment.source),
            };
            match constant {
                Some(constant) if filled.text.len() + constant.mapped.text.len() <= MOST_BYTES => {
                    bad.extend(constant.bad);
                    filled.append(constant.mapped);
                }
                _ => filled.hole(part, segment.source),
            }
        }
        filled
    }

    /// The text of the constant that the expression `name` at `place` is nothing but the name of.
    fn constant(&mut self, name: &str, place: Span) -> Option<Text> {
        let plain = |c: char| c.is_alphanumeric() || "_.$:>-".contains(c);
        if !name.chars().all(plain) || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let start = name.rfind(['.', ':', '>', '$']).map_or(0, |at| at + 1);
        let owner = name.get(..start).unwrap_or("").trim_end_matches(['.', ':', '>', '-', '$']);
        if !owner.is_empty() && !self.names.is_own(owner) {
            return None;
        }
        match self.meant(name.get(start..).unwrap_or(""), place, 8).what {
            What::Text(text) => Some(*text),
            _ => None,
        }
    }

    /// What stands between parentheses or before a type.
    fn wrapped(&mut self, node: Node<'t>, depth: usize) -> Val {
        let mut node = node;
        // Parentheses may be many.
        while self.syntax.shape(node) == Shape::Wrapped {
            let inner = children(node);
            let value = node.child_by_field_name("value").or_else(|| match node.kind() {
                "type_assertion" | "argument" | "value_argument" => inner.last().copied(),
                _ => inner.first().copied(),
            });
            let Some(value) = value else { break };
            node = value;
        }
        if self.syntax.shape(node) == Shape::Wrapped {
            return Val { span: self.span(node), what: What::Dynamic(Why::Computed) };
        }
        self.value(node, depth + 1)
    }

    /// Texts one after the other.
    fn joined(&mut self, node: Node<'t>, depth: usize) -> Val {
        if let Some(formatted) = call::percent(self, node, depth) {
            return formatted;
        }
        // A chain of operators leans to the left as deep as it is long.
        let (mut open, mut leaves) = (vec![node], Vec::new());
        while let Some(next) = open.pop() {
            match self.syntax.shape(next) {
                Shape::Adjacent => open.extend(children(next).into_iter().rev()),
                Shape::Binary => match self.operands(next) {
                    Some((left, right)) => open.extend([right, left]),
                    None => leaves.push(next),
                },
                _ => leaves.push(next),
            }
        }
        let whole = self.span(node);
        if leaves.len() == 1 {
            return Val { span: whole, what: What::Dynamic(Why::Computed) };
        }
        let mut sum = Text::default();
        let (mut own, mut texts) = (None::<Span>, 0);
        for leaf in leaves {
            let place = self.span(leaf);
            let value = self.value(leaf, depth + 1);
            match value.what {
                What::Text(part) if sum.mapped.text.len() + part.mapped.text.len() > MOST_BYTES => {
                    drop(part);
                    return Val { span: whole, what: What::Dynamic(Why::TooLarge) };
                }
                What::Text(part) => {
                    // A constant that stands elsewhere does not widen the place of this text.
                    if !part.referred {
                        own = Some(own.map_or(value.span, |own| own.join(value.span)));
                    }
                    texts += 1;
                    sum.interpolated |= part.interpolated;
                    sum.bad.extend(part.bad);
                    sum.choices.extend(part.choices);
                    sum.mapped.append(part.mapped);
                }
                What::Number(digits) => sum.mapped.copy(&digits, place.start),
                _ => self.expression(leaf, &mut sum),
            }
        }
        if texts == 0 {
            return Val { span: whole, what: What::Dynamic(Why::Computed) };
        }
        Val { span: own.unwrap_or(whole), what: What::Text(Box::new(sum)) }
    }

    /// Adds the expression `node` as a hole.
    fn expression(&self, node: Node<'t>, sum: &mut Text) {
        let written = text(node, self.source);
        // Where an operand is missing, the parser puts one that has no place.
        if written.is_empty() {
            return;
        }
        sum.mapped.hole(&hole(written), self.span(node));
        if written.contains(['"', '\'', '`']) {
            sum.choices.push(self.span(node));
        }
    }

    /// The two sides of an operator that joins texts.
    fn operands(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let sides = children(node);
        let (left, right) = (*sides.first()?, *sides.last()?);
        let operator = node.child_by_field_name("operator").map(|operator| text(operator, self.source));
        let operator = operator.or_else(|| self.source.get(left.end_byte()..right.start_byte()));
        (sides.len() == 2 && operator.is_some_and(|o| self.syntax.joins(o.trim()))).then_some((left, right))
    }

    /// What a name stands for.
    fn named(&mut self, node: Node<'t>, depth: usize) -> Val {
        let span = self.span(node);
        let name = last_name(node, self.source);
        if self.syntax.shape(node) == Shape::Member && !self.names.is_own(self.owner(node)) {
            return Val { span, what: What::Dynamic(Why::Computed) };
        }
        self.meant(name, span, depth)
    }

    /// What `name` stands for at `span`.
    fn meant(&mut self, name: &str, span: Span, depth: usize) -> Val {
        let at = span.start.saturating_sub(self.base) as usize;
        let Some(index) = self.names.find(name, at) else {
            return Val { span, what: What::Dynamic(Why::Computed) };
        };
        match self.names.known(index) {
            Known::Open => return Val { span, what: What::Dynamic(Why::Circular) },
            Known::Value(value) => return referred(value, span),
            Known::Not(expression) => {
                let expression = *expression;
                self.names.set(index, Known::Open);
                let value = self.value(expression, depth + 4);
                self.names.set(index, Known::Value(Box::new(value)));
            }
        }
        match self.names.known(index) {
            Known::Value(value) => referred(value, span),
            _ => Val { span, what: What::Dynamic(Why::Computed) },
        }
    }

    /// What stands before the last dot of a member.
    fn owner(&self, node: Node<'t>) -> &'s str {
        let whole = text(node, self.source);
        let end = whole.len().saturating_sub(last_name(node, self.source).len());
        whole.get(..end).unwrap_or("").trim_end_matches(['.', ':', '>', '-', '?', '$', ' '])
    }

    /// A list, or a map where its elements have names.
    fn collection(&mut self, node: Node<'t>, depth: usize) -> Val {
        let span = self.span(node);
        let node = match node.kind() {
            "composite_literal" => node.child_by_field_name("body").unwrap_or(node),
            "array_creation_expression" | "implicit_array_creation_expression"
                if self.syntax != Syntax::Php =>
            {
                let inner = children(node);
                inner
                    .into_iter()
                    .rfind(|child| {
                        child.kind().ends_with("initializer") || child.kind().starts_with("initializer")
                    })
                    .unwrap_or(node)
            }
            _ => node,
        };
        let (mut list, mut map) = (Vec::new(), Vec::new());
        for child in children(node) {
            match self.pair(child) {
                Some((name, place, value)) => {
                    let value = self.value(value, depth + 1);
                    map.push(Member { name, place, value });
                }
                // Methods and what is spread into it are no values of its own.
                None if matches!(
                    child.kind(),
                    "method_definition" | "spread_element" | "dictionary_splat" | "list_splat"
                ) => {}
                None => list.push(self.value(child, depth + 1)),
            }
        }
        // A list of PHP may name some of its elements.
        if map.is_empty() {
            return Val { span, what: What::List(list) };
        }
        let unnamed = list.into_iter().enumerate();
        map.extend(unnamed.map(|(i, value)| Member { name: i.to_string(), place: None, value }));
        Val { span, what: What::Map(map) }
    }

    /// The name and value of an element that has a name.
    fn pair(&self, node: Node<'t>) -> Option<(String, Option<Span>, Node<'t>)> {
        let inner = children(node);
        let (key, value) = match (node.kind(), self.syntax) {
            ("shorthand_property_identifier", _) => (node, node),
            ("pair", _) => (node.child_by_field_name("key")?, node.child_by_field_name("value")?),
            ("keyed_element" | "assignment_expression", _) => (*inner.first()?, *inner.last()?),
            ("array_element_initializer", _) | ("initializer_expression", Syntax::CSharp)
                if inner.len() == 2 =>
            {
                (*inner.first()?, *inner.last()?)
            }
            _ => return None,
        };
        let (name, place) = self.key(key);
        Some((name, Some(place), value))
    }

    /// The text of a key, and its place without quotes.
    pub(super) fn key(&self, node: Node<'t>) -> (String, Span) {
        let mut node = node;
        for _ in 0..4 {
            let inside = matches!(
                node.kind(),
                "computed_property_name"
                    | "literal_element"
                    | "element_binding_expression"
                    | "argument"
                    | "value_argument"
                    | "parenthesized_expression"
                    | "bracketed_argument_list"
            );
            match children(node).first() {
                Some(child) if inside => node = *child,
                _ => break,
            }
        }
        if self.syntax.shape(node) == Shape::Text
            && let Some(read) = literal::read(self.syntax, node, self.source, self.base)
        {
            return (read.mapped.text, read.span);
        }
        (last_name(node, self.source).to_owned(), self.span(node))
    }
}

/// The expression that a function is nothing but a name for: its body, or the first thing a block returns.
fn returned(node: Node<'_>) -> Option<Node<'_>> {
    let body = node.child_by_field_name("body")?;
    if body.kind() != "statement_block" {
        return Some(body);
    }
    let returns = children(body).into_iter().find(|child| child.kind() == "return_statement")?;
    children(returns).first().copied()
}

/// A value that is referred to: a text stands where the name does, its characters where they were written.
fn referred(value: &Val, span: Span) -> Val {
    match &value.what {
        What::Text(text) => {
            let text = Text { referred: true, ..text.as_ref().clone() };
            Val { span, what: What::Text(Box::new(text)) }
        }
        What::Dynamic(why) => Val { span, what: What::Dynamic(*why) },
        _ => value.clone(),
    }
}
