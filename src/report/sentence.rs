//! The sentences of rules, with their arguments filled in.

use crate::finding::Finding;
use crate::policy::{Basis, PolicySet, Rule};
use std::borrow::Cow;

/// `pattern` with `{match}` and the finding's other arguments in place. `clean` prepares each value
/// (for a terminal, or not at all).
pub fn fill<'p>(pattern: &'p str, finding: &Finding, clean: impl Fn(&str) -> String) -> Cow<'p, str> {
    if !pattern.contains('{') {
        return Cow::Borrowed(pattern);
    }
    let mut filled = String::with_capacity(pattern.len() + finding.text.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(name, tail)| Some((argument(finding, name)?, tail)));
        match value {
            Some((value, tail)) => {
                filled.push_str(&clean(value));
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

fn argument<'f>(finding: &'f Finding, name: &str) -> Option<&'f str> {
    if name == "match" {
        return Some(&finding.text);
    }
    finding.args.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
}

/// What `rule` rests on in `jurisdiction`: the texts of the jurisdiction, then those that hold everywhere.
pub fn bases<'p>(
    policies: &'p PolicySet,
    rule: &'p Rule,
    jurisdiction: Option<&'p str>,
) -> impl Iterator<Item = &'p Basis> {
    rule.basis_in(jurisdiction).filter_map(|id| policies.bases.get(id))
}
