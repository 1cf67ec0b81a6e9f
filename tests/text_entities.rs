//! What is found written out in messages: amounts, dates, links, phone and identity numbers.

use dunlint::facts::entities::find;
use dunlint::facts::{Entity, EntityKind};
use dunlint::text::fold_text;
use proptest::prelude::*;

/// An entity as `kind spelling` and what else it says.
fn shown(text: &str, entity: &Entity) -> String {
    let spelling = entity.span.of_text(text);
    match &entity.kind {
        EntityKind::Amount { minor, currency } => {
            format!("amount {spelling} {minor} {}", currency.unwrap_or("-"))
        }
        EntityKind::Url { host, https } => {
            let scheme = match https {
                Some(true) => "https",
                Some(false) => "http",
                None => "-",
            };
            format!("url {spelling} {host} {scheme}")
        }
        EntityKind::Date => format!("date {spelling}"),
        EntityKind::Percent => format!("percent {spelling}"),
        EntityKind::ServicePhone => format!("service {spelling}"),
        EntityKind::MobilePhone => format!("mobile {spelling}"),
        EntityKind::IdNumber => format!("id {spelling}"),
        EntityKind::Card => format!("card {spelling}"),
        EntityKind::Number => format!("number {spelling}"),
    }
}

/// Checks each text (before folding) against all its entities, in order, with `; ` between them.
fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let folded = fold_text(text).text;
        let found: Vec<String> = find(&folded).iter().map(|e| shown(&folded, e)).collect();
        if found.join("; ") != *expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {}", found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn amounts_have_values() {
    check(&[
        ("应还1,280.50元", "amount 1,280.50元 128050 -"),
        ("欠款2000元", "amount 2000元 200000 -"),
        ("应还¥99", "amount ¥99 9900 CNY"),
        ("应还￥1,000.00。", "amount ¥1,000.00 100000 CNY"),
        ("HK$ 3,560", "amount hk$ 3,560 356000 HKD"),
        ("NT$1,980已逾期", "amount nt$1,980 198000 TWD"),
        ("欠款$12,000，等住", "amount $12,000 1200000 -"),
        ("US$45.5", "amount us$45.5 4550 USD"),
        ("a £25 late fee", "amount £25 2500 GBP"),
        ("₱1,875.00 with", "amount ₱1,875.00 187500 PHP"),
        ("€20", "amount €20 2000 EUR"),
        ("₹1,00,000 due", "amount ₹1,00,000 10000000 INR"),
        ("EMI of Rs 4,310 due", "amount rs 4,310 431000 INR"),
        ("Rs. 500 is due", "amount rs. 500 50000 INR"),
        ("INR 1,500", "amount inr 1,500 150000 INR"),
        ("KES 5,000 plus", "amount kes 5,000 500000 KES"),
        ("KSh 300", "amount ksh 300 30000 KES"),
        ("PHP 2,000.00", "amount php 2,000.00 200000 PHP"),
        ("USD 480", "amount usd 480 48000 USD"),
        ("Rp1.500.000", "amount rp1.500.000 150000000 IDR"),
        ("RMB500", "amount rmb500 50000 CNY"),
        ("人民币300元", "amount 人民币300元 30000 CNY"),
        ("港幣12000", "amount 港币12000 1200000 HKD"),
        ("500港元", "amount 500港元 50000 HKD"),
        ("PAY 950 PESOS NOW", "amount 950 pesos 95000 PHP"),
        ("200 dollars", "amount 200 dollars 20000 -"),
        ("700 rupees", "amount 700 rupees 70000 INR"),
        ("2 lakh rupees", "amount 2 lakh rupees 20000000 INR"),
        ("20块钱", "amount 20块钱 2000 -"),
        ("还300塊", "amount 300块 30000 -"),
        ("三千五百元都", "amount 三千五百元 350000 -"),
        ("壹万贰仟元整", "amount 壹万贰仟元 1200000 -"),
        ("一百零五圓", "amount 一百零五圆 10500 -"),
        ("一万多元", "amount 一万多元 1000000 -"),
        ("五百块", "amount 五百块 50000 -"),
        ("两千块钱", "amount 两千块钱 200000 -"),
        ("欠款1.2万，", "amount 1.2万 1200000 -"),
        ("额度20万元", "amount 20万元 20000000 -"),
        ("2千元", "amount 2千元 200000 -"),
        ("1万2千元", "amount 1万2千元 1200000 -"),
        ("最高300多万元", "amount 300多万元 300000000 -"),
        ("违约金8元，", "amount 8元 800 -"),
        ("５６０元", "amount 560元 56000 -"),
        ("逾期500，200元", "number 500; amount 200元 20000 -"),
        ("2025元旦", "number 2025"),
        ("1.2万人", "number 1.2"),
        ("一块去，万一还一元化", "amount 一元 100 -"),
        ("一定还，三天内", ""),
        ("99999999999999999999元", "number 99999999999999999999"),
    ]);
}

