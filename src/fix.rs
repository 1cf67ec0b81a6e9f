//! Applying fixes: the edits of findings become new texts of files, which are read again before they are written.
//!
//! Begin at [`plan`]. A file that changed since it was read is left alone, and so is one that would not read as before
//! but for the edited texts.

use crate::check;
use crate::config::Configs;
use crate::disk_write;
use crate::finding::{Applicability, Edit, Finding};
use crate::outcome::Outcome;
use crate::problem::{Gravity, Problem};
use crate::source::{Encoding, Source, Span, disk};
use crate::template::Template;
use crate::words::Words;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The new text of one file.
#[derive(Clone, Debug)]
pub struct Rewritten {
    /// The file, relative to the root.
    pub path: Arc<str>,
    /// Its text before.
    pub before: String,
    /// Its text with the fixes.
    pub after: String,
    /// What makes one of the other, in their order.
    pub edits: Vec<Edit>,
    /// How many findings they mend.
    pub count: usize,
}

/// Which fixes are wanted, and how files are read.
pub struct Wanted<'a> {
    /// The project root.
    pub root: &'a Path,
    /// The configurations.
    pub configs: &'a Configs,
    /// `--host` and `--dialect`.
    pub reading: (Option<&'a str>, Option<&'a str>),
    /// Whether those too that may change what is said.
    pub r#unsafe: bool,
}

/// The files of `outcome` with all fixes that can be applied at once: of overlapping ones the first. What cannot be
/// applied is a note.
pub fn plan(outcome: &Outcome, wanted: &Wanted<'_>) -> (Vec<Rewritten>, Vec<Problem>) {
    let mut by_path: BTreeMap<&Arc<str>, Vec<&Finding>> = BTreeMap::new();
    for finding in outcome.findings.iter().filter(|finding| finding.counts()) {
        by_path.entry(&finding.path).or_default().push(finding);
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for (path, findings) in by_path {
        let Some(source) = outcome.sources.get(path) else { continue };
        let (edits, count) = chosen(&findings, wanted.r#unsafe);
        if edits.is_empty() {
            continue;
        }
        let after = edited(&source.text, &edits);
        let words = if source.encoding != Encoding::Utf8 {
            Some(Words::new("only files in UTF-8 are fixed", "仅修正 UTF-8 编码的文件"))
        } else if !wanted.reads_as_before(source, &after, &edits) {
            Some(Words::new(
                "its fixes would change more than the marked texts, so none was applied",
                "修正会影响标记之外的内容，因此未应用",
            ))
        } else {
            None
        };
        match words {
            Some(words) => problems.push(Problem::note("not-fixed", words).in_file(path)),
            None => {
                let before = source.text.clone();
                files.push(Rewritten { path: Arc::clone(path), before, after, edits, count });
            }
        }
    }
    (files, problems)
}

/// The edits of the first fix of each finding that is wanted, without those that overlap earlier ones.
fn chosen(findings: &[&Finding], r#unsafe: bool) -> (Vec<Edit>, usize) {
    let (mut edits, mut count) = (Vec::<Edit>::new(), 0);
    for finding in findings {
        let fix = finding.fixes.iter().find(|fix| match fix.applicability {
            Applicability::Safe => true,
            Applicability::Unsafe => r#unsafe,
            Applicability::DisplayOnly => false,
        });
        let Some(fix) = fix else { continue };
        let meets = |a: &Edit, b: &Edit| a.span.overlaps(b.span) || a.span == b.span;
        if fix.edits.iter().any(|edit| edits.iter().any(|known| meets(edit, known))) {
            continue;
        }
        edits.extend(fix.edits.iter().cloned());
        count += 1;
    }
    edits.sort_by_key(|edit| edit.span);
    (edits, count)
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut after = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        after.push_str(text.get(at..edit.span.start as usize).unwrap_or(""));
        after.push_str(&edit.replacement);
        at = edit.span.end as usize;
    }
    after.push_str(text.get(at..).unwrap_or(""));
    after
}

impl Wanted<'_> {
    /// Whether the new text holds the same templates, and each that no edit touches says the same.
    fn reads_as_before(&self, source: &Source, after: &str, edits: &[Edit]) -> bool {
        let absolute = self.root.join(&*source.path);
        let config = self.configs.nearest(&absolute);
        let settings = config.resolve(&absolute);
        let (host, dialect) = self.reading;
        let parse = |source: &Source| check::parse(source, host, dialect, &settings);
        let new = Source::from_text(&source.path, after.to_owned());
        let (old, new) = (parse(source), parse(&new));
        let errors = |problems: &[Problem]| problems.iter().filter(|p| p.gravity == Gravity::Error).count();
        let touched =
            |span: Span| edits.iter().any(|edit| edit.span.overlaps(span) || span.contains(edit.span));
        let same = |(old, new): (&Template, &Template)| {
            old.record.id.text == new.record.id.text
                && (touched(old.record.body_span) || old.body() == new.body())
        };
        old.templates.len() == new.templates.len()
            && errors(&new.problems) <= errors(&old.problems)
            && old.templates.iter().zip(&new.templates).all(same)
    }
}

/// Writes the new texts. A file that is not as it was read stays as it is, with a problem.
pub fn write(root: &Path, files: &[Rewritten]) -> Vec<Problem> {
    files.iter().filter_map(|file| write_one(root, file).err()).map(|problem| *problem).collect()
}

fn write_one(root: &Path, file: &Rewritten) -> Result<(), Box<Problem>> {
    let path = root.join(&*file.path);
    let failed = |en: String, zh: String| {
        Box::new(Problem::error("not-fixed", Words::new(en, zh)).in_file(&file.path))
    };
    let now =
        disk::read(&path).map_err(|e| failed(format!("cannot be read: {e}"), format!("无法读取：{e}")))?;
    if now != file.before.as_bytes() {
        let (en, zh) =
            ("it changed while it was checked, and was left as it is", "检查期间文件有变动，未作修改");
        return Err(failed(en.to_owned(), zh.to_owned()));
    }
    let written = disk_write::replace(&path, file.after.as_bytes());
    written.map_err(|e| failed(format!("cannot be written: {e}"), format!("无法写入：{e}")))
}
