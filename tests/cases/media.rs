//! Media headers, read from a URL, a file and a data URI.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::table::{ACCEPTED, REJECTED, Row, UNDECIDED, detail, online, row};
use crate::program::program;

/// Returns the paths of all fixtures that are media, or are named like them.
fn fixtures(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(format!("{}/fixtures/{folder}", env!("CARGO_MANIFEST_DIR"))).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let mut paths: Vec<String> =
        names.filter(|name| name != "README.md").map(|name| format!("fixtures/{folder}/{name}")).collect();
    paths.sort();
    paths
}

fn rows() -> Vec<Row> {
    let dimensions =
        |got: &str| format!("Invalid asset dimensions. Height and width must not exceed 8000px. Got {got}.");
    let unsupported = |name: &str| format!("Unsupported Content-Type response header: \"{name}\".");
    let of = |case, name: &str, expected: String, codes| row(case, format!("/file/images/{name}"), expected, codes);
    let fine = |case, name: &str, codes| of(case, name, ACCEPTED.to_owned(), codes);
    let broken = |case, name: &str| of(case, name, REJECTED.to_owned(), "unreadable-media");
    let foreign =
        |case, name: &str, kind: &str| of(case, name, unsupported(kind), "unsupported-content-type unreadable-media");
    let clip = |case, name: &str, codes| row(case, format!("/file/video/{name}"), ACCEPTED, codes);
    vec![
        fine("M03", "8000x8000.png", "exactly-8000px"),
        of("M03", "8001x1.png", dimensions("8001x1"), "dimensions-too-large aspect-ratio-outside"),
        of("M03", "9000x100.png", dimensions("9000x100"), "dimensions-too-large aspect-ratio-outside"),
        broken("M03", "zero-size.png"),
        broken("M03", "bad-crc.png"),
        broken("M03", "cgbi.png"),
        broken("M03", "truncated.png"),
        fine("M05", "apng.png", "animated"),
        fine("M06", "icc-300k.jpg", ""),
        fine("M06", "fill-bytes.jpg", ""),
        fine("M06", "trailer.jpg", ""),
        fine("M06", "rotated-6.jpg", ""),
        broken("M06", "dnl.jpg"),
        broken("M06", "junk-first.jpg"),
        broken("M06", "zero-width.jpg"),
        fine("M07", "cmyk.jpg", "unusual-encoding"),
        fine("M07", "arithmetic.jpg", "unusual-encoding"),
        fine("M07", "lossless.jpg", "unusual-encoding"),
        fine("M07", "twelve-bit.jpg", "unusual-encoding"),
        broken("M07", "truncated.jpg"),
        foreign("M08", "still.gif", "image/gif"),
        foreign("M08", "old.tiff", "image/tiff"),
        foreign("M08", "old.bmp", "image/bmp"),
        foreign("M08", "drawing.svg", "image/svg+xml"),
        fine("M09", "animated.webp", "animated"),
        fine("M09", "alpha-lossless.webp", ""),
        broken("M09", "canvas-mismatch.webp"),
        broken("M09", "truncated.webp"),
        row("M11", "/labelled/image%2Fpng/images/drawing.svg", REJECTED, "unreadable-media"),
        row("M11", "/labelled/image%2Fpng/images/old.ico", REJECTED, "unreadable-media"),
        row("M11", "/labelled/image%2Fpng/images/old.bmp", REJECTED, "unreadable-media"),
        row("M11", "/labelled/image%2Fjpeg/images/old.tiff", REJECTED, "unreadable-media"),
        row("M11", "/labelled/image%2Fjpeg/images/old.psd", REJECTED, "unreadable-media"),
        row("M11", "/labelled/image%2Fwebp/images/photo.avif", REJECTED, "unreadable-media"),
        row("M11", "/labelled/video%2Fmp4/images/photo.png", REJECTED, "unreadable-media type-mismatch"),
        row("M11", "/labelled/audio%2Fmpeg/video/h264-aac.mp4", REJECTED, "unreadable-media type-mismatch"),
        row("M11", "/labelled/image%2Fpng/images/page.html", REJECTED, "unreadable-media"),
        clip("M13", "h264-aac.mp4", ""),
        clip("M13", "h264-aac-faststart.mp4", ""),
        clip("M13", "fragmented.mp4", ""),
        clip("M14", "rotated-90.mp4", ""),
        clip("M14", "anamorphic.mp4", "exif-rotated"),
        row("M23", "/labelled/image%2Fpng/images/polyglot.gif", REJECTED, "unreadable-media"),
        fine("M23", "png-and-zip.png", ""),
    ]
}

