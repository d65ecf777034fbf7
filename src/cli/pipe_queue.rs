//! A pipe or terminal that is written to on a thread of its own: a reader that pauses stops new work and nothing else.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::{mem, thread};

use tokio::sync::Notify;

use crate::lock::lock;

/// How many bytes wait for the reader before no new work is begun. What is in flight then may add to them.
const ROOM: usize = 256 << 10;

/// The writing end of a pipe. Writing never waits for the reader; dropping does, so that nothing is lost.
#[derive(Clone)]
pub(crate) struct PipeQueue(Arc<Queue>);

/// The room in a queue.
#[derive(Clone)]
pub(crate) struct Backpressure(Arc<Queue>);

struct Queue {
    state: Mutex<QueueState>,
    /// Signaled when bytes are queued, and when they are written.
    changed: Condvar,
    /// Notified when bytes are written.
    room: Notify,
}

struct QueueState {
    /// The pipe, until the thread takes it.
    pipe: Option<Box<dyn Write + Send>>,
    has_thread: bool,
    queued: Vec<u8>,
    /// How many bytes the thread is writing.
    writing: usize,
    failed: Option<io::Error>,
}

impl PipeQueue {
    /// Creates a queue for a pipe; the thread is started when something is written.
    pub(crate) fn new(pipe: impl Write + Send + 'static) -> Self {
        let pipe: Option<Box<dyn Write + Send>> = Some(Box::new(pipe));
        let state = QueueState { pipe, has_thread: false, queued: Vec::new(), writing: 0, failed: None };
        Self(Arc::new(Queue { state: Mutex::new(state), changed: Condvar::new(), room: Notify::new() }))
    }

    /// Returns what new work waits for.
    pub(crate) fn room(&self) -> Backpressure {
        Backpressure(Arc::clone(&self.0))
    }

    /// Returns how many bytes the reader has not taken yet.
    pub(crate) fn waiting(&self) -> usize {
        lock(&self.0.state).waiting()
    }

    /// Waits until the reader has taken everything.
    ///
    /// # Errors
    /// When the pipe fails.
    pub(crate) fn drain(&self) -> io::Result<()> {
        let mut state = lock(&self.0.state);
        while state.failed.is_none() && state.waiting() > 0 {
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.check()
    }
}

impl Backpressure {
    /// Waits until there is room for the results of new work.
    pub(crate) async fn wait(&self) {
        while !lock(&self.0.state).has_room() {
            self.0.room.notified().await;
        }
    }
}

impl Write for PipeQueue {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self).flush()
    }
}

impl Write for &PipeQueue {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = lock(&self.0.state);
        state.check()?;
        state.queued.extend_from_slice(bytes);
        if !state.has_thread {
            let queue = Arc::clone(&self.0);
            let started = thread::Builder::new().name("output".to_owned()).spawn(move || queue.write_out());
            state.has_thread = started.is_ok();
        }
        if !state.has_thread {
            // A machine that has no thread left still has this one.
            state.write_here()?;
        }
        drop(state);
        self.0.changed.notify_all();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        lock(&self.0.state).check()
    }
}

impl Drop for PipeQueue {
    fn drop(&mut self) {
        // Callers that need the error have already called `drain` themselves.
        let _ = self.drain();
    }
}

impl Queue {
    /// The life of the thread: it ends with the program, or when the pipe fails.
    fn write_out(&self) {
        let mut state = lock(&self.state);
        let Some(mut pipe) = state.pipe.take() else { return };
        while state.failed.is_none() {
            if state.queued.is_empty() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let bytes = mem::take(&mut state.queued);
            state.writing = bytes.len();
            drop(state);
            let written = pipe.write_all(&bytes).and_then(|()| pipe.flush());
            state = lock(&self.state);
            state.writing = 0;
            state.failed = written.err();
            self.changed.notify_all();
            self.room.notify_one();
        }
    }
}

impl QueueState {
    const fn waiting(&self) -> usize {
        self.queued.len().saturating_add(self.writing)
    }

    const fn has_room(&self) -> bool {
        self.failed.is_some() || self.waiting() < ROOM
    }

    /// Returns a copy of the pipe's error: several outputs may share it.
    fn check(&self) -> io::Result<()> {
        match &self.failed {
            Some(error) => Err(error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)),
            None => Ok(()),
        }
    }

    fn write_here(&mut self) -> io::Result<()> {
        let bytes = mem::take(&mut self.queued);
        let written = self.pipe.as_mut().map_or(Ok(()), |pipe| pipe.write_all(&bytes).and_then(|()| pipe.flush()));
        self.failed = written.err();
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn writing_does_not_wait_for_the_reader_and_new_work_does() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let mut queue = PipeQueue::new(writer);
        assert!(queue.room().wait().now_or_never().is_some());
        // More than a pipe and the queue hold.
        let text: Vec<u8> = (0..2_000_000_u32).map(|index| index.to_le_bytes()[0]).collect();
        queue.write_all(&text).expect("no wait");
        assert!(queue.room().wait().now_or_never().is_none());
        let length = text.len();
        let reading = thread::spawn(move || {
            let mut read = vec![0; length];
            reader.read_exact(&mut read).map(|()| read).expect("the text")
        });
        tokio::time::timeout(Duration::from_secs(60), queue.room().wait()).await.expect("room");
        queue.drain().expect("a reader");
        assert_eq!(reading.join().expect("no panic"), text);
    }

    #[tokio::test]
    async fn a_reader_that_leaves_is_reported_to_all_that_share_the_pipe() {
        let (reader, writer) = io::pipe().expect("a pipe");
        let mut queue = PipeQueue::new(writer);
        drop(reader);
        queue.write_all(b"x").expect("queued");
        for mut queue in [queue.clone(), queue] {
            assert_eq!(queue.drain().expect_err("no reader").kind(), io::ErrorKind::BrokenPipe);
            assert_eq!(queue.write(b"x").expect_err("no reader").kind(), io::ErrorKind::BrokenPipe);
            assert_eq!(queue.flush().expect_err("no reader").kind(), io::ErrorKind::BrokenPipe);
            queue.room().wait().await;
        }
    }
}
