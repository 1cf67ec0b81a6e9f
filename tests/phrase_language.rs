//! What each operator of the pattern language promises, proved by the examples of a policy that a reader can
//! learn it from.

use dunlint::policy::{PolicySet, prove};
use std::path::Path;

#[test]
fn every_operator_does_what_its_examples_say() {
    let shown = "fixtures/policies/phrase-language.toml";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(shown);
    let (policies, problems, _) = PolicySet::load_whole(&[(path, shown.to_owned())]);
    assert!(problems.is_empty(), "{problems:#?}");
    let own = policies.rules.iter().filter(|rule| &*rule.policy.0 == shown).count();
    assert!(own >= 24, "only {own} rules were read");
    let failures: Vec<_> = prove::prove(&policies)
        .into_iter()
        .filter(|problem| problem.path.as_deref() == Some(shown))
        .map(|problem| problem.message.en)
        .collect();
    assert!(failures.is_empty(), "{failures:#?}");
}
