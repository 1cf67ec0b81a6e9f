//! Folding and clauses: what is put together again, what stays apart, and the way back to the body.

use dunlint::facts::Role;
use dunlint::source::Span;
use dunlint::template::PathPiece;
use dunlint::text::{Clauses, Folded, HiddenKind, fold, fold_text, fold_word};
use proptest::prelude::*;

/// Text on the left folds to text on the right.
const FOLDS: &[(&str, &str)] = &[
    ("ＡＢＣ１２３，。！", "abc123,。!"),
    ("發院傳票", "法院传票"),
    ("起素材料已递交", "起诉材料已递交"),
    ("由您发起素质教育", "由您发起素质教育"),
    ("征芯、薇信、律师涵、收款玛", "征信、微信、律师函、收款码"),
    ("qi诉到F院，cha封", "起诉到法院,查封"),
    ("tongxunlu已导出，转gjf", "通讯录已导出,转公检法"),
    ("氵去院、弓虽制执行", "法院、强制执行"),
    ("外访组会上 / 门", "外访组会上门"),
    ("上m 法@", "上门法@"),
    ("线上 / 门店", "线上 / 门店"),
    ("加薇❤信、薇❤", "加微信、微信"),
    ("存证信函，郑信先生，律师涵盖", "存证信函,郑信先生,律师涵盖"),
    ("见 zhengxin.example.com", "见 zhengxin.example.com"),
    ("⒈⒈⓪", "110"),
    ("A w.a.r.r.a.n.t, a j a i l cell", "a warrant, a jail cell"),
    // Two circled forms make a digit that stands between letters.
    ("а①éa，", "aiea,"),
    ("單 位 領 導那里", "单位领导那里"),
    ("已 移 送 法 院，立 案 号稍后告知", "已移送法院,立案号稍后告知"),
    ("上·门·核·实", "上门核实"),
    ("诈\u{200b}骗", "诈骗"),
    ("起*诉、通*讯*录好友", "起诉、通讯录好友"),
    ("失＊信＊人＊员，限＊高", "失信人员,限高"),
    ("最|后|机|会", "最后机会"),
    ("爸/妈/老/婆", "爸妈老婆"),
    ("今晚報/警，明早抓\u{2060}人", "今晚报警,明早抓人"),
    ("外 . 访 . 组", "外访组"),
    ("律.师.函", "律师函"),
    ("強-制-執-行", "强制执行"),
    ("姓　名：李**", "姓名:李**"),
    ("先生/女士", "先生/女士"),
    ("姓名 金额", "姓名 金额"),
    ("应还：20元｜到期日：6月", "应还:20元|到期日:6月"),
    ("a r r e s t is next", "arrest is next"),
    ("L-A-S-T C-H-A-N-C-E", "last chance"),
    ("C R B forms", "crb forms"),
    ("send a C R B form", "send a crb form"),
    ("W h a t s A p p 07700", "whatsapp 07700"),
    ("l a s t  d a y", "last day"),
    ("a_b_c.example.com", "a_b_c.example.com"),
    ("x.y.z.example.com", "x.y.z.example.com"),
    ("c0urt b@iliffs", "court bailiffs"),
    ("pol1ce compla1nt, b0ss and HR", "police complaint, boss and hr"),
    ("h0me vis1t, ph0tos", "home visit, photos"),
    ("ja!l", "jail"),
    ("pay now!then call", "pay now!then call"),
    ("care@example.com", "care@example.com"),
    ("name@okbank", "name@okbank"),
    ("@example_l0an", "@example_l0an"),
    ("example_lm01ab", "example_lm01ab"),
    ("bit.ly/c0de", "bit.ly/c0de"),
    ("https://pay.example.com/l0gin", "https://pay.example.com/l0gin"),
    ("R2D5T77X", "r2d5t77x"),
    ("jаil", "jail"),
    ("Ⓐrrest ａnd 𝐣ail", "arrest and jail"),
    ("①500元②600元", "①500元②600元"),
    ("①③⑧0000", "1380000"),
    ("逾期500，200元", "逾期500，200元"),
    ("１，２８０元", "1,280元"),
    ("“安全账户”‘x’", "\"安全账户\"'x'"),
    ("a\r\nb\tc  d", "a\nb c d"),
    ("café cafe\u{301}", "cafe cafe"),
    ("⚠️⚠️逾期", "⚠⚠逾期"),
    ("1️⃣还款", "1还款"),
    ("⼈民", "人民"),
    ("乾坤 著名", "干坤 着名"),
    ("本金＋利息", "本金利息"),
    ("hk$ NT$ ￥20", "hk$ nt$ ¥20"),
    ("支。付。命。令已核發", "支付命令已核发"),
    ("再。不。还。就去。", "再不还就去。"),
    ("好。请还款。谢。", "好。请还款。谢。"),
    ("今日处理,谢谢,再见", "今日处理,谢谢,再见"),
    ("tell your nei.ghbours", "tell your neighbours"),
    ("see you in c*urt", "see you in court"),
    ("step-by-step at pay.court.example.com", "step-by-step at pay.court.example.com"),
    ("\u{e000}\u{e00f}", "\u{fffd}\u{fffd}"),
];

