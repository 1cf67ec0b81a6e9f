//! Odd corners of every format and placeholder language (`fixtures/formats`), one folder each: what is read of them
//! stands beside the file, each placeholder with the bytes of the file that spell it. Every `expected.txt` was
//! compared with the definition of its format by hand; `DUNLINT_UPDATE=1` writes them anew, to be read again.
#![allow(clippy::unwrap_used)]

use dunlint::config::{ConfigChoice, Configs, Date};
use dunlint::source::{Source, Span};
use dunlint::template::Template;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats");

/// The file of a folder that is neither its configuration nor what is expected.
fn subject(folder: &Path) -> PathBuf {
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let own = |path: &PathBuf| !path.ends_with("dunlint.toml") && !path.ends_with("expected.txt");
    files.find(own).unwrap()
}

fn read(folder: &Path) -> String {
    let file = subject(folder);
    let name = file.file_name().unwrap().to_str().unwrap().into();
    let source = Source::from_bytes(&name, std::fs::read(&file).unwrap(), None).unwrap();
    let today = Date::today();
    let configs = Configs::new(folder, &ConfigChoice::default(), today);
    let config = configs.nearest(&file);
    let settings = config.resolve(&file);
    let parsed = dunlint::check::parse(&source, None, None, &settings);
    let mut told = String::new();
    for template in &parsed.templates {
        describe(&source, template, &mut told);
    }
    let mut problems: Vec<String> =
        parsed.problems.iter().map(|p| format!("{:?} {}", p.gravity, p.code)).collect();
    problems.sort();
    problems.iter().for_each(|problem| writeln!(told, "{problem}").unwrap());
    told
}

fn describe(source: &Source, template: &Template, told: &mut String) {
    let record = &template.record;
    writeln!(told, "{} [{}] {:?}", record.id.text, template.dialect.name(), template.body()).unwrap();
    let spelled = |span: Span| format!("{:?}", template.source_span(span).of_text(&source.text));
    for placeholder in template.placeholders() {
        let index = placeholder.index.map_or(String::new(), |index| format!(" #{index}"));
        let default = placeholder.default.as_ref().map_or(String::new(), |text| format!(" else {text:?}"));
        writeln!(told, "    {:?}{index}{default} = {}", placeholder.name, spelled(placeholder.span)).unwrap();
    }
    for (span, text) in template.escapes() {
        writeln!(told, "    escape {} is {text:?}", spelled(span)).unwrap();
    }
    for (span, error) in template.errors() {
        writeln!(told, "    error {} {}", error.name(), spelled(span)).unwrap();
    }
    let paths = template.paths();
    if paths.list.len() > 1 {
        writeln!(told, "    {} ways", paths.list.len()).unwrap();
        for (at, path) in paths.list.iter().enumerate().take(9) {
            let never = if paths.feasible.contains(&at) { "" } else { " (never)" };
            let text = template.render(path, |placeholder| format!("⟦{}⟧", placeholder.name));
            writeln!(told, "    {}{never}: {text:?}", path.when.join(", ")).unwrap();
        }
    }
}

#[test]
fn odd_corners_are_read_as_their_formats_define_them() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 40, "{}", folders.len());
    let mut wrong = Vec::new();
    for folder in &folders {
        let told = read(folder);
        let expected = folder.join("expected.txt");
        if std::env::var_os("DUNLINT_UPDATE").is_some() {
            std::fs::write(&expected, &told).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != told {
            wrong.push(format!("{}:\n{told}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
