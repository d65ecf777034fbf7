//! Every model and field with limits on images: for every picture, the result is accepted or the refusal says why.

use std::collections::BTreeSet;
use std::time::Duration;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgba, RgbaImage};
use runway_preflight::rules::limits::Metric;
use runway_preflight::{Kind, RuleSet};

use super::Folder;
use super::images::noise;
use crate::program::program;

/// Pictures of unusual sizes in every format that is read, with and without transparency.
fn pictures(folder: &Folder) -> Vec<&'static str> {
    let clear = |width, height| {
        DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, |x, y| {
            let [shade, alpha] = [x, y].map(|place| u8::try_from(place % 256).unwrap_or_default());
            Rgba([shade, 90, 200, alpha])
        }))
    };
    let gray = DynamicImage::ImageLuma8(GrayImage::from_pixel(640, 480, Luma([77])));
    let rows = [
        ("dot.png", noise(1, 1), ImageFormat::Png),
        ("tall.png", clear(37, 900), ImageFormat::Png),
        ("wide.jpg", noise(1201, 199), ImageFormat::Jpeg),
        ("gray.jpg", gray, ImageFormat::Jpeg),
        ("clear.gif", clear(259, 257), ImageFormat::Gif),
        ("photo.bmp", noise(320, 240), ImageFormat::Bmp),
        ("photo.tiff", clear(500, 300), ImageFormat::Tiff),
        ("strip.webp", clear(2001, 3), ImageFormat::WebP),
    ];
    rows.map(|(name, picture, format)| {
        picture.save_with_format(folder.path(name), format).expect("saved");
        name
    })
    .to_vec()
}

/// Every model, endpoint and field with a limit on the size or ratio of images.
fn places() -> BTreeSet<Vec<String>> {
    let rules = RuleSet::embedded();
    let rows = [Metric::Side, Metric::Pixels, Metric::AspectRatio].into_iter().flat_map(|metric| rules.limits(metric));
    let mut places = BTreeSet::from([Vec::new()]);
    for row in rows.filter(|row| row.kind == Some(Kind::Image)) {
        let field = row.fields.first().cloned().unwrap_or_default();
        for endpoint in &row.endpoints {
            let place = vec!["--endpoint".to_owned(), endpoint.clone(), "--field".to_owned(), field.clone()];
            if row.models.is_empty() {
                places.insert(place.clone());
            }
            for model in &row.models {
                places.insert([place.as_slice(), &["--model".to_owned(), model.clone()]].concat());
            }
        }
    }
    places
}

#[test]
fn every_result_is_accepted_where_it_is_meant_to_go() {
    let folder = Folder::new();
    let pictures = pictures(&folder);
    let places = places();
    assert!(places.len() > 20, "{places:?}");
    let ways = [["--crop", "url"], ["--pad=blur", "data-uri"], ["--pad=white", "upload"]];
    for (index, place) in places.iter().enumerate() {
        let [reshape, transport] = ways[index % ways.len()];
        let out = format!("out{index}");
        let place: Vec<&str> = place.iter().map(String::as_str).chain(["--as", transport]).collect();
        let flags = [&place[..], &[reshape, "-f", "json", "--output-dir", &out], &pictures[..]].concat();
        for line in folder.fix(&flags).json_lines() {
            let outcome = line["outcome"].as_str().unwrap_or_default();
            let too_small = outcome == "still-rejected" && line["after"]["findings"][0]["code"] == "upload-too-small";
            let unchanged = outcome == "already-accepted";
            assert!(outcome == "fixed" || unchanged || too_small, "{place:?}: {line:#}");
        }
        let mut results: Vec<String> = std::fs::read_dir(folder.path(&out))
            .expect("a folder")
            .map(|entry| format!("{out}/{}", entry.expect("an entry").file_name().to_string_lossy()))
            .collect();
        results.sort();
        let results: Vec<&str> = results.iter().map(String::as_str).collect();
        assert!(!results.is_empty(), "{place:?}");
        folder.accepts(&[&place[..], &results].concat());
    }
}

/// Makes a plain picture, which compresses well however large it is, and expects an action and an accepted result.
#[track_caller]
fn expect_fixed(size: (u32, u32), name: &str, flags: &[&str], action: &str) {
    let folder = Folder::new();
    let plain = DynamicImage::ImageLuma8(GrayImage::from_pixel(size.0, size.1, Luma([77])));
    plain.save(folder.path(name)).expect("saved");
    let run = program().current_dir(folder.path("")).args(["fix", "--output-dir", "out", name]).args(flags);
    run.time_out(Duration::from_secs(900)).run().exits(0).says(action);
    // What `check` does not take.
    let is_shared = |flag: &&str| !["--crop", "--pad"].iter().any(|other| flag.starts_with(other));
    let result = format!("out/{name}");
    folder.accepts(&flags.iter().copied().filter(is_shared).chain([result.as_str()]).collect::<Vec<_>>());
}

const ANY: [&str; 2] = ["--ratio", "0.001:1000"];

#[test]
fn long_pictures_are_fixed() {
    expect_fixed((12_000, 90), "a.png", &ANY, "scale: 12000x90 to 8000x60");
    expect_fixed((90, 12_000), "b.jpg", &ANY, "scale: 90x12000 to 60x8000");
    expect_fixed((12_000, 1), "c.png", &["--model", "gen4_turbo", "--crop"], "crop: 12000x1 to 2x1+5999+0");
    expect_fixed((700, 1200), "d.png", &["--ratio", "1:1", "--pad=white"], "pad: 700x1200 to 1200x1200");
}

#[test]
#[ignore = "a build without optimization takes minutes for a hundred megapixels"]
fn the_largest_pictures_are_fixed() {
    expect_fixed((12_000, 9000), "a.png", &ANY, "scale: 12000x9000 to 8000x6000");
    expect_fixed((9000, 12_000), "b.jpg", &ANY, "scale: 9000x12000 to 6000x8000");
    expect_fixed((12_000, 9000), "c.png", &["--ratio", "0.5:1", "--crop=top"], "crop: 12000x9000 to 9000x9000+1500+0");
    expect_fixed((8001, 8001), "d.jpg", &["--model", "gen4_turbo"], "scale: 8001x8001 to 8000x8000");
}
