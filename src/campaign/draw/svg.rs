//! A schedule as a picture that stands alone: no script, no style sheet, no font of its own, so that it can be pasted into a
//! document. Everything that a colour says is said by a shape or a word too.

use super::scene::Scene;
use super::text::summary;
use crate::campaign::group::Group;
use crate::policy::PolicySet;
use crate::words::{Lang, Words};
use std::io::{self, Write};

/// Pixels of an hour, of a day's row, left of the grid, and above it.
const HOUR: f64 = 26.0;
const ROW: f64 = 26.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 64.0;
/// Pixels right of the grid, for names.
const RIGHT: f64 = 330.0;
/// The most characters of a line of text.
const LINE: usize = 118;

/// Draws the groups below each other in one picture.
///
/// # Errors
/// Whatever the writer returns.
pub fn svg<'g>(
    groups: impl Iterator<Item = &'g Group<'g>>,
    policies: &PolicySet,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let scenes: Vec<Scene<'_>> = groups.map(|group| Scene::of(group, policies)).collect();
    let width = LEFT + 24.0 * HOUR + RIGHT;
    let parts: Vec<(String, f64)> = scenes.iter().map(|scene| part(scene, lang)).collect();
    let height: f64 = parts.iter().map(|(_, height)| height).sum::<f64>().max(ROW);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">"
    )?;
    let titles: Vec<String> = scenes.iter().map(|scene| escape(scene.title.get(lang))).collect();
    writeln!(out, "<title>{}</title>", titles.join("; "))?;
    writeln!(
        out,
        "<defs><pattern id=\"quiet\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <rect width=\"6\" height=\"6\" fill=\"#e6e6ea\"/><path d=\"M0 6L6 0\" stroke=\"#b9b9c4\"/></pattern></defs>"
    )?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
    let mut y = 0.0;
    for (part, height) in parts {
        writeln!(out, "<g transform=\"translate(0 {y})\">\n{part}</g>")?;
        y += height;
    }
    writeln!(out, "</svg>")
}

/// One schedule, and its height.
fn part(scene: &Scene<'_>, lang: Lang) -> (String, f64) {
    let mut svg = String::new();
    let rows = scene.days.len() as f64;
    let (grid, bottom) = (24.0 * HOUR, TOP + rows * ROW);
    line_of_text(&mut svg, LEFT, 24.0, "font-size=\"16\" font-weight=\"bold\"", scene.title.get(lang));
    quiet(&mut svg, scene, rows);
    for hour in 0..=24u8 {
        let x = LEFT + f64::from(hour) * HOUR;
        let strong = if hour % 6 == 0 { "#9a9aa6" } else { "#dcdce2" };
        svg.push_str(&format!("<path d=\"M{x} {TOP}V{bottom}\" stroke=\"{strong}\"/>\n"));
        if hour % 2 == 0 {
            let attributes = "text-anchor=\"middle\" fill=\"#444\"";
            line_of_text(&mut svg, x, TOP - 8.0, attributes, &format!("{hour:02}"));
        }
    }
    for (number, day) in scene.days.keys().enumerate() {
        row(&mut svg, scene, *day, TOP + number as f64 * ROW, lang);
    }
    svg.push_str(&format!(
        "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{grid}\" height=\"{}\" fill=\"none\" stroke=\"#9a9aa6\"/>\n",
        rows * ROW
    ));
    let mut y = bottom + 24.0;
    for line in summary(scene) {
        for piece in wrapped(line.get(lang)) {
            line_of_text(&mut svg, LEFT, y, "", &piece);
            y += 17.0;
        }
    }
    let legend = Words::new(
        "hatched: quiet hours · bar: window · circle: send of the worst case · red cross: can be sent in quiet hours · ▶ worst day · ┃ worst seven days",
        "斜线：静默时段 · 横条：发送时段 · 圆点：最坏情况下的发送 · 红叉：可能落在静默时段 · ▶ 最坏的一天 · ┃ 最坏的七天",
    );
    line_of_text(&mut svg, LEFT, y + 6.0, "fill=\"#666\" font-size=\"11\"", legend.get(lang));
    (svg, y + 30.0)
}

