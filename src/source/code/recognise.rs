//! Which strings of a program are read as templates when no `[[source]]` says so: few, since a string that is
//! none (a log line, an error, a query) must not be judged as a message.
//!
//! Begin at [`is_template`]. Both the name and the text must speak for it; The README says so
//! under “Templates in programs”.

use super::declared::Kind;
use super::value::Text;
use crate::text::tables::is_ideograph;

/// Words of a name that say what it names is sent as a short message.
const SMS: [&str; 5] = ["sms", "shortmessage", "短信", "簡訊", "简讯"];

/// Words of a name that say it is a wording that is filled in.
const TEMPLATE: [&str; 8] = ["template", "templates", "tpl", "tpls", "tmpl", "模板", "模版", "文案"];

/// Words of a name that say it is some wording; a page of a program has such too.
const WORDING: [&str; 9] =
    ["text", "texts", "content", "contents", "wording", "body", "msg", "message", "messages"];

/// What a program says about templates and sending, to those who work with it.
const ABOUT: [&str; 16] = [
    "模板",
    "模版",
    "template",
    "短信发送",
    "发送短信",
    "发送成功",
    "发送失败",
    "不存在",
    "不能为空",
    "请输入",
    "请选择",
    "确定要",
    "是否确认",
    "后台",
    "failed to",
    "not found",
];

/// Words of a name that say what stage of collection it belongs to.
const STAGE: [&str; 14] = [
    "overdue",
    "repay",
    "repayment",
    "dunning",
    "collection",
    "collections",
    "remind",
    "reminder",
    "reminders",
    "due",
    "delinquent",
    "催收",
    "逾期",
    "还款",
];

/// Words of a name that say it names something else.
const OTHER: [&str; 36] = [
    "error",
    "errors",
    "err",
    "fail",
    "failed",
    "failure",
    "exception",
    "log",
    "logger",
    "sql",
    "query",
    "html",
    "email",
    "mail",
    "prompt",
    "prompts",
    "regex",
    "pattern",
    "url",
    "uri",
    "path",
    "title",
    "subject",
    "desc",
    "description",
    "remark",
    "comment",
    "tip",
    "tips",
    "hint",
    "label",
    "toast",
    "menu",
    "permission",
    "test",
    "sign",
];

/// Last words of the names of classes that work with texts and hold none.
const WORKING: [&str; 18] = [
    "service",
    "impl",
    "controller",
    "dao",
    "mapper",
    "repository",
    "client",
    "util",
    "utils",
    "helper",
    "handler",
    "manager",
    "config",
    "job",
    "task",
    "listener",
    "api",
    "test",
];

/// Words of lending and collection.
const LENDING: [&str; 34] = [
    "逾期",
    "还款",
    "應還",
    "应还",
    "账单",
    "帳單",
    "欠款",
    "借款",
    "贷款",
    "貸款",
    "還款",
    "扣款",
    "到期",
    "还清",
    "催收",
    "繳款",
    "本金",
    "利息",
    "罚息",
    "分期",
    "overdue",
    "repay",
    "past due",
    "loan",
    "payment",
    "instalment",
    "installment",
    "amount due",
    "is due",
    "due on",
    "outstanding",
    "balance",
    "creditor",
    "debt",
];

/// Where a text stands: its own name, the names around it, and what gave it its name.
pub(super) struct Place<'a> {
    pub(super) own: &'a str,
    pub(super) around: &'a [String],
    pub(super) kind: Kind,
}

/// Whether a text is a template by its name and by itself.
pub(super) fn is_template(place: &Place<'_>, text: &Text) -> bool {
    let names = Names::of(place);
    let body = text.mapped.text.as_str();
    if names.excluded || !names.any() || !is_sentence(body) {
        return false;
    }
    let (signed, lending) = (is_signed(body), speaks_of_lending(body));
    let lower = body.to_lowercase();
    if !signed && ABOUT.iter().any(|word| lower.contains(word)) {
        return false;
    }
    let filled = text.format.is_some() || has_placeholder(text);
    match place.kind {
        Kind::Sent => signed || (filled && lending),
        Kind::Local | Kind::Returned if !names.own => false,
        _ => {
            let any_wording = names.template || names.wording;
            (signed && (names.sms || any_wording || names.stage))
                || (filled && lending && (names.template || names.own_sms || (names.sms && any_wording)))
                || (filled && names.sms && names.template)
        }
    }
}

/// Whether a name alone makes a text in this place worth a word when it cannot be read.
pub(super) fn is_promising(place: &Place<'_>) -> bool {
    let names = Names::of(place);
    !names.excluded && names.sms && (names.wording || names.template)
}

/// What the names of a place say.
struct Names {
    excluded: bool,
    /// Whether its own name says anything.
    own: bool,
    own_sms: bool,
    sms: bool,
    template: bool,
    wording: bool,
    stage: bool,
}

