//! The bytes of a file that are at hand, and the way a reader asks for others.
//!
//! A header reader is a plain function from a [`SparseBuffer`] to facts. Where it needs bytes that are not there it stops
//! with [`ReadError::Need`]; whoever feeds it gets that range, by reading on or by a Range request, and calls it again.
//! So the same reader serves a file, a data URI and a download, and does no I/O itself.

use std::cell::Cell;
use std::ops::Range;

/// Why a reader stopped before it had the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// These bytes are wanted next; the range is never empty and lies inside the file as far as its length is known.
    Need(Range<u64>),
    /// The file is broken.
    Broken(Flaw),
}

/// What is broken, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// Where in the file, in bytes from its start.
    pub(crate) at: u64,
    /// What is wrong there, as the end of a sentence: `the PNG header is cut short`.
    pub(crate) what: &'static str,
}

/// The parts of one file that are at hand, in order, never overlapping.
#[derive(Debug, Default)]
pub(crate) struct SparseBuffer {
    parts: Vec<(u64, Vec<u8>)>,
    total: Option<u64>,
    steps: Cell<u32>,
}

/// How many boxes, segments, pages or frames one reader may visit; real headers need a few hundred.
const STEPS: u32 = 200_000;

impl SparseBuffer {
    /// Starts with the first bytes of a file and its length, where that is known.
    pub(crate) fn new(head: Vec<u8>, total: Option<u64>) -> Self {
        Self { parts: vec![(0, head)], total, steps: Cell::new(0) }
    }

    /// Returns the length of the whole file in bytes, where known.
    pub(crate) fn total(&self) -> Option<u64> {
        self.total
    }

    /// Tells the length of the whole file once its end was seen.
    pub(crate) fn set_total(&mut self, total: u64) {
        self.total = Some(total);
    }

    /// Returns how many bytes are held.
    pub(crate) fn held(&self) -> usize {
        self.parts.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// Returns the bytes that are held from the start of the file on.
    pub(crate) fn head(&self) -> &[u8] {
        self.parts.first().filter(|(at, _)| *at == 0).map_or(&[], |(_, bytes)| bytes)
    }

    /// Returns the first place from `at` on that is not held.
    pub(crate) fn held_to(&self, at: u64) -> u64 {
        let ends = self.parts.iter().map(|(start, bytes)| (*start, start.saturating_add(bytes.len() as u64)));
        ends.filter(|(start, end)| (*start..*end).contains(&at)).map(|(_, end)| end).next().unwrap_or(at)
    }

    /// Adds bytes at a place; where they overlap what is held, what is held stays.
    pub(crate) fn add(&mut self, at: u64, bytes: &[u8]) {
        let place = self.parts.partition_point(|(start, _)| *start <= at);
        self.parts.insert(place, (at, bytes.to_vec()));
        self.parts.dedup_by(|(at, bytes), (start, part)| {
            let end = *start + part.len() as u64;
            let touches = *at <= end;
            if touches {
                let known = usize::try_from(end - *at).unwrap_or(usize::MAX);
                part.extend_from_slice(bytes.get(known..).unwrap_or_default());
            }
            touches
        });
    }

    /// Returns `len` bytes at a place.
    ///
    /// # Errors
    /// [`ReadError::Need`] where they are not at hand, [`ReadError::Broken`] where the file ends before them.
    pub(crate) fn bytes(&self, at: u64, len: usize) -> Result<&[u8], ReadError> {
        let end = at.checked_add(len as u64).ok_or_else(|| broken(at, "a size in the file is absurd"))?;
        if self.total.is_some_and(|total| end > total) {
            return Err(broken(at, "the file ends too early"));
        }
        if len == 0 {
            return Ok(&[]);
        }
        for (start, part) in &self.parts {
            let Some(from) = at.checked_sub(*start).and_then(|from| usize::try_from(from).ok()) else { continue };
            if let Some(bytes) = from.checked_add(len).and_then(|to| part.get(from..to)) {
                return Ok(bytes);
            }
        }
        Err(ReadError::Need(at..end))
    }

    /// Returns as many of `len` bytes at a place as the file has.
    ///
    /// # Errors
    /// [`ReadError::Need`] where they are not at hand.
    pub(crate) fn up_to(&self, at: u64, len: usize) -> Result<&[u8], ReadError> {
        match self.total {
            Some(total) => {
                let there = usize::try_from(total.saturating_sub(at)).unwrap_or(usize::MAX);
                self.bytes(at, len.min(there))
            }
            None => self.bytes(at, len),
        }
    }

    /// Returns one byte.
    pub(crate) fn u8(&self, at: u64) -> Result<u8, ReadError> {
        Ok(self.array::<1>(at)?[0])
    }

    /// Returns a fixed number of bytes, for `u32::from_be_bytes` and its like.
    pub(crate) fn array<const N: usize>(&self, at: u64) -> Result<[u8; N], ReadError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(at, N)?);
        Ok(array)
    }

    /// Reads a 16-bit number, high byte first.
    pub(crate) fn be16(&self, at: u64) -> Result<u16, ReadError> {
        self.array(at).map(u16::from_be_bytes)
    }

    /// Reads a 32-bit number, high byte first.
    pub(crate) fn be32(&self, at: u64) -> Result<u32, ReadError> {
        self.array(at).map(u32::from_be_bytes)
    }

    /// Reads a 64-bit number, high byte first.
    pub(crate) fn be64(&self, at: u64) -> Result<u64, ReadError> {
        self.array(at).map(u64::from_be_bytes)
    }

    /// Reads a 16-bit number, low byte first.
    pub(crate) fn le16(&self, at: u64) -> Result<u16, ReadError> {
        self.array(at).map(u16::from_le_bytes)
    }

    /// Reads a 32-bit number, low byte first.
    pub(crate) fn le32(&self, at: u64) -> Result<u32, ReadError> {
        self.array(at).map(u32::from_le_bytes)
    }

    /// Reads a 64-bit number, low byte first.
    pub(crate) fn le64(&self, at: u64) -> Result<u64, ReadError> {
        self.array(at).map(u64::from_le_bytes)
    }

    /// Counts one step of a loop over parts of the file, so that no file can keep a reader busy.
    pub(crate) fn step(&self, at: u64) -> Result<(), ReadError> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > STEPS { Err(broken(at, "the file has too many parts to be a real one")) } else { Ok(()) }
    }

    /// Returns how many steps were counted.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn steps(&self) -> u32 {
        self.steps.get()
    }

    /// Forgets the steps of an earlier call; the feeder does this before each call.
    pub(crate) fn rewind(&self) {
        self.steps.set(0);
    }
}

