//! Images: conversions, refusals, and files that are never changed.

use std::io::Cursor;
use std::time::Duration;

use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Rgb, RgbImage};

use super::Folder;
use crate::program::{program, skip};

/// A picture that does not compress.
pub(super) fn noise(width: u32, height: u32) -> DynamicImage {
    let mut state = 0x9E37_79B9_u32;
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [red, green, blue, _] = state.to_le_bytes();
        Rgb([red, green, blue])
    }))
}

#[test]
fn rejected_formats_are_converted_to_accepted_ones() {
    let any = ["--ratio", "0.01:100"];
    let case = |fixture: &str, result: &str, action: &str| {
        let name = fixture.rsplit('/').next().expect("a name");
        let folder = Folder::new().with(fixture);
        let before = std::fs::read(folder.path(name)).expect("readable");
        folder.fix(&[&any[..], &[name]].concat()).exit_code(0).stdout_contains(action).stderr_is_empty();
        folder.accepts(&[&any[..], &[result]].concat());
        assert_eq!(std::fs::read(folder.path(name)).expect("readable"), before, "{name} was changed");
        let mut expected = [name, result];
        expected.sort_unstable();
        assert_eq!(folder.names(), expected);
    };
    case("images/still.gif", "still.fixed.jpg", "convert: gif to jpeg");
    case("images/animated.gif", "animated.fixed.jpg", "still: animation to first frame");
    case("images/old.bmp", "old.fixed.jpg", "convert: bmp to jpeg");
    case("images/old.tiff", "old.fixed.jpg", "convert: tiff to jpeg");
    case("images/9000x100.png", "9000x100.fixed.png", "scale: 9000x100 to 8000x89");
}

#[test]
fn an_accepted_file_is_not_rewritten() {
    let folder = Folder::new().with("images/photo.jpg");
    folder.fix(&["photo.jpg"]).exit_code(0).stdout_is("already accepted: photo.jpg\n");
    assert_eq!(folder.names(), ["photo.jpg"]);
    // Another output format is a change.
    folder.fix(&["photo.jpg", "--to", "webp"]).exit_code(0).stdout_contains("convert: jpeg to webp");
    folder.accepts(&["photo.fixed.webp"]);
}

#[test]
fn a_wrong_ratio_needs_crop_or_pad() {
    let folder = Folder::new().with("images/2400x1000.png");
    let model = ["--model", "gen4.5", "2400x1000.png"];
    folder.fix(&model).exit_code(1).stdout_contains(
        "the aspect ratio must change; choose --crop or --pad. crop: keeps 83 %, removes 200 px from each side; \
         pad: adds 100 px to top and bottom",
    );
    assert_eq!(folder.names(), ["2400x1000.png"]);
    folder
        .fix(&[&model[..], &["--crop=left", "-o", "crop.png"]].concat())
        .exit_code(0)
        .stdout_contains("2000x1000+0+0");
    folder
        .fix(&[&model[..], &["--pad=#102030", "-o", "pad.png"]].concat())
        .exit_code(0)
        .stdout_contains("pad: 2400x1000 to 2400x1200");
    folder
        .fix(&[&model[..], &["--pad=blur", "-o", "blur.jpg"]].concat())
        .exit_code(0)
        .stdout_contains("convert: png to jpeg");
    folder.accepts(&["--model", "gen4.5", "crop.png", "pad.png", "blur.jpg"]);
    let padded = image::open(folder.path("pad.png")).expect("decodes").into_rgb8();
    assert_eq!((padded.get_pixel(0, 0).0, padded.get_pixel(0, 1199).0), ([16, 32, 48], [16, 32, 48]));
}

#[test]
fn bytes_are_saved_by_quality_and_then_by_size() {
    let folder = Folder::new();
    noise(1600, 1200).save(folder.path("big.png")).expect("saved");
    folder.fix(&["--as", "data-uri", "big.png"]).exit_code(0).stdout_contains("convert: png to jpeg");
    folder.accepts(&["--as", "data-uri", "big.fixed.jpg"]);
    // The picture is known to have no transparency only after it is decoded, so that --to keeps it lossless.
    folder.fix(&["--as", "data-uri", "--to", "png", "big.png"]).exit_code(0).stdout_contains("scale: 1600x1200 to ");
    folder.accepts(&["--as", "data-uri", "big.fixed.png"]);
}

