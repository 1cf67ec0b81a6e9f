//! What a string of digits is: an identity, card or phone number.
//!
//! Begin at [`classify`]. The shapes are those of the numbering plans and identity documents of the
//! jurisdictions that dunlint knows (cn tw hk us in uk ke ph id); checksums are GB 11643 for PRC identity
//! numbers, the letter checksum of Taiwan's, and ISO/IEC 7812 (Luhn) for cards.

use super::entities::EntityKind;

/// What the words just before a number say about it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context<'t> {
    before: &'t str,
}

/// How many bytes before a number are looked at: eight ideographs or a few Latin words.
const REACH: usize = 24;

impl<'t> Context<'t> {
    /// The words before byte `at` of a folded text.
    pub(super) fn of(text: &'t str, at: usize) -> Self {
        let mut start = at.saturating_sub(REACH);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        Self { before: text.get(start..at).unwrap_or("") }
    }

    fn says(self, words: &[&str]) -> bool {
        words.iter().any(|word| self.before.contains(word))
    }

    fn card(self) -> bool {
        self.says(&["卡号", "银行卡", "行卡", "信用卡", "储蓄卡", "借记卡", "card"])
    }

    fn identity(self) -> bool {
        self.says(&["身份证", "身分证", "证件号", "id card", "id no", "identity"])
    }

    fn order(self) -> bool {
        self.says(&[
            "订单", "运单", "流水", "合同", "编号", "单号", "借据", "order", "ref", "invoice", "contract",
            "loan",
        ])
    }

    fn phone(self) -> bool {
        let chinese = ["电话", "致电", "拨", "热线", "专线", "客服", "查询", "来电", "回电", "联系"];
        self.says(&chinese) || self.says(&["call", "tel", "phone", "line", "ring", "contact"])
    }

    fn follows_ideograph(self) -> bool {
        self.before.trim_end_matches(' ').ends_with(crate::text::tables::is_ideograph)
    }
}

/// A run of digit groups with single separators.
struct Run<'r> {
    /// All digits, without separators; the last may be `x`.
    digits: &'r str,
    /// The length of each group.
    groups: &'r [usize],
    /// Whether it begins with `+`.
    international: bool,
    /// Whether its first group is in brackets.
    area: bool,
    context: Context<'r>,
}

/// Groups the grammar takes at most.
const MOST_GROUPS: usize = 9;

/// What the longest start of `run` that is something is, and its bytes. `run` is what the grammar rule
/// `digits` has matched.
pub(super) fn classify(run: &str, context: Context<'_>) -> Option<(usize, EntityKind)> {
    let mut digits = String::with_capacity(run.len());
    let mut groups = Vec::with_capacity(MOST_GROUPS);
    let mut ends = Vec::with_capacity(MOST_GROUPS);
    let mut last_is_digit = false;
    for (at, c) in run.char_indices() {
        let is_digit = c.is_ascii_digit() || c == 'x';
        if is_digit {
            digits.push(c);
            if last_is_digit {
                if let (Some(len), Some(end)) = (groups.last_mut(), ends.last_mut()) {
                    *len += 1;
                    *end = at + 1;
                }
            } else {
                groups.push(1_usize);
                ends.push(at + 1);
            }
        }
        last_is_digit = is_digit;
    }
    let international = run.starts_with('+') || run.starts_with("(+");
    let area = run.starts_with('(');
    (1..=groups.len()).rev().find_map(|count| {
        let groups = groups.get(..count)?;
        let digits = digits.get(..groups.iter().sum())?;
        let kind = Run { digits, groups, international, area, context }.kind()?;
        Some((*ends.get(count - 1)?, kind))
    })
}

