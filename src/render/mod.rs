//! What a borrower would really read: templates with values in them, checked row by row.
//!
//! Begin at [`Plan::of`], which works out a template once, and [`engine::run`], which reads rows in blocks and looks at
//! the blocks side by side. [`row`] checks figures, sums, days and lengths of one row; [`content`] asks the rules of
//! content where a value could add something; [`sheet`] shows the messages without data.

pub mod claims;
mod condition;
pub mod content;
mod decimal;
pub mod engine;
pub mod filter;
pub mod names;
pub mod plan;
pub(crate) mod prove;
pub mod record;
pub mod row;
pub mod rows;
mod sample;
pub mod sheet;
pub mod utf16;

pub use plan::Plan;
