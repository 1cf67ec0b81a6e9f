//! All words of all phrases, found in one pass over a folded text.
//!
//! Begin at [`Needles::find`]. The words are sorted and indexed by their first two characters: at each
//! place of the text one look-up says which few words could begin there. Chinese words share so few
//! beginnings that this is as fast as an automaton, and it is ready in a fraction of the time, which is
//! what a pre-commit hook waits for.

use serde::{Deserialize, Serialize};

/// A word.
#[derive(Debug, PartialEq, Eq, Hash, Clone, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Needle {
    /// As the folded text spells it. Not empty.
    pub(crate) text: String,
    /// Further Latin letters may follow.
    pub(crate) more: bool,
}

/// Sorted words and the index of their beginnings.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Needles {
    /// Words by text, with the number they were added under.
    words: Vec<(Needle, u32)>,
    /// Open addressing: a power of two of slots, at most half of them taken.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Slot {
    /// The first two characters; 0 is a free slot, since no word begins with U+0000.
    key: u64,
    start: u32,
    end: u32,
}

/// The first character, and the second or 0.
fn key(first: char, second: Option<char>) -> u64 {
    (u64::from(u32::from(first)) << 32) | u64::from(second.map_or(0, u32::from))
}

fn key_of(text: &str) -> Option<u64> {
    let mut chars = text.chars();
    Some(key(chars.next()?, chars.next()))
}

impl Needles {
    /// Indexes `words`, each with its number.
    pub(crate) fn new(mut words: Vec<(Needle, u32)>) -> Self {
        words.retain(|(needle, _)| !needle.text.is_empty());
        words.sort_unstable();
        let mut runs: Vec<Slot> = Vec::new();
        for (index, (needle, _)) in words.iter().enumerate() {
            let Some(key) = key_of(&needle.text) else { continue };
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            match runs.last_mut() {
                Some(run) if run.key == key => run.end = index + 1,
                _ => runs.push(Slot { key, start: index, end: index + 1 }),
            }
        }
        let mut needles = Self { words, slots: Vec::new() };
        needles.slots = vec![Slot::default(); (runs.len() * 2).next_power_of_two().max(2)];
        for run in runs {
            let at = needles.slot_of(run.key);
            if let Some(slot) = needles.slots.get_mut(at) {
                *slot = run;
            }
        }
        needles
    }

    /// Where `key` stands, or the free slot where it would.
    fn slot_of(&self, key: u64) -> usize {
        let mask = self.slots.len().saturating_sub(1);
        // Fibonacci hashing: the high bits of the product are well mixed.
        let mut at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        while self.slots.get(at).is_some_and(|slot| slot.key != 0 && slot.key != key) {
            at = (at + 1) & mask;
        }
        at
    }

    fn run(&self, key: u64) -> &[(Needle, u32)] {
        let Some(slot) = self.slots.get(self.slot_of(key)) else { return &[] };
        self.words.get(slot.start as usize..slot.end as usize).unwrap_or_default()
    }

    /// Calls `found` with the number and byte range of every word in `text`, in the order of the text. A
    /// Latin word counts only as a whole: its language decides its borders, and no author writes them.
    pub(crate) fn find(&self, text: &str, mut found: impl FnMut(u32, usize, usize)) {
        if self.slots.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let latin = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        let mut chars = text.char_indices().peekable();
        let mut inside_word = false;
        while let Some((at, first)) = chars.next() {
            let is_latin = first.is_ascii_alphanumeric();
            let part = is_latin && inside_word;
            inside_word = is_latin;
            if part {
                continue;
            }
            let second = chars.peek().map(|(_, c)| *c);
            let rest = &bytes[at..];
            for key in
                [key(first, None), key(first, second)].into_iter().take(1 + usize::from(second.is_some()))
            {
                for (needle, number) in self.run(key) {
                    if !rest.starts_with(needle.text.as_bytes()) {
                        continue;
                    }
                    let mut end = at + needle.text.len();
                    if latin(end) && latin(end - 1) {
                        if !needle.more {
                            continue;
                        }
                        while latin(end) {
                            end += 1;
                        }
                    }
                    found(*number, at, end);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str], text: &str) -> Vec<String> {
        let words = words.iter().zip(0..).map(|(word, number)| {
            let (text, more) = word.strip_suffix('*').map_or((*word, false), |w| (w, true));
            (Needle { text: text.to_owned(), more }, number)
        });
        let mut list = Vec::new();
        Needles::new(words.collect()).find(text, |_, start, end| list.push(text[start..end].to_owned()));
        list
    }

    #[test]
    fn words_overlap_and_share_beginnings() {
        let list = found(&["上门", "上门催收", "门", "催收"], "将上门催收");
        assert_eq!(list, ["上门", "上门催收", "门", "催收"]);
    }

    #[test]
    fn latin_words_are_whole() {
        assert_eq!(found(&["arrest", "rest"], "arrested, arrest; the rest"), ["arrest", "rest"]);
        assert_eq!(found(&["arrest*"], "you will be arrested"), ["arrested"]);
        assert_eq!(found(&["visit your home"], "we visit your home"), ["visit your home"]);
        assert_eq!(found(&["f院"], "去f院 cf院"), ["f院"]);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert!(found(&[], "上门").is_empty());
        assert!(found(&["上门"], "").is_empty());
    }
}
