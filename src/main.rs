//! The front door of the program: everything has its name elsewhere.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
