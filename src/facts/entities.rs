//! Amounts, dates, links, phone and identity numbers written out in a text.
//!
//! Begin at [`find`]: it walks over the text and asks `grammar/message.pest` only where something can begin.
//! [`super::money`] reads the value of an amount, [`super::digits`] says what a string of digits is.

use super::{digits, links, money};
use crate::source::Span;
use grammar::{Grammar, Rule};
use pest::Parser;
use pest::iterators::Pair;

/// The generated parser. Private: no other module sees pest.
mod grammar {
    // The rules are described in the grammar file.
    #![allow(missing_docs, unreachable_pub)]

    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/message.pest"]
    pub(super) struct Grammar;
}

/// One thing found in a folded text. The span counts bytes of that folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Where it stands in the folded text.
    pub span: Span,
    /// What it is.
    pub kind: EntityKind,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// Money: minor units (fen, cents) and the ISO currency if a mark says it.
    Amount {
        /// In minor units (hundredths).
        minor: i64,
        /// `CNY`, `USD`, … when a mark (¥, HK$, Rs) says it; `$`, 元 and 块 alone do not say whose.
        currency: Option<&'static str>,
    },
    /// A calendar date or a month and day.
    Date,
    /// A percentage.
    Percent,
    /// A link: scheme, host and path as written.
    Url {
        /// The host, lower case.
        host: String,
        /// Whether `https` was written; `None` without a scheme.
        https: Option<bool>,
    },
    /// A service line: 400/95/800 numbers, landlines, short codes, toll-free.
    ServicePhone,
    /// A person's mobile number.
    MobilePhone,
    /// A full identity number (18-digit PRC ID with checksum, TW, HK, SSN, PAN, Aadhaar).
    IdNumber,
    /// A full bank card number (13–19 digits).
    Card,
    /// Another number.
    Number,
}

/// What stands written out in a folded text, in order and without overlaps.
pub fn find(text: &str) -> Vec<Entity> {
    find_in(text, None)
}

/// The same for a text of a jurisdiction, which may write money in a way of its own: P950 in the Philippines.
pub fn find_in(text: &str, jurisdiction: Option<&str>) -> Vec<Entity> {
    let pesos = jurisdiction == Some("ph");
    let mut scanner = Scanner { text, at: 0, found: Vec::new(), no_address: 0, pesos };
    while let Some(&byte) = text.as_bytes().get(scanner.at) {
        scanner.step(byte);
    }
    scanner.found
}

/// The most bytes that a grammar rule sees, so that the time grows with the length of the text only: links
/// can be long, everything else is short.
const LINK_WINDOW: usize = 300;

/// No figure is longer, in bytes: a longer run of digits and separators is one number that means nothing.
const LONGEST_FIGURE: usize = 64;
const WINDOW: usize = 80;

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    found: Vec<Entity>,
    /// Up to here no link begins: the unbroken text around was tried.
    no_address: usize,
    /// Whether a bare P before a figure is the peso.
    pesos: bool,
}

impl<'t> Scanner<'t> {
    /// Looks at the character at `at` and moves past what it is.
    fn step(&mut self, byte: u8) {
        match byte {
            b'0'..=b'9' => self.digit(),
            b'a'..=b'z' => self.word(),
            b'(' | b'+' if self.follows_digit() => self.digits_after_sign(),
            b'$' => self.mark_or_skip(1),
            0..=0x7F => self.at += 1,
            _ => self.wide(),
        }
    }

