//! Which suppression answers for a finding.
//!
//! Begin at [`in_force`].

use super::directive::says_why;
use super::find::Found;
use crate::config::schema::Suppress;
use crate::config::{Date, FileSettings, Origin};
use crate::finding::{About, Suppression, SuppressionKind};
use crate::source::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// The family of findings about suppressions, which nothing suppresses.
pub const FAMILY: &str = "suppression";

/// Somebody's word that findings of one rule or family are answered for. One without a reason is none.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Where it is written.
    pub kind: SuppressionKind,
    /// `family/name` or `family:name`.
    pub name: &'a str,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Why.
    pub reason: &'a str,
    /// Who answers.
    pub owner: Option<&'a str>,
}

impl Claim<'_> {
    /// Whether it has ended on `today`: its last day still counts.
    pub fn has_ended(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

/// Whether `name`, of a suppression, means the rule `id`.
pub fn speaks_of(name: &str, id: &str) -> bool {
    name == id || name.strip_prefix("family:").is_some_and(|family| id.split('/').next() == Some(family))
}

/// The claim that answers for a finding of the rule `id` on the day `today`, and what it makes of the finding. One
/// that still holds stands before one that has ended; of several the first. Every path of the program asks
/// here and nowhere else.
pub fn in_force<'a, K>(
    claims: impl Iterator<Item = (K, Claim<'a>)>,
    id: &str,
    today: Date,
) -> Option<(K, Suppression)> {
    if id.split('/').next() == Some(FAMILY) {
        return None;
    }
    let claims = claims.filter(|(_, claim)| speaks_of(claim.name, id) && says_why(claim.reason));
    let (key, claim) = claims.min_by_key(|(_, claim)| claim.has_ended(today))?;
    let suppression = Suppression {
        kind: claim.kind,
        expired: claim.has_ended(today),
        reason: claim.reason.to_owned(),
        until: claim.until.map(|day| day.to_string()),
        owner: claim.owner.map(str::to_owned),
    };
    Some((key, suppression))
}

impl Suppress {
    /// What the entry claims.
    pub fn claim(&self) -> Claim<'_> {
        Claim {
            kind: SuppressionKind::Config,
            name: &self.rule.value,
            until: self.until.as_ref().map(|set| set.value),
            reason: &self.reason,
            owner: self.owner.as_deref(),
        }
    }
}

/// How many findings each `[[suppress]]` of the configurations answered for, by its place.
pub type Uses = HashMap<(Arc<str>, Span), usize>;

/// The key of a `[[suppress]]` in [`Uses`].
pub fn key(origin: &Origin) -> (Arc<str>, Span) {
    (Arc::clone(&origin.path), origin.span)
}

/// The suppressions of one file, with what they answered for.
#[derive(Debug)]
pub struct Ledger {
    /// The file.
    pub path: Arc<str>,
    /// Its suppressions.
    pub found: Vec<Found>,
    /// Findings that each name of each suppression answered for.
    pub uses: Vec<Vec<usize>>,
    /// The templates of the file that have some, by their index.
    pub about: HashMap<usize, Arc<About>>,
    /// Whether all of the file could be looked at: else nothing can be called unused.
    pub whole: bool,
}

/// Who answered: a name of a suppression in the text, or an entry of the configuration.
#[derive(Clone, Copy)]
enum By<'a> {
    Inline(usize, usize),
    Config(&'a Origin),
}

impl Ledger {
    /// Nothing answered yet.
    pub fn new(path: &Arc<str>, found: Vec<Found>, whole: bool) -> Self {
        let uses = found.iter().map(|one| vec![0; one.said.as_ref().map_or(0, |said| said.names.len())]);
        Self { path: Arc::clone(path), uses: uses.collect(), found, about: HashMap::new(), whole }
    }

    /// Notes as what the template number `index` is judged, if a suppression speaks of it.
    pub fn about(&mut self, index: usize, about: &Arc<About>) {
        if self.found.iter().any(|one| one.template == Some(index)) {
            self.about.insert(index, Arc::clone(about));
        }
    }

    /// The number of the template called `id`, if a suppression speaks of it.
    pub fn template(&self, id: &str) -> Option<usize> {
        self.about.iter().find(|(_, about)| &*about.id == id).map(|(index, _)| *index)
    }

    /// What answers for a finding of the rule `id` about the template number `template`, or about the file.
    pub fn answer(
        &mut self,
        template: Option<usize>,
        id: &str,
        settings: &FileSettings<'_>,
        uses: &mut Uses,
        today: Date,
    ) -> Option<Suppression> {
        if self.found.is_empty() && settings.suppress.is_empty() {
            return None;
        }
        let inline = self.found.iter().enumerate().filter(|(_, one)| one.template == template);
        let inline = inline.flat_map(|(index, one)| {
            let said = one.said.iter();
            said.flat_map(move |said| {
                said.names.iter().enumerate().map(move |(n, (name, _))| {
                    let claim = Claim {
                        kind: SuppressionKind::Inline,
                        name,
                        until: said.until.map(|(day, _)| day),
                        reason: &said.reason,
                        owner: said.owner.as_deref(),
                    };
                    (By::Inline(index, n), claim)
                })
            })
        });
        let config = settings.suppress.iter().map(|entry| (By::Config(&entry.origin), entry.claim()));
        let (by, suppression) = in_force(inline.chain(config), id, today)?;
        match by {
            By::Inline(index, name) => {
                let count = self.uses.get_mut(index).and_then(|uses| uses.get_mut(name));
                count.into_iter().for_each(|count| *count += 1);
            }
            By::Config(origin) => *uses.entry(key(origin)).or_default() += 1,
        }
        Some(suppression)
    }
}
