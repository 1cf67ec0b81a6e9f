//! The pattern language of policies (`grammar/phrase.pest`), from text to a typed tree.
//!
//! Begin at [`parse`]. The tree still names terms and words; [`super::lexicon`] compiles it.

use crate::facts::Role;
use crate::source::Span;
use crate::words::Words;
use pest::Parser;
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/phrase.pest"]
struct PhraseParser;

/// Brackets may nest this deep.
const MAX_DEPTH: usize = 16;
/// Tokens between the parts of an order-free pair when the author gives no number.
const PAIR_REACH: u16 = 12;

/// A phrase as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// A word; with `more`, further Latin letters may follow.
    Word { text: String, more: bool },
    /// A term by name.
    Term { name: String, at: Span },
    /// A placeholder of a role, or a written thing.
    Slot(Slot),
    /// Up to `max` tokens; `far` crosses commas.
    Gap { max: u16, far: bool },
    /// One after the other.
    Sequence(Vec<Expr>),
    /// Any of these.
    Any(Vec<Expr>),
    /// May be absent.
    Optional(Box<Expr>),
    /// Both, in any order, at most `max` tokens apart.
    Both(Box<Expr>, Box<Expr>, u16),
    /// Only this part is marked.
    Mark(Box<Expr>),
    /// Start of the message after its signature.
    Opening,
    /// Start of a clause.
    Start,
    /// End of a clause.
    End,
    /// End of the message.
    Closing,
}

/// What `<name>` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Slot {
    /// A placeholder of this role.
    Role(Role),
    /// Any placeholder.
    AnyRole,
    /// An amount, written or a placeholder.
    Money,
    /// A run of digits.
    Figure,
    /// A figure with a unit of time.
    Time,
    /// The number of a service line, or a placeholder of a phone number.
    Tel,
    /// Two to ten Chinese characters, nothing between them: as few as what follows allows.
    Run,
    /// A Latin word that the body writes with a capital and a small letter.
    Capital,
}

impl Slot {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::AnyRole,
            "money" => Self::Money,
            "figure" => Self::Figure,
            "time" => Self::Time,
            "tel" => Self::Tel,
            "run" => Self::Run,
            "capital" => Self::Capital,
            _ => Self::Role(Role::from_name(name)?),
        })
    }

    /// Every name an author may write between `<` and `>`.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let written = ["any", "money", "figure", "time", "tel", "run", "capital"];
        written.into_iter().chain(Role::ALL.into_iter().map(Role::name))
    }
}

/// A mistake in a phrase: its place inside the phrase, in bytes, and what is wrong.
#[derive(Debug)]
pub(crate) struct PhraseFault {
    pub(crate) at: Span,
    pub(crate) message: Words,
    pub(crate) help: Option<Words>,
}

impl PhraseFault {
    pub(crate) fn new(at: Span, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { at, message: Words::new(en.into(), zh.into()), help: None }
    }
}

/// Reads one phrase.
pub(crate) fn parse(text: &str) -> Result<Expr, PhraseFault> {
    if is_plain(text) {
        return Ok(Expr::Word { text: text.trim().to_owned(), more: false });
    }
    let whole = Span::of(0, text.len());
    let mut pairs = PhraseParser::parse(Rule::phrase, text).map_err(|error| {
        let at = match error.location {
            pest::error::InputLocation::Pos(at) => Span::of(at, at),
            pest::error::InputLocation::Span((start, end)) => Span::of(start, end),
        };
        PhraseFault::new(at, "this phrase cannot be read here", "短语在此处无法解析")
    })?;
    let mut reader = Reader::default();
    for token in pairs.next().into_iter().flat_map(Pair::into_inner) {
        reader.token(&token)?;
    }
    let expr = reader.finish(whole)?;
    if can_be_empty(&expr) {
        return Err(PhraseFault::new(whole, "the phrase can match nothing at all", "短语可能什么都不匹配"));
    }
    Ok(expr)
}

/// Most words of a term have no operator in them and need no grammar. A blank between Chinese words is one:
/// they follow each other without it.
fn is_plain(text: &str) -> bool {
    let text = text.trim();
    let special = |b: u8| b"()[]|&@<>\"?*^$.".contains(&b);
    let parts = text.contains(char::is_whitespace) && !text.is_ascii();
    !text.is_empty() && !parts && !text.bytes().any(special)
}

/// Pairs brackets and builds the tree.
#[derive(Default)]
struct Reader {
    /// Open brackets, outermost first.
    outer: Vec<(Open, Span, Level)>,
    level: Level,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Group,
    Mark,
}

/// What stands inside one pair of brackets, so far.
#[derive(Default)]
struct Level {
    branches: Vec<Expr>,
    /// The left side of an `&` whose right side is being read, and its reach.
    left: Option<(Expr, u16)>,
    items: Vec<Expr>,
}

