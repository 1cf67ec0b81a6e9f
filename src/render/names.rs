//! The names of variables, numbered in the order in which they were met.

use std::collections::HashMap;

/// Names and their numbers.
#[derive(Clone, Debug, Default)]
pub struct Names {
    list: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Names {
    /// The number of `name`; a new name gets the next one.
    pub fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.list.len();
        self.list.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// The name of a number.
    pub fn name(&self, number: usize) -> &str {
        self.list.get(number).map_or("", String::as_str)
    }

    /// All names, in the order of their numbers.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of the variable that the column `name` fills: spelled the same, else the same but for case,
    /// `_` and `-`.
    pub fn of_column(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let exact = self.numbers.get(name).copied();
        exact.or_else(|| {
            let plain = plain(name);
            self.list.iter().position(|known| self::plain(known) == plain)
        })
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}
