//! The HTML report: a page that any reader can check, in which nothing from outside is more than text.

use std::fs;
use std::path::Path;

use roxmltree::{Document, ParsingOptions};
use rustls::SupportedCipherSuite;
use rustls::crypto::ring;

use crate::program::program;

/// Reads a page as XML, which every page of ours is as well.
#[track_caller]
pub(crate) fn read(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The elements of a page.
const ELEMENTS: [&str; 49] = [
    "html",
    "head",
    "meta",
    "link",
    "title",
    "style",
    "body",
    "header",
    "h1",
    "h2",
    "h3",
    "p",
    "form",
    "label",
    "select",
    "option",
    "button",
    "output",
    "main",
    "article",
    "section",
    "b",
    "i",
    "code",
    "pre",
    "mark",
    "small",
    "dl",
    "dt",
    "dd",
    "br",
    "a",
    "details",
    "summary",
    "figure",
    "figcaption",
    "span",
    "div",
    "img",
    "svg",
    "path",
    "rect",
    "image",
    "footer",
    "script",
    "em",
    "ul",
    "li",
    "time",
];

/// Expects a page in which text from outside is text: no other elements, no handlers, no addresses but our own pages and
/// pictures, and one script, which the policy names.
#[track_caller]
pub(crate) fn expect_html(text: &str) {
    let document = read(text);
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        assert!(ELEMENTS.contains(&name), "<{name}>");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && key != "style", "{name} {key}");
            match (name, key) {
                ("a", "href") => assert!(value.starts_with("https://"), "{value}"),
                ("link", "href") => assert_eq!(value, "data:,"),
                ("img", "src") | ("image", "href") => {
                    assert!(value.starts_with("data:image/") || value.starts_with("./"), "{value}");
                }
                (_, "src" | "href" | "srcset" | "action" | "formaction") => panic!("{name} {key}"),
                _ => {}
            }
        }
    }
    let only = |name: &str| {
        let found: Vec<_> = document.descendants().filter(|node| node.has_tag_name(name)).collect();
        assert_eq!(found.len(), 1, "{name}");
        found[0].text().expect("a text").to_owned()
    };
    let equiv = document.descendants().find(|node| node.attribute("http-equiv").is_some()).expect("a policy");
    assert_eq!(equiv.attribute("content"), Some(policy(&only("style"), &only("script")).as_str()), "BLESS=1 writes it");
}

/// Returns the policy for a style and a script.
fn policy(style: &str, script: &str) -> String {
    let suites = ring::default_provider().cipher_suites;
    let sha256 = suites.iter().find_map(|suite| {
        let SupportedCipherSuite::Tls13(suite) = suite else { return None };
        Some(suite.common.hash_provider).filter(|hash| hash.output_len() == 32)
    });
    let hash = |text: &str| base64(sha256.expect("SHA-256").hash(text.as_bytes()).as_ref());
    format!(
        "default-src 'none'; img-src data: 'self' file:; style-src 'sha256-{}'; script-src 'sha256-{}'; \
         base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let quads = bytes.chunks(3).flat_map(|chunk| {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        (0..4).map(move |digit| {
            let value = bits >> (18 - 6 * digit) & 63;
            if digit > chunk.len() { '=' } else { char::from(DIGITS[usize::try_from(value).expect("small")]) }
        })
    });
    quads.collect()
}

#[test]
fn html_policy_names_the_style_and_the_script() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/output/html");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file");
    let expected = format!("{}\n", policy(&read("report.css"), &read("report.js")));
    if std::env::var_os("BLESS").is_some() {
        fs::write(folder.join("policy.txt"), &expected).expect("the policy is written");
    }
    assert_eq!(read("policy.txt"), expected, "BLESS=1 cargo test html_policy writes it");
    assert_eq!(base64(b"a"), "YQ==");
    assert_eq!(base64(b"ab"), "YWI=");
    assert_eq!(base64(b"abc"), "YWJj");
}

#[test]
fn the_expectations_of_a_page_can_fail() {
    let page = |body: &str| format!("<!DOCTYPE html><html><head></head><body>{body}</body></html>");
    for body in [
        "<iframe />",
        "<p onclick=\"x\" />",
        "<a href=\"javascript:x\">x</a>",
        "<img src=\"https://h/a.png\" />",
        "<p>",
    ] {
        let text = page(body);
        assert!(std::panic::catch_unwind(|| expect_html(&text)).is_err(), "{body}");
    }
}

/// Writes a page about assets, in a folder.
fn page(folder: &Path, arguments: &[&str]) -> String {
    program().current_dir(folder).args(["check", "--offline", "-o", "out/r.html", "-f", "html"]).args(arguments).run();
    fs::read_to_string(folder.join("out/r.html")).expect("a report")
}

#[test]
fn small_pictures_are_in_the_page_and_large_ones_next_to_it() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/images");
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let hostile = "a b'\"><img src=x onerror=alert(1)>?#%.jpg";
    let bytes = fs::read(fixtures.join("photo.jpg")).expect("a picture");
    fs::write(folder.path().join(hostile), [&bytes[..], &vec![0; 70_000]].concat()).expect("written");
    fs::copy(fixtures.join("2400x1000.png"), folder.path().join("small.png")).expect("copied");
    fs::copy(fixtures.join("page.html"), folder.path().join("page.png")).expect("copied");
    let text = page(folder.path(), &["--model", "gen4_turbo", &format!("./{hostile}"), "small.png", "page.png"]);
    expect_html(&text);
    let document = read(&text);
    let sources: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("img"))
        .filter_map(|node| node.attribute("src"))
        .collect();
    assert_eq!(sources.len(), 2, "{sources:?}");
    assert_eq!(sources[0], "./../a%20b%27%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E%3F%23%25.jpg");
    assert!(sources[1].starts_with("data:image/png;base64,"), "{}", sources[1]);
    let kept = document.descendants().find(|node| node.attribute("class") == Some("kept")).expect("a box");
    assert_eq!((kept.attribute("x"), kept.attribute("width")), (Some("21"), Some("2358")));
}

#[test]
fn a_page_of_a_thousand_assets_stays_small() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let row = |n: usize| match n % 4 {
        0 => format!("http://cdn{n}.example.com/{}/photo-{n}.jpg?X-Amz-Signature=canary", "folder".repeat(8)),
        1 => format!("https://10.0.0.{}/photo.png", n % 250),
        2 => format!("https://cdn.example.com/assets/products/{n}/main-picture.png?w=1200"),
        _ => format!("ftp://files.example.com/{n}.mp4"),
    };
    let list: Vec<String> = (0..1000).map(row).collect();
    fs::write(folder.path().join("list.txt"), list.join("\n")).expect("written");
    let text = page(folder.path(), &["@list.txt"]);
    assert_eq!(text.matches("<article").count(), 1000);
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
    assert!(!text.contains("canary"));
    expect_html(&text);
}

#[test]
fn pictures_have_a_budget() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/images");
    let bytes = fs::read(fixtures.join("photo.jpg")).expect("a picture");
    // Seventy of 62 KiB are more than 4 MiB.
    let padded = [&bytes[..], &vec![0; 62 * 1024 - bytes.len()]].concat();
    for n in 0..70 {
        fs::write(folder.path().join(format!("{n}.jpg")), &padded).expect("written");
    }
    let text = page(folder.path(), &["."]);
    let count = |start: &str| text.matches(start).count();
    assert_eq!((count("src=\"data:image/jpeg"), count("src=\"./../")), (66, 4));
    assert!(text.len() < 6 << 20, "{} bytes", text.len());
}