impl Level {
    /// The sequence that ends here, with the left side of its `&`.
    fn close_sequence(&mut self) -> Expr {
        let mut items = std::mem::take(&mut self.items);
        let sequence = if items.len() == 1 { items.remove(0) } else { Expr::Sequence(items) };
        match self.left.take() {
            Some((left, reach)) => Expr::Both(Box::new(left), Box::new(sequence), reach),
            None => sequence,
        }
    }

    fn close_branch(&mut self) {
        let branch = self.close_sequence();
        self.branches.push(branch);
    }

    fn close(mut self) -> Expr {
        self.close_branch();
        if self.branches.len() == 1 { self.branches.remove(0) } else { Expr::Any(self.branches) }
    }
}

impl Reader {
    fn token(&mut self, pair: &Pair<'_, Rule>) -> Result<(), PhraseFault> {
        let at = Span::of(pair.as_span().start(), pair.as_span().end());
        let inner = || pair.clone().into_inner().next();
        let count = || inner().and_then(|c| c.as_str().parse().ok());
        let items = &mut self.level.items;
        match pair.as_rule() {
            Rule::open => self.open(Open::Group, at)?,
            Rule::mark_open => self.open(Open::Mark, at)?,
            Rule::close => self.close(Open::Group, at)?,
            Rule::mark_close => self.close(Open::Mark, at)?,
            Rule::either => self.level.close_branch(),
            Rule::pair => {
                let left = self.level.close_sequence();
                self.level.left = Some((left, count().unwrap_or(PAIR_REACH)));
            }
            Rule::optional => match items.pop() {
                Some(expr) => items.push(optional(expr)),
                None => return Err(PhraseFault::new(at, "`?` has nothing before it", "`?` 前面没有内容")),
            },
            Rule::more => match items.last_mut() {
                Some(Expr::Word { more, .. }) => *more = true,
                _ => return Err(PhraseFault::new(at, "`*` follows a word", "`*` 应紧跟在词后")),
            },
            Rule::far_gap => items.push(Expr::Gap { max: count().unwrap_or(0), far: true }),
            Rule::gap => items.push(Expr::Gap { max: count().unwrap_or(0), far: false }),
            Rule::term => {
                let name = inner().map(|n| n.as_str().to_owned()).unwrap_or_default();
                items.push(Expr::Term { name, at });
            }
            Rule::role => {
                let name = inner().map(|n| n.as_str().to_owned()).unwrap_or_default();
                let slot = Slot::from_name(&name).ok_or_else(|| unknown_slot(&name, at))?;
                items.push(Expr::Slot(slot));
            }
            Rule::quoted => {
                let text = inner().map(|l| l.as_str().to_owned()).unwrap_or_default();
                items.push(Expr::Word { text, more: false });
            }
            Rule::opening => items.push(Expr::Opening),
            Rule::start => items.push(Expr::Start),
            Rule::end => items.push(Expr::End),
            Rule::closing => items.push(Expr::Closing),
            Rule::word => self.word(pair.as_str(), at)?,
            _ => {}
        }
        Ok(())
    }

    /// Neighbouring Latin words are one expression, so that the whole of it is looked for.
    fn word(&mut self, text: &str, at: Span) -> Result<(), PhraseFault> {
        if text.contains(['>', '<', '@', '&']) {
            return Err(PhraseFault::new(
                at,
                format!("`{text}` cannot be read; write a literal in quotes"),
                format!("无法解析 `{text}`；字面文字请加引号"),
            ));
        }
        if let Some(Expr::Word { text: before, more: false }) = self.level.items.last_mut()
            && before.ends_with(|c: char| c.is_ascii_alphanumeric())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            before.push(' ');
            before.push_str(text);
            return Ok(());
        }
        self.level.items.push(Expr::Word { text: text.to_owned(), more: false });
        Ok(())
    }

    fn open(&mut self, open: Open, at: Span) -> Result<(), PhraseFault> {
        if self.outer.len() >= MAX_DEPTH {
            return Err(PhraseFault::new(
                at,
                format!("brackets nest deeper than {MAX_DEPTH}"),
                format!("括号嵌套超过 {MAX_DEPTH} 层"),
            ));
        }
        self.outer.push((open, at, std::mem::take(&mut self.level)));
        Ok(())
    }

    fn close(&mut self, close: Open, at: Span) -> Result<(), PhraseFault> {
        match self.outer.pop() {
            Some((open, _, outer)) if open == close => {
                let inside = std::mem::replace(&mut self.level, outer).close();
                // A group stays a unit: `(拨打)?` is optional as a whole, and `(a) b` is two words.
                self.level.items.push(match open {
                    Open::Group => Expr::Any(vec![inside]),
                    Open::Mark => Expr::Mark(Box::new(inside)),
                });
                Ok(())
            }
            _ => Err(PhraseFault::new(at, "this bracket closes nothing", "此括号没有对应的开括号")),
        }
    }

    fn finish(self, whole: Span) -> Result<Expr, PhraseFault> {
        match self.outer.last() {
            Some((_, at, _)) => Err(PhraseFault::new(*at, "this bracket is never closed", "此括号没有闭合")),
            None if whole.is_empty() => Err(PhraseFault::new(whole, "the phrase is empty", "短语为空")),
            None => Ok(self.level.close()),
        }
    }
}

