//! What a template does to a value before it is sent: `{{ amount | round: 2 }}`, `{amount:,.2f}`, `%.2f`.
//!
//! Begin at [`Chain::of`]. Only what is known to do one thing is applied; what is not is told ([`Chain::unapplied`]), and
//! the value stands as it was given. Names and meanings are those of Liquid (Shopify's reference), Jinja (its list of
//! built-in filters), Twig (`number_format`), Django (`floatformat`, `intcomma`), `str.format` and `printf`.

use super::decimal::Decimal;
use crate::template::{Dialect, Placeholder};
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;

/// The filters of a placeholder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// In the order in which they are applied; empty if one of them cannot be.
    steps: Vec<Step>,
    /// The one that cannot be applied, as it is written.
    pub unapplied: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Upper,
    Lower,
    Capitalize,
    Title,
    Trim,
    TrimStart,
    TrimEnd,
    /// What is sent for nothing; also for an empty value, if the flag is set.
    Default(String, bool),
    Append(String),
    Prepend(String),
    Replace(String, String),
    /// From a character, so many; negative from the end.
    Slice(i64, usize),
    /// At most so many characters, the dots included.
    Truncate(usize, String),
    Size,
    Escape(&'static str),
    Abs,
    Ceil,
    Floor,
    Plus(Decimal),
    Minus(Decimal),
    Times(Decimal),
    /// To so many places, as decimals are rounded at school; without trailing zeros.
    Round(u32),
    /// As Python rounds floating-point numbers and shows them.
    RoundFloat(usize),
    Int,
    /// So many places, the point, and what stands between thousands.
    Fixed(u32, String, String),
    /// Commas between thousands.
    Group,
    Date(String),
}

impl Chain {
    /// What `placeholder`, written as `raw`, does to its value.
    pub fn of(placeholder: &Placeholder, raw: &str, dialect: &Dialect) -> Self {
        let mut steps = Vec::new();
        let filters = match dialect {
            Dialect::PythonFormat | Dialect::Brace => return Self::of_format(raw, '{', format_spec),
            Dialect::Printf => return Self::of_format(raw, '%', printf),
            Dialect::Icu | Dialect::JavaMessageFormat if raw.contains(',') => return Self::cannot(raw),
            Dialect::FreeMarker if raw.contains('?') => return Self::cannot(raw),
            Dialect::Jinja if computes(placeholder, raw) => return Self::cannot(raw),
            _ => &placeholder.filters,
        };
        for filter in filters {
            match step(filter, dialect) {
                Some(step) => steps.extend(step),
                None => return Self::cannot(filter),
            }
        }
        // A default alone is what `Variable::default` says already.
        if steps.iter().all(|step| matches!(step, Step::Default(..))) {
            steps.clear();
        }
        Self { steps, unapplied: None }
    }

    fn of_format(raw: &str, open: char, read: fn(&str) -> Option<Vec<Step>>) -> Self {
        match read(raw.trim_start_matches(open)) {
            Some(steps) => Self { steps, unapplied: None },
            None => Self::cannot(raw),
        }
    }

    fn cannot(what: &str) -> Self {
        Self { steps: Vec::new(), unapplied: Some(what.to_owned()) }
    }

    /// Whether values stay as they are.
    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What is sent for `value`; `None` where nothing is, or where a step cannot make anything of the value.
    pub fn apply(&self, value: Option<&str>) -> Option<String> {
        self.steps.iter().try_fold(value.map(str::to_owned), |value, step| step.apply(value)).flatten()
    }
}

impl Step {
    /// The outer `None`: it cannot make anything of the value.
    fn apply(&self, value: Option<String>) -> Option<Option<String>> {
        if let Self::Default(text, also_empty) = self {
            let given = value.filter(|value| !(*also_empty && value.is_empty()));
            return Some(Some(given.unwrap_or_else(|| text.clone())));
        }
        match value {
            Some(value) => self.of(value).map(Some),
            None => Some(None),
        }
    }

