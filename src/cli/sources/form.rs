//! Tells by their form what arguments and lines are: a list, a URL without its scheme, the name of a file.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::cli::folder;

/// Returns whether a file starts with text. Media files with an extension of a list are checked as media.
pub(super) fn is_text(file: File) -> bool {
    let mut start = Vec::new();
    let read = file.take(MAX_START).read_to_end(&mut start);
    read.is_ok() && start.iter().all(|byte| *byte >= b' ' || byte.is_ascii_whitespace())
}

/// How many bytes of a file decide whether it is text.
const MAX_START: u64 = 512;

/// Returns whether a file has an extension of a list.
pub(super) fn is_list_name(path: &Path) -> bool {
    let extension = path.extension().map(OsStr::to_ascii_lowercase);
    extension.is_some_and(|extension| {
        ["txt", "csv", "tsv", "jsonl", "ndjson", "lst"].iter().any(|known| extension == *known)
    })
}

/// Returns whether a text looks like a URL without its scheme: `cdn.example.com/a.jpg`.
pub(super) fn is_like_url(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let Some((host, _)) = text.split_once('/') else { return false };
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_top_level = |label: &&str| label.len() >= 2 && label.chars().all(|c| c.is_ascii_alphabetic());
    labels.len() >= 2 && labels.iter().all(is_label) && labels.last().is_some_and(is_top_level)
}

/// Returns whether a header is the name of a file to check, by its extension or because there is one.
pub(super) fn is_file_name(header: &str) -> bool {
    let path = Path::new(header);
    folder::is_media(path) || path.is_file()
}
