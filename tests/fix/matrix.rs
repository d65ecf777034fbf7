//! Every model and field with limits on images: for every picture, the result is accepted or the refusal says why.

use std::collections::BTreeSet;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::{
    DynamicImage, GrayImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Luma, Rgba, RgbaImage,
};
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

/// A color profile for RGB, longer than a segment of JPEG.
fn profile() -> Vec<u8> {
    let mut profile = vec![7; 70_000];
    profile[16..20].copy_from_slice(b"RGB ");
    profile
}

/// A picture with a color profile and an EXIF orientation, each of another shape.
fn turned(folder: &Folder, orientation: u8) -> String {
    let sizes = [(1, 1), (7, 900), (640, 480), (1201, 300), (300, 1201), (2000, 90), (511, 512), (90, 2000)];
    let (width, height) = sizes[usize::from(orientation) - 1];
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
    encoder.set_exif_metadata([&exif[..], &[orientation], &[0; 6]].concat()).expect("kept");
    encoder.set_icc_profile(profile()).expect("kept");
    noise(width, height).write_with_encoder(encoder).expect("encodes");
    let name = format!("turned{orientation}.jpg");
    std::fs::write(folder.path(&name), bytes).expect("written");
    name
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
        let turned = turned(&folder, u8::try_from(index % 8 + 1).expect("small"));
        let flags = [&place[..], &[reshape, "-f", "json", "--output-dir", &out, &turned], &pictures[..]].concat();
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
        if let Some(result) = results.iter().find(|result| result.contains("turned")) {
            let reader = ImageReader::open(folder.path(result)).expect("readable").with_guessed_format();
            let mut decoder = reader.expect("a format").into_decoder().expect("decodes");
            assert_eq!(decoder.icc_profile().expect("readable"), Some(profile()), "{result}");
            assert_eq!(decoder.exif_metadata().expect("readable"), None, "{result}");
        }
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
    run.time_out(Duration::from_secs(900)).run().exit_code(0).stdout_contains(action);
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
fn a_part_of_the_largest_pictures_is_kept() {
    let narrow = ["--ratio", "0.01:0.012", "--crop=right"];
    expect_fixed((12_000, 9000), "a.png", &narrow, "crop: 12000x9000 to 108x9000+11892+0");
    expect_fixed((9000, 12_000), "b.jpg", &["--ratio", "80:100", "--crop=top"], "crop: 9000x12000 to 9000x112+0+0");
    expect_fixed((12_000, 3000), "c.jpg", &["--ratio", "80:100", "--pad=blur"], "pad: 400x100 to 8000x100");
}

#[test]
fn a_transparent_picture_is_not_copied_to_be_scaled() {
    let folder = Folder::new();
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8001, 1500, Rgba([90, 9, 200, 70])));
    clear.save(folder.path("a.png")).expect("saved");
    let outcome =
        folder.fix(&[&ANY[..], &["a.png"]].concat()).exit_code(0).stdout_contains("scale: 8001x1500 to 8000x1500");
    // The picture and the result have 47 MiB each.
    assert!(outcome.memory < 155_000, "{} KiB", outcome.memory);
    let scaled = image::open(folder.path("a.fixed.png")).expect("decodes").into_rgba8();
    assert_eq!(scaled.get_pixel(4000, 700), &Rgba([91, 7, 200, 70]), "multiplied by 70/255 and back");
}

#[test]
#[ignore = "a build without optimization takes minutes to scale a hundred megapixels"]
fn the_largest_pictures_are_scaled() {
    expect_fixed((12_000, 9000), "a.png", &ANY, "scale: 12000x9000 to 8000x6000");
    expect_fixed((9000, 12_000), "b.jpg", &ANY, "scale: 9000x12000 to 6000x8000");
    expect_fixed((12_000, 9000), "c.png", &["--ratio", "0.5:1", "--crop=top"], "crop: 12000x9000 to 9000x9000+1500+0");
    expect_fixed((8001, 8001), "d.jpg", &["--model", "gen4_turbo"], "scale: 8001x8001 to 8000x8000");
}
