//! Words taken apart or spelled with digits, put together again: 起*诉, 已 移 送, a r r e s t, c0urt.
//!
//! Begin at [`undo`]. Each of the finders marks characters; [`rebuild`] applies the marks once. A
//! change is silent by itself: it is told only when a rule's word comes out of it. Words spelled by their
//! sound or shape come last ([`super::spelling`]), after English ones with a sign inside ([`super::masked`]).

use super::fold::{Folded, Hidden, HiddenKind, Origin, Suspects};
use super::tables::is_ideograph;
use super::{masked, spelling};
use crate::facts::Role;
use crate::source::Span;

/// What happens to one character.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Keep,
    Drop,
    /// Another character stands here; it was hidden in this way.
    Become(char, HiddenKind),
    /// It belongs to the character before it.
    Join,
}

/// How often words are looked for that are spelled by sound: one that was found can be the neighbour that
/// shows another.
const MOST_ROUNDS: usize = 4;

/// The longest run of separators inside a word; a longer one is layout.
pub(super) const LONGEST_RUN: usize = 6;

/// Undoes the disguises of a folded text. Letters that were joined can be the neighbours that show a digit
/// to be a letter, not the other way round: so digits come last.
pub(super) fn undo(folded: Folded, body: &str, suspects: &Suspects) -> Folded {
    let mut edits = Vec::new();
    if suspects.split || suspects.single > 1 {
        let chars: Vec<char> = folded.text.chars().collect();
        join_ideographs(&chars, &mut edits);
        join_stopped(&chars, &mut edits);
        join_letters(&chars, &folded, body, &mut edits);
    }
    let folded = rebuild(folded, body, &edits);
    edits.clear();
    if suspects.leet {
        let chars: Vec<char> = folded.text.chars().collect();
        read_leet(&chars, &mut edits);
    }
    let mut folded = rebuild(folded, body, &edits);
    if suspects.masked || suspects.leet {
        edits.clear();
        let chars: Vec<char> = folded.text.chars().collect();
        masked::find(&chars, &mut edits);
        folded = rebuild(folded, body, &edits);
    }
    if suspects.chinese {
        for _ in 0..MOST_ROUNDS {
            edits.clear();
            spelling::find(&folded, body, &mut edits);
            if edits.is_empty() {
                break;
            }
            folded = rebuild(folded, body, &edits);
            // A character that was read stands now beside separators: 上M 法@ is 上门 法@.
            if suspects.split {
                edits.clear();
                let chars: Vec<char> = folded.text.chars().collect();
                join_ideographs(&chars, &mut edits);
                folded = rebuild(folded, body, &edits);
            }
        }
    }
    folded
}

/// Separators that nobody writes inside Chinese words, and few between them.
fn is_strong(c: char) -> bool {
    let ascii =
        matches!(c, '*' | '-' | '_' | '.' | '~' | '^' | '+' | '=' | '#' | '@' | '&' | '$' | '%' | '\\' | '`');
    let dot = matches!(c, '·' | '•' | '・' | '‧' | '∙' | '⋅');
    let figure = matches!(c, '★' | '☆' | '※' | '●' | '◆' | '◇' | '■' | '□' | '▲' | '△' | '♦' | '♥');
    ascii || dot || figure
}

/// Separators that also divide columns and alternatives.
fn is_weak(c: char) -> bool {
    matches!(c, ' ' | '|' | '/' | '¦')
}

/// Whether a character can take a Chinese word apart.
pub(super) fn is_separator(c: char) -> bool {
    is_strong(c) || is_weak(c)
}

/// Stops, which take a word apart only where they stand behind each of its characters.
pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '。' | ',' | '、' | '!' | ';' | '?')
}

/// The fewest characters that are taken apart by stops, and how many of these stand quite alone: the first and the
/// last may belong to what stands before and after.
const STOPPED: (usize, usize) = (3, 2);