    fn of(&self, value: String) -> Option<String> {
        let number = || Decimal::read(&value);
        Some(match self {
            Self::Upper => value.to_uppercase(),
            Self::Lower => value.to_lowercase(),
            Self::Capitalize => capital(&value.to_lowercase()),
            Self::Title => {
                value.split(' ').map(|word| capital(&word.to_lowercase())).collect::<Vec<_>>().join(" ")
            }
            Self::Trim => value.trim().to_owned(),
            Self::TrimStart => value.trim_start().to_owned(),
            Self::TrimEnd => value.trim_end().to_owned(),
            Self::Default(..) => value,
            Self::Append(text) => value + text,
            Self::Prepend(text) => text.clone() + &value,
            Self::Replace(from, to) => value.replace(from.as_str(), to),
            Self::Slice(from, count) => slice(&value, *from, *count),
            Self::Truncate(most, end) => truncated(&value, *most, end),
            Self::Size => value.chars().count().to_string(),
            Self::Escape(quote) => escaped(&value, quote),
            Self::Abs => number()?.abs().to_string(),
            Self::Ceil => number()?.ceil()?.to_string(),
            Self::Floor => number()?.floor()?.to_string(),
            Self::Plus(other) => number()?.plus(*other)?.to_string(),
            Self::Minus(other) => number()?.plus(other.negated())?.to_string(),
            Self::Times(other) => number()?.times(*other)?.to_string(),
            Self::Round(places) => number()?.rounded(*places)?.to_string(),
            Self::RoundFloat(places) => float(&number()?.to_string(), *places)?,
            Self::Int => number()?.truncated().to_string(),
            Self::Fixed(places, point, between) => number()?.fixed(*places, point, between)?,
            Self::Group => number()?.grouped()?,
            Self::Date(format) => dated(&value, format)?,
        })
    }
}

/// A filter as written: its name and its arguments, `round: 2` or `round(2)`. The outer `None`: it is not known; the
/// inner: it changes nothing.
fn step(filter: &str, dialect: &Dialect) -> Option<Option<Step>> {
    let (name, arguments) = match filter.find([':', '(']) {
        Some(at) => (filter.get(..at)?.trim(), filter.get(at + 1..)?.trim().trim_end_matches(')')),
        None => (filter.trim(), ""),
    };
    let liquid = matches!(dialect, Dialect::Liquid | Dialect::Braze);
    let arguments = arguments_of(arguments)?;
    let text = |at: usize| arguments.get(at).cloned();
    let figure = |at: usize| Decimal::read(arguments.get(at)?);
    let count = |at: usize, otherwise: u32| match arguments.get(at) {
        Some(text) => text.parse::<u32>().ok().filter(|n| *n <= 12),
        None => Some(otherwise),
    };
    Some(Some(match name {
        "upper" | "upcase" | "uppercase" => Step::Upper,
        "lower" | "downcase" | "lowercase" => Step::Lower,
        "capitalize" => Step::Capitalize,
        "title" if !liquid => Step::Title,
        "strip" | "trim" => Step::Trim,
        "lstrip" if liquid => Step::TrimStart,
        "rstrip" if liquid => Step::TrimEnd,
        "default" | "d" => Step::Default(text(0).unwrap_or_default(), liquid || arguments.len() > 1),
        "append" => Step::Append(text(0)?),
        "prepend" => Step::Prepend(text(0)?),
        "replace" if arguments.len() == 2 => Step::Replace(text(0)?, text(1)?),
        "remove" => Step::Replace(text(0)?, String::new()),
        "slice" if liquid => {
            Step::Slice(text(0)?.parse().ok()?, text(1).map_or(Some(1), |n| n.parse().ok())?)
        }
        "truncate" if liquid => Step::Truncate(
            text(0).map_or(Some(50), |n| n.parse().ok())?,
            text(1).unwrap_or_else(|| "...".to_owned()),
        ),
        "size" | "length" | "count" => Step::Size,
        "escape" | "e" | "h" | "force_escape" => Step::Escape(if liquid { "&quot;" } else { "&#34;" }),
        "abs" => Step::Abs,
        "ceil" if liquid => Step::Ceil,
        "floor" if liquid => Step::Floor,
        "plus" if liquid => Step::Plus(figure(0)?),
        "minus" if liquid => Step::Minus(figure(0)?),
        "times" if liquid => Step::Times(figure(0)?),
        "round" if liquid => Step::Round(count(0, 0)?),
        // The other methods of Jinja round up or down.
        "round" if arguments.get(1).is_none_or(|method| method == "common") => {
            Step::RoundFloat(count(0, 0)? as usize)
        }
        "int" => Step::Int,
        "number_format" => Step::Fixed(
            count(0, 0)?,
            text(1).unwrap_or_else(|| ".".to_owned()),
            text(2).unwrap_or_else(|| ",".to_owned()),
        ),
        "floatformat" => {
            Step::Fixed(count(0, 1).filter(|_| !arguments.is_empty())?, ".".to_owned(), String::new())
        }
        "number" => Step::Fixed(count(0, 0).filter(|_| arguments.len() == 1)?, ".".to_owned(), String::new()),
        "intcomma" | "number_with_delimiter" => Step::Group,
        "date" | "strftime" => Step::Date(text(0).filter(|format| format.contains('%'))?),
        "string" | "safe" | "raw" | "to_s" => return Some(None),
        _ => return None,
    }))
}

