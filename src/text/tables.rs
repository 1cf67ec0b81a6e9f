//! What folding does with each character: the tables of `policies/tables`, read by the compiler.
//!
//! `scripts/make-tables.py` makes the files; the compiler turns them into one two-level table
//! (a page of 64 characters is a block, equal pages share one), so a start of the program pays nothing.
//! A character that stays has its sound beside it ([`sound`]).
//! Begin at [`action`].

use crate::words::Lang;

/// What folding does with a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// It stays.
    Keep,
    /// It becomes this one, and nothing is hidden by that.
    Plain(char),
    /// It becomes this one; a reader may take it for a word the sender did not spell.
    Disguise(char),
    /// A circled or raised number.
    Numbered(char),
    /// A blank that is not U+0020.
    Blank,
    /// A line end that is not LF or CR.
    Newline,
    /// It shows nothing.
    Invisible,
    /// It shows nothing and has honest uses beside emoji and in Indic and Arabic script.
    Joiner,
    /// A mark over, under or through the character before it.
    Mark,
}

const KEEP: u32 = 0;
const PLAIN: u32 = 1;
const DISGUISE: u32 = 2;
const NUMBERED: u32 = 3;
const BLANK: u32 = 4;
const NEWLINE: u32 = 5;
const INVISIBLE: u32 = 6;
const JOINER: u32 = 7;
const MARK: u32 = 8;

const KIND_SHIFT: u32 = 24;
const TARGET: u32 = 0x1F_FFFF;
const TRADITIONAL: u32 = 1 << 28;
const SIMPLIFIED: u32 = 1 << 29;
/// It may stand for another character by its shape.
const SHAPE: u32 = 1 << 30;

const PAGE: usize = 64;
/// Characters below this one are in the table.
const LIMIT: usize = 0x2_0000;
/// Pages that hold anything, and the empty one; the compiler says so when it is too small.
const BLOCKS: usize = 611;

struct Table {
    /// Page → block.
    pages: [u16; LIMIT / PAGE],
    blocks: [[u32; PAGE]; BLOCKS],
    used: usize,
}

static TABLE: Table = build();

/// Syllables and the characters that sound so; the number of a syllable is that of its line, from 1.
pub(super) const READINGS: &str = include_str!("../../policies/tables/readings.tsv");
/// Characters, and what is taken for them.
pub(super) const SHAPES: &str = include_str!("../../policies/tables/shapes.tsv");

#[allow(long_running_const_eval)]
const fn build() -> Table {
    let mut table = Table { pages: [0; LIMIT / PAGE], blocks: [[0; PAGE]; BLOCKS], used: 1 };
    read(&mut table, include_str!("../../policies/tables/forms.tsv").as_bytes());
    read(&mut table, include_str!("../../policies/tables/simplify.tsv").as_bytes());
    read(&mut table, include_str!("../../policies/tables/script.tsv").as_bytes());
    read(&mut table, include_str!("../../policies/tables/lookalikes.tsv").as_bytes());
    read_sounds(&mut table, READINGS.as_bytes());
    read_shapes(&mut table, SHAPES.as_bytes());
    let mut i = 0;
    while i < RANGES.len() {
        let (first, last, kind) = RANGES[i];
        let mut c = first as usize;
        while c <= last as usize {
            *entry(&mut table, c) = kind << KIND_SHIFT;
            c += 1;
        }
        i += 1;
    }
    // Private-use characters stand for placeholders in folded text; written out, they must not.
    let mut c = 0xE000;
    while c < 0xE010 {
        *entry(&mut table, c) = (PLAIN << KIND_SHIFT) | 0xFFFD;
        c += 1;
    }
    table
}

