//! Every phrase of every rule, compiled: all words are found in one pass over a folded text, and a phrase is
//! only tried where one of its first words stands.
//!
//! Begin at [`Builder`], which interns words, terms and groups of phrases, and [`Lexicon::scan`] in
//! [`super::matching`], which runs them.

use super::lists::Lists;
use super::memory::Memory;
use super::needles::{Needle, Needles};
use super::packed;
use super::phrase::{Expr, PhraseFault};
use super::program::{Lead, LeadId, Leads, Op, OpId, Program, SetId};
use crate::source::Span;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// A list of phrases that answer one question (a rule's words, its exceptions, a frame, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GroupId(pub(crate) u32);

/// A compiled phrase.
#[derive(Debug)]
pub(crate) struct Phrase {
    pub(crate) op: OpId,
    pub(crate) group: GroupId,
    /// What it can begin with.
    pub(crate) lead: LeadId,
    /// Its words stand in one sentence, else in one clause.
    pub(crate) far: bool,
}

/// What must be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A word of this set.
    Set(SetId),
    /// A word of one of the sets that [`Lexicon::choices`] lists under this number.
    OneOf(u32),
}

/// A phrase that is worth a look, and whether its words stand in one sentence only ([`Phrase::far`]).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worth {
    pub(crate) phrase: u32,
    pub(crate) far: bool,
    /// The second rarest of what it needs, or the only one: nearly every look ends with it.
    pub(crate) also: Need,
}

/// All phrases, ready to be run. Shared by all threads.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Lexicon {
    /// Sentences that were searched before.
    #[serde(skip)]
    pub(super) memory: Memory,
    /// Words that hold the end of a sentence: around them sentences are not taken apart.
    joints: Vec<String>,
    pub(crate) needles: Needles,
    /// The sets each word belongs to, sorted.
    pub(crate) sets_of_needle: Lists<SetId>,
    pub(crate) program: Program,
    pub(crate) leads: Leads,
    #[serde(with = "packed")]
    pub(crate) phrases: Vec<Phrase>,
    /// What each phrase needs, the rarest first: it cannot match unless each of these is met.
    pub(crate) needs_of_phrase: Lists<Need>,
    /// Sets of which one is enough.
    pub(crate) choices: Lists<SetId>,
    /// For each set, the phrases that are worth a look when it is seen: each phrase stands at the rarest of the
    /// things it requires, a set or one of several.
    pub(crate) phrases_by_set: Lists<Worth>,
    /// The same for each choice.
    pub(crate) phrases_by_choice: Lists<Worth>,
    /// The choices of phrases that each set belongs to.
    pub(crate) choices_of_set: Lists<u32>,
    /// Phrases that require no word.
    #[serde(with = "packed")]
    pub(crate) wordless: Vec<u32>,
}

impl Lexicon {
    /// How many groups there are.
    pub(crate) fn groups(&self) -> usize {
        // Phrases are added group by group.
        self.phrases.last().map_or(0, |phrase| phrase.group.0 as usize + 1)
    }

    /// Whether a word of the lexicon may stand in two sentences of `text` at once.
    pub(crate) fn is_joined(&self, text: &str) -> bool {
        self.joints.iter().any(|word| text.contains(word.as_str()))
    }
}

/// Whether a word holds what may end a sentence. A mark that is a word by itself ends the sentence it stands
/// in, and a phrase with it.
fn is_joint(word: &str) -> bool {
    let rest_of = |at: usize| word.get(at + 1..).unwrap_or("");
    let full_stop = |(at, _): (usize, &str)| rest_of(at).is_empty() || rest_of(at).starts_with(' ');
    word.chars().nth(1).is_some()
        && (word.contains([';', '!', '?', '\n', '。']) || word.match_indices('.').any(full_stop))
}

/// A term as a policy file defines it.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) phrases: Vec<Expr>,
}

/// Collects terms and groups and compiles them.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    terms: BTreeMap<String, Term>,
    compiled_terms: HashMap<String, OpId>,
    open_terms: Vec<String>,
    needles: HashMap<Needle, u32>,
    set_ids: HashMap<Vec<u32>, SetId>,
    sets: Vec<Vec<u32>>,
    program: Program,
    leads: Vec<Lead>,
    lead_ids: HashMap<Lead, LeadId>,
    phrases: Vec<Phrase>,
    /// For each phrase, the lists of sets of which one must be seen.
    required: Vec<Vec<Vec<SetId>>>,
    groups: u32,
}

