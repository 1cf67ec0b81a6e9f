//! What was judged before: while somebody types in one message of ten thousand, the others say what they said.
//!
//! Begin at [`Memory::judge`]. A judgement is known by everything that it was made of, so that nothing need be told to
//! the memory but that the rules are others: then it is thrown away.

use crate::facts::Role;
use crate::finding::Finding;
use crate::judge::{Judge, Judgement};
use crate::source::{Piece, Source, Span};
use crate::template::Template;
use foldhash::HashMap;
use foldhash::quality::FixedState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Judgements that are kept; then all are forgotten.
const MOST: usize = 60_000;

/// Judgements by one set of rules.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<HashMap<(u64, u64), Arc<Kept>>>,
    /// Templates that were judged, and not remembered.
    judged: AtomicUsize,
}

#[derive(Debug)]
struct Kept {
    judgement: Judgement,
    /// Of the placeholders, in their order.
    roles: Vec<Role>,
    /// Where the body stood.
    at: u32,
}

impl Memory {
    /// How many templates were judged, all in all.
    pub fn judged(&self) -> usize {
        self.judged.load(Ordering::Relaxed)
    }

    /// The judgement of `judge` on `template`, and the roles of its placeholders.
    pub(crate) fn judge(&self, judge: &Judge<'_>, source: &Source, template: &mut Template) -> Judgement {
        let at = template.record.body_span.start;
        let key = key(judge, source, template);
        let known = key.and_then(|key| self.kept().get(&key).map(Arc::clone));
        if let Some(kept) = known {
            let placeholders = template.placeholders_mut().into_iter();
            placeholders.zip(&kept.roles).for_each(|(placeholder, role)| placeholder.role = *role);
            let mut judgement = kept.judgement.clone();
            moved(&mut judgement, kept.at, at);
            return judgement;
        }
        self.judged.fetch_add(1, Ordering::Relaxed);
        let judgement = judge.judge(source, template);
        // A judgement in part is a matter of what it cost, too.
        if let Some(key) = key.filter(|_| judgement.problem.is_none()) {
            let roles = template.placeholders().iter().map(|placeholder| placeholder.role).collect();
            let kept = Arc::new(Kept { judgement: judgement.clone(), roles, at });
            let mut all = self.kept();
            if all.len() >= MOST {
                all.clear();
            }
            all.insert(key, kept);
        }
        judgement
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<(u64, u64), Arc<Kept>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Moves a judgement from a body that stood at `from` to one that stands at `to`.
fn moved(judgement: &mut Judgement, from: u32, to: u32) {
    if from == to {
        return;
    }
    let place = |at: u32| at.wrapping_sub(from).wrapping_add(to);
    let span = |span: &mut Span| *span = Span::new(place(span.start), place(span.end));
    for finding in &mut judgement.findings {
        let Finding { primary, labels, fixes, .. } = finding;
        span(primary);
        labels.iter_mut().for_each(|label| span(&mut label.span));
        fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| span(&mut edit.span));
    }
}

/// Two digests of all that a judgement is made of; `None` where the text comes from several places of the file, since
/// what stands between them is looked at, too.
fn key(judge: &Judge<'_>, source: &Source, template: &Template) -> Option<(u64, u64)> {
    let record = &template.record;
    let body = record.body_span;
    if !record.body.extent().is_none_or(|extent| body.contains(extent)) {
        return None;
    }
    let mut made_of = Vec::with_capacity(1024);
    let mut text = |text: &[u8]| {
        made_of.extend((text.len() as u64).to_le_bytes());
        made_of.extend(text);
    };
    text(source.path.as_bytes());
    text(judge.host.as_bytes());
    text(format!("{:?} {:?}", judge.circumstances, template.dialect).as_bytes());
    text(record.id.text.as_bytes());
    // The quote before the body says how a fix is spelled.
    let before = source.text.get(..body.start as usize).and_then(|before| before.chars().next_back());
    text(before.map(String::from).unwrap_or_default().as_bytes());
    text(body.of_text(&source.text).as_bytes());
    text(record.body.text.as_bytes());
    for (name, declared) in &record.meta.fields {
        text(name.as_bytes());
        text(declared.value.to_string().as_bytes());
        text(&declared.span.map_or([0; 9], |span| place(span, body, 1)));
    }
    text(&record.id.span.map_or([0; 9], |span| place(span, body, 1)));
    for segment in record.body.segments() {
        let piece = match segment.piece {
            Piece::Copy => 1,
            Piece::Escape => 2,
            Piece::Hole => 3,
        };
        text(&place(segment.source, body, piece));
        text(&place(segment.decoded, Span::default(), piece));
    }
    let digest = |seed| {
        let mut hasher = FixedState::with_seed(seed).build_hasher();
        hasher.write(&made_of);
        hasher.finish()
    };
    Some((digest(1), digest(2)))
}

/// A place as it stands to the body.
fn place(span: Span, body: Span, kind: u8) -> [u8; 9] {
    let mut bytes = [kind; 9];
    let (start, end) = (span.start.wrapping_sub(body.start), span.end.wrapping_sub(body.start));
    bytes
        .iter_mut()
        .zip(start.to_le_bytes().into_iter().chain(end.to_le_bytes()))
        .for_each(|(to, byte)| *to = byte);
    bytes
}