/// Characters by what they show, from the Unicode character database: general categories Zs, Zl, Zp, Cf,
/// Cc, variation selectors and combining marks, and the Hangul fillers and the blank Braille pattern, which
/// are drawn as nothing.
const RANGES: [(u32, u32, u32); 33] = [
    (0x80, 0x84, INVISIBLE),
    (0x85, 0x85, NEWLINE),
    (0x86, 0x9F, INVISIBLE),
    (0xA0, 0xA0, BLANK),
    (0xAD, 0xAD, INVISIBLE),
    (0x300, 0x34E, MARK),
    (0x34F, 0x34F, INVISIBLE),
    (0x350, 0x36F, MARK),
    (0x61C, 0x61C, INVISIBLE),
    (0x115F, 0x1160, INVISIBLE),
    (0x1680, 0x1680, BLANK),
    (0x17B4, 0x17B5, INVISIBLE),
    (0x180B, 0x180F, INVISIBLE),
    (0x1AB0, 0x1ACE, MARK),
    (0x1DC0, 0x1DFF, MARK),
    (0x2000, 0x200A, BLANK),
    (0x200B, 0x200B, INVISIBLE),
    (0x200C, 0x200D, JOINER),
    (0x200E, 0x200F, INVISIBLE),
    (0x2028, 0x2029, NEWLINE),
    (0x202A, 0x202E, INVISIBLE),
    (0x202F, 0x202F, BLANK),
    (0x205F, 0x205F, BLANK),
    (0x2060, 0x206F, INVISIBLE),
    (0x20D0, 0x20F0, MARK),
    (0x2800, 0x2800, BLANK),
    (0x3000, 0x3000, BLANK),
    (0x3164, 0x3164, INVISIBLE),
    (0xFE00, 0xFE0F, JOINER),
    (0xFE20, 0xFE2F, MARK),
    (0xFEFF, 0xFEFF, INVISIBLE),
    (0xFFF9, 0xFFFB, INVISIBLE),
    (0x1D173, 0x1D17A, INVISIBLE),
];

/// The entry of a character, its page filled in if it was empty.
const fn entry(table: &mut Table, c: usize) -> &mut u32 {
    let page = c / PAGE;
    if table.pages[page] == 0 {
        table.pages[page] = table.used as u16;
        table.used += 1;
    }
    &mut table.blocks[table.pages[page] as usize][c % PAGE]
}

/// Reads one file: `class TAB target TAB sources`, comments with `#`.
const fn read(table: &mut Table, text: &[u8]) {
    let mut at = 0;
    while at < text.len() {
        let class = text[at];
        if class == b'#' {
            while text[at] != b'\n' {
                at += 1;
            }
            at += 1;
            continue;
        }
        at += 2;
        let mut target = 0;
        while text[at] != b'\t' {
            let (c, next) = character(text, at);
            target = c as u32;
            at = next;
        }
        at += 1;
        while text[at] != b'\n' {
            let (c, next) = character(text, at);
            at = next;
            set(entry(table, c), class, target);
        }
        at += 1;
    }
}

/// Gives each character that stays the number of its syllable, in place of a target.
const fn read_sounds(table: &mut Table, text: &[u8]) {
    let (mut at, mut number) = (0, 0);
    while at < text.len() {
        let comment = text[at] == b'#';
        while text[at] != b'\n' && (comment || text[at] != b'\t') {
            at += 1;
        }
        number += if comment { 0 } else { 1 };
        while text[at] != b'\n' {
            let (c, next) = character(text, at);
            at = next;
            let entry = entry(table, c);
            if c >= 0x80 && (*entry >> KIND_SHIFT) & 0xF == KEEP {
                *entry |= number;
            }
        }
        at += 1;
    }
}

/// Notes the characters that stand for another one, or begin a pair that does.
const fn read_shapes(table: &mut Table, text: &[u8]) {
    let mut at = 0;
    while at < text.len() {
        let begins = (text[at] == b'\t' || text[at] == b' ') && text[at + 1] >= 0x80;
        at += 1;
        if begins {
            let (c, next) = character(text, at);
            at = next;
            *entry(table, c) |= SHAPE;
        }
    }
}

