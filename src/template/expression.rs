//! What stands inside a placeholder besides its name: defaults, filters, both arms of a choice.
//!
//! Begin at [`read`]. The texts that can be sent instead of the value matter to every rule: an invented
//! amount in `${amount!"0.00"}` reaches a borrower.

use super::tokens::{Atom, AtomKind, lex_expression};
use crate::source::Span;

/// The inside of a placeholder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expression {
    /// The name or path of the value.
    pub(super) name: String,
    /// The text sent when the value is missing.
    pub(super) default: Option<String>,
    /// All texts that may be sent instead of the value, without their quotes, in the body.
    pub(super) literals: Vec<Span>,
    /// Filters as written.
    pub(super) filters: Vec<String>,
}

impl Expression {
    /// An inside that is a name and nothing else.
    pub(super) fn name(inside: &str) -> Self {
        Self { name: inside.trim().to_owned(), ..Self::default() }
    }
}

/// Reads `inside`, which starts at byte `start` of the body.
pub(super) fn read(inside: &str, start: u32) -> Expression {
    if !inside.contains(['"', '\'', '|']) {
        return Expression::name(inside);
    }
    let atoms = lex_expression(inside);
    let mut expression = Expression { name: name(inside, &atoms), ..Expression::default() };
    let mut places = Places::default();
    for (at, atom) in atoms.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| atoms.get(before));
        places.enter(atom, before);
        if atom.kind != AtomKind::String || !places.is_sent(before, atoms.get(at + 1)) {
            continue;
        }
        let quoted = Span::of(atom.start + 1, atom.start + atom.text.len() - 1);
        expression.literals.push(quoted.shift(start));
        if expression.default.is_none() && places.is_default(before) {
            expression.default = Some(unescaped(quoted.of_text(inside)));
        }
    }
    expression.filters = filters(inside, &atoms);
    expression
}

/// Reads the inside of a Handlebars value, which starts at byte `start` of the body: a path, or a helper and
/// its arguments. The name is the first argument that is a path.
pub(super) fn read_call(inside: &str, start: u32) -> Expression {
    let atoms = lex_expression(inside);
    let mut arguments: Vec<Span> = Vec::new();
    for atom in &atoms {
        let span = Span::of(atom.start, atom.start + atom.text.len());
        match arguments.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => arguments.push(span),
        }
    }
    let Some((helper, arguments)) = arguments.split_first() else { return Expression::name(inside) };
    let helper = helper.of_text(inside);
    let is_path = |text: &&str| !text.starts_with(['"', '\'', '(']) && !text.contains('=');
    let name = arguments.iter().map(|argument| argument.of_text(inside)).find(is_path);
    let mut expression = Expression { name: name.unwrap_or(helper).to_owned(), ..Expression::default() };
    if !arguments.is_empty() {
        expression.filters.push(helper.to_owned());
    }
    if inserts_text(helper) {
        let strings = atoms.iter().filter(|atom| atom.kind == AtomKind::String);
        for quoted in strings.map(|atom| Span::of(atom.start + 1, atom.start + atom.text.len() - 1)) {
            expression.literals.push(quoted.shift(start));
            if expression.default.is_none() && stands_in(helper) {
                expression.default = Some(unescaped(quoted.of_text(inside)));
            }
        }
    }
    expression
}

/// The text of a string literal with its backslashes undone (`\'`, `\"`, `\\`, `\n`, `\t`).
pub(super) fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some(other) => text.push(other),
            None => text.push('\\'),
        }
    }
    text
}

/// Where the reader of an expression stands.
#[derive(Default)]
struct Places<'a> {
    /// The functions whose arguments are being read, outermost first; `None` for plain parentheses.
    calls: Vec<Option<&'a str>>,
    /// The filter behind the last `|`, and whether its name has been read.
    filter: Option<&'a str>,
    awaits_filter: bool,
}

