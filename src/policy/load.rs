//! Policy files to a [`PolicySet`], with every mistake of every file at its place.
//!
//! Begin at [`PolicySet::load`]. All files are parsed first, since terms, bases and parts may be used before
//! they are defined; then terms, language, bases and rules are read in this order.

use super::compile::{Compiler, read_phrases};
use super::language::{Cue, Denial, Derived, Frame, Language, Part, Scope};
use super::lexicon::{Builder, Term};
use super::units::{self, Names};
use super::{Asking, PolicyFile, PolicySet};
use crate::builtin;
use crate::message::Facts;
use crate::problem::Problem;
use crate::source::{Source, Span, disk};
use crate::spanned::{self, Faults, Fields, span_of};
use crate::words::Words;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::DeTable;

/// A file and where it comes from.
struct Opened<'s> {
    source: &'s Source,
    table: Spanned<DeTable<'s>>,
    faults: Faults,
}

impl PolicySet {
    /// What the build script stores of `sources`, the built-in policies; `None` if they have mistakes.
    pub fn image(sources: &[Source]) -> Option<Vec<u8>> {
        let mut problems = Vec::new();
        let set = Self::compile(sources, sources.len(), &mut problems);
        if problems.is_empty() { postcard::to_stdvec(&set).ok() } else { None }
    }

    /// The policies to check by: the built-in ones, from what the build script stored, and those in `extra`
    /// (path, path as shown), which may state built-in rules anew. The set holds what could be read; the
    /// problems are all that could not, and the sources are what they point into.
    pub fn load(extra: &[(PathBuf, String)]) -> (Self, Vec<Problem>, Vec<Source>) {
        let image = builtin::image().filter(|_| extra.is_empty());
        let stored: Option<Self> = image.and_then(|image| postcard::from_bytes(image).ok());
        match stored {
            Some(set) => (set.ready(), Vec::new(), Vec::new()),
            None => Self::load_whole(extra),
        }
    }

    /// The same set with the examples of all rules, and the source of every policy.
    pub fn load_whole(extra: &[(PathBuf, String)]) -> (Self, Vec<Problem>, Vec<Source>) {
        let mut problems = Vec::new();
        let mut sources: Vec<Source> =
            builtin::texts().map(|(path, text)| Source::from_text(path, text)).collect();
        let builtin = sources.len();
        for (path, display) in extra {
            match read(path, display) {
                Ok(source) => sources.push(source),
                Err(problem) => problems.push(problem),
            }
        }
        let set = Self::compile(&sources, builtin, &mut problems);
        (set.ready(), problems, sources)
    }

    /// How many of the sources that [`PolicySet::load_whole`] returns are the built-in policies: the first.
    pub fn builtin() -> usize {
        builtin::texts().count()
    }

    /// The same set, ready to judge.
    pub(crate) fn ready(mut self) -> Self {
        self.asking = Asking::of(&self.rules);
        self
    }

    /// `sources`, of which the first `builtin` are the built-in ones, as a set.
    fn compile(sources: &[Source], builtin: usize, problems: &mut Vec<Problem>) -> Self {
        Self::compile_edited(sources, builtin, |_| {}, problems)
    }