    /// The text from here on, at most `most` bytes.
    fn window(&self, most: usize) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let mut end = rest.len().min(most);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        rest.get(..end).unwrap_or("")
    }

    fn parse(&self, rule: Rule) -> Option<Pair<'t, Rule>> {
        let window = if rule == Rule::address { LINK_WINDOW } else { WINDOW };
        Grammar::parse(rule, self.window(window)).ok()?.next()
    }

    fn add(&mut self, len: usize, kind: EntityKind) {
        self.found.push(Entity { span: Span::of(self.at, self.at + len), kind });
        self.at += len;
    }

    /// Adds what `rule` finds here; else moves on by `skip` bytes.
    fn rule_or_skip(&mut self, rule: Rule, skip: usize) {
        match self.parse(rule).and_then(simple) {
            Some((len, kind)) => self.add(len, kind),
            None => self.at += skip,
        }
    }

    fn digit(&mut self) {
        if self.looks_like_address() && self.address() {
            return;
        }
        if self.is_masked() {
            return self.figure();
        }
        let rest = self.text.get(self.at..).unwrap_or("");
        let run = figure_len(rest);
        if run > LONGEST_FIGURE {
            return self.add(run, EntityKind::Number);
        }
        let (figure, after) = rest.split_at(run);
        let Some(rule) = rule_for(figure, after) else { return self.plain(figure) };
        let Some(pair) = self.parse(rule) else { return self.plain(figure) };
        match pair.as_rule() {
            Rule::digits => self.digits(pair.as_str()),
            Rule::dashed_date if self.is_fraction(pair.as_str()) => {
                self.add(pair.as_str().len(), EntityKind::Number);
            }
            _ => match simple(pair) {
                Some((len, kind)) => self.add(len, kind),
                None => self.figure(),
            },
        }
    }

    /// A figure with nothing around it that says what it is.
    fn plain(&mut self, figure: &str) {
        let is_digits = figure.bytes().all(|b| b.is_ascii_digit());
        match figure.len() {
            _ if !is_digits => self.figure(),
            8 if self.parse(Rule::compact_date).is_some() => self.add(8, EntityKind::Date),
            5.. => self.digits(figure),
            len => self.add(len, EntityKind::Number),
        }
    }

    /// 第7/12期 counts instalments.
    fn is_fraction(&self, date: &str) -> bool {
        date.contains('/') && self.text.get(..self.at).is_some_and(|before| before.ends_with('第'))
    }

    fn digits(&mut self, run: &str) {
        match digits::classify(run, digits::Context::of(self.text, self.at)) {
            Some((len, kind)) => self.add(len, kind),
            None => self.figure(),
        }
    }

    fn digits_after_sign(&mut self) {
        let run = self.parse(Rule::digits);
        let context = digits::Context::of(self.text, self.at);
        match run.and_then(|pair| digits::classify(pair.as_str(), context)) {
            Some((len, kind)) => self.add(len, kind),
            None => self.at += 1,
        }
    }

    /// A plain number; at least the digit here.
    fn figure(&mut self) {
        let len = self.parse(Rule::figure).map_or(1, |pair| pair.as_str().len());
        self.add(len, EntityKind::Number);
    }

    /// An ASCII word: a link, a month, a currency code, an identity number, or nothing.
    fn word(&mut self) {
        if self.looks_like_address() && self.address() {
            return;
        }
        let window = self.window(LINK_WINDOW);
        let letters = window.bytes().take_while(u8::is_ascii_lowercase).count();
        let word = window.get(..letters).unwrap_or("");
        let run = window.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        if is_currency(word, window.as_bytes().get(letters)) && self.mark(letters) {
            return;
        }
        if word == "p" && self.is_peso(window) && self.mark(letters) {
            return;
        }
        if is_month(word) {
            self.rule_or_skip(Rule::month_first, run);
        } else if run > letters && letters <= 5 {
            self.identity(run);
        } else {
            self.at += run;
        }
    }

    /// Adds the amount that begins with a currency mark of `len` bytes, if a figure follows.
    fn mark(&mut self, len: usize) -> bool {
        let after = self.text.get(self.at + len..).unwrap_or("").trim_start_matches(['$', '.', ' ']);
        let figure = after.starts_with(|c: char| c.is_ascii_digit() || money::is_numeral(c));
        match figure.then(|| self.parse(Rule::marked).and_then(simple)).flatten() {
            Some((len, kind)) => self.add(len, kind),
            None => return false,
        }
        true
    }

    /// Whether the P at the start of `window` is the peso. Elsewhere than in the Philippines only a figure that
    /// is written as money (P3,800, P950.00) makes it one: P2 may be a level or a parking place.
    fn is_peso(&self, window: &str) -> bool {
        let figure = window.get(1..).map_or("", |rest| rest.strip_prefix(' ').unwrap_or(rest));
        let figure = figure.get(..figure_len(figure)).unwrap_or("");
        let cents = figure.len().checked_sub(3).and_then(|at| figure.as_bytes().get(at)) == Some(&b'.');
        let follows_word = self.at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        let apart = !follows_word.is_some_and(u8::is_ascii_alphanumeric);
        apart
            && (super::figure::read(figure).is_ok_and(|figure| figure.grouped)
                || cents
                || self.pesos && figure.len() > 2)
    }

    fn mark_or_skip(&mut self, len: usize) {
        if !self.mark(len) {
            self.at += len;
        }
    }

    fn identity(&mut self, skip: usize) {
        let found = self.parse(Rule::identity).map(|pair| pair.as_str());
        match found.filter(|number| digits::is_identity(number, digits::Context::of(self.text, self.at))) {
            Some(number) => self.add(number.len(), EntityKind::IdNumber),
            None => self.at += skip,
        }
    }

    /// Adds the link here, or passes the e-mail address here.
    fn address(&mut self) -> bool {
        let Some(pair) = self.parse(Rule::address) else { return false };
        if pair.as_rule() == Rule::email {
            self.at += pair.as_str().len();
            return true;
        }
        let whole = pair.as_str();
        let mut link = links::Written::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::scheme => link.https = Some(part.as_str() == "https"),
                Rule::host => link.host = part.as_str(),
                _ => link.tail = part.as_str(),
            }
        }
        match link.read() {
            Some(kind) => {
                self.add(links::trimmed(whole).len(), kind);
                true
            }
            None => false,
        }
    }

    /// A character outside ASCII.
    fn wide(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let Some(c) = rest.chars().next() else {
            self.at = self.text.len();
            return;
        };
        match c {
            '¥' | '£' | '€' | '₱' | '₹' => self.mark_or_skip(c.len_utf8()),
            '人' | '港' | '新' | '台' | '美' => {
                self.mark_or_skip(currency_word(rest).unwrap_or(c.len_utf8()))
            }
            _ if money::is_numeral(c) => self.numeral(rest),
            _ => self.at += c.len_utf8(),
        }
    }

    /// Chinese numerals are everywhere (一定, 万一): only before a unit they are worth a look.
    fn numeral(&mut self, rest: &str) {
        let end = rest.find(|c: char| !money::is_numeral(c)).unwrap_or(rest.len());
        let after = rest.get(end..).unwrap_or("");
        let units = [
            '元', '圆', '块', '号', '月', '多', '余', '分', '美', '港', '人', '新', '台', '欧', '英', '日',
            '卢', '比', '蚊',
        ];
        if after.starts_with(units) {
            self.rule_or_skip(Rule::numbered, end);
        } else {
            self.at += end;
        }
    }

    fn follows_digit(&self) -> bool {
        self.text.as_bytes().get(self.at + 1).is_some_and(|b| b.is_ascii_digit() || *b == b'+')
    }

    /// Whether unbroken text from here on has a dot before a letter, a scheme or an at sign. Said once for
    /// each such text: what ends no host here ends none after the next dot.
    fn looks_like_address(&mut self) -> bool {
        if self.at < self.no_address {
            return false;
        }
        let window = self.window(LINK_WINDOW).as_bytes();
        let is_part =
            |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@' | b':' | b'/' | b'+');
        let end = window.iter().position(|b| !is_part(b)).unwrap_or(window.len());
        let token = window.get(..end).unwrap_or_default();
        self.no_address = self.at + end;
        token.windows(2).any(|w| matches!(w, [b'.', b'a'..=b'z'] | [b'@', _] | [b'/', b'/']))
    }

    /// Whether digits here are part of a masked number (138****0000).
    fn is_masked(&self) -> bool {
        let bytes = self.text.as_bytes();
        let before = self.at.checked_sub(1).and_then(|i| bytes.get(i));
        let after = bytes.get(self.at..).unwrap_or_default().iter().find(|b| !b.is_ascii_digit());
        before == Some(&b'*') || after == Some(&b'*')
    }
}

