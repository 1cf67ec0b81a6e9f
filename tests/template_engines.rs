//! The template engines: what each makes of a text, which ways lead through its blocks, and what it says about
//! a broken template.

use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::{Choice, Dialect, Lexer, Placeholder, Template};

fn parse(dialect: &Dialect, body: &str) -> Template {
    let record = Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta: Meta::default(),
        dialect_chosen_by: None,
    };
    Template::parse(record, Choice::option(dialect.clone()), &mut Lexer::default(), &mut Vec::new())
}

/// Each path that can happen as `conditions → text`.
fn paths(template: &Template) -> Vec<String> {
    let paths = template.paths();
    let show = |at: &usize| {
        let path = &paths.list[*at];
        let text = template.render(path, |p| format!("⟦{}⟧", p.name));
        if path.when.is_empty() { text } else { format!("{} → {text}", path.when.join(", ")) }
    };
    paths.feasible.iter().map(show).collect()
}

fn errors(template: &Template) -> Vec<String> {
    let text = |span: Span| span.of_text(template.body()).to_owned();
    template.errors().into_iter().map(|(span, kind)| format!("{}@{}", kind.name(), text(span))).collect()
}

/// A body and the paths it gives; no errors.
fn reads(dialect: &Dialect, cases: &[(&str, &[&str])]) {
    for (body, expected) in cases {
        let template = parse(dialect, body);
        assert_eq!(errors(&template), [""; 0], "errors of {body}");
        assert_eq!(paths(&template), *expected, "{} of {body}", dialect.name());
    }
}

/// A body, its errors as `kind@text`, and its first path.
fn breaks(dialect: &Dialect, cases: &[(&str, &[&str], &str)]) {
    for (body, expected, path) in cases {
        let template = parse(dialect, body);
        assert_eq!(errors(&template), *expected, "errors of {body}");
        let paths = template.paths();
        let first = template.render(&paths.list[0], |p| format!("⟦{}⟧", p.name));
        assert_eq!(first, *path, "{} of {body}", dialect.name());
    }
}

/// A body, and its placeholders as `name`, `name=default`, with `:type` and each text that can be sent instead.
fn says(dialect: &Dialect, cases: &[(&str, &[&str])]) {
    let show = |body: &str, placeholder: &Placeholder| {
        let mut shown = placeholder.name.clone();
        if let Some(index) = placeholder.index {
            shown += &format!("#{index}");
        }
        if let Some(default) = &placeholder.default {
            shown += &format!("={default}");
        }
        if let Some(declared) = &placeholder.declared_type {
            shown += &format!(":{declared}");
        }
        for literal in &placeholder.literals {
            shown += &format!("|{}", literal.of_text(body));
        }
        shown
    };
    for (body, expected) in cases {
        let template = parse(dialect, body);
        let found: Vec<String> = template.placeholders().into_iter().map(|p| show(body, p)).collect();
        assert_eq!(found, *expected, "{} of {body}", dialect.name());
    }
}