    /// The same, once `edit` has changed the tables of the files.
    pub(crate) fn compile_edited(
        sources: &[Source],
        builtin: usize,
        edit: impl FnOnce(&mut dyn Iterator<Item = &mut DeTable<'_>>),
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut files: Vec<Opened<'_>> = sources
            .iter()
            .map(|source| {
                let mut faults = Faults::new(&source.path);
                let table = spanned::parse(source, &mut faults);
                Opened { source, table, faults }
            })
            .collect();
        edit(&mut files.iter_mut().map(|file| file.table.get_mut()));
        let mut set = Self::default();
        let mut compiler =
            Compiler { builder: Builder::new(terms(&mut files)), parts: vec![], frames: vec![] };
        check_terms(&mut files, &mut compiler);
        set.language = language(&mut files, &mut compiler);
        set.bases = units::bases(&mut files.iter_mut().map(Opened::split).collect::<Vec<_>>());
        let names = Names { bases: set.bases.keys().cloned().collect() };
        for (index, file) in files.iter_mut().enumerate() {
            let (source, table, faults) = file.split();
            for rule in units::rules(source, table, faults, &mut compiler, &names) {
                let known = set.rules.iter().position(|r| r.id == rule.id);
                match known {
                    // A house policy may state a built-in rule anew; within one origin that is a mistake.
                    Some(at)
                        if index >= builtin && is_builtin(&sources[..builtin], &set.rules[at].policy.0) =>
                    {
                        set.rules[at] = rule
                    }
                    Some(_) => faults.add(
                        rule.policy.1,
                        "duplicate-rule",
                        Words::new(
                            format!("rule `{}` is defined twice", rule.id),
                            format!("规则 `{}` 重复定义", rule.id),
                        ),
                    ),
                    None => set.rules.push(rule),
                }
            }
            file.finish();
        }
        set.rules.sort_by(|a, b| a.id.cmp(&b.id));
        for rule in &set.rules {
            if let Some(group) = rule.check.phrases() {
                set.families.entry(rule.family().to_owned()).or_default().push(group);
            }
        }
        set.lexicon = compiler.builder.build();
        set.files = files.iter().enumerate().map(|(i, file)| about(file, i < builtin)).collect();
        problems.extend(files.into_iter().flat_map(|f| f.faults.problems));
        set
    }
}

impl<'s> Opened<'s> {
    fn split(&mut self) -> (&'s Source, &Spanned<DeTable<'s>>, &mut Faults) {
        (self.source, &self.table, &mut self.faults)
    }

