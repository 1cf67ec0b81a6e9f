//! Templates in programs: what is read of each language, and that every byte of it leads back to where it stands.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use dunlint::problem::Gravity;
use dunlint::source::host::{self, Kind, Read};
use dunlint::source::{ChosenBy, Record, Source, Span};

fn read(path: &str, text: &str, spec: &str) -> Read {
    let source = Source::from_text(path, text.to_owned());
    host::read(&source, None, &toml::from_str(spec).unwrap()).1
}

fn codes(read: &Read) -> Vec<&'static str> {
    read.problems.iter().map(|problem| problem.code).collect()
}

/// `id: decoded` of each record.
fn texts(read: &Read) -> Vec<String> {
    read.records.iter().map(|r| format!("{}: {}", r.id.text, r.body.text)).collect()
}

fn named<'r>(read: &'r Read, id: &str) -> &'r Record {
    read.records.iter().find(|r| r.id.text == id).unwrap_or_else(|| panic!("no {id} in {:?}", texts(read)))
}

/// What stands in the file where `part` of the decoded text comes from.
fn written<'t>(record: &Record, part: &str, text: &'t str) -> Vec<&'t str> {
    let at = record.body.text.find(part).unwrap_or_else(|| panic!("no {part:?} in {:?}", record.body.text));
    let places = record.body.to_source(Span::of(at, at + part.len()));
    places.into_iter().map(|place| &text[place.range()]).collect()
}

fn raw<'t>(record: &Record, text: &'t str) -> &'t str {
    &text[record.body_span.range()]
}

#[test]
fn java_strings_blocks_and_constants() {
    let text = r#"class T {
    static final String SIGN = "【示例】";
    static final String A = (SIGN + "您\u597d\uD83D\uDE42\t" + 'x' + 12) + "\101\"";
    static final String B = """
        一"二"  
          三\
        四\s
        """;
    static final String C = T.A + other() + "完";
    // static final String D = "不读";
    static final int N = 3;
}"#;
    let found = read("a.java", text, "host = \"java\"");
    assert_eq!(
        texts(&found),
        [
            "SIGN: 【示例】",
            "A: 【示例】您好🙂\tx12A\"",
            "B: 一\"二\"\n  三四 \n",
            "C: 【示例】您好🙂\tx12A\"⟦other()⟧完"
        ]
    );
    let a = named(&found, "A");
    assert_eq!(written(a, "示", text), ["示"]);
    assert_eq!(written(a, "】您", text), ["】", "您"]);
    assert_eq!(written(a, "好🙂", text), ["\\u597d\\uD83D\\uDE42"]);
    assert_eq!(written(a, "🙂\tx1", text), ["\\uD83D\\uDE42\\t", "x", "1"]);
    assert_eq!(written(a, "A\"", text), ["\\101\\\""]);
    assert_eq!(raw(a, text), "您\\u597d\\uD83D\\uDE42\\t\" + 'x' + 12) + \"\\101\\\"");
    let b = named(&found, "B");
    assert_eq!(written(b, "\n  三四", text), ["\n", "  三", "四"]);
    assert!(raw(b, text).starts_with("        一") && raw(b, text).ends_with("四\\s\n        "));
    let c = named(&found, "C");
    assert_eq!(written(c, "⟦other()⟧完", text), ["other()", "完"]);
    assert_eq!(written(c, "【示例】", text), ["【示例】"]);
    assert_eq!(c.body.holes().count(), 1);
}

