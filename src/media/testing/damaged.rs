//! Ten thousand damaged files: every reader and the way to them, in bounded steps and memory.
//!
//! It takes half a minute, so it must be asked for: `cargo test damaged -- --ignored`.

use std::path::{Path, PathBuf};

use super::ordeal::Dice;
use super::promises;
use crate::media::Format;
use crate::media::formats::SHELF;

/// How many files are tried.
const FILES: usize = 10_000;

/// The longest file that is damaged, in bytes; what is behind a header is not looked at.
const LONGEST: u64 = 64 << 10;

/// How much memory the tests may take in all, in KiB: the files that are damaged, what a reader keeps, and the program.
const MEMORY: u64 = 96 << 10;

/// Where the files are: those of the fixtures, and what the fuzz targets found worth keeping.
const FOLDERS: [&str; 11] = [
    "fixtures/images",
    "fixtures/audio",
    "fixtures/video",
    "fixtures/video-other",
    "fuzz/corpus/picture",
    "fuzz/corpus/isobmff",
    "fuzz/corpus/matroska",
    "fuzz/corpus/ogg_flac",
    "fuzz/corpus/mp3_aac",
    "fuzz/corpus/wav_avi",
    "fuzz/corpus/flv_mpeg",
];

/// One format for each reader.
const READERS: [Format; 18] = [
    Format::Jpeg,
    Format::Png,
    Format::Webp,
    Format::Gif,
    Format::Bmp,
    Format::Tiff,
    Format::Ico,
    Format::Avif,
    Format::Mp4,
    Format::Mkv,
    Format::Avi,
    Format::Flv,
    Format::Mpeg,
    Format::Ogg,
    Format::Mp3,
    Format::Wav,
    Format::Flac,
    Format::Aac,
];

/// Returns the good files, the same ones in the same order on every machine.
fn good() -> Vec<Vec<u8>> {
    let folders = FOLDERS.map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten());
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let is_short =
        |path: &PathBuf| std::fs::metadata(path).is_ok_and(|metadata| (1..=LONGEST).contains(&metadata.len()));
    paths.iter().filter(|path| is_short(path)).map(|path| std::fs::read(path).expect("a file")).collect()
}

#[test]
#[ignore = "half a minute: cargo test damaged -- --ignored"]
fn ten_thousand_damaged_files_break_no_promise() {
    let good = good();
    assert!(good.len() >= 150, "only {} files to damage", good.len());
    let mut dice = Dice::new(0x2026_0923);
    let mut read = 0;
    for round in 0..FILES {
        let file = dice.spoil(&good[round % good.len()]);
        let format = promises::front_door(&file);
        let other = READERS[dice.throw(READERS.len())];
        for format in [format, other] {
            promises::reader(format, &file);
        }
        read += usize::from((SHELF.reader)(format).is_some());
    }
    assert!((FILES / 2..FILES).contains(&read), "{read} begin like a format: the dice spoil too much or too little");
    assert!(peak().is_none_or(|peak| peak <= MEMORY), "{} KiB", peak().unwrap_or_default());
}

/// Returns the most memory that this process ever had, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}