impl Run<'_> {
    fn kind(&self) -> Option<EntityKind> {
        // (02) alone is no number.
        if self.area && self.groups.len() < 2 {
            return None;
        }
        if self.is_identity() {
            return Some(EntityKind::IdNumber);
        }
        if self.digits.ends_with('x') {
            return None;
        }
        if self.is_card() {
            return Some(EntityKind::Card);
        }
        // An account number, no phone number in its middle.
        // An area code (0371-0000-1234) has one more after its 0.
        let area = self.groups.len() == 3 && self.digits.starts_with('0') && !self.digits.starts_with("00");
        if self.groups.len() > 2 && self.groups.iter().all(|len| *len == 4) && !area {
            return Some(EntityKind::Number);
        }
        self.phone()
    }

    fn is_identity(&self) -> bool {
        let known = self.context.identity();
        match (self.digits.len(), self.groups) {
            (18, [18] | [6, 8, 4] | [6, 4, 4, 4]) => {
                has_birthday(self.digits, 6, 4) && (known || is_prc_checked(self.digits))
            }
            (15, [15]) => known && has_birthday(self.digits, 6, 2),
            (9, [3, 2, 4]) => is_social_security(self.digits),
            (9, [9]) => self.context.says(&["ssn", "social security"]) && is_social_security(self.digits),
            (12, [4, 4, 4] | [12]) => self.context.says(&["aadhaar", "aadhar", "uidai"]),
            _ => false,
        }
    }

    fn is_card(&self) -> bool {
        let grouped = match self.groups {
            [_] | [4, 6, 4 | 5] | [6, 13] => true,
            [first @ .., last] => first.iter().all(|len| *len == 4) && (1..=4).contains(last),
            [] => false,
        };
        if !grouped || self.international || !(13..=19).contains(&self.digits.len()) {
            return false;
        }
        let same = self.digits.bytes().all(|b| self.digits.as_bytes().first() == Some(&b));
        self.context.card() || !same && !self.context.order() && is_luhn(self.digits)
    }

    fn phone(&self) -> Option<EntityKind> {
        if self.international {
            return self.international_phone();
        }
        let digits = self.digits;
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| digits.starts_with(prefix));
        let service = Some(EntityKind::ServicePhone);
        let mobile = Some(EntityKind::MobilePhone);
        let grouped = self.groups.len() > 1;
        let shortest = self.groups.iter().copied().min().unwrap_or(0);
        match (digits.len(), self.groups) {
            // 95 and 96 short numbers of Chinese banks and companies, 123 of authorities.
            (5..=8, [_]) if starts(&["95"]) => service,
            (5, [_]) if starts(&["96", "123"]) => service,
            (7, [4, 3] | [7]) if starts(&["1500"]) && (grouped || self.context.phone()) => service,
            (10, _) if starts(&["400"]) && shortest >= 2 => service,
            (10, [10] | [3, 3, 4] | [3, 7]) if starts(&["800", "888", "877", "866", "855", "844", "833"]) => {
                service
            }
            (10 | 11, [4, ..]) if starts(&["1800", "1860"]) && grouped => service,
            (_, [1, 3, ..]) if starts(&["18"]) && (11..=13).contains(&digits.len()) => service,
            (9..=11, _) if starts(&FREE) => service,
            (11, [11] | [3, 4, 4] | [3, 8]) if is_chinese_mobile(digits) => mobile,
            (10 | 11, _) if starts(&["07", "09"]) => mobile,
            (10..=13, _) if starts(&["08"]) => mobile,
            (10, [10] | [4, 3, 3] | [4, 6]) if starts(&["01"]) => mobile,
            (10, [5, 5]) if starts(&["6", "7", "8", "9"]) => mobile,
            (10, [10]) if starts(&["6", "7", "8", "9"]) => {
                let plain = self.context.order() || self.context.follows_ideograph();
                if plain { None } else { mobile }
            }
            (9..=12, _)
                if starts(&["0"]) && !starts(&["000"]) && (grouped || self.area || self.context.phone()) =>
            {
                service
            }
            (10, [3, 3, 4]) if !starts(&["0", "1"]) => service,
            (8, [4, 4]) if !is_year_first(digits) => eight(digits),
            (8, [8]) if self.context.phone() => eight(digits),
            _ => None,
        }
    }

    /// A number that begins with `+` and a country code.
    fn international_phone(&self) -> Option<EntityKind> {
        if !(9..=15).contains(&self.digits.len()) {
            return None;
        }
        let mobile = ["861", "8869", "447", "2547", "2541", "639", "628", "8525", "8526", "8529"];
        let indian = ["916", "917", "918", "919"];
        let is_mobile = mobile.iter().chain(&indian).any(|prefix| self.digits.starts_with(prefix));
        Some(if is_mobile { EntityKind::MobilePhone } else { EntityKind::ServicePhone })
    }
}