/// Marks the stops between single ideographs: 支。付。命。令已核发.
fn join_stopped(chars: &[char], edits: &mut Vec<(usize, Edit)>) {
    let ideograph = |at: usize| chars.get(at).is_some_and(|c| is_ideograph(*c));
    let alone = |at: usize| !at.checked_sub(1).is_some_and(ideograph) && !ideograph(at + 1);
    let mut at = 0;
    while at < chars.len() {
        let stop = chars.get(at + 1).filter(|c| ideograph(at) && is_stop(**c));
        let (mut last, mut singles) = (at, usize::from(alone(at)));
        while stop.is_some() && chars.get(last + 1) == stop && ideograph(last + 2) {
            last += 2;
            singles += usize::from(alone(last));
            if !alone(last) {
                break;
            }
        }
        if last >= at + 2 * (STOPPED.0 - 1) && singles >= STOPPED.1 {
            edits.extend((at + 1..last).step_by(2).map(|at| (at, Edit::Drop)));
        }
        at = last + 1;
    }
}

/// Marks the separators inside Chinese words: strong ones between two ideographs; others only where one
/// side is a single character, since 先生/女士 and 姓名 金额 are layout.
fn join_ideographs(chars: &[char], edits: &mut Vec<(usize, Edit)>) {
    let mut i = 1;
    while i < chars.len() {
        let start = i;
        i += 1;
        if !is_ideograph(chars[start - 1]) || !is_separator(chars[start]) {
            continue;
        }
        // 退房了.结帐: a full stop.
        if chars[start] == '.' && matches!(chars[start - 1], '了' | '吗' | '呢' | '吧' | '啊' | '的') {
            continue;
        }
        let mut strong = true;
        let mut end = start;
        while let Some(&c) = chars.get(end).filter(|c| is_separator(**c)) {
            strong &= is_strong(c);
            end += 1;
        }
        i = end + 1;
        let wraps = chars.get(end).is_some_and(|c| is_ideograph(*c)) && end - start <= LONGEST_RUN;
        if wraps && (strong || splits_word(chars, start, end)) {
            edits.extend((start..end).map(|at| (at, Edit::Drop)));
        }
    }
}

/// Whether the run of separators `start..end` has a single character on one side. A single character after
/// a figure is its unit (元｜到期日), which divides columns.
fn splits_word(chars: &[char], start: usize, end: usize) -> bool {
    let before = start.checked_sub(2).and_then(|i| chars.get(i)).copied();
    let is_figure = |c: char| c.is_ascii_alphanumeric() || Role::from_character(c).is_some();
    match before {
        Some(c) if is_figure(c) => false,
        Some(c) if is_ideograph(c) => !chars.get(end + 1).is_some_and(|c| is_ideograph(*c) || is_figure(*c)),
        _ => true,
    }
}

/// Marks what stands between single Latin letters: at least three letters with the same separator between
/// any two, and not in a link.
fn join_letters(chars: &[char], folded: &Folded, body: &str, edits: &mut Vec<(usize, Edit)>) {
    let mut i = 0;
    while i < chars.len() {
        let Some(separator) = single_letter(chars, i).and_then(|()| chars.get(i + 1)).copied() else {
            i += 1;
            continue;
        };
        if !matches!(separator, ' ' | '-' | '.' | '_' | '*' | '·' | '|') {
            i += 1;
            continue;
        }
        let mut last = i;
        while chars.get(last + 1) == Some(&separator)
            && single_letter(chars, last + 2).is_some()
            && goes_on(folded, body, i, last)
        {
            last += 2;
        }
        let article = is_article(folded, body, i, last) || is_noun(chars, i + 2, last);
        let first = i + usize::from(article) * 2;
        if last >= first + 4 && !in_link(chars, first, last) {
            edits.extend((first..last).skip(1).step_by(2).map(|at| (at, Edit::Drop)));
        }
        // A w.a.r.r.a.n.t: the last letter may begin a word with another separator.
        i = last.max(i + 1);
    }
    edits.sort_unstable_by_key(|(at, _)| *at);
}

