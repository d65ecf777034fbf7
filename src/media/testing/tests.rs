//! Checks of all readers.

use super::fixtures::{files_in, fixtures};
use super::invariants::{check_file, check_reader};
use super::mutate::Rng;
use crate::media::Format;
use crate::media::registry::FORMATS;

/// Every format that has a reader.
const READERS: [Format; 23] = [
    Format::Jpeg,
    Format::Png,
    Format::Webp,
    Format::Gif,
    Format::Bmp,
    Format::Tiff,
    Format::Ico,
    Format::Avif,
    Format::Heic,
    Format::Mp4,
    Format::Mov,
    Format::ThreeGp,
    Format::M4a,
    Format::Mkv,
    Format::Webm,
    Format::Avi,
    Format::Flv,
    Format::Mpeg,
    Format::Ogg,
    Format::Mp3,
    Format::Wav,
    Format::Flac,
    Format::Aac,
];

/// Good files, the same ones in the same order on every machine: the fixtures and what the fuzz targets kept.
fn good_files() -> Vec<(String, Vec<u8>)> {
    let corpora = ["picture", "isobmff", "matroska", "ogg_flac", "mp3_aac", "wav_avi", "flv_mpeg"];
    let corpora = corpora.map(|name| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name));
    let kept = corpora.iter().filter(|folder| folder.exists()).flat_map(|folder| files_in(folder));
    let folders = ["images", "audio", "video", "video-other"];
    folders.iter().flat_map(|folder| fixtures(folder, &[])).chain(kept).collect()
}

#[test]
fn the_beginning_of_a_fixture_names_its_format() {
    for folder in ["audio", "video", "video-other"] {
        for (name, bytes) in fixtures(folder, &[]) {
            let [short, long] = [600, 4096].map(|length| (FORMATS.sniff)(&bytes[..bytes.len().min(length)]));
            assert_eq!(short, long, "{name}");
            assert!((FORMATS.reader)(short).is_some(), "{name} is taken for {short:?}");
        }
    }
}

#[test]
fn every_fixture_keeps_the_invariants_of_all_readers() {
    for folder in ["images", "audio", "video", "video-other"] {
        for (_, bytes) in fixtures(folder, &[]).into_iter().filter(|(_, bytes)| bytes.len() < 64 << 10) {
            let own = check_file(&bytes);
            for read in READERS.iter().chain([&own]).filter_map(|format| (FORMATS.reader)(*format)) {
                check_reader(read, &bytes);
            }
        }
    }
}

/// How many files are mutated, and the longest, in bytes: what follows a header is not read.
const FILES: usize = 10_000;
const LONGEST: usize = 64 << 10;

/// How much memory the tests may take in all, in KiB: the good files, what a reader buffers, and the program.
const MEMORY: u64 = 96 << 10;

#[test]
#[ignore = "half a minute: cargo test damaged -- --ignored"]
fn ten_thousand_damaged_files_keep_the_invariants() {
    let good: Vec<_> = good_files().into_iter().filter(|(_, bytes)| (1..=LONGEST).contains(&bytes.len())).collect();
    assert!(good.len() >= 150, "only {} files to mutate", good.len());
    let mut rng = Rng::new(0x2026_0923);
    let mut read = 0;
    for round in 0..FILES {
        let file = rng.mutate(&good[round % good.len()].1);
        let format = check_file(&file);
        let other = READERS[rng.below(READERS.len())];
        for read in [format, other].iter().filter_map(|format| (FORMATS.reader)(*format)) {
            check_reader(read, &file);
        }
        read += usize::from((FORMATS.reader)(format).is_some());
    }
    assert!((FILES / 2..FILES).contains(&read), "{read} begin like a format: too many or too few mutations");
    assert!(peak().is_none_or(|peak| peak <= MEMORY), "{} KiB", peak().unwrap_or_default());
}

/// Returns the most memory that this process ever had, in KiB, where the system says.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}
