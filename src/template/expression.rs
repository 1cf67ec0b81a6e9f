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
    of_atoms(inside, start, &lex_expression(inside))
}

/// Reads the inside of `{{ a | default: "x" }}` of Liquid: the name is all before the first filter. The values
/// of Braze (`${first_name}`, `custom_attribute.${days}`) lose their marks.
pub(super) fn read_liquid(inside: &str, start: u32) -> Expression {
    if !inside.contains(['"', '\'', '|']) {
        return Expression {
            name: inside.trim().replace("${", "").replace('}', ""),
            ..Expression::default()
        };
    }
    let atoms = lex_expression(inside);
    let pipe = atoms.iter().find(|atom| atom.kind == AtomKind::Pipe).map_or(inside.len(), |atom| atom.start);
    let name = inside.get(..pipe).unwrap_or(inside).trim().replace("${", "").replace('}', "");
    Expression { name, ..of_atoms(inside, start, &atoms) }
}

/// Reads the inside of `${a.b!"x"}` of FreeMarker. A `!` with nothing behind it makes a missing value empty, and
/// a number behind it is sent as it stands.
pub(super) fn read_freemarker(inside: &str, start: u32) -> Expression {
    if is_path(inside) {
        return Expression::name(inside);
    }
    let atoms = lex_expression(inside);
    let mut expression = of_atoms(inside, start, &atoms);
    let is_value =
        |atom: &Atom<'_>| matches!(atom.kind, AtomKind::Word | AtomKind::CallEnd) || atom.text == "]";
    for (at, atom) in atoms.iter().enumerate() {
        let follows_value = at.checked_sub(1).and_then(|before| atoms.get(before)).is_some_and(is_value);
        if atom.text != "!" || !follows_value || expression.default.is_some() {
            continue;
        }
        match atoms.get(at + 1) {
            None => expression.default = Some(String::new()),
            Some(next) if next.kind == AtomKind::CallEnd || next.text == "?" => {
                expression.default = Some(String::new());
            }
            Some(next) if next.text.starts_with(|c: char| c.is_ascii_digit()) => {
                expression.default = Some(next.text.to_owned());
                expression.literals.push(Span::of(next.start, next.start + next.text.len()).shift(start));
            }
            Some(_) => {}
        }
    }
    expression
}

/// Reads the inside of an action of Go: commands joined by `|`, each a function and its arguments. The name is
/// the first field or variable.
pub(super) fn read_pipeline(inside: &str, start: u32) -> Expression {
    if is_path(inside) {
        return Expression::name(inside);
    }
    let atoms = lex_expression(inside);
    let mut expression = Expression { filters: filters(inside, &atoms), ..Expression::default() };
    let words = || atoms.iter().filter(|atom| atom.kind == AtomKind::Word);
    let path = words().find(|word| word.text.starts_with(['.', '$']));
    let mut function = None;
    let mut begins = true;
    for atom in &atoms {
        match atom.kind {
            AtomKind::Pipe | AtomKind::Call => begins = true,
            AtomKind::Word if begins => (function, begins) = (Some(atom.text), false),
            AtomKind::String if function == Some("template") => {
                expression.name = unescaped(Span::of(1, atom.text.len() - 1).of_text(atom.text));
            }
            AtomKind::String if function.is_some_and(inserts_text) => {
                let quoted = Span::of(atom.start + 1, atom.start + atom.text.len() - 1);
                expression.literals.push(quoted.shift(start));
                if expression.default.is_none() && function.is_some_and(stands_in) {
                    expression.default = Some(unescaped(quoted.of_text(inside)));
                }
            }
            _ => {}
        }
    }
    if expression.name.is_empty() {
        expression.name = path.map_or(inside.trim(), |word| word.text).to_owned();
    }
    expression
}

/// Whether `inside` is names joined by dots and nothing else.
fn is_path(inside: &str) -> bool {
    inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'))
}

fn of_atoms(inside: &str, start: u32, atoms: &[Atom<'_>]) -> Expression {
    let mut expression = Expression { name: name(inside, atoms), ..Expression::default() };
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
    expression.filters = filters(inside, atoms);
    expression
}

/// Reads the inside of a Handlebars value, which starts at byte `start` of the body: a path, or a helper and
/// its arguments. The name is the first argument that is a path.
pub(super) fn read_call(inside: &str, start: u32) -> Expression {
    if !inside.contains([' ', '\t', '\r', '\n', '"', '\'', '(', '=', '|']) {
        return Expression::name(inside);
    }
    // A name in square brackets may hold anything.
    let bare = inside.trim();
    if bare.starts_with('[') && bare.find(']') == Some(bare.len() - 1) {
        return Expression::name(bare);
    }
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
        // `?string("yes", "no")` of FreeMarker sends one of two texts, `?string("0.00")` formats a number.
        let listed = [before, after].into_iter().flatten().any(|atom| atom.text == ",");
        !compares(before)
            && !compares(after)
            && self.filter.is_none_or(inserts_text)
            && self.calls.iter().flatten().all(|name| inserts_text(name) || (*name == "string" && listed))
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
    stands_in(name)
        || matches!(
            name,
            "append"
                | "prepend"
                | "concat"
                | "if"
                | "iif"
                | "yesno"
                | "pluralize"
                | "then"
                | "print"
                | "println"
                | "ternary"
        )
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
        .take_while(|(at, atom)| {
            let key = atom.kind == AtomKind::String
                && at.checked_sub(1).and_then(|b| atoms.get(b)).is_some_and(|b| b.text == "[");
            is_name(*at, atom) || key || matches!(atom.text, "[" | "]" | "-" | "#" | "@")
        })
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