/// Quiet hours, hatched over all days.
fn quiet(svg: &mut String, scene: &Scene<'_>, rows: f64) {
    for hours in &scene.quiet {
        let (from, to) = (f64::from(hours.from % 1440) / 60.0, f64::from(hours.to) / 60.0);
        let stretches = if from < to { vec![(from, to)] } else { vec![(0.0, to), (from, 24.0)] };
        for (from, to) in stretches {
            svg.push_str(&format!(
                "<rect x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{}\" fill=\"url(#quiet)\"/>\n",
                LEFT + from * HOUR,
                (to - from) * HOUR,
                rows * ROW
            ));
        }
    }
}

/// A day: its number, its windows, its sends.
fn row(svg: &mut String, scene: &Scene<'_>, day: i32, y: f64, lang: Lang) {
    let (grid, middle) = (24.0 * HOUR, y + ROW / 2.0);
    let worst = scene.worst_day == Some(day);
    if worst {
        svg.push_str(&format!(
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{grid}\" height=\"{ROW}\" fill=\"#ffb000\" fill-opacity=\"0.25\"/>\n"
        ));
    }
    if scene.is_worst_week(day) {
        let x = LEFT - 4.0;
        svg.push_str(&format!("<path d=\"M{x} {y}v{ROW}\" stroke=\"#7a4d00\" stroke-width=\"4\"/>\n"));
    }
    svg.push_str(&format!("<path d=\"M{LEFT} {}h{grid}\" stroke=\"#dcdce2\"/>\n", y + ROW));
    let number = if worst { format!("▶ {day}") } else { day.to_string() };
    line_of_text(svg, LEFT - 12.0, middle + 4.0, "text-anchor=\"end\"", &number);
    let x_of = |minute: u16| LEFT + f64::from(minute) / 60.0 * HOUR;
    let mut names = Vec::new();
    for bar in scene.days.get(&day).into_iter().flatten() {
        let wide = (x_of(bar.to) - x_of(bar.from)).max(3.0);
        svg.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{wide}\" height=\"8\" rx=\"2\" fill=\"#3b6fb6\" fill-opacity=\"0.75\"/>\n",
            x_of(bar.from),
            middle - 4.0
        ));
        let times = if bar.attempts > 1 { format!(" ×{}", bar.attempts) } else { String::new() };
        names.push(format!("{}{times}", bar.name));
    }
    for placed in scene.sends_on(day) {
        let x = x_of(scene.group.clock().local(placed.at).1);
        svg.push_str(&format!(
            "<circle cx=\"{x}\" cy=\"{middle}\" r=\"5\" fill=\"#ffffff\" stroke=\"#111\" stroke-width=\"2\"/>\n"
        ));
    }
    for placed in &scene.in_quiet {
        let (on, at) = scene.group.clock().local(placed.at);
        if on == day {
            let x = x_of(at);
            svg.push_str(&format!(
                "<path d=\"M{} {}l10 10m0 -10l-10 10\" stroke=\"#c00000\" stroke-width=\"2.5\"/>\n",
                x - 5.0,
                middle - 5.0
            ));
        }
    }
    let comma = if lang == Lang::En { ", " } else { "，" };
    let names = names.join(comma);
    let short: String = names.chars().take(48).collect();
    let short = if short.len() < names.len() { format!("{short}…") } else { short };
    line_of_text(svg, LEFT + grid + 10.0, middle + 4.0, "", &short);
}

fn line_of_text(svg: &mut String, x: f64, y: f64, attributes: &str, text: &str) {
    svg.push_str(&format!("<text x=\"{x}\" y=\"{y}\" {attributes}>{}</text>\n", escape(text)));
}

/// `text` in lines of so many columns, cut at blanks and Chinese marks.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for word in text.split_inclusive([' ', '，', '；']) {
        let wide = unicode_width::UnicodeWidthStr::width(word);
        if columns + wide > LINE && columns > 0 {
            lines.push("    ".to_owned());
            columns = 4;
        }
        columns += wide;
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines
}

/// `text` as XML: no markup, and no character that XML does not allow.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            // Marks that turn the direction of writing would disorder the picture.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
