//! XML and Android resources, with places counted by hand.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(unreachable_pub, dead_code, reason = "modules of a test")]

mod records;

use dunlint::source::host::{self, Kind};
use dunlint::source::{ChosenBy, Source};
use records::{codes, guess, lines, read, spelled};

const XML: &str = "<?xml version=\"1.0\"?>\n<!DOCTYPE t [<!ENTITY b \"某&#26576;\">]>\n<t xmlns:x=\"u\">\n <!-- <m id=\"no\">x</m> -->\n <m id=\"a&amp;1\" sign='&b;\r\n金融' kind=\"overdue\">您&#36;{n}<![CDATA[<b>\r\n]]>&b;</m>\n <m id=\"b\"><x:c>一<i>二</i>三</x:c><x:c>四</x:c></m>\n <m id=\"c\"/>\n</t>\n";

#[test]
fn xml_by_paths() {
    let spec = "messages = \"t.m[]\"\nid = \"@id\"\nbody = \"<value>\"\nsignature = \"@sign\"";
    let found = read("a.xml", XML, spec);
    let body = XML.find("您&#36;").unwrap();
    assert_eq!(body, 157);
    assert_eq!(
        lines(&found),
        ["a&1 @114..121 body 157..188 \"您${n}<b>\\n某某\"", "c @258..259 body 262..262 \"\""]
    );
    assert_eq!(codes(&found), ["no-body"]);
    assert_eq!(spelled(&found, 0, XML, "${n}<b>\n某某"), "&#36;{n}|<b>\r\n|&b;");
    let meta = &found.records[0].meta;
    assert_eq!((meta.text("signature"), meta.text("kind")), (Some("某某 金融"), Some("overdue")));
    assert_eq!(meta.fields["signature"].span.unwrap().of_text(XML), "&b;\r\n金融");
}

#[test]
fn xml_elements_as_fields() {
    let texts = |spec: &str| {
        let found = read("a.xml", XML, spec);
        found.records.iter().map(|r| format!("{}={}", r.id.text, r.body.text)).collect::<Vec<_>>()
    };
    assert_eq!(texts("messages = \"t.m[1]\"\nid = \"@id\"\nbody = \"x:c[0]\""), ["b=一二三"]);
    assert_eq!(texts("messages = \"t.m.x:c[]\""), ["a#1=一二三", "a#2=四"]);
    assert_eq!(
        texts("messages = \"t.m[1].*\"\nid = \"<key>\"\nbody = \"<value>\""),
        ["x:c=一二三", "x:c=四"]
    );
    let one = "<sms><code>d1</code><body>您好</body><dialect>hash</dialect></sms>";
    for spec in [
        "id = \"code\"\nbody = \"body\"",
        "id = \"sms.code\"\nbody = \"sms.body\"",
        "messages = \"sms\"\nid = \"code\"",
    ] {
        let found = read("a.xml", one, spec);
        assert_eq!(lines(&found), ["d1 @11..13 body 26..32 \"您好\""], "{spec}");
    }
    let found = read("a.xml", one, "messages = \"sms[]\"\nid = \"code\"");
    assert_eq!(found.records[0].dialect_chosen_by, Some(ChosenBy::Record));
}

#[test]
fn xml_is_guessed_by_names() {
    let text = "<r><template id='a'>您好</template><rec><code>b</code><content>再见</content></rec><x id='c'>no</x></r>";
    let found = guess("a.xml", text);
    assert_eq!(lines(&found), ["a @17..18 body 20..26 \"您好\"", "b @48..49 body 65..71 \"再见\""]);
    assert_eq!((found.kind, codes(&found)), (Kind::Guessed, vec!["(guessed-source)".to_owned()]));
    let other = guess("pom.xml", "<project><id>a</id><b>c & d&nbsp;</b></project>");
    assert_eq!(
        (other.kind, codes(&other)),
        (Kind::Nothing, vec!["(xml-ampersand)".into(), "(xml-entity)".into()])
    );
}

