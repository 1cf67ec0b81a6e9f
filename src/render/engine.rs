//! Rows by the million: one thread reads blocks, the others look at them, and what they found is handed on in the order
//! of the file.
//!
//! Begin at [`run`]. The memory is that of a few blocks, however long the file is.

use super::content::Content;
use super::names::Names;
use super::plan::Plan;
use super::record::{Bad, Reader};
use super::row::{Checker, Out, RowFinding, Rules, Tally};
use super::rows::{Block, Blocks, Format};
use crate::judge::Circumstances;
use crate::policy::PolicySet;
use crate::source::Source;
use crate::words::Words;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// What every block is looked at with.
#[derive(Debug)]
pub struct Job<'a> {
    /// The file of the templates.
    pub source: &'a Source,
    /// The templates.
    pub plans: &'a [Plan],
    /// The rules of each.
    pub rules: &'a [Rules],
    /// All rules.
    pub policies: &'a PolicySet,
    /// What holds beside metadata.
    pub circumstances: &'a Circumstances,
    /// The day of sending, as a number.
    pub today: u32,
    /// Threads that look at blocks.
    pub jobs: usize,
    /// Whether values are kept for those who asked to see them.
    pub show_values: bool,
}

/// What one block came to.
#[derive(Debug, Default)]
pub struct Batch {
    number: u64,
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows that could not be looked at, or only in part.
    pub bad_rows: u64,
    /// Bytes of the block.
    pub bytes: u64,
    /// Findings, in the order of the rows, each with its value if that is to be shown.
    pub findings: Vec<(RowFinding, Option<String>)>,
    /// What is wrong with rows.
    pub bad: Vec<Bad>,
    /// Counts, by template.
    pub tallies: Vec<Tally>,
}

/// The columns of a table, and the variables of all templates together.
#[derive(Debug)]
pub struct Columns {
    reader: Reader,
    /// For each template, the place of each of its variables among all.
    maps: Vec<Vec<usize>>,
    /// The column that names the template of a row.
    template: Option<usize>,
    /// Columns of a table that no variable of a template has.
    pub missing: Vec<(usize, String)>,
}

impl Columns {
    /// The variables of `plans`, with the columns that `header` names; a list of objects has none.
    pub fn of(plans: &[Plan], format: Format, header: &[u8]) -> Self {
        let mut names = Names::default();
        let template = (plans.len() > 1).then(|| names.number("template"));
        let maps =
            plans.iter().map(|plan| plan.names.all().map(|name| names.number(name)).collect()).collect();
        let mut columns = Vec::new();
        let mut missing = Vec::new();
        if let Format::Delimited(separator) = format {
            for cell in super::rows::Cells::new(header, 0, separator) {
                let name = String::from_utf8_lossy(cell.bytes);
                columns.push(names.of_column(&name));
            }
            for (number, plan) in plans.iter().enumerate() {
                for variable in plan.needed() {
                    let name = plan.names.name(variable);
                    if !names.of_column(name).is_some_and(|global| columns.contains(&Some(global))) {
                        missing.push((number, name.to_owned()));
                    }
                }
            }
        }
        Self { reader: Reader { format, columns, names }, maps, template, missing }
    }

    fn column_of(&self, plan: usize, variable: usize) -> Option<usize> {
        let global = self.maps.get(plan)?.get(variable)?;
        self.reader.columns.iter().position(|column| column == &Some(*global)).map(|at| at + 1)
    }
}

/// Looks at all rows; `see` is called with what each block came to, in the order of the file.
///
/// # Errors
/// What the reader of rows returns, or `see`.
pub fn run<R: Read + Send>(
    job: &Job<'_>,
    columns: &Columns,
    blocks: &mut Blocks<R>,
    mut see: impl FnMut(Batch) -> io::Result<()>,
) -> io::Result<()> {
    let jobs = job.jobs.max(1);
    let (to_work, work) = sync_channel::<Block>(jobs);
    let (to_main, results) = sync_channel::<Batch>(jobs * 2);
    let work = Mutex::new(work);
    thread::scope(|scope| {
        let reading = scope.spawn(move || -> io::Result<()> {
            while let Some(block) = blocks.next_block()? {
                if to_work.send(block).is_err() {
                    break;
                }
            }
            Ok(())
        });
        for _ in 0..jobs {
            let (work, to_main) = (&work, to_main.clone());
            scope.spawn(move || worker(job, columns, work, &to_main));
        }
        drop(to_main);
        let mut next = 0;
        let mut waiting: BTreeMap<u64, Batch> = BTreeMap::new();
        let mut seen = Ok(());
        for batch in &results {
            waiting.insert(batch.number, batch);
            while let Some(batch) = waiting.remove(&next) {
                next += 1;
                if seen.is_ok() {
                    seen = see(batch);
                }
            }
            if seen.is_err() {
                break;
            }
        }
        // The others end when nobody takes their results.
        drop(results);
        drain(&work);
        let read = reading.join().unwrap_or_else(|_| Err(io::Error::other("the reading thread failed")));
        seen.and(read)
    })
}

