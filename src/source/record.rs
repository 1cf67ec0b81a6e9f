//! What a host reader hands on: one record a message.

use super::{Mapped, Span};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Who decided the dialect (or host) of a message, in the order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChosenBy {
    /// `--dialect` or `--host`.
    Option,
    /// The file's front matter.
    FrontMatter,
    /// A field of the record.
    Record,
    /// A gettext flag.
    Flag,
    /// A `[[source]]` of the configuration.
    Config,
    /// The host format allows only one.
    Host,
    /// The file's content (FreeMarker against Fluent, which share an ending).
    Content,
    /// The file's ending.
    Extension,
    /// Detection on the text.
    Auto,
}

impl ChosenBy {
    /// The word in `parse --format json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::FrontMatter => "front-matter",
            Self::Record => "record",
            Self::Flag => "flag",
            Self::Config => "config",
            Self::Host => "host",
            Self::Extension => "extension",
            Self::Content => "content",
            Self::Auto => "auto",
        }
    }
}

/// A message's id and where it is written; `span` is `None` when it comes from the file name, a key or a
/// position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// The id; a number is its digits.
    pub text: String,
    /// Where it stands in the source's text.
    pub span: Option<Span>,
}

/// One declared fact and where it was declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// The value. A string that holds JSON (`params`, `defaults`) stays a string here.
    pub value: serde_json::Value,
    /// Where the value stands in the source's text; `None` when it comes from the configuration.
    pub span: Option<Span>,
}

/// The declared metadata of one message, under the names of the interface (`legal_stage`, `signature`,
/// `params`, `dialect`, …). `vars.<name>` is one object under `vars`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// Name → declared value.
    pub fields: BTreeMap<String, Declared>,
}

impl Meta {
    /// Declares `name`, unless it is declared already: what is nearer to the message wins.
    pub fn declare(&mut self, name: &str, value: serde_json::Value, span: Option<Span>) {
        self.fields.entry(name.to_owned()).or_insert(Declared { value, span });
    }

    /// The declared value of `name` if it is a non-empty string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.value.as_str().filter(|s| !s.is_empty())
    }
}

/// One message as the host stored it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: Id,
    /// The body after the host's unescaping. Its map leads to the source's text.
    pub body: Mapped,
    /// First to last byte of the raw value in the source's text.
    pub body_span: Span,
    /// What is declared about it.
    pub meta: Meta,
    /// Whether `dialect` in `meta` comes from front matter or a record field (and not the configuration).
    pub dialect_chosen_by: Option<ChosenBy>,
}

impl Record {
    /// Declares the language that the format or the content of the file implies, unless a nearer one is
    /// declared.
    pub(super) fn imply(&mut self, dialect: &str, by: ChosenBy) {
        if self.dialect_chosen_by.is_none() && self.meta.text("dialect").is_none() {
            self.meta.declare("dialect", dialect.into(), None);
            self.dialect_chosen_by = Some(by);
        }
    }
}

/// How the messages of some files are found: one `[[source]]` of the configuration, without its globs.
/// All fields are optional; an empty spec means "guess".
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SourceSpec {
    /// Host format by name.
    pub host: Option<String>,
    /// Path to the records (`TemplateSet[]`, `sms.*`, `a[0]`); absent: the document is the one record, or
    /// each element of a list.
    pub messages: Option<String>,
    /// Path of the id inside a record; `<key>` is the key itself.
    pub id: Option<String>,
    /// Path of the body inside a record; `<value>` is the value itself.
    pub body: Option<String>,
    /// Path of the signature.
    pub signature: Option<String>,
    /// Metadata name → path inside the record.
    pub meta: BTreeMap<String, String>,
    /// Glob on keys (properties, constants).
    pub key: Option<String>,
    /// Table name (SQL).
    pub table: Option<String>,
    /// Path of the declared parameters.
    pub params: Option<String>,
    /// Path of the default values of placeholders.
    pub defaults: Option<String>,
    /// Placeholder language.
    pub dialect: Option<String>,
    /// Platform profile.
    pub profile: Option<String>,
    /// Opening mark of the `custom` dialect.
    pub open: Option<String>,
    /// Closing mark of the `custom` dialect.
    pub close: Option<String>,
    /// A second host layer.
    pub decode: Option<Decode>,
    /// SQL: whether `\` begins an escape in a string, as in MySQL; absent: as the file looks.
    pub backslashes: Option<bool>,
    /// Whether a `[[source]]` or an option says that the file holds templates, so that a file of keys and
    /// values is read whole.
    #[serde(skip)]
    pub listed: bool,
    /// Declared encoding of the files, by its WHATWG label (`gb18030`, `utf-16le`, `big5`).
    pub encoding: Option<String>,
}

/// A second host layer: the column `column` holds a document of format `host` whose body is at `body`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decode {
    /// Column or field.
    pub column: String,
    /// Format of its value.
    pub host: String,
    /// Path of the body inside it.
    pub body: String,
}
