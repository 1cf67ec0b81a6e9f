//! Text that is written with a format's escapes is read back as it was, and every character leads back to
//! exactly the bytes that spell it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use dunlint::problem::Gravity;
use dunlint::source::{LineIndex, Mapped, Record, Source, SourceSpec, Span, host};
use proptest::prelude::*;

/// A file being written: its text, and where each character of the message was put.
#[derive(Default)]
struct Writer {
    file: String,
    places: Vec<(char, Span)>,
}

impl Writer {
    fn raw(&mut self, text: &str) {
        self.file.push_str(text);
    }

    /// Writes `spelling`, which stands for the character `c` of the message.
    fn spell(&mut self, c: char, spelling: &str) {
        let start = self.file.len();
        self.file.push_str(spelling);
        self.places.push((c, Span::of(start, self.file.len())));
    }

    fn same(&mut self, c: char) {
        self.spell(c, c.encode_utf8(&mut [0; 4]));
    }
}

fn read_one(name: &str, file: &str) -> Record {
    let source = Source::from_text(name, file.to_owned());
    let spec = SourceSpec { body: Some("text".to_owned()), ..SourceSpec::default() };
    let (_, read) = host::read(&source, None, &spec);
    assert!(read.problems.is_empty(), "{file:?}: {:?}", read.problems);
    assert_eq!(read.records.len(), 1, "{file:?}");
    read.records.into_iter().next().unwrap()
}

/// The message is read as it was meant, each character from where it was written.
fn check(name: &str, text: &str, writer: &Writer) {
    let record = read_one(name, &writer.file);
    assert_eq!(record.body.text, text, "{:?}", writer.file);
    check_places(&record.body, writer);
    if let (Some((_, first)), Some((_, last))) = (writer.places.first(), writer.places.last()) {
        let all = first.join(*last);
        assert!(record.body_span.contains(all), "{:?} {:?} {all:?}", writer.file, record.body_span);
    }
}

/// The same for a file that `spec` describes.
fn check_by(name: &str, spec: &str, text: &str, writer: &Writer) {
    let spec = SourceSpec { listed: true, ..toml::from_str(spec).unwrap() };
    let source = Source::from_text(name, writer.file.clone());
    let (_, read) = host::read(&source, None, &spec);
    let wrong: Vec<_> = read.problems.iter().filter(|p| p.gravity == Gravity::Error).collect();
    assert!(wrong.is_empty(), "{:?}: {wrong:?}", writer.file);
    assert_eq!(read.records.len(), 1, "{:?}", writer.file);
    assert_eq!(read.records[0].body.text, text, "{:?}", writer.file);
    check_places(&read.records[0].body, writer);
}

fn check_places(body: &Mapped, writer: &Writer) {
    let mut at = 0;
    assert_eq!(body.text.chars().count(), writer.places.len());
    for (c, place) in &writer.places {
        let span = Span::of(at, at + c.len_utf8());
        assert_eq!(body.cover(span), *place, "{c:?} of {:?} in {:?}", body.text, writer.file);
        at += c.len_utf8();
    }
}

/// A character and a number that chooses its spelling.
type Choice = (char, u8);

fn letter() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => proptest::char::range(' ', '~'),
        3 => proptest::char::range('一', '龥'),
        1 => proptest::char::range('😀', '🙏'),
        2 => proptest::sample::select(vec!['\'', '"', '\\', '{', '}', '【', '】', '：', '\u{200b}', '#', '|']),
    ]
}

/// Any message of one line or, with `lines`, of several.
fn message(lines: bool) -> impl Strategy<Value = Vec<Choice>> {
    let c = if lines { prop_oneof![8 => letter(), 1 => Just('\n')].boxed() } else { letter().boxed() };
    proptest::collection::vec((c, any::<u8>()), 0..40)
}

fn text_of(message: &[Choice]) -> String {
    message.iter().map(|(c, _)| c).collect()
}