impl Names {
    fn of(place: &Place<'_>) -> Self {
        let own = words(place.own);
        let has = |words: &[String], list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let mut names = Self {
            excluded: has(&own, &OTHER),
            own: false,
            own_sms: has(&own, &SMS) || place.kind == Kind::Sent,
            sms: has(&own, &SMS),
            template: has(&own, &TEMPLATE),
            wording: has(&own, &WORDING),
            stage: has(&own, &STAGE),
        };
        names.own = names.sms || names.template || names.wording || names.stage;
        for around in place.around {
            let around = words(around);
            if around.last().is_some_and(|last| WORKING.contains(&last.as_str())) {
                continue;
            }
            names.excluded |= has(&around, &OTHER);
            names.sms |= has(&around, &SMS);
            names.template |= has(&around, &TEMPLATE);
            names.wording |= has(&around, &WORDING);
        }
        names
    }

    const fn any(&self) -> bool {
        self.sms || self.template || self.wording || self.stage || self.own_sms
    }
}

/// The words of a name in lower case: `SMS_OVERDUE_D1`, `smsTemplates`, `SMSText`, `短信模板`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            before = ' ';
            continue;
        }
        let next_small = chars.peek().is_some_and(|next| next.is_lowercase());
        let starts = !before.is_alphanumeric()
            || (c.is_uppercase() && (before.is_lowercase() || next_small))
            || c.is_ascii_digit() != before.is_ascii_digit();
        if starts || words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    // A name in ideographs has no gaps between its words.
    let listed = SMS.into_iter().chain(TEMPLATE).chain(STAGE).filter(|word| !word.is_ascii());
    let inside: Vec<String> = listed.filter(|word| name.contains(word)).map(str::to_owned).collect();
    words.extend(inside);
    words
}

/// Whether a text reads like something said to somebody: eight ideographs or five words, and no markup or code.
pub(super) fn is_sentence(text: &str) -> bool {
    let trimmed = text.trim();
    if trimmed.starts_with(['<', '{', '[', '/', '\\', '^'])
        && !trimmed.starts_with("{{")
        && !starts_with_name(trimmed)
    {
        return false;
    }
    let first = trimmed.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
    if matches!(first.as_str(), "select" | "insert" | "update" | "delete" | "create" | "alter" | "with") {
        return false;
    }
    let ideographs = text.chars().filter(|c| is_ideograph(*c)).take(8).count();
    let spoken = |word: &&str| {
        word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic() || b",.!?:;'".contains(&b))
    };
    ideographs >= 8 || trimmed.split_whitespace().filter(spoken).take(5).count() >= 5
}

/// `{name}您好`: a placeholder at the start is no markup.
fn starts_with_name(text: &str) -> bool {
    let inside = text.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
    inside.is_some_and(|name| {
        name.len() <= 40 && name.chars().all(|c| c.is_alphanumeric() || "_.-$".contains(c))
    })
}

/// Whether it begins or ends with a signature in 【】.
pub(super) fn is_signed(text: &str) -> bool {
    let text = text.trim();
    let short = |name: &str| !name.is_empty() && name.chars().count() <= 40 && !name.contains('【');
    let start = text.strip_prefix('【').and_then(|rest| rest.split_once('】'));
    let end = text.strip_suffix('】').and_then(|rest| rest.rsplit_once('【'));
    start.is_some_and(|(name, _)| short(name)) || end.is_some_and(|(_, name)| short(name))
}

/// Whether a name says that it names a signature: `SIGN`, `SMS_SIGN_NAME`, `签名`.
pub(super) fn names_signature(name: &str) -> bool {
    name.contains("签名")
        || words(name).iter().any(|word| matches!(word.as_str(), "sign" | "signature" | "signname"))
}

/// Whether a text can be the name in a signature: 2 to 20 characters, ideographs among them and no sign.
pub(super) fn is_bare_signature(text: &str) -> bool {
    (2..=20).contains(&text.chars().count())
        && text.chars().any(is_ideograph)
        && text.chars().all(|c| is_ideograph(c) || c.is_alphanumeric())
}

fn speaks_of_lending(text: &str) -> bool {
    let lower = text.to_lowercase();
    LENDING.iter().any(|word| lower.contains(word))
}

/// Whether something is filled in: an expression, or what looks like a placeholder of any language.
fn has_placeholder(text: &Text) -> bool {
    let body = text.mapped.text.as_str();
    let braces = |open: &str, close: char| {
        body.match_indices(open).any(|(at, _)| {
            let rest = body.get(at + open.len()..).unwrap_or("");
            rest.split_once(close).is_some_and(|(name, _)| name.len() <= 60 && !name.contains(['\n', '{']))
        })
    };
    let percent = body.match_indices('%').any(|(at, _)| {
        let rest = body
            .get(at + 1..)
            .unwrap_or("")
            .trim_start_matches(|c: char| c.is_ascii_digit() || "$.-+,".contains(c));
        rest.starts_with(['s', 'd', 'f', '('])
    });
    let hash = || {
        body.split('#').skip(1).any(|name| {
            !name.is_empty()
                && name.len() <= 40
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        }) && body.matches('#').count() >= 2
    };
    text.mapped.holes().next().is_some() || braces("{", '}') || percent || hash() || body.contains("@var(")
}
