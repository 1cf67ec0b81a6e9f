//! `repeat`: signs in a row (`!!`), or a run of words in capitals.

use super::{Kind, Context, Hit};
use crate::message::View;
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Repeat {
    /// More than so many of these characters in a row.
    Signs { of: Vec<char>, more_than: usize },
    /// A run of at least so many words in capitals.
    Capitals(usize),
}

impl Kind for Repeat {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        if let Some(words) = fields.number("capitals") {
            return Some(Repeat::Capitals(words as usize));
        }
        fields.demand("of");
        let of: Vec<char> =
            fields.texts("of").iter().flat_map(|(t, _)| compiler.fold(t).chars().collect::<Vec<_>>()).collect();
        let more_than = fields.number("more-than").unwrap_or(1) as usize;
        Some(Repeat::Signs { of, more_than })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let body = &context.message.template.record.body.text;
        if let Self::Capitals(words) = self
            && !has_capitals(body, *words)
        {
            return;
        }
        for (view, _) in context.paths() {
            let runs = match self {
                Self::Signs { of, .. } if !has_any(&view.folded.text, of) => continue,
                Self::Signs { of, more_than } => signs(view, of, *more_than),
                Self::Capitals(words) => capitals(view, body, *words),
            };
            hits.extend(runs.into_iter().map(|run| Hit::new(view.folded.to_body(run), &view.when)));
        }
    }
}

/// Whether a text may hold so many words in capitals: most texts need no closer look.
fn has_capitals(body: &str, words: usize) -> bool {
    if !body.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_uppercase)) {
        return false;
    }
    let (mut capitals, mut found) = (0, 0);
    for c in body.chars() {
        match c {
            'A'..='Z' => {
                capitals += 1;
                found += usize::from(capitals == 2);
            }
            'a'..='z' | '0'..='9' | '\'' | '-' => {}
            '\0'..='\x7f' => capitals = 0,
            // Ideographs and the usual signs between them.
            '\u{2600}'..='\u{9fff}' | '\u{ff00}'..='\u{ff20}' => {}
            _ if c.is_uppercase() => return true,
            _ => {}
        }
    }
    found >= words
}

/// Whether a text holds one of these characters; the usual ones are signs of ASCII, found by their bytes.
fn has_any(text: &str, of: &[char]) -> bool {
    of.iter().any(|c| match u8::try_from(*c) {
        Ok(byte) if byte.is_ascii() => memchr::memchr(byte, text.as_bytes()).is_some(),
        _ => text.contains(*c),
    })
}

/// Runs of more than `more_than` of these characters.
fn signs(view: &View, of: &[char], more_than: usize) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut run: Option<(usize, usize)> = None;
    let ended = [(view.folded.text.len(), '\0')];
    for (at, c) in view.folded.text.char_indices().chain(ended) {
        match (&mut run, of.contains(&c)) {
            (Some((_, count)), true) => *count += 1,
            (None, true) => run = Some((at, 1)),
            (Some((start, count)), false) => {
                if *count > more_than {
                    runs.push(Span::of(*start, at));
                }
                run = None;
            }
            (None, false) => {}
        }
    }
    runs
}

/// Runs of at least `least` words of two or more capital letters; figures inside a run do not end it.
fn capitals(view: &View, body: &str, least: usize) -> Vec<Span> {
    let mut runs = Vec::new();
    let (mut start, mut end, mut words) = (0u32, 0u32, 0usize);
    for word in words_of(view, body) {
        match word.case {
            Case::Capitals => {
                start = if words == 0 { word.span.start } else { start };
                end = word.span.end;
                words += 1;
            }
            Case::Figure if words > 0 => {}
            _ => {
                if words >= least {
                    runs.push(Span::new(start, end));
                }
                words = 0;
            }
        }
    }
    if words >= least {
        runs.push(Span::new(start, end));
    }
    runs
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Capitals,
    Figure,
    Other,
}

struct Word {
    span: Span,
    case: Case,
}

/// The words of the folded text with the case they have in the body.
fn words_of(view: &View, body: &str) -> Vec<Word> {
    let text = view.folded.text.as_str();
    let mut words = Vec::new();
    let mut from: Option<usize> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || c == '\'' || c == '-';
        match (from, inside) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                let span = Span::of(start, at);
                words.push(Word { span, case: case_of(view.folded.to_body(span).of_text(body)) });
                from = None;
            }
            _ => {}
        }
        // A sentence ends a run of capitals; so does a placeholder.
        if !inside && !c.is_whitespace() && !matches!(c, ',' | '!' | '?' | '.' | '"' | '*') {
            words.push(Word { span: Span::of(at, at), case: Case::Other });
        }
    }
    words
}

fn case_of(word: &str) -> Case {
    let letters = || word.chars().filter(|c| c.is_alphabetic());
    if letters().next().is_none() {
        return Case::Figure;
    }
    let capitals = letters().all(|c| c.is_uppercase()) && letters().count() >= 2;
    if capitals { Case::Capitals } else { Case::Other }
}
