//! SQL scripts: the rows that `INSERT`, `REPLACE`, `UPDATE` and `COPY … FROM stdin` write, one record a row with its columns
//! by name. Other statements are passed over. Begin at [`Statements::all`]; [`super::sql_value`] reads the values.
//!
//! Columns are named by the statement, else by a `CREATE TABLE` before it, else by their number (`1`, `2`, …).

use super::sql_copy;
use super::sql_names::{self, Columns, Name};
use super::sql_token::{Flavour, Token, Tokens};
use super::sql_value::{self, End, broken_off, skip_parentheses};
use super::{Host, Read};
use crate::problem::{Place, Problem};
use crate::source::document::{Budget, Document, Entry, Map, Node, Problems, Value};
use crate::source::{Source, SourceSpec, Span, extract, fields};
use crate::words::Words;
use std::collections::HashMap;

/// After so many statements and quotes that are never closed the file is given up.
const MAX_OPEN: usize = 6;

/// The host `sql`.
#[derive(Debug)]
pub(super) struct Sql;

impl Host for Sql {
    fn name(&self) -> &'static str {
        "sql"
    }

    fn document(&self, text: &str, base: u32) -> Option<Document> {
        Some(parse(text, base, &SourceSpec::default()))
    }

    fn read(&self, source: &Source, spec: &SourceSpec) -> Read {
        let (text, base) = source.after_mark();
        extract::read(self.name(), source, parse(text, base, spec), spec)
    }
}

fn parse(text: &str, base: u32, spec: &SourceSpec) -> Document {
    let flavour = Flavour::of(text, spec.backslashes);
    let mut statements = Statements {
        tokens: Tokens { text, base, flavour, at: 0, start: 0, skim: false, unclosed: 0 },
        table: spec.table.as_deref(),
        columns: HashMap::new(),
        roots: Vec::new(),
        problems: Problems::default(),
        budget: Budget::default(),
    };
    statements.all();
    Document { roots: statements.roots, problems: statements.problems }
}

type Step<T> = Result<T, Box<Problem>>;

struct Statements<'t> {
    tokens: Tokens<'t>,
    table: Option<&'t str>,
    /// Columns of the tables that were created, by the table's name in lower case.
    columns: HashMap<String, Columns>,
    roots: Vec<Node>,
    problems: Problems,
    budget: Budget,
}

impl<'t> Statements<'t> {
    fn all(&mut self) {
        // How often a statement was open up to the end of the file, which costs a look at all of it.
        let mut open = 0;
        loop {
            let start = self.tokens.at;
            self.tokens.skim = false;
            let problem = match self.statement() {
                Ok(true) => continue,
                Ok(false) => return,
                Err(problem) => problem,
            };
            let place = match problem.place {
                Some(Place::Text(span)) => span.start.saturating_sub(self.tokens.base) as usize,
                _ => start,
            };
            // The end of the file tells nothing about where the statement should have ended.
            let at_end = place >= self.tokens.text.len();
            open += usize::from(at_end);
            let hopeless = problem.code == "too-many-values" || open + self.tokens.unclosed >= MAX_OPEN;
            self.problems.push(*problem);
            if hopeless {
                return;
            }
            self.go_on_after(if at_end { start } else { place });
        }
    }

    /// Looks for the next line after byte `at` that begins a statement.
    fn go_on_after(&mut self, at: usize) {
        let rest = self.tokens.text.get(at..).unwrap_or("");
        let mut next = at;
        for line in rest.split_inclusive('\n') {
            let word = line.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            let begins = is(word, &["insert", "replace", "update", "create", "copy"]);
            if begins && next > at {
                break;
            }
            next += line.len();
        }
        self.tokens.at = next;
    }

