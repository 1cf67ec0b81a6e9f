//! What amounts and dates mean, are worth, and in which unit: in Simplified and Traditional Chinese and in English.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::facts::amounts::{Amount, Origin, read};
use dunlint::facts::dates::{self, When};
use dunlint::facts::entities::find_in;
use dunlint::facts::roles::assign;
use dunlint::source::{Id, Mapped, Meta, Record, Span};
use dunlint::template::{Choice, Dialect, Lexer, Template};
use dunlint::text::{Clauses, fold};
use proptest::prelude::*;

/// A parsed template with its amounts and dates.
fn analysed(body: &str, jurisdiction: Option<&str>) -> (Vec<Amount>, Vec<When>, Vec<String>) {
    let record = Record {
        id: Id { text: "t".to_owned(), span: None },
        body: Mapped::verbatim(body, 0),
        body_span: Span::of(0, body.len()),
        meta: Meta::default(),
        dialect_chosen_by: None,
    };
    let choice = Choice::option(Dialect::DollarBrace);
    let mut template = Template::parse(record, choice, &mut Lexer::default(), &mut Vec::new());
    assign(&mut template);
    let placeholders = template.placeholders();
    let path = template.paths().list.into_iter().next().unwrap();
    let role = |index: usize| (placeholders[index].role, placeholders[index].span);
    let folded = fold(&path.pieces, template.body(), role);
    let entities = find_in(&folded.text, jurisdiction);
    let clauses = Clauses::of(&folded);
    let amounts = read(&folded, &entities, &clauses, &placeholders);
    let dates = dates::read(&folded, &entities, &clauses, &placeholders);
    let names = placeholders.iter().map(|placeholder| placeholder.name.clone()).collect();
    (amounts, dates, names)
}

/// `meaning value unit`, the value in fen, a range with `..`, a variable with its name.
fn shown(amount: &Amount, names: &[String]) -> String {
    let value = match (amount.value, amount.origin) {
        (_, Origin::Variable(at)) => format!("${}", names[at]),
        (Some((low, high)), _) if low != high => format!("{low}..{high}"),
        (Some((low, _)), _) => low.to_string(),
        (None, _) => "?".to_owned(),
    };
    let unit = amount.currency.unwrap_or(if amount.unit { "unit" } else { "none" });
    format!("{} {value} {unit}", amount.meaning.name())
}

fn check_in(jurisdiction: Option<&str>, cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let (amounts, _, names) = analysed(text, jurisdiction);
        let found: Vec<String> = amounts.iter().map(|amount| shown(amount, &names)).collect();
        if found.join("; ") != *expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {}", found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn check(cases: &[(&str, &str)]) {
    check_in(None, cases);
}