#[test]
fn liquid() {
    let dialect = Dialect::Liquid;
    reads(
        &dialect,
        &[
            ("{{ a.b }}欠{{-c-}}元", &["⟦a.b⟧欠⟦c⟧元"]),
            (
                "{%- if a > 1 -%}甲{% elsif a %}乙{% else %}丙{% endif %}",
                &["if:a > 1 → 甲", "if:a → 乙", "if:else → 丙"],
            ),
            (
                "{% unless a %}甲{% elsif b %}乙{% endunless %}",
                &["unless:a → 甲", "unless:b → 乙", "unless:none → "],
            ),
            (
                "{% case stage %} \n{% when 'm1', 'm2' %}甲{% when 'm3' %}乙{% else %}丙{% endcase %}",
                &["case:stage='m1', 'm2' → 甲", "case:stage='m3' → 乙", "case:else → 丙"],
            ),
            (
                "{% for f in fees %}{{ f }},{% else %}无{% endfor %}",
                &["loop:f in fees → ⟦f⟧,", "loop:else → 无"],
            ),
            ("{% for f in fees %}{{ f }}{% endfor %}", &["loop:f in fees → ⟦f⟧", "loop:none → "]),
            ("{% comment %} {{ x }} endcomment {% endcomment %}a{% raw %}{{ b }}{% endraw %}", &["a{{ b }}"]),
            ("{% assign x = '%}' %}{% capture y %}甲{{ z }}{% endcapture %}{% # note %}", &["甲⟦z⟧"]),
            ("{{ '{{' }}{{ \"C:\\\" }}", &["{{C:\\"]),
        ],
    );
    breaks(
        &dialect,
        &[
            ("{{ a 您好{{ b }}", &["unclosed-placeholder@{{"], "{{ a 您好⟦b⟧"),
            ("{% if a %}b", &["unclosed-block@{% if a %}"], "{% if a %}b"),
            ("{% comment %}b", &["unclosed-block@{% comment %}"], "{% comment %}b"),
            ("b{% endcase %}", &["unmatched-block-end@{% endcase %}"], "b{% endcase %}"),
            ("b{% when 1 %}", &["stray-branch@{% when 1 %}"], "b{% when 1 %}"),
            (
                "{% case a %}{% endcase %}",
                &["malformed-placeholder@{% case a %}{% endcase %}"],
                "{% case a %}{% endcase %}",
            ),
            ("{% case a %}{{ b {% when 1 %}c{% endcase %}", &["unclosed-placeholder@{{"], "{{c"),
        ],
    );
    says(
        &dialect,
        &[
            ("{{ a | default: \"客户\" | upcase }}", &["a=客户|客户"]),
            ("{{ a | default: '' }}{{ b | append: '元' }}", &["a=|", "b|元"]),
            ("{{ a['b'].c | date: '%Y' }}", &["a['b'].c"]),
        ],
    );
}

#[test]
fn braze() {
    let dialect = Dialect::Braze;
    reads(
        &dialect,
        &[(
            "{{${first_name} | default: 'you'}} {% if {{custom_attribute.${late}}} == '}}' %}甲{% endif %}",
            &["if:{{custom_attribute.${late}}} == '}}' → ⟦first_name⟧ 甲", "if:none → ⟦first_name⟧ "],
        )],
    );
    breaks(&dialect, &[("{{${a} {{b}}", &["unclosed-placeholder@{{"], "{{${a} ⟦b⟧")]);
    says(&dialect, &[("{{custom_attribute.${a b} | default: '0'}}", &["custom_attribute.a b=0|0"])]);
}

#[test]
fn freemarker() {
    let dialect = Dialect::FreeMarker;
    reads(
        &dialect,
        &[
            (
                "<#if (a > 1) && b?has_content>甲<#elseif !c??>乙<#else>丙</#if>",
                &["if:(a > 1) && b?has_content → 甲", "if:!c?? → 乙", "if:else → 丙"],
            ),
            (
                "<#list fees as fee>${fee.name}<#sep>，</#sep></#list>",
                &["loop:fees as fee → ⟦fee.name⟧，", "loop:none → "],
            ),
            (
                "<#switch level><#case 1>甲<#break><#default>乙</#switch>",
                &["case:level=1 → 甲", "case:else → 乙"],
            ),
            ("<#-- ${x} -->a<#noparse><#if>${b}</#noparse>", &["a<#if>${b}"]),
            ("<#assign x = \">\"><@box size=1>甲</@box><#t>", &["甲"]),
            ("${r\"${x}\"}${'$'}#{sum; m2M2}", &["${x}$⟦sum⟧"]),
            ("a < b, <b>, <3, $5 {x}", &["a < b, <b>, <3, $5 {x}"]),
            ("<#attempt>甲<#recover>乙</#attempt>", &["if:attempt → 甲", "if:else → 乙"]),
        ],
    );
    breaks(
        &dialect,
        &[
            ("a ${b，c${d}", &["unclosed-placeholder@${"], "a ${b，c⟦d⟧"),
            (
                "<#if a 甲</#if>",
                &["unclosed-placeholder@<#", "unmatched-block-end@</#if>"],
                "<#if a 甲</#if>",
            ),
            ("<#-- a", &["unclosed-placeholder@<#--"], "<#-- a"),
            (
                "<#if a>甲</#list>",
                &["unclosed-block@<#if a>", "unmatched-block-end@</#list>"],
                "<#if a>甲</#list>",
            ),
            ("<#iff a>甲", &["malformed-placeholder@<#iff a>"], "<#iff a>甲"),
            ("<#noparse>${a}", &["unclosed-block@<#noparse>"], "<#noparse>⟦a⟧"),
        ],
    );
    says(
        &dialect,
        &[
            ("${a.b!\"客户\"}${(a.b)!'x'}", &["a.b=客户|客户", "a.b=x|x"]),
            ("${a!}${(a.b)!}${a!?c}${a!0.5}", &["a=", "a.b=", "a=", "a=0.5|0.5"]),
            (
                "${a?string(\"0.00\")}${b?string('是', '否')}${c?then('甲', '乙')}",
                &["a", "b|是|否", "c|甲|乙"],
            ),
            ("${a[\"b\"].c!x}<@spring.message 'k'/>", &["a[\"b\"].c", "spring.message"]),
        ],
    );
}

