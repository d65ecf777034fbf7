//! Ten scenes from the work of users, as a terminal of 80 and of 200 columns shows them, with color and without.
//!
//! `BLESS=1 cargo test scenes` rewrites the golden files. Where there is no script(1), which opens terminals, these tests
//! say so and pass.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::program::skip;
use crate::server::Server;

const BIN: &str = env!("CARGO_BIN_EXE_runway-preflight");

/// A folder with the files of a scene.
struct Scene {
    name: &'static str,
    folder: TempDir,
    /// The arguments, as typed after the program name.
    command: String,
    /// What differs from run to run, and its replacement.
    replaced: Vec<(String, &'static str)>,
}

impl Scene {
    fn new(name: &'static str, command: impl Into<String>, fixtures: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let scene = Self { name, folder, command: command.into(), replaced: Vec::new() };
        for (fixture, file) in fixtures {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
            fs::create_dir_all(scene.folder.path().join(file).parent().expect("a folder")).expect("a folder");
            fs::copy(from, scene.folder.path().join(file)).expect("a fixture");
        }
        scene
    }

    fn with(self, file: &str, text: &str) -> Self {
        self.write(file, text);
        self
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.folder.path().join(file), text).expect("a file");
    }

    /// Leads the run to a server; its port and the flags are left out of the golden file.
    fn at(mut self, server: &Server) -> Self {
        self.command = format!("{} {}", self.command, server.flags().join(" "));
        self.replaced.push((format!(":{}", server.port("cdn")), ":PORT"));
        self
    }

    /// Returns what a terminal of this width shows; none where there is no terminal to be had.
    fn screen(&self, width: usize, environment: &str) -> Option<String> {
        let script = format!("stty cols {width} rows 500; {BIN} {} 2>/dev/null", self.command);
        let output = Command::new("/usr/bin/script")
            .args(["-qec", &script, "/dev/null"])
            .current_dir(self.folder.path())
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("SHELL", "/bin/sh"), ("TERM", "xterm-256color"), ("LANG", "C.UTF-8")])
            .envs(environment.split_once('='))
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).expect("UTF-8").replace("\r\n", "\n").replace('\x1b', "\\e");
        let text = self.replaced.iter().fold(text, |text, (from, to)| text.replace(from, to));
        let mut is_port = false;
        let lines = text.lines().filter(|line| {
            // The server's port is none of what a scene is about.
            is_port = line.contains("[unusual-port]") || is_port && line.starts_with(' ');
            !is_port
        });
        Some(lines.map(|line| without_time(line) + "\n").collect())
    }

    /// Expects the golden file at both widths, and returns what a plain terminal of 80 columns shows.
    fn expect(&self) -> Option<String> {
        let mut shown = String::new();
        for width in [80, 200] {
            for (title, environment) in [("without color", "NO_COLOR=1"), ("with color", "CLICOLOR=1")] {
                // A String takes any text.
                let _ = writeln!(shown, "==== {width} columns, {title}\n{}", self.screen(width, environment)?);
            }
        }
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/scenes/{}.txt", self.name));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &shown).expect("the golden file is written");
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        assert!(golden == shown, "{} changed; BLESS=1 cargo test scenes rewrites it\n{shown}", path.display());
        for part in shown.split("==== ").skip(1) {
            let has_color = part.lines().next().is_some_and(|title| title.ends_with("with color"));
            assert_eq!(part.contains("\\e["), has_color, "{part}");
        }
        shown.split("==== ").nth(1).map(|part| part.split_once('\n').unwrap_or_default().1.trim_end().to_owned())
    }
}

/// Cuts off how long a run took: `1 asset: 1 accepted in 0.004 s`.
fn without_time(line: &str) -> String {
    let is_time = |end: &&str| end.ends_with(" s") || end.ends_with(" ms");
    match line.rsplit_once(" in ").filter(|(_, end)| is_time(end)) {
        Some((start, _)) => format!("{start} in TIME"),
        None => line.to_owned(),
    }
}

/// Says whether scenes can be played here.
fn has_terminal() -> bool {
    let is_there = Path::new("/usr/bin/script").exists();
    if !is_there {
        skip("there is no script(1) here");
    }
    is_there
}

