//! Finding the configuration of each file, reading what it extends, and keeping what went wrong.

use super::date::Date;
use super::read::{self, Read};
use super::schema::{Config, Origin};
use crate::outcome::Outcome;
use crate::policy::{FAMILIES, PolicySet};
use crate::problem::Problem;
use crate::source::{Buffers, Source, Span, disk};
use crate::spanned::{Faults, nearest};
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Name of a configuration file.
pub const FILE_NAME: &str = "dunlint.toml";
/// Files that one configuration may extend, directly and indirectly.
const MOST_EXTENDED: usize = 64;

/// Which configuration holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigChoice {
    /// The nearest `dunlint.toml` upwards from each file.
    #[default]
    Nearest,
    /// This file for everything; its globs are relative to the project root.
    File(PathBuf),
    /// None at all.
    Isolated,
}

/// The configurations of a run. Can be asked from several threads.
#[derive(Debug)]
pub struct Configs {
    root: PathBuf,
    choice: ConfigChoice,
    today: Date,
    buffers: Buffers,
    state: Mutex<State>,
    /// What holds in a folder, by its path as its files spell it: most files lie beside others.
    near: RwLock<HashMap<String, Arc<Config>>>,
}

#[derive(Debug, Default)]
struct State {
    by_directory: BTreeMap<PathBuf, Arc<Config>>,
    by_file: BTreeMap<PathBuf, Arc<Config>>,
    files: BTreeMap<Arc<str>, String>,
    sources: BTreeMap<Arc<str>, Source>,
    problems: Vec<Problem>,
    known: Option<Known>,
}

/// What rule names may be, once the policies are loaded.
#[derive(Debug)]
struct Known {
    rules: BTreeSet<String>,
    families: BTreeSet<String>,
    policies: BTreeSet<PathBuf>,
}

impl Configs {
    /// Nothing read yet. `root` is the project root, absolute: the paths in reports are relative to it.
    pub fn new(root: &Path, choice: &ConfigChoice, today: Date) -> Self {
        Self {
            root: root.to_owned(),
            choice: choice.clone(),
            today,
            buffers: Buffers::new(),
            state: Mutex::default(),
            near: RwLock::default(),
        }
    }

    /// The same, reading `buffers` in the place of their files.
    pub fn holding(mut self, buffers: Buffers) -> Self {
        self.buffers = buffers;
        self
    }

    /// The day that decides whether suppressions have ended.
    pub const fn today(&self) -> Date {
        self.today
    }

