//! The report for people: each finding over the line it stands in, then a summary.

use super::chrome::{self, Head};
use super::paint::{Painter, Picture};
use super::{glyphs, sentence, summary};
use crate::finding::{Finding, Level};
use crate::outcome::{Outcome, ReportContext, Reporter};
use crate::policy::{Basis, Rule};
use crate::problem::{Gravity, Place, Problem};
use crate::words::Lang;
use std::io::{self, Write};

/// Characters of the marked text that a sentence quotes.
const QUOTED: usize = 60;

/// `--format full`.
pub struct Full;

impl Reporter for Full {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let painter =
            Painter::new(context.color, context.width).in_ascii(context.ascii).with_links(context.links);
        for finding in summary::shown(outcome, context) {
            draw_finding(finding, outcome, context, &painter, out)?;
        }
        for problem in &outcome.problems {
            if problem.gravity == Gravity::Error || context.pedantic {
                draw_problem(problem, outcome, context.lang, &painter, out)?;
            }
        }
        writeln!(out, "{}", summary::line(outcome, context))
    }
}

fn draw_finding(
    finding: &Finding,
    outcome: &Outcome,
    context: &ReportContext<'_>,
    painter: &Painter,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(rule) = context.policies.rules.get(finding.rule) else { return Ok(()) };
    let lang = context.lang;
    let fill = |words: &str| sentence::fill(words, finding, |v| glyphs::shortened(v, QUOTED)).into_owned();
    let mut labels = vec![(finding.primary, fill(rule.message.get(lang)))];
    labels.extend(finding.labels.iter().map(|label| (label.span, fill(label.text.get(lang)))));
    let picture = Picture {
        level: finding.level,
        code: &rule.id,
        title: &fill(rule.title.get(lang)),
        labels,
        notes: notes(finding, rule, context),
    };
    match outcome.sources.get(&finding.path) {
        Some(source) => painter.draw(&picture, source, out),
        None => painter.draw_without_source(&picture, Some(&finding.path), out),
    }
}

/// The lines under the excerpt: what was hidden, what the rule rests on, on which branch, what to do.
fn notes(finding: &Finding, rule: &Rule, context: &ReportContext<'_>) -> Vec<String> {
    let lang = context.lang;
    let colon = chrome::colon(lang);
    let fill = |words: &str| sentence::fill(words, finding, |v| glyphs::shortened(v, QUOTED)).into_owned();
    let mut notes: Vec<String> =
        finding.notes.iter().map(|note| glyphs::harmless(&fill(note.get(lang))).into_owned()).collect();
    let jurisdiction = finding.cited_in();
    let bases: Vec<String> =
        sentence::bases(context.policies, rule, jurisdiction).map(|basis| citation(basis, lang)).collect();
    if !bases.is_empty() {
        notes.push(format!("{}{colon}{}", chrome::head(Head::Basis, lang), bases.join(" · ")));
    }
    if !finding.when.is_empty() {
        let when = finding.when.join(" · ");
        notes.push(format!("{}{colon}{}", chrome::head(Head::Branch, lang), glyphs::shortened(&when, 200)));
    }
    let help = fill(finding.help_or(&rule.help).get(lang));
    if !help.is_empty() {
        notes.push(format!("{}{colon}{help}", chrome::head(Head::Help, lang)));
    }
    notes
}

/// A basis as it is cited: title, clause where one was seen, and what kind of text it is.
pub fn citation(basis: &Basis, lang: Lang) -> String {
    let title = basis.title.get(lang);
    let clause = basis.clause.as_ref().map_or("", |clause| clause.get(lang));
    let joint = match clause.chars().next() {
        None | Some('第' | '（' | '附') => "",
        Some(_) => ", ",
    };
    let force = chrome::force(basis.force, lang);
    match lang {
        Lang::En => format!("{title}{joint}{clause} ({force})"),
        Lang::ZhHans | Lang::ZhHant => format!("{title}{joint}{clause}（{force}）"),
    }
}

/// Draws what could not be looked at, in the way of findings.
///
/// # Errors
/// Whatever the writer returns.
pub fn draw_problem(
    problem: &Problem,
    outcome: &Outcome,
    lang: Lang,
    painter: &Painter,
    out: &mut dyn Write,
) -> io::Result<()> {
    let help = problem.help.as_ref().map(|help| {
        format!(
            "{}{}{}",
            chrome::head(Head::Help, lang),
            chrome::colon(lang),
            glyphs::harmless(help.get(lang))
        )
    });
    let label = problem.label.as_ref().map_or("", |label| label.get(lang));
    let mut picture = Picture {
        level: level(problem),
        code: problem.code,
        title: problem.message.get(lang),
        labels: Vec::new(),
        notes: help.into_iter().collect(),
    };
    let source = problem.path.as_ref().and_then(|path| outcome.sources.get(path));
    match (&problem.place, source) {
        (Some(Place::Text(span)), Some(source)) => {
            picture.labels.push((*span, label.to_owned()));
            painter.draw(&picture, source, out)
        }
        (Some(Place::Resolved(location)), _) => {
            let start = location.start;
            let place = format!("{}:{}:{}", location.path, start.line, start.column);
            painter.draw_without_source(&picture, Some(&place), out)
        }
        _ => painter.draw_without_source(&picture, problem.path.as_deref(), out),
    }
}

/// The level a problem is shown at.
pub const fn level(problem: &Problem) -> Level {
    match problem.gravity {
        Gravity::Error => Level::Error,
        Gravity::Note => Level::Note,
    }
}