const fn set(entry: &mut u32, class: u8, target: u32) {
    match class {
        b'p' => *entry |= (PLAIN << KIND_SHIFT) | target,
        b'd' => *entry |= (DISGUISE << KIND_SHIFT) | target,
        b'n' => *entry |= (NUMBERED << KIND_SHIFT) | target,
        b't' => *entry |= TRADITIONAL,
        b's' => *entry |= SIMPLIFIED,
        _ => panic!("a class of policies/tables is unknown"),
    }
}

/// The character at byte `at` of valid UTF-8, and the byte after it.
const fn character(text: &[u8], at: usize) -> (usize, usize) {
    let lead = text[at] as usize;
    if lead < 0x80 {
        return (lead, at + 1);
    }
    let (mut c, len) = match lead {
        0xC0..=0xDF => (lead & 0x1F, 2),
        0xE0..=0xEF => (lead & 0x0F, 3),
        _ => (lead & 0x07, 4),
    };
    let mut i = 1;
    while i < len {
        c = (c << 6) | (text[at + i] as usize & 0x3F);
        i += 1;
    }
    (c, at + len)
}

#[inline]
fn look_up(c: char) -> u32 {
    let code = c as usize;
    match TABLE.pages.get(code / PAGE) {
        Some(&block) => TABLE.blocks.get(block as usize).map_or(KEEP, |b| b[code % PAGE]),
        None => KEEP,
    }
}

/// What folding does with a character outside ASCII.
#[inline]
pub(crate) fn action(c: char) -> Action {
    let entry = look_up(c);
    if (entry >> KIND_SHIFT) & 0xF == KEEP && (c as usize) < LIMIT {
        return Action::Keep;
    }
    let target = char::from_u32(entry & TARGET).unwrap_or(c);
    match (entry >> KIND_SHIFT) & 0xF {
        PLAIN => Action::Plain(target),
        DISGUISE => Action::Disguise(target),
        NUMBERED => Action::Numbered(target),
        BLANK => Action::Blank,
        NEWLINE => Action::Newline,
        INVISIBLE => Action::Invisible,
        JOINER => Action::Joiner,
        MARK => Action::Mark,
        _ if is_high_invisible(c) => Action::Joiner,
        _ => Action::Keep,
    }
}

/// The bytes of each character of [`staying`].
pub(super) const STAYING_WIDTH: usize = 3;

/// The length in bytes of the ideographs at the beginning of a text that stay as they are, as nearly all do.
#[inline]
pub(super) fn staying(text: &str) -> usize {
    let stays = |c: &char| matches!(c, '\u{4E00}'..='\u{9FFF}') && (look_up(*c) >> KIND_SHIFT) & 0xF == KEEP;
    text.chars().take_while(stays).count() * STAYING_WIDTH
}

/// The sound of a folded character ([`sound`]) and whether it has a shape ([`has_shape`]).
#[inline]
pub(super) fn sound_and_shape(c: char) -> (u16, bool) {
    let entry = look_up(c);
    let sound = if (entry >> KIND_SHIFT) & 0xF == KEEP { (entry & TARGET) as u16 } else { 0 };
    (sound, entry & SHAPE != 0)
}

/// The number of the syllable that a folded character sounds like (its line in [`READINGS`], from 1); 0 for
/// one without a sound, and for those of rare characters.
#[inline]
pub(super) fn sound(c: char) -> u16 {
    sound_and_shape(c).0
}

/// Whether the character stands for another one by its shape, or begins a pair that does.
#[inline]
pub(super) fn has_shape(c: char) -> bool {
    sound_and_shape(c).1
}

/// Invisible characters beyond the table: tags and the variation selectors 17 to 256.
fn is_high_invisible(c: char) -> bool {
    matches!(c, '\u{E0000}'..='\u{E0FFF}')
}

/// Whether the character is written in Traditional Chinese only.
pub fn is_traditional_only(c: char) -> bool {
    look_up(c) & TRADITIONAL != 0
}

