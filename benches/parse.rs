//! How fast bodies become templates, in bytes of body a second: `cargo bench --bench parse`.
//!
//! One benchmark for each placeholder language over a generated catalogue of messages as lenders write them:
//! mostly Chinese text with a few placeholders. `tokens` is the reading by the grammar alone, `templates`
//! goes on to nodes (names, defaults, blocks). `hostile` is the longest body there may be, full of one mark. divan is used because it counts bytes by itself and needs
//! four small packages where criterion needs dozens.

#![allow(missing_docs, reason = "a benchmark has no interface")]

use divan::Bencher;
use divan::counter::BytesCount;
use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::tokens::lex;
use dunlint::template::{Choice, Dialect, Lexer, MAX_BODY, Template};

/// Messages of one catalogue.
const MESSAGES: usize = 2_000;

/// Pieces of a message. `<…>` is a placeholder of the language.
const SENTENCES: [&str; 8] = [
    "【示例消费金融】尊敬的<name>，您尾号1234的借款已逾期<days>天，应还<amount>元，",
    "请于<date>前登录官方应用还款，如已还款请忽略本短信。",
    "若您暂时有困难，可致电400-000-0000与我们协商分期方案。",
    "Example Lender: your payment of <amount> was due on <date>. ",
    "Please call 0800-000-123 if you need help or think this is wrong. ",
    "退订回复T。",
    "本期账单<amount>元，其中本金<principal>元、利息<interest>元，未产生违约金。",
    "我们不会要求您向个人账户转账，谨防诈骗。",
];

fn main() {
    divan::main();
}

/// The bodies of a catalogue in `dialect`, the same at every run.
fn catalogue(dialect: &Dialect) -> Vec<String> {
    let (open, close) = match dialect {
        Dialect::DollarBrace | Dialect::FreeMarker | Dialect::Velocity => ("${", "}"),
        Dialect::DoubleBrace | Dialect::Mustache | Dialect::Handlebars => ("{{", "}}"),
        Dialect::Jinja | Dialect::Liquid => ("{{ ", " }}"),
        Dialect::Braze => ("{{${", "}}}"),
        Dialect::GoTemplate => ("{{.", "}}"),
        Dialect::Hash => ("#", "#"),
        Dialect::AtVar => ("@var(", ")"),
        Dialect::Dlt => ("{#", "#}"),
        Dialect::Printf => ("%(", ")s"),
        Dialect::Fluent => ("{ $", " }"),
        Dialect::Brace
        | Dialect::JavaMessageFormat
        | Dialect::PythonFormat
        | Dialect::Icu
        | Dialect::Custom(_)
        | Dialect::None => ("{", "}"),
    };
    // Names that are types or numbers, where the language knows no others.
    let names: &[(&str, &str)] = match dialect {
        Dialect::Dlt => {
            &[("<name>", "<var>"), ("<days>", "<numeric>"), ("<amount>", "<numeric>"), ("<date>", "<var>")]
        }
        Dialect::JavaMessageFormat => {
            &[("<name>", "<0>"), ("<days>", "<1>"), ("<amount>", "<2>"), ("<date>", "<3>")]
        }
        _ => &[],
    };
    let mut state = 7_u32;
    let mut next = move |most: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % most
    };
    let mut body = |_| {
        let pieces: String =
            (0..2 + next(4)).filter_map(|_| SENTENCES.get(next(SENTENCES.len()))).copied().collect();
        let pieces = names.iter().fold(pieces, |text, (from, to)| text.replace(from, to));
        pieces.replace('<', open).replace('>', close)
    };
    (0..MESSAGES).map(&mut body).collect()
}

fn record(body: &str) -> Record {
    Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta: Meta::default(),
        dialect_chosen_by: None,
    }
}

fn total(bodies: &[String]) -> BytesCount {
    BytesCount::new(bodies.iter().map(String::len).sum::<usize>())
}

#[divan::bench(args = Dialect::NAMED.iter().map(Dialect::name))]
fn tokens(bencher: Bencher<'_, '_>, name: &str) {
    let Some(dialect) = Dialect::from_name(name) else { return };
    let bodies = catalogue(&dialect);
    let mut tokens = Vec::new();
    bencher.counter(total(&bodies)).bench_local(|| {
        for body in &bodies {
            lex(&dialect, body, &mut tokens);
            divan::black_box(&tokens);
        }
    });
}

#[divan::bench(args = Dialect::NAMED.iter().map(Dialect::name))]
fn templates(bencher: Bencher<'_, '_>, name: &str) {
    let Some(dialect) = Dialect::from_name(name) else { return };
    let bodies = catalogue(&dialect);
    let records = || bodies.iter().map(|body| record(body)).collect::<Vec<Record>>();
    bencher.counter(total(&bodies)).with_inputs(records).bench_local_values(|records| {
        let mut lexer = Lexer::default();
        let mut problems = Vec::new();
        let choice = Choice::option(dialect.clone());
        let parse = |record| Template::parse(record, choice.clone(), &mut lexer, &mut problems);
        records.into_iter().map(parse).collect::<Vec<Template>>()
    });
}

/// Texts that nest or break off as often as the longest body holds them; each has to stay far below 200 ms.
const HOSTILE: [(&str, &str); 12] = [
    ("icu", "{a,select,x{"),
    ("icu", "{a, plural, other {#}}"),
    ("icu", "{"),
    ("fluent", "{ $n ->\n *[a] "),
    ("fluent", "{"),
    ("liquid", "{% if a %}"),
    ("liquid", "{% elsif a %}"),
    ("freemarker", "<#if (a"),
    ("velocity", "#if($a)"),
    ("velocity", "\\"),
    ("go-template", "{{if .A}}"),
    ("java-messageformat", "{0,choice,"),
];

#[divan::bench(args = 0..HOSTILE.len())]
fn hostile(bencher: Bencher<'_, '_>, at: usize) {
    let Some((name, seed)) = HOSTILE.get(at) else { return };
    let Some(dialect) = Dialect::from_name(name) else { return };
    let body = seed.repeat(MAX_BODY / seed.len());
    bencher.with_inputs(|| record(&body)).bench_local_values(|record| {
        let mut problems = Vec::new();
        let choice = Choice::option(dialect.clone());
        let template = Template::parse(record, choice, &mut Lexer::default(), &mut problems);
        template.paths()
    });
}
