//! References in XML: `&lt;`, `&#36;`, and entities that the file declares itself.
//!
//! What is outside of the file is never fetched. An entity is expanded into text of bounded length, so that a few
//! lines of entities that name each other cannot fill the memory.

use crate::problem::Problem;
use crate::source::document::Problems;
use crate::source::{Mapped, Span};
use crate::words::Words;
use std::collections::HashMap;

/// An entity may stand for this many bytes.
const MAX_LENGTH: usize = 16 * 1024;
/// All references of one file to its own entities together may stand for this many bytes.
const MAX_TOTAL: usize = 4 << 20;
/// Entities may name each other this deep.
const MAX_DEPTH: usize = 16;

/// The entities of a file.
#[derive(Default)]
pub(super) struct Entities {
    declared: HashMap<String, Declared>,
    /// Bytes that were expanded so far.
    total: usize,
}

/// What a declaration says.
enum Declared {
    /// A text, in which references to other entities are not yet expanded.
    Text(String),
    /// The expanded text.
    Expanded(Result<String, Wrong>),
    /// Something outside of the file.
    External,
}

/// Why a reference stands for nothing.
#[derive(Clone, Copy)]
enum Wrong {
    Unknown,
    External,
    TooLong,
    Markup,
    NoCharacter,
}

impl Entities {
    /// Reads the entities that the document type declaration `doctype` declares.
    pub(super) fn declare(&mut self, doctype: &str) {
        let Some((_, mut rest)) = doctype.split_once('[') else { return };
        while let Some(at) = rest.find("<!") {
            rest = rest.get(at + 2..).unwrap_or("");
            if let Some(comment) = rest.strip_prefix("--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
            } else if let Some(entity) = rest.strip_prefix("ENTITY") {
                rest = self.one(entity);
            }
        }
    }

    /// Reads what follows `<!ENTITY`; returns what follows that.
    fn one<'t>(&mut self, text: &'t str) -> &'t str {
        let text = text.trim_start();
        let len =
            text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>')).unwrap_or(text.len());
        let (name, rest) = text.split_at(len);
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            // Parameter entities (`%`) hold declarations, not text.
            if name != "%" {
                self.declared.entry(name.to_owned()).or_insert(Declared::External);
            }
            return rest;
        };
        let Some((value, after)) = rest.get(1..).and_then(|rest| rest.split_once(quote)) else { return "" };
        // The first declaration of a name counts.
        self.declared.entry(name.to_owned()).or_insert_with(|| Declared::Text(value.to_owned()));
        after
    }

    /// Appends what the reference `reference` (with `&` and `;`), which stands at `at`, means. One that means
    /// nothing is a problem and stands for its own characters.
    pub(super) fn append(&mut self, mapped: &mut Mapped, reference: &str, at: Span, problems: &mut Problems) {
        let name = reference.trim_start_matches('&').trim_end_matches(';');
        match self.text(name) {
            Ok(text) => mapped.escape(&text, at),
            Err(wrong) => {
                problems.push(wrong.problem(reference).at(at));
                mapped.copy(reference, at.start);
            }
        }
    }

    fn text(&mut self, name: &str) -> Result<String, Wrong> {
        if let Some(c) = of_xml(name) {
            return c.map(String::from);
        }
        let text = self.expand(name, 0)?;
        self.total += text.len();
        if self.total > MAX_TOTAL { Err(Wrong::TooLong) } else { Ok(text) }
    }

    fn expand(&mut self, name: &str, depth: usize) -> Result<String, Wrong> {
        let raw = match self.declared.get(name) {
            None => return Err(Wrong::Unknown),
            Some(Declared::External) => return Err(Wrong::External),
            Some(Declared::Expanded(done)) => return done.clone(),
            Some(Declared::Text(_)) if depth >= MAX_DEPTH => return Err(Wrong::TooLong),
            Some(Declared::Text(raw)) => raw.clone(),
        };
        let expanded = self.expand_text(&raw, depth);
        self.declared.insert(name.to_owned(), Declared::Expanded(expanded.clone()));
        expanded
    }

    fn expand_text(&mut self, raw: &str, depth: usize) -> Result<String, Wrong> {
        if raw.contains('<') {
            return Err(Wrong::Markup);
        }
        let mut text = String::new();
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once('&') {
            let (name, after) = after.split_once(';').ok_or(Wrong::NoCharacter)?;
            text.push_str(before);
            match of_xml(name) {
                Some(c) => text.push(c?),
                None => text.push_str(&self.expand(name, depth + 1)?),
            }
            if text.len() > MAX_LENGTH {
                return Err(Wrong::TooLong);
            }
            rest = after;
        }
        text.push_str(rest);
        if text.len() > MAX_LENGTH { Err(Wrong::TooLong) } else { Ok(text) }
    }
}

