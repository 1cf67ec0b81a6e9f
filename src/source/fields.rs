//! The field names that tell what a value is: the interface's own, and those that SMS platforms, their
//! list interfaces and in-house tables use for body, id, signature and language.
//!
//! The foreign names come from the public documentation and client libraries of the SMS clouds (Aliyun,
//! Tencent, Huawei, JD, Volcengine, Yunpian, Twilio, Pinpoint, DLT portals) and from table definitions in
//! public repositories. They are compared without case, `_`, `-` and blanks.

use super::document::{Entry, Map, Node, Value};

/// Metadata names of the interface that a record may carry beside its `id` and text.
const META: [&str; 27] = [
    "adverse_reporting",
    "approval",
    "case_no",
    "channel",
    "court",
    "defaults",
    "dialect",
    "dunlint",
    "first_contact",
    "jurisdiction",
    "kind",
    "lang",
    "legal_stage",
    "locale",
    "number_verified",
    "params",
    "platform",
    "product",
    "profile",
    "recipient",
    "send_window",
    "sender_role",
    "signature",
    "stage",
    "time_barred",
    "vars",
    "visit_consent",
];

/// Names of a body, the surest first.
const BODY: [&str; 21] = [
    "templatecontent",
    "tplcontent",
    "smsbody",
    "bodytext",
    "bodytemplate",
    "customtext",
    "messagecontent",
    "msgcontent",
    "content",
    "text",
    "body",
    "message",
    "msg",
    "template",
    "模板内容",
    "模版内容",
    "短信内容",
    "短信正文",
    "文案",
    "内容",
    "正文",
];

/// Names of an id, the surest first.
const ID: [&str; 20] = [
    "templatecode",
    "templateid",
    "tplid",
    "apitemplateid",
    "templatename",
    "code",
    "id",
    "key",
    "alicode",
    "sptid",
    "messagenode",
    "translationkey",
    "friendlyname",
    "模板id",
    "模板code",
    "模板编号",
    "模板编码",
    "模版id",
    "编号",
    "编码",
];

/// Names of the signature, the surest first.
const SIGNATURE: [&str; 8] =
    ["signname", "sign", "signature", "relatedsignname", "smsprefix", "签名", "短信签名", "签名名称"];

/// Names of the language.
const LOCALE: [&str; 5] = ["language", "languagecode", "langtag", "lg", "语言"];

/// Where a body stands one level down, in records whose id is above it: the list or map, and the field.
pub(crate) const NESTED: [(&str, &str); 3] =
    [("types.twilio/text", "body"), ("components[]", "text"), ("messages[]", "content")];

/// Whether `name` is a metadata name of the interface (`vars.amount` is one, too).
pub(crate) fn is_meta(name: &str) -> bool {
    name.starts_with("vars.") || META.contains(&name)
}

/// The members of a map that are known by their names. Of several the surest, of equal names the last.
#[derive(Default)]
pub(crate) struct Known<'m> {
    /// A text, or something that could not be read.
    pub(crate) body: Option<&'m Entry>,
    /// A text or number that is not blank.
    pub(crate) id: Option<&'m Entry>,
    /// A text.
    pub(crate) signature: Option<&'m Entry>,
    /// A text.
    pub(crate) locale: Option<&'m Entry>,
}

impl<'m> Known<'m> {
    /// Looks at every member once.
    pub(crate) fn of(map: &'m Map) -> Self {
        let mut best = [usize::MAX; 4];
        let mut found = [None; 4];
        for entry in &map.entries {
            let fits = fits(&entry.value);
            if fits == [false; 4] {
                continue;
            }
            let name = plain(entry.key.strip_prefix('@').unwrap_or(&entry.key));
            let lists: [&[&str]; 4] = [&BODY, &ID, &SIGNATURE, &LOCALE];
            for (((list, fits), best), found) in lists.iter().zip(fits).zip(&mut best).zip(&mut found) {
                let rank = list.iter().position(|known| fits && *known == name);
                if let Some(rank) = rank.filter(|rank| rank <= best) {
                    (*best, *found) = (rank, Some(entry));
                }
            }
        }
        let [body, id, signature, locale] = found;
        Self { body, id, signature, locale }
    }
}

/// Whether `name`, of an XML element, says that its text is a message.
pub(super) fn names_a_body(name: &str) -> bool {
    let name = plain(name);
    name.contains("sms") || BODY.contains(&name.as_str())
}

/// Whether a value can be a body, an id, a signature, a language.
fn fits(node: &Node) -> [bool; 4] {
    let text = match &node.value {
        Value::String(_) => true,
        Value::Element(element) => !element.is_container(),
        _ => false,
    };
    let body = text || matches!(node.value, Value::Unread);
    let id = node.as_text().is_some_and(|text| !text.trim().is_empty());
    [body, id, text, text]
}

/// A name without case and separators.
fn plain(name: &str) -> String {
    if name.is_ascii() {
        let bytes = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' '));
        return bytes.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}
