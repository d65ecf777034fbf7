//! Writes an Ogg file with Opus: mono frames of 20 ms that decode to silence (RFC 3533, RFC 7845).

use std::time::Duration;

/// A CELT frame without any energy, for the whole band and one channel.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// Samples of a frame, at the 48 kHz that positions are counted in.
const FRAME: u64 = 960;

/// Returns a file that is at least this long.
pub(super) fn file(duration: Duration) -> Vec<u8> {
    let mut stream = OggWriter { bytes: Vec::new(), pages: 0 };
    let head = [b"OpusHead\x01\x01".as_slice(), &[0, 0], &48_000_u32.to_le_bytes(), &[0, 0, 0]].concat();
    stream.page(2, 0, &[&head]);
    stream.page(0, 0, &[b"OpusTags\x04\x00\x00\x00none\x00\x00\x00\x00"]);
    let frames = usize::try_from(duration.as_millis().div_ceil(20)).unwrap_or_default().max(1);
    let mut written = 0;
    while written < frames {
        // A page has at most 255 segments.
        let count = (frames - written).min(255);
        written += count;
        let flags = if written == frames { 4 } else { 0 };
        stream.page(flags, written as u64 * FRAME, &vec![SILENCE.as_slice(); count]);
    }
    stream.bytes
}

struct OggWriter {
    bytes: Vec<u8>,
    pages: u32,
}

impl OggWriter {
    /// Writes a page of packets, each shorter than 255 bytes, that ends at this sample.
    fn page(&mut self, flags: u8, position: u64, packets: &[&[u8]]) {
        let sizes: Vec<u8> = packets.iter().map(|packet| u8::try_from(packet.len()).unwrap_or_default()).collect();
        let count = u8::try_from(packets.len()).unwrap_or_default();
        let (serial, number) = (1_u32.to_le_bytes(), self.pages.to_le_bytes());
        let parts =
            [b"OggS\0".as_slice(), &[flags], &position.to_le_bytes(), &serial, &number, &[0; 4], &[count], &sizes];
        let mut page = [parts.concat(), packets.concat()].concat();
        let sum = checksum(&page).to_le_bytes();
        page.splice(22..26, sum);
        self.bytes.extend(page);
        self.pages += 1;
    }
}

/// The CRC of Ogg: polynomial 0x04c11db7, not reflected, starting at 0.
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |sum: u32, _| {
            let carried = sum << 1;
            if sum >> 31 == 1 { carried ^ 0x04c1_1db7 } else { carried }
        })
    })
}