/// Arguments between commas: texts in quotes, figures, names of arguments (`boolean=true`) by their values.
fn arguments_of(text: &str) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let (argument, after) = match quote {
            Some(quote) => rest.get(1..)?.split_once(quote)?,
            None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
        };
        let argument =
            argument.rsplit_once('=').filter(|_| quote.is_none()).map_or(argument, |(_, value)| value);
        arguments.push(if quote.is_some() { argument.to_owned() } else { argument.trim().to_owned() });
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(rest) => rest.trim_start(),
            None if after.is_empty() => "",
            None => return None,
        };
    }
    Some(arguments)
}

/// Whether the inside of a placeholder is more than a name and filters: `a + b`, `"%.2f" % a`.
fn computes(placeholder: &Placeholder, raw: &str) -> bool {
    let inside = raw.trim_start_matches(['{', '-', '+']).trim_end_matches(['}', '-', '+']);
    let head = inside.split('|').next().unwrap_or(inside).trim();
    head != placeholder.name && placeholder.default.is_none()
}

/// The format of `{name:,.2f}`, from behind its brace. Only what is as wide as its value.
fn format_spec(raw: &str) -> Option<Vec<Step>> {
    let inside = raw.strip_suffix('}').unwrap_or(raw);
    if inside.contains('!') {
        return inside.ends_with("!s").then(Vec::new);
    }
    let Some((_, spec)) = inside.split_once(':') else {
        return (!inside.contains(',')).then(Vec::new);
    };
    let (between, spec) = spec.strip_prefix(',').map_or(("", spec), |rest| (",", rest));
    Some(match spec {
        "" if between.is_empty() => Vec::new(),
        "s" if between.is_empty() => Vec::new(),
        "d" => vec![Step::Fixed(0, String::new(), between.to_owned())],
        _ => {
            let places =
                spec.strip_prefix('.')?.strip_suffix('f')?.parse::<u32>().ok().filter(|n| *n <= 12)?;
            vec![Step::Fixed(places, ".".to_owned(), between.to_owned())]
        }
    })
}

/// The conversion of `%s`, `%1$s`, `%(name)s`, `%d`, `%.2f`, from behind its sign.
fn printf(raw: &str) -> Option<Vec<Step>> {
    let raw = match raw.strip_prefix('(') {
        Some(named) => named.split_once(')')?.1,
        None => raw,
    };
    let raw = raw.split_once('$').map_or(raw, |(_, rest)| rest);
    let (between, raw) = raw.strip_prefix(',').map_or(("", raw), |rest| (",", rest));
    Some(match raw {
        "s" | "S" | "@" | "v" if between.is_empty() => Vec::new(),
        "d" | "i" | "u" | "ld" | "lld" => vec![Step::Fixed(0, String::new(), between.to_owned())],
        _ => {
            let places =
                raw.strip_prefix('.')?.strip_suffix('f')?.parse::<u32>().ok().filter(|n| *n <= 12)?;
            vec![Step::Fixed(places, ".".to_owned(), between.to_owned())]
        }
    })
}

fn capital(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

fn slice(value: &str, from: i64, count: usize) -> String {
    let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
    let start = if from < 0 { from + length } else { from };
    match usize::try_from(start) {
        Ok(start) => value.chars().skip(start).take(count).collect(),
        Err(_) => String::new(),
    }
}

fn truncated(value: &str, most: usize, end: &str) -> String {
    if value.chars().count() <= most {
        return value.to_owned();
    }
    let kept = most.saturating_sub(end.chars().count());
    value.chars().take(kept).chain(end.chars()).collect()
}

fn escaped(value: &str, quote: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str(quote),
            '\'' => text.push_str("&#39;"),
            c => text.push(c),
        }
    }
    text
}

/// What Python shows of `round(x, places)`: a floating-point number, rounded by its binary value. Not used to count money, only to
/// say what would be sent.
fn float(value: &str, places: usize) -> Option<String> {
    let number: f64 = value.parse().ok()?;
    // Beyond that Python shows an exponent.
    if number.abs() >= 1e15 {
        return None;
    }
    let rounded: f64 = format!("{number:.places$}").parse().ok()?;
    Some(format!("{rounded:?}"))
}

