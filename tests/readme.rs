//! The README in both languages says what is so: its excerpt is a piece of a real run, its commands run, its
//! configuration loads, its rule proves itself, and its lists name what there is.
//!
//! Fenced blocks are told apart by their info string: `console` is run, `toml` is loaded, `sh` is only read.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::source::host;
use dunlint::template::Dialect;
use dunlint::{policy, report};
use snapbox::dir::DirRoot;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An edition: its file, and the language of the runs it shows.
const EDITIONS: [(&str, &str); 2] = [("README.md", "en"), ("docs/README.zh-Hans.md", "zh-Hans")];

struct Block {
    info: String,
    text: String,
}

struct Edition {
    name: &'static str,
    lang: &'static str,
    text: String,
    blocks: Vec<Block>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn editions() -> impl Iterator<Item = Edition> {
    EDITIONS.into_iter().map(|(name, lang)| {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let blocks = blocks(&text);
        Edition { name, lang, text, blocks }
    })
}

/// The fenced blocks, without the indentation of the list they may stand in.
fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    for line in markdown.lines() {
        let indentation = line.len() - line.trim_start().len();
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                open = Some((Block { info: info.to_owned(), text: String::new() }, indentation));
            }
            (Some(_), Some(_)) => found.extend(open.take().map(|(block, _)| block)),
            (None, Some((block, indentation))) => {
                block.text.push_str(line.get(*indentation..).unwrap_or(""));
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is never closed");
    found
}

impl Edition {
    fn starting(&self, info: &str, start: &str) -> Vec<&str> {
        let wanted = |block: &&Block| block.info == info && block.text.starts_with(start);
        let found: Vec<&str> = self.blocks.iter().filter(wanted).map(|block| block.text.as_str()).collect();
        assert!(!found.is_empty(), "{}: no block `{info}` begins with “{start}”", self.name);
        found
    }

    /// The code spans of the table cell `column` (from 0) in the row whose first cell is `row`.
    fn cell(&self, row: usize, column: usize) -> Vec<&str> {
        let table = self.text.split("## ").find(|section| section.contains("`plain` `json`")).unwrap();
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with('|')).collect();
        code_spans(rows[row].split('|').nth(column + 1).unwrap())
    }
}