#[test]
fn velocity() {
    let dialect = Dialect::Velocity;
    reads(
        &dialect,
        &[
            (
                "$a，${b.c}，$!d，$!{e}。$f.g. $h.i('x').j[0]",
                &["⟦a⟧，⟦b.c⟧，⟦d⟧，⟦e⟧。⟦f.g⟧. ⟦h.i('x').j[0]⟧"],
            ),
            ("$5, $ 1, #1024, C#, #tag", &["$5, $ 1, #1024, C#, #tag"]),
            (
                "#if ( $a.m(\")\") > 1 )甲#elseif($b)乙#{else}丙#{end}end",
                &["if:$a.m(\")\") > 1 → 甲end", "if:$b → 乙end", "if:else → 丙end"],
            ),
            ("#foreach($x in $xs)$x#end。", &["loop:$x in $xs → ⟦x⟧。", "loop:none → 。"]),
            ("## 注释 $a\n甲#* $b *#乙#[[ $c ]]#丙", &["甲乙 $c 丙"]),
            ("#set($a = 'x)')#macro(m $a)甲#end#define($b)乙#end", &["甲乙"]),
            (r"\$a \\$a \\\$a \#if(x) \n", &[r"$a \⟦a⟧ \$a #if(x) \n"]),
            ("#elsewhere #endless", &["#elsewhere #endless"]),
        ],
    );
    breaks(
        &dialect,
        &[
            ("${a 您好${b}", &["unclosed-placeholder@${"], "${a 您好⟦b⟧"),
            ("${客户}$!{}", &["malformed-placeholder@${客户}", "malformed-placeholder@$!{}"], "${客户}$!{}"),
            ("#if($a 甲#end", &["unclosed-placeholder@#if(", "unmatched-block-end@#end"], "#if(⟦a⟧ 甲#end"),
            ("#if($a)甲", &["unclosed-block@#if($a)"], "#if($a)甲"),
            ("甲#else乙", &["stray-branch@#else"], "甲#else乙"),
            ("#* 甲", &["unclosed-placeholder@#*"], "#* 甲"),
        ],
    );
    says(&dialect, &[("${a|'客户'}$!{b.c}", &["a=客户|客户", "b.c"])]);
}

