//! `script`: characters that do not belong: Traditional ones in a Simplified text, invisible ones in a word.

use super::{Kind, Context, Hit, forbid};
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::text::{HiddenKind, tables};
use crate::words::Lang;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Script {
    Traditional,
    Invisible,
}

impl Kind for Script {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("find");
        let choices = [("traditional", Script::Traditional), ("invisible", Script::Invisible)];
        let find = compiler.choice(fields, "find", &choices)?;
        Some(find)
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        match self {
            Self::Traditional => traditional(context, hits),
            Self::Invisible => invisible(context, hits),
        }
    }
}

/// The first run of Traditional characters in a text that is declared or written Simplified.
fn traditional(context: &Context<'_>, hits: &mut Vec<Hit>) {
    if context.message.lang != Some(Lang::ZhHans) {
        return;
    }
    let body = context.message.template.record.body.text.as_str();
    let is_text = |span: Span| context.paths().any(|(view, _)| view.folded.has_origin(span));
    let run = body.char_indices().filter(|(_, c)| tables::is_traditional_only(*c));
    let mut spans = run.map(|(at, c)| Span::of(at, at + c.len_utf8())).filter(|s| is_text(*s));
    if let Some(first) = spans.next() {
        let end = spans.take_while(|s| s.start == first.end).last().map_or(first.end, |s| s.end);
        hits.push(Hit::new(Span::new(first.start, end), &[]));
    }
}

/// Invisible characters between two letters.
fn invisible(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let body = context.message.template.record.body.text.as_str();
    for (view, _) in context.paths() {
        for hidden in &view.folded.hidden {
            let HiddenKind::Invisible(_) = hidden.kind else { continue };
            let before = body.get(..hidden.body.start as usize).and_then(|t| t.chars().next_back());
            let after = body.get(hidden.body.end as usize..).and_then(|t| t.chars().next());
            if before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric) {
                let mut hit = Hit::new(hidden.body, &view.when);
                hit.notes = vec![forbid::describe(hidden.kind)];
                hits.push(hit);
            }
        }
    }
}
