//! What the name of a variable tells, worked out once: few names stand in many messages.
//!
//! Begin at [`known`]. The lists of words are those of [`super::naming`], [`super::amounts`] and [`super::dates`].

use super::amounts::Meaning;
use super::dates::Occasion;
use super::{Role, amounts, dates, naming};
use crate::text::fold_word;
use foldhash::HashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The most names that a thread remembers; then it begins anew.
const MOST: usize = 4096;
/// The longest name that is remembered, in bytes.
const LONGEST: usize = 64;

/// What a name tells.
#[derive(Debug)]
pub(crate) struct Name {
    /// Its words in lower case with blanks between them; a name that is not of ASCII, folded.
    pub(crate) words: String,
    /// What an amount of this name means.
    pub(crate) meaning: Option<Meaning>,
    /// What a date of this name means.
    pub(super) occasion: Option<Occasion>,
    /// Whether it counts days of being late.
    pub(super) overdue: bool,
    /// The role that it decides.
    pub(super) role: Option<Role>,
    /// The role of its last word, which decides where nothing else does.
    pub(super) weak: Option<Role>,
}

impl Name {
    fn of(name: &str) -> Self {
        let words = if name.is_ascii() { naming::spaced(name) } else { fold_word(name) };
        let (role, weak) = naming::of_name(name);
        Self {
            meaning: amounts::of_words(&words),
            occasion: dates::of_words(&words),
            overdue: dates::is_overdue(name, &words),
            role,
            weak,
            words,
        }
    }

    /// Its words, where it is of ASCII.
    pub(crate) fn is_ascii(&self) -> bool {
        self.words.is_ascii()
    }
}

thread_local! {
    static KNOWN: RefCell<HashMap<Box<str>, Rc<Name>>> = RefCell::default();
}

/// What `name` tells.
pub(crate) fn known(name: &str) -> Rc<Name> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(name) = known.get(name) {
            return Rc::clone(name);
        }
        let told = Rc::new(Name::of(name));
        if name.len() <= LONGEST {
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(name.into(), Rc::clone(&told));
        }
        told
    })
}
