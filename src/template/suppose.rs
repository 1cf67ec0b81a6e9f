//! What taking a branch says about values: equal conditions have equal values, so that some ways through a
//! template cannot happen.
//!
//! Begin at [`Supposition::of`]. A condition is only ever compared as text; what it computes is not known.

use super::ast::CondKind;
use super::dialect::Dialect;
use std::rc::Rc;

/// A condition and the value it must have.
pub(super) type Fact = (Rc<str>, Rc<str>);

/// What a branch supposes.
#[derive(Default)]
pub(super) struct Supposition {
    /// When it is taken.
    pub(super) taken: Vec<Fact>,
    /// When it is not.
    pub(super) refused: Vec<Fact>,
}

/// A branch, as far as it decides.
#[derive(Clone, Copy)]
pub(super) struct Decision<'a> {
    /// The kind of its block.
    pub(super) kind: CondKind,
    /// The value that the branches of the block are about.
    pub(super) argument: Option<&'a str>,
    /// Its condition, as written.
    pub(super) condition: &'a str,
    /// Whether it is the first of its block: only there `unless` turns the condition round.
    pub(super) first: bool,
}

impl Supposition {
    /// What `decision` supposes inside of `scopes`.
    pub(super) fn of(decision: Decision<'_>, scopes: &[Scope]) -> Self {
        let Decision { kind, argument, condition, first } = decision;
        if let Some(argument) = argument {
            return Self::choice(kind, &in_scope(argument, scopes), condition);
        }
        let folded = fold(condition);
        let (positive, negated) = match folded.strip_prefix("not ").or_else(|| folded.strip_prefix('!')) {
            Some(rest) if is_simple(rest) => (rest.trim(), true),
            _ => (folded.as_str(), false),
        };
        let taken = negated == (first && matches!(kind, CondKind::Unless | CondKind::Inverted));
        let about = in_scope(positive, scopes);
        let about: Rc<str> = if kind == CondKind::Loop { format!("each {about}") } else { about }.into();
        let word = |value: bool| Rc::from(if value { "true" } else { "false" });
        Self { taken: vec![(Rc::clone(&about), word(taken))], refused: vec![(about, word(!taken))] }
    }

    /// A branch for one value, or some values, of `argument`; none for the branch of all other values.
    fn choice(kind: CondKind, argument: &str, condition: &str) -> Self {
        if is_other(kind, condition) {
            return Self::default();
        }
        let keys = keys(kind, condition);
        let equal = |key: &str| -> Rc<str> {
            match kind {
                // The words of an `if` about the same value.
                CondKind::Case => format!("{argument} == {key}"),
                _ => format!("{} {argument} {key}", kind.name()),
            }
            .into()
        };
        let refused = keys.iter().map(|key| (equal(key), "false".into())).collect();
        let mut taken = Vec::new();
        if let [key] = keys.as_slice() {
            taken.push((equal(key), "true".into()));
            // `=1` and `one` can both be true of a number, two words cannot, nor can two numbers.
            let literal = kind != CondKind::Case || is_literal(key);
            let number = key.trim_start_matches('=').starts_with(|c: char| c.is_ascii_digit());
            if literal {
                let class = if number && kind != CondKind::Case { "number " } else { "" };
                taken.push((format!("{class}{} {argument}", kind.name()).into(), key.as_str().into()));
            }
        }
        Self { taken, refused }
    }
}

/// Whether a branch is the one for all other values of a block of variants.
pub(super) fn is_other(kind: CondKind, condition: &str) -> bool {
    kind.needs_other() && (condition == "other" || condition.starts_with('*'))
}

/// The values a branch is for: `'a' or 'b'` and `1, 2` in a `case`, one value elsewhere.
fn keys(kind: CondKind, condition: &str) -> Vec<String> {
    let folded = fold(condition);
    if kind != CondKind::Case {
        return vec![folded];
    }
    let parts = folded.split(" or ").flat_map(|part| part.split(','));
    parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn is_literal(key: &str) -> bool {
    key.starts_with(|c: char| c == '\'' || c == '-' || c.is_ascii_digit())
        || matches!(key, "true" | "false" | "nil")
}

/// A condition with its blanks and quotes alike.
fn fold(condition: &str) -> String {
    condition.split_whitespace().collect::<Vec<_>>().join(" ").replace('"', "'")
}

/// Whether a condition is one value, so that a `not` before it denies all of it.
fn is_simple(condition: &str) -> bool {
    let condition = condition.trim().trim_end_matches("??");
    !condition.is_empty()
        && condition.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '-'))
}

/// A block in which names mean something else than outside.
pub(super) struct Scope {
    /// What is walked through, as written.
    header: String,
    /// The name it gives each element; `None` when it changes every name that has no `$`.
    variable: Option<String>,
}

impl Scope {
    /// The scope of a branch, if it has one of its own.
    pub(super) fn of(dialect: &Dialect, kind: CondKind, condition: &str) -> Option<Self> {
        let header = fold(condition);
        let everything = match dialect {
            Dialect::GoTemplate => matches!(kind, CondKind::Loop | CondKind::With),
            Dialect::Handlebars => kind == CondKind::Loop,
            _ => false,
        };
        if everything {
            return Some(Self { header, variable: None });
        }
        if kind != CondKind::Loop {
            return None;
        }
        let variable = match header.split_once(" in ") {
            Some((variable, _)) => variable.trim().to_owned(),
            None => header.split_once(" as ")?.1.trim().to_owned(),
        };
        Some(Self { header, variable: Some(variable) })
    }

    /// Whether `condition` means something else in here.
    fn changes(&self, condition: &str) -> bool {
        match &self.variable {
            Some(variable) => {
                let names = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$');
                condition.split(names).any(|name| !name.is_empty() && name == variable)
            }
            None => !condition.starts_with('$'),
        }
    }
}

/// `condition`, told apart from the same words in other scopes.
fn in_scope(condition: &str, scopes: &[Scope]) -> String {
    let changing = scopes.iter().filter(|scope| scope.changes(condition));
    let mut named: String = changing.map(|scope| format!("{{{}}} ", scope.header)).collect();
    named.push_str(condition);
    named
}
