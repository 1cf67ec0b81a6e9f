//! Which placeholder language a file is written in, when nobody said so.
//!
//! [`CANDIDATES`] is an ordered list of tests on one text; the first that fits wins. A file is read in one
//! language: the one that wins in most of its messages. The order matters where marks are shared: `${{`
//! is a currency sign before a tag and never `${`, so `{{` is tried first; `{#var#}` also looks like `#var#`
//! and like `{…}`; a single brace or `%` proves least and comes last.

use super::ast::LexError;
use super::dialect::Dialect;
use super::tokens::{Lexer, Token, TokenKind};
use std::collections::BTreeMap;

/// One test: a text that holds `mark` and, read in `dialect`, a placeholder that `proves` it.
struct Candidate {
    dialect: Dialect,
    mark: &'static str,
    /// One of these stands in every such placeholder; with none nothing is asked.
    signs: &'static [&'static str],
    proves: fn(&str, &str, &Token) -> bool,
}

const CANDIDATES: [Candidate; 22] = [
    Candidate { dialect: Dialect::Dlt, mark: "#}", signs: &[], proves: one_word },
    Candidate { dialect: Dialect::AtVar, mark: "@var(", signs: &[], proves: always },
    Candidate { dialect: Dialect::Printf, mark: "%(", signs: &[], proves: always },
    Candidate { dialect: Dialect::FreeMarker, mark: "<#", signs: &[], proves: directive },
    Candidate {
        dialect: Dialect::Velocity,
        mark: "#",
        signs: &["if", "foreach", "set"],
        proves: hash_directive,
    },
    Candidate { dialect: Dialect::Velocity, mark: "$!", signs: &[], proves: quiet },
    Candidate { dialect: Dialect::Liquid, mark: "{%", signs: &[], proves: liquid_block },
    Candidate { dialect: Dialect::Jinja, mark: "{%", signs: &[], proves: block },
    Candidate { dialect: Dialect::GoTemplate, mark: "{{", signs: &[".", "end"], proves: dotted },
    Candidate { dialect: Dialect::Liquid, mark: "{{", signs: &["|"], proves: liquid_filter },
    Candidate { dialect: Dialect::Jinja, mark: "{{", signs: &["|"], proves: filter },
    Candidate {
        dialect: Dialect::Handlebars,
        mark: "{{",
        signs: &["#if", "#unless", "#each", "#with", "else"],
        proves: helper,
    },
    Candidate {
        dialect: Dialect::Mustache,
        mark: "{{",
        signs: &["{{{", "{#", "{^", "{/", "{&"],
        proves: section,
    },
    Candidate { dialect: Dialect::DoubleBrace, mark: "{{", signs: &[], proves: always },
    Candidate { dialect: Dialect::FreeMarker, mark: "${", signs: &["?", "!"], proves: operator },
    Candidate { dialect: Dialect::DollarBrace, mark: "${", signs: &[], proves: always },
    Candidate { dialect: Dialect::Hash, mark: "#", signs: &[], proves: always },
    Candidate { dialect: Dialect::Icu, mark: "{", signs: &[","], proves: icu_block },
    Candidate { dialect: Dialect::Fluent, mark: "{", signs: &["{ $"], proves: fluent_value },
    Candidate { dialect: Dialect::JavaMessageFormat, mark: "{", signs: &[","], proves: java_type },
    Candidate { dialect: Dialect::Brace, mark: "{", signs: &[], proves: short_name },
    Candidate { dialect: Dialect::Printf, mark: "%", signs: &[], proves: plain_conversion },
];

/// The language of one text, if it holds a placeholder of any.
pub fn detect(text: &str, lexer: &mut Lexer) -> Option<Dialect> {
    // Nearly every mark and sign is ruled out by a byte of it that stands nowhere.
    let bytes: [bool; 128] = bytes_of(text);
    let may_hold =
        |mark: &str| mark.bytes().all(|byte| bytes.get(usize::from(byte)).copied().unwrap_or(false));
    let signed = |signs: &[&'static str]| {
        signs.is_empty() || signs.iter().any(|sign| may_hold(sign) && text.contains(sign))
    };
    CANDIDATES
        .iter()
        .filter(|candidate| may_hold(candidate.mark) && signed(candidate.signs))
        .find(|candidate| candidate.fits(text, lexer))
        .map(|candidate| candidate.dialect.clone())
}

/// Which ASCII characters a text holds.
fn bytes_of(text: &str) -> [bool; 128] {
    let mut bytes = [false; 128];
    for byte in text.bytes() {
        if let Some(seen) = bytes.get_mut(usize::from(byte)) {
            *seen = true;
        }
    }
    bytes
}

