//! Secrets that are repeated in errors of libraries and in text of a host.

use super::{CANARY, checked, expect_hidden, expect_silent, percent};
use crate::program::program;
use crate::server::Server;
use crate::server::echo::{FORMS, PLACES};

#[test]
fn k02_no_error_of_a_library_has_the_secret() {
    let server = Server::start();
    let hosts = [
        "expired",
        "self-signed",
        "h2-only",
        "closes",
        "resets",
        "plain-http",
        "ssh",
        "refuses",
        "closes-at-once",
        "alert-handshake-failure",
        "hostile-names",
    ];
    let faults = [
        "garbage",
        "status-000",
        "rst-in-head",
        "close-in-body",
        "nul-in-field",
        "length-garbage",
        "101",
        "field-64-kib",
        "chunked-size-overflows",
    ];
    let behind = format!("?sig={}#{CANARY}", percent(CANARY));
    let urls = hosts.iter().map(|host| server.url(host, &format!("/a.png{behind}")));
    let mut urls: Vec<String> =
        urls.chain(faults.iter().map(|fault| server.url("cdn", &format!("/fault/{fault}{behind}")))).collect();
    urls.push(format!("https://no-such-host.invalid/a.png{behind}"));
    urls.push(format!("https://{}.example/{behind}", "a".repeat(64)));
    let with_user: Vec<String> = urls.iter().map(|url| url.replace("https://", "https://cAnArY:cAnArY7@")).collect();
    expect_hidden(&checked(&server.flags(), &urls));
    expect_hidden(&checked(&server.flags(), &with_user));
    for url in with_user.iter().take(6) {
        expect_silent(&program().args(["diagnose", "--timeout", "2s"]).args(server.flags()).arg(url).run());
    }
    assert!(server.requests().iter().all(|request| request.header("Authorization").is_none()));
}

#[test]
fn k04_a_secret_repeated_by_a_host_is_redacted() {
    let server = Server::start();
    let urls = PLACES
        .iter()
        .flat_map(|place| FORMS.iter().map(move |(form, _)| format!("/echo/{place}/{form}?s={}", percent(CANARY))));
    let urls: Vec<String> = urls.map(|path| server.url("cdn", &path)).collect();
    let written = checked(&server.flags(), &urls);
    expect_hidden(&written);
    // Only the secret is removed, not the text around it.
    for said in [
        "SignatureDoesNotMatch: You sent [redacted] here.",
        "bad token [redacted]",
        "next/[redacted]/a.png",
        "login.example.org/?next=[redacted]",
    ] {
        assert!(written.report("text").contains(said), "{said}\n{}", written.report("text"));
    }
    for path in ["/echo/xml/base64", "/echo/location-path/hex", "/echo/text/twice"] {
        let url = server.url("cdn", &format!("{path}?s={}", percent(CANARY)));
        for format in ["text", "json"] {
            expect_silent(
                &program().args(["diagnose", "--format", format]).args(server.flags()).arg(&url).run().exit_code(1),
            );
        }
    }
}
