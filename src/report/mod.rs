//! From an [`Outcome`](crate::outcome::Outcome) to bytes: one file a format, one line of [`FORMATS`] each.
//!
//! Begin at [`FORMATS`]. [`full`] is what people read; it rests on [`excerpt`] (the few lines a diagnostic
//! shows, cut to fit) and [`glyphs`] (text made harmless, with its width). [`json`] is what machines read; the
//! formats of other tools are cut from [`export`].
//! [`chrome`] holds the words of the tool itself, [`sentence`] the words of the rules.

pub mod checkstyle;
pub mod chrome;
pub mod concise;
pub mod excerpt;
mod export;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod glyphs;
pub mod json;
pub mod json_lines;
pub mod junit;
pub mod line_hash;
pub mod mask;
pub(crate) mod model;
pub mod paint;
pub mod rdjson;
pub mod sarif;
pub mod sentence;
pub mod statistics;
pub mod summary;
pub mod timing;
mod wrap;

use crate::outcome::Reporter;

/// A format by name.
pub struct Format {
    /// The name in `--format` and `--report`.
    pub name: &'static str,
    /// Whether people read it; what is said to a person goes to standard error otherwise.
    pub for_people: bool,
    /// Whether it shows fingerprints or digests.
    pub digests: bool,
    /// The writer.
    pub reporter: &'static dyn Reporter,
}

/// Every format.
pub const FORMATS: &[Format] = &[
    Format { name: "full", for_people: true, digests: false, reporter: &full::Full },
    Format { name: "concise", for_people: true, digests: false, reporter: &concise::Concise },
    Format { name: "json", for_people: false, digests: true, reporter: &json::Json },
    Format { name: "json-lines", for_people: false, digests: true, reporter: &json_lines::JsonLines },
    Format { name: "sarif", for_people: false, digests: true, reporter: &sarif::Sarif },
    Format { name: "github", for_people: false, digests: false, reporter: &github::GitHub },
    Format { name: "gitlab", for_people: false, digests: true, reporter: &gitlab::GitLab },
    Format { name: "junit", for_people: false, digests: false, reporter: &junit::JUnit },
    Format { name: "checkstyle", for_people: false, digests: false, reporter: &checkstyle::Checkstyle },
    Format { name: "rdjson", for_people: false, digests: false, reporter: &rdjson::Rdjson },
];

/// The format `name`, if there is one.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
