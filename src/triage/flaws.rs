//! What is wrong with suppressions: findings by the rules of `policies/suppression.toml`, and the list that
//! `dunlint suppressions` prints.
//!
//! Begin at [`Review`].

use super::directive::says_why;
use super::find::Found;
use super::suppress::{self, Ledger, Uses};
use crate::config::Date;
use crate::config::schema::Suppress;
use crate::finding::{About, Applicability, Edit, Finding, Fix, SuppressionKind, fingerprint};
use crate::policy::check::Check;
use crate::policy::check::suppression::{Flaw, Suppression as Stated};
use crate::policy::{PolicySet, Rule};
use crate::source::{Source, Span};
use crate::spanned::nearest;
use crate::words::Words;
use std::collections::HashMap;
use std::sync::Arc;

/// How a suppression stands on the day of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It answers for findings.
    Active,
    /// Its last day is over.
    Expired,
    /// It answers for nothing.
    Unused,
    /// Whether it answers for anything was not to be told: its files were not all looked at.
    Unknown,
    /// It cannot hold: malformed, without a reason, of a rule that there is not.
    Void,
}

impl Status {
    /// The word in lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Unused => "unused",
            Self::Unknown => "unknown",
            Self::Void => "void",
        }
    }
}

/// One suppression of a run, as it is listed.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Where it is written.
    pub kind: SuppressionKind,
    /// In which file.
    pub path: Arc<str>,
    /// Where in it.
    pub span: Span,
    /// The template it speaks of.
    pub template: Option<Arc<str>>,
    /// Rules and families.
    pub names: Vec<String>,
    /// The last day.
    pub until: Option<Date>,
    /// Who answers.
    pub owner: Option<String>,
    /// Why.
    pub reason: String,
    /// How it stands.
    pub status: Status,
    /// Findings that it answers for, or would if it had not ended.
    pub uses: usize,
}

/// What all reviews of a run share.
#[derive(Clone, Copy)]
pub struct Review<'a> {
    /// The rules.
    pub policies: &'a PolicySet,
    /// Names given to `--rule`; empty: all rules ran.
    pub asked: &'a [String],
    /// The day of the run.
    pub today: Date,
}

