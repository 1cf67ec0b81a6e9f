//! Broken, hostile and random files: no reader panics, hangs or makes a place that is not in the file.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use dunlint::problem::{Gravity, Place};
use dunlint::source::{Source, SourceSpec, Span, host};
use proptest::prelude::*;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Every place that reading `text` gave is a range of whole characters of it.
fn sound(host: &str, text: &str, spec: &SourceSpec) {
    let source = Source::from_text("folder/file", text.to_owned());
    let (_, read) = host::read(&source, Some(host), spec);
    let fits = |span: Span, what: &str| {
        assert!(span.start <= span.end, "{host} {what} {span:?} of {text:?}");
        assert!(text.get(span.range()).is_some(), "{host} {what} {span:?} of {text:?}");
    };
    for record in &read.records {
        fits(record.body_span, "body");
        record.id.span.into_iter().for_each(|span| fits(span, "id"));
        record.meta.fields.values().filter_map(|d| d.span).for_each(|span| fits(span, "meta"));
        let mut end = 0;
        for segment in record.body.segments() {
            fits(segment.source, "piece");
            assert!(!segment.source.is_empty() && segment.decoded.start == end, "{host} {text:?}");
            assert!(record.body.text.is_char_boundary(segment.decoded.end as usize), "{host} {text:?}");
            end = segment.decoded.end;
        }
        assert_eq!(end as usize, record.body.text.len(), "{host} {text:?}");
        assert!(!record.id.text.is_empty(), "{host} {text:?} {record:?}");
    }
    for problem in &read.problems {
        assert!(problem.path.is_some());
        if let Some(Place::Text(span)) = problem.place {
            fits(span, problem.code);
        }
    }
}

fn specs() -> Vec<SourceSpec> {
    let texts = [
        "",
        "body = \"text\"",
        "messages = \"list[]\"\nid = \"id\"\nbody = \"text\"\nmeta = { stage = \"kind\" }",
        "messages = \"*\"\nid = \"<key>\"\nbody = \"<value>\"",
        "key = \"*\"",
        "decode = { column = \"text\", host = \"json\", body = \"a\" }",
    ];
    texts.iter().map(|text| toml::from_str(text).unwrap()).collect()
}

const SEEDS: [&str; 15] = [
    "{\"list\":[{\"id\":\"a\",\"text\":\"x\\u4f60\\ud83d\\ude42\\n\"},{\"id\":1,\"text\":\"{\\\"a\\\":\\\"b\\\"}\",\"meta\":{\"kind\":\"overdue\"}}]}",
    "list:\n  - id: a\n    text: >-\n      您好\n        more\n\n      end\n  - {id: b, text: 'it''s'}\n  - id: c\n    text: |+\n\n      x\r\n\n",
    "list:\n- id: d\n  text: \"a \\\n    b\\u3010  \n\n   c\\\"\"\n- id: &x e\n  text: plain\n    more\n  <<: *x\n",
    "[[list]]\nid = \"a\"\ntext = \"\"\"\n您\\\n   好\\u4f60\r\n\"\"\"\n[[list]]\nid = 'b'\ntext = '''\nx'''\nvars.a.b = 1\n",
    "id,text\r\n1,\"a\"\"b\r\nc\"\r\n2,您好\n3,\n",
    "id\ttext\n1\t\"x\"\n",
    "---\nid: a\nkind: overdue\n---\r\n\r\n您好\r\n再见\r\n",
    "+++\nid = \"a\"\n+++\n您好\n",
    "id=a\ntext: \\u60a8\\ud83d\\ude42 \\\r\n  x\\q\n# c\nsms.d1 = y\\",
    "msgid \"\"\nmsgstr \"h\"\n#, c-format\nmsgctxt \"id\"\nmsgid \"a\"\nmsgid_plural \"as\"\nmsgstr[0] \"\"\n\"x\\n\\x41\"\nmsgstr[1] \"y\"\n#~ msgid \"o\"\n",
    "# c\nid = 您{ $n }\n-t = x\ntext =\n    a\n      { $n ->\n  *[o] {\"}\"}\n}\n  .at = b\r\n",
    "<!DOCTYPE a [<!ENTITY e 'x&#26576;'>]><resources><string name='id' text='a&e;\n'>您 \\'\\u4f60&lt;<b>x</b><![CDATA[ y ]]>\"  \"</string><list><id>1</id><text>x</text></list></resources>",
    "CREATE TABLE t (id int, text varchar(9));\nINSERT INTO `t` (id, text) VALUES (1, 'x''\\n您' 'y'), (2, CONCAT('a', CHAR(10)));\nUPDATE t SET text = \"z\" WHERE id = 1;\n",
    "INSERT INTO [t] (id, text) SELECT E'a\\u4f60', $q$b\r\n$q$::text || q'[c]' FROM d UNION SELECT N'1', U&'\\4f60';\nCOPY t (id, text) FROM stdin;\n1\tx\\ty\n\\.\n",
    "{\"id\":\"a\",\"text\":\"b\"}\n{\"id\":\"c\",\"text\":\"d\"}\n",
];

