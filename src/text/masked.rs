//! English words with a sign inside or at an end: nei.ghbours, con-tacts, c*urt, p_lice, 3st@fa.
//!
//! Begin at [`find`]. Only words of `policies/tables/english.txt` are put together, and only in a token that holds
//! nothing else: a link or a mail address stays as it is.

use super::disguise::{Edit, leet};
use super::fold::HiddenKind;
use foldhash::HashSet;
use std::sync::LazyLock;

/// Signs that take a word apart.
const APART: [char; 8] = ['.', '-', '_', '*', '~', '|', '+', '·'];
/// Signs that stand for a letter.
const COVER: [char; 4] = ['*', '_', '#', '-'];
/// The shortest half of a word that was taken apart once, in letters: `co-urt` hides, `e-mail` does not.
const SHORTEST: usize = 2;
/// The longest token that is looked at, in characters.
const LONGEST: usize = 24;

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../policies/tables/english.txt").lines();
    lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Whether a sign between two letters may hide a word.
pub(super) fn is_mask(c: char) -> bool {
    APART.contains(&c) || COVER.contains(&c)
}

/// Marks the signs inside of words. Edits are sorted.
pub(super) fn find(chars: &[char], edits: &mut Vec<(usize, Edit)>) {
    let is_inside = |c: &char| c.is_ascii_lowercase() || is_mask(*c) || leet(*c).is_some();
    let mut start = 0;
    for token in chars.split(|c| !is_inside(c)) {
        let end = start + token.len();
        let before = start.checked_sub(1).and_then(|at| chars.get(at));
        let beside = [before, chars.get(end)];
        if token.len() <= LONGEST && !beside.into_iter().flatten().any(|c| is_of_address(*c)) {
            read(token, start, edits);
        }
        start = end + 1;
    }
}

/// Characters beside a part of a link, an address or a code.
fn is_of_address(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '/' | '@' | ':' | '=' | '&' | '?' | '%')
}

/// Marks the signs of one token.
fn read(token: &[char], start: usize, edits: &mut Vec<(usize, Edit)>) {
    // What ends a sentence, or stands around a word, is none of it.
    let is_around = |c: &char| is_mask(*c) || *c == '!';
    let first = token.iter().position(|c| !is_around(c)).unwrap_or(token.len());
    let last = token.iter().rposition(|c| !is_around(c)).map_or(first, |last| last + 1);
    let (word, start) = (token.get(first..last).unwrap_or_default(), start + first);
    if word.len() < 4 || word.iter().all(char::is_ascii_lowercase) {
        return;
    }
    if is_apart(word) {
        let signs = word.iter().enumerate().filter(|(_, c)| !c.is_ascii_lowercase());
        edits.extend(signs.map(|(at, _)| (start + at, Edit::Drop)));
    } else if let Some(letters) = covered(word) {
        for (at, (sign, letter)) in word.iter().zip(letters.chars()).enumerate() {
            if *sign != letter {
                edits.push((start + at, Edit::Become(letter, HiddenKind::Leet(*sign))));
            }
        }
    }
}

/// Whether a word of the list was taken apart by signs.
fn is_apart(word: &[char]) -> bool {
    let letters: String = word.iter().filter(|c| c.is_ascii_lowercase()).collect();
    let halves: Vec<&[char]> = word.split(|c| !c.is_ascii_lowercase()).collect();
    let short = halves.iter().any(|half| half.len() < SHORTEST);
    word.iter().all(|c| c.is_ascii_lowercase() || APART.contains(c))
        && !(halves.len() == 2 && short)
        && is_word(&letters)
}

/// What may stand behind a word of the list.
const ENDINGS: [&str; 8] = ["", "s", "es", "ed", "d", "er", "ers", "ing"];

/// Whether letters are a word of the list, with or without an ending.
fn is_word(letters: &str) -> bool {
    ENDINGS.iter().filter_map(|ending| letters.strip_suffix(ending)).any(|stem| WORDS.contains(stem))
}

/// The word of the list, with or without an ending, of which `word` covers some letters by signs, or spells some
/// with digits.
pub(super) fn covered(word: &[char]) -> Option<String> {
    let letters = word.iter().filter(|c| c.is_ascii_lowercase()).count();
    // Of a short word too little is left to know it.
    if letters < 3 || word.len() - letters > (word.len() / 3).max(2) {
        return None;
    }
    let may_be = |sign: char, letter: char| {
        sign == letter || COVER.contains(&sign) || leet(sign) == Some(letter) || sign == '1' && letter == 'l'
    };
    let spelled = WORDS.iter().flat_map(|stem| ENDINGS.iter().map(move |ending| (*stem, *ending)));
    let mut fitting = spelled
        .filter(|(stem, ending)| stem.len() + ending.len() == word.len())
        .filter(|(stem, ending)| {
            stem.chars().chain(ending.chars()).zip(word).all(|(l, sign)| may_be(*sign, l))
        })
        .map(|(stem, ending)| format!("{stem}{ending}"));
    let first = fitting.next()?;
    // Two words that fit are none.
    fitting.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::super::fold_text;
    use super::WORDS;

    #[test]
    fn the_list_is_sorted_and_of_small_letters() {
        assert!(WORDS.len() > 80);
        assert!(WORDS.iter().all(|word| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn words_with_a_sign_inside_are_put_together() {
        for (text, word) in [
            ("tell your nei.ghbours today", "neighbours"),
            ("call your con-tacts", "contacts"),
            ("see you in c*urt", "court"),
            ("the p*lice know", "police"),
            ("we v_i_s_i_t you", "visit"),
            ("a law.suit is near", "lawsuit"),
            ("they call it 3st@fa", "estafa"),
            ("a w4rrant!", "warrant!"),
            ("stay away from c0ur7.", "court."),
            ("our d00rstep agents", "doorstep"),
            ("we have your ph0neb00k", "phonebook"),
            ("the bai1iffs come", "bailiffs"),
            ("report u to b@rangay", "barangay"),
        ] {
            let folded = fold_text(text);
            assert!(folded.text.contains(word), "{text}: {}", folded.text);
        }
    }

    #[test]
    fn links_codes_and_ordinary_hyphens_stay() {
        for text in [
            "pay.court.example.com/visit-us",
            "mail court-house@example.com",
            "e-mail us, co-signer, self-employed",
            "ref no. court-2024",
            "step-by-step, follow-up",
            "we re-visit this",
            "name@court, $40 due, 100% now!",
            "1st court, 3rd visit, case a1-court-7",
        ] {
            assert_eq!(fold_text(text).text, text);
        }
    }
}