fn code_spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dunlint"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A directory of its own that goes when it is dropped.
struct Scratch(#[allow(dead_code, reason = "dropping it removes the directory")] DirRoot, PathBuf);

impl Scratch {
    fn new() -> Self {
        let directory = DirRoot::mutable_temp().unwrap();
        let path = directory.path().unwrap().to_owned();
        Self(directory, path)
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.1.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Copies the demo into this directory.
    fn copy_demo(&self) {
        let demo = root().join("fixtures/demo");
        for entry in walkdir::WalkDir::new(&demo).into_iter().map(Result::unwrap) {
            if entry.file_type().is_file() {
                let file = self.1.join(entry.path().strip_prefix(&demo).unwrap());
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::copy(entry.path(), file).unwrap();
            }
        }
    }
}

#[test]
fn the_two_commands_stand_there() {
    for edition in editions() {
        for command in ["cargo run --release -- check fixtures/demo\n", "cargo test\n"] {
            edition.starting("sh", command);
        }
    }
}

/// Each paragraph of the excerpt is found in the run, line by line; a line that ends in `…` is cut.
#[test]
fn the_excerpt_is_a_piece_of_a_real_run() {
    for edition in editions() {
        let output = run(root(), &["check", "fixtures/demo", "--lang", edition.lang]);
        assert_eq!(output.status.code(), Some(1));
        let all = said(&output);
        let lines: Vec<&str> = all.lines().collect();
        let excerpts: Vec<&Block> = edition.blocks.iter().filter(|block| block.text.contains("┌─")).collect();
        assert!(excerpts.len() > 1, "{}: one from the templates and one from a campaign", edition.name);
        for paragraph in excerpts.iter().flat_map(|excerpt| excerpt.text.split("\n\n")) {
            let paragraph = paragraph.trim_end();
            let shown: Vec<&str> = paragraph.lines().collect();
            let same = |(shown, real): (&&str, &&str)| {
                shown == real || shown.strip_suffix('…').is_some_and(|start| real.starts_with(start))
            };
            let found = lines.windows(shown.len()).any(|window| shown.iter().zip(window).all(same));
            assert!(found, "{}: not in the run:\n{paragraph}\n\nThe run:\n{all}", edition.name);
        }
    }
}

#[test]
fn its_commands_run() {
    for edition in editions() {
        // The repository that is adopted: the demo's templates without its configuration.
        let scratch = Scratch::new();
        scratch.copy_demo();
        fs::remove_file(scratch.1.join("dunlint.toml")).unwrap();
        scratch.write("policies/house.toml", edition.starting("toml", "# policies/house.toml\n")[0]);
        let console = edition.blocks.iter().filter(|block| block.info == "console");
        let lines: Vec<&str> = console.flat_map(|block| block.text.lines()).collect();
        assert!(lines.len() > 8, "{}: {lines:?}", edition.name);
        for line in lines {
            let arguments: Vec<&str> = line.strip_prefix("$ dunlint ").unwrap().split(' ').collect();
            let folder = if line.contains("fixtures/demo") { root() } else { &scratch.1 };
            let output = run(folder, &arguments);
            let code = output.status.code();
            assert!(matches!(code, Some(0 | 1)), "{}: {line}: {code:?}\n{}", edition.name, said(&output));
        }
        let written = fs::read_to_string(scratch.1.join("dunlint.toml")).unwrap();
        assert!(written.contains("[[source]]"), "`init --write` found no catalogue:\n{written}");
    }
}

#[test]
fn its_rule_proves_itself_and_finds() {
    for edition in editions() {
        let scratch = Scratch::new();
        scratch.write("policies/house.toml", edition.starting("toml", "# policies/house.toml\n")[0]);
        let output = run(&scratch.1, &["test", "policies/house.toml"]);
        assert_eq!(output.status.code(), Some(0), "{}: {}", edition.name, said(&output));
        let rows: Vec<String> = said(&output).lines().map(str::to_owned).collect();
        assert!(rows.iter().any(|row| row.starts_with("informal/hurry ")), "{rows:?}");
        for config in edition.starting("toml", "# dunlint.toml\n") {
            scratch.write("dunlint.toml", config);
            scratch.write("m1.txt", "【某某金融】${name}，请抓紧还款${amount}元，客服95000。\n");
            let output = run(&scratch.1, &["check", "m1.txt", "--format", "concise"]);
            assert!(said(&output).contains("[informal/hurry]"), "{}: {}", edition.name, said(&output));
        }
    }
}

#[test]
fn its_configuration_loads() {
    for edition in editions() {
        for config in edition.starting("toml", "# dunlint.toml\n") {
            let scratch = Scratch::new();
            scratch.copy_demo();
            scratch.write("policies/house.toml", edition.starting("toml", "# policies/house.toml\n")[0]);
            scratch.write("dunlint.toml", config);
            let output = run(&scratch.1, &["check", "--format", "json", "."]);
            assert_eq!(output.status.code(), Some(1), "{}: {}", edition.name, said(&output));
        }
    }
}

#[test]
fn its_declared_facts_silence() {
    for edition in editions() {
        let template = edition.starting("text", "---\n")[0];
        let undeclared = template.replace("legal_stage: filed\n", "").replace("case_no: ", "note_no: ");
        assert_ne!(template, undeclared);
        for (text, code) in [(template, 0), (undeclared.as_str(), 1)] {
            let scratch = Scratch::new();
            scratch.write("m6.txt", text);
            let output = run(&scratch.1, &["check", "--fail-on", "warning", "m6.txt"]);
            assert_eq!(output.status.code(), Some(code), "{}: {}", edition.name, said(&output));
        }
    }
}

#[test]
fn its_lists_are_complete() {
    let families: Vec<&str> = policy::FAMILIES.into_iter().collect();
    let hosts: Vec<&str> = host::names().collect();
    let dialects: Vec<&str> = Dialect::names().collect();
    let formats: Vec<&str> = report::FORMATS.iter().map(|format| format.name).collect();
    for edition in editions() {
        let rows = edition.text.lines().filter_map(|line| line.strip_prefix("| `"));
        let named: Vec<&str> = rows.filter_map(|row| row.split_once("` |")).map(|(name, _)| name).collect();
        let listed: Vec<&str> = named.into_iter().filter(|name| policy::FAMILIES.contains(name)).collect();
        assert_eq!(sorted(listed), sorted(families.clone()), "{}", edition.name);
        assert_eq!(sorted(edition.cell(2, 1)), sorted(hosts.clone()), "{}", edition.name);
        assert_eq!(sorted(edition.cell(3, 1)), sorted(dialects.clone()), "{}", edition.name);
        assert_eq!(sorted(edition.cell(4, 1)), sorted(formats.clone()), "{}", edition.name);
    }
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

#[test]
fn its_links_lead_somewhere() {
    for edition in editions() {
        let folder = root().join(edition.name).parent().unwrap().to_owned();
        for link in edition.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            let here = file.is_empty() || file.starts_with("https://") || folder.join(file).exists();
            assert!(here, "{}: {link}", edition.name);
        }
    }
}