#[test]
fn xml_mistakes_have_places() {
    let place = |text: &str| {
        let found = read("a.xml", text, "messages = \"t.m[]\"");
        found.problems.iter().map(|p| format!("{} {:?}", p.code, p.place)).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(place("<t><m>a & b</m></t>"), "xml-ampersand Some(Text(8..9))");
    assert_eq!(place("<t><m>&nbsp;</m></t>"), "xml-entity Some(Text(6..12))");
    assert_eq!(place("<t><m>a</n></m></t>"), "xml-syntax Some(Text(7..11))");
    assert_eq!(place("<t><m>a</m>"), "xml-syntax Some(Text(1..2))");
    assert_eq!(place("<t><m>a</m></t>x"), "xml-syntax Some(Text(15..16))");
    assert_eq!(place("<t><m a='1' a='2'>a</m></t>"), "duplicate-key Some(Text(12..13))");
    assert!(place("<t><m>a</m><!-- x").starts_with("xml-syntax Some(Text(11..12))"));
    let found = read("a.xml", "<t><m>a</m><m>b</t>", "messages = \"t.m[]\"");
    assert_eq!(found.records.len(), 1, "what was complete before a mistake is read");
}

const ANDROID: &str = "<resources>\n <string name=\"a\">\n  It\\'s  %1$s\\n\\u4f60\\ud83d\\ude42 <b>now</b>\n  &lt;ok> </string>\n <string name=\"q\" translatable=\"false\">\" a  'b' \"\\@ c</string>\n <string-array name=\"l\"><item>x</item><item><xliff:g id=\"n\">%s</xliff:g></item></string-array>\n <plurals name=\"p\"><item quantity=\"one\"><![CDATA[ y  z ]]></item></plurals>\n <color name=\"c\">#fff</color>\n</resources>\n";

#[test]
fn android_texts() {
    let found = read("res/values/strings.xml", ANDROID, "");
    assert_eq!(
        lines(&found),
        [
            "a @- body 30..86 \"It's %1$s\\n你🙂 now <ok>\"",
            "q @- body 135..149 \" a  'b' @ c\"",
            "l[0] @- body 189..190 \"x\"",
            "l[1] @- body 203..231 \"%s\"",
            "p[one] @- body 294..312 \"y z\"",
        ]
    );
    assert_eq!(spelled(&found, 0, ANDROID, "'s %"), "\\'s  %");
    assert_eq!(spelled(&found, 0, ANDROID, "\n你🙂"), "\\n\\u4f60\\ud83d\\ude42");
    assert_eq!(spelled(&found, 0, ANDROID, "now <"), "now|\n  &lt;");
    assert_eq!(spelled(&found, 1, ANDROID, " @"), " |\\@");
    assert!(found.records.iter().all(|r| r.dialect_chosen_by == Some(ChosenBy::Host)));
    assert!(codes(&found).is_empty(), "{:?}", codes(&found));
    let found =
        read("s.xml", ANDROID, "messages = \"resources.string[]\"\nid = \"@name\"\nbody = \"<value>\"");
    assert_eq!(lines(&found)[0], "a @27..28 body 30..86 \"It's %1$s\\n你🙂 now <ok>\"");
    assert_eq!(lines(&read("s.xml", ANDROID, "key = \"p*\"\ndialect = \"none\"")).len(), 1);
}

#[test]
fn android_is_known_by_its_root() {
    let host =
        |text: &str| host::read(&Source::from_text("a.xml", text.to_owned()), None, &records::spec("")).0;
    assert_eq!(host(ANDROID), "android-xml");
    assert_eq!(host("<!-- <resources> --><t/>"), "xml");
    let text = "<resources><string name=\"menu\">Open the file now</string><string name=\"overdue_d1\">Your bill is late</string></resources>";
    let found = guess("strings.xml", text);
    assert_eq!(found.records.iter().map(|r| r.id.text.as_str()).collect::<Vec<_>>(), ["overdue_d1"]);
    assert_eq!(
        guess("colors.xml", "<resources><color name=\"c\">#fff</color></resources>").kind,
        Kind::Nothing
    );
}

#[test]
fn android_mistakes_have_places() {
    let text = "<resources><string name=\"a\">it's \\u12x \"b</string></resources>";
    let found = read("a.xml", text, "");
    let places: Vec<_> = found.problems.iter().map(|p| format!("{} {:?}", p.code, p.place)).collect();
    assert_eq!(
        places,
        [
            "android-apostrophe Some(Text(30..31))",
            "android-escape Some(Text(33..37))",
            "android-quote Some(Text(41..41))"
        ]
    );
}