impl Builder {
    /// A builder that knows `terms`.
    pub(crate) fn new(terms: BTreeMap<String, Term>) -> Self {
        Self { terms, ..Self::default() }
    }

    /// The names of all terms.
    pub(crate) fn term_names(&self) -> impl Iterator<Item = &str> {
        self.terms.keys().map(String::as_str)
    }

    /// An empty group.
    pub(crate) fn group(&mut self) -> GroupId {
        let id = GroupId(self.groups);
        self.groups += 1;
        id
    }

    /// Compiles `expr` into `group`.
    ///
    /// # Errors
    /// An unknown term, a cycle of terms, or a phrase that begins with a gap.
    pub(crate) fn add(&mut self, group: GroupId, expr: &Expr) -> Result<(), PhraseFault> {
        let op = self.compile(expr)?;
        let lead = Lead::of(&self.program, op);
        if lead.open && !lead.anchored {
            return Err(PhraseFault::new(
                Span::default(),
                "a phrase must begin with a word, a term or a role, not with a gap",
                "短语必须以词、术语或角色开头，不能以间隔开头",
            ));
        }
        let mut required = Vec::new();
        self.required(op, &mut required);
        required.truncate(4);
        let lead = self.intern(lead);
        self.phrases.push(Phrase { op, group, lead, far: self.program.is_far(op) });
        self.required.push(required);
        Ok(())
    }

    /// Compiles the terms nobody used, so that their mistakes are told too.
    pub(crate) fn check_term(&mut self, name: &str) -> Result<(), PhraseFault> {
        self.term(name, Span::default()).map(|_| ())
    }

    fn push(&mut self, op: Op) -> OpId {
        self.program.push(op)
    }

    fn compile(&mut self, expr: &Expr) -> Result<OpId, PhraseFault> {
        Ok(match expr {
            Expr::Word { text, more } => {
                let needle = self.needle(text, *more);
                let set = self.set(vec![needle]);
                self.push(Op::Set(set))
            }
            Expr::Term { name, at } => self.term(name, *at)?,
            Expr::Slot(slot) => self.push(Op::Slot(*slot)),
            Expr::Gap { max, far } => self.push(Op::Gap { max: *max, far: *far, next: None }),
            Expr::Sequence(items) => {
                let ops = items.iter().map(|i| self.compile(i)).collect::<Result<Vec<_>, _>>()?;
                self.look_ahead(&ops);
                let steps = self.program.push_steps(&ops);
                self.push(Op::Sequence(steps))
            }
            Expr::Any(branches) => self.any(branches)?,
            Expr::Optional(inside) => {
                let op = self.compile(inside)?;
                self.push(Op::Optional(op))
            }
            Expr::Both(a, b, max) => {
                let sides = [self.compile(a)?, self.compile(b)?];
                let leads = sides.map(|side| self.closed_lead(&[side]));
                self.push(Op::Both { sides, leads, max: *max })
            }
            Expr::Mark(inside) => {
                let op = self.compile(inside)?;
                self.push(Op::Mark(op))
            }
            Expr::Opening => self.push(Op::Opening),
            Expr::Start => self.push(Op::Start),
            Expr::End => self.push(Op::End),
            Expr::Closing => self.push(Op::Closing),
        })
    }

    /// Tells each gap of a sequence what may stand behind it.
    fn look_ahead(&mut self, items: &[OpId]) {
        for (index, item) in items.iter().enumerate() {
            let lead = self.closed_lead(items.get(index + 1..).unwrap_or_default());
            self.program.look_ahead(*item, lead);
        }
    }

    /// What `items` can begin with, if they cannot be empty and do not begin with a gap.
    fn closed_lead(&mut self, items: &[OpId]) -> Option<LeadId> {
        let lead = Lead::of_all(&self.program, items);
        (!lead.empty && !lead.open).then(|| self.intern(lead))
    }

    fn intern(&mut self, mut lead: Lead) -> LeadId {
        lead.sets.sort_unstable();
        lead.sets.dedup();
        lead.slots.sort_unstable();
        lead.slots.dedup();
        if let Some(id) = self.lead_ids.get(&lead) {
            return *id;
        }
        let id = LeadId(u32::try_from(self.leads.len()).unwrap_or(u32::MAX));
        self.leads.push(lead.clone());
        self.lead_ids.insert(lead, id);
        id
    }

