//! Which files a walk finds.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use dunlint::problem::Gravity;
use dunlint::source::walk::{Exclude, Found, walk};
use std::fs;
use std::path::{Path, PathBuf};

/// A fresh folder with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("walk").join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join(".git")).unwrap();
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn paths(found: &Found) -> Vec<&str> {
    found.files.iter().map(|file| &*file.path).collect()
}

fn problems(found: &Found) -> Vec<(&'static str, Gravity, &str)> {
    found.problems.iter().map(|p| (p.code, p.gravity, p.path.as_deref().unwrap_or(""))).collect()
}

#[test]
fn sorted_without_hidden_files_each_once() {
    let root = folder(
        "sorted",
        &[
            ("b.txt", ""),
            ("a/z.txt", ""),
            ("a/y/x.txt", ""),
            (".hidden/a.txt", ""),
            (".a.txt", ""),
            ("a.txt", ""),
        ],
    );
    let found = walk(&root, &[root.clone(), root.join("a"), root.join("a/../b.txt")], &Exclude::default());
    assert_eq!(paths(&found), ["a.txt", "a/y/x.txt", "a/z.txt", "b.txt"]);
    assert!(found.problems.is_empty());
    let below = walk(&root.join("a"), &[root.join("b.txt"), root.join("a/y")], &Exclude::default());
    assert_eq!(paths(&below), ["../b.txt", "y/x.txt"]);
}

#[test]
fn ignore_files_hold_from_the_repository_down() {
    let files = [
        (".gitignore", "*.log.txt\n/out/\n"),
        ("x.log.txt", ""),
        ("out/a.txt", ""),
        ("in/out/a.txt", ""),
        ("in/.gitignore", "!keep.log.txt\nskip*\n"),
        ("in/keep.log.txt", ""),
        ("in/skip.txt", ""),
        ("in/deep/skip.txt", ""),
        ("other/skip.txt", ""),
        (".git/info/exclude", "private.txt\n"),
        ("private.txt", ""),
    ];
    let root = folder("ignored", &files);
    let found = walk(&root, std::slice::from_ref(&root), &Exclude::default());
    assert_eq!(paths(&found), ["in/keep.log.txt", "in/out/a.txt", "other/skip.txt"]);
    // From a folder inside, the files above still hold; what is named itself is taken always.
    let inside =
        walk(&root, &[root.join("in"), root.join("out"), root.join("x.log.txt")], &Exclude::default());
    assert_eq!(paths(&inside), ["in/keep.log.txt", "in/out/a.txt", "out/a.txt", "x.log.txt"]);
    assert!(inside.files.iter().all(|file| file.named == (&*file.path == "x.log.txt")));
}

#[test]
fn excluded_files_are_excluded_even_when_named() {
    let root = folder(
        "excluded",
        &[("drafts/a.txt", ""), ("drafts/b/c.txt", ""), ("t/a.txt", ""), ("t/a.bak.txt", "")],
    );
    let exclude = Exclude::new(["drafts/**", "**/*.bak.*"]).unwrap();
    let found = walk(&root, &[root.clone(), root.join("drafts/b/c.txt"), root.join("drafts")], &exclude);
    assert_eq!(paths(&found), ["t/a.txt"]);
    assert!(Exclude::new(["a[", "b"]).is_err());
    assert!(exclude.excludes("drafts") && !exclude.excludes("drafts2/a.txt"));
}

#[test]
fn links_loops_and_missing_paths() {
    let root = folder("links", &[("a/x.txt", "")]);
    std::os::unix::fs::symlink(root.join("a"), root.join("a/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("a/gone.txt")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("a/gone")).unwrap();
    std::os::unix::fs::symlink("x.txt", root.join("a/y.txt")).unwrap();
    let found = walk(&root, &[root.clone(), root.join("none.txt")], &Exclude::default());
    assert_eq!(paths(&found), ["a/x.txt", "a/y.txt"]);
    assert_eq!(
        problems(&found),
        [
            ("broken-link", Gravity::Note, "a/gone"),
            ("broken-link", Gravity::Error, "a/gone.txt"),
            ("link-loop", Gravity::Note, "a/loop"),
            ("no-such-path", Gravity::Error, "none.txt"),
        ]
    );
}

#[test]
fn names_that_are_not_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let root = folder("names", &[]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.txt");
    if fs::write(root.join(name), "x").is_err() {
        return; // A file system that only stores UTF-8.
    }
    let found = walk(&root, std::slice::from_ref(&root), &Exclude::default());
    assert_eq!(paths(&found), ["a\\xff.txt"]);
    assert_eq!(fs::read(&found.files[0].absolute).unwrap(), b"x");
}
