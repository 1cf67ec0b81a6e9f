//! What a rule rests on: law, standard, guideline, platform page or house rule.

use crate::words::Words;
use serde::{Deserialize, Serialize};

/// What kind of text a basis is. Soft law is never called law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Force {
    /// Statute, regulation.
    Law,
    /// Recommended national standard.
    Standard,
    /// Guideline of an association or supervisor.
    Guideline,
    /// Rule of a messaging platform.
    Platform,
    /// A rule of this tool.
    House,
}

impl Force {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Standard => "standard",
            Self::Guideline => "guideline",
            Self::Platform => "platform",
            Self::House => "house",
        }
    }
}

/// How much of the text was seen when the entry was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Seen {
    /// The clause itself.
    #[serde(rename = "text")]
    Text,
    /// The clause itself, in a version that is or may be superseded.
    #[serde(rename = "older-text")]
    OlderText,
    /// Quoted by press or an official note.
    #[serde(rename = "quoted")]
    Quoted,
    /// A secondary summary only; no clause may be cited.
    #[serde(rename = "summary")]
    Summary,
    /// This tool's own rule.
    #[serde(rename = "own")]
    Own,
}

/// One entry of `policies/basis.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Its key in the file.
    pub id: String,
    /// The instrument.
    pub title: Words,
    /// The clause, only where it was seen.
    pub clause: Option<Words>,
    /// What kind of text.
    pub force: Force,
    /// How it was seen.
    pub seen: Seen,
    /// Jurisdictions it holds in (`cn`, …), or `any`.
    pub jurisdiction: Vec<String>,
    /// In force since (ISO date), version seen, page date.
    pub dated: Option<String>,
    /// The page where it is published.
    pub url: Option<String>,
    /// What it says, in our words.
    pub says: Words,
    /// Why no rule rests on it: what it asks cannot be told from a text.
    pub unchecked: Option<Words>,
}
