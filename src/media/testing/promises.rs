//! What every reader keeps, and the ear on the wire, whatever bytes come and however they reach it. The tests of damaged files and the
//! targets of `fuzz/` call this; it is built for nobody else.

use std::ops::Range;
use std::time::Duration;

use crate::fetch::tap::Wire;
use crate::media::ContentState;
use crate::media::formats::{Reader, SHELF};
use crate::media::header_reader::HeaderReader;
use crate::media::sparse_buffer::{Flaw, ReadError, SparseBuffer};
use crate::media::{Codec, Format, Measured, Media};
use crate::units::Dimensions;

/// How a file reaches a reader.
#[derive(Clone, Copy, Debug)]
struct Feeding {
    /// How many bytes are at hand at first.
    head: usize,
    /// Every wish is answered with at least so many bytes, twice as many after every eighth.
    grain: u64,
    /// Whether the length of the file is known at first.
    is_length_known: bool,
}

/// From all that lies close by to exactly what is asked for.
const FEEDINGS: [Feeding; 4] = [
    Feeding { head: 64 << 10, grain: 64 << 10, is_length_known: true },
    Feeding { head: 12, grain: 1, is_length_known: true },
    Feeding { head: 1000, grain: 256, is_length_known: false },
    Feeding { head: 12, grain: 1, is_length_known: false },
];

/// How many wishes a reader may have: each brings at least a byte that was not there, and those that go on come for more
/// and more.
const WISHES: u32 = 2_000;

/// Tries one reader on a file, of whatever format that is.
///
/// # Panics
/// Where the reader breaks a promise: it takes no more steps than the file has bytes; asks for nothing that is there or
/// lies behind the end; says the same each time, and in whatever pieces the file comes; states nothing that cannot be;
/// and tells of a part nothing that the whole denies.
pub fn reader(format: Format, file: &[u8]) {
    let Some(read) = (SHELF.reader)(format) else { return };
    let (whole, steps) = at_once(read, file);
    assert_eq!(at_once(read, file), (whole.clone(), steps), "said something else the second time");
    assert!(steps as usize <= file.len().saturating_add(FREE), "took {steps} steps");
    if let Ok(media) = &whole {
        can_be(media);
    }
    for feeding in FEEDINGS {
        let fed = feeding.feed(read, file);
        if feeding.is_length_known {
            say_the_same(&fed, &whole, &format!("{feeding:?}"));
        } else if let (Ok(fed), Ok(whole)) = (&fed, &whole) {
            agree(fed, whole, "of unknown length");
        }
    }
    for length in cuts(file) {
        part(read, file, length, &whole);
    }
}

/// How many steps a reader may take that bring no byte: it may look at a place more than once.
const FREE: usize = 64;

/// Tries the way that a file takes, then the reader of its format if it is among these, else the readers of all of them.
///
/// # Panics
/// As [`front_door`] and [`reader`].
pub fn readers(formats: &[Format], file: &[u8]) {
    let own = front_door(file);
    let tried = if formats.contains(&own) { std::slice::from_ref(&own) } else { formats };
    for format in tried {
        reader(*format, file);
    }
}

/// Tries the way that every file takes: its format by its first bytes, then what its reader wants, by ranges and as a
/// stream. Returns the format.
///
/// # Panics
/// Where a promise is broken: little is kept; what is wanted lies in the file; and stream and ranges say the same, as far
/// as they come.
#[must_use]
pub fn front_door(file: &[u8]) -> Format {
    let total = file.len() as u64;
    let by_ranges = by_ranges(file);
    if let Some(media) = by_ranges.media() {
        can_be(media);
    }
    let streams = [1 << 20, 4096, 13].map(|piece| streamed(file, piece, Some(total)));
    for stream in &streams {
        compare(stream, &by_ranges);
        compare(stream, &streams[0]);
    }
    let cut = file.len() / 2;
    let broken_off = streamed(file.get(..cut).unwrap_or_default(), 4096, None);
    if let (Some(part), Some(whole)) = (broken_off.media(), by_ranges.media()) {
        agree(part, whole, "of a file that broke off");
    }
    (SHELF.sniff)(file.get(..64 << 10).unwrap_or(file))
}

