//! `require`: a part must be there on every path that can happen.

use super::{Kind, Context, Hit};
use crate::message::View;
use crate::policy::compile::Compiler;
use crate::policy::matching::Reading;
use crate::source::Span;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Require {
    part: String,
}

impl Kind for Require {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        let part = compiler.part(fields, "part")?;
        Some(Require { part })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let Some(part) = context.language.parts.get(&self.part) else { return };
        for (view, reading) in context.paths().filter(|(view, _)| view.feasible) {
            if !part.is_in(context, view, reading) {
                hits.push(Hit::new(place(context, view, reading), &view.when));
            }
        }
    }
}

/// Where to say that something is absent: the words that ask for payment, else the whole text.
fn place(context: &Context<'_>, view: &View, reading: &Reading<'_>) -> Span {
    let demand = context.language.demand().and_then(|demand| demand.of(reading).next());
    match demand {
        Some(found) => view.folded.to_body(found.mark),
        None => {
            let body = &context.message.template.record.body.text;
            let start = body.len() - body.trim_start().len();
            Span::of(start, body.trim_end().len().max(start))
        }
    }
}