#[test]
fn a_presigned_url_that_has_expired() {
    let server = Server::start();
    let ended = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(12 * 60 + 5);
    let signed = (ended - jiff::SignedDuration::from_mins(5)).strftime("%Y%m%dT%H%M%SZ").to_string();
    let query = format!("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=canary&X-Amz-Date={signed}");
    let url = server.url("cdn", &format!("/fault/s3-expired?{query}&X-Amz-Expires=300&X-Amz-Signature=canary"));
    let mut scene = Scene::new("s3-403", format!("check --field promptImage '{url}'"), &[]).at(&server);
    scene.replaced.push((ended.strftime("%Y-%m-%d %H:%M").to_string(), "YYYY-MM-DD hh:mm"));
    if !has_terminal() {
        return;
    }
    // The note about the port is another finding, so that the API's is marked.
    let shown = scene.expect().expect("a terminal").replace(" [api]", "");
    assert!(shown.lines().count() <= 8, "{shown}");
    assert!(
        shown.starts_with(
            "error[http-status]: promptImage: Failed to fetch asset. Received HTTP response code \"403\"."
        )
    );
}

#[test]
fn a_list_of_five_hundred_with_29_that_fail() {
    let server = Server::start();
    let bad = ["/status/403", "/status/404", "/fault/s3-access-denied", "/fault/octet-stream", "/image/9000x100.png"];
    let urls = (0..500).map(|nth| match nth % 17 {
        5 if nth < 493 => server.url(if nth % 2 == 0 { "cdn" } else { "other" }, &format!("{}?n={nth}", bad[nth % 5])),
        _ => server.url("cdn", &format!("/fault/good?n={nth}")),
    });
    let urls: Vec<String> = urls.collect();
    let scene = Scene::new("list-500", "check -j 32 --per-host 32 @assets.txt", &[]).at(&server);
    let scene = scene.with("assets.txt", &urls.join("\n"));
    if !has_terminal() {
        return;
    }
    let shown = scene.expect().expect("a terminal");
    assert!(shown.contains("500 assets: 471 accepted, 29 rejected"), "{shown}");
    assert!(shown.lines().count() <= 150, "{}", shown.lines().count());
    let summary: Vec<&str> = shown.lines().skip_while(|line| !line.starts_with("500 assets")).skip(1).collect();
    assert!(
        summary.iter().any(|line| line.contains("http-status") && line.contains("other.example.org")),
        "{summary:?}"
    );
}

#[test]
fn eight_more_scenes_are_as_they_were() {
    if !has_terminal() {
        return;
    }
    let body = r#"{
  "model": "gen4_turbo",
  "promptImage": [{ "uri": "http://cdn.example.com/a.png?sig=canary", "position": "first" }],
  "ratio": "16:9",
  "duration": 99,
  "seed": -1
}
"#;
    let uris = "data:image/png,iVBORw0KGgo=\ndata:image/gif;base64,R0lGODlhAQABAAAAACw=\n\
                data:;base64,iVBORw0KGgo=\ndata:image/png;base64,iVBORw0K*Ggo=\n";
    let table = "id,note,url\n1,\"two\nlines\",https://cdn.example.com/1.png\n2,,http://cdn.example.com/2.png\n\
                 3,\"a \"\"quoted\"\" note\",https://203.0.113.9/3.png\n";
    let scenes = [
        Scene::new("quicktime", "check --field promptImage clip.mov", &[("video/h264-pcm.mov", "clip.mov")]),
        Scene::new("body", "body --offline request.json", &[]).with("request.json", body),
        Scene::new("rotated", "check --model gen4_turbo IMG_4211.jpg", &[("images/rotated-6.jpg", "IMG_4211.jpg")]),
        Scene::new(
            "aspect-ratio",
            "check --model gen4_turbo --field promptImage banner.png",
            &[("images/9000x100.png", "banner.png")],
        ),
        Scene::new("data-uris", "check @uris.txt", &[]).with("uris.txt", uris),
        Scene::new("explain", "explain - < answer.json", &[("answers/body-five-issues.json", "answer.json")]),
        Scene::new(
            "folder",
            "check --offline media",
            &[
                ("images/photo.jpg", "media/photo.jpg"),
                ("images/animated.gif", "media/loop.gif"),
                ("images/photo.heic", "media/IMG_0001.heic"),
                ("images/page.html", "media/page.html"),
            ],
        ),
        Scene::new("csv", "check --offline @assets.csv --column url", &[]).with("assets.csv", table),
    ];
    for scene in scenes {
        let shown = scene.expect().expect("a terminal");
        assert!(!shown.contains("canary") && !shown.is_empty(), "{shown}");
    }
}
