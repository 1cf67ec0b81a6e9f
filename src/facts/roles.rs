//! What kind of value a placeholder carries. [`assign`] tells it from `policies/roles.toml`.

pub use super::naming::{assign, is_type, of_type};

/// What kind of value a placeholder carries. Each role is one private-use character in the folded text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Role {
    /// Money.
    Amount,
    /// A date or time.
    Date,
    /// A number of days.
    Days,
    /// A person's name.
    Name,
    /// A phone number of the sender (service line).
    Phone,
    /// A link.
    Url,
    /// A full identity number.
    IdNumber,
    /// A full bank card number.
    Card,
    /// An account, loan or contract number, or its tail.
    Account,
    /// A postal address.
    Address,
    /// An organisation.
    Company,
    /// A person other than the debtor.
    Contact,
    /// A one-time code.
    Code,
    /// A count, rate or period.
    Number,
    /// Long free text.
    Text,
    /// Nothing is known.
    #[default]
    Unknown,
}

impl Role {
    /// All roles, in the order of their characters.
    pub const ALL: [Self; 16] = [
        Self::Amount,
        Self::Date,
        Self::Days,
        Self::Name,
        Self::Phone,
        Self::Url,
        Self::IdNumber,
        Self::Card,
        Self::Account,
        Self::Address,
        Self::Company,
        Self::Contact,
        Self::Code,
        Self::Number,
        Self::Text,
        Self::Unknown,
    ];

    /// The word in policies (`<amount>`), metadata types and `parse` output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Date => "date",
            Self::Days => "days",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::IdNumber => "id",
            Self::Card => "card",
            Self::Account => "account",
            Self::Address => "address",
            Self::Company => "company",
            Self::Contact => "contact",
            Self::Code => "code",
            Self::Number => "number",
            Self::Text => "text",
            Self::Unknown => "unknown",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }

    /// The character that stands for a placeholder of this role in the folded text (U+E000 and on).
    pub fn character(self) -> char {
        char::from_u32(0xE000 + self as u32).unwrap_or('\u{E00F}')
    }

    /// The placeholders of a folded text: where each stands, and its role.
    pub fn all_in(text: &str) -> impl Iterator<Item = (usize, Self)> + '_ {
        // U+E000 and what follows are the only characters of a folded text whose first byte is EE.
        memchr::memchr_iter(0xEE, text.as_bytes()).filter_map(|at| {
            let c = text.get(at..)?.chars().next()?;
            Self::from_character(c).map(|role| (at, role))
        })
    }

    /// The role a character of the folded text stands for.
    pub fn from_character(c: char) -> Option<Self> {
        let index = (c as u32).checked_sub(0xE000)?;
        Self::ALL.get(index as usize).copied()
    }
}
