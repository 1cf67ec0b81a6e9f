//! The tokens of the languages whose blocks stand inside of placeholders: ICU MessageFormat and Fluent.
//!
//! Begin at [`icu`] or [`fluent`]. What may stand somewhere depends on the block around it, so each keeps a
//! stack of the blocks that are open and asks the entry rule for the place it is in. Nothing is read twice,
//! however deep a text nests, and a block without its end costs only itself.

use super::tokens::{Rule, Token, TokenKind, push, read, skip};
use crate::source::Span;

/// A place inside of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where a variant has to begin; whether `#` is a number in it.
    Variants { plural: bool },
    /// In the text of a variant.
    Variant { plural: bool },
}

/// Reads `text` as ICU MessageFormat.
pub(super) fn icu(text: &str, tokens: &mut Vec<Token>) {
    let mut open: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (entry, marks) = match open.last() {
            Some(Place::Variants { .. }) => (Rule::icu_variants, ""),
            Some(Place::Variant { plural: true }) => (Rule::icu_plural, "{}'#"),
            Some(Place::Variant { plural: false }) => (Rule::icu, "{}'"),
            None => (Rule::icu, "{'"),
        };
        if !marks.is_empty() {
            at = skip(marks, text, at, tokens);
        }
        match open.last().copied() {
            Some(Place::Variant { .. }) if text.as_bytes().get(at) == Some(&b'}') => {
                push(tokens, TokenKind::Layout, at, at + 1);
                at += 1;
                open.pop();
            }
            place if at < text.len() => {
                at = read(entry, text, at, tokens);
                match (last(tokens), place) {
                    (Some(TokenKind::Head), _) => {
                        let plural = tokens.last().is_some_and(|head| is_plural(head.span.of_text(text)));
                        open.push(Place::Variants { plural });
                    }
                    (Some(TokenKind::Variant), Some(Place::Variants { plural })) => {
                        open.push(Place::Variant { plural });
                    }
                    (Some(TokenKind::End), _) => drop(open.pop()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// Reads `text`, a pattern whose block indentation is gone, as Fluent.
pub(super) fn fluent(text: &str, tokens: &mut Vec<Token>) {
    let mut open: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (entry, marks) = match open.last() {
            Some(Place::Variants { .. }) => (Rule::fluent_variants, ""),
            Some(Place::Variant { .. }) => (Rule::fluent_content, "{}\n"),
            None => (Rule::fluent, "{}"),
        };
        if !marks.is_empty() {
            at = skip(marks, text, at, tokens);
        }
        if at >= text.len() {
            break;
        }
        let before = tokens.len();
        at = read(entry, text, at, tokens);
        let inside = matches!(open.last(), Some(Place::Variant { .. }));
        match last(tokens) {
            Some(TokenKind::Head) => open.push(Place::Variants { plural: false }),
            Some(TokenKind::Variant) => {
                open.pop();
                open.push(Place::Variant { plural: false });
                trim(text, tokens, before, inside);
            }
            Some(TokenKind::End) => {
                open.pop();
                trim(text, tokens, before, inside);
            }
            _ => {}
        }
    }
}

fn last(tokens: &[Token]) -> Option<TokenKind> {
    tokens.last().map(|token| token.kind)
}

/// Whether the head of a block (`{n, plural,`) is that of a plural.
fn is_plural(head: &str) -> bool {
    let word = head.split(',').nth(1).unwrap_or("").trim();
    matches!(word, "plural" | "selectordinal")
}

/// Takes the blanks at the end of a variant's text, before the token `end`, out of what is sent.
fn trim(text: &str, tokens: &mut Vec<Token>, end: usize, inside: bool) {
    let Some(at) = end.checked_sub(1).filter(|_| inside) else { return };
    let Some(token) = tokens.get_mut(at).filter(|token| token.kind == TokenKind::Text) else { return };
    let span = token.span;
    let kept = span.of_text(text).trim_end().len();
    let middle = Span::of(0, kept).shift(span.start).end;
    if middle == span.end {
        return;
    }
    let layout = Token { span: Span::new(middle, span.end), kind: TokenKind::Layout };
    token.span.end = middle;
    if kept == 0 {
        *token = layout;
    } else {
        tokens.insert(end, layout);
    }
}
