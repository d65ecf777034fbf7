//! Panics: reported in one line, and contained as far as possible.

use std::fs::File;
use std::io::Read as _;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;
use std::thread::{self, Builder};

use super::{Exit, notice};

/// Reports the source location of every panic in one line, without its message, which may hold a secret.
pub(crate) fn install_hook() {
    panic::set_hook(Box::new(|info| notice(&describe(info))));
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    format!("error: internal error{place}; please report this line, and the input")
}

/// Runs a closure and returns `None` if it panics; its state must not be used afterwards.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The stack size that the program needs, in bytes: the default on Linux; some systems have less.
const STACK: usize = 8 << 20;

/// Runs the work on a large enough stack: the current one if its size is known, else that of a new thread.
pub(crate) fn run_with_stack(work: impl Fn() -> ExitCode + Send + Sync) -> ExitCode {
    let failed = || ExitCode::from(Exit::Internal.code());
    // The main thread is preferred: there, the C library's heap grows in larger steps.
    if has_stack() {
        return catch(work).unwrap_or_else(failed);
    }
    thread::scope(|scope| match Builder::new().stack_size(STACK).spawn_scoped(scope, &work) {
        Ok(done) => done.join().unwrap_or_else(|_| failed()),
        Err(_) => work(),
    })
}

/// An upper bound on the size of `/proc/self/limits`, in bytes.
const MAX_LIMITS: u64 = 64 << 10;

/// Returns whether the main thread has a stack of that size; only Linux reports it.
fn has_stack() -> bool {
    let mut limits = String::new();
    let read = File::open("/proc/self/limits").map(|file| file.take(MAX_LIMITS).read_to_string(&mut limits));
    if read.is_err() {
        return false;
    }
    let stack = limits.lines().find_map(|line| line.strip_prefix("Max stack size"));
    let soft = stack.and_then(|limits| limits.split_ascii_whitespace().next());
    soft.is_some_and(|soft| soft == "unlimited" || soft.parse().is_ok_and(|bytes: usize| bytes >= STACK))
}