/// Whether a Latin letter with no letter or digit beside it stands at `at`.
fn single_letter(chars: &[char], at: usize) -> Option<()> {
    let alone = |c: Option<&char>| !c.is_some_and(char::is_ascii_alphanumeric);
    let here = chars.get(at)?.is_ascii_alphabetic();
    let before = at.checked_sub(1).and_then(|i| chars.get(i));
    (here && alone(before) && alone(chars.get(at + 1))).then_some(())
}

/// Whether the letter after the separator at `last + 1` belongs to the same word: a wide blank ends it, and
/// so does the change from capitals to a small letter (C R B a form).
fn goes_on(folded: &Folded, body: &str, first: usize, last: usize) -> bool {
    let wide = raw(folded, body, last + 1).chars().nth(1).is_some();
    let capitals = last >= first + 2 && is_capital(folded, body, last) && is_capital(folded, body, last - 2);
    !wide && (!capitals || is_capital(folded, body, last + 2))
}

/// Whether the first letter is a word of its own: a C R B form.
fn is_article(folded: &Folded, body: &str, first: usize, last: usize) -> bool {
    last >= first + 2 && !is_capital(folded, body, first) && is_capital(folded, body, first + 2)
}

/// Nouns that are spaced out behind an article: a j a i l term.
const NOUNS: [&str; 20] = [
    "jail", "warrant", "court", "lawsuit", "police", "prison", "felony", "fraud", "thief", "criminal",
    "summons", "scam", "cheat", "deadbeat", "bailiff", "sheriff", "judge", "lawyer", "crime", "case",
];

/// Whether the letters from `first` to `last`, every second character, are a noun that follows an article.
fn is_noun(chars: &[char], first: usize, last: usize) -> bool {
    let spaced = first >= 2 && chars.get(first - 2) == Some(&'a') && last > first;
    let letters = || chars.get(first..=last).unwrap_or_default().iter().step_by(2);
    spaced && NOUNS.iter().any(|noun| noun.chars().eq(letters().copied()))
}

fn is_capital(folded: &Folded, body: &str, index: usize) -> bool {
    raw(folded, body, index).starts_with(char::is_uppercase)
}

/// The body's spelling of a folded character.
fn raw<'a>(folded: &Folded, body: &'a str, index: usize) -> &'a str {
    folded.origins.get(index).map_or("", |o| o.body.of_text(body))
}

/// Whether letters from `first` to `last` are part of a host, a path or an address.
fn in_link(chars: &[char], first: usize, last: usize) -> bool {
    let before = first.checked_sub(1).and_then(|i| chars.get(i));
    let host =
        chars.get(last + 1) == Some(&'.') && chars.get(last + 2).is_some_and(char::is_ascii_alphanumeric);
    host || before.is_some_and(|c| matches!(c, '/' | '@' | '.' | ':' | '=' | '&' | '?' | '%'))
        || chars.get(last + 1).is_some_and(|c| matches!(c, '/' | '@' | ':'))
}

/// The letter a digit or sign stands for between letters.
pub(super) fn leet(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        _ => return None,
    })
}

/// Marks digits and signs that stand for letters, one stretch of unbroken ASCII after the other.
fn read_leet(chars: &[char], edits: &mut Vec<(usize, Edit)>) {
    let mut start = 0;
    for token in chars.split(|c| !c.is_ascii_graphic()) {
        if token.len() >= 4 && token.windows(3).any(|w| leet_between(w).is_some()) && !is_address(token) {
            read_token(token, start, edits);
        }
        start += token.len() + 1;
    }
}

