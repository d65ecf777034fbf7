//! `diagnose` against the misbehaving server: rejected clients, addresses and timings, and text that is never written.

use serde_json::Value;

use crate::program::{Outcome, program};
use crate::server::Server;

fn diagnose(server: &Server, flags: &[&str], host: &str, path: &str) -> Outcome {
    program().arg("diagnose").args(flags).args(server.flags()).arg(server.url(host, path)).run()
}

fn json(server: &Server, host: &str, path: &str) -> Value {
    diagnose(server, &["--format", "json", "--timeout", "2s"], host, path).json()
}

/// Returns the statuses that the three clients got, HEAD and GET; 0 without a response.
fn matrix(document: &Value) -> Vec<(u64, u64)> {
    let clients = document["clients"].as_array().expect("clients");
    let status = |answer: &Value| answer["status"].as_u64().unwrap_or(0);
    clients.iter().map(|client| (status(&client["head"]), status(&client["get"]))).collect()
}

#[test]
fn the_summary_names_the_rejected_clients() {
    let server = Server::start();
    let case = |host: &str, path: &str, code: i32, told: &[(u64, u64)], summary: &str| {
        let outcome = diagnose(&server, &["--format", "json", "--timeout", "2s"], host, path).exit_code(code);
        let document = outcome.json();
        assert_eq!(matrix(&document), told, "{path}");
        let told = document["summary"].as_str().expect("a summary");
        assert!(told.contains(summary), "{path}: {told}");
    };
    let (good, bad) = ((200, 200), (403, 403));
    let allow = "allow-list clients whose User-Agent starts with RunwayML API/.";
    case("cdn", "/fault/runway-403", 1, &[bad, good, good], &format!("blocks only this User-Agent: {allow}"));
    case("cdn", "/fault/user-agent-403", 0, &[good, bad, bad], "which does not affect the API");
    case("cdn", "/fault/browsers-only", 1, &[bad, bad, good], &format!("accepts only browsers: {allow}"));
    case(
        "cdn",
        "/fault/other-page-for-runway",
        1,
        &[good, good, good],
        "sends text/html; charset=utf-8 to this User-Agent",
    );
    case("cdn", "/fault/s3-access-denied", 1, &[bad, bad, bad], "No client gets a 200 (the API: 403)");
    case("cdn", "/fault/head-405", 1, &[(405, 200); 3], "rejects HEAD from every client (405) but accepts GET");
    case(
        "cdn",
        "/fault/octet-stream",
        1,
        &[good, good, good],
        "Every client gets the same response, and the API rejects it: Assets must",
    );
    case("cdn", "/fault/good", 0, &[good, good, good], "before the API gives up.");
    case("cdn", "/fault/head-hangs", 1, &[(0, 0), (0, 0), (0, 0)], "No client gets a 200 (the API: no response)");
    case("expired", "/fault/good", 1, &[(0, 0)], "No client can send a request: HEAD got no response: the certificate");
    case("refuses", "/fault/good", 1, &[(0, 0)], "No client can send a request");
}

#[test]
fn a_rejected_address_is_checked_but_not_connected_to() {
    let server = Server::start();
    let url = server.url("cdn", "/fault/good").replace("https://", "http://");
    for url in [url.as_str(), "https://127.0.0.1/a.png", "https://[::1]/a.png", "https://h h/"] {
        let flags = server.flags();
        let outcome = program().args(["diagnose", "--format", "json"]).args(&flags).arg(url).run().exit_code(1);
        let document = outcome.json();
        assert_eq!(document["clients"], Value::Array(Vec::new()), "{url}");
        assert_eq!(document["commands"], Value::Array(Vec::new()), "{url}");
    }
    assert_eq!(server.connections(), 0);
    // Without permission, no client connects to a private address.
    let flags: Vec<String> = server.flags().into_iter().filter(|flag| flag != "--allow-private").collect();
    let url = server.url("cdn", "/fault/good");
    program()
        .arg("diagnose")
        .args(flags)
        .arg(url)
        .run()
        .exit_code(1)
        .stdout_contains("private")
        .stdout_contains("No client can send a request");
    assert_eq!(server.connections(), 0);
}

