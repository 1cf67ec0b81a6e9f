//! What is said bluntly is told, whatever stands before it: an act of pressure times the ways to lead up to it. The
//! judged messages say how well subtle ones are told; this says that no mended false alarm costs a plain threat.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::finding::Level;
use dunlint::judge::{Circumstances, Judge};
use dunlint::policy::PolicySet;
use dunlint::source::{ChosenBy, Id, Mapped, Meta, Record, Source, SourceSpec, Span};
use dunlint::template::{Hints, Template};
use std::sync::Arc;

const CONDITIONS: [&str; 6] =
    ["再不还", "今天不还", "{n}，欠款{amt}元再拖", "不还钱", "最后一次，不处理", "逾期{d}天了，还不还"];

const SENDERS: [&str; 6] = ["就", "我们就", "马上", "我们会", "只能", "别怪我们"];

const ACTS: [&str; 40] = [
    "上门找你家人",
    "上门找你",
    "去你家",
    "去你单位找你领导",
    "通知你家人",
    "联系你父母",
    "打爆你通讯录",
    "群发你通讯录",
    "曝光你",
    "贴到你小区门口",
    "派人去你家",
    "带人上门",
    "报警抓你",
    "让你坐牢",
    "告诉你老婆",
    "给你同事打电话",
    "找你爸妈要",
    "让你全家不得安宁",
    "打断你的腿",
    "弄死你",
    "把你照片发到网上",
    "P图发给你亲友",
    "让你身败名裂",
    "去你孩子学校",
    "堵你门口",
    "拉横幅",
    "把你送进监狱",
    "冻结你所有账户",
    "强制执行你的房产",
    "让你这辈子贷不了款",
    "拉入全国黑名单",
    "联系你村委会",
    "告诉你公婆",
    "去你老家",
    "到你公司坐着",
    "骚扰到你还为止",
    "每天打一百个电话",
    "轰炸你手机",
    "找人收拾你",
    "让你好看",
];

const CONDITIONS_EN: [&str; 4] =
    ["Pay {amt} today or", "If you do not pay by tonight", "Last chance,", "You owe {amt}."];

const SENDERS_EN: [&str; 4] = ["we will", "we'll", "our team will", "I will"];

const ACTS_EN: [&str; 30] = [
    "visit your home",
    "come to your house",
    "call your boss",
    "tell your family",
    "text all your contacts",
    "post your photo online",
    "have you arrested",
    "send you to jail",
    "beat you up",
    "break your legs",
    "report you to the police as a thief",
    "seize your salary",
    "garnish your wages",
    "blacklist you forever",
    "tell your wife",
    "go to your workplace",
    "shame you on Facebook",
    "call your mother every hour",
    "send the boys to your door",
    "visit your parents",
    "expose you to your neighbours",
    "make sure you never get a loan again",
    "take your car",
    "freeze your bank account",
    "contact your references",
    "speak to your HR",
    "burn your house",
    "hurt you",
    "ruin your name",
    "call you a hundred times a day",
];

/// Families that blunt pressure belongs to.
const CONTENT: [&str; 4] = ["threat", "authority", "disclosure", "exaggeration"];

/// Whether a rule of [`CONTENT`] has more than a note to say about `text`.
fn is_told(policies: &PolicySet, text: &str, jurisdiction: &str) -> bool {
    let path: Arc<str> = Arc::from("m.txt");
    let source = Source::from_text(&path, text.to_owned());
    let mut meta = Meta::default();
    meta.declare("dialect", "brace".into(), None);
    meta.declare("jurisdiction", jurisdiction.into(), None);
    let record = Record {
        id: Id { text: "m".to_owned(), span: None },
        body: Mapped::verbatim(text, 0),
        body_span: Span::of(0, text.len()),
        meta,
        dialect_chosen_by: Some(ChosenBy::Record),
    };
    let spec = SourceSpec::default();
    let hints = Hints { path: &path, option: None, spec: Some(&spec) };
    let (mut templates, _) = Template::parse_file(vec![record], &hints);
    let circumstances = Circumstances::default();
    let judge = Judge { policies, circumstances: &circumstances, host: "plain", fingerprints: false };
    let findings = judge.judge(&source, &mut templates[0]).findings;
    findings
        .iter()
        .any(|found| found.level > Level::Note && CONTENT.contains(&policies.rules[found.rule].family()))
}

#[test]
fn what_is_said_bluntly_is_told() {
    let (policies, ..) = PolicySet::load(&[]);
    let mut texts = Vec::new();
    for (condition, sender) in CONDITIONS.iter().flat_map(|c| SENDERS.iter().map(move |s| (c, s))) {
        texts.extend(ACTS.iter().map(|act| (format!("{condition}，{sender}{act}。"), "cn")));
    }
    for (condition, sender) in CONDITIONS_EN.iter().flat_map(|c| SENDERS_EN.iter().map(move |s| (c, s))) {
        texts.extend(ACTS_EN.iter().map(|act| (format!("{condition} {sender} {act}."), "uk")));
    }
    let untold: Vec<&String> =
        texts.iter().filter(|(text, place)| !is_told(&policies, text, place)).map(|(text, _)| text).collect();
    // A condition and an act that do not go together in earnest (只能每天打一百个电话) may stay untold.
    assert!(untold.len() * 100 <= texts.len(), "{} of {}: {untold:#?}", untold.len(), texts.len());
}