#[test]
fn every_media_header_gets_the_result_of_its_row() {
    let rows = rows();
    let reports = online(&rows, &[]);
    let of = |asset: &str| {
        let at = rows.iter().position(|row| row.asset() == asset.as_bytes()).unwrap_or_else(|| panic!("no {asset}"));
        &reports[at]
    };
    for (asset, words) in [
        ("/labelled/image%2Fpng/images/drawing.svg", "SVG"),
        ("/labelled/image%2Fpng/images/polyglot.gif", "GIF"),
        ("/labelled/image%2Fwebp/images/photo.avif", "AVIF"),
        ("/file/images/cgbi.png", "CgBI"),
    ] {
        let told = detail(of(asset), "unreadable-media");
        assert!(told.contains(words), "{asset}: {told}");
    }
    let page = of("/labelled/image%2Fpng/images/page.html")["findings"].as_array().expect("findings");
    let hint = page.iter().find(|finding| finding["code"] == "unreadable-media").map(|finding| &finding["hint"]);
    let expected = "Send the URL of the file itself: this URL returns an HTML page (preview, login or error page).";
    assert_eq!(hint, Some(&expected.into()));
    // M06: as stored and as shown.
    let media = &of("/file/images/rotated-6.jpg")["observed"]["media"];
    assert_eq!((&media["width"], &media["displayed_width"]), (&64.into(), &48.into()));
}

/// The window is 1.2 to 1.4: 64x48 as stored is within, 48x64 as shown is not.
#[test]
fn m06_m22_ratio_limits_are_exact_and_a_rotated_image_is_undecided() {
    let outside = |got: &str| {
        format!("Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2.358. Got {got}.")
    };
    let of = |name: &str, expected: String, codes| row("M22", format!("/file/images/{name}"), expected, codes);
    let rows = [
        of("500x1000.png", ACCEPTED.to_owned(), ""),
        of("499x1000.png", outside("0.499"), "aspect-ratio-outside"),
        of("2358x1000.png", ACCEPTED.to_owned(), ""),
        of("2359x1000.png", outside("2.359"), "aspect-ratio-outside"),
        of("8000x1.png", outside("8000"), "exactly-8000px aspect-ratio-outside"),
        of("1x8000.png", outside("0"), "exactly-8000px aspect-ratio-outside"),
    ];
    online(&rows, &["--ratio", "0.5:2.358"]);
    online(&[row("M06", "/file/images/rotated-6.jpg", UNDECIDED, "exif-rotated")], &["--ratio", "1.2:1.4"]);
}

/// Every fixture gives the same facts as a URL, a file and a data URI.
#[test]
fn m01_a_url_a_file_and_a_data_uri_give_the_same_facts() {
    let paths: Vec<String> =
        ["images", "audio", "video", "video-other"].iter().flat_map(|folder| fixtures(folder)).collect();
    let server = super::table::server();
    let facts = |assets: Vec<String>| -> Vec<Value> {
        let flags = ["check", "-f", "jsonl", "-j", "8", "--per-host", "8", "-"];
        let outcome = program().args(flags).args(server.flags()).stdin(assets.join("\n")).run();
        let reports = outcome.json_lines();
        assert_eq!(reports.len(), paths.len(), "{outcome}");
        reports.into_iter().map(|report| report["observed"]["media"].clone()).collect()
    };
    let urls = facts(paths.iter().map(|path| server.url("cdn", &path.replacen("fixtures/", "/file/", 1))).collect());
    let inline =
        |path: &String| format!("data:image/png;base64,{}", STANDARD.encode(fs::read(path).expect("a fixture")));
    let inlined = facts(paths.iter().map(inline).collect());
    let files = facts(paths.clone());
    for (at, path) in paths.iter().enumerate() {
        assert_eq!(files[at], urls[at], "{path}: file and URL");
        assert_eq!(files[at], inlined[at], "{path}: file and data URI");
    }
}