#[test]
fn go_template() {
    let dialect = Dialect::GoTemplate;
    reads(
        &dialect,
        &[
            ("{{.A}}{{ $.B.C }}{{$x}}{{- . -}}", &["⟦A⟧⟦B.C⟧⟦$x⟧⟦.⟧"]),
            (
                "{{if gt .A 1}}甲{{else if .B}}乙{{- else -}}丙{{end}}",
                &["if:gt .A 1 → 甲", "if:.B → 乙", "if:else → 丙"],
            ),
            ("{{with .A}}{{.B}}{{else}}无{{end}}", &["if:.A → ⟦B⟧", "if:else → 无"]),
            ("{{range $i, $f := .Fees}}{{$f}}{{end}}", &["loop:$i, $f := .Fees → ⟦$f⟧", "loop:none → "]),
            ("{{/* }} */}}a{{$x := .A}}{{define \"t\"}}甲{{end}}{{break}}", &["a甲"]),
            ("{{\"{{\"}}{{`}}`}}{{\"\\\"\"}}", &["{{}}\""]),
        ],
    );
    breaks(
        &dialect,
        &[
            ("{{.A 您好{{.B}}", &["unclosed-placeholder@{{"], "{{.A 您好⟦B⟧"),
            ("{{if .A}}甲", &["unclosed-block@{{if .A}}"], "{{if .A}}甲"),
            (
                "甲{{end}}{{else}}",
                &["unmatched-block-end@{{end}}", "stray-branch@{{else}}"],
                "甲{{end}}{{else}}",
            ),
            ("{{}}{{/* a", &["malformed-placeholder@{{}}", "unclosed-placeholder@{{"], "{{}}{{/* a"),
        ],
    );
    says(
        &dialect,
        &[
            ("{{or .Name \"客户\"}}{{.A | default \"0.00\"}}", &["Name=客户|客户", "A=0.00|0.00"]),
            ("{{.A | printf \"%.2f\"}}{{printf \"%d\" .B}}", &["A", "B"]),
            ("{{template \"sign\" .}}{{eq .A \"x\"}}", &["sign", "A"]),
        ],
    );
}

#[test]
fn java_messageformat() {
    let dialect = Dialect::JavaMessageFormat;
    reads(
        &dialect,
        &[
            ("{0}欠{1,number,#,##0.00}元，{2,date,yyyy'年'MM'月'}", &["⟦0⟧欠⟦1⟧元，⟦2⟧"]),
            ("it''s '{0}' 'it''s {1}' }", &["it's {0} it's {1} }"]),
            ("don't pay {0}", &["dont pay {0}"]),
            ("a ''", &["a '"]),
            ("a '", &["a "]),
        ],
    );
    breaks(
        &dialect,
        &[
            ("{0 欠{1}", &["unclosed-placeholder@{"], "{0 欠⟦1⟧"),
            (
                "{name}{}{0,money}",
                &[
                    "malformed-placeholder@{name}",
                    "malformed-placeholder@{}",
                    "malformed-placeholder@{0,money}",
                ],
                "{name}{}{0,money}",
            ),
        ],
    );
    says(
        &dialect,
        &[
            ("{0,number}{1, date, short}{2}", &["0#0:number", "1#1:date", "2#2"]),
            ("{0,choice,0#无|1#一笔|1<共{0}笔}", &["0#0|无|一笔|共{0}笔"]),
        ],
    );
}

#[test]
fn python_format() {
    let dialect = Dialect::PythonFormat;
    reads(&dialect, &[("{{{a}}} {b!r:>{w}} {c[x:y].d} {0} {}{}", &["{⟦a⟧} ⟦b⟧ ⟦c[x:y].d⟧ ⟦0⟧ ⟦⟧⟦⟧"])]);
    breaks(
        &dialect,
        &[
            ("a { b } c }", &["single-brace@}"], "a ⟦b⟧ c }"),
            ("{a", &["single-brace@{"], "{a"),
            ("{a!}", &["malformed-placeholder@{a!}"], "{a!}"),
        ],
    );
    says(
        &dialect,
        &[
            ("{}{}{0}", &["#0", "#1", "0#0"]),
            ("{a:,.2f}{b:d}{c:%Y-%m-%d %H:%M}{d:>10}", &["a:number", "b:number", "c:date", "d"]),
        ],
    );
}

