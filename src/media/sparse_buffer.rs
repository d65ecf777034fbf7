//! The bytes of a file that are buffered, and how a reader requests others.
//!
//! A reader is a plain function from a [`SparseBuffer`] to facts. If it needs bytes that are not buffered, it returns
//! [`ReadError::NeedMore`]; the caller gets that range, by reading further or by a Range request, and calls it again.
//! So the same reader works for a file, a data URI and a download, and does no I/O itself.

use std::cell::Cell;
use std::ops::Range;

use crate::media::{Format, steps};

/// Why a reader stopped before it had the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// These bytes are needed next; the range is never empty and lies inside the file as far as its length is known.
    NeedMore(Range<u64>),
    /// The file is malformed.
    Malformed(FormatError),
    /// The file has more parts than a reader visits, so nothing is known about it, not even whether it is malformed.
    TooComplex,
}

/// What is malformed, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FormatError {
    /// Where in the file, in bytes from its start.
    pub(crate) at: u64,
    /// What is wrong there, as the end of a sentence: `the PNG header is cut short`.
    pub(crate) what: &'static str,
}

/// The parts of one file that are buffered, in order, never overlapping and never touching.
#[derive(Debug, Default)]
pub(crate) struct SparseBuffer {
    parts: Vec<(u64, Vec<u8>)>,
    /// Bytes in all parts.
    buffered: usize,
    total: Option<u64>,
    /// Work done so far, over all calls of a reader: one for each look-up, and one for each [`UNIT`] bytes returned.
    work: Cell<u32>,
    /// Where the reader continues when it is called again, and the format that it has found before.
    checkpoint: Cell<(u64, Option<Format>)>,
}

/// The maximum work that one file may cause. Real headers need a few thousand look-ups; two million take about 50 ms,
/// so that no file keeps a reader busy, even one that makes it restart for every range.
const MAX_WORK: u32 = 2_000_000;

/// How many bytes of one look-up cost as much as another look-up.
const UNIT: usize = 256;

impl SparseBuffer {
    /// Creates a buffer with the first bytes of a file, and its length if that is known.
    pub(crate) fn new(head: Vec<u8>, total: Option<u64>) -> Self {
        let buffered = head.len();
        let parts = if head.is_empty() { Vec::new() } else { vec![(0, head)] };
        Self { parts, buffered, total, ..Self::default() }
    }

    /// Returns the length of the whole file in bytes, if known.
    pub(crate) fn total(&self) -> Option<u64> {
        self.total
    }

    /// Sets the length of the whole file once its end was seen.
    pub(crate) fn set_total(&mut self, total: u64) {
        self.total = Some(total);
    }

    /// Returns where to continue: at the start of the file unless a checkpoint was set.
    pub(crate) fn checkpoint(&self) -> (u64, Option<Format>) {
        self.checkpoint.get()
    }

    /// Lets the next call of the reader continue at an offset. Without that, the work on a file with many parts outside
    /// of the buffer grows with the square of their number.
    pub(crate) fn set_checkpoint(&self, at: u64, format: Option<Format>) {
        self.checkpoint.set((at, format));
    }

    /// Returns how many bytes are buffered.
    pub(crate) fn buffered(&self) -> usize {
        self.buffered
    }

    /// Returns the bytes that are buffered from the start of the file.
    pub(crate) fn head(&self) -> &[u8] {
        self.parts.first().filter(|(at, _)| *at == 0).map_or(&[], |(_, bytes)| bytes)
    }

    /// Returns the first offset from `at` that is not buffered.
    pub(crate) fn buffered_until(&self, at: u64) -> u64 {
        self.part_at(at).map_or(at, |(start, bytes)| start.saturating_add(bytes.len() as u64).max(at))
    }

    /// Returns the last part that starts at an offset or before it, by binary search: a file may have thousands.
    fn part_at(&self, at: u64) -> Option<&(u64, Vec<u8>)> {
        let index = self.parts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        self.parts.get(index)
    }

