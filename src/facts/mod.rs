//! What a message states: roles of placeholders, amounts, dates, links, phone numbers, lengths.

pub mod entities;
pub mod length;
pub mod roles;

pub use entities::{Entity, EntityKind};
pub use roles::Role;
