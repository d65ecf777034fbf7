//! Panics: reported in one line, and contained as far as possible.

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
    let failed = || ExitCode::from(Exit::InternalError.code());
    // The main thread is preferred: there, the C library's heap grows in larger steps.
    if has_stack() {
        return catch(work).unwrap_or_else(failed);
    }
    thread::scope(|scope| match Builder::new().stack_size(STACK).spawn_scoped(scope, &work) {
        Ok(done) => done.join().unwrap_or_else(|_| failed()),
        Err(_) => work(),
    })
}

/// Returns whether the main thread has a stack of that size; elsewhere than on Linux, it may not grow to its limit.
#[cfg(target_os = "linux")]
fn has_stack() -> bool {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Stack).current.is_none_or(|bytes| bytes >= STACK as u64)
}

#[cfg(not(target_os = "linux"))]
fn has_stack() -> bool {
    false
}
