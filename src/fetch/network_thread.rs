//! The thread that drives the network.
//!
//! Nothing else runs on it, so that reading files, evaluating rules and writing results cannot delay the reading of a
//! response.

use std::future::Future;
use std::sync::{Mutex, mpsc};
use std::{io, thread};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::fetch::workers::wait_for_thread;
use crate::lock::lock;

/// A thread with an event loop, started when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct NetworkThread(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    handle: Handle,
    /// Ends the thread when it is dropped.
    _stop: oneshot::Sender<()>,
}

/// How many tasks are polled before the event loop checks for I/O: usually all of them. A connection whose response was
/// read to the end must be released before the next request to its host, or another connection is opened.
const EVENT_INTERVAL: u32 = 1024;

impl NetworkThread {
    /// Runs a future on the thread. Dropping the returned future cancels it. A panic is propagated.
    ///
    /// # Errors
    /// If this machine has no thread or no file descriptors left.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> io::Result<T> {
        let mut tasks = JoinSet::new();
        tasks.spawn_on(future, &self.handle()?);
        match tasks.join_next().await {
            Some(Ok(output)) => Ok(output),
            Some(Err(error)) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(error.into()),
            },
            None => unreachable!("a task was spawned"),
        }
    }

    fn handle(&self) -> io::Result<Handle> {
        let mut running = lock(&self.0);
        if let Some(Running { handle, .. }) = &*running {
            return Ok(handle.clone());
        }
        let started = Running::start().or_else(|_| {
            wait_for_thread();
            Running::start()
        })?;
        Ok(running.insert(started).handle.clone())
    }
}

impl Running {
    fn start() -> io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let (stop, stopped) = oneshot::channel::<()>();
        // The runtime is created on its thread, so that there is none to drop here if the thread cannot be spawned.
        thread::Builder::new().name("network".to_owned()).spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().event_interval(EVENT_INTERVAL).build();
            let _ = sender.send(runtime.as_ref().map(Runtime::handle).cloned().map_err(io::Error::kind));
            if let Ok(runtime) = runtime {
                let _ = runtime.block_on(stopped);
                runtime.shutdown_background();
            }
        })?;
        let handle = receiver.recv().map_err(io::Error::other)??;
        Ok(Self { handle, _stop: stop })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn the_network_thread_runs_while_this_thread_is_blocked() {
        let network = NetworkThread::default();
        let (sender, receiver) = oneshot::channel();
        let sleep = network.run(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            sender.send(thread::current().name().map(str::to_owned)).expect("a receiver");
        });
        let mut sleep = std::pin::pin!(sleep);
        assert!(futures_util::FutureExt::now_or_never(&mut sleep).is_none());
        // This thread blocks, so that no event loop runs on it.
        assert_eq!(receiver.blocking_recv_on_thread().as_deref(), Some("network"));
        sleep.await.expect("a thread");
    }

    #[tokio::test]
    async fn panics_are_propagated_and_dropped_futures_are_canceled() {
        let network = NetworkThread::default();
        let panicking = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(
            network.run(async { panic!("expected by this test") }),
        ));
        assert!(panicking.await.map(|result: std::io::Result<()>| result.is_ok()).is_err());
        let (sender, receiver) = oneshot::channel::<()>();
        let waiting = network.run(async move {
            std::future::pending::<()>().await;
            drop(sender);
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), waiting).await.is_err());
        assert!(receiver.await.is_err(), "the future was dropped");
    }

    trait BlockingReceive<T> {
        fn blocking_recv_on_thread(self) -> T;
    }

    impl<T: Send + 'static> BlockingReceive<T> for oneshot::Receiver<T> {
        fn blocking_recv_on_thread(self) -> T {
            thread::spawn(move || self.blocking_recv().expect("a value")).join().expect("no panic")
        }
    }
}