#[test]
fn dates_and_times() {
    check(&[
        ("6月18日到期", "date 6月18日"),
        ("11月06日", "date 11月06日"),
        ("2025-06-18前", "date 2025-06-18"),
        ("2025年6月18日", "date 2025年6月18日"),
        ("2025/6/18", "date 2025/6/18"),
        ("2025.06.18", "date 2025.06.18"),
        ("20250618", "date 20250618"),
        ("2025年6月", "date 2025年6月"),
        ("6/25為繳款日", "date 6/25"),
        ("7/15", "date 7/15"),
        ("18/06/2025", "date 18/06/2025"),
        ("10号前还清", "date 10号"),
        ("將於28號自動轉賬", "date 28号"),
        ("15日前", "date 15日"),
        ("due on 05-Jun is", "date 05-jun"),
        ("05-Jun-2025", "date 05-jun-2025"),
        ("first on May 2.", "date may 2"),
        ("by June 5, 2025", "date june 5, 2025"),
        ("by 9 May. Missed", "date 9 may"),
        ("the 5th June", "date 5th june"),
        ("六月十八日", "date 六月十八日"),
        ("十五号前", "date 十五号"),
        ("option 1 may be", "number 1"),
        ("May we call", ""),
        ("法院路66号", "number 66"),
        ("幸福里3号楼2单元501室", "number 3; number 2; number 501"),
        ("已逾期3日", "number 3"),
        ("您7月账单", "number 7"),
        ("第7/12期", "number 7/12"),
        ("2023年所签", "number 2023"),
        ("9:00-18:00", "number 9:00; number 18:00"),
        ("open 24/7", "number 24; number 7"),
    ]);
}

#[test]
fn percentages() {
    check(&[
        ("预付30%保证金", "percent 30%"),
        ("日利率0.05％", "percent 0.05%"),
        ("按日万分之五计收", "percent 万分之五"),
        ("百分之三十", "percent 百分之三十"),
        ("千分之0.5", "percent 千分之0.5"),
        ("5‰", "percent 5‰"),
        ("24.9% APR", "percent 24.9%"),
        ("10 percent fee", "percent 10 percent"),
    ]);
}

#[test]
fn links_are_links_and_mail_is_not() {
    check(&[
        ("https://www.example.cn/rules，客服", "url https://www.example.cn/rules www.example.cn https"),
        ("http://example.com:8080/a?b=c#d.", "url http://example.com:8080/a?b=c#d example.com http"),
        ("点击 t.cn/\u{fffd}", "url t.cn/ t.cn -"),
        ("请点 dwz.cn/xxxxxx 处理", "url dwz.cn/xxxxxx dwz.cn -"),
        ("hk-example.top/p?u=1 归还", "url hk-example.top/p?u=1 hk-example.top -"),
        ("连结 reurl.cc/abc，金额", "url reurl.cc/abc reurl.cc -"),
        ("登录example.com查看", "url example.com example.com -"),
        ("163.com", "url 163.com 163.com -"),
        ("wa.me/8613800000000", "url wa.me/8613800000000 wa.me -"),
        ("BIT.LY/AbC", "url bit.ly/abc bit.ly -"),
        ("www.example.com.my", "url www.example.com.my www.example.com.my -"),
        ("write to care@example.com or", ""),
        ("The loan is closed.Pay is due.it helps", ""),
        ("v2.0 and file.pdf", "number 0"),
        ("http://localhost/x", "url http://localhost/x localhost http"),
        ("加@example_bot", ""),
    ]);
    let with_placeholders: &[(&str, &str)] = &[
        ("点击 t.cn/\u{e00c} 还款", "url t.cn/\u{e00c} t.cn -"),
        ("tinyurl.com/\u{e00c} before", "url tinyurl.com/\u{e00c} tinyurl.com -"),
        ("hk-example.top/p?u=\u{e00f} 归", "url hk-example.top/p?u=\u{e00f} hk-example.top -"),
        ("https://\u{e00f}/x", "url https://\u{e00f}/x \u{e00f} https"),
    ];
    for (text, expected) in with_placeholders {
        let found: Vec<String> = find(text).iter().map(|e| shown(text, e)).collect();
        assert_eq!(found.join("; "), *expected);
    }
}