/// A seed with some of its characters replaced, removed or repeated.
fn damaged() -> impl Strategy<Value = String> {
    let bits = vec![
        "\"", "'", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r\n", " ", "#", "\"\"\"", "---", "\u{0}",
        "\u{feff}", "您", "|", "&a", "*a", "\\u", "<", "</", ">", "&#", ";", "=", "msgstr ", "    ", "<!",
        "]]>", "\\ud83d", "\t",
    ];
    let edit = (any::<prop::sample::Index>(), 0..4usize, proptest::sample::select(bits));
    (proptest::sample::select(SEEDS.to_vec()), proptest::collection::vec(edit, 0..8)).prop_map(
        |(seed, edits)| {
            let mut chars: Vec<char> = seed.chars().collect();
            for (at, remove, insert) in edits {
                let at = at.index(chars.len() + 1);
                let end = (at + remove).min(chars.len());
                chars.splice(at..end, insert.chars());
            }
            chars.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn damaged_files(text in damaged()) {
        for spec in specs() {
            host::names().for_each(|host| sound(host, &text, &spec));
        }
    }

    #[test]
    fn random_text(text in any::<String>()) {
        host::names().for_each(|host| sound(host, &text, &SourceSpec::default()));
    }

    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), label in proptest::option::of("gb18030|big5|utf-16le|utf-16be|shift_jis|iso-2022-jp|utf-8|nonsense")) {
        let path: Arc<str> = "a.txt".into();
        match Source::from_bytes(&path, bytes.clone(), label.as_deref()) {
            Ok(source) => {
                let all = Span::of(0, source.text.len());
                let place = source.location(all);
                prop_assert!(place.byte_start <= place.byte_end);
                prop_assert_eq!(place.byte_end, bytes.len() as u64);
            }
            Err(problem) => prop_assert_eq!(problem.gravity, Gravity::Error),
        }
    }
}

/// Texts that a random run once read badly.
#[test]
fn what_chance_found_stays_mended() {
    let texts = ["\"{\"id\":\"a\",\"text\":\"b\"}\n{=\"\0id\":\"c\",\"text\":\"d\"}\n"];
    for text in texts {
        for spec in specs() {
            host::names().for_each(|host| sound(host, text, &spec));
        }
    }
}

fn quick(host: &str, text: String) -> host::Read {
    let start = Instant::now();
    let head: String = text.chars().take(30).collect();
    let source = Source::from_text("a", text);
    let (_, read) = host::read(&source, Some(host), &SourceSpec::default());
    assert!(start.elapsed() < Duration::from_secs(30), "{host} {head:?} took {:?}", start.elapsed());
    read
}

#[test]
fn deep_nesting_is_one_problem_at_its_place() {
    let deep = 10_000;
    let cases = [
        ("json", format!("{}{}", "[".repeat(deep), "]".repeat(deep))),
        ("json", format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep))),
        ("jsonl", "[".repeat(deep)),
        ("yaml", "[".repeat(deep)),
        ("yaml", "- ".repeat(deep)),
        ("yaml", (0..1000).map(|i| format!("{}a:\n", " ".repeat(i))).collect()),
        ("toml", format!("a = {}", "[".repeat(deep))),
        ("toml", format!("{}b = 1", "a.".repeat(deep))),
        ("toml", format!("[{}b]\nx = 1", "a.".repeat(deep))),
        ("toml", format!("a = {}", "{a=".repeat(deep))),
    ];
    for (host, text) in cases {
        let read = std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(move || quick(host, text))
            .unwrap()
            .join()
            .unwrap();
        assert!(read.problems.iter().any(|p| p.gravity == Gravity::Error), "{host}");
        assert!(read.records.is_empty());
    }
}

