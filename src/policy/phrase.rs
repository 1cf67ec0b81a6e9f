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
}

/// What `<name>` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
}

impl Slot {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::AnyRole,
            "money" => Self::Money,
            "figure" => Self::Figure,
            "time" => Self::Time,
            _ => Self::Role(Role::from_name(name)?),
        })
    }

    /// Every name an author may write between `<` and `>`.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ["any", "money", "figure", "time"].into_iter().chain(Role::ALL.into_iter().map(Role::name))
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
    bounded_depth(text)?;
    let pairs = PhraseParser::parse(Rule::phrase, text).map_err(|error| {
        let at = match error.location {
            pest::error::InputLocation::Pos(at) => Span::of(at, at),
            pest::error::InputLocation::Span((start, end)) => Span::of(start, end),
        };
        PhraseFault::new(at, "this phrase cannot be read here", "短语在此处无法解析")
    })?;
    let alternation = pairs.flatten().find(|p| p.as_rule() == Rule::alternation);
    let Some(alternation) = alternation else {
        return Err(PhraseFault::new(Span::of(0, text.len()), "the phrase is empty", "短语为空"));
    };
    let expr = any(alternation)?;
    if can_be_empty(&expr) {
        let whole = Span::of(0, text.len());
        return Err(PhraseFault::new(whole, "the phrase can match nothing at all", "短语可能什么都不匹配"));
    }
    Ok(expr)
}

/// Most words of a term have no operator in them and need no grammar.
fn is_plain(text: &str) -> bool {
    let special = |b: u8| b"()[]|&@<>\"?*^$.".contains(&b);
    !text.trim().is_empty() && !text.bytes().any(special)
}

fn bounded_depth(text: &str) -> Result<(), PhraseFault> {
    let mut depth = 0usize;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(PhraseFault::new(
                Span::of(i, i + 1),
                format!("brackets nest deeper than {MAX_DEPTH}"),
                format!("括号嵌套超过 {MAX_DEPTH} 层"),
            ));
        }
    }
    Ok(())
}

fn any(pair: Pair<'_, Rule>) -> Result<Expr, PhraseFault> {
    let mut branches = pair.into_inner().map(both).collect::<Result<Vec<_>, _>>()?;
    Ok(if branches.len() == 1 { branches.remove(0) } else { Expr::Any(branches) })
}

fn both(pair: Pair<'_, Rule>) -> Result<Expr, PhraseFault> {
    let mut whole: Option<Expr> = None;
    let mut reach = PAIR_REACH;
    for part in pair.into_inner() {
        if part.as_rule() == Rule::pair {
            reach = part.into_inner().next().map_or(PAIR_REACH, |c| number(&c));
            continue;
        }
        let next = sequence(part)?;
        whole = Some(match whole {
            None => next,
            Some(first) => Expr::Both(Box::new(first), Box::new(next), reach),
        });
    }
    Ok(whole.unwrap_or_else(|| Expr::Sequence(Vec::new())))
}

fn sequence(pair: Pair<'_, Rule>) -> Result<Expr, PhraseFault> {
    let mut items: Vec<Expr> = Vec::new();
    for part in pair.into_inner() {
        let item = item(part)?;
        // Neighbouring Latin words are one expression, so that the automaton looks for the whole of it.
        if let (Some(Expr::Word { text: before, more: false }), Expr::Word { text, more }) =
            (items.last(), &item)
            && ends_latin(before)
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            let joined = Expr::Word { text: format!("{before} {text}"), more: *more };
            items.pop();
            items.push(joined);
            continue;
        }
        items.push(item);
    }
    Ok(if items.len() == 1 { items.remove(0) } else { Expr::Sequence(items) })
}

