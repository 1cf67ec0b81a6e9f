//! Code actions: fixes, and suppressions that wait for a reason.
//!
//! Begin at [`actions`]. What a fix writes into the file is made by [`crate::fix`], which also reads the
//! result before it is offered.

use super::desk::Desk;
use super::look::Answer;
use super::suppress;
use crate::finding::{Applicability, Edit, Finding};
use crate::fix::{self, Wanted};
use crate::outcome::Outcome;
use crate::report::chrome::pick;
use crate::source::Span;
use crate::triage::suppress::FAMILY;
use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, Diagnostic, DocumentChange,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};
use std::collections::HashMap;
use std::sync::Arc;

/// All safe fixes of a file, when it is saved or on demand.
pub(super) const FIX_ALL: &str = "source.fixAll.dunlint";

/// What can be done about the findings at a place.
pub(super) fn actions(desk: &mut Desk<'_>, params: &CodeActionParams) -> Vec<CodeAction> {
    let diagnoser = desk.diagnoser;
    let span = desk.view.span(params.range);
    let touches = |at: Span| at.start <= span.end && span.start <= at.end;
    let here = desk.page.findings.iter().filter(|found| touches(found.primary) && diagnoser.is_shown(found));
    let here: Vec<Finding> = here.cloned().collect();
    let mut actions = Vec::new();
    if is_wanted(params, "quickfix") {
        for finding in &here {
            let about = diagnoser.of_finding(&desk.answer.shown(desk.file), finding, desk.view);
            actions.extend(desk.fixes(finding, about.as_ref()));
            actions.extend(desk.suppression(finding, about));
        }
    }
    if is_wanted(params, FIX_ALL) {
        actions.extend(desk.fix_all());
    }
    actions
}

/// Whether the editor asks for actions of `kind`: for all, or for one above it.
fn is_wanted(params: &CodeActionParams, kind: &str) -> bool {
    let above = |only: &CodeActionKind| {
        let rest = kind.strip_prefix(only.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || only.as_str().is_empty())
    };
    params.context.only.as_ref().is_none_or(|only| only.iter().any(above))
}

