//! Panics: reported in one line, and contained as far as possible.

use std::fs::File;
use std::io::Read as _;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;
use std::thread::{self, Builder};

use super::{Exit, notice};

/// Reports the place of every panic in one line, without its message, which may hold a secret.
pub(crate) fn install_hook() {
    panic::set_hook(Box::new(|info| notice(&describe(info))));
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    format!("error: internal error{place}; please report this line, and the input")
}

/// Does some work; `None` where it panics. Its state must not be used afterwards.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The stack that the work needs, in bytes: the usual one, however small that of this system.
const STACK: usize = 8 << 20;

/// Does the work on a stack that is large enough: this one where the system says so, else that of a new thread.
pub(crate) fn run_with_stack(work: impl Fn() -> ExitCode + Send + Sync) -> ExitCode {
    let failed = || ExitCode::from(Exit::Internal.code());
    // On the first thread, the C library's heap grows in larger steps than on any other.
    if has_stack() {
        return catch(work).unwrap_or_else(failed);
    }
    thread::scope(|scope| match Builder::new().stack_size(STACK).spawn_scoped(scope, &work) {
        Ok(done) => done.join().unwrap_or_else(|_| failed()),
        Err(_) => work(),
    })
}

/// More than the kernel writes, in bytes.
const MAX_LIMITS: u64 = 64 << 10;

/// Says whether the first thread has that stack; only Linux tells.
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
