//! Words spelled by their sound or shape: 起素, 征芯, qi诉, f院, tongxunlu, gjf, 氵去院, 上 / 门.
//!
//! Begin at [`find`]. Only words of the tables are looked for ([`super::sounds`]), only at places that a
//! quick look over the text found odd, and [`super::evidence`] decides whether a spelling hides a word.

use super::disguise::{Edit, LONGEST_RUN};
use super::evidence::{self, Spelling};
use super::fold::{Folded, HiddenKind};
use super::sounds::{SOUNDS, Sounds, Word};
use super::tables::{has_shape, is_ideograph, sound, sound_and_shape};
use crate::facts::Role;

/// How many characters before an odd place a word may begin.
const REACH: usize = 6;
/// The longest run of letters that may stand for characters.
const LONGEST_LETTERS: usize = 24;

/// How a character of a word is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// As it is.
    Plain,
    /// By another of the same sound.
    Sound,
    /// By one that looks like it.
    Shape,
    /// By its parts.
    Parts,
    /// By its pinyin.
    Pinyin,
    /// By the first letter of its pinyin.
    Initial,
}

impl How {
    pub(super) const fn is_letters(self) -> bool {
        matches!(self, Self::Pinyin | Self::Initial)
    }
}

/// Where one character of a word is spelled, in characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) how: How,
}

/// Marks the words that are spelled so. Edits are sorted.
pub(super) fn find(folded: &Folded, body: &str, edits: &mut Vec<(usize, Edit)>) {
    let sounds = &*SOUNDS;
    let odd = odd_places(&folded.text, sounds);
    if odd.is_empty() {
        return;
    }
    let chars: Vec<char> = folded.text.chars().collect();
    let is_small = |at: usize| {
        let origin = folded.origins.get(at).map_or("", |o| o.body.of_text(body));
        !origin.starts_with(char::is_uppercase)
    };
    let mut units = Vec::new();
    let mut next = 0;
    for place in odd {
        for at in place.saturating_sub(REACH).max(next)..=place {
            if at < next || !may_begin(&chars, at, sounds) {
                continue;
            }
            if let Some((word, spelled)) = best_at(&chars, at, sounds, &is_small, &mut units) {
                next = spelled.last().map_or(next, |unit| unit.end);
                apply(&chars, word, &spelled, edits);
            }
        }
        next = next.max(place.saturating_sub(REACH));
    }
}

/// Places where something may be spelled by sound or shape, in characters, sorted.
fn odd_places(text: &str, sounds: &Sounds) -> Vec<usize> {
    let mut odd = Vec::new();
    // The ideograph before, and how many other signs stand behind it.
    let mut last: Option<(char, u16, usize)> = None;
    let mut inside_word = false;
    for (index, c) in text.chars().enumerate() {
        if c.is_ascii_alphanumeric() {
            if !inside_word && c.is_ascii_lowercase() {
                odd.push(index);
            }
            inside_word = true;
            last = None;
            continue;
        }
        inside_word = false;
        let (heard, shape) = sound_and_shape(c);
        if shape {
            odd.push(index);
        } else if heard > 0 {
            if let Some((before, sound_before, gap)) = last
                && sounds.is_pair(sound_before, heard)
                && sounds.is_plain(before, c) == (gap > 0)
            {
                odd.push(index);
            }
        } else {
            last = last.filter(|l| c != '\n' && l.2 < LONGEST_RUN).map(|(c, s, gap)| (c, s, gap + 1));
            continue;
        }
        last = Some((c, heard, 0));
    }
    odd
}

/// Whether a word can begin at `at`, as far as its next character tells, be it beside it or behind
/// separators. Nearly every place ends here.
fn may_begin(chars: &[char], at: usize, sounds: &Sounds) -> bool {
    // Nearly every Latin word ends here.
    if let Some([first, second]) = chars.get(at..at + 2)
        && first.is_ascii_lowercase()
        && second.is_ascii_lowercase()
    {
        return sounds.opens(*first, *second);
    }
    let heard = match chars.get(at).map(|c| sound_and_shape(*c)) {
        Some((sound, false)) => sound,
        _ => 0,
    };
    let goes_on = |next: usize| {
        chars.get(next).is_some_and(|c| match sound_and_shape(*c) {
            (_, true) => true,
            (0, _) if c.is_ascii_lowercase() => sounds.is_initial(heard, *c),
            (0, _) => is_ideograph(*c),
            (sound, _) => sounds.is_pair(heard, sound),
        })
    };
    heard == 0 || goes_on(at + 1) || goes_on(skip_separators(chars, at + 1))
}

/// The word that is spelled at `at`: the one that takes most of the text, of several the longest.
fn best_at<'s>(
    chars: &[char],
    at: usize,
    sounds: &'s Sounds,
    is_small: &dyn Fn(usize) -> bool,
    units: &mut Vec<Unit>,
) -> Option<(&'s Word, Vec<Unit>)> {
    let first = *chars.get(at)?;
    let is_letter = first.is_ascii_alphanumeric();
    if is_letter && at.checked_sub(1).and_then(|i| chars.get(i)).is_some_and(char::is_ascii_alphanumeric) {
        return None;
    }
    let mut best: Option<(&Word, Vec<Unit>)> = None;
    for word in sounds.words_at(first) {
        units.clear();
        if !spell(chars, at, word, 0, sounds, units) {
            continue;
        }
        let spelling = Spelling { chars, units, word, is_small };
        let size = |w: &Word, u: &[Unit]| (u.last().map_or(0, |unit| unit.end), w.chars.len());
        let larger = best.as_ref().is_none_or(|(w, u)| size(word, units) > size(w, u));
        if larger && evidence::hides(&spelling) {
            best = Some((word, units.clone()));
        }
    }
    best
}

