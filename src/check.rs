//! The pipeline: from paths to an [`Outcome`].
//!
//! Begin at [`run`]. Each file goes once from left to right, on any thread; what it gave is put together in
//! the order of the paths ([`gathered`]), so that nothing depends on the number of threads, and then compared
//! with the other files ([`across`]).

mod across;
mod gathered;

use crate::campaign::templates::Known;
use crate::campaign::{self, group};
use crate::config::discover::{self, FILE_NAME};
use crate::config::{ConfigChoice, Configs, FileSettings};
use crate::finding::{Finding, Level, Suppression};
use crate::judge::{Circumstances, Judge, Judgement};
use crate::languages::{self, Spoken};
use crate::originals;
use crate::outcome::{CheckedFile, Outcome};
use crate::policy::PolicySet;
use crate::problem::{Gravity, Problem};
use crate::recall::Memory;
use crate::siblings::{self, Version};
use crate::source::document::Node;
use crate::source::host::{self, Kind};
use crate::source::walk::{self, Exclude, Found, FoundFile};
use crate::source::{Buffers, Source, SourceSpec, Span};
use crate::template::{Hints, Template};
use crate::triage::changed::Changed;
use crate::triage::find;
use crate::triage::suppress::{Ledger, Uses};
use crate::words::{Lang, Words};
use gathered::{Books, Checked};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a run is asked to look at.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The project root: paths in reports are relative to it.
    pub root: PathBuf,
    /// Files and directories, relative to the root or absolute.
    pub paths: Vec<PathBuf>,
    /// Name and bytes of the standard input, when it is to be read.
    pub stdin: Option<(String, Vec<u8>)>,
    /// What stands in the place of files.
    pub buffers: Buffers,
    /// Which configuration holds.
    pub config: ConfigChoice,
    /// Rules (`family/name`, `family`, `family:name`) to run; empty: all.
    pub rules: Vec<String>,
    /// Storage format of every file.
    pub host: Option<String>,
    /// Placeholder language of every template.
    pub dialect: Option<String>,
    /// Jurisdiction of every template.
    pub jurisdiction: Option<String>,
    /// Whether the digest of every file and the fingerprint of every finding are wanted.
    pub digests: bool,
    /// What was judged before by the same rules.
    pub memory: Option<Arc<Memory>>,
    /// What was changed, when only that is to be reported.
    pub changed: Option<Changed>,
    /// Number of threads; absent: one a processor.
    pub jobs: Option<usize>,
    /// Whether the rules are measured.
    pub timing: bool,
    /// Files that have been read, for who waits.
    pub seen: Arc<AtomicUsize>,
    /// The language that people are told in; absent: that of the locale.
    pub lang: Option<Lang>,
}

impl Request {
    /// Whether everything below `folder` was asked for.
    fn covers(&self, folder: &Path) -> bool {
        self.paths.iter().any(|path| folder.starts_with(discover::plain(&self.root.join(path))))
    }
}

/// The files that `request` names. Found before the run, since the configurations beside them say which
/// policies are loaded for it.
pub fn find(request: &Request) -> Found {
    walk::walk(&request.root, &request.paths, &Exclude::default())
}

/// Checks the files in `found`, and standard input if `request` holds it, as `configs` say, by `policies`.
pub fn run(request: &Request, found: Found, configs: &Configs, policies: &PolicySet) -> Outcome {
    let work = Work { request, configs, policies };
    let check_all = || -> Checked {
        let files = found.files.par_iter().map(|file| {
            request.seen.fetch_add(1, Ordering::Relaxed);
            work.file(file)
        });
        Checked::all(files.fold(Checked::default, Checked::and).collect())
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.jobs.unwrap_or(0)).build();
    let checked = match pool {
        Ok(pool) => pool.install(check_all),
        // Without threads of its own it runs on the global ones, only not as many as were asked for.
        Err(_) => check_all(),
    };
    let stdin = request.stdin.as_ref().map(|(name, bytes)| {
        let path = Arc::from(name.as_str());
        let absolute = request.root.join(name);
        let config = configs.nearest(&absolute);
        let settings = config.resolve(&absolute);
        if settings.excluded.is_some() {
            return Checked::skipped();
        }
        work.bytes(&settings, &path, bytes.clone(), true)
    });
    let checked = checked.and(stdin.unwrap_or_default());
    let Checked {
        files, sources, findings, cases, known, spoken, versions, skipped, barren, mut books, ..
    } = checked;
    let sources = sources.into_iter().map(|source| (Arc::clone(&source.path), source)).collect();
    let problems = found.problems.into_iter().chain(checked.problems).collect();
    let unchanged = checked.unchanged;
    let mut outcome =
        Outcome { files, findings, problems, sources, skipped, unchanged, ..Outcome::default() };
    // Beside others such a file is only worth a note; alone it means that nothing was looked at.
    let nothing = outcome.files.iter().all(|file| file.templates.is_empty());
    let gravity = if nothing { Gravity::Error } else { Gravity::Note };
    outcome.problems.extend(barren.into_iter().map(|problem| Problem { gravity, ..problem }));
    if !cases.is_empty() {
        work.campaigns(cases, known, &mut books, &mut outcome);
    }
    work.languages(spoken, &mut books, &mut outcome);
    work.settle(siblings::findings(versions, policies), &[], &mut books, &mut outcome);
    work.review(&books, &mut outcome);
    outcome.files.sort_by(|a, b| a.path.cmp(&b.path));
    // Rules are sorted by id, so their indexes sort as their ids do.
    let order = |a: &Finding, b: &Finding| (&a.path, a.primary, a.rule).cmp(&(&b.path, b.primary, b.rule));
    // Files are found in the order of their paths, so nearly always nothing is left to do.
    if !outcome.findings.is_sorted_by(|a, b| order(a, b).is_le()) {
        outcome.findings.sort_by(order);
    }
    outcome
}

