//! The process: its streams, its signals, its limits and its surroundings.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use runway_preflight::{Detail, Format, List, Output, Outside, Run, Style, Summary};

use crate::outputs::set;
use crate::program::program;
use crate::server::Server;

const BINARY: &str = env!("CARGO_BIN_EXE_runway-preflight");
const REFUSED: &str = "http://h.example.org/a.png";

/// Runs a line of bash with the binary as `$0`, and returns its exit code and what it wrote.
fn bash(script: &str) -> (i32, String, String) {
    let mut command = Command::new("bash");
    command.args(["-c", script, BINARY]).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let output = command.output().expect("bash");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("a code"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn s01_s02_a_run_with_much_under_way_ends_within_a_second() {
    let server = Server::start();
    let urls: Vec<String> = (0..1000).map(|n| server.url("cdn", &format!("/fault/silent?{n}"))).collect();
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let running = program()
            .args(["check", "-f", "json", "-j", "200", "--per-host", "200", "-"])
            .args(server.flags())
            .stdin(format!("{REFUSED}\n{}", urls.join("\n")))
            .start();
        let before = server.requests().len();
        let begun = Instant::now();
        while server.requests().len() < before + 20 && begun.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
        let sent = Instant::now();
        running.signal(signal);
        let outcome = running.wait().exits(code);
        // A second of the machine's own; three where others use it.
        assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
        let summary = &outcome.json()["summary"];
        assert_eq!((&summary["incomplete"], &summary["rejected"]), (&true.into(), &1.into()));
    }
}

#[test]
fn s05_s06_closed_and_full_streams_change_no_verdict() {
    let case = |redirection: &str, codes: [i32; 2]| {
        for (asset, code) in ["runway://abcdefgh", REFUSED].into_iter().zip(codes) {
            let (got, _, stderr) = bash(&format!("\"$0\" check --offline {asset} {redirection}"));
            assert_eq!(got, code, "{asset} {redirection}: {stderr}");
            assert!(!stderr.contains("panicked"), "{stderr}");
        }
    };
    case(">&-", [0, 1]);
    case("2>&-", [0, 1]);
    case("2>/dev/full", [0, 1]);
    case(">&- 2>&-", [0, 1]);
    case("<&-", [0, 1]);
    case(">/dev/full 2>/dev/full", [4, 4]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    let (code, ..) = bash(&format!("\"$0\" check --offline {REFUSED} --report json={} >&-", path.display()));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(path).expect("a report")).expect("JSON");
    assert_eq!((code, &report["summary"]["rejected"]), (1, &1.into()));
}

/// A writer or reader that takes or gives so many bytes and then fails.
struct Failing(usize);

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        if taken == 0 && !bytes.is_empty() { Err(io::Error::other("torn")) } else { Ok(taken) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = buffer.len().min(self.0).min(7);
        self.0 -= given;
        buffer[..given].fill(b'a');
        if given == 0 { Err(io::Error::other("torn")) } else { Ok(given) }
    }
}

#[test]
fn s09_wherever_a_write_or_a_read_fails_it_is_an_error_and_no_more() {
    let formats = [
        Format::Text,
        Format::Concise,
        Format::Reasons,
        Format::Json,
        Format::JsonLines,
        Format::Github,
        Format::Junit,
        Format::Sarif,
        Format::Markdown,
    ];
    let style = Style { width: None, colour: false, links: false, detail: Detail::Verbose };
    for format in formats {
        let write = |writer: Failing| -> io::Result<()> {
            let run = Run { faithful: true, ..Run::default() };
            let mut output = Output::new(writer, format, style, false, run);
            set::reports().iter().try_for_each(|report| output.report(report))?;
            output.finish(&Summary::default())?;
            output.into_writer().flush()
        };
        let fits = |room: &usize| write(Failing(*room)).is_ok();
        let whole = (0..24).map(|power| 1 << power).find(fits).expect("it fits somewhere");
        for room in (0..whole / 2).step_by(whole / 40 + 1) {
            assert!(!fits(&room), "{format:?} with room for {room} bytes");
        }
    }
    for length in 0..40 {
        let mut list = List::new(io::BufReader::new(Failing(length)), Outside::from("list"));
        assert!(list.any(|asset| asset.is_err()), "a torn list of {length} bytes");
    }
}

