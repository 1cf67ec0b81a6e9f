//! Decimal figures of any number of places, exact: what filters count with.

use std::fmt;

/// `mantissa / 10^scale`. At most 30 digits, of which at most 12 behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// The most places behind the point.
const PLACES: u32 = 12;

const fn power(scale: u32) -> i128 {
    10_i128.pow(if scale > 24 { 24 } else { scale })
}

impl Decimal {
    /// Reads `1,234.50`, `-3`; `None` of anything else, an exponent too.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = whole.replace(',', "");
        let all = whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit());
        if !all || whole.is_empty() || whole.len() > 18 || part.len() > PLACES as usize {
            return None;
        }
        let mantissa: i128 = format!("{whole}{part}").parse().ok()?;
        Some(Self { mantissa: sign * mantissa, scale: u32::try_from(part.len()).ok()? })
    }

    /// Without its sign.
    pub(super) const fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), ..self }
    }

    /// With the other sign.
    pub(super) const fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, ..self }
    }

    /// The sum.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let sum = self.at(scale)?.checked_add(other.at(scale)?)?;
        Some(Self { mantissa: sum, scale }.short())
    }

    /// The product.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let product = self.mantissa.checked_mul(other.mantissa)?;
        let found = Self { mantissa: product, scale: self.scale + other.scale }.short();
        (found.scale <= PLACES).then_some(found)
    }

    /// The smallest whole number not below it.
    pub(super) fn ceil(self) -> Option<Self> {
        Some(self.negated().floor()?.negated())
    }

    /// The largest whole number not above it.
    pub(super) fn floor(self) -> Option<Self> {
        Some(Self { mantissa: self.mantissa.checked_div_euclid(power(self.scale))?, scale: 0 })
    }

    /// Without what stands behind the point.
    pub(super) const fn truncated(self) -> Self {
        Self { mantissa: self.mantissa / power(self.scale), scale: 0 }
    }

    /// To so many places, halves away from zero, without trailing zeros.
    pub(super) fn rounded(self, places: u32) -> Option<Self> {
        Some(Self { mantissa: self.at_places(places)?, scale: places }.short())
    }

    /// With exactly so many places, `point` before them and `between` thousands.
    pub(super) fn fixed(self, places: u32, point: &str, between: &str) -> Option<String> {
        let mantissa = self.at_places(places)?;
        let (whole, part) = (
            mantissa.unsigned_abs() / power(places).unsigned_abs(),
            mantissa.unsigned_abs() % power(places).unsigned_abs(),
        );
        let digits = whole.to_string();
        let mut text = String::from(if mantissa < 0 { "-" } else { "" });
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                text.push_str(between);
            }
            text.push(digit);
        }
        if places > 0 {
            text += &format!("{point}{part:0width$}", width = places as usize);
        }
        Some(text)
    }

    /// As it is, with commas between thousands.
    pub(super) fn grouped(self) -> Option<String> {
        self.fixed(self.scale, ".", ",")
    }

    /// The mantissa at a scale that is not smaller.
    fn at(self, scale: u32) -> Option<i128> {
        self.mantissa.checked_mul(power(scale.checked_sub(self.scale)?))
    }

    /// The mantissa at any scale, rounded.
    fn at_places(self, places: u32) -> Option<i128> {
        if places >= self.scale {
            return self.at(places);
        }
        let unit = power(self.scale - places);
        let (whole, rest) = (self.mantissa / unit, self.mantissa % unit);
        Some(whole + if rest.abs() * 2 >= unit { self.mantissa.signum() } else { 0 })
    }

    fn short(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self = Self { mantissa: self.mantissa / 10, scale: self.scale - 1 };
        }
        self
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fixed(self.scale, ".", "").unwrap_or_default())
    }
}
