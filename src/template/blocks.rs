//! Pairs the openers of blocks with their ends, and goes on when one is missing.
//!
//! Begin at [`Blocks`]. An end without a start and a branch outside a block are errors of their own; a block
//! that is never closed is an error of its opener, and its inside is read as if the opener were text.

use super::ast::{Branch, CondKind, LexError, Node};
use crate::source::Span;

/// Blocks deeper than this are errors, so that walking the tree takes a bounded stack.
const MAX_DEPTH: usize = 64;

/// The nodes so far, and the blocks that are open.
#[derive(Default)]
pub(super) struct Blocks {
    /// Nodes outside all blocks.
    nodes: Vec<Node>,
    /// Open blocks, outermost first.
    open: Vec<Open>,
    /// Blocks open beyond [`MAX_DEPTH`].
    too_deep: usize,
}

/// What a tag opens.
pub(super) struct Opening<'a> {
    /// What kind of block; `None` for one whose inside is sent as it is, once (`{% capture %}`).
    pub(super) kind: Option<CondKind>,
    /// The value that the variants are about.
    pub(super) argument: Option<&'a str>,
    /// The condition of the first branch; `None` when the branches have tags of their own.
    pub(super) condition: Option<&'a str>,
    /// The word its end names.
    pub(super) end: &'a str,
}

/// A block whose end has not come yet.
struct Open {
    head: Span,
    kind: Option<CondKind>,
    argument: Option<String>,
    /// The word its end names.
    end: String,
    /// What stands before the first branch.
    before: Vec<Node>,
    /// The last is being filled.
    branches: Vec<Branch>,
    has_else: bool,
}

impl Blocks {
    /// No nodes, with room for so many.
    pub(super) fn with_room(nodes: usize) -> Self {
        Self { nodes: Vec::with_capacity(nodes), ..Self::default() }
    }

    /// Adds a node to what is being filled. An empty text is nothing.
    pub(super) fn push(&mut self, node: Node) {
        match node {
            Node::Text(span) | Node::Escape { span, .. } if span.is_empty() => {}
            node => self.current().push(node),
        }
    }

    /// A tag that opens a block.
    pub(super) fn open(&mut self, head: Span, opening: Opening<'_>) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep += 1;
            return self.error(head, LexError::UnclosedBlock);
        }
        let first = opening.condition.map(|condition| Branch {
            head,
            condition: Some(condition.to_owned()),
            nodes: Vec::new(),
        });
        self.open.push(Open {
            head,
            kind: opening.kind,
            argument: opening.argument.map(str::to_owned),
            end: opening.end.to_owned(),
            before: Vec::new(),
            branches: first.into_iter().collect(),
            has_else: false,
        });
    }

    /// A tag that starts another branch of the innermost block; `is_else` when it is taken if no other is.
    pub(super) fn branch(&mut self, head: Span, condition: Option<&str>, is_else: bool) {
        match self.open.last_mut() {
            // The variant for all other values may stand before others.
            Some(block)
                if self.too_deep == 0
                    && block.kind.is_some()
                    && (!block.has_else || block.in_any_order()) =>
            {
                block.has_else |= is_else;
                let condition = condition.map(str::to_owned);
                block.branches.push(Branch { head, condition, nodes: Vec::new() });
            }
            _ => self.error(head, LexError::StrayBranch),
        }
    }

    /// A tag that ends the innermost block with that end; blocks inside it were never closed.
    pub(super) fn close(&mut self, tail: Span, end: &str) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return self.error(tail, LexError::UnmatchedBlockEnd);
        }
        let Some(at) = self.open.iter().rposition(|block| block.end == end) else {
            return self.error(tail, LexError::UnmatchedBlockEnd);
        };
        let unclosed = self.open.split_off(at + 1);
        self.flatten(unclosed);
        let Some(block) = self.open.pop() else { return };
        let Some(kind) = block.kind else {
            self.push(Node::Comment(block.head));
            self.current().extend(block.before);
            return self.push(Node::Comment(tail));
        };
        let span = block.head.join(tail);
        if block.branches.is_empty() {
            return self.error(span, LexError::MalformedPlaceholder);
        }
        if kind.needs_other() && !block.has_else {
            self.error(block.head, LexError::MalformedPlaceholder);
        }
        let Open { argument, before, mut branches, has_else, .. } = block;
        // What stands before the first branch is never sent, but what is broken in it is still told.
        if let Some(first) = branches.first_mut() {
            let broken = before.into_iter().filter(|node| matches!(node, Node::Error { .. }));
            first.nodes.splice(0..0, broken);
        }
        self.push(Node::Cond { span, kind, argument, branches, has_else });
    }

    /// All nodes; blocks that are still open were never closed.
    pub(super) fn finish(mut self) -> Vec<Node> {
        let unclosed = std::mem::take(&mut self.open);
        self.flatten(unclosed);
        self.nodes
    }

    fn current(&mut self) -> &mut Vec<Node> {
        match self.open.last_mut() {
            Some(Open { branches, before, .. }) => match branches.last_mut() {
                Some(branch) => &mut branch.nodes,
                None => before,
            },
            None => &mut self.nodes,
        }
    }

    fn error(&mut self, span: Span, kind: LexError) {
        self.push(Node::Error { span, kind });
    }

    /// Reads blocks without an end, outermost first, as if their openers were text.
    fn flatten(&mut self, unclosed: Vec<Open>) {
        for block in unclosed {
            self.error(block.head, LexError::UnclosedBlock);
            self.current().extend(block.before);
            let own_heads = block.kind.is_some_and(CondKind::needs_other);
            for branch in block.branches {
                if own_heads {
                    self.push(Node::Text(branch.head));
                } else if branch.head != block.head {
                    self.error(branch.head, LexError::StrayBranch);
                }
                self.current().extend(branch.nodes);
            }
        }
    }
}

impl Open {
    /// Whether the branch for all other values may be followed by more.
    fn in_any_order(&self) -> bool {
        self.kind.is_some_and(|kind| kind.needs_other() || kind == CondKind::Case)
    }
}
