//! Messages written into files by hand: every spelling a format has, with the place of each character.
//! What a reader must undo is known here without asking it.

/// A file being written: its text, and where each character of a message was put.
#[derive(Default)]
pub struct Writer {
    pub file: String,
    /// The character, first byte and end of its spelling, in the order of the file.
    pub places: Vec<(char, usize, usize)>,
}

/// A stream of small numbers that choose the spelling of each character.
pub struct Choices<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub fn next(&mut self, below: u8) -> u8 {
        self.at += 1;
        self.bytes.get(self.at % self.bytes.len().max(1)).map_or(0, |byte| byte.wrapping_mul(31) % below)
    }
}

impl Writer {
    fn raw(&mut self, text: &str) {
        self.file.push_str(text);
    }

    /// Writes `spelling`, which stands for the character `c` of the message.
    fn spell(&mut self, c: char, spelling: &str) {
        let start = self.file.len();
        self.file.push_str(spelling);
        self.places.push((c, start, self.file.len()));
    }

    fn same(&mut self, c: char) {
        self.spell(c, c.encode_utf8(&mut [0; 4]));
    }

    /// The characters of messages that are spelled in `start..end`; `None` if one is cut, or if the range
    /// begins or ends between them.
    pub fn undo(&self, start: usize, end: usize) -> Option<String> {
        let inside: Vec<_> = self.places.iter().filter(|(_, s, e)| *s < end && *e > start).collect();
        let (first, last) = (inside.first()?, inside.last()?);
        (first.1 == start && last.2 == end).then(|| inside.iter().map(|(c, ..)| *c).collect())
    }
}

fn utf16_escape(c: char, upper: bool) -> String {
    let unit = |unit: &u16| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
    c.encode_utf16(&mut [0; 2]).iter().map(unit).collect()
}

/// A kind of file and of string in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    PlainFront,
    Json,
    JsonLines,
    YamlDouble,
    YamlSingle,
    YamlPlain,
    YamlLiteral,
    YamlFolded,
    TomlBasic,
    TomlBlock,
    TomlLiteral,
    TomlLiteralBlock,
    Csv,
    Tsv,
    Psv,
}

