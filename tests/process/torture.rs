//! Every write and every read fails once: an error, the right code, and never a panic.

use std::cell::Cell;
use std::fs;
use std::io::{self, BufReader, Read, Write};
use std::rc::Rc;

use runway_preflight::asset::list::List;
use runway_preflight::output::resume_log::ResumeLog;
use runway_preflight::output::{RulesOrigin, RunInfo, Style, Verbosity};
use runway_preflight::{Output, OutputFormat, Summary, UntrustedText};

use super::{Folder, many};
use crate::outputs::samples::reports;
use crate::program::{program, program_in};

/// A stream that fails at one of its calls, or moves one byte at a time, with an interruption before each.
struct Shim<S> {
    inner: S,
    calls: Rc<Cell<usize>>,
    fails_at: usize,
    is_slow: bool,
}

impl<S> Shim<S> {
    fn new(inner: S, fails_at: usize, is_slow: bool) -> (Self, Rc<Cell<usize>>) {
        let calls = Rc::<Cell<usize>>::default();
        (Self { inner, calls: Rc::clone(&calls), fails_at, is_slow }, calls)
    }

    /// Counts a call, and returns how many of these bytes it may move.
    fn call(&self, length: usize) -> io::Result<usize> {
        let call = self.calls.replace(self.calls.get() + 1);
        if call == self.fails_at {
            return Err(io::Error::from_raw_os_error(5));
        }
        if self.is_slow && call.is_multiple_of(2) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        Ok(if self.is_slow { length.min(1) } else { length })
    }
}

impl<S: Write> Write for Shim<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.call(bytes.len())?;
        self.inner.write(&bytes[..length])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.call(0)
            .map(drop)
            .or_else(|error| if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) })
    }
}

impl<S: Read> Read for Shim<S> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let length = self.call(bytes.len())?;
        self.inner.read(&mut bytes[..length])
    }
}

const NEVER: usize = usize::MAX;

/// Renders the reports of the golden files; returns the bytes written, the result, and the number of calls.
fn written(format: OutputFormat, fails_at: usize, is_slow: bool) -> (Vec<u8>, io::Result<()>, usize) {
    let run = RunInfo {
        rules: RulesOrigin { read: "2026-09-23".to_owned(), origin: "embedded".to_owned() },
        matches_api: true,
        ..RunInfo::default()
    };
    let style = Style { verbosity: Verbosity::Verbose, ..Style::plain() };
    let (shim, calls) = Shim::new(Vec::new(), fails_at, is_slow);
    let mut output = Output::new(shim, format, style, true, run);
    let mut summary = Summary::default();
    let result = reports().iter().try_for_each(|report| {
        summary.count(report.verdict);
        output.report(report)
    });
    let result = result.and_then(|()| output.finish(&summary));
    (output.into_writer().inner, result, calls.get())
}

const FORMATS: [OutputFormat; 9] = [
    OutputFormat::Text,
    OutputFormat::Concise,
    OutputFormat::Reasons,
    OutputFormat::Json,
    OutputFormat::JsonLines,
    OutputFormat::Github,
    OutputFormat::Junit,
    OutputFormat::Sarif,
    OutputFormat::Markdown,
];

#[test]
fn s09_a_write_that_fails_is_an_error_whichever_it_is() {
    for format in FORMATS {
        let (whole, result, calls) = written(format, NEVER, false);
        assert!(result.is_ok() && !whole.is_empty() && calls > 1, "{format:?}");
        for fails_at in 0..calls {
            let (part, result, _) = written(format, fails_at, false);
            let error = result.expect_err("a failed write is not passed over");
            assert_eq!(error.raw_os_error(), Some(5), "{format:?}: write {fails_at} of {calls}");
            assert!(whole.starts_with(&part), "{format:?}: nothing follows write {fails_at}");
        }
        let (slowly, result, _) = written(format, NEVER, true);
        assert!(result.is_ok() && slowly == whole, "{format:?}: bytes came one by one");
    }
}

