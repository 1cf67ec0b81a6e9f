//! Configuration and policies, as every command needs them.

use super::options::Settings;
use super::{PROBLEM, screen};
use crate::config::{Configs, Date, discover};
use crate::outcome::Outcome;
use crate::policy::PolicySet;
use crate::problem::{Gravity, Problem};
use crate::report::full;
use crate::report::paint::Painter;
use crate::words::Lang;
use std::io;
use std::path::{Path, PathBuf};

/// What was loaded, and what was wrong with it.
pub struct Loaded {
    /// The project root: the current directory.
    pub root: PathBuf,
    /// The configurations.
    pub configs: Configs,
    /// Built-in policies and those the configurations name.
    pub policies: PolicySet,
    /// Mistakes in policies; those in configurations stay with [`Configs::report`].
    pub problems: Vec<Problem>,
}

/// Loads what holds for `paths`, with the policy files `extra` beside those of the configuration.
///
/// # Errors
/// When there is no current directory.
pub fn load(settings: &Settings, today: Date, paths: &[PathBuf], extra: &[PathBuf]) -> io::Result<Loaded> {
    let root = std::env::current_dir()?;
    let configs = Configs::new(&root, &settings.choice(), today);
    let mut files = configs.policies(paths);
    files.extend(extra.iter().map(|file| root.join(file)));
    let shown = |file: &Path| discover::relative(&root, file);
    let named: Vec<(PathBuf, String)> = files.iter().map(|file| (file.clone(), shown(file))).collect();
    let (policies, problems) = PolicySet::load(&named);
    configs.know(&policies, &files);
    Ok(Loaded { root, configs, policies, problems })
}

/// Adds to `outcome` the mistakes of configuration and policies that it does not hold yet, and the sources
/// they stand in.
pub fn blame(configs: &Configs, policies: &mut PolicySet, problems: Vec<Problem>, outcome: &mut Outcome) {
    for problem in problems {
        if !outcome.problems.contains(&problem) {
            outcome.problems.push(problem);
        }
    }
    configs.report(outcome);
    let needed = |path: &str| outcome.problems.iter().any(|p| p.path.as_deref() == Some(path));
    let (wanted, rest) = std::mem::take(&mut policies.sources).into_iter().partition(|s| needed(&s.path));
    policies.sources = rest;
    let wanted: Vec<crate::source::Source> = wanted;
    outcome.sources.extend(wanted.into_iter().map(|source| (source.path.clone(), source)));
    outcome.problems.sort_by_key(|problem| {
        let start = match &problem.place {
            Some(crate::problem::Place::Text(span)) => u64::from(span.start),
            Some(crate::problem::Place::Resolved(location)) => location.byte_start,
            None => 0,
        };
        (problem.path.clone(), start)
    });
}

impl Loaded {
    /// Tells the mistakes on standard error; the exit code they give, if there are any.
    pub fn complain(&mut self, lang: Lang, color: super::options::Color) -> Option<u8> {
        let mut outcome = Outcome::default();
        blame(&self.configs, &mut self.policies, std::mem::take(&mut self.problems), &mut outcome);
        tell(&outcome, lang, color);
        (!outcome.complete()).then_some(PROBLEM)
    }
}

/// Draws the problems of `outcome` on standard error.
pub fn tell(outcome: &Outcome, lang: Lang, color: super::options::Color) {
    let painter = Painter::new(screen::colors(color, &io::stderr()), screen::width());
    let mut out = io::stderr().lock();
    for problem in outcome.problems.iter().filter(|p| p.gravity == Gravity::Error) {
        // Nobody left to tell when standard error is closed.
        let _ = full::draw_problem(problem, outcome, lang, &painter, &mut out);
    }
}