#[test]
fn long_lines_and_many_mistakes_stay_cheap() {
    let n = 200_000;
    let cases = [
        ("csv", format!("id,text\n{}", "\"a\n".repeat(n))),
        ("csv", format!("id,text\n{}", "x,\"a\"\"\n".repeat(n))),
        ("csv", ",".repeat(n)),
        ("tsv", format!("id\ttext\n1\t\"{}\"\n", "a\"\"".repeat(n))),
        ("json", format!("{{\"id\":\"a\",\"text\":\"{}\"}}", "\\u4f60\t".repeat(n))),
        ("json", format!("[{}", "{},".repeat(n))),
        ("jsonl", "x\n".repeat(n)),
        ("yaml", format!("id: a\ntext: \"{}\"", "a \n".repeat(n))),
        ("yaml", format!("id: a\ntext: |\n{}", " a\n\n".repeat(n))),
        ("yaml", "- !x *a\n".repeat(n / 10)),
        ("toml", "[[t]]\nid=\"1\"\ntext=\"x\n".repeat(n / 50)),
        ("plain", "a\r\n".repeat(n)),
    ];
    for (host, text) in cases {
        let read = quick(host, text);
        assert!(read.problems.len() <= 102 || host == "toml", "{host}: {}", read.problems.len());
    }
}

#[test]
fn what_stands_around_a_mistake_is_read() {
    let cases = [
        (
            "json",
            "[{\"id\":\"a\",\"text\":\"one\"},{\"id\":\"b\",\"text\":\"two\"},{\"id\":\"c\",\"text\":\"thr",
            "a b",
        ),
        ("jsonl", "{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\n{\"id\":\"b\",\"text\":\"y\"}\n", "a b"),
        ("csv", "id,text\na,x\nb,\"y\"z\nc,w\n", "a c"),
        ("csv", "id,text\na,x\nb\nc,w,v\nd,u\n", "a d"),
        ("yaml", "- id: a\n  text: x\n- id: b\n  text: y\n- id: c\n  text: [\n", "a b"),
        (
            "toml",
            "[[t]]\nid='a'\ntext='x'\n[[t]]\nid='b'\ntext='y\nkind='z'\n[[t]]\nid='c'\ntext='w'\n",
            "a c",
        ),
    ];
    for (host, text, wanted) in cases {
        let read = quick(host, text.to_owned());
        let ids: Vec<&str> = read.records.iter().map(|r| r.id.text.as_str()).collect();
        assert_eq!(ids.join(" "), wanted, "{host}");
        assert!(read.problems.iter().any(|p| p.gravity == Gravity::Error && p.place.is_some()), "{host}");
    }
}

