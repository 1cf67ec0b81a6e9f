//! What the rules about amounts mark in messages, exactly: each line has a message and all that the family `amount`
//! says about it, in the order of the text.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::judge::{Circumstances, Judge};
use dunlint::policy::PolicySet;
use dunlint::source::{ChosenBy, Id, Mapped, Meta, Record, Source, SourceSpec, Span};
use dunlint::template::{Hints, Template};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

static POLICIES: LazyLock<PolicySet> = LazyLock::new(|| PolicySet::load(&[]).0);

/// `rule mark` of each finding of the family, without `amount/`.
fn marks(text: &str, meta: &Value) -> String {
    let source = Source::from_text("m.txt", text.to_owned());
    let mut declared = Meta::default();
    for (name, value) in meta.as_object().into_iter().flatten() {
        declared.declare(name, value.clone(), None);
    }
    let chosen = declared.text("dialect").map(|_| ChosenBy::Record);
    let record = Record {
        id: Id { text: "m".to_owned(), span: None },
        body: Mapped::verbatim(text, 0),
        body_span: Span::of(0, text.len()),
        meta: declared,
        dialect_chosen_by: chosen,
    };
    let path: Arc<str> = Arc::from("m.txt");
    let spec = SourceSpec::default();
    let (mut templates, _) =
        Template::parse_file(vec![record], &Hints { path: &path, option: None, spec: Some(&spec) });
    let circumstances = Circumstances::default();
    let judge =
        Judge { policies: &POLICIES, circumstances: &circumstances, host: "plain", fingerprints: false };
    let found = judge.judge(&source, &mut templates[0]).findings;
    let of_family = |rule: usize| POLICIES.rules[rule].id.strip_prefix("amount/");
    let shown = found.iter().filter_map(|f| Some(format!("{} {}", of_family(f.rule)?, f.text)));
    shown.collect::<Vec<_>>().join("; ")
}

fn check(cases: &[(&str, &str)], meta: &Value) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found = marks(text, meta);
        if found != *expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn chinese_messages() {
    check(
        &[
            ("【启明消费金融】您的借款${amount}元将于${date}到期，客服95077。", ""),
            ("【启明消费金融】您的借款即将到期，请按时还款，客服95077。", "missing 借款即将到期"),
            ("【启明消费金融】应还${amount}元，客服95077。", "no-due-date 应还"),
            ("【启明消费金融】${name}，账单3000元已于${date}到期，客服95077。", "literal 3000元"),
            ("【启明消费金融】账单3000元已于6月1日到期，客服95077。", "fixed 3000元"),
            (
                "【启明消费金融】${name}，本金2,000元、利息50元，合计2,100元，${date}到期，客服95077。",
                "literal 2,000元; literal 50元; sum 合计2,100元; literal 2,100元",
            ),
            (
                "【启明消费金融】本金2,000元、利息50元，合计2,050元，6月1日到期，客服95077。",
                "fixed 2,000元; fixed 50元; fixed 2,050元",
            ),
            ("【启明消费金融】应还${total}元（本金${p}元、利息${i}元），${date}到期，客服95077。", ""),
            (
                "【启明消费金融】您大概欠款3000元，6月1日到期，客服95077。",
                "about 大概欠款3000元; fixed 3000元",
            ),
            (
                "【启明消费金融】您欠款3000-5000元，6月1日到期，客服95077。",
                "range 欠款3000-5000元; fixed 5000元",
            ),
            ("【启明消费金融】应还${amount}，${date}到期，客服95077。", "unit ${amount}"),
            ("【启明消费金融】应还￥${amount}，${date}到期，客服95077。", ""),
            (
                "【启明消费金融】应还￥${amount}，违约金HK$${fee}，${date}到期，客服95077。",
                "currencies ${fee}",
            ),
            (
                "【启明消费金融】应还${minPayment}元，${date}到期，客服95077。",
                "minimum-as-total 应还${minPayment}",
            ),
            ("【启明消费金融】最低还款额${minPayment}元，应还${amount}元，${date}到期，客服95077。", ""),
            (
                "【启明消费金融】本金${totalDue}元，${date}到期，客服95077。",
                "total-as-principal 本金${totalDue}",
            ),
            (
                "【启明消费金融】合计${principal}元，${date}到期，客服95077。",
                "part-as-total 合计${principal}",
            ),
            ("【启明消费金融】账单${amount}元已逾期7天，${name}请还款，客服95077。", "days-literal 7天"),
            ("【启明消费金融】账单${amount}元已逾期${days}天，客服95077。", ""),
            ("【启明消费金融】日利率0.05%（年化18.25%），应还${amount}元，${date}到期，客服95077。", ""),
            (
                "【启明消费金融】日利率0.05%（年化10%），应还${amount}元，${date}到期，客服95077。",
                "rates 10%",
            ),
            ("【启明消费金融】日利率0.05%，应还${amount}元，${date}到期，客服95077。", "day-rate 日利率"),
            ("【启明消费金融】月利率2%，应还${amount}元，${date}到期，客服95077。", "day-rate 月利率"),
            (
                "【启明消费金融】账单${amount}元今日到期。逾期将产生罚息，客服95077。",
                "penalty-unstated 产生罚息",
            ),
            ("【启明消费金融】账单${amount}元今日到期，逾期将产生罚息${fee}元，客服95077。", ""),
            (
                "【启明消费金融】账单${amount}元已逾期${days}天，结清可减免${x}元，客服95077。",
                "offer-end 可减免${x}",
            ),
            ("【启明消费金融】账单${amount}元已逾期${days}天，${date}前结清可减免${x}元，客服95077。", ""),
            (
                "【启明消费金融】分3期，每期400元，总计1,300元，App可付。",
                "fixed 400元; sum 总计1,300元; fixed 1,300元",
            ),
            (
                "【启明消费金融】机款299元×2期，另加违约金60元，合计698元，App可付。",
                "fixed 299元; fixed 60元; sum 合计698元; fixed 698元",
            ),
            (
                "【启明消费金融】机款299元×2期，另加违约金60元，合计658元，App可付。",
                "fixed 299元; fixed 60元; fixed 658元",
            ),
            (
                "【启明消费金融】本期应还1,500元，6月1日到期：本金1,420元、利息68元、账户费12元，App可付。",
                "fixed 1,500元; fixed 1,420元; fixed 68元; fixed 12元",
            ),
            ("【启明消费金融】分期办理成功，总额6,000元分12期，每期本金500元，每期手续费30元。", ""),
            (
                "【启明消费金融】累计欠1,300元：本金1,000元、利息200元，6月1日到期，App可付。",
                "sum 累计欠1,300元; fixed 1,300元; fixed 1,000元; fixed 200元",
            ),
            (
                "【启明消费金融】应还900元，已还300元，剩余600元，6月1日到期，客服95077。",
                "fixed 900元; fixed 300元; fixed 600元",
            ),
            (
                "【启明消费金融】应还900元，已还300元，剩余700元，6月1日到期，客服95077。",
                "fixed 900元; fixed 300元; sum 剩余700元; fixed 700元",
            ),
            (
                "【启明消费金融】1,000元本金、20元利息，共1,200元，6月1日到期，客服95077。",
                "fixed 1,000元; fixed 20元; sum 共1,200元; fixed 1,200元",
            ),
            ("【启明消费金融】还款成功，已入账3000元。", ""),
            ("【启明消费金融】验证码${code}，请勿告知他人。", ""),
            ("【启明消费金融】恭喜，您的额度已提升至50000元。", ""),
        ],
        &json!({}),
    );
}

