//! Threads for work that blocks: reading files, parsing media headers, the system's resolver.
//!
//! tokio's blocking pool panics if the system refuses its first thread, and the work is lost. Under a limit on
//! processes or address space that is a common case, so this pool returns the work to the caller.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, io, thread};

use tokio::sync::oneshot;

use crate::lock::lock;

/// Threads that are started on demand, and end after they have been idle for a while.
#[derive(Clone)]
pub(crate) struct Workers(Arc<Pool>);

struct Pool {
    max_threads: usize,
    state: Mutex<PoolState>,
    queued: Condvar,
}

#[derive(Default)]
struct PoolState {
    queue: VecDeque<WorkItem>,
    threads: usize,
    idle: usize,
}

type WorkItem = Box<dyn FnOnce() + Send>;

/// Waits a moment for a machine that has no room for a thread right now: under a limit on address space, the heap that
/// another thread is just creating takes most of it, for microseconds.
pub(crate) fn wait_for_thread() {
    static HAS_NONE: AtomicBool = AtomicBool::new(false);
    if HAS_NONE.load(Ordering::Relaxed) {
        return;
    }
    for _ in 0..ATTEMPTS {
        if thread::Builder::new().spawn(|| ()).is_ok_and(|probe| probe.join().is_ok()) {
            return;
        }
        thread::sleep(PAUSE);
    }
    HAS_NONE.store(true, Ordering::Relaxed);
}

/// Returns whether a limit on address space leaves room for one more thread than necessary. Where it does not, the system
/// may start the thread, but the first allocation on it ends the process.
#[cfg(unix)]
fn has_room_for_thread() -> bool {
    use std::fs::File;
    use std::io::Read as _;

    use rustix::process::{Resource, getrlimit};
    let Some(limit) = getrlimit(Resource::As).current else { return true };
    let mut statistics = String::new();
    let read = File::open("/proc/self/statm").map(|file| file.take(MAX_STATISTICS).read_to_string(&mut statistics));
    // Only Linux has this file.
    if read.is_err() {
        return true;
    }
    let pages: u64 = statistics.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or_default();
    let used = pages.saturating_mul(u64::try_from(rustix::param::page_size()).unwrap_or(u64::MAX));
    limit.saturating_sub(used) >= ROOM
}

#[cfg(not(unix))]
fn has_room_for_thread() -> bool {
    true
}

/// An upper bound on the size of `/proc/self/statm`, in bytes.
#[cfg(unix)]
const MAX_STATISTICS: u64 = 4 << 10;

/// Address space for another thread, in bytes. The C library of Linux takes 128 MiB for the heap of a thread, of which it
/// keeps half.
#[cfg(unix)]
const ROOM: u64 = 192 << 20;

/// How often a thread is asked for before a machine counts as one that has none left.
const ATTEMPTS: u32 = 20;

/// How long to wait before the next attempt.
const PAUSE: Duration = Duration::from_millis(5);

/// How long a thread waits for more work before it ends.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

impl Workers {
    /// Creates a pool without threads; at most `max_threads` run at the same time.
    pub(crate) fn new(max_threads: usize) -> Self {
        Self(Arc::new(Pool { max_threads, state: Mutex::default(), queued: Condvar::new() }))
    }

    /// Runs work on a thread of the pool, or on this thread if none can be started. A panic is propagated.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let (job, done) = job(work);
        if let Err((_, job)) = self.submit(job) {
            job();
        }
        finished(done.await)
    }

    /// Runs work that may block for a long time on a thread of the pool. A panic is propagated.
    ///
    /// # Errors
    /// If no thread can be started; the work is then not done.
    pub(crate) async fn try_run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
        let (job, done) = job(work);
        self.submit(job).map_err(|(error, _)| error)?;
        Ok(finished(done.await))
    }

    /// Queues a job, and wakes an idle thread or starts another one if possible.
    fn submit(&self, job: WorkItem) -> Result<(), (io::Error, WorkItem)> {
        let mut state = lock(&self.0.state);
        state.queue.push_back(job);
        if state.queue.len() <= state.idle {
            self.0.queued.notify_one();
        } else if state.threads == 0 || state.threads < self.0.max_threads && has_room_for_thread() {
            let pool = Arc::clone(&self.0);
            match thread::Builder::new().name("worker".to_owned()).spawn(move || pool.work()) {
                Ok(_) => state.threads += 1,
                // Without any thread, the job would never run.
                Err(error) if state.threads == 0 => {
                    let job = state.queue.pop_back();
                    return job.map_or(Ok(()), |job| Err((error, job)));
                }
                Err(_) => (),
            }
        }
        Ok(())
    }
}

impl Pool {
    /// The main loop of a thread.
    fn work(&self) {
        let mut state = lock(&self.state);
        loop {
            if let Some(job) = state.queue.pop_front() {
                drop(state);
                job();
                state = lock(&self.state);
                continue;
            }
            state.idle += 1;
            let (woken, waited) = self.queued.wait_timeout(state, KEEP_ALIVE).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && state.queue.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Workers").field("max_threads", &self.0.max_threads).finish_non_exhaustive()
    }
}

/// Creates a job that sends the result or panic of the work to the receiver, if that still exists.
fn job<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> (WorkItem, oneshot::Receiver<thread::Result<T>>) {
    let (sender, receiver) = oneshot::channel();
    let job = move || {
        let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
    };
    (Box::new(job), receiver)
}

fn finished<T>(done: Result<thread::Result<T>, oneshot::error::RecvError>) -> T {
    match done {
        Ok(Ok(output)) => output,
        Ok(Err(panic)) => resume_unwind(panic),
        Err(_) => unreachable!("a queued job runs"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn work_is_done_concurrently_up_to_the_limit_and_threads_are_reused() {
        let workers = Workers::new(3);
        let barrier = Arc::new(Barrier::new(3));
        let meet = |number: usize| {
            let barrier = Arc::clone(&barrier);
            workers.run(move || {
                barrier.wait();
                number
            })
        };
        // None of three ends before all three run.
        assert_eq!(join_all((0..9).map(meet)).await, (0..9).collect::<Vec<_>>());
        assert_eq!(workers.run(|| thread::current().name().map(str::to_owned)).await.as_deref(), Some("worker"));
        assert_eq!(lock(&workers.0.state).threads, 3);
    }

    #[tokio::test]
    async fn a_panic_is_propagated_and_the_thread_survives() {
        let workers = Workers::new(1);
        for _ in 0..3 {
            let panicking = AssertUnwindSafe(workers.run(|| panic!("expected by this test"))).catch_unwind();
            assert!(panicking.await.map(|(): ()| ()).is_err());
        }
        assert_eq!(workers.run(|| 7).await, 7);
        assert_eq!(lock(&workers.0.state).threads, 1);
    }

    #[tokio::test]
    async fn jobs_run_in_the_order_of_the_queue() {
        let workers = Workers::new(1);
        let (job, done) = job(|| 7);
        lock(&workers.0.state).queue.push_back(job);
        assert_eq!(workers.try_run(|| 8).await.expect("a thread"), 8);
        assert_eq!(finished(done.await), 7);
    }
}
