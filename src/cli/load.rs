//! Configuration and policies, as every command needs them.

use super::options::{Color, Settings};
use super::{PROBLEM, screen};
use crate::config::{Configs, Date, discover};
use crate::outcome::Outcome;
use crate::policy::PolicySet;
use crate::problem::{Gravity, Problem};
use crate::report::full;
use crate::report::paint::Painter;
use crate::source::Source;
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
    /// The policy files, to point into.
    pub sources: Vec<Source>,
}

/// How much of the policies a command needs.
#[derive(Clone, Copy)]
pub enum Needs<'a> {
    /// The rules, to check by.
    Rules,
    /// Their examples and sources too, with these policy files beside those of the configuration.
    Examples(&'a [PathBuf]),
}

/// Loads what holds for `paths`.
///
/// # Errors
/// When there is no current directory.
pub fn load(settings: &Settings, today: Date, paths: &[PathBuf], needs: Needs<'_>) -> io::Result<Loaded> {
    let root = std::env::current_dir()?;
    let configs = Configs::new(&root, &settings.choice(), today);
    let mut files = configs.policies(paths);
    if let Needs::Examples(extra) = needs {
        files.extend(extra.iter().map(|file| root.join(file)));
    }
    let shown = |file: &Path| discover::relative(&root, file);
    let named: Vec<(PathBuf, String)> = files.iter().map(|file| (file.clone(), shown(file))).collect();
    let (policies, problems, sources) = match needs {
        Needs::Rules => PolicySet::load(&named),
        Needs::Examples(_) => PolicySet::load_whole(&named),
    };
    configs.know(&policies, &files);
    Ok(Loaded { root, configs, policies, problems, sources })
}

/// The same, for a command that can only say so when it fails: the exit code is the error.
///
/// # Errors
/// [`PROBLEM`], once the reason stands on standard error.
pub fn or_say(settings: &Settings, paths: &[PathBuf], needs: Needs<'_>) -> Result<Loaded, u8> {
    load(settings, Date::today(), paths, needs).map_err(|error| {
        screen::say(&format!("dunlint: {error}"));
        PROBLEM
    })
}

impl Loaded {
    /// Moves to `outcome` the mistakes of configuration and policies that it does not hold yet, and the
    /// sources they stand in.
    pub fn blame(&mut self, outcome: &mut Outcome) {
        for problem in std::mem::take(&mut self.problems) {
            if !outcome.problems.contains(&problem) {
                outcome.problems.push(problem);
            }
        }
        self.configs.report(outcome);
        let blamed = |path: &str| outcome.problems.iter().any(|p| p.path.as_deref() == Some(path));
        let (blamed, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.sources).into_iter().partition(|source| blamed(&source.path));
        self.sources = rest;
        outcome.sources.extend(blamed.into_iter().map(|source| (source.path.clone(), source)));
        outcome.problems.sort_by_key(|problem| (problem.path.clone(), problem.first_byte()));
    }

    /// Tells the mistakes on standard error; the exit code they give, if there are any.
    pub fn complain(&mut self, lang: Lang, color: Color) -> Option<u8> {
        let mut outcome = Outcome::default();
        self.blame(&mut outcome);
        tell(&outcome, lang, color);
        let code = (!outcome.complete()).then_some(PROBLEM);
        self.sources.extend(outcome.sources.into_values());
        code
    }
}

/// Draws the problems of `outcome` on standard error.
fn tell(outcome: &Outcome, lang: Lang, color: Color) {
    let painter = Painter::new(screen::colors(color, &io::stderr()), screen::width());
    let mut out = io::stderr().lock();
    for problem in outcome.problems.iter().filter(|p| p.gravity == Gravity::Error) {
        // Nobody left to tell when standard error is closed.
        let _ = full::draw_problem(problem, outcome, lang, &painter, &mut out);
    }
}
