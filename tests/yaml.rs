//! YAML files of the repository.

use std::fs;
use std::path::Path;

use yaml_rust2::YamlLoader;
pub(crate) use yaml_rust2::{Yaml, yaml::Hash};

/// Reads a file of one document; the path is below the root of the repository.
pub(crate) fn read(path: &str) -> Yaml {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there");
    let mut documents = YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(documents.len(), 1, "{path} is one document");
    documents.remove(0)
}

/// Returns every value that stands under this key, however deep.
pub(crate) fn under<'a>(node: &'a Yaml, key: &str) -> Vec<&'a Yaml> {
    let mut found = Vec::new();
    for (name, value) in node.as_hash().into_iter().flatten() {
        if name.as_str() == Some(key) {
            found.push(value);
        }
        found.extend(under(value, key));
    }
    for value in node.as_vec().into_iter().flatten() {
        found.extend(under(value, key));
    }
    found
}
