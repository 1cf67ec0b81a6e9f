//! What a spelling stands for whose own characters say so: quoted text and string literals.
//!
//! Begin at [`stands_for`].

use super::dialect::Dialect;
use super::expression::unescaped;

/// What the spelling `whole` stands for in `dialect`.
pub(super) fn stands_for(dialect: &Dialect, whole: &str) -> String {
    match dialect {
        Dialect::JavaMessageFormat | Dialect::Icu => quoted(whole),
        Dialect::Fluent => fluent(whole),
        // Two backslashes are one.
        Dialect::Velocity => whole.get(..whole.len() / 2).unwrap_or("").to_owned(),
        _ => whole.to_owned(),
    }
}

/// The text of an output that is one string literal and nothing else (`{{"{{"}}`, `${r"${x}"}`), given what
/// stands between its marks. `None` for anything else, and for a string with an interpolation of its own.
pub(super) fn literal(dialect: &Dialect, inside: &str) -> Option<String> {
    let inside = inside.trim();
    let (raw, string) = match (dialect, inside.strip_prefix('r')) {
        (Dialect::FreeMarker, Some(rest)) => (true, rest),
        // Liquid knows no backslashes.
        (Dialect::Liquid | Dialect::Braze, _) => (true, inside),
        _ => (inside.starts_with('`'), inside),
    };
    let quotes: &[char] = if *dialect == Dialect::GoTemplate { &['"', '`'] } else { &['"', '\''] };
    let quote = string.chars().next().filter(|first| quotes.contains(first))?;
    let text = string.strip_prefix(quote)?.strip_suffix(quote)?;
    let interpolates =
        *dialect == Dialect::FreeMarker && !raw && (text.contains("${") || text.contains("#{"));
    if interpolates || ends_inside(text, quote, raw) {
        return None;
    }
    Some(if raw { text.to_owned() } else { unescaped(text) })
}

/// Whether `quote` ends the string before its last character, or a backslash keeps the last quote in it.
fn ends_inside(text: &str, quote: char, raw: bool) -> bool {
    let mut escaped = false;
    for character in text.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if !raw => escaped = true,
            _ if character == quote => return true,
            _ => {}
        }
    }
    escaped
}

/// `''` is an apostrophe, `'{0}'` is its inside; without a partner the first apostrophe quotes all that follows.
fn quoted(whole: &str) -> String {
    if whole == "''" {
        return "'".to_owned();
    }
    let inside = whole.strip_prefix('\'').unwrap_or(whole);
    // The apostrophes of the inside are pairs, so an odd number at the end holds the closing one.
    let closing = (inside.len() - inside.trim_end_matches('\'').len()) % 2 == 1;
    let inside = if closing { inside.strip_suffix('\'').unwrap_or(inside) } else { inside };
    inside.replace("''", "'")
}

/// `{ "{" }`, `{ "\u00A0" }`, `{ 5 }`.
fn fluent(whole: &str) -> String {
    let inside = whole.trim_start_matches('{').trim_end_matches('}').trim();
    // The braces of the string itself were not trimmed: a quote stands between them and the marks.
    let Some(text) = inside.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return inside.to_owned();
    };
    let mut sent = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        sent.push_str(before);
        let digits = match after.chars().next() {
            Some('u') => 4,
            Some('U') => 6,
            _ => 0,
        };
        let code = after.get(1..1 + digits).filter(|_| digits > 0);
        match code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)) {
            Some(character) => {
                sent.push(character);
                rest = after.get(1 + digits..).unwrap_or("");
            }
            None => {
                let mut characters = after.chars();
                sent.extend(characters.next());
                rest = characters.as_str();
            }
        }
    }
    sent.push_str(rest);
    sent
}
