//! Lists of postings: the reports that contain a key, with weights.
//!
//! A leaf contains the lists of all keys with equal leading bits. A longer list is divided by time
//! into pieces, which are separate files listed in the leaf; a piece covers a range of ids whose
//! size is a power of two, so that a report changes only one piece.
//!
//! A leaf: the layout's digest (4 bytes), then an entry for each list in order: the 32 bits of its
//! key after those of the leaf; the number of postings (LEB128); if there are several, the length
//! of the encoded postings (LEB128); the encoded postings. A length of 0 means a table of pieces:
//! the number of pieces, then for each, newest first, the bits of its range, the range's place and
//! the number of postings.

use super::bits::{BitReader, BitWriter};
use super::keys::Slot;
use super::layout::Layout;
use super::numbers::{put_number, take_number};
use super::record::Weight;

/// A posting: a report's id and the key's weight in it.
pub(crate) type Posting = (u32, Weight);

/// A longer list is divided into pieces.
pub(super) const LONGEST_IN_LEAF: usize = 4_096;
/// The maximum size of a piece, unless its range can't be halved.
const LONGEST_PIECE: usize = 16 * 1_024;
const DIGEST_LENGTH: usize = 4;

/// A piece of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// It covers the ids whose bits from this one on are `place`.
    pub bits: u32,
    /// The start of its range, in units of its size.
    pub place: u32,
    /// The number of postings.
    pub count: u32,
}

impl Piece {
    /// The name of its file.
    pub(crate) fn name(self) -> String {
        format!("{:x}-{:x}.bin", self.bits, self.place)
    }
}

/// How a list is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum List<'a> {
    /// In the leaf: the encoded postings and their number.
    Whole(&'a [u8], u32),
    /// In separate files, newest first.
    Pieces(Vec<Piece>),
}

impl List<'_> {
    /// How many postings it holds.
    pub(super) fn count(&self) -> u64 {
        match self {
            List::Whole(_, count) => u64::from(*count),
            List::Pieces(pieces) => pieces.iter().map(|piece| u64::from(piece.count)).sum(),
        }
    }
}

/// A list encoded: for a leaf, or with its pieces' bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Encoded {
    Whole { count: u32, bytes: Vec<u8> },
    Pieces(Vec<(Piece, Vec<u8>)>),
}

impl Encoded {
    /// Encodes a list, whose ids ascend. Lists and pieces may be larger by the layout's doublings.
    pub(super) fn of(postings: &[Posting], layout: &Layout) -> Encoded {
        let Layout { slot_bits, doublings, .. } = *layout;
        let bytes = encode(postings, slot_bits);
        if bytes.len() <= LONGEST_IN_LEAF << doublings {
            return Encoded::Whole { count: count(postings), bytes };
        }
        let mut pieces = Vec::new();
        let longest = LONGEST_PIECE << doublings;
        Cutting { longest, slot_bits, pieces: &mut pieces }.cut(postings, u32::BITS, bytes);
        pieces.reverse();
        Encoded::Pieces(pieces)
    }

    /// Writes the list's entry of a leaf.
    pub(super) fn write(&self, slot: Slot, leaf: &mut Vec<u8>) {
        leaf.extend(slot.short().to_le_bytes());
        match self {
            Encoded::Whole { count, bytes } => {
                put_number(leaf, *count);
                if *count != 1 {
                    put_number(leaf, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
                }
                leaf.extend(bytes);
            }
            Encoded::Pieces(pieces) => {
                put_number(leaf, pieces.iter().map(|(piece, _)| piece.count).sum());
                put_number(leaf, 0);
                put_number(leaf, u32::try_from(pieces.len()).unwrap_or(u32::MAX));
                for (piece, _) in pieces {
                    put_number(leaf, piece.bits);
                    put_number(leaf, piece.place);
                    put_number(leaf, piece.count);
                }
            }
        }
    }
}

struct Cutting<'a> {
    longest: usize,
    slot_bits: u32,
    pieces: &'a mut Vec<(Piece, Vec<u8>)>,
}

impl Cutting<'_> {
    /// Halves a range of ids until the postings in it fit into a piece. `bytes` are the encoded
    /// postings.
    fn cut(&mut self, postings: &[Posting], bits: u32, bytes: Vec<u8>) {
        let (Some(&(first, _)), Some(&(last, _))) = (postings.first(), postings.last()) else {
            return;
        };
        if bytes.len() > self.longest && first != last {
            // Coarser halves leave all postings on one side.
            let half = (first ^ last).ilog2();
            let middle = postings.partition_point(|&(id, _)| id >> half & 1 == 0);
            for part in [&postings[..middle], &postings[middle..]] {
                self.cut(part, half, encode(part, self.slot_bits));
            }
            return;
        }
        let place = first.checked_shr(bits).unwrap_or(0);
        self.pieces.push((Piece { bits, place, count: count(postings) }, bytes));
    }
}