/// What needs no declaration: the five names of XML, and characters by number.
fn of_xml(name: &str) -> Option<Result<char, Wrong>> {
    Some(Ok(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return name.strip_prefix('#').map(character),
    }))
}

fn character(number: &str) -> Result<char, Wrong> {
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| plain);
    code.and_then(char::from_u32).filter(|c| *c != '\0').ok_or(Wrong::NoCharacter)
}

impl Wrong {
    fn problem(self, reference: &str) -> Problem {
        let words = match self {
            Self::Unknown => Words::new(
                format!("the entity `{reference}` is not declared in this file"),
                format!("实体 `{reference}` 未在此文件中声明"),
            ),
            Self::External => Words::new(
                format!("the entity `{reference}` stands outside of this file and is not read"),
                format!("实体 `{reference}` 位于文件之外，不予读取"),
            ),
            Self::TooLong => Words::new(
                format!("the entity `{reference}` stands for too much text"),
                format!("实体 `{reference}` 展开后过长"),
            ),
            Self::Markup => Words::new(
                format!("the entity `{reference}` holds markup, which is not read"),
                format!("实体 `{reference}` 含有标记，不予读取"),
            ),
            Self::NoCharacter => Words::new(
                format!("`{reference}` is no character"),
                format!("`{reference}` 不是合法的字符引用"),
            ),
        };
        Problem::error("xml-entity", words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(doctype: &str, reference: &str) -> Option<String> {
        let mut entities = Entities::default();
        entities.declare(doctype);
        let mut problems = Problems::default();
        let mut mapped = Mapped::new();
        entities.append(&mut mapped, reference, Span::of(0, reference.len()), &mut problems);
        problems.is_empty().then_some(mapped.text)
    }

    #[test]
    fn references() {
        let doctype = "x [<!-- <!ENTITY a \"no\"> --><!ENTITY a 'x&b;&#33;'><!ENTITY b \"y\"><!ENTITY s SYSTEM \"f\"><!ENTITY m \"<b/>\">]";
        assert_eq!(means("", "&#x4f60;").as_deref(), Some("你"));
        assert_eq!(means("", "&apos;").as_deref(), Some("'"));
        assert_eq!(means(doctype, "&a;").as_deref(), Some("xy!"));
        for bad in ["&s;", "&m;", "&c;", "&#0;", "&#xd800;", "&#;", "&#+1;", "&#x110000;"] {
            assert_eq!(means(doctype, bad), None, "{bad}");
        }
    }

    #[test]
    fn entities_that_grow_or_turn_in_a_circle_stand_for_nothing() {
        let mut doctype = String::from("x [<!ENTITY l0 \"lol\">");
        for i in 1..30 {
            doctype.push_str(&format!("<!ENTITY l{i} \"{}\">", format!("&l{};", i - 1).repeat(10)));
        }
        assert_eq!(means(&doctype, "&l9;"), None);
        assert_eq!(means(&doctype, "&l29;"), None);
        assert_eq!(means("x [<!ENTITY a '&b;'><!ENTITY b '&a;'>]", "&a;"), None);
    }
}
