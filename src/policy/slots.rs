//! Placeholders, figures, amounts, times and runs of characters of a folded text: what a phrase names in angle
//! brackets.
//!
//! Begin at [`fill`].

use super::passage::Passage;
use super::phrase::Slot;
use crate::facts::Role;
use crate::text::tables::is_ideograph;
use std::ops::Range;

/// The most characters that [`Slot::Run`] stands for.
pub(super) const MOST_OF_RUN: usize = 10;

/// A placeholder, figure or amount at a place, as one of the slots that a phrase may name.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotHit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) slot: Slot,
}

/// Replaces `slots` by all slots of a text, in its order.
pub(super) fn fill(slots: &mut Vec<SlotHit>, text: &str, passage: &Passage) {
    slots.clear();
    let (mut in_figure, mut in_run) = (false, false);
    for (start, c) in text.char_indices() {
        let wide = is_ideograph(c);
        if wide && !in_run {
            // How long it is depends on what follows: the search measures it.
            slots.push(SlotHit { start, end: start, slot: Slot::Run });
        }
        in_run = wide;
        let is_digit = c.is_ascii_digit();
        let begins_figure = !in_figure && (is_digit || is_numeral(c));
        in_figure = is_digit;
        if begins_figure {
            figure(slots, text, start, is_digit);
        } else if let Some(role) = Role::from_character(c) {
            placeholder(slots, start, start + c.len_utf8(), role);
        }
    }
    let written =
        |slot: Slot| move |range: &Range<usize>| SlotHit { start: range.start, end: range.end, slot };
    slots.extend(passage.amounts.iter().map(written(Slot::Money)));
    slots.extend(passage.phones.iter().map(written(Slot::Tel)));
    slots.extend(passage.capitals.iter().map(written(Slot::Capital)));
    slots.sort_unstable_by_key(|hit| hit.start);
}

fn placeholder(slots: &mut Vec<SlotHit>, start: usize, end: usize, role: Role) {
    slots.push(SlotHit { start, end, slot: Slot::Role(role) });
    slots.push(SlotHit { start, end, slot: Slot::AnyRole });
    match role {
        Role::Amount => slots.push(SlotHit { start, end, slot: Slot::Money }),
        Role::Phone => slots.push(SlotHit { start, end, slot: Slot::Tel }),
        _ => {}
    }
}

/// Digits or Chinese numerals at `start`; with a unit behind them they are a time.
fn figure(slots: &mut Vec<SlotHit>, text: &str, start: usize, is_digit: bool) {
    let rest = text.get(start..).unwrap_or("");
    let len = if is_digit { figure_len(rest) } else { numeral_len(rest) };
    if is_digit {
        slots.push(SlotHit { start, end: start + len, slot: Slot::Figure });
    }
    if let Some(unit) = rest.get(len..).and_then(time_unit) {
        slots.push(SlotHit { start, end: start + len + unit, slot: Slot::Time });
    }
}

/// No figure that a text speaks of is longer, in bytes.
const LONGEST: usize = 64;

/// Length of a run of digits with separators inside, in bytes, at most [`LONGEST`].
fn figure_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(b) = bytes.get(end).filter(|_| end < LONGEST) {
        let joined = matches!(b, b',' | b'.' | b':') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !b.is_ascii_digit() && !joined {
            break;
        }
        end += 1;
    }
    end
}

fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '零' | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '两'
            | '半'
            | '几'
    )
}

/// Length of a run of Chinese numerals, in bytes.
fn numeral_len(text: &str) -> usize {
    text.chars().take_while(|c| is_numeral(*c)).map(char::len_utf8).sum()
}

/// Length of a unit of time at the start of `text`, with one blank before it, in bytes.
fn time_unit(text: &str) -> Option<usize> {
    const UNITS: [&str; 22] = [
        "个小时",
        "个工作日",
        "小时",
        "分钟",
        "个月",
        "点钟",
        "日内",
        "天内",
        "点",
        "时",
        "天",
        "日",
        "周",
        "hours",
        "hour",
        "hrs",
        "minutes",
        "mins",
        "days",
        "day",
        "am",
        "pm",
    ];
    let blank = usize::from(text.starts_with(' '));
    let rest = text.get(blank..)?;
    UNITS.iter().find(|unit| rest.starts_with(**unit)).map(|unit| blank + unit.len())
}