impl Candidate {
    fn fits(&self, text: &str, lexer: &mut Lexer) -> bool {
        if !text.contains(self.mark) {
            return false;
        }
        lexer
            .read(&self.dialect, text)
            .iter()
            .filter(|token| {
                let unknown = TokenKind::Error(LexError::UnknownPlaceholder);
                matches!(token.kind, TokenKind::Placeholder | TokenKind::Tag | TokenKind::Head)
                    || token.kind == unknown
            })
            .any(|token| (self.proves)(text, token.span.of_text(text), token))
    }
}

fn always(_: &str, _: &str, _: &Token) -> bool {
    true
}

/// `{#var#}`; also a tag outside the set, but not the comment `{# … #}` of another language.
fn one_word(_: &str, tag: &str, _: &Token) -> bool {
    let inside = tag.trim_matches(['{', '#', '}']);
    !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `{% if … %}`
fn block(_: &str, tag: &str, token: &Token) -> bool {
    let inside = tag.trim_matches(['{', '%', '}', '-', '+']).trim_start();
    let word = inside.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    token.kind == TokenKind::Tag
        && matches!(word, "if" | "elif" | "else" | "endif" | "for" | "endfor" | "set" | "with" | "include")
}

/// `<#if a>`, `</#list>`, and not any other thing between such marks.
fn directive(_: &str, tag: &str, _: &Token) -> bool {
    let word = tag.trim_matches(['<', '/', '#', '>']);
    let word = word.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    matches!(word, "if" | "elseif" | "else" | "list" | "assign" | "switch" | "case" | "macro" | "include")
}

/// `#if(…)`, `#foreach(…)`, `#set(…)`; `#end` alone proves nothing.
fn hash_directive(_: &str, tag: &str, _: &Token) -> bool {
    let word = tag.trim_start_matches(['#', '{']);
    tag.ends_with(')') && ["if", "foreach", "set"].iter().any(|known| word.starts_with(known))
}

/// `$!{name}`, `$!name`
fn quiet(_: &str, reference: &str, _: &Token) -> bool {
    reference.starts_with("$!")
}

/// `{% elsif … %}`, `{% case … %}` and kin: what Liquid has and Jinja has not.
fn liquid_block(_: &str, tag: &str, token: &Token) -> bool {
    let inside = tag.trim_matches(['{', '%', '}', '-']).trim_start();
    let word = inside.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    token.kind == TokenKind::Tag
        && matches!(
            word,
            "elsif" | "unless" | "endunless" | "case" | "when" | "endcase" | "assign" | "capture"
        )
}

/// `{{ a | default: "x" }}`: the blank behind the colon is never written in Django.
fn liquid_filter(_: &str, tag: &str, token: &Token) -> bool {
    let argument = |filter: &str| {
        filter.trim_start().split_once(':').is_some_and(|(name, rest)| {
            rest.starts_with(' ') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        })
    };
    token.kind == TokenKind::Placeholder && tag.split('|').skip(1).any(argument)
}

/// `{{.Name}}`, `{{if .Late}}`, `{{end}}`
fn dotted(_: &str, action: &str, token: &Token) -> bool {
    let inside = action.trim_matches(['{', '}', '-']).trim();
    let field = inside.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()));
    let keyword = ["if .", "range .", "with .", "else if ."].iter().any(|start| inside.starts_with(start));
    token.kind == TokenKind::Tag && (field || keyword || inside == "end")
}

/// `${a!"x"}`, `${a!}`, `${a?string("0.00")}`; not `${a ? 'x' : 'y'}` of other languages.
fn operator(_: &str, placeholder: &str, token: &Token) -> bool {
    let inside = placeholder.trim_start_matches(['$', '#', '{']).trim_end_matches('}');
    let end = inside.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '(' | ')'));
    let rest = end.and_then(|end| inside.get(end..)).unwrap_or("");
    let built_in =
        rest.strip_prefix('?').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    let default = rest == "!" || rest.starts_with("!\"") || rest.starts_with("!'");
    token.kind == TokenKind::Placeholder && (built_in || default)
}

/// `{n, plural, …}`, `{stage, select, …}`
fn icu_block(_: &str, _: &str, token: &Token) -> bool {
    token.kind == TokenKind::Head
}

/// `{ $name }`, and the head of a block about a variable.
fn fluent_value(_: &str, placeholder: &str, _: &Token) -> bool {
    placeholder.starts_with("{ $") && placeholder.ends_with([' ', '}', '>'])
}

