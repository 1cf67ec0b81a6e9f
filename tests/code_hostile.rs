//! Programs that try to harm their reader: bounded time and memory, no panic, and a word about what was not read.
#![allow(clippy::unwrap_used)]

use dunlint::source::host::{self, Read};
use dunlint::source::{Source, Span};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const FILES: [(&str, &str); 8] = [
    ("a.java", "java"),
    ("a.kt", "kotlin"),
    ("a.ts", "ts"),
    ("a.jsx", "ts"),
    ("a.py", "python"),
    ("a.go", "go"),
    ("a.php", "php"),
    ("a.cs", "csharp"),
];

fn read(path: &str, host: &str, text: &str) -> Read {
    let source = Source::from_text(path, text.to_owned());
    host::read(&source, None, &toml::from_str(&format!("host = \"{host}\"\nkey = \"?*\"")).unwrap()).1
}

/// Every place of every record lies in the file, on borders of characters.
fn sound(text: &str, read: &Read) {
    for record in &read.records {
        let body = &record.body;
        let whole = Span::of(0, body.text.len());
        for place in body.to_source(whole).into_iter().chain([record.body_span]) {
            assert!(text.get(place.range()).is_some(), "{place:?} in {text:?}");
        }
        let covered: u32 = body.segments().iter().map(|segment| segment.decoded.len()).sum();
        assert_eq!(covered, whole.len());
        for segment in body.segments().iter().filter(|s| s.piece == dunlint::source::Piece::Copy) {
            assert_eq!(segment.decoded.of_text(&body.text), segment.source.of_text(text), "{text:?}");
        }
    }
}

#[test]
fn deep_nesting_needs_no_stack() {
    let deep = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(20_000), close.repeat(20_000))
    };
    for (path, host) in FILES {
        let name = match host {
            "java" | "csharp" => "class A { String A = ",
            "kotlin" => "val A = ",
            "go" => "package a\nvar A = ",
            "php" => "<?php\n$A = ",
            "ts" => "const A = ",
            _ => "A = ",
        };
        for expression in [
            deep("(", "\"一\"", ")"),
            deep("[", "\"一\"", "]"),
            deep("f(", "\"一\"", ")"),
            deep("{", "\"一\"", "}"),
        ] {
            let start = Instant::now();
            let text = format!("{name}{expression}; String B = \"二\"; }}\n");
            sound(&text, &read(path, host, &text));
            assert!(
                start.elapsed() < Duration::from_secs(40),
                "{host} {:?} {:?}",
                &expression[..2],
                start.elapsed()
            );
        }
    }
}

#[test]
fn long_sums_are_read_and_doubled_constants_are_not() {
    let mut sum = String::from("class A { String A = \"一\"");
    for i in 0..5_000 {
        write!(sum, " + x{i}").unwrap();
    }
    sum.push_str("; }");
    let found = read("a.java", "java", &sum);
    assert_eq!(found.records[0].body.holes().count(), 5_000);

    let mut doubled = String::from("class A { String A0 = \"一二三四\";\n");
    for i in 0..64 {
        writeln!(doubled, "String A{} = A{i} + A{i};", i + 1).unwrap();
    }
    doubled.push('}');
    let found = read("a.java", "java", &doubled);
    assert!(found.records.len() < 20 && found.problems.iter().any(|p| p.code == "dynamic-text"));

    let mut backwards = String::from("class A {\n");
    for i in 0..5_000 {
        writeln!(backwards, "String A{i} = A{} + \"x\";", i + 1).unwrap();
    }
    backwards.push('}');
    sound(&backwards, &read("a.java", "java", &backwards));
}

