//! What the tags of Liquid, FreeMarker, Velocity and Go templates do: each begins with a keyword.
//!
//! Begin at the function of the language; [`super::tags::read`] calls it.

use super::ast::CondKind;
use super::dialect::Dialect;
use super::escapes;
use super::tags::{Tag, first_word};

/// A keyword at the start of `text`, and what follows it, trimmed.
fn keyword(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (word, rest.trim())
}

/// `if a`, given what stands between `{%` and `%}`. Also Braze.
pub(super) fn liquid(inside: &str) -> Tag<'_> {
    let (word, rest) = keyword(inside);
    match word {
        "if" => Tag::open(CondKind::If, rest, "endif"),
        "unless" => Tag::open(CondKind::Unless, rest, "endunless"),
        "for" => Tag::open(CondKind::Loop, rest, "endfor"),
        "tablerow" => Tag::open(CondKind::Loop, rest, "endtablerow"),
        "case" => Tag::choice(rest, "endcase"),
        "elsif" | "when" => Tag::Branch(Some(rest)),
        "else" => Tag::Branch(None),
        // What is captured is sent where it is printed: its words are read where they stand. A comment or raw
        // block gets here only without its end.
        "capture" => Tag::around("endcapture"),
        "comment" => Tag::around("endcomment"),
        "raw" => Tag::around("endraw"),
        "ifchanged" => Tag::around("endifchanged"),
        // Statements on lines of their own are not followed, so none may print or branch.
        "liquid" if rest.lines().all(is_silent) => Tag::Silent,
        "liquid" => Tag::Malformed,
        "echo" => Tag::Output,
        _ if word.starts_with("end") => Tag::Close(word),
        _ => Tag::Silent,
    }
}

/// Whether a statement of `{% liquid %}` prints nothing, whatever the values are.
fn is_silent(line: &str) -> bool {
    matches!(first_word(line).0, "" | "#" | "assign" | "increment" | "decrement")
}

/// `<#if a>`, `</#if>`, `<@macro a=1/>`.
pub(super) fn freemarker(whole: &str) -> Tag<'_> {
    let inside = whole.strip_suffix('>').unwrap_or(whole);
    if let Some(end) = inside.strip_prefix("</") {
        return match end.strip_prefix('#').map(str::trim) {
            // Blocks that only change how their inside is written, or may be left open.
            Some("assign" | "global" | "local" | "macro" | "function" | "items" | "sep" | "compress") => {
                Tag::Silent
            }
            Some("escape" | "noescape" | "autoesc" | "noautoesc" | "outputformat" | "transform") => {
                Tag::Silent
            }
            Some(word) => Tag::Close(word),
            None => Tag::Silent,
        };
    }
    let closed = inside.strip_suffix('/').unwrap_or(inside);
    let Some(directive) = closed.strip_prefix("<#") else {
        // A macro by itself prints what nobody here knows; one around text prints that text.
        return if inside.ends_with('/') { Tag::Output } else { Tag::Silent };
    };
    let (word, rest) = keyword(directive);
    match word {
        "if" => Tag::open(CondKind::If, rest, "if"),
        "list" => Tag::open(CondKind::Loop, rest, "list"),
        "foreach" => Tag::open(CondKind::Loop, rest, "foreach"),
        "switch" => Tag::choice(rest, "switch"),
        "attempt" => Tag::open(CondKind::If, "attempt", "attempt"),
        "noparse" => Tag::around("noparse"),
        "elseif" | "elseIf" | "case" | "on" => Tag::Branch(Some(rest)),
        "else" | "default" | "recover" => Tag::Branch(None),
        "assign" | "global" | "local" | "macro" | "function" | "items" | "sep" | "compress" | "escape"
        | "noescape" | "noEscape" | "autoesc" | "autoEsc" | "noautoesc" | "noAutoEsc" | "outputformat"
        | "outputFormat" | "transform" | "import" | "include" | "setting" | "ftl" | "t" | "lt" | "rt"
        | "nt" | "return" | "stop" | "visit" | "recurse" | "fallback" | "nested" | "flush" | "break"
        | "continue" => Tag::Silent,
        _ => Tag::Malformed,
    }
}

/// `#if($a)`, `#{else}`, `#end`.
pub(super) fn velocity(whole: &str) -> Tag<'_> {
    let directive = whole.strip_prefix('#').unwrap_or(whole);
    if directive.starts_with('@') {
        return Tag::around("end");
    }
    let (word, rest) = match directive.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some(split) => split,
        None => keyword(directive),
    };
    let rest = rest.trim();
    let condition = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest).trim();
    match word {
        "if" => Tag::open(CondKind::If, condition, "end"),
        "foreach" => Tag::open(CondKind::Loop, condition, "end"),
        "macro" => Tag::around("end"),
        // `#define($x)` holds a text, unlike `#set`.
        "define" => Tag::around("end"),
        "elseif" => Tag::Branch(Some(condition)),
        "else" => Tag::Branch(None),
        "end" => Tag::Close("end"),
        _ => Tag::Silent,
    }
}

/// `{{if .A}}`. A `-` trims blanks only beside one: `{{-3}}` is a number.
pub(super) fn go(whole: &str) -> Tag<'_> {
    let inside = whole.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or("");
    let inside =
        inside.strip_prefix('-').filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(inside);
    let inside =
        inside.strip_suffix('-').filter(|rest| rest.ends_with(char::is_whitespace)).unwrap_or(inside);
    let inside = inside.trim();
    if inside.bytes().any(|byte| byte.is_ascii_digit()) && inside.parse::<f64>().is_ok() {
        return Tag::Literal(inside.to_owned());
    }
    if let Some(text) = escapes::literal(&Dialect::GoTemplate, inside) {
        return Tag::Literal(text);
    }
    let (word, rest) = keyword(inside);
    match word {
        "if" => Tag::open(CondKind::If, rest, "end"),
        "with" => Tag::open(CondKind::With, rest, "end"),
        "range" => Tag::open(CondKind::Loop, rest, "end"),
        "define" | "block" => Tag::around("end"),
        "else" => match first_word(rest) {
            ("", _) => Tag::Branch(None),
            ("if" | "with", condition) => Tag::Branch(Some(condition)),
            _ => Tag::Malformed,
        },
        "end" if rest.is_empty() => Tag::Close("end"),
        "break" | "continue" if rest.is_empty() => Tag::Silent,
        _ if inside.is_empty() => Tag::Malformed,
        _ if is_assignment(inside) => Tag::Silent,
        _ => Tag::Output,
    }
}

/// `$x := .A`, `$x = .A`.
fn is_assignment(inside: &str) -> bool {
    let Some(rest) = inside.strip_prefix('$') else { return false };
    let (_, rest) = keyword(rest);
    rest.starts_with(":=") || (rest.starts_with('=') && !rest.starts_with("=="))
}
