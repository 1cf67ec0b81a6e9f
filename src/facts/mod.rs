//! What a message states: roles of placeholders, amounts, dates, links, phone numbers, lengths.

mod digits;
pub mod entities;
pub mod length;
mod links;
mod money;
pub(crate) mod naming;
pub mod roles;

pub use entities::{Entity, EntityKind};
pub use roles::Role;
