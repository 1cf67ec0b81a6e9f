//! Decoded text that remembers where each of its bytes came from.
//!
//! A host reader (JSON, YAML, …) builds a [`Mapped`] while it undoes the host's escapes; everything
//! later works on `text` and asks [`Mapped::to_source`] at the very end. Maps compose with
//! [`Mapped::then`], so a second host layer (JSON in a column of SQL) needs no arithmetic of its own.

use super::span::Span;

/// How a piece of decoded text relates to its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Byte for byte the same: offsets map linearly.
    Copy,
    /// Spelled otherwise in the source (`\u4f60`, `""`, a folded line break): the whole decoded piece
    /// maps to the whole source piece and is never cut.
    Escape,
    /// An expression of a program in whose place a value is sent. The decoded text shows it as
    /// `⟦expression⟧`, whatever the language; it maps like an escape.
    Hole,
}

/// One piece of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands in the decoded text.
    pub decoded: Span,
    /// Where it stands in the source. Never empty.
    pub source: Span,
    /// How the two relate.
    pub piece: Piece,
}

/// Decoded text and the map from its bytes back to the source's.
///
/// Segments are sorted and gapless in the decoded text. Their source spans are in the order of the source and do
/// not overlap, except in the text of a program, which may refer to a constant that stands elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    /// The decoded text.
    pub text: String,
    segments: Vec<Segment>,
}

impl Mapped {
    /// An empty text, to be filled by [`Mapped::copy`] and [`Mapped::escape`].
    pub fn new() -> Self {
        Self::default()
    }

    /// `text` as it stands in the source from byte `at` on.
    pub fn verbatim(text: &str, at: u32) -> Self {
        let mut mapped = Self::new();
        mapped.copy(text, at);
        mapped
    }

    /// Appends `text`, which stands byte for byte at `at` in the source.
    pub fn copy(&mut self, text: &str, at: u32) {
        if text.is_empty() {
            return;
        }
        let decoded = self.extend(text);
        let source = Span::new(at, at + decoded.len());
        self.push(Segment { decoded, source, piece: Piece::Copy });
    }

    /// Appends `text`, which the source spells in its own way at `source`.
    pub fn escape(&mut self, text: &str, source: Span) {
        if text.is_empty() {
            return;
        }
        let decoded = self.extend(text);
        self.segments.push(Segment { decoded, source, piece: Piece::Escape });
    }

    /// Appends the value of an expression of a program: `text` is `⟦expression⟧`, `source` where it stands with
    /// its marks.
    pub fn hole(&mut self, text: &str, source: Span) {
        let decoded = self.extend(text);
        self.segments.push(Segment { decoded, source, piece: Piece::Hole });
    }

