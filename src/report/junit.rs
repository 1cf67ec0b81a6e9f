//! JUnit's XML: one suite a file; a template without findings is a passed case, each finding a case of its own, which
//! fails when its level fails the run and is skipped when it is answered for.

use super::export::{self, Item, xml};
use crate::outcome::{CheckedFile, Outcome, ReportContext, Reporter};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// `--format junit`.
pub struct JUnit;

/// The cases of one file, and how many of them are what.
#[derive(Default)]
struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Reporter for JUnit {
    fn report(&self, outcome: &Outcome, context: &ReportContext<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
        // What is answered for is a skipped case, asked for or not.
        let context = ReportContext { suppressed: true, ..*context };
        let items = export::items(outcome, &context);
        for file in &outcome.files {
            suites.entry(file.path.to_string()).or_default().passed(file, &items);
        }
        for item in &items {
            suites.entry(item.at.path.to_string()).or_default().finding(item, context.fail_on);
        }
        for (problem, _, place) in export::problems(outcome, &context) {
            let path = place.as_ref().map_or(".", |place| &place.path).to_owned();
            let line = place.map_or(1, |place| place.start.line);
            let message = problem.message.get(context.lang);
            suites.entry(path.clone()).or_default().problem(&path, line, problem.code, message);
        }
        let sum = |count: fn(&Suite) -> usize| suites.values().map(count).sum::<usize>();
        let totals = counts(sum(|s| s.tests), sum(|s| s.failures), sum(|s| s.errors), sum(|s| s.skipped));
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dunlint\" {totals}>")?;
        for (path, suite) in &suites {
            let counts = counts(suite.tests, suite.failures, suite.errors, suite.skipped);
            writeln!(out, "  <testsuite name=\"{}\" {counts}>", xml(path))?;
            write!(out, "{}", suite.cases)?;
            writeln!(out, "  </testsuite>")?;
        }
        writeln!(out, "</testsuites>")
    }
}

fn counts(tests: usize, failures: usize, errors: usize, skipped: usize) -> String {
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\"")
}

impl Suite {
    fn passed(&mut self, file: &CheckedFile, items: &[Item<'_>]) {
        let found = |id: &str| {
            let of_file = items.iter().filter(|item| item.finding.path == file.path);
            of_file.filter_map(|item| item.finding.about.as_ref()).any(|about| &*about.id == id)
        };
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for id in &file.templates {
            let nth = seen.entry(id).or_default();
            *nth += 1;
            if !found(id) {
                // Of equal names a reader keeps only the first.
                let name = if *nth == 1 { id.to_string() } else { format!("{id} ({nth})") };
                self.case(&file.path, &name, 0, "");
            }
        }
    }

    fn finding(&mut self, item: &Item<'_>, fail_on: &str) {
        let start = item.at.start;
        let id = item.finding.about.as_ref().map_or("", |about| &*about.id);
        let name = format!("{} {}:{} {id}", item.rule.id, start.line, start.column);
        let body = if let Some(excuse) = item.excuse() {
            self.skipped += 1;
            format!("<skipped message=\"{}\"/>", xml(&excuse))
        } else {
            let kind = item.finding.level.name();
            let text = xml(&format!("{}:{}:{}\n{}", item.at.path, start.line, start.column, item.help));
            let message = xml(&item.message);
            if item.fails(fail_on) {
                self.failures += 1;
                format!("<failure type=\"{kind}\" message=\"{message}\">{text}</failure>")
            } else {
                format!("<system-out>{kind}: {message}&#10;{text}</system-out>")
            }
        };
        self.case(&item.at.path, name.trim_end(), start.line, &body);
    }

    fn problem(&mut self, path: &str, line: u32, code: &str, message: &str) {
        self.errors += 1;
        let body = format!("<error type=\"{}\" message=\"{}\"/>", xml(code), xml(message));
        self.case(path, &format!("problem/{code} {line}"), line, &body);
    }

    fn case(&mut self, path: &str, name: &str, line: u32, body: &str) {
        self.tests += 1;
        let (path, name) = (xml(path), xml(name));
        let line = if line > 0 { format!(" line=\"{line}\"") } else { String::new() };
        let head =
            format!("    <testcase classname=\"{path}\" name=\"{name}\" file=\"{path}\"{line} time=\"0\"");
        let _ = if body.is_empty() {
            writeln!(self.cases, "{head}/>")
        } else {
            writeln!(self.cases, "{head}>{body}</testcase>")
        };
    }
}
