//! Long lists of small things, stored as words of 32 bits: a program that starts reads them as they lie there,
//! since taking each number apart is most of what a start costs.
//!
//! Begin at [`Pack`]. A field that says `#[serde(with = "packed")]` is stored so.

use super::lexicon::{GroupId, Need, Phrase, Worth};
use super::phrase::Slot;
use super::program::{LeadId, Op, OpId, SetId, Steps};
use crate::facts::Role;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::slice::ChunksExact;

/// What can be told in a few words of 32 bits.
pub(super) trait Pack: Sized {
    /// Adds its words.
    fn pack(&self, words: &mut Vec<u32>);

    /// Reads what [`Pack::pack`] has written; `None` if it is something else.
    fn unpack(words: &mut Words<'_>) -> Option<Self>;
}

/// The words that are left.
pub(super) struct Words<'b> {
    rest: ChunksExact<'b, u8>,
}

impl Words<'_> {
    #[inline]
    fn next(&mut self) -> Option<u32> {
        let chunk = self.rest.next()?;
        chunk.try_into().ok().map(u32::from_le_bytes)
    }

    fn is_empty(&self) -> bool {
        self.rest.len() == 0
    }
}

/// Stores a list: its words, little end first.
pub(super) fn serialize<T: Pack, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut words = Vec::with_capacity(list.len() + 1);
    words.push(u32::try_from(list.len()).unwrap_or(u32::MAX));
    list.iter().for_each(|item| item.pack(&mut words));
    let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    serializer.serialize_bytes(&bytes)
}

/// Reads a list.
///
/// # Errors
///
/// If the bytes are no list of such things.
pub(super) fn deserialize<'de, T: Pack, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Bytes<T>(PhantomData<T>);
    impl<T: Pack> Visitor<'_> for Bytes<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a packed list")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<T>, E> {
            read(bytes).ok_or_else(|| E::custom("a packed list is broken"))
        }
    }
    deserializer.deserialize_bytes(Bytes(PhantomData))
}

fn read<T: Pack>(bytes: &[u8]) -> Option<Vec<T>> {
    let mut words = Words { rest: bytes.chunks_exact(4) };
    let count = words.next()? as usize;
    // Nothing takes less than a byte, so a wrong number takes no room.
    let mut list = Vec::with_capacity(count.min(bytes.len()));
    for _ in 0..count {
        list.push(T::unpack(&mut words)?);
    }
    words.is_empty().then_some(list)
}

impl Pack for u32 {
    fn pack(&self, words: &mut Vec<u32>) {
        words.push(*self);
    }

    #[inline]
    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        words.next()
    }
}

/// Numbers with a type of their own.
macro_rules! pack_ids {
    ($($id:ident),*) => {
        $(impl Pack for $id {
            fn pack(&self, words: &mut Vec<u32>) {
                words.push(self.0);
            }

            #[inline]
            fn unpack(words: &mut Words<'_>) -> Option<Self> {
                words.next().map(Self)
            }
        })*
    };
}

pack_ids!(SetId, OpId, LeadId, GroupId);

impl Pack for bool {
    fn pack(&self, words: &mut Vec<u32>) {
        words.push(u32::from(*self));
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        words.next().map(|word| word != 0)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, words: &mut Vec<u32>) {
        words.push(u32::from(self.is_some()));
        self.iter().for_each(|inside| inside.pack(words));
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        match words.next()? {
            0 => Some(None),
            _ => T::unpack(words).map(Some),
        }
    }
}

impl<T: Pack, const N: usize> Pack for [T; N] {
    fn pack(&self, words: &mut Vec<u32>) {
        self.iter().for_each(|item| item.pack(words));
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        let items: Vec<T> = (0..N).map(|_| T::unpack(words)).collect::<Option<_>>()?;
        items.try_into().ok()
    }
}

impl Pack for Need {
    fn pack(&self, words: &mut Vec<u32>) {
        match self {
            Self::Set(set) => words.push(set.0 << 1),
            Self::OneOf(number) => words.push(number << 1 | 1),
        }
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        let word = words.next()?;
        Some(if word & 1 == 0 { Self::Set(SetId(word >> 1)) } else { Self::OneOf(word >> 1) })
    }
}

impl Pack for Worth {
    fn pack(&self, words: &mut Vec<u32>) {
        words.push(self.phrase << 1 | u32::from(self.far));
        self.also.pack(words);
    }

    #[inline]
    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        let word = words.next()?;
        Some(Self { phrase: word >> 1, far: word & 1 == 1, also: Pack::unpack(words)? })
    }
}