    /// The configuration that holds for `file`, absolute or relative to the root.
    pub fn nearest(&self, file: &Path) -> Arc<Config> {
        let folder = file.to_str().filter(|_| file.is_absolute()).and_then(|text| text.rsplit_once('/'));
        let Some((folder, _)) = folder else {
            let file = self.root.join(file);
            return self.of_directory(file.parent().unwrap_or(&self.root));
        };
        if let Some(config) = self.near.read().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return Arc::clone(config);
        }
        let config = self.of_directory(file.parent().unwrap_or(&self.root));
        let mut near = self.near.write().unwrap_or_else(PoisonError::into_inner);
        near.insert(folder.to_owned(), Arc::clone(&config));
        config
    }

    /// The configuration that holds for files in `directory`, absolute or relative to the root.
    pub fn of_directory(&self, directory: &Path) -> Arc<Config> {
        let directory = plain(&self.root.join(directory));
        let mut state = self.state();
        if let Some(config) = state.by_directory.get(&directory) {
            return Arc::clone(config);
        }
        let file = match &self.choice {
            ConfigChoice::Isolated => None,
            ConfigChoice::File(file) => Some(plain(&self.root.join(file))),
            ConfigChoice::Nearest => {
                directory.ancestors().map(|above| above.join(FILE_NAME)).find(|file| {
                    // A folder or a dead link of that name is not passed over in silence.
                    file.symlink_metadata().is_ok()
                })
            }
        };
        let config = file.map_or_else(
            || Arc::new(Config { base: self.root.clone(), ..Config::default() }),
            |file| self.load(&file, &mut state),
        );
        state.by_directory.insert(directory, Arc::clone(&config));
        config
    }

    /// The policy files that the configurations of `paths` (files or directories) ask for, absolute.
    pub fn policies(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let mut policies: Vec<PathBuf> = Vec::new();
        for path in paths.iter().map(PathBuf::as_path).chain([Path::new("")]) {
            let path = self.root.join(path);
            let config = if path.is_dir() { self.of_directory(&path) } else { self.nearest(&path) };
            for policy in config.policies.iter().map(|set| plain(&set.value)) {
                if !policies.contains(&policy) {
                    policies.push(policy);
                }
            }
        }
        policies
    }

    /// Tells the rules there are. From now on an unknown rule in a configuration is a problem, and so is a
    /// policy file that was not loaded.
    pub fn know(&self, policies: &PolicySet, loaded: &[PathBuf]) {
        let rules: BTreeSet<String> = policies.rules.iter().map(|rule| rule.id.clone()).collect();
        let families = FAMILIES.into_iter().map(str::to_owned);
        let families = families.chain(policies.rules.iter().map(|rule| rule.family().to_owned())).collect();
        let known = Known { rules, families, policies: loaded.iter().map(|path| plain(path)).collect() };
        let mut state = self.state();
        let problems: Vec<Problem> = state.by_file.values().flat_map(|config| known.blame(config)).collect();
        state.problems.extend(problems);
        state.known = Some(known);
    }

    /// Every configuration that holds for some file asked about, with what it extends merged in.
    pub fn all(&self) -> Vec<Arc<Config>> {
        self.state().by_file.values().map(Arc::clone).collect()
    }

    /// Runs `look` on the configuration file `path`, if it was read.
    pub fn with_source<T>(&self, path: &str, look: impl FnOnce(&Source) -> T) -> Option<T> {
        self.state().sources.get(path).map(look)
    }

    /// Files that were read: path relative to the root, SHA-256.
    pub fn files(&self) -> Vec<(String, String)> {
        self.state().files.iter().map(|(path, sha256)| (path.to_string(), sha256.clone())).collect()
    }

    /// Hands problems and sources over to `outcome`.
    pub fn report(&self, outcome: &mut Outcome) {
        let mut state = self.state();
        state.problems.sort_by_key(|problem| (problem.path.clone(), problem.first_byte()));
        for problem in std::mem::take(&mut state.problems) {
            if !outcome.problems.contains(&problem) {
                outcome.problems.push(problem);
            }
        }
        for (path, source) in std::mem::take(&mut state.sources) {
            outcome.sources.entry(path).or_insert(source);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn load(&self, file: &Path, state: &mut State) -> Arc<Config> {
        if let Some(config) = state.by_file.get(file) {
            return Arc::clone(config);
        }
        let base = match self.choice {
            ConfigChoice::File(_) => self.root.clone(),
            _ => file.parent().unwrap_or(&self.root).to_owned(),
        };
        let mut chain = Chain { configs: self, base: &base, open: Vec::new(), count: 0 };
        let config = chain
            .read(file, None, state)
            .unwrap_or_else(|| Config { base: base.clone(), ..Config::default() });
        let config = Arc::new(config);
        if let Some(known) = &state.known {
            let problems: Vec<Problem> = known.blame(&config).collect();
            state.problems.extend(problems);
        }
        state.by_file.insert(file.to_owned(), Arc::clone(&config));
        config
    }

    /// `file` relative to the root, with `/`.
    fn shown(&self, file: &Path) -> Arc<str> {
        relative(&self.root, file).into()
    }
}

/// A file and what it extends, being read.
struct Chain<'c> {
    configs: &'c Configs,
    base: &'c Path,
    open: Vec<PathBuf>,
    count: usize,
}