    /// Blames top-level tables nobody reads.
    fn finish(&mut self) {
        let mut fields = Fields::new(self.table.as_ref(), Span::default(), &mut self.faults);
        for known in ["policy", "basis", "term", "denial", "frame", "fact", "part", "rule"] {
            fields.get(known);
        }
        fields.finish();
    }
}

fn is_builtin(builtin: &[Source], path: &str) -> bool {
    builtin.iter().any(|source| &*source.path == path)
}

fn read(path: &Path, display: &str) -> Result<Source, Problem> {
    let display = display.into();
    let bytes = disk::read(path).map_err(|error| {
        Problem::error(
            "unreadable-policy",
            Words::new(format!("cannot read the policy: {error}"), format!("无法读取策略文件：{error}")),
        )
        .in_file(&display)
    })?;
    Source::from_bytes(&display, bytes, None).map_err(|problem| *problem)
}

fn about(file: &Opened<'_>, builtin: bool) -> PolicyFile {
    let source = file.source;
    let stem = source.path.rsplit('/').next().unwrap_or(&source.path);
    let stated = |key: &str| {
        let policy = file.table.as_ref().get("policy")?.as_ref().as_table()?;
        policy.get(key)?.as_ref().as_str().map(str::to_owned)
    };
    PolicyFile {
        id: stated("id").unwrap_or_else(|| stem.strip_suffix(".toml").unwrap_or(stem).to_owned()),
        version: stated("version").unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
        origin: if builtin { "builtin".to_owned() } else { source.path.to_string() },
        sha256: source.sha256(),
    }
}

/// `[term.NAME]` of all files.
fn terms(files: &mut [Opened<'_>]) -> BTreeMap<String, Term> {
    let mut terms = BTreeMap::new();
    for file in files {
        let mut top = Fields::new(file.table.as_ref(), Span::default(), &mut file.faults);
        let Some((table, span)) = top.table("term") else { continue };
        let mut all = Fields::new(table, span, &mut file.faults);
        for (name, at, value) in all.all() {
            let Some(inner) = value.as_ref().as_table() else {
                all.mistyped::<()>(value, "a table", "表");
                continue;
            };
            let mut fields = Fields::new(inner, span_of(value), all.faults);
            fields.words_optional("about");
            fields.demand("words");
            let phrases = read_phrases(&mut fields, "words").unwrap_or_default();
            fields.finish();
            let term = Term { phrases: phrases.into_iter().map(|(expr, ..)| expr).collect() };
            if terms.insert(name.to_owned(), term).is_some() {
                let words = Words::new(
                    format!("term `@{name}` is defined twice"),
                    format!("术语 `@{name}` 重复定义"),
                );
                all.faults.add(at, "duplicate-term", words);
            }
        }
    }
    terms
}

/// Compiles every term once, so that a mistake in one nobody uses is told too.
fn check_terms(files: &mut [Opened<'_>], compiler: &mut Compiler) {
    for file in files {
        let mut top = Fields::new(file.table.as_ref(), Span::default(), &mut file.faults);
        let Some((table, _)) = top.table("term") else { continue };
        for (key, value) in table {
            if let Err(fault) = compiler.builder.check_term(key.as_ref()) {
                let mut problem = Problem::error("bad-term", fault.message);
                problem.help = fault.help;
                file.faults.push(problem, span_of(key).join(span_of(value)));
            }
        }
    }
}

/// Denials, frames, facts and parts of all files.
fn language(files: &mut [Opened<'_>], compiler: &mut Compiler) -> Language {
    let mut language = Language::default();
    for file in files {
        let mut top = Fields::new(file.table.as_ref(), Span::default(), &mut file.faults);
        for (table, span) in top.tables("denial") {
            let mut fields = Fields::new(table, span, top.faults);
            fields.text("id");
            let cue = cue(&mut fields, compiler);
            let until = compiler.phrases(&mut fields, "until");
            fields.finish();
            language.denials.extend(cue.map(|cue| Denial { cue, until }));
        }
        for (table, span) in top.tables("frame") {
            let mut fields = Fields::new(table, span, top.faults);
            language.frames.extend(frame(&mut fields, compiler));
            fields.finish();
        }
        if let Some((table, span)) = top.table("fact") {
            let mut facts = Fields::new(table, span, top.faults);
            for name in Derived::NAMES {
                let Some((table, span)) = facts.table(name) else { continue };
                let mut fields = Fields::new(table, span, facts.faults);
                language.derived.extend(derived(&mut fields, compiler, name));
                fields.finish();
            }
            facts.finish();
        }
        parts(&mut top, compiler, &mut language);
    }
    compiler.frames = language.frame_names().map(str::to_owned).collect();
    compiler.parts = language.parts.keys().cloned().collect();
    language
}

fn derived(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler, name: &str) -> Option<Derived> {
    let cue = cue(fields, compiler);
    let unless = compiler.phrases(fields, "unless");
    let known = Facts::NAMES.map(|fact| (fact, Facts::place(fact)));
    let implied_by = compiler.choices(fields, "implied-by", &known).into_iter().flatten().collect();
    Some(Derived { fact: Facts::place(name)?, cue: cue?, unless, implied_by })
}

fn frame(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Frame> {
    let id = fields.required("id").map(|(id, _)| id.to_owned());
    let scopes = [("clause", Scope::Clause), ("sentence", Scope::Sentence), ("message", Scope::Message)];
    let scope = compiler.choice(fields, "scope", &scopes).unwrap_or(Scope::Sentence);
    let cue = cue(fields, compiler);
    Some(Frame { id: id?, scope, cue: cue? })
}

/// `words` and `except`, with the `about` that explains them.
fn cue(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Cue> {
    fields.words_optional("about");
    fields.demand("words");
    let words = compiler.phrases(fields, "words");
    let except = compiler.phrases(fields, "except");
    words.map(|words| Cue { words, except })
}

/// The `[[part.NAME.way]]` tables of a part.
fn ways(part: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Vec<Cue> {
    let mut ways = Vec::new();
    for (table, span) in part.tables("way") {
        let mut fields = Fields::new(table, span, part.faults);
        ways.extend(cue(&mut fields, compiler));
        fields.finish();
    }
    ways
}

fn parts(top: &mut Fields<'_, '_, '_>, compiler: &mut Compiler, language: &mut Language) {
    let Some((table, span)) = top.table("part") else { return };
    let mut all = Fields::new(table, span, top.faults);
    for (name, _, value) in all.all() {
        let Some(inner) = value.as_ref().as_table() else {
            all.mistyped::<()>(value, "a table", "表");
            continue;
        };
        let mut fields = Fields::new(inner, span_of(value), all.faults);
        fields.words_optional("about");
        let words = compiler.phrases(&mut fields, "words");
        let except = compiler.phrases(&mut fields, "except");
        let part = Part {
            cue: words.map(|words| Cue { words, except }),
            entities: compiler.entities(&mut fields, "entities"),
            roles: compiler.roles(&mut fields, "roles"),
            signature: fields.flag("signature").unwrap_or(false),
            neutral: compiler.phrases(&mut fields, "neutral"),
            ways: ways(&mut fields, compiler),
        };
        fields.finish();
        language.parts.insert(name.to_owned(), part);
    }
}