#[test]
fn json_has_one_object_per_file() {
    let folder = Folder::new().with("images/still.gif").with("images/photo.png").with("images/2400x1000.png");
    let names = ["still.gif", "photo.png", "2400x1000.png"];
    let flags = ["-f", "json", "--ratio", "0.5:2", "--output-dir", "out"];
    let lines = folder.fix(&[&flags[..], &names].concat()).exit_code(1).json_lines();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str().expect("a text")).collect();
    assert_eq!(outcomes, ["fixed", "already-accepted", "refused"]);
    assert_eq!(lines[0]["input"], "still.gif");
    assert_eq!(lines[0]["output"], "out/still.jpg");
    assert_eq!(lines[0]["actions"][0], serde_json::json!({"action": "convert", "from": "gif", "to": "jpeg"}));
    assert_eq!(
        (&lines[0]["before"]["verdict"], &lines[0]["after"]["verdict"]),
        (&"rejected".into(), &"accepted".into())
    );
    assert_eq!(lines[0]["after"]["asset"], "out/still.jpg");
    assert!(lines[1]["output"].is_null() && lines[1]["after"].is_null());
    assert!(lines[2]["message"].as_str().is_some_and(|message| message.contains("pad: adds")));
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = Folder::new().with("images/9000x100.png").with("images/still.gif");
    let outcome = folder
        .fix(&["--dry-run", "--ratio", "0.01:100", "--output-dir", "out", "9000x100.png", "still.gif"])
        .exit_code(0);
    let outcome = outcome
        .stdout_contains("planned: 9000x100.png -> out/9000x100.png")
        .stdout_contains("scale: 9000x100 to 8000x89");
    outcome.stdout_contains("planned: still.gif -> out/still.jpg").stdout_contains("convert: gif to jpeg");
    assert_eq!(folder.names(), ["9000x100.png", "still.gif"]);
}

#[test]
fn files_are_replaced_only_with_force() {
    let folder = Folder::new().with("images/still.gif").with("images/photo.jpg");
    let taken = std::fs::read(folder.path("photo.jpg")).expect("readable");
    folder
        .fix(&["still.gif", "-o", "photo.jpg"])
        .exit_code(4)
        .stdout_contains("it already exists; use --force to overwrite it");
    folder
        .fix(&["still.gif", "-o", "photo.jpg", "--dry-run"])
        .exit_code(0)
        .stdout_contains("convert: gif to jpeg")
        .stdout_contains("it already exists; use --force to overwrite it");
    assert_eq!(std::fs::read(folder.path("photo.jpg")).expect("readable"), taken);
    folder.fix(&["still.gif", "-o", "photo.jpg", "--force"]).exit_code(0);
    assert_ne!(std::fs::read(folder.path("photo.jpg")).expect("readable"), taken);
    // Its name is that of another format, and of its result.
    std::fs::copy(folder.path("still.gif"), folder.path("named.jpg")).expect("copied");
    folder.fix(&["named.jpg", "-o", "named.jpg", "--force"]).exit_code(4).stdout_contains("it is the input");
    std::fs::remove_file(folder.path("named.jpg")).expect("removed");
    std::fs::write(folder.path("target"), "kept").expect("written");
    std::os::unix::fs::symlink("target", folder.path("link.jpg")).expect("a link");
    folder.fix(&["still.gif", "-o", "link.jpg", "--force"]).exit_code(4).stdout_contains("it is not a regular file");
    assert_eq!(std::fs::read_to_string(folder.path("target")).expect("readable"), "kept");
    assert_eq!(folder.names(), ["link.jpg", "photo.jpg", "still.gif", "target"]);
}

