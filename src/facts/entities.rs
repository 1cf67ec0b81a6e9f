//! Amounts, dates, links and phone numbers written out in a text (`grammar/message.pest`).

use crate::source::Span;

/// One thing found in a folded text. The span counts bytes of that folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Where it stands in the folded text.
    pub span: Span,
    /// What it is.
    pub kind: EntityKind,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// Money: minor units (fen, cents) and the ISO currency if a mark says it.
    Amount {
        /// In minor units (hundredths).
        minor: i64,
        /// `CNY`, `USD`, … when a mark (元, $, Rs) says it.
        currency: Option<&'static str>,
    },
    /// A calendar date or a month and day.
    Date,
    /// A percentage.
    Percent,
    /// A link: scheme, host and path as written.
    Url {
        /// The host, lower case.
        host: String,
        /// Whether `https` was written; `None` without a scheme.
        https: Option<bool>,
    },
    /// A service line: 400/95/800 numbers, landlines, short codes, toll-free.
    ServicePhone,
    /// A person's mobile number.
    MobilePhone,
    /// A full identity number (18-digit PRC ID with checksum, TW, HK, SSN, PAN, Aadhaar).
    IdNumber,
    /// A full bank card number (13–19 digits).
    Card,
    /// Another number.
    Number,
}

/// temp
pub fn find(_text: &str) -> Vec<Entity> {
    Vec::new()
}