    /// Where the decoded text stands for expressions of a program.
    pub fn holes(&self) -> impl Iterator<Item = Span> + '_ {
        self.segments.iter().filter(|segment| segment.piece == Piece::Hole).map(|segment| segment.decoded)
    }

    /// Removes decoded bytes from the end until `len` are left. `len` must be a character border;
    /// an escape that would be cut goes whole.
    pub fn truncate(&mut self, len: usize) {
        let len = len.min(self.text.len());
        self.text.truncate(len);
        let keep = Span::of(0, len);
        while let Some(last) = self.segments.last_mut() {
            if last.decoded.start >= keep.end {
                self.segments.pop();
            } else if last.decoded.end > keep.end {
                if last.piece == Piece::Copy {
                    last.source.end -= last.decoded.end - keep.end;
                }
                last.decoded.end = keep.end;
            } else {
                break;
            }
        }
    }

    /// The pieces, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The same text, whose source moved: `place` says where each piece stands now.
    pub fn relocate(&mut self, place: impl Fn(Span) -> Span) {
        self.segments.iter_mut().for_each(|segment| segment.source = place(segment.source));
    }

    /// The source places of a decoded span, in order, neighbours merged. Empty for an empty span
    /// except that a position maps to the (empty) place where it would stand.
    pub fn to_source(&self, span: Span) -> Vec<Span> {
        let mut places: Vec<Span> = Vec::new();
        let first = self.segments.partition_point(|s| s.decoded.end <= span.start);
        for segment in &self.segments[first..] {
            if segment.decoded.start >= span.end {
                break;
            }
            let place = Self::clip(segment, span);
            match places.last_mut() {
                Some(last) if last.end == place.start => last.end = place.end,
                _ => places.push(place),
            }
        }
        if places.is_empty() {
            let at = self.position(span.start);
            places.push(Span::new(at, at));
        }
        places
    }

    /// From the first to the last source byte of a decoded span.
    pub fn cover(&self, span: Span) -> Span {
        let places = self.to_source(span);
        match (places.first(), places.last()) {
            (Some(first), Some(last)) => first.join(*last),
            _ => Span::default(),
        }
    }

    /// From the first to the last source byte of the whole text; `None` when it is empty.
    pub fn extent(&self) -> Option<Span> {
        Some(self.segments.first()?.source.join(self.segments.last()?.source))
    }

    /// This map followed by `next`, whose source is this text: the map from `next`'s text to this
    /// one's source.
    pub fn then(&self, next: Mapped) -> Mapped {
        let mut segments = Vec::with_capacity(next.segments.len());
        for outer in next.segments {
            if outer.piece != Piece::Copy {
                let source = self.cover(outer.source);
                segments.push(Segment { source, ..outer });
                continue;
            }
            let first = self.segments.partition_point(|s| s.decoded.end <= outer.source.start);
            for inner in &self.segments[first..] {
                if inner.decoded.start >= outer.source.end {
                    break;
                }
                let part = Span::new(
                    inner.decoded.start.max(outer.source.start),
                    inner.decoded.end.min(outer.source.end),
                );
                let decoded = Span::new(
                    outer.decoded.start + (part.start - outer.source.start),
                    outer.decoded.start + (part.end - outer.source.start),
                );
                segments.push(Segment { decoded, source: Self::clip(inner, part), piece: inner.piece });
            }
        }
        Mapped { text: next.text, segments }
    }

    /// Appends another text of the same source that stands after this one.
    pub fn append(&mut self, next: Mapped) {
        let offset = Span::of(self.text.len(), 0).start;
        self.text.push_str(&next.text);
        for segment in next.segments {
            let decoded = segment.decoded.shift(offset);
            self.push(Segment { decoded, ..segment });
        }
    }

    /// Adds a piece; a copy that goes on where the last one ends becomes one with it.
    fn push(&mut self, next: Segment) {
        match self.segments.last_mut() {
            Some(last)
                if last.piece == Piece::Copy
                    && next.piece == Piece::Copy
                    && last.source.end == next.source.start =>
            {
                last.decoded.end = next.decoded.end;
                last.source.end = next.source.end;
            }
            _ => self.segments.push(next),
        }
    }

    fn extend(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::of(start, self.text.len())
    }

    /// The source of the part of `segment` that `span` touches.
    fn clip(segment: &Segment, span: Span) -> Span {
        match segment.piece {
            Piece::Escape | Piece::Hole => segment.source,
            Piece::Copy => {
                let start = segment.decoded.start.max(span.start) - segment.decoded.start;
                let end = segment.decoded.end.min(span.end) - segment.decoded.start;
                Span::new(segment.source.start + start, segment.source.start + end)
            }
        }
    }

    /// The source byte where decoded byte `at` stands, or would stand at the end.
    fn position(&self, at: u32) -> u32 {
        let index = self.segments.partition_point(|s| s.decoded.end <= at);
        match (self.segments.get(index), self.segments.last()) {
            (Some(s), _) if s.piece == Piece::Copy => s.source.start + (at - s.decoded.start),
            (Some(s), _) => s.source.start,
            (None, Some(last)) => last.source.end,
            (None, None) => 0,
        }
    }
}
