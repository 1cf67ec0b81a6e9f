//! Text as a terminal may show it: nothing that moves the cursor, reverses the line or stays unseen, and
//! a width for everything.
//!
//! Begin at [`Glyphs::push`]. codespan-reporting measures a line character by character, which is wrong
//! for emoji of several characters. Such a cluster is therefore replaced by one private stand-in of the
//! cluster's real width before rendering, and put back afterwards by [`Glyphs::restore`].

use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// First stand-in two columns wide: unassigned, but of East Asian width W.
const WIDE: u32 = 0x3_F000;
/// First stand-in one column wide: private use.
const NARROW: u32 = 0xF_0000;
/// Stand-ins of each width.
const STAND_INS: u32 = 0xFF0;
/// Stands for invisible characters.
const INVISIBLE: char = '\u{2423}';
/// Stands for characters that have no picture of their own.
const UNKNOWN: char = '\u{2426}';

/// The clusters that were replaced by stand-ins.
#[derive(Debug, Default)]
pub struct Glyphs {
    wide: Vec<String>,
    narrow: Vec<String>,
}

impl Glyphs {
    /// Appends `text`, one line without its line end, to `shown` and a pair (byte in `text`, byte in
    /// `shown`) for each cluster to `anchors`; `offset` is added to the first of each pair.
    pub fn push(&mut self, text: &str, offset: usize, shown: &mut String, anchors: &mut Vec<(usize, usize)>) {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            anchors.push((offset + at, shown.len()));
            let length = cluster(rest);
            let piece = rest.get(..length).unwrap_or(rest);
            self.push_cluster(piece, shown);
            at += length.max(1);
        }
    }

    fn push_cluster(&mut self, piece: &str, shown: &mut String) {
        let mut characters = piece.chars();
        let Some(first) = characters.next() else { return };
        if characters.next().is_none() && !is_stand_in(first) {
            shown.push(if first == '\t' { '\t' } else { visible(first) });
            return;
        }
        if !needs_stand_in(piece) {
            shown.push_str(piece);
            return;
        }
        let (list, base) =
            if piece.width() >= 2 { (&mut self.wide, WIDE) } else { (&mut self.narrow, NARROW) };
        let number = u32::try_from(list.len()).unwrap_or(STAND_INS);
        match char::from_u32(base + number).filter(|_| number < STAND_INS) {
            Some(stand_in) => {
                list.push(piece.to_owned());
                shown.push(stand_in);
            }
            None => shown.push(char::REPLACEMENT_CHARACTER),
        }
    }

    /// `text` with the clusters back in place of their stand-ins.
    pub fn restore<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.wide.is_empty() && self.narrow.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut whole = String::with_capacity(text.len());
        for character in text.chars() {
            let number = u32::from(character);
            let cluster = if (WIDE..WIDE + STAND_INS).contains(&number) {
                self.wide.get((number - WIDE) as usize)
            } else if (NARROW..NARROW + STAND_INS).contains(&number) {
                self.narrow.get((number - NARROW) as usize)
            } else {
                None
            };
            match cluster {
                Some(cluster) => whole.push_str(cluster),
                None => whole.push(character),
            }
        }
        Cow::Owned(whole)
    }
}

/// `text` for a place where no excerpt is drawn: controls, line ends and invisible characters become
/// symbols.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    if text.bytes().all(plain) || text.chars().all(|c| visible(c) == c && !is_stand_in(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = cluster(rest).max(1);
        let piece = rest.get(..length).unwrap_or(rest);
        let mut characters = piece.chars();
        match (characters.next(), characters.next()) {
            (Some(c), None) if is_stand_in(c) => shown.push(char::REPLACEMENT_CHARACTER),
            (Some(c), None) => shown.push(visible(c)),
            _ => shown.push_str(piece),
        }
        at += length;
    }
    Cow::Owned(shown)
}

/// [`harmless`], at most `limit` characters long.
pub fn shortened(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    let cut = text.char_indices().nth(limit).map_or(text.len(), |(at, _)| at);
    let kept = text.get(..cut).unwrap_or(text);
    let _ = write!(shown, "{}", harmless(kept));
    if cut < text.len() {
        shown.push('…');
    }
    shown
}

/// Columns of one character of a source line as [`Glyphs::push`] shows it.
pub fn columns(character: char) -> usize {
    if character == '\t' { 4 } else { visible(character).width().unwrap_or(1) }
}

