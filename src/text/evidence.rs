//! Whether a spelling hides a word, or only looks so: 律师涵盖, 一起素食, 存证信函, 郑信先生 are ordinary.
//!
//! Begin at [`hides`]. What speaks against a hidden word is that each of its pieces belongs to an ordinary
//! word with the characters around it.

use super::sounds::{Word, is_function_word, is_ordinary, is_possible_word};
use super::spelling::{How, Unit, is_long};
use super::tables::{is_ideograph, sound};

/// A word as a text may spell it.
pub(super) struct Spelling<'a> {
    /// The whole text.
    pub(super) chars: &'a [char],
    /// Where each character of the word is spelled.
    pub(super) units: &'a [Unit],
    pub(super) word: &'a Word,
    /// Whether the body spells the character at a place in lower case.
    pub(super) is_small: &'a dyn Fn(usize) -> bool,
}

/// Common family names: 郑信 is a person.
const FAMILY_NAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文包施鲍";

/// How people are addressed.
const TITLES: [&str; 9] = ["先生", "女士", "小姐", "您好", "经理", "老师", "主任", "总监", "同学"];

/// Whether the spelling hides its word.
pub(super) fn hides(spelling: &Spelling<'_>) -> bool {
    let count = |how: How| spelling.units.iter().filter(|unit| unit.how == how).count();
    let letters = spelling.units.iter().filter(|unit| unit.how.is_letters()).count();
    let replaced = count(How::Sound) + count(How::Shape);
    if letters > 0 {
        spelling.by_letters(letters)
    } else if replaced > 0 {
        spelling.by_sound(replaced)
    } else if count(How::Parts) > 0 {
        spelling.by_parts()
    } else {
        spelling.by_separators()
    }
}

