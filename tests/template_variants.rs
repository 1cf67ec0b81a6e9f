//! Texts that are sent instead of a value are paths of their own.

use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::{Choice, Dialect, Lexer, PathPiece, Template};
use serde_json::{Value, json};

fn parse(dialect: Dialect, body: &str, defaults: Option<Value>) -> Template {
    let mut meta = Meta::default();
    if let Some(defaults) = defaults {
        meta.declare("defaults", defaults, None);
    }
    let record = Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta,
        dialect_chosen_by: None,
    };
    Template::parse(record, Choice::option(dialect), &mut Lexer::default(), &mut Vec::new())
}

fn sent(template: &Template) -> Vec<String> {
    let paths = template.paths();
    let variants = template.variants(&paths);
    variants.iter().map(|v| template.render(&v.path, |p| format!("<{}>", p.name))).collect()
}

#[test]
fn each_literal_is_sent_once() {
    let template = parse(Dialect::DollarBrace, "还${sum!'全部'}元，${late ? '立即' : '按时'}处理", None);
    assert_eq!(
        sent(&template),
        ["还<sum>元，<late>处理", "还全部元，<late>处理", "还<sum>元，立即处理", "还<sum>元，按时处理"]
    );
    assert_eq!(template.paths().list.len(), 1);
    let variants = template.variants(&template.paths());
    assert!(variants[0].replaced.is_empty());
    assert_eq!(variants[1].replaced, [0]);
    // A literal of the body keeps its own place.
    let place = template.placeholders()[0].literals[0];
    assert!(variants[1].path.pieces.contains(&PathPiece::Text(place)));
}

#[test]
fn a_default_from_elsewhere_stands_at_its_placeholder() {
    let template = parse(Dialect::DoubleBrace, "pay {{1}}", Some(json!({ "1": "USD 0.00" })));
    assert_eq!(sent(&template), ["pay <1>", "pay USD 0.00"]);
    let variants = template.variants(&template.paths());
    let piece = PathPiece::Escape { span: Span::new(4, 9), text: "USD 0.00".to_owned() };
    assert!(variants[1].path.pieces.contains(&piece));
}

#[test]
fn many_texts_are_sent_together() {
    let body = "${a!'x'}${b ? 'y' : 'z'}".repeat(40);
    let template = parse(Dialect::DollarBrace, &body, None);
    let sent = sent(&template);
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[1], "xy".repeat(40));
    assert_eq!(sent[2], "xz".repeat(40));
}

#[test]
fn escapes_in_a_literal_are_undone() {
    let template = parse(Dialect::DollarBrace, r#"${a!"say \"now\""}"#, None);
    assert_eq!(sent(&template), ["<a>", "say \"now\""]);
}

#[test]
fn every_engine_sends_its_defaults() {
    let cases = [
        (Dialect::Liquid, "还{{ sum | default: \"全部\" }}", "还全部"),
        (Dialect::Braze, "还{{${sum} | default: '全部'}}", "还全部"),
        (Dialect::FreeMarker, "还${(a.sum)!\"全部\"}", "还全部"),
        (Dialect::FreeMarker, "还${sum!}元", "还元"),
        (Dialect::Velocity, "还${sum|'全部'}", "还全部"),
        (Dialect::GoTemplate, "还{{or .Sum \"全部\"}}", "还全部"),
        (Dialect::JavaMessageFormat, "还{0,choice,0#全部}", "还全部"),
    ];
    for (dialect, body, expected) in cases {
        let sent = sent(&parse(dialect, body, None));
        assert_eq!(sent.len(), 2, "{body}: {sent:?}");
        assert_eq!(sent[1], expected, "{body}");
    }
}
