//! Rows in UTF-16, as Excel writes “Unicode text”, handed on in UTF-8.
//!
//! Begin at [`Utf16`]. What begins with no mark of UTF-16 goes through as it is. A unit that is no character becomes a byte that
//! is none in UTF-8 either, so that its row is told like any other in a wrong encoding.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 16;

/// A reader that hands on UTF-8.
#[derive(Debug)]
pub struct Utf16<R> {
    inner: R,
    state: State,
    /// What was read and not decoded, from `from` on.
    raw: Vec<u8>,
    from: usize,
    ended: bool,
    /// What was decoded and not handed on.
    decoded: Vec<u8>,
}

enum State {
    /// Nothing was read yet.
    Fresh,
    /// It goes through as it is.
    Plain,
    /// It is decoded.
    Decoding(Decoder),
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fresh => "Fresh",
            Self::Plain => "Plain",
            Self::Decoding(_) => "Decoding",
        })
    }
}

impl<R: Read> Utf16<R> {
    /// A reader of `inner`.
    pub const fn new(inner: R) -> Self {
        Self { inner, state: State::Fresh, raw: Vec::new(), from: 0, ended: false, decoded: Vec::new() }
    }

    /// Looks at the first two bytes.
    fn begin(&mut self) -> io::Result<()> {
        let mut mark = [0; 2];
        let mut count = 0;
        while let Some(room) = mark.get_mut(count..).filter(|room| !room.is_empty()) {
            match self.inner.read(room) {
                Ok(0) => break,
                Ok(read) => count += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let known: Option<&'static Encoding> = match (count, mark) {
            (2, [0xFF, 0xFE]) => Some(UTF_16LE),
            (2, [0xFE, 0xFF]) => Some(UTF_16BE),
            _ => None,
        };
        self.state = match known {
            Some(encoding) => State::Decoding(encoding.new_decoder_without_bom_handling()),
            None => {
                self.decoded.extend_from_slice(mark.get(..count).unwrap_or_default());
                State::Plain
            }
        };
        Ok(())
    }

    /// Decodes the next chunk; nothing is left when nothing was added.
    fn fill(&mut self) -> io::Result<()> {
        let State::Decoding(decoder) = &mut self.state else { return Ok(()) };
        while self.decoded.is_empty() && !self.ended {
            if self.from >= self.raw.len() {
                self.raw.resize(CHUNK, 0);
                let read = self.inner.read(&mut self.raw)?;
                self.raw.truncate(read);
                self.from = 0;
            }
            let last = self.raw.is_empty();
            let rest = self.raw.get(self.from..).unwrap_or_default();
            let most = decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(CHUNK);
            let mut text = vec![0; most];
            let (result, taken, written) = decoder.decode_to_utf8_without_replacement(rest, &mut text, last);
            text.truncate(written);
            self.decoded = text;
            self.from += taken;
            match result {
                DecoderResult::Malformed(..) => self.decoded.push(0xFF),
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if matches!(self.state, State::Fresh) {
            self.begin()?;
        }
        if self.decoded.is_empty() {
            if matches!(self.state, State::Plain) {
                return self.inner.read(out);
            }
            self.fill()?;
        }
        let count = self.decoded.len().min(out.len());
        for (to, from) in out.iter_mut().zip(self.decoded.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::Utf16;
    use std::io::Read;

    /// At most three bytes a read, as pipes may do.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(out.len()).min(3);
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read(bytes: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        Utf16::new(Slow(bytes)).read_to_end(&mut all).unwrap();
        all
    }

    #[test]
    fn both_orders_are_read_and_the_rest_goes_through() {
        let text = "name,元\r\n王😀,1\n".repeat(9000);
        let little: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> =
            [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(read(&little), text.as_bytes());
        assert_eq!(read(&big), text.as_bytes());
        assert_eq!(read(text.as_bytes()), text.as_bytes());
        for short in [&b""[..], b"a", b"\xFF", b"\xFF\xFE"] {
            assert_eq!(read(short), if short.len() < 2 { short } else { b"" });
        }
    }

    #[test]
    fn half_a_pair_is_a_byte_of_no_encoding() {
        assert_eq!(read(&[0xFF, 0xFE, b'a', 0, 0x3D, 0xD8, b'b', 0]), b"a\xFFb");
        assert_eq!(read(&[0xFF, 0xFE, b'a', 0, b'b']), b"a\xFF");
    }
}