#[test]
fn texts_fold_as_listed() {
    for (text, expected) in FOLDS {
        assert_eq!(fold_text(text).text, *expected, "{text}");
    }
}

fn kinds(folded: &Folded, word: &str) -> Vec<HiddenKind> {
    let at = folded.text.find(word).unwrap_or(usize::MAX / 2);
    folded.hidden_in(Span::of(at, at + word.len())).iter().map(|h| h.kind).collect()
}

#[test]
fn what_hid_a_word_is_told() {
    use HiddenKind::{Invisible, Leet, Lookalike, Separator};
    let cases: &[(&str, &str, &[HiddenKind])] = &[
        ("您\u{200b}上\u{200b}门\u{200b}。", "上门", &[Invisible('\u{200b}')]),
        ("将起＊诉您", "起诉", &[Separator('＊')]),
        ("已 移 送", "移送", &[Separator(' ')]),
        ("已 移 送", "已移", &[Separator(' ')]),
        ("jаil", "jail", &[Lookalike('а')]),
        ("c0urt", "court", &[Leet('0')]),
        ("C-R-B", "crb", &[Separator('-'), Separator('-')]),
        ("cafe\u{301}", "cafe", &[Lookalike('\u{301}')]),
        ("⚠️逾期", "⚠逾期", &[]),
        ("法院", "法院", &[]),
        ("ｃｏｕｒｔ 發院", "court 发院", &[]),
        ("क्\u{200d}ष", "क्ष", &[]),
    ];
    for (text, word, expected) in cases {
        assert_eq!(kinds(&fold_text(text), word), *expected, "{text}");
    }
}

#[test]
fn a_match_leads_back_to_the_spelling_in_the_body() {
    for (text, word, spelling) in [
        ("我们将上·门·核·实，电话", "上门核实", "上·门·核·实"),
        ("已 移 送 法 院，", "移送法院", "移 送 法 院"),
        ("移交公\u{200b}安，", "公安", "公\u{200b}安"),
        ("⚠️⚠️逾期", "⚠⚠", "⚠️⚠️"),
        ("a r r e s t is", "arrest", "a r r e s t"),
        ("b@iliffs hold", "bailiffs", "b@iliffs"),
        ("the con-tacts we hold", "contacts", "con-tacts"),
        ("已。起。诉。", "已起诉", "已。起。诉"),
        ("欠ＲＭＢ５００", "rmb500", "ＲＭＢ５００"),
        ("行1\r\n\r\n行2", "行1\n\n行2", "行1\r\n\r\n行2"),
    ] {
        let folded = fold_text(text);
        let at = folded.text.find(word).unwrap();
        let body = folded.to_body(Span::of(at, at + word.len()));
        assert_eq!(body.of_text(text), spelling);
    }
}

#[test]
fn placeholders_and_escapes_keep_their_places() {
    let body = "欠${amount}元100%%，起${x}诉";
    let at = |needle: &str| body.find(needle).unwrap();
    let span = |needle: &str| Span::of(at(needle), at(needle) + needle.len());
    let text = |from: usize, to: usize| PathPiece::Text(Span::of(from, to));
    let pieces = [
        text(0, at("${amount}")),
        PathPiece::Placeholder(0),
        text(at("元"), at("%%")),
        PathPiece::Escape { span: span("%%"), text: "%".to_owned() },
        text(at("，"), at("${x}")),
        PathPiece::Placeholder(1),
        text(at("诉"), body.len()),
    ];
    let role_of =
        |i: usize| if i == 0 { (Role::Amount, span("${amount}")) } else { (Role::Unknown, span("${x}")) };
    let folded = fold(&pieces, body, role_of);
    assert_eq!(folded.text, "欠\u{e000}元100%,起\u{e00f}诉");
    let percent = folded.text.find('%').unwrap();
    assert_eq!(folded.to_body(Span::of(percent, percent + 1)).of_text(body), "%%");
    assert_eq!(folded.to_body(Span::of(3, 9)).of_text(body), "${amount}元");
}

#[test]
fn words_of_policies_fold_like_text() {
    assert_eq!(fold_word("上門 起訴"), "上门 起诉");
    assert_eq!(fold_word("WhatsApp　Ｐａｙ  me"), "whatsapp pay me");
}

