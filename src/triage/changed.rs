//! What was changed since a revision, as git tells: so that only findings in changed messages are reported while the
//! whole repository is read for the rules across files.
//!
//! Begin at [`Changed::since`] and [`Changed::staged`].

use crate::problem::Problem;
use crate::source::{Source, Span};
use crate::words::Words;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Options under which a difference reads the same everywhere.
const DIFF: [&str; 9] = [
    "-c",
    "core.quotepath=off",
    "diff",
    "--no-color",
    "--no-ext-diff",
    "--no-prefix",
    "--no-renames",
    "--relative",
    "--unified=0",
];

/// The changed lines of each file.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    files: HashMap<String, Lines>,
    /// What files hold in the index where the working tree differs, by their absolute path.
    pub staged: HashMap<PathBuf, Vec<u8>>,
}

/// Which lines of a file.
#[derive(Clone, Debug)]
enum Lines {
    /// It is new.
    All,
    /// First and last line of each change, from 1. Where lines were only taken away, the two around them.
    Some(Vec<(u32, u32)>),
}

impl Changed {
    /// What differs between the files below `root` and the point where their branch left `revision`; files that git
    /// does not know are new.
    ///
    /// # Errors
    /// A problem `git` when git cannot be run or does not know the revision.
    pub fn since(root: &Path, revision: &str) -> Result<Self, Box<Problem>> {
        let commit = format!("{revision}^{{commit}}");
        let known = git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
        let known = known.map_err(|why| {
            let why = if why.is_empty() { format!("no such revision: {revision}") } else { why };
            failed(&why)
        })?;
        let known = text(&known);
        let base = git(root, &["merge-base", "HEAD", known.trim()]).map(|base| text(&base));
        let base = base.unwrap_or(known);
        let arguments = [&DIFF[..], &[base.trim(), "--"]].concat();
        let mut changed = Self::default();
        changed.read(&text(&git(root, &arguments).map_err(|why| failed(&why))?));
        let others = ["ls-files", "--others", "--exclude-standard", "-z"];
        let others = git(root, &others).map_err(|why| failed(&why))?;
        for path in text(&others).split('\0').filter(|path| !path.is_empty()) {
            changed.files.insert(path.to_owned(), Lines::All);
        }
        Ok(changed)
    }

    /// What the next commit would change, with the files as it would hold them.
    ///
    /// # Errors
    /// A problem `git` when git cannot be run here.
    pub fn staged(root: &Path) -> Result<Self, Box<Problem>> {
        let run = |arguments: &[&str]| git(root, arguments).map_err(|why| failed(&why));
        let mut changed = Self::default();
        changed.read(&text(&run(&[&DIFF[..], &["--cached", "--"]].concat())?));
        let unstaged = run(&["diff", "--name-only", "--relative", "-z", "--"])?;
        for path in text(&unstaged).split('\0').filter(|path| !path.is_empty()) {
            // One that the next commit takes away has nothing there.
            if let Ok(bytes) = git(root, &["show", &format!(":./{path}")]) {
                changed.staged.insert(root.join(path), bytes);
            }
        }
        Ok(changed)
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether anything in the file at `path` (relative to the root) was changed.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a line that `span` of `source` touches was changed.
    pub fn touches(&self, source: &Source, span: Span) -> bool {
        match self.files.get(&*source.path) {
            None => false,
            Some(Lines::All) => true,
            Some(Lines::Some(ranges)) => {
                let line = |at: u32| source.lines().position(&source.text, at).line;
                let (first, last) = (line(span.start), line(span.end.max(span.start)));
                ranges.iter().any(|(from, to)| *from <= last && first <= *to)
            }
        }
    }

    /// Reads a difference without context. Lines of its contents are counted and passed over: they may look like
    /// anything.
    fn read(&mut self, diff: &str) {
        let mut path: Option<String> = None;
        let mut lines = diff.split('\n');
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("+++ ") {
                let name = name.trim_end_matches(['\t', '\r']);
                path = (name != "/dev/null").then(|| unquoted(name));
                if let Some(path) = &path {
                    self.files.entry(path.clone()).or_insert_with(|| Lines::Some(Vec::new()));
                }
            } else if let Some((old, new)) = hunk(line) {
                let range = match new {
                    (at, 0) => (at, at + 1),
                    (at, count) => (at, at + count - 1),
                };
                let known = path.as_ref().and_then(|path| self.files.get_mut(path));
                if let Some(Lines::Some(ranges)) = known {
                    ranges.push(range);
                }
                let contents = (old.1 + new.1) as usize;
                for _ in lines.by_ref().take(contents) {}
            }
        }
    }
}

/// `@@ -a,b +c,d @@` as (a, b), (c, d).
fn hunk(line: &str) -> Option<((u32, u32), (u32, u32))> {
    let mut parts = line.strip_prefix("@@ -")?.split(' ');
    let range = |part: &str| -> Option<(u32, u32)> {
        match part.split_once(',') {
            Some((at, count)) => Some((at.parse().ok()?, count.parse().ok()?)),
            None => Some((part.parse().ok()?, 1)),
        }
    };
    let old = range(parts.next()?)?;
    let new = range(parts.next()?.strip_prefix('+')?)?;
    Some((old, new))
}

/// A path as git writes it: in quotes and with the escapes of C, where it has unusual characters.
fn unquoted(name: &str) -> String {
    let Some(inside) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside.bytes();
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'\\' { rest.next() } else { None };
        bytes.push(match escaped {
            None => byte,
            Some(b't') => b'\t',
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(digit @ b'0'..=b'3') => {
                let octal = |digit: u8| digit.saturating_sub(b'0') & 7;
                let (second, third) = (rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0'));
                octal(digit) << 6 | octal(second) << 3 | octal(third)
            }
            Some(other) => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What git prints; the error is what it complains of.
fn git(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").current_dir(root).args(arguments).env("LC_ALL", "C").output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() { Ok(output.stdout) } else { Err(text(&output.stderr).trim().to_owned()) }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn failed(why: &str) -> Box<Problem> {
    let words =
        Words::new(format!("git cannot say what was changed: {why}"), format!("git 无法给出变更内容：{why}"));
    Box::new(Problem::error("git", words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_that_look_like_heads_are_passed_over() {
        let mut changed = Changed::default();
        changed.read(
            "diff --git a b\n--- a.txt\n+++ a.txt\n@@ -1,2 +1,1 @@\n--- x\n-+++ z\n+++ not.txt\n@@ -9 +8,0 @@\n-gone\n--- \"\\344\\270\\255.txt\"\n+++ \"\\344\\270\\255.txt\"\n@@ -0,0 +5,3 @@\n+a\n+b\n+c\n",
        );
        assert_eq!(changed.files.len(), 2, "{changed:?}");
        let source = |path: &str| Source::from_text(path, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n".to_owned());
        let line = |n: u32| Span::new((n - 1) * 2, (n - 1) * 2 + 1);
        let touched = |path: &str| -> Vec<u32> {
            (1..=9).filter(|n| changed.touches(&source(path), line(*n))).collect()
        };
        assert_eq!(touched("a.txt"), [1, 8, 9]);
        assert_eq!(touched("中.txt"), [5, 6, 7]);
        assert!(touched("not.txt").is_empty());
    }
}