#[test]
fn java_enumerations_annotations_maps_and_calls() {
    let text = r#"enum Msg {
  D1("SMS_1", "您好{0}，应还{1}元"), D7(Kind.A, 3, "再次提醒{0}"), NONE;
  private final String text;
}
class S {
  static final String[] LIST = { "一", "二" };
  static final Map<String, String> MAP = Map.of("k1", "三", "k2", "四");
  static { MAP.put("k3", "五"); }
  @Sms(template = "六") void a() {}
  @Text("七") String b() { return String.format("八%s，%d天", user.getName(), days); }
  String c() { return MessageFormat.format("九{0}", amount); }
  void d() { smsClient.send(phone, "您的借款" + n + "元"); }
}"#;
    let found = read("a.java", text, "host = \"java\"\nkey = \"?*\"");
    let ids: Vec<&str> = found.records.iter().map(|r| r.id.text.as_str()).collect();
    assert_eq!(
        ids,
        ["D1", "D7", "LIST[0]", "LIST[1]", "k1", "k2", "k3", "template", "Text", "b", "c", "send"]
    );
    assert_eq!(named(&found, "D1").body.text, "您好{0}，应还{1}元");
    let b = named(&found, "b");
    assert_eq!(b.meta.fields["arguments"].value.to_string(), "[\"user.getName()\",\"days\"]");
    assert_eq!((b.meta.text("dialect"), b.dialect_chosen_by), (Some("printf"), Some(ChosenBy::Host)));
    assert_eq!(named(&found, "c").meta.text("dialect"), Some("java-messageformat"));
    assert_eq!(named(&found, "send").body.text, "您的借款⟦n⟧元");

    // A glob that says nothing means constants only.
    let found = read("a.java", text, "host = \"java\"\nkey = \"*\"");
    let ids: Vec<&str> = found.records.iter().map(|r| r.id.text.as_str()).collect();
    assert_eq!(ids, ["D1", "D7", "LIST[0]", "LIST[1]", "k1", "k2", "k3"]);
    let found = read("a.java", text, "host = \"java\"\nkey = \"MAP.*\"");
    assert_eq!(texts(&found), ["k1: 三", "k2: 四", "k3: 五"]);
    let found = read("a.java", text, "host = \"java\"\nkey = \"Msg.*\"");
    assert_eq!(found.records.len(), 2);
}

#[test]
fn kotlin_strings_and_expressions() {
    let text = "object T {\n  const val SIGN = \"【示例】\\u4f60\\n${'$'}5 \\$x\"\n  val A = SIGN + \"您好$name，应还${order.amount}元\"\n  val B = \"\"\"\n    |一 $n\n    |  二\\n\n  \"\"\".trimMargin()\n  val C = \"\"\"\n    三\n      四\n  \"\"\".trimIndent()\n  val M = mapOf(\"k\" to \"五%s\".format(days))\n}\nfun overdue(n: String) = \"六$n\"\nenum class E(val t: String) { D1(\"七\") }\n";
    let found = read("a.kt", text, "host = \"kotlin\"\nkey = \"?*\"");
    assert_eq!(
        texts(&found),
        [
            "SIGN: 【示例】你\n$5 $x",
            "A: 【示例】你\n$5 $x您好⟦name⟧，应还⟦order.amount⟧元",
            "B: 一 ⟦n⟧\n  二\\n",
            "C: 三\n  四",
            "k: 五%s",
            "overdue: 六⟦n⟧",
            "D1: 七"
        ]
    );
    let a = named(&found, "A");
    assert_eq!(written(a, "⟦name⟧，应还⟦order.amount⟧", text), ["$name，应还${order.amount}"]);
    assert_eq!(written(a, "$5", text), ["${'$'}5"]);
    assert_eq!(written(a, "你", text), ["\\u4f60"]);
    assert_eq!(written(named(&found, "C"), "三\n  四", text), ["三\n", "  四"]);
    assert_eq!(named(&found, "k").meta.text("dialect"), Some("printf"));
}

#[test]
fn typescript_strings_objects_and_templates() {
    let text = "export const A = '一\\x41\\u{1F642}\\uD83D\\uDE42\\\n二';\nconst SMS: R = { 'k-1': `三\r\n四\\`${d.x}`, [K]: \"五\", f: (n) => `六${n}`, deep: { z: '七' + A } };\nclass S { static readonly B = '八'; }\nenum E { C = '九' }\nexport const list = [{ id: 'i1', text: '十' }, { id: 'i2', text: `十一` }] as const;\nfunction g(d) { return `十二${d}`; }\n";
    let found = read("a.ts", text, "host = \"ts\"\nkey = \"?*\"");
    assert_eq!(
        texts(&found),
        [
            "A: 一A🙂🙂二",
            "k-1: 三\n四`⟦d.x⟧",
            "K: 五",
            "f: 六⟦n⟧",
            "z: 七一A🙂🙂二",
            "B: 八",
            "C: 九",
            "i1: 十",
            "i2: 十一",
            "g: 十二⟦d⟧"
        ]
    );
    assert_eq!(written(named(&found, "A"), "A🙂", text), ["\\x41\\u{1F642}"]);
    assert_eq!(written(named(&found, "A"), "A🙂🙂二", text), ["\\x41\\u{1F642}\\uD83D\\uDE42", "二"]);
    assert_eq!(written(named(&found, "k-1"), "\n四`⟦d.x⟧", text), ["\r\n四\\`${d.x}"]);
    assert_eq!(written(named(&found, "z"), "七一", text), ["七", "一"]);
    assert_eq!(&text[named(&found, "i2").id.span.unwrap().range()], "i2");

    // In a template literal `${}` is the program's: with a dialect it is not read, and that is said.
    let text = "const A = `您好${x}`;\nconst B = '您好${x}';\n";
    let found = read("a.ts", text, "host = \"ts\"\nkey = \"*\"\ndialect = \"dollar-brace\"");
    assert_eq!(texts(&found), ["B: 您好${x}"]);
    assert_eq!(codes(&found), ["dynamic-text"]);
    assert!(found.problems.iter().all(|p| p.gravity == Gravity::Note));

    // By paths, as in a catalogue.
    let text = "export const t = { sms: [{ code: 'c1', body: '一' }, { code: 'c2', body: '二' + x }] };\nconst SIGN = '签';";
    let spec = "host = \"ts\"\nmessages = \"t.sms[]\"\nid = \"code\"\nbody = \"body\"\nsignature = \"SIGN\"";
    let found = read("a.js", text, spec);
    assert_eq!(texts(&found), ["c1: 一", "c2: 二⟦x⟧"]);
    assert_eq!(found.records[1].meta.text("signature"), Some("签"));
}

