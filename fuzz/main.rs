//! Files that nobody would write, in every storage format and every placeholder language.
//!
//! Begin at [`hold_for_every_file`]: seeds and earlier failures are read as they are, then changed at random until
//! the time is over. What must hold is in [`sound`]. `DUNLINT_FUZZ_SECONDS` says how long (20 by default, so that
//! `cargo test` runs it), `DUNLINT_FUZZ_SEED` which way the changes go; a failure prints its seed, is made
//! small, and is written to `fuzz/corpus`, where every later run begins.
//!
//! It runs on the stable compiler, and debug builds check every sum for an overflow, which a fuzzer that is
//! fast would not. Coverage is not measured: the seeds name every construct instead.

mod mutate;
mod seeds;
mod sound;

use mutate::Mutator;
use seeds::Seed;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// The longest that one small file may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(8);

/// One file to read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    /// Its storage format.
    pub(crate) host: String,
    /// Its placeholder language, if one is forced.
    pub(crate) dialect: Option<String>,
    /// A `[[source]]` for it.
    pub(crate) spec: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

fn variable(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// What went wrong with a case, if anything did.
fn failure(case: &Case) -> Option<String> {
    let start = Instant::now();
    let told = catch_unwind(AssertUnwindSafe(|| sound::check(case)));
    let spent = start.elapsed();
    match told {
        Ok(Ok(())) if spent < PATIENCE => None,
        Ok(Ok(())) => Some(format!("took {spent:?} for {} bytes", case.bytes.len())),
        Ok(Err(message)) => Some(message),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            Some(text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned())
        }
    }
}

/// The smallest case found that still fails, by leaving out pieces that are halved again and again.
fn smaller(mut case: Case, until: Instant) -> Case {
    let mut piece = case.bytes.len().div_ceil(2).max(1);
    while Instant::now() < until {
        let mut at = 0;
        let mut changed = false;
        while at < case.bytes.len() && Instant::now() < until {
            let mut bytes = case.bytes.clone();
            bytes.drain(at..(at + piece).min(case.bytes.len()));
            let tried = Case { bytes, ..case.clone() };
            if failure(&tried).is_some() {
                case = tried;
                changed = true;
            } else {
                at += piece;
            }
        }
        if piece == 1 && !changed {
            break;
        }
        piece = (piece / 2).max(1);
    }
    case
}

/// Files that failed once: `host.dialect.name`, with the `[[source]]` of the seeds of that host.
fn earlier_failures(folder: &Path, seeds: &[Seed]) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut cases: Vec<(String, Case)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_str()?.to_owned();
            let mut parts = name.split('.');
            let (host, dialect) = (parts.next()?.to_owned(), parts.next()?.to_owned());
            let spec = seeds.iter().find(|seed| seed.host == host)?.spec.to_owned();
            let dialect = (dialect != "auto").then_some(dialect);
            let bytes = std::fs::read(entry.path()).ok()?;
            Some((name, Case { host, dialect, spec, bytes }))
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases.into_iter().map(|(_, case)| case).collect()
}

/// Makes a failing case small, keeps it for later runs, and says what happened.
fn report(case: Case, why: &str, folder: &Path, name: &str) -> String {
    let small = smaller(case, Instant::now() + Duration::from_secs(60));
    let why = failure(&small).unwrap_or_else(|| why.to_owned());
    let dialect = small.dialect.as_deref().unwrap_or("auto");
    let file = folder.join(format!("{}.{dialect}.{name}", small.host));
    let written = match std::fs::write(&file, &small.bytes) {
        Ok(()) => file.display().to_string(),
        Err(error) => error.to_string(),
    };
    let text = String::from_utf8_lossy(&small.bytes);
    format!("{why}\nhost {}, dialect {dialect}, source {:?}\n{text:?}\n{written}", small.host, small.spec)
}

#[test]
fn hold_for_every_file() {
    let seeds = seeds::all();
    let barren: Vec<_> = seeds.iter().filter(|seed| sound::messages(&seed.case()) == 0).collect();
    assert!(barren.is_empty(), "no message in {barren:#?}");
    // A panic is told with its file at the end; those met while it is made smaller would only fill the screen.
    std::panic::set_hook(Box::new(|_| {}));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut pool = earlier_failures(&folder, &seeds);
    pool.extend(seeds.iter().map(Seed::case));
    for case in &pool {
        if let Some(why) = failure(case) {
            let _ = std::panic::take_hook();
            panic!("{} {:?}: {why}", case.host, case.dialect);
        }
    }
    let seed = variable("DUNLINT_FUZZ_SEED", 1);
    let end = Instant::now() + Duration::from_secs(variable("DUNLINT_FUZZ_SECONDS", 20));
    let mut mutator = Mutator::new(seed);
    let mut round = 0;
    while Instant::now() < end {
        round += 1;
        let case = mutator.next(&pool);
        if let Some(why) = failure(&case) {
            let told = report(case, &why, &folder, &format!("{seed}-{round}"));
            let _ = std::panic::take_hook();
            panic!("seed {seed}, round {round}: {told}");
        }
    }
    let _ = std::panic::take_hook();
    println!("{round} files, seed {seed}");
}
