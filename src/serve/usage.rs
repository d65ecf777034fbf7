//! Counts the tasks of each model per day.

use std::collections::{BTreeMap, BTreeSet};

/// Counts by day and model.
#[derive(Debug, Default)]
pub(super) struct Usage(BTreeMap<(String, String), u64>);

/// Pairs of day and model that are counted; a new pair evicts the oldest day's.
const MAX_COUNTS: usize = 4096;

impl Usage {
    /// Counts a task.
    pub(super) fn count(&mut self, day: String, model: String) {
        *self.0.entry((day, model)).or_default() += 1;
        if self.0.len() > MAX_COUNTS {
            self.0.pop_first();
        }
    }

    /// Returns the models of a day, with their counts.
    pub(super) fn of_day(&self, day: &str) -> impl Iterator<Item = (&str, u64)> {
        self.0
            .iter()
            .filter(move |((counted, _), _)| counted == day)
            .map(|((_, model), count)| (model.as_str(), *count))
    }

    /// Returns the models that were used from the day `from` up to, but not including, the day `before`.
    pub(super) fn models(&self, from: &str, before: &str) -> BTreeSet<&str> {
        let days = self.0.keys().filter(|(day, _)| (from..before).contains(&day.as_str()));
        days.map(|(_, model)| model.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_models_are_counted_and_bounded() {
        let mut usage = Usage::default();
        for (day, model) in [("2026-11-29", "gen4.5"), ("2026-11-29", "gen4.5"), ("2026-11-30", "veo3.1")] {
            usage.count(day.to_owned(), model.to_owned());
        }
        assert_eq!(usage.of_day("2026-11-29").collect::<Vec<_>>(), [("gen4.5", 2)]);
        assert_eq!(usage.models("2026-11-29", "2026-11-30"), BTreeSet::from(["gen4.5"]));
        (0..5000).for_each(|number| usage.count(format!("3000-{number:04}"), String::new()));
        assert_eq!(usage.0.len(), MAX_COUNTS);
    }
}
