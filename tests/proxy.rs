//! `--proxy`: all requests go through it, and its password is never written.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::program::program;
use crate::server::Server;

/// A proxy that tunnels every `CONNECT` to a port of this machine.
struct Proxy {
    port: u16,
    /// The heads of the requests that it received.
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(to: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&heads);
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                let told = Arc::clone(&told);
                thread::spawn(move || tunnel(client, to, &told));
            }
        });
        Self { port, heads }
    }
}

/// Reads one request head, accepts the tunnel, and forwards bytes both ways until one side ends.
fn tunnel(mut client: TcpStream, to: u16, heads: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if client.read_exact(&mut byte).is_err() {
            return;
        }
        head.push(byte[0]);
    }
    heads.lock().expect("no tunnel panicked").push(String::from_utf8_lossy(&head).into_owned());
    let server = TcpStream::connect(("127.0.0.1", to)).expect("the server listens");
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").expect("the client listens");
    let (mut from, mut back) = (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
    let (mut into, mut out) = (server, client);
    let up = thread::spawn(move || {
        // Either side may close at any time.
        std::io::copy(&mut from, &mut into).ok();
        into.shutdown(std::net::Shutdown::Write).ok();
    });
    std::io::copy(&mut back, &mut out).ok();
    out.shutdown(std::net::Shutdown::Both).ok();
    up.join().ok();
}

/// The flags of the test server that make sense with a proxy.
fn authority(server: &Server) -> Vec<String> {
    let flags = server.flags();
    let at = flags.iter().position(|flag| flag == "--cacert").expect("an authority");
    flags[at..at + 2].to_vec()
}

#[test]
fn everything_goes_through_the_proxy_which_resolves_the_names() {
    let server = Server::start();
    let proxy = Proxy::start(server.port("cdn"));
    let url = format!("http://user:canary@127.0.0.1:{}", proxy.port);
    let run = program().args(["check", "--format", "json", "--proxy", &url]).args(authority(&server));
    let outcome = run.arg(server.url("cdn", "/fault/good")).run().exit_code(0);
    let outcome = outcome.stderr_contains("the proxy resolves host names").output_lacks("canary");
    assert_eq!(outcome.json()["assets"][0]["observed"]["get"]["status"], 200);
    let heads = proxy.heads.lock().expect("no tunnel panicked").clone();
    assert!(!heads.is_empty() && heads.iter().all(|head| head.starts_with("CONNECT cdn.example.org:")), "{heads:?}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn diagnose_goes_through_the_proxy_and_so_do_its_commands() {
    let server = Server::start();
    let proxy = Proxy::start(server.port("cdn"));
    let url = format!("http://user:canary@127.0.0.1:{}", proxy.port);
    let run = program().args(["diagnose", "--format", "json", "--proxy", &url]).args(authority(&server));
    let outcome = run.arg(server.url("cdn", "/fault/good")).run().exit_code(0);
    let document = outcome.stderr_contains("the proxy resolves host names").output_lacks("canary").json();
    assert_eq!(document["clients"].as_array().map(Vec::len), Some(3));
    assert_eq!(document["tls"]["version"], "TLS 1.3");
    assert_eq!(server.requests().len(), 6);
    let heads = proxy.heads.lock().expect("no tunnel panicked").clone();
    assert!(!heads.is_empty() && heads.iter().all(|head| head.starts_with("CONNECT cdn.example.org:")), "{heads:?}");
    // The command asks through it as well, without the user and the password.
    let command = document["commands"][0].as_str().expect("a command").to_owned();
    assert!(command.contains(&format!(" --proxy 'http://127.0.0.1:{}'", proxy.port)), "{command}");
    let before = server.requests().len();
    let output = std::process::Command::new("bash").args(["--norc", "-c", &command]).output().expect("bash");
    if output.status.code() != Some(127) {
        assert!(output.status.success() && server.requests().len() == before + 1, "{output:?}");
    }
}

#[test]
fn proxy_variables_are_ignored() {
    let server = Server::start();
    let proxy = Proxy::start(server.port("cdn"));
    let url = format!("http://127.0.0.1:{}", proxy.port);
    let run = program().arg("check").args(server.flags()).arg(server.url("cdn", "/fault/good"));
    run.env("HTTPS_PROXY", &url).env("https_proxy", &url).env("ALL_PROXY", &url).run().exit_code(0);
    assert!(proxy.heads.lock().expect("no tunnel panicked").is_empty());
}

#[test]
fn an_invalid_proxy_is_a_usage_error_that_hides_its_password() {
    let case = |url: &str, complaint: &str| {
        let outcome = program().args(["check", "--proxy", url, "https://cdn.example.com/a.png"]).run();
        outcome.exit_code(2).stderr_contains(complaint).output_lacks("canary");
    };
    case("socks5://user:canary@proxy.example.com", "--proxy: write a URL that begins with http:// or https://");
    case("user:canary@proxy.example.com:3128", "--proxy: write a URL that begins with http:// or https://");
    case("", "--proxy: write a URL that begins with http:// or https://");
    case("http://", "--proxy cannot be used");
    for subcommand in ["check", "diagnose"] {
        let both = [subcommand, "--proxy", "http://p:1", "--resolve", "h.com:443:1.2.3.4", "https://h.com/a"];
        program().args(both).run().exit_code(2).stderr_contains("--resolve");
    }
}
