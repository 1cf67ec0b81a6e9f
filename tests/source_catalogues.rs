//! Files of keys and texts: Java properties, gettext and Fluent, with places counted by hand.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, dead_code, reason = "modules of a test")]

mod records;

use dunlint::problem::Place;
use dunlint::source::ChosenBy;
use dunlint::source::host::{self, Kind};
use records::{codes, guess, lines, read, spelled};

#[test]
fn properties_separators_comments_and_blanks() {
    let text = "# c\n! c\n\n a=1\nb : 2 \r\nc\t 3\nd\ne = = x\n f\\ g\\:=h\n";
    let found = read("a.properties", text, "");
    assert_eq!(
        lines(&found),
        [
            "a @- body 12..13 \"1\"",
            "b @- body 18..20 \"2 \"",
            "c @- body 25..26 \"3\"",
            "d @- body 28..28 \"\"",
            "e @- body 33..36 \"= x\"",
            "f g: @- body 45..46 \"h\"",
        ]
    );
    assert!(codes(&found).is_empty(), "{:?}", codes(&found));
}

#[test]
fn properties_escapes_and_lines_that_go_on() {
    let text = "k=\\u60a8\\ud83d\\ude42 \\\r\n   \\t\\q\\\\\\\n# no comment\\\n\nnext=x\\";
    let found = read("a.properties", text, "");
    assert_eq!(lines(&found), ["k @- body 2..47 \"您🙂 \\tq\\\\# no comment\"", "next @- body 55..56 \"x\""]);
    assert_eq!(spelled(&found, 0, text, "您"), "\\u60a8");
    assert_eq!(spelled(&found, 0, text, "🙂"), "\\ud83d\\ude42");
    assert_eq!(spelled(&found, 0, text, "\tq"), "\\t\\q");
    assert_eq!(spelled(&found, 0, text, " \t"), " |\\t");
    assert_eq!(spelled(&found, 0, text, "\\# no"), "\\\\|# no");
}

#[test]
fn properties_mistakes_have_places() {
    let text = "a=C:\\users\nb=\\ud83dx\nb=2\n";
    let found = read("a.properties", text, "");
    assert_eq!(codes(&found), ["properties-escape", "properties-escape", "(duplicate-key)"]);
    let places: Vec<_> = found.problems.iter().map(|p| format!("{:?}", p.place)).collect();
    assert_eq!(places, ["Some(Text(4..6))", "Some(Text(13..19))", "Some(Text(21..22))"]);
    assert_eq!(found.records[0].body.text, "C:\u{fffd}sers");
}

#[test]
fn properties_by_key_and_by_guess() {
    let text = "app.name=UI\nsms.d1=您好，您的账单今日到期\nsms.url=http://a.example\napp.path=C:\\users\n";
    assert_eq!(
        lines(&read("a.properties", text, "key = \"sms.d*\"")),
        ["sms.d1 @- body 19..52 \"您好，您的账单今日到期\""]
    );
    let found = guess("a.properties", text);
    assert_eq!(lines(&found), ["sms.d1 @- body 19..52 \"您好，您的账单今日到期\""]);
    assert_eq!(
        (found.kind, codes(&found)),
        (Kind::Guessed, vec!["(properties-escape)".into(), "(guessed-source)".into()])
    );
    // The same words under a name that says nothing, and under a file that does.
    let text = "d1=您好，您的账单今日到期\nok=好\n";
    assert_eq!(guess("ui.properties", text).kind, Kind::Nothing);
    assert_eq!(guess("sms_zh.properties", text).records.len(), 1);
    let none = guess("gradle.properties", "home=C:\\users\\me\n");
    assert_eq!((none.kind, codes(&none)), (Kind::Nothing, vec!["(properties-escape)".to_owned()]));
}

const PO: &str = "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n#: a.c\n#, fuzzy, c-format\nmsgctxt \"sms.d1\"\nmsgid \"Pay %s\"\nmsgstr \"\"\n\"您好\"\n\"\"\n  \"请还%s\\n\"\n\n#, python-brace-format\nmsgid \"{n} day\"\nmsgid_plural \"{n} days\"\nmsgstr[0] \"一天\"\nmsgstr[1] \"{n}\\\"天\\\"\"\n\nmsgid \"later\"\nmsgstr \"\"\n\n#, c-format\n#~ msgid \"old\"\n#~ msgstr \"旧\"\nmsgid \"x\"\nmsgstr \"y\"\n";

