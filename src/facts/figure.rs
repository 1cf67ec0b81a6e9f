//! A figure that stands alone, as data and metadata hold it: `1,234.56` in minor units, and back.
//!
//! Begin at [`minor`]. Amounts inside of a text are found by [`super::entities`].

/// What keeps a text from being an exact amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// No figure at all.
    NoFigure,
    /// `1e+06`: printed by a program.
    Exponent,
    /// `0.30000000000000004`: more than two decimals.
    Decimals,
    /// Below zero.
    Negative,
    /// `1,23.00`: the groups of digits are no groups.
    Grouping,
    /// More than 64 bits hold.
    TooLarge,
}

/// A figure that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Minor units.
    pub minor: i64,
    /// Whether its digits stand in groups.
    pub grouped: bool,
    /// Whether it has four digits or more before the point.
    pub large: bool,
}

/// Minor units of `1234`, `1,234.5`, `1,00,000`; digits in other groups, more than two decimals (unless they are
/// zeros), signs and letters are refused.
pub fn minor(text: &str) -> Option<i64> {
    read(text).ok().map(|figure| figure.minor)
}

/// The same, and what it looks like.
///
/// # Errors
/// Why it is no exact amount.
pub fn read(text: &str) -> Result<Figure, Oddity> {
    let bytes = text.trim_ascii().as_bytes();
    let (negative, bytes) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if !bytes.first().is_some_and(u8::is_ascii_digit) {
        return Err(Oddity::NoFigure);
    }
    let mut value: i64 = 0;
    let (mut decimals, mut point, mut group, mut grouped, mut digits) = (0_u32, false, 0_u32, false, 0_u32);
    let mut odd_group = false;
    for byte in bytes {
        match byte {
            b'0'..=b'9' if point && decimals >= 2 => {
                if *byte != b'0' {
                    return Err(Oddity::Decimals);
                }
            }
            b'0'..=b'9' => {
                let next = value.checked_mul(10).and_then(|value| value.checked_add(i64::from(byte - b'0')));
                value = next.ok_or(Oddity::TooLarge)?;
                decimals += u32::from(point);
                digits += u32::from(!point);
                group += 1;
            }
            b',' if !point => {
                // The first group has one to three digits, those in between two (India) or three.
                odd_group |= if grouped { !(2..=3).contains(&group) } else { !(1..=3).contains(&group) };
                (grouped, group) = (true, 0);
            }
            b'.' if !point => {
                odd_group |= grouped && group != 3;
                (point, group) = (true, 0);
            }
            b'e' | b'E' => return Err(Oddity::Exponent),
            _ => return Err(Oddity::NoFigure),
        }
    }
    if odd_group || grouped && !point && group != 3 {
        return Err(Oddity::Grouping);
    }
    if point && group == 0 && decimals == 0 {
        return Err(Oddity::NoFigure);
    }
    for _ in decimals..2 {
        value = value.checked_mul(10).ok_or(Oddity::TooLarge)?;
    }
    if negative && value != 0 {
        return Err(Oddity::Negative);
    }
    Ok(Figure { minor: value, grouped, large: digits > 3 })
}

/// Minor units as a figure with two decimals.
pub fn shown(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

/// The same with commas between thousands.
pub fn shown_grouped(minor: i64) -> String {
    let plain = shown(minor);
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "00"));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::with_capacity(plain.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{cents}")
}

#[cfg(test)]
mod tests {
    use super::{Oddity, minor, read, shown, shown_grouped};

    #[test]
    fn figures_are_exact() {
        for (text, value) in [
            ("0", 0),
            ("12", 1_200),
            ("1,234.56", 123_456),
            ("1234.5", 123_450),
            ("1,00,000", 10_000_000),
            ("12.000", 1_200),
            (" 7.05 ", 705),
            ("-0.00", 0),
            ("92233720368547758.07", i64::MAX),
        ] {
            assert_eq!(minor(text), Some(value), "{text}");
        }
        for (text, oddity) in [
            ("", Oddity::NoFigure),
            ("abc", Oddity::NoFigure),
            ("12元", Oddity::NoFigure),
            ("12.", Oddity::NoFigure),
            ("1e+06", Oddity::Exponent),
            ("0.30000000000000004", Oddity::Decimals),
            ("-5.00", Oddity::Negative),
            ("1,23.00", Oddity::Grouping),
            ("1234,567", Oddity::Grouping),
            ("99999999999999999999", Oddity::TooLarge),
        ] {
            assert_eq!(read(text), Err(oddity), "{text}");
        }
        assert_eq!(shown(-5), "-0.05");
        assert_eq!(shown_grouped(123_456_789), "1,234,567.89");
        assert_eq!(shown_grouped(100), "1.00");
    }
}
