//! `disguise`: a word that a rule looks for was spelled so that a plain search would miss it.

use super::{Kind, Context, Hit, forbid};
use crate::message::{View, ViewKind};
use crate::policy::compile::Compiler;
use crate::policy::lexicon::GroupId;
use crate::source::Span;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Disguise {
    /// Families whose words count.
    families: Vec<String>,
    /// Words that count wherever they stand.
    words: Option<GroupId>,
    /// Words that are often spaced out for the looks of it.
    except: Option<GroupId>,
}

impl Kind for Disguise {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("of");
        let families = compiler.families(fields, "of");
        let words = compiler.phrases(fields, "words");
        let except = compiler.phrases(fields, "except");
        Some(Disguise { families, words, except })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let groups = || self.families.iter().flat_map(|family| context.groups_of(family));
        let disguised = |view: &View| view.kind != ViewKind::Signature && !view.folded.hidden.is_empty();
        for (view, reading) in context.views().filter(|(view, _)| disguised(view)) {
            let bare = self.words.iter().flat_map(|g| reading.of(*g));
            let excepted = |leaf: &Span| {
                self.except.is_some_and(|g| reading.of(g).iter().any(|m| m.span.contains(*leaf)))
            };
            let hides = |leaf: &Span| !view.folded.hidden_in(*leaf).is_empty() && !excepted(leaf);
            for found in groups().flat_map(|g| reading.of(*g)).chain(bare) {
                let mut leaves = found.leaves.iter().filter(hides).peekable();
                if leaves.peek().is_none() || context.language.silences(view, reading, found, &[]) {
                    continue;
                }
                for leaf in leaves {
                    let mut hit = Hit::new(view.folded.to_body(leaf), &view.when);
                    hit.notes = forbid::hidden_notes(view, std::iter::once(leaf));
                    hits.push(hit);
                }
            }
        }
    }
}