/// `?` makes a group, term or role optional as a whole; after a word it takes back the word's last
/// character, as writers of patterns expect (`拨打?`, `references?`).
fn optional(expr: Expr) -> Expr {
    if let Expr::Word { text, more: false } = &expr {
        let mut shorter = text.clone();
        shorter.pop();
        if !shorter.is_empty() {
            return Expr::Any(vec![Expr::Word { text: shorter, more: false }, expr]);
        }
    }
    Expr::Optional(Box::new(expr))
}

fn unknown_slot(name: &str, at: Span) -> PhraseFault {
    let mut fault =
        PhraseFault::new(at, format!("unknown role `<{name}>`"), format!("未知的角色 `<{name}>`"));
    fault.help = crate::spanned::nearest(name, Slot::names())
        .map(|n| Words::new(format!("did you mean `<{n}>`?"), format!("是否想写 `<{n}>`？")));
    fault
}

/// Whether the phrase matches the empty text: such a phrase would match everywhere.
pub(crate) fn can_be_empty(expr: &Expr) -> bool {
    match expr {
        Expr::Word { text, .. } => text.trim().is_empty(),
        Expr::Term { .. } | Expr::Slot(_) => false,
        Expr::Gap { .. } | Expr::Optional(_) => true,
        Expr::Opening | Expr::Start | Expr::End | Expr::Closing => true,
        Expr::Sequence(items) => items.iter().all(can_be_empty),
        Expr::Any(branches) => branches.iter().any(can_be_empty),
        Expr::Both(a, b, _) => can_be_empty(a) && can_be_empty(b),
        Expr::Mark(inside) => can_be_empty(inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Expr {
        Expr::Word { text: text.into(), more: false }
    }

    #[test]
    fn operators_are_read() {
        let expr = parse("@inform ..8 (@relatives | 单位)?").unwrap();
        let Expr::Sequence(items) = expr else { panic!("{expr:?}") };
        assert!(matches!(&items[0], Expr::Term { name, .. } if name == "inform"));
        assert_eq!(items[1], Expr::Gap { max: 8, far: false });
        assert!(matches!(&items[2], Expr::Optional(inner) if matches!(**inner, Expr::Any(_))));
        assert_eq!(parse("a & b").unwrap(), Expr::Both(Box::new(word("a")), Box::new(word("b")), 12));
        assert_eq!(parse("a &8 b").unwrap(), Expr::Both(Box::new(word("a")), Box::new(word("b")), 8));
    }

    #[test]
    fn latin_neighbours_are_one_word() {
        assert_eq!(parse("visit your home").unwrap(), word("visit your home"));
        let more = parse("will be arrest*").unwrap();
        assert_eq!(more, Expr::Word { text: "will be arrest".into(), more: true });
    }

    #[test]
    fn chinese_neighbours_follow_each_other() {
        assert_eq!(parse("去 家里").unwrap(), Expr::Sequence(vec![word("去"), word("家里")]));
        assert_eq!(parse("加 whats app").unwrap(), Expr::Sequence(vec![word("加"), word("whats app")]));
    }

    #[test]
    fn a_question_mark_takes_the_last_character() {
        assert_eq!(parse("拨打?").unwrap(), Expr::Any(vec![word("拨"), word("拨打")]));
        assert_eq!(parse("(拨打)? 电话").unwrap(), {
            let optional = Expr::Optional(Box::new(Expr::Any(vec![word("拨打")])));
            Expr::Sequence(vec![optional, word("电话")])
        });
    }

    #[test]
    fn marks_and_anchors() {
        let Expr::Sequence(items) = parse("^ 再不 ...12 [上门] $").unwrap() else { panic!() };
        assert_eq!(items[0], Expr::Start);
        assert_eq!(items[2], Expr::Gap { max: 12, far: true });
        assert_eq!(items[3], Expr::Mark(Box::new(word("上门"))));
        assert_eq!(items[4], Expr::End);
    }

    #[test]
    fn mistakes_have_a_place() {
        let fault = parse("逾期 <dayz> 天").unwrap_err();
        assert_eq!(fault.at, Span::of("逾期 ".len(), "逾期 <dayz>".len()));
        assert_eq!(fault.help.unwrap().en, "did you mean `<days>`?");
        assert!(parse("(上门").is_err());
        assert!(parse("(上门)? ..8").is_err(), "matches nothing");
        assert!(parse("上门)").is_err());
        assert!(parse("? 上门").is_err());
        assert!(parse(&"(".repeat(4000)).is_err());
    }
}
