//! Faults of the program itself: said in one line, and survived as far as that goes.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};

use super::say;

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
