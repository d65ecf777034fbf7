//! Random secrets, in random encodings, in every place where a host can put them: no output contains a part of them.

use std::fs;

use serde_json::json;

use super::{checked, percent};
use crate::all_formats::{RunOutputs, writings};
use crate::program::program;
use crate::server::Server;
use crate::server::echo::PLACES;

/// A linear congruential generator: the same secrets in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn pick(&mut self, letters: &[u8]) -> char {
        char::from(letters[self.below(letters.len())])
    }

    /// Returns three words of eight letters or more, with the symbols of signatures between them.
    fn secret(&mut self) -> Vec<String> {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..3).map(|_| (0..8 + self.below(6)).map(|_| self.pick(letters)).collect()).collect()
    }
}

#[test]
fn k04_no_part_of_a_random_secret_is_in_any_output() {
    let server = Server::start();
    let mut random = Random(20_261_129);
    let mut words = Vec::new();
    let mut urls = Vec::new();
    for seed in 0..4 {
        for place in PLACES {
            let secret = random.secret();
            let joined = secret.join(&random.pick(b"/+=-_&.").to_string());
            urls.push(server.url("cdn", &format!("/echo/{place}/random-{seed}?s={}", percent(&joined))));
            words.extend(secret);
        }
    }
    let written = checked(&server.flags(), &urls);
    expect_none(&written, &words);
}

#[track_caller]
fn expect_none(written: &RunOutputs, words: &[String]) {
    let is_telling = |line: &&str| words.iter().any(|word| line.contains(word.as_str()));
    for (name, text) in written.all() {
        let telling: Vec<&str> = text.lines().filter(is_telling).take(20).collect();
        assert!(telling.is_empty(), "in {name}:\n{}", telling.join("\n"));
    }
}

/// What may stand around a URL, and what may stand in the place of `://`.
const QUOTES: [(&str, &str); 7] = [("", ""), ("\"", "\""), ("'", "'"), ("<", ">"), ("(", ")"), ("/", ""), (" ", "")];
const SIGNS: [&str; 16] = [
    "://",
    "//",
    ";//",
    ":://",
    ".//",
    "\\\\",
    ": //",
    " :// ",
    ":/",
    ":///",
    "/:/",
    ":\\\\",
    "%3A%2F%2F",
    ":",
    "/",
    "\\",
];
/// After the last three of these, what is before an `@` without a colon may be the name of a file.
const DOUBTFUL: [&str; 3] = [":", "/", "\\"];

/// What is before a signature whose question mark was lost, or escaped by JSON.
const QUERIES: [&str; 6] = [
    "&sig=",
    "\\u003fsig\\u003d",
    "&X-Amz-Date=20260101T000000Z&X-Amz-Signature=",
    " X-Amz-Signature=",
    "+X-Goog-Signature=",
    "<X-Amz-Security-Token=",
];

/// Writes a URL with a secret as its password or user and in its query, as people mistype it.
fn mistyped(random: &mut Random, secret: &str) -> String {
    let mut scheme = b"https".to_vec();
    let at = random.below(scheme.len() - 1);
    match random.below(6) {
        0 => drop(scheme.remove(at)),
        1 => scheme.insert(at, scheme[at]),
        2 => scheme.swap(at, at + 1),
        3 => scheme.make_ascii_uppercase(),
        _ => {}
    }
    let (opening, closing) = QUOTES[random.below(QUOTES.len())];
    let sign = SIGNS[random.below(SIGNS.len())];
    let users =
        [format!("user:{secret}@"), format!("{secret}:{secret}@"), format!("{secret}@"), format!("u:p/{secret}@")];
    let user = &users[random.below(if DOUBTFUL.contains(&sign) { 2 } else { users.len() })];
    let scheme = String::from_utf8(scheme).expect("letters");
    let url = format!("{scheme}{sign}{user}h.example/a.png?sig={secret}");
    let url = match random.below(6) {
        0 => percent(&url),
        1 => percent(&percent(&url)),
        2 => percent(&url).replace("%2F", "/"),
        3 => percent(&url).replace("%2F", "/").replace("%3A", ":"),
        4 => url.replace("?sig=", QUERIES[random.below(QUERIES.len())]),
        _ => url,
    };
    format!("{opening}{url}{closing}")
}

#[test]
fn k04_no_mistyped_url_shows_its_secret() {
    let mut random = Random(20_261_130);
    let (mut words, mut assets) = (Vec::new(), Vec::new());
    for _ in 0..400 {
        let secret = random.secret();
        assets.push(mistyped(&mut random, &secret.concat()));
        words.extend(secret.into_iter().next());
    }
    expect_none(&checked(&["--offline".to_owned()], &assets), &words);
    let body = |asset: &String| {
        json!({"model": "gen4_turbo", "promptImage": asset, "promptText": asset, "ratio": "1280:720"}).to_string()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let bodies = assets.iter().map(body).collect::<Vec<_>>().join("\n");
    fs::write(folder.path().join("bodies"), bodies).expect("a file");
    let body = program().args(["body", "--verbose", "--offline", "--endpoint", "image_to_video", "bodies"]);
    expect_none(&writings(body, folder.path()), &words);
    for asset in assets.iter().take(12) {
        for command in [&["check", "--offline"][..], &["diagnose", "--timeout", "1s"], &["explain"]] {
            let outcome = program().args(command).arg("--").arg(asset).run();
            let shown = words.iter().find(|word| outcome.stdout.contains(*word) || outcome.stderr.contains(*word));
            assert_eq!(shown, None, "{asset}\n{outcome}");
        }
    }
}