/// Free and shared-cost numbers of the United Kingdom, Taiwan and Kenya.
const FREE: [&str; 12] =
    ["0800", "0808", "0809", "0300", "0303", "0330", "0333", "0345", "0370", "0344", "0843", "0845"];

/// Eight digits are a number in Hong Kong (or without its area code).
fn eight(digits: &str) -> Option<EntityKind> {
    match digits.as_bytes().first()? {
        b'2' | b'3' | b'8' => Some(EntityKind::ServicePhone),
        b'4'..=b'7' | b'9' => Some(EntityKind::MobilePhone),
        _ => None,
    }
}

fn is_chinese_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// `2025 0618` is a date.
fn is_year_first(digits: &str) -> bool {
    (digits.starts_with("19") || digits.starts_with("20")) && has_birthday(digits, 0, 4)
}

/// Whether a month and a day of month stand behind a year of `year` digits at `at`.
fn has_birthday(digits: &str, at: usize, year: usize) -> bool {
    let two = |from: usize| digits.get(from..from + 2).and_then(|d| d.parse::<u8>().ok()).unwrap_or(0);
    let century = year == 2 || matches!(two(at), 18..=21);
    century && (1..=12).contains(&two(at + year)) && (1..=31).contains(&two(at + year + 2))
}

/// The check character of a PRC identity number (GB 11643, ISO 7064 MOD 11-2).
fn is_prc_checked(digits: &str) -> bool {
    let value = |b: u8| if b == b'x' { 10 } else { u32::from(b - b'0') };
    // Each position weighs a power of two; the whole must leave 1.
    let sum = digits.bytes().fold(0, |sum, b| (sum * 2 + value(b)) % 11);
    sum == 1
}

fn is_social_security(digits: &str) -> bool {
    let area = digits.get(..3).unwrap_or("");
    !matches!(area, "000" | "666") && !area.starts_with('9') && !digits.contains('x')
}

/// The check digit of a bank card.
fn is_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| match (i % 2, u32::from(b - b'0')) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a word that looks like an identity number of letters and digits is one. Taiwan's must have its
/// check digit, or a word before it that says so; the others have shapes of their own.
pub(super) fn is_identity(number: &str, context: Context<'_>) -> bool {
    let bytes = number.as_bytes();
    let is_taiwanese = bytes.len() == 10 && bytes.get(1).is_some_and(u8::is_ascii_digit);
    !is_taiwanese || context.identity() || is_taiwan_checked(bytes)
}

fn is_taiwan_checked(number: &[u8]) -> bool {
    // The letter stands for a number from 10 to 35, in the order in which counties were given letters.
    let Some(letter) = number.first().and_then(|b| b"abcdefghjklmnpqrstuvxywzio".iter().position(|l| l == b))
    else {
        return false;
    };
    let value = letter + 10;
    let digit = |i: usize| number.get(i).map_or(0, |b| usize::from(b - b'0'));
    let sum: usize =
        value / 10 + value % 10 * 9 + (1..=8).map(|i| digit(i) * (9 - i)).sum::<usize>() + digit(9);
    sum.is_multiple_of(10)
}
