//! What is shown when the pointer rests on a place: the findings there, the placeholder, the rule that is named.

use super::desk::Desk;
use super::explain;
use super::links::Named;
use crate::source::Span;
use gen_lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind};

/// What there is to say about a place.
pub(super) fn hover(desk: &mut Desk<'_>, params: &HoverParams) -> Option<Hover> {
    let diagnoser = desk.diagnoser;
    let byte = desk.view.byte(params.text_document_position_params.position);
    let covers = |span: Span| span.start <= byte && byte < span.end.max(span.start + 1);
    let policies = desk.answer.policies();
    let mut found: Vec<(Span, String)> = Vec::new();
    for finding in
        desk.page.findings.iter().filter(|found| covers(found.primary) && diagnoser.is_shown(found))
    {
        let rule = policies.rules.get(finding.rule);
        found.extend(rule.map(|rule| (finding.primary, explain::rule(rule, Some(finding), diagnoser))));
    }
    for (name, span) in Named::of(desk).rules.iter().filter(|(_, span)| covers(*span)) {
        let rule = policies.rule(name).and_then(|index| policies.rules.get(index));
        found.extend(rule.map(|rule| (*span, explain::rule(rule, None, diagnoser))));
    }
    let parsed = desk.page.parsed(desk.answer, desk.file);
    for template in parsed.templates.iter().filter(|template| covers(template.record.body_span)) {
        for placeholder in template.placeholders() {
            let span = template.source_span(placeholder.span);
            if covers(span) {
                found.push((span, explain::placeholder(placeholder, template, parsed, diagnoser.lang)));
            }
        }
    }
    let range = found.iter().map(|(span, _)| *span).min_by_key(|span| span.len())?;
    let texts: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
    let contents = MarkupContent { kind: MarkupKind::Markdown, value: texts.join("\n\n---\n\n") };
    Some(Hover { contents: contents.into(), range: Some(desk.view.range(range)) })
}