#[test]
fn traditional_messages() {
    check(
        &[
            ("【澄湖銀行】您的貸款NT$${amount}將於${date}到期，客服0800-000-221。", ""),
            ("【澄湖銀行】您的帳單即將到期，請按時繳款，客服0800-000-221。", "missing 帳單即將到期"),
            ("【澄湖銀行】${name}，帳單3,000元已於${date}到期，客服0800-000-221。", "literal 3,000元"),
            (
                "【澄湖銀行】本金NT$2,000、利息NT$50，合計NT$2,100，6月1日到期，客服0800-000-221。",
                "fixed NT$2,000; fixed NT$50; sum 合計NT$2,100; fixed NT$2,100",
            ),
            ("【澄湖銀行】應繳${amount}，${date}到期，客服0800-000-221。", "unit ${amount}"),
            (
                "【澄湖銀行】應繳NT$${minPayment}，${date}到期，客服0800-000-221。",
                "minimum-as-total 應繳NT$${minPayment}",
            ),
            ("【澄湖銀行】帳單NT$${amount}已逾期10天，客服0800-000-221。", "days-literal 10天"),
            (
                "【澄湖銀行】帳單NT$${amount}，違約金HK$${fee}，${date}到期，客服0800-000-221。",
                "currencies ${fee}",
            ),
        ],
        &json!({ "lang": "zh-Hant" }),
    );
}