/// The letter in the middle of three characters, if a digit or sign stands there between letters.
fn leet_between(three: &[char]) -> Option<char> {
    match three {
        [a, sign, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => leet(*sign),
        _ => None,
    }
}

/// Marks the words of a token that look like words and not like a code.
fn read_token(token: &[char], token_start: usize, edits: &mut Vec<(usize, Edit)>) {
    let mut start = 0;
    let is_inside = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '@' | '$' | '!');
    for word in token.split(|c| !is_inside(c)) {
        let end = start + word.len();
        let beside = [start.checked_sub(1).and_then(|i| token.get(i)), token.get(end)];
        let letters = word.iter().filter(|c| c.is_ascii_alphabetic()).count();
        let code = word.windows(2).any(|w| w[0].is_ascii_digit() && w[1].is_ascii_digit());
        if let Some(known) = masked::covered(word) {
            let changed =
                word.iter().zip(known.chars()).enumerate().filter(|(_, (sign, letter))| *sign != letter);
            edits.extend(changed.map(|(at, (sign, letter))| {
                (token_start + start + at, Edit::Become(letter, HiddenKind::Leet(*sign)))
            }));
        } else if letters >= 3 && !code && !beside.contains(&Some(&'_')) {
            for (i, three) in word.windows(3).enumerate() {
                if let Some(letter) = leet_between(three).filter(|_| is_near_edge(word, i + 1)) {
                    let kind = HiddenKind::Leet(word.get(i + 1).copied().unwrap_or(letter));
                    edits.push((token_start + start + i + 1, Edit::Become(letter, kind)));
                }
            }
        }
        start = end + 1;
    }
}

/// now!pay is a missing blank and name@upi an address: a sign (not a digit) stands for a letter only with
/// at most two letters on one side.
fn is_near_edge(word: &[char], at: usize) -> bool {
    let is_letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
    let long_before = at >= 3 && is_letter(word.get(at - 2)) && is_letter(word.get(at - 3));
    let long_after = is_letter(word.get(at + 2)) && is_letter(word.get(at + 3));
    word.get(at).is_some_and(char::is_ascii_digit) || !(long_before && long_after)
}

/// Whether unbroken ASCII text is a link, a host, an e-mail address or a handle.
fn is_address(token: &[char]) -> bool {
    let dotted = |w: &[char]| w[1] == '.' && w[0].is_ascii_alphanumeric() && w[2].is_ascii_alphanumeric();
    token.first() == Some(&'@') || token.windows(3).any(|w| dotted(w) || w == [':', '/', '/'])
}

/// Applies the edits, sorted by character. What was hidden before moves along.
fn rebuild(old: Folded, body: &str, edits: &[(usize, Edit)]) -> Folded {
    if edits.is_empty() {
        return old;
    }
    let mut new = Folded {
        text: String::with_capacity(old.text.len()),
        origins: Vec::with_capacity(old.origins.len()),
        hidden: Vec::with_capacity(old.hidden.len() + edits.len()),
        capitals: Vec::new(),
    };
    let mut before = old.hidden.iter().peekable();
    let mut next = edits.iter().peekable();
    for (index, (c, origin)) in old.text.chars().zip(&old.origins).enumerate() {
        let at = Span::of(new.text.len(), new.text.len()).start;
        while let Some(hidden) = before.next_if(|h| h.at <= origin.at) {
            new.hidden.push(Hidden { at, ..*hidden });
        }
        let edit = next.next_if(|(i, _)| *i == index).map_or(Edit::Keep, |(_, edit)| *edit);
        let shown = origin.body.of_text(body).chars().next().unwrap_or(c);
        let (kept, kind) = match edit {
            Edit::Keep => (Some(c), None),
            Edit::Drop => (None, Some(HiddenKind::Separator(shown))),
            Edit::Become(letter, HiddenKind::Leet(_)) => (Some(letter), Some(HiddenKind::Leet(shown))),
            Edit::Become(letter, kind) => (Some(letter), Some(kind)),
            Edit::Join => (None, None),
        };
        if edit == Edit::Join {
            if let Some(last) = new.origins.last_mut() {
                last.body = last.body.join(origin.body);
            }
            continue;
        }
        new.hidden.extend(kind.map(|kind| Hidden { at, body: origin.body, kind }));
        if let Some(kept) = kept {
            new.origins.push(Origin { at, body: origin.body });
            new.text.push(kept);
        }
    }
    let at = Span::of(new.text.len(), new.text.len()).start;
    new.hidden.extend(before.map(|h| Hidden { at, ..*h }));
    new.hidden.sort_by_key(|h| (h.at, !h.kind.is_dropped()));
    new
}