/// A path that is not a regular file, or a file larger than any asset, is refused without reading it to the end.
#[test]
fn m24_special_files_are_refused_and_a_huge_sparse_file_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    symlink(path("loop"), path("loop")).expect("a link");
    symlink("/dev/zero", path("zero.png")).expect("a link");
    File::create(path("giant.png")).and_then(|file| file.set_len(10 << 30)).expect("a sparse file");
    let named = [path("loop"), path("zero.png"), folder.path().to_owned(), "/proc/self/mem".into(), path("giant.png")];
    let begun = Instant::now();
    let lines: Vec<String> = named.iter().map(|path: &std::path::PathBuf| format!("{}\n", path.display())).collect();
    let list = lines.concat();
    let outcome = program().args(["check", "--offline", "-f", "jsonl", "-"]).stdin(list).run().exit_code(1);
    assert!(begun.elapsed() < Duration::from_secs(10), "{outcome}");
    let reports = outcome.json_lines();
    let verdicts: Vec<&str> = reports.iter().map(|report| report["verdict"].as_str().expect("a verdict")).collect();
    assert_eq!(verdicts, [UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, REJECTED], "{outcome}");
    for report in &reports[..4] {
        assert_eq!(report["findings"][0]["code"], "unreadable-file");
    }
}

/// Names inside files are untrusted text too.
#[test]
fn m21_names_inside_media_are_escaped_and_truncated() {
    let mut bytes = fs::read("fixtures/video/h264-aac.mp4").expect("a fixture");
    let at = bytes.windows(4).rposition(|four| four == b"avc1").expect("a sample entry");
    bytes[at..at + 4].copy_from_slice(b"\x1b[2J");
    let hdlr = bytes.windows(4).position(|four| four == b"hdlr").expect("a handler");
    bytes[hdlr + 24..hdlr + 28].copy_from_slice(b"\x1b]0;");
    let file = tempfile::Builder::new().suffix(".mp4").tempfile().expect("a file");
    fs::write(file.path(), bytes).expect("room");
    let outcome = program().args(["check", "--offline"]).arg(file.path()).run().exit_code(1);
    assert!(!outcome.stdout.contains('\x1b') && outcome.stdout.contains("\\x1b[2J"), "{outcome}");
    assert!(outcome.stdout.lines().all(|line| line.len() < 1000), "{outcome}");
}

