//! The placeholder languages: their names, and what a platform profile or a file ending says about them.

use super::profiles::Profile;

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
    /// `{{ a.b | f }}` `{% if %}`; also Django
    Jinja,
    /// `{{ a.b | f: "x" }}` `{% if %}` `{% case %}`
    Liquid,
    /// Liquid with `${name}` inside of tags
    Braze,
    /// `{{a}}` `{{#s}}`
    Mustache,
    /// `{{helper a}}` `{{#if a}}`
    Handlebars,
    /// `${a.b!"x"}` `<#if a>`
    FreeMarker,
    /// `$a` `${a.b}` `$!{a}` `#if($a)`
    Velocity,
    /// `{{.A}}` `{{if .A}}`
    GoTemplate,
    /// `{0}` `{1,number}`
    JavaMessageFormat,
    /// `{}` `{0}` `{a.b:spec}`
    PythonFormat,
    /// `{name}` `{n, plural, …}`
    Icu,
    /// `{ $name }` `{ $n -> … }`
    Fluent,
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
    /// The languages that need nothing but their name; `custom` needs its marks too.
    pub const NAMED: [Self; 20] = [
        Self::DollarBrace,
        Self::Brace,
        Self::DoubleBrace,
        Self::Hash,
        Self::AtVar,
        Self::Dlt,
        Self::Printf,
        Self::Jinja,
        Self::Mustache,
        Self::Handlebars,
        Self::Liquid,
        Self::Braze,
        Self::FreeMarker,
        Self::Velocity,
        Self::GoTemplate,
        Self::JavaMessageFormat,
        Self::PythonFormat,
        Self::Icu,
        Self::Fluent,
        Self::None,
    ];

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
            Self::Jinja => "jinja",
            Self::Mustache => "mustache",
            Self::Handlebars => "handlebars",
            Self::Liquid => "liquid",
            Self::Braze => "braze",
            Self::FreeMarker => "freemarker",
            Self::Velocity => "velocity",
            Self::GoTemplate => "go-template",
            Self::JavaMessageFormat => "java-messageformat",
            Self::PythonFormat => "python-format",
            Self::Icu => "icu",
            Self::Fluent => "fluent",
            Self::Custom(_) => "custom",
            Self::None => "none",
        }
    }

    /// The language of that name, except `custom`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|dialect| dialect.name() == name)
    }

    /// The language a platform writes its templates in. A profile changes no token; it adds limits, which
    /// the rules know.
    pub fn of_profile(profile: &str) -> Option<Self> {
        Profile::named(profile)?.dialect.as_deref().and_then(Self::from_name)
    }

    /// All names a user may write.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMED.iter().map(Self::name).chain(std::iter::once("custom"))
    }

    /// The language of a file ending (without the dot, any case) that is used for one language only.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "j2" | "jinja" | "jinja2" => Some(Self::Jinja),
            "hbs" | "handlebars" => Some(Self::Handlebars),
            "mustache" => Some(Self::Mustache),
            "liquid" => Some(Self::Liquid),
            "vm" => Some(Self::Velocity),
            "gotmpl" => Some(Self::GoTemplate),
            _ => None,
        }
    }
}
