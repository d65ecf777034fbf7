//! Faults of the program itself: said in one line, and survived as far as that goes.

use std::fs;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;
use std::thread::{self, Builder};

use super::{Exit, say};

/// Says of every fault where it is, in one line, and not with what: that may be a secret.
pub(crate) fn tell_in_one_line() {
    panic::set_hook(Box::new(|fault| say(&told(fault))));
}

fn told(fault: &PanicHookInfo<'_>) -> String {
    let place = fault.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    format!("error: the program itself failed{place}; please report this line, and what it was given")
}

/// Does some work; `None` where it fails. What it has left half done is for nobody to go on with.
pub(crate) fn survive<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Room for the calls of the work, in bytes: what systems usually give, however little this one gives.
const STACK: usize = 8 << 20;

/// Does the work with room enough: here where the system says that there is, else on a thread, where one can be had.
pub(crate) fn with_room(work: impl Fn() -> ExitCode + Send + Sync) -> ExitCode {
    let failed = || ExitCode::from(Exit::Failed.code());
    // The C library's memory grows in larger steps for the first thread than for any other.
    if is_roomy() {
        return survive(work).unwrap_or_else(failed);
    }
    thread::scope(|scope| match Builder::new().stack_size(STACK).spawn_scoped(scope, &work) {
        Ok(done) => done.join().unwrap_or_else(|_| failed()),
        Err(_) => work(),
    })
}

/// Says whether the first thread has that room; only Linux tells.
fn is_roomy() -> bool {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let stack = limits.lines().find_map(|line| line.strip_prefix("Max stack size"));
    let soft = stack.and_then(|limits| limits.split_ascii_whitespace().next());
    soft.is_some_and(|soft| soft == "unlimited" || soft.parse().is_ok_and(|bytes: usize| bytes >= STACK))
}
