//! `broken`: the template itself has an error of its dialect.

use super::{Check, Context, Hit};
use crate::policy::compile::Compiler;
use crate::spanned::Fields;
use crate::template::{LexError, Node};

#[derive(Debug)]
struct Broken {
    errors: Vec<LexError>,
}

/// Reads the table `broken`.
pub(super) fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Box<dyn Check>> {
    fields.demand("errors");
    let known: Vec<(&str, LexError)> = LexError::ALL.into_iter().map(|e| (e.name(), e)).collect();
    let errors = compiler.choices(fields, "errors", &known);
    Some(Box::new(Broken { errors }))
}

impl Check for Broken {
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
