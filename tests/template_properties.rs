//! What holds for every text: no byte is lost or counted twice, nothing panics, nothing takes long.

use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::tokens::{Token, TokenKind, lex};
use dunlint::template::{Choice, Custom, Dialect, Lexer, MAX_BODY, Template, detect};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn dialects() -> Vec<Dialect> {
    let marks =
        |open: &str, close: &str| Dialect::Custom(Custom { open: open.to_owned(), close: close.to_owned() });
    let mut all = Dialect::NAMED.to_vec();
    all.extend([marks("『", "』"), marks("@@", "@@"), marks("{", "}}"), marks("a", "ab")]);
    all
}

fn parse(dialect: &Dialect, body: &str) -> Template {
    let record = Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta: Meta::default(),
        dialect_chosen_by: None,
    };
    Template::parse(record, Choice::option(dialect.clone()), &mut Lexer::default(), &mut Vec::new())
}

/// Texts made of the pieces that mean something in some language, and of anything else.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "${",
            "}",
            "{",
            "{{",
            "}}",
            "{{{",
            "#",
            "{#",
            "#}",
            "var",
            "@var(",
            ")",
            "(",
            "%",
            "%s",
            "%1$d",
            "%(",
            "%%",
            "%n",
            "'",
            "\"",
            "\\",
            "!",
            "|",
            "?",
            ":",
            "==",
            "default",
            "name",
            "1",
            "$",
            " ",
            "\n",
            "【",
            "】",
            "金额",
            "{%",
            "%}",
            "if",
            "elif",
            "else",
            "endif",
            "end",
            "#if",
            "/if",
            "^",
            "/",
            "each",
            "raw",
            "endraw",
            "{#",
            "!--",
            "--",
            "~",
            "-",
            "『",
            "』",
            "@@",
            "a",
            "b",
            "\u{1F642}",
            "\u{301}",
            "{a, plural, ",
            "{a,select,",
            "other {",
            "=1{",
            "''",
            "'{",
            "{ $n ->",
            "\n [one] ",
            "\n*[other]",
            "*[",
            "{ \"{\" }",
            "<#if ",
            "</#if>",
            "<#--",
            "-->",
            "<#noparse>",
            ">",
            "$!{",
            "$a.b",
            "#if(",
            "#{else}",
            "#end",
            "##",
            "#*",
            "*#",
            "#[[",
            "]]#",
            "{{if ",
            "{{end}}",
            "{{/*",
            "*/}}",
            "`",
            "case",
            "when",
            "comment",
            "endcomment",
            "capture",
            ".",
            "[",
            "]",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(|c| c.to_string()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn tokens_cover_every_byte_once(text in soup()) {
        let mut tokens: Vec<Token> = Vec::new();
        for dialect in dialects() {
            lex(&dialect, &text, &mut tokens);
            let mut at = 0;
            for token in &tokens {
                prop_assert_eq!(token.span.start, at, "{} of {:?}", dialect.name(), &text);
                prop_assert!(token.span.end > at && text.is_char_boundary(token.span.end as usize));
                at = token.span.end;
            }
            prop_assert_eq!(at as usize, text.len(), "{} of {:?}", dialect.name(), &text);
            let texts = |pair: &[Token]| pair.iter().all(|token| token.kind == TokenKind::Text);
            prop_assert!(!tokens.windows(2).any(texts), "two texts in a row");
        }
    }

    #[test]
    fn every_text_is_parsed(text in soup()) {
        for dialect in dialects() {
            let template = parse(&dialect, &text);
            let paths = template.paths();
            prop_assert!(!paths.list.is_empty() && !paths.feasible.is_empty());
            for placeholder in template.placeholders() {
                prop_assert!(!placeholder.span.of_text(&text).is_empty());
                for literal in &placeholder.literals {
                    prop_assert!(placeholder.span.contains(*literal));
                }
            }
            for variant in template.variants(&paths) {
                template.render(&variant.path, |placeholder| placeholder.name.clone());
            }
        }
        detect::detect(&text, &mut Lexer::default());
    }

    #[test]
    fn a_text_without_placeholders_is_sent_as_it_is(text in "[ -\"&-?A-Zа-я款项【】，。\\n]{0,60}") {
        for dialect in dialects() {
            // An apostrophe quotes what follows it, or two of them are one.
            let quotes = match dialect {
                Dialect::JavaMessageFormat => text.contains('\''),
                Dialect::Icu => text.contains("''"),
                _ => false,
            };
            if quotes || matches!(dialect, Dialect::Custom(_)) {
                continue;
            }
            let template = parse(&dialect, &text);
            let paths = template.paths();
            prop_assert_eq!(paths.list.len(), 1);
            prop_assert_eq!(template.literal(&paths.list[0]), text.clone(), "{}", dialect.name());
        }
    }
}