    /// Reads the next word of the file and, if it begins one, the statement; `false` at the end.
    fn statement(&mut self) -> Step<bool> {
        match self.tokens.next()? {
            Token::End => return Ok(false),
            Token::Word(word) => match word.to_ascii_lowercase().as_str() {
                "insert" | "replace" => self.insert()?,
                "into" => self.target()?,
                "update" => self.update()?,
                "create" => self.create()?,
                "copy" => self.copy()?,
                "delimiter" if self.tokens.flavour.mysql => self.skip_line(),
                _ => {}
            },
            _ => {}
        }
        Ok(true)
    }

    fn skip_line(&mut self) {
        let rest = self.tokens.rest();
        self.tokens.at += rest.find('\n').unwrap_or(rest.len());
    }

    /// What follows `INSERT`: words about how, `INTO`, which may be left out, and the table.
    fn insert(&mut self) -> Step<()> {
        const HOW: [&str; 9] =
            ["low_priority", "delayed", "high_priority", "ignore", "or", "replace", "abort", "all", "first"];
        loop {
            let before = self.tokens.at;
            match self.tokens.next()? {
                Token::Word(word) if word.eq_ignore_ascii_case("into") => return self.target(),
                Token::Word(word) if is(word, &HOW) => {}
                Token::Word(_) | Token::Name(_) => {
                    self.tokens.at = before;
                    return self.target();
                }
                _ => {
                    self.tokens.at = before;
                    return Ok(());
                }
            }
        }
    }

    /// The table, its columns and what is written into it. What turns out to be something else is passed over.
    fn target(&mut self) -> Step<()> {
        let Some(table) = sql_names::name(&mut self.tokens)? else { return Ok(()) };
        self.tokens.skim = !self.wants(&table);
        let mut columns = self.columns.get(&table.last.to_lowercase()).cloned();
        loop {
            let before = self.tokens.at;
            match self.tokens.next()? {
                Token::Symbol('(') => match sql_names::list(&mut self.tokens)? {
                    Some(list) => columns = Some(list),
                    None => skip_parentheses(&mut self.tokens)?,
                },
                Token::Word(word) => match word.to_ascii_lowercase().as_str() {
                    "values" | "value" => return self.rows(&table, columns),
                    "set" => return self.assignments(&table),
                    "select" => return self.selected(&table, columns.as_ref()),
                    "insert" | "update" | "create" => {
                        self.tokens.at = before;
                        return Ok(());
                    }
                    _ => {}
                },
                Token::Name(_) | Token::Symbol('.') | Token::String(_) => {}
                _ => return Ok(()),
            }
        }
    }

    /// `(…), (…)` after `VALUES`.
    fn rows(&mut self, table: &Name, columns: Option<Columns>) -> Step<()> {
        loop {
            let before = self.tokens.at;
            let mut token = self.tokens.next()?;
            // VALUES ROW(…); OVERRIDING SYSTEM VALUE VALUES (…)
            let more = |token: &Token<'_>| matches!(token, Token::Word(word) if is(word, &["row", "values"]));
            while more(&token) {
                token = self.tokens.next()?;
            }
            if !matches!(token, Token::Symbol('(')) {
                self.tokens.at = before;
                return Ok(());
            }
            let start = self.tokens.start;
            let (row, end) = self.values(true).map_err(|problem| told(problem, columns.as_ref()))?;
            if end != End::Close {
                return Err(told(broken_off(&self.tokens), columns.as_ref()));
            }
            let span = self.tokens.span(start, self.tokens.at);
            self.row(table, columns.as_ref(), row, span);
            let before = self.tokens.at;
            if !matches!(self.tokens.next()?, Token::Symbol(',')) {
                self.tokens.at = before;
                return Ok(());
            }
        }
    }

    /// Values with commas between them, and what ended the last one.
    fn values(&mut self, parentheses: bool) -> Step<(Vec<Node>, End<'t>)> {
        let mut row = Vec::new();
        loop {
            let (node, end) = sql_value::read(&mut self.tokens, parentheses)?;
            self.budget.take(1, node.span)?;
            row.push(node);
            if end != End::Comma {
                return Ok((row, end));
            }
        }
    }

