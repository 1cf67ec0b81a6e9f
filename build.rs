//! Compiles the built-in policies, so that the program starts with finished tables instead of reading half
//! a megabyte of TOML (a pre-commit hook runs on one file and should not wait).
//!
//! It runs the same reader as the program, by taking in the same modules. A mistake in a built-in policy is
//! not hidden here: the image is left out, and the program reads the policies itself and says what is wrong.
#![allow(dead_code, unreachable_pub, unused_imports, missing_docs)]

extern crate alloc;

#[path = "src/facts/mod.rs"]
mod facts;
#[path = "src/finding.rs"]
mod finding;
#[path = "src/judge.rs"]
mod judge;
#[path = "src/languages.rs"]
mod languages;
#[path = "src/message.rs"]
mod message;
#[path = "src/policy/mod.rs"]
mod policy;
#[path = "src/problem.rs"]
mod problem;
#[path = "src/source/mod.rs"]
mod source;
#[path = "src/spanned.rs"]
mod spanned;
#[path = "src/template/mod.rs"]
mod template;
#[path = "src/text/mod.rs"]
mod text;
#[path = "src/words.rs"]
mod words;

/// Here the policies are read from their files, so that a change of one does not compile this script anew.
mod builtin {
    pub(crate) fn image() -> Option<&'static [u8]> {
        None
    }

    pub(crate) fn tables() -> Option<&'static [u8]> {
        None
    }

    pub(crate) fn texts() -> impl Iterator<Item = (&'static str, String)> {
        std::iter::empty()
    }
}

/// Policies stand in no program, so their compiler needs no parser of one.
mod code {
    pub(crate) const HOSTS: &[(&dyn crate::source::host::Host, &str)] = &[];
}

/// Nothing is proved here, so no schedule need be weighed.
mod campaign {
    pub(crate) mod prove {
        use crate::policy::{Example, PolicySet, Rule};

        pub(crate) fn marks(_: &PolicySet, _: &Rule, _: &Example) -> Vec<String> {
            Vec::new()
        }
    }
}

/// Nor need a suppression be read.
mod triage {
    pub(crate) mod prove {
        use crate::policy::{Example, PolicySet, Rule};

        pub(crate) fn marks(_: &PolicySet, _: &Rule, _: &Example) -> Vec<String> {
            Vec::new()
        }
    }
}

/// Nor are versions of a message compared.
mod siblings {
    use crate::policy::{Example, PolicySet};

    pub(crate) fn marks(_: &PolicySet, _: &Example) -> Vec<String> {
        Vec::new()
    }
}

/// Nor are rows of data rendered.
mod render {
    pub(crate) mod prove {
        use crate::policy::check::row::Test;
        use crate::policy::{Example, PolicySet};

        pub(crate) fn marks(_: &PolicySet, _: Test, _: &Example) -> Vec<String> {
            Vec::new()
        }
    }
}

use source::Source;
use std::path::Path;
use std::{env, fs, io};

/// The order of `src/builtin.rs`: what others use comes first.
const SHARED: [&str; 3] = ["basis", "terms", "language"];

/// What earlier stages read by themselves.
const OF_OTHERS: [&str; 2] = ["roles", "profiles"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=policies");
    println!("cargo:rerun-if-changed=grammar");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let image = policy::PolicySet::image(&policies()?).unwrap_or_default();
    fs::write(Path::new(&out).join("policies.bin"), image)?;
    fs::write(Path::new(&out).join("tables.bin"), facts::tables::image().unwrap_or_default())
}

fn policies() -> io::Result<Vec<Source>> {
    let mut names: Vec<String> = fs::read_dir("policies")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .filter(|name| !OF_OTHERS.contains(&name.as_str()))
        .collect();
    names.sort_by_key(|name| {
        let shared = SHARED.iter().position(|s| s == name).unwrap_or(SHARED.len());
        (shared, name.clone())
    });
    let read = |name: String| {
        let path = format!("policies/{name}.toml");
        fs::read_to_string(&path).map(|text| Source::from_text(&path, text))
    };
    names.into_iter().map(read).collect()
}
