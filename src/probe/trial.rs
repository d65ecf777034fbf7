//! Trying out the readers: a feeder that answers their requests from memory, and a way to spoil files.

mod ffprobe;

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::window::{Flaw, Halt, Window};
use super::{isobmff, matroska};
use crate::media::Media;

/// Returns the files in a directory by name.
pub(super) fn files(directory: &Path) -> Vec<PathBuf> {
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
pub(super) struct Feeding {
    /// How many bytes are at hand at first.
    pub(super) head: usize,
    /// Every request is answered with at least so many bytes.
    pub(super) grain: u64,
    /// Whether the length of the file is known at first.
    pub(super) length_known: bool,
}

impl Feeding {
    /// As the real feeder does with a server that tells the length.
    pub(super) const USUAL: Self = Self { head: 64 << 10, grain: 64 << 10, length_known: true };

    /// As from a server that does not tell the length, with nothing but the magic at hand, exactly as asked.
    pub(super) const MISERLY: Self = Self { head: 12, grain: 1, length_known: false };

    /// Feeds a file until the reader has the facts; also returns what was asked for.
    pub(super) fn feed(
        self,
        file: &[u8],
        read: impl Fn(&Window) -> Result<Media, Halt>,
    ) -> (Result<Media, Flaw>, Vec<Range<u64>>) {
        let length = file.len() as u64;
        let mut window = Window::new(file[..self.head.min(file.len())].to_vec(), self.length_known.then_some(length));
        let mut asked: Vec<Range<u64>> = Vec::new();
        loop {
            window.rewind();
            let range = match read(&window) {
                Ok(media) => return (Ok(media), asked),
                Err(Halt::Broken(flaw)) => return (Err(flaw), asked),
                Err(Halt::Need(range)) => range,
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
pub(super) struct Dice(u64);

impl Dice {
    /// Starts from a seed other than zero.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `sides`.
    pub(super) fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 24).unwrap_or(usize::MAX) % sides.max(1)
    }

    /// Spoils a file in one to four places: flipped bits, telling numbers, parts cut out, doubled or cut off.
    pub(super) fn spoil(&mut self, file: &[u8]) -> Vec<u8> {
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
