//! Invariants of every reader, and of the response tap, for any bytes in chunks of any size.

use super::compare::{assert_consistent, assert_plausible, assert_same};
use super::feeder::{Feeder, Outcome, read_counted, slice};
use crate::fetch::tap::ResponseTap;
use crate::media::header_reader::HeaderReader;
use crate::media::registry::{FORMATS, ReadFn};
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::{ContentState, Format};

/// Checks one reader on a file of any format.
///
/// # Panics
/// If the reader does more work than the file size allows; requests buffered bytes or bytes after the end; gives
/// another result the second time, or in other chunks; states impossible facts; or states facts of a part that the
/// whole file contradicts.
pub(crate) fn check_reader(read: ReadFn, file: &[u8]) {
    let (whole, work) = read_counted(read, file);
    assert_eq!(read_counted(read, file), (whole.clone(), work), "says something else the second time");
    assert!(work as usize <= file.len().saturating_mul(2).saturating_add(FREE), "does {work} look-ups");
    if let Ok(media) = &whole {
        assert_plausible(media);
    }
    for feeder in Feeder::ALL {
        let fed = feeder.feed(read, file);
        if feeder.is_length_known {
            assert_same(&fed, &whole, &format!("{feeder:?}"));
        } else if let (Ok(fed), Ok(whole)) = (&fed, &whole) {
            assert_consistent(fed, whole, "of unknown length");
        }
    }
    for length in cuts(file) {
        check_head(read, file, length, &whole);
    }
}

/// How much work a reader may do in addition: it may read an offset more than once.
const FREE: usize = 256;

/// Checks the reader of the file's own format if it is among these, otherwise the readers of all of them.
///
/// # Panics
/// As [`check_file`], and if a reader violates an invariant.
pub fn check_formats(formats: &[Format], file: &[u8]) {
    let own = check_file(file);
    let formats = if formats.contains(&own) { std::slice::from_ref(&own) } else { formats };
    for read in formats.iter().filter_map(|format| (FORMATS.reader)(*format)) {
        check_reader(read, file);
    }
}

/// Checks the path of every file: detects its format by the first bytes, then feeds its reader by ranges and as a
/// stream. Returns the format.
///
/// # Panics
/// If too much is buffered, bytes after the end are requested, or stream and ranges contradict each other.
#[must_use]
pub fn check_file(file: &[u8]) -> Format {
    let total = file.len() as u64;
    let by_ranges = by_ranges(file);
    if let Some(media) = by_ranges.media() {
        assert_plausible(media);
    }
    let streams = [1 << 20, 4096, 13].map(|piece| streamed(file, piece, Some(total)));
    for stream in &streams {
        compare(stream, &by_ranges);
        compare(stream, &streams[0]);
    }
    let half = streamed(file.get(..file.len() / 2).unwrap_or_default(), 4096, None);
    if let (Some(part), Some(whole)) = (half.media(), by_ranges.media()) {
        assert_consistent(part, whole, "of an interrupted download");
    }
    (FORMATS.sniff)(file.get(..64 << 10).unwrap_or(file))
}

/// Checks that the tap observes the same in a server's response to a HEAD or GET, in chunks of any size.
///
/// # Panics
/// If it does not.
pub fn check_response(is_head: bool, bytes: &[u8]) {
    let observed = |length: usize| {
        let tap = ResponseTap::observing();
        tap.begin(is_head);
        let end = bytes.chunks(length).try_for_each(|piece| tap.observe(piece));
        (end, tap.anomalies(), tap.is_in_head())
    };
    let whole = observed(bytes.len().max(1));
    for length in [1, 2, 7, 100] {
        assert_eq!(observed(length), whole, "in pieces of {length}");
    }
}

/// The lengths to which a file is cut: a few that depend on its bytes, so that they differ for each file.
fn cuts(file: &[u8]) -> [usize; 6] {
    let length = file.len();
    let sum = file.iter().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let chosen = |shift: u32| (sum >> shift).checked_rem(length).unwrap_or(0);
    [chosen(0), chosen(8), chosen(16), chosen(24) / 8, length / 2, length.saturating_sub(1)]
}

/// Reads with only the first bytes buffered.
fn check_head(read: ReadFn, file: &[u8], length: usize, whole: &Outcome) {
    let head = file.get(..length).unwrap_or(file).to_vec();
    let how = format!("with {length} bytes buffered");
    match read(&SparseBuffer::new(head.clone(), Some(file.len() as u64))) {
        Err(ReadError::NeedMore(range)) => {
            assert!(range.end > length as u64, "requests {range:?}, which it has, {how}");
        }
        Err(ReadError::Malformed(error)) => assert_same(&Err(error), whole, &how),
        Err(ReadError::TooComplex) => {}
        Ok(media) => assert_same(&Ok(media), whole, &how),
    }
    match (read(&SparseBuffer::new(head, None)), whole) {
        (Ok(part), Ok(whole)) => assert_consistent(&part, whole, &how),
        (Err(ReadError::Malformed(error)), Ok(whole)) => panic!("{how} it is {error:?}, else {whole:?}"),
        // The reader does not know the rest of the file yet.
        (_, Err(_)) | (Err(ReadError::NeedMore(_) | ReadError::TooComplex), Ok(_)) => {}
    }
}

