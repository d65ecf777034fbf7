//! Counts the tasks of each model per day.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::UnixMillis;

/// Counts by day and model.
#[derive(Debug, Default)]
pub(super) struct Usage(BTreeMap<(String, String), u64>);

/// Pairs of day and model that are counted; a new pair evicts the oldest day's.
const MAX_COUNTS: usize = 4096;

impl Usage {
    /// Counts a task.
    pub(super) fn count(&mut self, at: UnixMillis, model: String) {
        *self.0.entry((at.day(), model)).or_default() += 1;
        if self.0.len() > MAX_COUNTS {
            self.0.pop_first();
        }
    }

    /// Returns the models of the day of this moment, with their counts.
    pub(super) fn of_day(&self, at: UnixMillis) -> impl Iterator<Item = (&str, u64)> {
        let day = at.day();
        let counts = self.0.range((day.clone(), String::new())..);
        counts.take_while(move |((counted, _), _)| *counted == day).map(|((_, model), count)| (model.as_str(), *count))
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
        let day = |number: u64| UnixMillis(number * 86_400_000);
        let (today, tomorrow) = (day(20_786), day(20_787));
        for (day, model) in [(today, "gen4.5"), (today, "gen4.5"), (tomorrow, "veo3.1")] {
            usage.count(day, model.to_owned());
        }
        assert_eq!(usage.of_day(today).collect::<Vec<_>>(), [("gen4.5", 2)]);
        assert_eq!(usage.models("2026-11-29", "2026-11-30"), BTreeSet::from(["gen4.5"]));
        (0..5000).for_each(|number| usage.count(day(30_000 + number), String::new()));
        assert_eq!(usage.0.len(), MAX_COUNTS);
    }
}
