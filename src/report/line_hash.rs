//! The hash by which GitHub recognises a line from one upload to the next (`primaryLocationLineHash`), as its
//! codeql-action computes it: a rolling hash over the hundred characters from the start of the line on.

use std::collections::HashMap;

/// Characters of the window.
const WINDOW: usize = 100;
/// What the hash is multiplied with at each step.
const FACTOR: u64 = 37;

/// The hashes of the lines of `text`, in order; equal ones are numbered. Units are those of UTF-16.
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut hasher = Hasher {
        window: [0; WINDOW],
        lines: [None; WINDOW],
        index: 0,
        hash: 0,
        first: (0..WINDOW).fold(1, |power: u64, _| power.wrapping_mul(FACTOR)),
        counts: HashMap::new(),
        hashes: Vec::new(),
    };
    let (mut line_start, mut after_return) = (true, false);
    for unit in text.encode_utf16().chain([0xffff]) {
        if unit == 0x20 || unit == 0x09 || (after_return && unit == 0x0a) {
            after_return = false;
            continue;
        }
        after_return = unit == 0x0d;
        let unit = if after_return { 0x0a } else { unit };
        hasher.put(line_start, u64::from(unit));
        line_start = unit == 0x0a;
    }
    for _ in 0..WINDOW {
        hasher.put(false, 0);
    }
    hasher.hashes
}

struct Hasher {
    window: [u64; WINDOW],
    /// Whether a line starts at the place of the window, and which.
    lines: [Option<usize>; WINDOW],
    index: usize,
    hash: u64,
    first: u64,
    counts: HashMap<u64, usize>,
    hashes: Vec<String>,
}

impl Hasher {
    fn put(&mut self, starts_line: bool, unit: u64) {
        let (Some(old), Some(line)) = (self.window.get_mut(self.index), self.lines.get_mut(self.index))
        else {
            return;
        };
        if line.take().is_some() {
            let count = self.counts.entry(self.hash).or_default();
            *count += 1;
            self.hashes.push(format!("{:x}:{count}", self.hash));
        }
        if starts_line {
            *line = Some(self.index);
        }
        let stepped = FACTOR.wrapping_mul(self.hash).wrapping_add(unit);
        self.hash = stepped.wrapping_sub(self.first.wrapping_mul(*old));
        *old = unit;
        self.index = (self.index + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::line_hashes;

    /// Values of the tests of codeql-action.
    #[test]
    fn line_hash_vectors() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        let four = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        for text in [" a\nb\n  \t\tc\n d", " a\rb\r  \t\tc\r d", " a\r\nb\r\n  \t\tc\r\n d"] {
            assert_eq!(line_hashes(text), four, "{text:?}");
        }
    }
}
