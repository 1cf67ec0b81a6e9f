//! A set of small numbers.

/// Numbers below a limit that was given once; the others are not kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// The empty set of numbers below `limit`.
    pub(super) fn none(limit: usize) -> Self {
        Self { words: vec![0; limit.div_ceil(64)] }
    }

    /// The numbers as words, the smallest number in the lowest bit of the first.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    /// The word in which a number stands, and its bit there.
    pub(super) const fn place_of(number: usize) -> (usize, u64) {
        (number / 64, 1 << (number % 64))
    }

    /// Adds the numbers that stand in `words` as in [`Bits::words`].
    pub(super) fn add_words(&mut self, words: impl Iterator<Item = u64>) {
        self.words.iter_mut().zip(words).for_each(|(known, word)| *known |= word);
    }

    /// Adds a number.
    #[inline]
    pub(super) fn add(&mut self, number: usize) {
        let (at, bit) = Self::place_of(number);
        if let Some(word) = self.words.get_mut(at) {
            *word |= bit;
        }
    }

    /// Keeps only those that `others` has.
    pub(super) fn keep(&mut self, others: &Self) {
        let others = others.words.iter().chain(std::iter::repeat(&0));
        self.words.iter_mut().zip(others).for_each(|(word, other)| *word &= other);
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The place of `number` among the numbers, in their order, if it is one of them.
    #[inline]
    pub(super) fn place(&self, number: usize) -> Option<usize> {
        let (at, bit) = Self::place_of(number);
        let word = self.words.get(at).filter(|word| *word & bit != 0)?;
        let before: u32 = self.words.iter().take(at).map(|word| word.count_ones()).sum();
        Some((before + (word & (bit - 1)).count_ones()) as usize)
    }

    /// The numbers, in their order.
    pub(super) fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}
