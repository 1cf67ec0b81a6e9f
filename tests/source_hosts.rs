//! What each host reads: ids, bodies, metadata and their places, against places counted by hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use dunlint::source::host::{self, Kind, Read};
use dunlint::source::{ChosenBy, Source};

fn read(path: &str, text: &str, spec: &str) -> Read {
    let source = Source::from_text(path, text.to_owned());
    host::read(&source, None, &toml::from_str(spec).unwrap()).1
}

/// `id` @ its place, body place, decoded: one line a record.
fn lines(read: &Read) -> Vec<String> {
    let line = |r: &dunlint::source::Record| {
        let id = r.id.span.map_or("-".to_owned(), |span| format!("{span:?}"));
        format!("{} @{id} body {:?} {:?}", r.id.text, r.body_span, r.body.text)
    };
    read.records.iter().map(line).collect()
}

fn codes(read: &Read) -> Vec<&'static str> {
    read.problems.iter().map(|problem| problem.code).collect()
}

fn declared(read: &Read, name: &str) -> String {
    let declared = &read.records[0].meta.fields[name];
    format!("{} {}", declared.value, declared.span.map_or("-".to_owned(), |span| format!("{span:?}")))
}

#[test]
fn plain_takes_the_file_and_loses_only_line_ends_around_it() {
    let found = read("sms/d1.v2.txt", "\u{feff}\r\n 您好\r\n再见 \r\n\n", "");
    assert_eq!(lines(&found), ["d1.v2 @- body 5..21 \" 您好\\n再见 \""]);
    assert_eq!(found.kind, Kind::Templates);
    // The CRLF inside is one decoded newline of two bytes.
    let body = &found.records[0].body;
    assert_eq!(body.cover(dunlint::source::Span::new(7, 8)), dunlint::source::Span::new(12, 14));
}

#[test]
fn front_matter_in_both_spellings() {
    let text = "---\nid: d-7\ndialect: hash\nfirst_contact: true\nvars.amount: { type: amount, max: 12 }\n---\n\n#name#您好\n";
    let found = read("a.sms", text, "dialect = \"brace\"\nprofile = \"tencent\"");
    assert_eq!(lines(&found), ["d-7 @8..11 body 90..102 \"#name#您好\""]);
    assert_eq!(found.records[0].dialect_chosen_by, Some(ChosenBy::FrontMatter));
    assert_eq!(declared(&found, "dialect"), "\"hash\" 21..25");
    assert_eq!(declared(&found, "first_contact"), "true 41..45");
    assert_eq!(declared(&found, "vars"), "{\"amount\":{\"type\":\"amount\",\"max\":12}} 59..84");
    assert_eq!(declared(&found, "profile"), "\"tencent\" -");

    let found = read("a.txt", "+++\r\nid = 'x'\r\n[vars.n]\r\nmax = 3\r\n+++\r\nhi\r\n", "");
    assert_eq!(lines(&found), ["x @11..12 body 39..41 \"hi\""]);
    assert_eq!(found.records[0].meta.fields["vars"].value["n"]["max"], 3);
}

#[test]
fn front_matter_that_is_none_or_broken() {
    assert_eq!(lines(&read("a.txt", "--- \n----\nhi", "")).len(), 0);
    assert_eq!(codes(&read("a.txt", "---\nid: x\nhi", "")), ["front-matter"]);
    assert_eq!(codes(&read("a.txt", "---\njust words\n---\nhi", "")), ["front-matter"]);
    assert_eq!(codes(&read("a.txt", "---\nid: [\n---\nhi", "")), ["yaml-syntax"]);
    assert_eq!(lines(&read("a.txt", "-----\nhi", "")), ["a @- body 0..8 \"-----\\nhi\""]);
}

#[test]
fn blank_files_hold_nothing() {
    for path in ["a.txt", "a.json", "a.jsonl", "a.yaml", "a.toml", "a.csv"] {
        for text in ["", "\u{feff}", " \r\n\n"] {
            let found = read(path, text, "body = \"text\"");
            assert_eq!((found.records.len(), codes(&found)), (0, vec!["blank-file"]), "{path} {text:?}");
            assert_eq!(found.kind, Kind::Nothing);
        }
    }
}

