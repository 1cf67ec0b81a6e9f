//! The value of a written amount: figures, Chinese numerals, 万 and lakh, and the currency.
//!
//! Begin at [`read`]. What an amount looks like is said in `grammar/message.pest`.

use foldhash::HashMap;
use std::sync::LazyLock;

/// Marks, codes and words of currencies, longest first where one begins with another. `$`, `元` and `块`
/// alone do not say whose: they are not here.
const CURRENCIES: [(&str, &str); 48] = [
    ("hk$", "HKD"),
    ("nt$", "TWD"),
    ("us$", "USD"),
    ("s$", "SGD"),
    ("a$", "AUD"),
    ("¥", "CNY"),
    ("£", "GBP"),
    ("€", "EUR"),
    ("₱", "PHP"),
    ("₹", "INR"),
    ("人民币", "CNY"),
    ("港币", "HKD"),
    ("港元", "HKD"),
    ("港纸", "HKD"),
    ("蚊", "HKD"),
    ("台币", "TWD"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("欧元", "EUR"),
    ("英镑", "GBP"),
    ("日元", "JPY"),
    ("卢比", "INR"),
    ("比索", "PHP"),
    ("披索", "PHP"),
    ("先令", "KES"),
    ("rupiah", "IDR"),
    ("rupee", "INR"),
    ("shilling", "KES"),
    ("pound", "GBP"),
    ("quid", "GBP"),
    ("peso", "PHP"),
    ("bucks", "USD"),
    ("euro", "EUR"),
    ("inr", "INR"),
    ("kes", "KES"),
    ("ksh", "KES"),
    ("php", "PHP"),
    ("usd", "USD"),
    ("cny", "CNY"),
    ("rmb", "CNY"),
    ("hkd", "HKD"),
    ("twd", "TWD"),
    ("ntd", "TWD"),
    ("nt", "TWD"),
    ("gbp", "GBP"),
    ("eur", "EUR"),
    ("idr", "IDR"),
    ("rp", "IDR"),
];

/// Minor units and currency of an amount as `grammar/message.pest` has found it; `None` when it does not fit
/// 64 bits. Digits after the second decimal are cut.
pub(super) fn read(amount: &str) -> Option<(i64, Option<&'static str>)> {
    let currency = currency(amount);
    let start = amount.find(|c: char| c.is_ascii_digit() || numeral(c).is_some())?;
    let rest = amount.get(start..)?;
    let minor = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        figures(rest, currency == Some("IDR"))?
    } else {
        chinese(rest)?.checked_mul(100)?
    };
    Some((i64::try_from(minor).ok()?, currency))
}

fn currency(amount: &str) -> Option<&'static str> {
    let found = CURRENCIES.iter().find(|(mark, _)| amount.contains(mark)).map(|(_, code)| *code);
    // After all codes, since "rs" stands in "dollars" too.
    let is_rupees = || amount.starts_with("rs") || amount.ends_with("rs") && !amount.ends_with("dollars");
    // A bare P is the peso; the scanner has seen to it that it is no other letter.
    let is_pesos = || {
        amount.strip_prefix('p').is_some_and(|rest| {
            rest.starts_with([' ', '.']) || rest.starts_with(|c: char| c.is_ascii_digit())
        })
    };
    found.or_else(|| is_rupees().then_some("INR")).or_else(|| is_pesos().then_some("PHP"))
}

/// Units that do not say whose money they are.
const UNITS: [&str; 8] = ["元", "块钱", "块", "圆", "万", "dollars", "dollar", "蚊"];

/// A word and the ISO code of its currency, by a character of the word.
type ByCharacter<C> = HashMap<char, Vec<(&'static str, C)>>;

/// Marks before a figure, by their last character.
static BY_END: LazyLock<ByCharacter<&'static str>> = LazyLock::new(|| {
    let mut marks: ByCharacter<&'static str> = HashMap::default();
    for (mark, code) in known() {
        marks.entry(mark.chars().next_back().unwrap_or_default()).or_default().push((mark, code));
    }
    marks
});

