//! All words of all phrases, found in one pass over a folded text.
//!
//! Begin at [`Needles::find`]. The words are sorted and indexed by their first three characters: at each
//! place of the text three look-ups say which few words could begin there. Chinese words share so few
//! beginnings that this is as fast as an automaton, and it is ready in a fraction of the time, which is
//! what a pre-commit hook waits for.

use super::packed;
use serde::{Deserialize, Serialize, Serializer};
use std::cmp::Ordering;
use std::ops::Range;

/// A word.
#[derive(Debug, PartialEq, Eq, Hash, Clone, PartialOrd, Ord)]
pub(crate) struct Needle {
    /// As the folded text spells it. Not empty.
    pub(crate) text: String,
    /// Further Latin letters may follow.
    pub(crate) more: bool,
}

/// Sorted words and the index of their beginnings. Only the words are stored; the index is made anew.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Words")]
pub(crate) struct Needles {
    words: Words,
    /// Open addressing: a power of two of slots, at most half of them taken.
    slots: Vec<Slot>,
}

/// Words, sorted. The number of a word is its place here.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Words {
    /// One after the other.
    text: String,
    /// Where each ends in `text`.
    #[serde(with = "packed")]
    ends: Vec<u32>,
    /// Whether further Latin letters may follow it.
    #[serde(with = "packed")]
    more: Vec<bool>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The first three characters; 0 is a free slot, since no word begins with U+0000.
    key: u64,
    start: u32,
    end: u32,
}

/// The first character of a key, of 21 bits as every character.
fn key(first: char) -> u64 {
    u64::from(u32::from(first)) << 42
}

/// The key of the first three characters; those that a word lacks are 0.
fn key_of(text: &str) -> Option<u64> {
    let mut chars = text.chars();
    let first = key(chars.next()?);
    let mut next = || chars.next().map_or(0, u64::from);
    Some(first | next() << 21 | next())
}

impl Words {
    fn start(&self, number: u32) -> u32 {
        number.checked_sub(1).and_then(|before| self.ends.get(before as usize)).copied().unwrap_or(0)
    }

    /// The word and where the next one starts.
    fn get(&self, number: u32, start: u32) -> (&[u8], u32) {
        let end = self.ends.get(number as usize).copied().unwrap_or(start);
        (self.text.as_bytes().get(start as usize..end as usize).unwrap_or_default(), end)
    }
}

impl Serialize for Needles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.words.serialize(serializer)
    }
}

impl From<Words> for Needles {
    fn from(words: Words) -> Self {
        let mut runs: Vec<Slot> = Vec::with_capacity(words.ends.len());
        let mut start = 0;
        for (number, end) in (0..).zip(&words.ends) {
            let word = words.text.get(start..*end as usize).unwrap_or("");
            start = *end as usize;
            let Some(key) = key_of(word) else { continue };
            match runs.last_mut() {
                Some(run) if run.key == key => run.end = number + 1,
                _ => runs.push(Slot { key, start: number, end: number + 1 }),
            }
        }
        let slots = vec![Slot::default(); (runs.len() * 2).next_power_of_two().max(2)];
        let mut needles = Self { words, slots };
        for run in runs {
            let at = needles.slot_of(run.key);
            if let Some(slot) = needles.slots.get_mut(at) {
                *slot = run;
            }
        }
        needles
    }
}

impl Needles {
    /// Indexes words, which are sorted and not empty.
    pub(crate) fn new<'n>(sorted: impl IntoIterator<Item = &'n Needle>) -> Self {
        let mut words = Words::default();
        for needle in sorted {
            words.text.push_str(&needle.text);
            words.ends.push(u32::try_from(words.text.len()).unwrap_or(u32::MAX));
            words.more.push(needle.more);
        }
        Self::from(words)
    }

    /// Where `key` stands, or the free slot where it would.
    fn slot_of(&self, key: u64) -> usize {
        let mask = self.slots.len().saturating_sub(1);
        // Fibonacci hashing: only the highest bits of the product depend on all characters.
        let bits = self.slots.len().trailing_zeros().clamp(1, 63);
        let mut at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize & mask;
        while self.slots.get(at).is_some_and(|slot| slot.key != 0 && slot.key != key) {
            at = (at + 1) & mask;
        }
        at
    }

    /// The numbers of the words that begin so.
    fn run(&self, key: u64) -> Range<u32> {
        self.slots.get(self.slot_of(key)).map_or(0..0, |slot| slot.start..slot.end)
    }

    /// Calls `found` with the number and byte range of every word in `text`, in the order of the text. A
    /// Latin word counts only as a whole: its language decides its borders, and no author writes them.
    pub(crate) fn find(&self, text: &str, mut found: impl FnMut(u32, usize, usize)) {
        if self.slots.is_empty() {
            return;
        }
        let mut chars = text.char_indices();
        let mut inside_word = false;
        while let Some((at, first)) = chars.next() {
            let is_latin = first.is_ascii_alphanumeric();
            let part = is_latin && inside_word;
            inside_word = is_latin;
            if part {
                continue;
            }
            let mut key = key(first);
            let mut prefix = first.len_utf8();
            self.find_at(text, at, prefix, self.run(key), &mut found);
            let mut ahead = chars.clone();
            for shift in [21, 0] {
                let Some((_, next)) = ahead.next() else { break };
                key |= u64::from(next) << shift;
                prefix += next.len_utf8();
                self.find_at(text, at, prefix, self.run(key), &mut found);
            }
        }
    }

    /// Calls `found` for each word of `run` that stands at byte `at`. Their first `prefix` bytes do.
    #[inline]
    fn find_at(
        &self,
        text: &str,
        at: usize,
        prefix: usize,
        run: Range<u32>,
        found: &mut impl FnMut(u32, usize, usize),
    ) {
        if run.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let rest = bytes.get(at + prefix..).unwrap_or_default();
        let latin = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        let mut start = self.words.start(run.start);
        for number in run {
            let (word, next) = self.words.get(number, start);
            start = next;
            let word = word.get(prefix..).unwrap_or_default();
            // The words are sorted: behind one that is greater than the text none can stand there.
            match word.first().map(|byte| rest.first().map(|first| byte.cmp(first))) {
                Some(Some(Ordering::Greater) | None) => break,
                Some(Some(Ordering::Less)) => continue,
                Some(Some(Ordering::Equal)) if !rest.starts_with(word) => continue,
                _ => {}
            }
            let mut end = at + prefix + word.len();
            if latin(end) && latin(end - 1) {
                if !self.words.more.get(number as usize).copied().unwrap_or(false) {
                    continue;
                }
                while latin(end) {
                    end += 1;
                }
            }
            found(number, at, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str], text: &str) -> Vec<String> {
        let words = words.iter().map(|word| {
            let (text, more) = word.strip_suffix('*').map_or((*word, false), |w| (w, true));
            Needle { text: text.to_owned(), more }
        });
        let mut words: Vec<Needle> = words.collect();
        words.sort_unstable();
        let mut list = Vec::new();
        Needles::new(&words).find(text, |_, start, end| list.push(text[start..end].to_owned()));
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