    /// The literals that `INSERT … SELECT` writes; rows that come from other tables are not in the file.
    fn selected(&mut self, table: &Name, columns: Option<&Columns>) -> Step<()> {
        loop {
            let start = self.tokens.start;
            let (row, end) = self.values(false)?;
            let literal = row.iter().any(|node| matches!(node.value, Value::String(_)));
            if literal && columns.is_none_or(|columns| columns.len() == row.len()) {
                let span = self.tokens.span(start, self.tokens.start);
                self.row(table, columns, row, span);
            }
            let End::Word(word) = end else { return Ok(()) };
            if word.is_empty() || !(word.eq_ignore_ascii_case("select") || self.next_select()?) {
                return Ok(());
            }
        }
    }

    /// Goes on to the `SELECT` after a `UNION ALL`, over what stands before it; `false` when the statement ends.
    fn next_select(&mut self) -> Step<bool> {
        loop {
            let before = self.tokens.at;
            match self.tokens.next()? {
                Token::Word(word) if word.eq_ignore_ascii_case("select") => return Ok(true),
                Token::Word(word) if is(word, &["insert", "update", "create", "go"]) => {
                    self.tokens.at = before;
                    return Ok(false);
                }
                Token::Symbol('(') => skip_parentheses(&mut self.tokens)?,
                Token::End | Token::Symbol(';') => return Ok(false),
                _ => {}
            }
        }
    }

    fn row(&mut self, table: &Name, columns: Option<&Columns>, row: Vec<Node>, span: Span) {
        if !self.wants(table) {
            return;
        }
        if let Some(columns) = columns.filter(|columns| columns.len() != row.len()) {
            let (count, names) = (row.len(), columns.len());
            let words = Words::new(
                format!("this row has {count} values for {names} columns"),
                format!("此行有 {count} 个值，而列有 {names} 个"),
            );
            self.problems.push(*told(Box::new(Problem::error("sql-syntax", words).at(span)), Some(columns)));
            return;
        }
        let entry = |(index, value): (usize, Node)| {
            let known = columns.and_then(|columns| columns.get(index)).cloned();
            let key = known.unwrap_or_else(|| (index + 1).to_string().into());
            Entry { key, key_span: None, value }
        };
        let entries = row.into_iter().enumerate().map(entry).collect();
        self.roots.push(Node::new(span, Value::Map(Map { entries, broken: false })));
    }

    fn wants(&self, table: &Name) -> bool {
        self.table.is_none_or(|wanted| {
            wanted.eq_ignore_ascii_case(&table.last) || wanted.eq_ignore_ascii_case(&table.whole)
        })
    }

    /// What follows `UPDATE`. `ON UPDATE`, `FOR UPDATE` and the like are no statement.
    fn update(&mut self) -> Step<()> {
        let before = self.tokens.at;
        if let Some(table) = sql_names::name(&mut self.tokens)? {
            for _ in 0..4 {
                match self.tokens.next()? {
                    Token::Word(word) if word.eq_ignore_ascii_case("set") => return self.assignments(&table),
                    Token::Word(_) | Token::Name(_) => {}
                    _ => break,
                }
            }
        }
        self.tokens.at = before;
        Ok(())
    }

    /// `a = 'x', b = 'y' WHERE c = 'z' AND …`: one row of all these columns.
    fn assignments(&mut self, table: &Name) -> Step<()> {
        let start = self.tokens.start;
        self.tokens.skim = !self.wants(table);
        let mut map = Map::default();
        let mut condition = false;
        loop {
            let before = self.tokens.at;
            let Some(name) = sql_names::name(&mut self.tokens)? else { break };
            let equals = matches!(self.tokens.next()?, Token::Symbol('='));
            if !equals && !condition {
                self.tokens.at = before;
                break;
            }
            let (value, end) = sql_value::read(&mut self.tokens, false)?;
            self.budget.take(1, value.span)?;
            if equals && !(condition && map.get(&name.last).is_some()) {
                map.entries.push(Entry { key: name.last, key_span: Some(name.span), value });
            }
            match end {
                End::Comma => {}
                End::Word(word) if word.eq_ignore_ascii_case("where") => condition = true,
                End::Word(word) if condition && word.eq_ignore_ascii_case("and") => {}
                _ => break,
            }
        }
        if !map.entries.is_empty() && self.wants(table) {
            let span = self.tokens.span(start, self.tokens.at);
            self.roots.push(Node::new(span, Value::Map(map)));
        }
        Ok(())
    }

