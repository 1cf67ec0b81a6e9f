//! Roles of placeholders: from declared types, from names, from the words around them.

use dunlint::facts::roles::assign;
use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::{Choice, Dialect, Lexer, Template};
use serde_json::json;

fn template(dialect: Dialect, body: &str, meta: Meta) -> Template {
    let record = Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta,
        dialect_chosen_by: None,
    };
    Template::parse(record, Choice::option(dialect), &mut Lexer::default(), &mut Vec::new())
}

fn roles(dialect: Dialect, body: &str) -> String {
    let mut template = template(dialect, body, Meta::default());
    assign(&mut template);
    template.placeholders().iter().map(|p| p.role.name()).collect::<Vec<_>>().join(" ")
}

fn check(dialect: &Dialect, cases: &[(&str, &str)]) {
    let found: Vec<String> = cases
        .iter()
        .map(|(body, expected)| (body, expected, roles(dialect.clone(), body)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(body, expected, found)| format!("{body}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn names_say_the_role() {
    check(
        &Dialect::DollarBrace,
        &[
            ("${amount} ${due_date} ${overdueDays} ${name}", "amount date days name"),
            ("${service_phone} ${hotline} ${payLink} ${otp}", "phone phone url code"),
            ("${id_card} ${full_card_no} ${bankCard} ${IDCard}", "id card card id"),
            ("${card_tail} ${last4} ${loan_no} ${contractNo}", "account account account account"),
            ("${emergency_contact} ${contact} ${contactPhone}", "contact contact contact"),
            ("${home_address} ${company} ${court} ${company_name}", "address company company company"),
            ("${principal} ${late_fee} ${min} ${totalDue}", "amount amount amount amount"),
            ("${customer.name} ${first_name} ${surname}", "name name name"),
            ("${promise_date} ${new_date} ${start} ${month}", "date date date date"),
            ("${rate} ${total_n} ${content} ${goods}", "number number text text"),
            ("${jine} ${xingming} ${kefudianhua} ${yuqitianshu}", "amount name phone days"),
            ("${loanamount} ${nickname2} ${a1} ${d2}", "amount name amount date"),
            ("${xyz} ${foo_bar}", "unknown unknown"),
        ],
    );
    check(
        &Dialect::Brace,
        &[
            ("{客户称呼}，{到期日}应归还本息{应还金额}元，请联系{客服电话}。", "name date amount phone"),
            ("{逾期天数}{身份证号}{紧急联系人}{合同编号}", "days id contact account"),
        ],
    );
}

#[test]
fn words_around_a_nameless_placeholder_say_the_role() {
    check(
        &Dialect::Brace,
        &[
            ("【蓝湾】{0}您好，您{1}月的应还金额为{2}元，扣款日{3}。", "name date amount date"),
            ("您的贷款{}逾期{}天，欠款{}元，请联系客户经理。", "account days amount"),
            ("部分还款{0}元，日利率{2}%。致电{3}，于{4}前", "amount number phone date"),
            ("尾号{1}，身份证号{2}，卡号{3}，点击{4}", "account id card url"),
            ("第{1}/{2}期，验证码：{3}，尊敬的{4}：", "number number code name"),
            ("联系人{1}（{2}）受{3}委托", "contact unknown company"),
            ("應還NT${1}，最遲{2}前繳清，專線{3}", "amount date phone"),
        ],
    );
    check(
        &Dialect::Dlt,
        &[
            (
                "Dear {#var#}, EMI of Rs {#var#} for your loan is due on {#var#}. Help: {#var#}",
                "name amount date phone",
            ),
            ("Rs {#numeric#} unpaid for {#var#} days. {#cbn#} {#url#}", "amount days phone url"),
            ("{#var#} is the OTP to sign. Hi {#var#}, call {#var#}", "code name phone"),
        ],
    );
    check(
        &Dialect::Printf,
        &[
            ("您的贷款（合同尾号%s）应于%s偿还%s元", "account date amount"),
            ("%s，逾期%d天，本金%.2f元，%s", "name days amount unknown"),
            ("【某某】%s，本期账单%s元", "name amount"),
            ("第%d条", "number"),
        ],
    );
}

#[test]
fn certain_words_win_over_names() {
    check(
        &Dialect::DollarBrace,
        &[
            ("${value}元 尾号${card_no} 逾期${date}天", "amount account days"),
            ("account ${phone}. Help", "account"),
            ("discount ${discount}%", "number"),
            ("【${sign}】${name}", "company name"),
        ],
    );
}

#[test]
fn a_declared_type_wins_over_everything() {
    let mut meta = Meta::default();
    meta.declare("vars", json!({ "x": { "type": "phone" }, "amount": { "type": "text" } }), None);
    let mut template = template(Dialect::DollarBrace, "${x}元 ${amount}元 ${y}元", meta);
    assign(&mut template);
    let roles: Vec<&str> = template.placeholders().iter().map(|p| p.role.name()).collect();
    assert_eq!(roles, ["phone", "text", "amount"]);
}

#[test]
fn provider_types_are_known() {
    check(
        &Dialect::DollarBrace,
        &[("${MONEY} ${DATE} ${PHONE} ${TXT_20}", "amount date phone text"), ("共${NUM_6}", "number")],
    );
}
