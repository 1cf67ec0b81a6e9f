//! Names that can stand at a place: rules in suppressions and in the configuration, what rules rest on in policies,
//! levels.
//!
//! Begin at [`complete`]. While a name is typed the file seldom can be read, so the line alone tells what is meant.

use super::desk::Desk;
use crate::config::discover::FILE_NAME;
use crate::config::names::LEVELS;
use crate::policy::FAMILIES;
use crate::report::full::citation;
use crate::source::Span;
use crate::source::host::Kind;
use crate::triage::suppress::FAMILY;
use gen_lsp_types::{CompletionItem, CompletionItemKind, CompletionParams, TextEdit};

/// What may be named at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    Rules,
    Bases,
    Levels,
}

/// Bytes of a line before the place that are looked at.
const NEAR: usize = 2000;

/// The names that can stand at the place.
pub(super) fn complete(desk: &mut Desk<'_>, params: &CompletionParams) -> Vec<CompletionItem> {
    let text = desk.view.text;
    let at = desk.view.byte(params.text_document_position_params.position) as usize;
    let before = text.get(..at).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let line = line.get(line.len().saturating_sub(NEAR)..).unwrap_or(line);
    let is_config = desk.file.file_name().is_some_and(|name| name == FILE_NAME);
    let mut is_policy =
        || matches!(desk.page.parsed(desk.answer, desk.file).kind, Kind::Policy | Kind::Config);
    let names = match in_suppression(line) {
        true => Some(Names::Rules),
        false if is_config || is_policy() => in_toml(header(before), line),
        false => None,
    };
    let Some(names) = names else { return Vec::new() };
    let typed = line.len() - line.trim_end_matches(is_of_name).len();
    let word = Span::of(at - typed, at);
    let range = desk.view.range(word);
    let item = |name: &str, kind: CompletionItemKind, detail: String| CompletionItem {
        label: name.to_owned(),
        kind: Some(kind),
        detail: (!detail.is_empty()).then_some(detail),
        filter_text: Some(name.to_owned()),
        text_edit: Some(TextEdit { range, new_text: name.to_owned() }.into()),
        ..CompletionItem::default()
    };
    let policies = desk.answer.policies();
    let lang = desk.diagnoser.lang;
    match names {
        Names::Levels => {
            LEVELS.iter().map(|name| item(name, CompletionItemKind::EnumMember, String::new())).collect()
        }
        Names::Bases => {
            let bases = policies.bases.values();
            bases.map(|basis| item(&basis.id, CompletionItemKind::Reference, citation(basis, lang))).collect()
        }
        Names::Rules => {
            // Nothing suppresses what is said of suppressions; its level can be set.
            let suppressing = in_suppression(line);
            let wanted = |family: &str| !(suppressing && family == FAMILY);
            let rules = policies.rules.iter().filter(|rule| wanted(rule.family()));
            let rules =
                rules.map(|rule| item(&rule.id, CompletionItemKind::Value, rule.title.get(lang).to_owned()));
            let families = FAMILIES.iter().filter(|family| wanted(family));
            let families = families
                .map(|family| item(&format!("family:{family}"), CompletionItemKind::Module, String::new()));
            rules.chain(families).collect()
        }
    }
}

const fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | ':' | '-' | '_' | '.')
}

/// Whether `line` ends inside the brackets of `ignore[…]`.
fn in_suppression(line: &str) -> bool {
    let inside = line.rsplit_once("ignore[").map(|(before, inside)| (before.contains("dunlint"), inside));
    inside.is_some_and(|(marked, inside)| marked && !inside.contains(']'))
}

/// The last header of a table before the place, without its brackets.
fn header(before: &str) -> &str {
    let lines = before.rsplit('\n').skip(1).map(str::trim);
    let header = lines.map(|line| line.trim_end_matches('\r')).find(|line| line.starts_with('['));
    header.map_or("", |line| line.trim_matches(['[', ']', ' ']))
}

/// What may be named behind `line`, in a table called `header`.
fn in_toml(header: &str, line: &str) -> Option<Names> {
    let start = line.trim_start();
    let opened = start.trim_end_matches(is_of_name).trim_end_matches(['"', '\'']).trim_end();
    let key = opened.strip_suffix('=').map(str::trim_end);
    let in_rules = header.rsplit('.').next() == Some("rules");
    // `rules = { "threat/visit" = "off" }`
    let inline = start.strip_prefix("rules").is_some_and(|rest| rest.trim_start().starts_with('='));
    if let Some(key) = key {
        return match key {
            "rule" => Some(Names::Rules),
            "level" => Some(Names::Levels),
            _ if in_rules || (inline && key != "rules") => Some(Names::Levels),
            key if key.starts_with("basis") => Some(Names::Bases),
            _ => None,
        };
    }
    if start.starts_with("basis.")
        || start.starts_with("basis ")
        || (header.ends_with("basis") && opened.ends_with(['[', ',']))
    {
        return opened.ends_with(['[', ',', '=']).then_some(Names::Bases);
    }
    let at_key = opened.is_empty() && in_rules;
    (at_key || (inline && opened.ends_with(['{', ',']))).then_some(Names::Rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_what_may_be_named() {
        for (head, line, names) in [
            ("rules", "", Some(Names::Rules)),
            ("rules", "\"threat/vi", Some(Names::Rules)),
            ("rules", "\"threat/visit\" = \"", Some(Names::Levels)),
            ("override", "rules = { \"", Some(Names::Rules)),
            ("override", "rules = { \"a/b\" = \"of", Some(Names::Levels)),
            ("override", "rules = { \"a/b\" = \"off\", \"", Some(Names::Rules)),
            ("suppress", "rule = \"thr", Some(Names::Rules)),
            ("rule", "basis.cn = [\"cn-", Some(Names::Bases)),
            ("rule", "basis.cn = [\"cn-a\", \"", Some(Names::Bases)),
            ("rule", "level = \"", Some(Names::Levels)),
            ("suppress", "reason = \"", None),
            ("suppress", "", None),
        ] {
            assert_eq!(in_toml(head, line), names, "[{head}] {line}");
        }
        assert!(in_suppression("# dunlint: ignore[threat/visit, "));
        assert!(in_suppression("{\"dunlint\": \"ignore[thr"));
        assert!(!in_suppression("# dunlint: ignore[threat/visit] until="));
        assert!(!in_suppression("ignore[thr"));
        assert_eq!(header("a = 1\n[[rule]]\nid = 1\n[rule.basis]\nx"), "rule.basis");
    }
}
