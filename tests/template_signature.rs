//! Which brackets are a signature.

use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::{Side, Signature, signature};

fn find(body: &str, field: Option<&str>) -> Vec<Signature> {
    let mut meta = Meta::default();
    if let Some(field) = field {
        meta.declare("signature", field.into(), Some(Span::new(1, 2)));
    }
    let record = Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta,
        dialect_chosen_by: None,
    };
    signature::find(&record)
}

#[test]
fn at_the_start_or_the_end_only() {
    let long = "长".repeat(40);
    let longer = "长".repeat(41);
    let prefix = |text: &str| vec![(Side::Prefix, text.to_owned())];
    let suffix = |text: &str| vec![(Side::Suffix, text.to_owned())];
    let cases = [
        ("【甲消金】您好".to_owned(), prefix("甲消金")),
        (" \n【甲消金】您好".to_owned(), prefix("甲消金")),
        ("您好【甲消金】 \n".to_owned(), suffix("甲消金")),
        ("【${sign}】您好".to_owned(), prefix("${sign}")),
        ("【甲】中【乙】".to_owned(), vec![(Side::Prefix, "甲".to_owned()), (Side::Suffix, "乙".to_owned())]),
        ("【甲】".to_owned(), prefix("甲")),
        ("您好，【重要】请查看".to_owned(), vec![]),
        ("【】您好".to_owned(), vec![]),
        ("【甲【乙】您好".to_owned(), vec![]),
        ("【甲".to_owned(), vec![]),
        ("甲】".to_owned(), vec![]),
        ("[Lender] hello".to_owned(), vec![]),
        (format!("【{long}】x"), prefix(&long)),
        (format!("【{longer}】x"), vec![]),
        (format!("x【{longer}】"), vec![]),
        (String::new(), vec![]),
    ];
    for (body, expected) in cases {
        let found: Vec<(Side, String)> = find(&body, None)
            .into_iter()
            .map(|signature| match signature {
                Signature::Inline { side, span, text_span, text } => {
                    assert_eq!(text_span.of_text(&body), text);
                    assert_eq!(span.of_text(&body), format!("【{text}】"));
                    (side, text)
                }
                Signature::Field { .. } => panic!("no field in {body}"),
            })
            .collect();
        assert_eq!(found, expected, "{body}");
    }
}

#[test]
fn a_field_comes_after_those_in_the_text() {
    let found = find("【甲】您好", Some("乙"));
    assert_eq!(found.iter().map(Signature::text).collect::<Vec<_>>(), ["甲", "乙"]);
    assert!(matches!(&found[1], Signature::Field { span: Some(span), .. } if *span == Span::new(1, 2)));
    assert!(find("您好", Some("")).is_empty());
}