/// Serves the file as a server does that supports Range requests.
fn by_ranges(file: &[u8]) -> ContentState {
    let total = file.len() as u64;
    let mut reader = HeaderReader::new(Some(total));
    let mut requests = 0;
    while let Some(range) = reader.wanted_range() {
        assert!(range.end <= total, "requests {range:?} of {total}");
        reader.feed(range.start, slice(file, &range));
        assert_bounded(&reader);
        requests += 1;
        assert!(requests < 2_000, "requests without end: {range:?}");
    }
    if reader.is_scanning() {
        let position = reader.stream_position();
        reader.feed(position, slice(file, &(position..total)));
    }
    reader.finish(Some(total))
}

/// Streams the file as a server does that supports no Range requests; `total` becomes known at the end.
pub(crate) fn streamed(file: &[u8], piece: usize, total: Option<u64>) -> ContentState {
    let mut reader = HeaderReader::new(None);
    let mut at = 0;
    for bytes in file.chunks(piece) {
        reader.feed(at, bytes);
        at += bytes.len() as u64;
    }
    assert_eq!(reader.stream_position(), at, "in pieces of {piece}");
    assert_bounded(&reader);
    reader.finish(total)
}

/// 16 MiB, and the head that is buffered before the format is known.
const MAX_BUFFERED: usize = (16 << 20) + (64 << 10);

fn assert_bounded(reader: &HeaderReader) {
    assert!(reader.buffered() <= MAX_BUFFERED, "buffers {} bytes", reader.buffered());
}

/// Compares the results for one file that was fed in two ways. In a stream, requested bytes may already have passed.
fn compare(one: &ContentState, other: &ContentState) {
    use ContentState::{Corrupted, Incomplete, Media, NotMedia, NotSeen, Unreadable};
    match (one, other) {
        (Media(one), Media(other)) => assert_consistent(one, other, "in another way"),
        (Incomplete { .. } | NotSeen, _) | (_, Incomplete { .. } | NotSeen) => {}
        (Media(_), _) | (_, Media(_)) => panic!("{one:?} in one way, {other:?} in another"),
        (Unreadable { .. } | NotMedia { .. } | Corrupted { .. }, _) => assert_eq!(one.format(), other.format()),
    }
}

/// Cuts a file at every length up to 4 KiB, and from there at every seventh, and buffers only that part of it: a part
/// may have fewer facts, never different ones.
#[cfg(test)]
pub(crate) fn check_cuts(read: ReadFn, file: &[u8]) {
    let (whole, _) = read_counted(read, file);
    let media = whole.as_ref().expect("a good file");
    for cut in (0..file.len().min(4096)).chain((4096..file.len()).step_by(7)) {
        check_head(read, file, cut, &whole);
        // A file that was cut between two parts may be a shorter one.
        if let Ok(part) = read_counted(read, &file[..cut]).0 {
            let value = |media: &crate::media::Media| media.duration.map(|duration| duration.value);
            let is_shorter = value(&part) < value(media);
            let duration = if is_shorter { None } else { part.duration };
            assert_consistent(&crate::media::Media { duration, ..part }, media, &format!("cut at {cut}"));
        }
    }
}

/// Mutates good files four hundred times, the same way in every run, and checks the reader on each.
#[cfg(test)]
pub(crate) fn check_mutations(read: ReadFn, good: &[&[u8]]) {
    let mut rng = super::mutate::Rng::new(0x9e37_79b9_7f4a_7c15);
    let mut readable = 0;
    for _ in 0..ROUNDS {
        let file = rng.mutate(good[rng.clone().below(good.len())]);
        check_reader(read, &file);
        readable += usize::from(read_counted(read, &file).0.is_ok());
    }
    assert!((ROUNDS / 10..ROUNDS).contains(&readable), "{readable} can still be read: too many or too few mutations");
}

#[cfg(test)]
const ROUNDS: usize = 400;

/// Checks a table of files and their facts, fed in two ways: each file has its row and each row its file.
#[cfg(test)]
pub(crate) fn check_table(files: &[(String, Vec<u8>)], rows: &[(&str, &str)], read: ReadFn) {
    let mut facts = Vec::new();
    for (name, file) in files {
        let usual = Feeder::USUAL.feed(read, file);
        let minimal = Feeder::MINIMAL.feed(read, file);
        assert_same(&usual, &minimal, name);
        let line = usual.map_or_else(|error| format!("{error:?}"), |media| super::compare::summary(&media));
        facts.push((name.as_str(), line));
    }
    let facts: Vec<_> = facts.iter().map(|(name, facts)| (*name, facts.as_str())).collect();
    assert_eq!(facts, rows);
}
