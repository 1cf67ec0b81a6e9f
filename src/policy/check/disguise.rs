//! `disguise`: a word that a rule looks for was spelled so that a plain search would miss it.

use super::{Kind, Context, Hit, forbid};
use crate::message::{View, ViewKind};
use crate::policy::compile::Compiler;
use crate::policy::lexicon::GroupId;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Disguise {
    /// Families whose words count.
    families: Vec<String>,
    /// Words that count wherever they stand.
    words: Option<GroupId>,
}

impl Kind for Disguise {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("of");
        let families = compiler.families(fields, "of");
        let words = compiler.phrases(fields, "words");
        Some(Disguise { families, words })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let groups = || self.families.iter().flat_map(|family| context.groups_of(family));
        let disguised = |view: &View| view.kind != ViewKind::Signature && !view.folded.hidden.is_empty();
        for (view, reading) in context.views().filter(|(view, _)| disguised(view)) {
            let bare = self.words.iter().flat_map(|g| reading.of(*g));
            let bare = bare.filter(|found| !context.language.silences(view, reading, found, &[]));
            for found in groups().flat_map(|g| reading.of(*g)).chain(bare) {
                for leaf in found.leaves.iter().filter(|l| !view.folded.hidden_in(**l).is_empty()) {
                    let mut hit = Hit::new(view.folded.to_body(*leaf), &view.when);
                    hit.notes = forbid::hidden_notes(view, std::slice::from_ref(leaf));
                    hits.push(hit);
                }
            }
        }
    }
}
