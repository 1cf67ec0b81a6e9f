//! What a program gives a name to: constants, fields, properties, elements of enumerations, what functions return,
//! what is handed to annotations and to calls that send.
//!
//! [`super::collect`] finds them; begin at [`Named`]. [`Declarations`] resolves references to them.

use super::value::Val;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use tree_sitter::Node;

/// What gives a name to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A constant, field or property, outside of functions.
    Constant,
    /// An element of an enumeration, with the arguments of its constructor.
    Element,
    /// A variable inside a function.
    Local,
    /// A parameter of a function, whose value nobody knows.
    Parameter,
    /// What a function returns.
    Returned,
    /// An argument of an annotation.
    Annotation,
    /// The arguments of a call that sends something.
    Sent,
}

/// A named value.
#[derive(Clone, Debug)]
pub(super) struct Named<'t> {
    pub(super) name: String,
    /// The classes (and the map that is filled) it stands in, the outermost first.
    pub(super) within: Rc<[String]>,
    pub(super) kind: Kind,
    pub(super) value: Node<'t>,
    /// Bytes of the function it stands in.
    pub(super) function: Option<(usize, usize)>,
}

/// What is known of a declared value.
#[derive(Debug)]
pub(super) enum Known<'t> {
    /// Nothing yet.
    Not(Node<'t>),
    /// It is being read.
    Open,
    /// Its value.
    Value(Box<Val>),
}

/// One declaration.
#[derive(Debug)]
struct Declaration<'t> {
    known: Known<'t>,
    /// Bytes of its value.
    value: (usize, usize),
    /// Bytes of the function outside of which nobody sees it.
    function: Option<(usize, usize)>,
}

/// The names of a file, to resolve references.
#[derive(Debug, Default)]
pub(super) struct Declarations<'t> {
    all: Vec<Declaration<'t>>,
    by_name: HashMap<String, Vec<usize>>,
    /// Names of classes, and the words for "this one".
    own: HashSet<String>,
}

impl<'t> Declarations<'t> {
    pub(super) fn of(named: &[Named<'t>]) -> Self {
        let mut declarations = Self::default();
        declarations.own.extend(["this", "self", "static", "cls", "Self", "Companion"].map(str::to_owned));
        for named in
            named.iter().filter(|named| matches!(named.kind, Kind::Constant | Kind::Local | Kind::Parameter))
        {
            declarations.own.extend(named.within.last().cloned());
            let index = declarations.all.len();
            let value = (named.value.start_byte(), named.value.end_byte());
            let known = match named.kind {
                Kind::Parameter => Known::Open,
                _ => Known::Not(named.value),
            };
            declarations.all.push(Declaration { known, value, function: named.function });
            declarations.by_name.entry(named.name.clone()).or_default().push(index);
        }
        declarations
    }

    /// Whether `owner` is a class of this file, or the class itself.
    pub(super) fn is_own(&self, owner: &str) -> bool {
        self.own.contains(owner.rsplit(['.', '\\']).next().unwrap_or(owner))
    }

    /// The declaration that `name` means at byte `at`: the last one before it, else the first one after it.
    pub(super) fn find(&self, name: &str, at: usize) -> Option<usize> {
        let all = self.by_name.get(name)?;
        let of = |index: &usize| self.all.get(*index);
        let visible = |index: &&usize| {
            let function = of(index).and_then(|one| one.function);
            function.is_none_or(|(start, end)| start <= at && at < end)
        };
        let after = all.partition_point(|index| of(index).is_some_and(|one| one.value.1 <= at));
        // A file of ten thousand equal names is not searched ten thousand times.
        let before = all.get(..after)?.iter().rev().take(64).find(visible);
        let later = || {
            let follows = |index: &&usize| visible(index) && of(index).is_some_and(|one| one.value.0 > at);
            all.get(after..)?.iter().take(64).find(follows)
        };
        before.or_else(later).copied()
    }

    pub(super) fn known(&self, index: usize) -> &Known<'t> {
        self.all.get(index).map_or(&Known::Open, |one| &one.known)
    }

    pub(super) fn set(&mut self, index: usize, value: Known<'t>) {
        if let Some(one) = self.all.get_mut(index) {
            one.known = value;
        }
    }
}