#[test]
fn the_profile_stays_and_exif_goes() {
    let mut profile = vec![7; 5000];
    profile[16..20].copy_from_slice(b"RGB ");
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_icc_profile(profile.clone()).expect("kept");
    encoder.set_exif_metadata(b"MM\0*\0\0\0\x08\0\0SECRET".to_vec()).expect("kept");
    noise(900, 90).write_with_encoder(encoder).expect("encodes");
    let folder = Folder::new();
    std::fs::write(folder.path("a.png"), png).expect("written");
    for (to, result) in [("png", "a.fixed.png"), ("jpeg", "a.fixed.jpg"), ("webp", "a.fixed.webp")] {
        folder.fix(&["--ratio", "0.5:2", "--crop", "--to", to, "a.png"]).exit_code(0);
        let bytes = std::fs::read(folder.path(result)).expect("readable");
        assert!(!bytes.windows(6).any(|window| window == b"SECRET"), "{result} has EXIF data");
        let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format().expect("a format");
        let kept = reader.into_decoder().expect("decodes").icc_profile().expect("readable");
        assert_eq!(kept.as_ref(), Some(&profile), "{result}");
    }
}

#[test]
fn decompression_bombs_fail_fast_with_little_memory() {
    let folder = Folder::new();
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend(65_535_u32.to_le_bytes());
    bmp.extend(65_535_u32.to_le_bytes());
    bmp.extend([1, 0, 24, 0]);
    bmp.extend([0; 24]);
    std::fs::write(folder.path("bomb.bmp"), bmp).expect("written");
    let mut gif = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02L\x01\0;".to_vec();
    gif.truncate(30);
    std::fs::write(folder.path("bomb.gif"), gif).expect("written");
    for name in ["bomb.bmp", "bomb.gif"] {
        let outcome = folder.fix(&["--crop", name]).exit_code(1).within(Duration::from_secs(20));
        assert!(outcome.memory < 300_000, "{} KiB\n{outcome}", outcome.memory);
        outcome.stdout_contains("65535x65535 pixels are too many to decode");
    }
    assert_eq!(folder.names(), ["bomb.bmp", "bomb.gif"]);
}

#[test]
fn broken_and_foreign_files_are_refused_with_a_reason() {
    let folder = Folder::new().with("images/drawing.svg").with("images/old.jp2").with("images/page.html");
    folder.fix(&["drawing.svg"]).exit_code(1).stdout_contains("an SVG drawing cannot be decoded");
    folder.fix(&["page.html"]).exit_code(1).stdout_contains("the bytes are an HTML page");
    folder.fix(&["old.jp2"]).exit_code(1).stdout_contains("opj_decompress -i IN.jp2 -o OUT.png");
    folder.fix(&["--kind", "video", "old.jp2"]).exit_code(1).stdout_contains("cannot be converted to a video");
    folder.fix(&["missing.png"]).exit_code(2).stdout_is("").stderr_contains("missing.png cannot be read");
    assert_eq!(folder.names(), ["drawing.svg", "old.jp2", "page.html"]);
}

#[test]
fn heic_and_avif_go_through_another_program() {
    let has =
        |name: &str| std::env::split_paths("/usr/local/bin:/usr/bin:/bin").any(|folder| folder.join(name).exists());
    let folder = Folder::new().with("images/photo.heic").with("images/photo.avif");
    if !has("heif-dec") && !has("heif-convert") {
        skip("there is no heif-dec here");
        folder.fix(&["photo.heic"]).exit_code(1).stdout_contains("heif-dec IN.heic OUT.png");
    } else {
        folder.fix(&["photo.heic"]).exit_code(0).stdout_contains("convert: heic to jpeg");
        folder.accepts(&["photo.fixed.jpg"]);
        folder.fix(&["photo.avif", "-o", "avif.png"]).exit_code(0).stdout_contains("convert: avif to png");
        folder.accepts(&["avif.png"]);
        // The rotation is applied once, although EXIF states it as well.
        let folder = folder.with("images/turned.avif");
        folder.fix(&["turned.avif", "-o", "turned.png"]).exit_code(0).output_lacks("rotate");
        let shown = image::open(folder.path("turned.png")).expect("decodes").to_rgb8();
        let is = |at: (u32, u32), color: [u8; 3]| {
            let Rgb(found) = *shown.get_pixel(at.0, at.1);
            assert!(found.iter().zip(color).all(|(one, other)| one.abs_diff(other) < 30), "{at:?}: {found:?}");
        };
        assert_eq!(shown.dimensions(), (20, 60));
        is((2, 2), [0, 0, 255]);
        is((17, 2), [255, 0, 0]);
        is((2, 57), [255, 255, 0]);
        is((17, 57), [0, 255, 0]);
    }
}

