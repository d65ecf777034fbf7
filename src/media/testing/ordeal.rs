//! Trying out the readers: a feeder that answers their requests from memory, and a way to spoil files.

mod ffprobe;

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::media::sparse_buffer::{Flaw, ReadError, SparseBuffer};
use crate::media::{Codec, Media};
use crate::media::{isobmff, matroska};

/// Returns the files in a directory by name.
pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("a directory of media");
    let media = |path: &PathBuf| {
        path.extension().is_some_and(|extension| !["md", "sh"].map(AsRef::as_ref).contains(&extension))
    };
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(media).collect();
    files.sort();
    files
}

/// How a file is fed to a reader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feeding {
    /// How many bytes are at hand at first.
    pub(crate) head: usize,
    /// Every request is answered with at least so many bytes.
    pub(crate) grain: u64,
    /// Whether the length of the file is known at first.
    pub(crate) length_known: bool,
}

impl Feeding {
    /// As the real feeder does with a server that tells the length.
    pub(crate) const USUAL: Self = Self { head: 64 << 10, grain: 64 << 10, length_known: true };

    /// As from a server that does not tell the length, with nothing but the magic at hand, exactly as asked.
    pub(crate) const MISERLY: Self = Self { head: 12, grain: 1, length_known: false };

    /// Feeds a file until the reader has the facts; also returns what was asked for.
    pub(crate) fn feed(
        self,
        file: &[u8],
        read: impl Fn(&SparseBuffer) -> Result<Media, ReadError>,
    ) -> (Result<Media, Flaw>, Vec<Range<u64>>) {
        let length = file.len() as u64;
        let mut window =
            SparseBuffer::new(file[..self.head.min(file.len())].to_vec(), self.length_known.then_some(length));
        let mut asked: Vec<Range<u64>> = Vec::new();
        loop {
            window.rewind();
            let range = match read(&window) {
                Ok(media) => return (Ok(media), asked),
                Err(ReadError::Broken(flaw)) => return (Err(flaw), asked),
                Err(ReadError::Need(range)) => range,
            };
            assert!(!range.is_empty(), "asked for nothing at {range:?}");
            assert!(!asked.contains(&range), "asked for {range:?} twice");
            assert!(asked.len() < 2_000, "asks without end: {range:?}");
            let end = range.end.max(range.start.saturating_add(self.grain));
            if end > length {
                window.set_total(length);
            }
            let slice = file.get(to_index(range.start)..to_index(end.min(length))).unwrap_or_default();
            window.add(range.start.min(length), slice);
            asked.push(range);
        }
    }
}

fn to_index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Numbers that only look random (xorshift64): the same seed spoils the same way on every machine.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Starts from a seed other than zero.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `sides`.
    pub(crate) fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 24).unwrap_or(usize::MAX) % sides.max(1)
    }

    /// Spoils a file in one to four places: flipped bits, telling numbers, parts cut out, doubled or cut off.
    pub(crate) fn spoil(&mut self, file: &[u8]) -> Vec<u8> {
        let mut spoiled = file.to_vec();
        for _ in 0..=self.throw(4) {
            let at = self.throw(spoiled.len());
            match self.throw(6) {
                0 => spoiled.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.throw(8)),
                1 => spoiled.iter_mut().skip(at).take(1).for_each(|byte| *byte = 0xff),
                2 => {
                    let numbers = [0_u32, 1, 2, 7, 8, 9, 15, 16, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, u32::MAX];
                    let number = numbers[self.throw(numbers.len())].to_be_bytes();
                    spoiled.iter_mut().skip(at).zip(number).for_each(|(byte, new)| *byte = new);
                }
                3 => drop(spoiled.drain(at..(at + self.throw(64)).min(spoiled.len()))),
                4 => {
                    let part = spoiled[at..(at + self.throw(256)).min(spoiled.len())].to_vec();
                    spoiled.splice(at..at, part);
                }
                _ => spoiled.truncate(at.max(12)),
            }
        }
        spoiled
    }
}

/// Checks a sound file at every length: cut off there, and with only so much of it at hand. The reader may say that it
/// is broken, or ask for more, but never tells another fact than for the whole file.
pub(crate) fn cut_short_everywhere(
    name: &str,
    file: &[u8],
    read: impl Fn(&SparseBuffer) -> Result<Media, ReadError> + Copy,
) {
    let (whole, _) = Feeding::USUAL.feed(file, read);
    let whole = whole.unwrap_or_else(|flaw| panic!("{name}: {flaw:?}"));
    for length in 0..file.len() {
        if let (Ok(mut cut), _) = Feeding::USUAL.feed(&file[..length], read) {
            // Cut off between two fragments it is a shorter film, and says so.
            cut.duration =
                cut.duration.filter(|duration| whole.duration.is_some_and(|whole| duration.value >= whole.value));
            assert_eq!(disagreement(&cut, &whole), None, "{name} cut off at {length}");
        }
        for total in [None, Some(file.len() as u64)] {
            match read(&SparseBuffer::new(file[..length].to_vec(), total)) {
                Ok(part) => assert_eq!(disagreement(&part, &whole), None, "{name} with {length} bytes at hand"),
                Err(ReadError::Need(range)) => {
                    assert!(range.end > length as u64, "{name}, {length}: {range:?} is at hand")
                }
                Err(ReadError::Broken(flaw)) => panic!("{name} with {length} bytes at hand, of {total:?}: {flaw:?}"),
            }
        }
    }
}