/// Words behind a figure, by their first character.
static BY_START: LazyLock<ByCharacter<Option<&'static str>>> = LazyLock::new(|| {
    let mut words: ByCharacter<Option<&'static str>> = HashMap::default();
    let known = known().map(|(word, code)| (word, Some(code)));
    for (word, code) in known.chain(UNITS.map(|word| (word, None))) {
        words.entry(word.chars().next().unwrap_or_default()).or_default().push((word, code));
    }
    words
});

/// All that say whose money it is.
fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    CURRENCIES.into_iter().chain([("rs", "INR")])
}

/// Whether a unit of money stands around the bytes `start..end` of a folded text, and the ISO currency if it says so.
pub(super) fn unit_around(text: &str, start: usize, end: usize) -> (bool, Option<&'static str>) {
    let head = text.get(..start).unwrap_or("").trim_end_matches([' ', '.']);
    let apart = |mark: &str| {
        let left = head.strip_suffix(mark)?;
        let cut = mark.starts_with(|c: char| c.is_ascii_alphanumeric())
            && left.ends_with(|c: char| c.is_ascii_alphanumeric());
        (!cut).then_some(())
    };
    let marks = head.chars().next_back().and_then(|last| BY_END.get(&last)).into_iter().flatten();
    let before = marks.into_iter().find(|(mark, _)| apart(mark).is_some());
    let after = unit(text.get(end..).unwrap_or(""));
    let code = before.map(|(_, code)| *code).or_else(|| after.and_then(|(_, code)| code));
    let peso = head.strip_suffix('p').is_some_and(|left| !left.ends_with(|c: char| c.is_alphanumeric()));
    let code = code.or(peso.then_some("PHP"));
    (code.is_some() || head.ends_with('$') || after.is_some(), code)
}

/// The bytes of a unit of money at the start of `text`, with a blank before it.
pub(super) fn unit_after(text: &str) -> usize {
    unit(text).map_or(0, |(len, _)| len)
}

/// The unit of money at the start of `text`: its bytes with the blanks before it, and the ISO currency if it says so.
fn unit(text: &str) -> Option<(usize, Option<&'static str>)> {
    let rest = text.trim_start_matches(' ');
    let blank = text.len() - rest.len();
    let fits = |unit: &str| {
        let after = rest.strip_prefix(unit)?.trim_start_matches('s');
        let cut = unit.is_ascii() && after.starts_with(|c: char| c.is_ascii_alphabetic());
        (!cut).then(|| rest.len() - if unit.is_ascii() { after.len() } else { rest.len() - unit.len() })
    };
    let words = rest.chars().next().and_then(|first| BY_START.get(&first)).into_iter().flatten();
    let found = words.filter_map(|(word, code)| Some((fits(word)?, *code)));
    found.max_by_key(|(len, _)| *len).map(|(len, code)| (blank + len, code))
}

