//! Every mistake of a configuration is told in one run, at its place.
//!
//! Beside each `fixtures/configs/NAME.toml` stands `NAME.stderr`, what users see; `SNAPSHOTS=overwrite`
//! writes them anew.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, reason = "modules of a test")]

mod sample_rules;

use dunlint::config::{ConfigChoice, Configs, Date};
use dunlint::outcome::Outcome;
use dunlint::problem::Place;
use dunlint::report::full::draw_problem;
use dunlint::report::paint::Painter;
use dunlint::words::Lang;
use snapbox::{Data, assert_data_eq};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/configs")
}

/// Reads the fixture `name` as a run in the fixtures' folder would.
fn read(name: &str) -> Outcome {
    let today = Date::parse("2026-12-01").unwrap();
    let configs = Configs::new(&folder(), &ConfigChoice::File(PathBuf::from(name)), today);
    configs.nearest(Path::new("templates/a.txt"));
    configs.know(&sample_rules::POLICIES, &[]);
    let mut outcome = Outcome::default();
    configs.report(&mut outcome);
    outcome
}

fn expect(name: &str) {
    let outcome = read(&format!("{name}.toml"));
    let painter = Painter::new(false, 100);
    let mut out = Vec::new();
    for problem in &outcome.problems {
        draw_problem(problem, &outcome, Lang::En, &painter, &mut out).unwrap();
        assert!(matches!(problem.place, Some(Place::Text(_))), "{problem:?}");
    }
    assert!(!outcome.complete());
    let path = folder().join(format!("{name}.stderr"));
    assert_data_eq!(Data::text(String::from_utf8(out).unwrap()).raw(), Data::read_from(&path, None).raw());
}

#[test]
fn unknown_keys() {
    expect("unknown-key");
}

#[test]
fn wrong_types() {
    expect("wrong-type");
}

#[test]
fn unknown_names() {
    expect("unknown-names");
}

#[test]
fn syntax() {
    expect("syntax");
}

#[test]
fn a_value_still_to_be_written() {
    expect("half-written");
}

#[test]
fn globs_and_dates() {
    expect("globs-and-dates");
}

#[test]
fn a_cycle_and_a_missing_file() {
    expect("cycle");
}

#[test]
fn crlf_chinese_and_a_byte_order_mark() {
    expect("chinese");
}

#[test]
fn a_missing_configuration_is_a_problem() {
    let outcome = read("no-such.toml");
    assert_eq!(outcome.problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["unreadable-config"]);
}