impl Pack for Phrase {
    fn pack(&self, words: &mut Vec<u32>) {
        self.op.pack(words);
        self.group.pack(words);
        self.lead.pack(words);
        self.far.pack(words);
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        Some(Self {
            op: Pack::unpack(words)?,
            group: Pack::unpack(words)?,
            lead: Pack::unpack(words)?,
            far: Pack::unpack(words)?,
        })
    }
}

/// Slots that are no role, in the order of their numbers behind the roles.
const SLOTS: [Slot; 7] =
    [Slot::AnyRole, Slot::Money, Slot::Figure, Slot::Time, Slot::Tel, Slot::Run, Slot::Capital];

impl Pack for Slot {
    fn pack(&self, words: &mut Vec<u32>) {
        let all = Role::ALL.into_iter().map(Self::Role).chain(SLOTS);
        let number = all.take_while(|slot| slot != self).count();
        words.push(u32::try_from(number).unwrap_or(u32::MAX));
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        let number = words.next()? as usize;
        let role = Role::ALL.get(number).copied().map(Self::Role);
        role.or_else(|| SLOTS.get(number.checked_sub(Role::ALL.len())?).copied())
    }
}

impl Pack for Steps {
    fn pack(&self, words: &mut Vec<u32>) {
        words.extend([self.0, self.1]);
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        Some(Self(words.next()?, words.next()?))
    }
}

impl Pack for Op {
    fn pack(&self, words: &mut Vec<u32>) {
        match self {
            Self::Set(set) => {
                words.push(0);
                set.pack(words);
            }
            Self::Slot(slot) => {
                words.push(1);
                slot.pack(words);
            }
            Self::Gap { max, far, next } => {
                words.extend([2, u32::from(*max)]);
                far.pack(words);
                next.pack(words);
            }
            Self::Sequence(steps) => {
                words.push(3);
                steps.pack(words);
            }
            Self::Any(steps) => {
                words.push(4);
                steps.pack(words);
            }
            Self::Optional(inside) => {
                words.push(5);
                inside.pack(words);
            }
            Self::Both { sides, leads, max } => {
                words.push(6);
                sides.pack(words);
                leads.pack(words);
                words.push(u32::from(*max));
            }
            Self::Mark(inside) => {
                words.push(7);
                inside.pack(words);
            }
            Self::Opening => words.push(8),
            Self::Start => words.push(9),
            Self::End => words.push(10),
            Self::Closing => words.push(11),
        }
    }

    fn unpack(words: &mut Words<'_>) -> Option<Self> {
        let small = |words: &mut Words<'_>| words.next().and_then(|word| u16::try_from(word).ok());
        Some(match words.next()? {
            0 => Self::Set(Pack::unpack(words)?),
            1 => Self::Slot(Pack::unpack(words)?),
            2 => Self::Gap { max: small(words)?, far: Pack::unpack(words)?, next: Pack::unpack(words)? },
            3 => Self::Sequence(Pack::unpack(words)?),
            4 => Self::Any(Pack::unpack(words)?),
            5 => Self::Optional(Pack::unpack(words)?),
            6 => Self::Both { sides: Pack::unpack(words)?, leads: Pack::unpack(words)?, max: small(words)? },
            7 => Self::Mark(Pack::unpack(words)?),
            8 => Self::Opening,
            9 => Self::Start,
            10 => Self::End,
            11 => Self::Closing,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Op, Pack, Role, SLOTS, SetId, Slot, Steps, Words, read};

    fn again<T: Pack>(thing: &T) -> Option<T> {
        let mut words = Vec::new();
        thing.pack(&mut words);
        let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
        let mut words = Words { rest: bytes.chunks_exact(4) };
        T::unpack(&mut words).filter(|_| words.is_empty())
    }

    #[test]
    fn what_was_packed_is_read_again() {
        for slot in Role::ALL.into_iter().map(Slot::Role).chain(SLOTS) {
            assert_eq!(again(&slot), Some(slot));
        }
        for op in [
            Op::Set(SetId(7)),
            Op::Gap { max: 12, far: true, next: None },
            Op::Any(Steps(3, 9)),
            Op::Opening,
            Op::Closing,
        ] {
            assert_eq!(format!("{:?}", again(&op)), format!("{:?}", Some(op)));
        }
    }

    #[test]
    fn a_broken_list_is_refused() {
        assert_eq!(read::<u32>(&[2, 0, 0, 0, 1, 0, 0, 0]), None);
        assert_eq!(read::<u32>(&[0xFF; 4]), None);
        assert_eq!(read::<u32>(&[1, 0, 0, 0, 1, 0, 0, 0]), Some(vec![1]));
    }
}