    /// Adds bytes at an offset; where they overlap buffered bytes, those are kept.
    pub(crate) fn add(&mut self, at: u64, bytes: &[u8]) {
        let (mut at, mut bytes) = (at, bytes);
        while !bytes.is_empty() {
            let known = usize::try_from(self.buffered_until(at).saturating_sub(at)).unwrap_or(usize::MAX);
            bytes = bytes.get(known..).unwrap_or_default();
            at = at.saturating_add(known as u64);
            let next = self.parts.partition_point(|(start, _)| *start <= at);
            let room = self.parts.get(next).map_or(u64::MAX, |(start, _)| start.saturating_sub(at));
            let (new, rest) = bytes.split_at(bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
            self.insert(next, at, new);
            at = at.saturating_add(new.len() as u64);
            bytes = rest;
        }
    }

    /// Inserts bytes that overlap nothing before the part `next`, and joins them with the parts that they touch.
    fn insert(&mut self, next: usize, at: u64, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        steps::count((bytes.len() / UNIT).saturating_add(self.parts.len().saturating_sub(next)));
        self.buffered = self.buffered.saturating_add(bytes.len());
        let end = at.saturating_add(bytes.len() as u64);
        let following = if self.parts.get(next).is_some_and(|(start, _)| *start == end) {
            self.parts.remove(next).1
        } else {
            Vec::new()
        };
        steps::count(following.len() / UNIT);
        let before = next.checked_sub(1).and_then(|index| self.parts.get_mut(index));
        match before.filter(|(start, part)| start.saturating_add(part.len() as u64) == at) {
            Some((_, part)) => {
                part.extend_from_slice(bytes);
                part.extend_from_slice(&following);
            }
            None => self.parts.insert(next, (at, [bytes, &following].concat())),
        }
    }

    /// Returns `len` bytes at an offset.
    ///
    /// # Errors
    /// [`ReadError::NeedMore`] if they are not buffered, [`ReadError::Malformed`] if the file ends before they do,
    /// [`ReadError::TooComplex`] once the file has caused too much work.
    pub(crate) fn bytes(&self, at: u64, len: usize) -> Result<&[u8], ReadError> {
        let end = at.checked_add(len as u64).ok_or_else(|| malformed(at, "a size in the file is absurd"))?;
        if self.total.is_some_and(|total| end > total) {
            return Err(malformed(at, "the file ends too early"));
        }
        if len == 0 {
            return Ok(&[]);
        }
        self.spend(len)?;
        let part = self.part_at(at).and_then(|(start, part)| {
            let from = usize::try_from(at.checked_sub(*start)?).ok()?;
            part.get(from..from.checked_add(len)?)
        });
        part.ok_or(ReadError::NeedMore(at..end))
    }

    /// Counts the work of one look-up.
    fn spend(&self, len: usize) -> Result<(), ReadError> {
        steps::count((len / UNIT).saturating_add(1));
        let cost = u32::try_from(len / UNIT).unwrap_or(u32::MAX).saturating_add(1);
        let work = self.work.get().saturating_add(cost);
        self.work.set(work);
        if work > MAX_WORK { Err(ReadError::TooComplex) } else { Ok(()) }
    }

    /// Returns as many of `len` bytes at an offset as the file has.
    ///
    /// # Errors
    /// [`ReadError::NeedMore`] if they are not buffered.
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

    /// Returns a fixed number of bytes, for `u32::from_be_bytes` and similar functions.
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

    /// Returns how much work was done.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn work(&self) -> u32 {
        self.work.get()
    }
}

/// Makes the error for malformed bytes.
pub(crate) const fn malformed(at: u64, what: &'static str) -> ReadError {
    ReadError::Malformed(FormatError { at, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffered_bytes_are_returned_and_others_requested() {
        let buffer = SparseBuffer::new(b"abcdef".to_vec(), Some(10));
        assert_eq!(buffer.bytes(1, 3), Ok(&b"bcd"[..]));
        assert_eq!(buffer.bytes(4, 4), Err(ReadError::NeedMore(4..8)));
        assert_eq!(buffer.bytes(8, 4), Err(malformed(8, "the file ends too early")));
        assert_eq!(buffer.bytes(u64::MAX, 2), Err(malformed(u64::MAX, "a size in the file is absurd")));
        assert_eq!(buffer.bytes(8, 0), Ok(&b""[..]), "zero bytes are always available");
        assert_eq!(buffer.up_to(4, 2), Ok(&b"ef"[..]));
        assert_eq!(buffer.up_to(8, 100), Err(ReadError::NeedMore(8..10)));
        assert_eq!(buffer.up_to(11, 100).unwrap_or(b"x"), b"x");
    }

    #[test]
    fn parts_join_and_overlaps_are_kept_once() {
        let mut buffer = SparseBuffer::new(b"abc".to_vec(), None);
        buffer.add(6, b"ghi");
        buffer.add(2, b"cdef");
        assert_eq!(buffer.bytes(0, 6), Ok(&b"abcdef"[..]));
        assert_eq!(buffer.bytes(6, 3), Ok(&b"ghi"[..]));
        buffer.add(4, b"efghijkl");
        assert_eq!(buffer.bytes(0, 12), Ok(&b"abcdefghijkl"[..]));
    }

    #[test]
    fn work_is_counted_over_all_calls() {
        let buffer = SparseBuffer::new(vec![0; 1 << 20], None);
        let mut calls = 0;
        while buffer.u8(0).is_ok() && buffer.bytes(0, 1 << 20).is_ok() {
            calls += 1;
        }
        assert!((400..600).contains(&calls), "{calls}");
        assert_eq!(buffer.u8(0), Err(ReadError::TooComplex));
    }

    #[test]
    fn bytes_may_come_in_any_order_and_overlap() {
        let file: Vec<u8> = (0..=255).collect();
        let mut state = 7_usize;
        for round in 0..200 {
            let mut buffer = SparseBuffer::new(Vec::new(), None);
            let mut known = [false; 256];
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let (start, length) = ((state >> 33) % 256, (state >> 50) % 60);
                let end = (start + length).min(256);
                buffer.add(start as u64, file.get(start..end).expect("a range"));
                known.iter_mut().skip(start).take(end - start).for_each(|known| *known = true);
            }
            assert_eq!(buffer.buffered(), known.iter().filter(|known| **known).count(), "round {round}");
            for (at, byte) in file.iter().enumerate() {
                let known = known.get(at) == Some(&true);
                assert_eq!(buffer.u8(at as u64).ok(), Some(*byte).filter(|_| known), "round {round}, {at}");
                assert_eq!(buffer.buffered_until(at as u64) > at as u64, known, "round {round}, {at}");
            }
        }
    }
}
