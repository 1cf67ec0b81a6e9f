//! The tokens of a language whose marks are two literals from the configuration.
//!
//! Begin at [`lex`]. As in the grammar, the inside of a placeholder holds no second opener and no line end,
//! and an opener without its end is an error of its own bytes.

use super::ast::LexError;
use super::dialect::Custom;
use super::tokens::{Token, TokenKind, push};

/// Reads `text`, whose placeholders stand between `marks`, into `tokens`.
pub(super) fn lex(marks: &Custom, text: &str, tokens: &mut Vec<Token>) {
    let (open, close) = (marks.open.as_str(), marks.close.as_str());
    if open.is_empty() || close.is_empty() {
        return push(tokens, TokenKind::Text, 0, text.len());
    }
    let find = |what: &str, from: usize, to: usize| text.get(from..to).and_then(|part| part.find(what));
    let (mut done, mut line_end) = (0, 0);
    while let Some(found) = find(open, done, text.len()) {
        let start = done + found;
        let inside = start + open.len();
        push(tokens, TokenKind::Text, done, start);
        if line_end < inside {
            line_end = find("\n", inside, text.len()).map_or(text.len(), |at| inside + at);
        }
        // The search for the end stops at the next opener, so no byte is searched more than twice.
        let reach = match find(open, inside, line_end) {
            Some(next) if open != close => border(text, line_end.min(inside + next + close.len())),
            _ => line_end,
        };
        done = match find(close, inside, reach) {
            Some(length) => {
                let end = inside + length + close.len();
                push(tokens, TokenKind::Placeholder, start, end);
                end
            }
            None => {
                push(tokens, TokenKind::Error(LexError::UnclosedPlaceholder), start, inside);
                inside
            }
        };
    }
    push(tokens, TokenKind::Text, done, text.len());
}

/// The first character border of `text` at or behind byte `at`.
fn border(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