#[test]
fn the_certificates_are_shown_with_their_dates() {
    let server = Server::start();
    let document = json(&server, "with-intermediate", "/fault/good");
    let certificates = document["tls"]["certificates"].as_array().expect("certificates");
    assert_eq!((certificates.len(), &document["tls"]["version"]), (2, &Value::from("TLS 1.3")));
    assert_eq!(certificates[0]["issuer"], certificates[1]["subject"]);
    for certificate in certificates {
        for key in ["not_before", "not_after"] {
            assert!(certificate[key].as_str().expect(key).ends_with('Z'), "{certificate}");
        }
    }
    assert_eq!(json(&server, "tls12", "/fault/good")["tls"]["version"], "TLS 1.2");
    // The certificate is shown although the handshake fails.
    let expired = json(&server, "expired", "/fault/good");
    assert!(expired["tls"]["version"].is_null());
    let until = expired["tls"]["certificates"][0]["not_after"].as_str().expect("a date");
    assert!(until < "2026-09-01", "{until}");
    diagnose(&server, &[], "expired", "/fault/good")
        .exit_code(1)
        .stdout_contains("TLS        the handshake was not completed")
        .stdout_contains(&until[..10]);
}

#[test]
fn the_time_of_each_phase_adds_up() {
    let server = Server::start();
    let document = json(&server, "cdn", "/wait/300/image/640x480.png");
    let (timing, number) = (&document["timing"], |value: &Value| value.as_f64().unwrap_or(-1.0));
    for key in ["connect_ms", "tls_ms", "first_byte_ms"] {
        assert!(number(&timing["head"][key]) > 0.0, "{timing:#}");
    }
    assert!(number(&timing["dns_ms"]) >= 0.0, "{timing:#}");
    assert!((300.0..900.0).contains(&number(&timing["head"]["first_byte_ms"])), "{timing:#}");
    assert!((300.0..900.0).contains(&number(&timing["get"]["first_byte_ms"])), "{timing:#}");
    assert!(timing["get"]["connect_ms"].is_null() && number(&timing["get"]["body_ms"]) >= 0.0, "{timing:#}");
    let (total, margin) = (number(&timing["total_ms"]), number(&timing["margin_ms"]));
    assert!((600.0..2000.0).contains(&total) && (total + margin - 10_000.0).abs() < 0.2, "{timing:#}");
}

#[test]
fn only_the_user_agent_differs() {
    let server = Server::start();
    diagnose(&server, &[], "cdn", "/fault/good?a=b").exit_code(0);
    let requests = server.requests();
    let agents: Vec<&str> = requests.iter().filter_map(|request| request.header("User-Agent")).collect();
    let browser = agents.last().copied().unwrap_or_default();
    assert!(browser.starts_with("Mozilla/5.0 (X11"), "{agents:?}");
    assert_eq!(agents, ["RunwayML API/1.0", "RunwayML API/1.0", "curl/8.5.0", "curl/8.5.0", browser, browser]);
    let rest = |nth: usize| requests[nth].headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("user-agent"));
    for nth in [2, 4] {
        assert!(rest(0).eq(rest(nth)) && rest(1).eq(rest(nth + 1)), "{:?}", requests[nth]);
    }
}

#[test]
fn text_shows_the_clients_side_by_side() {
    let server = Server::start();
    let outcome = diagnose(&server, &[], "cdn", "/fault/runway-403").exit_code(1).stderr_contains("--cacert");
    let outcome = outcome
        .stdout_contains("The server blocks only this User-Agent")
        .stdout_contains("addresses  127.0.0.1")
        .stdout_contains("s to spare");
    let row = |agent: &str| outcome.stdout.lines().find(|line| line.starts_with(agent)).unwrap_or_default().to_owned();
    assert_eq!(row("RunwayML API/1.0").matches(" 403 text/html").count(), 2, "{outcome}");
    assert_eq!(row("curl/8.5.0").matches(" 200 image/png").count(), 2, "{outcome}");
    assert_eq!(row("a browser").matches(" 200 image/png").count(), 2, "{outcome}");
    outcome
        .line("error[http-status] [api]: Failed to fetch asset. Received HTTP response code \"403\".")
        .stdout_contains("  curl --disable ");
}

