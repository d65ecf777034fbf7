//! An interactive run: a test writes input, reads the output, and continues.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::{Program, peak, signal};

/// A run whose pipes the test uses; it is killed when this is dropped.
#[must_use = "the process is killed when this is dropped"]
pub(crate) struct PtySession {
    child: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts, and leaves standard input and output to the test. Standard error is that of the test.
    #[track_caller]
    pub(crate) fn converse(mut self) -> PtySession {
        let mut child = self.command.stdin(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the binary starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("standard output is a pipe")).lines();
        PtySession { child, input, output }
    }
}

impl PtySession {
    /// Writes to standard input, and waits until the pipe accepts it.
    #[track_caller]
    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let input = self.input.as_mut().expect("standard input is open");
        input.write_all(bytes.as_ref()).expect("the program reads");
    }

    /// Takes standard input, for a thread that writes while the test runs.
    #[track_caller]
    pub(crate) fn take_input(&mut self) -> ChildStdin {
        self.input.take().expect("standard input is open")
    }

    /// Closes standard input.
    pub(crate) fn end(&mut self) {
        self.input = None;
    }

    /// Waits for a line of standard output; `None` at its end.
    #[track_caller]
    pub(crate) fn line(&mut self) -> Option<String> {
        self.output.next().transpose().expect("the program writes UTF-8 only")
    }

    /// Returns the number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the peak memory so far, in KiB; `None` if the system does not report it.
    pub(crate) fn memory(&self) -> Option<u64> {
        peak(self.id())
    }

    /// Sends a signal by its name, `INT` or `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.id(), name);
    }

    /// Waits for the exit code; `None` if a signal ended the process.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for PtySession {
    fn drop(&mut self) {
        // It may have ended by itself in the meantime.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