fn ends_latin(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

fn item(pair: Pair<'_, Rule>) -> Result<Expr, PhraseFault> {
    let mut inner = pair.into_inner();
    let atom_pair = inner.next().and_then(|a| a.into_inner().next());
    // `(个人)?` holds a single word too, but its brackets make it optional as a whole.
    let is_word = atom_pair.as_ref().is_some_and(|pair| pair.as_rule() == Rule::word);
    let expr = match atom_pair {
        Some(pair) => atom(pair)?,
        None => Expr::Sequence(Vec::new()),
    };
    Ok(match inner.next() {
        None => expr,
        Some(_) if is_word => optional(expr),
        Some(_) => Expr::Optional(Box::new(expr)),
    })
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

fn atom(pair: Pair<'_, Rule>) -> Result<Expr, PhraseFault> {
    let at = Span::of(pair.as_span().start(), pair.as_span().end());
    let rule = pair.as_rule();
    let mut inner = pair.into_inner();
    let first = inner.next();
    Ok(match (rule, first) {
        (Rule::opening, _) => Expr::Opening,
        (Rule::start, _) => Expr::Start,
        (Rule::end, _) => Expr::End,
        (Rule::gap, Some(count)) => Expr::Gap { max: number(&count), far: false },
        (Rule::far_gap, Some(count)) => Expr::Gap { max: number(&count), far: true },
        (Rule::term, Some(name)) => Expr::Term { name: name.as_str().to_owned(), at },
        (Rule::role, Some(name)) => match Slot::from_name(name.as_str()) {
            Some(slot) => Expr::Slot(slot),
            None => return Err(unknown_slot(name.as_str(), at)),
        },
        (Rule::group, Some(inside)) => any(inside)?,
        (Rule::mark, Some(inside)) => Expr::Mark(Box::new(any(inside)?)),
        (Rule::quoted, Some(literal)) => Expr::Word { text: literal.as_str().to_owned(), more: false },
        (Rule::word, Some(letters)) => {
            Expr::Word { text: letters.as_str().to_owned(), more: inner.next().is_some() }
        }
        _ => Expr::Sequence(Vec::new()),
    })
}

fn unknown_slot(name: &str, at: Span) -> PhraseFault {
    let mut fault =
        PhraseFault::new(at, format!("unknown role `<{name}>`"), format!("未知的角色 `<{name}>`"));
    fault.help = crate::spanned::nearest(name, Slot::names())
        .map(|n| Words::new(format!("did you mean `<{n}>`?"), format!("是否想写 `<{n}>`？")));
    fault
}

fn number(pair: &Pair<'_, Rule>) -> u16 {
    pair.as_str().parse().unwrap_or(PAIR_REACH)
}

/// Whether the phrase matches the empty text: such a phrase would match everywhere.
pub(crate) fn can_be_empty(expr: &Expr) -> bool {
    match expr {
        Expr::Word { text, .. } => text.trim().is_empty(),
        Expr::Term { .. } | Expr::Slot(_) => false,
        Expr::Gap { .. } | Expr::Optional(_) | Expr::Opening | Expr::Start | Expr::End => true,
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
    fn a_bracketed_word_is_optional_as_a_whole() {
        let Expr::Sequence(items) = parse("(个人)? 征信").unwrap() else { panic!() };
        assert_eq!(items[0], Expr::Optional(Box::new(word("个人"))));
        assert_eq!(parse("拨打?").unwrap(), Expr::Any(vec![word("拨"), word("拨打")]));
    }

    #[test]
    fn latin_neighbours_are_one_word() {
        assert_eq!(parse("visit your home").unwrap(), word("visit your home"));
        let more = parse("will be arrest*").unwrap();
        assert_eq!(more, Expr::Word { text: "will be arrest".into(), more: true });
    }

    #[test]
    fn a_question_mark_takes_the_last_character() {
        assert_eq!(parse("拨打?").unwrap(), Expr::Any(vec![word("拨"), word("拨打")]));
        assert_eq!(parse("(拨打)? 电话").unwrap(), {
            let optional = Expr::Optional(Box::new(word("拨打")));
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
        assert!(parse("上门? ..8").is_err(), "matches nothing");
        assert!(parse(&"(".repeat(4000)).is_err());
    }
}