/// Phones store depth maps of megabytes before the size of a photo, and music stores cover art before the duration.
#[test]
fn metadata_of_megabytes_do_not_hide_the_size_and_the_duration() {
    let photo = fs::read("fixtures/images/299x400.jpg").expect("a fixture");
    let xmp =
        [&[0xff, 0xe1, 0xff, 0xff][..], b"http://ns.adobe.com/xmp/extension/\0", &vec![b'Z'; 0xffff - 37]].concat();
    let sound = fs::read("fixtures/video/aac.m4a").expect("a fixture");
    let moov = sound.windows(4).rposition(|four| four == b"moov").expect("an index") - 4;
    let cover = [&(3_000_008_u32).to_be_bytes()[..], b"udta", &vec![b'Z'; 3_000_000]].concat();
    let length = u32::try_from(sound.len() - moov + cover.len()).expect("a length").to_be_bytes();
    for (name, bytes, flags, code) in [
        (
            "photo.jpg",
            [&photo[..2], &xmp.repeat(80), &photo[2..]].concat(),
            ["--model", "happyhorse_1_0", "--field", "promptImage"],
            "size-outside",
        ),
        (
            "song.m4a",
            [&sound[..moov], &length, &sound[moov + 4..], &cover].concat(),
            ["--endpoint", "voice_isolation", "--kind", "audio"],
            "duration-outside",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("room");
        let outcome = program().args(["check", "--offline", "-f", "concise"]).args(flags).arg(&path).run().exit_code(1);
        assert!(outcome.stdout.contains(&format!("error[{code}]")), "{outcome}");
    }
}

/// Files from the wild: the deciding fact is reported, nothing is guessed, and files that clients read are not
/// rejected.
#[test]
fn media_from_the_wild_are_checked_by_what_clients_read() {
    let check = |name: &str, flags: &[&str]| {
        let path = format!("fixtures/wild/{name}");
        let outcome =
            program().args(["check", "--offline", "-f", "jsonl", "--exit-zero", &path]).args(flags).run().exit_code(0);
        let report = outcome.json_lines().remove(0);
        let codes = report["findings"].as_array().expect("findings").iter();
        let codes: Vec<String> = codes
            .filter(|finding| finding["severity"] != "note")
            .map(|finding| finding["code"].as_str().expect("a code").to_owned())
            .collect();
        (report["verdict"].as_str().expect("a verdict").to_owned(), codes.join(" "))
    };
    let aleph = ["--model", "aleph2", "--endpoint", "video_to_video"];
    for (name, flags, verdict, codes) in [
        ("begins-in-a-frame.mp3", &[][..], ACCEPTED, "leading-bytes"),
        ("line-feed.mp3", &[], ACCEPTED, "leading-bytes"),
        ("cut.jpg", &[], ACCEPTED, "truncated-media"),
        ("cut.png", &[], ACCEPTED, "truncated-media"),
        ("cut.mp3", &[], ACCEPTED, "truncated-media"),
        ("cut.mp4", &[], ACCEPTED, "truncated-media"),
        ("mdhd-short.mp4", &aleph, UNDECIDED, "durations-differ"),
        ("mvhd-short.mp4", &aleph, UNDECIDED, "durations-differ"),
        ("mvhd-long.mp4", &aleph, UNDECIDED, "durations-differ"),
        ("30.02fps.mp4", &aleph, ACCEPTED, "fps-outside"),
        ("variable-30.02fps.mp4", &aleph, ACCEPTED, "fps-outside"),
        ("60s-fragmented.mp4", &aleph, REJECTED, "duration-outside"),
        ("60s-live.webm", &aleph, REJECTED, "duration-outside"),
        ("one-fragment-60fps.mp4", &aleph, REJECTED, "fps-outside"),
        ("frame-fragments-60fps.mp4", &aleph, REJECTED, "fps-outside"),
        ("indexed-fragments.mp4", &aleph, ACCEPTED, ""),
        // Decoders do not look at the brand, and recorders write several.
        ("voice-3gp.m4a", &["--kind", "audio"], ACCEPTED, ""),
        ("voice-quicktime.m4a", &["--kind", "audio"], ACCEPTED, ""),
        ("voice-3gp.m4a", &["--endpoint", "voice_isolation"], REJECTED, "duration-outside"),
        // Its duration is not known, so the limit cannot be checked.
        ("rifx.wav", &[], ACCEPTED, ""),
        ("rifx.wav", &["--endpoint", "voice_isolation"], UNDECIDED, "incomplete-media"),
    ] {
        let (seen, found) = check(name, flags);
        assert_eq!(seen, verdict, "{name}: {found}");
        assert!(found.contains(codes), "{name}: {found}");
    }
    let wrapped =
        ["bom.png", "line-feed.png", "php-warning.jpg", "form-envelope.jpg", "aws-chunked.png", "read-as-text.jpg"];
    for name in wrapped {
        let (seen, found) = check(name, &[]);
        assert!(seen == REJECTED && found.contains("unreadable-media"), "{name}: {found}");
    }
}

/// What other people's encoders write differently is read, and what the API does not take is named.
#[test]
fn facts_that_encoders_write_differently_are_read() {
    let media = |name: &str| {
        let path = format!("fixtures/wild/{name}");
        let outcome = program().args(["check", "--offline", "-f", "json", "--exit-zero", &path]).run().exit_code(0);
        outcome.json()["assets"][0]["observed"]["media"].clone()
    };
    assert_eq!(media("comment-exif.jpg")["orientation"], 6);
    assert_eq!(media("exif-last.png")["orientation"], 6);
    for name in ["no-frames.png", "piped-apng.png"] {
        assert_eq!((&media(name)["format"], &media(name)["animated"]), (&"png".into(), &Value::Null), "{name}");
    }
    for (name, format) in [
        ("gstreamer.mkv", "mkv"),
        ("gstreamer.webm", "webm"),
        ("phone.3g2", "3g2"),
        ("sound.caf", "caf"),
        ("sound.w64", "w64"),
        ("icon.icns", "icns"),
    ] {
        assert_eq!(media(name)["format"], format, "{name}");
    }
    for (name, says) in
        [("sound.caf", "a Core Audio file"), ("sound.w64", "a Wave64 file"), ("icon.icns", "an Apple icon")]
    {
        let path = format!("fixtures/wild/{name}");
        program().args(["check", "--offline", &path]).run().exit_code(1).stdout_contains(says);
    }
}