impl Desk<'_> {
    /// The edits that all wanted fixes of `findings` make together.
    fn planned(&self, findings: Vec<Finding>) -> Option<Vec<Edit>> {
        let source = self.source();
        let sources = [(Arc::clone(&source.path), source)].into();
        let outcome = Outcome { findings, sources, ..Outcome::default() };
        let Answer { root, configs, .. } = self.answer;
        let wanted = Wanted { root, configs, reading: (None, None), r#unsafe: self.r#unsafe };
        fix::plan(&outcome, &wanted).0.into_iter().next().map(|file| file.edits)
    }

    fn fixes(&self, finding: &Finding, about: Option<&Diagnostic>) -> Vec<CodeAction> {
        let lang = self.diagnoser.lang;
        let offered = |fix: &&crate::finding::Fix| match fix.applicability {
            Applicability::Safe => true,
            Applicability::Unsafe => self.r#unsafe,
            Applicability::DisplayOnly => false,
        };
        let mut actions = Vec::new();
        for fix in finding.fixes.iter().filter(offered) {
            let alone = Finding { fixes: vec![fix.clone()], ..finding.clone() };
            let Some(edits) = self.planned(vec![alone]) else { continue };
            let is_safe = fix.applicability == Applicability::Safe;
            let title = fix.title.get(lang);
            let title = match is_safe {
                true => title.to_owned(),
                false => format!("{title}{}", pick(lang, " (may change what is said)", "（可能改变含义）")),
            };
            actions.push(CodeAction {
                title,
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: about.map(|about| vec![about.clone()]),
                is_preferred: is_safe.then_some(true),
                edit: Some(self.edit(&edits)),
                ..CodeAction::default()
            });
        }
        actions
    }

    /// A suppression of the finding: beside its message, or in the configuration where the format has no place.
    fn suppression(&mut self, finding: &Finding, about: Option<Diagnostic>) -> Option<CodeAction> {
        let rule = self.answer.policies().rules.get(finding.rule)?;
        if rule.family() == FAMILY {
            return None;
        }
        let lang = self.diagnoser.lang;
        let (edit, title) = match self.inline(finding, &rule.id) {
            Some(edit) => {
                let title = pick(lang, "Suppress here, with a reason…", "在此豁免并说明理由…");
                (edit, format!("{title} ({})", rule.id))
            }
            None => {
                let edit = self.configured(&rule.id)?;
                let title = pick(
                    lang,
                    "Suppress in dunlint.toml, with a reason…",
                    "在 dunlint.toml 中豁免并说明理由…",
                );
                (edit, format!("{title} ({})", rule.id))
            }
        };
        Some(CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: about.map(|about| vec![about]),
            edit: Some(edit),
            ..CodeAction::default()
        })
    }

    fn inline(&mut self, finding: &Finding, rule: &str) -> Option<WorkspaceEdit> {
        let source = self.source();
        let config = self.answer.configs.nearest(self.file);
        let settings = config.resolve(self.file);
        let parsed = self.page.parsed(self.answer, self.file);
        let of = |template: &crate::template::Template| {
            crate::check::region(template, parsed.host).contains(finding.primary)
                && finding.about.as_ref().is_some_and(|about| *about.id == *template.record.id.text)
        };
        let index = parsed.templates.iter().position(of)?;
        let insertion = suppress::place(&source, parsed, index, rule, &settings)?;
        let span = Span::new(insertion.at, insertion.at);
        Some(self.edit(&[Edit { span, replacement: insertion.text }]))
    }

    /// An entry at the end of the nearest configuration.
    fn configured(&self, rule: &str) -> Option<WorkspaceEdit> {
        let config = self.answer.configs.nearest(self.file);
        let path = config.chain.first()?;
        let source = self.answer.source(path)?;
        let files = config.relative(self.file);
        let text = &source.text;
        let (gap, end) = (if text.ends_with('\n') || text.is_empty() { "\n" } else { "\n\n" }, text.len());
        let entry = format!("{gap}[[suppress]]\nrule = \"{rule}\"\nfiles = [{files:?}]\nreason = \"…\"\n");
        let range = self.diagnoser.view(source).range(Span::of(end, end));
        let edits = vec![TextEdit { range, new_text: entry }];
        Some(workspace_edit(&self.diagnoser.uri(path), None, self.version.is_some(), edits))
    }

    fn fix_all(&self) -> Option<CodeAction> {
        let safe = |finding: &Finding| {
            let mut finding = finding.clone();
            finding.fixes.retain(|fix| fix.applicability == Applicability::Safe);
            (!finding.fixes.is_empty()).then_some(finding)
        };
        let findings: Vec<Finding> = self.page.findings.iter().filter_map(safe).collect();
        if findings.is_empty() {
            return None;
        }
        let edits = self.planned(findings)?;
        let title = pick(self.diagnoser.lang, "Fix all safely (dunlint)", "全部安全修正（dunlint）");
        Some(CodeAction {
            title: title.to_owned(),
            kind: Some(CodeActionKind::new(FIX_ALL)),
            edit: Some(self.edit(&edits)),
            ..CodeAction::default()
        })
    }

    /// `edits` of the document, for the editor to make.
    fn edit(&self, edits: &[Edit]) -> WorkspaceEdit {
        let edits = edits
            .iter()
            .map(|edit| TextEdit { range: self.view.range(edit.span), new_text: edit.replacement.clone() });
        workspace_edit(self.uri, self.version, self.version.is_some(), edits.collect())
    }
}

/// Edits of one file; `versioned` where the editor understands edits of a certain version.
fn workspace_edit(uri: &str, version: Option<i32>, versioned: bool, edits: Vec<TextEdit>) -> WorkspaceEdit {
    if !versioned {
        return WorkspaceEdit {
            changes: Some(HashMap::from([(uri.into(), edits)])),
            ..WorkspaceEdit::default()
        };
    }
    let text_document_identifier = TextDocumentIdentifier { uri: uri.into() };
    let change = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { version, text_document_identifier },
        edits: edits.into_iter().map(Into::into).collect(),
    };
    WorkspaceEdit {
        document_changes: Some(vec![DocumentChange::TextDocumentEdit(change)]),
        ..WorkspaceEdit::default()
    }
}

/// The kinds of all actions.
pub(super) fn kinds() -> Vec<CodeActionKind> {
    vec![CodeActionKind::QuickFix, CodeActionKind::new(FIX_ALL)]
}
