//! Faults of the program itself: said in one line, and survived as far as that goes.

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

/// Does the work on a thread with room enough, where one can be had.
pub(crate) fn with_room(work: impl Fn() -> ExitCode + Send + Sync) -> ExitCode {
    thread::scope(|scope| match Builder::new().stack_size(STACK).spawn_scoped(scope, &work) {
        Ok(done) => done.join().unwrap_or_else(|_| ExitCode::from(Exit::Failed.code())),
        Err(_) => work(),
    })
}