    /// `CREATE TABLE`: the names of its columns.
    fn create(&mut self) -> Step<()> {
        let before = self.tokens.at;
        let Token::Word(word) = self.tokens.next()? else {
            self.tokens.at = before;
            return Ok(());
        };
        if !word.eq_ignore_ascii_case("table") {
            self.tokens.at = before;
            return Ok(());
        }
        let mut name = sql_names::name(&mut self.tokens)?;
        // IF NOT EXISTS
        while name.as_ref().is_some_and(|name| matches!(&*name.last.to_lowercase(), "if" | "not" | "exists"))
        {
            name = sql_names::name(&mut self.tokens)?;
        }
        let Some(table) = name else { return Ok(()) };
        let before = self.tokens.at;
        if !matches!(self.tokens.next()?, Token::Symbol('(')) {
            self.tokens.at = before;
            return Ok(());
        }
        const NO_COLUMN: [&str; 9] =
            ["primary", "unique", "key", "index", "constraint", "foreign", "check", "fulltext", "spatial"];
        let mut columns = Vec::new();
        loop {
            if let Some(name) = sql_names::name(&mut self.tokens)?
                && !NO_COLUMN.contains(&name.last.to_lowercase().as_str())
            {
                columns.push(name.last);
            }
            if !sql_value::skip_definition(&mut self.tokens)? {
                break;
            }
        }
        self.columns.insert(table.last.to_lowercase(), columns.into());
        Ok(())
    }

    /// `COPY table (columns) FROM stdin;` and the lines after it.
    fn copy(&mut self) -> Step<()> {
        let before = self.tokens.at;
        let found = self.copied()?;
        let Some((table, columns)) = found else {
            self.tokens.at = before;
            return Ok(());
        };
        self.skip_line();
        let (rows, len) =
            sql_copy::rows(self.tokens.rest(), self.tokens.span(self.tokens.at, self.tokens.at).start);
        self.tokens.at += len;
        for (row, span) in rows {
            self.budget.take(row.len(), span)?;
            self.row(&table, columns.as_ref(), row, span);
        }
        Ok(())
    }

    /// The table and columns of a `COPY` whose rows stand in the file.
    fn copied(&mut self) -> Step<Option<(Name, Option<Columns>)>> {
        let Some(table) = sql_names::name(&mut self.tokens)? else { return Ok(None) };
        let mut columns = self.columns.get(&table.last.to_lowercase()).cloned();
        loop {
            match self.tokens.next()? {
                Token::Symbol('(') => match sql_names::list(&mut self.tokens)? {
                    Some(list) => columns = Some(list),
                    None => return Ok(None),
                },
                Token::Word(word) if word.eq_ignore_ascii_case("stdin") => return Ok(Some((table, columns))),
                Token::Word(word) if word.eq_ignore_ascii_case("from") => {}
                _ => return Ok(None),
            }
        }
    }
}

/// Whether `word` is one of `words`, in any case.
fn is(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// A mistake among values. Where the columns look like those of templates it may have hidden one, so that it stays
/// an error in a file that nobody named.
fn told(mut problem: Box<Problem>, columns: Option<&Columns>) -> Box<Problem> {
    let templates = columns.is_some_and(|columns| columns.iter().any(|name| fields::names_a_body(name)));
    if templates {
        problem.code = "sql-row";
    }
    problem
}
