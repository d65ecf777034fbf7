//! A server under test, and a plain HTTP client for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A running `serve`; it ends with the test.
pub(crate) struct Server {
    child: Child,
    /// The line that it printed, with its address.
    pub(crate) line: String,
    address: String,
    /// Where its uploads are.
    pub(crate) folder: TempDir,
}

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

/// One keep-alive connection.
pub(crate) struct Connection(BufReader<TcpStream>);

/// The headers without which the API refuses a request.
pub(crate) const CREDENTIALS: &str = "Authorization: Bearer key_canary\r\nX-Runway-Version: 2024-11-06\r\n";

impl Server {
    /// Starts it on a free port, with these flags.
    pub(crate) fn start(flags: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().expect("a folder"), flags)
    }

    /// Starts it with this folder for temporary files.
    pub(crate) fn start_in(folder: TempDir, flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_runway-preflight"))
            .args(["serve", "--port", "0"])
            .args(if flags.contains(&"--assets") { &[][..] } else { &["--assets", "offline"] })
            .args(flags)
            .env_clear()
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("standard output is a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim_end().rsplit_once("//").expect("an address").1.to_owned();
        Self { child, line, address, folder }
    }

    pub(crate) fn connect(&self) -> Connection {
        let stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
        Connection(BufReader::new(stream))
    }

    /// Sends one request of the API on a connection of its own.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, CREDENTIALS, body.as_bytes()).expect("an answer")
    }

    /// Sends one request with exactly these headers; `None` if the connection ends without a complete response.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Option<Answer> {
        self.connect().send(method, path, headers, body)
    }

    /// Sends one request of the API with these bytes as its body.
    pub(crate) fn call_with(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        self.send(method, path, CREDENTIALS, body).expect("an answer")
    }

    /// Posts to an endpoint below `/__preflight`.
    pub(crate) fn control(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", &format!("/__preflight/{path}"), "", body.to_string().as_bytes()).expect("an answer")
    }

    /// Returns the journal.
    pub(crate) fn journal(&self) -> Value {
        self.send("GET", "/__preflight/requests", "", b"").expect("an answer").json()
    }

    /// Creates a task, and returns its identifier.
    pub(crate) fn create(&self, endpoint: &str, body: &Value) -> String {
        let answer = self.call("POST", &format!("/v1/{endpoint}"), body);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["id"].as_str().expect("an identifier").to_owned()
    }

    /// Polls a task.
    pub(crate) fn poll(&self, id: &str) -> Value {
        self.call("GET", &format!("/v1/tasks/{id}"), &Value::Null).json()
    }

    /// Downloads a file of a task.
    pub(crate) fn download(&self, url: &Value, headers: &str, method: &str) -> Answer {
        let path = url.as_str().and_then(|url| url.strip_prefix(&format!("http://{}", self.address))).expect("our URL");
        self.send(method, path, headers, b"").expect("an answer")
    }

    /// Announces an upload; returns the answer, and the path for its form.
    pub(crate) fn announce(&self) -> (Value, String) {
        let announced = self.call("POST", "/v1/uploads", &json!({"filename": "a.png", "type": "ephemeral"})).json();
        let url = announced["uploadUrl"].as_str().expect("a URL");
        let path =
            url.split_once("//").and_then(|(_, rest)| rest.find('/').map(|slash| &rest[slash..])).expect("a path");
        let path = path.to_owned();
        (announced, path)
    }

    /// Announces an upload and sends its file; returns the answer to the form, and the URI.
    pub(crate) fn upload(&self, file: &[u8]) -> (Answer, Value) {
        let (announced, path) = self.announce();
        let mut form = Vec::new();
        let key = announced["fields"]["key"].as_str().expect("a key");
        write!(form, "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{key}\r\n").expect("memory");
        write!(form, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n")
            .expect("memory");
        form.extend(file);
        form.extend(b"\r\n--b--\r\n");
        let answer = self.send("POST", &path, "Content-Type: multipart/form-data; boundary=b\r\n", &form);
        (answer.expect("an answer"), announced["runwayUri"].clone())
    }

    /// Sends a signal by its name.
    pub(crate) fn kill(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    /// Waits for its end and returns its folder.
    pub(crate) fn wait(mut self) -> (ExitStatus, TempDir) {
        let status = self.child.wait().expect("it ends");
        let empty = tempfile::tempdir().expect("a folder");
        (status, std::mem::replace(&mut self.folder, empty))
    }

    /// Returns the bytes of memory that it used at most.
    pub(crate) fn memory(&self) -> u64 {
        crate::program::peak(self.child.id()).expect("Linux") * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Connection {
    /// Sends one request of the API.
    pub(crate) fn call(&mut self, method: &str, path: &str, body: &str) -> Answer {
        self.send(method, path, CREDENTIALS, body.as_bytes()).expect("an answer")
    }

    /// Sends bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).expect("the server reads");
    }

    fn send(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> Option<Answer> {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.0.get_ref().peer_addr().ok()?);
        let has_body = method == "POST" || !body.is_empty();
        let length = if has_body { format!("Content-Length: {}\r\n", body.len()) } else { String::new() };
        // The server may answer before it has read everything.
        let request = [head.as_bytes(), headers.as_bytes(), length.as_bytes(), b"\r\n", body].concat();
        let _ = self.0.get_mut().write_all(&request);
        self.answer(method)
    }

    /// Waits for the first bytes of a response, and leaves the rest unread.
    pub(crate) fn wait(&mut self) {
        assert!(!self.0.fill_buf().expect("a response").is_empty());
    }

    /// Reads a response; `None` if it ends too early.
    pub(crate) fn answer(&mut self, method: &str) -> Option<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let status = head.get(9..12)?.parse().ok()?;
        let mut answer = Answer { status, head, body: Vec::new() };
        let length = if method == "HEAD" {
            0
        } else {
            answer.header("content-length").map_or(0, |length| length.parse().unwrap_or(0))
        };
        answer.body.resize(length, 0);
        self.0.read_exact(&mut answer.body).ok()?;
        Some(answer)
    }
}

impl Answer {
    /// Returns a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// Returns the sentence of an error.
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// Writes the body to a file.
    pub(crate) fn save(&self, path: &Path) {
        std::fs::write(path, &self.body).expect("a file");
    }
}
