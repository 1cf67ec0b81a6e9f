//! The judged messages of `fixtures/judgement`: what the rules learned from them stays learned. How well they do
//! on messages nobody has seen is another matter, which `HISTORY.md` there tells.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use dunlint::finding::Level;
use dunlint::judge::{Circumstances, Judge};
use dunlint::policy::PolicySet;
use dunlint::source::{ChosenBy, Id, Mapped, Meta, Record, Source, SourceSpec, Span};
use dunlint::template::{Hints, Template};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const CONTENT: [&str; 7] =
    ["threat", "authority", "disclosure", "privacy", "exaggeration", "informal", "obfuscation"];
const PRESENCE: [&str; 4] = ["amount", "channel", "identity", "concise"];
const MENTION: &str = "legal.mention";

/// The batches up to this one have been learned from; the others only show what was reached unseen.
const LEARNED: usize = 21;

/// Batches that were written to be hard.
const HARD: std::ops::RangeInclusive<usize> = 14..=16;

/// Hits, misses, false alarms.
#[derive(Clone, Copy, Default)]
struct Tally {
    hits: usize,
    misses: usize,
    alarms: usize,
}

impl Tally {
    fn recall(self) -> f64 {
        self.hits as f64 / (self.hits + self.misses).max(1) as f64
    }

    fn precision(self) -> f64 {
        self.hits as f64 / (self.hits + self.alarms).max(1) as f64
    }

    fn f1(self) -> f64 {
        2.0 * self.hits as f64 / (2 * self.hits + self.misses + self.alarms).max(1) as f64
    }
}

fn batches() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/judgement");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut batches: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).collect();
    batches.sort();
    batches
}

fn records(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts<'v>(record: &'v Value, key: &str) -> Vec<&'v str> {
    let list = record[key].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|label| label.as_str().or_else(|| label["label"].as_str())).collect()
}

/// The families of findings that count, each with its strongest level.
fn found(policies: &PolicySet, record: &Value) -> BTreeMap<String, Level> {
    let text = record["text"].as_str().unwrap();
    let mut meta = Meta::default();
    for key in ["lang", "jurisdiction", "dialect"] {
        meta.declare(key, record[key].clone(), None);
    }
    for (key, value) in record["meta"].as_object().into_iter().flatten() {
        meta.declare(key, value.clone(), None);
    }
    let path: Arc<str> = Arc::from("judged.txt");
    let source = Source::from_text(&path, text.to_owned());
    let record = Record {
        id: Id { text: "judged".to_owned(), span: None },
        body_span: Span::of(0, text.len()),
        body: Mapped::verbatim(text, 0),
        meta,
        dialect_chosen_by: Some(ChosenBy::Record),
    };
    let spec = SourceSpec::default();
    let hints = Hints { path: &path, option: None, spec: Some(&spec) };
    let (mut templates, _) = Template::parse_file(vec![record], &hints);
    let circumstances = Circumstances::default();
    let judge = Judge { policies, circumstances: &circumstances, host: "plain", fingerprints: false };
    let mut families = BTreeMap::new();
    for finding in templates.iter_mut().flat_map(|template| judge.judge(&source, template).findings) {
        if finding.level >= Level::Warning {
            let family = policies.rules[finding.rule].family().to_owned();
            let level = families.entry(family).or_insert(finding.level);
            *level = finding.level.max(*level);
        }
    }
    families
}