#[test]
fn large_files_are_refused_with_a_word() {
    let line = format!("class A {{ String A = \"{}\"; }}", "一".repeat(2_000_000));
    let found = read("a.java", "java", &line);
    assert_eq!(found.problems[0].code, "code-too-large");
    let many = format!("class A {{ {} }}", "String A = \"一\"; ".repeat(50_000));
    let start = Instant::now();
    assert_eq!(read("a.java", "java", &many).records.len(), 50_000);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn programs_that_break_off_are_read_up_to_there() {
    let whole = [
        (
            "a.java",
            "java",
            "class A { @Sms(t = \"一\\u4f60\") String A = \"\"\"\n  二\\\n  \"\"\" + x; enum E { D(\"三\") } }",
        ),
        (
            "a.kt",
            "kotlin",
            "object A { val a = \"一$n${o.x}\\u4f60\"\n val b = \"\"\"\n | 二 $n\n\"\"\".trimMargin() }",
        ),
        (
            "a.ts",
            "ts",
            "const a = { b: `一${`二${x}`}\\u{4f60}`, 'c': ['三\\\n四', ...d] }; function f() { return '五'; }",
        ),
        ("a.py", "python", "A = f'一{n!r:>{w}}{{' '二\\x41' % (a, b)\nB = {'k': '''三\n'''.format(x)}\n"),
        (
            "a.go",
            "go",
            "package a\nvar A = []T{{C: \"一\\xe4\\xbd\\xa0\"}, {C: `二`}}\nvar B = fmt.Sprintf(\"三%s\", x)",
        ),
        (
            "a.php",
            "php",
            "<?php return ['a' => \"一{$x->y}\\u{4f60}\", 'b' => <<<E\n  二 $x\n  E, 'c' => sprintf('三%s', $y)];",
        ),
        (
            "a.cs",
            "csharp",
            "class A { string a = $\"一{n,3:F2}{{\" + @\"二\"\"\" + \"\"\"\n  三\n  \"\"\"; string b = $$\"\"\"{{x}}\"\"\"; }",
        ),
    ];
    for (path, host, text) in whole {
        for end in 0..=text.len() {
            if let Some(part) = text.get(..end) {
                sound(part, &read(path, host, part));
            }
            // What stands in front may be missing, too.
            if let Some(part) = text.get(end..) {
                sound(part, &read(path, host, part));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(which in 0..FILES.len(), pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.into_iter().map(|i| PIECES[i]).collect();
        let (path, host) = FILES[which];
        sound(&text, &read(path, host, &text));
    }
}

const PIECES: [&str; 48] = [
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "<<<E\n",
    "\nE",
    "\\",
    "\\u",
    "\\x4",
    "\\u{",
    "\\N{",
    "{",
    "}",
    "{{",
    "}}",
    "${",
    "$",
    "$x",
    "(",
    ")",
    "[",
    "]",
    " + ",
    " . ",
    " % ",
    ";",
    "\n",
    "\r\n",
    "  ",
    "一",
    "🙂",
    "A = ",
    "const A = ",
    "String A = ",
    "class A ",
    "return ",
    "f\"",
    "$@\"",
    "@\"",
    "//",
    "/*",
    "*/",
    "<?php ",
    ".format(x)",
    ", ",
    "\u{feff}",
    ".trimMargin()",
];

#[test]
fn half_an_escape_is_told_where_it_stands() {
    // The constant begins after characters of several bytes, so that a place inside the literal is none of the file.
    for (path, host, text, half) in [
        ("a.ts", "ts", "/*一二三*/ const A = '四\\ud83d五';", "\\ud83d"),
        ("a.go", "go", "package a\n/*一二三*/ const A = \"四\\xe4\"", "\\xe4"),
        ("a.java", "java", "/*一二三*/ class B { String A = \"四\\ud83d五\"; }", "\\ud83d"),
    ] {
        let found = read(path, host, text);
        let problem = found.problems.iter().find(|problem| problem.code == "code-escape").unwrap();
        let Some(dunlint::problem::Place::Text(span)) = &problem.place else { panic!("{problem:?}") };
        assert_eq!(span.of_text(text), half, "{host}");
    }
}
