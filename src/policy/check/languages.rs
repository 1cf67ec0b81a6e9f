//! `languages`: one message in several languages, with placeholders that do not agree. Looks at many messages at
//! once, so `crate::languages` runs it.

use super::{Context, Hit, Kind};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Languages {
    Placeholders,
}

impl Kind for Languages {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("compare");
        compiler.choice(fields, "compare", &[("placeholders", Self::Placeholders)])
    }

    fn run(&self, _: &Context<'_>, _: &mut Vec<Hit>) {}
}
