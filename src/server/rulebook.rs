//! The rules that hold, kept from one look to the next: compiling policies costs more than a look.

use crate::config::discover;
use crate::finding::sha256_hex;
use crate::policy::PolicySet;
use crate::problem::Problem;
use crate::recall::Memory;
use crate::source::{Buffers, Source, disk};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::NamedTempFile;

/// Rules, and what they were made of.
#[derive(Debug, Default)]
pub(super) struct Rulebook {
    /// The rules.
    pub(super) policies: PolicySet,
    /// Mistakes in policies.
    pub(super) problems: Vec<Problem>,
    /// The policy files beside the built-in ones.
    sources: Vec<Source>,
    /// What was judged by them.
    pub(super) memory: Arc<Memory>,
    /// The files and their digests.
    key: Vec<(PathBuf, String)>,
}

impl Rulebook {
    /// The source of a policy of the project.
    pub(super) fn own(&self, path: &str) -> Option<&Source> {
        self.sources.iter().find(|source| &*source.path == path)
    }
}

/// Where the last rulebook is kept.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Option<Arc<Rulebook>>>);

impl Shelf {
    /// The rules of the built-in policies and of `files`, of which `buffers` may hold newer texts.
    pub(super) fn take(&self, root: &Path, files: &[PathBuf], buffers: &Buffers) -> Arc<Rulebook> {
        let digest = |file: &PathBuf| {
            let bytes = match buffers.get(file) {
                Some(text) => Some(text.as_bytes().to_vec()),
                None => disk::read(file).ok(),
            };
            (file.clone(), bytes.map(|bytes| sha256_hex(&bytes)).unwrap_or_default())
        };
        let key: Vec<(PathBuf, String)> = files.iter().map(digest).collect();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.as_ref().filter(|known| known.key == key) {
            return Arc::clone(known);
        }
        let made = Arc::new(Rulebook { key, ..load(root, files, buffers) });
        *kept = Some(Arc::clone(&made));
        made
    }
}

fn load(root: &Path, files: &[PathBuf], buffers: &Buffers) -> Rulebook {
    // The loader reads files, so a text that was not saved becomes one for as long as it is read.
    let unsaved = |file: &PathBuf| {
        let text = buffers.get(file)?;
        let mut stand_in = NamedTempFile::new().ok()?;
        stand_in.write_all(text.as_bytes()).ok()?;
        Some(stand_in)
    };
    let stand_ins: Vec<Option<NamedTempFile>> = files.iter().map(unsaved).collect();
    let read_from = |(file, stand_in): (&PathBuf, &Option<NamedTempFile>)| {
        let path = stand_in.as_ref().map_or_else(|| file.clone(), |file| file.path().to_owned());
        (path, discover::relative(root, file))
    };
    let named: Vec<(PathBuf, String)> = files.iter().zip(&stand_ins).map(read_from).collect();
    let (policies, problems, mut sources) = PolicySet::load(&named);
    // Without files of the project, the built-in policies come without their sources.
    let own = if sources.is_empty() { 0 } else { PolicySet::builtin().min(sources.len()) };
    let sources = sources.split_off(own);
    Rulebook { policies, problems, sources, ..Rulebook::default() }
}