/// Takes what nobody will work on, so that the reading thread does not wait for ever.
fn drain(work: &Mutex<Receiver<Block>>) {
    if let Ok(work) = work.lock() {
        while work.recv().is_ok() {}
    }
}

fn worker(job: &Job<'_>, columns: &Columns, work: &Mutex<Receiver<Block>>, to_main: &SyncSender<Batch>) {
    let content = Content::new(job.policies, job.circumstances, job.source, job.plans);
    let mut checker = Checker::new(job.plans, job.rules, job.today, Some(content));
    loop {
        let block = match work.lock() {
            Ok(work) => work.recv(),
            Err(_) => return,
        };
        let Ok(block) = block else { return };
        if to_main.send(look(job, columns, &mut checker, &block)).is_err() {
            return;
        }
    }
}

/// Looks at the rows of one block.
fn look(job: &Job<'_>, columns: &Columns, checker: &mut Checker<'_>, block: &Block) -> Batch {
    let mut batch = Batch {
        number: block.number,
        bytes: block.bytes.len() as u64,
        tallies: vec![Tally::default(); job.plans.len()],
        ..Batch::default()
    };
    let mut broken = Vec::new();
    let mut findings = Vec::new();
    let mut wrong: Vec<(Bad, usize, usize)> = Vec::new();
    let see = |line: u64, row: &Vec<Option<std::borrow::Cow<'_, str>>>| {
        batch.rows += 1;
        let named = columns.template.and_then(|at| row.get(at)?.as_deref()).filter(|id| !id.is_empty());
        let chosen = named.map(|id| job.plans.iter().position(|plan| plan.template.record.id.text == id));
        if chosen == Some(None) {
            let words = Words::new("no template of that id", "没有该编号的模板");
            wrong.push((Bad { line, column: None, code: "unknown-template", words }, usize::MAX, 0));
            return;
        }
        let before = wrong.len();
        for (number, plan) in job.plans.iter().enumerate() {
            if chosen.flatten().is_some_and(|chosen| chosen != number) {
                continue;
            }
            let Some(map) = columns.maps.get(number) else { continue };
            let mut here: Vec<Option<&str>> = Vec::with_capacity(map.len());
            here.extend(map.iter().map(|at| row.get(*at).and_then(Option::as_deref)));
            lacking(columns, number, plan, &here, line, &mut wrong);
            let first = findings.len();
            let mut out = Out { line, findings: &mut findings, bad: &mut wrong, tallies: &mut batch.tallies };
            checker.row(number, &here, &mut out);
            let value = |found: &RowFinding| {
                let variable = plan.source_of(found.variable.filter(|_| job.show_values)?);
                here.get(variable).copied().flatten().map(str::to_owned)
            };
            let shown: Vec<_> = findings.drain(first..).map(|found| (value(&found), found)).collect();
            batch.findings.extend(shown.into_iter().map(|(value, found)| (found, value)));
        }
        batch.bad_rows += u64::from(wrong.len() > before);
    };
    columns.reader.each(block, see, |bad| broken.push(bad));
    batch.bad_rows += broken.len() as u64;
    batch.bad = broken;
    batch.bad.extend(wrong.into_iter().map(|(bad, plan, variable)| {
        let of_plan = job.plans.get(plan);
        let variable = of_plan.map_or(variable, |plan| plan.source_of(variable));
        let name = of_plan.map_or("", |plan| plan.names.name(variable));
        let column = columns.column_of(plan, variable);
        let words = match name {
            "" => bad.words,
            name => Words::new(format!("{name}: {}", bad.words.en), format!("{name}：{}", bad.words.zh_hans)),
        };
        Bad { column, words, ..bad }
    }));
    batch.bad.sort_by_key(|bad| bad.line);
    batch
}

/// Variables of a list of objects that a row lacks; a table is blamed once, at its head.
fn lacking(
    columns: &Columns,
    number: usize,
    plan: &Plan,
    values: &[Option<&str>],
    line: u64,
    wrong: &mut Vec<(Bad, usize, usize)>,
) {
    if matches!(columns.reader.format, Format::Delimited(_)) {
        return;
    }
    for variable in plan.needed() {
        if values.get(variable).copied().flatten().is_none() {
            let words = Words::new("missing", "缺失");
            wrong.push((Bad { line, column: None, code: "missing-column", words }, number, variable));
        }
    }
}
