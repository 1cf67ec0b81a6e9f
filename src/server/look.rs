//! One look at a folder: what `dunlint check` says of it, with the texts that the editor holds in the place of files.
//!
//! Begin at [`look`]. It runs beside the loop that speaks with the editor, which goes on with the last [`Answer`].

use super::options::Options;
use super::rulebook::{Rulebook, Shelf};
use crate::check::{self, Request};
use crate::config::{Configs, Date, discover};
use crate::finding::sha256_hex;
use crate::outcome::Outcome;
use crate::policy::PolicySet;
use crate::source::walk::{Found, FoundFile};
use crate::source::{Buffers, Source, disk};
use crate::triage::baseline::Baseline;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is to be looked at.
pub(super) struct Job {
    /// The folder: paths are relative to it.
    pub(super) root: PathBuf,
    /// Whether all of it, or only what the editor holds.
    pub(super) whole: bool,
    /// What the editor holds.
    pub(super) buffers: Buffers,
    /// How.
    pub(super) options: Options,
    /// The rules of the last look.
    pub(super) shelf: Arc<Shelf>,
}

/// What one look gave.
pub(super) struct Answer {
    /// That of the job.
    pub(super) root: PathBuf,
    /// What was asked of the engine.
    pub(super) request: Request,
    /// As `check` has it.
    pub(super) outcome: Outcome,
    /// The configurations, to ask what holds for a file.
    pub(super) configs: Configs,
    /// The rules.
    pub(super) rulebook: Arc<Rulebook>,
    /// What does not count.
    pub(super) baseline: Option<Baseline>,
}

impl Answer {
    /// The rules.
    pub(super) fn policies(&self) -> &PolicySet {
        &self.rulebook.policies
    }

    /// `file` as reports show it.
    pub(super) fn shown(&self, file: &Path) -> String {
        discover::relative(&self.root, file)
    }

    /// Whether `file` held `text` when it was looked at.
    pub(super) fn has_seen(&self, file: &Path, text: &str) -> bool {
        let path = self.shown(file);
        let files = &self.outcome.files;
        match files
            .binary_search_by(|known| (*known.path).cmp(path.as_str()))
            .ok()
            .and_then(|at| files.get(at))
        {
            Some(known) => known.sha256 == sha256_hex(text.as_bytes()),
            // What is no file of templates says nothing, as long as it is as it is there.
            None => is_on_disk(file, text),
        }
    }

    /// The text in which spans of the file `path` count.
    pub(super) fn source(&self, path: &str) -> Option<&Source> {
        self.outcome.sources.get(path).or_else(|| self.rulebook.own(path))
    }
}

/// Whether the file holds `text`.
pub(super) fn is_on_disk(file: &Path, text: &str) -> bool {
    disk::read(file).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Looks.
pub(super) fn look(job: Job) -> Answer {
    let Job { root, whole, buffers, options, shelf } = job;
    let mut request = Request {
        root: root.clone(),
        paths: if whole { vec![root.clone()] } else { Vec::new() },
        config: options.config.clone(),
        digests: true,
        buffers,
        ..Request::default()
    };
    let found = found(&request, whole);
    let today = options.today.unwrap_or_else(Date::today);
    let configs = Configs::new(&root, &options.config, today).holding(request.buffers.clone());
    let files = configs.policies(&places(&request, &found));
    let rulebook = shelf.take(&root, &files, &request.buffers);
    request.memory = Some(Arc::clone(&rulebook.memory));
    configs.know(&rulebook.policies, &files);
    let mut outcome = check::run(&request, found, &configs, &rulebook.policies);
    for problem in &rulebook.problems {
        if !outcome.problems.contains(problem) {
            outcome.problems.push(problem.clone());
        }
    }
    configs.report(&mut outcome);
    let baseline = options.baseline.as_deref().and_then(|file| baseline(&root, file, &mut outcome));
    if let Some(baseline) = &baseline {
        baseline.apply(&mut outcome, &rulebook.policies);
    }
    Answer { root, request, outcome, configs, rulebook, baseline }
}

/// The files of the folder, and those that the editor holds and nobody has saved yet.
fn found(request: &Request, whole: bool) -> Found {
    let mut found = check::find(request);
    let known: BTreeSet<PathBuf> = found.files.iter().map(|file| file.absolute.clone()).collect();
    // What is there and was not found is ignored for a reason.
    let is_new = |path: &&PathBuf| !known.contains(*path) && (!whole || !path.exists());
    let new = request.buffers.keys().filter(is_new);
    let new = new.map(|path| FoundFile {
        absolute: path.clone(),
        path: discover::relative(&request.root, path).into(),
        named: false,
    });
    found.files.extend(new.collect::<Vec<_>>());
    found
}

/// Where configurations are looked for.
fn places(request: &Request, found: &Found) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = found.files.iter().filter_map(|file| file.absolute.parent()).collect();
    request.paths.iter().cloned().chain(folders.into_iter().map(Path::to_owned)).collect()
}

/// The findings that do not count.
fn baseline(root: &Path, file: &Path, outcome: &mut Outcome) -> Option<Baseline> {
    let absolute = root.join(file);
    let path: Arc<str> = discover::relative(root, &absolute).into();
    let source = match Source::open(&path, &absolute, None) {
        Ok(source) => source,
        Err(problem) => {
            outcome.problems.push(*problem);
            return None;
        }
    };
    match Baseline::read(&source) {
        Ok(baseline) => Some(baseline),
        Err(problem) => {
            outcome.problems.push(*problem);
            outcome.sources.insert(path, source);
            None
        }
    }
}
