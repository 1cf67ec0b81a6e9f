//! Templates in programs: Java, Kotlin, TypeScript and JavaScript, Python, Go, PHP, C#.
//!
//! Begin at [`Code::read`]: [`syntax`] parses the file, [`collect`] finds what has a name, [`value`] says what
//! it is worth as far as the file itself says, [`select`] takes what is a message: what a `[[source]]` names, or
//! what [`recognise`] knows by name and text. Expressions of the program become placeholders. Nothing is run.
//!
//! The build script compiles policies with the modules of `source` and needs no programs, so these modules
//! belong to the crate's root, where the script has an empty list in their place.

mod call;
mod collect;
mod comment;
mod declared;
mod escape;
mod lines;
mod literal;
mod recognise;
mod select;
mod syntax;
mod value;

use crate::problem::Problem;
use crate::source::document::{Document, Entry, Map, Node, Problems, Value};
use crate::source::host::{Host, Kind, Read};
use crate::source::{Source, SourceSpec, Span, extract};
use crate::words::Words;
use declared::{Declarations, Named};
use select::{Selection, Wanted};
use std::collections::HashMap;
use syntax::Syntax;
use tree_sitter::{ParseOptions, Tree};
use value::{Evaluator, Text, Val, What};

/// The hosts, with the endings of their files.
pub(crate) const HOSTS: &[(&dyn Host, &str)] = &[
    (&Code { name: "java", syntax: Syntax::Java, comments: false }, "java"),
    (&Code { name: "kotlin", syntax: Syntax::Kotlin, comments: false }, "kt kts"),
    (&Code { name: "ts", syntax: Syntax::Tsx, comments: false }, "ts mts cts tsx js mjs cjs jsx"),
    (&Code { name: "python", syntax: Syntax::Python, comments: false }, "py"),
    (&Code { name: "go", syntax: Syntax::Go, comments: false }, "go"),
    (&Code { name: "php", syntax: Syntax::Php, comments: false }, "php"),
    (&Code { name: "csharp", syntax: Syntax::CSharp, comments: false }, "cs"),
    (&Code { name: "java-comment", syntax: Syntax::Java, comments: true }, ""),
];

/// Files over this many bytes are no programs that anyone wrote.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A program that names templates without any of these does not name them so that they are recognised.
const HINTS: [&str; 10] = ["sms", "template", "tpl", "tmpl", "短信", "簡訊", "模板", "文案", "【", "\\u3010"];

/// A programming language as a host.
#[derive(Debug)]
pub(crate) struct Code {
    name: &'static str,
    /// The language, where the file's ending is that of none of them.
    syntax: Syntax,
    /// Whether wordings are read from comments.
    comments: bool,
}

impl Host for Code {
    fn name(&self) -> &'static str {
        self.name
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        if text.trim().is_empty() {
            return Read::blank();
        }
        let wanted = Wanted::of(spec);
        let guessing = matches!(wanted, Wanted::Recognised) && !self.comments && spec.messages.is_none();
        let nothing = || Read { kind: Kind::Nothing, ..Read::default() };
        if guessing && !may_hold_templates(text) {
            return nothing();
        }
        let syntax = Syntax::of_path(&source.path).filter(|found| self.fits(*found)).unwrap_or(self.syntax);
        let tree = match parse(syntax, text) {
            Ok(tree) => tree,
            Err(problem) if guessing => {
                return Read {
                    problems: vec![Problem { gravity: crate::problem::Gravity::Note, ..*problem }],
                    ..nothing()
                };
            }
            Err(problem) => return Read { problems: vec![*problem], ..Read::default() },
        };
        let mut problems = Problems::default();
        problems.extend(broken(&tree, text, base));
        let file = File { syntax, text, base, tree: &tree };
        let mut read = if self.comments {
            file.comments(spec)
        } else if spec.messages.is_some() || spec.body.is_some() {
            file.documents(self.name, source, spec)
        } else {
            file.named(spec, wanted)
        };
        let found = !read.records.is_empty() || !read.problems.is_empty();
        if guessing && !found {
            return nothing();
        }
        // A constant that others refer to is read with each of them.
        read.problems.sort_by_key(|problem| (problem.first_byte(), problem.code));
        read.problems.dedup();
        problems.extend(std::mem::take(&mut read.problems));
        read.problems = problems.into_vec();
        read.kind = match (found, guessing) {
            (false, _) => Kind::Nothing,
            (true, true) => Kind::Guessed,
            (true, false) => Kind::Templates,
        };
        read.sort();
        read
    }
}

