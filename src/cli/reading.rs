//! `dunlint explain FILE`: how a file is read, that is in which format, and each template in which placeholder
//! language and who decided that.

use super::options::{Manner, Settings};
use super::{CLEAN, PROBLEM, screen};
use crate::check;
use crate::config::{Configs, Date, discover};
use crate::outcome::Outcome;
use crate::report::concise;
use crate::report::glyphs::harmless;
use crate::source::{ChosenBy, Source};
use crate::template::Template;
use crate::words::{Lang, Words};
use std::path::Path;
use std::sync::Arc;

/// Prints how `file` is read.
pub(super) fn explain(file: &Path, settings: &Settings, manner: &Manner) -> u8 {
    let lang = screen::lang(manner.lang);
    let root = match std::env::current_dir() {
        Ok(root) => root,
        Err(error) => {
            screen::say(&format!("dunlint: {error}"));
            return PROBLEM;
        }
    };
    let configs = Configs::new(&root, &settings.choice(), Date::today());
    let absolute = root.join(file);
    let path: Arc<str> = discover::relative(&root, &absolute).into();
    let config = configs.nearest(&absolute);
    let resolved = config.resolve(&absolute);
    let mut outcome = Outcome::default();
    let mut lines = Vec::new();
    match Source::open(&path, &absolute, resolved.spec.encoding.as_deref()) {
        Ok(source) => {
            let parsed = check::parse(&source, None, None, &resolved);
            lines.push(format!("{}: {}", harmless(&path), parsed.host));
            lines.extend(parsed.templates.iter().map(|template| line(template, lang)));
            outcome.problems.extend(parsed.problems);
            outcome.sources.insert(path, source);
        }
        Err(problem) => outcome.problems.push(*problem),
    }
    configs.report(&mut outcome);
    for problem in &outcome.problems {
        screen::say(&concise::line(problem, &outcome, lang));
    }
    let code = if outcome.complete() { CLEAN } else { PROBLEM };
    screen::print(code, |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}

fn line(template: &Template, lang: Lang) -> String {
    let (id, dialect) = (harmless(&template.record.id.text), template.dialect.name());
    format!("  {id}: {dialect}, {}", reason(template.chosen_by).get(lang))
}

/// Who decided the placeholder language.
fn reason(by: ChosenBy) -> Words {
    match by {
        ChosenBy::Option => Words::new("as the command line says", "由命令行指定"),
        ChosenBy::FrontMatter => Words::new("as its front matter says", "由文件头指定"),
        ChosenBy::Record => Words::new("as a field of the record says", "由记录中的字段指定"),
        ChosenBy::Flag => Words::new("as its gettext flag says", "由 gettext 标记指定"),
        ChosenBy::Config => Words::new("as the configuration or its platform says", "由配置或所属平台指定"),
        ChosenBy::Host => Words::new("the only one of its file format", "该文件格式只有这一种"),
        ChosenBy::Extension => Words::new("by the ending of the file name", "由文件扩展名得出"),
        ChosenBy::Content => Words::new("by the content of the file", "由文件内容得出"),
        ChosenBy::Auto => Words::new(
            "detected on the texts of the file; `dialect` in dunlint.toml makes it certain",
            "根据文件中的正文推断；在 dunlint.toml 中写明 `dialect` 即可确定",
        ),
    }
}
