//! Rows of SQL scripts, with places counted by hand.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, dead_code, reason = "modules of a test")]

mod records;

use dunlint::source::host::Kind;
use records::{codes, guess, lines, read, spelled};

const BY_CODE: &str = "table = \"sms\"\nid = \"code\"\nbody = \"body\"";

/// `id=text` of every record.
fn texts(sql: &str, spec: &str) -> Vec<String> {
    let found = read("a.sql", sql, spec);
    found.records.iter().map(|r| format!("{}={}", r.id.text, r.body.text)).collect()
}

#[test]
fn rows_of_an_insert() {
    let sql = "-- c\nINSERT IGNORE INTO `crm`.`sms` (`id`, `code`, body) VALUES\r\n(1, 'a', '您''好\\n\\'x\\''), -- ); '\n/* (2,'b','c') */ (3,'c' , \"q\"\"\\\"\r\nz\");\nINSERT INTO other VALUES (1,'a','b');\n";
    let found = read("a.sql", sql, BY_CODE);
    assert_eq!(
        lines(&found),
        ["a @70..71 body 75..90 \"您'好\\n'x'\"", "c @124..125 body 130..138 \"q\\\"\\\"\\nz\""]
    );
    assert_eq!(spelled(&found, 0, sql, "'好\n'"), "''好\\n\\'");
    assert_eq!(spelled(&found, 1, sql, "\"\"\n"), "\"\"\\\"\r\n");
    assert!(codes(&found).is_empty(), "{:?}", codes(&found));
    assert_eq!(texts(sql, "table = \"CRM.SMS\"\nid = \"code\"\nbody = \"body\"").len(), 2);
}

#[test]
fn columns_by_create_table_and_by_number() {
    let sql = "CREATE TABLE IF NOT EXISTS sms (\n id int(11) NOT NULL DEFAULT '0',\n `code` varchar(20) COMMENT 'a, b (c',\n body text,\n PRIMARY KEY (id, code)\n);\nINSERT INTO sms VALUES (1,'a','x'),(2,'b','y');\n";
    assert_eq!(texts(sql, BY_CODE), ["a=x", "b=y"]);
    assert_eq!(texts("INSERT INTO t VALUES (1,'a','x')", "id = \"2\"\nbody = \"3\""), ["a=x"]);
}

#[test]
fn other_ways_to_write_rows() {
    let cases = [
        ("REPLACE INTO sms (code, body) VALUE ('a','x')", "a=x"),
        ("INSERT INTO sms SET code = 'a', body='x', n = n + 1;", "a=x"),
        ("UPDATE sms SET body = 'x', t = NOW() WHERE code = 'a' AND id > 3;", "a=x"),
        ("UPDATE sms s SET s.body = 'x' WHERE s.code = 'a' ORDER BY 1", "a=x"),
        (
            "INSERT INTO sms (code, body) SELECT 'a', 'x' FROM dual WHERE NOT EXISTS (SELECT 1 FROM sms WHERE code = 'a');",
            "a=x",
        ),
        (
            "INSERT INTO sms (code, body) SELECT 'a', 'x' UNION ALL SELECT 'b', 'y' UNION SELECT c, d FROM e",
            "a=x b=y",
        ),
        (
            "INSERT ALL INTO sms (code, body) VALUES ('a','x') INTO sms (code, body) VALUES ('b','y') SELECT 1 FROM dual",
            "a=x b=y",
        ),
        (
            "INSERT INTO sms (code, body) OVERRIDING SYSTEM VALUE VALUES ROW('a','x'), ROW('b','y') ON DUPLICATE KEY UPDATE body = VALUES(body)",
            "a=x b=y",
        ),
        ("INSERT INTO [dbo].[sms] ([code], [body]) VALUES (N'a', N'x\\'), ('b', 'y')\nGO\n", "a=x\\ b=y"),
        (
            "COPY public.sms (code, body, n) FROM stdin;\na\tx\\ty\\\\\t\\N\nb\ty\t1\n\\.\nINSERT INTO sms (code, body) VALUES ('c','z')",
            "a=x\ty\\ b=y c=z",
        ),
    ];
    for (sql, wanted) in cases {
        assert_eq!(texts(sql, BY_CODE).join(" "), wanted, "{sql}");
    }
}

