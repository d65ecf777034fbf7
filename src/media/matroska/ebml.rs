//! EBML: the binary XML that Matroska is written in (RFC 8794).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};

/// One element, and the buffer that holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    buffer: &'a SparseBuffer,
    /// Its ID, marker bit included, as the specification prints it.
    pub(super) id: u32,
    /// Where it starts, in bytes from the start of the file.
    pub(super) at: u64,
    /// Where its contents start.
    pub(super) body: u64,
    /// Where it ends; `None` if its size is unknown and it ends at the first element that cannot be inside it.
    pub(super) end: Option<u64>,
}

/// The longest header: an identifier of four bytes and a length of eight.
const HEADER: u64 = 12;

/// The identifier and the size of an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(super) id: u32,
    /// Bytes of the header itself.
    pub(crate) length: usize,
    /// Bytes of the contents; `None` for an unknown size.
    pub(crate) size: Option<u64>,
}

impl Header {
    /// Parses the header that starts these bytes; twelve bytes are enough.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        const CUT: &str = "an element is cut short";
        let id_length = usize::try_from(bytes.first().ok_or(CUT)?.leading_zeros()).unwrap_or(8).saturating_add(1);
        if id_length > 4 {
            return Err("there is no valid element where one must start");
        }
        let (id, rest) = bytes.split_at_checked(id_length).ok_or(CUT)?;
        let first = *rest.first().ok_or(CUT)?;
        let length = usize::try_from(first.leading_zeros()).unwrap_or(8).saturating_add(1);
        if length > 8 {
            return Err("an element has an impossible length");
        }
        let value = number(rest.get(..length).ok_or(CUT)?);
        let mask = u64::MAX >> 64_usize.saturating_sub(length.saturating_mul(7));
        let size = Some(value & mask).filter(|size| *size != mask);
        Ok(Self { id: u32::try_from(number(id)).unwrap_or(0), length: id_length.saturating_add(length), size })
    }
}

impl<'a> Element<'a> {
    /// Reads the element that starts at an offset, in a parent or a file that ends at `limit`. Its end is as written,
    /// and may lie after the limit.
    pub(super) fn read(buffer: &'a SparseBuffer, at: u64, limit: u64) -> Result<Self, ReadError> {
        let there = usize::try_from(limit.saturating_sub(at).min(HEADER)).unwrap_or(0);
        let header = Header::parse(buffer.bytes(at, there)?).map_err(|what| malformed(at, what))?;
        let body = at.saturating_add(header.length as u64);
        Ok(Self { buffer, id: header.id, at, body, end: header.size.map(|size| body.saturating_add(size)) })
    }

    /// Iterates over the elements inside.
    ///
    /// # Errors
    /// If its size is unknown, in which case [`Element::closed`] has to find its end first.
    pub(super) fn children(self) -> Result<ElementIter<'a>, ReadError> {
        let end = self.end.ok_or_else(|| malformed(self.at, "an element has an unknown size where that is invalid"))?;
        Ok(ElementIter { buffer: self.buffer, at: self.body, end })
    }

    /// Returns it with its end, which for an unknown size is the next element that `follows`, or the limit.
    pub(super) fn closed(self, limit: u64, follows: impl Fn(u32) -> bool) -> Result<Self, ReadError> {
        let mut at = self.body;
        if self.end.is_some() {
            return Ok(self);
        }
        while at < limit {
            let element = Self::read(self.buffer, at, limit)?;
            if follows(element.id) {
                break;
            }
            at = element.end.ok_or_else(|| malformed(at, "an element has an unknown size where that is invalid"))?;
        }
        Ok(Self { end: Some(at.min(limit)), ..self })
    }

    /// Returns the length of its contents in bytes; the largest number if that is unknown.
    pub(super) fn length(self) -> u64 {
        self.end.map_or(u64::MAX, |end| end.saturating_sub(self.body))
    }

    /// Returns at most `max` of the first bytes of its contents.
    pub(super) fn head(self, max: usize) -> Result<&'a [u8], ReadError> {
        let length = usize::try_from(self.length()).unwrap_or(usize::MAX);
        self.buffer.bytes(self.body, length.min(max))
    }

    /// Reads an unsigned number; an empty one is 0.
    pub(super) fn uint(self) -> Result<u64, ReadError> {
        if self.length() > 8 {
            return Err(malformed(self.at, "a number is too long"));
        }
        self.head(8).map(number)
    }

    /// Reads a floating-point number; an empty one is 0.
    pub(super) fn float(self) -> Result<f64, ReadError> {
        let bytes = self.head(9)?;
        match (bytes.first_chunk::<4>(), bytes.first_chunk::<8>(), bytes.len()) {
            (_, _, 0) => Ok(0.0),
            (Some(single), _, 4) => Ok(f32::from_be_bytes(*single).into()),
            (_, Some(double), 8) => Ok(f64::from_be_bytes(*double)),
            (..) => Err(malformed(self.at, "a floating-point number has an impossible length")),
        }
    }

    /// Returns at most 128 bytes of a text, without the zeros that may pad it.
    pub(super) fn text(self) -> Result<&'a [u8], ReadError> {
        let bytes = self.head(128)?;
        Ok(bytes.split(|byte| *byte == 0).next().unwrap_or_default())
    }
}

/// Reads an unsigned number, high byte first.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8_u32) | u64::from(*byte))
}

/// An iterator over the elements of one parent; an element larger than its parent is an error, as in players.
#[derive(Debug)]
pub(super) struct ElementIter<'a> {
    buffer: &'a SparseBuffer,
    at: u64,
    end: u64,
}

impl<'a> Iterator for ElementIter<'a> {
    type Item = Result<Element<'a>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let read = Element::read(self.buffer, self.at, self.end).and_then(|element| match element.end {
            Some(end) if end <= self.end => Ok((element, end)),
            Some(_) => Err(malformed(self.at, "an element is larger than the one around it")),
            None => Err(malformed(self.at, "an element has an unknown size where that is invalid")),
        });
        self.at = read.as_ref().map_or(self.end, |(_, end)| *end);
        Some(read.map(|(element, _)| element))
    }
}