impl Spelling<'_> {
    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn first(&self) -> usize {
        self.units.first().map_or(0, |unit| unit.at)
    }

    fn end(&self) -> usize {
        self.units.last().map_or(0, |unit| unit.end)
    }

    fn before(&self) -> Option<char> {
        self.first().checked_sub(1).and_then(|at| self.char(at))
    }

    fn after(&self) -> Option<char> {
        self.char(self.end())
    }

    fn is_ordinary_at(&self, at: Option<usize>) -> bool {
        let pair = at.and_then(|at| self.chars.get(at..at + 2));
        matches!(pair, Some([a, b]) if is_ordinary(*a, *b))
    }

    /// Whether the piece that ends before the `cut`-th unit belongs to an ordinary word.
    fn left_is_ordinary(&self, cut: usize) -> bool {
        let last = cut.checked_sub(1).and_then(|i| self.units.get(i));
        last.is_some_and(|unit| self.is_ordinary_at(unit.at.checked_sub(1)))
    }

    /// Whether the piece that begins with the `cut`-th unit belongs to an ordinary word.
    fn right_is_ordinary(&self, cut: usize) -> bool {
        self.units.get(cut).is_some_and(|unit| self.is_ordinary_at(Some(unit.at)))
    }

    /// Whether a piece of one character is a word by itself.
    fn is_word(&self, index: usize) -> bool {
        self.units.get(index).and_then(|unit| self.char(unit.at)).is_some_and(is_function_word)
    }

    fn has_gaps(&self) -> bool {
        self.gaps().next().is_some()
    }

    /// Where separators stand: the number of the unit behind them, and the separators.
    fn gaps(&self) -> impl Iterator<Item = (usize, &[char])> {
        let pairs = self.units.windows(2).zip(1..);
        pairs.filter_map(|(pair, index)| match pair {
            [a, b] if a.end < b.at => Some((index, self.chars.get(a.end..b.at)?)),
            _ => None,
        })
    }

    /// A plain word with separators: both pieces of 先上 / 门店 belong to other words.
    fn by_separators(&self) -> bool {
        let ends_something = |c: &char| matches!(c, ',' | '。' | '!' | '?' | ';' | ':' | '、' | '…' | '—');
        let encloses =
            |c: &char| matches!(c, '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '《'..='】');
        // 公、检、法 is how the three are listed.
        let listed =
            self.units.len() == 3 && self.gaps().filter(|(_, between)| *between == ['、']).count() == 2;
        let mut gaps = self.gaps().peekable();
        // 法(^_^)院
        let is_face = |between: &[char]| {
            between.len() > 2 && between.first() == Some(&'(') && between.last() == Some(&')')
        };
        gaps.peek().is_some()
            && !listed
            && gaps.all(|(cut, between)| {
                let left = self.left_is_ordinary(cut);
                let right = self.right_is_ordinary(cut);
                let alone =
                    || cut == 1 && self.is_word(0) || cut + 1 == self.units.len() && self.is_word(cut);
                let divides = between.iter().any(ends_something);
                (is_face(between) || !between.iter().any(encloses))
                    && !(left && right)
                    && !(divides && (left || right || alone()))
            })
    }

    /// Letters in place of some characters, or of all.
    fn by_letters(&self, letters: usize) -> bool {
        if !self.chars.iter().any(|c| is_ideograph(*c)) || self.is_in_address() {
            return false;
        }
        let sounding = self.units.iter().any(|unit| unit.how == How::Sound);
        let seen =
            self.units.iter().filter(|unit| matches!(unit.how, How::Plain | How::Shape | How::Parts)).count();
        match (seen, sounding) {
            (0, true) => false,
            (0, false) => self.by_letters_only(letters),
            // 打D: a letter that ends a word is small.
            (1, _) if self.has_weak_letters() => {
                let last_is_small = self.units.last().is_some_and(|unit| {
                    !unit.how.is_letters() || unit.end - unit.at > 1 || (self.is_small)(unit.at)
                }) || self.units.iter().any(|unit| unit.how == How::Shape);
                last_is_small && !self.plain_is_ordinary()
            }
            _ => true,
        }
    }

    /// Whether only one letter stands in the word, or capitals, as in a code.
    fn has_weak_letters(&self) -> bool {
        let spelled = || self.units.iter().filter(|unit| unit.how.is_letters());
        let count: usize = spelled().map(|unit| unit.end - unit.at).sum();
        count < 2 || spelled().any(|unit| !(self.is_small)(unit.at))
    }

    /// Whether the characters that are no letters belong to an ordinary word beside the spelling.
    fn plain_is_ordinary(&self) -> bool {
        let last = self.units.len().saturating_sub(1);
        let is_plain = |index: usize| self.units.get(index).is_some_and(|unit| !unit.how.is_letters());
        is_plain(0) && self.is_ordinary_at(self.first().checked_sub(1))
            || is_plain(last)
                && self.units.get(last).is_some_and(|unit| self.is_ordinary_at(unit.end.checked_sub(1)))
    }

    fn by_letters_only(&self, letters: usize) -> bool {
        let all = |how: How| self.units.iter().all(|unit| unit.how == how);
        let small = self.units.iter().all(|unit| (unit.at..unit.end).all(self.is_small));
        let beside_chinese =
            self.before().is_some_and(is_ideograph) || self.after().is_some_and(is_ideograph);
        let mut between = self.gaps().map(|(_, between)| between);
        let even = between.all(|between| matches!(between, [' ' | '-' | '·' | '.' | '*' | '_']));
        if all(How::Initial) {
            return self.word.by_initials
                && (small || self.word.by_capitals)
                && beside_chinese
                && !self.has_gaps()
                && letters > 1;
        }
        all(How::Pinyin) && self.word.by_pinyin && small && even && !self.is_a_name()
    }

    /// Whether the letters belong to a link, an e-mail address, a handle or a number.
    fn is_in_address(&self) -> bool {
        let belongs = |c: Option<char>| {
            c.is_some_and(|c| {
                c.is_ascii_alphanumeric() || matches!(c, '/' | '@' | '_' | '=' | '&' | '%' | '#' | '\\')
            })
        };
        let dotted = |c: Option<char>, next: Option<char>| {
            matches!(c, Some('.' | '-' | ':')) && next.is_some_and(|c| c.is_ascii_alphanumeric())
        };
        let far = |n: usize| self.first().checked_sub(n).and_then(|at| self.char(at));
        let begins = self.units.first().is_some_and(|unit| unit.how.is_letters());
        let ends = self.units.last().is_some_and(|unit| unit.how.is_letters());
        let long = is_long(self.units.iter().filter(|u| u.how.is_letters()).map(|u| u.end - u.at).sum());
        long || begins && (belongs(self.before()) || dotted(self.before(), far(2)))
            || ends && (belongs(self.after()) || dotted(self.after(), self.char(self.end() + 1)))
    }

    /// Parts of characters in place of them. A radical by itself is no word; 人言 or 马扁 might be two.
    fn by_parts(&self) -> bool {
        self.units.iter().filter(|unit| unit.how == How::Parts).all(|unit| {
            let radical = self.char(unit.at).is_some_and(|c| sound(c) == 0);
            let last = unit.end.checked_sub(1);
            radical
                || !self.is_ordinary_at(unit.at.checked_sub(1))
                    && !self.is_ordinary_at(last)
                    && !self.is_ordinary_at(Some(unit.at))
        })
    }

    /// Other characters of the same sound or look.
    fn by_sound(&self, replaced: usize) -> bool {
        let count = self.units.len();
        let is_replaced = |index: usize| {
            self.units.get(index).is_some_and(|unit| matches!(unit.how, How::Sound | How::Shape))
        };
        let ordinary_inside = || {
            (1..count).any(|cut| {
                let beside = is_replaced(cut) || is_replaced(cut - 1);
                let adjacent =
                    self.units.get(cut).is_some_and(|unit| self.is_ordinary_at(unit.at.checked_sub(1)));
                beside && adjacent
            })
        };
        let cut_in_two = || {
            (1..count).filter(|cut| is_replaced(*cut) || is_replaced(cut - 1)).any(|cut| {
                let left = self.left_is_ordinary(cut) || cut == 1 && self.is_word(0);
                let right = self.right_is_ordinary(cut) || cut + 1 == count && self.is_word(cut);
                left && right
            })
        };
        let strange = || {
            let few = replaced * 2 <= count && !(count == 2 && self.has_gaps());
            few && !ordinary_inside() && (count > 2 || !self.is_ordinary_pair())
        };
        let known = || self.is_known() && (count > 2 || !self.is_cut_out(replaced));
        (known() || strange()) && !cut_in_two() && !self.is_a_name() && !self.is_in_signature()
    }

    /// Whether the word is often spelled so.
    fn is_known(&self) -> bool {
        let text: String = self.units.iter().filter_map(|unit| self.char(unit.at)).collect();
        self.word.known.split(' ').any(|known| known == text)
    }

    /// Of a word of two characters: whether each belongs to an ordinary word outside, and whether it is
    /// replaced by one that can be a word.
    fn sides(&self) -> [(bool, bool); 2] {
        let side = |index: usize, ordinary: bool| {
            let unit = self.units.get(index).filter(|unit| matches!(unit.how, How::Sound | How::Shape));
            (ordinary, unit.and_then(|unit| self.char(unit.at)).is_some_and(is_possible_word))
        };
        [side(0, self.left_is_ordinary(1)), side(1, self.right_is_ordinary(1))]
    }

    /// Whether a word of two characters may be two pieces of ordinary words: 签收|时, 一起|速配.
    fn is_ordinary_pair(&self) -> bool {
        self.sides().iter().any(|(ordinary, possible)| *ordinary || *possible)
    }

    /// Whether a known spelling of two characters is cut out of ordinary words: 座|牢固, 办法|愿.
    fn is_cut_out(&self, replaced: usize) -> bool {
        let [(left, left_possible), (right, right_possible)] = self.sides();
        let begins = !self.before().is_some_and(is_ideograph);
        let last_replaced = self.units.last().is_some_and(|unit| unit.how != How::Plain);
        let first_replaced = self.units.first().is_some_and(|unit| unit.how != How::Plain);
        replaced == 2 && (left || right)
            || left && (right_possible || first_replaced)
            || right && (left_possible || last_replaced && !begins)
    }

    /// Whether a person may be meant.
    fn is_a_name(&self) -> bool {
        let rest: String = self.chars.get(self.end()..).unwrap_or_default().iter().take(3).collect();
        let family = || {
            self.units.first().is_some_and(|unit| {
                unit.how == How::Sound && self.char(unit.at).is_some_and(|c| FAMILY_NAMES.contains(c))
            })
        };
        TITLES.iter().any(|title| rest.trim_start().starts_with(title)) || self.units.len() == 2 && family()
    }

    /// Whether 【 】 hold it too: names of senders are made of such characters.
    fn is_in_signature(&self) -> bool {
        let run = self.chars.get(self.first()..self.end()).unwrap_or_default();
        let opens = |c: &char| matches!(c, '【' | '[');
        let closes = |c: &char| matches!(c, '】' | ']');
        let mut signatures = self.chars.split(opens).skip(1);
        signatures.any(|rest| {
            let name = rest.split(closes).next().unwrap_or_default();
            name.windows(run.len().max(1)).any(|part| part == run)
        })
    }
}