/// Hears an answer of a server, to a HEAD or to a GET.
///
/// # Panics
/// Where it matters in what pieces it comes.
pub fn answer(is_head: bool, bytes: &[u8]) {
    let heard = |length: usize| {
        let wire = Wire::listening();
        wire.begin(is_head);
        let end = bytes.chunks(length).try_for_each(|piece| wire.hear(piece));
        (end, wire.oddities(), wire.is_in_head())
    };
    let whole = heard(bytes.len().max(1));
    for length in [1, 2, 7, 100] {
        assert_eq!(heard(length), whole, "in pieces of {length}");
    }
}

/// Reads a file that is all at hand, and counts the steps.
fn at_once(read: Reader, file: &[u8]) -> (Result<Media, Flaw>, u32) {
    let window = SparseBuffer::new(file.to_vec(), Some(file.len() as u64));
    let said = match read(&window) {
        Ok(media) => Ok(media),
        Err(ReadError::Broken(flaw)) => Err(flaw),
        Err(ReadError::Need(range)) => panic!("wants {range:?} though all {} bytes are there", file.len()),
    };
    (said, window.steps())
}

impl Feeding {
    /// Gives a reader what it wants until it has the facts.
    fn feed(self, read: Reader, file: &[u8]) -> Result<Media, Flaw> {
        let total = file.len() as u64;
        let head = file.get(..self.head).unwrap_or(file);
        let mut window = SparseBuffer::new(head.to_vec(), self.is_length_known.then_some(total));
        for wish in 0..WISHES {
            window.rewind();
            let range = match read(&window) {
                Ok(media) => return Ok(media),
                Err(ReadError::Broken(flaw)) => return Err(flaw),
                Err(ReadError::Need(range)) => range,
            };
            assert!(!range.is_empty(), "wants nothing: {range:?}, {self:?}");
            assert!(window.total().is_none_or(|total| range.end <= total), "wants {range:?} of {total}, {self:?}");
            assert!(window.held_to(range.start) < range.end, "wants {range:?}, which it has, {self:?}");
            let grain = self.grain << (wish / 8).min(20);
            let end = range.end.max(range.start.saturating_add(grain));
            if end > total {
                window.set_total(total);
            }
            window.add(range.start.min(total), slice(file, &(range.start..end)));
        }
        panic!("wants without end, {self:?}")
    }
}

fn slice<'a>(file: &'a [u8], range: &Range<u64>) -> &'a [u8] {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(file.len());
    file.get(place(range.start)..place(range.end)).unwrap_or_default()
}

/// The lengths to which a file is cut: a few that its own bytes choose, so that each file is cut elsewhere.
fn cuts(file: &[u8]) -> [usize; 6] {
    let length = file.len();
    let sum = file.iter().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let chosen = |shift: u32| (sum >> shift).checked_rem(length).unwrap_or(0);
    [chosen(0), chosen(8), chosen(16), chosen(24) / 8, length / 2, length.saturating_sub(1)]
}

/// Reads with only the first bytes at hand.
fn part(read: Reader, file: &[u8], length: usize, whole: &Result<Media, Flaw>) {
    let head = file.get(..length).unwrap_or(file).to_vec();
    match read(&SparseBuffer::new(head.clone(), Some(file.len() as u64))) {
        Err(ReadError::Need(range)) => assert!(range.end > length as u64, "wants {range:?} of {length}, which it has"),
        Err(ReadError::Broken(flaw)) => say_the_same(&Err(flaw), whole, &format!("with {length} bytes at hand")),
        Ok(media) => say_the_same(&Ok(media), whole, &format!("with {length} bytes at hand")),
    }
    match (read(&SparseBuffer::new(head, None)), whole) {
        (Ok(part), Ok(whole)) => agree(&part, whole, &format!("with {length} bytes at hand, of who knows how many")),
        (Err(ReadError::Broken(flaw)), Ok(whole)) => panic!("{length} bytes are {flaw:?}, all are {whole:?}"),
        // Of what follows it knows nothing yet.
        (Ok(_) | Err(ReadError::Broken(_) | ReadError::Need(_)), Err(_)) | (Err(ReadError::Need(_)), Ok(_)) => {}
    }
}

/// Serves the file as a server does that takes Range requests.
fn by_ranges(file: &[u8]) -> ContentState {
    let total = file.len() as u64;
    let mut reader = HeaderReader::new(Some(total));
    let mut wishes = 0;
    while let Some(range) = reader.wants() {
        assert!(range.end <= total, "wants {range:?} of {total}");
        reader.feed(range.start, slice(file, &range));
        keeps_little(&reader);
        wishes += 1;
        assert!(wishes < WISHES, "wants without end: {range:?}");
    }
    if reader.is_scanning() {
        let passed = reader.passed();
        reader.feed(passed, slice(file, &(passed..total)));
    }
    reader.finish(Some(total))
}

