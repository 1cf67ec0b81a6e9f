//! `row`: what a row of data does to a message. These rules look at nothing in a template: `dunlint render --data` asks
//! them (`crate::render`).

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

/// What is looked for in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Test {
    /// Nothing is sent for a variable.
    Blank,
    /// A placeholder or the name of nothing is sent: `{name}`, `null`, `NaN`.
    Unrendered,
    /// Parts that do not make the total.
    Sum,
    /// A declared formula that does not hold.
    Formula,
    /// A figure that a program prints and nobody writes: `1e+06`, `0.30000000000000004`, `-5`.
    Figure,
    /// One sum with commas between thousands beside one without.
    Grouping,
    /// More characters than declared.
    Length,
    /// A value above the largest declared.
    Maximum,
    /// A minimum payment above the sum owed.
    Minimum,
    /// Days in an order that cannot be.
    Dates,
}

const TESTS: [(&str, Test); 10] = [
    ("blank", Test::Blank),
    ("unrendered", Test::Unrendered),
    ("sum", Test::Sum),
    ("formula", Test::Formula),
    ("figure", Test::Figure),
    ("grouping", Test::Grouping),
    ("length", Test::Length),
    ("maximum", Test::Maximum),
    ("minimum", Test::Minimum),
    ("dates", Test::Dates),
];

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) test: Test,
}

impl Kind for Row {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("test");
        Some(Row { test: compiler.choice(fields, "test", &TESTS)? })
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}
