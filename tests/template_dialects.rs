//! What each placeholder language makes of a text: placeholders, escapes, errors, and what is sent.

use dunlint::source::{ChosenBy, Id, Mapped, Meta, Record, Span};
use dunlint::template::{Choice, Custom, Dialect, Lexer, Template};
use serde_json::{Value, json};

/// A record whose body is the whole file.
fn record(body: &str, meta: &[(&str, Value)]) -> Record {
    let mut declared = Meta::default();
    for (name, value) in meta {
        declared.declare(name, value.clone(), None);
    }
    Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta: declared,
        dialect_chosen_by: None,
    }
}

fn parse_with(dialect: &Dialect, body: &str, meta: &[(&str, Value)]) -> Template {
    let choice = Choice { dialect: dialect.clone(), by: ChosenBy::Option };
    let mut problems = Vec::new();
    let template = Template::parse(record(body, meta), choice, &mut Lexer::default(), &mut problems);
    assert!(problems.is_empty(), "{body}: {problems:?}");
    template
}

fn parse(dialect: &Dialect, body: &str) -> Template {
    parse_with(dialect, body, &[])
}

/// The first path with placeholders as `⟦name⟧`.
fn shown(template: &Template) -> String {
    let paths = template.paths();
    template.render(&paths.list[0], |placeholder| format!("⟦{}⟧", placeholder.name))
}

/// Each case: a body, the path it gives, and its errors as `kind@text`.
fn check(dialect: &Dialect, cases: &[(&str, &str, &[&str])]) {
    for (body, path, errors) in cases {
        let template = parse(dialect, body);
        assert_eq!(shown(&template), *path, "{} of {body}", dialect.name());
        let found: Vec<String> = template
            .errors()
            .iter()
            .map(|(span, kind)| format!("{}@{}", kind.name(), span.of_text(body)))
            .collect();
        assert_eq!(found, *errors, "errors of {body}");
    }
}

#[test]
fn dollar_brace() {
    check(
        &Dialect::DollarBrace,
        &[
            ("余额${balance}元", "余额⟦balance⟧元", &[]),
            ("${1}${客户 姓名}", "⟦1⟧⟦客户 姓名⟧", &[]),
            ("$5, $x 和 {y}", "$5, $x 和 {y}", &[]),
            ("a ${b", "a ${b", &["unclosed-placeholder@${"]),
            ("a ${b c ${d} e", "a ${b c ⟦d⟧ e", &["unclosed-placeholder@${"]),
            ("${{ x }}", "${{ x }}", &["unclosed-placeholder@${"]),
            ("x${}y", "x${}y", &["malformed-placeholder@${}"]),
            ("${borrower's name}, it's ${sum}", "⟦borrower's name⟧, it's ⟦sum⟧", &[]),
            ("${sum!\"见{合同}\"}起", "⟦sum⟧起", &[]),
            ("${late ? '已逾期' : '未到期'}", "⟦late⟧", &[]),
        ],
    );
}

#[test]
fn brace() {
    check(
        &Dialect::Brace,
        &[
            ("您好{1}，{}，{$var}", "您好⟦1⟧，⟦⟧，⟦$var⟧", &[]),
            ("{Full Name} owes {sum[total]}", "⟦Full Name⟧ owes ⟦sum[total]⟧", &[]),
            ("a { b", "a { b", &[]),
            ("a } b {c}", "a } b ⟦c⟧", &[]),
            ("{a {b} c}", "{a ⟦b⟧ c}", &[]),
            ("{a\nb}", "{a\nb}", &[]),
        ],
    );
}

#[test]
fn double_brace() {
    check(
        &Dialect::DoubleBrace,
        &[
            ("{{1}}，{{ due_date }}", "⟦1⟧，⟦due_date⟧", &[]),
            ("${{amount}}", "$⟦amount⟧", &[]),
            ("{{{raw}}}", "{⟦raw⟧}", &[]),
            ("call {{phone} now {{name}}", "call {{phone} now ⟦name⟧", &["unclosed-placeholder@{{"]),
            ("{% if x %}{{y}}{% endif %}", "{% if x %}⟦y⟧{% endif %}", &[]),
            ("{{ a | default: '}}' }}!", "⟦a⟧!", &[]),
            ("{{}}", "{{}}", &["malformed-placeholder@{{}}"]),
            ("{one}", "{one}", &[]),
        ],
    );
}

