//! Runs the real binary in an environment that contains only what the test sets.
//!
//! ```text
//! program().arg("check").args(server.flags()).arg(server.url("cdn", "/fault/silent")).run().exit_code(1).stdout_contains("Timeout while fetching asset.");
//! ```

mod interactive;

use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display, Formatter};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a run may take before it is killed, so that no test hangs.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How often a running process is asked whether it has ended.
const POLL: Duration = Duration::from_millis(2);

/// Describes a run of `runway-preflight`.
pub(crate) fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_runway-preflight"))
}

/// Describes a run within a bash script, where the program is `"$0"` and its arguments are `"$@"`.
pub(crate) fn program_in(script: &str) -> Program {
    Program::new("/bin/bash").arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_runway-preflight"))
}

/// Says on standard error that a test is skipped, because something is missing on this machine.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn skip(why: &str) {
    eprintln!("skipped: {why}");
}

/// One run that has not begun.
#[must_use = "nothing runs before `run` or `start`"]
pub(crate) struct Program {
    command: Command,
    stdin: Vec<u8>,
    time_out: Duration,
}

impl Program {
    /// Clears the environment: no home, no proxy, no `CI`, no colors, no user's configuration.
    fn new(path: &str) -> Self {
        let mut command = Command::new(path);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LANG", "C.UTF-8");
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, stdin: Vec::new(), time_out: TIMEOUT }
    }

    /// Adds one argument; it need not be UTF-8.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets one environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs in this directory instead of the root of the repository.
    pub(crate) fn current_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Feeds these bytes to standard input, which is empty otherwise.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Redirects standard output, for example to `/dev/full`; that of the outcome is then empty.
    pub(crate) fn stdout(mut self, target: impl Into<Stdio>) -> Self {
        self.command.stdout(target);
        self
    }

    /// Sets after how long the run is killed and the test fails; 60 s otherwise.
    pub(crate) fn time_out(mut self, time_out: Duration) -> Self {
        self.time_out = time_out;
        self
    }

    /// Runs to the end.
    #[track_caller]
    pub(crate) fn run(self) -> Outcome {
        self.start().wait()
    }

    /// Starts, and leaves it running, for a test that sends a signal.
    #[track_caller]
    pub(crate) fn start(mut self) -> Running {
        let told = self.command.get_args().map(OsStr::to_os_string).collect();
        let started = Instant::now();
        self.command.stdin(Stdio::piped());
        let mut child = self.command.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let bytes = self.stdin;
        // A program may end without reading its input, which closes the pipe.
        thread::spawn(move || stdin.write_all(&bytes).ok());
        let stdout = child.stdout.take().map(drain);
        let stderr = child.stderr.take().map(drain);
        Running { child, told, stdout, stderr, started, time_out: self.time_out, memory: 0 }
    }
}

/// Reads a pipe to its end while the process runs, which would block on a full one.
fn drain(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    })
}

/// A running process; it is killed when this is dropped.
#[must_use = "the process is killed when this is dropped"]
pub(crate) struct Running {
    child: Child,
    told: Vec<OsString>,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
    started: Instant,
    time_out: Duration,
    /// The peak memory observed, in KiB.
    memory: u64,
}

impl Running {
    /// Sends a signal by its name, `INT` or `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Outcome {
        let status = self.ended();
        let elapsed = self.started.elapsed();
        let [stdout, stderr] = [self.stdout.take(), self.stderr.take()].map(|pipe| {
            let bytes = pipe.map(|pipe| pipe.join().expect("the pipe was read")).unwrap_or_default();
            String::from_utf8(bytes).expect("the program writes UTF-8 only")
        });
        let told = std::mem::take(&mut self.told);
        let Some(status) = status else {
            panic!("{told:?} was still running after {elapsed:?}\nstdout: {stdout}\nstderr: {stderr}")
        };
        let status = status.code().or(status.signal().map(|signal| signal + 128)).expect("a code or a signal");
        Outcome { status, stdout, stderr, elapsed, memory: self.memory, told }
    }

    /// Waits for the exit status; after the time limit, kills the process and returns `None`.
    fn ended(&mut self) -> Option<ExitStatus> {
        while self.started.elapsed() < self.time_out {
            if let Some(status) = self.child.try_wait().expect("the process can be waited for") {
                return Some(status);
            }
            self.memory = peak(self.child.id()).unwrap_or(0).max(self.memory);
            thread::sleep(POLL);
        }
        self.stop();
        None
    }

    fn stop(&mut self) {
        // It may have ended by itself in the meantime.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Sends a signal to a process by its name.
fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status();
    assert!(sent.is_ok_and(|status| status.success()), "the process could not be sent SIG{name}");
}

/// Reads the peak memory of a process, in KiB; `None` if the system does not report it, or the process has ended.
pub(crate) fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The outcome of a run. Each expectation returns it, so that they can be chained.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The exit code; after a signal, 128 plus its number, as in a shell.
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) elapsed: Duration,
    /// The peak memory, in KiB; 0 if the system does not report it, or the run was too short.
    pub(crate) memory: u64,
    told: Vec<OsString>,
}

