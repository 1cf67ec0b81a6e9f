//! Every way through a template's branches.
//!
//! Begin at [`Template::paths`]. A path is the product of one branch of each block; a block without an else
//! also has the empty way. The number is capped: over the cap, the paths still take every branch at least
//! once as far as the cap reaches, and [`Paths::complete`] says that they are not all.

use super::Template;
use super::ast::{Branch, CondKind, Node, Placeholder};
use super::dialect::Dialect;
use super::suppose::{Decision, Fact, Scope, Supposition, is_other};
use crate::problem::Problem;
use crate::source::Span;
use crate::words::Words;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

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
    /// What each path of `list` supposes: a condition (or `select stage m1`, for one value of a block of variants)
    /// and the value it must have. Sorted.
    pub supposes: Vec<Vec<(String, String)>>,
}

impl Paths {
    /// Indexes into `list` of the paths to look at: those that can happen, and for a text on none of them the
    /// first path with it, since a condition may change its value on the way.
    pub fn worth_checking(&self) -> Vec<usize> {
        let mut chosen = self.feasible.clone();
        if chosen.len() == self.list.len() {
            return chosen;
        }
        let spans = |at: usize| {
            self.list.get(at).into_iter().flat_map(|path| &path.pieces).filter_map(|piece| match piece {
                PathPiece::Text(span) | PathPiece::Escape { span, .. } => Some(*span),
                PathPiece::Placeholder(_) => None,
            })
        };
        let mut seen: HashSet<Span> = chosen.iter().flat_map(|at| spans(*at)).collect();
        for at in 0..self.list.len() {
            if spans(at).any(|span| !seen.contains(&span)) {
                seen.extend(spans(at));
                chosen.push(at);
            }
        }
        chosen.sort_unstable();
        chosen
    }
}

impl Template {
    /// A note when there are more ways than [`MAX_PATHS`].
    pub(crate) fn note_on_ways(&self) -> Option<Problem> {
        let blocks = self.nodes.iter().any(|node| matches!(node, Node::Cond { .. }));
        if !blocks || self.paths().complete {
            return None;
        }
        let id = &self.record.id.text;
        let words = Words::new(
            format!(
                "`{id}` has more than {MAX_PATHS} ways through its branches; {MAX_PATHS} of them are checked"
            ),
            format!("`{id}` 的分支组合超过 {MAX_PATHS} 种，检查其中 {MAX_PATHS} 种"),
        );
        let help = Words::new(
            "they are chosen so that the branches occur as far as that goes; with fewer blocks all ways are checked",
            "所选组合会尽量覆盖各个分支；减少一条短信中的分支即可全部检查",
        );
        Some(Problem::note("many-ways", words).at(self.record.body_span).help(help))
    }

    /// Every way through the branches.
    pub fn paths(&self) -> Paths {
        let mut walk = Walk { dialect: &self.dialect, scopes: Vec::new(), placeholders: 0, complete: true };
        let ways = walk.through(&self.nodes);
        let mut feasible: Vec<usize> =
            ways.iter().enumerate().filter(|(_, way)| !way.contradicts).map(|(at, _)| at).collect();
        // Over the cap, those that can happen may all be among the ones left out.
        if feasible.is_empty() {
            feasible = (0..ways.len()).collect();
        }
        let supposes = ways.iter().map(Way::suppositions).collect();
        let list = ways.into_iter().map(|way| Path { when: way.when, pieces: way.pieces }).collect();
        Paths { list, feasible, complete: walk.complete, supposes }
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
            Self::If | Self::With => "if",
            Self::Case => "case",
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
    supposes: HashMap<Rc<str>, Rc<str>>,
    /// Whether a condition would need two values.
    contradicts: bool,
}

impl Way {
    /// Supposes that `condition` has `value`.
    fn suppose(&mut self, condition: &Rc<str>, value: &Rc<str>) {
        let known = self.supposes.entry(Rc::clone(condition)).or_insert_with(|| Rc::clone(value));
        self.contradicts |= known != value;
    }

    fn suppose_all<'a>(&mut self, facts: impl IntoIterator<Item = &'a Fact>) {
        for (condition, value) in facts {
            self.suppose(condition, value);
        }
    }

    fn suppositions(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> = self.supposes.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        all.sort_unstable();
        all
    }

    /// Goes on as `next` does.
    fn follow(&mut self, next: &Self) {
        self.when.extend_from_slice(&next.when);
        self.pieces.extend_from_slice(&next.pieces);
        for (condition, value) in &next.supposes {
            self.suppose(condition, value);
        }
        self.contradicts |= next.contradicts;
    }

