//! The issues of a body: the first ones in full, and the number of the others.

use serde::{Serialize, Serializer};

use super::MAX_LISTED;
use super::issue::SchemaIssue;
use super::path::Segment;

/// Issues in the API's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaIssues {
    listed: Vec<SchemaIssue>,
    not_listed: usize,
    is_fatal: bool,
}

impl SchemaIssues {
    /// Returns the first issues, [`MAX_LISTED`] at most.
    #[must_use]
    pub fn listed(&self) -> &[SchemaIssue] {
        &self.listed
    }

    /// Returns how many issues follow the listed ones.
    #[must_use]
    pub fn not_listed(&self) -> usize {
        self.not_listed
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Returns whether an issue ends the API's checks.
    #[must_use]
    pub fn are_fatal(&self) -> bool {
        self.is_fatal
    }

    /// Adds an issue.
    pub(super) fn push(&mut self, issue: SchemaIssue) {
        self.is_fatal |= !issue.is_non_fatal();
        if self.listed.len() < MAX_LISTED {
            self.listed.push(issue);
        } else {
            self.not_listed = self.not_listed.saturating_add(1);
        }
    }

    /// Adds the issues of a later value.
    pub(super) fn extend(&mut self, later: Self) {
        let Self { listed, not_listed, is_fatal } = later;
        for issue in listed {
            self.push(issue);
        }
        self.not_listed = self.not_listed.saturating_add(not_listed);
        self.is_fatal |= is_fatal;
    }

    /// Prepends one segment to every path.
    pub(super) fn below(mut self, segment: &Segment) -> Self {
        self.listed = self.listed.into_iter().map(|issue| issue.below(segment.clone())).collect();
        self
    }
}

impl From<SchemaIssue> for SchemaIssues {
    fn from(issue: SchemaIssue) -> Self {
        Self::from_iter([issue])
    }
}

impl FromIterator<SchemaIssue> for SchemaIssues {
    fn from_iter<I: IntoIterator<Item = SchemaIssue>>(issues: I) -> Self {
        let mut all = Self::default();
        issues.into_iter().for_each(|issue| all.push(issue));
        all
    }
}

/// Writes the listed issues as a JSON array.
impl Serialize for SchemaIssues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.listed.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_beyond_the_bound_are_counted_and_still_end_the_checks() {
        let non_fatal = || SchemaIssue::too_short(super::super::issue::SizedValue::Array, 1);
        let mut issues: SchemaIssues = (0..MAX_LISTED + 7).map(|_| non_fatal()).collect();
        assert_eq!((issues.listed().len(), issues.not_listed(), issues.are_fatal()), (MAX_LISTED, 7, false));
        issues.extend(SchemaIssue::not_int().into());
        assert_eq!((issues.listed().len(), issues.not_listed(), issues.are_fatal()), (MAX_LISTED, 8, true));
        issues.extend(issues.clone().below(&Segment::Index(3)));
        assert_eq!((issues.listed().len(), issues.not_listed()), (MAX_LISTED, MAX_LISTED + 16));
    }
}
