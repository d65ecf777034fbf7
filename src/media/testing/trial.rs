//! The trials that every header reader goes through: fed piece by piece, cut short at every length, and damaged.

use std::time::{Duration, Instant};

use crate::media::sparse_buffer::{Flaw, ReadError, SparseBuffer};
use crate::media::{Codec, Measured, Media};

/// A header reader.
pub(crate) type Read = fn(&SparseBuffer) -> Result<Media, ReadError>;

/// Reads a file that is all at hand.
pub(crate) fn whole(read: Read, bytes: &[u8]) -> Result<Media, Flaw> {
    match read(&SparseBuffer::new(bytes.to_vec(), Some(bytes.len() as u64))) {
        Ok(media) => Ok(media),
        Err(ReadError::Broken(flaw)) => Err(flaw),
        Err(ReadError::Need(range)) => panic!("asks for {range:?} though all {} bytes are there", bytes.len()),
    }
}

/// Reads a file of which the reader has to ask for everything behind the first `head` bytes.
pub(crate) fn fed(read: Read, bytes: &[u8], head: usize, length_known: bool) -> Result<Media, Flaw> {
    const PIECE: usize = 256;
    let total = bytes.len() as u64;
    let within = |at: u64| usize::try_from(at.min(total)).unwrap_or(bytes.len());
    let mut window = SparseBuffer::new(bytes[..head.min(bytes.len())].to_vec(), length_known.then_some(total));
    for _ in 0..bytes.len() / PIECE + 50 {
        window.rewind();
        let range = match read(&window) {
            Ok(media) => return Ok(media),
            Err(ReadError::Broken(flaw)) => return Err(flaw),
            Err(ReadError::Need(range)) => range,
        };
        assert!(range.start < range.end, "asks for nothing at {}", range.start);
        assert!(window.total().is_none() || range.end <= total, "asks beyond the end: {range:?}");
        if range.end > total {
            window.set_total(total);
        }
        let from = within(range.start);
        window.add(range.start.min(total), &bytes[from..within(range.end).max((from + PIECE).min(bytes.len()))]);
    }
    panic!("asks without end")
}

/// Checks that a file is read alike whether it is all there or fed piece by piece, from whatever head.
pub(crate) fn is_fed_alike(read: Read, bytes: &[u8]) {
    let full = whole(read, bytes);
    for head in [0, 1, 11, 64, 1000, 4096] {
        assert_eq!(fed(read, bytes, head, true), full, "from {head} bytes");
        let (unknown, full) = (fed(read, bytes, head, false), full.as_ref());
        if let (Ok(unknown), Ok(full)) = (&unknown, full) {
            agree(full, unknown, "of unknown length");
        }
        assert_eq!(unknown.is_ok(), full.is_ok(), "of unknown length");
    }
}

/// Cuts a file at every length up to 4 KiB, and from there at every seventh: a part may tell less, never anything else.
pub(crate) fn cut_everywhere(read: Read, bytes: &[u8]) {
    let full = whole(read, bytes).expect("a good file");
    let total = bytes.len() as u64;
    for cut in (0..bytes.len().min(4096)).chain((4096..bytes.len()).step_by(7)) {
        let part = bytes[..cut].to_vec();
        for length in [None, Some(total), Some(cut as u64)] {
            if let Ok(media) = read(&SparseBuffer::new(part.clone(), length)) {
                agree(&full, &media, &format!("cut at {cut} of {total}, length {length:?}"));
            }
        }
    }
}

/// Checks that two readings of one file do not contradict each other where both are sure.
fn agree(full: &Media, part: &Media, what: &str) {
    fn same<T: PartialEq + std::fmt::Debug>(full: Option<T>, part: Option<T>, what: &str) {
        if let (Some(full), Some(part)) = (full, part) {
            assert_eq!(part, full, "{what}");
        }
    }
    same(Some(full.format), Some(part.format), what);
    same(full.stored, part.stored, what);
    same(full.displayed, part.displayed, what);
    same(full.video.as_ref().map(|video| &video.codec), part.video.as_ref().map(|video| &video.codec), what);
    let fps = |media: &Media| media.video.as_ref().and_then(|video| video.fps).filter(|fps| fps.exact);
    same(fps(full), fps(part), what);
    same(full.audio.as_ref(), part.audio.as_ref(), what);
    let exact = |time: Option<Measured<Duration>>| time.filter(|time| time.exact);
    same(exact(full.duration), exact(part.duration), what);
}

/// Damages good files in 2,000 ways, the same ones in every run: no panic, no hang, and no size of zero.
pub(crate) fn survives_damage(read: Read, good: &[&[u8]]) {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for round in 0..2000 {
        let mut bytes = good[chance.below(good.len())].to_vec();
        for _ in 0..=chance.below(4) {
            damage(&mut bytes, &mut chance);
        }
        let started = Instant::now();
        if let Ok(media) = whole(read, &bytes) {
            assert!(media.stored.is_none_or(|size| size.ratio().is_some()), "round {round}: {media:?}");
            assert!(media.displayed.is_none_or(|size| size.ratio().is_some()), "round {round}: {media:?}");
            let fps = media.video.as_ref().and_then(|video| video.fps);
            assert!(fps.is_none_or(|fps| fps.value.is_finite() && fps.value > 0.0), "round {round}: {media:?}");
        }
        if round % 10 == 0 {
            let _ = fed(read, &bytes, chance.below(100), round % 20 == 0);
        }
        assert!(started.elapsed() < Duration::from_secs(5), "round {round} takes too long");
    }
}

fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) {
    const NUMBERS: [u32; 8] = [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
    // Headers are what is read, so most damage is done there.
    let reach = if chance.below(3) == 0 { bytes.len() } else { bytes.len().min(256) };
    let at = chance.below(reach.max(1));
    let end = (at + 4).min(bytes.len());
    match chance.below(6) {
        0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        1 if at < bytes.len() => bytes[at] = [0, 0xff, 0x7f, 0x80][chance.below(4)],
        2 if at + 4 <= end => bytes[at..end].copy_from_slice(&NUMBERS[chance.below(8)].to_be_bytes()),
        3 if at + 4 <= end => bytes[at..end].copy_from_slice(&NUMBERS[chance.below(8)].to_le_bytes()),
        4 => bytes.truncate(at),
        _ => {
            let copied = bytes[at..(at + chance.below(64)).min(bytes.len())].to_vec();
            let place = chance.below(bytes.len() + 1);
            bytes.splice(place..place, copied);
        }
    }
}

/// A small generator of numbers (xorshift64*), so that every run is the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// Returns the names of the codecs, video and audio; `-` for none, `?` for one not known.
pub(crate) fn codecs(media: &Media) -> (&'static str, &'static str) {
    let name = |codec: Option<&Codec>| match codec {
        Some(Codec::Known(name)) => *name,
        Some(Codec::Other(_)) => "?",
        None => "-",
    };
    (name(media.video.as_ref().map(|video| &video.codec)), name(media.audio.as_ref()))
}

/// Returns the duration in milliseconds, and whether it is exact.
pub(crate) fn millis(media: &Media) -> Option<(u128, bool)> {
    media.duration.map(|duration| (duration.value.as_millis(), duration.exact))
}
