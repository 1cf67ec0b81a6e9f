//! x
pub mod names;
use std::path::PathBuf;
/// Which configuration holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigChoice {
    /// The nearest `dunlint.toml` upwards from each file.
    #[default]
    Nearest,
    /// This file for everything.
    File(PathBuf),
    /// None at all.
    Isolated,
}
