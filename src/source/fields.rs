//! The field names that tell what a value is: the interface's own, and those that SMS platforms, their
//! list interfaces and in-house tables use for body, id, signature and language.
//!
//! The foreign names come from the public documentation and client libraries of the SMS clouds (Aliyun,
//! Tencent, Huawei, JD, Volcengine, Yunpian, Twilio, Pinpoint, DLT portals) and from table definitions in
//! public repositories. They are compared without case, `_`, `-` and blanks.

use super::document::{Entry, Map, Node, Value};

/// Metadata names of the interface that a record may carry beside its `id` and text.
const META: &str = "adverse_reporting approval case_no channel court defaults dialect dunlint first_contact \
    jurisdiction kind lang legal_stage locale number_verified params platform product profile recipient \
    send_window sender_role signature stage time_barred vars visit_consent";

/// Names of a body, the surest first.
const BODY: &str = "templatecontent tplcontent smsbody bodytext bodytemplate customtext messagecontent \
    msgcontent smscontent content text body message msg template 模板内容 短信内容 短信正文 模版内容 文案 内容 正文";

/// Names of an id, the surest first.
const ID: &str = "templatecode templateid tplid apitemplateid templatename code id key alicode sptid \
    messagenode translationkey friendlyname 模板id 模板code 模板编号 模板编码 模版id 编号 编码";

/// Names of the signature, the surest first.
const SIGNATURE: &str = "signname sign signature relatedsignname smsprefix 签名 短信签名 签名名称";

/// Names of the language.
const LOCALE: &str = "language languagecode langtag lg 语言";

/// Where a body stands one level down, in records whose id is above it: the list or map, and the field.
pub(super) const NESTED: [(&str, &str); 3] =
    [("types.twilio/text", "body"), ("components[]", "text"), ("messages[]", "content")];

/// Whether `name` is a metadata name of the interface (`vars.amount` is one, too).
pub(super) fn is_meta(name: &str) -> bool {
    name.starts_with("vars.") || META.split_ascii_whitespace().any(|known| known == name)
}

/// The member that holds a body, if its value is a text (or could not be read).
pub(super) fn body(map: &Map) -> Option<&Entry> {
    named(map, BODY, |node| matches!(node.value, Value::String(_) | Value::Unread))
}

/// The member that holds an id.
pub(super) fn id(map: &Map) -> Option<&Entry> {
    named(map, ID, |node| node.as_text().is_some_and(|text| !text.trim().is_empty()))
}

/// The member that holds the signature.
pub(super) fn signature(map: &Map) -> Option<&Entry> {
    named(map, SIGNATURE, |node| matches!(node.value, Value::String(_)))
}

/// The member that names the language.
pub(super) fn locale(map: &Map) -> Option<&Entry> {
    named(map, LOCALE, |node| matches!(node.value, Value::String(_)))
}

/// The member whose name comes first in `names` and whose value `fits`; of equal names the last.
fn named<'m>(map: &'m Map, names: &str, fits: impl Fn(&Node) -> bool) -> Option<&'m Entry> {
    let rank = |entry: &Entry| {
        let name = plain(&entry.key);
        names.split_ascii_whitespace().position(|known| known == name)
    };
    let fitting = map.entries.iter().rev().filter(|entry| fits(&entry.value));
    fitting
        .filter_map(|entry| Some((rank(entry)?, entry)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, entry)| entry)
}

/// A name without case and separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}