impl Code {
    /// Whether a file's ending says more than the host: TypeScript has several, comments stand in any language.
    fn fits(&self, found: Syntax) -> bool {
        self.comments || found == self.syntax || (self.name == "ts" && found == Syntax::Ts)
    }
}

/// The constant of a program that holds a signature and nothing else (`SMS_SIGN = "某某金融"`), for `init`.
pub(crate) fn signature(host: &str, source: &Source) -> Option<String> {
    let (text, base) = source.after_mark();
    let of_host = || HOSTS.iter().position(|(code, _)| code.name() == host);
    let syntax = Syntax::of_path(&source.path).filter(|_| of_host().is_some())?;
    let tree = parse(syntax, text).ok()?;
    let (named, mut eval) = File { syntax, text, base, tree: &tree }.collect();
    named.iter().find_map(|one| {
        let fits = one.kind == declared::Kind::Constant && recognise::names_signature(&one.name);
        let What::Text(text) = eval.value(one.value, 0).what else { return None };
        (fits && recognise::is_bare_signature(&text.mapped.text)).then(|| one.name.clone())
    })
}

/// Whether a program has any of the words that a recognised template needs.
fn may_hold_templates(text: &str) -> bool {
    let bytes = text.as_bytes();
    HINTS.iter().any(|hint| {
        let hint = hint.as_bytes();
        let first = hint.first().copied().unwrap_or(0);
        memchr::memchr2_iter(first, first.to_ascii_uppercase(), bytes)
            .any(|at| bytes.get(at..at + hint.len()).is_some_and(|part| part.eq_ignore_ascii_case(hint)))
    })
}

/// Parses `text`. The parser is given up when it works harder than any program needs.
fn parse(syntax: Syntax, text: &str) -> Result<Tree, Box<Problem>> {
    let too_large =
        |en: &'static str, zh: &'static str| Box::new(Problem::error("code-too-large", Words::new(en, zh)));
    if text.len() > MOST_BYTES {
        return Err(too_large("the program is too large to be read", "程序文件过大，无法读取"));
    }
    // The parser reports every hundred steps; a program needs a few steps a byte.
    let mut left = 10_000 + text.len() / 4;
    let mut progress = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        left == 0
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let bytes = text.as_bytes();
    let mut chunk = |at: usize, _| bytes.get(at..).unwrap_or(&[]);
    let tree = syntax::parser(syntax)
        .and_then(|mut parser| parser.parse_with_options(&mut chunk, None, Some(options)));
    tree.ok_or_else(|| too_large("the program is too tangled to be read", "程序结构过于混乱，无法读取"))
}

/// What the parser could not read: an error where a text may have been lost, else a note.
fn broken(tree: &Tree, text: &str, base: u32) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !tree.root_node().has_error() {
        return problems;
    }
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() {
            let lost = text.get(node.byte_range()).unwrap_or("");
            let span = Span::of(node.start_byte(), node.end_byte().min(node.start_byte() + 200)).shift(base);
            let span = Span::of(span.range().start, floor(text, span.range().end, base));
            let words = Words::new(
                "this part of the program could not be parsed; texts in it may be missing",
                "此处代码无法解析，其中的文本可能未读取",
            );
            let quoted = lost.split(['"', '\'', '`']).skip(1).any(recognise::is_sentence);
            let make = if quoted { Problem::error } else { Problem::note };
            problems.push(make("code-syntax", words).at(span));
        }
        if !node.is_error() && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return problems;
            }
        }
    }
}

/// The last border of a character of `text` up to `end`, both counted from `base`.
fn floor(text: &str, end: usize, base: u32) -> usize {
    let base = base as usize;
    let mut at = end.saturating_sub(base).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at + base
}

/// A parsed file.
struct File<'a> {
    syntax: Syntax,
    text: &'a str,
    base: u32,
    tree: &'a Tree,
}

impl<'a> File<'a> {
    fn collect(&self) -> (Vec<Named<'a>>, Evaluator<'a, 'a>) {
        let named = collect::collect(self.syntax, self.tree.root_node(), self.text);
        let declarations = Declarations::of(&named);
        let eval = Evaluator::new(self.syntax, self.text, self.base, declarations);
        (named, eval)
    }