#[test]
fn hostile_texts_take_no_time() {
    let seeds = [
        "{",
        "{{",
        "${",
        "${a",
        "${'",
        "${\"",
        "${!'",
        "${!'\\",
        "${ '",
        "{{ '",
        "{{ a|",
        "{#",
        "{#var",
        "%",
        "%1",
        "%(",
        "%(a",
        "#a",
        "#",
        "@var(",
        "@var(a",
        "『",
        "a",
        "ab",
        "@@",
        "{%",
        "{% if a %}",
        "{{#if a}}",
        "{{#a}}",
        "{{^a}}",
        "{{/a}}",
        "{% endif %}",
        "{% else %}",
        "${a!'b'}",
        "{{ a | default: 'b' }}",
        "{{{",
        "{{!--",
        "{% raw %}",
        "\\{{",
        "【",
        "】",
        "${a ? 'b' : 'c'}",
        "{{#each a}}{{b}}",
        "{% if a %}x{% endif %}",
        "%s",
        "{a,select,x{",
        "{a, plural, other {",
        "{a, plural, other {#}}",
        "{a, plural, one {x",
        "one {",
        "{a,select,",
        "{a, b, ",
        "'{",
        "'",
        "''",
        "{ $n ->\n *[a] ",
        "{ $n ->",
        "{ $n ->\n *[a] }",
        "\n",
        "\n *[a]",
        "{ NUMBER(",
        "{ \"",
        "{ \"\\",
        "<#",
        "<#if a",
        "<#if a>",
        "<#if (",
        "<#--",
        "<#noparse>",
        "<@a \"",
        "${a!(",
        "${a[{(",
        "${r\"",
        "#{",
        "$",
        "$a",
        "$a.",
        "$a.b(",
        "$a[",
        "${a|",
        "$!{",
        "#if(",
        "#if($a)",
        "#if(((",
        "#if('",
        "#end",
        "#*",
        "#[[",
        "##",
        "\\",
        "\\$a",
        "\\\\$a ",
        "{{if .A}}",
        "{{/*",
        "{{`",
        "{{ \"",
        "{{or .A \"x\"}}",
        "{% case a %}",
        "{% when a %}",
        "{% case a %}{% when b, c or d %}e{% endcase %}",
        "{% elsif a %}",
        "{% comment %}",
        "{% if {{a}} ",
        "{{ ${a",
        "{a!r:{",
        "{a[",
        "{0,choice,",
        "{0,choice,0#a|",
    ];
    let mut slowest = (Duration::ZERO, String::new());
    for seed in seeds {
        let body: String = seed.repeat(MAX_BODY / 2 / seed.len());
        for dialect in dialects() {
            // A language that finds nothing in three of them finds nothing in thousands.
            let mut tokens: Vec<Token> = Vec::new();
            lex(&dialect, &seed.repeat(3), &mut tokens);
            if tokens.iter().all(|token| token.kind == TokenKind::Text) {
                continue;
            }
            let start = Instant::now();
            let template = parse(&dialect, &body);
            let paths = template.paths();
            let variants = template.variants(&paths);
            assert!(variants.len() <= 2 * 64 + 64, "{} variants", variants.len());
            let spent = start.elapsed();
            if spent > slowest.0 {
                slowest = (spent, format!("{seed} in {}", dialect.name()));
            }
        }
    }
    println!("slowest: {slowest:?}");
    // Far above what is measured in release (a few ms), so that a busy machine does not fail the test, and far
    // below what anything quadratic would take in a debug build.
    assert!(slowest.0 < Duration::from_secs(2), "{slowest:?}");
}
