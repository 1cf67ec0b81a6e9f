//! Which findings people are shown, and the line that says what was seen.

use super::chrome::{count, pick};
use crate::finding::{Confidence, Finding, Level};
use crate::outcome::{Outcome, ReportContext};
use crate::problem::Gravity;
use crate::words::Lang;
use std::collections::BTreeSet;

/// The findings that reports for people show, of those that are not suppressed: errors and warnings of high confidence, all with
/// `--pedantic`.
pub fn shown<'o>(outcome: &'o Outcome, context: &ReportContext<'_>) -> impl Iterator<Item = &'o Finding> {
    let pedantic = context.pedantic;
    outcome.findings.iter().filter(move |finding| {
        finding.counts()
            && (pedantic || (finding.level > Level::Note && finding.confidence == Confidence::High))
    })
}

/// Number of templates that were read.
pub fn templates(outcome: &Outcome) -> usize {
    outcome.files.iter().map(|file| file.templates.len()).sum()
}

/// The last line: `3 errors, 1 warning in 1 of 12 templates`, or `no violations in 12 templates of 9
/// files`, and what was not shown or not looked at.
pub fn line(outcome: &Outcome, context: &ReportContext<'_>) -> String {
    let lang = context.lang;
    let mut parts = vec![verdict(outcome, context)];
    let shown = shown(outcome, context).count();
    let suppressed = outcome.findings.iter().filter(|finding| finding.is_suppressed()).count();
    let accepted = outcome.findings.iter().filter(|finding| finding.is_accepted()).count();
    let hidden = outcome.findings.len() - suppressed - accepted - shown;
    if hidden > 0 {
        let counted = count(hidden, "finding", "findings", "项提示", lang);
        parts.push(match lang {
            Lang::En => format!("{counted} of less weight not shown (--pedantic shows them)"),
            _ => format!("另有 {counted}未显示（--pedantic 可显示）"),
        });
    }
    if suppressed > 0 {
        let next = next_end(outcome);
        parts.push(match lang {
            Lang::En => format!("{suppressed} suppressed{next}"),
            _ => format!("{suppressed} 项已豁免{next}"),
        });
    }
    if accepted > 0 {
        parts.push(match lang {
            Lang::En => format!("{accepted} accepted in the baseline"),
            _ => format!("{accepted} 项已计入基线"),
        });
    }
    if outcome.unchanged > 0 {
        let counted = count(outcome.unchanged, "finding", "findings", "项问题", lang);
        parts.push(match lang {
            Lang::En => format!("{counted} where nothing was changed"),
            _ => format!("未变更处另有 {counted}"),
        });
    }
    let problems = outcome.problems.iter().filter(|p| p.gravity == Gravity::Error).count();
    if problems > 0 {
        let counted = count(problems, "problem", "problems", "个问题", lang);
        // First, so that no verdict is read as one about everything.
        let told = match lang {
            Lang::En => format!("{counted}: not everything was looked at"),
            _ => format!("{counted}：部分内容未能检查"),
        };
        parts.insert(0, told);
    }
    parts.join(pick(lang, "; ", "；"))
}

/// The day on which the next suppression in use ends, in brackets.
fn next_end(outcome: &Outcome) -> String {
    let held = outcome.findings.iter().filter(|finding| finding.is_suppressed());
    let ends = held.filter_map(|finding| finding.suppression.as_ref()?.until.as_deref());
    ends.min().map(|day| format!(" (until {day})")).unwrap_or_default()
}

fn verdict(outcome: &Outcome, context: &ReportContext<'_>) -> String {
    let lang = context.lang;
    let of_level = |level| shown(outcome, context).filter(|f| f.level == level).count();
    let levels = [
        (of_level(Level::Error), "error", "errors", "个错误"),
        (of_level(Level::Warning), "warning", "warnings", "个警告"),
        (of_level(Level::Note), "note", "notes", "条提示"),
    ];
    let counted: Vec<String> = levels
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many, zh)| count(*number, one, many, zh, lang))
        .collect();
    let templates = templates(outcome);
    if counted.is_empty() {
        let all = count(templates, "template", "templates", "个模板", lang);
        let files = count(outcome.files.len(), "file", "files", "个文件", lang);
        return match lang {
            Lang::En => format!("no violations in {all} of {files}"),
            _ => format!("{files}中的 {all}未发现问题"),
        };
    }
    let about: BTreeSet<(&str, &str)> = shown(outcome, context)
        .filter_map(|f| f.about.as_ref().map(|about| (f.path.as_ref(), about.id.as_ref())))
        .collect();
    let all = count(templates, "template", "templates", "个模板", lang);
    // Files of campaigns: what is said there is about no template.
    let others: BTreeSet<&str> =
        shown(outcome, context).filter(|f| f.about.is_none()).map(|f| f.path.as_ref()).collect();
    let files = count(others.len(), "campaign file", "campaign files", "个发送计划文件", lang);
    let within = match (about.len(), others.len(), lang) {
        (_, 0, Lang::En) => format!("{} of {all}", about.len()),
        (_, 0, _) => format!("{all}中的 {} 个", about.len()),
        (0, ..) => files,
        (_, _, Lang::En) => format!("{} of {all} and {files}", about.len()),
        _ => format!("{all}中的 {} 个和{files}", about.len()),
    };
    match lang {
        Lang::En => format!("{} in {within}", counted.join(", ")),
        _ => format!("{}，涉及 {within}", counted.join("、")),
    }
}
