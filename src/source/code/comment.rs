//! Wordings that stand in comments: the code holds only the id under which a platform knows the template, and the
//! wording stands above it for the reader. The host `java-comment`, which nobody gets without asking for it.
//!
//! Begin at [`read`].

use super::declared::{Kind, Named};
use crate::source::declare::{self, Body};
use crate::source::{Id, Mapped, Meta, Record, SourceSpec, Span};
use globset::GlobMatcher;
use tree_sitter::Node;

/// The record of a constant whose wording stands in the comment above it, or behind it on its line.
pub(super) fn read(
    named: &Named<'_>,
    key: Option<&GlobMatcher>,
    source: &str,
    base: u32,
    spec: &SourceSpec,
) -> Option<Record> {
    // A node finds its neighbours from the root down: where classes are nested absurdly deep, nobody looks.
    let wanted = matches!(named.kind, Kind::Constant | Kind::Element) && named.within.len() < 8;
    if !wanted || key.is_some_and(|key| !key.is_match(&named.name)) {
        return None;
    }
    let comments = comments(named.value, source);
    let mut body = Mapped::new();
    for comment in &comments {
        for (start, line) in lines(*comment, source) {
            if !body.text.is_empty() {
                let end = body.extent().map_or(start, |extent| extent.end);
                body.escape("\n", Span::new(end, (start + base).max(end + 1)));
            }
            body.copy(line, start + base);
        }
    }
    let span = body.extent()?;
    let id = Id { text: named.name.clone(), span: None };
    Some(declare::finish(id, Body { mapped: body, span }, Meta::default(), spec))
}

/// The comments that belong to the declaration of `value`.
fn comments<'t>(value: Node<'t>, source: &str) -> Vec<Node<'t>> {
    let is_comment = |node: &Node<'_>| node.kind().ends_with("comment");
    // The declaration is what a comment stands beside: the nearest node around the value that starts its line.
    let mut declaration = value;
    for _ in 0..8 {
        if declaration.prev_sibling().is_some_and(|before| is_comment(&before))
            && starts_line(declaration, source)
        {
            break;
        }
        match declaration.parent() {
            Some(parent) if parent.parent().is_some() => declaration = parent,
            _ => break,
        }
        if declaration.kind().ends_with("body") || declaration.kind().ends_with("block") {
            return Vec::new();
        }
    }
    let mut found = Vec::new();
    let mut next = declaration;
    while let Some(before) = next.prev_sibling().filter(is_comment).filter(|c| starts_line(*c, source)) {
        let between = source.get(before.end_byte()..next.start_byte()).unwrap_or("");
        if between.matches('\n').count() > 1 {
            break;
        }
        found.push(before);
        next = before;
    }
    found.reverse();
    if found.is_empty() {
        let behind = declaration.next_sibling().filter(is_comment);
        let same_line = |comment: &Node<'_>| {
            source
                .get(declaration.end_byte()..comment.start_byte())
                .is_some_and(|between| !between.contains('\n'))
        };
        found.extend(behind.filter(same_line));
    }
    found
}

/// Whether only blanks stand before a node on its line.
fn starts_line(node: Node<'_>, source: &str) -> bool {
    let before = source.get(..node.start_byte()).unwrap_or("");
    before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
}

/// The lines of a comment without its marks, each with its first byte. Tags of documentation are no wording.
fn lines<'s>(comment: Node<'_>, source: &'s str) -> Vec<(u32, &'s str)> {
    let whole = source.get(comment.byte_range()).unwrap_or("");
    let inside = whole.strip_suffix("*/").unwrap_or(whole);
    let mut found = Vec::new();
    let mut at = comment.start_byte();
    for line in inside.split_inclusive('\n') {
        let body = line.trim_start().trim_start_matches(['/', '*', '#']).trim_start();
        let start = at + line.len() - body.len();
        let body = body.trim_end();
        if !body.is_empty() && !body.starts_with('@') {
            found.push((Span::of(start, start).start, body));
        }
        at += line.len();
    }
    found
}
