//! `carried`: variables that can carry any text, and what declaration would settle it.

use super::{Context, Hit, Kind};
use crate::facts::Role;
use crate::facts::formula::Declared;
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::template::{Placeholder, Template};
use crate::words::Words;
use serde::{Deserialize, Serialize};

/// How a variable carries text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Test {
    /// Its declared length leaves room for sentences.
    Long,
    /// Two of which nothing is known stand side by side.
    Adjacent,
}

const TESTS: [(&str, Test); 2] = [("long", Test::Long), ("adjacent", Test::Adjacent)];

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Carried {
    test: Test,
    /// `long`: the most characters that are no sentence.
    over: u32,
}

impl Kind for Carried {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        fields.demand("test");
        let over = if fields.has("over") { fields.number("over")? } else { 20 };
        Some(Carried { test: compiler.choice(fields, "test", &TESTS)?, over })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let template = context.message.template;
        let placeholders = &context.message.placeholders;
        match self.test {
            Test::Long => {
                let long = placeholders.iter().filter(|placeholder| {
                    carries_text(placeholder.role) && placeholder.max_length.is_some_and(|max| max > self.over)
                });
                hits.extend(long.map(|placeholder| {
                    let mut hit = Hit::new(placeholder.span, &[]);
                    hit.args.push(("max", placeholder.max_length.unwrap_or(0).to_string()));
                    with_advice(hit, placeholder)
                }));
            }
            Test::Adjacent => adjacent(template, placeholders, hits),
        }
    }
}

/// Whether nothing is known of a value, or that it is text.
fn carries_text(role: Role) -> bool {
    matches!(role, Role::Text | Role::Unknown)
}

/// The declaration that would settle what `placeholder` carries.
fn with_advice(mut hit: Hit, placeholder: &Placeholder) -> Hit {
    let name = if placeholder.name.is_empty() { "1" } else { &placeholder.name };
    let declare = format!("vars.{name} = {{ type = \"amount\" }}");
    hit.notes.push(Words::new(
        format!("a declared type settles it: {declare} (or date, days, name, phone, url, …)"),
        format!("声明类型即可：{declare}（或 date、days、name、phone、url 等）"),
    ));
    hit
}

fn adjacent(template: &Template, placeholders: &[&Placeholder], hits: &mut Vec<Hit>) {
    let declared = Declared::of(&template.record.meta);
    let free = |placeholder: &Placeholder| {
        carries_text(placeholder.role) && !declared.variables.contains_key(&placeholder.name)
    };
    for pair in placeholders.windows(2) {
        let [a, b] = pair else { continue };
        if a.span.end == b.span.start && free(a) && free(b) {
            hits.push(with_advice(Hit::new(Span::new(a.span.start, b.span.end), &[]), a));
        }
    }
}
