//! What a text or a stage says about the day on which it is sent.

/// Words behind or before which the days of arrears stand.
const BEFORE: [&str; 5] = ["逾期已", "已逾期", "逾期", "overdue by ", "past due by "];
const AFTER: [&str; 5] = ["天", "日", " days overdue", " days past due", " days"];

/// The number of days overdue that a text has written out (`逾期3天`, `3 days overdue`), from 1 to 9999.
pub fn days_overdue(text: &str) -> Option<i32> {
    let chinese = BEFORE.iter().flat_map(|before| text.match_indices(before)).find_map(|(at, before)| {
        let rest = text.get(at + before.len()..)?.trim_start();
        let (number, rest) = number(rest)?;
        let unit = rest.trim_start_matches(['个', ' ']);
        AFTER.iter().any(|after| unit.starts_with(after.trim_start())).then_some(number)
    });
    let english = || {
        let behind = [" days overdue", " days past due", " day overdue", " day past due"];
        behind.iter().flat_map(|after| text.match_indices(after)).find_map(|(at, _)| {
            let head = text.get(..at)?;
            let digits = head.len() - head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let word = head.get(head.len() - digits..)?;
            // Part of a placeholder or of a longer number.
            let alone = head.get(..head.len() - digits)?.ends_with([' ', '\n', '(']) || digits == head.len();
            word.parse().ok().filter(|_| alone && digits <= 4)
        })
    };
    chinese.or_else(english).filter(|days| *days > 0)
}

/// A number at the start of `text`, in digits or as a Chinese numeral up to ten; and what follows it.
fn number(text: &str) -> Option<(i32, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        let (number, rest) = text.split_at_checked(digits)?;
        return Some((number.parse().ok().filter(|_| digits <= 4)?, rest));
    }
    const NUMERALS: &str = "一二三四五六七八九十";
    let first = text.chars().next()?;
    let place = NUMERALS.chars().position(|numeral| numeral == first)?;
    Some((i32::try_from(place).ok()? + 1, text.get(first.len_utf8()..)?))
}

/// The day a stage names: `d3`, `overdue_d3`, `D+3`, `T-1`.
pub fn day_of_stage(stage: &str) -> Option<i32> {
    let lower = stage.to_ascii_lowercase();
    let last = lower.rsplit(['_', ' ', '.', '/']).next()?;
    let rest = last.strip_prefix(['d', 't'])?;
    let digits = rest.trim_start_matches(['+', '-']);
    let whole = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    whole.then(|| rest.trim_start_matches('+').parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_are_written_out() {
        let cases = [
            ("您的借款已逾期3天，请处理", Some(3)),
            ("逾期 30 天", Some(30)),
            ("逾期三天", Some(3)),
            ("逾期${days}天", None),
            ("逾期3元", None),
            ("your loan is 7 days overdue", Some(7)),
            ("your loan is {7} days overdue", None),
            ("overdue by 3 days", Some(3)),
            ("pay within 3 days", None),
        ];
        for (text, days) in cases {
            assert_eq!(days_overdue(text), days, "{text}");
        }
    }

    #[test]
    fn days_of_stages() {
        for (stage, day) in [("d3", Some(3)), ("overdue_d30", Some(30)), ("D+3", Some(3)), ("T-1", Some(-1))]
        {
            assert_eq!(day_of_stage(stage), day, "{stage}");
        }
        for stage in ["m1", "due", "d", "overdue", "t1x"] {
            assert_eq!(day_of_stage(stage), None, "{stage}");
        }
    }
}
