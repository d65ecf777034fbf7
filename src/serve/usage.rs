//! Counts the tasks of each model per day.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::UnixMillis;

/// Counts by the number of the day and the model.
#[derive(Debug, Default)]
pub(super) struct Usage(BTreeMap<(u64, String), u64>);

/// Pairs of day and model that are counted; a new pair evicts the oldest day's.
const MAX_COUNTS: usize = 4096;

impl Usage {
    /// Counts a task.
    pub(super) fn count(&mut self, at: UnixMillis, model: String) {
        *self.0.entry((at.day_number(), model)).or_default() += 1;
        if self.0.len() > MAX_COUNTS {
            self.0.pop_first();
        }
    }

    /// Returns the models of the day of this moment, with their counts.
    pub(super) fn of_day(&self, at: UnixMillis) -> impl Iterator<Item = (&str, u64)> {
        let day = at.day_number();
        let counts = self.0.range((day, String::new())..);
        counts.take_while(move |((counted, _), _)| *counted == day).map(|((_, model), count)| (model.as_str(), *count))
    }

    /// Returns the models that were used from the day `from` up to, but not including, the day `before`.
    pub(super) fn models(&self, from: &str, before: &str) -> BTreeSet<&str> {
        let is_within = |day| (from..before).contains(&UnixMillis::of_day_number(day).day().as_str());
        self.0.keys().filter(|(day, _)| is_within(*day)).map(|(_, model)| model.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_models_are_counted_and_bounded() {
        let mut usage = Usage::default();
        let today = UnixMillis::of_day_number(20_786);
        let tomorrow = UnixMillis::of_day_number(20_787);
        for (day, model) in [(today, "gen4.5"), (today, "gen4.5"), (tomorrow, "veo3.1")] {
            usage.count(day, model.to_owned());
        }
        assert_eq!(usage.of_day(today).collect::<Vec<_>>(), [("gen4.5", 2)]);
        assert_eq!(usage.models("2026-11-29", "2026-11-30"), BTreeSet::from(["gen4.5"]));
        (0..5000).for_each(|number| usage.count(UnixMillis::of_day_number(30_000 + number), String::new()));
        assert_eq!(usage.0.len(), MAX_COUNTS);
    }
}