#[test]
fn icu() {
    let dialect = Dialect::Icu;
    reads(
        &dialect,
        &[
            ("{ name }: {n, number, ::currency/USD} {d, date, h 'o''clock'}", &["⟦name⟧: ⟦n⟧ ⟦d⟧"]),
            (
                "{n, plural, offset:1 =0{无}one{# 天}other{'#' 共 # 天}}。",
                &["plural:n==0 → 无。", "plural:n=one → ⟦#⟧ 天。", "plural:n=other → # 共 ⟦#⟧ 天。"],
            ),
            (
                "{g, select, f {她{n, plural, other {#}}} other {#{g}}}",
                &["select:g=f, plural:n=other → 她⟦#⟧", "select:g=other → #⟦g⟧"],
            ),
            (
                "{n, selectordinal, two {#nd} other {#th}}",
                &["selectordinal:n=two → ⟦#⟧nd", "selectordinal:n=other → ⟦#⟧th"],
            ),
            ("don't '{x}' it''s }, # '", &["don't {x} it's }, # '"]),
            ("{a, select, other {'}'}}", &["select:a=other → }"]),
            ("{n, plural, other {{name}}}", &["plural:n=other → ⟦name⟧"]),
        ],
    );
    breaks(
        &dialect,
        &[
            ("{a 欠{b}", &["unclosed-placeholder@{"], "{a 欠⟦b⟧"),
            (
                "{}{a b}{n, plural}",
                &[
                    "malformed-placeholder@{}",
                    "malformed-placeholder@{a b}",
                    "malformed-placeholder@{n, plural}",
                ],
                "{}{a b}{n, plural}",
            ),
            ("{n, plural, one {甲 {x}", &["unclosed-block@{n, plural,"], "{n, plural,one {甲 ⟦x⟧"),
            ("{n, plural, one {甲}}", &["malformed-placeholder@{n, plural,"], "{n, plural,甲"),
            ("{n, plural, ??, other {甲}}", &["malformed-placeholder@??,"], "??,甲"),
            ("{n, select, }", &["malformed-placeholder@{n, select, }"], "{n, select, }"),
        ],
    );
    says(
        &dialect,
        &[("{a, number}{b, time, short}{c, plural, other {#}}", &["a:number", "b:date", "#:number"])],
    );
}

#[test]
fn fluent() {
    let dialect = Dialect::Fluent;
    reads(
        &dialect,
        &[
            (
                "您好{ $name }，{ NUMBER($sum, digits: 2) }{-brand}{ msg.attr }",
                &["您好⟦name⟧，⟦sum⟧⟦-brand⟧⟦msg.attr⟧"],
            ),
            (
                "{ $n ->\n    [one] 一天 \n   *[other] { $n }天\n      内\n}。",
                &["select:n=one → 一天。", "select:n=*other → ⟦n⟧天\n内。"],
            ),
            ("{ $n ->\n *[a]\n   甲\n}", &["select:n=*a → 甲"]),
            (
                "{ $a ->\n [x] { $b ->\n  [y] 甲\n *[z] 乙\n }\n *[w] [1] 丙\n}",
                &["select:a=x, select:b=y → 甲", "select:a=x, select:b=*z → 乙", "select:a=*w → [1] 丙"],
            ),
            ("{ \"{\" }{\"\\u00A5\\\"\"}{ 5 }# [x]", &["{¥\"5# [x]"]),
        ],
    );
    breaks(
        &dialect,
        &[
            ("{ $a 欠{ $b }", &["unclosed-placeholder@{"], "{ $a 欠⟦b⟧"),
            ("a } b", &["single-brace@}"], "a } b"),
            ("{ a b }{}", &["malformed-placeholder@{ a b }", "malformed-placeholder@{}"], "{ a b }{}"),
            ("{ $n ->\n [one] 甲\n}", &["malformed-placeholder@{ $n ->"], "{ $n ->甲"),
            ("{ $n ->\n *[one] 甲", &["unclosed-block@{ $n ->"], "{ $n ->\n *[one] 甲"),
            ("{ $n -> x }", &["malformed-placeholder@{ $n -> x }"], "{ $n -> x }"),
        ],
    );
}