/// Says what is broken and where.
pub(crate) const fn broken(at: u64, what: &'static str) -> ReadError {
    ReadError::Broken(Flaw { at, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_at_hand_are_given_and_others_asked_for() {
        let window = SparseBuffer::new(b"abcdef".to_vec(), Some(10));
        assert_eq!(window.bytes(1, 3), Ok(&b"bcd"[..]));
        assert_eq!(window.bytes(4, 4), Err(ReadError::Need(4..8)));
        assert_eq!(window.bytes(8, 4), Err(broken(8, "the file ends too early")));
        assert_eq!(window.bytes(u64::MAX, 2), Err(broken(u64::MAX, "a size in the file is absurd")));
        assert_eq!(window.bytes(8, 0), Ok(&b""[..]), "nothing is always at hand");
        assert_eq!(window.up_to(4, 2), Ok(&b"ef"[..]));
        assert_eq!(window.up_to(8, 100), Err(ReadError::Need(8..10)));
        assert_eq!(window.up_to(11, 100).unwrap_or(b"x"), b"x");
    }

    #[test]
    fn parts_join_and_overlaps_are_kept_once() {
        let mut window = SparseBuffer::new(b"abc".to_vec(), None);
        window.add(6, b"ghi");
        window.add(2, b"cdef");
        assert_eq!(window.bytes(0, 6), Ok(&b"abcdef"[..]));
        assert_eq!(window.bytes(6, 3), Ok(&b"ghi"[..]));
        window.add(4, b"efghijkl");
        assert_eq!(window.bytes(0, 12), Ok(&b"abcdefghijkl"[..]));
    }

    #[test]
    fn a_reader_cannot_be_kept_busy() {
        let window = SparseBuffer::default();
        let steps = (0..=STEPS).filter(|step| window.step(u64::from(*step)).is_ok()).count();
        assert_eq!(steps, STEPS as usize);
        window.rewind();
        assert_eq!(window.step(0), Ok(()));
    }
}