#[test]
fn simplified_chinese() {
    check(&[
        ("应还金额1,280.50元", "due 128050 unit"),
        ("本期应还￥1,234.56", "due 123456 CNY"),
        ("应还总额3,000元", "total 300000 unit"),
        ("合计2,060.00元", "total 206000 unit"),
        ("共计人民币2000元", "total 200000 CNY"),
        ("总计1.2万元", "total 1200000 unit"),
        ("共3千5百元", "total 350000 unit"),
        ("借款本金5000元", "principal 500000 unit"),
        ("剩余本金为8,000元", "principal 800000 unit"),
        ("本金：¥6,000.00", "principal 600000 CNY"),
        ("利息50元", "interest 5000 unit"),
        ("应还利息32.18元", "interest 3218 unit"),
        ("产生罚息12.5元", "penalty 1250 unit"),
        ("违约金8元", "penalty 800 unit"),
        ("滞纳金共计20元", "total 2000 unit"),
        ("逾期利息15.00元", "penalty 1500 unit"),
        ("逾期费用35元", "penalty 3500 unit"),
        ("手续费5元", "fee 500 unit"),
        ("服务费 9.9 元", "fee 990 unit"),
        ("担保费120元", "fee 12000 unit"),
        ("最低还款额128.64元", "minimum 12864 unit"),
        ("最低应还300元", "minimum 30000 unit"),
        ("至少还500元", "minimum 50000 unit"),
        ("每期500元", "instalment 50000 unit"),
        ("月供2,350元", "instalment 235000 unit"),
        ("每月还款1200元", "instalment 120000 unit"),
        ("首期400元", "instalment 40000 unit"),
        ("可减免30元", "discount 3000 unit"),
        ("立减10元", "discount 1000 unit"),
        ("优惠金额88.88元", "discount 8888 unit"),
        ("已还300元", "paid 30000 unit"),
        ("已支付￥99", "paid 9900 CNY"),
        ("剩余700元", "rest 70000 unit"),
        ("尚欠1,000元", "rest 100000 unit"),
        ("可用额度20万元", "limit 20000000 unit"),
        ("最高可借5万元", "limit 5000000 unit"),
        ("您的账单860元", "debt 86000 unit"),
        ("借款3000元已逾期", "debt 300000 unit"),
        ("归还欠款壹万贰仟元整", "due 1200000 unit"),
        ("本金壹万元", "principal 1000000 unit"),
        ("欠款三千五百元", "due 350000 unit"),
        ("欠款1.2万，请还", "due 1200000 unit"),
        ("欠款3000-5000元", "due 300000..500000 unit"),
        ("欠款3000至5000元", "due 300000..500000 unit"),
        ("减免100～200元", "discount 10000..20000 unit"),
        ("罚息3-5万元", "penalty 3000000..5000000 unit"),
        ("￥3,000至￥5,000", "unknown 300000..500000 CNY"),
        ("500元本金", "principal 50000 unit"),
        ("20元利息", "interest 2000 unit"),
        ("其中500元本金、20元利息", "principal 50000 unit; interest 2000 unit"),
        ("应还500元本金和20元罚息", "principal 50000 unit; penalty 2000 unit"),
        ("500元/期", "instalment 50000 unit"),
        ("30元优惠券", "discount 3000 unit"),
        (
            "本金2,000.00元、利息50.00元、罚息10.00元，合计2,060.00元",
            "principal 200000 unit; interest 5000 unit; penalty 1000 unit; total 206000 unit",
        ),
        (
            "本金5,000元加息1,200元，合共6,200元",
            "principal 500000 unit; interest 120000 unit; total 620000 unit",
        ),
        ("应还900元，已还300元，剩余600元", "due 90000 unit; paid 30000 unit; rest 60000 unit"),
        ("分3期，每期400元，总计1,200元", "instalment 40000 unit; total 120000 unit"),
        ("应还1,286.40元，最低还款128.64元", "due 128640 unit; minimum 12864 unit"),
        ("应还${amount}元", "due $amount unit"),
        ("应还¥${amount}", "due $amount CNY"),
        ("应还${amount}，请还款", "due $amount none"),
        ("本金${principal}元，利息${interest}元", "principal $principal unit; interest $interest unit"),
        ("您的${totalAmount}元", "total $totalAmount unit"),
        ("您有${lateFee}元", "penalty $lateFee unit"),
        ("本金${totalAmount}元", "principal $totalAmount unit"),
        ("${minPayment}元待还", "due $minPayment unit"),
        ("人民币${x}元本金", "principal $x CNY"),
        ("最低还款额${min}元", "minimum $min unit"),
        ("${fee}元手续费", "fee $fee unit"),
        ("${本金}元", "principal $本金 unit"),
        ("２，５００元整", "unknown 250000 unit"),
        ("五百块", "unknown 50000 unit"),
        ("两千块钱", "unknown 200000 unit"),
        ("20块钱的手续费", "fee 2000 unit"),
        ("一万零三百元", "unknown 1030000 unit"),
        ("一百零五元", "unknown 10500 unit"),
    ]);
}

#[test]
fn traditional_chinese() {
    check(&[
        ("應繳金額NT$1,980", "due 198000 TWD"),
        ("最低應繳金額NT$500", "minimum 50000 TWD"),
        ("本期應繳總額新台幣3,560元", "total 356000 TWD"),
        ("結欠HK$12,000", "due 1200000 HKD"),
        ("尚欠港幣8,000元", "rest 800000 HKD"),
        ("違約金NT$300", "penalty 30000 TWD"),
        ("循環利息新台幣120元", "interest 12000 TWD"),
        ("本金貳萬元", "principal 2000000 unit"),
        ("手續費30元", "fee 3000 unit"),
        ("遲延利息25元", "penalty 2500 unit"),
        ("每期供款HK$1,200", "instalment 120000 HKD"),
        ("總欠款HK$20,000", "total 2000000 HKD"),
        ("合計新臺幣5,000元", "total 500000 TWD"),
        ("減免利息HK$50", "interest 5000 HKD"),
        ("優惠NT$200", "discount 20000 TWD"),
        ("剩餘本金港幣10,000元", "principal 1000000 HKD"),
        ("還300塊", "unknown 30000 unit"),
        ("您欠三千蚊", "debt 300000 HKD"),
        ("最低還款額HK$${min}", "minimum $min HKD"),
        ("應繳${amount}元", "due $amount unit"),
        ("新台幣${amount}元", "debt $amount TWD"),
        ("額度NT$50,000", "limit 5000000 TWD"),
        ("已繳NT$700", "paid 70000 TWD"),
        ("共欠$3,000", "total 300000 unit"),
        ("餘額NT$88", "rest 8800 TWD"),
    ]);
}