fn count(postings: &[Posting]) -> u32 {
    u32::try_from(postings.len()).unwrap_or(u32::MAX)
}

/// Encodes postings: the parameters of two Rice codes, if there are several postings; the bit
/// length of the first id minus one, and that id; then for each later id the days since the one
/// before, and the slots since it or, on a new day, within the day. A weight follows each id; low
/// weights have short codes.
pub(super) fn encode(postings: &[Posting], slot_bits: u32) -> Vec<u8> {
    let Some((&(first, first_weight), others)) = postings.split_first() else { return Vec::new() };
    let mut writer = BitWriter::default();
    let codes = Codes::of(postings, slot_bits);
    if !others.is_empty() {
        codes.write(&mut writer);
    }
    let width = first.max(1).ilog2();
    writer.put(width, 5);
    writer.put(first, width + 1);
    put_weight(&mut writer, first_weight);
    let mut before = first;
    for &(id, weight) in others {
        let step = Step::between(before, id, slot_bits);
        writer.rice(step.days, codes.days);
        if slot_bits > 0 {
            writer.rice(step.slots, codes.slots);
        }
        put_weight(&mut writer, weight);
        before = id;
    }
    writer.finish()
}

/// The difference between an id and a later one.
#[derive(Clone, Copy)]
struct Step {
    days: u32,
    /// Slots since the other id on the same day, or since the start of a later day.
    slots: u32,
}

impl Step {
    fn between(before: u32, id: u32, slot_bits: u32) -> Step {
        let (days, slot) = ((id >> slot_bits) - (before >> slot_bits), id & ((1 << slot_bits) - 1));
        let slots = if days == 0 { id - before - 1 } else { slot };
        Step { days, slots }
    }

    /// The later id; `None` if it exceeds the range of ids.
    fn from(self, before: u32, slot_bits: u32) -> Option<u32> {
        if self.days == 0 {
            return before.checked_add(1)?.checked_add(self.slots);
        }
        let day = (before >> slot_bits).checked_add(self.days)?;
        let start = u32::try_from(u64::from(day) << slot_bits).ok()?;
        (self.slots >> slot_bits == 0).then_some(start | self.slots)
    }
}

/// The parameters of the two Rice codes: the number of plain low bits.
#[derive(Clone, Copy)]
struct Codes {
    days: u32,
    slots: u32,
}

impl Codes {
    const BITS: (u32, u32) = (5, 4);

    fn of(postings: &[Posting], slot_bits: u32) -> Codes {
        let (mut days, mut slots) = (0, 0);
        for (one, other) in postings.iter().zip(postings.iter().skip(1)) {
            let step = Step::between(one.0, other.0, slot_bits);
            days += u64::from(step.days);
            slots += u64::from(step.slots);
        }
        let steps = postings.len().saturating_sub(1) as u64;
        Codes { days: rice_bits(days, steps), slots: rice_bits(slots, steps) }
    }

    fn write(self, writer: &mut BitWriter) {
        writer.put(self.days, Codes::BITS.0);
        writer.put(self.slots, Codes::BITS.1);
    }

    fn read(reader: &mut BitReader<'_>) -> Option<Codes> {
        Some(Codes { days: reader.take(Codes::BITS.0)?, slots: reader.take(Codes::BITS.1)? })
    }
}

/// A nearly optimal Rice parameter for numbers with this sum.
fn rice_bits(sum: u64, count: u64) -> u32 {
    // A geometric distribution's best parameter is near the mean times ln 2, here 11/16.
    (sum * 11 / (count.max(1) * 16)).max(1).ilog2()
}

/// Decodes postings; `None` if the bytes are invalid.
pub(super) fn decode(bytes: &[u8], count: u32, slot_bits: u32) -> Option<Vec<Posting>> {
    let mut reader = BitReader::new(bytes);
    let mut postings = Vec::new();
    let codes = match count {
        0 => return Some(postings),
        1 => Codes { days: 0, slots: 0 },
        _ => Codes::read(&mut reader)?,
    };
    let mut id = first_id(&mut reader)?;
    postings.push((id, weight(&mut reader)?));
    for _ in 1..count {
        let days = reader.rice(codes.days)?;
        let slots = if slot_bits > 0 { reader.rice(codes.slots)? } else { 0 };
        id = Step { days, slots }.from(id, slot_bits)?;
        postings.push((id, weight(&mut reader)?));
    }
    Some(postings)
}

/// A leaf without lists.
pub(super) fn empty_leaf(digest: u32) -> Vec<u8> {
    digest.to_le_bytes().to_vec()
}

/// The layout's digest at the start of an index file.
pub(super) fn digest_of(leaf: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(leaf.get(..DIGEST_LENGTH)?.try_into().ok()?))
}

