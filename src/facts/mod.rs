//! What a message states: roles of placeholders, amounts, dates, links, phone numbers, lengths.

pub mod amounts;
pub mod dates;
mod digits;
pub mod entities;
pub mod figure;
pub mod formula;
mod labels;
pub mod length;
mod links;
mod money;
pub(crate) mod names;
pub(crate) mod naming;
pub mod rates;
pub mod roles;
pub(crate) mod tables;

pub use entities::{Entity, EntityKind};
pub use roles::Role;
