//! Templates of one message that state different figures: the same id in another language or for another channel.
//!
//! Begin at [`findings`]. Which templates are one message is told by their ids alone: `overdue-d1` in two files of two
//! languages, `overdue-d1.en` and `overdue-d1.zh-Hans`, `overdue-d1_sms` and `overdue-d1_push`.

use crate::finding::{About, Finding, Label};
use crate::policy::check::Check;
use crate::policy::{Example, PolicySet};
use crate::source::Span;
use crate::template::Template;
use crate::words::{Lang, Words};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What must be known of a template to compare it.
#[derive(Clone, Debug)]
pub struct Version {
    /// What the versions of one message have in common.
    stem: String,
    /// What tells this version from others.
    which: String,
    path: Arc<str>,
    about: Arc<About>,
    place: Span,
    /// Written figures in minor units, and variables by name.
    figures: BTreeSet<String>,
}

/// Endings of ids that name a language or a channel.
const ENDINGS: [&str; 22] = [
    "zh-hans", "zh-hant", "zh-cn", "zh-tw", "zh-hk", "zh_cn", "zh_tw", "zh_hk", "zh", "en-us", "en-gb",
    "en_us", "en_gb", "en", "sms", "push", "email", "whatsapp", "voice", "cn", "tw", "hk",
];

impl Version {
    /// The version that `template` is, with the figures that it states; `None` when nothing says of which message,
    /// or it states no figure.
    pub fn of(
        template: &Template,
        about: &Arc<About>,
        path: &Arc<str>,
        figures: Vec<String>,
    ) -> Option<Self> {
        // An id that was made from the name of the file, or from a position, is none.
        template.record.id.span.filter(|_| !figures.is_empty())?;
        let id = template.record.id.text.to_lowercase();
        let cut = ENDINGS.iter().find_map(|ending| {
            let stem = id.strip_suffix(ending)?.strip_suffix(['.', '-', '_', '/', ':'])?;
            (!stem.is_empty()).then(|| (stem.to_owned(), *ending))
        });
        let (stem, ending) = cut.unwrap_or_else(|| (id.clone(), ""));
        let channel = template.record.meta.text("channel").unwrap_or("");
        let lang = about.lang.map_or("", Lang::name);
        Some(Self {
            stem,
            which: format!("{lang} {channel} {ending}"),
            path: Arc::clone(path),
            about: Arc::clone(about),
            place: template.record.body_span,
            figures: figures.into_iter().collect(),
        })
    }
}

/// One finding for each version that states another set of figures than the first version of its message.
pub fn findings(mut versions: Vec<Version>, policies: &PolicySet) -> Vec<Finding> {
    let asked = |rule: &crate::policy::Rule| matches!(rule.check, Check::Versions(_));
    let Some(rule) = policies.rules.iter().position(asked) else { return Vec::new() };
    versions.sort_by(|a, b| (&a.stem, &a.path, a.place).cmp(&(&b.stem, &b.path, b.place)));
    let mut by_stem: BTreeMap<&str, Vec<&Version>> = BTreeMap::new();
    for version in &versions {
        by_stem.entry(&version.stem).or_default().push(version);
    }
    let mut findings = Vec::new();
    for group in by_stem.into_values() {
        let [first, rest @ ..] = group.as_slice() else { continue };
        let differs = |other: &&&Version| other.which != first.which && other.figures != first.figures;
        findings
            .extend(rest.iter().filter(differs).filter_map(|other| finding(rule, policies, first, other)));
    }
    findings
}

fn finding(rule: usize, policies: &PolicySet, first: &Version, other: &Version) -> Option<Finding> {
    let stated = policies.rules.get(rule)?;
    let list = |a: &Version, b: &Version| {
        let only: Vec<&str> = a.figures.difference(&b.figures).map(String::as_str).collect();
        if only.is_empty() { "—".to_owned() } else { only.join(", ") }
    };
    let beside = (first.path == other.path)
        .then(|| Label { span: first.place, text: Words::new("the other version", "另一版本") });
    let here = ("here", list(other, first));
    let there = ("there", list(first, other));
    Some(Finding {
        rule,
        level: stated.level,
        confidence: stated.confidence,
        path: Arc::clone(&other.path),
        about: Some(Arc::clone(&other.about)),
        jurisdiction: None,
        primary: other.place,
        text: other.about.id.to_string(),
        args: vec![here, there, ("other", format!("{} ({})", first.about.id, first.path))],
        labels: beside.into_iter().collect(),
        notes: Vec::new(),
        help: None,
        when: Vec::new(),
        fixes: Vec::new(),
        suppression: None,
        baseline: None,
        fingerprint: String::new(),
    })
}

/// What is marked in an example: its template against the one in its `other`.
pub(crate) fn marks(policies: &PolicySet, example: &Example) -> Vec<String> {
    use crate::judge::{Circumstances, Judge};
    let circumstances = Circumstances::default();
    let judge = Judge { policies, circumstances: &circumstances, host: "plain", fingerprints: false };
    let mut bare = example.clone();
    let other = bare.meta.remove("other");
    let text = other.as_ref().and_then(|other| other.as_str()).unwrap_or_default().to_owned();
    let second = Example { text, meta: BTreeMap::new(), ..bare.clone() };
    let mut versions = Vec::new();
    // The other version is the first of the two: its file sorts before.
    for (path, example) in [("a.txt", &second), ("b.txt", &bare)] {
        let (source, mut templates) = crate::policy::prove::templates(example);
        for template in &mut templates {
            template.record.id.span = Some(Span::default());
            let judged = judge.judge(&source, template);
            versions.extend(Version::of(template, &judged.about, &Arc::from(path), judged.figures));
        }
    }
    findings(versions, policies).into_iter().map(|finding| finding.text).collect()
}
