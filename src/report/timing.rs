//! `--timing`: how long each rule took, the longest first.

use super::chrome::pick;
use crate::policy::PolicySet;
use crate::words::Lang;
use std::io::{self, Write};

/// Writes one line a rule: milliseconds of all threads, share, messages it was asked about.
///
/// # Errors
/// Whatever the writer returns.
pub fn write(policies: &PolicySet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let Some(timing) = &policies.timing else { return Ok(()) };
    let spent = timing.spent();
    let all: u64 = spent.iter().map(|spent| spent.nanoseconds).sum();
    writeln!(
        out,
        "{}",
        pick(lang, "        ms      %     asked  rule", "      毫秒      %      次数  规则")
    )?;
    for one in spent {
        let name = match policies.rules.get(one.rule) {
            Some(rule) => rule.id.as_str(),
            None => pick(lang, "(the words of all rules)", "（所有规则的词语）"),
        };
        let (micros, per_mille) = (one.nanoseconds / 1000, share(one.nanoseconds, all));
        writeln!(
            out,
            "{:>6}.{:03} {:>4}.{} {:>9}  {name}",
            micros / 1000,
            micros % 1000,
            per_mille / 10,
            per_mille % 10,
            one.calls
        )?;
    }
    Ok(())
}

fn share(part: u64, all: u64) -> u64 {
    part.saturating_mul(1000).checked_div(all).unwrap_or(0)
}