/// The tally of each family, how many messages carry no label, and how many of these have an error.
fn tally(policies: &PolicySet, records: &[Value]) -> (BTreeMap<&'static str, Tally>, usize, usize) {
    let mut tallies = BTreeMap::new();
    let (mut clean, mut wrong) = (0, 0);
    for record in records {
        let found = found(policies, record);
        let (labels, edge) = (texts(record, "labels"), texts(record, "borderline"));
        let family = |label: &&str| label.split('.').next().unwrap_or("").to_owned();
        let firm: BTreeSet<String> = labels.iter().filter(|label| **label != MENTION).map(family).collect();
        let mentioned = labels.contains(&MENTION) || edge.contains(&MENTION);
        for name in CONTENT.into_iter().chain(PRESENCE) {
            let tally: &mut Tally = tallies.entry(name).or_default();
            let level = found.get(name);
            if firm.contains(name) {
                *(if level.is_some() { &mut tally.hits } else { &mut tally.misses }) += 1;
            } else if !edge.iter().any(|label| family(label) == name)
                && level.is_some_and(|level| !mentioned || *level == Level::Error)
            {
                tally.alarms += 1;
            }
        }
        if labels.is_empty() && edge.is_empty() {
            clean += 1;
            // The labels know nothing of a way to stop the texts, which a US collector owes.
            let told = found.iter().filter(|(family, _)| *family != "frequency");
            wrong += usize::from(told.map(|(_, level)| *level).any(|level| level == Level::Error));
        }
    }
    (tallies, clean, wrong)
}

fn sum(tallies: &BTreeMap<&str, Tally>, families: &[&str]) -> Tally {
    families.iter().filter_map(|family| tallies.get(family)).fold(Tally::default(), |all, one| Tally {
        hits: all.hits + one.hits,
        misses: all.misses + one.misses,
        alarms: all.alarms + one.alarms,
    })
}

#[test]
fn what_was_learned_stays_learned() {
    let (policies, problems, _) = PolicySet::load(&[]);
    assert!(problems.is_empty());
    let batches = batches();
    assert!(batches.len() >= 20, "{batches:?}");
    for (number, path) in (1..).zip(batches) {
        let (tallies, clean, wrong) = tally(&policies, &records(&path));
        let (content, presence) = (sum(&tallies, &CONTENT), sum(&tallies, &PRESENCE));
        let name = path.file_name().unwrap().display();
        // Recall, precision, presence, and of how many clean messages one may have an error.
        let least = match number {
            number if HARD.contains(&number) => (0.92, 0.92, 0.90, 50),
            ..=LEARNED => (0.95, 0.95, 0.88, 50),
            _ => (0.86, 0.86, 0.75, 25),
        };
        assert!(content.recall() >= least.0, "{name}: content recall {:.3}", content.recall());
        assert!(content.precision() >= least.1, "{name}: content precision {:.3}", content.precision());
        assert!(presence.f1() >= least.2, "{name}: presence F1 {:.3}", presence.f1());
        assert!(wrong * least.3 <= clean, "{name}: {wrong} of {clean} clean messages have an error");
    }
}

/// What banks, courts, couriers, newspapers and friends write: no content rule has a word to say about it.
#[test]
fn ordinary_texts_are_left_alone() {
    let (policies, ..) = PolicySet::load(&[]);
    let texts = records(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ordinary/texts.jsonl"));
    assert!(texts.len() >= 2000);
    let (mut errors, mut warnings) = (Vec::new(), 0);
    for record in &texts {
        let found = found(&policies, record);
        let content = CONTENT.into_iter().filter_map(|family| found.get(family));
        match content.max() {
            Some(Level::Error) => errors.push(record["text"].clone()),
            Some(_) => warnings += 1,
            None => {}
        }
    }
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(warnings * 200 <= texts.len(), "{warnings} warnings");
}

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

/// What is said bluntly is told, whatever stands before it: an act of pressure times the ways to lead up to it. No
/// mended false alarm costs a plain threat.
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
    let is_told = |text: &str, place: &str| {
        let found = found(&policies, &json!({ "text": text, "jurisdiction": place, "dialect": "brace" }));
        ["threat", "authority", "disclosure", "exaggeration"].iter().any(|family| found.contains_key(*family))
    };
    let untold: Vec<&String> =
        texts.iter().filter(|(text, place)| !is_told(text, place)).map(|(text, _)| text).collect();
    // A condition and an act that do not go together in earnest (只能每天打一百个电话) may stay untold.
    assert!(untold.len() * 100 <= texts.len(), "{} of {}: {untold:#?}", untold.len(), texts.len());
}
