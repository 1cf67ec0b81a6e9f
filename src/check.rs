//! The pipeline: from paths to an [`Outcome`].

use crate::config::ConfigChoice;
use crate::facts::roles;
use crate::finding::Finding;
use crate::judge::{Circumstances, Judge};
use crate::outcome::{CheckedFile, Outcome};
use crate::policy::PolicySet;
use crate::problem::Problem;
use crate::source::{Source, SourceSpec, host};
use crate::template::{Hints, Template};
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// What a run is asked to look at.
#[derive(Debug, Default)]
pub struct Request {
    /// The project root: paths in reports are relative to it.
    pub root: PathBuf,
    /// Files and directories, relative to the root or absolute.
    pub paths: Vec<PathBuf>,
    /// Name and bytes of the standard input, when it is to be read.
    pub stdin: Option<(String, Vec<u8>)>,
    /// Which configuration holds.
    pub config: ConfigChoice,
    /// Rules (`family/name`, `family`, `family:name`) to run; empty: all.
    pub rules: Vec<String>,
    /// Storage format of every file.
    pub host: Option<String>,
    /// Placeholder language of every template.
    pub dialect: Option<String>,
    /// Jurisdiction of every template.
    pub jurisdiction: Option<String>,
    /// Number of threads; absent: one a processor.
    pub jobs: Option<usize>,
}

/// What one file gave.
struct Checked {
    file: Option<CheckedFile>,
    source: Option<Source>,
    findings: Vec<Finding>,
    problems: Vec<Problem>,
}

/// Checks what `request` names.
pub fn run(request: &Request, policies: &PolicySet) -> Outcome {
    let mut outcome = Outcome::default();
    let mut files = Vec::new();
    for path in &request.paths {
        for entry in walkdir::WalkDir::new(request.root.join(path)).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            if entry.file_type().is_file() {
                let display = entry.path().strip_prefix(&request.root).unwrap_or(entry.path());
                files.push((entry.path().to_path_buf(), Arc::<str>::from(display.to_string_lossy().replace("./", ""))));
            }
        }
    }
    let checked: Vec<Checked> = files
        .par_iter()
        .map(|(path, display)| match std::fs::read(path) {
            Ok(bytes) => check_bytes(request, policies, display, bytes),
            Err(_) => Checked { file: None, source: None, findings: vec![], problems: vec![] },
        })
        .collect();
    for one in checked {
        outcome.findings.extend(one.findings);
        outcome.problems.extend(one.problems);
        outcome.files.extend(one.file);
        if let Some(source) = one.source {
            outcome.sources.insert(Arc::clone(&source.path), source);
        }
    }
    outcome
}

fn check_bytes(request: &Request, policies: &PolicySet, path: &Arc<str>, bytes: Vec<u8>) -> Checked {
    let spec = SourceSpec::default();
    let source = match Source::from_bytes(path, bytes, spec.encoding.as_deref()) {
        Ok(source) => source,
        Err(problem) => {
            return Checked { file: None, source: None, findings: Vec::new(), problems: vec![problem] };
        }
    };
    let (host, read) = host::read(&source, request.host.as_deref(), &spec);
    let mut problems = read.problems;
    let hints = Hints { path, option: request.dialect.as_deref(), spec: Some(&spec) };
    let (mut templates, more) = Template::parse_file(read.records, &hints);
    problems.extend(more);
    let circumstances =
        Circumstances { forced_jurisdiction: request.jurisdiction.clone(), ..Circumstances::default() };
    let judge = Judge { policies, circumstances: &circumstances };
    let mut findings = Vec::new();
    for template in &mut templates {
        roles::assign(template);
        findings.extend(judge.findings(&source, template));
    }
    let ids = templates.iter().map(|t| Arc::from(t.record.id.text.as_str())).collect();
    let file = Some(CheckedFile { path: Arc::clone(path), bytes: source.bytes, encoding: source.encoding.name(), sha256: source.sha256(), host, templates: ids });
    Checked { file, source: Some(source), findings, problems }
}
