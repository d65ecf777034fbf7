//! Regular expressions of the rules, in JavaScript's syntax. They match in linear time.

use std::collections::HashMap;

use regex_lite::{Regex, RegexBuilder};

use super::schema::TextSchema;

/// Compiles a pattern; `None` where it uses syntax that only JavaScript has.
pub(super) fn compile(source: &str, any_case: bool) -> Option<Regex> {
    RegexBuilder::new(source).case_insensitive(any_case).build().ok()
}

/// The patterns compiled so far.
#[derive(Debug, Default)]
pub(super) struct Patterns(HashMap<(String, bool), Option<Regex>>);

impl Patterns {
    /// Returns whether `text` matches the pattern; a pattern that cannot be compiled rejects nothing.
    pub(super) fn matches(&mut self, rule: &TextSchema, text: &str) -> bool {
        let Some(source) = &rule.pattern else { return true };
        let key = (source.clone(), rule.any_case);
        let pattern = self.0.entry(key).or_insert_with(|| compile(source, rule.any_case));
        pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
    }
}

/// Returns the pattern as JavaScript prints it.
pub(super) fn shown(source: &str, any_case: bool) -> String {
    format!("/{source}/{}", if any_case { "i" } else { "" })
}