/// Spells the characters of `word` from the `index`-th on at `at`; the units tell how. Tries the plain way
/// first, and full pinyin before initials.
fn spell(
    chars: &[char],
    at: usize,
    word: &Word,
    index: usize,
    sounds: &Sounds,
    units: &mut Vec<Unit>,
) -> bool {
    let is_inside = at > 0
        && chars.get(at - 1).is_some_and(char::is_ascii_alphanumeric)
        && chars.get(at).is_some_and(char::is_ascii_alphanumeric);
    let after_letters = units.last().is_some_and(|unit| unit.how.is_letters());
    let Some(&plain) = word.chars.get(index) else { return !(is_inside && after_letters) };
    let go_on = |start: usize, len: usize, how: How, units: &mut Vec<Unit>| {
        units.push(Unit { at: start, end: start + len, how });
        let fits = spell(chars, start + len, word, index + 1, sounds, units);
        if !fits {
            units.pop();
        }
        fits
    };
    let mut starts = [Some(at), None];
    if index > 0 && !is_inside {
        // A sign that has a sound of its own (薇❤) is rather a separator (薇❤信).
        starts = [Some(skip_separators(chars, at)).filter(|start| *start != at), Some(at)];
    }
    for start in starts.into_iter().flatten() {
        let Some(&c) = chars.get(start) else { continue };
        if c.is_ascii_lowercase() {
            let begins = start == 0 || !chars.get(start - 1).is_some_and(char::is_ascii_alphanumeric);
            let goes_on = after_letters && start == at;
            if !begins && !goes_on {
                continue;
            }
            for (len, how) in
                letters(chars.get(start..).unwrap_or_default(), word, index).into_iter().flatten()
            {
                if go_on(start, len, how, units) {
                    return true;
                }
            }
            continue;
        }
        let heard = word.sounds.get(index).is_some_and(|s| *s > 0 && *s == sound(c));
        let how = match c {
            _ if c == plain => Some(How::Plain),
            _ if has_shape(c) && sounds.looks_like(c, plain) => Some(How::Shape),
            _ if heard => Some(How::Sound),
            _ => None,
        };
        if how.is_some_and(|how| go_on(start, 1, how, units)) {
            return true;
        }
        let parts = has_shape(c).then(|| sounds.parts_of(chars.get(start..).unwrap_or_default(), plain));
        if parts.flatten().is_some_and(|len| go_on(start, len, How::Parts, units)) {
            return true;
        }
    }
    false
}

/// How letters can spell the `index`-th character: by its pinyin, by its initial.
fn letters(chars: &[char], word: &Word, index: usize) -> [Option<(usize, How)>; 2] {
    let Some(syllable) = word.syllables.get(index) else { return [None, None] };
    let begins = |text: &str| text.chars().zip(chars).filter(|(a, b)| a == *b).count() == text.len();
    let pinyin = begins(syllable) || *syllable == "lv" && begins("lu");
    let initial =
        syllable.get(..1).is_some_and(begins) || word.chars.get(index) == Some(&'微') && begins("v");
    [pinyin.then_some((syllable.len(), How::Pinyin)), initial.then_some((1, How::Initial))]
}

/// Where the separators from `at` on end, if they are few.
fn skip_separators(chars: &[char], at: usize) -> usize {
    let is_separator = |c: &&char| {
        **c != '\n' && !c.is_alphanumeric() && !is_ideograph(**c) && Role::from_character(**c).is_none()
    };
    let run = chars.get(at..).unwrap_or_default().iter().take_while(is_separator).count();
    if run <= LONGEST_RUN { at + run } else { at }
}

/// Writes the word in place of its spelling.
fn apply(chars: &[char], word: &Word, units: &[Unit], edits: &mut Vec<(usize, Edit)>) {
    let mut end = units.first().map_or(0, |unit| unit.at);
    for (unit, plain) in units.iter().zip(&word.chars) {
        edits.extend((end..unit.at).map(|at| (at, Edit::Drop)));
        let c = chars.get(unit.at).copied().unwrap_or(*plain);
        let kind = match unit.how {
            How::Plain => None,
            How::Sound => Some(HiddenKind::Homophone(c)),
            How::Shape | How::Parts => Some(HiddenKind::Shape(c)),
            How::Pinyin | How::Initial => Some(HiddenKind::Letters(c)),
        };
        edits.extend(kind.map(|kind| (unit.at, Edit::Become(*plain, kind))));
        edits.extend((unit.at + 1..unit.end).map(|at| (at, Edit::Join)));
        end = unit.end;
    }
}

/// Whether a run of letters is too long to stand for characters.
pub(super) const fn is_long(letters: usize) -> bool {
    letters > LONGEST_LETTERS
}
