//! English words with a sign inside: nei.ghbours, con-tacts, c*urt, p_lice.
//!
//! Begin at [`find`]. Only words of `policies/tables/english.txt` are put together, and only in a token that holds
//! nothing else: a link or a mail address stays as it is.

use super::disguise::Edit;
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
    let mut start = 0;
    for token in chars.split(|c| !(c.is_ascii_lowercase() || is_mask(*c))) {
        let end = start + token.len();
        let before = start.checked_sub(1).and_then(|at| chars.get(at));
        if token.len() <= LONGEST
            && ![before, chars.get(end)].into_iter().flatten().any(|c| is_of_address(*c))
        {
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
    let first = token.iter().position(char::is_ascii_lowercase).unwrap_or(token.len());
    let last = token.iter().rposition(char::is_ascii_lowercase).map_or(first, |last| last + 1);
    let word = token.get(first..last).unwrap_or_default();
    let signs = word.iter().filter(|c| !c.is_ascii_lowercase()).count();
    if signs == 0 || word.len() < 4 {
        return;
    }
    let start = start + first;
    let whole: String = word.iter().filter(|c| c.is_ascii_lowercase()).collect();
    let halves = word.split(|c| !c.is_ascii_lowercase());
    let apart = word.iter().all(|c| c.is_ascii_lowercase() || APART.contains(c));
    let long = halves.clone().any(|half| half.len() >= SHORTEST)
        && !(signs == 1 && halves.into_iter().any(|half| half.len() < SHORTEST));
    if apart && long && is_word(&whole) {
        let signs = word.iter().enumerate().filter(|(_, c)| !c.is_ascii_lowercase());
        edits.extend(signs.map(|(at, _)| (start + at, Edit::Drop)));
    } else if let Some(letters) = (signs <= 2).then(|| covered(word)).flatten() {
        for (at, (sign, letter)) in word.iter().zip(letters.chars()).enumerate() {
            if *sign != letter {
                edits.push((start + at, Edit::Become(letter, HiddenKind::Leet(*sign))));
            }
        }
    }
}

/// Whether letters are a word of the list, with or without an ending.
fn is_word(letters: &str) -> bool {
    let endings = ["", "s", "es", "ed", "d", "er", "ers", "ing"];
    endings.iter().filter_map(|ending| letters.strip_suffix(ending)).any(|stem| WORDS.contains(stem))
}

/// The word of the list of which `word` covers some letters by signs.
fn covered(word: &[char]) -> Option<&'static str> {
    let letters = word.iter().filter(|c| c.is_ascii_lowercase()).count();
    let cover = word.iter().all(|c| c.is_ascii_lowercase() || COVER.contains(c));
    // Of a short word too little is left to know it.
    if !cover || letters < 3 {
        return None;
    }
    let fits = |known: &&&str| {
        known.len() == word.len() && known.chars().zip(word).all(|(a, b)| a == *b || COVER.contains(b))
    };
    let mut found = WORDS.iter().filter(fits);
    let only = found.next()?;
    // Two words that fit are none.
    found.next().is_none().then_some(*only)
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
            ("your emp|oyer", "emp|oyer"),
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
        ] {
            assert_eq!(fold_text(text).text, text);
        }
    }
}
