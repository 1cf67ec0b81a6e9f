//! Blocks: every branch is a path, and a broken block hides nothing.

use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::{Choice, Dialect, Lexer, Node, Template};

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

/// Each path as `conditions → text`; paths that cannot happen are left out.
fn paths(template: &Template) -> Vec<String> {
    let paths = template.paths();
    let show = |at: &usize| {
        let path = &paths.list[*at];
        format!("{} → {}", path.when.join(", "), template.render(path, |p| format!("⟦{}⟧", p.name)))
    };
    paths.feasible.iter().map(show).collect()
}

fn paths_sent(template: &Template) -> Vec<String> {
    let paths = template.paths();
    paths.feasible.iter().map(|at| template.literal(&paths.list[*at])).collect()
}

fn errors(template: &Template) -> Vec<String> {
    let text = |span: Span| span.of_text(template.body()).to_owned();
    template.errors().into_iter().map(|(span, kind)| format!("{}@{}", kind.name(), text(span))).collect()
}

#[test]
fn jinja() {
    let template = parse(
        &Dialect::Jinja,
        "{{ name }}{%- if late >= 30 -%}已逾期{% elif late %}将逾期{% else %}未到期{% endif %}{% for f in fees %}，{{ f.sum }}{% endfor %}",
    );
    assert!(errors(&template).is_empty());
    assert_eq!(
        paths(&template),
        [
            "if:late >= 30, loop:f in fees → ⟦name⟧已逾期，⟦f.sum⟧",
            "if:late >= 30, loop:none → ⟦name⟧已逾期",
            "if:late, loop:f in fees → ⟦name⟧将逾期，⟦f.sum⟧",
            "if:late, loop:none → ⟦name⟧将逾期",
            "if:else, loop:f in fees → ⟦name⟧未到期，⟦f.sum⟧",
            "if:else, loop:none → ⟦name⟧未到期",
        ]
    );
}

#[test]
fn jinja_comments_raw_and_silent_tags() {
    let body =
        "{# 内部 #}{% set x = '%}' %}a{%- raw -%}{{ b }} endraw {% c{% endraw %}d{{ e }}{%if(f)%}g{%endif%}";
    let template = parse(&Dialect::Jinja, body);
    assert!(errors(&template).is_empty());
    assert_eq!(
        paths(&template),
        ["if:(f) → a{{ b }} endraw {% cd⟦e⟧g", "if:none → a{{ b }} endraw {% cd⟦e⟧"]
    );
    let escapes: Vec<&str> = template.escapes().iter().map(|(span, _)| span.of_text(body)).collect();
    assert_eq!(escapes, ["{%- raw -%}", "{% endraw %}"]);
}

#[test]
fn handlebars() {
    let template = parse(
        &Dialect::Handlebars,
        "{{#if late}}{{money total}}{{else if soon}}{{~ due ~}}{{else}}-{{/if}}{{#unless late}}!{{/unless}}",
    );
    assert!(errors(&template).is_empty());
    assert_eq!(
        paths(&template),
        ["if:late, unless:none → ⟦total⟧", "if:soon, unless:late → ⟦due⟧!", "if:else, unless:late → -!",]
    );
    assert_eq!(template.placeholders()[0].filters, ["money"]);
}

#[test]
fn handlebars_marks_that_are_text() {
    let body = r"\{{a}} {{b}} \\{{c}} {{{{raw}}}}{{d}}{{{{/raw}}}} {{!-- }} --}}{{! x }}\n";
    let template = parse(&Dialect::Handlebars, body);
    assert!(errors(&template).is_empty());
    assert_eq!(paths(&template), [r" → {{a}} ⟦b⟧ \⟦c⟧ {{d}} \n"]);
    let template = parse(&Dialect::Handlebars, "{{default name 'friend'}}{{t 'key'}}{{a.[b c]}}");
    let names: Vec<&str> = template.placeholders().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names[..2], ["name", "t"]);
    assert_eq!(template.placeholders()[0].default.as_deref(), Some("friend"));
    assert!(template.placeholders()[1].literals.is_empty());
}

#[test]
fn mustache() {
    let template =
        parse(&Dialect::Mustache, "{{& a}}{{{ b }}}{{#c}}x{{^d}}y{{/d}}{{/c}}{{^c}}z{{/c}}{{! it's 'n }}");
    assert!(errors(&template).is_empty());
    assert_eq!(
        paths(&template),
        [
            "section:c, inverted:d, inverted:none → ⟦a⟧⟦b⟧xy",
            "section:c, inverted:none, inverted:none → ⟦a⟧⟦b⟧x",
            "section:none, inverted:c → ⟦a⟧⟦b⟧z",
        ]
    );
    let changed = parse(&Dialect::Mustache, "{{=<% %>=}}<% a %>");
    assert!(errors(&changed).is_empty());
    assert_eq!(paths(&changed), [" → ⟦a⟧"]);
}