/// `S10`: the wall clock is read for certificates and signed URLs alone; deadlines are kept on the other one.
#[test]
fn s10_no_deadline_hangs_on_the_wall_clock() {
    fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap_or_default()));
            }
        }
    }
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    assert!(found.len() > 100);
    let reads = |text: &str| text.contains("SystemTime::now") || text.contains("Timestamp::now");
    let mut reading: Vec<&str> = found.iter().filter(|(_, text)| reads(text)).map(|(path, _)| path.as_str()).collect();
    reading.retain(|path| !path.starts_with("src/cli"));
    reading.sort_unstable();
    assert_eq!(reading, ["src/preflight.rs", "src/probe/http.rs"]);
}

#[test]
fn s11_poor_terminals_get_plain_text() {
    let run = |variables: &[(&str, &str)]| {
        let program = program().args(["check", "--offline", REFUSED, "runway://abcdefgh"]);
        let program = variables.iter().fold(program, |program, (name, value)| program.env(name, value));
        let stdout = program.run().exits(1).stdout;
        assert!(!stdout.contains('\x1b'), "{variables:?}: {stdout}");
        stdout.lines().filter(|line| !line.contains(" s)")).collect::<Vec<_>>().join("\n")
    };
    let plain = run(&[]);
    for variables in [
        [("TERM", "dumb"), ("LANG", "C")],
        [("NO_COLOR", "1"), ("LC_ALL", "POSIX")],
        [("COLUMNS", "0"), ("LINES", "0")],
        [("COLUMNS", "1"), ("TERM", "")],
        [("COLUMNS", "-7"), ("LC_ALL", "de_DE.ISO-8859-1")],
    ] {
        assert_eq!(run(&variables), plain, "{variables:?}");
    }
}

#[test]
fn s13_little_memory_and_a_short_stack_are_enough() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(126), "]".repeat(126));
    let body = format!("printf '%s' '{deep}' | \"$0\" body --offline --endpoint text_to_video -");
    let check = format!("\"$0\" check --offline {REFUSED} fixtures/images/photo.png fixtures/video/h264-aac.mp4");
    for limit in ["ulimit -v 262144", "ulimit -s 256", "ulimit -n 16"] {
        for run in [&body, &check] {
            let (code, _, stderr) = bash(&format!("cd {}; {limit}; {run}", env!("CARGO_MANIFEST_DIR")));
            assert_eq!(code, 1, "{limit}: {stderr}");
        }
    }
}

#[test]
fn s14_no_home_no_temporary_folder_and_nowhere_to_write() {
    let run = |program: crate::program::Program| program.current_dir("/proc").env("TMPDIR", "/nonexistent");
    run(program().args(["check", "--offline", REFUSED])).run().exits(1).says("Only HTTPS URLs are allowed.");
    run(program().args(["explain", "INTERNAL"])).run().exits(0);
    let server = Server::start();
    let url = server.url("cdn", "/image/640x480.png");
    run(program().args(["check", &url]).args(server.flags())).run().exits(0);
}

/// `L04`: who reads slowly slows the reading down, and memory stays flat.
#[test]
fn l04_a_slow_reader_holds_the_program_back() {
    let mut child = Command::new(BINARY)
        .args(["check", "--offline", "-f", "jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let line = format!("{REFUSED}?{}\n", "a".repeat(200));
    let (told, taken) = std::sync::mpsc::channel();
    let writing = std::thread::spawn(move || {
        for at in 0..20_000_u32 {
            if stdin.write_all(line.as_bytes()).is_err() {
                return;
            }
            let _ = told.send(at);
        }
    });
    // Nothing is read, so that before long nothing more is taken.
    let mut count = 0;
    while let Ok(at) = taken.recv_timeout(Duration::from_millis(700)) {
        count = at;
    }
    assert!(count < 15_000, "{count} lines were taken though no result was read");
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|text| text.split_whitespace().next());
    let kibibytes: u64 = peak.expect("a peak").parse().expect("a number");
    assert!(kibibytes < 64 << 10, "{kibibytes} KiB");
    let lines = io::BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok).count();
    assert_eq!((lines, child.wait().expect("it ends").code()), (20_000, Some(1)));
    writing.join().expect("all was written");
}
