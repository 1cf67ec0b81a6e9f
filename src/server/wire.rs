//! Messages on the wire: JSON-RPC in frames with a `Content-Length`.
//!
//! The shapes and the writing are those of `lsp-server`; the reading is not, since that one ends with the first
//! message that it cannot read. Here such a message is answered and the next one read.

use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};

/// A message may have this many bytes: as much as the largest file that is read, and the escapes in it.
const MOST: u64 = 2 * crate::source::disk::MAX_BYTES;
/// Bytes of one header line.
const HEADER: u64 = 8 << 10;

/// What was heard.
#[derive(Debug)]
pub(super) enum Heard {
    /// A message.
    Message(Message),
    /// A frame without one.
    Malformed {
        /// Of the answer.
        code: ErrorCode,
        /// The id of the request, as far as it could be read.
        id: Value,
        /// What is wrong.
        why: String,
    },
}

/// The next message; `None` at the end of the input.
///
/// # Errors
/// What the reader returns.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Heard>> {
    let Some(length) = length(input)? else { return Ok(None) };
    if length > MOST {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        let why = format!("a message of {length} bytes; at most {MOST} are read");
        return Ok(Some(Heard::Malformed { code: ErrorCode::InvalidRequest, id: Value::Null, why }));
    }
    let mut bytes = Vec::new();
    input.by_ref().take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(understand(&bytes)))
}

fn understand(bytes: &[u8]) -> Heard {
    // Most messages are well formed, so the tree is only made to say what is wrong.
    let error = match serde_json::from_slice::<Message>(bytes) {
        // A request whose id is none looks like a notification.
        Ok(Message::Notification(_)) if has_id(bytes) => "the id is no id".to_owned(),
        Ok(message) => return Heard::Message(message),
        Err(error) => error.to_string(),
    };
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => {
            let id = value.get("id").filter(|id| id.is_number() || id.is_string());
            let id = id.cloned().unwrap_or_default();
            Heard::Malformed { code: ErrorCode::InvalidRequest, id, why: "not a message".to_owned() }
        }
        Err(_) => Heard::Malformed { code: ErrorCode::ParseError, id: Value::Null, why: error },
    }
}

fn has_id(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(default)]
        id: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Head>(bytes).is_ok_and(|head| head.id.is_some())
}

/// The length that the next header gives. Lines that are no header are passed over, so that rubbish between two
/// messages costs no more than itself.
fn length(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        match line.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok();
            }
            None if line.is_empty() && length.is_some() => return Ok(length),
            _ => {}
        }
    }
}

/// Writes the answer to a frame that was none.
///
/// # Errors
/// What the writer returns.
pub(super) fn refuse(out: &mut impl Write, code: ErrorCode, id: &Value, why: &str) -> io::Result<()> {
    let answer = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code as i32, "message": why } });
    let text = answer.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(input: &[u8]) -> Vec<String> {
        let mut input = io::BufReader::new(input);
        let mut all = Vec::new();
        while let Some(heard) = read(&mut input).unwrap() {
            all.push(match heard {
                Heard::Message(Message::Notification(n)) => n.method,
                Heard::Message(other) => format!("{other:?}"),
                Heard::Malformed { code, id, .. } => format!("{} {id}", code as i32),
            });
        }
        all
    }

    #[test]
    fn what_cannot_be_read_costs_no_other_message() {
        let mut input = Vec::new();
        let bodies: [&[u8]; 7] = [
            br#"{"method":"a"}"#,
            b"{",
            b"[]",
            br#"{"id":1.5,"method":"x"}"#,
            b"\xff\xfe",
            br#"{"id":99999999999,"method":"x"}"#,
            br#"{"method":"b"}"#,
        ];
        for body in bodies {
            input.extend(format!("content-length:{}\r\n\r\n", body.len()).as_bytes());
            input.extend(body);
        }
        assert_eq!(
            heard(&input),
            ["a", "-32700 null", "-32600 null", "-32600 1.5", "-32700 null", "-32600 99999999999", "b"]
        );
    }

    #[test]
    fn rubbish_between_messages_is_passed_over() {
        let message = "Content-Length: 14\r\nContent-Type: x\r\n\r\n{\"method\":\"a\"}";
        let input = format!(
            "\r\nrubbish\nContent-Length: x\r\n\r\n{message}\r\n\r\n{message}Content-Length: 99\r\n\r\n{{"
        );
        assert_eq!(heard(input.as_bytes()), ["a", "a"]);
        let deep = "[".repeat(100_000);
        assert_eq!(heard(format!("Content-Length: {}\n\n{deep}", deep.len()).as_bytes()), ["-32700 null"]);
        assert!(heard(b"Content-Length: 18446744073709551615\r\n\r\nabc").len() <= 1);
    }
}