    /// Alternatives: words among them become one set, so that a term of a hundred words is one step.
    fn any(&mut self, branches: &[Expr]) -> Result<OpId, PhraseFault> {
        let mut words = Vec::new();
        let mut ops = Vec::new();
        for branch in branches {
            let op = match branch {
                Expr::Word { text, more } => {
                    words.push(self.needle(text, *more));
                    continue;
                }
                other => self.compile(other)?,
            };
            match self.program.op(op) {
                Some(Op::Set(set)) => words.extend(self.sets.get(set.0 as usize).into_iter().flatten()),
                _ => ops.push(op),
            }
        }
        if !words.is_empty() {
            let set = self.set(words);
            ops.insert(0, self.push(Op::Set(set)));
        }
        Ok(match ops.as_slice() {
            [only] => *only,
            _ => {
                let steps = self.program.push_steps(&ops);
                self.push(Op::Any(steps))
            }
        })
    }

    fn term(&mut self, name: &str, at: Span) -> Result<OpId, PhraseFault> {
        if let Some(op) = self.compiled_terms.get(name) {
            return Ok(*op);
        }
        if self.open_terms.iter().any(|open| open == name) {
            let way = self.open_terms.join(" → @");
            return Err(PhraseFault::new(
                at,
                format!("`@{name}` is defined by itself: @{way} → @{name}"),
                format!("`@{name}` 循环定义：@{way} → @{name}"),
            ));
        }
        let Some(term) = self.terms.get(name) else {
            let mut fault =
                PhraseFault::new(at, format!("unknown term `@{name}`"), format!("未知的术语 `@{name}`"));
            fault.help = crate::spanned::nearest(name, self.term_names()).map(|near| {
                crate::words::Words::new(format!("did you mean `@{near}`?"), format!("是否想写 `@{near}`？"))
            });
            return Err(fault);
        };
        let phrases = term.phrases.clone();
        self.open_terms.push(name.to_owned());
        let op = self.any(&phrases);
        self.open_terms.pop();
        let op = op?;
        self.compiled_terms.insert(name.to_owned(), op);
        Ok(op)
    }

    fn needle(&mut self, text: &str, more: bool) -> u32 {
        let text = crate::text::fold::fold_word(text.trim());
        let next = u32::try_from(self.needles.len()).unwrap_or(u32::MAX);
        *self.needles.entry(Needle { text, more }).or_insert(next)
    }

