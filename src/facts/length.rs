//! How long a text is, as gateways count it.
//!
//! Begin at [`Length::of`]; [`Reach::of`] counts the values of placeholders too. GSM-7 is the 7-bit alphabet of 3GPP TS 23.038 (GSM 03.38) with its extension
//! table; a text with any other character is sent as UCS-2 and counted in UTF-16 units. Mainland China counts
//! every UTF-16 unit as one, also for plain ASCII.

use super::naming;
use crate::template::{Path, PathPiece, Placeholder, Template};

/// The printable characters of the basic GSM-7 alphabet beyond ASCII letters and digits, with CR and LF.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";

/// The extension table: two septets each.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How a gateway bills a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Mainland China: each UTF-16 unit counts one; 70 in one message, else parts of 67.
    Mainland,
    /// Elsewhere: GSM-7 160/153 septets if the text allows it, else UCS-2 70/67 units.
    International,
}

/// The length of a text in every unit that something is limited in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Characters (Unicode scalar values).
    pub chars: u32,
    /// UTF-16 code units.
    pub utf16_units: u32,
    /// Septets in GSM-7, extension characters as two; `None` when a character is outside GSM-7.
    pub gsm7_septets: Option<u32>,
}

impl Default for Length {
    fn default() -> Self {
        Self { chars: 0, utf16_units: 0, gsm7_septets: Some(0) }
    }
}

impl Length {
    /// The length of `text`.
    pub fn of(text: &str) -> Self {
        let chars = text.chars().count();
        // Only characters of four bytes take two units.
        let wide = text.bytes().filter(|byte| *byte >= 0xF0).count();
        let septets = text.chars().try_fold(0, |sum, character| Some(sum + septets(character)?));
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { chars: count(chars), utf16_units: count(chars + wide), gsm7_septets: septets }
    }

    /// The length of a text of `count` digits and letters.
    pub const fn plain(count: u32) -> Self {
        Self { chars: count, utf16_units: count, gsm7_septets: Some(count) }
    }

    /// The lengths of two texts sent one after the other.
    pub fn plus(self, other: Self) -> Self {
        Self {
            chars: self.chars.saturating_add(other.chars),
            utf16_units: self.utf16_units.saturating_add(other.utf16_units),
            gsm7_septets: self.gsm7_septets.zip(other.gsm7_septets).map(|(a, b)| a.saturating_add(b)),
        }
    }

    /// Whether every character is in GSM-7.
    pub const fn gsm7(self) -> bool {
        self.gsm7_septets.is_some()
    }

    /// The units that are billed.
    pub fn units(self, counting: Counting) -> u32 {
        match (counting, self.gsm7_septets) {
            (Counting::International, Some(septets)) => septets,
            _ => self.utf16_units,
        }
    }

    /// The parts a text of this length is sent in; an empty one is one part. The least number: a character
    /// of two units is never split over two parts, which can cost one more at an unlucky border.
    pub fn segments(self, counting: Counting) -> u32 {
        let (one, many) = match (counting, self.gsm7_septets) {
            (Counting::International, Some(_)) => (160, 153),
            _ => (70, 67),
        };
        let units = self.units(counting);
        if units <= one { 1 } else { units.div_ceil(many) }
    }
}

/// How long a message can be on one path, depending on the values that are filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// With the shortest usual values.
    pub least: Length,
    /// With the longest: as declared, else as usual for what they are.
    pub most: Length,
}

impl Reach {
    /// The lengths of what is sent on `path`. No value is longer than `longest` characters, where that is known. Values
    /// are counted as plain digits and letters.
    pub fn of(template: &Template, path: &Path, longest: Option<u32>) -> Self {
        let literal = Length::of(&template.literal(path));
        let placeholders = template.placeholders();
        let mut reach = Self { least: literal, most: literal };
        for piece in &path.pieces {
            let PathPiece::Placeholder(at) = piece else { continue };
            let Some(placeholder) = placeholders.get(*at) else { continue };
            let (least, most) = value_lengths(placeholder, longest);
            reach.least = reach.least.plus(Length::plain(least));
            reach.most = reach.most.plus(Length::plain(most));
        }
        reach
    }

    /// The lengths with `text` before or after.
    pub fn with(self, text: &str) -> Self {
        let length = Length::of(text);
        Self { least: self.least.plus(length), most: self.most.plus(length) }
    }
}

/// How many characters the value of a placeholder has, at least and at most.
pub fn value_lengths(placeholder: &Placeholder, longest: Option<u32>) -> (u32, u32) {
    let (mut least, mut most) = naming::usual_length(placeholder.role);
    if let Some(declared) = placeholder.max_length {
        most = declared;
    }
    most = longest.map_or(most, |longest| most.min(longest));
    if let Some(default) = &placeholder.default {
        let length = u32::try_from(default.chars().count()).unwrap_or(u32::MAX);
        (least, most) = (least.min(length), most.max(length));
    }
    (least.min(most), most)
}

/// The septets of a character in GSM-7.
fn septets(character: char) -> Option<u32> {
    // Nothing from Greek capitals on is in either table but the euro sign.
    if character > 'Ω' && character != '€' {
        None
    } else if matches!(character, 'A'..='Z' | 'a'..='z' | '0'..='9' | ' ' | '.' | ',')
        || BASIC.contains(character)
    {
        Some(1)
    } else if EXTENSION.contains(character) {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_unit() {
        let length = Length::of("Pay €5 {x}");
        assert_eq!(length, Length { chars: 10, utf16_units: 10, gsm7_septets: Some(13) });
        let length = Length::of("欠款🙂");
        assert_eq!(length, Length { chars: 3, utf16_units: 4, gsm7_septets: None });
    }

    #[test]
    fn the_basic_alphabet_has_127_characters() {
        // 128 codes, one of which is the escape to the extension table.
        assert_eq!(BASIC.chars().count() + 26 + 26 + 10, 127);
        assert_eq!(EXTENSION.chars().count(), 10);
        assert_eq!(Length::of("`").gsm7_septets, None);
    }

    #[test]
    fn values_are_counted_as_declared_else_as_usual() {
        let mut placeholder = Placeholder { role: crate::facts::Role::Amount, ..Placeholder::default() };
        assert_eq!(value_lengths(&placeholder, None), (1, 10));
        assert_eq!(value_lengths(&placeholder, Some(6)), (1, 6));
        placeholder.max_length = Some(20);
        placeholder.default = Some(String::new());
        assert_eq!(value_lengths(&placeholder, None), (0, 20));
        placeholder.default = Some("a".repeat(30));
        assert_eq!(value_lengths(&placeholder, None), (1, 30));
    }

    #[test]
    fn parts_change_at_their_limits() {
        let segments = |text: &str, n: usize, counting| Length::of(&text.repeat(n)).segments(counting);
        assert_eq!(segments("a", 160, Counting::International), 1);
        assert_eq!(segments("a", 161, Counting::International), 2);
        assert_eq!(segments("a", 306, Counting::International), 2);
        assert_eq!(segments("a", 307, Counting::International), 3);
        assert_eq!(segments("[", 80, Counting::International), 1);
        assert_eq!(segments("[", 81, Counting::International), 2);
        assert_eq!(segments("a", 71, Counting::Mainland), 2);
        assert_eq!(segments("款", 70, Counting::International), 1);
        assert_eq!(segments("款", 135, Counting::Mainland), 3);
        assert_eq!(segments("a", 0, Counting::Mainland), 1);
    }
}
