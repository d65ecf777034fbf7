//! Action Message Format 0, as far as `onMetaData` needs it ("AMF 0 Specification", Adobe 2007).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::units::Dimensions;

/// How much of a script tag is read, in bytes; the values needed precede the long index of keyframes.
pub(super) const MAX_TEXT: usize = 64 * 1024;

/// The maximum nesting depth of values.
const MAX_DEPTH: u32 = 16;

/// The numbers of `onMetaData` that are used, as the file states them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Metadata {
    /// Seconds.
    pub(super) duration: Option<f64>,
    /// Pixels.
    pub(super) width: Option<f64>,
    /// Pixels.
    pub(super) height: Option<f64>,
    /// Frames per second.
    pub(super) frame_rate: Option<f64>,
}

impl Metadata {
    /// Parses a script tag's body; `None` if it is not `onMetaData`. Values after an error or a truncation are ignored.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut amf = Amf { rest: body };
        if amf.byte()? != STRING || amf.text()? != b"onMetaData" {
            return None;
        }
        match amf.byte()? {
            OBJECT => {}
            ECMA_ARRAY => _ = amf.take(4)?,
            _ => return None,
        }
        let mut metadata = Self::default();
        while metadata.take_member(&mut amf).is_some() {}
        Some(metadata)
    }

    /// Returns the size if both sides have 1 to 65,535 pixels.
    pub(super) fn size(&self) -> Option<Dimensions> {
        Some(Dimensions::new(pixels(self.width?)?, pixels(self.height?)?))
    }

    fn take_member(&mut self, amf: &mut Amf) -> Option<()> {
        let name = amf.text()?;
        let field = match name {
            b"duration" => &mut self.duration,
            b"width" => &mut self.width,
            b"height" => &mut self.height,
            b"framerate" => &mut self.frame_rate,
            _ => return amf.skip_value(0),
        };
        match amf.rest.first()? {
            &NUMBER => *field = Some(f64::from_be_bytes(*amf.take(9)?.last_chunk()?)),
            _ => amf.skip_value(0)?,
        }
        Some(())
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
fn pixels(side: f64) -> Option<u32> {
    (1.0..=65_535.0).contains(&side).then_some(side as u32)
}

const NUMBER: u8 = 0;
const BOOLEAN: u8 = 1;
const STRING: u8 = 2;
const OBJECT: u8 = 3;
const NULL: u8 = 5;
const UNDEFINED: u8 = 6;
const REFERENCE: u8 = 7;
const ECMA_ARRAY: u8 = 8;
const OBJECT_END: u8 = 9;
const STRICT_ARRAY: u8 = 10;
const DATE: u8 = 11;
const LONG_STRING: u8 = 12;
const UNSUPPORTED: u8 = 13;
const XML: u8 = 15;
const TYPED_OBJECT: u8 = 16;

/// The bytes not read yet. Every read fails at their end.
struct Amf<'a> {
    rest: &'a [u8],
}

impl<'a> Amf<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(u32::from_be_bytes(*self.take(4)?.first_chunk()?)).ok()
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(*self.take(2)?.first_chunk()?);
        self.take(length.into())
    }

    fn skip_value(&mut self, depth: u32) -> Option<()> {
        let inner = depth.saturating_add(1);
        if inner > MAX_DEPTH {
            return None;
        }
        match self.byte()? {
            NUMBER => _ = self.take(8)?,
            BOOLEAN => _ = self.take(1)?,
            STRING => _ = self.text()?,
            NULL | UNDEFINED | UNSUPPORTED => {}
            REFERENCE => _ = self.take(2)?,
            DATE => _ = self.take(10)?,
            LONG_STRING | XML => {
                let length = self.length()?;
                self.take(length)?;
            }
            OBJECT => self.skip_members(inner)?,
            ECMA_ARRAY => {
                self.take(4)?;
                self.skip_members(inner)?;
            }
            TYPED_OBJECT => {
                self.text()?;
                self.skip_members(inner)?;
            }
            STRICT_ARRAY => {
                // A false count ends with the bytes: each value takes at least one.
                let count = self.length()?;
                (0..count).try_for_each(|_| self.skip_value(inner))?;
            }
            _ => return None,
        }
        Some(())
    }

    fn skip_members(&mut self, depth: u32) -> Option<()> {
        loop {
            let name = self.text()?;
            if name.is_empty() && self.rest.first() == Some(&OBJECT_END) {
                return self.take(1).map(|_| ());
            }
            self.skip_value(depth)?;
        }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    /// Every kind of value, then numbers that are used.
    fn all_kinds() -> Vec<u8> {
        let mut body = b"\x02\0\x0aonMetaData\x08\0\0\0\x0a".to_vec();
        body.extend(b"\0\x01a\x01\x01\0\x01b\x02\0\x02hi\0\x01c\x05\0\x01d\x06\0\x01e\x07\0\0");
        body.extend(b"\0\x01f\x0b\0\0\0\0\0\0\0\0\0\0\0\x01g\x0c\0\0\0\x03abc\0\x01h\x0a\0\0\0\x02\x05\x05");
        body.extend(b"\0\x01i\x03\0\x01x\x05\0\0\x09\0\x01j\x10\0\x01T\0\0\x09\0\x01k\x08\0\0\0\0\0\0\x09");
        body.extend(b"\0\x05width\0");
        body.extend(64.0_f64.to_be_bytes());
        body.extend(b"\0\x06height\0");
        body.extend(48.0_f64.to_be_bytes());
        body.extend(b"\0\0\x09");
        body
    }

    #[test]
    fn numbers_are_found_after_values_of_every_kind() {
        let metadata = Metadata::parse(&all_kinds()).expect("metadata");
        assert_eq!(metadata.size(), Some(Dimensions::new(64, 48)));
        assert_eq!(metadata.duration, None);
    }

    #[test]
    fn truncated_values_are_left_out() {
        let body = all_kinds();
        for cut in 0..body.len() {
            let size = Metadata::parse(&body[..cut]).and_then(|metadata| metadata.size());
            assert!(size.is_none_or(|size| size == Dimensions::new(64, 48)), "cut at {cut}");
        }
    }

    #[test]
    fn wrong_and_empty_bodies_are_not_metadata() {
        for body in [&b""[..], b"\x02\0\x05hello", b"\0\0\0\0\0\0\0\0\0", b"\x02\0\x0aonMetaData\x05"] {
            assert_eq!(Metadata::parse(body), None);
        }
    }

    #[test]
    fn absurd_counts_and_depths_end_the_parsing() {
        let mut body = b"\x02\0\x0aonMetaData\x03\0\x01a\x0a\xff\xff\xff\xff".to_vec();
        assert_eq!(Metadata::parse(&body), Some(Metadata::default()));
        body.truncate(17);
        for _ in 0..10_000 {
            body.extend(b"\x0a\0\0\0\x01");
        }
        assert_eq!(Metadata::parse(&body), Some(Metadata::default()));
    }

    #[test]
    fn sides_out_of_range_are_ignored() {
        for side in [0.0, -5.0, f64::NAN, f64::INFINITY, 1e9] {
            let metadata = Metadata { width: Some(side), height: Some(48.0), ..Metadata::default() };
            assert_eq!(metadata.size(), None, "{side}");
        }
    }
}
