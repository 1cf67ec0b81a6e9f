//! Folding with a way back.
//!
//! [`fold`] reads the pieces of one path character by character ([`Reader`]); what takes words apart is
//! undone afterwards by [`super::disguise`].

use super::disguise;
use super::masked;
use super::tables::{self, Action};
use crate::facts::Role;
use crate::source::Span;
use crate::template::PathPiece;

/// A folded text: one character of it stands for one character of the body (or one placeholder), and
/// characters that only hide a word are dropped.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The folded text: lower case, half width, Simplified; a placeholder is its role's character.
    pub text: String,
    /// One per character of `text`, sorted.
    pub(crate) origins: Vec<Origin>,
    /// What was dropped or spelled so as to hide something, sorted by `at`; at one place what was dropped
    /// comes before what is disguised.
    pub hidden: Vec<Hidden>,
    /// First bytes of the words of `text` that the body writes with a capital and a small letter, sorted.
    pub(crate) capitals: Vec<u32>,
}

/// Where one folded character comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// First byte in the folded text.
    pub(crate) at: u32,
    /// Span in the body.
    pub(crate) body: Span,
}

/// Something that hides a word from a reader of plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Byte of the folded text: the character that is disguised, or before which something was dropped.
    pub at: u32,
    /// Where it stands in the body.
    pub body: Span,
    /// What it is.
    pub kind: HiddenKind,
}

/// Ways to hide a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenKind {
    /// An invisible character (U+200B and its kin).
    Invisible(char),
    /// A separator inside a run of Chinese characters, or letters spaced out.
    Separator(char),
    /// A letter of another script that looks like this one, or a circled or mathematical form.
    Lookalike(char),
    /// A digit or sign in place of a letter (`c0urt`).
    Leet(char),
    /// Another character that sounds like this one.
    Homophone(char),
    /// Another character, or two, that look like this one or are its parts.
    Shape(char),
    /// Latin letters: the sound of this character or its initial.
    Letters(char),
}

impl HiddenKind {
    /// Whether the character is gone from the folded text (and not replaced by another).
    pub const fn is_dropped(self) -> bool {
        matches!(self, Self::Invisible(_) | Self::Separator(_))
    }
}

impl Folded {
    /// Says what each placeholder is, in the order of the text; all were folded as the same role.
    pub(crate) fn set_roles(&mut self, roles: &[Role]) {
        let old = std::mem::take(&mut self.text);
        let mut rest = old.as_str();
        self.text.reserve(rest.len());
        for role in roles {
            // The characters of roles are the only ones in a folded text that begin with this byte.
            let Some(at) = memchr::memchr(0xEE, rest.as_bytes()) else { break };
            let (before, from) = rest.split_at(at);
            self.text.push_str(before);
            self.text.push(role.character());
            rest = from.get(Role::Unknown.character().len_utf8()..).unwrap_or("");
        }
        self.text.push_str(rest);
    }

    /// The span of the body that a span of the folded text comes from.
    pub fn to_body(&self, span: Span) -> Span {
        let first = self.origins.partition_point(|o| o.at < span.start);
        let end = self.origins.partition_point(|o| o.at < span.end);
        match (self.origins.get(first), end.checked_sub(1).and_then(|i| self.origins.get(i))) {
            (Some(a), Some(b)) if end > first => a.body.join(b.body),
            (Some(a), _) => Span::new(a.body.start, a.body.start),
            _ => Span::default(),
        }
    }

    /// The span of the folded text that comes from a span of the body; `None` if nothing does.
    pub fn of_body(&self, body: Span) -> Option<Span> {
        let inside = |o: &&Origin| body.contains(o.body) && !o.body.is_empty();
        let first = self.origins.iter().find(inside)?;
        let last = self.origins.iter().rev().find(inside)?;
        let width = self.text.get(last.at as usize..)?.chars().next()?.len_utf8();
        Some(Span::of(first.at as usize, last.at as usize + width))
    }

