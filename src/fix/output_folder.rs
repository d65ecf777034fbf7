//! The folder of the results, and the name of each in it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::downloads::copy_name;
use super::image_service::max_side;
use super::options::FixFormat;
use super::places::{PathConflictError, endings};
use crate::asset::{Asset, Target, real_path};
use crate::text::secret::QueryRedaction;

/// Where results are written: under the names of their inputs, in the folders below the folder that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFolder {
    path: PathBuf,
    /// The names that need more than the stem of the input's, by input.
    names: HashMap<PathBuf, ResultName>,
}

/// How a result is named after its input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ResultName {
    /// The folder below that of the results.
    below: PathBuf,
    /// Whether the name of the input is kept with its ending if that changes: `a.gif.jpg`, next to the `a.jpg` of another
    /// input.
    is_whole: bool,
}

impl ResultName {
    fn path(&self, input: &Path, extension: &str) -> PathBuf {
        let keeps_ending = input.extension().is_some_and(|ending| ending == extension);
        let name = if self.is_whole && !keeps_ending { input.file_name() } else { input.file_stem() };
        let name = [name.unwrap_or_default(), ".".as_ref(), extension.as_ref()];
        self.below.join(name.into_iter().collect::<OsString>())
    }
}

impl OutputFolder {
    /// Names the results of all inputs of a run. `read` are the folders whose files are inputs.
    ///
    /// # Errors
    /// Where two inputs would have one result.
    pub fn new(
        path: PathBuf,
        read: &[PathBuf],
        inputs: &[Asset],
        to: Option<FixFormat>,
    ) -> Result<Self, PathConflictError> {
        let mut inputs: Vec<_> = inputs.iter().filter_map(|asset| NamedInput::new(asset, read)).collect();
        let colliding = collisions(&inputs, to).into_iter().flat_map(|(one, other, _)| [one, other]);
        let colliding: HashSet<PathBuf> = colliding.filter_map(|index| inputs.get(index)?.own_place()).collect();
        for input in &mut inputs {
            input.name.is_whole = input.own_place().is_some_and(|place| colliding.contains(&place));
        }
        if let Some((one, other, result)) = collisions(&inputs, to).into_iter().next() {
            let shown = |index: usize| inputs.get(index).map(NamedInput::shown).unwrap_or_default();
            return Err(PathConflictError::OneResult {
                one: shown(one),
                other: shown(other),
                result: path.join(result),
            });
        }
        let named = inputs.into_iter().filter(|input| input.name != ResultName::default());
        Ok(Self { path, names: named.map(|input| (input.path, input.name)).collect() })
    }

    /// Returns the folder itself.
    pub(super) fn root(&self) -> &Path {
        &self.path
    }

    /// Returns the path of a result. The copy of a download is known by its name alone.
    pub(super) fn path(&self, input: &Path, extension: &str) -> PathBuf {
        let by_name = || self.names.get(Path::new(input.file_name()?));
        let name = self.names.get(input).or_else(by_name);
        self.path.join(name.unwrap_or(&ResultName::default()).path(input, extension))
    }
}

/// An input that may have a result.
struct NamedInput<'a> {
    asset: &'a Asset,
    /// Its path; of a download, the name of its copy.
    path: PathBuf,
    is_file: bool,
    name: ResultName,
}

impl<'a> NamedInput<'a> {
    fn new(asset: &'a Asset, read: &[PathBuf]) -> Option<Self> {
        let (path, is_file) = match Target::parse(asset) {
            Target::File(path) => (path, true),
            Target::Url(address) if max_side(address.url()).is_none() => (copy_name(address.url()).into(), false),
            Target::Url(_) | Target::DataUri | Target::Runway | Target::InvalidUrl(_) => return None,
        };
        let below = read.iter().filter(|_| is_file).find_map(|folder| below(folder, &path)).unwrap_or_default();
        Some(Self { asset, path, is_file, name: ResultName { below, is_whole: false } })
    }

    /// Returns where the input would be in the folder of the results.
    fn own_place(&self) -> Option<PathBuf> {
        Some(self.name.below.join(self.path.file_name()?))
    }

    fn is_same(&self, other: &Self) -> bool {
        self.asset.text() == other.asset.text()
            || self.is_file && other.is_file && real_path(&self.path) == real_path(&other.path)
    }

    fn shown(&self) -> String {
        let shown = self.asset.redacted(QueryRedaction::Redact);
        String::from_utf8_lossy(shown.as_bytes()).into_owned()
    }
}