#[test]
fn gettext_entries_forms_and_flags() {
    let found = read("zh.po", PO, "id = \"msgctxt\"\nbody = \"msgstr\"");
    assert_eq!(found.records[0].id.text, "sms.d1");
    let found = read("zh.po", PO, "");
    assert_eq!(
        lines(&found),
        [
            "sms.d1 @99..105 body 133..157 \"您好请还%s\\n\"",
            "{n} day[0] @190..197 body 234..240 \"一天\"",
            "{n} day[1] @190..197 body 253..263 \"{n}\\\"天\\\"\"",
            "x @341..342 body 352..353 \"y\"",
        ]
    );
    assert_eq!(spelled(&found, 0, PO, "好请"), "好|请");
    assert_eq!(spelled(&found, 2, PO, "\"天"), "\\\"天");
    let dialects: Vec<_> =
        found.records.iter().map(|r| (r.meta.text("dialect"), r.dialect_chosen_by)).collect();
    let flag = |name| (Some(name), Some(ChosenBy::Flag));
    assert_eq!(dialects, [flag("printf"), flag("python-format"), flag("python-format"), (None, None)]);
    assert_eq!(found.records[0].meta.fields["dialect"].span.unwrap().of_text(PO), "c-format");
    assert_eq!(codes(&found), ["(po-fuzzy)", "(po-untranslated)"]);
}

#[test]
fn gettext_one_form_and_templates_for_translators() {
    let found = read("zh.po", PO, "body = \"msgstr[1]\"");
    assert_eq!(lines(&found), ["{n} day @190..197 body 253..263 \"{n}\\\"天\\\"\""]);
    let pot = "msgid \"Pay %s now\"\nmsgstr \"\"\n\nmsgid \"a\"\nmsgid_plural \"as\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n";
    let found = read("sms.pot", pot, "");
    assert_eq!(lines(&found), ["Pay %s now @7..17 body 7..17 \"Pay %s now\"", "a @37..38 body 37..38 \"a\""]);
}

#[test]
fn gettext_mistakes_cost_their_entry_only() {
    let text = "msgid \"a\"\nmsgstr \"x\n\nmsgid \"b\"\nmsgstr \"y\" z\n\nmsgid \"c\"\nmsgstr \"\\qz\"\nwhat\n\n\"lost\"\nmsgid \"d\"\nmsgstr \"w\"\n";
    let found = read("a.po", text, "");
    assert_eq!(lines(&found), ["d @88..89 body 99..100 \"w\""]);
    assert_eq!(codes(&found), ["po-syntax", "po-syntax", "po-escape", "po-syntax"]);
    // A string alone goes on with the entry above, which is broken already.
}

#[test]
fn what_is_not_utf8_is_read_as_the_file_or_the_configuration_says() {
    use dunlint::source::Source;
    let place = |path: &str, bytes: &[u8], label: Option<&str>, part: &str| {
        let source = Source::from_bytes(&path.into(), bytes.to_vec(), label)
            .map_err(|problem| format!("{} {}", problem.code, problem.help.unwrap().en))?;
        let (_, found) = host::read(&source, None, &records::spec(""));
        let body = &found.records[0].body;
        let at = body.text.find(part).unwrap();
        let location = source.location(body.cover(dunlint::source::Span::of(at, at + part.len())));
        Ok::<_, String>((location.byte_start, location.byte_end))
    };
    // Latin-1: one byte a character. GBK: two bytes for each of 您好.
    assert_eq!(place("a.properties", b"a=\xe9t\xe9", Some("iso-8859-1"), "té"), Ok((3, 5)));
    let refused = place("a.properties", b"a=\xe9t\xe9", None, "t").unwrap_err();
    assert!(refused.starts_with("not-utf8") && refused.contains("iso-8859-1"), "{refused}");
    let po = b"msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=GBK\\n\"\n\nmsgid \"a\"\nmsgstr \"\xc4\xfa\xba\xc3\"\n";
    assert_eq!(place("a.po", po, None, "好"), Ok((79, 81)));
    let xml = b"<?xml version='1.0' encoding='GB2312'?><resources><string name='a'>\xc4\xfa\xba\xc3</string></resources>";
    assert_eq!(place("a.xml", xml, None, "好"), Ok((69, 71)));
}

const FTL: &str = "# c\nsms-d1 = 您好{ $name }\n-brand = 某某\n    .short = x\nsms-d2 =\n    一\n      二\n\n    { $n ->\n        [one] 三\n       *[other] { \"}\" }\n    }四  \r\n    .title = 标题\n    五\n\nempty =\n    .a = b\n";

