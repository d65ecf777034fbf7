//! Tasks: their states, the slots of each model, and how polls and time advance them.

mod slots;
mod task;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use self::slots::Slots;
use self::task::TaskPhase;
pub(super) use self::task::{FailureCode, NO_COST, NewTask, Task, TaskCost, TaskKind, TaskOutcome, TaskStatus};
use super::clock::UnixMillis;
use super::limits::MAX_TASKS;

/// What advances a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskProgress {
    /// The poll with this number returns the final state.
    Polls(u32),
    /// The task takes this long.
    Time(Duration),
}

/// The tasks that the server knows, in the order in which they were created.
#[derive(Debug)]
pub(super) struct TaskStore {
    progress: TaskProgress,
    concurrency: usize,
    tasks: BTreeMap<u64, Task>,
    by_id: HashMap<String, u64>,
    slots: HashMap<String, Slots>,
    created: u64,
}

impl TaskStore {
    /// Creates a store that runs at most `concurrency` tasks per model concurrently.
    pub(super) fn new(progress: TaskProgress, concurrency: usize) -> Self {
        let (tasks, by_id, slots) = (BTreeMap::new(), HashMap::new(), HashMap::new());
        Self { progress, concurrency: concurrency.max(1), tasks, by_id, slots, created: 0 }
    }

    /// Adds a task; it waits if its model has no free slot.
    pub(super) fn create(&mut self, task: NewTask, now: UnixMillis) {
        self.settle(&task.model, now);
        let number = self.created;
        self.created += 1;
        let slots = self.slots.entry(task.model.clone()).or_default();
        let phase = if slots.active.len() < self.concurrency {
            slots.active.push(number);
            TaskPhase::Active { since: now, polls: 0 }
        } else {
            slots.waiting.push_back(number);
            TaskPhase::Throttled
        };
        self.by_id.insert(task.id.clone(), number);
        self.tasks.insert(number, task.in_phase(phase, now));
        if self.tasks.len() > MAX_TASKS
            && let Some((&oldest, _)) = self.tasks.first_key_value()
        {
            self.forget(oldest, now);
        }
    }

    /// Handles a poll, and returns the task and its status.
    pub(super) fn poll(&mut self, kind: TaskKind, id: &str, now: UnixMillis) -> Option<(&Task, TaskStatus)> {
        let number = self.number(kind, id)?;
        let model = self.tasks.get(&number)?.model.clone();
        self.settle(&model, now);
        let status = match (self.tasks.get(&number)?.phase, self.progress) {
            (TaskPhase::Final, _) => TaskStatus::Final,
            (TaskPhase::Throttled, TaskProgress::Time(_)) => TaskStatus::Throttled,
            (TaskPhase::Throttled, TaskProgress::Polls(_)) => {
                // The poll also advances the active tasks, so that polling only this task leads to its final state.
                let active = self.slots.get(&model).map(|slots| slots.active.clone()).unwrap_or_default();
                for other in active {
                    self.count_poll(other, now);
                }
                TaskStatus::Throttled
            }
            (TaskPhase::Active { .. }, TaskProgress::Polls(_)) => self.count_poll(number, now),
            (TaskPhase::Active { since, .. }, TaskProgress::Time(total)) => {
                let share = now.since(since).as_secs_f64() / total.as_secs_f64();
                if share < 0.1 { TaskStatus::Pending } else { TaskStatus::Running(share) }
            }
        };
        self.tasks.get(&number).map(|task| (task, status))
    }

    /// Returns a task without counting a poll.
    pub(super) fn get(&self, id: &str) -> Option<&Task> {
        self.tasks.get(self.by_id.get(id)?)
    }

    /// Cancels a task that has not ended, removes it, and returns whether it existed.
    pub(super) fn delete(&mut self, id: &str, now: UnixMillis) -> bool {
        let number = self.number(TaskKind::Task, id);
        number.map(|number| self.forget(number, now)).is_some()
    }

    fn number(&self, kind: TaskKind, id: &str) -> Option<u64> {
        let number = *self.by_id.get(id)?;
        self.tasks.get(&number).is_some_and(|task| task.kind == kind).then_some(number)
    }

    /// Counts a poll of a task that runs.
    fn count_poll(&mut self, number: u64, now: UnixMillis) -> TaskStatus {
        let TaskProgress::Polls(needed) = self.progress else { return TaskStatus::Pending };
        let Some(task) = self.tasks.get_mut(&number) else { return TaskStatus::Final };
        let TaskPhase::Active { polls, .. } = &mut task.phase else { return TaskStatus::Final };
        *polls += 1;
        let polls = *polls;
        if polls >= needed {
            self.finish(number, now);
            TaskStatus::Final
        } else if polls == 1 && needed > 2 {
            TaskStatus::Pending
        } else {
            TaskStatus::Running(f64::from(polls) / f64::from(needed))
        }
    }

    /// Finishes the tasks of a model whose time has passed, in the order of their end.
    fn settle(&mut self, model: &str, now: UnixMillis) {
        let TaskProgress::Time(total) = self.progress else { return };
        while let Some((end, number)) = self.next_end(model, total)
            && end <= now
        {
            self.finish(number, end);
        }
    }

    fn next_end(&self, model: &str, total: Duration) -> Option<(UnixMillis, u64)> {
        let active = self.slots.get(model)?.active.iter();
        let ends = active.filter_map(|number| match self.tasks.get(number)?.phase {
            TaskPhase::Active { since, .. } => Some((since.plus(total), *number)),
            TaskPhase::Throttled | TaskPhase::Final => None,
        });
        ends.min()
    }

    /// Finishes a task and gives its slot to the next waiting task.
    fn finish(&mut self, number: u64, at: UnixMillis) {
        if let Some(task) = self.tasks.get_mut(&number) {
            task.phase = TaskPhase::Final;
            let model = task.model.clone();
            self.release(&model, number, at);
        }
    }

    fn forget(&mut self, number: u64, now: UnixMillis) {
        if let Some(task) = self.tasks.remove(&number) {
            self.by_id.remove(&task.id);
            self.release(&task.model, number, now);
        }
    }

    fn release(&mut self, model: &str, number: u64, at: UnixMillis) {
        let Some(slots) = self.slots.get_mut(model) else { return };
        for next in slots.release(number, self.concurrency) {
            if let Some(task) = self.tasks.get_mut(&next) {
                task.phase = TaskPhase::Active { since: at, polls: 0 };
            }
        }
        if slots.is_empty() {
            self.slots.remove(model);
        }
    }
}

#[cfg(test)]
mod tests;