#[test]
fn a_file_that_ends_early_leaves_nothing() {
    let folder = Folder::new();
    let mut bytes = Cursor::new(Vec::new());
    noise(60, 20).write_to(&mut bytes, ImageFormat::Bmp).expect("encodes");
    std::fs::write(folder.path("short.bmp"), &bytes.get_ref()[..600]).expect("written");
    folder.fix(&["short.bmp"]).exit_code(1).stdout_contains("the image cannot be decoded");
    assert_eq!(folder.names(), ["short.bmp"]);
    // The decoder of JPEG makes up the rest, so the result is there, but no one should take it for a good one.
    let folder = Folder::new().with("images/1170x2532.jpg");
    let bytes = std::fs::read(folder.path("1170x2532.jpg")).expect("readable");
    std::fs::write(folder.path("1170x2532.jpg"), &bytes[..bytes.len() / 2]).expect("written");
    let model = ["--model", "gen4_turbo", "--crop", "1170x2532.jpg"];
    folder.fix(&model).exit_code(3).stdout_contains("undecided: 1170x2532.jpg").stdout_contains("may be gray");
}

#[test]
fn usage_is_checked() {
    let case = |arguments: &[&str], complaint: &str| {
        program().arg("fix").args(arguments).run().exit_code(2).stdout_is("").stderr_contains(complaint);
    };
    case(&["a.png", "--crop=north"], "write center, top, bottom, left or right");
    case(&["a.png", "--pad=gray"], "write six hexadecimal digits, black, white or blur");
    case(&["a.png", "--crop", "--pad"], "cannot be used with");
    case(&["a.png", "--to", "gif"], "write one of jpeg, png, webp, mp4, mov, mp3, wav");
    case(&["a.mp4", "--trim", "5:2"], "write two times in seconds");
    case(&["a.png", "b.png", "-o", "c.png"], "use --output-dir for several");
}

/// A TIFF file with one entry, a text of this tag and absurd length.
fn absurd_tiff(tag: u16, is_big: bool) -> Vec<u8> {
    let kind = 2_u16.to_le_bytes();
    if is_big {
        let count = u64::from(u32::MAX).to_le_bytes();
        let head = [&b"II+\0\x08\0\0\0"[..], &16_u64.to_le_bytes(), &1_u64.to_le_bytes()].concat();
        [head, tag.to_le_bytes().to_vec(), kind.to_vec(), count.to_vec(), vec![0; 16]].concat()
    } else {
        let entry = [&tag.to_le_bytes()[..], &kind, &u32::MAX.to_le_bytes(), &[0x37, 9, 0, 0]].concat();
        [&b"II*\0\x08\0\0\0\x01\0"[..], &entry, &[0; 4]].concat()
    }
}

#[test]
fn a_broken_tiff_makes_no_library_print() {
    let folder = Folder::new();
    // The width, the length of strips, the orientation, the color profile.
    for tag in [0x0100, 0x0117, 0x0112, 0x8773] {
        for is_big in [false, true] {
            std::fs::write(folder.path("broken.tiff"), absurd_tiff(tag, is_big)).expect("a file");
            let path = folder.path("broken.tiff");
            program().args(["check", "--offline"]).arg(&path).run().exit_code(1).stderr_is_empty();
            let outcome = folder.fix(&["broken.tiff"]).exit_code(1);
            assert!(!outcome.stderr.contains("TiffError"), "{tag:#x}\n{outcome}");
        }
    }
}

#[test]
fn the_name_of_the_result_says_its_format() {
    let folder = Folder::new().with("images/still.gif");
    let any = ["--ratio", "0.01:100", "still.gif"];
    let refused = |flags: &[&str], words: &str| {
        folder.fix(&[&any[..], flags].concat()).exit_code(2).stderr_contains(words);
        assert_eq!(folder.names(), ["still.gif"]);
    };
    refused(&["-o", "x.tiff"], "the name must end in .jpg, .png, .webp, ");
    refused(&["--to", "png", "-o", "p.jpg"], "--output p.jpg and --to png disagree on the format");
    refused(&["--to", "png", "-o", "p.TIFF"], "is not the name of a png file");
    folder.fix(&[&any[..], &["-o", "plain"]].concat()).exit_code(0).stdout_contains("convert: gif to jpeg");
    folder.fix(&[&any[..], &["-o", "p.jfif"]].concat()).exit_code(0).stdout_contains("convert: gif to jpeg");
}

