//! Placeholders inside links and phone numbers, for platforms that want these fixed. Begin at [`in_links`].

use super::{Context, Hit};
use crate::facts::Role;
use crate::message::View;
use crate::source::Span;
use crate::template::Profile;
use crate::template::profiles::LinkRule;

/// A placeholder and what stands around it without a blank or a character beyond ASCII between.
struct Inside<'v> {
    view: &'v View,
    place: Span,
    before: &'v str,
    after: &'v str,
}

/// Each placeholder of each path. Other placeholders belong to what stands around.
fn placeholders<'v>(context: &Context<'v>) -> impl Iterator<Item = Inside<'v>> + use<'v> {
    context.paths().flat_map(|(view, _)| {
        let text = view.folded.text.as_str();
        let glued = |c: char| c.is_ascii_graphic() || Role::from_character(c).is_some();
        Role::all_in(text).map(move |(at, role)| {
            let end = at + role.character().len_utf8();
            let (before, after) = (text.get(..at).unwrap_or(""), text.get(end..).unwrap_or(""));
            let start = before.len()
                - before.chars().rev().take_while(|c| glued(*c)).map(char::len_utf8).sum::<usize>();
            let stop: usize = after.chars().take_while(|c| glued(*c)).map(char::len_utf8).sum();
            Inside {
                view,
                place: Span::of(at, end),
                before: before.get(start..).unwrap_or(""),
                after: after.get(..stop).unwrap_or(""),
            }
        })
    })
}

impl Inside<'_> {
    fn hit(&self) -> Hit {
        Hit::new(self.view.folded.to_body(self.place), &self.view.when)
    }
}

/// Adds the placeholders that make a part of a link vary which the platform wants fixed.
pub(super) fn in_links(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    let Some(rule) = profile.link() else { return };
    for inside in placeholders(context) {
        let starts = ["://", "www."]
            .into_iter()
            .filter_map(|mark| inside.before.rfind(mark).map(|at| at + mark.len()));
        let Some(start) = starts.max() else { continue };
        let after_host = inside.before.get(start..).unwrap_or("").contains(['/', '?']);
        if rule == LinkRule::Fixed || !after_host {
            hits.push(inside.hit());
        }
    }
}

/// Adds the placeholders that stand inside a phone number: `186${2}1234`, `400-${x}`.
pub(super) fn in_phones(context: &Context<'_>, profile: &Profile, hits: &mut Vec<Hit>) {
    if profile.variable_phone != Some(false) {
        return;
    }
    for inside in placeholders(context) {
        let of_number = |c: char| c.is_ascii_digit() || c == '-' || Role::from_character(c).is_some();
        let number = inside.before.rsplit(|c| !of_number(c)).next().unwrap_or("");
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let mobile = digits.starts_with('1') && matches!(digits.as_bytes().get(1), Some(b'3'..=b'9'));
        let line = ["400", "800", "95"].iter().any(|start| digits.starts_with(start));
        let goes_on = number.ends_with('-') || inside.after.starts_with(|c: char| c.is_ascii_digit());
        if digits.len() >= 3 && (mobile || line) && goes_on {
            hits.push(inside.hit());
        }
    }
}
