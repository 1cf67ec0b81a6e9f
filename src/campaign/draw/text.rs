//! A schedule in a terminal: a row a day, half an hour a column. Readable without colour: quiet hours are `░`, windows `─`,
//! fixed times `┼`, sends of the worst placement `●` (or their number), sends in quiet hours `!`.

use super::scene::Scene;
use crate::campaign::group::Group;
use crate::campaign::timeline;
use crate::policy::PolicySet;
use crate::report::glyphs::harmless;
use crate::words::{Lang, Words};
use std::io::{self, Write};

/// Minutes of a column.
const COLUMN: u16 = 30;
/// Columns of a day.
const COLUMNS: usize = 48;

/// Draws each group, with its worst cases in words.
///
/// # Errors
/// Whatever the writer returns.
pub fn text<'g>(
    groups: impl Iterator<Item = &'g Group<'g>>,
    policies: &PolicySet,
    lang: Lang,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, group) in groups.enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let scene = Scene::of(group, policies);
        draw(&scene, lang, color, out)?;
    }
    Ok(())
}

fn draw(scene: &Scene<'_>, lang: Lang, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let paint = |code: &str, text: &str| match color {
        true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    writeln!(out, "{}\n", paint("1", &harmless(scene.title.get(lang))))?;
    let hours: String = (0..24).step_by(2).map(|hour| format!("{hour:02}  ")).collect();
    let head = Words::new("day", "天");
    writeln!(out, "  {:>6}  {}24", pad(head.get(lang), 6), hours)?;
    for day in scene.days.keys() {
        let (row, names) = row(scene, *day);
        let mark = match (scene.worst_day == Some(*day), scene.is_worst_week(*day)) {
            (true, _) => "▶",
            (_, true) => "▏",
            _ => " ",
        };
        let row = if scene.worst_day == Some(*day) { paint("33", &row) } else { row };
        writeln!(out, "{mark} {day:>6}  {row}  {}", harmless(&names))?;
    }
    if scene.left_out > 0 {
        let left = scene.left_out;
        let words = Words::new(format!("… and {left} more days"), format!("……另有 {left} 天"));
        writeln!(out, "  {}", words.get(lang))?;
    }
    writeln!(out)?;
    for line in summary(scene) {
        writeln!(out, "  {}", harmless(line.get(lang)))?;
    }
    let legend = Words::new(
        "░ quiet  ─ window  ● send of the worst case  ! in quiet hours  ▶ worst day  ▏ worst seven days",
        "░ 静默  ─ 时段  ● 最坏情况下的发送  ! 落在静默时段  ▶ 最坏的一天  ▏ 最坏的七天",
    );
    writeln!(out, "  {}", paint("2", legend.get(lang)))
}

/// `text` filled up to so many columns; ideographs take two.
fn pad(text: &str, columns: usize) -> String {
    let wide = unicode_width::UnicodeWidthStr::width(text);
    format!("{}{text}", " ".repeat(columns.saturating_sub(wide)))
}

/// The columns of a day, and what is sent on it.
fn row(scene: &Scene<'_>, day: i32) -> (String, String) {
    let minute = |column: usize| u16::try_from(column).unwrap_or(0) * COLUMN;
    let mut cells: Vec<char> =
        (0..COLUMNS).map(|column| if scene.is_quiet(minute(column)) { '░' } else { '·' }).collect();
    let mut names: Vec<String> = Vec::new();
    for bar in scene.days.get(&day).into_iter().flatten() {
        let fixed = bar.to == bar.from + 1;
        for (column, cell) in cells.iter_mut().enumerate() {
            let (from, to) = (minute(column), minute(column) + COLUMN);
            if bar.from < to && from < bar.to {
                *cell = if fixed { '┼' } else { '─' };
            }
        }
        let hours = match fixed {
            true => timeline::shown(bar.from),
            false => format!("{}–{}", timeline::shown(bar.from), timeline::shown(bar.to)),
        };
        let times = if bar.attempts > 1 { format!(" ×{}", bar.attempts) } else { String::new() };
        let carried = if bar.carried { "…" } else { "" };
        names.push(format!("{carried}{} {hours}{times}", bar.name));
    }
    let mut counts = vec![0usize; COLUMNS];
    for placed in scene.sends_on(day) {
        let (_, at) = scene.group.clock().local(placed.at);
        let column = usize::from(at / COLUMN);
        if let (Some(count), Some(cell)) = (counts.get_mut(column), cells.get_mut(column)) {
            *count += 1;
            *cell = match *count {
                1 => '●',
                few @ 2..=9 => char::from_digit(u32::try_from(few).unwrap_or(9), 10).unwrap_or('●'),
                _ => '*',
            };
        }
    }
    for placed in &scene.in_quiet {
        let (on, at) = scene.group.clock().local(placed.at);
        if let Some(cell) = cells.get_mut(usize::from(at / COLUMN)).filter(|_| on == day) {
            *cell = '!';
        }
    }
    (cells.into_iter().collect(), names.join(", "))
}

/// The worst cases in words.
pub(super) fn summary(scene: &Scene<'_>) -> Vec<Words> {
    let group = scene.group;
    let mut lines = Vec::new();
    if let Some(peak) = group.per_day() {
        let (count, line) = (peak.count, timeline::line(group, &scene.day_sends));
        lines.push(Words::new(
            format!("most on one day: {count} — {}", line.en),
            format!("单日最多：{count} 次——{}", line.zh_hans),
        ));
    }
    if let Some(peak) = group.per_7_days() {
        let (count, line) = (peak.count, timeline::line(group, &scene.week_sends));
        lines.push(Words::new(
            format!("most in 168 hours: {count} — {}", line.en),
            format!("168 小时内最多：{count} 次——{}", line.zh_hans),
        ));
    }
    if let Some(nearest) = group.nearest() {
        let (minutes, line) = (nearest.minutes, timeline::line(group, &nearest.sends));
        lines.push(Words::new(
            format!("smallest gap: {minutes} minutes — {}", line.en),
            format!("最小间隔：{minutes} 分钟——{}", line.zh_hans),
        ));
    }
    let line = timeline::line(group, &scene.in_quiet);
    lines.push(match scene.in_quiet.is_empty() {
        true => Words::new("in quiet hours: none", "静默时段内：无"),
        false => Words::new(format!("in quiet hours: {}", line.en), format!("静默时段内：{}", line.zh_hans)),
    });
    lines
}
