//! `versions`: templates of one message (languages, channels) that state different figures. Compared in
//! `crate::siblings`, once all templates are known.

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Versions {}

impl Kind for Versions {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("of");
        compiler.choice(fields, "of", &[("figures", ())])?;
        Some(Self {})
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}