    /// Notes the words that `body` writes with a capital letter and a small one behind it.
    fn find_capitals(&mut self, body: &str) {
        let (text, written) = (self.text.as_bytes(), body.as_bytes());
        let of_body = |origin: Option<&Origin>| origin.and_then(|o| written.get(o.body.start as usize));
        let mut inside = false;
        for (origin, next) in self.origins.iter().zip(self.origins.iter().skip(1)) {
            let begins = !inside;
            inside = text.get(origin.at as usize).is_some_and(u8::is_ascii_alphanumeric);
            let capital = begins && inside && of_body(Some(origin)).is_some_and(u8::is_ascii_uppercase);
            if capital && of_body(Some(next)).is_some_and(u8::is_ascii_lowercase) {
                self.capitals.push(origin.at);
            }
        }
    }

    /// Whether some folded character comes from exactly this span of the body.
    pub fn has_origin(&self, body: Span) -> bool {
        self.origins.iter().any(|o| o.body == body)
    }

    /// What is hidden inside a folded span: characters of it that are disguised and what was dropped
    /// between two of them. What was dropped just before its first character lies outside.
    pub fn hidden_in(&self, span: Span) -> &[Hidden] {
        let outside = |h: &Hidden| h.at < span.start || h.at == span.start && h.kind.is_dropped();
        let first = self.hidden.partition_point(outside);
        let end = self.hidden.partition_point(|h| h.at < span.end).max(first);
        self.hidden.get(first..end).unwrap_or_default()
    }
}

/// Folds one path of a template. `role_of` gives the role of a placeholder and its span in the body.
///
/// Every folded character has the span of what it stands for, in the order of `pieces`: a run of blanks is
/// one blank and CR LF one line end, a placeholder is [`Role::character`]. A private-use character that the
/// body itself contains becomes U+FFFD, so it is never taken for a placeholder.
pub fn fold(pieces: &[PathPiece], body: &str, role_of: impl Fn(usize) -> (Role, Span)) -> Folded {
    let mut reader = Reader::with_room(body.len());
    for piece in pieces {
        match piece {
            PathPiece::Text(span) => reader.text(span.of_text(body), Place::From(span.start)),
            PathPiece::Escape { span, text } => reader.text(text, Place::Whole(*span)),
            PathPiece::Placeholder(index) => {
                let (role, span) = role_of(*index);
                reader.push(role.character(), span);
            }
        }
    }
    let capital = reader.suspects.capital;
    let mut folded = disguise::undo(reader.folded, body, &reader.suspects);
    if capital {
        folded.find_capitals(body);
    }
    folded
}

/// Folds a text without placeholders.
pub fn fold_text(text: &str) -> Folded {
    fold(&[PathPiece::Text(Span::of(0, text.len()))], text, |_| (Role::Unknown, Span::default()))
}

/// Folds a word of a policy, character by character as [`fold`] does, so that it meets folded text; what
/// stands between characters stays.
pub fn fold_word(word: &str) -> String {
    let mut reader = Reader::with_room(word.len());
    reader.text(word, Place::From(0));
    reader.folded.text
}

/// The character that [`fold_word`] makes of one that stands alone; nothing of one that shows nothing.
pub fn fold_char(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(if c == '\t' { ' ' } else { c.to_ascii_lowercase() });
    }
    match tables::action(c) {
        Action::Plain(target) | Action::Disguise(target) | Action::Numbered(target) => Some(target),
        Action::Blank => Some(' '),
        Action::Newline => Some('\n'),
        Action::Invisible | Action::Joiner | Action::Mark => None,
        Action::Keep => Some(c),
    }
}

/// Where the characters of a piece stand in the body.
#[derive(Clone, Copy)]
enum Place {
    /// One after the other from this byte on.
    From(u32),
    /// All at one place: the body spells them in its own way there.
    Whole(Span),
}

impl Place {
    #[inline]
    fn of(self, start: usize, len: usize) -> Span {
        match self {
            // A body is at most 16 KiB long, so nothing is cut here.
            Self::From(base) => Span::new(base + start as u32, base + (start + len) as u32),
            Self::Whole(span) => span,
        }
    }
}

/// What makes the second look of [`disguise`] worth its time; most texts have none of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Suspects {
    /// A separator after an ideograph.
    pub(super) split: bool,
    /// Separators after a letter that stands alone.
    pub(super) single: u32,
    /// A digit or sign that can be a letter, after a letter.
    pub(super) leet: bool,
    /// A sign between two letters that may hide a word.
    pub(super) masked: bool,
    /// An ideograph.
    pub(super) chinese: bool,
    /// A capital letter.
    pub(super) capital: bool,
}

