//! The environment of a process: signals, broken streams, limits, unusual systems, internal errors. Test names begin
//! with their case in `cases/list.tsv`.

mod codes;
mod environment;
mod files;
mod limits;
mod pauses;
mod pipes;
mod signals;
mod torture;

pub(crate) use crate::all_formats::FORMATS;
use crate::folder::Folder;
use crate::program::{Program, program};

pub(crate) const PNG: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVQI12P8v5SBgYGBiYGBgYGBAQAU2QGooxpIiAAAAABJRU5ErkJggg==";
pub(crate) const REJECTED: &str = "http://h.com/a.png";
/// A URL with a user, about which clients disagree; offline, nothing else is wrong with it.
pub(crate) const UNDECIDED: &str = "https://user@cdn.example.org/a.png";

pub(crate) fn check() -> Program {
    program().args(["check", "--offline"])
}

/// Returns a list of this many rejected assets, one per line.
pub(crate) fn many(assets: usize) -> String {
    (0..assets)
        .flat_map(|number| ["http://h".to_owned(), number.to_string(), ".example.com/a.png\n".to_owned()])
        .collect()
}