/// A Traditional character as it is written in Simplified Chinese; any other as it is.
pub fn simplified(c: char) -> char {
    match action(c) {
        Action::Plain(target) | Action::Disguise(target) if is_traditional_only(c) => target,
        _ => c,
    }
}

/// Whether the character is written in Simplified Chinese only.
pub fn is_simplified_only(c: char) -> bool {
    look_up(c) & SIMPLIFIED != 0
}

/// Whether the character is a Chinese ideograph (`々` and `〇` too).
#[inline]
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '々' | '〇' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// The language of a text by its letters: Traditional if characters that only Traditional has outnumber
/// those that only Simplified has, else Simplified if there are ideographs, English if there are only ASCII
/// letters; `None` for texts in kana, Hangul or another script, or without letters.
pub fn lang_of(body: &str) -> Option<Lang> {
    let (mut traditional, mut simplified, mut ideographs, mut latin, mut foreign) =
        (0u32, 0u32, 0u32, 0u32, 0u32);
    for c in body.chars() {
        if c.is_ascii() {
            latin += u32::from(c.is_ascii_alphabetic());
        } else if is_ideograph(c) {
            ideographs += 1;
            let entry = look_up(c);
            traditional += u32::from(entry & TRADITIONAL != 0);
            simplified += u32::from(entry & SIMPLIFIED != 0);
        } else if matches!(c, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
        {
            // Signs of Chinese and English texts, which are no letters: they are many, and the table is slow.
        } else if c > '\u{24F}' && c.is_alphabetic() && !matches!(c, 'ㄅ'..='ㄯ') && action(c) == Action::Keep
        {
            foreign += 1;
        }
    }
    match (ideographs, latin, foreign) {
        (0, 0, _) => None,
        (0, l, f) if f > l => None,
        (0, _, _) => Some(Lang::En),
        (i, _, f) if f > i => None,
        _ if traditional > simplified => Some(Lang::ZhHant),
        _ => Some(Lang::ZhHans),
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, BLOCKS, TABLE, action, is_simplified_only, is_traditional_only, lang_of};
    use crate::words::Lang;

    #[test]
    fn the_table_has_no_room_to_spare() {
        assert_eq!(TABLE.used, BLOCKS);
    }

    #[test]
    fn what_a_character_becomes_stays() {
        for c in ('\u{80}'..'\u{20000}').filter(|c| !('\u{E000}'..'\u{E010}').contains(c)) {
            let (Action::Plain(target) | Action::Disguise(target) | Action::Numbered(target)) = action(c)
            else {
                continue;
            };
            let stays = target.is_ascii() && !target.is_ascii_uppercase() || action(target) == Action::Keep;
            assert!(stays, "{c} becomes {target}");
        }
    }

    #[test]
    fn characters_of_one_script_are_known() {
        for c in "發門訴繳還們這".chars() {
            assert!(is_traditional_only(c) && !is_simplified_only(c), "{c}");
        }
        for c in "发门诉缴还们这".chars() {
            assert!(is_simplified_only(c) && !is_traditional_only(c), "{c}");
        }
        // Good in both, or one of several meanings.
        for c in "后里干台只着法院".chars() {
            assert!(!is_simplified_only(c) && !is_traditional_only(c), "{c}");
        }
    }

    #[test]
    fn languages_are_told_by_letters() {
        for (text, lang) in [
            ("【示例】您的借款今日到期", Some(Lang::ZhHans)),
            ("【示例】您的帳單今日到期，請繳款", Some(Lang::ZhHant)),
            ("Your payment of $20 is due", Some(Lang::En)),
            ("還款 App 请 登录 账单", Some(Lang::ZhHans)),
            ("您好 hello", Some(Lang::ZhHans)),
            ("お支払いください", None),
            ("Оплатите долг сегодня", None),
            ("1234 !!", None),
            ("", None),
        ] {
            assert_eq!(lang_of(text), lang, "{text}");
        }
    }
}
