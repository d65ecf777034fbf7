//! Paths to the values of a body: keys and indexes from the root.

use std::fmt;

use serde_json::Value;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A member of an object.
    Key(String),
    /// An element of an array, counted from 0.
    Index(usize),
}

/// The steps from the root of a body to a value; empty for the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Segment>);

impl Path {
    /// Returns the path of the root.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the steps, outermost first.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Returns this path with one more key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.to_owned()))
    }

    /// Returns this path with one more index.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Segment::Index(index))
    }

    /// Adds a step at the end.
    pub fn push(&mut self, segment: Segment) {
        self.0.push(segment);
    }

    /// Removes and returns the last step.
    pub fn pop(&mut self) -> Option<Segment> {
        self.0.pop()
    }

    /// Prepends a step, as a parent does to the path of a child.
    pub fn unshift(&mut self, segment: Segment) {
        self.0.insert(0, segment);
    }

    /// Returns the path as a schema issue carries it: keys as strings, indexes as numbers.
    #[must_use]
    pub fn issue_path(&self) -> Value {
        self.0
            .iter()
            .map(|segment| match segment {
                Segment::Key(key) => Value::from(key.as_str()),
                Segment::Index(index) => Value::from(*index),
            })
            .collect()
    }

    /// Returns the path as an asset's issue carries it, which is the written form split before each `.` and `[`:
    /// `["references", "[0]", ".uri"]`. Observed in a live response.
    #[must_use]
    pub fn asset_path(&self) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for character in self.to_string().chars() {
            let started = pieces.last().is_some_and(|piece| !piece.is_empty());
            if matches!(character, '.' | '[') && started {
                pieces.push(String::new());
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push(character);
            }
        }
        pieces
    }

    fn with(&self, segment: Segment) -> Self {
        let mut longer = self.clone();
        longer.push(segment);
        longer
    }
}

/// Writes `references[0].uri`. Keys are untrusted: escape the result where it is printed.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if depth == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl FromIterator<Segment> for Path {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        Self(segments.into_iter().collect())
    }
}

impl From<&str> for Segment {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_has_three_forms() {
        let nested = Path::root().key("references").index(0).key("uri");
        assert_eq!(nested.to_string(), "references[0].uri");
        assert_eq!(nested.issue_path(), json!(["references", 0, "uri"]));
        assert_eq!(nested.asset_path(), ["references", "[0]", ".uri"]);

        let simple = Path::root().key("promptImage");
        assert_eq!(simple.to_string(), "promptImage");
        assert_eq!(simple.asset_path(), ["promptImage"]);

        assert_eq!(Path::root().to_string(), "");
        assert_eq!(Path::root().issue_path(), json!([]));
    }
}
