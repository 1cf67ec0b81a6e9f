//! The placeholder languages.

/// A placeholder language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// `${name}`
    DollarBrace,
    /// `{name}` `{1}` `{}` `{$var}`
    Brace,
    /// `{{name}}`
    DoubleBrace,
    /// `#name#`
    Hash,
    /// `@var(name)`
    AtVar,
    /// `{#var#}`
    Dlt,
    /// `%s` `%1$s` `%(name)s`
    Printf,
    /// Any pair of marks, from the configuration.
    Custom(Custom),
    /// No placeholders.
    None,
}

/// The marks of a `custom` dialect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Custom {
    /// Opening mark, not empty.
    pub open: String,
    /// Closing mark, not empty.
    pub close: String,
}

impl Dialect {
    /// The name in the configuration and reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::DollarBrace => "dollar-brace",
            Self::Brace => "brace",
            Self::DoubleBrace => "double-brace",
            Self::Hash => "hash",
            Self::AtVar => "at-var",
            Self::Dlt => "dlt",
            Self::Printf => "printf",
            Self::Custom(_) => "custom",
            Self::None => "none",
        }
    }
}
