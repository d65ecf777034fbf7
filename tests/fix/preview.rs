//! The page that shows each file before and after.

use std::fs;

use roxmltree::Document;

use super::Folder;
use crate::html::{expect_html, read};

/// Returns every value of an attribute of elements with a name.
fn values(document: &Document<'_>, element: &str, attribute: &str) -> Vec<String> {
    let found = document.descendants().filter(|node| node.has_tag_name(element));
    found.filter_map(|node| node.attribute(attribute).map(str::to_owned)).collect()
}

#[test]
fn before_after_and_the_part_that_is_kept_are_shown() {
    let folder = Folder::new().with("images/2400x1000.png").with("images/photo.jpg");
    let flags = ["--model", "gen4_turbo", "--crop", "--report", "html=report.html"];
    folder.fix(&[&flags[..], &["2400x1000.png", "photo.jpg"]].concat()).exit_code(0);
    let text = fs::read_to_string(folder.path("report.html")).expect("a report");
    expect_html(&text);
    let document = read(&text);
    let kept = document.descendants().find(|node| node.attribute("class") == Some("kept")).expect("a box");
    let side = |name: &str| kept.attribute(name).expect("a number").to_owned();
    assert_eq!(["x", "y", "width", "height"].map(side), ["21", "0", "2358", "1000"]);
    let pictures = values(&document, "img", "src");
    assert!(pictures.iter().all(|source| source.starts_with("data:image/")), "{pictures:?}");
    assert_eq!(pictures.len(), 3, "before, after, and one that was accepted");
    assert!(text.contains("2400x1000 to 2358x1000+21+0") && text.contains("already accepted"), "{text}");
    assert_eq!(values(&document, "article", "data-verdict"), ["fixed", "already-accepted"]);
}

#[test]
fn a_dry_run_shows_the_same_and_writes_no_picture() {
    let folder = Folder::new().with("images/2400x1000.png");
    let case = |flag: &str, inner: [&str; 4], view: &str| {
        let flags = ["--model", "gen4_turbo", flag, "--dry-run", "--report", "html=report.html", "2400x1000.png"];
        folder.fix(&flags).exit_code(0).stdout_contains("planned");
        let text = fs::read_to_string(folder.path("report.html")).expect("a report");
        expect_html(&text);
        let document = read(&text);
        let image = document.descendants().find(|node| node.has_tag_name("image")).expect("a preview");
        let drawing = image.parent_element().expect("a drawing");
        let side = |name: &str| drawing.attribute(name).expect("a number").to_owned();
        assert_eq!(["x", "y", "width", "height"].map(side), inner);
        assert_eq!(drawing.attribute("viewBox"), Some(view));
        assert_eq!(folder.names(), ["2400x1000.png", "report.html"]);
    };
    case("--crop", ["0", "0", "2358", "1000"], "21 0 2358 1000");
    case("--pad=white", ["0", "9", "2400", "1000"], "0 0 2400 1000");
}

#[test]
fn a_report_that_cannot_be_written_is_known_before_anything_is_fixed() {
    let folder = Folder::new().with("images/still.gif");
    folder
        .fix(&["still.gif", "--report", "html=missing/report.html"])
        .exit_code(4)
        .stderr_contains("cannot be written");
    folder
        .fix(&["still.gif", "--report", "pdf=report.pdf"])
        .exit_code(2)
        .stderr_contains("the format is one of text, json, html");
    folder
        .fix(&["still.gif", "--report", "html=a", "--report", "json=a"])
        .exit_code(2)
        .stderr_contains("the same file");
    assert_eq!(folder.names(), ["still.gif"]);
}
