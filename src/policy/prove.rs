//! Every rule against its own examples.

use super::PolicySet;
use crate::problem::Problem;

/// Each example that a rule does not live up to, at its place in the policy file.
pub fn prove(_policies: &PolicySet) -> Vec<Problem> {
    Vec::new()
}
