//! Whether a row can take a path: the conditions of branches, evaluated as far as they can be.
//!
//! Begin at [`Supposed::of`]. A condition that computes something is neither true nor false here, so that its
//! paths are checked both ways.

use super::names::Names;
use crate::facts::figure;
use std::cmp::Ordering;

/// The values of one row, by the number of the variable; `None` where the row has no such column.
pub(super) type Values<'v, 's> = &'v [Option<&'s str>];

/// What a path supposes about a row.
#[derive(Debug)]
pub(super) struct Supposed {
    test: Test,
    expects: bool,
}

#[derive(Debug)]
enum Test {
    /// Nobody can tell.
    Unknown,
    /// A value is there, and not false.
    Holds(usize),
    Compare(Operand, Operator, Operand),
    /// A plural form: `one`, `=3`.
    Plural(usize, String),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
}

#[derive(Debug)]
enum Operand {
    Variable(usize),
    Literal(String),
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// Spellings, longest first where one begins with another.
const OPERATORS: [(&str, Operator); 12] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    (" gte ", Operator::AtLeast),
    (" lte ", Operator::AtMost),
    (" gt ", Operator::Greater),
    (" lt ", Operator::Less),
    (" eq ", Operator::Equal),
    (" ne ", Operator::Unequal),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

impl Supposed {
    /// Reads what `template::Paths::supposes` says of one condition; `None` when that says nothing of its own.
    pub(super) fn of(condition: &str, value: &str, names: &mut Names) -> Option<Self> {
        let expects = match value {
            "true" => true,
            "false" => false,
            // `select stage` is m1: said again as `select stage m1` is true.
            _ => return None,
        };
        let test = Test::read(condition, names, 0);
        (!matches!(test, Test::Unknown)).then_some(Self { test, expects })
    }

    /// Whether a row contradicts it.
    pub(super) fn refuted(&self, values: Values<'_, '_>) -> bool {
        self.test.holds(values) == Some(!self.expects)
    }
}

impl Test {
    fn read(condition: &str, names: &mut Names, depth: usize) -> Self {
        let condition = condition.trim();
        if depth > 4 || condition.len() > 400 || condition.starts_with("each ") || condition.starts_with('{')
        {
            return Self::Unknown;
        }
        for kind in ["select ", "plural ", "selectordinal "] {
            let Some((argument, key)) = condition.strip_prefix(kind).and_then(|rest| rest.rsplit_once(' '))
            else {
                continue;
            };
            let Some(Operand::Variable(variable)) = operand(argument, names) else { return Self::Unknown };
            return match kind {
                "select " => Self::Compare(
                    Operand::Variable(variable),
                    Operator::Equal,
                    Operand::Literal(key.to_owned()),
                ),
                "plural " => Self::Plural(variable, key.to_owned()),
                _ => Self::Unknown,
            };
        }
        let mut split = |words: [&str; 2]| {
            let word = words.into_iter().find(|word| condition.contains(word))?;
            Some(condition.split(word).map(|part| Self::read(part, names, depth + 1)).collect::<Vec<_>>())
        };
        if let Some(parts) = split([" or ", "||"]) {
            return Self::Any(parts);
        }
        if let Some(parts) = split([" and ", "&&"]) {
            return Self::All(parts);
        }
        if let Some(rest) = condition.strip_prefix("not ").or_else(|| condition.strip_prefix('!')) {
            return Self::Not(Box::new(Self::read(rest, names, depth + 1)));
        }
        Self::compared(condition, names).unwrap_or(Self::Unknown)
    }

    fn compared(condition: &str, names: &mut Names) -> Option<Self> {
        // gt .Days 30
        let mut words = condition.splitn(3, ' ');
        if let (Some(word), Some(a), Some(b)) = (words.next(), words.next(), words.next()) {
            let prefix =
                OPERATORS.iter().find(|(spelling, _)| spelling.trim() == word && spelling.starts_with(' '));
            if let Some((_, operator)) = prefix {
                return Some(Self::Compare(operand(a, names)?, *operator, operand(b, names)?));
            }
        }
        for (spelling, operator) in OPERATORS {
            if let Some((a, b)) = condition.split_once(spelling) {
                return Some(Self::Compare(operand(a, names)?, operator, operand(b, names)?));
            }
        }
        match operand(condition.trim_end_matches('?'), names)? {
            Operand::Variable(variable) => Some(Self::Holds(variable)),
            Operand::Literal(_) => None,
        }
    }