    fn set(&mut self, mut words: Vec<u32>) -> SetId {
        words.sort_unstable();
        words.dedup();
        if let Some(id) = self.set_ids.get(&words) {
            return *id;
        }
        let id = SetId(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        self.sets.push(words.clone());
        self.set_ids.insert(words, id);
        id
    }

    /// Adds the sets without which the step cannot match, as a list of "one of these".
    fn required(&self, op: OpId, out: &mut Vec<Vec<SetId>>) {
        match self.program.op(op) {
            Some(Op::Set(set)) => out.push(vec![*set]),
            Some(Op::Sequence(items)) => {
                self.program.steps(*items).iter().for_each(|item| self.required(*item, out));
            }
            Some(Op::Both { sides, .. }) => sides.iter().for_each(|side| self.required(*side, out)),
            Some(Op::Mark(inside)) => self.required(*inside, out),
            Some(Op::Any(branches)) => {
                let mut one_of = Vec::new();
                for branch in self.program.steps(*branches) {
                    let mut needs = Vec::new();
                    self.required(*branch, &mut needs);
                    match needs.into_iter().next() {
                        Some(first) => one_of.extend(first),
                        None => return,
                    }
                }
                out.push(one_of);
            }
            _ => {}
        }
    }

    /// The finished lexicon.
    pub(crate) fn build(mut self) -> Lexicon {
        let lengths: HashMap<u32, usize> =
            self.needles.iter().map(|(needle, id)| (*id, needle.text.len())).collect();
        for required in &mut self.required {
            required.sort_by_cached_key(|sets| Reverse(rarity(sets, &self.sets, &lengths)));
        }
        let (choices, needs_of_phrase) = intern(self.required);
        let mut phrases_by_set = vec![Vec::new(); self.sets.len()];
        let mut phrases_by_choice = vec![Vec::new(); choices.len()];
        let mut wordless = Vec::new();
        for (index, phrase) in (0..).zip(&self.phrases) {
            let needs = needs_of_phrase.get(index);
            let list = match needs.first() {
                Some(Need::Set(set)) => phrases_by_set.get_mut(set.0 as usize),
                Some(Need::OneOf(number)) => phrases_by_choice.get_mut(*number as usize),
                None => {
                    wordless.push(index);
                    continue;
                }
            };
            let worth = needs.get(1).or(needs.first()).map(|also| Worth {
                phrase: index,
                far: phrase.far,
                also: *also,
            });
            list.into_iter().for_each(|list| list.extend(worth));
        }
        let choices_of_set = choices_of_set(self.sets.len(), &choices, &phrases_by_choice);
        let mut asked = vec![false; self.sets.len()];
        for set in self.phrases.iter().flat_map(|phrase| self.program.sets_of(phrase.op)) {
            asked.get_mut(set.0 as usize).into_iter().for_each(|asked| *asked = true);
        }
        let mut joints: Vec<String> =
            self.needles.keys().filter(|needle| is_joint(&needle.text)).map(|n| n.text.clone()).collect();
        joints.sort_unstable();
        let (needles, sets_of_needle) = by_needle(self.needles, &self.sets, &asked);
        Lexicon {
            memory: Memory::default(),
            joints,
            needles,
            sets_of_needle,
            choices,
            needs_of_phrase,
            phrases_by_set: phrases_by_set.into_iter().collect(),
            phrases_by_choice: phrases_by_choice.into_iter().collect(),
            choices_of_set,
            wordless,
            program: self.program,
            leads: self.leads.into_iter().collect(),
            phrases: self.phrases,
        }
    }
}

/// Each list of several sets once, and what each phrase needs.
fn intern(required: Vec<Vec<Vec<SetId>>>) -> (Lists<SetId>, Lists<Need>) {
    let (mut choices, mut of_phrase) = (Lists::default(), Lists::default());
    let mut known: HashMap<Vec<SetId>, Need> = HashMap::new();
    for needs in required {
        of_phrase.push(needs.into_iter().map(|sets| match (sets.as_slice(), known.get(&sets)) {
            ([only], _) => Need::Set(*only),
            (_, Some(need)) => *need,
            _ => {
                let need = Need::OneOf(u32::try_from(choices.len()).unwrap_or(u32::MAX));
                choices.push(sets.iter().copied());
                known.insert(sets, need);
                need
            }
        }));
    }
    (choices, of_phrase)
}

/// The choices that each of `sets` sets belongs to, of those by which phrases are found.
fn choices_of_set(sets: usize, choices: &Lists<SetId>, phrases: &[Vec<Worth>]) -> Lists<u32> {
    let mut of_set = vec![Vec::new(); sets];
    for (number, _) in (0..).zip(phrases).filter(|(_, phrases)| !phrases.is_empty()) {
        for set in choices.get(number) {
            of_set.get_mut(set.0 as usize).into_iter().for_each(|list| list.push(number));
        }
    }
    of_set.into_iter().collect()
}

/// The words in the order of their text, with the sets of each that some phrase asks for: a word that
/// stands alone as a set and in ten terms leads to eleven sets.
fn by_needle(needles: HashMap<Needle, u32>, sets: &[Vec<u32>], asked: &[bool]) -> (Needles, Lists<SetId>) {
    let mut of_id: Vec<Vec<SetId>> = vec![Vec::new(); needles.len()];
    for ((set, words), _) in (0..).map(SetId).zip(sets).zip(asked).filter(|(_, asked)| **asked) {
        for word in words {
            if let Some(list) = of_id.get_mut(*word as usize) {
                list.push(set);
            }
        }
    }
    let mut sorted: Vec<(Needle, u32)> = needles.into_iter().collect();
    sorted.retain(|(needle, _)| !needle.text.is_empty());
    sorted.sort_unstable();
    let sets_of = |(_, id): &(Needle, u32)| of_id.get(*id as usize).cloned().unwrap_or_default();
    (Needles::new(sorted.iter().map(|(needle, _)| needle)), sorted.iter().map(sets_of).collect())
}

/// How rare a text is that has a word of these sets: the length of the shortest word, in bytes, and the fewer
/// words the better.
fn rarity(one_of: &[SetId], sets: &[Vec<u32>], lengths: &HashMap<u32, usize>) -> (usize, Reverse<usize>) {
    let words = || one_of.iter().filter_map(|set| sets.get(set.0 as usize)).flatten();
    let length = |word: &u32| lengths.get(word).copied().unwrap_or(0);
    (words().map(length).min().unwrap_or(0), Reverse(words().count()))
}
