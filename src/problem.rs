//! What kept dunlint from looking. A problem is never a finding: it has its own list and, at level
//! error, its own exit code, so that "could not look" is never taken for "clean".

use crate::source::{Location, Span};
use crate::words::Words;
use std::sync::Arc;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Something was not looked at: exit code 2.
    Error,
    /// Worth knowing; does not change the exit code.
    Note,
}

/// Where a problem stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the text of the source that [`Problem::path`] names.
    Text(Span),
    /// In a file whose text could not be kept (not decodable): already resolved.
    Resolved(Box<Location>),
}

/// One thing that could not be looked at, with its place if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Error or note.
    pub gravity: Gravity,
    /// A stable kebab-case word for machines, such as `not-utf8`.
    pub code: &'static str,
    /// The headline.
    pub message: Words,
    /// The file, relative to the project root with `/`.
    pub path: Option<Arc<str>>,
    /// Where in the file.
    pub place: Option<Place>,
    /// Short words at the place, shown under the marked text.
    pub label: Option<Words>,
    /// What to do about it.
    pub help: Option<Words>,
}

impl Problem {
    /// A problem that means "not looked at".
    pub fn error(code: &'static str, message: Words) -> Self {
        Self { gravity: Gravity::Error, code, message, path: None, place: None, label: None, help: None }
    }

    /// A problem that is only worth knowing.
    pub fn note(code: &'static str, message: Words) -> Self {
        Self { gravity: Gravity::Note, ..Self::error(code, message) }
    }

    /// The same problem in the file `path`.
    pub fn in_file(mut self, path: &Arc<str>) -> Self {
        self.path = Some(Arc::clone(path));
        self
    }

    /// The same problem at `span` of the file's text.
    pub fn at(mut self, span: Span) -> Self {
        self.place = Some(Place::Text(span));
        self
    }

    /// The same problem with words under the marked text.
    pub fn label(mut self, label: Words) -> Self {
        self.label = Some(label);
        self
    }

    /// The same problem with advice.
    pub fn help(mut self, help: Words) -> Self {
        self.help = Some(help);
        self
    }

    /// First byte of its place in the file, or 0: what problems of a file are sorted by.
    pub fn first_byte(&self) -> u64 {
        match &self.place {
            Some(Place::Text(span)) => u64::from(span.start),
            Some(Place::Resolved(location)) => location.byte_start,
            None => 0,
        }
    }
}