#[test]
fn hash() {
    check(
        &Dialect::Hash,
        &[
            ("#name#欠#sum_1#元", "⟦name⟧欠⟦sum_1⟧元", &[]),
            ("单号#2048已出账，#date#还款", "单号#2048已出账，⟦date⟧还款", &[]),
            ("#姓名#您好", "⟦姓名⟧您好", &[]),
            ("F#小调 # x# #a b#", "F#小调 # x# #a b#", &[]),
            ("#first-name##x#", "⟦first-name⟧⟦x⟧", &[]),
        ],
    );
}

#[test]
fn at_var() {
    check(
        &Dialect::AtVar,
        &[
            ("@var(姓名)，邮箱 a@var.example", "⟦姓名⟧，邮箱 a@var.example", &[]),
            ("@var(a @var(b)", "@var(a ⟦b⟧", &["unclosed-placeholder@@var("]),
            ("@var()", "@var()", &["malformed-placeholder@@var()"]),
        ],
    );
}

#[test]
fn dlt() {
    check(
        &Dialect::Dlt,
        &[
            ("Rs.{#numeric#} at {#urlott#}", "Rs.⟦numeric⟧ at ⟦urlott⟧", &[]),
            (
                "{#Var#} {#amount#}",
                "{#Var#} {#amount#}",
                &["unknown-placeholder@{#Var#}", "unknown-placeholder@{#amount#}"],
            ),
            ("{#var {#var#}", "{#var ⟦var⟧", &["unclosed-placeholder@{#"]),
        ],
    );
    let template = parse(&Dialect::Dlt, "{#cbn#}{#var#}");
    let placeholders = template.placeholders();
    assert_eq!(placeholders[0].declared_type.as_deref(), Some("phone"));
    assert_eq!(placeholders[1].max_length, Some(30));
}

#[test]
fn printf() {
    check(
        &Dialect::Printf,
        &[
            ("%s欠%.2f元", "⟦1⟧欠⟦2⟧元", &[]),
            ("%2$s %1$d", "⟦2⟧ ⟦1⟧", &[]),
            ("%(sum)s, %(due date)s", "⟦sum⟧, ⟦due date⟧", &[]),
            ("100%% %n", "100% \n", &[]),
            ("减免30%", "减免30%", &["lone-percent@%"]),
            ("5% off, %-8d|%,d", "5% off, ⟦1⟧|⟦2⟧", &["lone-percent@%"]),
            ("%@ %1$@", "⟦1⟧ ⟦1⟧", &[]),
            ("%ld %tY", "⟦1⟧ ⟦2⟧", &[]),
        ],
    );
    let template = parse(&Dialect::Printf, "%%%d%%");
    let escapes: Vec<(Span, &str)> = template.escapes();
    assert_eq!(escapes, [(Span::new(0, 2), "%"), (Span::new(4, 6), "%")]);
    assert_eq!(template.placeholders()[0].index, Some(1));
}

#[test]
fn custom_marks() {
    let marks =
        |open: &str, close: &str| Dialect::Custom(Custom { open: open.to_owned(), close: close.to_owned() });
    check(
        &marks("『", "』"),
        &[
            ("『姓名』欠『金额』元", "⟦姓名⟧欠⟦金额⟧元", &[]),
            ("『姓名，『金额』", "『姓名，⟦金额⟧", &["unclosed-placeholder@『"]),
        ],
    );
    check(&marks("@@", "@@"), &[("@@a@@ b @@c", "⟦a⟧ b @@c", &["unclosed-placeholder@@@"])]);
    check(&marks("[", "[/]"), &[("[a[/] [b", "⟦a⟧ [b", &["unclosed-placeholder@["])]);
    check(&marks("<<", ">>"), &[("<<a\nb>> <<c>>", "<<a\nb>> ⟦c⟧", &["unclosed-placeholder@<<"])]);
}

#[test]
fn no_dialect_is_text() {
    check(&Dialect::None, &[("{a} ${b} %s", "{a} ${b} %s", &[])]);
}

