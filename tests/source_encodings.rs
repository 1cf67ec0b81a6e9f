//! Files that are not UTF-8, or only nearly.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use dunlint::problem::{Place, Problem};
use dunlint::source::{Location, Source, Span};
use proptest::prelude::*;
use std::sync::Arc;

fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Source, Box<Problem>> {
    let path: Arc<str> = "a.txt".into();
    Source::from_bytes(&path, bytes.to_vec(), declared)
}

fn place(problem: &Problem) -> &Location {
    match problem.place.as_ref().expect("a place") {
        Place::Resolved(location) => location,
        Place::Text(_) => panic!("a place that nothing can resolve"),
    }
}

#[test]
fn a_byte_order_mark_stays_and_is_in_no_column() {
    let source = decode("\u{feff}您好".as_bytes(), None).unwrap();
    assert_eq!(source.text, "\u{feff}您好");
    let location = source.location(Span::new(6, 9));
    assert_eq!((location.byte_start, location.byte_end), (6, 9));
    assert_eq!((location.start.line, location.start.column, location.start.column_utf8), (1, 2, 4));
}

#[test]
fn the_first_bad_byte_is_named_with_its_line_and_column() {
    // "id\n您" and then a byte that starts nothing.
    let problem = decode(b"id\n\xe6\x82\xa8\xff!", None).unwrap_err();
    assert_eq!(problem.code, "not-utf8");
    let place = place(&problem);
    assert_eq!((place.byte_start, place.byte_end), (6, 7));
    assert_eq!((place.start.line, place.start.column, place.start.column_utf8), (2, 2, 4));
    assert!(problem.message.en.contains("byte 6"));
}

#[test]
fn a_file_that_breaks_off_inside_a_character() {
    let problem = decode(b"a\xe6\x82", None).unwrap_err();
    assert_eq!((place(&problem).byte_start, place(&problem).byte_end), (1, 3));
}

#[test]
fn undeclared_gb18030_is_refused_with_advice() {
    let problem = decode(b"id,content\n1,\xc4\xfa\xba\xc3{name}\n", None).unwrap_err();
    assert_eq!(place(&problem).byte_start, 13);
    assert!(problem.help.unwrap().en.contains("gb18030"));
}

#[test]
fn declared_gb18030_counts_in_bytes_of_the_file() {
    let bytes = b"1,\xc4\xfa\xba\xc3{name}\x81\x30\x81\x30\n";
    let source = decode(bytes, Some("gbk")).unwrap();
    assert_eq!(source.text, "1,您好{name}\u{80}\n");
    assert_eq!((source.encoding.name(), source.bytes), ("GBK", bytes.len() as u64));
    let location = |text: &str| {
        let at = source.text.find(text).unwrap();
        let location = source.location(Span::of(at, at + text.len()));
        (location.byte_start, location.byte_end)
    };
    assert_eq!(location("您"), (2, 4));
    assert_eq!(location("好{"), (4, 7));
    assert_eq!(location("\u{80}"), (12, 16));
    assert_eq!(location("\n"), (16, 17));
    assert_eq!(source.location(Span::of(0, source.text.len())).byte_end, 17);
    assert_eq!(source.sha256().len(), 64);
    assert_ne!(source.sha256(), Source::from_text("a", source.text.clone()).sha256());
}

#[test]
fn marks_make_utf_16_and_gb18030_certain() {
    let le = decode(b"\xff\xfea\0\x60\x4f\x3d\xd8\x42\xde", None).unwrap();
    assert_eq!((le.text.as_str(), le.encoding.name()), ("a你🙂", "UTF-16LE"));
    let smile = le.location(Span::new(4, 8));
    assert_eq!((smile.byte_start, smile.byte_end, smile.start.column), (6, 10, 3));
    let be = decode(b"\xfe\xff\0a\x4f\x60", Some("gb18030")).unwrap();
    assert_eq!((be.text.as_str(), be.encoding.name()), ("a你", "UTF-16BE"));
    let gb = decode(b"\x84\x31\x95\x33\xc4\xfa", None).unwrap();
    assert_eq!((gb.text.as_str(), gb.location(Span::new(0, 3)).byte_start), ("您", 4));
}

#[test]
fn bad_bytes_of_a_declared_encoding() {
    let problem = decode(b"ab\n\xc4\xfa\xff\xff", Some("gb18030")).unwrap_err();
    assert_eq!(problem.code, "bad-encoding");
    assert_eq!(
        (place(&problem).byte_start, place(&problem).start.line, place(&problem).start.column),
        (5, 2, 2)
    );
    let half = decode(b"\xff\xfea\0\x3d\xd8", None).unwrap_err();
    assert_eq!((half.code, place(&half).byte_start), ("bad-encoding", 4));
    // UTF-32 is not UTF-16 with zeros in between.
    assert_eq!(decode(b"\xff\xfe\0\0a\0\0\0", None).unwrap_err().code, "not-utf8");
}

#[test]
fn unknown_labels_are_told() {
    assert_eq!(decode(b"a", Some("gb-18030-x")).unwrap_err().code, "unknown-encoding");
    assert_eq!(decode(b"a", Some("UTF8")).unwrap().encoding.name(), "utf-8");
}

proptest! {
    /// Every character leads to bytes that are, decoded alone, that character.
    #[test]
    fn every_character_leads_to_its_bytes(
        text in "[a-z0-9{}\n您好还款逾期元万]{0,60}",
        label in "gb18030|gbk|big5|utf-16le|utf-16be|euc-jp|shift_jis|utf-8",
    ) {
        // Only what all of these encodings can write.
        let text: String = text.chars().filter(|c| !matches!(c, '您' | '还')).collect();
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let bytes = match label.as_str() {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => encoding.encode(&text).0.into_owned(),
        };
        let source = decode(&bytes, Some(&label)).unwrap();
        prop_assert_eq!(&source.text, &text);
        for (at, c) in text.char_indices() {
            let place = source.location(Span::of(at, at + c.len_utf8()));
            let slice = &bytes[place.byte_start as usize..place.byte_end as usize];
            let (back, bad) = encoding.decode_without_bom_handling(slice);
            prop_assert!(!bad && back == c.to_string(), "{c} {slice:?}");
        }
    }

    /// All of Unicode, in the encodings that have it.
    #[test]
    fn all_of_unicode(text in any::<String>(), big in any::<bool>()) {
        let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
        if let Ok(source) = decode(&bytes, Some("gb18030")) {
            for (at, c) in source.text.char_indices() {
                let place = source.location(Span::of(at, at + c.len_utf8()));
                let slice = &bytes[place.byte_start as usize..place.byte_end as usize];
                prop_assert_eq!(encoding_rs::GB18030.decode_without_bom_handling(slice).0, c.to_string());
            }
        }
        let wide: Vec<u8> = text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        prop_assume!(!wide.starts_with(&[0xff, 0xfe]) && !wide.starts_with(&[0xfe, 0xff]));
        let source = decode(&wide, Some(if big { "utf-16be" } else { "utf-16le" })).unwrap();
        prop_assert_eq!(&source.text, &text);
        for (at, c) in text.char_indices() {
            let place = source.location(Span::of(at, at + c.len_utf8()));
            prop_assert_eq!((place.byte_end - place.byte_start) as usize, 2 * c.len_utf16());
        }
    }
}
