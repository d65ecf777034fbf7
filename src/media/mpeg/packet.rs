//! One packet of a program stream, or one of the headers between them (ISO/IEC 13818-1, 2.4.3.6 and 2.5.3).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::super::sparse_buffer::{ReadError, SparseBuffer};

/// The last byte of the start code of a pack.
pub(super) const PACK: u8 = 0xba;
/// The end of the program.
pub(super) const END: u8 = 0xb9;
/// The system header, which counts the streams.
pub(super) const SYSTEM: u8 = 0xbb;
/// The packets in which DVDs store audio in formats other than MPEG audio.
pub(super) const PRIVATE: u8 = 0xbd;

/// A packet or header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet {
    /// The last byte of the start code: the stream.
    pub(super) id: u8,
    /// Its timestamp, in ticks of 1/90,000 s.
    pub(super) time: Option<u64>,
    /// Where the payload begins; right after the length if the packet has no header.
    pub(super) body: u64,
    /// Where the packet ends.
    pub(super) end: u64,
}

impl Packet {
    /// Reads the packet at a start code; `None` if there is no start code of the system layer.
    pub(super) fn read(buffer: &SparseBuffer, at: u64) -> Result<Option<Self>, ReadError> {
        let [0, 0, 1, id @ END..=0xff] = buffer.array(at)? else { return Ok(None) };
        let place = |offset: u64| at.saturating_add(offset);
        match id {
            END => Ok(Some(Self { id, time: None, body: place(4), end: place(4) })),
            PACK => {
                // Two bits identify MPEG-2, whose pack has up to seven bytes of stuffing.
                let length = if buffer.u8(place(4))? >> 6 == 1 {
                    14_u64.saturating_add(u64::from(buffer.u8(place(13))? & 7))
                } else {
                    12
                };
                Ok(Some(Self { id, time: None, body: place(length), end: place(length) }))
            }
            id => {
                let end = place(6).saturating_add(buffer.be16(place(4))?.into());
                let mut packet = Self { id, time: None, body: place(6), end };
                if is_video(id) || is_sound(id) || id == PRIVATE {
                    packet.read_header(buffer)?;
                }
                Ok(Some(packet))
            }
        }
    }

    /// Reads the header inside the packet: MPEG-2 states its length, in MPEG-1 it has to be parsed.
    fn read_header(&mut self, buffer: &SparseBuffer) -> Result<(), ReadError> {
        let [first, flags, length] = buffer.array(self.body)?;
        if first >> 6 == 2 {
            if flags & 0x80 != 0 && length >= 5 {
                self.time = time(buffer.array(self.body.saturating_add(3))?);
            }
            self.body = self.body.saturating_add(3).saturating_add(length.into());
            return Ok(());
        }
        for _ in 0..16 {
            if buffer.u8(self.body)? != 0xff {
                break;
            }
            self.body = self.body.saturating_add(1);
        }
        if buffer.u8(self.body)? >> 6 == 1 {
            self.body = self.body.saturating_add(2);
        }
        let length = match buffer.u8(self.body)? >> 4 {
            2 => 5,
            3 => 10,
            _ => 1,
        };
        if length > 1 {
            self.time = time(buffer.array(self.body)?);
        }
        self.body = self.body.saturating_add(length);
        Ok(())
    }
}

/// Reads a timestamp of 33 bits; `None` unless its three marker bits are set.
fn time(bytes: [u8; 5]) -> Option<u64> {
    let [first, high, low] =
        [[0, bytes[0]], [bytes[1], bytes[2]], [bytes[3], bytes[4]]].map(u16::from_be_bytes).map(u64::from);
    let marked = first & high & low & 1 == 1;
    marked.then_some((first >> 1 & 7) << 30 | (high >> 1) << 15 | low >> 1)
}

/// Returns whether a stream is one of the sixteen video streams.
pub(super) const fn is_video(id: u8) -> bool {
    id & 0xf0 == 0xe0
}

/// Returns whether a stream is one of the thirty-two MPEG audio streams.
pub(super) const fn is_sound(id: u8) -> bool {
    id & 0xe0 == 0xc0
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<Packet> {
        Packet::read(&SparseBuffer::new(bytes.to_vec(), Some(bytes.len() as u64)), 0).expect("all there")
    }

    #[test]
    fn headers_of_both_generations_are_read() {
        let case = |bytes: &[u8], id, time, body, end| {
            let packet = read(bytes).expect("a packet");
            assert_eq!((packet.id, packet.time, packet.body, packet.end), (id, time, body, end), "{bytes:x?}");
        };
        case(b"\0\0\x01\xb9", END, None, 4, 4);
        case(b"\0\0\x01\xba\x44\0\0\0\0\0\0\0\0\xfa", PACK, None, 16, 16);
        case(b"\0\0\x01\xba\x21\0\0\0\0\0\0\0\0", PACK, None, 12, 12);
        case(b"\0\0\x01\xbe\0\x10", 0xbe, None, 6, 22);
        case(b"\0\0\x01\xe0\0\x20\x80\x80\x05\x21\0\x03\x5f\x91.", 0xe0, Some(45_000), 14, 38);
        case(b"\0\0\x01\xc0\0\x20\xff\xff\x40\x20\x21\0\x03\x5f\x91.", 0xc0, Some(45_000), 15, 38);
        case(b"\0\0\x01\xc0\0\x20\x0f.....", 0xc0, None, 7, 38);
    }

    #[test]
    fn other_bytes_are_not_a_packet() {
        assert!(read(b"\0\0\x01\xb3").is_none());
        assert!(read(b"\0\0\x02\xba").is_none());
        assert_eq!(time([0x20, 0, 3, 0x5f, 0x91]), None);
        assert_eq!(time([0x2f, 0xff, 0xff, 0xff, 0xff]), Some((1 << 33) - 1));
    }
}
