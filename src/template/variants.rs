//! What a message says when a text of its own is sent instead of a value: defaults and the arms of
//! conditional expressions.
//!
//! Begin at [`Template::variants`]. `parse` prints the plain paths only; rules look at these too, because
//! `${amount!"0.00"}` sends an amount that nobody owes.

use super::expression::unescaped;
use super::paths::{MAX_PATHS, Path, PathPiece, Paths};
use super::{Placeholder, Template};
use crate::source::Span;

/// A path, and for which placeholders a text is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// What is sent.
    pub path: Path,
    /// The placeholders that are replaced; empty for a plain path.
    pub replaced: Vec<usize>,
}

impl Template {
    /// The plain paths that can happen, then one path more for each text that can stand in for a
    /// placeholder, on the first path with that placeholder. With more than [`MAX_PATHS`] such texts,
    /// those of all placeholders are replaced together, first by first and second by second.
    pub fn variants(&self, paths: &Paths) -> Vec<Variant> {
        let plain = || paths.feasible.iter().filter_map(|at| paths.list.get(*at));
        let mut variants: Vec<Variant> =
            plain().map(|path| Variant { path: path.clone(), replaced: Vec::new() }).collect();
        let texts: Vec<Vec<PathPiece>> =
            self.placeholders().into_iter().map(|placeholder| self.stand_ins(placeholder)).collect();
        if texts.iter().map(Vec::len).sum::<usize>() <= MAX_PATHS {
            for (at, stand_ins) in texts.iter().enumerate().filter(|(_, stand_ins)| !stand_ins.is_empty()) {
                let holds = |path: &&Path| path.pieces.contains(&PathPiece::Placeholder(at));
                let Some(path) = plain().find(holds).or_else(|| paths.list.iter().find(holds)) else {
                    continue;
                };
                variants.extend(stand_ins.iter().map(|text| replace(path, |n| (n == at).then_some(text))));
            }
        } else {
            let most = texts.iter().map(Vec::len).max().unwrap_or(0);
            let together = (0..most).flat_map(|nth| plain().map(move |path| (nth, path)));
            for (nth, path) in together.take(MAX_PATHS) {
                let text =
                    |n: usize| texts.get(n).and_then(|list: &Vec<PathPiece>| list.get(nth).or(list.last()));
                variants.push(replace(path, text));
            }
        }
        variants
    }

    /// What can be sent instead of a placeholder's value.
    fn stand_ins(&self, placeholder: &Placeholder) -> Vec<PathPiece> {
        let written = |span: &Span| match span.of_text(self.body()) {
            raw if raw.contains('\\') => PathPiece::Escape { span: *span, text: unescaped(raw) },
            _ => PathPiece::Text(*span),
        };
        let mut pieces: Vec<PathPiece> = placeholder.literals.iter().map(written).collect();
        if let Some(default) = &placeholder.default {
            let is_written =
                placeholder.literals.iter().any(|span| unescaped(span.of_text(self.body())) == *default);
            if !is_written {
                pieces.push(PathPiece::Escape { span: placeholder.span, text: default.clone() });
            }
        }
        pieces
    }
}

/// `path` with the placeholders replaced for which `text` has something.
fn replace<'a>(path: &Path, text: impl Fn(usize) -> Option<&'a PathPiece>) -> Variant {
    let mut variant =
        Variant { path: Path { when: path.when.clone(), pieces: Vec::new() }, replaced: Vec::new() };
    for piece in &path.pieces {
        let stand_in = match piece {
            PathPiece::Placeholder(at) => text(*at).inspect(|_| variant.replaced.push(*at)),
            _ => None,
        };
        variant.path.pieces.push(stand_in.unwrap_or(piece).clone());
    }
    variant
}
