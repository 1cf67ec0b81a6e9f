//! Every way through a template's branches.
//!
//! Begin at [`Template::paths`]. A path is the product of one branch of each block; a block without an else
//! also has the empty way. The number is capped: over the cap, the paths still take every branch at least
//! once as far as the cap reaches, and [`Paths::complete`] says that they are not all.

use super::Template;
use super::ast::{Branch, CondKind, Node, Placeholder};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// The most paths of one template.
pub const MAX_PATHS: usize = 64;

/// One piece of a path: what is sent for one node.
#[derive(Clone, Debug, PartialEq)]
pub enum PathPiece {
    /// Literal text of the body.
    Text(Span),
    /// Text that the body spells otherwise, with the place of that spelling.
    Escape {
        /// Where it stands in the body.
        span: Span,
        /// What is sent.
        text: String,
    },
    /// A placeholder: index into [`super::Template::placeholders`].
    Placeholder(usize),
}

/// One way through the branches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// The conditions taken, in the wording of `parse --format json`.
    pub when: Vec<String>,
    /// What is sent, in order.
    pub pieces: Vec<PathPiece>,
}

/// The ways through one template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    /// At least one, at most [`MAX_PATHS`]; the last block varies fastest.
    pub list: Vec<Path>,
    /// Indexes into `list` of the paths that can happen when equal conditions have equal values.
    pub feasible: Vec<usize>,
    /// Whether `list` holds every way; `false` when there are more than [`MAX_PATHS`].
    pub complete: bool,
}

impl Template {
    /// Every way through the branches.
    pub fn paths(&self) -> Paths {
        let mut walk = Walk { placeholders: 0, complete: true };
        let ways = walk.through(&self.nodes);
        let feasible =
            ways.iter().enumerate().filter(|(_, way)| way.can_happen()).map(|(at, _)| at).collect();
        let list = ways.into_iter().map(|way| Path { when: way.when, pieces: way.pieces }).collect();
        Paths { list, feasible, complete: walk.complete }
    }

    /// What is sent on `path`, with `show` deciding what stands for a placeholder.
    pub fn render(&self, path: &Path, mut show: impl FnMut(&Placeholder) -> String) -> String {
        let placeholders = self.placeholders();
        let mut text = String::with_capacity(self.body().len());
        for piece in &path.pieces {
            match piece {
                PathPiece::Text(span) => text.push_str(span.of_text(self.body())),
                PathPiece::Escape { text: sent, .. } => text.push_str(sent),
                PathPiece::Placeholder(at) => {
                    if let Some(placeholder) = placeholders.get(*at) {
                        text.push_str(&show(placeholder));
                    }
                }
            }
        }
        text
    }

    /// The literal text of `path`: without its placeholders and without what is broken, which would have
    /// been part of one.
    pub fn literal(&self, path: &Path) -> String {
        let broken: HashSet<Span> = self.errors().into_iter().map(|(span, _)| span).collect();
        let whole = |piece: &&PathPiece| !matches!(piece, PathPiece::Text(span) if broken.contains(span));
        let pieces = path.pieces.iter().filter(whole).cloned().collect();
        self.render(&Path { when: Vec::new(), pieces }, |_| String::new())
    }
}

impl CondKind {
    /// The word in `parse --format json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::Unless => "unless",
            Self::Section => "section",
            Self::Inverted => "inverted",
            Self::Loop => "loop",
            Self::Plural => "plural",
            Self::SelectOrdinal => "selectordinal",
            Self::Select => "select",
        }
    }
}

/// A path in the making, with what it supposes about conditions.
#[derive(Clone, Debug, Default)]
struct Way {
    when: Vec<String>,
    pieces: Vec<PathPiece>,
    /// Condition (blanks folded) → value it must have.
    supposes: Vec<(String, String)>,
}

impl Way {
    fn followed_by(&self, next: &Self) -> Self {
        let mut way = self.clone();
        way.when.extend_from_slice(&next.when);
        way.pieces.extend_from_slice(&next.pieces);
        way.supposes.extend_from_slice(&next.supposes);
        way
    }

    fn preceded_by(mut self, first: &Self) -> Self {
        self.when.splice(0..0, first.when.iter().cloned());
        self.pieces.splice(0..0, first.pieces.iter().cloned());
        self.supposes.splice(0..0, first.supposes.iter().cloned());
        self
    }

    /// Whether no condition would need two values.
    fn can_happen(&self) -> bool {
        let mut values: HashMap<&str, &str> = HashMap::with_capacity(self.supposes.len());
        self.supposes.iter().all(|(condition, value)| *values.entry(condition).or_insert(value) == value)
    }
}

