//! Which parts of a folded text belong together.
//!
//! A clause ends at `,` (not inside a number) `;` `。` `!` `?` `…` `——` `|`, at a line end, at ` - ` and at
//! a full stop; `、` and `:` do not end it. A sentence ends at `;` `。` `!` `?`, at a line end and at a full
//! stop: a `.` before a blank or the end, unless an abbreviation stands before it. Folding has made the
//! full-width marks half-width (`，` stays between two digits and ends a clause there); `。` stays.

use super::fold::Folded;
use crate::facts::Role;
use crate::source::Span;

/// A stretch of text without a comma or stronger break inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Where it stands in the folded text, without its breaks and the blanks around it.
    pub span: Span,
    /// Number of its sentence, from 0.
    pub sentence: u32,
}

/// The clauses of a folded text, in order.
#[derive(Clone, Debug, Default)]
pub struct Clauses {
    /// Sorted, not overlapping, none empty.
    pub list: Vec<Clause>,
}

/// What a mark ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Break {
    Clause,
    Sentence,
}

impl Clauses {
    /// The clauses of a folded text.
    pub fn of(folded: &Folded) -> Self {
        Self::of_text(&folded.text)
    }

    /// The clauses of a text that is folded already.
    pub fn of_text(text: &str) -> Self {
        let mut clauses = Self::default();
        let bytes = text.as_bytes();
        let (mut start, mut at, mut sentence) = (0, 0, 0);
        while let Some(&byte) = bytes.get(at) {
            let Some((kind, len)) = break_at(text, at, byte) else {
                at += 1;
                continue;
            };
            clauses.add(text, start, at, sentence);
            at += len;
            start = at;
            sentence += u32::from(kind == Break::Sentence);
        }
        clauses.add(text, start, text.len(), sentence);
        clauses.renumber();
        clauses
    }

    /// Index of the clause that holds byte `at`, or of the nearest one before it.
    pub fn at(&self, at: u32) -> usize {
        self.list.partition_point(|c| c.span.start <= at).saturating_sub(1)
    }

    /// Number of the sentence that byte `at` is in; `None` in a text without clauses.
    pub fn sentence_at(&self, at: u32) -> Option<u32> {
        self.list.get(self.at(at)).map(|clause| clause.sentence)
    }

    /// The folded span of a whole sentence, from its first to its last clause.
    pub fn sentence(&self, number: u32) -> Option<Span> {
        let first = self.list.partition_point(|c| c.sentence < number);
        let end = self.list.partition_point(|c| c.sentence <= number);
        let clauses = self.list.get(first..end)?;
        Some(clauses.first()?.span.join(clauses.last()?.span))
    }

    fn add(&mut self, text: &str, start: usize, end: usize, sentence: u32) {
        let inside = text.get(start..end).unwrap_or("");
        let from = start + (inside.len() - inside.trim_start_matches(' ').len());
        let to = start + inside.trim_end_matches(' ').len();
        if from < to {
            self.list.push(Clause { span: Span::of(from, to), sentence });
        }
    }

    /// Numbers the sentences without gaps: several marks in a row (`!!!`) end one sentence.
    fn renumber(&mut self) {
        let (mut number, mut last) = (0, self.list.first().map_or(0, |c| c.sentence));
        for clause in &mut self.list {
            if clause.sentence != last {
                last = clause.sentence;
                number += 1;
            }
            clause.sentence = number;
        }
    }
}

/// The break whose first byte is `byte` at `at`, and its length in bytes.
fn break_at(text: &str, at: usize, byte: u8) -> Option<(Break, usize)> {
    let bytes = text.as_bytes();
    let next = bytes.get(at + 1).copied();
    match byte {
        b';' | b'!' | b'?' | b'\n' => Some((Break::Sentence, 1)),
        b'|' => Some((Break::Clause, 1)),
        b',' => (!in_figure(bytes, at)).then_some((Break::Clause, 1)),
        b'-' => dash(bytes, at).map(|len| (Break::Clause, len)),
        b'.' if next == Some(b'.') => {
            let len = bytes.get(at..).unwrap_or_default().iter().take_while(|b| **b == b'.').count();
            Some((Break::Clause, len))
        }
        b'.' => full_stop(text, at).then_some((Break::Sentence, 1)),
        0xE2 | 0xE3 | 0xEF => {
            let rest = text.get(at..)?;
            match rest.chars().next()? {
                '。' => Some((Break::Sentence, 3)),
                '…' | '—' | '―' | '，' => Some((Break::Clause, 3)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether the comma at `at` groups the digits of a number: a digit before it, three (or two, as in India:
/// 1,00,000) after it.
fn in_figure(bytes: &[u8], at: usize) -> bool {
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count()
    };
    let before = at.checked_sub(1).and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    before && (digits(at + 1) == 3 || digits(at + 1) == 2 && bytes.get(at + 3) == Some(&b','))
}

/// The length of a dash that stands alone: ` - ` or two and more hyphens.
fn dash(bytes: &[u8], at: usize) -> Option<usize> {
    let len = bytes.get(at..).unwrap_or_default().iter().take_while(|b| **b == b'-').count();
    let blank = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(|b| *b == b' ');
    (len > 1 || blank(at.checked_sub(1)) && blank(Some(at + 1))).then_some(len)
}

/// Words before a `.` that does not end a sentence.
const TITLES: [&str; 16] = [
    "mr", "mrs", "ms", "dr", "st", "vs", "inc", "ltd", "co", "dept", "acct", "approx", "incl", "jr", "sr",
    "prof",
];
/// The same, when a number follows.
const BEFORE_NUMBER: [&str; 9] = ["rs", "no", "nos", "ksh", "kshs", "art", "sec", "amt", "ref"];

/// Whether the `.` at `at` ends a sentence.
fn full_stop(text: &str, at: usize) -> bool {
    let after = text.get(at + 1..).unwrap_or("");
    let closing = after.trim_start_matches(['"', '\'', ')', ']', '」', '』']);
    if !(closing.is_empty() || closing.starts_with([' ', '\n'])) {
        return false;
    }
    let before = text.get(..at).unwrap_or("");
    let word = last_word(before);
    let rest = closing.trim_start_matches(' ');
    let is_number = |c: char| c.is_ascii_digit() || Role::from_character(c).is_some();
    match word {
        "" => true,
        // An initial or the end of a.m., p.a.
        w if w.len() == 1 && w.as_bytes()[0].is_ascii_alphabetic() => rest.is_empty(),
        w if TITLES.contains(&w) => rest.is_empty(),
        w if BEFORE_NUMBER.contains(&w) => !rest.starts_with(is_number),
        _ => true,
    }
}

/// The ASCII letters just before the end of `text`, at most nine.
fn last_word(text: &str) -> &str {
    let bytes = text.as_bytes();
    let len = bytes.iter().rev().take(9).take_while(|b| b.is_ascii_alphabetic()).count();
    text.get(text.len() - len..).unwrap_or("")
}