impl<'a> Places<'a> {
    fn enter(&mut self, atom: &Atom<'a>, before: Option<&Atom<'a>>) {
        match atom.kind {
            AtomKind::Call => {
                let name = before.filter(|b| b.kind == AtomKind::Word).map(|b| b.text);
                // The parenthesis of a filter belongs to the filter.
                self.calls.push(name.filter(|name| self.filter != Some(*name)));
            }
            AtomKind::CallEnd => {
                self.calls.pop();
            }
            AtomKind::Pipe => (self.filter, self.awaits_filter) = (None, true),
            AtomKind::Word if self.awaits_filter => {
                (self.filter, self.awaits_filter) = (Some(atom.text), false)
            }
            AtomKind::String => self.awaits_filter = false,
            _ => {}
        }
    }

    /// Whether a string here can be sent: it is not compared with anything and not an argument of a
    /// function or filter that only formats.
    fn is_sent(&self, before: Option<&Atom<'_>>, after: Option<&Atom<'_>>) -> bool {
        let compares = |atom: Option<&Atom<'_>>| {
            atom.is_some_and(|a| {
                a.kind == AtomKind::Compare || matches!(a.text, "eq" | "ne" | "is" | "in" | "gt" | "lt" | "[")
            })
        };
        !compares(before)
            && !compares(after)
            && self.filter.is_none_or(inserts_text)
            && self.calls.iter().flatten().all(|name| inserts_text(name))
    }

    /// Whether a string here is what is sent when the value is missing.
    fn is_default(&self, before: Option<&Atom<'_>>) -> bool {
        self.filter.is_some_and(stands_in)
            || self.calls.iter().flatten().any(|name| stands_in(name))
            || before.is_some_and(|b| {
                matches!(b.kind, AtomKind::Fallback | AtomKind::Pipe)
                    || (b.kind == AtomKind::Word && b.text == "or")
            })
    }
}

/// Functions and filters whose text is sent when the value is missing.
fn stands_in(name: &str) -> bool {
    matches!(name, "default" | "default_if_none" | "d" | "coalesce" | "ifnull" | "nvl" | "or" | "fallback")
}

/// Functions and filters whose text arguments reach the reader.
fn inserts_text(name: &str) -> bool {
    stands_in(name) || matches!(name, "append" | "prepend" | "concat" | "if" | "iif" | "yesno" | "pluralize")
}

/// The name of the value: the first words that are neither keywords nor the name of a function; the whole
/// inside when there are none.
fn name(inside: &str, atoms: &[Atom<'_>]) -> String {
    let is_name = |at: usize, atom: &Atom<'_>| {
        let called = atoms.get(at + 1).is_some_and(|next| next.kind == AtomKind::Call);
        atom.kind == AtomKind::Word && !is_keyword(atom.text) && !called
    };
    let mut names = atoms.iter().enumerate().skip_while(|(at, atom)| !is_name(*at, atom));
    let Some((_, first)) = names.next() else { return inside.trim().to_owned() };
    // Words in a row are one name with blanks (`Client Name`), and some signs join names.
    let last = names
        .take_while(|(at, atom)| is_name(*at, atom) || matches!(atom.text, "[" | "]" | "-" | "#" | "@"))
        .last()
        .map_or(first, |(_, atom)| atom);
    inside.get(first.start..last.start + last.text.len()).unwrap_or("").to_owned()
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "or" | "and" | "not" | "if" | "else" | "is" | "in" | "eq" | "ne" | "gt" | "lt")
}

/// The pieces behind each `|`, trimmed.
fn filters(inside: &str, atoms: &[Atom<'_>]) -> Vec<String> {
    let pipes: Vec<usize> =
        atoms.iter().filter(|atom| atom.kind == AtomKind::Pipe).map(|atom| atom.start).collect();
    let ends = pipes.iter().skip(1).copied().chain(std::iter::once(inside.len()));
    pipes
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| inside.get(start + 1..end))
        .map(|filter| filter.trim().to_owned())
        .filter(|filter| !filter.is_empty())
        .collect()
}