impl Outcome {
    /// Expects this exit code.
    #[track_caller]
    pub(crate) fn exit_code(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Expects a line of standard output that contains this sentence.
    #[track_caller]
    pub(crate) fn stdout_contains(self, sentence: &str) -> Self {
        assert!(self.stdout.lines().any(|line| line.contains(sentence)), "no line says `{sentence}`\n{self}");
        self
    }

    /// Expects a line of standard output that is this text and nothing else.
    #[track_caller]
    pub(crate) fn line(self, text: &str) -> Self {
        assert!(self.stdout.lines().any(|line| line == text), "no line is `{text}`\n{self}");
        self
    }

    /// Expects a line of standard error that contains this sentence.
    #[track_caller]
    pub(crate) fn stderr_contains(self, sentence: &str) -> Self {
        assert!(self.stderr.lines().any(|line| line.contains(sentence)), "no complaint is `{sentence}`\n{self}");
        self
    }

    /// Expects this text in neither stream: a secret, or a reason that does not apply.
    #[track_caller]
    pub(crate) fn output_lacks(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text) && !self.stderr.contains(text), "`{text}` was written\n{self}");
        self
    }

    /// Expects standard output to be exactly this.
    #[track_caller]
    pub(crate) fn stdout_is(self, text: &str) -> Self {
        assert_eq!(self.stdout, text, "{self}");
        self
    }

    /// Expects nothing on standard error.
    #[track_caller]
    pub(crate) fn stderr_is_empty(self) -> Self {
        assert_eq!(self.stderr, "", "{self}");
        self
    }

    /// Expects the run to have taken at most this long.
    #[track_caller]
    pub(crate) fn within(self, most: Duration) -> Self {
        assert!(self.elapsed <= most, "it took longer than {most:?}\n{self}");
        self
    }

    /// Reads standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// Reads standard output as JSON Lines.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}\n{self}"));
        self.stdout.lines().map(read).collect()
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { status, stdout, stderr, elapsed, memory: _, told } = self;
        write!(f, "{told:?} exited with {status} after {elapsed:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// Describes a run of the shell, to test the builder itself.
fn shell(script: &str) -> Program {
    Program::new("/bin/sh").arg("-c").arg(script)
}

#[test]
fn the_environment_contains_only_what_a_test_sets() {
    let outcome = shell("env | cut -d= -f1 | sort | grep -v -e ^_ -e ^PWD").env("CI", "1").run().exit_code(0);
    outcome.stdout_is("CI\nLANG\nPATH\n").stderr_is_empty();
}

#[test]
fn it_runs_in_the_root_of_the_repository_unless_told_otherwise() {
    shell("test -f Cargo.toml").run().exit_code(0);
    let elsewhere = tempfile::tempdir().expect("a directory");
    let path = elsewhere.path().canonicalize().expect("a path").display().to_string();
    shell("pwd -P").current_dir(elsewhere.path()).run().line(&path);
}

#[test]
fn arguments_arrive_in_order_and_unquoted() {
    shell("printf '%s|' \"$0\" \"$@\"").args(["a b", "$c"]).arg("").run().stdout_is("a b|$c||");
}

#[test]
fn output_larger_than_a_pipe_does_not_block() {
    let million = vec![b'x'; 1_000_000];
    assert_eq!(shell("tee /dev/stderr").stdin(million).run().exit_code(0).stderr.len(), 1_000_000);
    shell("exit 7").stdin(vec![b'x'; 1_000_000]).run().exit_code(7);
}

#[test]
fn a_hanging_program_is_killed_and_fails_its_test() {
    let started = Instant::now();
    let hang = || drop(shell("echo so far; exec sleep 30").time_out(Duration::from_millis(200)).run());
    let failure = std::panic::catch_unwind(hang).expect_err("the test fails");
    let message = failure.downcast_ref::<String>().expect("with a message");
    assert!(message.contains("still running") && message.contains("stdout: so far"), "{message}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_signal_reads_as_in_a_shell() {
    let running = shell("trap 'exit 130' INT; echo ready; while :; do sleep 0.05; done").start();
    thread::sleep(Duration::from_millis(200));
    running.signal("INT");
    running.wait().exit_code(130).stdout_contains("ready");
    let running = shell("exec sleep 30").start();
    running.signal("TERM");
    running.wait().exit_code(143).within(Duration::from_secs(10));
}

#[test]
fn expectations_can_fail() {
    let row = |name: &str, expect: fn(Outcome) -> Outcome| {
        let outcome = || drop(expect(shell("echo '{\"a\": 1}'; echo oh >&2").run()));
        assert!(std::panic::catch_unwind(outcome).is_err(), "`{name}` holds for anything");
    };
    row("exit_code", |outcome| outcome.exit_code(1));
    row("stdout_contains", |outcome| outcome.stdout_contains("oh"));
    row("line", |outcome| outcome.line("a"));
    row("stderr_contains", |outcome| outcome.stderr_contains("a"));
    row("output_lacks", |outcome| outcome.output_lacks("oh"));
    row("stdout_is", |outcome| outcome.stdout_is(""));
    row("stderr_is_empty", Outcome::stderr_is_empty);
    row("within", |outcome| outcome.within(Duration::ZERO));
    let outcome = shell("echo '{\"a\": 1}'; echo '{\"a\": 2}'").run();
    assert_eq!(outcome.json_lines().len(), 2);
    assert_eq!(shell("echo '{\"a\": 1}'").run().json()["a"], 1);
    shell("echo lost").stdout(Stdio::null()).run().exit_code(0).stdout_is("");
}

#[test]
fn the_binary_exists() {
    assert!(Path::new(program().command.get_program()).is_file());
}