#[test]
fn names_numbers_and_literals() {
    // body, name, index, default, literals
    type Case = (&'static str, &'static str, Option<u32>, Option<&'static str>, &'static [&'static str]);
    let cases: &[Case] = &[
        ("${12}", "12", Some(12), None, &[]),
        ("${99999999999}", "99999999999", None, None, &[]),
        ("${sum!'0.00'}", "sum", None, Some("0.00"), &["0.00"]),
        ("${sum!\"全部款项\"}", "sum", None, Some("全部款项"), &["全部款项"]),
        ("${phone|'400-000-9999'}", "phone", None, Some("400-000-9999"), &["400-000-9999"]),
        ("${a.b ?? 'it\\'s'}", "a.b", None, Some("it's"), &["it\\'s"]),
        ("${late ? '立即' : '按时'}", "late", None, None, &["立即", "按时"]),
        ("${kind == 'late' ? 'x' : 'y'}", "kind", None, None, &["x", "y"]),
        ("${sum?string('0.00')}", "sum", None, None, &[]),
        ("${date | format: 'yyyy'}", "date", None, None, &[]),
        ("${name | default('客户') | upper}", "name", None, Some("客户"), &["客户"]),
        ("${default(name, 'you')}", "name", None, Some("you"), &["you"]),
    ];
    for (body, name, index, default, literals) in cases {
        let template = parse(&Dialect::DollarBrace, body);
        let placeholders = template.placeholders();
        let [placeholder] = placeholders.as_slice() else { panic!("{body}: {:?}", template.nodes) };
        assert_eq!(placeholder.name, *name, "{body}");
        assert_eq!(placeholder.index, *index, "{body}");
        assert_eq!(placeholder.default.as_deref(), *default, "{body}");
        let texts: Vec<&str> = placeholder.literals.iter().map(|span| span.of_text(body)).collect();
        assert_eq!(texts, *literals, "{body}");
    }
}

#[test]
fn filters_are_listed() {
    let template = parse(&Dialect::DoubleBrace, "{{ sum | round: 2 | default: 'the rest' }}");
    assert_eq!(template.placeholders()[0].filters, ["round: 2", "default: 'the rest'"]);
    assert_eq!(template.placeholders()[0].default.as_deref(), Some("the rest"));
}

#[test]
fn declared_defaults_types_and_lengths() {
    let defaults = |dialect: &Dialect, body: &str, value: Value| -> Vec<Option<String>> {
        let template = parse_with(dialect, body, &[("defaults", value)]);
        template.placeholders().iter().map(|p| p.default.clone()).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    let body = "{{1}} {{2}} {{who}}";
    let map = json!({ "1": "a", "who": "", "2": 7 });
    assert_eq!(defaults(&Dialect::DoubleBrace, body, map), [some("a"), some("7"), some("")]);
    let list = json!(["a", "b"]);
    assert_eq!(defaults(&Dialect::DoubleBrace, body, list.clone()), [some("a"), some("b"), None]);
    assert_eq!(defaults(&Dialect::Brace, "{0} {1}", list), [some("a"), some("b")]);
    let text = json!("{\"who\": \"客户\"}");
    assert_eq!(defaults(&Dialect::DoubleBrace, body, text), [None, None, some("客户")]);
    assert_eq!(defaults(&Dialect::Brace, "{a}", json!("not json")), [None]);
    // What is written in the placeholder is nearer.
    assert_eq!(defaults(&Dialect::DollarBrace, "${a!'x'}", json!({ "a": "y" })), [some("x")]);

    let vars = json!({ "sum": { "type": "amount", "max": 12, "default": "0" } });
    let template = parse_with(&Dialect::DollarBrace, "${sum} ${NUM_6} ${TXT_40}", &[("vars", vars)]);
    let [sum, number, text] = template.placeholders()[..] else { panic!("{:?}", template.nodes) };
    assert_eq!((sum.declared_type.as_deref(), sum.max_length), (Some("amount"), Some(12)));
    assert_eq!(sum.default.as_deref(), Some("0"));
    assert_eq!((number.declared_type.as_deref(), number.max_length), (Some("number"), Some(6)));
    assert_eq!((text.declared_type.as_deref(), text.max_length), (None, None));
}

#[test]
fn a_body_that_is_too_long_is_a_problem_at_its_place() {
    let body = "款".repeat(16 * 1024 / 3 + 1);
    let choice = Choice::option(Dialect::Brace);
    let mut problems = Vec::new();
    let template = Template::parse(record(&body, &[]), choice, &mut Lexer::default(), &mut problems);
    assert!(template.is_refused() && template.nodes.is_empty());
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "body-too-long");
    assert_eq!(problems[0].place, Some(dunlint::problem::Place::Text(template.record.body_span)));
    let fits = "a".repeat(16 * 1024);
    assert!(!parse(&Dialect::Brace, &fits).is_refused());
}
