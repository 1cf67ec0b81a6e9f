//! The words of SQL: names, numbers, strings in all their spellings, comments. [`Tokens`] gives them one by one.

use super::plain;
use super::sql_string::{self, Escapes};
use crate::problem::Problem;
use crate::source::{Mapped, Span};
use crate::words::Words;
use memchr::{memchr, memmem};

/// How many bytes of a file show whose it is.
const LOOKED_AT: usize = 1 << 20;

/// How the file's server reads what servers read differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flavour {
    /// Whether `\` begins an escape in every string.
    pub(super) backslashes: bool,
    /// Whether `#` begins a comment and `$$` is no quote.
    pub(super) mysql: bool,
}

impl Flavour {
    /// What the file looks like: MySQL, unless something shows that it is another server's.
    pub(super) fn of(text: &str, backslashes: Option<bool>) -> Self {
        let head = text.as_bytes().get(..LOOKED_AT).unwrap_or(text.as_bytes());
        let has = |marks: &[&str]| marks.iter().any(|mark| memmem::find(head, mark.as_bytes()).is_some());
        let mysql = has(&["`", "ENGINE=", "engine=", "AUTO_INCREMENT", "auto_increment"]);
        let other = has(&[
            "standard_conforming_strings",
            "pg_catalog",
            "search_path",
            "nextval(",
            "ON CONFLICT",
            "on conflict",
            "::text",
            "::json",
            " E'",
            ",E'",
            "(E'",
            "[dbo]",
            "NVARCHAR",
            "nvarchar",
            " N'",
            ",N'",
            "(N'",
            "VARCHAR2",
            "varchar2",
            " q'",
            "\nGO\n",
            "\nGO\r\n",
        ]);
        let mysql = mysql || !(other || has_dollar_quote(head));
        Self { backslashes: backslashes.unwrap_or(mysql), mysql }
    }
}

/// Whether a string in dollars begins somewhere (`$$`, `$tag$`). It stands by itself: HK$${amount} is a sum.
fn has_dollar_quote(text: &[u8]) -> bool {
    memchr::memchr_iter(b'$', text).any(|at| {
        let alone = at
            .checked_sub(1)
            .is_none_or(|before| matches!(text.get(before), Some(b' ' | b',' | b'(' | b'\n')));
        let rest = text.get(at + 1..).unwrap_or_default();
        let tag = rest.iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        alone && rest.get(tag) == Some(&b'$')
    })
}

/// One word.
#[derive(Debug)]
pub(super) enum Token<'t> {
    /// A name or keyword without quotes.
    Word(&'t str),
    /// A name in backticks or brackets.
    Name(String),
    /// A text; in double quotes it may be a name.
    String(Text),
    /// A number as it is written.
    Number(&'t str),
    /// A text of bits or bytes, and other things that are no text.
    Other,
    /// Any other character.
    Symbol(char),
    /// The file ends.
    End,
}

/// A string.
#[derive(Debug)]
pub(super) struct Text {
    /// Between its quotes.
    pub(super) inside: Span,
    /// Whether it stands in double quotes.
    pub(super) double: bool,
    /// Its opening quote and escapes; `None` when nothing in it is an escape.
    spelling: Option<(usize, Escapes)>,
}

/// The words of a text, from byte `at` on.
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    pub(super) base: u32,
    pub(super) flavour: Flavour,
    /// The byte after the last word.
    pub(super) at: usize,
    /// The byte where the last word begins.
    pub(super) start: usize,
    /// Whether nobody wants the values that are read, so that their escapes need not be undone.
    pub(super) skim: bool,
    /// How many quotes were looked at that are never closed.
    pub(super) unclosed: usize,
}

