//! Counts the work of readers in tests: unlike time, the counts are the same on every machine.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts steps on this thread. Outside of tests it does nothing.
#[cfg(test)]
pub(crate) fn count(steps: usize) {
    STEPS.set(STEPS.get().saturating_add(steps as u64));
}

#[cfg(not(test))]
pub(crate) const fn count(_: usize) {}

/// Returns how many steps some work takes.
#[cfg(test)]
pub(crate) fn counted(work: impl FnOnce()) -> u64 {
    let before = STEPS.get();
    work();
    STEPS.get().saturating_sub(before)
}
