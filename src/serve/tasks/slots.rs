//! The slots of a model: which tasks run, and which wait for a slot.

use std::collections::VecDeque;

/// The tasks of one model that have not ended, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// Those that run.
    pub(super) active: Vec<u64>,
    /// Those that wait, the oldest first, so in ascending order.
    pub(super) waiting: VecDeque<u64>,
}

impl Slots {
    /// Removes a task, and returns the tasks that start in its place.
    pub(super) fn release(&mut self, number: u64, concurrency: usize) -> Vec<u64> {
        self.active.retain(|active| *active != number);
        // There may be thousands, and every request that creates a task can evict one.
        if let Ok(index) = self.waiting.binary_search(&number) {
            self.waiting.remove(index);
        }
        let free = concurrency.saturating_sub(self.active.len()).min(self.waiting.len());
        let started: Vec<u64> = self.waiting.drain(..free).collect();
        self.active.extend(&started);
        started
    }

    /// Returns whether no task runs or waits.
    pub(super) fn is_empty(&self) -> bool {
        self.active.is_empty() && self.waiting.is_empty()
    }
}
