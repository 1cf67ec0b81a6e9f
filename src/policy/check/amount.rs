//! `amount`: figures that are fixed where they should vary, or that do not add up.

use super::sums::{Figure, Labels, Sum};
use super::{Kind, Context, Hit};
use crate::facts::{EntityKind, Role};
use crate::policy::compile::Compiler;
use crate::policy::lexicon::GroupId;
use crate::spanned::Fields;
use crate::words::Words;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Amount {
    /// A figure in a text that has placeholders of the borrower.
    Literal { except: Option<GroupId> },
    /// Stated parts that do not make the stated total.
    Sum(Labels),
}

#[derive(Clone, Copy)]
enum Test {
    Literal,
    Sum,
}

impl Kind for Amount {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("test");
        let test = compiler.choice(fields, "test", &[("literal", Test::Literal), ("sum", Test::Sum)])?;
        Some(match test {
            Test::Literal => Amount::Literal { except: compiler.phrases(fields, "except") },
            Test::Sum => Amount::Sum(Labels {
                total: compiler.phrases(fields, "total"),
                due: compiler.phrases(fields, "due"),
                principal: compiler.phrases(fields, "principal"),
                part: compiler.phrases(fields, "part"),
                paid: compiler.phrases(fields, "paid"),
                rest: compiler.phrases(fields, "rest"),
                each: compiler.phrases(fields, "each"),
                plus: compiler.phrases(fields, "plus"),
            }),
        })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        match self {
            Self::Literal { except } => literal(context, *except, hits),
            Self::Sum(labels) => sums(context, labels, hits),
        }
    }
}

fn literal(context: &Context<'_>, except: Option<GroupId>, hits: &mut Vec<Hit>) {
    for (view, reading) in context.paths() {
        if Role::all_in(&view.folded.text).next().is_none() {
            continue;
        }
        for entity in &view.entities {
            let EntityKind::Amount { minor, .. } = entity.kind else { continue };
            let excepted = except.is_some_and(|g| reading.of(g).iter().any(|m| m.span.overlaps(entity.span)));
            if minor != 0 && !excepted {
                hits.push(Hit::new(view.folded.to_body(entity.span), &view.when));
            }
        }
    }
}

fn sums(context: &Context<'_>, labels: &Labels, hits: &mut Vec<Hit>) {
    for (view, reading) in context.paths() {
        for Sum { stated, expected, parts } in labels.wrong_sums(view, reading) {
            let mut hit = Hit::new(view.folded.to_body(stated.span), &view.when);
            hit.args.push(("stated", money(stated.minor)));
            hit.args.push(("expected", money(expected)));
            hit.labels = parts
                .iter()
                .map(|part: &Figure| {
                    let words = Words::new(money(part.minor), money(part.minor));
                    (view.folded.to_body(part.span), words)
                })
                .collect();
            hits.push(hit);
        }
    }
}

/// Minor units as a figure with two decimals.
fn money(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}