/// Names the fact on which a part of a file disagrees with the whole; what it leaves open is no disagreement.
fn disagreement(part: &Media, whole: &Media) -> Option<String> {
    let length = |media: &Media| media.duration.map(|duration| duration.value);
    let codec = |media: &Media| media.video.as_ref().map(|video| (video.codec.clone(), video.profile));
    let fps = |media: &Media| media.video.as_ref()?.fps.map(|fps| fps.value.to_bits());
    let differs = [
        part.format != whole.format,
        part.stored.is_some() && part.stored != whole.stored,
        part.displayed.is_some() && part.displayed != whole.displayed,
        part.rotation.is_some() && part.rotation != whole.rotation,
        part.coding.is_some() && part.coding != whole.coding,
        part.audio.is_some() && part.audio != whole.audio,
        codec(part).is_some() && codec(part) != codec(whole),
        fps(part).is_some() && fps(part) != fps(whole),
        length(part).is_some() && length(part) != length(whole),
    ];
    differs.contains(&true).then(|| format!("{part:?} is not {whole:?}"))
}

/// Spoils files two thousand times; the reader has to come to an end each time, in whatever way it is fed, and say
/// the same.
pub(crate) fn spoiled(seed: u64, files: &[Vec<u8>], read: impl Fn(&SparseBuffer) -> Result<Media, ReadError> + Copy) {
    let mut dice = Dice::new(seed);
    let mut sound = 0_u32;
    for round in 0..2_000 {
        let chosen = dice.throw(files.len());
        let file = dice.spoil(&files[chosen]);
        let (usual, _) = Feeding::USUAL.feed(&file, read);
        let (miserly, _) = Feeding::MISERLY.feed(&file, read);
        if let (Ok(usual), Ok(miserly)) = (&usual, &miserly) {
            let numbers = usual.video.as_ref().and_then(|video| video.fps).map_or(1.0, |fps| fps.value);
            assert!(numbers.is_finite() && numbers > 0.0, "round {round} of seed {seed}: {usual:?}");
            assert_eq!(disagreement(miserly, usual), None, "round {round} of seed {seed}");
            sound += 1;
        }
    }
    assert!((200..1_950).contains(&sound), "{sound} of 2,000 can still be read: the dice spoil too much or too little");
}

/// Reads the fixtures of the given extensions, by name.
pub(crate) fn fixtures(extensions: &[&str]) -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/video");
    let wanted = |path: &PathBuf| extensions.iter().any(|extension| path.extension() == Some(extension.as_ref()));
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = |path: PathBuf| (name(&path), std::fs::read(&path).expect("a readable fixture"));
    files(&directory).into_iter().filter(wanted).map(read).collect()
}

/// Writes the facts on one line, to compare with a table.
pub(crate) fn line(media: &Media) -> String {
    let codec = |codec: &Codec| match codec {
        Codec::Known(name) => (*name).to_owned(),
        Codec::Other(code) => format!("other:{}", code.escaped()),
    };
    let mark = |exact: bool| if exact { "" } else { "~" };
    let mut facts = vec![media.format.id().to_owned()];
    facts.extend(media.stored.map(|size| size.to_string()));
    facts.extend(media.displayed.filter(|size| media.stored != Some(*size)).map(|size| format!("seen {size}")));
    facts.extend(media.rotation.filter(|degrees| *degrees > 0).map(|degrees| format!("turned {degrees}")));
    facts.extend(media.coding.map(str::to_owned));
    if let Some(video) = &media.video {
        facts.push(codec(&video.codec));
        facts.extend(video.profile.map(str::to_owned));
        facts.extend(video.fps.map(|fps| format!("{}{:.2} fps", mark(fps.exact), fps.value)));
    }
    facts.extend(media.audio.as_ref().map(codec));
    facts.extend(media.duration.map(|time| format!("{}{:.3} s", mark(time.exact), time.value.as_secs_f64())));
    facts.join(", ")
}

/// Checks a table of fixtures and their facts: each file has its row and each row its file, and fed in another way it
/// says nothing else.
pub(crate) fn table(
    files: &[(String, Vec<u8>)],
    rows: &[(&str, &str)],
    read: impl Fn(&SparseBuffer) -> Result<Media, ReadError> + Copy,
) {
    let mut lines = Vec::new();
    for (name, file) in files {
        let (usual, miserly) = (Feeding::USUAL.feed(file, read).0, Feeding::MISERLY.feed(file, read).0);
        if let (Ok(usual), Ok(miserly)) = (&usual, &miserly) {
            assert_eq!(disagreement(miserly, usual), None, "{name}");
        }
        assert_eq!(usual.is_ok(), miserly.is_ok(), "{name}");
        lines.push((name.as_str(), usual.map_or_else(|flaw| format!("{flaw:?}"), |media| line(&media))));
    }
    let lines: Vec<_> = lines.iter().map(|(name, facts)| (*name, facts.as_str())).collect();
    assert_eq!(lines, rows);
}