/// `1,280.50`, `1.2万`, `3千5百`, `2 lakh` in minor units. With `dots`, a dot groups digits.
fn figures(text: &str, dots: bool) -> Option<i128> {
    let mut sum: i128 = 0;
    let mut rest = text;
    while rest.starts_with(|c: char| c.is_ascii_digit()) {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(rest.len());
        let (figure, after) = rest.split_at(end);
        let grouped = dots && figure.split('.').skip(1).all(|group| group.len() == 3);
        let (whole, fraction) = match figure.split_once('.') {
            Some(parts) if !grouped => parts,
            _ => (figure, ""),
        };
        let mut value: i128 = 0;
        let mut divisor: i128 = 1;
        for digit in whole.bytes().filter(u8::is_ascii_digit) {
            value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        for digit in fraction.bytes().filter(u8::is_ascii_digit).take(8) {
            value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
            divisor *= 10;
        }
        let (factor, after) = scale(after);
        sum = sum.checked_add(value.checked_mul(factor)?.checked_mul(100)? / divisor)?;
        rest = after;
    }
    Some(sum)
}

/// Words that multiply a figure.
const SCALES: [(&str, i128); 7] = [
    ("万亿", 1_000_000_000_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("千", 1_000),
    ("百", 100),
    ("crore", 10_000_000),
    ("la", 100_000),
];

/// The factor of the words at the start of `text`, and what follows them.
fn scale(text: &str) -> (i128, &str) {
    let mut factor = 1;
    let mut rest = text.trim_start_matches([' ', '多', '余', '来']);
    while let Some((word, value)) = SCALES.iter().find(|(word, _)| rest.starts_with(word)) {
        factor *= value;
        rest = rest.get(word.len()..).unwrap_or("").trim_start_matches(['多', '余', '来']);
        if factor > 1_000_000_000_000 {
            break;
        }
    }
    let thousand =
        rest.strip_prefix('k').filter(|after| !after.starts_with(|c: char| c.is_ascii_alphabetic()));
    match thousand {
        Some(after) if factor == 1 => (1_000, after),
        _ => (factor, rest),
    }
}

/// The value of a Chinese numeral character: a digit, or the unit it multiplies by.
fn numeral(c: char) -> Option<(bool, i128)> {
    let digit = |n| Some((false, n));
    let unit = |n| Some((true, n));
    match c {
        '零' | '〇' => digit(0),
        '一' | '壹' => digit(1),
        '二' | '两' | '贰' => digit(2),
        '三' | '叁' | '参' => digit(3),
        '四' | '肆' => digit(4),
        '五' | '伍' => digit(5),
        '六' | '陆' => digit(6),
        '七' | '柒' => digit(7),
        '八' | '捌' => digit(8),
        '九' | '玖' => digit(9),
        '十' | '拾' => unit(10),
        '百' | '佰' => unit(100),
        '千' | '仟' => unit(1_000),
        '万' => unit(10_000),
        '亿' => unit(100_000_000),
        _ => None,
    }
}

/// Whether a character can be part of a Chinese numeral.
pub(super) fn is_numeral(c: char) -> bool {
    numeral(c).is_some()
}

/// A Chinese numeral at the start of `text`: 三千五百, 一万二, 二〇〇〇.
fn chinese(text: &str) -> Option<i128> {
    // What is complete, the part below the next 万, the last digit, and the unit before that digit.
    let (mut total, mut section, mut last, mut unit): (i128, i128, Option<i128>, i128) = (0, 0, None, 1);
    for c in text.chars().filter(|c| !matches!(c, '多' | '余' | '来' | ' ')) {
        match numeral(c) {
            // Digits in a row: 二〇〇〇.
            Some((false, value)) => match last {
                Some(digit) if digit != 0 || unit == 1 => {
                    last = Some(digit.checked_mul(10)?.checked_add(value)?)
                }
                _ => {
                    // After 零 a digit counts ones: 一百零五.
                    unit = if value == 0 { 1 } else { unit };
                    last = Some(value);
                }
            },
            Some((true, value)) if value >= 10_000 => {
                section = section.checked_add(last.take().unwrap_or(0))?;
                // 万 counts only the part before it, 亿 all there is.
                total = if value > 10_000 {
                    total.checked_add(section)?.checked_mul(value)?
                } else {
                    total.checked_add(section.checked_mul(value)?)?
                };
                section = 0;
                unit = value;
            }
            Some((true, value)) => {
                section = section.checked_add(last.take().unwrap_or(1).checked_mul(value)?)?;
                unit = value;
            }
            None => break,
        }
    }
    // 一万二 is 12,000: a last digit without a unit counts tenths of the unit before it.
    let rest = match last {
        Some(digit) if unit >= 100 && digit < 10 => digit * (unit / 10),
        Some(digit) => digit,
        None => 0,
    };
    total.checked_add(section)?.checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::{chinese, read};

    #[test]
    fn numerals_have_values() {
        for (text, value) in [
            ("三千五百元", 3_500),
            ("三千五", 3_500),
            ("一万二", 12_000),
            ("一万二千", 12_000),
            ("壹万贰仟", 12_000),
            ("十", 10),
            ("十五", 15),
            ("二十", 20),
            ("一百零五", 105),
            ("一千零五十", 1_050),
            ("一万零三百", 10_300),
            ("二〇〇〇", 2_000),
            ("两百五", 250),
            ("三亿二千万", 320_000_000),
            ("一万多", 10_000),
        ] {
            assert_eq!(chinese(text), Some(value), "{text}");
        }
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        assert_eq!(read("99999999999999999999999999999999999999999999999元"), None);
        assert_eq!(read("92233720368547758.07元"), Some((i64::MAX, None)));
        assert_eq!(read("92233720368547758.08元"), None);
        assert_eq!(chinese(&format!("九{}", "亿".repeat(50))), None);
    }
}