/// Bytes of digits at the start of `text`, with commas and dots between two of them.
fn figure_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut len = 0;
    while digit(len) || (matches!(bytes.get(len), Some(b',' | b'.')) && digit(len + 1)) {
        len += 1;
    }
    len
}

/// The entry rule for a figure, by what follows it; `None` when nothing does that makes it an amount, a
/// date, a phone number, …
fn rule_for(figure: &str, after: &str) -> Option<Rule> {
    if figure.matches('.').nth(1).is_some() {
        return Some(Rule::dashed);
    }
    let mut chars = after.chars();
    let next = chars.next()?;
    match next {
        '-' if is_range_of_money(chars.as_str()) => Some(Rule::figure),
        '-' | '/' => Some(Rule::dashed),
        ':' => Some(Rule::time),
        ' ' => match chars.next()? {
            '0'..='9' => Some(Rule::digits),
            c => rule_for_unit(c, after.get(1..)?),
        },
        _ => rule_for_unit(next, after),
    }
}

/// Whether a figure and a unit of money stand at the start of `text`: the end of 3000-5000元.
fn is_range_of_money(text: &str) -> bool {
    let figure = figure_len(text);
    figure > 0 && text.get(figure..).is_some_and(|rest| rest.starts_with(['元', '块', '圆', '万']))
}