/// Returns the folder of a file below a folder that was read; `None` if it is not in there.
fn below(folder: &Path, file: &Path) -> Option<PathBuf> {
    let below = file.strip_prefix(folder).ok()?.parent()?;
    below.components().all(|component| matches!(component, Component::Normal(_))).then(|| below.to_owned())
}

/// Returns the pairs of inputs that may have one result, and that result.
fn collisions(inputs: &[NamedInput<'_>], to: Option<FixFormat>) -> Vec<(usize, usize, PathBuf)> {
    let mut owners: HashMap<PathBuf, usize> = HashMap::new();
    let mut collisions = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        for ending in endings(to, &input.path) {
            match owners.entry(input.name.path(&input.path, ending)) {
                Entry::Vacant(place) => _ = place.insert(index),
                Entry::Occupied(owner) => {
                    let other = *owner.get();
                    if !inputs.get(other).is_some_and(|other| other.is_same(input)) {
                        collisions.push((other, index, owner.key().clone()));
                    }
                }
            }
        }
    }
    collisions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(read: &[&str], inputs: &[&str]) -> Result<OutputFolder, PathConflictError> {
        let read: Vec<PathBuf> = read.iter().map(PathBuf::from).collect();
        let inputs: Vec<Asset> = inputs.iter().map(|input| Asset::new(*input)).collect();
        OutputFolder::new("out".into(), &read, &inputs, None)
    }

    #[track_caller]
    fn case(read: &[&str], results: &[(&str, &str, &str)]) {
        let inputs: Vec<&str> = results.iter().map(|(input, ..)| *input).collect();
        let folder = folder(read, &inputs).expect("different results");
        for (input, extension, result) in results {
            assert_eq!(folder.path(input.as_ref(), extension), Path::new(result), "{input}");
        }
    }

    #[test]
    fn folders_below_a_folder_that_is_read_are_kept() {
        case(&["in"], &[("in/a.gif", "png", "out/a.png"), ("in/b/c/a.gif", "jpg", "out/b/c/a.jpg")]);
        case(&["."], &[("./a.gif", "jpg", "out/a.jpg"), ("./b/a.gif", "jpg", "out/b/a.jpg")]);
        case(&["/x/"], &[("/x/y/a.b.gif", "jpg", "out/y/a.b.jpg"), ("z/a.b.gif", "jpg", "out/a.b.jpg")]);
        case(&["../in"], &[("../in/b/a.gif", "jpg", "out/b/a.jpg")]);
        // What is not below it, whatever it is called, stays in the folder of the results.
        case(&["in", ".."], &[("in/../../a.gif", "jpg", "out/a.jpg"), ("../../b.gif", "jpg", "out/b.jpg")]);
    }

    #[test]
    fn inputs_that_differ_in_their_endings_keep_them() {
        let rows = [("a.png", "png", "out/a.png"), ("a.png", "jpg", "out/a.png.jpg"), ("b.gif", "jpg", "out/b.jpg")];
        case(&[], &[&rows[..], &[("a.jpg", "jpg", "out/a.jpg"), ("a.JPG", "jpg", "out/a.JPG.jpg")]].concat());
        case(
            &[],
            &[("./a.png", "png", "out/a.png"), ("a.jpg", "png", "out/a.jpg.png"), ("a.png", "jpg", "out/a.png.jpg")],
        );
        case(&[], &[("a.mp4", "mp4", "out/a.mp4"), ("a.gif", "jpg", "out/a.jpg")]);
        let url = "https://cdn.example.com/x/a.bmp";
        let named = folder(&[], &[url, "a.gif"]).expect("different results");
        assert_eq!(named.path("/tmp/copy/a.bmp".as_ref(), "jpg"), Path::new("out/a.bmp.jpg"));
    }

    #[test]
    fn two_inputs_have_no_common_result() {
        let case = |read: &[&str], inputs: &[&str], message: &str| {
            let error = folder(read, inputs).expect_err("one result").to_string();
            assert!(error.starts_with(message), "{error}");
        };
        case(&[], &["x/a.gif", "y/a.gif"], "x/a.gif and y/a.gif may both become out/a.");
        case(&["x", "y"], &["x/b/a.gif", "y/b/a.gif"], "x/b/a.gif and y/b/a.gif may both become out/b/a.");
        case(&[], &["a.gif", "a.png", "a.gif.bmp", "a.gif.jpg"], "a.gif and a.gif.jpg may both become out/a.gif.jpg");
        let urls = ["https://h.com/a.gif?token=secret", "https://g.com/x/a.gif"];
        case(&[], &urls, "https://h.com/a.gif?token=[redacted] and https://g.com/x/a.gif may both become out/a.");
        // One file, twice.
        assert!(folder(&[], &["x/a.gif", "x/a.gif"]).is_ok());
    }
}