/// The lists of a leaf with the bits of their keys; ends at the first invalid entry.
pub(super) fn lists(leaf: &[u8]) -> impl Iterator<Item = (u32, List<'_>)> {
    entries(leaf).map(|(short, list, _)| (short, list))
}

/// The same, with the bytes of each entry.
pub(super) fn entries(leaf: &[u8]) -> impl Iterator<Item = (u32, List<'_>, &[u8])> {
    let mut rest = leaf.get(DIGEST_LENGTH..).unwrap_or_default();
    std::iter::from_fn(move || {
        let start = rest;
        let (short, list) = entry(&mut rest)?;
        Some((short, list, &start[..start.len() - rest.len()]))
    })
}

/// How many bytes a single posting takes.
fn length_of_one(bytes: &[u8]) -> Option<usize> {
    let mut reader = BitReader::new(bytes);
    first_id(&mut reader)?;
    weight(&mut reader)?;
    Some(reader.passed().div_ceil(8))
}

fn first_id(reader: &mut BitReader<'_>) -> Option<u32> {
    let width = reader.take(5)?;
    reader.take(width + 1)
}

/// Reads a weight in its code.
fn weight(reader: &mut BitReader<'_>) -> Option<Weight> {
    for weight in [Weight::Low, Weight::Middle] {
        if reader.take(1)? == 0 {
            return Some(weight);
        }
    }
    Some(if reader.take(1)? == 0 { Weight::High } else { Weight::Title })
}

fn put_weight(writer: &mut BitWriter, weight: Weight) {
    match weight {
        Weight::Low => writer.put(0b0, 1),
        Weight::Middle => writer.put(0b01, 2),
        Weight::High => writer.put(0b011, 3),
        Weight::Title => writer.put(0b111, 3),
    }
}

fn entry<'a>(rest: &mut &'a [u8]) -> Option<(u32, List<'a>)> {
    let (short, after) = rest.split_at_checked(4)?;
    *rest = after;
    let short = u32::from_le_bytes(short.try_into().ok()?);
    let count = take_number(rest)?;
    let length = if count == 1 { length_of_one(rest)? } else { take_number(rest)? as usize };
    if length > 0 {
        let (bytes, after) = rest.split_at_checked(length)?;
        *rest = after;
        return Some((short, List::Whole(bytes, count)));
    }
    let number = take_number(rest)?;
    let mut pieces = Vec::new();
    for _ in 0..number {
        let (bits, place) = (take_number(rest)?, take_number(rest)?);
        pieces.push(Piece { bits, place, count: take_number(rest)? });
    }
    Some((short, List::Pieces(pieces)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::layout::{MostFiles, Size};

    fn postings() -> impl Strategy<Value = Vec<Posting>> {
        let ids = prop::collection::btree_set(any::<u32>(), 1..200);
        ids.prop_map(|ids| {
            ids.into_iter().map(|id| (id, Weight::of_bits(id.count_ones()))).collect()
        })
    }

    proptest! {
        #[test]
        fn a_list_is_read_as_it_was_written(list in postings(), slot_bits in 0u32..15) {
            let bytes = encode(&list, slot_bits);
            prop_assert_eq!(decode(&bytes, count(&list), slot_bits), Some(list));
        }

        #[test]
        fn damaged_leaves_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            for (_, list) in lists(&bytes) {
                if let List::Whole(bytes, count) = list {
                    for slot_bits in [0, 3, 14] {
                        let _ = decode(bytes, count, slot_bits);
                    }
                }
            }
        }
    }

    #[test]
    fn a_long_list_is_cut_by_time() {
        let list: Vec<Posting> =
            (0..60_000).map(|at| (at * 37 + at % 5, Weight::of_bits(at))).collect();
        let size = Size { reports: 60_000, last: list[list.len() - 1].0, ..Size::default() };
        let layout = Layout::of(3, 4, &size, MostFiles(20_000));
        assert_eq!(layout.doublings, 0);
        let encoded = Encoded::of(&list, &layout);
        let mut leaf = empty_leaf(7);
        encoded.write(Slot(42), &mut leaf);
        let Encoded::Pieces(pieces) = encoded else { panic!("it is short") };
        assert!(pieces.iter().all(|(_, bytes)| bytes.len() <= LONGEST_PIECE));
        let read: Vec<Posting> = pieces
            .iter()
            .rev()
            .flat_map(|(piece, bytes)| decode(bytes, piece.count, 4).unwrap())
            .collect();
        assert_eq!(read, list);
        let named = pieces.iter().map(|&(piece, _)| piece).collect();
        assert_eq!(lists(&leaf).collect::<Vec<_>>(), [(42, List::Pieces(named))]);
        assert_eq!(digest_of(&leaf), Some(7));
    }
}
