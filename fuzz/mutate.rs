//! Changes files at random.

use crate::Case;
use crate::seeds::{DIALECTS, PIECES};
use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// No file grows over this many bytes.
const LARGEST: usize = 6_000;

pub(crate) struct Mutator {
    rng: TestRng,
}

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut bytes = [7; 16];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self { rng: TestRng::from_seed(RngAlgorithm::XorShift, &bytes) }
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        self.rng.random_range(0..end.max(1))
    }

    /// Another case of the pool, changed a few times.
    pub(crate) fn next(&mut self, pool: &[Case]) -> Case {
        let from = self.below(pool.len());
        let mut case = pool[from].clone();
        let words = self.below(3) > 0;
        for _ in 0..=self.below(6) {
            if words {
                self.change_text(&mut case, pool);
            } else {
                self.change_bytes(&mut case.bytes);
            }
            case.bytes.truncate(LARGEST);
        }
        match self.below(4) {
            0 => case.dialect = None,
            1 => case.dialect = Some(DIALECTS[self.below(DIALECTS.len())].to_owned()),
            _ => {}
        }
        if self.below(12) == 0 {
            case.spec = String::new();
        }
        case
    }

    /// A border between two characters.
    fn border(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn piece(&mut self) -> String {
        if self.below(6) == 0 {
            let c = char::from_u32(u32::try_from(self.below(0x11_0000)).unwrap_or(0)).unwrap_or('\u{2028}');
            return c.to_string();
        }
        PIECES[self.below(PIECES.len())].to_owned()
    }

    fn change_text(&mut self, case: &mut Case, pool: &[Case]) {
        let Ok(mut text) = String::from_utf8(case.bytes.clone()) else {
            return self.change_bytes(&mut case.bytes);
        };
        let (a, b) = (self.border(&text), self.border(&text));
        let (start, end) = (a.min(b), a.max(b));
        let near = {
            let mut near = (start + self.below(12)).min(text.len());
            while !text.is_char_boundary(near) {
                near -= 1;
            }
            near.max(start)
        };
        match self.below(9) {
            0..=2 => {
                let piece = self.piece();
                text.insert_str(start, &piece);
            }
            3 => text.replace_range(start..near, ""),
            4 => {
                let piece = self.piece();
                text.replace_range(start..near, &piece);
            }
            5 => {
                let copy = text[start..end].to_owned();
                text.insert_str(end, &copy);
            }
            6 => text.truncate(end),
            7 => {
                let piece = self.piece().repeat(self.below(40));
                text.insert_str(start, &piece);
            }
            _ => {
                let other = self.below(pool.len());
                if let Ok(other) = std::str::from_utf8(&pool[other].bytes) {
                    let (c, d) = (self.border(other), self.border(other));
                    text.insert_str(start, &other[c.min(d)..c.max(d)]);
                }
            }
        }
        case.bytes = text.into_bytes();
    }

    fn change_bytes(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        match self.below(5) {
            0 => bytes.insert(at, self.rng.random()),
            1 if at < bytes.len() => bytes[at] = self.rng.random(),
            2 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            3 => {
                let end = (at + self.below(8)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                const MARKS: [&[u8]; 6] =
                    [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF", b"\0", b"\r\n", b"\x84\x31\x95\x33"];
                let mark = MARKS[self.below(MARKS.len())];
                let place = if self.below(2) == 0 { 0 } else { at };
                bytes.splice(place..place, mark.iter().copied());
            }
        }
    }
}