    /// Whether it holds; `None` when nobody can tell.
    fn holds(&self, values: Values<'_, '_>) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Holds(variable) => {
                let value = values.get(*variable).copied().flatten()?.trim();
                Some(!matches!(value, "" | "0" | "false" | "False" | "null"))
            }
            Self::Compare(a, operator, b) => {
                let order = compare(a.value(values)?, b.value(values)?);
                Some(match operator {
                    Operator::Equal => order == Some(Ordering::Equal),
                    Operator::Unequal => order != Some(Ordering::Equal),
                    Operator::Less => order? == Ordering::Less,
                    Operator::AtMost => order? != Ordering::Greater,
                    Operator::Greater => order? == Ordering::Greater,
                    Operator::AtLeast => order? != Ordering::Less,
                })
            }
            Self::Plural(variable, key) => {
                let value = values.get(*variable).copied().flatten()?.trim();
                match key.as_str() {
                    "one" => Some(value == "1"),
                    "zero" => Some(value == "0"),
                    "other" => None,
                    _ => key.strip_prefix('=').map(|number| number == value),
                }
            }
            Self::Not(inner) => inner.holds(values).map(|holds| !holds),
            Self::All(parts) => all(parts.iter().map(|part| part.holds(values))),
            Self::Any(parts) => {
                all(parts.iter().map(|part| part.holds(values).map(|holds| !holds))).map(|none| !none)
            }
        }
    }
}

/// Whether all hold: one that does not decides, one that nobody can tell leaves it open.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

impl Operand {
    fn value<'v>(&'v self, values: Values<'_, 'v>) -> Option<&'v str> {
        match self {
            Self::Variable(variable) => values.get(*variable).copied().flatten().map(str::trim),
            Self::Literal(text) => Some(text),
        }
    }
}

/// The order of two values: as figures if both are, else only whether they are equal.
fn compare(a: &str, b: &str) -> Option<Ordering> {
    match (figure::minor(a), figure::minor(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => (a == b).then_some(Ordering::Equal),
    }
}

fn operand(text: &str, names: &mut Names) -> Option<Operand> {
    let text = text.trim().trim_matches(['(', ')']).trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Some(Operand::Literal(inner.to_owned()));
        }
    }
    if figure::minor(text).is_some() || matches!(text, "true" | "false") {
        return Some(Operand::Literal(text.to_owned()));
    }
    let name = text.trim_start_matches(['.', '$']).trim_start_matches('{').trim_end_matches('}');
    let named = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    named.then(|| Operand::Variable(names.number(name)))
}

#[cfg(test)]
mod tests {
    use super::Supposed;
    use crate::render::names::Names;

    fn refuted(condition: &str, value: &str, row: &[(&str, &str)]) -> bool {
        let mut names = Names::default();
        let Some(supposed) = Supposed::of(condition, value, &mut names) else { return false };
        let values: Vec<Option<&str>> = names
            .all()
            .map(|name| row.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
            .collect();
        supposed.refuted(&values)
    }

    #[test]
    fn simple_conditions_are_decided() {
        let row = [("days", "31"), ("stage", "m1"), ("n", "1"), ("vip", "")];
        for (condition, holds) in [
            ("days > 30", true),
            ("days <= 30", false),
            ("gt .days 30", true),
            ("days gt 31", false),
            ("stage == 'm1'", true),
            ("stage != \"m1\"", false),
            ("select stage m1", true),
            ("select stage m2", false),
            ("plural n one", true),
            ("plural n =2", false),
            ("vip", false),
            ("not vip", true),
            ("days > 30 and stage == 'm2'", false),
            ("days > 40 or stage == 'm1'", true),
        ] {
            assert!(!refuted(condition, if holds { "true" } else { "false" }, &row), "{condition}");
            assert!(refuted(condition, if holds { "false" } else { "true" }, &row), "{condition}");
        }
        // What is not known refutes nothing.
        for condition in ["nobody > 3", "days % 2 == 0", "each x", "size(list) > 1", "plural n other"] {
            assert!(!refuted(condition, "true", &row) && !refuted(condition, "false", &row), "{condition}");
        }
    }
}
