//! What `init` proposes for programs: by which names the templates are found that were recognised, so that the
//! proposal reads the same texts and no other.
//!
//! Begin at [`Programs`].

use super::{Found, Spec, Written};
use crate::source::host::{self, Kind};
use crate::source::walk::FoundFile;
use crate::source::{Source, SourceSpec, Span};
use globset::Glob;
use std::collections::{BTreeMap, BTreeSet};

/// A key of more alternatives than this is no help to anyone.
const MOST_NAMES: usize = 40;

/// The programs of a repository in which templates were recognised.
#[derive(Default)]
pub(super) struct Programs {
    found: BTreeMap<(&'static str, Option<String>), Vec<Program>>,
    /// The others, which a proposal must leave alone.
    others: Vec<(&'static str, FoundFile)>,
}

/// One of them.
struct Program {
    source: Source,
    /// The names of its templates.
    names: BTreeSet<String>,
    /// The places of their texts.
    places: BTreeSet<Span>,
    signed: usize,
}

/// Whether a host reads programs.
pub(super) fn is_code(host: &str) -> bool {
    crate::code::HOSTS.iter().any(|(code, _)| code.name() == host)
}

impl Programs {
    /// Looks at one program.
    pub(super) fn look(&mut self, host: &'static str, file: &FoundFile, source: Source) {
        let (_, read) = host::read(&source, None, &SourceSpec::default());
        if read.kind != Kind::Guessed || read.records.is_empty() {
            self.others.push((host, file.clone()));
            return;
        }
        let names = read.records.iter().map(|record| record.id.text.clone()).collect();
        let places = read.records.iter().map(|record| record.body_span).collect();
        let written = Written::of(&source, read.records);
        let program = Program { source, names, places, signed: written.signed };
        self.found.entry((host, written.dialect)).or_default().push(program);
    }

    /// The sources that read what was recognised.
    pub(super) fn propose(self) -> Vec<Found> {
        let mut all = Vec::new();
        for ((host, dialect), programs) in self.found {
            let spec = Spec { host, dialect, ..Spec::default() };
            let globs = globs(programs.iter().map(|program| &*program.source.path));
            let set = globs.iter().filter_map(|glob| Glob::new(glob).ok()).collect::<Vec<_>>();
            let matchers: Vec<_> = set.iter().map(Glob::compile_matcher).collect();
            let beside = self.others.iter().filter(|(other, file)| {
                *other == host && matchers.iter().any(|matcher| matcher.is_match(&*file.path))
            });
            let beside: Vec<&FoundFile> = beside.map(|(_, file)| file).collect();
            let mut spec = keyed(&spec, &programs, &beside).unwrap_or(spec);
            spec.signature = signature(host, &programs);
            all.push(Found {
                spec,
                templates: programs.iter().map(|program| program.places.len()).sum(),
                signed: programs.iter().map(|program| program.signed).sum(),
                files: programs.iter().map(|program| program.source.path.to_string()).collect(),
            });
        }
        all
    }
}

/// The constant that holds the signature of all of them, when none carries its own.
fn signature(host: &str, programs: &[Program]) -> Option<String> {
    if programs.iter().any(|program| program.signed > 0) {
        return None;
    }
    let mut names = programs.iter().map(|program| crate::code::signature(host, &program.source));
    let first = names.next()??;
    names.all(|name| name.as_deref() == Some(first.as_str())).then_some(first)
}

/// The shortest key that reads exactly what was recognised.
fn keyed(spec: &Spec, programs: &[Program], beside: &[&FoundFile]) -> Option<Spec> {
    let names: BTreeSet<&str> = programs.iter().flat_map(|p| &p.names).map(String::as_str).collect();
    let prefix = |name: &str| name.split_once('_').map(|(first, _)| format!("{first}_*"));
    let prefixes: Option<BTreeSet<String>> = names.iter().map(|name| prefix(name)).collect();
    let exact: BTreeSet<String> = names.iter().map(|name| globset::escape(name)).collect();
    let keys = [prefixes, Some(exact)].into_iter().flatten().filter(|names| names.len() <= MOST_NAMES);
    keys.map(|names| Spec { key: Some(glob(&names)), ..spec.clone() }).find(|spec| {
        programs.iter().all(|program| program.is_read_by(spec))
            && beside.iter().all(|file| is_left_alone(file, spec))
    })
}

/// Whether `spec` reads nothing from a program in which no template was recognised.
fn is_left_alone(file: &FoundFile, spec: &Spec) -> bool {
    let source = Source::open(&file.path, &file.absolute, None).ok();
    source.is_none_or(|source| host::read(&source, None, &spec.source()).1.records.is_empty())
}

/// One glob of several names.
fn glob(names: &BTreeSet<String>) -> String {
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    match list.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{{{}}}", several.join(",")),
    }
}

impl Spec {
    /// What a `[[source]]` for a program says.
    fn source(&self) -> SourceSpec {
        SourceSpec {
            host: Some(self.host.to_owned()),
            key: self.key.clone(),
            dialect: self.dialect.clone(),
            ..SourceSpec::default()
        }
    }
}

impl Program {
    /// Whether `spec` reads from it what was recognised, and nothing else.
    fn is_read_by(&self, spec: &Spec) -> bool {
        let (_, read) = host::read(&self.source, None, &spec.source());
        let places: BTreeSet<Span> = read.records.iter().map(|record| record.body_span).collect();
        places == self.places
    }
}

/// The files of programs as globs: a few by name, else their folders, else all of the language.
fn globs<'p>(files: impl Iterator<Item = &'p str>) -> BTreeSet<String> {
    let files: Vec<&str> = files.collect();
    let ending = |path: &str| path.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_owned());
    let in_folder = |path: &str| {
        let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        format!("{}*.{}", globset::escape(&folder), ending(path))
    };
    if files.len() <= 3 {
        return files.into_iter().map(globset::escape).collect();
    }
    let folders: BTreeSet<String> = files.iter().map(|path| in_folder(path)).collect();
    if folders.len() <= 8 {
        return folders;
    }
    files.into_iter().map(|path| format!("**/*.{}", ending(path))).collect()
}

/// The value of `files`.
pub(super) fn files(files: &[String]) -> String {
    let globs: Vec<serde_json::Value> =
        globs(files.iter().map(String::as_str)).into_iter().map(serde_json::Value::from).collect();
    match globs.as_slice() {
        [one] => one.to_string(),
        several => serde_json::Value::from(several.to_vec()).to_string().replace("\",\"", "\", \""),
    }
}
