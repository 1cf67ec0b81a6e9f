//! What holds for a file: nearest configuration, extended ones, overrides, sources, excludes.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, reason = "modules of a test")]

use dunlint::config::{ConfigChoice, Configs, Date, Switch};
use dunlint::finding::Level;
use dunlint::outcome::Outcome;
use snapbox::dir::DirRoot;
use std::fs;
use std::path::Path;

/// A project of `files`, and its configurations.
fn project(files: &[(&str, &str)]) -> (DirRoot, Configs) {
    let directory = DirRoot::mutable_temp().unwrap();
    let root = fs::canonicalize(directory.path().unwrap()).unwrap();
    for (name, text) in files {
        let file = root.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let configs = Configs::new(&root, &ConfigChoice::Nearest, Date::parse("2026-12-01").unwrap());
    (directory, configs)
}

fn problems(configs: &Configs) -> Vec<String> {
    let mut outcome = Outcome::default();
    configs.report(&mut outcome);
    outcome.problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message.en)).collect()
}

#[test]
fn the_nearest_file_holds_alone() {
    let (_directory, configs) = project(&[
        ("dunlint.toml", "jurisdiction = \"cn\"\nfail-on = \"note\""),
        ("tw/dunlint.toml", "jurisdiction = \"tw\""),
    ]);
    let outer = configs.nearest(Path::new("a/b/x.txt"));
    assert_eq!(outer.resolve(Path::new("a/b/x.txt")).jurisdiction.unwrap().value, "cn");
    let inner = configs.nearest(Path::new("tw/deep/x.txt"));
    assert_eq!(inner.jurisdiction.as_ref().unwrap().value, "tw");
    assert_eq!(inner.fail_on, None);
    assert_eq!(inner.jurisdiction.as_ref().unwrap().origin.path.as_ref(), "tw/dunlint.toml");
    assert_eq!(problems(&configs), Vec::<String>::new());
}

#[test]
fn an_extended_file_lies_under_the_extending_one() {
    let (_directory, configs) = project(&[
        (
            "house.toml",
            "jurisdiction = \"hk\"\nfail-on = \"warning\"\n[rules]\n\"threat/visit\" = \"note\"\n\"threat/jail\" = \"off\"\n[[source]]\nfiles = \"**\"\nhost = \"csv\"",
        ),
        (
            "p/dunlint.toml",
            "extends = \"../house.toml\"\njurisdiction = \"cn\"\n[rules]\n\"threat/visit\" = \"error\"\n[[source]]\nfiles = \"m/*.json\"\nbody = \"text\"",
        ),
    ]);
    let config = configs.nearest(Path::new("p/m/a.json"));
    assert_eq!(config.jurisdiction.as_ref().unwrap().value, "cn");
    assert_eq!(config.fail_on.as_ref().unwrap().value, "warning");
    let root = config.base.clone();
    let file = config.resolve(&root.join("m/a.json"));
    assert_eq!(file.spec.body.as_deref(), Some("text"));
    assert_eq!(file.levels.switch("threat/visit").unwrap().value, Switch::At(Level::Error));
    assert_eq!(file.levels.switch("threat/visit").unwrap().origin.line, 4);
    assert_eq!(file.levels.level("threat/jail", Level::Error), None);
    assert_eq!(file.levels.level("threat/other", Level::Note), Some(Level::Note));
    assert_eq!(config.resolve(&root.join("other.csv")).spec.host.as_deref(), Some("csv"));
}

#[test]
fn later_overrides_win_and_rules_win_over_families() {
    let text = "[rules]\n\"family:threat\" = \"note\"\n\"threat/visit\" = \"error\"\n\
        [[override]]\nfiles = \"tw/**\"\njurisdiction = \"tw\"\nrules = { \"family:threat\" = \"off\" }\n\
        facts = { sender_role = \"agency\" }\n\
        [[override]]\nfiles = [\"tw/vip/*\"]\nrules = { \"threat/visit\" = \"warning\" }\n\
        [facts]\nsender_role = \"creditor\"\nstage = \"m1\"";
    let (_directory, configs) = project(&[("dunlint.toml", text)]);
    let config = configs.nearest(Path::new("x.txt"));
    let level =
        |path: &str, rule: &str| config.resolve(&config.base.join(path)).levels.level(rule, Level::Error);
    assert_eq!(level("a.txt", "threat/visit"), Some(Level::Error));
    assert_eq!(level("a.txt", "threat/jail"), Some(Level::Note));
    assert_eq!(level("tw/a.txt", "threat/visit"), None);
    assert_eq!(level("tw/vip/a.txt", "threat/visit"), Some(Level::Warning));
    assert_eq!(level("tw/vip/deep/a.txt", "threat/visit"), None);
    let file = config.base.join("tw/a.txt");
    let settings = config.resolve(&file);
    assert_eq!(settings.facts["sender_role"].value, "agency");
    assert_eq!(settings.facts["stage"].value, "m1");
    assert_eq!(settings.jurisdiction.unwrap().value, "tw");
}

#[test]
fn a_star_stays_in_its_folder_and_excluded_folders_are_excluded_whole() {
    let text = "exclude = [\"drafts\", \"old/**\"]\n[[source]]\nfiles = \"a/*.{json,yaml}\"\nbody = \"x\"";
    let (_directory, configs) = project(&[("dunlint.toml", text)]);
    let config = configs.nearest(Path::new("x.txt"));
    let settings = |path: &str| config.resolve(&config.base.join(path));
    assert!(settings("drafts/deep/a.txt").excluded.is_some());
    assert!(settings("old/a.txt").excluded.is_some());
    assert!(settings("drafts.txt").excluded.is_none());
    assert!(settings("a/m.yaml").source.is_some());
    assert!(settings("a/b/m.yaml").source.is_none());
}

#[test]
fn names_agree_with_what_can_be_read() {
    use dunlint::config::names;
    for dialect in dunlint::template::Dialect::names() {
        assert!(names::DIALECTS.contains(&dialect), "{dialect}");
    }
}
