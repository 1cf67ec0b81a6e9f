//! What metadata declares about variables: `vars.<name> = { type, max, unit, equals = "principal + interest" }`.
//!
//! Begin at [`Declared::of`]. Nothing here reads the body.

use crate::source::Meta;
use serde_json::Value;
use std::collections::BTreeMap;

/// The declared variables of a template, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// By name.
    pub variables: BTreeMap<String, Variable>,
}

/// What is declared about one variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variable {
    /// The type as written.
    pub kind: Option<String>,
    /// The most characters, or for an amount the largest value where `max_value` is declared.
    pub max: Option<u64>,
    /// The largest value, in minor units.
    pub max_value: Option<i64>,
    /// The ISO code of its currency.
    pub unit: Option<String>,
    /// An example value, for `render`.
    pub sample: Option<String>,
    /// What it is the sum of; `Err` when the formula cannot be read.
    pub equals: Option<Result<Formula, String>>,
}

/// A sum of variables: each with the number of times that it counts, and a fixed part in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formula {
    /// Name and factor, in the order written.
    pub terms: Vec<(String, i64)>,
    /// In minor units.
    pub fixed: i64,
}

impl Declared {
    /// What `meta` declares under `vars`.
    pub fn of(meta: &Meta) -> Self {
        let Some(field) = meta.fields.get("vars") else { return Self::default() };
        let read;
        let table = match &field.value {
            Value::String(json) => {
                read = serde_json::from_str::<Value>(json).unwrap_or_default();
                &read
            }
            value => value,
        };
        let Value::Object(table) = table else { return Self::default() };
        let variables = table.iter().map(|(name, value)| (name.clone(), variable(value))).collect();
        Self { variables }
    }
}

fn variable(value: &Value) -> Variable {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let shown = |name: &str| match value.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    Variable {
        // `vars.name = "amount"` is short for a type.
        kind: text("type").or_else(|| value.as_str().map(str::to_owned)),
        max: value.get("max").and_then(Value::as_u64),
        max_value: shown("max_value").and_then(|figure| super::figure::minor(&figure)),
        unit: text("unit"),
        sample: shown("sample").or_else(|| shown("example")),
        equals: text("equals").map(|formula| Formula::parse(&formula)),
    }
}

impl Formula {
    /// Reads `principal + interest - discount + 3 * fee`.
    ///
    /// # Errors
    /// The piece that cannot be read.
    pub fn parse(formula: &str) -> Result<Self, String> {
        let mut read = Self::default();
        let mut sign = 1;
        let mut rest = formula.trim();
        loop {
            let end = rest.find(['+', '-', '−']).unwrap_or(rest.len());
            let (term, after) = rest.split_at(end);
            read.add(term.trim(), sign).ok_or_else(|| term.trim().to_owned())?;
            let Some(next) = after.chars().next() else { return Ok(read) };
            sign = if next == '+' { 1 } else { -1 };
            rest = after.get(next.len_utf8()..).unwrap_or("");
        }
    }

    fn add(&mut self, term: &str, sign: i64) -> Option<()> {
        let mut name = None;
        let mut factor = sign;
        for part in term.split(['*', '×']).map(str::trim) {
            if part.chars().all(|c| c.is_ascii_digit())
                && !part.is_empty()
                && (name.is_some() || term.contains(['*', '×']))
            {
                factor = factor.checked_mul(part.parse().ok()?)?;
            } else if part.starts_with(|c: char| c.is_ascii_digit()) && part == term {
                self.fixed = self.fixed.checked_add(super::figure::minor(part)?.checked_mul(sign)?)?;
                return Some(());
            } else if name.is_none() && is_name(part) {
                name = Some(part.to_owned());
            } else {
                return None;
            }
        }
        self.terms.push((name?, factor));
        Some(())
    }

    /// What it makes of the values that `value` knows, in minor units; `None` when one is missing or it does not fit.
    pub fn sum(&self, mut value: impl FnMut(&str) -> Option<i64>) -> Option<i64> {
        self.terms
            .iter()
            .try_fold(self.fixed, |sum, (name, factor)| sum.checked_add(value(name)?.checked_mul(*factor)?))
    }
}

fn is_name(part: &str) -> bool {
    let first = part.chars().next();
    first.is_some_and(|c| c.is_alphanumeric() || c == '_')
        && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::Formula;

    #[test]
    fn formulas_are_sums() {
        let formula = Formula::parse("principal + interest - discount + 3 * fee + 1.50").unwrap();
        let terms = [("principal", 1), ("interest", 1), ("discount", -1), ("fee", 3)];
        assert_eq!(formula.terms, terms.map(|(name, factor)| (name.to_owned(), factor)));
        assert_eq!(formula.fixed, 150);
        let value = |name: &str| (name != "nobody").then_some(100);
        assert_eq!(formula.sum(value), Some(550));
        assert_eq!(Formula::parse("a + nobody").unwrap().sum(value), None);
        for wrong in ["", "a +", "a / b", "a b", "+ a", "(a)"] {
            assert!(Formula::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Formula::parse("a").unwrap().sum(|_| Some(i64::MAX)), Some(i64::MAX));
        assert_eq!(Formula::parse("a + b").unwrap().sum(|_| Some(i64::MAX)), None);
    }
}