impl Style {
    pub const ALL: [Self; 16] = [
        Self::Plain,
        Self::PlainFront,
        Self::Json,
        Self::JsonLines,
        Self::YamlDouble,
        Self::YamlSingle,
        Self::YamlPlain,
        Self::YamlLiteral,
        Self::YamlFolded,
        Self::TomlBasic,
        Self::TomlBlock,
        Self::TomlLiteral,
        Self::TomlLiteralBlock,
        Self::Csv,
        Self::Tsv,
        Self::Psv,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Plain | Self::PlainFront => "folder/a.txt",
            Self::Json => "folder/a.json",
            Self::JsonLines => "folder/a.jsonl",
            Self::YamlDouble | Self::YamlSingle | Self::YamlPlain | Self::YamlLiteral | Self::YamlFolded => {
                "folder/a.yaml"
            }
            Self::TomlBasic | Self::TomlBlock | Self::TomlLiteral | Self::TomlLiteralBlock => "folder/a.toml",
            Self::Csv => "folder/a.csv",
            Self::Tsv => "folder/a.tsv",
            Self::Psv => "folder/a.psv",
        }
    }

    /// `message` as this style can hold it.
    pub fn fit(self, message: &str) -> String {
        let one_line = |text: &str| text.replace('\n', "。");
        let solid = |text: &str| {
            let text = text.trim_matches([' ', '\n', '\t']);
            format!("您{text}好")
        };
        match self {
            Self::Plain | Self::PlainFront => {
                let text = message.trim_matches('\n');
                // A first line of three dashes would open front matter.
                if text.trim().is_empty() { "您好".to_owned() } else { format!("您{text}") }
            }
            Self::Json | Self::JsonLines | Self::YamlDouble | Self::TomlBasic | Self::TomlBlock => {
                message.to_owned()
            }
            Self::YamlSingle => solid(&one_line(message)),
            Self::YamlPlain => {
                let text =
                    solid(&one_line(message)).replace('\t', " ").replace(": ", "：").replace(" #", "#");
                text.replace(':', "：").replace(" #", "#")
            }
            Self::YamlLiteral => solid(message),
            Self::YamlFolded => solid(&one_line(message)).replace('\t', " "),
            Self::TomlLiteral => one_line(message).replace('\'', "’"),
            Self::TomlLiteralBlock => message.replace('\'', "’"),
            Self::Csv | Self::Tsv | Self::Psv => solid(message),
        }
    }

    /// One file that holds `messages`, of which each fits the style, in `dialect` if one is declared.
    pub fn write(self, messages: &[String], dialect: Option<&str>, mut choices: Choices<'_>) -> Writer {
        let mut w = Writer::default();
        match self {
            Self::Plain | Self::PlainFront => plain(self, &mut w, &messages[0], dialect, &mut choices),
            Self::Csv => delimited(",", &mut w, messages, dialect, &mut choices),
            Self::Tsv => delimited("\t", &mut w, messages, dialect, &mut choices),
            Self::Psv => delimited("|", &mut w, messages, dialect, &mut choices),
            Self::Json | Self::JsonLines => {
                w.raw(if self == Self::Json { "[\n" } else { "" });
                for (i, message) in messages.iter().enumerate() {
                    w.raw(if self == Self::Json && i > 0 { ",\n" } else { "" });
                    w.raw(&format!("{{\"id\": \"m{i}\", "));
                    if let Some(dialect) = dialect {
                        w.raw(&format!("\"dialect\": \"{dialect}\", "));
                    }
                    w.raw("\"text\": \"");
                    message.chars().for_each(|c| json(&mut w, c, &mut choices));
                    w.raw("\"}");
                    w.raw(if self == Self::Json { "" } else { "\n" });
                }
                w.raw(if self == Self::Json { "\n]\n" } else { "" });
            }
            _ if self.name().ends_with("yaml") => {
                for (i, message) in messages.iter().enumerate() {
                    w.raw(&format!("- id: m{i}\n"));
                    if let Some(dialect) = dialect {
                        w.raw(&format!("  dialect: {dialect}\n"));
                    }
                    w.raw("  text: ");
                    self.yaml(&mut w, message, &mut choices);
                    w.raw("\n");
                }
            }
            _ => {
                for (i, message) in messages.iter().enumerate() {
                    w.raw(&format!("[[message]]\nid = \"m{i}\"\n"));
                    if let Some(dialect) = dialect {
                        w.raw(&format!("dialect = '{dialect}'\n"));
                    }
                    w.raw("text = ");
                    self.toml(&mut w, message, &mut choices);
                    w.raw("\n");
                }
            }
        }
        w
    }

    fn yaml(self, w: &mut Writer, message: &str, choices: &mut Choices<'_>) {
        match self {
            Self::YamlDouble => {
                w.raw("\"");
                message.chars().for_each(|c| yaml_double(w, c, choices));
                w.raw("\"");
            }
            Self::YamlSingle => {
                w.raw("'");
                for c in message.chars() {
                    if c == '\'' { w.spell(c, "''") } else { w.same(c) }
                }
                w.raw("'");
            }
            Self::YamlLiteral => {
                let newline = if choices.next(2) == 0 { "\n" } else { "\r\n" };
                w.raw(&format!("|-{newline}"));
                for (i, line) in message.split('\n').enumerate() {
                    if i > 0 {
                        w.spell('\n', newline);
                    }
                    w.raw(if line.is_empty() { "" } else { "    " });
                    line.chars().for_each(|c| w.same(c));
                }
            }
            Self::YamlFolded => {
                w.raw(">-\n    ");
                fold(w, message, choices);
            }
            _ => fold(w, message, choices),
        }
    }

    fn toml(self, w: &mut Writer, message: &str, choices: &mut Choices<'_>) {
        let (open, close, block, escapes) = match self {
            Self::TomlBasic => ("\"", "\"", false, true),
            Self::TomlBlock => ("\"\"\"\n", "\"\"\"", true, true),
            Self::TomlLiteral => ("'", "'", false, false),
            _ => ("'''\n", "'''", true, false),
        };
        w.raw(open);
        for c in message.chars() {
            match (c, choices.next(5)) {
                ('\n', how) if block && (!escapes || how < 3) => {
                    w.spell(c, if how == 0 { "\r\n" } else { "\n" });
                }
                ('\n', _) => w.spell(c, "\\n"),
                (c, _) if !escapes => w.same(c),
                ('"', _) => w.spell(c, "\\\""),
                ('\\', _) => w.spell(c, "\\\\"),
                ('\t', 0) => w.spell(c, "\\t"),
                (c, 1) => w.spell(c, &format!("\\U{:08X}", u32::from(c))),
                (c, 2) if u32::from(c) < 0x1_0000 => w.spell(c, &format!("\\u{:04x}", u32::from(c))),
                (c, 3) if block && !c.is_whitespace() => {
                    w.raw("\\\n   \r\n ");
                    w.same(c);
                }
                (c, _) => w.same(c),
            }
        }
        w.raw(close);
    }
}