#[test]
fn json_by_paths() {
    let text = r#"{"Set":[{"Id":12,"T":"\u60a8\ud83d\ude42x"},{"Id":"b","T":"","S":["签"]}]}"#;
    let spec = "messages = \"Set[]\"\nid = \"Id\"\nbody = \"T\"\nsignature = \"S[0]\"\ndialect = \"brace\"";
    let found = read("a.json", text, spec);
    assert_eq!(lines(&found), ["12 @14..16 body 22..41 \"您🙂x\"", "b @51..52 body 59..59 \"\""]);
    assert_eq!(found.records[0].dialect_chosen_by, Some(ChosenBy::Config));
    assert!(!found.records[0].meta.fields.contains_key("signature"));
    assert_eq!(found.records[1].meta.text("signature"), Some("签"));
    assert_eq!(codes(&found), [""; 0]);
}

#[test]
fn keys_and_values_as_ids_and_bodies() {
    let text = r#"{"sms":{"a":"x","b":{"c":"y"}},"mail":{"a":"z"}}"#;
    let found = read("a.json", text, "messages = \"sms.*\"\nid = \"<key>\"\nbody = \"<value>\"");
    assert_eq!(lines(&found), ["a @- body 13..14 \"x\""]);
    assert_eq!(codes(&found), ["no-body"]);
    let found = read("a.json", text, "key = \"sms.*\"");
    assert_eq!(lines(&found), ["sms.a @- body 13..14 \"x\"", "sms.b.c @- body 26..27 \"y\""]);
    let found = read("a.json", text, "messages = \"*.a\"");
    assert_eq!(lines(&found), ["sms @- body 13..14 \"x\"", "mail @- body 44..45 \"z\""]);
}

#[test]
fn a_path_that_leads_nowhere_is_a_problem() {
    let text = r#"{"a":[{"id":"x","text":"y"}]}"#;
    assert_eq!(codes(&read("a.json", text, "messages = \"b[]\"")), ["no-records"]);
    assert_eq!(codes(&read("a.json", text, "messages = \"a[\"")), ["bad-path"]);
    assert_eq!(codes(&read("a.json", text, "messages = \"a[]\"\nid = \"Id\"")), ["no-id"]);
    assert_eq!(codes(&read("a.json", text, "messages = \"a[]\"\nbody = \"content\"")), ["no-body"]);
    assert_eq!(codes(&read("a.json", text, "host = \"xls\"")), ["unknown-host"]);
}

