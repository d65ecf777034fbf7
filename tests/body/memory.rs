//! Limits on the cost of a hostile body: memory and time are bounded, and the report counts what it omits.

use std::time::Duration;

use crate::program::{Outcome, program_in};
use crate::server::Server;

/// Runs `body` with this many MiB of address space.
fn within_mib(mib: usize, arguments: &[&str], body: impl Into<Vec<u8>>) -> Outcome {
    // A debug build, the stacks of its threads and the arenas of glibc reserve address space that takes no memory.
    let addresses = (mib + 192) * 1024;
    let program = program_in(&format!("ulimit -v {addresses}; MALLOC_ARENA_MAX=1 exec \"$0\" \"$@\""));
    let outcome = program.args(["body", "-"]).args(arguments).time_out(Duration::from_secs(300)).stdin(body).run();
    assert!(outcome.memory < mib as u64 * 1024, "{} KiB", outcome.memory);
    outcome
}

fn offline(body: impl Into<Vec<u8>>, arguments: &[&str]) -> Outcome {
    within_mib(512, &[&["--offline"], arguments].concat(), body)
}

#[test]
fn duplicate_keys_are_counted_and_capped() {
    let body = |count: usize| format!(r#"{{"model":"gen4_turbo"{}}}"#, r#","k":1"#.repeat(count));
    let outcome = offline(body(400_000), &["--endpoint", "image_to_video"]).exit_code(1);
    assert_eq!(outcome.stdout.matches("[duplicate-key]").count(), 500);
    outcome.stdout_contains("[not-listed]").stdout_contains("and 399,499 more duplicate keys");
    let outcome = offline(body(2_000_000), &["--endpoint", "image_to_video", "-f", "jsonl"]).exit_code(2);
    outcome.stderr_contains("more than 500000 values, which is the maximum");
    // An object in an object, and keys with escapes.
    let nested = format!(r#"{{"model":"gen4_turbo","a":[{{"b":{{{}"x":1}}}}]}}"#, r#""\u006b":1,"#.repeat(100_000));
    let outcome = offline(nested, &["--endpoint", "image_to_video"]).exit_code(1);
    outcome.stdout_contains("a[0].b.k").stdout_contains("and 99,499 more duplicate keys");
}

#[test]
fn issues_and_assets_are_counted_and_capped() {
    let body = |elements: String| {
        format!(
            r#"{{"model":"gen4_image","promptText":"x","ratio":"1920:1080","referenceImages":[{elements}{{"uri":"x"}}]}}"#
        )
    };
    let references = |count: usize| body(r#"{"uri":"x","tag":"abc"},"#.repeat(count));
    for format in ["text", "jsonl", "json", "api", "sarif", "junit"] {
        offline(references(150_000), &["-f", format]).exit_code(1);
    }
    offline(references(150_000), &[]).exit_code(1).stdout_contains("149,501 more assets, which were not checked");
    offline(references(500_000), &["-f", "jsonl"]).exit_code(2).stderr_contains("more than 500000 values");
    let outcome = offline(body("5,".repeat(300_000)), &[]).exit_code(1);
    outcome.stdout_contains("[not-listed]").stdout_contains("more issues");
}

#[test]
fn unknown_members_are_counted_and_capped() {
    let members: Vec<String> = (0..200_000).map(|number| format!(r#""key{number}":1,"#)).collect();
    let members = members.concat();
    let body = format!(r#"{{{members}"model":"veo3.1","promptText":"x","ratio":"1280:720","duration":8}}"#);
    offline(body, &["--endpoint", "text_to_video"]).exit_code(1).stdout_contains("and 199500 more");
    let long = format!(r#"{{"{}":1,"model":"gen4_turbo"}}"#, "k".repeat(2000));
    offline(long, &["--endpoint", "image_to_video"]).exit_code(2).stderr_contains("a key longer than 1024 bytes");
}

#[test]
fn a_body_of_64_mb_stays_below_512_mb() {
    let fill = |open: &str, unit: &str, close: &str| {
        let count = ((64 << 20) - open.len() - close.len()) / unit.len();
        [open, &unit.repeat(count), close].concat()
    };
    let image = r#"{"model":"gen4_turbo","ratio":"1280:720","promptImage":"data:image/png;base64,"#;
    offline(fill(image, "AAAA", r#""}"#), &[]).exit_code(1);
    let text = r#"{"model":"gen4.5","ratio":"1280:720","duration":5,"promptText":""#;
    offline(fill(text, "é", r#""}"#), &[])
        .exit_code(1)
        .stdout_contains("Too big: expected string to have <=1000 characters");
    offline(fill(r#"{"model":""#, "a", r#"","promptImage":"x","ratio":"1:1"}"#), &["--endpoint", "image_to_video"])
        .exit_code(1);
    let object = format!(r#"{{"a":"{}"}},"#, "a".repeat(250));
    for (open, unit) in [("[", "1,"), ("[", "{},"), ("[", r#"{"a":1},"#), ("{", r#""k":1,"#), ("", "["), ("[", &object)]
    {
        let close = if open == "{" { r#""k":1}"# } else { "1]" };
        let outcome = offline(fill(open, unit, close), &["--endpoint", "image_to_video"]);
        assert!([1, 2].contains(&outcome.status), "{unit} ends by {}", outcome.status);
    }
}

#[test]
fn references_to_one_url_share_its_observation() {
    let server = Server::start();
    let reference = format!(r#"{{"uri":"{}"}},"#, server.url("cdn", "/fault/field-20-kib"));
    let body = |references: usize| {
        format!(
            r#"{{"model":"gen4_image","promptText":"x","ratio":"1920:1080","referenceImages":[{}{{"uri":"x"}}]}}"#,
            reference.repeat(references),
        )
    };
    let flags = server.flags();
    let arguments: Vec<&str> = flags.iter().map(String::as_str).chain(["-f", "jsonl"]).collect();
    let one = within_mib(512, &arguments, body(1)).exit_code(1).memory;
    let requests = server.requests().len();
    let many = within_mib(512, &arguments, body(100_000)).exit_code(1).memory;
    // The published program takes less than 20 MiB for one, and may take 100 MB; this build is larger in itself.
    assert!(many < one + 75 * 1024, "{one} KiB, then {many} KiB");
    assert_eq!(server.requests().len(), 2 * requests);
}
