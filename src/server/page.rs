//! An open document as it stands now: what is said of it, kept true from one key to the next.
//!
//! Begin at [`Page::change`]. A change inside one message of a catalogue needs no more than that message
//! ([`reread`]). What one file tells by itself is judged again at once; what several files tell together
//! stays as the last look at the folder has it, moved with the text, until the next look.

use super::edit::Change;
use super::look::Answer;
use super::reread;
use crate::check::{self, Parsed, Request};
use crate::facts::roles;
use crate::finding::Finding;
use crate::policy::check::Check;
use crate::policy::{PolicySet, Rule};
use crate::problem::{Place, Problem};
use crate::source::host::Kind;
use crate::source::walk::{Found, FoundFile};
use crate::source::{Buffers, Source};
use crate::triage::suppress::{FAMILY, speaks_of};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is said of a document.
#[derive(Default)]
pub(super) struct Page {
    /// The text in which all places count.
    pub(super) text: Arc<str>,
    /// By place.
    pub(super) findings: Vec<Finding>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
    /// What it holds, made when it is asked for.
    parsed: Option<Box<Parsed>>,
    /// Whether all that is said of it is told by other files too: a schedule, a policy, a configuration.
    is_joint: bool,
}

impl Page {
    /// The page of `file`, which the editor holds as `text` and which was `seen` by a look at its folder; `before` is
    /// the last page.
    pub(super) fn of(
        answer: &Answer,
        file: &Path,
        (seen, text): (&Arc<str>, &Arc<str>),
        before: Option<Self>,
    ) -> Self {
        let path = answer.shown(file);
        let outcome = &answer.outcome;
        let mine = outcome.findings.iter().filter(|finding| *finding.path == *path);
        let problems = outcome.problems.iter().filter(|problem| problem.path.as_deref() == Some(&path));
        let mut page = Self {
            text: Arc::clone(seen),
            findings: mine.cloned().collect(),
            problems: problems.cloned().collect(),
            ..Self::default()
        };
        page.parsed = before.filter(|before| before.text == page.text).and_then(|before| before.parsed);
        page.is_joint = page.kind(answer, file);
        page.change(answer, file, text);
        page
    }

    /// Whether the document is judged with others only.
    fn kind(&mut self, answer: &Answer, file: &Path) -> bool {
        let config = file.file_name().is_some_and(|name| name == crate::config::discover::FILE_NAME);
        config || matches!(self.parsed(answer, file).kind, Kind::Campaign | Kind::Config | Kind::Policy)
    }

    /// Whether it says all that can be said without another look at the folder.
    pub(super) const fn is_true(&self) -> bool {
        !self.is_joint
    }

    /// The text became `text`.
    pub(super) fn change(&mut self, answer: &Answer, file: &Path, text: &Arc<str>) {
        let Some(change) = Change::between(&self.text, text) else { return };
        self.findings.iter_mut().for_each(|finding| change.carry(finding));
        let before = std::mem::replace(&mut self.text, Arc::clone(text));
        let policies = answer.policies();
        if let Some(parsed) = self.parsed.take().filter(|_| !self.is_joint)
            && let Some(again) = reread::again(answer, file, (&before, text), parsed, change)
        {
            let reread::Again { parsed, index, findings } = again;
            let template = parsed.templates.get(index);
            let place = template.map(|template| check::region(template, parsed.host)).unwrap_or_default();
            let is_old = |finding: &Finding| {
                let rule = rule(policies, finding);
                let lone = rule.is_some_and(|rule| !is_joint(rule) && rule.family() != FAMILY);
                lone && place.contains(finding.primary)
            };
            self.findings.retain(|finding| !is_old(finding));
            self.findings.extend(findings);
            self.findings.sort_by_key(|finding| (finding.primary, finding.rule));
            let texts = self.problems.iter_mut().filter_map(|problem| problem.place.as_mut());
            texts.for_each(|place| {
                if let Place::Text(span) = place {
                    *span = change.moved(*span);
                }
            });
            self.parsed = Some(parsed);
            return;
        }
        if self.is_joint {
            return;
        }
        let (findings, problems) = alone(answer, file, text);
        self.findings.retain(|finding| rule(policies, finding).is_some_and(is_joint));
        self.findings.extend(findings);
        self.findings.sort_by_key(|finding| (finding.primary, finding.rule));
        self.problems = problems;
    }

    /// The document as it was read, with the roles of its placeholders.
    pub(super) fn parsed(&mut self, answer: &Answer, file: &Path) -> &Parsed {
        let text = &self.text;
        self.parsed.get_or_insert_with(|| {
            let path = answer.shown(file);
            let source = Source::from_text(&path, text.to_string());
            let config = answer.configs.nearest(file);
            let mut parsed = check::parse(&source, None, None, &config.resolve(file));
            parsed.templates.iter_mut().for_each(|template| {
                roles::assign(template);
            });
            Box::new(parsed)
        })
    }
}

fn rule<'p>(policies: &'p PolicySet, finding: &Finding) -> Option<&'p Rule> {
    policies.rules.get(finding.rule)
}

/// Whether findings of a rule are told by several files together.
fn is_joint(rule: &Rule) -> bool {
    rule.is_of_schedules() || rule.is_of_languages() || matches!(rule.check, Check::Versions(_))
}

/// What `file` tells by itself when its text is `text`.
fn alone(answer: &Answer, file: &Path, text: &Arc<str>) -> (Vec<Finding>, Vec<Problem>) {
    let path: Arc<str> = answer.shown(file).into();
    let request = Request {
        paths: Vec::new(),
        buffers: Buffers::from([(PathBuf::from(file), Arc::clone(text))]),
        jobs: Some(1),
        ..answer.request.clone()
    };
    let found = FoundFile { absolute: file.to_owned(), path: Arc::clone(&path), named: false };
    let found = Found { files: vec![found], ..Found::default() };
    let policies = answer.policies();
    let mut outcome = check::run(&request, found, &answer.configs, policies);
    if let Some(baseline) = &answer.baseline {
        baseline.apply(&mut outcome, policies);
    }
    let mut findings = outcome.findings;
    // A suppression of what only several files tell looks unused from one of them.
    let spared = |finding: &Finding| {
        let is_of = |rule: &Rule| is_joint(rule) && speaks_of(&finding.text, &rule.id);
        rule(policies, finding).is_some_and(|rule| rule.id == "suppression/unused")
            && policies.rules.iter().any(is_of)
    };
    let told = |finding: &Finding| rule(policies, finding).is_some_and(|rule| !is_joint(rule));
    findings.retain(|finding| finding.path == path && told(finding) && !spared(finding));
    let problems = outcome.problems.into_iter().filter(|problem| problem.path.as_ref() == Some(&path));
    (findings, problems.collect())
}
