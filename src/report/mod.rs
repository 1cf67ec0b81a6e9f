//! From an [`Outcome`](crate::outcome::Outcome) to bytes: one file a format, one line of [`FORMATS`] each.
//!
//! Begin at [`FORMATS`]. [`full`] is what people read; it rests on [`excerpt`] (the few lines a diagnostic
//! shows, cut to fit) and [`glyphs`] (text made harmless, with its width). [`json`] is what machines read.
//! [`chrome`] holds the words of the tool itself, [`sentence`] the words of the rules.

pub mod chrome;
pub mod concise;
pub mod excerpt;
pub mod full;
pub mod glyphs;
pub mod json;
pub mod json_lines;
pub(crate) mod model;
pub mod paint;
pub mod sentence;
pub mod statistics;
pub mod summary;

use crate::outcome::Reporter;

/// A format by name.
pub struct Format {
    /// The name in `--format` and `--report`.
    pub name: &'static str,
    /// Whether people read it; what is said to a person goes to standard error otherwise.
    pub for_people: bool,
    /// The writer.
    pub reporter: &'static dyn Reporter,
}

/// Every format.
pub const FORMATS: &[Format] = &[
    Format { name: "full", for_people: true, reporter: &full::Full },
    Format { name: "concise", for_people: true, reporter: &concise::Concise },
    Format { name: "json", for_people: false, reporter: &json::Json },
    Format { name: "json-lines", for_people: false, reporter: &json_lines::JsonLines },
];

/// The format `name`, if there is one.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
