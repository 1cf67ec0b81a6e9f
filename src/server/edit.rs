//! How one text became another, and where a place in the first stands in the second.

use crate::finding::Finding;
use crate::source::Span;

/// One stretch of text that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// What went, in the old text.
    pub(super) gone: Span,
    /// What came, in the new text; it starts where the other started.
    pub(super) came: Span,
}

impl Change {
    /// The smallest change that makes `new` of `old`; `None` when they are equal.
    pub(super) fn between(old: &str, new: &str) -> Option<Self> {
        let shorter = old.len().min(new.len());
        let mut start =
            alike(old.as_bytes().chunks(STRIDE), new.as_bytes().chunks(STRIDE), |chunk| chunk.iter());
        if start == shorter && old.len() == new.len() {
            return None;
        }
        while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
            start -= 1;
        }
        let (ends, new_ends) = (old.as_bytes().rchunks(STRIDE), new.as_bytes().rchunks(STRIDE));
        let same = alike(ends, new_ends, |chunk| chunk.iter().rev());
        let mut same = same.min(shorter - start);
        while !old.is_char_boundary(old.len() - same) || !new.is_char_boundary(new.len() - same) {
            same -= 1;
        }
        Some(Self { gone: Span::of(start, old.len() - same), came: Span::of(start, new.len() - same) })
    }

    /// Where `span` of the old text stands in the new one. What was changed in part covers the change.
    pub(super) fn moved(self, span: Span) -> Span {
        let after = |at: u32| at - self.gone.end + self.came.end;
        if span.end <= self.gone.start {
            span
        } else if span.start >= self.gone.end {
            Span::new(after(span.start), after(span.end))
        } else {
            let end = if span.end >= self.gone.end { after(span.end) } else { self.came.end };
            Span::new(span.start.min(self.gone.start), end)
        }
    }

    /// Moves all places of a finding.
    pub(super) fn carry(self, finding: &mut Finding) {
        finding.primary = self.moved(finding.primary);
        finding.labels.iter_mut().for_each(|label| label.span = self.moved(label.span));
        let edits = finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
        edits.for_each(|edit| edit.span = self.moved(edit.span));
    }
}

/// Bytes that are compared at once.
const STRIDE: usize = 1024;

/// How many bytes two texts have in common, read in the order of their chunks, and inside a chunk in that of `bytes`.
fn alike<'t, I: Iterator<Item = &'t u8>>(
    old: impl Iterator<Item = &'t [u8]>,
    new: impl Iterator<Item = &'t [u8]>,
    bytes: impl Fn(&'t [u8]) -> I,
) -> usize {
    let mut count = 0;
    for (a, b) in old.zip(new) {
        if a == b {
            count += a.len();
            continue;
        }
        return count + bytes(a).zip(bytes(b)).take_while(|(a, b)| a == b).count();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_makes_one_text_of_the_other() {
        for (old, new) in [
            ("", "中"),
            ("中文", "中"),
            ("aaa", "aa"),
            ("上门催收", "上门x催收"),
            (&"长".repeat(3000), &format!("{}短{}", "长".repeat(2000), "长".repeat(1000))),
            (&"长".repeat(1024), &"长".repeat(2048)),
            // Two characters that share their first or last bytes.
            ("a中b", "a丮b"),
            ("😀", "😁"),
        ] {
            let change = Change::between(old, new).unwrap();
            let (start, end) = (change.gone.start as usize, change.gone.end as usize);
            let made = format!("{}{}{}", &old[..start], change.came.of_text(new), &old[end..]);
            assert_eq!(made, new);
        }
        assert_eq!(Change::between("中文", "中文"), None);
    }

    #[test]
    fn places_move_with_the_text() {
        let change = Change::between("abcXYdef", "abc123def").unwrap();
        let moved = |start, end| change.moved(Span::new(start, end));
        assert_eq!((moved(0, 3), moved(5, 8)), (Span::new(0, 3), Span::new(6, 9)));
        assert_eq!(
            (moved(2, 4), moved(4, 6), moved(0, 8)),
            (Span::new(2, 6), Span::new(3, 7), Span::new(0, 9))
        );
    }
}
