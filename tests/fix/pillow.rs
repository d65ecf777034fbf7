//! Pixels compared with Pillow's: orientation, crop box, CMYK.

use std::process::Command;

use super::Folder;
use crate::program::skip;

/// Makes pictures with Pillow, and compares results with what Pillow makes of the same inputs.
const SCRIPT: &str = r#"
import sys
from PIL import Image, ImageChops, ImageOps, ImageStat

def photo(width, height):
    across = Image.linear_gradient("L").resize((height, width)).rotate(90, expand=True)
    down = Image.linear_gradient("L").resize((width, height))
    spot = Image.radial_gradient("L").resize((width, height))
    return Image.merge("RGB", (across.resize((width, height)), down, spot))

def difference(one, other):
    assert one.size == other.size, (one.size, other.size)
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)

if sys.argv[1] == "make":
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x112] = orientation
        photo(300, 200).save(f"o{orientation}.jpg", quality=95, exif=exif)
    photo(300, 200).convert("CMYK").save("cmyk.jpg", quality=95)
    photo(300, 200).convert("L").save("gray.tiff")
    photo(300, 200).save("big.png")
else:
    for orientation in range(1, 9):
        upright = ImageOps.exif_transpose(Image.open(f"o{orientation}.jpg"))
        expected = upright.crop((0, 0, 200, 200))
        print(f"o{orientation}", difference(expected, Image.open(f"o{orientation}.fixed.jpg")))
    print("cmyk", difference(Image.open("cmyk.jpg").convert("RGB").crop((0, 0, 200, 200)), Image.open("cmyk.fixed.jpg")))
    gray = Image.open("gray.fixed.jpg")
    assert gray.mode == "L", gray.mode
    print("gray", difference(Image.open("gray.tiff"), gray))
    print("scaled", difference(Image.open("big.png").resize((150, 100), Image.LANCZOS), Image.open("big.fixed.png")))
"#;

fn pillow(folder: &Folder, step: &str) -> Option<String> {
    let output =
        Command::new("/usr/bin/python3").current_dir(folder.path("")).args(["-c", SCRIPT, step]).output().ok()?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("No module named 'PIL'") {
        return None;
    }
    assert!(output.status.success(), "{complaint}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn pixels_are_where_pillow_puts_them() {
    let folder = Folder::new();
    if pillow(&folder, "make").is_none() {
        return skip("Pillow is missing");
    }
    let turned: Vec<String> = (1..=8).map(|orientation| format!("o{orientation}.jpg")).collect();
    let turned: Vec<&str> = turned.iter().map(String::as_str).chain(["cmyk.jpg"]).collect();
    // A square at the top left: in every orientation another part of the stored pixels.
    let corner = ["--ratio", "1:1", "--crop=left"];
    folder.fix(&[&corner[..], &turned].concat()).exit_code(0);
    let top = ["--ratio", "1:1", "--crop=top", "--force", "o5.jpg", "o6.jpg", "o7.jpg", "o8.jpg"];
    folder.fix(&top).exit_code(0);
    folder.fix(&["gray.tiff"]).exit_code(0);
    std::fs::write(folder.path("rules.toml"), small_rules()).expect("written");
    folder.fix(&["--rules", "rules.toml", "big.png"]).exit_code(0).stdout_contains("scale: 300x200 to 150x100");
    let compared = pillow(&folder, "compare").expect("Pillow was here before");
    assert_eq!(compared.lines().count(), 11, "{compared}");
    for line in compared.lines() {
        let (name, mean) = line.split_once(' ').expect("a name and a number");
        let mean: f64 = mean.parse().expect("a number");
        assert!(mean < 2.0, "{name} differs by {mean} of 255");
    }
}

/// The rules with sides of at most 150 pixels.
fn small_rules() -> String {
    let text = runway_preflight::RuleSet::TEXT;
    let small = text.replacen("{ max = 8000, source", "{ max = 150, source", 1);
    assert_ne!(small, text);
    small
}