/// The character-by-character part.
struct Reader {
    folded: Folded,
    last: char,
    before_last: char,
    /// Whether a stop stood before the last ideograph.
    after_stop: bool,
    suspects: Suspects,
}

impl Reader {
    fn with_room(bytes: usize) -> Self {
        let folded = Folded {
            text: String::with_capacity(bytes),
            origins: Vec::with_capacity(bytes / 2),
            hidden: Vec::new(),
            capitals: Vec::new(),
        };
        Self { folded, last: '\0', before_last: '\0', after_stop: false, suspects: Suspects::default() }
    }

    fn text(&mut self, text: &str, place: Place) {
        let mut at = 0;
        while let Some(&byte) = text.as_bytes().get(at) {
            at += self.step(byte, text, at, place);
        }
    }

    /// Reads what stands at byte `at` of `text` and begins with `byte`; gives its length in bytes.
    #[inline]
    fn step(&mut self, byte: u8, text: &str, at: usize, place: Place) -> usize {
        let rest = text.get(at..).unwrap_or("");
        let body = place.of(at, 1);
        match byte {
            b'a'..=b'z' => {
                let len = rest.bytes().take_while(u8::is_ascii_lowercase).count();
                self.note_letter();
                self.run(rest.get(..len).unwrap_or(""), 1, at, place);
                return len;
            }
            b'A'..=b'Z' => {
                self.suspects.capital = true;
                self.note_letter();
                self.push(char::from(byte.to_ascii_lowercase()), body);
            }
            0x21..=0x7E => self.sign(char::from(byte), body),
            b' ' | b'\t' => self.blank(body),
            b'\n' | b'\x0B' | b'\x0C' => self.push('\n', body),
            b'\r' => {
                let len = if rest.as_bytes().get(1) == Some(&b'\n') { 2 } else { 1 };
                self.push('\n', place.of(at, len));
                return len;
            }
            0..=0x7F => self.drop(char::from(byte), body),
            _ => {
                let len = tables::staying(rest);
                if len > 0 {
                    self.note_ideographs(len);
                    self.run(rest.get(..len).unwrap_or(""), tables::STAYING_WIDTH, at, place);
                    return len;
                }
                // The byte at `at` begins a character.
                let Some(c) = rest.chars().next() else { return 1 };
                self.other(c, place.of(at, c.len_utf8()), text, at);
                return c.len_utf8();
            }
        }
        1
    }

    /// Pushes characters of `width` bytes each that stay as they are; there is one at least.
    fn run(&mut self, run: &str, width: usize, at: usize, place: Place) {
        let start = self.folded.text.len();
        let places = (0..run.len()).step_by(width);
        let origin = |by: usize| Origin { at: (start + by) as u32, body: place.of(at + by, width) };
        self.folded.origins.extend(places.map(origin));
        self.folded.text.push_str(run);
        let mut back = run.chars().rev();
        if let Some(last) = back.next() {
            self.before_last = back.next().unwrap_or(self.last);
            self.last = last;
        }
    }

    /// A character outside ASCII.
    #[inline]
    fn other(&mut self, c: char, body: Span, text: &str, at: usize) {
        match tables::action(c) {
            // 逾期500，200元: two numbers, not one of six digits.
            Action::Plain(',') if between_digits(text, at, c) => self.push(c, body),
            Action::Plain(target) if tables::is_ideograph(target) => self.ideograph(target, body),
            Action::Plain(target) => self.sign(target, body),
            Action::Keep if tables::is_ideograph(c) => self.ideograph(c, body),
            Action::Keep => self.sign(c, body),
            Action::Disguise(target) => self.disguised(c, target, body),
            // ①500元: the first item, not 1500.
            Action::Numbered(_) if digit_at(text, at + c.len_utf8()) && !self.last.is_ascii_digit() => {
                self.push(c, body);
            }
            Action::Numbered(target) => self.disguised(c, target, body),
            Action::Blank => self.blank(body),
            Action::Newline => self.push('\n', body),
            Action::Invisible => self.drop(c, body),
            Action::Joiner if joins(c, self.last) => self.widen(body),
            Action::Joiner => self.drop(c, body),
            Action::Mark => self.mark(c, body),
        }
    }

