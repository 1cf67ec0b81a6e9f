//! Findings about schedules: what every check of them fills in.

use super::group::Case;
use super::templates::Known;
use crate::finding::{About, Finding, Label, fingerprint};
use crate::policy::Rule;
use crate::source::Span;
use crate::words::Words;
use std::sync::Arc;

/// The most second places of one finding.
pub(super) const MOST_LABELS: usize = 8;

/// The finding of one rule about one campaign, while it is made.
pub(super) struct Draft(pub(super) Finding);

/// The finding of a rule in the file of a template.
pub(super) fn about_a_template(index: usize, rule: &Rule, known: &Known) -> Finding {
    Finding {
        rule: index,
        level: rule.level,
        confidence: rule.confidence,
        path: known.path.clone(),
        about: Some(Arc::new(About {
            id: known.id.clone(),
            lang: known.about.lang,
            jurisdiction: known.jurisdiction.as_deref().map(Into::into),
            dialect: known.about.dialect.clone(),
        })),
        jurisdiction: None,
        primary: known.place,
        text: known.id.to_string(),
        args: Vec::new(),
        labels: Vec::new(),
        notes: Vec::new(),
        help: None,
        when: Vec::new(),
        fixes: Vec::new(),
        suppression: None,
        baseline: None,
        fingerprint: fingerprint(&rule.id, &known.path, &known.id, &known.id, 0),
    }
}

impl Draft {
    /// The finding of the rule number `index` in the file of `case`, at `primary`, where `text` stands.
    pub(super) fn new(index: usize, rule: &Rule, case: &Case, primary: Span, text: &str) -> Self {
        let path = &case.campaign.path;
        Self(Finding {
            rule: index,
            level: rule.level,
            confidence: rule.confidence,
            path: path.clone(),
            about: None,
            jurisdiction: case.jurisdiction.clone(),
            primary,
            text: text.to_owned(),
            args: Vec::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            when: Vec::new(),
            fixes: Vec::new(),
            suppression: None,
            baseline: None,
            fingerprint: fingerprint(&rule.id, path, "", text, 0),
        })
    }

    /// With an argument of the message.
    pub(super) fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.args.push((name, value.to_string()));
        self
    }

    /// With a second place.
    pub(super) fn label(mut self, span: Span, text: Words) -> Self {
        if self.0.labels.len() < MOST_LABELS {
            self.0.labels.push(Label { span, text });
        }
        self
    }

    /// With a further sentence.
    pub(super) fn note(mut self, note: Words) -> Self {
        self.0.notes.push(note);
        self
    }

    /// With advice.
    pub(super) fn help(mut self, help: Option<Words>) -> Self {
        self.0.help = help.map(Box::new);
        self
    }
}
