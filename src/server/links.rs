//! What a document names, rules, texts of law and files, and the links to them.
//!
//! Begin at [`Named::of`].

use super::desk::Desk;
use super::uri;
use crate::config::discover::{FILE_NAME, plain};
use crate::policy::{Basis, Rule};
use crate::report::full::citation;
use crate::source::Span;
use crate::source::host::Kind;
use crate::spanned::{self, Faults, span_of};
use crate::triage::find;
use gen_lsp_types::{DocumentLink, DocumentLinkParams};
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is named, each with its place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Rules.
    pub(super) rules: Vec<(String, Span)>,
    /// What rules rest on.
    bases: Vec<(String, Span)>,
    /// Other files.
    files: Vec<(PathBuf, Span)>,
}

impl Named {
    /// What the document names.
    pub(super) fn of(desk: &mut Desk<'_>) -> Self {
        let source = desk.source();
        let mut named = Self::default();
        let is_config = desk.file.file_name().is_some_and(|name| name == FILE_NAME);
        let parsed = desk.page.parsed(desk.answer, desk.file);
        if is_config || matches!(parsed.kind, Kind::Policy | Kind::Config) {
            let mut faults = Faults::new(&source.path);
            let table = spanned::parse(&source, &mut faults);
            let folder = desk.file.parent().unwrap_or(desk.file);
            named.table(table.as_ref(), &[], &|file| plain(&folder.join(file)));
            return named;
        }
        for said in
            find::find(&source, parsed.host, &parsed.templates).into_iter().filter_map(|one| one.said.ok())
        {
            // Where a name has no place of its own, the whole field is marked.
            let exact = said.names.into_iter().filter(|(name, span)| span.of_text(&source.text) == *name);
            named.rules.extend(exact);
        }
        named
    }

    /// Reads a table that stands under the keys `path`.
    fn table(&mut self, table: &DeTable<'_>, path: &[&str], file: &dyn Fn(&str) -> PathBuf) {
        for (key, value) in table {
            let name: &str = key.as_ref();
            if path.last() == Some(&"rules") {
                self.rules.push((name.to_owned(), span_of(key)));
            }
            let under: Vec<&str> = path.iter().copied().chain([name]).collect();
            self.value(value, &under, file);
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &[&str], file: &dyn Fn(&str) -> PathBuf) {
        match value.as_ref() {
            DeValue::Table(table) => self.table(table, path, file),
            DeValue::Array(list) => list.iter().for_each(|value| self.value(value, path, file)),
            DeValue::String(text) => match path {
                ["suppress", "rule"] | ["rule", "id"] => self.rules.push((text.to_string(), span_of(value))),
                ["rule", "basis", _] => self.bases.push((text.to_string(), span_of(value))),
                ["policies" | "extends"] => self.files.push((file(text), span_of(value))),
                _ => {}
            },
            _ => {}
        }
    }
}

/// The links of a document.
pub(super) fn links(desk: &mut Desk<'_>, _: &DocumentLinkParams) -> Vec<DocumentLink> {
    let named = Named::of(desk);
    let policies = desk.answer.policies();
    let lang = desk.diagnoser.lang;
    let link = |span: Span, target: String, tooltip: Option<String>| DocumentLink {
        range: desk.view.range(span),
        target: Some(target.into()),
        tooltip,
        data: None,
    };
    let page = |basis: &Basis, span: Span| Some(link(span, basis.url.clone()?, Some(citation(basis, lang))));
    let rules = named.rules.iter().filter_map(|(name, span)| {
        let rule = policies.rule(name).and_then(|index| policies.rules.get(index))?;
        let mut bases = rule.basis.values().flatten().filter_map(|id| policies.bases.get(id));
        let title = || Some(rule.title.get(lang).to_owned());
        match desk.rule_page(rule) {
            Some(target) => Some(link(*span, target, title())),
            None => bases.find_map(|basis| page(basis, *span)),
        }
    });
    let bases = named.bases.iter().filter_map(|(id, span)| page(policies.bases.get(id)?, *span));
    let files = named.files.iter().map(|(file, span)| link(*span, uri::of_path(file), None));
    rules.chain(bases).chain(files).collect()
}

impl Desk<'_> {
    /// Where a rule of the project is written, unless it is in this document.
    fn rule_page(&self, rule: &Rule) -> Option<String> {
        let (path, span) = &rule.policy;
        let source = self.answer.rulebook.own(path)?;
        let line = source.lines().position(&source.text, span.start).line;
        let target = self.diagnoser.uri(path);
        (target != self.uri).then(|| format!("{target}#L{line}"))
    }
}
