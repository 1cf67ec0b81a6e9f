//! The three rules that samples refer to.

use dunlint::policy::PolicySet;
use std::path::PathBuf;
use std::sync::LazyLock;

/// [`policies`], loaded once.
pub static POLICIES: LazyLock<PolicySet> = LazyLock::new(policies);

/// The rules of `fixtures/reports/policy.toml`, and only those.
fn policies() -> PolicySet {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/reports/policy.toml");
    let shown = "fixtures/reports/policy.toml";
    let (mut policies, problems, _) = PolicySet::load(&[(path, shown.to_owned())]);
    let own: Vec<_> = problems.iter().filter(|problem| problem.path.as_deref() == Some(shown)).collect();
    assert!(own.is_empty(), "{own:?}");
    policies.rules.retain(|rule| rule.policy.0.as_ref() == shown);
    policies.files.retain(|file| file.id == "sample");
    assert_eq!(policies.rules.len(), 3);
    policies
}