/// `{1,number,#,##0.00}`
fn java_type(_: &str, placeholder: &str, _: &Token) -> bool {
    let kind = placeholder.trim_end_matches('}').split(',').nth(1).unwrap_or("").trim();
    matches!(kind, "number" | "date" | "time" | "choice")
}

/// `{{ a | filter }}`
fn filter(_: &str, tag: &str, token: &Token) -> bool {
    token.kind == TokenKind::Placeholder && tag.contains('|') && !tag.contains("||")
}

/// `{{#if a}}`, `{{else}}`: what Handlebars has and Mustache has not.
fn helper(_: &str, tag: &str, _: &Token) -> bool {
    let inside = tag.trim_matches(['{', '}', '~']).trim();
    let word = inside.split_whitespace().next().unwrap_or("");
    matches!(word, "#if" | "#unless" | "#each" | "#with" | "else")
}

/// `{{#s}}`, `{{^s}}`, `{{/s}}`, `{{& a}}`, `{{{raw}}}`.
fn section(_: &str, tag: &str, _: &Token) -> bool {
    tag.starts_with("{{{") || tag.trim_start_matches('{').starts_with(['#', '^', '/', '&'])
}

/// `{name}` as people write it: at most 40 characters and none of the signs of JSON or code.
fn short_name(_: &str, placeholder: &str, _: &Token) -> bool {
    placeholder.chars().count() <= 42 && !placeholder.contains(['"', '\'', ':', ';', '='])
}

/// `%s`, `%1$d`, `%.2f`: the conversions that messages use, not glued to a word or a number as in
/// `50%discount` or `年化24%d`.
fn plain_conversion(text: &str, placeholder: &str, token: &Token) -> bool {
    let range = token.span.range();
    let after = text.get(range.end..).and_then(|rest| rest.chars().next());
    let before = text.get(..range.start).and_then(|rest| rest.chars().next_back());
    placeholder.ends_with(['s', 'd', 'i', 'u', 'f', '@'])
        && !after.is_some_and(|c| c.is_ascii_alphabetic())
        && !before.is_some_and(|c| c.is_ascii_digit())
}

/// What the messages of one file say about their language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// The winner of each message, in order; `None` for a text without a mark.
    pub each: Vec<Option<Dialect>>,
    /// The language that wins in most messages (at a tie, the one seen first).
    pub majority: Option<Dialect>,
    /// Whether all placeholders of the winner are numbers in single braces, which MessageFormat and
    /// str.format write the same way.
    pub ambiguous: bool,
}

impl Votes {
    /// Tests each text of a file.
    pub fn count<'a>(texts: impl Iterator<Item = &'a str> + Clone, lexer: &mut Lexer) -> Self {
        let each: Vec<Option<Dialect>> = texts.clone().map(|text| detect(text, lexer)).collect();
        let mut counts: BTreeMap<&Dialect, (usize, usize)> = BTreeMap::new();
        for (at, dialect) in each.iter().enumerate() {
            if let Some(dialect) = dialect {
                counts.entry(dialect).or_insert((0, usize::MAX - at)).0 += 1;
            }
        }
        let majority = counts.into_iter().max_by_key(|(_, count)| *count).map(|(dialect, _)| dialect.clone());
        let ambiguous = majority == Some(Dialect::Brace)
            && texts.zip(&each).filter(|(_, d)| **d == Some(Dialect::Brace)).all(|(text, _)| {
                let tokens = lexer.read(&Dialect::Brace, text).iter();
                tokens.filter(|t| t.kind == TokenKind::Placeholder).all(|t| {
                    let name = t.span.of_text(text).trim_matches(['{', '}']);
                    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
                })
            });
        Self { each, majority, ambiguous }
    }
}

/// Whether a text in which no language was found still holds something that looks like one's marks.
pub fn has_stray_mark(text: &str) -> bool {
    let percent = |rest: &str| rest.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '(');
    text.contains('{') || text.match_indices('%').any(|(at, _)| text.get(at + 1..).is_some_and(percent))
}

/// Whether a text under the ending `.ftl` is a pattern of Fluent and not a template of FreeMarker.
pub fn is_fluent(text: &str) -> bool {
    let free_marker = ["<#", "</#", "<@", "${", "#{"].iter().any(|mark| text.contains(mark));
    !free_marker
        && (text.contains("{ $") || text.contains("{$") || text.contains("{ -") || text.contains("->"))
}
