//! What a rule is about, and what a placeholder stands for, in Markdown.

use super::diagnose::Diagnoser;
use crate::check::Parsed;
use crate::finding::Finding;
use crate::policy::Rule;
use crate::report::chrome::{self, Head, pick};
use crate::report::full::citation;
use crate::report::sentence;
use crate::template::{Placeholder, Template};
use crate::words::Lang;

/// Characters that mean something in Markdown, spelled as themselves.
fn plain(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            written.push(' ');
            continue;
        }
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&'
        ) {
            written.push('\\');
        }
        written.push(c);
    }
    written
}

/// `text` as code, whatever it holds.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// A rule; of a finding also what was found.
pub(super) fn rule(rule: &Rule, finding: Option<&Finding>, diagnoser: Diagnoser<'_>) -> String {
    let lang = diagnoser.lang;
    let fill = |words: &str| match finding {
        Some(finding) => sentence::fill(words, finding, str::to_owned).into_owned(),
        None => words.to_owned(),
    };
    let level = finding.map_or(rule.level, |finding| finding.level).name();
    let mut parts = vec![format!("**{}** ({level}): {}", code(&rule.id), plain(&fill(rule.title.get(lang))))];
    if let Some(finding) = finding {
        parts.push(plain(&fill(rule.message.get(lang))));
        parts.extend(finding.notes.iter().map(|note| plain(&fill(note.get(lang)))));
    }
    let help = finding.map_or(&rule.help, |finding| finding.help_or(&rule.help));
    let help = fill(help.get(lang));
    if !help.is_empty() {
        parts.push(format!("*{}{}* {}", chrome::head(Head::Help, lang), chrome::colon(lang), plain(&help)));
    }
    let bases = bases(rule, finding, diagnoser);
    if !bases.is_empty() {
        parts.push(format!("*{}{}*\n{bases}", chrome::head(Head::Basis, lang), chrome::colon(lang)));
    }
    parts.join("\n\n")
}

/// What a rule rests on: where a finding is cited, or everywhere.
fn bases(rule: &Rule, finding: Option<&Finding>, diagnoser: Diagnoser<'_>) -> String {
    let policies = diagnoser.answer.policies();
    let lang = diagnoser.lang;
    let everywhere = || {
        let mut ids: Vec<&str> = rule.basis.values().flatten().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let ids: Vec<&str> = match finding {
        Some(finding) => rule.basis_in(finding.cited_in()).collect(),
        None => everywhere(),
    };
    let lines = ids.into_iter().filter_map(|id| policies.bases.get(id)).map(|basis| {
        let cited = plain(&citation(basis, lang));
        let cited = match &basis.url {
            Some(url) => format!("[{cited}](<{}>)", url.replace(['<', '>'], "")),
            None => cited,
        };
        format!("- {cited}: {}", plain(basis.says.get(lang)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A placeholder: the facts that `parse` prints of it.
pub(super) fn placeholder(of: &Placeholder, template: &Template, parsed: &Parsed, lang: Lang) -> String {
    let raw = of.span.of_text(template.body());
    let mut rows = vec![(pick(lang, "role", "含义"), of.role.name().to_owned())];
    let mut put = |en, zh, value: Option<String>| rows.extend(value.map(|value| (pick(lang, en, zh), value)));
    put("name", "名称", (!of.name.is_empty()).then(|| of.name.clone()));
    put("index", "序号", of.index.map(|index| index.to_string()));
    put("type", "类型", of.declared_type.clone());
    put("default", "默认值", of.default.clone());
    put("longest", "最长", of.max_length.map(|length| length.to_string()));
    put("filters", "过滤器", (!of.filters.is_empty()).then(|| of.filters.join(", ")));
    put("template", "模板", Some(template.record.id.text.clone()));
    let chosen = format!("{} ({})", template.dialect.name(), template.chosen_by.name());
    put("placeholder language", "占位符语言", Some(chosen));
    put("stored as", "存储格式", Some(parsed.host.to_owned()));
    let head = format!("{} {}", pick(lang, "**placeholder**", "**占位符**"), code(raw));
    let lines = rows.iter().map(|(name, value)| format!("- {name}: {}", code(value)));
    std::iter::once(format!("{head}\n")).chain(lines).collect::<Vec<_>>().join("\n")
}