fn utf16_escape(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

proptest! {
    #[test]
    fn json(message in proptest::collection::vec((any::<char>(), any::<u8>()), 0..40)) {
        let mut w = Writer::default();
        w.raw("{\"text\": \"");
        for (c, how) in &message {
            match (c, how % 3) {
                ('\n', 0) => w.spell(*c, "\\n"),
                ('/', 0) => w.spell(*c, "\\/"),
                ('"', 0 | 1) => w.spell(*c, "\\\""),
                ('\\', 0 | 1) => w.spell(*c, "\\\\"),
                (c, 0 | 1) if *c >= ' ' => w.same(*c),
                _ => w.spell(*c, &utf16_escape(*c)),
            }
        }
        w.raw("\"}");
        check("a.json", &text_of(&message), &w);
    }

    #[test]
    fn csv(message in message(true)) {
        prop_assume!(!message.is_empty());
        let mut w = Writer::default();
        w.raw("no,text\r\n7,\"");
        for (c, how) in &message {
            match c {
                '"' => w.spell(*c, "\"\""),
                '\n' if how % 2 == 0 => w.spell(*c, "\r\n"),
                _ => w.same(*c),
            }
        }
        w.raw("\"\r\n");
        check("a.csv", &text_of(&message), &w);
    }

    #[test]
    fn toml_basic(message in message(true), blocks in any::<bool>()) {
        let mut w = Writer::default();
        w.raw(if blocks { "text = \"\"\"\n" } else { "text = \"" });
        for (c, how) in &message {
            match (c, how % 4) {
                ('"', _) => w.spell(*c, "\\\""),
                ('\\', _) => w.spell(*c, "\\\\"),
                ('\n', 0) if blocks => w.spell(*c, "\r\n"),
                ('\n', 1) if blocks => w.same(*c),
                ('\n', _) => w.spell(*c, "\\n"),
                (c, 0) => w.spell(*c, &format!("\\U{:08X}", u32::from(*c))),
                (c, 1) if u32::from(*c) < 0x1_0000 => w.spell(*c, &format!("\\u{:04x}", u32::from(*c))),
                (c, 2) if blocks && !matches!(c, ' ') => {
                    w.raw("\\\n  \r\n  ");
                    w.same(*c);
                }
                _ => w.same(*c),
            }
        }
        w.raw(if blocks { "\"\"\"\n" } else { "\"\n" });
        check("a.toml", &text_of(&message), &w);
    }

    #[test]
    fn toml_literal(message in message(false)) {
        let text = text_of(&message).replace('\'', "’");
        let mut w = Writer::default();
        w.raw("text = '");
        text.chars().for_each(|c| w.same(c));
        w.raw("'\n");
        check("a.toml", &text, &w);
    }

    #[test]
    fn yaml_double(message in message(true)) {
        let mut w = Writer::default();
        w.raw("text: \"");
        for (i, (c, how)) in message.iter().enumerate() {
            let solid = |at: Option<&Choice>| at.is_some_and(|(c, _)| !matches!(c, ' ' | '\n'));
            let between = i > 0 && solid(message.get(i - 1)) && solid(message.get(i + 1));
            match (c, how % 4) {
                ('"', _) => w.spell(*c, "\\\""),
                ('\\', _) => w.spell(*c, "\\\\"),
                ('\n', _) => w.spell(*c, "\\n"),
                (' ', 0) if between => {
                    w.spell(*c, "\n");
                    w.raw("   ");
                }
                (' ', 1) => w.spell(*c, "\\x20"),
                (c, 2) if u32::from(*c) < 0x1_0000 => w.spell(*c, &format!("\\u{:04x}", u32::from(*c))),
                (c, 3) => w.spell(*c, &format!("\\U{:08x}", u32::from(*c))),
                (c, _) => {
                    if how % 8 == 5 && *c != ' ' {
                        w.raw("\\\n  ");
                    }
                    w.same(*c);
                }
            }
        }
        w.raw("\"\n");
        check("a.yaml", &text_of(&message), &w);
    }

    #[test]
    fn yaml_single(message in message(false)) {
        let mut w = Writer::default();
        w.raw("text: '");
        for (c, _) in &message {
            if *c == '\'' { w.spell(*c, "''") } else { w.same(*c) }
        }
        w.raw("'\n");
        check("a.yaml", &text_of(&message), &w);
    }

    #[test]
    fn yaml_literal(lines in proptest::collection::vec(proptest::collection::vec(letter(), 0..12), 0..6), crlf in any::<bool>(), blanks in 0..3usize) {
        // The first line with text sets the indentation and may not start with a blank.
        let lines: Vec<String> = lines.into_iter().map(|line| line.into_iter().collect()).collect();
        let last: String = "还款".to_owned();
        let text = format!("{}x{}\n{last}", "\n".repeat(blanks), lines.join("\n"));
        let newline = if crlf { "\r\n" } else { "\n" };
        let mut w = Writer::default();
        w.raw(&format!("text: |-{newline}"));
        let mut fresh = true;
        for c in text.chars() {
            if c == '\n' {
                w.spell(c, newline);
                fresh = true;
                continue;
            }
            if fresh {
                w.raw("   ");
                fresh = false;
            }
            w.same(c);
        }
        w.raw(newline);
        let record = read_one("a.yaml", &w.file);
        prop_assert_eq!(&record.body.text, &text);
        check_places(&record.body, &w);
    }

    #[test]
    fn yaml_folded(words in proptest::collection::vec(("[一-龥a-z。${}]{1,5}", 0..4u8), 1..12)) {
        let mut w = Writer::default();
        let mut text = String::new();
        w.raw("text: >-\n  ");
        for (i, (word, how)) in words.iter().enumerate() {
            if i > 0 {
                match how {
                    0 => { w.spell(' ', "\n"); w.raw("  "); text.push(' '); }
                    1 => { w.spell('\n', "\n\n"); w.raw("  "); text.push('\n'); }
                    _ => { w.same(' '); text.push(' '); }
                }
            }
            word.chars().for_each(|c| w.same(c));
            text.push_str(word);
        }
        w.raw("\n");
        check("a.yaml", &text, &w);
    }

    #[test]
    fn plain(message in message(true), mark in any::<bool>()) {
        let text = format!("您{}。", text_of(&message));
        let mut w = Writer::default();
        w.raw(if mark { "\u{feff}\n" } else { "\r\n" });
        let mut hows = message.iter().map(|(_, how)| how);
        for c in text.chars() {
            let how = hows.next().unwrap_or(&0);
            if c == '\n' && how % 2 == 0 { w.spell(c, "\r\n") } else { w.same(c) }
        }
        w.raw("\r\n\n");
        check("a.txt", &text, &w);
    }

    #[test]
    fn properties(message in message(true)) {
        let mut w = Writer::default();
        w.raw("# c\na.text = ");
        for (i, (c, how)) in message.iter().enumerate() {
            match (c, how % 5) {
                (_, 0) if i > 0 && !matches!(c, ' ') => {
                    w.raw("\\\r\n \t");
                    if matches!(c, '\n' | '\\') { w.spell(*c, &utf16_escape(*c)) } else { w.same(*c) }
                }
                ('\n', _) => w.spell(*c, "\\n"),
                ('\\', _) => w.spell(*c, "\\\\"),
                (_, 1) => w.spell(*c, &utf16_escape(*c)),
                (' ', _) if i == 0 => w.spell(*c, "\\ "),
                ('n' | 't' | 'r' | 'f' | 'u', 2) => w.same(*c),
                (_, 2) => w.spell(*c, &format!("\\{c}")),
                ('=' | ':', _) if i == 0 => w.spell(*c, &format!("\\{c}")),
                _ => w.same(*c),
            }
        }
        w.raw("\nb.other = x\n");
        check_by("a.properties", "key = \"a.*\"", &text_of(&message), &w);
    }

    #[test]
    fn gettext(message in message(true)) {
        prop_assume!(!message.is_empty());
        let mut w = Writer::default();
        w.raw("msgid \"m\"\nmsgstr \"");
        for (c, how) in &message {
            match (c, how % 4) {
                ('"', _) => w.spell(*c, "\\\""),
                ('\\', _) => w.spell(*c, "\\\\"),
                ('\n', _) => w.spell(*c, "\\n"),
                (c, 0) if c.is_ascii() => w.spell(*c, &format!("\\x{:02x}", u32::from(*c))),
                (c, 1) if c.is_ascii() => w.spell(*c, &format!("\\{:03o}", u32::from(*c))),
                _ => w.same(*c),
            }
            if how % 7 == 3 {
                w.raw("\"\r\n  \"");
            }
        }
        w.raw("\"\n");
        check_by("a.po", "", &text_of(&message), &w);
    }

    #[test]
    fn xml_text(message in message(true), inside in 0..3u8) {
        let mut w = Writer::default();
        w.raw(match inside {
            0 => "<t><text>",
            1 => "<t><text><![CDATA[",
            _ => "<t text='",
        });
        for (c, how) in &message {
            match (c, how % 4, inside) {
                ('\n', 0, 0 | 1) => w.spell(*c, "\r\n"),
                ('\n' | '<' | '&' | '\'', _, 2) => w.spell(*c, &format!("&#{};", u32::from(*c))),
                ('<', _, 0) => w.spell(*c, "&lt;"),
                ('&', _, 0) => w.spell(*c, "&amp;"),
                (_, 1, 0 | 2) => w.spell(*c, &format!("&#x{:x};", u32::from(*c))),
                ('>', _, 1) => w.raw(""),
                (_, 2, 0) => { w.raw("<!-- <b>c</b> --><?p i?>"); w.same(*c); }
                _ => w.same(*c),
            }
        }
        w.raw(match inside {
            0 => "</text></t>",
            1 => "]]></text></t>",
            _ => "'/>",
        });
        let text: String = message.iter().map(|(c, _)| *c).filter(|c| inside != 1 || *c != '>').collect();
        let body = if inside == 2 { "@text" } else { "text" };
        check_by("a.xml", &format!("messages = \"t\"\nbody = \"{body}\""), &text, &w);
    }

    #[test]
    fn android(message in message(true)) {
        let mut w = Writer::default();
        w.raw("<resources><string name='a'>\n \"");
        let mut quoted = true;
        for (c, how) in &message {
            if how % 6 == 5 {
                w.raw("\"");
                quoted = !quoted;
            }
            match (c, how % 4) {
                ('\n', _) => w.spell(*c, "\\n"),
                ('<', _) => w.spell(*c, "&lt;"),
                ('&', _) => w.spell(*c, "&amp;"),
                ('"' | '\'' | '\\', _) => w.spell(*c, &format!("\\{c}")),
                (_, 0) => w.spell(*c, &utf16_escape(*c)),
                (' ', _) if !quoted => w.spell(*c, "\\u0020"),
                (_, 1) => { w.raw("<b>"); w.same(*c); w.raw("</b>"); }
                (_, 2) => w.spell(*c, &format!("&#{};", u32::from(*c))),
                _ => w.same(*c),
            }
        }
        w.raw(if quoted { "\"  </string></resources>" } else { "</string></resources>" });
        check_by("a.xml", "", &text_of(&message), &w);
    }

    #[test]
    fn sql_strings(message in message(true), kind in 0..3u8) {
        let mut w = Writer::default();
        w.raw(["-- MySQL\n", "-- standard\n", "-- PostgreSQL\n"][usize::from(kind)]);
        w.raw("INSERT INTO t (id, text) VALUES (1, ");
        w.raw(["'", "'", "E'"][usize::from(kind)]);
        for (c, how) in &message {
            match (c, how % 4, kind) {
                ('\'', 0 | 1, 0 | 2) => w.spell(*c, "\\'"),
                ('\'', _, _) => w.spell(*c, "''"),
                ('\\', _, 0 | 2) => w.spell(*c, "\\\\"),
                ('\n', 0 | 1, 0 | 2) => w.spell(*c, "\\n"),
                ('\n', 2, _) => w.spell(*c, "\r\n"),
                (_, 1, 2) => w.spell(*c, &utf16_escape(*c)),
                ('一'..='龥', 1, 0) => w.spell(*c, &format!("\\{c}")),
                _ => w.same(*c),
            }
            if how % 7 == 3 {
                w.raw(["' '", "' || '", "' || E'"][usize::from(kind)]);
            }
        }
        w.raw("');\n");
        // A backtick in a text could make the file look like another server's.
        let spec = format!("body = \"text\"\nbackslashes = {}", kind == 0);
        check_by("a.sql", &spec, &text_of(&message), &w);
    }

    #[test]
    fn fluent_block(lines in proptest::collection::vec("[一-龥a-z。，]{1,9}", 1..6), indent in 1..6usize, crlf in any::<bool>()) {
        let newline = if crlf { "\r\n" } else { "\n" };
        let mut w = Writer::default();
        w.raw(&format!("# c{newline}m ={newline}"));
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                w.spell('\n', newline);
            }
            w.raw(&" ".repeat(indent));
            if i > 0 {
                " ".repeat(i % 3).chars().for_each(|c| w.same(c));
            }
            line.chars().for_each(|c| w.same(c));
        }
        w.raw(&format!("{newline}{newline}n = x{newline}"));
        let text: String = w.places.iter().map(|(c, _)| c).collect();
        check_by("a.ftl", "host = \"fluent\"\nkey = \"m\"", &text, &w);
    }

    /// Three layers: JSON in a SQL string, put together of two literals.
    #[test]
    fn json_in_sql(message in message(true)) {
        let mut w = Writer::default();
        w.raw("INSERT INTO t (id, payload) VALUES ('m', '{\\\"a\\\":' '\\\"");
        for (c, how) in &message {
            match (c, how % 3) {
                ('"', _) => w.spell(*c, "\\\\\\\""),
                ('\\', _) => w.spell(*c, "\\\\\\\\"),
                ('\n', _) => w.spell(*c, "\\\\n"),
                ('\'', _) => w.spell(*c, "''"),
                (_, 0) => w.spell(*c, &utf16_escape(*c).replace('\\', "\\\\")),
                _ => w.same(*c),
            }
        }
        w.raw("\\\"}');\n");
        // The random text may hold the signs by which servers are told apart.
        let spec = "backslashes = true\nid = \"id\"\ndecode = { column = \"payload\", host = \"json\", body = \"a\" }";
        check_by("a.sql", spec, &text_of(&message), &w);
    }

    /// A second layer: JSON in a quoted CSV field.
    #[test]
    fn json_in_csv(message in message(true)) {
        let mut w = Writer::default();
        w.raw("id,payload\n1,\"{\"\"content\"\":\"\"");
        for (c, how) in &message {
            match (c, how % 2) {
                ('"', _) => w.spell(*c, "\\\"\""),
                ('\\', _) => w.spell(*c, "\\\\"),
                ('\n', _) => w.spell(*c, "\\n"),
                (c, 0) => w.spell(*c, &utf16_escape(*c)),
                _ => w.same(*c),
            }
        }
        w.raw("\"\"}\"\n");
        let spec: SourceSpec = toml::from_str(
            "id = \"id\"\ndecode = { column = \"payload\", host = \"json\", body = \"content\" }",
        ).unwrap();
        let source = Source::from_text("a.csv", w.file.clone());
        let (_, read) = host::read(&source, None, &spec);
        prop_assert!(read.problems.is_empty(), "{:?}", read.problems);
        prop_assert_eq!(&read.records[0].body.text, &text_of(&message));
        check_places(&read.records[0].body, &w);
    }

    #[test]
    fn columns_agree_with_counting(text in "(\u{feff})?([a还🙂\\n\\r]){0,40}") {
        let index = LineIndex::new(&text);
        let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let (mut line, mut column, mut utf8, mut utf16) = (1, 1, 1, 1);
        let mut chars = text[mark..].char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let got = index.position(&text, (mark + at) as u32);
            prop_assert_eq!((got.line, got.column, got.column_utf8, got.column_utf16), (line, column, utf8, utf16));
            let ends = c == '\n' || (c == '\r' && chars.peek().is_none_or(|(_, next)| *next != '\n'));
            if ends {
                (line, column, utf8, utf16) = (line + 1, 1, 1, 1);
            } else {
                column += 1;
                utf8 += c.len_utf8() as u32;
                utf16 += c.len_utf16() as u32;
            }
        }
    }
}