/// Streams the file as a server does that takes none; `total` is told at the end.
fn streamed(file: &[u8], piece: usize, total: Option<u64>) -> ContentState {
    let mut reader = HeaderReader::new(None);
    let mut at = 0;
    for bytes in file.chunks(piece) {
        reader.feed(at, bytes);
        at += bytes.len() as u64;
    }
    assert_eq!(reader.passed(), at, "in pieces of {piece}");
    keeps_little(&reader);
    reader.finish(total)
}

/// 16 MiB, and the head that came before it was known what the file is.
const KEPT: usize = (16 << 20) + (64 << 10);

fn keeps_little(reader: &HeaderReader) {
    assert!(reader.held() <= KEPT, "keeps {} bytes", reader.held());
}

/// Compares what was said of one file that came in two ways. A stream may pass what is wanted only later.
fn compare(one: &ContentState, other: &ContentState) {
    match (one, other) {
        (ContentState::Media(one), ContentState::Media(other)) => agree(one, other, "in another way"),
        (ContentState::Incomplete { .. } | ContentState::NotSeen, _)
        | (_, ContentState::Incomplete { .. } | ContentState::NotSeen) => {}
        (ContentState::Unreadable { format: one, .. }, ContentState::Unreadable { format: other, .. }) => {
            assert_eq!(one, other)
        }
        (ContentState::Unreadable { .. }, ContentState::Media(_))
        | (ContentState::Media(_), ContentState::Unreadable { .. }) => {
            panic!("{one:?} in one way, {other:?} in another")
        }
    }
}

/// Checks that what is stated of a file can be.
fn can_be(media: &Media) {
    let is_size = |size: Option<Dimensions>| size.is_none_or(|size| size.ratio().is_some());
    let is_code = |codec: Option<&Codec>| match codec {
        Some(Codec::Other(code)) => code.as_bytes().len() <= 1024,
        Some(Codec::Known(_)) | None => true,
    };
    let fps = media.video.as_ref().and_then(|video| video.fps);
    let checks = [
        is_size(media.stored),
        is_size(media.displayed),
        media.orientation.is_none_or(|orientation| (1..=8).contains(&orientation)),
        media.rotation.is_none_or(|rotation| rotation < 360),
        fps.is_none_or(|fps| fps.value.is_finite() && fps.value > 0.0),
        is_code(media.audio.as_ref()),
        is_code(media.video.as_ref().map(|video| &video.codec)),
    ];
    assert!(!checks.contains(&false), "{media:?} cannot be");
}

/// Compares two readings of one file: both tell facts, or both the same flaw. What nobody fetches for its own sake may be
/// left open in one of them.
fn say_the_same(one: &Result<Media, Flaw>, other: &Result<Media, Flaw>, how: &str) {
    match (one, other) {
        (Ok(one), Ok(other)) => agree(one, other, how),
        (Err(one), Err(other)) => assert_eq!(one, other, "{how}"),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => panic!("{one:?} {how}, else {other:?}"),
    }
}

/// Checks that two readings of one file do not contradict each other where both are sure.
fn agree(one: &Media, other: &Media, how: &str) {
    fn both<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.zip(other).is_none_or(|(one, other)| one == other)
    }
    let codec = |media: &Media| media.video.as_ref().map(|video| (video.codec.clone(), video.profile));
    let fps = |media: &Media| media.video.as_ref()?.fps.filter(|fps| fps.exact).map(|fps| fps.value.to_bits());
    let exact = |time: Option<Measured<Duration>>| time.filter(|time| time.exact).map(|time| time.value);
    let checks = [
        one.format == other.format,
        both(one.stored, other.stored),
        both(one.displayed, other.displayed),
        both(one.orientation, other.orientation),
        both(one.rotation, other.rotation),
        both(one.coding, other.coding),
        both(one.audio.as_ref(), other.audio.as_ref()),
        both(codec(one), codec(other)),
        both(fps(one), fps(other)),
        both(exact(one.duration), exact(other.duration)),
    ];
    assert!(!checks.contains(&false), "{one:?} is not {other:?}, {how}");
}