    /// Begins as `first` does.
    fn precede(mut self, first: &Self) -> Self {
        self.when.splice(0..0, first.when.iter().cloned());
        self.pieces.splice(0..0, first.pieces.iter().cloned());
        for (condition, value) in &first.supposes {
            self.suppose(condition, value);
        }
        self.contradicts |= first.contradicts;
        self
    }

    /// Whether this way can go on as `next` does.
    fn agrees(&self, next: &Self) -> bool {
        !next.contradicts
            && next
                .supposes
                .iter()
                .all(|(condition, value)| self.supposes.get(condition).is_none_or(|v| v == value))
    }
}

struct Walk<'a> {
    dialect: &'a Dialect,
    /// The blocks around, outermost first, in which names mean something of their own.
    scopes: Vec<Scope>,
    /// Placeholders seen, in the order of the text.
    placeholders: usize,
    complete: bool,
}

impl Walk<'_> {
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
        let suppositions: Vec<Supposition> = branches
            .iter()
            .enumerate()
            .map(|(at, branch)| self.supposition(kind, argument, branch, at == 0))
            .collect();
        // What holds when none of the branches so far was taken.
        let mut refused = Way::default();
        for (at, (branch, supposition)) in branches.iter().zip(&suppositions).enumerate() {
            if ways.len() == MAX_PATHS {
                // No place is left: only the placeholders are counted.
                self.complete = false;
                self.inside(kind, branch);
                continue;
            }
            let condition = branch.condition.as_deref();
            let mut head = refused.clone();
            if argument.is_some() && condition.is_none_or(|condition| is_other(kind, condition)) {
                // The branch for all other values comes after the rest, wherever it stands.
                head.suppose_all(suppositions.iter().flat_map(|other| &other.refused));
            }
            head.when.push(label(kind, argument, condition));
            head.suppose_all(&supposition.taken);
            refused.suppose_all(&supposition.refused);
            let inner = self.inside(kind, branch);
            // One place is kept for each branch to come, so that the first ones do not take them all.
            let to_come = branches.len() - at - usize::from(has_else);
            let room = MAX_PATHS.saturating_sub(ways.len() + to_come).max(1);
            self.complete &= inner.len() <= room;
            ways.extend(inner.into_iter().take(room).map(|way| way.precede(&head)));
        }
        if !has_else {
            if ways.len() == MAX_PATHS {
                self.complete = false;
                ways.pop();
            }
            refused.when.push(format!("{}:none", kind.name()));
            ways.push(refused);
        }
        ways
    }

    /// The ways through the inside of a branch.
    fn inside(&mut self, kind: CondKind, branch: &Branch) -> Vec<Way> {
        let condition = branch.condition.as_deref();
        let depth = self.scopes.len();
        self.scopes.extend(condition.and_then(|condition| Scope::of(self.dialect, kind, condition)));
        let ways = self.through(&branch.nodes);
        self.scopes.truncate(depth);
        ways
    }

    fn supposition(
        &self,
        kind: CondKind,
        argument: Option<&str>,
        branch: &Branch,
        first: bool,
    ) -> Supposition {
        let decide = |condition| Decision { kind, argument, condition, first };
        let decision = branch.condition.as_deref().map(decide);
        decision.map(|decision| Supposition::of(decision, &self.scopes)).unwrap_or_default()
    }

    /// Each way followed by each way of a block. Over the cap, each way is followed by one that agrees with
    /// it, by turns, so that those of the block still occur.
    fn product(&mut self, mut ways: Vec<Way>, block: Vec<Way>) -> Vec<Way> {
        if let [only] = ways.as_slice() {
            return block.into_iter().map(|next| next.precede(only)).collect();
        }
        if ways.len() * block.len() <= MAX_PATHS {
            let pairs = ways.iter().flat_map(|way| block.iter().map(move |next| (way, next)));
            let join = |(way, next): (&Way, &Way)| {
                let mut way = way.clone();
                way.follow(next);
                way
            };
            return pairs.map(join).collect();
        }
        self.complete = false;
        if let Some(last) = ways.last().cloned() {
            ways.resize(ways.len().max(block.len()), last);
        }
        for (turn, way) in ways.iter_mut().enumerate() {
            let mut candidates = block.iter().cycle().skip(turn % block.len()).take(block.len());
            let first = candidates.clone().next();
            if let Some(next) = candidates.find(|next| way.agrees(next)).or(first) {
                way.follow(next);
            }
        }
        ways
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