/// What is said of the template number `index` of `parsed`, as [`run`] says it of all; `None` when it could be judged
/// only in part. What several templates tell together is not among it.
pub(crate) fn again(
    request: &Request,
    configs: &Configs,
    policies: &PolicySet,
    source: &Source,
    parsed: &mut Parsed,
    index: usize,
) -> Option<Vec<Finding>> {
    let work = Work { request, configs, policies };
    let config = configs.nearest(&request.root.join(&*source.path));
    let settings = config.resolve(&request.root.join(&*source.path));
    if settings.excluded.is_some() {
        return None;
    }
    let circumstances = circumstances(request.jurisdiction.as_deref(), &settings);
    let host = parsed.host;
    let judge = Judge { policies, circumstances: &circumstances, host, fingerprints: request.digests };
    let mut ledger = Ledger::new(&source.path, find::find(source, host, &parsed.templates), true);
    let template = parsed.templates.get_mut(index)?;
    let judged = work.judge(&judge, source, template);
    let whole = judged.problem.is_none();
    whole.then(|| work.answered(judged.findings, index, &settings, &mut ledger, &mut Uses::new()))
}

/// What every file of a run shares.
struct Work<'a> {
    request: &'a Request,
    configs: &'a Configs,
    policies: &'a PolicySet,
}

