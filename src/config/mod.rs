//! `dunlint.toml`: which files are read how, and which rules hold where.
//!
//! Begin at [`Configs`], which finds the nearest configuration of each file. [`schema`] is what a file can
//! say, [`read`] reads it (every mistake with its place, all of them in one run), [`resolve`] answers what
//! holds for one file of templates.

pub mod date;
pub mod discover;
pub mod names;
mod read;
pub mod resolve;
pub mod schema;

pub use date::Date;
pub use discover::{ConfigChoice, Configs};
pub use resolve::{FileSettings, Levels};
pub use schema::{Config, Origin, Set, Suppress, Switch};