#[test]
fn a_terminal_gets_no_sequences_without_progress() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return skip("there is no script(1) here");
    }
    let folder = Folder::new().with("images/photo.jpg");
    let script = format!("TERM=xterm {} fix photo.jpg", env!("CARGO_BIN_EXE_runway-preflight"));
    let run = crate::program::program_in("exec /usr/bin/script -qec \"$1\" /dev/null").arg(script);
    let outcome = run.current_dir(folder.path("")).env("SHELL", "/bin/sh").run().exit_code(0);
    outcome.stdout_contains("already accepted: photo.jpg").output_lacks("\x1b");
}

#[test]
fn an_icon_may_hold_a_png_of_any_kind() {
    let folder = Folder::new();
    let mut png = Vec::new();
    noise(256, 200).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).expect("encoded");
    let length = u32::try_from(png.len()).expect("small").to_le_bytes();
    let icon = [&b"\0\0\x01\0\x01\0\0\xc8\0\0\0\0\x18\0"[..], &length, &22_u32.to_le_bytes(), &png].concat();
    std::fs::write(folder.path("a.ico"), icon).expect("written");
    folder.fix(&["--to", "png", "a.ico"]).exit_code(0).stdout_contains("convert: ico to png");
    assert_eq!(image::open(folder.path("a.fixed.png")).expect("decodes").into_rgb8(), noise(256, 200).into_rgb8());
}

#[test]
fn a_converter_is_chosen_by_what_it_can_do() {
    let script = |folder: &Folder, name: &str, body: &str| {
        std::fs::write(folder.path(name), format!("#!/bin/sh\n{body}\n")).expect("written");
        std::process::Command::new("chmod").args(["+x"]).arg(folder.path(name)).status().expect("chmod");
    };
    let folder = || {
        let folder = Folder::new().with("images/photo.avif");
        noise(64, 48).save(folder.path("made.png")).expect("saved");
        script(&folder, "ffmpeg", "echo ffmpeg >>used\nfor last; do :; done\n/bin/cp made.png \"${last#file:}\"");
        folder
    };
    let run = |folder: &Folder, flags: &[&str]| {
        program()
            .current_dir(folder.path(""))
            .env("PATH", folder.path(""))
            .args(["fix", "photo.avif"])
            .args(flags)
            .run()
    };
    let used = |folder: &Folder| std::fs::read_to_string(folder.path("used")).unwrap_or_default();
    // What knows the format best comes first.
    let both = folder();
    script(&both, "heif-dec", "echo heif-dec >>used\n/bin/cp made.png \"$2\"");
    run(&both, &[]).exit_code(0).stdout_contains("fixed: photo.avif");
    assert_eq!(used(&both), "heif-dec\n");
    // One that lacks the codec is not the last.
    let lacking = folder();
    script(&lacking, "heif-convert", "echo heif-convert >>used\necho no decoder >&2; exit 1");
    run(&lacking, &[]).exit_code(0);
    assert_eq!(used(&lacking), "heif-convert\nffmpeg\n");
    // ffmpeg ignores the rotation and the transparency.
    let turned = folder();
    let mut bytes = std::fs::read(turned.path("photo.avif")).expect("readable");
    bytes.extend_from_slice(b"\0\0\0\x11free\0\0\0\x09irot\0");
    std::fs::write(turned.path("photo.avif"), bytes).expect("written");
    run(&turned, &[]).exit_code(1).stdout_contains("convert it first, for example with heif-dec");
    assert_eq!(used(&turned), "");
    let nowhere = folder();
    let unusable = program().current_dir(nowhere.path("")).env("TMPDIR", "/nonexistent");
    unusable.args(["fix", "photo.avif"]).run().exit_code(4).stdout_contains("a temporary file cannot be written");
}