#[test]
fn each_row_is_written_as_soon_as_it_is_known() {
    let server = Server::start();
    let url = server.url("cdn", "/wait/400/fault/good");
    let mut run = program().arg("diagnose").args(server.flags()).arg(url).converse();
    for (agent, requests) in [("RunwayML API/1.0", 2), ("curl/8.5.0", 4), ("a browser (Chrome)", 6)] {
        let row = run.line().expect("a row");
        assert!(row.starts_with(agent) && row.matches("200 image/png").count() == 2, "{row}");
        // The next client has asked for one more at most.
        assert!((requests..=requests + 1).contains(&server.requests().len()), "{row}");
    }
    assert_eq!((run.line().as_deref(), run.wait()), (Some(""), Some(0)));
}

#[test]
fn no_margin_is_counted_for_what_did_not_end() {
    let server = Server::start();
    for path in ["/fault/head-hangs", "/fault/get-hangs", "/fault/trickle-body", "/fault/cut-in-body"] {
        let document = json(&server, "cdn", path);
        assert!(document["timing"]["margin_ms"].is_null(), "{path}: {:#}", document["timing"]);
        let outcome = diagnose(&server, &["--timeout", "2s"], "cdn", path).exit_code(1);
        outcome.output_lacks("to spare").output_lacks("before the API gives up");
    }
    diagnose(&server, &["--timeout", "2s"], "cdn", "/fault/trickle-body").stdout_contains("broke off after ");
}

#[test]
fn the_commands_send_the_requests_of_the_api() {
    let server = Server::start();
    let outcome = diagnose(&server, &["--show-query"], "cdn", "/fault/good?a=it's;id&b={1,2}&c=[x]").exit_code(0);
    let commands: Vec<&str> = outcome.stdout.lines().filter_map(|line| line.strip_prefix("  curl ")).collect();
    assert_eq!(commands.len(), 2, "{outcome}");
    let before = server.requests();
    for command in commands {
        let status = std::process::Command::new("bash").args(["--norc", "-c", &format!("curl {command}")]).output();
        let output = status.expect("bash");
        if output.status.code() == Some(127) {
            return; // This machine has no curl.
        }
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("200 OK"), "{output:?}");
    }
    let asked = |requests: &[crate::server::Request]| {
        let told = requests
            .iter()
            .map(|one| (one.method.clone(), one.path.clone(), one.header("User-Agent").map(str::to_owned)));
        told.collect::<Vec<_>>()
    };
    assert_eq!(asked(&server.requests()[before.len()..]), asked(&before[..2]));
}

#[test]
fn secrets_are_shown_nowhere() {
    let server = Server::start();
    for format in ["text", "json"] {
        for (host, path) in [("cdn", "/status/403"), ("cdn", "/fault/login-redirect"), ("expired", "/")] {
            let path = format!("{path}?X-Amz-Signature=canary&canary#canary");
            diagnose(&server, &["--format", format], host, &path)
                .exit_code(1)
                .output_lacks("canary")
                .stdout_contains("redacted");
        }
    }
    program()
        .args(["diagnose", "--show-query", "https://h.com/"])
        .env("CI", "1")
        .run()
        .exit_code(2)
        .stderr_contains("--show-query");
}

#[test]
fn an_argument_that_is_not_a_url_is_a_usage_error() {
    for text in ["photo.png", "data:image/png;base64,AAAA", "runway://5a6b7c8d-0e1f-4a2b-8c3d-4e5f6a7b8c9d"] {
        program().args(["diagnose", text]).run().exit_code(2).stderr_contains("`check`").stdout_is("");
    }
    program().arg("diagnose").run().exit_code(2).stderr_contains("<URL>");
}

#[test]
fn untrusted_text_is_escaped() {
    let server = Server::start();
    for format in ["text", "json"] {
        let outcome = diagnose(&server, &["--format", format], "cdn", "/fault/hostile-type").exit_code(1);
        outcome.output_lacks("::error").output_lacks("##[");
    }
}

#[test]
fn allow_net_allows_only_one_network() {
    let server = Server::start();
    let flags: Vec<String> = server.flags().into_iter().filter(|flag| flag != "--allow-private").collect();
    let run = |net: &str| {
        program().args(["diagnose", "--allow-net", net]).args(&flags).arg(server.url("cdn", "/fault/good")).run()
    };
    run("10.0.0.0/8").exit_code(1).stdout_contains("private-address");
    assert_eq!(server.connections(), 0);
    run("127.0.0.0/8").exit_code(0);
}