/// A day or moment in the format of `strftime`.
fn dated(value: &str, format: &str) -> Option<String> {
    let plain = value.trim().replace(['/', '.'], "-");
    let moment = plain
        .parse::<DateTime>()
        .ok()
        .or_else(|| plain.parse::<Date>().ok().map(|date| date.at(0, 0, 0, 0)))
        .or_else(|| strtime::parse("%Y%m%d", &plain).ok()?.to_date().ok().map(|date| date.at(0, 0, 0, 0)))?;
    strtime::format(format, moment).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(filters: &[&str], dialect: Dialect) -> Chain {
        let filters: Vec<String> = filters.iter().map(|f| (*f).to_owned()).collect();
        let placeholder = Placeholder { name: "x".to_owned(), filters, ..Placeholder::default() };
        Chain::of(&placeholder, "{{ x | … }}", &dialect)
    }

    #[test]
    fn known_filters_do_what_their_engine_does() {
        for (filters, value, sent) in [
            (&["upcase"][..], "m1", "M1"),
            (&["capitalize"], "sHARP", "Sharp"),
            (&["strip", "append: \"元\""], " 12 ", "12元"),
            (&["replace: '-', '/'"], "2026-06-01", "2026/06/01"),
            (&["slice: -4, 4"], "6222020000001234", "1234"),
            (&["truncate: 5"], "abcdefgh", "ab..."),
            (&["round: 2"], "183.357", "183.36"),
            (&["round: 2"], "1.50", "1.5"),
            (&["round"], "2.5", "3"),
            (&["times: 100", "round"], "0.035", "4"),
            (&["plus: 0.2"], "0.1", "0.3"),
            (&["minus: 1"], "1,000.50", "999.5"),
            (&["ceil"], "-1.2", "-1"),
            (&["floor"], "-1.2", "-2"),
            (&["date: '%Y年%-m月%-d日'"], "2026-06-01", "2026年6月1日"),
            (&["date: \"%d %B %Y\""], "2026-06-01T08:00:00", "01 June 2026"),
            (&["number: 2"], "1234.5", "1234.50"),
        ] {
            let chain = chain(filters, Dialect::Liquid);
            assert_eq!(chain.unapplied, None, "{filters:?}");
            assert_eq!(chain.apply(Some(value)).as_deref(), Some(sent), "{filters:?}");
        }
        for (filters, value, sent) in [
            (&["upper"][..], "m1", "M1"),
            (&["title"], "hello world", "Hello World"),
            (&["round(2)"], "1234.5", "1234.5"),
            (&["round"], "1234", "1234.0"),
            (&["round(2)"], "2.675", "2.67"),
            (&["round", "int"], "42.7", "43"),
            (&["number_format(2, '.', ',')"], "1234567.891", "1,234,567.89"),
            (&["number_format"], "1234.5", "1,235"),
            (&["e"], "a\"<b>", "a&#34;&lt;b&gt;"),
            (&["replace('a', 'b')"], "banana", "bbnbnb"),
        ] {
            let chain = chain(filters, Dialect::Jinja);
            assert_eq!(chain.apply(Some(value)).as_deref(), Some(sent), "{filters:?}");
        }
    }

    #[test]
    fn defaults_stand_in() {
        let liquid = chain(&["default: '0'", "append: '元'"], Dialect::Liquid);
        assert_eq!(liquid.apply(None).as_deref(), Some("0元"));
        assert_eq!(liquid.apply(Some("")).as_deref(), Some("0元"));
        let jinja = chain(&["default('0')", "upper"], Dialect::Jinja);
        assert_eq!(jinja.apply(Some("")).as_deref(), Some(""), "an empty value is a value");
        assert!(chain(&["default: 'x'"], Dialect::Liquid).is_empty(), "known without a chain");
    }

    #[test]
    fn what_is_not_known_is_told_and_changes_nothing() {
        for filters in [&["money"][..], &["upcase", "t: locale"], &["round: digits"], &["date: 'long'"]] {
            let chain = chain(filters, Dialect::Liquid);
            assert_eq!(chain.unapplied.as_deref(), filters.last().copied());
            assert!(chain.is_empty());
        }
        assert_eq!(chain(&["round: 2"], Dialect::Liquid).apply(Some("soon")), None);
    }

    #[test]
    fn formats_are_applied_where_they_are_plain() {
        for (raw, value, sent) in [
            ("{x:,.2f}", "1234.5", "1,234.50"),
            ("{x:.0f}", "2.5", "3"),
            ("{x:,}", "1", ""),
            ("{x:>10}", "1", ""),
            ("{x!r}", "1", ""),
        ] {
            let chain = Chain::of(&Placeholder::default(), raw, &Dialect::PythonFormat);
            assert_eq!(chain.unapplied.is_some(), sent.is_empty(), "{raw}");
            assert!(sent.is_empty() || chain.apply(Some(value)).as_deref() == Some(sent), "{raw}");
        }
        for raw in ["%s", "%1$s", "%(name)s"] {
            let chain = Chain::of(&Placeholder::default(), raw, &Dialect::Printf);
            assert!(chain.is_empty() && chain.unapplied.is_none(), "{raw}");
        }
        let fixed = Chain::of(&Placeholder::default(), "%(amount).2f", &Dialect::Printf);
        assert_eq!(fixed.apply(Some("10")).as_deref(), Some("10.00"));
    }
}
