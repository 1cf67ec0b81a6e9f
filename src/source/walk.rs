//! Which files there are. Begin at [`walk`]: it takes what was named on the command line and returns the
//! files in a fixed order, with problems for what could not be visited.

use super::host;
use crate::problem::Problem;
use crate::words::Words;
use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use walkdir::{DirEntry, WalkDir};

/// A file to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Where to open it.
    pub absolute: PathBuf,
    /// Relative to the project root, with `/`; bytes that are not UTF-8 as `\xff`.
    pub path: Arc<str>,
    /// Whether it was named itself, not found inside a folder.
    pub named: bool,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, by path, each once.
    pub files: Vec<FoundFile>,
    /// What could not be visited.
    pub problems: Vec<Problem>,
}

/// Globs of files that are not looked at, relative to the project root. They hold for files named on the
/// command line, too.
#[derive(Clone, Debug, Default)]
pub struct Exclude {
    globs: GlobSet,
}

impl Exclude {
    /// Compiles the globs. A `*` does not cross `/`, and a glob that matches a folder holds for all in it.
    ///
    /// # Errors
    /// The first glob that is not one.
    pub fn new<'g>(globs: impl IntoIterator<Item = &'g str>) -> Result<Self, globset::Error> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let glob = glob.trim_end_matches('/');
            set.add(build(glob)?);
            if let Some(folder) = glob.strip_suffix("/**") {
                set.add(build(folder)?);
            }
        }
        Ok(Self { globs: set.build()? })
    }

    /// Whether the file or folder at `path` (relative to the root) or a folder above it is excluded.
    pub fn excludes(&self, path: &str) -> bool {
        !self.globs.is_empty() && Path::new(path).ancestors().any(|part| self.globs.is_match(part))
    }
}

fn build(glob: &str) -> Result<Glob, globset::Error> {
    globset::GlobBuilder::new(glob).literal_separator(true).build()
}

/// The files under `paths`. `root` is the project root that paths are shown relative to; relative
/// `paths` are taken from the current folder. Folders are walked without hidden files and without what
/// `.gitignore` files ignore; a file named itself is taken always, unless it is excluded.
pub fn walk(root: &Path, paths: &[PathBuf], exclude: &Exclude) -> Found {
    let mut walk = Walk { root: absolute(root), exclude, found: Found::default() };
    for path in paths {
        let absolute = absolute(path);
        match std::fs::metadata(&absolute) {
            Ok(metadata) if metadata.is_dir() => walk.folder(&absolute),
            Ok(_) => walk.take(absolute, true),
            Err(error) => walk.missing(&absolute, &error),
        }
    }
    let mut found = walk.found;
    found.files.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| a.absolute.cmp(&b.absolute)));
    found.files.dedup_by(|later, first| {
        let same = later.absolute == first.absolute;
        first.named |= same && later.named;
        same
    });
    found.problems.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

struct Walk<'a> {
    root: PathBuf,
    exclude: &'a Exclude,
    found: Found,
}

impl Walk<'_> {
    fn take(&mut self, absolute: PathBuf, named: bool) {
        let path = shown(&self.root, &absolute);
        self.take_shown(absolute, path, named);
    }

    fn take_shown(&mut self, absolute: PathBuf, path: String, named: bool) {
        if !self.exclude.excludes(&path) {
            self.found.files.push(FoundFile { absolute, path: path.into(), named });
        }
    }

    fn folder(&mut self, start: &Path) {
        let mut ignored = Ignored::above(start);
        let names = Below { root: self.root.clone(), start, shown: shown(&self.root, start) };
        let exclude = self.exclude;
        let mut entries = WalkDir::new(start).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unvisited(&error, &mut ignored);
                    continue;
                }
            };
            let is_folder = entry.file_type().is_dir();
            ignored.leave(entry.depth());
            let unwanted = entry.depth() > 0
                && (is_hidden(entry.file_name())
                    || ignored.holds(entry.path(), is_folder)
                    || (is_folder && exclude.excludes(&names.shown(entry.path()))));
            match (is_folder, unwanted) {
                (true, true) => entries.skip_current_dir(),
                (true, false) => ignored.enter(&entry),
                // A pipe or device that is named like a template is not passed over in silence.
                (false, false)
                    if entry.file_type().is_file() || host::by_path(&names.shown(entry.path())).is_some() =>
                {
                    let path = names.shown(entry.path());
                    self.take_shown(entry.into_path(), path, false);
                }
                _ => {}
            }
        }
    }

    /// An entry that the walk could not visit: a link that leads nowhere or back to where it stands, or a
    /// folder that may not be read.
    fn unvisited(&mut self, error: &walkdir::Error, ignored: &mut Ignored) {
        let Some(path) = error.path() else { return };
        ignored.leave(error.depth());
        let shown = shown(&self.root, path);
        if path.file_name().is_some_and(is_hidden)
            // Who needs the configuration says that it cannot be read.
            || path.file_name().is_some_and(|name| name == "dunlint.toml")
            || ignored.holds(path, false)
            || self.exclude.excludes(&shown)
        {
            return;
        }
        let problem = if error.loop_ancestor().is_some() {
            // Nothing is lost: what the link leads to is visited where it stands.
            Problem::note(
                "link-loop",
                Words::new("a link to a folder around it", "链接指向其上级目录，形成循环"),
            )
        } else if path.is_symlink() {
            let words = Words::new("a link that leads nowhere", "链接指向的文件不存在");
            match host::by_path(&shown) {
                Some(_) => Problem::error("broken-link", words),
                None => Problem::note("broken-link", words),
            }
        } else {
            let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
            Problem::error(
                "unreadable",
                Words::new(format!("cannot be read: {why}"), format!("无法读取：{why}")),
            )
        };
        self.found.problems.push(problem.in_file(&shown.into()));
    }

    fn missing(&mut self, path: &Path, error: &std::io::Error) {
        let shown = shown(&self.root, path);
        if self.exclude.excludes(&shown) {
            return;
        }
        let problem = if error.kind() == std::io::ErrorKind::NotFound {
            Problem::error("no-such-path", Words::new("no such file or folder", "文件或目录不存在"))
        } else {
            Problem::error(
                "unreadable",
                Words::new(format!("cannot be read: {error}"), format!("无法读取：{error}")),
            )
        };
        self.found.problems.push(problem.in_file(&shown.into()));
    }
}