/// The character that is shown for `character`.
fn visible(character: char) -> char {
    match u32::from(character) {
        n @ 0..=0x1F => char::from_u32(0x2400 + n).unwrap_or(UNKNOWN),
        0x7F => '\u{2421}',
        0x80..=0x9F => UNKNOWN,
        0xAD
        | 0x34F
        | 0x61C
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x180B..=0x180F
        | 0x200B..=0x200F
        | 0x2028..=0x202E
        | 0x2060..=0x206F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0
        | 0xFFF9..=0xFFFB
        | 0x1D173..=0x1D17A
        | 0xE0000..=0xE0FFF => INVISIBLE,
        _ if character.width().is_none() => UNKNOWN,
        _ => character,
    }
}

fn is_stand_in(character: char) -> bool {
    let number = u32::from(character);
    (WIDE..WIDE + STAND_INS).contains(&number) || (NARROW..NARROW + STAND_INS).contains(&number)
}

/// Whether codespan would measure `piece`, a cluster, differently from a terminal.
fn needs_stand_in(piece: &str) -> bool {
    let sum: usize = piece.chars().map(|c| c.width().unwrap_or(0)).sum();
    sum != piece.width() || piece.chars().any(|c| visible(c) != c || is_stand_in(c))
}

/// Length in bytes of the cluster that `text` starts with: an emoji with all that is joined to it, a
/// letter with the joiner that its script needs, or one character.
fn cluster(text: &str) -> usize {
    let mut rest = text.char_indices().peekable();
    let Some((_, first)) = rest.next() else { return 0 };
    if first.is_ascii() && !matches!(first, '0'..='9' | '#' | '*') {
        return first.len_utf8();
    }
    let mut end = first.len_utf8();
    if is_flag_letter(first) {
        return rest.next_if(|(_, c)| is_flag_letter(*c)).map_or(end, |(at, c)| at + c.len_utf8());
    }
    let emoji = is_emoji(first);
    while let Some((at, character)) = rest.next() {
        let taken = match character {
            '\u{FE0E}' | '\u{FE0F}' => at == end && (emoji || first.is_ascii()),
            '\u{20E3}' => true,
            '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}' => emoji,
            '\u{200D}' if emoji => {
                let Some((next_at, next)) = rest.next_if(|(_, c)| is_emoji(*c)) else { break };
                end = next_at + next.len_utf8();
                continue;
            }
            '\u{200C}' | '\u{200D}' => needs_joiner(first),
            _ => false,
        };
        if !taken {
            break;
        }
        end = at + character.len_utf8();
    }
    end
}

fn is_flag_letter(character: char) -> bool {
    matches!(character, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Characters that can start or continue an emoji of several characters.
fn is_emoji(character: char) -> bool {
    matches!(u32::from(character),
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299
        | 0x1F000..=0x1FAFF)
}

/// Scripts from Arabic to Khmer, where a joiner after a letter is orthography.
fn needs_joiner(character: char) -> bool {
    matches!(u32::from(character), 0x600..=0x1FFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> (String, String) {
        let (mut glyphs, mut shown, mut anchors) = (Glyphs::default(), String::new(), Vec::new());
        glyphs.push(text, 0, &mut shown, &mut anchors);
        let restored = glyphs.restore(&shown).into_owned();
        (shown, restored)
    }

    fn measured(text: &str) -> usize {
        show(text).0.chars().map(|c| c.width().unwrap_or(0)).sum()
    }

    #[test]
    fn joined_emoji_are_two_columns_and_come_back() {
        for emoji in ["👨‍👩‍👧‍👦", "👍🏽", "❤️", "🇨🇳", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈"]
        {
            assert_eq!(measured(emoji), 2, "{emoji}");
            assert_eq!(show(emoji).1, emoji);
        }
    }

    #[test]
    fn controls_never_reach_the_terminal() {
        assert_eq!(show("a\u{1b}[31mb\u{7}\u{7f}\u{9b}").1, "a␛[31mb␇␡␦");
        assert_eq!(show("付\u{202e}款\u{2066}").1, "付␣款␣");
        assert_eq!(harmless("上\n门\u{200b}"), "上␊门␣");
    }

    #[test]
    fn plain_text_stays() {
        for text in ["【某某金融】，今日还款。", "e\u{301}te", "क्‍ष", "ﾊﾝｶｸ"] {
            assert_eq!(show(text).1, text);
        }
        assert_eq!(measured("【某某】，"), 10);
    }

    #[test]
    fn stand_ins_of_the_text_itself_come_back() {
        let text = "a\u{3F000}b\u{F0000}c👍🏽";
        assert_eq!(show(text).1, text);
    }
}