#[test]
fn s09_a_read_that_fails_ends_a_list_and_a_journal() {
    let text = many(40);
    let read = |fails_at, is_slow| {
        let (shim, calls) = Shim::new(text.as_bytes(), fails_at, is_slow);
        let lines: Vec<_> = List::new(BufReader::with_capacity(100, shim), UntrustedText::from("list"))
            .scan(false, |is_over, line| (!std::mem::replace(is_over, line.is_err())).then_some(line))
            .collect();
        (lines, calls.get())
    };
    let (whole, calls) = read(NEVER, false);
    assert_eq!(whole.len(), 40);
    for fails_at in 0..calls {
        let (lines, _) = read(fails_at, false);
        let (last, before) = lines.split_last().expect("at least the error");
        assert!(last.as_ref().is_err_and(|error| error.raw_os_error() == Some(5)), "read {fails_at}");
        assert!(before.iter().all(Result::is_ok), "read {fails_at}");
    }
    let (slowly, _) = read(NEVER, true);
    assert!(slowly.len() == 40 && slowly.iter().all(Result::is_ok), "bytes came one by one");

    let (lines, ..) = written(OutputFormat::JsonLines, NEVER, false);
    let read = |fails_at, is_slow| {
        let (shim, calls) = Shim::new(&lines[..], fails_at, is_slow);
        let mut journal = ResumeLog::new(BufReader::with_capacity(100, shim));
        let end = loop {
            match journal.next_asset() {
                Ok(Some(_)) => {}
                Ok(None) => break Ok(journal.lines()),
                Err(unfit) => break Err(unfit.to_string()),
            }
        };
        (end, calls.get())
    };
    let (whole, calls) = read(NEVER, false);
    assert_eq!(whole, Ok(reports().len() as u64));
    for fails_at in 0..calls {
        let (end, _) = read(fails_at, false);
        assert!(end.as_ref().is_err_and(|why| why.contains("cannot be read")), "read {fails_at}: {end:?}");
    }
    assert_eq!(read(NEVER, true).0, whole);
}

#[test]
fn s09_an_unreadable_file_is_reported_wherever_it_is_named() {
    // It can be opened, but reads at its beginning fail.
    const BAD: &str = "/proc/self/mem";
    let row = |words: &[&str], code: i32, why: &str| {
        let outcome = program().args(words).run().exit_code(code);
        assert!(outcome.stdout.contains(why) || outcome.stderr.contains(why), "{outcome}");
        assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    };
    row(&["check", "--offline", "@/proc/self/mem"], 2, "the list /proc/self/mem cannot be read");
    row(&["body", "--offline", BAD], 2, "/proc/self/mem cannot be read");
    row(&["check", "--offline", "--rules", BAD, super::PNG], 2, "/proc/self/mem cannot be read");
    row(&["check", "--offline", "--config", BAD, super::PNG], 2, BAD);
    row(&["check", "--offline", "--cacert", BAD, super::PNG], 2, BAD);
    row(&["rules", "import", BAD], 2, BAD);
    let out = tempfile::tempdir().expect("a folder");
    let part = out.path().join("out");
    // A run whose list cannot be read any further keeps its results.
    let run =
        program().args(["check", "--offline", "-f", "jsonl", "http://h.com/", "@/proc/self/mem", "-o"]).arg(&part);
    run.run().exit_code(2);
    assert_eq!(fs::read_to_string(&part).expect("a file").lines().count(), 1);
}

#[test]
fn s09_a_pipe_that_is_closed_after_any_byte_causes_no_panic() {
    let folder = Folder::new();
    let list = folder.write("list", many(200));
    for format in ["text", "json", "jsonl", "junit", "sarif"] {
        let script = "for n in $(seq 0 9973 160000); do
            \"$0\" check --offline -f \"$1\" \"$2\" | head -c $n >/dev/null; echo ${PIPESTATUS[0]}; done | sort -u";
        let outcome = program_in(script).arg(format).arg(format!("@{}", list.display())).run().exit_code(0);
        let outcome = outcome.stderr_is_empty();
        assert!(outcome.stdout.lines().all(|code| ["1", "141"].contains(&code)), "{outcome}");
        assert!(outcome.stdout.contains("141"), "{format}: no run was cut off\n{outcome}");
    }
}

#[test]
fn s09_a_file_size_limit_exits_with_4_at_any_size() {
    let folder = Folder::new();
    folder.write("list", many(20));
    // Sizes are in KiB; without the trap, SIGXFSZ would end the program before it can report anything.
    let script = "
        cd \"$FOLDER\" && trap '' XFSZ || exit 99
        \"$0\" check --offline -f json -o whole @list; whole=$(( $(wc -c <whole) / 1024 + 1 ))
        for size in $(seq 0 $whole); do
            echo old >kept; (ulimit -f $size; exec \"$0\" check --offline -f json -o kept @list 2>/dev/null); code=$?
            if [ $size -lt $whole ]; then [ $code -eq 4 ] && [ $(cat kept) = old ] || echo \"$size: $code\"
            else [ $code -eq 1 ] || echo \"$size: $code\"; fi
            (ulimit -f $size; exec \"$0\" check --offline -f jsonl -o new @list 2>/dev/null); code=$?
            [ $code -eq 4 ] || [ $code -eq 1 ] || echo \"jsonl $size: $code\"
            \"$0\" check --offline -f jsonl -o new --resume @list 2>/dev/null; tail -n +2 new >\"rest-$size\"
        done
        cmp rest-0 rest-3 && cmp rest-0 rest-7 && cmp rest-0 rest-$whole; wc -l <rest-0; rm rest-* ; ls -A";
    let outcome = program_in(script).env("FOLDER", folder.root()).run().exit_code(0).stderr_is_empty();
    assert_eq!(outcome.stdout, "19\nkept\nlist\nnew\nwhole\n", "{outcome}");
}