#[test]
fn english_messages() {
    check(
        &[
            ("Oakvale: £${amount} was due on ${date}. Call 0800 000 221.", ""),
            ("Oakvale: your payment is overdue. Call 0800 000 221.", "missing payment is overdue"),
            ("Oakvale: ${name}, £75 was due on ${date}. Call 0800 000 221.", "literal £75"),
            ("Oakvale: £75 was due on 1 June. Call 0800 000 221.", "fixed £75"),
            (
                "Lumen Credit: 3 months x £90 plus a late fee of £12, total £292, due 1 June. Call 0800 000 000.",
                "sum total £292",
            ),
            (
                "Lumen Credit: 3 months x £90 plus a late fee of £12, total £282, due 1 June. Call 0800 000 000.",
                "",
            ),
            (
                "Oakvale: £300 principal and £25 interest make a total of £335, due on 1 June. Call 0800 000 221.",
                "fixed £300; fixed £25; sum total of £335; fixed £335",
            ),
            (
                "Oakvale: £300 principal and £25 interest make a total of £325, due on 1 June. Call 0800 000 221.",
                "fixed £300; fixed £25; fixed £325",
            ),
            (
                "Oakvale: you owe roughly £300, due on 1 June. Call 0800 000 221.",
                "about roughly £300; fixed £300",
            ),
            (
                "Oakvale: you owe £300 to £500, due on 1 June. Call 0800 000 221.",
                "range you owe £300 to £500; fixed £300; fixed £500",
            ),
            ("Oakvale: ${amount} was due on ${date}. Call 0800 000 221.", "unit ${amount}"),
            (
                "Oakvale: £${amount} was due on ${date}, plus a fee of €${fee}. Call 0800 000 221.",
                "currencies ${fee}",
            ),
            (
                "Oakvale: total due £${min_due} by ${date}. Call 0800 000 221.",
                "minimum-as-total total due £${min_due}",
            ),
            (
                "Oakvale: principal of £${amount_due} is overdue since ${date}. Call 0800 000 221.",
                "total-as-principal principal of £${amount_due}",
            ),
            (
                "Oakvale: total due £${late_fee} by ${date}. Call 0800 000 221.",
                "part-as-total total due £${late_fee}",
            ),
            ("Oakvale: £${amount} is 14 days overdue. Call 0800 000 221.", "days-literal 14 days"),
            (
                "Oakvale: interest is 0.1% a day (APR 24%). £${amount} is due on ${date}. Call 0800 000 221.",
                "rates 24%",
            ),
            (
                "Oakvale: interest is 0.1% a day (APR 36.5%). £${amount} is due on ${date}. Call 0800 000 221.",
                "",
            ),
            (
                "Oakvale: £${amount} is due on ${date} and grows 0.1% a day. Call 0800 000 221.",
                "day-rate 0.1% a day",
            ),
            (
                "Oakvale: £${amount} was due on ${date}. You will incur a late fee. Call 0800 000 221.",
                "penalty-unstated incur a late fee",
            ),
            (
                "Oakvale: £${amount} is overdue by ${days} days. Settle with a discount of £${off}. Call 0800 000 221.",
                "offer-end discount of £${off}",
            ),
            ("Oakvale: thank you, we received £75.", ""),
        ],
        &json!({ "lang": "en", "jurisdiction": "uk" }),
    );
}

#[test]
fn philippine_messages() {
    check(
        &[
            ("PeraGo: P${amount} was due on ${date}. Call 02-8000-0044.", ""),
            (
                "PeraGo: P3,000 principal, P500 interest and P300 penalty make a total of P4,800, due on 1 June. Call 02-8000-0044.",
                "fixed P3,000; fixed P500; fixed P300; sum total of P4,800; fixed P4,800",
            ),
            ("PeraGo: ${name}, P950 was due on ${date}. Call 02-8000-0044.", "literal P950"),
        ],
        &json!({ "lang": "en", "jurisdiction": "ph" }),
    );
}

#[test]
fn defaults() {
    let liquid = json!({ "dialect": "liquid" });
    check(
        &[
            (
                "【启明消费金融】应还{{ amount | default: '0.00' }}元，{{ date }}到期，客服95077。",
                "default-figure {{ amount | default: '0.00' }}",
            ),
            (
                "【启明消费金融】应还{{ amount | default: '若干' }}元，{{ date }}到期，客服95077。",
                "default-words {{ amount | default: '若干' }}",
            ),
            (
                "【启明消费金融】应还{{ amount | default: '' }}元，{{ date }}到期，客服95077。",
                "default-nothing {{ amount | default: '' }}",
            ),
            (
                "【启明消费金融】{{ name | default: '客户' }}，应还{{ amount }}元，{{ date }}到期，客服95077。",
                "",
            ),
        ],
        &liquid,
    );
    check(
        &[(
            "【启明消费金融】应还${amount!\"0.00\"}元，${date}到期，客服95077。",
            "default-figure ${amount!\"0.00\"}",
        )],
        &json!({ "dialect": "freemarker" }),
    );
}

#[test]
fn declarations() {
    let vars = |vars: Value| json!({ "vars": vars });
    let text = "【启明消费金融】应还${total}元，${date}到期，客服95077。";
    let date = json!({ "type": "date" });
    check(
        &[(text, "")],
        &vars(
            json!({ "total": { "type": "amount", "equals": "p + i" }, "p": "amount", "i": "amount", "date": date }),
        ),
    );
    check(
        &[(text, "formula total")],
        &vars(json!({ "total": { "type": "amount", "equals": "p + x" }, "p": "amount", "date": date })),
    );
    check(&[(text, "as-text ${total}")], &vars(json!({ "total": { "type": "text" }, "date": date })));
    let shown = "【启明消费金融】本金${p}元，合计HK$${total}，${date}到期，客服95077。";
    check(
        &[(shown, "concealed 合计HK$${total}; declared-unit ${total}")],
        &vars(
            json!({ "total": { "type": "amount", "unit": "CNY", "equals": "p + i" }, "p": "amount", "i": "amount", "date": date }),
        ),
    );
}
