//! The `runway-preflight` program; see [`runway_preflight`] for the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    runway_preflight::run()
}
