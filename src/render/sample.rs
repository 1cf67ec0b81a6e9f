//! A value to show for a variable of which only the kind is known. All are invented.

use crate::facts::Role;
use crate::facts::amounts::{self, Meaning};
use crate::words::Lang;

/// Small figures for parts, larger ones for wholes.
fn amount(name: &str) -> &'static str {
    match amounts::meaning_of_name(name) {
        Some(Meaning::Principal) => "1,000.00",
        Some(Meaning::Interest) => "20.00",
        Some(Meaning::Penalty) => "5.00",
        Some(Meaning::Fee | Meaning::Discount) => "3.00",
        Some(Meaning::Minimum | Meaning::Instalment) => "100.00",
        _ => "1,234.56",
    }
}

/// A value of `role`, of at most `max` characters.
pub(super) fn of(role: Role, name: &str, lang: Option<Lang>, max: Option<u32>) -> String {
    let chinese = lang != Some(Lang::En);
    let pick = |zh: &str, en: &str| if chinese { zh.to_owned() } else { en.to_owned() };
    let value = match role {
        Role::Amount => amount(name).to_owned(),
        Role::Date => pick("6月18日", "18 June"),
        Role::Days => "7".to_owned(),
        Role::Name => pick("王女士", "Ms Example"),
        Role::Phone => "400-000-0000".to_owned(),
        Role::Url => "https://pay.example.com/r".to_owned(),
        Role::IdNumber => "110101********0000".to_owned(),
        Role::Card => "622200******0000".to_owned(),
        Role::Account => "0000".to_owned(),
        Role::Address => pick("某市某路1号", "1 Example Road"),
        Role::Company => pick("某某金融", "Example Finance"),
        Role::Contact => pick("李先生", "Mr Example"),
        Role::Code => "000000".to_owned(),
        Role::Number => "3".to_owned(),
        Role::Text | Role::Unknown => format!("⟨{name}⟩"),
    };
    match max {
        Some(max) => value.chars().take(max as usize).collect(),
        None => value,
    }
}