#[test]
fn python_strings() {
    let text = "A = \"一\\u4f60\\x41\\101\\\n二\\q\"\nB = A + '三' \"四\"\nC = f\"五{name!r:>10}，{d['a']:.2f}{{x}}\"\nD = r\"六\\n\"\nE = \"\"\"七\r\n八\"\"\"\nT = {'k': '九%s' % x, \"j\": ('十'\n  '十一')}\nF = '十二{}，{a}'.format(n, a=m)\nG = '十三%(n)s' % {'n': user.name}\nH = b'bytes'\nclass M(Enum):\n    S = '十四'\ndef f(n):\n    return f'十五{n}'\nI = textwrap.dedent('''\\\n    十六\n      十七\n    ''')\n";
    let found = read("a.py", text, "host = \"python\"\nkey = \"?*\"");
    assert_eq!(
        texts(&found),
        [
            "A: 一你AA二\\q",
            "B: 一你AA二\\q三四",
            "C: 五⟦name⟧，⟦d['a']⟧{x}",
            "D: 六\\n",
            "E: 七\n八",
            "k: 九%s",
            "j: 十十一",
            "F: 十二{}，{a}",
            "G: 十三%(n)s",
            "S: 十四",
            "f: 十五⟦n⟧",
            "I: 十六\n  十七\n"
        ]
    );
    assert_eq!(written(named(&found, "B"), "你A", text), ["\\u4f60\\x41"]);
    assert_eq!(written(named(&found, "B"), "q三四", text), ["q", "三", "四"]);
    assert_eq!(written(named(&found, "C"), "⟦d['a']⟧{x}", text), ["{d['a']:.2f}{{x}}"]);
    assert_eq!(written(named(&found, "E"), "\n八", text), ["\r\n八"]);
    assert_eq!(written(named(&found, "I"), "六\n  十", text), ["六\n", "  十"]);
    assert_eq!(named(&found, "G").meta.fields["arguments"].value.to_string(), "{\"n\":\"user.name\"}");
    assert_eq!(named(&found, "F").meta.text("dialect"), Some("python-format"));
    // Bytes are no text, and that is said where the configuration names them.
    assert_eq!(codes(&found), ["dynamic-text"]);
    let names = "A = '一\\N{BULLET}二\\N{CJK UNIFIED IDEOGRAPH-4E09}'\nB = f'{amount = :.2f}元\\N{WAVE DASH}{ n=}'\nC = '\\N{NO SUCH NAME}x'\n";
    let found = read("a.py", names, "host = \"python\"");
    assert_eq!(texts(&found)[..2], ["A: 一•二三", "B: amount = ⟦amount⟧元〜 n=⟦n⟧"]);
    assert_eq!(written(named(&found, "A"), "•", names), ["\\N{BULLET}"]);
    assert_eq!(written(named(&found, "A"), "三", names), ["\\N{CJK UNIFIED IDEOGRAPH-4E09}"]);
    assert_eq!(written(named(&found, "B"), "amount = ", names), ["amount = "]);
    assert_eq!(written(named(&found, "B"), "⟦amount⟧", names), [":.2f}"]);
    assert_eq!(written(named(&found, "B"), " n=⟦n⟧", names), [" n=}"]);
    assert_eq!(codes(&found), ["code-escape"], "a name that there is not");
}