#[test]
fn what_is_no_message_is_noted_beside_messages_and_wrong_alone() {
    use dunlint::problem::Gravity::{Error, Note};
    let grave = |text: &str| {
        let found = read("a.json", text, "messages = \"c[]\"\nbody = \"text\"");
        found.problems.iter().map(|p| (p.code, p.gravity)).collect::<Vec<_>>()
    };
    assert_eq!(
        grave(r#"{"c":[{"text":"a"},{"buttons":[]},{"text":null}]}"#),
        [("no-body", Note), ("no-body", Note)]
    );
    assert_eq!(grave(r#"{"c":[{"text":"a"},{"text":["b"]}]}"#), [("no-body", Error)]);
    assert_eq!(grave(r#"{"c":[{"buttons":[]}]}"#), [("no-body", Error)]);
}

#[test]
fn records_without_id_are_numbered() {
    let found = read("t/sms.json", r#"[{"text":"a"},{"text":"b"}]"#, "body = \"text\"");
    assert_eq!(found.records.iter().map(|r| r.id.text.as_str()).collect::<Vec<_>>(), ["sms#1", "sms#2"]);
    let found = read("t/sms.json", r#"[{"text":"a"}]"#, "body = \"text\"");
    assert_eq!(found.records[0].id.text, "sms");
}

#[test]
fn json_lines_of_the_interface_are_no_guess() {
    let text = "{\"id\":\"a\",\"text\":\"x\",\"lang\":\"zh-Hans\",\"meta\":{\"kind\":\"overdue\",\"lang\":\"en\"}}\n\n{\"id\":2,\"text\":\"y\"}\n";
    let found = read("a.jsonl", text, "");
    assert_eq!(lines(&found), ["a @7..8 body 18..19 \"x\"", "2 @84..85 body 94..95 \"y\""]);
    assert_eq!(declared(&found, "kind"), "\"overdue\" 54..61");
    assert_eq!(declared(&found, "lang"), "\"zh-Hans\" 29..36");
    assert_eq!((found.kind, codes(&found)), (Kind::Guessed, vec![]));
}

#[test]
fn records_are_guessed_at_any_depth() {
    let text = r#"{"data":{"list":[{"TemplateCode":"S1","TemplateContent":"hi","SignName":"签","language":"en"},{"id":1}]}}"#;
    let found = read("a.json", text, "dialect = \"brace\"");
    assert_eq!(lines(&found), ["S1 @34..36 body 57..59 \"hi\""]);
    assert_eq!(declared(&found, "signature"), "\"签\" 73..76");
    assert_eq!(declared(&found, "locale"), "\"en\" 90..92");
    assert_eq!((found.kind, codes(&found)), (Kind::Guessed, vec!["guessed-source"]));
    assert!(found.problems[0].message.en.contains("TemplateCode / TemplateContent"));
}

#[test]
fn bodies_one_level_down_are_guessed_too() {
    let text = r#"{"translation_key":"k","messages":[{"content":"hi","locale":"en"},{"content":"您好","locale":"zh"}]}"#;
    let found = read("a.json", text, "");
    assert_eq!(lines(&found), ["k#1 @20..21 body 47..49 \"hi\"", "k#2 @20..21 body 78..84 \"您好\""]);
    assert_eq!(found.records[1].meta.text("locale"), Some("zh"));
}

#[test]
fn files_without_messages_are_left_alone() {
    let cases = [
        ("package.json", "{\"name\":\"x\",\"version\":\"1\"}", Kind::Nothing),
        ("camp.toml", "[campaign]\nid = 'x'\n[[steps]]\nid='1'\ntemplate = 'a'\n", Kind::Campaign),
        (
            "camp.json",
            "{\"campaign\":{\"id\":\"x\"},\"steps\":[{\"id\":\"1\",\"template\":\"a\"}]}",
            Kind::Campaign,
        ),
        ("camp.yaml", "campaign: {id: x}\nsteps: []\n", Kind::Campaign),
        ("a/dunlint.toml", "jurisdiction = 'cn'\n", Kind::Config),
        ("house.toml", "[[rule]]\nid = 'a/b'\nmessage = 'm'\n", Kind::Policy),
        ("Cargo.toml", "[package]\nname = 'x'\n", Kind::Nothing),
    ];
    for (path, text, kind) in cases {
        let found = read(path, text, "");
        assert_eq!((found.kind, found.records.len(), found.problems.len()), (kind, 0, 0), "{path}");
    }
}

#[test]
fn unsupported_yaml_counts_only_where_messages_are() {
    let other = read("k8s.yaml", "a: !Ref b\n---\nc: &x {}\nd: *x\n", "");
    assert!(other.problems.iter().all(|p| p.gravity == dunlint::problem::Gravity::Note));
    assert_eq!(codes(&other), ["yaml-tag", "yaml-documents", "yaml-alias"]);
    let text =
        "base: &b {kind: overdue}\nlist:\n  - id: a\n    <<: *b\n    text: hi\n  - id: c\n    text: *b\n";
    let found = read("a.yaml", text, "");
    assert_eq!(lines(&found), ["a @39..40 body 62..64 \"hi\""]);
    let errors: Vec<_> = found
        .problems
        .iter()
        .filter(|p| p.gravity == dunlint::problem::Gravity::Error)
        .map(|p| p.code)
        .collect();
    assert_eq!(errors, ["yaml-merge", "yaml-alias", "yaml-alias"]);
}

#[test]
fn yaml_scalars_and_their_places() {
    let text = "- id: 007\n  text: >\n\n    一\n    二\n\n    三\n- id: ~\n  text: plain   \n    more # no\n- id: q\n  text: 'it''s'\n";
    let found = read("a.yaml", text, "id = \"id\"\nbody = \"text\"");
    assert_eq!(
        lines(&found),
        [
            "007 @6..9 body 25..45 \"\\n一 二\\n三\\n\"",
            "a#2 @- body 62..79 \"plain more\"",
            "q @91..92 body 102..107 \"it's\"",
        ]
    );
    assert_eq!(codes(&found), ["no-id"]);
}

#[test]
fn toml_strings_and_their_places() {
    let text = "[[t]]\nid = 7\ntext = \"\"\"\n一\\\n  二\\u4e09\"\"\"\n[[t]]\nid = 'b'\ntext = 'a\\n'\nuntil = 2027-06-30\n";
    let found = read(
        "a.toml",
        text,
        "messages = \"t[]\"\nid = \"id\"\nbody = \"text\"\nmeta = { until = \"until\" }",
    );
    assert_eq!(lines(&found), ["7 @11..12 body 24..40 \"一二三\"", "b @56..57 body 67..70 \"a\\\\n\""]);
    assert_eq!(found.records[1].meta.text("until"), Some("2027-06-30"));
}

#[test]
fn tables_and_their_mistakes() {
    let text = "\u{feff}id,内容,签名,dialect\r\n1,\"a\"\"b\r\nc\",签,hash\r\n,,,\r\n2,x\r\n3,您好,,\r\n";
    let found = read("a.csv", text, "dialect = \"brace\"");
    assert_eq!(lines(&found), ["1 @29..30 body 32..39 \"a\\\"b\\nc\"", "3 @61..62 body 63..69 \"您好\""]);
    assert_eq!(declared(&found, "signature"), "\"签\" 41..44");
    let chosen: Vec<_> = found.records.iter().map(|r| r.dialect_chosen_by).collect();
    assert_eq!(chosen, [Some(ChosenBy::Record), Some(ChosenBy::Config)]);
    assert_eq!(codes(&found), ["ragged-row", "guessed-source"]);
    assert_eq!(codes(&read("a.tsv", "id\ttext\n1\t\"x\ty\n", "")), ["csv-quotes"]);
    assert_eq!(lines(&read("a.psv", "id|text\na|x,y\n", "")), ["a @8..9 body 10..13 \"x,y\""]);
}

#[test]
fn spreadsheets_say_what_separates_their_cells() {
    let bodies = |text: &str| -> Vec<String> {
        read("a.csv", text, "").records.into_iter().map(|record| record.body.text).collect()
    };
    assert_eq!(bodies("id;text\n1;应还1,5元\n2;\"一;二\"\n"), ["应还1,5元", "一;二"]);
    assert_eq!(bodies("id\ttext\n1\t应还{1}\n"), ["应还{1}"]);
    assert_eq!(bodies("sep=;\r\nid;text\r\n1;一,二\r\n"), ["一,二"]);
    // A comma in a name in quotes separates nothing; a semicolon beside commas is text.
    assert_eq!(bodies("\"a,b\";id;text\nx;1;一\n"), ["一"]);
    assert_eq!(bodies("id,\"te;xt\",text;\n1,二,三\n").len(), 0);
    assert_eq!(bodies("id,text,a;b\n1,一,c\n"), ["一"]);
}

#[test]
fn json_mistakes_have_places() {
    let place = |text: &str| {
        let found = read("a.json", text, "body = \"text\"");
        found.problems.iter().map(|p| format!("{} {:?}", p.code, p.place)).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(place("{\"text\":\"a\",}"), "json-syntax Some(Text(12..13))");
    assert_eq!(place("{\"text\":\"a\\ud83d\"}"), "json-escape Some(Text(10..16))");
    assert_eq!(place("{\"text\":\"a\"} x"), "json-syntax Some(Text(13..14))");
    assert_eq!(place("{\"text\":\"a\",\"text\":\"b\"}"), "duplicate-key Some(Text(13..17))");
    assert_eq!(place("{\"text\":\"a\",\"n\":01}"), "json-syntax Some(Text(16..18))");
    assert_eq!(place("{\"text\":\"a\nb\"}"), "json-syntax Some(Text(10..11))");
    assert_eq!(place("{\"text\" 1"), "json-syntax Some(Text(8..9))");
}

#[test]
fn formats_are_found_by_ending() {
    let name = |path: &str| host::by_path(path).map(|host| host.name());
    assert_eq!(name("a/b.TXT"), Some("plain"));
    assert_eq!(name("b.yml"), Some("yaml"));
    assert_eq!(name("b.ndjson"), Some("jsonl"));
    assert_eq!(name("txt"), None);
    assert_eq!(name("a.rs"), None);
    assert_eq!(name("Sms.java"), Some("java"));
    assert_eq!(name("sms.JSX"), Some("ts"));
    let files = [
        "plain",
        "json",
        "jsonl",
        "yaml",
        "toml",
        "csv",
        "tsv",
        "psv",
        "properties",
        "po",
        "xml",
        "android-xml",
        "sql",
        "fluent",
    ];
    let programs = ["java", "kotlin", "ts", "python", "go", "php", "csharp", "java-comment"];
    assert!(host::names().eq(files.into_iter().chain(programs)));
}
