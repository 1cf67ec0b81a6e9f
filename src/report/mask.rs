//! Personal identifiers in reports that go to other systems: numbers of persons, cards and phones, addresses of mail.

/// Digits from which on a number may be somebody's own.
const LEAST: usize = 11;
/// Characters that are left at the start and the end.
const KEPT: (usize, usize) = (3, 2);

/// `text` with `*` in place of the inner digits of every long number (blanks and hyphens may stand between them, an
/// `X` at the end), and of the name in every address of mail.
pub fn mask(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut shown = characters.clone();
    let mut at = 0;
    while at < characters.len() {
        let (end, digits) = number(&characters, at);
        if digits >= LEAST {
            cover(&mut shown, &characters, at, end, digits);
        }
        at = end.max(at + 1);
    }
    for at in characters.iter().enumerate().filter(|(_, c)| **c == '@').map(|(at, _)| at) {
        let name = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let before = characters.get(..at).unwrap_or(&[]);
        let len = before.iter().rev().take_while(|c| name(c)).count();
        let mail = characters.get(at + 1).is_some_and(char::is_ascii_alphanumeric);
        let hidden = shown.iter_mut().take(at).skip(at - len + 1).filter(|_| mail);
        hidden.for_each(|c| *c = '*');
    }
    shown.into_iter().collect()
}

/// The end of the number that starts at `at`, and its digits.
fn number(characters: &[char], at: usize) -> (usize, usize) {
    let digit = |at: usize| characters.get(at).is_some_and(|c| c.is_numeric());
    let (mut end, mut digits) = (at, 0);
    while digit(end) || (digits > 0 && digit(end + 1) && matches!(characters.get(end), Some(' ' | '-' | '–')))
    {
        digits += usize::from(digit(end));
        end += 1;
    }
    let check = digits >= LEAST && matches!(characters.get(end), Some('x' | 'X' | 'Ｘ'));
    (end + usize::from(check), digits + usize::from(check))
}

fn cover(shown: &mut [char], characters: &[char], at: usize, end: usize, digits: usize) {
    let mut seen = 0;
    for index in at..end {
        let Some(character) = characters.get(index).filter(|c| c.is_alphanumeric()) else { continue };
        seen += 1;
        if seen > KEPT.0 && seen <= digits - KEPT.1 {
            debug_assert!(character.is_alphanumeric());
            shown.get_mut(index).into_iter().for_each(|c| *c = '*');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn numbers_of_people_are_covered_and_others_are_not() {
        for (text, masked) in [
            ("证件11010519491231002X，", "证件110*************2X，"),
            ("卡6222 0200 0000 0000 123", "卡622* **** **** **** *23"),
            ("电话13800138000。", "电话138******00。"),
            ("客服400-000-6120，欠款1,234.56元", "客服400-000-6120，欠款1,234.56元"),
            ("mail ann.lee@example.com now", "mail a******@example.com now"),
            ("@ 中文@", "@ 中文@"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }
}