fn plain(style: Style, w: &mut Writer, message: &str, dialect: Option<&str>, choices: &mut Choices<'_>) {
    match (style, dialect) {
        (Style::PlainFront, dialect) => {
            let newline = if choices.next(2) == 0 { "\n" } else { "\r\n" };
            let yaml = choices.next(2) == 0;
            let (fence, is, quote) = if yaml { ("---", ":", "") } else { ("+++", " =", "\"") };
            w.raw(&format!("{fence}{newline}id{is} {quote}m0{quote}{newline}"));
            if let Some(dialect) = dialect {
                w.raw(&format!("dialect{is} {quote}{dialect}{quote}{newline}"));
            }
            w.raw(&format!("{fence}{newline}{newline}"));
        }
        _ => w.raw(if choices.next(2) == 0 { "" } else { "\r\n" }),
    }
    for c in message.chars() {
        if c == '\n' && choices.next(2) == 0 { w.spell(c, "\r\n") } else { w.same(c) }
    }
    w.raw(["", "\n", "\r\n\n"][usize::from(choices.next(3))]);
}

fn delimited(
    mark: &str,
    w: &mut Writer,
    messages: &[String],
    dialect: Option<&str>,
    choices: &mut Choices<'_>,
) {
    let newline = if choices.next(2) == 0 { "\n" } else { "\r\n" };
    w.raw(&["id", "dialect", "text", "note"].join(mark));
    w.raw(newline);
    for (i, message) in messages.iter().enumerate() {
        w.raw(&[&format!("m{i}"), dialect.unwrap_or(""), ""].join(mark));
        let quoted = choices.next(3) > 0 || message.contains(['"', '\n', '\t', ',', '|']);
        w.raw(if quoted { "\"" } else { "" });
        for c in message.chars() {
            match c {
                '"' => w.spell(c, "\"\""),
                '\n' if choices.next(2) == 0 => w.spell(c, "\r\n"),
                _ => w.same(c),
            }
        }
        w.raw(if quoted { "\"" } else { "" });
        w.raw(&format!("{mark}x{newline}"));
    }
}

fn json(w: &mut Writer, c: char, choices: &mut Choices<'_>) {
    match (c, choices.next(4)) {
        ('\n', 0..=2) => w.spell(c, "\\n"),
        ('\t', 0..=2) => w.spell(c, "\\t"),
        ('/', 0) => w.spell(c, "\\/"),
        ('"', 0..=2) => w.spell(c, "\\\""),
        ('\\', 0..=2) => w.spell(c, "\\\\"),
        (c, 0..=2) if c >= ' ' => w.same(c),
        (c, how) => w.spell(c, &utf16_escape(c, how == 3)),
    }
}

fn yaml_double(w: &mut Writer, c: char, choices: &mut Choices<'_>) {
    match (c, choices.next(6)) {
        ('"', _) => w.spell(c, "\\\""),
        ('\\', _) => w.spell(c, "\\\\"),
        ('\n', _) => w.spell(c, "\\n"),
        ('\t', _) => w.spell(c, "\\t"),
        (' ', 0) => w.spell(c, "\\x20"),
        (c, 1) if u32::from(c) < 0x1_0000 => w.spell(c, &format!("\\u{:04x}", u32::from(c))),
        (c, 2) => w.spell(c, &format!("\\U{:08x}", u32::from(c))),
        (c, 3) if c != ' ' => {
            w.raw("\\\n      ");
            w.same(c);
        }
        (c, _) => w.same(c),
    }
}

/// Breaks lines where a reader makes a blank of the break again.
fn fold(w: &mut Writer, message: &str, choices: &mut Choices<'_>) {
    let chars: Vec<char> = message.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let solid = |at: Option<&char>| at.is_some_and(|c| *c != ' ');
        let between = i > 0 && solid(chars.get(i - 1)) && solid(chars.get(i + 1));
        // A line of a plain scalar must not look like a comment or a list entry.
        let harmless = chars.get(i + 1).is_some_and(|c| c.is_alphabetic());
        if *c == ' ' && between && harmless && choices.next(2) == 0 {
            w.spell(' ', "\n");
            w.raw("    ");
        } else {
            w.same(*c);
        }
    }
}
