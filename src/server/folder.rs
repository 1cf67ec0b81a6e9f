//! A folder that the editor has opened, and what was last said of it.

use super::look::{Answer, Job, look};
use super::options::Options;
use super::rulebook::Shelf;
use super::session::Event;
use crate::source::Buffers;
use serde_json::{Value, json};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

/// How long changes are waited for, at least, before a folder is looked at.
const PAUSE: Duration = Duration::from_millis(60);

/// A folder.
pub(super) struct Folder {
    /// Where it is.
    pub(super) root: PathBuf,
    /// Whether all of it is looked at: the folder of a file that was opened alone is not.
    pub(super) whole: bool,
    /// What was last said.
    pub(super) answer: Option<Arc<Answer>>,
    /// Counts what may have changed the answer.
    changes: u64,
    /// When it is to be looked at.
    due: Option<Instant>,
    /// Changes that are, or were last, looked at.
    seen: u64,
    /// Since when it is looked at.
    looking: Option<Instant>,
    /// How long the last look took.
    took: Duration,
    shelf: Arc<Shelf>,
}

impl Folder {
    /// A folder nobody has looked at.
    pub(super) fn new(root: PathBuf, whole: bool) -> Self {
        let shelf = Arc::default();
        Self {
            root,
            whole,
            answer: None,
            changes: 0,
            due: None,
            seen: 0,
            looking: None,
            took: Duration::ZERO,
            shelf,
        }
    }

    /// How far above `file` it is; `None` when the file is not in it.
    pub(super) fn above(&self, file: &Path) -> Option<usize> {
        let rest = file.strip_prefix(&self.root).ok()?;
        (self.whole || rest.components().count() == 1).then(|| rest.components().count())
    }

    /// Something changed: it is to be looked at, after a pause if more changes are likely to follow. The pause is the
    /// longer the more a look costs.
    pub(super) fn changed(&mut self, pausing: bool) {
        self.changes += 1;
        let pause = if pausing { PAUSE.max(self.took * 3) } else { Duration::ZERO };
        self.due = Some(Instant::now() + pause);
    }

    /// When it is to be looked at, if it is not being looked at.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due.filter(|_| self.looking.is_none())
    }

    /// Whether every change was looked at.
    pub(super) fn is_settled(&self) -> bool {
        self.looking.is_none() && self.seen == self.changes
    }

    /// Begins to look at it. The answer comes as an event.
    pub(super) fn look(&mut self, buffers: Buffers, options: &Options, events: &Sender<Event>) {
        self.due = None;
        self.looking = Some(Instant::now());
        self.seen = self.changes;
        let job = Job {
            root: self.root.clone(),
            whole: self.whole,
            buffers,
            options: options.clone(),
            shelf: Arc::clone(&self.shelf),
        };
        let (events, root) = (events.clone(), self.root.clone());
        thread::spawn(move || {
            // A fault in one look must not leave the editor waiting for it.
            let answer = panic::catch_unwind(AssertUnwindSafe(|| look(job))).ok();
            let _ = events.send(Event::Looked(root, answer.map(Box::new)));
        });
    }

    /// How it stands, for those who want to know what the server does.
    pub(super) fn status(&self) -> Value {
        let answer = self.answer.as_ref();
        json!({
            "root": self.root.to_string_lossy(),
            "settled": self.is_settled(),
            "files": answer.map(|answer| answer.outcome.files.len()),
            "judged": answer.map(|answer| answer.rulebook.memory.judged()),
        })
    }

    /// What a look gave.
    pub(super) fn looked(&mut self, answer: Option<Box<Answer>>) {
        self.took = self.looking.take().map_or(Duration::ZERO, |since| since.elapsed());
        if let Some(answer) = answer {
            self.answer = Some(Arc::from(answer));
        }
    }
}