/// One suppression under review.
struct Entry<'e> {
    source: &'e Source,
    about: Option<&'e Arc<About>>,
    whole: Span,
    /// Name, place, findings answered for, and whether it can be told that there are none.
    names: Vec<(&'e str, Span, usize, bool)>,
    until: Option<(Date, Span)>,
    reason: &'e str,
    malformed: Option<(Span, &'e Words)>,
    homeless: bool,
    /// What deleting it takes.
    removal: Option<Span>,
}

/// What was found wrong.
struct Fault {
    at: Span,
    args: Vec<(&'static str, String)>,
    help: Option<Words>,
    note: Option<Words>,
    fix: Option<Fix>,
}

impl Review<'_> {
    /// What is wrong with the suppressions in a text, and how each stands.
    pub fn ledger(&self, ledger: &Ledger, source: &Source) -> (Vec<Finding>, Vec<Standing>) {
        let mut findings = Vec::new();
        let mut standings = Vec::new();
        for (found, uses) in ledger.found.iter().zip(&ledger.uses) {
            let about = found.template.and_then(|index| ledger.about.get(&index));
            let entry = self.inline(found, uses, about, source, ledger.whole);
            findings.extend(self.judge(&entry));
            let said = found.said.as_ref().ok();
            standings.push(Standing {
                kind: SuppressionKind::Inline,
                path: Arc::clone(&ledger.path),
                span: found.span,
                template: about.map(|about| Arc::clone(&about.id)),
                names: entry.names.iter().map(|(name, ..)| (*name).to_owned()).collect(),
                until: said.and_then(|said| said.until).map(|(day, _)| day),
                owner: said.and_then(|said| said.owner.clone()),
                reason: said.map(|said| said.reason.clone()).unwrap_or_default(),
                status: self.status(&entry),
                uses: uses.iter().sum(),
            });
        }
        (findings, standings)
    }

    /// The same for a `[[suppress]]` of the configuration; `covered` says whether all of its files were looked at.
    pub fn entry(
        &self,
        stated: &Suppress,
        uses: &Uses,
        covered: bool,
        source: &Source,
    ) -> (Vec<Finding>, Standing) {
        let count = uses.get(&suppress::key(&stated.origin)).copied().unwrap_or(0);
        let name = stated.rule.value.as_str();
        let entry = Entry {
            source,
            about: None,
            whole: stated.rule.origin.span,
            names: vec![(name, stated.rule.origin.span, count, covered && self.is_asked(name))],
            until: stated.until.as_ref().map(|set| (set.value, set.origin.span)),
            reason: &stated.reason,
            malformed: None,
            homeless: false,
            removal: None,
        };
        let standing = Standing {
            kind: SuppressionKind::Config,
            path: Arc::clone(&stated.origin.path),
            span: stated.rule.origin.span,
            template: None,
            names: vec![name.to_owned()],
            until: stated.until.as_ref().map(|set| set.value),
            owner: stated.owner.clone(),
            reason: stated.reason.clone(),
            status: self.status(&entry),
            uses: count,
        };
        (self.judge(&entry), standing)
    }

    fn inline<'e>(
        &self,
        found: &'e Found,
        uses: &[usize],
        about: Option<&'e Arc<About>>,
        source: &'e Source,
        whole: bool,
    ) -> Entry<'e> {
        let said = found.said.as_ref().ok();
        let names = said.map(|said| said.names.as_slice()).unwrap_or_default();
        Entry {
            source,
            about,
            whole: found.span,
            names: names
                .iter()
                .zip(uses)
                .map(|((name, span), count)| (name.as_str(), *span, *count, whole && self.is_asked(name)))
                .collect(),
            until: said.and_then(|said| said.until),
            reason: said.map_or("", |said| &said.reason),
            malformed: found.said.as_ref().err().map(|wrong| (wrong.at, &wrong.why)),
            homeless: found.template.is_none(),
            removal: found.removal,
        }
    }

    /// Whether every rule that `name` means ran.
    fn is_asked(&self, name: &str) -> bool {
        let family = |name: &str| name.split('/').next().unwrap_or(name).to_owned();
        self.asked.is_empty()
            || self.asked.iter().any(|asked| {
                let asked = asked.strip_prefix("family:").unwrap_or(asked);
                let named = name.strip_prefix("family:").unwrap_or(name);
                asked == named || asked == family(named)
            })
    }

    fn is_known(&self, name: &str) -> bool {
        match name.strip_prefix("family:") {
            Some(family) => {
                family != suppress::FAMILY && self.policies.rules.iter().any(|rule| rule.family() == family)
            }
            None => !name.starts_with("suppression/") && self.policies.rule(name).is_some(),
        }
    }

    fn status(&self, entry: &Entry<'_>) -> Status {
        let void = entry.malformed.is_some()
            || !says_why(entry.reason)
            || entry.names.iter().all(|(name, ..)| !self.is_known(name));
        if void {
            Status::Void
        } else if entry.until.is_some_and(|(day, _)| day < self.today) {
            Status::Expired
        } else if entry.names.iter().any(|(_, _, uses, _)| *uses > 0) {
            Status::Active
        } else if entry.names.iter().all(|(.., told)| *told) {
            Status::Unused
        } else {
            Status::Unknown
        }
    }

    /// Everything that the rules say about one suppression.
    fn judge(&self, entry: &Entry<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, rule) in self.policies.rules.iter().enumerate() {
            let Check::Suppression(stated) = &rule.check else { continue };
            let concerned = stated.families.is_empty()
                || entry.names.iter().any(|(name, ..)| {
                    let name = name.strip_prefix("family:").unwrap_or(name);
                    stated.families.iter().any(|family| name.split('/').next() == Some(family))
                });
            if !concerned {
                continue;
            }
            let faults = self.faults(entry, stated);
            let mut seen: HashMap<String, usize> = HashMap::new();
            findings.extend(faults.into_iter().map(|fault| {
                let text = fault.at.of_text(&entry.source.text).to_owned();
                let nth = seen.entry(text.clone()).or_default();
                *nth += 1;
                finding(index, rule, entry, fault, text, *nth - 1)
            }));
        }
        findings
    }

    fn faults(&self, entry: &Entry<'_>, stated: &Stated) -> Vec<Fault> {
        let fault = |at: Span| Fault { at, args: Vec::new(), help: None, note: None, fix: None };
        let readable = entry.malformed.is_none();
        let until = entry.until.filter(|_| readable);
        let ended = until.is_some_and(|(day, _)| day < self.today);
        let day = |day: Date| vec![("until", day.to_string())];
        match stated.flaw {
            Flaw::Malformed => {
                let wrong = entry.malformed.iter();
                wrong.map(|(at, why)| Fault { note: Some((*why).clone()), ..fault(*at) }).collect()
            }
            Flaw::NoReason if readable && !says_why(entry.reason) => vec![fault(entry.whole)],
            Flaw::NoUntil if readable && until.is_none() => vec![fault(entry.whole)],
            Flaw::Expired if ended => {
                until.iter().map(|(last, at)| Fault { args: day(*last), ..fault(*at) }).collect()
            }
            Flaw::TooLong => {
                let (Some((last, at)), false) = (until, ended) else { return Vec::new() };
                let days = last.days_after(self.today);
                let args = || {
                    let mut args = day(last);
                    args.extend([("days", days.to_string()), ("most", stated.days.to_string())]);
                    args
                };
                if days > i64::from(stated.days) { vec![Fault { args: args(), ..fault(at) }] } else { vec![] }
            }
            Flaw::UnknownRule => {
                let unknown = entry.names.iter().filter(|(name, ..)| !self.is_known(name));
                unknown
                    .map(|(name, at, ..)| {
                        let meant = self.meant(name);
                        let help = meant.as_ref().map(|near| {
                            Words::new(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？"))
                        });
                        // Only where the name itself is marked can it be written anew.
                        let exact = at.of_text(&entry.source.text) == *name;
                        let fix = meant.filter(|_| exact).map(|near| Fix {
                            title: Words::new(format!("Write `{near}`"), format!("改为 `{near}`")),
                            applicability: Applicability::Unsafe,
                            edits: vec![Edit { span: *at, replacement: near }],
                        });
                        Fault { help, fix, ..fault(*at) }
                    })
                    .collect()
            }
            Flaw::Unused if readable && !ended && says_why(entry.reason) => {
                let unused = entry
                    .names
                    .iter()
                    .filter(|(name, _, uses, told)| *uses == 0 && *told && self.is_known(name));
                unused
                    .map(|(_, at, ..)| Fault {
                        note: homeless(entry),
                        fix: deletion(entry, *at),
                        ..fault(*at)
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The rule or family that was meant.
    fn meant(&self, name: &str) -> Option<String> {
        let families: Vec<String> =
            self.policies.rules.iter().map(|rule| format!("family:{}", rule.family())).collect();
        let near = families.iter().find(|family| family.strip_prefix("family:") == Some(name));
        let known = self.policies.rules.iter().map(|rule| rule.id.as_str());
        let known = known.chain(families.iter().map(String::as_str));
        near.map(String::as_str).or_else(|| nearest(name, known)).map(str::to_owned)
    }
}

fn homeless(entry: &Entry<'_>) -> Option<Words> {
    entry.homeless.then(|| {
        Words::new(
            "no message follows it: it speaks of the one it stands in, behind on the same line, or above",
            "其后没有模板：豁免作用于其所在、同一行之前或紧随其后的模板",
        )
    })
}

/// Takes the name at `at` out of a suppression, or the whole of it when it names nothing else.
fn deletion(entry: &Entry<'_>, at: Span) -> Option<Fix> {
    let index = entry.names.iter().position(|(_, span, ..)| *span == at)?;
    let end_before = index.checked_sub(1).and_then(|before| entry.names.get(before)).map(|name| name.1.end);
    let span = match (end_before, entry.names.get(index + 1)) {
        (Some(end), _) => Span::new(end.min(at.start), at.end),
        (None, Some((_, next, ..))) => Span::new(at.start, next.start.max(at.end)),
        (None, None) => entry.removal?,
    };
    // Where names have no places of their own, none can be taken out alone.
    let exact = entry.names.iter().all(|(name, span, ..)| span.of_text(&entry.source.text) == *name);
    (exact || entry.names.len() == 1).then(|| Fix {
        title: Words::new("Delete the suppression", "删除该豁免"),
        applicability: Applicability::Safe,
        edits: vec![Edit { span, replacement: String::new() }],
    })
}

fn finding(index: usize, rule: &Rule, entry: &Entry<'_>, fault: Fault, text: String, nth: usize) -> Finding {
    let id = entry.about.map_or("", |about| &*about.id);
    Finding {
        rule: index,
        level: rule.level,
        confidence: rule.confidence,
        path: Arc::clone(&entry.source.path),
        about: entry.about.cloned(),
        jurisdiction: None,
        primary: fault.at,
        fingerprint: fingerprint(&rule.id, &entry.source.path, id, &text, nth),
        text,
        args: fault.args,
        labels: Vec::new(),
        notes: fault.note.into_iter().collect(),
        help: fault.help.map(Box::new),
        when: Vec::new(),
        fixes: fault.fix.into_iter().collect(),
        suppression: None,
        baseline: None,
    }
}