impl Work<'_> {
    fn file(&self, file: &FoundFile) -> Checked {
        let config = self.configs.nearest(&file.absolute);
        let settings = config.resolve(&file.absolute);
        if settings.excluded.is_some() || (!file.named && self.is_foreign(&file.path, &settings)) {
            return Checked::skipped();
        }
        let staged = self.request.changed.as_ref().and_then(|changed| changed.staged.get(&file.absolute));
        if let Some(bytes) = staged {
            return self.bytes(&settings, &file.path, bytes.clone(), file.named);
        }
        match self.open(&file.path, &file.absolute, &settings) {
            Ok(source) => self.source(source, &settings, file.named),
            Err(problem) => Checked { problems: vec![*problem], ..Checked::default() },
        }
    }

    /// Reads a file, or what an editor holds of it.
    fn open(
        &self,
        path: &Arc<str>,
        absolute: &Path,
        settings: &FileSettings<'_>,
    ) -> Result<Source, Box<Problem>> {
        match self.request.buffers.get(absolute) {
            // Whatever the file is encoded in, the editor has decoded it.
            Some(text) => Source::from_bytes(path, text.as_bytes().to_vec(), Some("utf-8")),
            None => Source::open(path, absolute, settings.spec.encoding.as_deref()),
        }
    }

    /// Whether a file found inside a folder is none of templates, as far as its name tells: it is a
    /// configuration, or nobody said how to read it and its ending is that of no format.
    fn is_foreign(&self, path: &str, settings: &FileSettings<'_>) -> bool {
        let configuration = path.rsplit('/').next() == Some(FILE_NAME);
        let unsaid = settings.source.is_none() && self.request.host.is_none();
        configuration || (unsaid && host::by_path(path).is_none())
    }

    fn bytes(&self, settings: &FileSettings<'_>, path: &Arc<str>, bytes: Vec<u8>, named: bool) -> Checked {
        let source = match Source::from_bytes(path, bytes, settings.spec.encoding.as_deref()) {
            Ok(source) => source,
            Err(problem) => return Checked { problems: vec![*problem], ..Checked::default() },
        };
        self.source(source, settings, named)
    }

    fn source(&self, source: Source, settings: &FileSettings<'_>, named: bool) -> Checked {
        let Parsed { host, kind, mut templates, mut problems, roots } =
            parse(&source, self.request.host.as_deref(), self.request.dialect.as_deref(), settings);
        let blank = problems.iter().any(|problem| problem.code == "blank-file");
        let nothing = kind == Kind::Nothing && !blank;
        // What is odd in a file that was only found, and is none of templates, concerns nobody.
        if nothing && !named && problems.iter().all(|problem| problem.gravity == Gravity::Note) {
            return Checked::skipped();
        }
        let barren = (nothing && problems.iter().all(|problem| problem.gravity == Gravity::Note))
            .then(|| no_templates(&source.path));
        let circumstances = circumstances(self.request.jurisdiction.as_deref(), settings);
        let fingerprints = self.request.digests;
        let judge = Judge { policies: self.policies, circumstances: &circumstances, host, fingerprints };
        let mut findings: Vec<Finding> = Vec::new();
        let mut cases = Vec::new();
        // A schedule that broke off would be weighed by half.
        let whole = problems.iter().all(|problem| problem.gravity == Gravity::Note);
        if kind == Kind::Campaign && whole {
            let asked = self.request.host.as_deref().or(settings.spec.host.as_deref());
            let (read, more) = group::cases(&source, asked, roots, &circumstances);
            cases = read;
            problems.extend(more);
        }
        let mut known = Vec::with_capacity(templates.len());
        let mut ledger = Ledger::new(&source.path, find::find(&source, host, &templates), whole);
        let (mut books, mut unchanged) = (Books::default(), 0);
        let in_language = languages::File::of(&source.path, host);
        let mut spoken = Vec::new();
        let mut versions = Vec::new();
        for (index, template) in templates.iter_mut().enumerate().filter(|(_, t)| !t.is_refused()) {
            let judged = self.judge(&judge, &source, template);
            let Judgement { findings: found, problem, about, figures } = judged;
            problems.extend(problem);
            let pressing = found.iter().any(|finding| self.presses(finding));
            ledger.about(index, &about);
            spoken.extend(Spoken::of(template, &about, &in_language));
            versions.extend(Version::of(template, &about, &source.path, figures));
            known.push(Known::of(template, &about, &source.path, pressing));
            let found = self.answered(found, index, settings, &mut ledger, &mut books.uses);
            match &self.request.changed {
                Some(all) if !all.touches(&source, region(template, host)) => unchanged += found.len(),
                Some(_) => {
                    books.changed.insert(Arc::from(template.record.id.text.as_str()));
                    findings.extend(found);
                }
                None => findings.extend(found),
            }
        }
        if host == "po" {
            spoken.extend(originals::originals(&source, &templates, &settings.spec, &spoken));
        }
        let file = CheckedFile {
            path: Arc::clone(&source.path),
            bytes: source.bytes,
            encoding: source.encoding.name(),
            sha256: if self.request.digests { source.sha256() } else { String::new() },
            host,
            templates: templates.iter().map(|t| Arc::from(t.record.id.text.as_str())).collect(),
        };
        let has_suppressions = !ledger.found.is_empty();
        if has_suppressions {
            books.ledgers.insert(Arc::clone(&source.path), ledger);
        }
        let wanted = !findings.is_empty() || !problems.is_empty() || !cases.is_empty() || has_suppressions;
        Checked {
            files: vec![file],
            sources: wanted.then_some(source).into_iter().collect(),
            findings,
            problems,
            cases,
            known,
            spoken,
            versions,
            skipped: 0,
            barren: barren.into_iter().collect(),
            books,
            unchanged,
        }
    }

    /// What the rules say about one template, or said before.
    fn judge(&self, judge: &Judge<'_>, source: &Source, template: &mut Template) -> Judgement {
        match &self.request.memory {
            Some(memory) => memory.judge(judge, source, template),
            None => judge.judge(source, template),
        }
    }

    /// The findings about the template number `index` as they are reported: at their level, once each, and
    /// suppressed where they are answered for.
    fn answered(
        &self,
        mut found: Vec<Finding>,
        index: usize,
        settings: &FileSettings<'_>,
        ledger: &mut Ledger,
        uses: &mut Uses,
    ) -> Vec<Finding> {
        found.retain_mut(|finding| self.level(settings, finding));
        for finding in &mut found {
            finding.suppression = self.answer(finding, Some(index), settings, ledger, uses).map(Box::new);
        }
        self.without_echoes(found)
    }

    /// Whether a finding about a text means that the text presses the borrower hard.
    fn presses(&self, finding: &Finding) -> bool {
        let family = self.policies.rules.get(finding.rule).map(|rule| rule.family());
        finding.level > Level::Note && matches!(family, Some("threat" | "authority" | "exaggeration"))
    }

    /// What suppresses `finding`, about the template number `template` of its file.
    fn answer(
        &self,
        finding: &Finding,
        template: Option<usize>,
        settings: &FileSettings<'_>,
        ledger: &mut Ledger,
        uses: &mut Uses,
    ) -> Option<Suppression> {
        let rule = self.policies.rules.get(finding.rule)?;
        ledger.answer(template, &rule.id, settings, uses, self.configs.today())
    }

    /// Leaves out what a stronger finding of the same family says already about the same words: a court named
    /// inside a made-up case is not a second thing to mend.
    fn without_echoes(&self, found: Vec<Finding>) -> Vec<Finding> {
        let family = |f: &Finding| self.policies.rules.get(f.rule).map(|rule| rule.family());
        let is_echo = |weak: &Finding| {
            found.iter().any(|strong| {
                strong.level > weak.level
                    && strong.primary.contains(weak.primary)
                    && family(strong) == family(weak)
            })
        };
        let echoes: Vec<bool> = found.iter().map(is_echo).collect();
        let paired = found.into_iter().zip(echoes);
        paired.filter(|(_, echo)| !echo).map(|(finding, _)| finding).collect()
    }

    /// Gives a finding the configured level of its rule; `false` when the rule is off or was not asked for.
    fn level(&self, settings: &FileSettings<'_>, finding: &mut Finding) -> bool {
        let Some(rule) = self.policies.rules.get(finding.rule) else { return false };
        let asked = self.request.rules.is_empty()
            || self.request.rules.iter().any(|name| {
                name.strip_prefix("family:").unwrap_or(name) == rule.family() || *name == rule.id
            });
        let level = settings.levels.level(&rule.id, rule.level);
        finding.level = level.unwrap_or(finding.level);
        asked && level.is_some()
    }
}

