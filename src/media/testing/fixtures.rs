//! The media files in `fixtures/`.

use std::path::Path;

/// Returns the fixtures of a folder with one of these extensions, or with any but documents, by name.
pub(crate) fn fixtures(folder: &str, extensions: &[&str]) -> Vec<(String, Vec<u8>)> {
    files_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder))
        .into_iter()
        .filter(|(name, _)| {
            let extension = name.rsplit('.').next().unwrap_or_default();
            extensions.contains(&extension) || (extensions.is_empty() && !matches!(extension, "md" | "sh"))
        })
        .collect()
}

/// Returns the files of a folder and their bytes, by name.
pub(crate) fn files_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut files: Vec<_> = entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("a file")))
        .collect();
    files.sort();
    files
}