struct Walk {
    /// Placeholders seen, in the order of the text.
    placeholders: usize,
    complete: bool,
}

impl Walk {
    fn through(&mut self, nodes: &[Node]) -> Vec<Way> {
        let mut ways = vec![Way::default()];
        for node in nodes {
            let piece = match node {
                Node::Text(span) | Node::Error { span, .. } => PathPiece::Text(*span),
                Node::Escape { span, text } => PathPiece::Escape { span: *span, text: text.clone() },
                Node::Comment(_) => continue,
                Node::Placeholder(_) => {
                    self.placeholders += 1;
                    PathPiece::Placeholder(self.placeholders - 1)
                }
                Node::Cond { kind, argument, branches, has_else, .. } => {
                    let block = self.block(*kind, argument.as_deref(), branches, *has_else);
                    ways = self.product(ways, block);
                    continue;
                }
            };
            for way in &mut ways {
                way.pieces.push(piece.clone());
            }
        }
        ways
    }

    /// The ways through one block: those of each branch, then the empty one.
    fn block(
        &mut self,
        kind: CondKind,
        argument: Option<&str>,
        branches: &[Branch],
        has_else: bool,
    ) -> Vec<Way> {
        let mut ways = Vec::new();
        // What holds when none of the branches so far was taken.
        let mut refused: Vec<(String, String)> = Vec::new();
        for branch in branches {
            let condition = branch.condition.as_deref();
            let mut head = Way { when: vec![label(kind, argument, condition)], ..Way::default() };
            head.supposes.clone_from(&refused);
            if let Some(condition) = condition {
                let (key, taken, other) = supposition(kind, argument, condition);
                head.supposes.push((key.clone(), taken));
                refused.extend(other.map(|value| (key, value)));
            }
            let inner = self.through(&branch.nodes);
            if ways.len() + inner.len() > MAX_PATHS {
                self.complete = false;
            }
            ways.extend(inner.into_iter().map(|way| way.preceded_by(&head)));
            ways.truncate(MAX_PATHS);
        }
        if !has_else {
            if ways.len() == MAX_PATHS {
                self.complete = false;
                ways.pop();
            }
            let when = vec![format!("{}:none", kind.name())];
            ways.push(Way { when, pieces: Vec::new(), supposes: refused });
        }
        ways
    }

    /// Each way followed by each way of a block; over the cap, side by side, so that each of them still
    /// occurs at least once.
    fn product(&mut self, ways: Vec<Way>, block: Vec<Way>) -> Vec<Way> {
        if let [only] = ways.as_slice() {
            return block.into_iter().map(|next| next.preceded_by(only)).collect();
        }
        if ways.len() * block.len() <= MAX_PATHS {
            return ways.iter().flat_map(|way| block.iter().map(|next| way.followed_by(next))).collect();
        }
        self.complete = false;
        let number = ways.len().max(block.len());
        let at = |list: &[Way], at: usize| list.get(at.min(list.len() - 1)).cloned().unwrap_or_default();
        (0..number).map(|n| at(&ways, n).followed_by(&at(&block, n))).collect()
    }
}

/// `if:days > 30`, `select:stage=m1`, `if:else`.
fn label(kind: CondKind, argument: Option<&str>, condition: Option<&str>) -> String {
    match (argument, condition) {
        (_, None) => format!("{}:else", kind.name()),
        (None, Some(condition)) => format!("{}:{condition}", kind.name()),
        (Some(argument), Some(condition)) => format!("{}:{argument}={condition}", kind.name()),
    }
}

/// The condition a branch depends on, the value it has when the branch is taken, and, for conditions that
/// are true or false, its value when it is not.
fn supposition(kind: CondKind, argument: Option<&str>, condition: &str) -> (String, String, Option<String>) {
    let folded = condition.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(argument) = argument {
        return (format!("{} {argument}", kind.name()), folded, None);
    }
    let (positive, negated) = match folded.strip_prefix("not ").or_else(|| folded.strip_prefix('!')) {
        Some(rest) if is_simple(rest) => (rest.trim().to_owned(), true),
        _ => (folded.clone(), false),
    };
    let taken = match kind {
        CondKind::Unless | CondKind::Inverted => negated,
        _ => !negated,
    };
    let key = if kind == CondKind::Loop { format!("each {positive}") } else { positive };
    (key, taken.to_string(), Some((!taken).to_string()))
}

/// Whether a condition is one value, so that a `not` before it denies all of it.
fn is_simple(condition: &str) -> bool {
    let condition = condition.trim();
    !condition.is_empty()
        && condition.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '-'))
}