#[test]
fn strings_of_every_kind() {
    let body = |value: &str| {
        let sql = format!("INSERT INTO sms (code, body) VALUES ('a', {value});");
        let found = read("a.sql", &sql, BY_CODE);
        found.records.first().map_or_else(
            || codes(&found).join(" "),
            |r| format!("{:?} {}", r.body.text, r.body_span.of_text(&sql)),
        )
    };
    assert_eq!(body("E'a\\'\\u4f60'"), "\"a'你\" a\\'\\u4f60");
    assert_eq!(body("N'a\\b'"), "\"a\\\\b\" a\\b");
    assert_eq!(body("$$it's$$::text"), "\"it's\" it's");
    assert_eq!(body("$q$a$$b$q$"), "\"a$$b\" a$$b");
    assert_eq!(body(" q'[it's]'"), "\"it's\" it's");
    assert_eq!(body("_utf8mb4'a' COLLATE utf8mb4_bin"), "\"a\" a");
    assert_eq!(body("'a' 'b'\n 'c'"), "\"abc\" a' 'b'\n 'c");
    assert_eq!(body("'a' || 'b'"), "\"ab\" a' || 'b");
    assert_eq!(body("CONCAT('a', CHAR(10), CONCAT('b', 1))"), "\"a\\nb1\" a', CHAR(10), CONCAT('b', 1");
    assert_eq!(body("U&'\\4f60'"), "\"你\" \\4f60");
    assert_eq!(body("12"), "\"12\" 12");
    for value in ["NOW()", "'a' || x", "CONCAT('a', x)", "x'4142'", "-1", "(SELECT 'a')", "CHAR()"] {
        assert_eq!(body(value), "no-body", "{value}");
    }
    assert_eq!(body("NULL"), "no-body");
}

#[test]
fn backslashes_as_the_file_or_the_configuration_says() {
    let sql = "INSERT INTO sms (code, body) VALUES ('a', 'C:\\new');";
    assert_eq!(texts(sql, BY_CODE), ["a=C:\new"]);
    assert_eq!(texts(sql, &format!("{BY_CODE}\nbackslashes = false")), ["a=C:\\new"]);
    assert_eq!(texts(&format!("SET search_path = x;\n{sql}"), BY_CODE), ["a=C:\\new"]);
}

#[test]
fn json_in_a_column() {
    let sql = "INSERT INTO sms (code, msg) VALUES ('a', '{\\\"t\\\":\\\"您\\\\u4f60\\\\n''x\\\"}');";
    let spec = "table = \"sms\"\nid = \"code\"\ndecode = { column = \"msg\", host = \"json\", body = \"t\" }";
    let found = read("a.sql", sql, spec);
    assert_eq!(lines(&found), ["a @37..38 body 51..67 \"您你\\n'x\""]);
    assert_eq!(spelled(&found, 0, sql, "你\n"), "\\\\u4f60\\\\n");
    assert_eq!(spelled(&found, 0, sql, "'x"), "''x");
}

#[test]
fn mistakes_have_places_and_hide_only_their_statement() {
    let ok = "INSERT INTO sms (code, body) VALUES ('z', 'w');\n";
    for (bad, place) in [
        ("INSERT INTO sms (code, body) VALUES ('a', 'It's due');\n", 46..47),
        ("INSERT INTO sms (code, body) VALUES ('a', 'x);\n", 42..43),
        ("INSERT INTO sms (code, body) VALUES ('a', 'x';\n", 45..46),
        ("INSERT INTO sms (code, body) VALUES ('a');\n", 36..41),
    ] {
        // The last statement without a quote of its own closes nothing.
        let sql = format!("{bad}{}", if place.start == 42 { "" } else { ok });
        let found = read("a.sql", &sql, BY_CODE);
        assert_eq!(found.records.len(), usize::from(place.start != 42), "{sql}");
        assert_eq!(
            found.problems[0].place,
            Some(dunlint::problem::Place::Text(dunlint::source::Span::new(place.start, place.end))),
            "{sql}"
        );
        assert_eq!(codes(&found)[0], "sql-row");
    }
}

#[test]
fn tables_are_guessed_by_their_columns() {
    let sql = "CREATE PROCEDURE p() BEGIN SELECT 'it''s'; END;\nINSERT INTO system_sms_template (id, code, content) VALUES (1, 'd1', '您好');\nINSERT INTO menu (id, name) VALUES (1, 'x');\n";
    let found = guess("db/init.sql", sql);
    assert_eq!(found.records.len(), 1);
    assert_eq!((found.records[0].id.text.as_str(), found.kind), ("d1", Kind::Guessed));
    // What cannot be read of a script without templates concerns nobody; of one with templates it does.
    let quiet = guess("a.sql", "INSERT INTO menu (id, name) VALUES (1, 'It's');");
    assert_eq!((quiet.kind, codes(&quiet)), (Kind::Nothing, vec!["(sql-syntax)".to_owned()]));
    assert_eq!(codes(&guess("a.sql", "INSERT INTO t (id, content) VALUES (1, 'It's');")), ["sql-row"]);
}
