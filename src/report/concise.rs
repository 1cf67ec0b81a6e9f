//! One line a finding, for editors and `grep`: `path:line:col: level[rule]: message`.

use super::{full, glyphs, sentence, summary};
use crate::outcome::{Outcome, ReportContext, Reporter};
use crate::problem::{Gravity, Place, Problem};
use crate::words::Lang;
use std::borrow::Cow;
use std::io::{self, Write};

/// `--format concise`.
pub struct Concise;

impl Reporter for Concise {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        for finding in summary::shown(outcome, context) {
            let Some(rule) = context.policies.rules.get(finding.rule) else { continue };
            let message =
                sentence::fill(rule.message.get(context.lang), finding, |v| glyphs::shortened(v, 60));
            let (line, column) = outcome.sources.get(&finding.path).map_or((1, 1), |source| {
                let start = source.lines().position(&source.text, finding.primary.start);
                (start.line, start.column)
            });
            let path = beginning(&finding.path);
            let level = finding.level.name();
            writeln!(out, "{path}:{line}:{column}: {level}[{}]: {message}", rule.id)?;
        }
        for problem in &outcome.problems {
            if problem.gravity == Gravity::Error || context.pedantic {
                writeln!(out, "{}", line(problem, outcome, context.lang))?;
            }
        }
        Ok(())
    }
}

/// `path` as a line may begin with it. The logs of GitHub take a line for a command that begins with `::`,
/// blanks aside, and a file may be called so.
fn beginning(path: &str) -> Cow<'_, str> {
    let shown = glyphs::harmless(path);
    if shown.trim_start().starts_with("::") { Cow::Owned(format!("./{shown}")) } else { shown }
}

/// A problem on one line.
pub fn line(problem: &Problem, outcome: &Outcome, lang: Lang) -> String {
    let level = full::level(problem).name();
    let message = glyphs::harmless(problem.message.get(lang));
    let source = problem.path.as_ref().and_then(|path| outcome.sources.get(path));
    let start = match (&problem.place, source) {
        (Some(Place::Resolved(location)), _) => Some(location.start),
        (Some(Place::Text(span)), Some(source)) => Some(source.lines().position(&source.text, span.start)),
        _ => None,
    };
    let said = format!("{level}[{}]: {message}", problem.code);
    match (&problem.path, start) {
        (Some(path), Some(start)) => {
            format!("{}:{}:{}: {said}", beginning(path), start.line, start.column)
        }
        (Some(path), None) => format!("{}:1:1: {said}", beginning(path)),
        (None, _) => said,
    }
}