#[test]
fn broken_blocks() {
    // dialect, body, errors, first path
    let cases = [
        (Dialect::Jinja, "a{% endif %}b", &["unmatched-block-end@{% endif %}"][..], "a{% endif %}b"),
        (Dialect::Jinja, "a{% else %}b", &["stray-branch@{% else %}"], "a{% else %}b"),
        (Dialect::Jinja, "{% if x %}a{{ b }}", &["unclosed-block@{% if x %}"], "{% if x %}a⟦b⟧"),
        (
            Dialect::Jinja,
            "{% if x %}a{% else %}b",
            &["unclosed-block@{% if x %}", "stray-branch@{% else %}"],
            "{% if x %}a{% else %}b",
        ),
        (Dialect::Jinja, "{% if x %}a{% else %}b{% else %}c{% endif %}", &["stray-branch@{% else %}"], "a"),
        (
            Dialect::Jinja,
            "{% if x %}{% for y in z %}a{% endif %}",
            &["unclosed-block@{% for y in z %}"],
            "{% for y in z %}a",
        ),
        (Dialect::Jinja, "{% raw %}{{ a }}", &[], "⟦a⟧"),
        (
            Dialect::Jinja,
            "a {{ b, {{ c }} {# d",
            &["unclosed-placeholder@{{", "unclosed-placeholder@{#"],
            "a {{ b, ⟦c⟧ {# d",
        ),
        (
            Dialect::Handlebars,
            "{{#if a}}b{{/unless}}c{{/if}}",
            &["unmatched-block-end@{{/unless}}"],
            "b{{/unless}}c",
        ),
        (
            Dialect::Mustache,
            "{{#a}}b{{/c}}",
            &["unclosed-block@{{#a}}", "unmatched-block-end@{{/c}}"],
            "{{#a}}b{{/c}}",
        ),
        (Dialect::Mustache, "{{{a}} {{b}}", &["unclosed-placeholder@{{{"], "{{{a}} ⟦b⟧"),
    ];
    for (dialect, body, expected, path) in cases {
        let template = parse(&dialect, body);
        assert_eq!(errors(&template), expected, "{body}");
        let paths = template.paths();
        assert_eq!(template.render(&paths.list[0], |p| format!("⟦{}⟧", p.name)), path, "{body}");
    }
}

#[test]
fn over_the_cap_each_branch_still_occurs() {
    let body: String =
        (0..10).map(|n| format!("{{% if c{n} %}}y{n} {{% else %}}n{n} {{% endif %}}")).collect();
    let template = parse(&Dialect::Jinja, &body);
    let paths = template.paths();
    assert!(!paths.complete);
    assert!(paths.list.len() <= 64);
    let all: String = paths.list.iter().map(|path| template.literal(path)).collect();
    for n in 0..10 {
        assert!(all.contains(&format!("y{n} ")) && all.contains(&format!("n{n} ")), "branch {n}");
    }
    // The paths that are kept agree with themselves.
    let body = "{% if a %}y{% else %}n{% endif %}{% if not a %}N{% else %}Y{% endif %}".repeat(8);
    let template = parse(&Dialect::Jinja, &body);
    let mut sent: Vec<String> = paths_sent(&template);
    sent.sort();
    sent.dedup();
    assert_eq!(sent, ["nN".repeat(8), "yY".repeat(8)]);
    let few: String = (0..6).map(|n| format!("{{% if c{n} %}}y{{% endif %}}")).collect();
    let few = parse(&Dialect::Jinja, &few).paths();
    assert!(few.complete && few.list.len() == 64);
}

#[test]
fn equal_conditions_have_equal_values() {
    let body = "{% if a %}1{% endif %}{% if  a %}2{% else %}3{% endif %}{% if not a %}4{% endif %}";
    let template = parse(&Dialect::Jinja, body);
    assert_eq!(template.paths().list.len(), 8);
    assert_eq!(paths(&template), ["if:a, if:a, if:none → 12", "if:none, if:else, if:not a → 34"]);
}

#[test]
fn nesting_is_bounded() {
    let body = format!("{}x{}", "{% if a %}".repeat(500), "{% endif %}".repeat(500));
    let template = parse(&Dialect::Jinja, &body);
    fn depth(nodes: &[Node]) -> usize {
        let inside = |node: &Node| match node {
            Node::Cond { branches, .. } => 1 + branches.iter().map(|b| depth(&b.nodes)).max().unwrap_or(0),
            _ => 0,
        };
        nodes.iter().map(inside).max().unwrap_or(0)
    }
    assert_eq!(depth(&template.nodes), 64);
    assert_eq!(template.errors().len(), 2 * (500 - 64));
}