#[test]
fn keys_markup_and_rows_stay_cheap() {
    let n = 200_000;
    let bomb: String =
        (0..40).map(|i| format!("<!ENTITY e{} '{}'>", i + 1, format!("&e{i};").repeat(20))).collect();
    let cases = [
        ("xml", "<a>".repeat(100_000)),
        ("xml", format!("{}x{}", "<a>y".repeat(250), "z</a>".repeat(250))),
        ("xml", format!("<a>{}", "</b>".repeat(n))),
        ("xml", format!("<a {}/>", "b='' ".repeat(n / 4))),
        ("xml", format!("<a>{}</a>", "<b id='1'/>".repeat(n / 4))),
        ("xml", format!("<a>{}</a>", (0..n / 4).map(|i| format!("<b{i}/>")).collect::<String>())),
        ("xml", format!("<!DOCTYPE a [<!ENTITY e0 'x'>{bomb}]><a>{}</a>", "&e40;".repeat(1000))),
        (
            "xml",
            format!("<!DOCTYPE a [<!ENTITY b '{}'>]><a>{}</a>", "y".repeat(16_000), "&b;".repeat(n / 10)),
        ),
        ("xml", format!("<a>{}", "&".repeat(n))),
        (
            "android-xml",
            format!("<resources><string name=\"a\">{}</string></resources>", "<b>".repeat(100_000)),
        ),
        (
            "android-xml",
            format!("<resources><string name=\"a\">{}</string></resources>", "\\u4f60  \"' ".repeat(n / 4)),
        ),
        ("properties", format!("a={}", "\\\n ".repeat(n))),
        ("properties", "\\u".repeat(n)),
        ("properties", "a\n".repeat(n)),
        ("po", "msgid \"\n".repeat(n)),
        ("po", format!("msgid \"a\"\nmsgstr \"\"\n{}", "\"\\n\"\n".repeat(n))),
        ("fluent", format!("a = {}", "{".repeat(n))),
        ("fluent", "a = {\n".repeat(n / 4)),
        ("fluent", format!("a =\n{}", "  { x\n".repeat(n / 4))),
        ("sql", "'".repeat(50 << 20)),
        ("sql", "INSERT INTO t VALUES ('\n".repeat(n / 4)),
        ("sql", format!("INSERT INTO t (id, text) VALUES {}", "(".repeat(n))),
        ("sql", "INSERT INTO t (id, text) VALUES (\n".repeat(n / 4)),
        ("sql", format!("INSERT INTO t (id, text) VALUES ({})", "CONCAT(".repeat(n))),
        ("sql", format!("INSERT INTO t (id, text) SELECT 'a'{}", " UNION SELECT 'a'".repeat(n / 4))),
        ("sql", format!("INSERT INTO {}", "a.".repeat(n))),
        ("sql", format!("INSERT INTO t (id, text) VALUES (1, {})", "'a' ".repeat(n))),
        ("sql", "$a$ ".repeat(n)),
        ("sql", "/*\n".repeat(n)),
        ("sql", "UPDATE t SET a = '\n".repeat(n / 4)),
    ];
    for (host, text) in cases {
        let read = std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(move || quick(host, text))
            .unwrap()
            .join()
            .unwrap();
        assert!(read.problems.len() <= 102, "{host}: {}", read.problems.len());
    }
}

#[test]
fn broken_keys_markup_and_rows_cost_their_own_part() {
    let cases = [
        ("xml", "<t><sms id='a'>x</sms><sms id='b'>y</smx><sms id='c'>z</sms></t>", "a c"),
        ("xml", "<t><sms id='a'>x</sms><sms id='b'>&nope;</sms><sms id='c'>z</sms></t>", "a b c"),
        ("po", "msgid \"sms a\"\nmsgstr \"【x】y\n\nmsgid \"sms b\"\nmsgstr \"【x】y\"\n", "sms b"),
        (
            "sql",
            "INSERT INTO t (id, text) VALUES ('a', 'x');\nINSERT INTO t (id, text) VALUES ('b', 'It's');\nINSERT INTO t (id, text) VALUES ('c', 'z');\n",
            "a c",
        ),
    ];
    for (host, text, wanted) in cases {
        let source = Source::from_text("a", text.to_owned());
        let spec = SourceSpec::default();
        let (_, read) = host::read(&source, Some(host), &spec);
        let ids: Vec<&str> = read.records.iter().map(|r| r.id.text.as_str()).collect();
        assert_eq!(ids.join(" "), wanted, "{host}");
        assert!(read.problems.iter().any(|p| p.gravity == Gravity::Error && p.place.is_some()), "{host}");
    }
}

#[test]
fn a_string_of_escapes_has_no_map_several_times_its_size() {
    let text = format!("{{\"id\": \"a\", \"text\": \"{}。\"}}", "\\u4e00".repeat(500_000));
    let source = Source::from_text("a.json", text.clone());
    let (_, read) = host::read(&source, None, &SourceSpec::default());
    let body = &read.records[0].body;
    assert_eq!(body.text.chars().count(), 500_001);
    assert!(body.segments().len() < 200_000, "{}", body.segments().len());
    // The coarse part ends where the string does.
    let last = body.segments().last().unwrap().source;
    assert_eq!(last.end, read.records[0].body_span.end);
    assert!(text.is_char_boundary(last.start as usize));
}