impl<'t> Tokens<'t> {
    /// The next word; comments and blanks are passed over.
    ///
    /// # Errors
    /// When a string or quoted name is never closed; reading stays before it.
    pub(super) fn next(&mut self) -> Result<Token<'t>, Box<Problem>> {
        self.blanks();
        self.start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        match first {
            '\'' => self.string(0, self.escapes()),
            '"' => self.string(0, self.escapes()),
            '`' => self.name('`'),
            '0'..='9' => {
                let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
                self.at += len;
                Ok(Token::Number(rest.get(..len).unwrap_or("")))
            }
            '$' if !self.flavour.mysql => self.dollar(),
            c if is_word(c) => self.word(rest),
            c => {
                self.at += c.len_utf8();
                Ok(Token::Symbol(c))
            }
        }
    }

    /// What a string means.
    pub(super) fn mapped(&self, text: &Text) -> Mapped {
        if self.skim {
            return Mapped::new();
        }
        match text.spelling {
            Some((open, escapes)) => {
                sql_string::read(self.text, self.base, open, escapes).unwrap_or_default()
            }
            None => {
                let inside = Span::new(text.inside.start - self.base, text.inside.end - self.base);
                plain::lines(inside.of_text(self.text), text.inside.start)
            }
        }
    }

    /// The name in brackets whose `[` was just read.
    pub(super) fn bracket(&mut self) -> Result<Token<'t>, Box<Problem>> {
        self.at = self.start;
        self.name(']')
    }

    /// The word that begins at `rest`, or the string that it begins.
    fn word(&mut self, rest: &'t str) -> Result<Token<'t>, Box<Problem>> {
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..len).unwrap_or("");
        let after = rest.get(len..).unwrap_or("");
        if after.starts_with('\'') {
            match word.to_ascii_lowercase().as_str() {
                "e" => return self.string(1, Escapes::Postgres),
                "n" => return self.string(1, self.escapes()),
                "q" | "nq" => return self.bracketed(len),
                "b" | "x" => return self.string(1, Escapes::None).map(|_| Token::Other),
                _ => {}
            }
        }
        if word.eq_ignore_ascii_case("u") && after.starts_with("&'") {
            return self.string(2, Escapes::Unicode);
        }
        self.at += len;
        Ok(Token::Word(word))
    }

    const fn escapes(&self) -> Escapes {
        if self.flavour.backslashes { Escapes::Mysql } else { Escapes::None }
    }

    /// The string whose quote stands `prefix` bytes after `self.at`.
    fn string(&mut self, prefix: usize, escapes: Escapes) -> Result<Token<'t>, Box<Problem>> {
        let open = self.at + prefix;
        let double = self.text.as_bytes().get(open) == Some(&b'"');
        let Some(end) = sql_string::end(self.text, open, escapes) else { return Err(self.unclosed(open)) };
        self.at = end + 1;
        let spelling = Some((open, escapes));
        Ok(Token::String(Text { inside: self.span(open + 1, end), double, spelling }))
    }

    /// `q'[…]'`, whose quote stands `prefix` bytes after `self.at`: nothing in it is an escape.
    fn bracketed(&mut self, prefix: usize) -> Result<Token<'t>, Box<Problem>> {
        let quote = self.at + prefix;
        let Some(mark) = self.text.get(quote + 1..).and_then(|rest| rest.chars().next()) else {
            return Err(self.unclosed(quote));
        };
        let close = match mark {
            '[' => ']',
            '(' => ')',
            '{' => '}',
            '<' => '>',
            other => other,
        };
        self.verbatim(quote + 1 + mark.len_utf8(), &format!("{close}'"), quote)
    }

    /// `$$…$$` or `$tag$…$tag$`; a `$` that opens none is a symbol.
    fn dollar(&mut self) -> Result<Token<'t>, Box<Problem>> {
        let rest = self.rest();
        let inner = rest.get(1..).unwrap_or("");
        let len = inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inner.len());
        let numbered = inner.starts_with(|c: char| c.is_ascii_digit());
        if numbered || inner.as_bytes().get(len) != Some(&b'$') {
            self.at += 1;
            return Ok(Token::Symbol('$'));
        }
        let tag = rest.get(..len + 2).unwrap_or("$$");
        self.verbatim(self.at + tag.len(), tag, self.at)
    }

    /// The text from byte `from` up to `close`, as it stands.
    fn verbatim(&mut self, from: usize, close: &str, open: usize) -> Result<Token<'t>, Box<Problem>> {
        let rest = self.text.get(from..).unwrap_or("");
        let Some(len) = memmem::find(rest.as_bytes(), close.as_bytes()) else {
            return Err(self.unclosed(open));
        };
        let inside = self.span(from, from + len);
        self.at = from + len + close.len();
        Ok(Token::String(Text { inside, double: false, spelling: None }))
    }

    /// The quoted name that stands here and ends with `close`, which stands twice for itself.
    fn name(&mut self, close: char) -> Result<Token<'t>, Box<Problem>> {
        let from = self.at + 1;
        let mut at = from;
        let bytes = self.text.as_bytes();
        let mark = if close == ']' { b']' } else { b'`' };
        loop {
            let Some(found) = bytes.get(at..).and_then(|rest| memchr(mark, rest)) else {
                return Err(self.unclosed(self.at));
            };
            at += found + 1;
            if bytes.get(at) != Some(&mark) {
                break;
            }
            at += 1;
        }
        self.at = at;
        let name = self.text.get(from..at - 1).unwrap_or("");
        let twice: String = [close, close].iter().collect();
        Ok(Token::Name(name.replace(&twice, close.encode_utf8(&mut [0; 4]))))
    }

    /// Goes over blanks and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let bytes = trimmed.as_bytes();
            let skip = if trimmed.starts_with("--") || (self.flavour.mysql && trimmed.starts_with('#')) {
                memchr(b'\n', bytes).unwrap_or(bytes.len())
            } else if trimmed.starts_with("/*") {
                memmem::find(bytes, b"*/").map_or(bytes.len(), |end| end + 2)
            } else {
                return;
            };
            self.at += skip;
        }
    }

    fn unclosed(&mut self, open: usize) -> Box<Problem> {
        self.unclosed += 1;
        let words = Words::new("a quote that is never closed", "引号没有结束");
        let help = Words::new(
            "if a \\ before a quote is a plain character here, set backslashes = false in the [[source]]",
            "如果此处引号前的 \\ 只是普通字符，请在 [[source]] 中设置 backslashes = false",
        );
        Box::new(Problem::error("sql-syntax", words).at(self.span(open, open + 1)).help(help))
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The place of the last word.
    pub(super) fn last(&self) -> Span {
        self.span(self.start, self.at)
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::of(start, end).shift(self.base)
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@')
}
