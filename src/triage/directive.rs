//! One suppression as it is written: `ignore[threat/visit] until=2027-06-30 reason in words`.
//!
//! Begin at [`parse`]; `grammar/suppression.pest` says what it looks like.

use crate::config::Date;
use crate::source::Span;
use crate::spanned::nearest;
use crate::words::Words;
use pest::Parser;
use pest::error::InputLocation;
use pest::iterators::Pair;

/// The generated parser.
mod generated {
    #![allow(missing_docs, reason = "generated")]

    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/suppression.pest"]
    pub(super) struct SuppressionParser;
}
use generated::{Rule, SuppressionParser};

/// The settings that may stand before the reason.
const SETTINGS: [&str; 2] = ["until", "owner"];

/// What stands in the brackets, until when, and why. Spans count in the text that was parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directive {
    /// Rules (`family/name`) or families (`family:name`), each with its place.
    pub names: Vec<(String, Span)>,
    /// The last day on which it holds.
    pub until: Option<(Date, Span)>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Why; empty when nobody said.
    pub reason: String,
}

/// Why a text is no suppression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The place in the text that was parsed; empty at its end.
    pub at: Span,
    /// What is wrong.
    pub why: Words,
}

/// Reads `text`, which stands behind `dunlint:`.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(text: &str) -> Result<Directive, Malformed> {
    let mut pairs = SuppressionParser::parse(Rule::directive, text).map_err(|error| {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(text.len()),
        };
        Malformed { at: Span::of(at, text.len()), why: form() }
    })?;
    let mut directive = Directive::default();
    for pair in pairs.next().into_iter().flat_map(Pair::into_inner) {
        let span = span_of(&pair);
        match pair.as_rule() {
            Rule::name => directive.names.push((pair.as_str().to_owned(), span)),
            Rule::setting => directive.set(pair)?,
            Rule::reason if says_why(pair.as_str()) => directive.reason = pair.as_str().trim().to_owned(),
            _ => {}
        }
    }
    Ok(directive)
}

impl Directive {
    fn set(&mut self, pair: Pair<'_, Rule>) -> Result<(), Malformed> {
        let span = span_of(&pair);
        let mut inner = pair.into_inner();
        let key = inner.next().map_or("", |key| key.as_str());
        let value = inner.next();
        let written = value.as_ref().map_or(span, span_of);
        let value = match value {
            Some(pair) if pair.as_rule() == Rule::quoted => pair.into_inner().next().map(|p| p.as_str()),
            other => other.map(|p| p.as_str()),
        };
        let value = value.unwrap_or("");
        match key {
            "owner" => self.owner = Some(value.to_owned()),
            "until" => {
                let Some(day) = Date::parse(value) else {
                    let why = Words::new("expected a day such as 2027-06-30", "应为日期，例如 2027-06-30");
                    return Err(Malformed { at: written, why });
                };
                self.until = Some((day, Span::new(span.start + blanks(span, written, key), written.end)));
            }
            _ => {
                let near = nearest(key, SETTINGS).map(|near| format!(" (`{near}`?)")).unwrap_or_default();
                let why = Words::new(
                    format!("unknown setting `{key}`{near}; there are until=YYYY-MM-DD and owner=NAME"),
                    format!("未知的设置 `{key}`{near}；可用 until=YYYY-MM-DD 与 owner=名称"),
                );
                return Err(Malformed {
                    at: Span::new(span.start + blanks(span, written, key), span.end),
                    why,
                });
            }
        }
        Ok(())
    }
}

/// Whether a reason is one: dots and dashes hold its place, and say nothing.
pub(crate) fn says_why(reason: &str) -> bool {
    reason.chars().any(char::is_alphanumeric)
}

/// Bytes of the blanks before a setting, which belong to its match.
fn blanks(setting: Span, value: Span, key: &str) -> u32 {
    let rest = Span::of(0, key.len() + 1).len();
    (value.start - setting.start).saturating_sub(rest)
}

fn span_of(pair: &Pair<'_, Rule>) -> Span {
    let span = pair.as_span();
    Span::of(span.start(), span.end())
}

/// The form that is expected.
fn form() -> Words {
    Words::new(
        "expected `ignore[family/name] until=YYYY-MM-DD reason in words`",
        "应写作 `ignore[类别/规则] until=YYYY-MM-DD 理由`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_are_read() {
        let text = "ignore[threat/visit, family:informal] until=2027-06-30 owner=\"legal team\" 合同约定 a=b";
        let read = parse(text).unwrap();
        let names: Vec<&str> = read.names.iter().map(|(_, span)| span.of_text(text)).collect();
        assert_eq!(names, ["threat/visit", "family:informal"]);
        let (day, span) = read.until.unwrap();
        assert_eq!((day.to_string().as_str(), span.of_text(text)), ("2027-06-30", "until=2027-06-30"));
        assert_eq!((read.owner.as_deref(), read.reason.as_str()), (Some("legal team"), "合同约定 a=b"));
    }

    #[test]
    fn a_dash_before_the_reason_is_none_of_it() {
        for text in ["ignore[a/b] -- why", "ignore[a/b] until=2027-01-01 — why", "ignore[a/b]：why"] {
            assert!(parse(text).unwrap().reason.ends_with("why"), "{text}");
        }
        assert_eq!(parse("ignore[a/b] -- why").unwrap().reason, "why");
        for text in ["ignore[a/b]  ", "ignore[a/b] …", "ignore[a/b] until=2027-01-01 ..."] {
            assert_eq!(parse(text).unwrap().reason, "", "{text}");
        }
    }

    #[test]
    fn mistakes_have_their_place() {
        for (text, marked) in [
            ("ignore threat/visit why", "ignore threat/visit why"),
            ("ignore[] why", "] why"),
            ("ignore[a/b] until=2027-02-30 why", "2027-02-30"),
            ("ignore[a/b] untill=2027-02-03 why", "untill=2027-02-03"),
            ("", ""),
        ] {
            let wrong = parse(text).unwrap_err();
            assert_eq!(wrong.at.of_text(text), marked, "{text}");
        }
    }
}