#[test]
fn english() {
    check(&[
        ("Total due: £300", "total 30000 GBP"),
        ("a total of $1,234.56", "total 123456 unit"),
        ("total payable US$45.50", "total 4550 USD"),
        ("Amount due is Rs. 4,310", "due 431000 INR"),
        ("balance due KES 5,000", "due 500000 KES"),
        ("you owe £75", "due 7500 GBP"),
        ("You owe PHP 2,000.00", "due 200000 PHP"),
        ("your balance of €20", "debt 2000 EUR"),
        ("your payment of $480", "debt 48000 unit"),
        ("loan of INR 1,00,000", "debt 10000000 INR"),
        ("principal of £250", "principal 25000 GBP"),
        ("principal: Rs 10,000", "principal 1000000 INR"),
        ("outstanding principal KSh 3,000", "principal 300000 KES"),
        ("interest £12.50", "interest 1250 GBP"),
        ("accrued interest of $7", "interest 700 unit"),
        ("a late fee of £25", "penalty 2500 GBP"),
        ("penalty of KES 300", "penalty 30000 KES"),
        ("penal charges Rs 590", "penalty 59000 INR"),
        ("bounce charge Rs. 500", "penalty 50000 INR"),
        ("processing fee ₱50", "fee 5000 PHP"),
        ("service fee of US$3", "fee 300 USD"),
        ("charges Ksh 120", "fee 12000 KES"),
        ("minimum payment of $35", "minimum 3500 unit"),
        ("Minimum due: HK$230", "minimum 23000 HKD"),
        ("min due Rs 900", "minimum 90000 INR"),
        ("pay at least £40", "minimum 4000 GBP"),
        ("EMI of Rs 2,450", "instalment 245000 INR"),
        ("3 instalments of £100", "instalment 10000 GBP"),
        ("12 payments of $50", "instalment 5000 unit"),
        ("monthly repayment €85", "instalment 8500 EUR"),
        ("a discount of £20", "discount 2000 GBP"),
        ("waiver of Rs 1,000", "discount 100000 INR"),
        ("save ₹500", "discount 50000 INR"),
        ("already paid £30", "paid 3000 GBP"),
        ("we received $60", "paid 6000 unit"),
        ("remaining £45", "rest 4500 GBP"),
        ("leaving KES 700", "rest 70000 KES"),
        ("credit limit of Rs 2 lakh", "limit 20000000 INR"),
        ("borrow up to £5,000", "limit 500000 GBP"),
        ("a £25 late fee", "penalty 2500 GBP"),
        ("Rs 4,310 principal", "principal 431000 INR"),
        ("£300 in total", "total 30000 GBP"),
        ("$10 off", "discount 1000 unit"),
        ("₱1,875.00 is due", "debt 187500 PHP"),
        ("KES 500 interest", "interest 50000 KES"),
        ("£50 a month", "instalment 5000 GBP"),
        ("200 dollars overdue", "debt 20000 unit"),
        ("950 pesos penalty", "penalty 95000 PHP"),
        ("£300 remaining", "rest 30000 GBP"),
        (
            "£300 principal, £25 interest and £10 late fee make a total of £335",
            "principal 30000 GBP; interest 2500 GBP; penalty 1000 GBP; total 33500 GBP",
        ),
        ("between £300 and £500", "unknown 30000..50000 GBP"),
        ("Rs 300 to Rs 500", "unknown 30000..50000 INR"),
        ("a fee of 20-30 dollars", "fee 2000..3000 unit"),
        ("$1.5k loan", "debt 150000 unit"),
        ("Rp1.500.000", "unknown 150000000 IDR"),
        ("pay ${amount} now", "debt $amount none"),
        ("pay £${amount} now", "debt $amount GBP"),
        ("a late fee of Rs. ${penalty}", "penalty $penalty INR"),
        ("principal ${principal_amount} KES", "principal $principal_amount KES"),
        ("Your EMI ${emi} is due", "instalment $emi none"),
        ("Settle ${min_due} rupees", "debt $min_due INR"),
    ]);
}

