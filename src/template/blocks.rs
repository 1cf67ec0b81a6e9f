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

/// A block whose end has not come yet.
struct Open {
    head: Span,
    kind: CondKind,
    /// The word its end names.
    end: String,
    /// At least one; the last is being filled.
    branches: Vec<Branch>,
    has_else: bool,
}

impl Blocks {
    /// Adds a node to what is being filled. An empty text is nothing.
    pub(super) fn push(&mut self, node: Node) {
        match node {
            Node::Text(span) | Node::Escape { span, .. } if span.is_empty() => {}
            node => self.current().push(node),
        }
    }

    /// A tag that opens a block.
    pub(super) fn open(&mut self, head: Span, kind: CondKind, condition: &str, end: &str) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep += 1;
            return self.error(head, LexError::UnclosedBlock);
        }
        let first = Branch { head, condition: Some(condition.to_owned()), nodes: Vec::new() };
        self.open.push(Open { head, kind, end: end.to_owned(), branches: vec![first], has_else: false });
    }

    /// A tag that starts another branch of the innermost block.
    pub(super) fn branch(&mut self, head: Span, condition: Option<&str>) {
        match self.open.last_mut() {
            Some(block) if self.too_deep == 0 && !block.has_else => {
                block.has_else = condition.is_none();
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
        if let Some(Open { head, kind, branches, has_else, .. }) = self.open.pop() {
            self.push(Node::Cond { span: head.join(tail), kind, argument: None, branches, has_else });
        }
    }

    /// All nodes; blocks that are still open were never closed.
    pub(super) fn finish(mut self) -> Vec<Node> {
        let unclosed = std::mem::take(&mut self.open);
        self.flatten(unclosed);
        self.nodes
    }

    fn current(&mut self) -> &mut Vec<Node> {
        match self.open.last_mut().and_then(|block| block.branches.last_mut()) {
            Some(branch) => &mut branch.nodes,
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
            for (at, branch) in block.branches.into_iter().enumerate() {
                if at > 0 {
                    self.error(branch.head, LexError::StrayBranch);
                }
                self.current().extend(branch.nodes);
            }
        }
    }
}
