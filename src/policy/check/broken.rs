//! `broken`: the template itself has an error of its dialect.

use super::{Kind, Context, Hit};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use crate::template::{LexError, Node};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Broken {
    errors: Vec<LexError>,
}

impl Kind for Broken {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("errors");
        let known: Vec<(&str, LexError)> = LexError::ALL.into_iter().map(|e| (e.name(), e)).collect();
        let errors = compiler.choices(fields, "errors", &known);
        Some(Broken { errors })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        find(&context.message.template.nodes, &self.errors, hits);
    }
}

fn find(nodes: &[Node], wanted: &[LexError], hits: &mut Vec<Hit>) {
    for node in nodes {
        match node {
            Node::Error { span, kind } if wanted.contains(kind) => hits.push(Hit::new(*span, &[])),
            Node::Cond { branches, .. } => branches.iter().for_each(|b| find(&b.nodes, wanted, hits)),
            _ => {}
        }
    }
}
