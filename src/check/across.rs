//! What several files tell together: campaigns and their templates, the languages of a message, suppressions.
//!
//! Begin at [`Work::campaigns`], [`Work::languages`] and [`Work::review`]; [`Work::settle`] adds what they find.

use super::Work;
use super::gathered::Books;
use crate::campaign;
use crate::campaign::group::{Case, Group};
use crate::campaign::templates::{Known, Templates};
use crate::config::FileSettings;
use crate::finding::Finding;
use crate::languages::{self, Spoken};
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::source::Source;
use crate::triage::flaws::{Review, Standing};
use crate::triage::suppress::Ledger;
use crate::words::Words;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Work<'_> {
    /// Judges the campaigns of the run, once all its templates are known.
    pub(super) fn campaigns(
        &self,
        mut cases: Vec<Case>,
        known: Vec<Known>,
        books: &mut Books,
        outcome: &mut Outcome,
    ) {
        let templates = Templates::of(known);
        // Only steps of our own shape name templates; where none was read at all, none of them is missed.
        let own = cases.iter().find(|case| !case.campaign.is_foreign && !case.campaign.steps.is_empty());
        outcome.problems.extend(own.filter(|_| templates.is_empty()).map(uncompared));
        // The order of files depends on how they were asked for.
        cases.sort_by(|a, b| (&a.campaign.path, a.campaign.id.at).cmp(&(&b.campaign.path, b.campaign.id.at)));
        cases.iter_mut().for_each(|case| templates.settle(case));
        let (groups, problems) = Group::all(&cases);
        outcome.problems.extend(problems);
        let judged = |group: &Group<'_>| campaign::judge::judge(group, &templates, self.policies);
        let mut findings: Vec<Finding> = groups.par_iter().flat_map_iter(judged).collect();
        findings.extend(campaign::judge::unused(&cases, &templates, self.policies));
        self.settle(findings, &cases, books, outcome);
    }

    /// Compares the languages of each message, once all are known.
    pub(super) fn languages(&self, spoken: Vec<Spoken>, books: &mut Books, outcome: &mut Outcome) {
        let rules = self.policies.rules.iter().enumerate().filter(|(_, rule)| rule.is_of_languages());
        let found: Vec<Finding> =
            rules.flat_map(|(index, rule)| languages::disagreements(&spoken, index, rule)).collect();
        self.settle(found, &[], books, outcome);
    }

    /// Adds findings about several files at once, each as the configuration of its file says.
    pub(super) fn settle(
        &self,
        findings: Vec<Finding>,
        cases: &[Case],
        books: &mut Books,
        outcome: &mut Outcome,
    ) {
        for mut finding in findings {
            let absolute = self.request.root.join(&*finding.path);
            let config = self.configs.nearest(&absolute);
            let settings = config.resolve(&absolute);
            if !self.level(&settings, &mut finding) {
                continue;
            }
            if !self.concerns_a_change(&finding, cases, &books.changed) {
                outcome.unchanged += 1;
                continue;
            }
            let path = Arc::clone(&finding.path);
            let ledger = books.ledgers.entry(Arc::clone(&path));
            let ledger = ledger.or_insert_with(|| Ledger::new(&path, Vec::new(), true));
            let template = finding.about.as_ref().and_then(|about| ledger.template(&about.id));
            finding.suppression =
                self.answer(&finding, template, &settings, ledger, &mut books.uses).map(Box::new);
            if !outcome.sources.contains_key(&finding.path) {
                let source = self.again(&absolute, &finding.path, &settings);
                outcome.sources.extend(source.map(|source| (Arc::clone(&source.path), source)));
            }
            outcome.findings.push(finding);
        }
    }

    /// Whether a finding about campaigns is to be reported: its file was changed, or a template that the campaigns of
    /// the file send.
    fn concerns_a_change(&self, finding: &Finding, cases: &[Case], ids: &BTreeSet<Arc<str>>) -> bool {
        let Some(changed) = &self.request.changed else { return true };
        let of_file = |case: &&Case| case.campaign.path == finding.path;
        let mut steps = cases.iter().filter(of_file).flat_map(|case| &case.campaign.steps);
        changed.has_file(&finding.path)
            || finding.about.as_ref().is_some_and(|about| ids.contains(&about.id))
            || steps.any(|step| ids.contains(step.template.value.as_str()))
    }

    /// What is wrong with suppressions, once it is known what each of them answered for.
    pub(super) fn review(&self, books: &Books, outcome: &mut Outcome) {
        let Self { policies, request, configs } = self;
        let review = Review { policies, asked: &request.rules, today: configs.today() };
        let mut keep = |source: &Source, (found, standings): (Vec<Finding>, Vec<Standing>)| {
            let absolute = request.root.join(&*source.path);
            let config = configs.nearest(&absolute);
            let settings = config.resolve(&absolute);
            outcome.suppressions.extend(standings);
            let changed = |finding: &Finding| match &request.changed {
                Some(changed) => changed.touches(source, finding.primary),
                None => true,
            };
            let found = found.into_iter().map(|mut finding| {
                let stays = self.level(&settings, &mut finding) && changed(&finding);
                (finding, stays)
            });
            outcome.findings.extend(found.filter(|(_, stays)| *stays).map(|(finding, _)| finding));
        };
        for (path, ledger) in &books.ledgers {
            if let Some(source) = outcome.sources.get(path) {
                keep(source, review.ledger(ledger, source));
            }
        }
        for config in configs.all() {
            // Only the file itself: what it extends may be meant for other projects.
            let own = config.chain.first();
            for entry in config.suppress.iter().filter(|entry| Some(&entry.origin.path) == own) {
                let covered = request.covers(&config.base);
                configs.with_source(&entry.origin.path, |source| {
                    let (found, standing) = review.entry(entry, &books.uses, covered, source);
                    keep(source, (found, vec![standing]));
                });
            }
        }
    }

    /// Reads a file anew that was clean until now, to point into it.
    fn again(
        &self,
        absolute: &std::path::Path,
        path: &Arc<str>,
        settings: &FileSettings<'_>,
    ) -> Option<Source> {
        let stdin = self.request.stdin.as_ref().filter(|(name, _)| name.as_str() == &**path);
        let encoding = settings.spec.encoding.as_deref();
        match stdin {
            Some((_, bytes)) => Source::from_bytes(path, bytes.clone(), encoding).ok(),
            None => self.open(path, absolute, settings).ok(),
        }
    }
}

/// Said once, at the first campaign whose steps could not be compared with anything.
fn uncompared(case: &Case) -> Problem {
    let words = Words::new(
        "no templates were read: the steps of campaigns were not compared with what they send",
        "没有读到任何模板：未能将发送计划的步骤与其发送内容核对",
    );
    let help = Words::new(
        "check the campaigns together with the files of their templates",
        "请将发送计划与其模板文件一并检查",
    );
    let id = &case.campaign.id;
    Problem::note("steps-uncompared", words).in_file(&case.campaign.path).at(id.at).help(help)
}
