//! Boxes: the units with a length and a name that make up the file (ISO/IEC 14496-12, section 4.2). They are called
//! atoms here, as in `QuickTime`, to avoid confusion with Rust's `Box`.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};

/// One box, and the buffer that holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom<'a> {
    buffer: &'a SparseBuffer,
    /// Its name, four letters.
    pub(super) kind: [u8; 4],
    /// Where it starts, in bytes from the start of the file.
    pub(super) at: u64,
    /// Where its contents start.
    pub(super) body: u64,
    /// Where it ends; the largest number if it extends to the end of a file of unknown length.
    pub(super) end: u64,
}

impl<'a> Atom<'a> {
    /// Reads the box that starts at an offset, in a parent that ends at `limit`. `None` if no box can be there:
    /// fewer than eight bytes are left, or its length is smaller than its own header.
    ///
    /// Its end is as written, and may lie after the limit.
    pub(super) fn read(buffer: &'a SparseBuffer, at: u64, limit: u64) -> Result<Option<Self>, ReadError> {
        let left = limit.saturating_sub(at);
        if left < 8 {
            return Ok(None);
        }
        buffer.bytes(at, 8)?;
        let kind = buffer.array(at.saturating_add(4))?;
        let (header, length) = match buffer.be32(at)? {
            0 => (8, left),
            1 if left < 16 => return Ok(None),
            1 => (16, buffer.be64(at.saturating_add(8))?),
            length => (8, u64::from(length)),
        };
        let (body, end) = (at.saturating_add(header), at.saturating_add(length));
        Ok((length >= header).then_some(Self { buffer, kind, at, body, end }))
    }

    /// Iterates over the boxes inside, which start after `skip` bytes of its contents.
    pub(super) fn children(self, skip: u64) -> AtomIter<'a> {
        AtomIter { buffer: self.buffer, at: self.body.saturating_add(skip), end: self.end }
    }

    /// Returns the first box inside with a name.
    pub(super) fn child(self, kind: [u8; 4]) -> Result<Option<Self>, ReadError> {
        for atom in self.children(0) {
            let atom = atom?;
            if atom.kind == kind {
                return Ok(Some(atom));
            }
        }
        Ok(None)
    }

    /// Returns the length of its contents in bytes.
    pub(super) fn length(self) -> u64 {
        self.end.saturating_sub(self.body)
    }

    /// Returns `length` bytes of its contents.
    pub(super) fn bytes(self, offset: u64, length: usize) -> Result<&'a [u8], ReadError> {
        let at = self.body.saturating_add(offset);
        if at.saturating_add(length as u64) > self.end {
            return Err(malformed(self.at, "a box is too short for what it must hold"));
        }
        self.buffer.bytes(at, length)
    }

    /// Returns a fixed number of bytes of its contents.
    pub(super) fn array<const N: usize>(self, offset: u64) -> Result<[u8; N], ReadError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(offset, N)?);
        Ok(array)
    }

    /// Reads one byte of its contents.
    pub(super) fn u8(self, offset: u64) -> Result<u8, ReadError> {
        self.array(offset).map(u8::from_be_bytes)
    }

    /// Reads a 16-bit number of its contents.
    pub(super) fn be16(self, offset: u64) -> Result<u16, ReadError> {
        self.array(offset).map(u16::from_be_bytes)
    }

    /// Reads a 32-bit number of its contents.
    pub(super) fn be32(self, offset: u64) -> Result<u32, ReadError> {
        self.array(offset).map(u32::from_be_bytes)
    }

    /// Reads a 64-bit number of its contents.
    pub(super) fn be64(self, offset: u64) -> Result<u64, ReadError> {
        self.array(offset).map(u64::from_be_bytes)
    }

    /// Reads a number that has 64 bits in version 1 or later of its box, and 32 bits in version 0.
    ///
    /// Returns `None` for all bits set, which stands for "unknown".
    pub(super) fn wide(self, offset: u64, version: u8) -> Result<Option<u64>, ReadError> {
        Ok(match version {
            0 => Some(self.be32(offset)?).filter(|number| *number != u32::MAX).map(u64::from),
            1.. => Some(self.be64(offset)?).filter(|number| *number != u64::MAX),
        })
    }
}

/// An iterator over the boxes of one parent. As in players, a box that claims to be larger than its parent is truncated
/// to it, and bytes that cannot be a box end the iteration.
#[derive(Debug)]
pub(super) struct AtomIter<'a> {
    buffer: &'a SparseBuffer,
    at: u64,
    end: u64,
}

impl<'a> Iterator for AtomIter<'a> {
    type Item = Result<Atom<'a>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match Atom::read(self.buffer, self.at, self.end) {
            Ok(Some(atom)) => {
                let end = atom.end.min(self.end);
                self.at = end;
                Some(Ok(Atom { end, ..atom }))
            }
            Ok(None) => None,
            Err(error) => {
                self.at = self.end;
                Some(Err(error))
            }
        }
    }
}

/// Treats a malformed optional box as missing; bytes that are not buffered are still requested.
pub(super) fn ignore_malformed<T>(read: Result<Option<T>, ReadError>) -> Result<Option<T>, ReadError> {
    match read {
        Err(ReadError::Malformed(_)) => Ok(None),
        Ok(_) | Err(ReadError::NeedMore(_) | ReadError::TooComplex) => read,
    }
}