#[test]
fn go_strings_and_literals() {
    let text = "package sms\nconst Sign = \"【示】\\u4f60\\U0001F642\\xe4\\xbd\\xa0\\101\"\nconst (\n\tA = \"一\" + Sign\n\tB, C = `二\\n\n三`, \"四\"\n)\nvar M = map[string]string{\"k\": \"五\"}\nvar L = []Tpl{{Code: \"c1\", Content: \"六{1}\"}, {Code: \"c2\", Content: fmt.Sprintf(\"七%s\", n)}}\nfunc f(n string) string { return \"八\" + n }\n";
    let found = read("a.go", text, "host = \"go\"\nkey = \"?*\"");
    assert_eq!(
        texts(&found),
        [
            "Sign: 【示】你🙂你A",
            "A: 一【示】你🙂你A",
            "B: 二\\n\n三",
            "C: 四",
            "k: 五",
            "c1: 六{1}",
            "c2: 七%s",
            "f: 八⟦n⟧"
        ]
    );
    let a = named(&found, "A");
    assert_eq!(written(a, "🙂你", text), ["\\U0001F642\\xe4\\xbd\\xa0"]);
    assert_eq!(raw(a, text), "一");
    assert_eq!(written(named(&found, "B"), "n\n三", text), ["n\n三"]);
    assert_eq!(codes(&read("a.go", "package a\nconst A = \"\\xff字\"", "host = \"go\"")), ["code-escape"]);
}

#[test]
fn php_strings_heredocs_and_arrays() {
    let text = "<?php\nconst SIGN = '【示】\\'\\\\n';\ndefine('A', \"一{$name}，$a[b] \\u{4f60}\\x41\\q\");\nclass T { const B = self::SIGN . '二' . \"三\"; public static $t = ['k' => '四', 'n' => ['m' => '五']]; }\n$sms['d1'] = sprintf(\"六%s\", $x);\nreturn ['over' => '七:name', 'h' => <<<EOT\n    八 {$o->x}\n      九\"\\t\n    EOT, 'now' => <<<'EOT'\n十 $x\\n\nEOT\n];\n";
    let found = read("a.php", text, "host = \"php\"\nkey = \"?*\"");
    assert_eq!(
        texts(&found),
        [
            "SIGN: 【示】'\\n",
            "A: 一⟦$name⟧，⟦$a[b]⟧ 你A\\q",
            "B: 【示】'\\n二三",
            "k: 四",
            "m: 五",
            "d1: 六%s",
            "over: 七:name",
            "h: 八 ⟦$o->x⟧\n  九\"\t",
            "now: 十 $x\\n"
        ]
    );
    assert_eq!(written(named(&found, "A"), "⟦$name⟧，⟦$a[b]⟧ 你", text), ["{$name}，$a[b] \\u{4f60}"]);
    assert_eq!(written(named(&found, "B"), "'\\n二三", text), ["\\'\\\\n", "二", "三"]);
    assert_eq!(written(named(&found, "h"), "⟦$o->x⟧\n  九", text), ["{$o->x}\n", "  九"]);
    assert_eq!(raw(named(&found, "now"), text), "十 $x\\n");
}

#[test]
fn csharp_strings() {
    let text = "static class T {\n  public const string Sign = \"【示】\\u4f60\\U0001F642\\x41\";\n  static string A = Sign + @\"一\"\"\\二\";\n  string B = $\"三{name,10:F2}，{{x}}{o.Amount:N2}\";\n  string C = \"\"\"\n      四 \"x\"\n        五\n      \"\"\";\n  string D = $@\"六\\{x}\"\"!\";\n  Dictionary<string,string> E = new() { [\"k\"] = \"七\", { \"j\", \"八\" } };\n  string F = string.Format(\"九{0}\", amount);\n  string G(string n) => $\"十{n}\";\n  Tpl[] H = { new Tpl { Code = \"c1\", Content = \"十一\" } };\n}\n";
    let found = read("a.cs", text, "host = \"csharp\"\nkey = \"?*\"");
    assert_eq!(
        texts(&found),
        [
            "Sign: 【示】你🙂A",
            "A: 【示】你🙂A一\"\\二",
            "B: 三⟦name⟧，{x}⟦o.Amount⟧",
            "C: 四 \"x\"\n  五",
            "D: 六\\⟦x⟧\"!",
            "k: 七",
            "j: 八",
            "F: 九{0}",
            "G: 十⟦n⟧",
            "c1: 十一"
        ]
    );
    assert_eq!(written(named(&found, "A"), "A一\"", text), ["\\x41", "一\"\""]);
    assert_eq!(written(named(&found, "B"), "⟦name⟧，{x}", text), ["{name,10:F2}，{{x}}"]);
    assert_eq!(written(named(&found, "C"), "x\"\n  五", text), ["x\"\n", "  五"]);
    assert_eq!(named(&found, "F").meta.fields["arguments"].value.to_string(), "[\"amount\"]");
}