/// The bytes of the file that a template consists of: all of its record, as far as its place is known.
pub(crate) fn region(template: &Template, host: &str) -> Span {
    let record = &template.record;
    if host == "plain" {
        return Span::new(0, u32::MAX);
    }
    let declared = record.meta.fields.values().filter_map(|declared| declared.span);
    declared.chain(record.id.span).fold(record.body_span, Span::join)
}

fn no_templates(path: &Arc<str>) -> Problem {
    let words = Words::new("no template was found in this file", "此文件中没有找到模板");
    let help = Words::new(
        "say in a `[[source]]` of dunlint.toml where its templates are",
        "请在 dunlint.toml 的 `[[source]]` 中说明其中模板的位置",
    );
    Problem::note("no-templates", words).in_file(path).help(help)
}

/// A file, read and parsed.
#[derive(Default)]
pub struct Parsed {
    /// Its storage format.
    pub host: &'static str,
    /// What it turned out to be.
    pub kind: Kind,
    /// Its templates, without the roles of their placeholders.
    pub templates: Vec<Template>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The documents of a send schedule.
    pub roots: Vec<Node>,
}

/// Reads the templates of `source`. `host` and `dialect` are those of the command line.
pub fn parse(
    source: &Source,
    host: Option<&str>,
    dialect: Option<&str>,
    settings: &FileSettings<'_>,
) -> Parsed {
    let spec: &SourceSpec = &settings.spec;
    let asked = host.or(spec.host.as_deref());
    let shape = asked.and_then(|asked| campaign::foreign::names().find(|name| *name == asked));
    if let Some(host) = shape {
        let mut parsed = Parsed { host, kind: Kind::Campaign, ..Parsed::default() };
        if let Some(spec) = campaign::foreign::texts(source, host, spec) {
            let hints = Hints { path: &source.path, option: dialect, spec: Some(&spec) };
            let (_, read) = host::read(source, None, &spec);
            (parsed.templates, parsed.problems) = Template::parse_file(read.records, &hints);
            // A step may send no text; one that lacks its text is told where schedules are read.
            parsed.problems.extend(read.problems.into_iter().filter(|problem| problem.code != "no-body"));
        }
        return parsed;
    }
    let (host, read) = host::read(source, host, spec);
    let mut problems = read.problems;
    let hints = Hints { path: &source.path, option: dialect, spec: settings.source.map(|_| spec) };
    let (templates, more) = Template::parse_file(read.records, &hints);
    problems.extend(more);
    Parsed { host, kind: read.kind, templates, problems, roots: read.roots }
}

/// What holds for the templates and campaigns of a file beside what they declare. `forced` is `--jurisdiction`.
pub fn circumstances(forced: Option<&str>, settings: &FileSettings<'_>) -> Circumstances {
    Circumstances {
        forced_jurisdiction: forced.map(str::to_owned),
        jurisdiction: settings.jurisdiction.map(|set| set.value.clone()),
        facts: settings.facts.iter().map(|(name, set)| ((*name).to_owned(), set.value.clone())).collect(),
        signature_by_gateway: settings.signature_added_by_gateway,
    }
}