/// A text and its clauses, with `/` between clauses and `//` between sentences.
const CLAUSES: &[(&str, &str)] = &[
    ("您欠1,280元，请还。谢谢！", "您欠1,280元/请还//谢谢"),
    ("逾期500，200元", "逾期500/200元"),
    ("Rs 1,00,000 due, pay", "rs 1,00,000 due/pay"),
    ("应还：20元｜到期日：6月——速还…好", "应还:20元/到期日:6月/速还/好"),
    ("爸妈、同事；朋友\n第二行", "爸妈、同事//朋友//第二行"),
    (
        "Rs. 500 is due. Call No. 5 at 9 a.m. today. Mr. Rao",
        "rs. 500 is due//call no. 5 at 9 a.m. today//mr. rao",
    ),
    ("We said no. Pay 2.5% now...or else", "we said no//pay 2.5% now/or else"),
    ("pay today - or else, v1.2 at example.com", "pay today/or else/v1.2 at example.com"),
    ("!!! 速还!!!立刻", "速还//立刻"),
    ("", ""),
];

#[test]
fn clauses_and_sentences_end_where_listed() {
    for (text, expected) in CLAUSES {
        let folded = fold_text(text);
        let mut shown = String::new();
        let mut last = None;
        for clause in Clauses::of(&folded).list {
            match last {
                Some(n) if n == clause.sentence => shown.push('/'),
                Some(_) => shown.push_str("//"),
                None => {}
            }
            last = Some(clause.sentence);
            shown.push_str(clause.span.of_text(&folded.text));
        }
        assert_eq!(shown, *expected, "{text}");
    }
}

#[test]
fn positions_belong_to_clauses() {
    let folded = fold_text("一，二。三，四");
    let clauses = Clauses::of(&folded);
    let at = |c: char| clauses.at(u32::try_from(folded.text.find(c).unwrap()).unwrap());
    assert_eq!(['一', '二', '三', '四'].map(at), [0, 1, 2, 3]);
    assert_eq!(clauses.sentence(1).unwrap().of_text(&folded.text), "三,四");
    assert_eq!(clauses.sentence(2), None);
}

/// Text that is likely to hit the rules of folding.
fn tricky() -> impl Strategy<Value = String> {
    let bits = [
        "法", "院", "上", "門", "元", " ", "  ", "*", ".", "-", "|", "/", "a", "B", "r", "1", "0", "5", "@",
        "!", "$", "_", "，", ",", "。", "①", "\u{200b}", "\u{200d}", "\u{fe0f}", "\u{301}", "⚠", "а", "Ⓐ",
        "\r\n", "\n", "５", "://", "\u{e001}", "é", "…", "—", "丨", "\u{20e3}",
    ];
    let bit = prop::sample::select(bits.to_vec()).prop_map(str::to_owned);
    let other = prop::char::any().prop_map(String::from);
    prop::collection::vec(prop_oneof![9 => bit, 1 => other], 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn origins_are_sorted_and_lie_on_borders_of_characters(text in tricky()) {
        let folded = fold_text(&text);
        let mut end = 0;
        for (at, c) in folded.text.char_indices() {
            let span = folded.to_body(Span::of(at, at + c.len_utf8()));
            prop_assert!(text.get(span.range()).is_some_and(|s| !s.is_empty()));
            prop_assert!(span.start >= end);
            end = span.end;
        }
        if !folded.text.is_empty() {
            let whole = folded.to_body(Span::of(0, folded.text.len()));
            prop_assert_eq!(whole.end, end);
        }
        let mut last = 0;
        for hidden in &folded.hidden {
            prop_assert!(hidden.at >= last && folded.text.is_char_boundary(hidden.at as usize));
            prop_assert!(text.get(hidden.body.range()).is_some_and(|s| !s.is_empty()));
            last = hidden.at;
        }
    }

    #[test]
    fn folding_twice_changes_nothing(text in tricky()) {
        // Capitals tell a code or a name from letters that stand for a character, and a folded text has none.
        // So does a wide blank: it ends a word whose letters are spaced out.
        let mut after_blank = false;
        let mut text = text.to_lowercase();
        text.retain(|c| !std::mem::replace(&mut after_blank, c.is_whitespace()) || !c.is_whitespace());
        let once = fold_text(&text).text;
        prop_assert_eq!(&fold_text(&once).text, &once);
    }

    #[test]
    fn clauses_are_sorted_and_hold_all_letters(text in tricky()) {
        let folded = fold_text(&text);
        let clauses = Clauses::of(&folded);
        let mut end = 0;
        for clause in &clauses.list {
            prop_assert!(clause.span.start >= end && clause.span.start < clause.span.end);
            prop_assert!(!clause.span.of_text(&folded.text).is_empty());
            let between = Span::new(end, clause.span.start).of_text(&folded.text);
            prop_assert!(!between.contains(char::is_alphanumeric));
            end = clause.span.end;
        }
        prop_assert!(!folded.text[end as usize..].contains(char::is_alphanumeric));
    }
}
