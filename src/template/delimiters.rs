//! Mustache tags that change the delimiters: `{{=<% %>=}}`.
//!
//! Begin at [`plain`]. The text is rewritten byte for byte with the usual delimiters, so that every place stays, and
//! is read like any other; what the text says is taken from the text itself.

use std::borrow::Cow;

/// `body` with `{{` and `}}` for the delimiters that hold at each place: the tags that change them are comments, and
/// braces that delimit nothing are blanked out. Delimiters of one byte cannot be rewritten in their place; a tag that
/// asks for them stays as it is.
pub(super) fn plain(body: &str) -> Cow<'_, str> {
    if !body.contains("{{=") {
        return Cow::Borrowed(body);
    }
    let mut text = String::with_capacity(body.len());
    let (mut open, mut close) = ("{{", "}}");
    let mut rest = body;
    while let Some(at) = rest.find(open) {
        let (before, tag) = rest.split_at(at);
        push_text(&mut text, before, open);
        let inside = tag.get(open.len()..).unwrap_or("");
        let triple = open == "{{" && inside.starts_with('{');
        let end = if triple { "}}}" } else { close };
        let Some(len) = inside.find(end) else {
            push_text(&mut text, tag, open);
            return Cow::Owned(text);
        };
        let content = inside.get(..len).unwrap_or("");
        let whole = open.len() + len + end.len();
        match delimiters(content) {
            Some(next) => {
                push_tag(&mut text, "!", &" ".repeat(content.len().saturating_sub(1)), open, close);
                (open, close) = next;
            }
            None if open == "{{" => text.push_str(tag.get(..whole).unwrap_or("")),
            None => push_tag(&mut text, "", content, open, close),
        }
        rest = tag.get(whole..).unwrap_or("");
    }
    push_text(&mut text, rest, open);
    Cow::Owned(text)
}

/// The delimiters that `=<% %>=` asks for.
fn delimiters(content: &str) -> Option<(&str, &str)> {
    let inside = content.strip_prefix('=')?.strip_suffix('=')?;
    let mut marks = inside.split_whitespace();
    let (open, close) = (marks.next()?, marks.next()?);
    let fits = |mark: &str| mark.len() >= 2 && !mark.contains('=');
    (marks.next().is_none() && fits(open) && fits(close)).then_some((open, close))
}

/// Text between tags: while other delimiters hold, braces are no tags.
fn push_text(text: &mut String, piece: &str, open: &str) {
    match open {
        "{{" => text.push_str(piece),
        _ => text.push_str(&piece.replace(['{', '}'], " ")),
    }
}

/// A tag with the usual delimiters, as long as it was: what they are shorter by is blanks inside.
fn push_tag(text: &mut String, sign: &str, content: &str, open: &str, close: &str) {
    let (mark, name) = match content.chars().next() {
        Some(c @ ('#' | '^' | '/' | '!' | '&' | '>')) => content.split_at(c.len_utf8()),
        _ => (sign, content),
    };
    text.push_str("{{");
    text.push_str(mark);
    text.push_str(&" ".repeat(open.len() - 2));
    text.push_str(name);
    text.push_str(&" ".repeat(close.len() - 2));
    text.push_str("}}");
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn every_byte_keeps_its_place() {
        for (body, read) in [
            ("{{a}}", "{{a}}"),
            ("{{=<% %>=}}<%a%>{{b}}<%#c%>", "{{!      }}{{a}}  b  {{#c}}"),
            ("{{=<<< >>>=}}<<<#a>>>", "{{!        }}{{# a }}"),
            ("{{=<% %>=}}<%={{ }}=%>{{{c}}}", "{{!      }}{{!      }}{{{c}}}"),
            ("{{=| |=}}|a|", "{{=| |=}}|a|"),
            ("{{=<% %>=}}<%a", "{{!      }}<%a"),
            ("{{=<% %>", "{{=<% %>"),
        ] {
            assert_eq!(plain(body), read, "{body}");
            assert_eq!(plain(body).len(), body.len());
        }
    }
}
