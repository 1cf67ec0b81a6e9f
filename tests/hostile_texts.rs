//! Texts as long as a message may be, made of what rules look at most closely: judging them takes a bounded time.
#![allow(clippy::unwrap_used)]

use dunlint::judge::{Circumstances, Judge};
use dunlint::policy::PolicySet;
use dunlint::source::{Id, Mapped, Meta, Record, Source, Span};
use dunlint::template::{Choice, Dialect, Lexer, MAX_BODY, Template};
use std::time::{Duration, Instant};

#[test]
fn judging_a_hostile_text_takes_a_bounded_time() {
    let policies = PolicySet::load(&[]).0;
    let circumstances = Circumstances::default();
    let judge =
        Judge { policies: &policies, circumstances: &circumstances, host: "plain", fingerprints: true };
    let seeds = [
        "1",
        "1.",
        "1,",
        "1-",
        "1:",
        "12345678901 ",
        "${",
        "${a}",
        "${amount}",
        "${loan_id}",
        "{",
        "}",
        "#a",
        "%",
        "款",
        "上\u{200b}",
        "【",
        "】",
        "应还1元",
        "(",
        "+",
        "!",
        "http://a.b/",
        "http://",
        "a.",
        "a@",
        "\n",
        " ",
        "！",
        "法院",
        "A ",
        "在${loan_id}前还",
        "逾期${amount}天",
    ];
    let mut slowest = (Duration::ZERO, "");
    for seed in seeds {
        let text = seed.repeat(MAX_BODY / seed.len());
        let source = Source::from_text("a.txt", text.clone());
        let record = Record {
            id: Id { text: "a".to_owned(), span: None },
            body: Mapped::verbatim(&text, 0),
            body_span: Span::of(0, text.len()),
            meta: Meta::default(),
            dialect_chosen_by: None,
        };
        let start = Instant::now();
        let choice = Choice::option(Dialect::DollarBrace);
        let mut template = Template::parse(record, choice, &mut Lexer::default(), &mut Vec::new());
        judge.judge(&source, &mut template);
        slowest = slowest.max((start.elapsed(), seed));
    }
    println!("slowest: {slowest:?}");
    // A busy machine and a debug build take a second or two; what is quadratic took many.
    assert!(slowest.0 < Duration::from_secs(8), "{slowest:?}");
}