#[test]
fn service_phones() {
    check(&[
        ("客服400-000-1001。", "service 400-000-1001"),
        ("4000001001", "service 4000001001"),
        ("400 000 1001", "service 400 000 1001"),
        ("400-0001-001", "service 400-0001-001"),
        ("客服95000。", "service 95000"),
        ("手头紧打0371-0000-1234商量", "service 0371-0000-1234"),
        ("拨0531 8800 0000", "service 0531 8800 0000"),
        ("拨打12378投诉", "service 12378"),
        ("请拨打96110", "service 96110"),
        ("客服02-0000-0800。", "service 02-0000-0800"),
        ("專線0800-000-202", "service 0800-000-202"),
        ("查詢3000 0001", "service 3000 0001"),
        ("热线010-12345678", "service 010-12345678"),
        ("电话0571-1234567", "service 0571-1234567"),
        ("Call (02) 8000-0001 or", "service (02) 8000-0001"),
        ("1800-000-0001 -Example", "service 1800-000-0001"),
        ("Call 0800 000 0001 to pay", "service 0800 000 0001"),
        ("on 0800 000 101.", "service 0800 000 101"),
        ("call 800-555-0144. STOP", "service 800-555-0144"),
        ("1-800-555-0144", "service 1-800-555-0144"),
        ("(800) 555-0144", "service (800) 555-0144"),
        ("+1 800 555 0144", "service +1 800 555 0144"),
        ("0207 946 0000", "service 0207 946 0000"),
        ("致电400-000-1001/400-000-1002", "service 400-000-1001; service 400-000-1002"),
        ("call 95000 30 days", "service 95000; number 30"),
    ]);
}

#[test]
fn mobile_phones() {
    check(&[
        ("张经理13800000000", "mobile 13800000000"),
        ("138 0000 0000", "mobile 138 0000 0000"),
        ("+86 13800000000", "mobile +86 13800000000"),
        ("0912-345-678", "mobile 0912-345-678"),
        ("text me on 07700 900123, ask", "mobile 07700 900123"),
        ("+44 7700 900123", "mobile +44 7700 900123"),
        ("my number 90000-00000 (Ramesh)", "mobile 90000-00000"),
        ("GPay 9000000000", "mobile 9000000000"),
        ("Peter 0700 000000 and", "mobile 0700 000000"),
        ("0712 345 678", "mobile 0712 345 678"),
        ("GCash 0917 123 4567", "mobile 0917 123 4567"),
        ("WhatsApp 9123 4567", "mobile 9123 4567"),
        ("0812-3456-7890", "mobile 0812-3456-7890"),
        ("138****0000", "number 138; number 0000"),
        ("QQ 10000xxxx", "number 10000"),
    ]);
}

#[test]
fn identity_and_card_numbers() {
    check(&[
        ("身份证号11010519491231002X，", "id 11010519491231002x"),
        ("110105 19491231 002X", "id 110105 19491231 002x"),
        ("编号110105194912310021", "number 110105194912310021"),
        ("身份证110105491231002", "id 110105491231002"),
        ("身分證字號A123456789）", "id a123456789"),
        ("A123456788", ""),
        ("身份證 A123456(3)", "id a123456(3)"),
        ("SSN 078-05-1120, your", "id 078-05-1120"),
        ("PAN ABCDE1234F, R/o", "id abcde1234f"),
        ("Aadhaar 1234 5678 9012", "id 1234 5678 9012"),
        ("NI AB123456C.", "id ab123456c"),
        ("行卡6200000000000005，", "card 6200000000000005"),
        ("银行卡6200 0000 0000 0005扣款", "card 6200 0000 0000 0005"),
        ("4111-1111-1111-1111", "card 4111-1111-1111-1111"),
        ("卡号6222021234567890123", "card 6222021234567890123"),
        ("6222021234567890123", "number 6222021234567890123"),
        ("订单4111111111111111", "number 4111111111111111"),
        ("账号1000 0000 0000 0001，开户", "number 1000 0000 0000 0001"),
        ("尾号1234", "number 1234"),
        ("****1234", "number 1234"),
        ("6200****0005", "number 6200; number 0005"),
        ("微信 example_lm01 加", ""),
        ("识别码0000000", "number 0000000"),
    ]);
}

proptest! {
    #[test]
    fn entities_are_sorted_and_lie_on_borders(text in "[0-9a-z .,:/@+()\u{e000}年月日号元万块三十百¥$%x*-]{0,60}|\\PC{0,40}") {
        let mut end = 0;
        for entity in find(&text) {
            prop_assert!(entity.span.start >= end && entity.span.start < entity.span.end);
            prop_assert!(!entity.span.of_text(&text).is_empty());
            end = entity.span.end;
        }
    }
}

#[test]
fn a_long_text_takes_time_in_proportion() {
    for part in ["1-1 1.a.1@x ", "a.", "1 ", "1,", "us$", "一元", "a@a."] {
        let time = |bytes: usize| {
            let text = part.repeat(bytes / part.len());
            let start = std::time::Instant::now();
            let found = find(&text).len();
            (found, start.elapsed())
        };
        let (few, short) = time(800);
        let (many, long) = time(8_000);
        // What goes on like a figure without end is no figure, however long it is.
        assert!(many >= few * 9 || part == "1,", "{part}");
        assert!(long < short * 50 + std::time::Duration::from_millis(300), "{part} {short:?} {long:?}");
    }
}
