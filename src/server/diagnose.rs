//! From findings and problems to diagnostics.
//!
//! Begin at [`Diagnoser::of_file`].

use super::look::Answer;
use super::page::Page;
use super::position::{Text, Unit};
use super::uri;
use crate::config::Levels;
use crate::finding::{Confidence, Finding, Level};
use crate::policy::Rule;
use crate::problem::{Gravity, Place, Problem};
use crate::report::chrome::{self, Head, pick};
use crate::report::sentence;
use crate::source::{Position as Counted, Source, Span};
use crate::words::Lang;
use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, Position, Range,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The name of the source of every diagnostic.
pub(super) const SOURCE: &str = "dunlint";

/// Diagnostics of one file that are sent; editors show no more, and choke on many more.
const MOST: usize = 1000;

/// What all diagnostics of one answer share.
#[derive(Clone, Copy)]
pub(super) struct Diagnoser<'a> {
    pub(super) answer: &'a Answer,
    pub(super) unit: Unit,
    pub(super) lang: Lang,
    pub(super) pedantic: bool,
    /// Names of the open documents, as the client spells them.
    pub(super) open: &'a BTreeMap<PathBuf, String>,
}

impl<'a> Diagnoser<'a> {
    /// The diagnostics of the file shown as `path`.
    pub(super) fn of_file(self, path: &str) -> Vec<Diagnostic> {
        let findings = self.answer.outcome.findings.iter().filter(|finding| &*finding.path == path);
        let problems = self.answer.outcome.problems.iter();
        let problems = problems.filter(|problem| problem.path.as_deref() == Some(path));
        let source = self.answer.source(path);
        let view = source.map(|source| self.view(source));
        self.all(path, findings, problems, view)
    }

    /// The diagnostics of an open document.
    pub(super) fn of_page(self, path: &str, page: &Page, view: Text<'_>) -> Vec<Diagnostic> {
        self.all(path, page.findings.iter(), page.problems.iter(), Some(view))
    }

