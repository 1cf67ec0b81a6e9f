//! `length`: a message that is too long, on its longest path, without the values of its placeholders.

use super::{Check, Context, Hit};
use crate::facts::length;
use crate::policy::compile::Compiler;
use crate::source::Span;
use crate::spanned::Fields;
use crate::template::{PathPiece, Signature, Template};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Characters,
    Utf16,
    Segments,
}

#[derive(Debug)]
struct Length {
    over: usize,
    unit: Unit,
}

/// Reads the table `length`.
pub(super) fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Box<dyn Check>> {
    fields.demand("over");
    let choices = [("characters", Unit::Characters), ("utf16", Unit::Utf16), ("segments", Unit::Segments)];
    let unit = compiler.choice(fields, "unit", &choices).unwrap_or(Unit::Characters);
    Some(Box::new(Length { over: fields.number("over")? as usize, unit }))
}

impl Check for Length {
    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let template = context.message.template;
        let worst = template.paths().into_iter().map(|p| (self.measure(template, &p.pieces), p.when)).max();
        let Some((measured, when)) = worst.filter(|(n, _)| *n > self.over) else { return };
        let mut hit = Hit::new(Span::of(0, template.record.body.text.len()), &when);
        hit.args.push(("length", measured.to_string()));
        hit.args.push(("limit", self.over.to_string()));
        hits.push(hit);
    }
}

impl Length {
    /// The literal text of a path, with a signature field in its brackets, in this unit.
    fn measure(&self, template: &Template, pieces: &[PathPiece]) -> usize {
        let mut text = template.literal(pieces);
        for signature in &template.signatures {
            if let Signature::Field { text: name, .. } = signature
                && !template.signatures.iter().any(|s| matches!(s, Signature::Inline { .. }))
            {
                text.push_str(&format!("【{name}】"));
            }
        }
        let length = length::of(&text);
        match self.unit {
            Unit::Characters => length.chars,
            Unit::Utf16 => length.utf16_units,
            Unit::Segments => length.segments(),
        }
    }
}
