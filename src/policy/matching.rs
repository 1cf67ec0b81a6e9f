//! Runs a [`Lexicon`] over one folded text.
//!
//! Begin at [`Lexicon::scan`]. Positions are bytes of the folded text. A phrase is tried only where one of
//! its first words stands, and only if every word it needs was seen in one clause ([`super::index`]), so
//! most phrases cost nothing. [`super::search`] tries them.

use super::index::Index;
use super::lexicon::{GroupId, Lexicon};
use super::search::{Search, Stacks};
use crate::message::View;
use crate::source::Span;
use std::cell::RefCell;

/// One place where a phrase of a group matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The group of the phrase.
    pub group: GroupId,
    /// From its first to its last word, in the folded text.
    pub span: Span,
    /// The part to mark.
    pub mark: Span,
    /// The words it is made of.
    pub leaves: Vec<Span>,
}

/// All matches in one view, sorted by group, then place.
#[derive(Debug, Default)]
pub struct Reading {
    matches: Vec<Match>,
    /// One bit a group (by its number modulo 64) of which something was found: most questions end here.
    groups: u64,
    /// Whether the search was given up because the text costs too much.
    pub exhausted: bool,
}

impl Reading {
    /// The matches of `group`, in the order of the text.
    pub fn of(&self, group: GroupId) -> &[Match] {
        if self.groups & bit(group) == 0 {
            return &[];
        }
        let first = self.matches.partition_point(|m| m.group < group);
        let end = self.matches.partition_point(|m| m.group <= group);
        &self.matches[first..end]
    }
}

fn bit(group: GroupId) -> u64 {
    1 << (group.0 % 64)
}

/// What a scan needs beside the text; the next scan of the same thread uses it again.
#[derive(Debug, Default)]
struct Scratch {
    index: Index,
    stacks: Stacks,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Lexicon {
    /// Finds every phrase in `view`.
    pub(crate) fn scan(&self, view: &View) -> Reading {
        let Scratch { mut index, mut stacks } = SCRATCH.take();
        index.fill(self, view);
        let (mut matches, exhausted) = Search::run_all(self, view, &index, &mut stacks);
        SCRATCH.set(Scratch { index, stacks });
        matches.sort_by(|a, b| {
            (a.group, a.mark.start, b.mark.end, a.span).cmp(&(b.group, b.mark.start, a.mark.end, b.span))
        });
        drop_nested(&mut matches);
        let groups = matches.iter().fold(0, |groups, m| groups | bit(m.group));
        Reading { matches, groups, exhausted }
    }
}

/// A mark inside another mark of the same group says nothing new.
fn drop_nested(matches: &mut Vec<Match>) {
    let mut last: Option<(GroupId, Span)> = None;
    matches.retain(|m| {
        let nested = last.is_some_and(|(group, span)| group == m.group && span.contains(m.mark));
        if !nested {
            last = Some((m.group, m.mark));
        }
        !nested
    });
}

#[cfg(test)]
mod tests {
    use crate::message::{View, ViewKind};
    use crate::policy::lexicon::Builder;
    use crate::policy::phrase;
    use crate::text::Clauses;
    use crate::text::fold::fold_text;
    use std::collections::BTreeMap;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let mut builder = Builder::new(BTreeMap::new());
        let group = builder.group();
        for phrase in phrases {
            builder.add(group, &phrase::parse(phrase).unwrap()).unwrap();
        }
        let folded = fold_text(text);
        let view = View {
            kind: ViewKind::Path,
            when: Vec::new(),
            feasible: true,
            clauses: Clauses::of(&folded),
            entities: Vec::new(),
            signature: None,
            folded,
        };
        let reading = builder.build().scan(&view);
        reading.of(group).iter().map(|m| m.span.of_text(&view.folded.text).to_owned()).collect()
    }

    #[test]
    fn a_phrase_stands_in_one_clause_or_sentence() {
        assert_eq!(found(&["逾期 ..8 上门"], "您已逾期将上门"), ["逾期将上门"]);
        assert!(found(&["逾期 ..8 上门"], "逾期，上门").is_empty());
        assert_eq!(found(&["逾期 ...8 上门"], "逾期，上门"), ["逾期,上门"]);
        assert!(found(&["逾期 ...8 上门"], "逾期。上门").is_empty());
    }

    #[test]
    fn a_word_across_a_border_joins_both_sides() {
        assert_eq!(found(&["逾期 \"了,\" 上门"], "已逾期了，上门"), ["逾期了,上门"]);
        assert_eq!(found(&["\"款!\" ..4 上门"], "请还款！将上门"), ["款!将上门"]);
    }

    #[test]
    fn clauses_behind_the_31st_are_read_too() {
        let many = "好，".repeat(80);
        assert_eq!(found(&["逾期 ..8 上门"], &format!("{many}逾期将上门")), ["逾期将上门"]);
        assert!(found(&["逾期 ..8 上门"], &format!("{many}逾期，上门")).is_empty());
    }

    #[test]
    fn a_text_leaves_nothing_behind_for_the_next() {
        let phrases = ["逾期 ..8 上门", "催收"];
        assert_eq!(found(&phrases, "逾期将上门催收").len(), 2);
        assert!(found(&phrases, "上门").is_empty());
        assert_eq!(found(&["上门"], "上门"), ["上门"]);
    }
}