    /// Messages by the names of constants.
    fn named(&self, spec: &SourceSpec, wanted: Wanted) -> Read {
        let guessing = matches!(wanted, Wanted::Recognised);
        let (named, mut eval) = self.collect();
        let mut selection = Selection::new(spec, wanted, self.text);
        for one in named.iter().filter(|one| one.kind != declared::Kind::Parameter) {
            let value = eval.value(one.value, 0);
            selection.add(one, &value, self.base);
        }
        let signature = spec.signature.as_deref().and_then(|name| constant(name, &named, &mut eval));
        let count = selection.len();
        let (records, mut problems) = selection.records(signature);
        if guessing && count > 0 {
            problems.push(guessed(count));
        }
        Read { records, problems, kind: Kind::Templates, ..Read::default() }
    }

    /// Messages by paths inside lists and maps.
    fn documents(&self, host: &str, source: &Source, spec: &SourceSpec) -> Read {
        let (named, mut eval) = self.collect();
        let mut texts: HashMap<Span, Text> = HashMap::new();
        let mut entries = Vec::new();
        for one in named.iter().filter(|one| one.kind == declared::Kind::Constant) {
            let value = eval.value(one.value, 0);
            remember(&value, &mut texts);
            match select::node(&value) {
                // What a file returns is what it holds.
                Node { value: Value::Map(map), .. } if one.name.is_empty() => entries.extend(map.entries),
                node => entries.push(Entry { key: one.name.as_str().into(), key_span: None, value: node }),
            }
        }
        let mut spec = spec.clone();
        let signature = spec.signature.as_deref().and_then(|name| constant(name, &named, &mut eval));
        if signature.is_some() {
            spec.signature = None;
        }
        let whole = Span::of(0, self.text.len()).shift(self.base);
        let root = Node::new(whole, Value::Map(Map { entries, broken: false }));
        let document = Document { roots: vec![root], problems: Problems::default() };
        let mut read = extract::read(host, source, document, &spec);
        for record in &mut read.records {
            if let Some((text, place)) = &signature {
                record.meta.declare("signature", text.as_str().into(), Some(*place));
            }
            if let Some(text) = texts.get(&record.body_span)
                && select::dialect(text, &mut record.meta)
            {
                record.dialect_chosen_by = Some(crate::source::ChosenBy::Host);
            }
        }
        read
    }

    /// Messages in the comments above constants.
    fn comments(&self, spec: &SourceSpec) -> Read {
        let glob = spec.key.as_deref().and_then(|key| globset::Glob::new(key).ok());
        let glob = glob.map(|glob| glob.compile_matcher());
        let named = collect::collect(self.syntax, self.tree.root_node(), self.text);
        let read = |one| comment::read(one, glob.as_ref(), self.text, self.base, spec);
        Read { records: named.iter().filter_map(read).collect(), ..Read::default() }
    }
}

/// The text of the constant called `name`, and its place.
fn constant<'t>(name: &str, named: &[Named<'t>], eval: &mut Evaluator<'t, '_>) -> Option<(String, Span)> {
    let wanted = name.rsplit('.').next().unwrap_or(name);
    let found = named.iter().find(|one| one.kind == declared::Kind::Constant && one.name == wanted)?;
    let value = eval.value(found.value, 0);
    match value.what {
        What::Text(text) => Some((text.mapped.text, value.span)),
        _ => None,
    }
}

/// Keeps the texts in `value` by their places.
fn remember(value: &Val, texts: &mut HashMap<Span, Text>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match &value.what {
            What::Text(text) => {
                texts.insert(value.span, text.as_ref().clone());
            }
            What::List(list) => open.extend(list),
            What::Map(members) => open.extend(members.iter().map(|member| &member.value)),
            _ => {}
        }
    }
}

fn guessed(count: usize) -> Problem {
    Problem::note(
        "guessed-source",
        Words::new(
            format!("{count} template(s) in this program were recognised by their names and wording"),
            format!("按名称和内容在此程序中识别出 {count} 条模板"),
        ),
    )
    .help(Words::new(
        "a [[source]] with `host` and `key` in dunlint.toml makes this certain",
        "可在 dunlint.toml 中用带 `host` 与 `key` 的 [[source]] 明确指定",
    ))
}

/// An expression as it is shown: on one line, not longer than a name may be.
fn shown(expression: &str) -> String {
    const MOST: usize = 80;
    let mut line = String::new();
    for word in expression.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 4 * MOST {
            break;
        }
    }
    if line.chars().count() > MOST {
        line = line.chars().take(MOST - 1).chain(['…']).collect();
    }
    line
}

/// What stands for an expression in a text.
fn hole(expression: &str) -> String {
    format!("⟦{}⟧", shown(expression))
}