#[test]
fn equal_conditions_exclude_each_other() {
    // dialect, body, what can be sent
    let cases = [
        // `case` and `if` about one value.
        (
            Dialect::Liquid,
            "{% case s %}{% when 'a' %}A{% when 'b' %}B{% endcase %}{% if s == \"a\" %}1{% else %}2{% endif %}",
            &["A1", "B2", "2"][..],
        ),
        // A list of values says nothing about one of them, but leaving it out does.
        (
            Dialect::Liquid,
            "{% case s %}{% when 'a', 'b' %}A{% else %}C{% endcase %}{% case s %}{% when 'a' %}1{% else %}2{% endcase %}",
            &["A1", "A2", "C2"],
        ),
        // `elsif` of `unless` is not turned round.
        (
            Dialect::Liquid,
            "{% unless a %}A{% elsif b %}B{% endunless %}{% if b %}1{% endif %}",
            &["A1", "A", "B1", ""],
        ),
        (Dialect::FreeMarker, "<#if a??>A</#if><#if !a??>B</#if>", &["A", "B"]),
        (Dialect::Velocity, "#if($a)A#end#if(!$a)B#end", &["A", "B"]),
        (Dialect::GoTemplate, "{{with .A}}A{{end}}{{if not .A}}B{{end}}", &["A", "B"]),
        // Inside of `range` and `with` a name means something else.
        (
            Dialect::GoTemplate,
            "{{if .A}}A{{end}}{{with .X}}{{if .A}}1{{end}}{{end}}",
            &["A1", "A", "A", "1", "", ""],
        ),
        (Dialect::GoTemplate, "{{if $.A}}A{{end}}{{with .X}}{{if $.A}}1{{end}}{{end}}", &["A1", "A", "", ""]),
        // So does the name that a loop gives.
        (
            Dialect::Jinja,
            "{% for f in a %}{% if f.x %}A{% endif %}{% endfor %}{% for f in b %}{% if f.x %}B{% endif %}{% endfor %}",
            &["AB", "A", "A", "B", "", "", "B", "", ""],
        ),
        (Dialect::Icu, "{s, select, a {A} other {B}}{s, select, other {2} a {1}}", &["A1", "B2"]),
        (
            Dialect::Icu,
            "{n, plural, =1 {A} other {B}}{n, plural, one {1} other {2}}",
            &["A1", "A2", "B1", "B2"],
        ),
        (Dialect::Fluent, "{ $s ->\n *[a] A\n [b] B\n}{ $s ->\n [b] 1\n *[c] 2\n}", &["A2", "B1"]),
    ];
    for (dialect, body, expected) in cases {
        let template = parse(&dialect, body);
        assert!(errors(&template).is_empty(), "{body}");
        assert_eq!(paths_sent(&template), expected, "{body}");
    }
}

#[test]
fn a_text_on_no_possible_way_is_still_checked() {
    let template = parse(&Dialect::Jinja, "{% if a %}A{% if not a %}B{% endif %}{% else %}C{% endif %}");
    let paths = template.paths();
    let sent = |at: &usize| template.literal(&paths.list[*at]);
    assert_eq!(paths.feasible.iter().map(sent).collect::<Vec<_>>(), ["A", "C"]);
    assert_eq!(paths.worth_checking().iter().map(sent).collect::<Vec<_>>(), ["AB", "A", "C"]);
}

#[test]
fn no_branch_takes_the_places_of_the_next() {
    let many: String = (0..7).map(|n| format!("{{% if c{n} %}}y{{% endif %}}")).collect();
    let body = format!("{{% if a %}}{many}{{% elsif b %}}B{{% else %}}C{{% endif %}}");
    let template = parse(&Dialect::Liquid, &body);
    let paths = template.paths();
    assert!(!paths.complete && paths.list.len() == 64);
    let sent = paths_sent(&template);
    assert_eq!(sent[62..], ["B", "C"]);
    // Blocks that fit exactly are complete.
    let arms: String = (0..63).map(|n| format!("{{% elsif c{n} %}}{n}")).collect();
    let exact = parse(&Dialect::Liquid, &format!("{{% if a %}}a{arms}{{% endif %}}")).paths();
    assert!(!exact.complete && exact.list.len() == 64);
    let arms: String = (0..62).map(|n| format!("{{% elsif c{n} %}}{n}")).collect();
    let exact = parse(&Dialect::Liquid, &format!("{{% if a %}}a{arms}{{% endif %}}")).paths();
    assert!(exact.complete && exact.list.len() == 64);
}
