//! The words that are worth hiding, and how their characters sound and look.
//!
//! Begin at [`SOUNDS`]. The tables come from `scripts/make-tables.py`; the words from `policies/obfuscation.toml`.

use super::tables::{READINGS, SHAPES, sound};
use foldhash::HashMap;
use std::sync::LazyLock;

const WORDS: &str = include_str!("../../policies/tables/words.tsv");
const ORDINARY: &str = include_str!("../../policies/tables/ordinary.tsv");

/// Syllables are fewer than this.
const SYLLABLES: usize = 512;

/// A word that is worth hiding.
#[derive(Debug, Default)]
pub(super) struct Word {
    pub(super) chars: Vec<char>,
    /// The pinyin of each character, without tones.
    pub(super) syllables: Vec<&'static str>,
    /// The number of each syllable.
    pub(super) sounds: Vec<u16>,
    /// Its pinyin alone stands for it.
    pub(super) by_pinyin: bool,
    /// Its initials alone stand for it.
    pub(super) by_initials: bool,
    /// So do its initials in capitals.
    pub(super) by_capitals: bool,
    /// Spellings of it that are in use, with a blank between.
    pub(super) known: &'static str,
}

/// All words, by how they can begin.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    words: Vec<Word>,
    by_sound: Vec<Vec<u16>>,
    by_letter: Vec<Vec<u16>>,
    /// By letter: one bit for each letter that follows it at the beginning of some word, in pinyin or as the next
    /// initial.
    openings: Vec<u32>,
    /// One bit for each pair of sounds that follow each other in a word.
    pairs: Vec<u64>,
    /// By sound: one bit for each letter that can stand for what follows it in a word.
    initials: Vec<u32>,
    /// The pairs of characters that follow each other in a word, sorted.
    plain: Vec<(char, char)>,
    /// What a character is taken for.
    lookalikes: HashMap<char, Vec<char>>,
    /// By the first part: all parts, and the character they are parts of.
    parts: HashMap<char, Vec<(Vec<char>, char)>>,
}

/// Read when the first Chinese text is.
pub(super) static SOUNDS: LazyLock<Sounds> = LazyLock::new(Sounds::read);

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

impl Sounds {
    fn read() -> Self {
        let mut numbers: HashMap<&str, u16> = HashMap::default();
        for (line, number) in lines(READINGS).zip(1..) {
            numbers.insert(line.split('\t').next().unwrap_or(""), number);
        }
        let mut all = Self {
            by_sound: vec![Vec::new(); SYLLABLES],
            by_letter: vec![Vec::new(); 26],
            openings: vec![0; 26],
            pairs: vec![0; SYLLABLES * SYLLABLES / 64],
            initials: vec![0; SYLLABLES],
            ..Self::default()
        };
        for line in lines(WORDS) {
            let mut cells = line.split('\t');
            let mut next = || cells.next().unwrap_or("");
            let (chars, syllables, flags, known) = (next(), next(), next(), next());
            let word = Word {
                chars: chars.chars().collect(),
                syllables: syllables.split(' ').collect(),
                by_pinyin: flags.contains('p'),
                by_initials: flags.contains('i'),
                by_capitals: flags.contains('I'),
                known,
                ..Word::default()
            };
            all.add(word, &numbers);
        }
        all.plain.sort_unstable();
        for (plain, items) in lines(SHAPES).filter_map(|line| line.split_once('\t')) {
            let Some(plain) = plain.chars().next() else { continue };
            for item in items.split(' ') {
                let chars: Vec<char> = item.chars().collect();
                match chars.as_slice() {
                    [one] => all.lookalikes.entry(*one).or_default().push(plain),
                    [first, ..] => all.parts.entry(*first).or_default().push((chars.clone(), plain)),
                    [] => {}
                }
            }
        }
        all
    }

    fn add(&mut self, mut word: Word, numbers: &HashMap<&str, u16>) {
        // Characters of several sounds (行, 还) are looked for by the one that the table gives them.
        let spoken = |(c, s): (&char, &&str)| match sound(*c) {
            0 => numbers.get(s).copied().unwrap_or(0),
            sound => sound,
        };
        word.sounds = word.chars.iter().zip(&word.syllables).map(spoken).collect();
        let id = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
        let first = word.sounds.first().map_or(0, |s| *s as usize);
        self.by_sound.get_mut(first).into_iter().for_each(|list| list.push(id));
        let initial = word.syllables.first().and_then(|s| s.bytes().next()).unwrap_or(b'a');
        let aliases: &[u8] = if word.chars.first() == Some(&'微') { b"v" } else { b"" };
        let of_pinyin = word.syllables.first().and_then(|s| s.chars().nth(1));
        let next = word.syllables.get(1).and_then(|s| s.chars().next());
        let alias = (word.chars.get(1) == Some(&'微')).then_some('v');
        // lv is also spelled lu.
        let second = [of_pinyin, next, alias, Some('u').filter(|_| initial == b'l')];
        let opening = second.into_iter().flatten().fold(0, |bits, letter| bits | letter_bit(letter));
        for letter in aliases.iter().chain([&initial]) {
            let place = usize::from(letter.wrapping_sub(b'a'));
            self.by_letter.get_mut(place).into_iter().for_each(|list| list.push(id));
            self.openings.get_mut(place).into_iter().for_each(|bits| *bits |= opening);
        }
        for (c, s) in word.chars.windows(2).zip(word.sounds.windows(2)) {
            if let ([c1, c2], [s1, s2]) = (c, s) {
                self.plain.push((*c1, *c2));
                let (at, bit) = place(*s1, *s2);
                self.pairs.get_mut(at).into_iter().for_each(|bits| *bits |= bit);
            }
        }
        for (index, next) in word.syllables.iter().enumerate().skip(1) {
            let sound = word.sounds.get(index - 1).map_or(0, |sound| usize::from(*sound));
            let alias = if word.chars.get(index) == Some(&'微') { letter_bit('v') } else { 0 };
            let bits = next.chars().next().map_or(0, letter_bit) | alias;
            self.initials.get_mut(sound).into_iter().for_each(|known| *known |= bits);
        }
        self.words.push(word);
    }