#[test]
fn pesos_of_the_philippines() {
    check_in(
        Some("ph"),
        &[
            ("P3,800 total", "total 380000 PHP"),
            ("P2,450.00 is past due", "debt 245000 PHP"),
            ("Pay P950 today", "debt 95000 PHP"),
            (
                "P3,000 principal, P500 interest and P300 penalty",
                "principal 300000 PHP; interest 50000 PHP; penalty 30000 PHP",
            ),
            ("Min due P 1,200.50", "minimum 120050 PHP"),
            ("Level P2 parking", ""),
        ],
    );
    check(&[("P3,800 is due", "debt 380000 PHP"), ("P950 today", ""), ("page p12,5", "")]);
}

#[test]
fn dates_have_occasions() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("6月18日到期", "due 6-18"),
        ("还款日为2026-06-18", "due 2026-6-18"),
        ("请于6月18日前还款", "deadline 6-18"),
        ("优惠截止6月30日", "offer 6-30"),
        ("减免至2026年7月1日", "offer 2026-7-1"),
        ("已逾期7天", "overdue 7"),
        ("已逾期${days}天", "overdue $days"),
        ("应于${dueDate}还款", "due $dueDate"),
        ("請於7/15前繳款", "deadline 7-15"),
        ("繳款截止日2026/07/20", "due 2026-7-20"),
        ("due on 05-Jun-2026", "due 2026-6-5"),
        ("pay by 18/06/2026", "deadline 2026-6-18"),
        ("offer valid until May 2", "offer 5-2"),
        ("7 days overdue", "overdue 7"),
        ("overdue by 12 days", "overdue 12"),
        ("your payment was due on ${date}", "due $date"),
        ("before ${deadline}", "deadline $deadline"),
        ("10号前还清", "deadline 10"),
    ] {
        let (_, dates, names) = analysed(text, None);
        let show = |when: &When| {
            let value = match (when.origin, when.day, when.days) {
                (Origin::Variable(at), ..) => format!("${}", names[at]),
                (_, Some(day), _) => {
                    [day.year.map(u32::from), day.month.map(u32::from), day.day.map(u32::from)]
                        .into_iter()
                        .flatten()
                        .map(|n| n.to_string())
                        .collect::<Vec<_>>()
                        .join("-")
                }
                (.., Some(days)) => days.to_string(),
                _ => "?".to_owned(),
            };
            format!("{} {value}", when.occasion.name())
        };
        let found: Vec<String> = dates.iter().map(show).collect();
        if found.join("; ") != expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {}", found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest! {
    /// What is written as an amount is read as the same amount, whatever stands around it.
    #[test]
    fn formatting_then_reading_is_the_identity(minor in 0_i64..=1_000_000_000_000, grouped: bool, shape in 0..5_usize) {
        use dunlint::facts::figure;
        let written = if grouped { figure::shown_grouped(minor) } else { figure::shown(minor) };
        prop_assert_eq!(figure::minor(&written), Some(minor));
        let (text, meaning) = match shape {
            0 => (format!("应还{written}元"), "due"),
            1 => (format!("本金￥{written}，"), "principal"),
            2 => (format!("a late fee of £{written}"), "penalty"),
            3 => (format!("違約金NT${written}"), "penalty"),
            _ => (format!("total due Rs. {written} by"), "total"),
        };
        let (amounts, ..) = analysed(&text, None);
        prop_assert_eq!(amounts.len(), 1, "{}", text);
        prop_assert_eq!(amounts[0].minor(), Some(minor), "{}", text);
        prop_assert_eq!(amounts[0].meaning.name(), meaning, "{}", text);
    }

    /// Sums are exact to the fen.
    #[test]
    fn sums_are_exact(parts in prop::collection::vec(0_i64..=1_000_000_000_000, 2..6), off in -1_i64..=1) {
        use dunlint::facts::formula::Formula;
        let names: Vec<String> = (0..parts.len()).map(|n| format!("p{n}")).collect();
        let formula = Formula::parse(&names.join(" + ")).unwrap();
        let value = |name: &str| names.iter().position(|known| known == name).map(|at| parts[at]);
        let exact: i128 = parts.iter().map(|part| i128::from(*part)).sum();
        let sum = formula.sum(value).unwrap();
        prop_assert_eq!(i128::from(sum), exact);
        prop_assert_eq!(sum + off == sum, off == 0);
    }

    /// No text makes the analysis fail, and what it finds stands in the text.
    #[test]
    fn any_text_is_read(text in "([一-龥0-9.,元¥$P£%万至-]|应还|本金|合计|total|fee|\\$\\{x\\}| ){0,40}") {
        let (amounts, dates, _) = analysed(&text, Some("ph"));
        prop_assert!(amounts.windows(2).all(|pair| pair[0].span.start < pair[1].span.start));
        prop_assert!(dates.iter().all(|when| !when.span.is_empty()));
    }
}
