//! The words that say what an amount or a date is: `policies/tables/meanings.toml`, ready to be asked.
//!
//! Begin at [`Labels::before`]. A table of labels is looked up by the last (or first) character of a word, so
//! that a place in a text costs a few comparisons and not one for each word.

use foldhash::HashMap;

/// Labels with what each means.
#[derive(Debug)]
pub(super) struct Labels<M> {
    words: Vec<(String, M)>,
    /// By the last character.
    by_end: HashMap<char, Vec<usize>>,
    /// By the first character.
    by_start: HashMap<char, Vec<usize>>,
}

/// A label found: where it starts and ends in the text, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<M> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) meaning: M,
}

impl<M: Copy> Labels<M> {
    /// Indexes `words`, which are folded.
    pub(super) fn of<'w>(words: impl IntoIterator<Item = (&'w str, M)>) -> Self {
        let mut labels = Self { words: Vec::new(), by_end: HashMap::default(), by_start: HashMap::default() };
        for (word, meaning) in words {
            let index = labels.words.len();
            let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) else { continue };
            labels.by_start.entry(first).or_default().push(index);
            labels.by_end.entry(last).or_default().push(index);
            labels.words.push((word.to_owned(), meaning));
        }
        labels
    }

    /// The label that ends nearest to the end of `text`; of those that end together the longest.
    pub(super) fn before(&self, text: &str) -> Option<Found<M>> {
        for (at, last) in text.char_indices().rev() {
            let end = at + last.len_utf8();
            let head = text.get(..end).unwrap_or("");
            let rest = text.get(end..).unwrap_or("");
            let fits = |index: &&usize| {
                self.words.get(**index).is_some_and(|(word, _)| {
                    head.strip_suffix(word.as_str()).is_some_and(|left| whole(left, word, rest))
                })
            };
            let longest = self.by_end.get(&last).into_iter().flatten().filter(fits);
            let longest =
                longest.filter_map(|index| self.words.get(*index)).max_by_key(|(word, _)| word.len());
            if let Some((word, meaning)) = longest {
                return Some(Found { start: end - word.len(), end, meaning: *meaning });
            }
        }
        None
    }

    /// The longest label at the start of `text`, as an offset into it.
    pub(super) fn after(&self, text: &str) -> Option<Found<M>> {
        let first = text.chars().next()?;
        let fits = |index: &usize| {
            let (word, meaning) = self.words.get(*index)?;
            let rest = text.strip_prefix(word.as_str())?;
            whole("", word, rest).then_some((word.len(), *meaning))
        };
        let found = self.by_start.get(&first).into_iter().flatten().filter_map(fits);
        let (end, meaning) = found.max_by_key(|(len, _)| *len)?;
        Some(Found { start: 0, end, meaning })
    }

    /// What the longest of the labels at the end of a list of words says; a Chinese one may stand anywhere in the
    /// last word.
    pub(super) fn of_name(&self, words: &str) -> Option<M> {
        let last = words.chars().next_back()?;
        let at_end = self.by_end.get(&last).into_iter().flatten().filter_map(|index| self.words.get(*index));
        let at_end = at_end.filter(|(word, _)| {
            let left = words.strip_suffix(word.as_str()).filter(|_| word.is_ascii());
            left.is_some_and(|left| left.is_empty() || left.ends_with(' '))
        });
        let chinese = self.words.iter().filter(|(word, _)| !words.is_ascii() && !word.is_ascii());
        let inside = chinese.filter(|(word, _)| words.contains(word.as_str()));
        let longest = at_end.chain(inside).max_by_key(|(word, _)| word.len());
        longest.map(|(_, meaning)| *meaning)
    }
}

/// Whether `word` is not a part of a longer Latin word between `left` and `rest`.
fn whole(left: &str, word: &str, rest: &str) -> bool {
    let latin = |c: char| c.is_ascii_alphanumeric();
    let cut_before = word.starts_with(latin) && left.ends_with(latin);
    let cut_after = word.ends_with(|c: char| c.is_ascii_alphabetic())
        && rest.starts_with(|c: char| c.is_ascii_alphabetic());
    !cut_before && !cut_after
}

#[cfg(test)]
mod tests {
    use super::Labels;

    #[test]
    fn the_nearest_and_longest_label_holds() {
        let labels = Labels::of([("应还", 1), ("本金", 2), ("应还本金", 3), ("fee", 4), ("late fee", 5)]);
        let meaning = |text: &str| labels.before(text).map(|found| found.meaning);
        assert_eq!(meaning("应还本金为"), Some(3));
        assert_eq!(meaning("本金及应还:"), Some(1));
        assert_eq!(meaning("a late fee of "), Some(5));
        assert_eq!(meaning("coffee "), None);
        assert_eq!(labels.after("fees"), None);
        assert_eq!(labels.after("本金和").map(|found| (found.end, found.meaning)), Some((6, 2)));
        assert_eq!(labels.of_name("overdue late fee"), Some(5));
        assert_eq!(labels.of_name("coffee"), None);
    }
}
