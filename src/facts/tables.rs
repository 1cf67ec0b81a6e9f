//! The lists of words that roles, amounts and dates are told by: `policies/roles.toml` and
//! `policies/tables/meanings.toml`.
//!
//! Begin at [`TABLES`]. The build script reads the files and folds their words, so that a program that starts
//! need not.

use super::{amounts, naming};
use crate::text::fold_word;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Words by what they tell.
pub(super) type Table = BTreeMap<String, Vec<String>>;

/// The lists, folded.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Tables {
    pub(super) roles: naming::Written,
    pub(super) meanings: amounts::Written,
}

/// The lists of the program.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let stored = crate::builtin::tables().and_then(|image| postcard::from_bytes(image).ok());
    stored.unwrap_or_else(Tables::read)
});

/// What the build script stores for [`TABLES`].
#[allow(dead_code, reason = "the build script asks for it")]
pub(crate) fn image() -> Option<Vec<u8>> {
    postcard::to_allocvec(&Tables::read()).ok()
}

impl Tables {
    /// Reads the files. They are part of the program, and tests read them; one with a mistake is empty.
    fn read() -> Self {
        let mut tables = Self {
            roles: toml::from_str(include_str!("../../policies/roles.toml")).unwrap_or_default(),
            meanings: toml::from_str(include_str!("../../policies/tables/meanings.toml")).unwrap_or_default(),
        };
        let all = tables.roles.tables().into_iter().chain(tables.meanings.tables());
        for word in all.flat_map(BTreeMap::values_mut).flatten() {
            *word = fold_word(word);
        }
        tables
    }
}
