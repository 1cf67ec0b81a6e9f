//! The shapes of the JSON report, format version 1: members and their order are a promise.
//!
//! Everything borrows from the outcome and is written as it is walked, so that a report of a hundred
//! thousand findings is never held in memory twice.

use super::sentence;
use crate::finding::{Applicability, Baseline, Finding, Fix, Level, Suppression};
use crate::outcome::{CheckedFile, Outcome, ReportContext};
use crate::policy::{Basis, PolicyFile, PolicySet, Rule};
use crate::problem::{Gravity, Place, Problem};
use crate::source::{Location, Position, Source, Span};
use crate::triage::flaws::Status;
use crate::words::Lang;
use serde::Serialize;
use serde::ser::SerializeMap;
use std::collections::BTreeMap;

/// `format` of every document.
pub(super) const FORMAT: &str = "dunlint-report";
/// `format_version` of every document.
pub(super) const FORMAT_VERSION: &str = "1.0";

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) const fn this() -> Self {
        Self { name: "dunlint", version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Serialize)]
pub(super) struct Run<'a> {
    arguments: &'a [String],
    exit_code: u8,
    exit_reason: &'static str,
    complete: bool,
    started_at: Option<&'static str>,
}

impl<'a> Run<'a> {
    pub(super) fn of(outcome: &Outcome, context: &ReportContext<'a>) -> Self {
        Self {
            arguments: context.arguments,
            exit_code: context.exit_code,
            exit_reason: match context.exit_code {
                0 => "clean",
                1 => "findings",
                _ => "problem",
            },
            complete: outcome.complete(),
            // No clock: the same input gives the same bytes.
            started_at: None,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Config<'a> {
    files: Vec<ConfigFile<'a>>,
    policies: Vec<PolicyRow<'a>>,
    fail_on: &'a str,
}

#[derive(Serialize)]
struct ConfigFile<'a> {
    path: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct PolicyRow<'a> {
    id: &'a str,
    version: &'a str,
    source: &'a str,
    sha256: &'a str,
}

impl<'a> Config<'a> {
    pub(super) fn of(context: &ReportContext<'a>) -> Self {
        let row = |file: &'a PolicyFile| PolicyRow {
            id: &file.id,
            version: &file.version,
            source: &file.origin,
            sha256: &file.sha256,
        };
        Self {
            files: context.config_files.iter().map(|(path, sha256)| ConfigFile { path, sha256 }).collect(),
            policies: context.policies.files.iter().map(row).collect(),
            fail_on: context.fail_on,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Summary<'a> {
    files_checked: usize,
    files_skipped: usize,
    templates_checked: usize,
    by_level: ByLevel,
    suppressed: Suppressed,
    accepted: usize,
    fixable: Fixable,
    by_rule: BTreeMap<&'a str, usize>,
}

#[derive(Serialize)]
struct ByLevel {
    error: usize,
    warning: usize,
    note: usize,
}

#[derive(Default, Serialize)]
struct Suppressed {
    active: usize,
    expired: usize,
    unused: usize,
}

impl Suppressed {
    fn of(outcome: &Outcome) -> Self {
        let all = || outcome.findings.iter().filter_map(|finding| finding.suppression.as_ref());
        let expired = all().filter(|suppression| suppression.expired).count();
        let unused = outcome.suppressions.iter().filter(|standing| standing.status == Status::Unused).count();
        Self { active: all().count() - expired, expired, unused }
    }
}

#[derive(Default, Serialize)]
struct Fixable {
    safe: usize,
    r#unsafe: usize,
}

impl Fixable {
    fn of(outcome: &Outcome) -> Self {
        let of = |wanted| {
            let counted = outcome.findings.iter().filter(|finding| finding.counts());
            counted.filter(|f| f.fixes.iter().any(|fix| fix.applicability == wanted)).count()
        };
        Self { safe: of(Applicability::Safe), r#unsafe: of(Applicability::Unsafe) }
    }
}

impl<'a> Summary<'a> {
    pub(super) fn of(outcome: &Outcome, context: &ReportContext<'a>) -> Self {
        let of_level = |level| outcome.findings.iter().filter(|f| f.counts() && f.level == level).count();
        Self {
            files_checked: outcome.files.len(),
            files_skipped: outcome.skipped,
            templates_checked: super::summary::templates(outcome),
            by_level: ByLevel {
                error: of_level(Level::Error),
                warning: of_level(Level::Warning),
                note: of_level(Level::Note),
            },
            suppressed: Suppressed::of(outcome),
            accepted: outcome.findings.iter().filter(|finding| finding.is_accepted()).count(),
            fixable: Fixable::of(outcome),
            by_rule: super::statistics::by_rule(outcome, context),
        }
    }
}

#[derive(Serialize)]
pub(super) struct FileRow<'a> {
    path: &'a str,
    sha256: &'a str,
    bytes: u64,
    encoding: &'a str,
    host: &'a str,
    templates: Vec<&'a str>,
}

impl<'a> FileRow<'a> {
    pub(super) fn of(file: &'a CheckedFile) -> Self {
        Self {
            path: &file.path,
            sha256: &file.sha256,
            bytes: file.bytes,
            encoding: file.encoding,
            host: file.host,
            templates: file.templates.iter().map(AsRef::as_ref).collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct RuleRow<'a> {
    id: &'a str,
    family: &'a str,
    level: &'static str,
    title: &'a str,
    basis: Vec<RuleBasis<'a>>,
    confidence: &'static str,
    help: &'a str,
}

#[derive(Serialize)]
struct RuleBasis<'a> {
    #[serde(flatten)]
    basis: BasisRow<'a>,
    jurisdiction: &'a str,
}

impl<'a> RuleRow<'a> {
    pub(crate) fn of(rule: &'a Rule, policies: &'a PolicySet, lang: Lang) -> Self {
        let mut basis = Vec::new();
        for (jurisdiction, ids) in &rule.basis {
            for found in ids.iter().filter_map(|id| policies.bases.get(id)) {
                basis.push(RuleBasis { basis: BasisRow::of(found, lang), jurisdiction });
            }
        }
        Self {
            id: &rule.id,
            family: rule.family(),
            level: rule.level.name(),
            title: rule.title.get(lang),
            basis,
            confidence: rule.confidence.name(),
            help: rule.help.get(lang),
        }
    }
}

#[derive(Serialize)]
struct BasisRow<'a> {
    id: &'a str,
    title: &'a str,
    clause: Option<&'a str>,
    force: &'static str,
}

impl<'a> BasisRow<'a> {
    fn of(basis: &'a Basis, lang: Lang) -> Self {
        Self {
            id: &basis.id,
            title: basis.title.get(lang),
            clause: basis.clause.as_ref().map(|clause| clause.get(lang)),
            force: basis.force.name(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct DiagnosticRow<'a> {
    id: String,
    rule_id: &'a str,
    family: &'a str,
    level: &'static str,
    confidence: &'static str,
    message: String,
    message_args: Arguments<'a>,
    template: Option<TemplateRow<'a>>,
    primary: SpanRow,
    text: &'a str,
    labels: Vec<LabelRow<'a>>,
    notes: Vec<&'a str>,
    help: Option<String>,
    fixes: Vec<FixRow<'a>>,
    basis: Vec<BasisRow<'a>>,
    policy: PolicyPlace<'a>,
    paths: &'a [String],
    suppression: Option<SuppressionRow<'a>>,
    baseline: Option<&'static str>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct SuppressionRow<'a> {
    kind: &'static str,
    status: &'static str,
    reason: &'a str,
    until: Option<&'a str>,
    owner: Option<&'a str>,
}

impl<'a> SuppressionRow<'a> {
    fn of(suppression: &'a Suppression) -> Self {
        Self {
            kind: suppression.kind.name(),
            status: if suppression.expired { "expired" } else { "active" },
            reason: &suppression.reason,
            until: suppression.until.as_deref(),
            owner: suppression.owner.as_deref(),
        }
    }
}

struct Arguments<'a>(&'a Finding);

impl Serialize for Arguments<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("match", &self.0.text)?;
        for (name, value) in &self.0.args {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct TemplateRow<'a> {
    id: &'a str,
    lang: Option<&'static str>,
    jurisdiction: Option<&'a str>,
    dialect: &'static str,
}

#[derive(Serialize)]
struct LabelRow<'a> {
    span: SpanRow,
    text: &'a str,
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<EditRow<'a>>,
}

#[derive(Serialize)]
struct EditRow<'a> {
    span: SpanRow,
    replacement: &'a str,
}

impl<'a> FixRow<'a> {
    fn of(fix: &'a Fix, lang: Lang, place: &impl Fn(Span) -> SpanRow) -> Self {
        let edits = fix.edits.iter();
        Self {
            title: fix.title.get(lang),
            applicability: fix.applicability.name(),
            edits: edits
                .map(|edit| EditRow { span: place(edit.span), replacement: &edit.replacement })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct PolicyPlace<'a> {
    path: &'a str,
    byte_start: u32,
    byte_end: u32,
}

/// A place, in every unit.
#[derive(Serialize)]
pub(super) struct SpanRow {
    path: String,
    byte_start: u64,
    byte_end: u64,
    start: PositionRow,
    end: PositionRow,
}

#[derive(Serialize)]
struct PositionRow {
    line: u32,
    column: u32,
    column_utf8: u32,
    column_utf16: u32,
}

impl SpanRow {
    fn of(location: Location) -> Self {
        let row = |p: Position| PositionRow {
            line: p.line,
            column: p.column,
            column_utf8: p.column_utf8,
            column_utf16: p.column_utf16,
        };
        Self {
            path: location.path.to_string(),
            byte_start: location.byte_start,
            byte_end: location.byte_end,
            start: row(location.start),
            end: row(location.end),
        }
    }

    /// The place of `span` in `source`; without the source, bytes only.
    fn at(path: &str, source: Option<&Source>, span: Span) -> Self {
        let start = Position { line: 1, column: 1, column_utf8: 1, column_utf16: 1 };
        Self::of(source.map_or_else(
            || Location {
                path: path.into(),
                byte_start: span.start.into(),
                byte_end: span.end.into(),
                start,
                end: start,
            },
            |source| source.location(span),
        ))
    }
}

impl<'a> DiagnosticRow<'a> {
    /// The `number`-th finding (from 1), if its rule is known.
    pub(super) fn of(
        number: usize,
        finding: &'a Finding,
        outcome: &Outcome,
        context: &'a ReportContext<'a>,
    ) -> Option<Self> {
        let rule = context.policies.rules.get(finding.rule)?;
        let lang = context.lang;
        let fill = |words: &str| sentence::fill(words, finding, str::to_owned).into_owned();
        let source = outcome.sources.get(&finding.path);
        let place = |span| SpanRow::at(&finding.path, source, span);
        let jurisdiction = finding.cited_in();
        let help = fill(finding.help_or(&rule.help).get(lang));
        Some(Self {
            id: format!("d{number}"),
            rule_id: &rule.id,
            family: rule.family(),
            level: finding.level.name(),
            confidence: finding.confidence.name(),
            message: fill(rule.message.get(lang)),
            message_args: Arguments(finding),
            template: finding.about.as_ref().map(|about| TemplateRow {
                id: &about.id,
                lang: about.lang.map(Lang::name),
                jurisdiction: about.jurisdiction.as_deref(),
                dialect: about.dialect.name(),
            }),
            primary: place(finding.primary),
            text: &finding.text,
            labels: finding
                .labels
                .iter()
                .map(|label| LabelRow { span: place(label.span), text: label.text.get(lang) })
                .collect(),
            notes: finding.notes.iter().map(|note| note.get(lang)).collect(),
            help: (!help.is_empty()).then_some(help),
            fixes: finding.fixes.iter().map(|fix| FixRow::of(fix, lang, &place)).collect(),
            basis: sentence::bases(context.policies, rule, jurisdiction)
                .map(|basis| BasisRow::of(basis, lang))
                .collect(),
            policy: PolicyPlace {
                path: &rule.policy.0,
                byte_start: rule.policy.1.start,
                byte_end: rule.policy.1.end,
            },
            paths: &finding.when,
            suppression: finding.suppression.as_deref().map(SuppressionRow::of),
            baseline: finding.baseline.map(Baseline::name),
            fingerprint: &finding.fingerprint,
        })
    }
}

#[derive(Serialize)]
pub(super) struct ProblemRow<'a> {
    level: &'static str,
    code: &'a str,
    message: &'a str,
    path: Option<&'a str>,
    span: Option<SpanRow>,
    help: Option<&'a str>,
}

impl<'a> ProblemRow<'a> {
    pub(super) fn of(problem: &'a Problem, outcome: &Outcome, context: &ReportContext<'_>) -> Self {
        let source = problem.path.as_ref().and_then(|path| outcome.sources.get(path));
        let span = match (&problem.place, &problem.path) {
            (Some(Place::Resolved(location)), _) => Some(SpanRow::of((**location).clone())),
            (Some(Place::Text(span)), Some(path)) => Some(SpanRow::at(path, source, *span)),
            _ => None,
        };
        Self {
            level: match problem.gravity {
                Gravity::Error => "error",
                Gravity::Note => "note",
            },
            code: problem.code,
            message: problem.message.get(context.lang),
            path: problem.path.as_deref(),
            span,
            help: problem.help.as_ref().map(|help| help.get(context.lang)),
        }
    }
}