#[test]
fn fluent_messages_and_attributes() {
    let found = read("a.ftl", FTL, "");
    assert_eq!(
        lines(&found),
        [
            "sms-d1 @- body 13..28 \"您好{ $name }\"",
            "sms-d2 @- body 69..150 \"一\\n  二\\n\\n{ $n ->\\n    [one] 三\\n   *[other] { \\\"}\\\" }\\n}四\"",
            "sms-d2.title @- body 167..181 \"标题\\n五\"",
            "empty.a @- body 200..201 \"b\"",
        ]
    );
    assert_eq!(spelled(&found, 1, FTL, "一\n  二"), "一\n|  二");
    assert_eq!(codes(&found), Vec::<String>::new());
    assert!(found.records.iter().all(|r| r.dialect_chosen_by == Some(ChosenBy::Content)));
    let by = read("a.ftl", FTL, "host = \"fluent\"").records[0].dialect_chosen_by;
    assert_eq!(by, Some(ChosenBy::Host));
    let by = read("a.ftl", FTL, "dialect = \"none\"").records[0].dialect_chosen_by;
    assert_eq!(by, Some(ChosenBy::Config));
    assert_eq!(lines(&guess("a.ftl", FTL)).len(), 1, "only `sms-d2` is a sentence and named so");
}

#[test]
fn fluent_mistakes_do_not_reach_the_next_entry() {
    let text = "a = { $x\nb = y\nwhat\nc = z\n";
    let found = read("a.ftl", text, "host = \"fluent\"");
    assert_eq!(found.records.iter().map(|r| r.id.text.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let places: Vec<_> = found.problems.iter().map(|p| (p.code, p.place.clone())).collect();
    let at = |start, end| Some(Place::Text(dunlint::source::Span::new(start, end)));
    assert_eq!(places, [("fluent-syntax", at(0, 1)), ("fluent-syntax", at(15, 19))]);
}

#[test]
fn the_ending_ftl_is_told_apart_by_content() {
    let host = |text: &str| {
        let source = dunlint::source::Source::from_text("a.ftl", text.to_owned());
        host::read(&source, None, &records::spec("")).0
    };
    assert_eq!(host(FTL), "fluent");
    assert_eq!(host("尊敬的${name}，您已逾期"), "plain");
    assert_eq!(host("<#if a>\nx = 1\n</#if>"), "plain");
    assert_eq!(host("a = b\n<#if x>y</#if>\n"), "plain");
}

/// A translation that takes other values than the text it stands for, in the same entry.
#[test]
fn gettext_translations_are_held_against_their_originals() {
    let entry = |flag: &str, id: &str, said: &str| format!("#, {flag}\n{id}\nmsgstr{said}\n\n");
    let text = [
        "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n".to_owned(),
        entry(
            "python-brace-format",
            "msgid \"{name}: {amount} is due.\"",
            " \"【启明消费金融】{name}，应还{amuont}元。\"",
        ),
        entry(
            "python-brace-format",
            "msgid \"{amount}: {name}\"",
            " \"【启明消费金融】{name}，应还{amount}元。\"",
        ),
        entry("c-format", "msgid \"you owe %s by %s.\"", " \"【启明消费金融】您应还%s元。\""),
        // Chinese has one form, which counts; English has one that does not.
        entry(
            "python-format",
            "msgid \"one day overdue.\"\nmsgid_plural \"%(days)d days overdue.\"",
            "[0] \"【启明消费金融】已逾期%(days)d天。\"",
        ),
        entry(
            "python-format",
            "msgid \"%(n)d day left.\"\nmsgid_plural \"%(n)d days left.\"",
            "[0] \"【启明消费金融】剩余%(days)d天。\"",
        ),
        // A key is no text.
        entry(
            "python-brace-format",
            "msgctxt \"sms\"\nmsgid \"overdue.d1\"",
            " \"【启明消费金融】{name}，已逾期。\"",
        ),
    ]
    .concat();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("gettext-originals");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("sms_zh_CN.po"), &text).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dunlint"));
    command.current_dir(&folder).args([
        "check",
        "--isolated",
        "--format",
        "json",
        "--rule",
        "template/languages-disagree",
        ".",
    ]);
    let report: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let found: Vec<(&str, &str)> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["text"].as_str().unwrap(), d["notes"][0].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("【启明消费金融】{name}，应还{amuont}元。", "msgid takes amount, this text does not"),
            ("【启明消费金融】您应还%s元。", "msgid takes 2, this text does not"),
            ("【启明消费金融】剩余%(days)d天。", "msgid takes n, this text does not"),
        ]
    );
}