impl Chain<'_> {
    /// Reads `file`; `from` is the place that names it, when another file extends it.
    fn read(&mut self, file: &Path, from: Option<(&Arc<str>, Span)>, state: &mut State) -> Option<Config> {
        let file = plain(file);
        let path = self.configs.shown(&file);
        if self.open.contains(&file) || self.count >= MOST_EXTENDED {
            state.problems.extend(from.map(|place| cycle(&path, place)));
            return None;
        }
        self.count += 1;
        let held = self.configs.buffers.get(&file).map(|text| text.as_bytes().to_vec());
        let bytes = match held.map_or_else(|| disk::read(&file), Ok) {
            Ok(bytes) => bytes,
            Err(error) => {
                state.problems.push(unreadable(&path, from, &error));
                return None;
            }
        };
        let source = match Source::from_bytes(&path, bytes, None) {
            Ok(source) => source,
            Err(problem) => {
                state.problems.push(*problem);
                return None;
            }
        };
        let mut faults = Faults::new(&path);
        let directory = file.parent().unwrap_or(self.base);
        let Read { mut config, extends } = read::read(&source, directory, self.base, &mut faults);
        if !state.sources.contains_key(&path) {
            state.problems.append(&mut faults.problems);
            state.files.insert(Arc::clone(&path), source.sha256());
            state.sources.insert(Arc::clone(&path), source);
        }
        self.open.push(file.clone());
        // Of several extended files a later one lies over an earlier one.
        for (name, span) in extends.into_iter().rev() {
            if let Some(under) = self.read(&directory.join(name), Some((&path, span)), state) {
                config = config.over(under);
            }
        }
        self.open.pop();
        Some(config)
    }
}

impl Known {
    fn blame<'k>(&'k self, config: &'k Config) -> impl Iterator<Item = Problem> + 'k {
        let rules = config.named_rules().filter_map(|(name, origin)| self.unknown(name, origin));
        let policies = config.policies.iter().filter(|set| !self.policies.contains(&plain(&set.value)));
        rules.chain(policies.map(|set| not_loaded(&set.origin)))
    }

    fn unknown(&self, name: &str, origin: &Origin) -> Option<Problem> {
        let (what, zh, known, prefix) = match name.strip_prefix("family:") {
            Some(family) if self.families.contains(family) => return None,
            None if self.rules.contains(name) => return None,
            Some(_) => ("family", "类别", &self.families, "family:"),
            None => ("rule", "规则", &self.rules, ""),
        };
        let words = Words::new(format!("unknown {what} `{name}`"), format!("未知的{zh} `{name}`"));
        let code = if prefix.is_empty() { "unknown-rule" } else { "unknown-family" };
        let mut problem = Problem::error(code, words).in_file(&origin.path).at(origin.span);
        let bare = name.strip_prefix(prefix).unwrap_or(name);
        let family = self.families.contains(name).then(|| format!("family:{name}"));
        let near = || nearest(bare, known.iter().map(String::as_str)).map(|near| format!("{prefix}{near}"));
        let near = family.or_else(near);
        if let Some(near) = near {
            problem =
                problem.help(Words::new(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")));
        }
        Some(problem)
    }
}

fn not_loaded(origin: &Origin) -> Problem {
    let words = Words::new(
        "policies named below the checked directory are not loaded",
        "位于被检查目录之下的配置所列的策略不会加载",
    );
    let help = Words::new(
        "name the policy in the configuration of the directory that is checked",
        "请在被检查目录的配置中列出该策略",
    );
    Problem::error("policy-not-loaded", words).in_file(&origin.path).at(origin.span).help(help)
}

fn cycle(path: &str, (from, span): (&Arc<str>, Span)) -> Problem {
    let words = Words::new(
        format!("`{path}` extends itself through this line"),
        format!("`{path}` 经由此行扩展了自身"),
    );
    Problem::error("extends-cycle", words).in_file(from).at(span)
}

fn unreadable(path: &Arc<str>, from: Option<(&Arc<str>, Span)>, error: &std::io::Error) -> Problem {
    let words = Words::new(
        format!("cannot read the configuration `{path}`: {error}"),
        format!("无法读取配置 `{path}`：{error}"),
    );
    let problem = Problem::error("unreadable-config", words);
    match from {
        Some((from, span)) => problem.in_file(from).at(span),
        None => problem.in_file(path),
    }
}

/// `path` without `.` and `..`, by its letters only: links are not followed.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if whole.file_name().is_some() => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    whole
}

/// `file` as seen from `root`, with `/`, over `..` where it must be.
pub fn relative(root: &Path, file: &Path) -> String {
    let (root, file) = (plain(root), plain(file));
    let shared = root.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let mut parts: Vec<String> = root.components().skip(shared).map(|_| "..".to_owned()).collect();
    parts.extend(file.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned()));
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_root() {
        let root = Path::new("/a/b");
        for (file, shown) in
            [("/a/b/c/d.toml", "c/d.toml"), ("/a/x.toml", "../x.toml"), ("/a/b/../c.toml", "../c.toml")]
        {
            assert_eq!(relative(root, Path::new(file)), shown);
        }
    }
}