    fn all<'f>(
        self,
        path: &str,
        findings: impl Iterator<Item = &'f Finding>,
        problems: impl Iterator<Item = &'f Problem>,
        view: Option<Text<'_>>,
    ) -> Vec<Diagnostic> {
        let mut findings: Vec<&Finding> = findings.filter(|finding| self.is_shown(finding)).collect();
        let left = findings.len().saturating_sub(MOST);
        if left > 0 {
            // The gravest are kept, in the order of the text.
            let mut levels: Vec<usize> = (0..findings.len()).collect();
            levels.sort_by_key(|at| findings.get(*at).map(|finding| std::cmp::Reverse(finding.level)));
            levels.truncate(MOST);
            levels.sort_unstable();
            findings = levels.into_iter().filter_map(|at| findings.get(at).copied()).collect();
        }
        let wanted = problems.filter(|problem| problem.gravity == Gravity::Error || self.pedantic);
        let problems = wanted.map(|problem| self.problem(problem, view));
        let mut all: Vec<Diagnostic> = problems.collect();
        all.extend((left > 0).then(|| self.cut(left)));
        let file = self.answer.root.join(path);
        let config = self.answer.configs.nearest(&file);
        let levels = config.resolve(&file).levels;
        all.extend(findings.into_iter().filter_map(|finding| self.finding(finding, &levels, view)));
        all
    }

    /// The diagnostic of one finding in the file shown as `path`.
    pub(super) fn of_finding(self, path: &str, finding: &Finding, view: Text<'_>) -> Option<Diagnostic> {
        let file = self.answer.root.join(path);
        let config = self.answer.configs.nearest(&file);
        self.finding(finding, &config.resolve(&file).levels, Some(view))
    }

    /// Whether `check` would show it.
    pub(super) fn is_shown(self, finding: &Finding) -> bool {
        finding.counts()
            && (self.pedantic || (finding.level > Level::Note && finding.confidence == Confidence::High))
    }

    fn cut(self, left: usize) -> Diagnostic {
        let message = match self.lang {
            Lang::En => format!("{left} more findings in this file; `dunlint check` lists all"),
            _ => format!("此文件还有 {left} 项问题；`dunlint check` 可列出全部"),
        };
        Diagnostic {
            severity: Some(DiagnosticSeverity::Information),
            source: Some(SOURCE.to_owned()),
            message: message.into(),
            ..Diagnostic::default()
        }
    }

    fn finding(self, finding: &Finding, levels: &Levels<'_>, view: Option<Text<'_>>) -> Option<Diagnostic> {
        let rule = self.answer.policies().rules.get(finding.rule)?;
        let range = view.map(|view| view.range(finding.primary)).unwrap_or_default();
        let related = self.related(finding, rule, levels, view);
        let tags = match rule.id.as_str() {
            // It does nothing, as code that is never reached.
            "suppression/unused" => Some(vec![DiagnosticTag::Unnecessary]),
            "suppression/expired" => Some(vec![DiagnosticTag::Deprecated]),
            _ => None,
        };
        Some(Diagnostic {
            range,
            severity: Some(severity(finding.level)),
            code: Some(Code::String(rule.id.clone())),
            code_description: self.page(finding, rule),
            source: Some(SOURCE.to_owned()),
            message: self.message(finding, rule).into(),
            tags,
            related_information: (!related.is_empty()).then_some(related),
            data: Some(json!({ "fingerprint": finding.fingerprint })),
        })
    }

    /// The page of the first text that the rule rests on, if it has one.
    fn page(self, finding: &Finding, rule: &Rule) -> Option<CodeDescription> {
        let mut bases = sentence::bases(self.answer.policies(), rule, finding.cited_in());
        bases.find_map(|basis| basis.url.clone()).map(|href| CodeDescription { href: href.into() })
    }

    /// What stands at the place, then what else is to be said.
    fn message(self, finding: &Finding, rule: &Rule) -> String {
        let lang = self.lang;
        let fill = |words: &str| sentence::fill(words, finding, str::to_owned).into_owned();
        let mut lines = vec![fill(rule.message.get(lang))];
        lines.extend(finding.notes.iter().map(|note| fill(note.get(lang))));
        if !finding.when.is_empty() {
            let head = chrome::head(Head::Branch, lang);
            lines.push(format!("{head}{}{}", chrome::colon(lang), finding.when.join(" · ")));
        }
        let help = fill(finding.help_or(&rule.help).get(lang));
        if !help.is_empty() {
            lines.push(format!("{}{}{help}", chrome::head(Head::Help, lang), chrome::colon(lang)));
        }
        lines.join("\n")
    }

    /// The other places of the finding, the rule where it is one of the project, and the line that sets its level.
    fn related(
        self,
        finding: &Finding,
        rule: &Rule,
        levels: &Levels<'_>,
        view: Option<Text<'_>>,
    ) -> Vec<DiagnosticRelatedInformation> {
        let here = self.uri(&finding.path);
        let labels = finding.labels.iter().filter_map(|label| {
            let message = sentence::fill(label.text.get(self.lang), finding, str::to_owned).into_owned();
            let range = view?.range(label.span);
            Some(DiagnosticRelatedInformation {
                location: Location { uri: here.clone().into(), range },
                message,
            })
        });
        let mut related: Vec<_> = labels.collect();
        let (policy, span) = &rule.policy;
        if self.answer.rulebook.own(policy).is_some() {
            let head = Span::new(span.start, span.start);
            related.extend(self.place(policy, head, pick(self.lang, "the rule", "该规则")));
        }
        if let Some(set) = levels.switch(&rule.id) {
            let words = pick(self.lang, "its level is set here", "其级别在此设定");
            related.extend(self.place(&set.origin.path, set.origin.span, words));
        }
        related
    }

    /// A place in another file.
    fn place(self, path: &str, span: Span, words: &str) -> Option<DiagnosticRelatedInformation> {
        let range = self.view(self.answer.source(path)?).range(span);
        let location = Location { uri: self.uri(path).into(), range };
        Some(DiagnosticRelatedInformation { location, message: words.to_owned() })
    }

    fn problem(self, problem: &Problem, view: Option<Text<'_>>) -> Diagnostic {
        let range = match (&problem.place, view) {
            (Some(Place::Text(span)), Some(view)) => view.range(*span),
            (Some(Place::Resolved(location)), _) => {
                Range { start: self.counted(location.start), end: self.counted(location.end) }
            }
            _ => Range::default(),
        };
        let lang = self.lang;
        let mut lines = vec![problem.message.get(lang).to_owned()];
        lines.extend(problem.label.iter().map(|label| label.get(lang).to_owned()));
        if let Some(help) = &problem.help {
            lines.push(format!(
                "{}{}{}",
                chrome::head(Head::Help, lang),
                chrome::colon(lang),
                help.get(lang)
            ));
        }
        Diagnostic {
            range,
            severity: Some(match problem.gravity {
                Gravity::Error => DiagnosticSeverity::Error,
                Gravity::Note => DiagnosticSeverity::Information,
            }),
            code: Some(Code::String(format!("problem/{}", problem.code))),
            source: Some(SOURCE.to_owned()),
            message: lines.join("\n").into(),
            ..Diagnostic::default()
        }
    }

    /// A place that was counted when the file was read.
    fn counted(self, place: Counted) -> Position {
        let column = match self.unit {
            Unit::Utf8 => place.column_utf8,
            Unit::Utf16 => place.column_utf16,
            Unit::Utf32 => place.column,
        };
        Position { line: place.line.saturating_sub(1), character: column.saturating_sub(1) }
    }

    /// A source as the editor counts in it.
    pub(super) fn view(self, source: &'a Source) -> Text<'a> {
        let held = self.open.contains_key(&self.answer.root.join(&*source.path));
        Text { text: &source.text, lines: source.lines(), unit: self.unit, held }
    }

    /// The name of the file shown as `path`.
    pub(super) fn uri(self, path: &str) -> String {
        let absolute = crate::config::discover::plain(&self.answer.root.join(path));
        self.open.get(&absolute).cloned().unwrap_or_else(|| uri::of_path(&absolute))
    }
}

const fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Error => DiagnosticSeverity::Error,
        Level::Warning => DiagnosticSeverity::Warning,
        Level::Note => DiagnosticSeverity::Information,
    }
}