/// The same for a character that can be or begin a unit.
fn rule_for_unit(unit: char, after: &str) -> Option<Rule> {
    match unit {
        'a'..='z' => Some(Rule::worded),
        '%' | '‰' => Some(Rule::percent),
        '个' => after.starts_with("个百分点").then_some(Rule::percent),
        '日' if after.starts_with("日元") => Some(Rule::counted),
        '年' | '月' | '日' | '号' => Some(Rule::calendar),
        '元' | '块' | '圆' | '万' | '千' | '百' | '亿' | '多' | '余' | '来' => Some(Rule::counted),
        '人' | '港' | '美' | '新' | '台' | '欧' | '英' | '卢' | '比' | '披' | '先' | '蚊' => {
            Some(Rule::counted)
        }
        _ => None,
    }
}

/// Length and kind of what the grammar alone decides.
fn simple(pair: Pair<'_, Rule>) -> Option<(usize, EntityKind)> {
    let written = pair.as_str();
    let kind = match pair.as_rule() {
        Rule::percent => EntityKind::Percent,
        Rule::calendar | Rule::dashed_date | Rule::worded_date | Rule::month_first => EntityKind::Date,
        Rule::marked | Rule::counted => {
            let (minor, currency) = money::read(written)?;
            EntityKind::Amount { minor, currency }
        }
        _ => EntityKind::Number,
    };
    Some((written.len(), kind))
}

fn is_month(word: &str) -> bool {
    let short = word.get(..3).unwrap_or("");
    matches!(
        short,
        "jan" | "feb" | "mar" | "apr" | "may" | "jun" | "jul" | "aug" | "sep" | "oct" | "nov" | "dec"
    )
}

/// Whether a word is the code of a currency, or the letters before a `$`.
fn is_currency(word: &str, next: Option<&u8>) -> bool {
    let codes =
        ["rs", "inr", "kes", "kshs", "ksh", "php", "usd", "cny", "rmb", "hkd", "twd", "ntd", "gbp", "eur"];
    codes.contains(&word)
        || matches!(word, "nt" | "rp" | "idr")
        || next == Some(&b'$') && matches!(word, "hk" | "us" | "s" | "a")
}

/// Bytes of the name of a currency at the start of `text`.
fn currency_word(text: &str) -> Option<usize> {
    let words = ["人民币", "港币", "新台币", "台币", "美元", "美金"];
    words.iter().find(|word| text.starts_with(**word)).map(|word| word.len())
}
