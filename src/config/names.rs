//! The closed lists of names that a configuration may use.

use crate::campaign::foreign;
use crate::policy::JURISDICTIONS;
use crate::source::host;
use crate::template::Profile;
use std::sync::LazyLock;

/// What a `[[source]]` may name: storage formats, and the shapes of other systems' schedules.
pub fn source_hosts() -> Vec<&'static str> {
    host::names().chain(foreign::names()).collect()
}

/// Placeholder languages.
pub const DIALECTS: &[&str] = &[
    "dollar-brace",
    "brace",
    "double-brace",
    "hash",
    "at-var",
    "dlt",
    "printf",
    "custom",
    "none",
    "liquid",
    "braze",
    "handlebars",
    "mustache",
    "jinja",
    "freemarker",
    "velocity",
    "go-template",
    "java-messageformat",
    "icu",
    "python-format",
    "fluent",
];

/// What may be declared about a template, beside `id`, `params`, `defaults` and `vars`.
pub const FACTS: &[&str] = &[
    "dialect",
    "profile",
    "locale",
    "lang",
    "jurisdiction",
    "kind",
    "stage",
    "product",
    "recipient",
    "sender_role",
    "signature",
    "channel",
    "platform",
    "legal_stage",
    "case_no",
    "court",
    "adverse_reporting",
    "time_barred",
    "first_contact",
    "number_verified",
    "visit_consent",
    "send_window",
    "approval",
];

/// Platforms, sorted.
pub fn profiles() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| Profile::names().collect());
    &NAMES
}

/// Levels of a rule in the configuration.
pub const LEVELS: &[&str] = &["off", "note", "warning", "error"];

/// Values of `fail-on`.
pub const FAIL_ON: &[&str] = &["error", "warning", "note", "never"];

/// The values a fact may have, for facts with a closed list of them.
pub fn values_of(fact: &str) -> Option<&'static [&'static str]> {
    Some(match fact {
        "dialect" => DIALECTS,
        "profile" => profiles(),
        "jurisdiction" => &JURISDICTIONS,
        "kind" => &["pre_due", "overdue", "collection_harsh", "confirmation", "marketing", "otp", "other"],
        "recipient" => &["debtor", "contact", "guarantor"],
        "sender_role" => &["creditor", "agency", "debt_buyer", "law_firm"],
        "legal_stage" => &["none", "filed", "judgment", "enforcement"],
        "adverse_reporting" => &["none", "notified", "reported"],
        _ => return None,
    })
}