    #[inline]
    fn push(&mut self, c: char, body: Span) {
        let at = self.end();
        self.folded.origins.push(Origin { at, body });
        self.folded.text.push(c);
        self.before_last = self.last;
        self.last = c;
    }

    /// Notes what a letter shows that comes next.
    #[inline]
    fn note_letter(&mut self) {
        let after_sign = !self.last.is_ascii_alphanumeric() && self.before_last.is_ascii_alphabetic();
        self.suspects.masked |= after_sign && masked::is_mask(self.last);
    }

    /// Notes what ideographs show that come next, so many bytes of them.
    #[inline]
    fn note_ideographs(&mut self, len: usize) {
        self.suspects.chinese = true;
        // 支。付。命。令: single characters between stops.
        let after_stop = disguise::is_stop(self.last);
        self.suspects.split |= after_stop && self.after_stop && tables::is_ideograph(self.before_last);
        self.after_stop = after_stop && len <= tables::STAYING_WIDTH;
    }

    #[inline]
    fn ideograph(&mut self, c: char, body: Span) {
        self.note_ideographs(tables::STAYING_WIDTH);
        self.push(c, body);
    }

    /// Pushes what is no letter and no ideograph, and notes what may take a word apart.
    fn sign(&mut self, c: char, body: Span) {
        if self.last >= '\u{3005}' {
            self.suspects.split |= disguise::is_separator(c);
        } else if self.last.is_ascii_alphabetic() {
            self.suspects.single += u32::from(!self.before_last.is_ascii_alphanumeric());
            self.suspects.leet |= disguise::leet(c).is_some();
        }
        self.push(c, body);
    }

    #[inline]
    fn blank(&mut self, body: Span) {
        if self.last == ' ' {
            self.widen(body);
        } else {
            self.sign(' ', body);
        }
    }

    fn disguised(&mut self, c: char, target: char, body: Span) {
        let kind = HiddenKind::Lookalike(c);
        self.folded.hidden.push(Hidden { at: self.end(), body, kind });
        if target.is_ascii_alphabetic() {
            self.push(target, body);
        } else {
            self.suspects.chinese |= tables::is_ideograph(target);
            self.sign(target, body);
        }
    }

    fn drop(&mut self, c: char, body: Span) {
        let kind = HiddenKind::Invisible(c);
        self.folded.hidden.push(Hidden { at: self.end(), body, kind });
    }

    /// A mark belongs to the letter before it: é and e with an accent after it are the same.
    fn mark(&mut self, c: char, body: Span) {
        let letter = self.last.is_alphanumeric() && Role::from_character(self.last).is_none();
        let Some(origin) = self.folded.origins.last_mut().filter(|_| letter) else {
            return self.drop(c, body);
        };
        if self.folded.hidden.last().is_some_and(|h| h.at > origin.at) {
            return self.drop(c, body);
        }
        origin.body = origin.body.join(body);
        let kind = HiddenKind::Lookalike(c);
        let hidden = Hidden { at: origin.at, body: origin.body, kind };
        self.folded.hidden.push(hidden);
    }

    /// Counts `body` to the last character.
    fn widen(&mut self, body: Span) {
        if let Some(origin) = self.folded.origins.last_mut() {
            origin.body = origin.body.join(body);
        }
    }

    #[inline]
    fn end(&self) -> u32 {
        self.folded.text.len() as u32
    }
}

fn digit_at(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
}

fn between_digits(text: &str, at: usize, c: char) -> bool {
    at > 0 && digit_at(text, at - 1) && digit_at(text, at + c.len_utf8())
}

/// Whether a joiner or variation selector has its honest use after `last`: emoji (⚠️, 1️⃣) and the
/// scripts from Arabic to Mongolian.
fn joins(c: char, last: char) -> bool {
    match last {
        '0'..='9' | '#' | '*' => c == '\u{FE0F}',
        '\u{A9}' | '\u{AE}' | '\u{600}'..='\u{1CFF}' => true,
        '\u{2030}'..='\u{2FFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' => true,
        _ => ('\u{1F000}'..'\u{20000}').contains(&last),
    }
}