/// The `.gitignore` files that hold where the walk is, the outermost first.
struct Ignored {
    /// Depth of the folder in the walk (0 for the start and what is above it), and its patterns.
    files: Vec<(usize, Gitignore)>,
}

impl Ignored {
    /// The files of the folders above `start`, up to the root of its repository. Outside of a repository
    /// only those at and below `start` hold.
    fn above(start: &Path) -> Self {
        let in_repository = start.ancestors().any(|folder| folder.join(".git").exists());
        let mut files = Vec::new();
        for folder in start.ancestors().skip(1).take_while(|_| in_repository && !start.join(".git").exists())
        {
            files.extend(read_patterns(folder, ".gitignore").map(|patterns| (0, patterns)));
            if folder.join(".git").exists() {
                files.extend(read_patterns(folder, ".git/info/exclude").map(|patterns| (0, patterns)));
                break;
            }
        }
        files.reverse();
        Self { files }
    }

    fn enter(&mut self, folder: &DirEntry) {
        let depth = folder.depth();
        if depth == 0 {
            files_extend(&mut self.files, 0, read_patterns(folder.path(), ".git/info/exclude"));
        }
        files_extend(&mut self.files, depth, read_patterns(folder.path(), ".gitignore"));
    }

    /// Forgets the files of folders that an entry of depth `depth` does not stand in.
    fn leave(&mut self, depth: usize) {
        while self.files.last().is_some_and(|(folder, _)| *folder > 0 && *folder >= depth) {
            self.files.pop();
        }
    }

    /// Whether an entry is ignored; the innermost pattern that speaks of it decides.
    fn holds(&self, path: &Path, is_folder: bool) -> bool {
        let decision =
            self.files.iter().rev().map(|(_, file)| file.matched(path, is_folder)).find(|m| !m.is_none());
        decision.is_some_and(|m| m.is_ignore())
    }
}

fn files_extend(files: &mut Vec<(usize, Gitignore)>, depth: usize, patterns: Option<Gitignore>) {
    files.extend(patterns.map(|patterns| (depth, patterns)));
}

/// The patterns of the file `name` in `folder`. Lines that are no patterns are skipped, as git does.
fn read_patterns(folder: &Path, name: &str) -> Option<Gitignore> {
    let text = std::fs::read(folder.join(name)).ok()?;
    let mut builder = GitignoreBuilder::new(folder);
    for line in String::from_utf8_lossy(&text).lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|patterns| !patterns.is_empty())
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}

/// `path` from the current folder, without `.` and `..`.
fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in full.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            _ => clean.push(part),
        }
    }
    clean
}

/// How what stands below a folder is shown: the start of its name is that of the folder.
struct Below<'a> {
    root: PathBuf,
    start: &'a Path,
    /// The folder itself.
    shown: String,
}

impl Below<'_> {
    fn shown(&self, path: &Path) -> String {
        let plain = || {
            let rest = path.to_str()?.strip_prefix(self.start.to_str()?)?.strip_prefix('/')?;
            is_plain(rest).then_some(rest)
        };
        match plain() {
            Some(rest) if !cfg!(windows) && self.shown != "." => format!("{}/{rest}", self.shown),
            _ => shown(&self.root, path),
        }
    }
}

/// Whether a relative path is spelled without `.`, `..` and empty names.
fn is_plain(rest: &str) -> bool {
    !rest.is_empty()
        && !rest.starts_with(['.', '/'])
        && !rest.ends_with('/')
        && !rest.as_bytes().windows(2).any(|pair| pair[0] == b'/' && matches!(pair[1], b'/' | b'.'))
}

/// `path` relative to `root` with `/`; outside of it with `..`.
fn shown(root: &Path, path: &Path) -> String {
    // Nearly every file stands under the root, and is spelled so.
    if !cfg!(windows)
        && let (Some(root), Some(path)) = (root.to_str(), path.to_str())
        && let Some(rest) = path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'))
        && is_plain(rest)
    {
        return rest.to_owned();
    }
    if let Some(rest) = path.strip_prefix(root).ok().and_then(Path::to_str).filter(|rest| !rest.is_empty()) {
        return if cfg!(windows) { rest.replace('\\', "/") } else { rest.to_owned() };
    }
    for (up, folder) in root.ancestors().enumerate() {
        if let Ok(rest) = path.strip_prefix(folder) {
            let rest = rest.components().map(|part| escaped(part.as_os_str()));
            let parts: Vec<String> = std::iter::repeat_n("..".to_owned(), up).chain(rest).collect();
            return if parts.is_empty() { ".".to_owned() } else { parts.join("/") };
        }
    }
    path.to_string_lossy().replace('\\', "/")
}

/// A name with each byte that is not UTF-8 as `\xff`, so that two such names are not shown as one.
fn escaped(name: &OsStr) -> String {
    let mut shown = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        shown.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    shown
}