#[test]
fn comments_hold_wordings_only_for_who_asks() {
    let text = "class M {\n  /**\n   * 【示例】您的账单#amount#元\n   * 已逾期#days#天\n   * @see x\n   */\n  static final String A = \"1\";\n  // 【示例】第二条#x#\n  static final String B = \"2\", C = \"3\";\n\n  // 隔开的\n\n  static final String D = \"4\"; // 行尾的#y#\n}\n";
    let found = read("a.java", text, "host = \"java-comment\"");
    assert_eq!(
        texts(&found),
        [
            "A: 【示例】您的账单#amount#元\n已逾期#days#天",
            "B: 【示例】第二条#x#",
            "C: 【示例】第二条#x#",
            "D: 行尾的#y#"
        ]
    );
    assert_eq!(written(&found.records[0], "元\n已", text), ["元\n   * 已"]);
    assert_eq!(read("a.java", text, "").records.len(), 0);
    assert_eq!(read("a.java", text, "host = \"java-comment\"\nkey = \"B\"").records.len(), 1);
}

#[test]
fn without_a_source_only_names_and_wording_together_are_templates() {
    let text = r#"class SmsTemplates {
  private static final Logger log = LoggerFactory.getLogger(SmsTemplates.class);
  static final String SMS_URL = "https://sms.example/send?phone={}&text={}";
  static final String SMS_TEMPLATE_ID = "SMS_123456";
  static final String SMS_SIGN = "示例消金";
  static final String SMS_SEND_ERROR = "短信发送失败，借款{}已逾期，请检查短信模板配置";
  static final String QUERY_TEMPLATE = "select * from sms_template where name = '逾期还款提醒短信'";
  static final String OVERDUE = "【示例消金】您好{0}，您的借款已逾期{1}天，请尽快还款。";
  static final String REMIND = "您好{0}，您的借款将于{1}到期，应还{2}元。";
  void send() { log.info("短信模板{}逾期提醒发送成功，共发送给{}人", id, n); throw new X("逾期短信模板{0}不存在，请先新增模板"); }
}
class Other { static final String OVERDUE_REPORT_TITLE = "逾期借款{}日报表，请各位催收员查收"; }
"#;
    let found = read("a.java", text, "");
    assert_eq!(found.kind, Kind::Guessed);
    let ids: Vec<&str> = found.records.iter().map(|r| r.id.text.as_str()).collect();
    assert_eq!(ids, ["OVERDUE", "REMIND"]);
    assert_eq!(codes(&found), ["guessed-source"]);
    assert_eq!(
        read("a.java", "class A { String s = \"【示例】您好，您的借款已逾期\"; }", "").kind,
        Kind::Nothing
    );
    let script = "sendSms(phone, `【示例】您好${name}，您的借款已逾期${days}天`);\nconsole.log('【示例】短信已发送给借款人，请查收');\n";
    assert_eq!(texts(&read("a.ts", script, "")), ["sendSms: 【示例】您好⟦name⟧，您的借款已逾期⟦days⟧天"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let of = |text: &str| {
        let found = read("a.java", text, "host = \"java\"\nkey = \"SMS_*\"");
        found.problems.iter().map(|p| (p.code, p.gravity)).collect::<Vec<_>>()
    };
    assert_eq!(of("class A { String SMS_A = load(\"x\"); }"), [("dynamic-text", Gravity::Note)]);
    assert_eq!(
        of("class A { String SMS_A = \"x\" + (f ? \"一\" : \"二\"); }"),
        [("dynamic-part", Gravity::Note)]
    );
    assert_eq!(of("class A { String SMS_A = SMS_A + SMS_A; }"), [("dynamic-text", Gravity::Note)]);
    assert_eq!(of("class A { String SMS_A = \"\\q\"; }"), [("code-escape", Gravity::Error)]);
    let broken = "class A { String SMS_A = \"一\"; @@@ \"您好，您的借款已经逾期了请还款\" ((( }";
    assert_eq!(of(broken), [("code-syntax", Gravity::Error)]);
    assert_eq!(of("class A { int SMS_N = 3; }"), []);
}
