//! Declared send schedules: what they say, and the worst that can come of it.
//!
//! Begin at [`read`], which makes a [`Campaign`] of a file. [`plan`] spreads its steps over the days, as sends that
//! may move inside their windows; [`worst`] finds the placement of the sends that is worst for the borrower,
//! exactly; [`judge`] compares it with what rules and the campaign itself allow. [`clock`] is the only place that
//! knows of time zones.

pub mod answer;
pub mod clock;
pub mod draw;
mod fields;
mod flaws;
pub mod foreign;
pub mod group;
pub mod judge;
mod mend;
pub mod open;
pub mod plan;
pub(crate) mod prove;
pub mod read;
mod report;
mod schema;
pub mod templates;
pub mod timeline;
pub mod wording;
pub mod worst;

pub use schema::{Campaign, Cap, Caps, Declared, Hours, Repeat, Step, Window};

/// Minutes of a day without a clock change.
pub const DAY: i64 = 24 * 60;
/// Minutes of the seven days of `per_7_days`.
pub const SEVEN_DAYS: i64 = 7 * DAY;
