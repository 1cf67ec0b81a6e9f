//! What the built-in policies promise: they load, prove themselves, rest on something, and claim no more
//! than what they rest on.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::policy::basis::Seen;
use dunlint::policy::{FAMILIES, Force, PolicySet, prove};
use dunlint::source::Source;
use dunlint::words::Lang;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static WHOLE: LazyLock<PolicySet> = LazyLock::new(|| {
    let (set, problems, _) = PolicySet::load_whole(&[]);
    assert!(problems.is_empty(), "{problems:#?}");
    set
});

/// The names of the built-in policy files in the order they were compiled in.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    WHOLE.files.iter().map(|file| folder.join(format!("{}.toml", file.id))).collect()
}

#[test]
fn the_image_equals_a_fresh_compilation() {
    let (image, problems, _) = PolicySet::load(&[]);
    assert!(problems.is_empty(), "{problems:#?}");
    let fresh: Vec<Source> = files()
        .iter()
        .map(|file| {
            let name = format!("policies/{}", file.file_name().unwrap().to_str().unwrap());
            Source::from_text(&name, std::fs::read_to_string(file).unwrap())
        })
        .collect();
    let fresh = PolicySet::image(&fresh).unwrap();
    assert!(postcard::to_stdvec(&image).unwrap() == fresh, "the stored image is of other policies");
    assert!(postcard::to_stdvec(&*WHOLE).unwrap() == fresh, "policies read anew differ from the image");
}

#[test]
fn every_policy_file_is_compiled_in() {
    let compiled: BTreeSet<PathBuf> = files().into_iter().collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let on_disk: BTreeSet<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|e| e == "toml"))
        // Roles of placeholders and facts about platforms are no policies.
        .filter(|file| !file.ends_with("roles.toml") && !file.ends_with("profiles.toml"))
        .collect();
    assert_eq!(compiled, on_disk);
}

#[test]
fn every_rule_holds_on_its_examples() {
    let failures = prove::prove(&WHOLE);
    let told: Vec<&str> = failures.iter().map(|failure| failure.message.get(Lang::En)).collect();
    assert!(told.is_empty(), "{told:#?}");
    for rule in &WHOLE.rules {
        assert!(!rule.fail.is_empty(), "{} has no text it reports", rule.id);
        assert!(!rule.pass.is_empty(), "{} has no text it stays silent on", rule.id);
        assert!(rule.fail.iter().all(|example| !example.marks.is_empty()), "{}", rule.id);
    }
}

#[test]
fn every_rule_rests_on_something_known() {
    for rule in &WHOLE.rules {
        assert!(!rule.basis.is_empty(), "{}", rule.id);
        for (jurisdiction, ids) in &rule.basis {
            assert!(!ids.is_empty(), "{} in {jurisdiction}", rule.id);
            for id in ids {
                let basis = WHOLE.bases.get(id).unwrap_or_else(|| panic!("{} rests on {id}", rule.id));
                let holds = basis.jurisdiction.iter().any(|j| j == "any" || j == jurisdiction);
                assert!(holds, "{}: {id} is not of {jurisdiction}", rule.id);
            }
        }
    }
}

#[test]
fn no_clause_is_cited_that_was_not_seen() {
    for basis in WHOLE.bases.values() {
        assert!(basis.seen != Seen::Summary || basis.clause.is_none(), "{}", basis.id);
        assert!(basis.seen != Seen::Own || basis.clause.is_none(), "{}", basis.id);
        assert_eq!(basis.seen == Seen::Own, basis.force == Force::House, "{}", basis.id);
        assert!(!basis.title.get(Lang::En).is_empty() && !basis.title.get(Lang::ZhHans).is_empty());
    }
}

#[test]
fn no_rule_says_what_a_court_says() {
    for rule in &WHOLE.rules {
        for (name, words) in [("title", &rule.title), ("message", &rule.message), ("help", &rule.help)] {
            for lang in [Lang::En, Lang::ZhHans, Lang::ZhHant] {
                let text = words.get(lang);
                let lower = text.to_lowercase();
                assert!(!text.contains("违法") && !text.contains("違法"), "{} {name}: {text}", rule.id);
                assert!(
                    !lower.contains("illegal") && !lower.contains("unlawful"),
                    "{} {name}: {text}",
                    rule.id
                );
                assert!(!text.trim().is_empty() || name == "help", "{} has no {name}", rule.id);
            }
        }
    }
}

#[test]
fn every_family_has_rules() {
    let with_rules: BTreeSet<&str> = WHOLE.rules.iter().map(|rule| rule.family()).collect();
    for family in FAMILIES.iter() {
        assert!(with_rules.contains(family), "{family}");
    }
    assert!(with_rules.iter().all(|family| FAMILIES.contains(family)), "{with_rules:?}");
    assert!(WHOLE.rules.len() >= 45, "{}", WHOLE.rules.len());
    assert!(WHOLE.rules.is_sorted_by(|a, b| a.id < b.id), "ids are sorted and each is there once");
}

/// The book of rules is what the program prints; `DUNLINT_UPDATE=1` writes it anew.
#[test]
fn the_book_is_what_the_policies_say() {
    for (lang, file) in [("en", "docs/rules.md"), ("zh-Hans", "docs/rules.zh-Hans.md")] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let printed = std::process::Command::new(env!("CARGO_BIN_EXE_dunlint"))
            .args(["rules", "--format", "markdown", "--isolated", "--lang", lang])
            .output()
            .unwrap();
        assert!(printed.status.success());
        if std::env::var_os("DUNLINT_UPDATE").is_some() {
            std::fs::write(&path, &printed.stdout).unwrap();
        }
        let kept = std::fs::read(&path).unwrap_or_default();
        assert!(kept == printed.stdout, "{file} is not what the policies say: run with DUNLINT_UPDATE=1");
    }
}

#[test]
fn each_basis_has_rules_or_a_reason_why_not() {
    for (id, basis) in &WHOLE.bases {
        let rests = |rule: &dunlint::policy::Rule| rule.basis.values().flatten().any(|basis| basis == id);
        let used = WHOLE.rules.iter().any(rests);
        assert!(used != basis.unchecked.is_some(), "{id}: rules rest on it: {used}");
    }
}