    /// Whether two characters that follow each other sound like a part of some word.
    #[inline]
    pub(super) fn is_pair(&self, first: u16, second: u16) -> bool {
        let (at, bit) = place(first, second);
        self.pairs.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// Whether `letter` can stand for what follows a character of the sound `first` in some word.
    #[inline]
    pub(super) fn is_initial(&self, first: u16, letter: char) -> bool {
        self.initials.get(usize::from(first)).is_some_and(|bits| bits & letter_bit(letter) != 0)
    }

    /// Whether some word is spelled with letters that begin so.
    #[inline]
    pub(super) fn opens(&self, first: char, second: char) -> bool {
        let letter = u32::from(first).wrapping_sub(u32::from('a')) as usize;
        self.openings.get(letter).is_some_and(|bits| bits & letter_bit(second) != 0)
    }

    /// Whether two characters follow each other in some word.
    pub(super) fn is_plain(&self, first: char, second: char) -> bool {
        self.plain.binary_search(&(first, second)).is_ok()
    }

    /// The words that may begin with `c`.
    pub(super) fn words_at(&self, c: char) -> impl Iterator<Item = &Word> {
        let letter = if c.is_ascii_lowercase() { c as usize - 'a' as usize } else { usize::MAX };
        let heard = self.by_sound.get(usize::from(sound(c))).filter(|_| sound(c) > 0);
        let spelled = self.by_letter.get(letter);
        let alike = self.lookalikes.get(&c).into_iter().flatten();
        let whole = self.parts.get(&c).into_iter().flatten().map(|(_, whole)| whole);
        let seen = alike.chain(whole).filter_map(move |c| self.by_sound.get(usize::from(sound(*c))));
        let ids = heard.into_iter().chain(spelled).chain(seen).flatten();
        ids.filter_map(|id| self.words.get(usize::from(*id)))
    }

    /// Whether `c` is taken for `plain`.
    pub(super) fn looks_like(&self, c: char, plain: char) -> bool {
        self.lookalikes.get(&c).is_some_and(|all| all.contains(&plain))
    }

    /// How many characters at the beginning of `chars` are the parts of `whole`.
    pub(super) fn parts_of(&self, chars: &[char], whole: char) -> Option<usize> {
        let all = self.parts.get(chars.first()?)?;
        all.iter().find(|(parts, of)| *of == whole && chars.starts_with(parts)).map(|(parts, _)| parts.len())
    }
}

/// The bit of a letter.
fn letter_bit(letter: char) -> u32 {
    1 << (u32::from(letter).wrapping_sub(u32::from('a')) % 32)
}

fn place(first: u16, second: u16) -> (usize, u64) {
    let bit = usize::from(first) * SYLLABLES + usize::from(second);
    (bit / 64, 1 << (bit % 64))
}

/// Whether `second` follows `first` inside some ordinary word.
pub(super) fn is_ordinary(first: char, second: char) -> bool {
    follows(first).is_some_and(|list| list.contains(second))
}

/// Whether the character is often a word by itself.
pub(super) fn is_function_word(c: char) -> bool {
    follows('*').is_some_and(|list| list.contains(c))
}

/// Whether the character can be a word by itself.
pub(super) fn is_possible_word(c: char) -> bool {
    follows('+').is_some_and(|list| list.contains(c))
}

/// The line of a character in the table. Read only where a word seems to be hidden, so it is not indexed.
fn follows(first: char) -> Option<&'static str> {
    let mut head = [0; 6];
    let len = {
        let mut spelling = [0; 4];
        let spelling = first.encode_utf8(&mut spelling).as_bytes();
        let len = spelling.len();
        head.first_mut().into_iter().for_each(|b| *b = b'\n');
        head.get_mut(1..=len)?.copy_from_slice(spelling);
        head.get_mut(len + 1).into_iter().for_each(|b| *b = b'\t');
        len + 2
    };
    let at = memchr::memmem::find(ORDINARY.as_bytes(), head.get(..len)?)? + len;
    ORDINARY.get(at..)?.lines().next()
}

#[cfg(test)]
mod tests {
    use super::{SOUNDS, is_function_word, is_ordinary};

    #[test]
    fn ordinary_neighbours_are_known() {
        assert!(is_ordinary('素', '材') && is_ordinary('威', '信') && is_function_word('是'));
        assert!(!is_ordinary('起', '素') && !is_ordinary('征', '芯') && !is_function_word('芯'));
    }

    /// The table of words is made from the policy: a word added there without running the script is not
    /// looked for.
    #[test]
    fn the_words_of_the_policy_are_in_the_table() {
        let policy: toml::Table = include_str!("../../policies/obfuscation.toml").parse().unwrap();
        for term in ["sensitive", "disguisable"] {
            let words = policy["term"][term]["words"]["zh-Hans"].as_array().unwrap();
            for word in words.iter().filter_map(|w| w.as_str()).filter(|w| !w.is_ascii()) {
                let chars: Vec<char> = word.chars().collect();
                let known = SOUNDS.words.iter().find(|known| known.chars == chars);
                assert!(known.is_some_and(|known| !known.sounds.contains(&0)), "{word}");
            }
        }
    }
}
