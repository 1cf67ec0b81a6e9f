//! Distances and borders in a folded text: how many tokens lie between two bytes, and where the clause or
//! sentence of a byte ends.

use super::passage::Passage;
use crate::facts::Role;
use crate::text::clauses::Clause;

/// Per byte of a text: tokens begun before it, and the clause it belongs to. Filled anew for each text.
#[derive(Debug, Default)]
pub(super) struct Grid {
    tokens: Vec<u16>,
    clauses: Vec<u16>,
    /// The sentence of each clause.
    sentences: Vec<u32>,
    /// The first byte behind each clause that is no longer of it.
    ends: Vec<usize>,
}

impl Grid {
    /// Measures the text of `passage`.
    pub(super) fn fill(&mut self, text: &str, passage: &Passage) {
        self.tokens.clear();
        self.clauses.clear();
        self.sentences.clear();
        self.ends.clear();
        self.borders(&passage.clauses.list, text.len());
        let (mut count, mut at_clause, mut in_word) = (0u16, 0u16, false);
        let mut next_clause = self.end_of(at_clause);
        for (at, c) in text.char_indices() {
            if at >= next_clause {
                at_clause = at_clause.saturating_add(1);
                next_clause = self.end_of(at_clause);
            }
            let len = c.len_utf8();
            self.tokens.extend(std::iter::repeat_n(count, len));
            self.clauses.extend(std::iter::repeat_n(at_clause, len));
            let wide = is_wide(c);
            let word = !wide && is_letter(c);
            let begins = if word { !in_word } else { wide || Role::from_character(c).is_some() };
            in_word = word || (in_word && matches!(c, '.' | '\'' | ','));
            count = count.saturating_add(u16::from(begins));
        }
        self.tokens.push(count);
        self.clauses.push(at_clause);
    }

    /// A clause reaches to where the next one starts, so a mark that ends it still counts to it.
    fn borders(&mut self, clauses: &[Clause], end: usize) {
        self.sentences.extend(clauses.iter().map(|clause| clause.sentence));
        self.ends.extend(clauses.iter().skip(1).map(|clause| clause.span.start as usize));
        self.ends.push(end);
    }

    fn end_of(&self, clause: u16) -> usize {
        self.ends.get(usize::from(clause)).copied().unwrap_or(usize::MAX)
    }

    pub(super) fn clause_at(&self, at: usize) -> u16 {
        self.clauses.get(at).copied().unwrap_or(0)
    }

    pub(super) fn sentence_of(&self, clause: u16) -> u32 {
        self.sentences.get(usize::from(clause)).copied().unwrap_or(0)
    }

    /// The last byte at which something may begin that stands at most `max` tokens behind `at`, in the same
    /// clause, or with `far` in the same sentence. A mark that ends a clause still counts to it, so `at` is in
    /// the clause of the word before it, and at the start of a clause in the one that starts.
    pub(super) fn reach(&self, max: u16, far: bool, at: usize) -> usize {
        // One more than the bytes of the text: a position behind the last one.
        let len = self.tokens.len().saturating_sub(1);
        let border = self.border(self.clause_at(at), far).min(len);
        let within = self.tokens.get(at..border).unwrap_or_default();
        let most = within.first().copied().unwrap_or(0).saturating_add(max);
        let near = at + within.partition_point(|tokens| *tokens <= most);
        if near >= len { len } else { near.saturating_sub(1).max(at) }
    }

    /// Where the clause or its sentence ends.
    fn border(&self, clause: u16, far: bool) -> usize {
        let sentence = self.sentence_of(clause);
        let mut last = clause;
        while far && self.sentences.get(usize::from(last) + 1).is_some_and(|next| *next == sentence) {
            last += 1;
        }
        self.end_of(last)
    }
}

/// Characters that make up words together.
fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        // Marks and placeholders, which are most of what is left: no table need be asked.
        '\u{2000}'..='\u{206f}'
        | '\u{3001}'..='\u{3004}'
        | '\u{3008}'..='\u{301f}'
        | '\u{e000}'..='\u{f8ff}' => false,
        _ => c.is_alphabetic(),
    }
}

/// Characters of which each counts as one token.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{312f}' | '\u{ac00}'..='\u{d7a3}')
}
