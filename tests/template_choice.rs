//! Who decides the placeholder language, and what is said about a guess.

use dunlint::problem::Gravity;
use dunlint::source::{ChosenBy, Id, Mapped, Meta, Record, SourceSpec, Span};
use dunlint::template::{Dialect, Hints, Lexer, Template, detect};
use std::sync::Arc;

fn record(body: &str) -> Record {
    Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta: Meta::default(),
        dialect_chosen_by: None,
    }
}

fn with(mut record: Record, field: &str, value: &str, by: Option<ChosenBy>) -> Record {
    record.meta.declare(field, value.into(), Some(Span::new(7, 9)));
    record.dialect_chosen_by = by;
    record
}

/// A dialect and who chose it.
type Chosen = (&'static str, &'static str);

/// A problem: its weight and its code.
type Said = (Gravity, &'static str);

/// Dialects with who chose them, and the codes of the problems.
fn read(records: Vec<Record>, option: Option<&str>, spec: Option<&SourceSpec>) -> (Vec<Chosen>, Vec<Said>) {
    let path: Arc<str> = "sms/x.json".into();
    let (templates, problems) = Template::parse_file(records, &Hints { path: &path, option, spec });
    assert!(problems.iter().all(|problem| problem.path.as_deref() == Some("sms/x.json")));
    let dialects = templates.iter().map(|t| (t.dialect.name(), t.chosen_by.name())).collect();
    (dialects, problems.iter().map(|problem| (problem.gravity, problem.code)).collect())
}

fn spec(dialect: Option<&str>, profile: Option<&str>) -> SourceSpec {
    SourceSpec { dialect: dialect.map(Into::into), profile: profile.map(Into::into), ..SourceSpec::default() }
}

#[test]
fn the_nearest_choice_wins() {
    let body = "您好{name}";
    let own = || with(record(body), "dialect", "hash", Some(ChosenBy::Record));
    let config = spec(Some("printf"), None);
    assert_eq!(read(vec![own()], Some("dlt"), Some(&config)).0, [("dlt", "option")]);
    assert_eq!(read(vec![own()], None, Some(&config)).0, [("hash", "record")]);
    assert_eq!(read(vec![record(body)], None, Some(&config)).0, [("printf", "config")]);
    assert_eq!(read(vec![record(body)], None, None).0, [("brace", "auto")]);
    assert_eq!(read(vec![record("您好")], None, None).0, [("none", "auto")]);
    // A host's own language is weaker than the configuration.
    let of_host = with(record(body), "dialect", "at-var", Some(ChosenBy::Host));
    assert_eq!(read(vec![of_host.clone()], None, Some(&config)).0, [("printf", "config")]);
    assert_eq!(read(vec![of_host], None, None).0, [("at-var", "host")]);
}

#[test]
fn a_profile_says_the_language_of_its_platform() {
    let platforms = [
        ("aliyun huawei jdcloud volcengine vonage sinch", "dollar-brace"),
        ("tencent cloopen chuanglan house", "brace"),
        ("twilio whatsapp", "double-brace"),
        ("yunpian", "hash"),
        ("submail", "at-var"),
    ];
    for (names, dialect) in platforms {
        for name in names.split(' ') {
            assert_eq!(read(vec![record("x")], None, Some(&spec(None, Some(name)))).0, [(dialect, "config")]);
            let own = with(record("x"), "profile", name, None);
            assert_eq!(read(vec![own], None, None).0, [(dialect, "config")]);
        }
    }
    let both = spec(Some("none"), Some("aliyun"));
    assert_eq!(read(vec![record("${x}")], None, Some(&both)).0, [("none", "config")]);
}

#[test]
fn a_wrong_name_is_an_error_and_the_text_is_still_read() {
    let (dialects, problems) =
        read(vec![record("{a}"), record("{b}")], None, Some(&spec(Some("brase"), None)));
    assert_eq!(dialects, [("brace", "auto"), ("brace", "auto")]);
    assert_eq!(problems, [(Gravity::Error, "unknown-dialect")]);
    let path: Arc<str> = "x".into();
    let own = with(record("{a}"), "dialect", "dolar-brace", Some(ChosenBy::FrontMatter));
    let (_, problems) = Template::parse_file(vec![own], &Hints { path: &path, option: None, spec: None });
    assert_eq!(problems[0].place, Some(dunlint::problem::Place::Text(Span::new(7, 9))));
    assert!(problems[0].help.as_ref().is_some_and(|help| help.en.contains("`dollar-brace`")));
}

#[test]
fn custom_needs_its_marks() {
    let marks = SourceSpec { open: Some("<".into()), close: Some(">".into()), ..spec(Some("custom"), None) };
    assert_eq!(read(vec![record("<a>")], None, Some(&marks)).0, [("custom", "config")]);
    let (dialects, problems) = read(vec![record("<a>")], None, Some(&spec(Some("custom"), None)));
    assert_eq!(dialects, [("none", "auto")]);
    assert_eq!(problems, [(Gravity::Error, "custom-without-marks")]);
}

#[test]
fn detection_of_one_text() {
    let cases = [
        ("尊敬的${name}", Some(Dialect::DollarBrace)),
        ("{name}欠{sum}", Some(Dialect::Brace)),
        ("{}", Some(Dialect::Brace)),
        ("hi {{1}}", Some(Dialect::DoubleBrace)),
        ("${{1}}", Some(Dialect::DoubleBrace)),
        ("#code#是验证码", Some(Dialect::Hash)),
        ("@var(code)是验证码", Some(Dialect::AtVar)),
        ("{#var#} due", Some(Dialect::Dlt)),
        ("{#VAR#} due", Some(Dialect::Dlt)),
        ("{# 内部 #}{{ x }}", Some(Dialect::DoubleBrace)),
        ("{{ x | upper }}", Some(Dialect::Jinja)),
        ("{% if a %}b{% endif %}", Some(Dialect::Jinja)),
        ("{% note %}{{ x }}", Some(Dialect::DoubleBrace)),
        ("{{#if a}}b{{/if}}", Some(Dialect::Handlebars)),
        ("{{#a}}b{{/a}}", Some(Dialect::Mustache)),
        ("{{{a}}}", Some(Dialect::Mustache)),
        ("%s欠%d元", Some(Dialect::Printf)),
        ("%(name)s", Some(Dialect::Printf)),
        ("利率24%，减免50%", None),
        ("save 50%d", None),
        ("订单#1024 C#", None),
        ("{\"a\": 1}", None),
        ("{% case a %}{% when 1 %}b{% endcase %}", Some(Dialect::Liquid)),
        ("{% if a %}b{% elsif c %}d{% endif %}", Some(Dialect::Liquid)),
        ("{{ a | default: \"x\" }}", Some(Dialect::Liquid)),
        ("{{ a|default:\"x\" }}", Some(Dialect::Jinja)),
        ("{{ a | default('x: y') }}", Some(Dialect::Jinja)),
        ("您好{{.Name}}", Some(Dialect::GoTemplate)),
        ("{{if .A}}b{{end}}", Some(Dialect::GoTemplate)),
        ("<#if a>b</#if>", Some(Dialect::FreeMarker)),
        ("${a!\"x\"}", Some(Dialect::FreeMarker)),
        ("${a?string(\"0.00\")}", Some(Dialect::FreeMarker)),
        ("${a ? 'x' : 'y'}", Some(Dialect::DollarBrace)),
        ("编号<#1>${a}", Some(Dialect::DollarBrace)),
        ("#if($a)${b}#end", Some(Dialect::Velocity)),
        ("$!{a}您好", Some(Dialect::Velocity)),
        ("${a}您好 #end", Some(Dialect::DollarBrace)),
        ("{n, plural, other {#}}", Some(Dialect::Icu)),
        ("{ $name }您好", Some(Dialect::Fluent)),
        ("{$var}您好", Some(Dialect::Brace)),
        ("{0}欠{1,number,#,##0.00}元", Some(Dialect::JavaMessageFormat)),
        ("${x", None),
        ("普通文字", None),
    ];
    for (text, expected) in cases {
        assert_eq!(detect::detect(text, &mut Lexer::default()), expected, "{text}");
    }
}

#[test]
fn a_file_is_read_in_the_language_of_most_of_its_messages() {
    let records = || vec![record("{a}"), record("无"), record("${b}"), record("{c}")];
    let (dialects, problems) = read(records(), None, None);
    assert_eq!(dialects, [("brace", "auto"); 4]);
    assert_eq!(problems, [(Gravity::Note, "dialect-disagrees")]);
    // At a tie, the first.
    assert_eq!(read(vec![record("${b}"), record("{a}")], None, None).0[0], ("dollar-brace", "auto"));
    // One that says its own language has no vote.
    let own = with(record("{a}"), "dialect", "brace", Some(ChosenBy::Record));
    let dialects = read(vec![own.clone(), own, record("${b}")], None, None).0;
    assert_eq!(dialects[2], ("dollar-brace", "auto"));
}

#[test]
fn what_is_uncertain_is_said_once_a_file() {
    let note = |code| vec![(Gravity::Note, code)];
    assert_eq!(read(vec![record("{0}"), record("{1}")], None, None).1, note("dialect-ambiguous"));
    assert_eq!(read(vec![record("{0} {name}")], None, None).1, vec![]);
    assert_eq!(read(vec![record("a { b"), record("c { d")], None, None).1, note("dialect-none"));
    assert_eq!(read(vec![record("减免50%")], None, None).1, vec![]);
    assert_eq!(read(vec![record("{0}")], None, Some(&spec(Some("brace"), None))).1, vec![]);
}

#[test]
fn the_ending_of_two_languages_is_decided_by_the_content() {
    let read = |body: &str, ending: &str| {
        let path: Arc<str> = format!("sms/x.{ending}").into();
        let hints = Hints { path: &path, option: None, spec: None };
        let (templates, problems) = Template::parse_file(vec![record(body)], &hints);
        assert!(problems.is_empty(), "{problems:?}");
        (templates[0].dialect.name(), templates[0].chosen_by.name())
    };
    assert_eq!(read("<#if a>${b}</#if>", "ftl"), ("freemarker", "content"));
    assert_eq!(read("您好", "ftl"), ("freemarker", "content"));
    assert_eq!(read("您好{ $name }", "FTL"), ("fluent", "content"));
    for (ending, dialect) in
        [("liquid", "liquid"), ("vm", "velocity"), ("gotmpl", "go-template"), ("hbs", "handlebars")]
    {
        assert_eq!(read("您好{x}", ending), (dialect, "extension"));
    }
    assert_eq!(read("您好{x}", "tmpl"), ("brace", "auto"));
}

#[test]
fn more_ways_than_are_checked_are_told() {
    let body: String = (0..7).map(|n| format!("{{% if c{n} %}}y{{% endif %}}")).collect();
    let (dialects, problems) = read(vec![record(&body)], None, None);
    assert_eq!((dialects, problems), (vec![("jinja", "auto")], vec![(Gravity::Note, "many-ways")]));
}

/// A platform that is only nearly named would silently lend none of its limits.
#[test]
fn a_misspelt_platform_is_told() {
    let told = |value: &str| {
        let path: Arc<str> = "sms/x.json".into();
        let hints = Hints { path: &path, option: None, spec: None };
        let records = vec![with(record("您好${name}"), "profile", value, None)];
        let problems = Template::parse_file(records, &hints).1.into_iter();
        problems.map(|problem| (problem.code, problem.help.unwrap().en.into_owned())).collect::<Vec<_>>()
    };
    assert_eq!(told("aliyunn"), [("unknown-profile", "did you mean `aliyun`?".to_owned())]);
    assert_eq!(told("aliyun"), []);
    assert_eq!(told("vip customers"), [], "a word of the house");
}
