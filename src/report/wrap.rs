//! Long lines of words on narrow terminals.

use super::glyphs;

/// `text` with newlines where it would be wider than `width` columns: behind a blank, or behind a character two columns wide.
/// A word that is wider alone stays whole.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::with_capacity(text.len() + 8);
    let (mut start, mut columns) = (0, 0);
    // Where the line may be broken, and how wide it is up to there.
    let mut chance: Option<(usize, usize)> = None;
    for (at, c) in text.char_indices() {
        let wide = glyphs::columns(c);
        if columns + wide > width
            && let Some((end, before)) = chance.take()
        {
            lines.push_str(text.get(start..end).unwrap_or("").trim_end());
            lines.push('\n');
            (start, columns) = (end, columns - before);
        }
        columns += wide;
        if c == ' ' || (wide > 1 && !closes_after(text, at + c.len_utf8())) {
            chance = Some((at + c.len_utf8(), columns));
        }
    }
    lines.push_str(text.get(start..).unwrap_or(""));
    lines
}

/// Whether a mark follows that must not begin a line.
fn closes_after(text: &str, at: usize) -> bool {
    let next = text.get(at..).and_then(|rest| rest.chars().next());
    next.is_none_or(|c| "，。、；：！？”’）》】…·,.;:!?)".contains(c))
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_as_wide_as_may_be() {
        assert_eq!(wrapped("short", 20), "short");
        assert_eq!(wrapped("help: drop the visit; offer a way", 16), "help: drop the\nvisit; offer a\nway");
        assert_eq!(wrapped("依据：消费者权益保护法，第二十条", 12), "依据：消费者\n权益保护法，\n第二十条");
        assert_eq!(wrapped("averyveryverylongword and more", 8), "averyveryverylongword\nand more");
        assert_eq!(wrapped("", 8), "");
    }
}
