//! `rules`: the rules in force with their sources, and rules from files that replace them.

mod diff;
mod update;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Outcome, program};

fn rules(args: &[&str]) -> Outcome {
    program().arg("rules").args(args).run()
}

/// A folder with one file in it.
fn file(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, text).expect("a file");
    (folder, path)
}

fn word(path: &Path) -> &str {
    path.to_str().expect("a path")
}

const EMBEDDED: &str = include_str!("../src/rules/runway.toml");

/// Every model with a published range of aspect ratios.
const WINDOWS: &str = "gen4_turbo gen4 gen4.5 act_two veo3.1 veo3.1_fast gemini_omni_flash happyhorse_1_0 seedance2 \
    seedance2_fast seedance2_mini seedance2_5 hailuo3 gemini_2.5_flash gen4_aleph";

/// Every endpoint that takes an asset.
const ENDPOINTS: &str = "image_to_video text_to_video video_to_video video_to_hdr text_to_image image_upscale \
    video_upscale character_performance sound_effect text_to_speech speech_to_speech voice_dubbing voice_isolation \
    voices avatars avatar_videos workflows generate/video generate/image generate/audio recipes/ad_localization \
    recipes/marketing_stock_image recipes/multi_shot_video recipes/product_ad recipes/product_campaign_image \
    recipes/product_swap recipes/product_ugc documents";

#[test]
fn json_holds_every_published_model_and_endpoint_with_source_and_date() {
    let document = rules(&["--format", "json"]).exit_code(0).stderr_is_empty().json();
    assert_eq!((&document["schema_version"], &document["rules"]["origin"]), (&1.into(), &"embedded".into()));
    assert_eq!(document["rules"]["read"], "2026-10-23");
    let rows = document["rows"].as_array().expect("rows");
    for row in rows {
        let source = row["source"].as_str().expect("a source");
        assert!(source.starts_with("https://"), "{row}");
        assert!(row["date"].as_str().is_some_and(|date| date.starts_with("202")), "{row}");
        assert!(row["bound"].as_str().is_some_and(|bound| !bound.is_empty()), "{row}");
    }
    let has = |key: &str, what: &str, name: &str| rows.iter().any(|row| row["metric"] == what && row[key] == name);
    for model in WINDOWS.split_whitespace() {
        assert!(has("model", "aspect-ratio", model), "{model}");
    }
    for endpoint in ENDPOINTS.split_whitespace() {
        assert!(has("endpoint", "assets", endpoint), "{endpoint}");
    }
    let window = rows.iter().find(|row| row["id"] == "aspect-ratio/image/gen4_turbo/image_to_video/promptImage");
    let window = window.expect("the window of gen4_turbo");
    let expected = json!({
        "id": "aspect-ratio/image/gen4_turbo/image_to_video/promptImage", "metric": "aspect-ratio",
        "model": "gen4_turbo", "endpoint": "image_to_video", "field": "promptImage", "kinds": ["image"], "transports": [],
        "format": null, "bound": "0.5..2.358", "min": 0.5, "max": 2.358, "unit": "width / height", "inclusive": true,
        "confidence": "documented", "source": "https://docs.dev.runwayml.com/assets/inputs", "date": "2026-09",
        "history": [],
    });
    assert_eq!(window, &expected);
    let bodies = &document["requests"]["endpoints"];
    assert!(bodies["image_to_video"].as_array().is_some_and(|models| models.contains(&"gen4_turbo".into())));
}

#[test]
fn text_is_grouped_and_fits_eighty_columns() {
    let outcome = rules(&[]).exit_code(0).stderr_is_empty();
    let outcome = outcome
        .stdout_contains("Rules on assets (embedded), read 2026-10-23")
        .line("aspect-ratio, in width / height")
        .line("  0.5..2.358        image, promptImage of image_to_video: gen4_turbo, gen4 [3]")
        .line("                    until 2026-08-31: at most 16777216 characters")
        .line("  h264, hevc, av1   video in mp4 [3]")
        .line("Sources");
    let headings: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with("content-type")).collect();
    assert_eq!(headings.len(), 1, "each group stands once");
    for line in outcome.stdout.lines().filter(|line| !line.contains("https://")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let sources = outcome.stdout.split("\nSources\n").nth(1).expect("sources");
    assert!(sources.contains("[3] 2026-09       https://docs.dev.runwayml.com/assets/inputs"), "{sources}");
}

#[test]
fn filters_keep_the_rules_that_apply() {
    let rows = |args: &[&str]| -> Vec<Value> {
        let document = rules(&[&["--format", "json"], args].concat()).exit_code(0).json();
        document["rows"].as_array().expect("rows").clone()
    };
    let turbo = rows(&["--model", "gen4_turbo"]);
    assert!(turbo.iter().all(|row| row["model"].is_null() || row["model"] == "gen4_turbo"));
    assert!(turbo.iter().all(|row| row["endpoint"].is_null() || row["endpoint"] == "image_to_video"));
    assert!(turbo.iter().any(|row| row["id"] == "file-size/url/image"), "general rules hold as well");
    let audio = rows(&["--kind", "audio", "--endpoint", "/v1/voices"]);
    assert!(audio.iter().all(|row| {
        row["kinds"].as_array().is_some_and(|kinds| kinds.is_empty() || kinds.contains(&"audio".into()))
    }));
    assert!(audio.iter().any(|row| row["id"] == "duration/audio/voices/from.audio"));
    let document = rules(&["--model", "gen4_turbo", "--format", "json"]).exit_code(0).json();
    assert_eq!(document["requests"]["endpoints"], json!({"image_to_video": ["gen4_turbo"]}));
    rules(&["--model", "gen4_tubro"]).exit_code(2).stdout_is("").stderr_contains("did you mean gen4_turbo?");
    rules(&["--endpoint", "image_to_vidoe"]).exit_code(2).stderr_contains("did you mean image_to_video?");
    let named_only = rules(&["--model", "robotics_v1"]).exit_code(0);
    named_only.stderr_contains("no asset rules are published for the model robotics_v1");
}

#[test]
fn rules_from_a_file_replace_the_embedded_ones() {
    let narrower = EMBEDDED
        .replace("min = 0.5, max = 2.358", "min = 0.9, max = 1.1")
        .replace("read = \"2026-10-23\"", "read = \"2030-01-02\"");
    let (_folder, path) = file("my.toml", &narrower);
    let document = rules(&["--rules", word(&path), "--format", "json"]).exit_code(0).json();
    assert_eq!(document["rules"]["origin"], word(&path));
    assert_eq!(document["rules"]["read"], "2030-01-02");
    assert_eq!(document["rules"]["age_days"], Value::Null, "a day that is to come has no age");
    let check = ["check", "--model", "gen4_turbo", "--format", "json", "fixtures/images/photo.jpg"];
    program().args(check).run().exit_code(0);
    let outcome = program().args(check).args(["--rules", word(&path)]).run().exit_code(1);
    let document = outcome.json();
    assert_eq!(document["rules"], json!({"read": "2030-01-02", "origin": word(&path)}));
    assert_eq!(
        document["assets"][0]["reason"],
        "Invalid asset aspect ratio. width / height ratio must be between 0.9 and 1.1. Got 1.333."
    );
}

#[test]
fn the_sentence_about_the_sides_has_the_limit_of_the_file() {
    let small = EMBEDDED.replacen("{ max = 8000, source", "{ max = 200, source", 1);
    let (_folder, path) = file("small.toml", &small);
    let check = program().args(["check", "--rules", word(&path), "fixtures/images/photo.jpg"]).run().exit_code(1);
    check.stdout_contains("Height and width must not exceed 200px. Got 640x480.");
}

#[test]
fn toml_output_is_a_valid_rules_file() {
    let printed = rules(&["--format", "toml"]).exit_code(0).stdout_is(EMBEDDED).stderr_is_empty().stdout;
    let (_folder, path) = file("same.toml", &printed);
    let [same, own] = [&["--rules", word(&path)][..], &[]].map(|flags| {
        let document = rules(&[&["--format", "json"], flags].concat()).exit_code(0).json();
        document["rows"].clone()
    });
    assert_eq!(same, own);
    rules(&["--format", "toml", "--model", "gen4_turbo"]).exit_code(2).stdout_is("");
    rules(&["--format", "toml", "--rules", word(&path)]).exit_code(2).stdout_is("");
}

#[test]
fn mistakes_in_a_rules_file_are_located() {
    let case = |text: &str, complaint: &str| {
        let (_folder, path) = file("bad", text);
        for subcommand in [&["check", "x.png"][..], &["rules"], &["encode", "fixtures/images/photo.png"]] {
            let outcome = program().args(subcommand).args(["--rules", word(&path)]).run().exit_code(2).stdout_is("");
            outcome.stderr_contains(&format!("--rules {}{complaint}", word(&path)));
        }
    };
    case("read = \"2026-09-23\"\nnonsense = 1\n", ":2:1: unknown field `nonsense`");
    let swapped = EMBEDDED.replacen("min = 0.5, max = 2.358", "min = 2.358, max = 0.5", 1);
    let line = EMBEDDED.lines().position(|line| line.contains("min = 0.5, max = 2.358")).expect("a window") + 1;
    case(&swapped, &format!(":{line}:3: `min` is 2.358 and `max` is 0.5: swap them"));
    case("", ":1:1: ");
    case("{\n  \"source\": \"x\",\n  \"date\": 3\n}", ":3:11: ");
    case("{\"source\": \"x\"", ":1:14: ");
    let leads_nowhere = r#"{"source": "x", "date": "2026-01-01", "shared": {}, "endpoints": {"a": {"use": "b"}}}"#;
    case(leads_nowhere, ": the schema \"b\" is used, but does not exist or uses itself");
    rules(&["--rules", "no-such-file.toml"]).exit_code(2).stderr_contains("--rules no-such-file.toml cannot be read");
    rules(&["--rules", "fixtures"]).exit_code(2).stderr_contains("it is a directory");
    let (_folder, path) = file("twice.toml", EMBEDDED);
    let twice = ["--rules", word(&path), "--rules", word(&path)];
    rules(&twice).exit_code(2).stderr_contains("asset rules were already read from another file");
}

/// A document with one endpoint, and one keyword that the rules cannot hold.
fn openapi() -> String {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "an API", "version": "2024-11-06"},
        "paths": {"/v1/image_to_video": {"post": {"requestBody": {"content": {"application/json": {"schema": {
            "type": "object",
            "properties": {
                "model": {"type": "string", "const": "gen9"},
                "promptText": {"type": "string", "maxLength": 12, "contentEncoding": "base64"},
            },
            "required": ["model"],
            "additionalProperties": false,
        }}}}}}},
    })
    .to_string()
}

#[test]
fn an_openapi_document_becomes_request_rules() {
    let (folder, path) = file("openapi.json", &openapi());
    let made = folder.path().join("requests.json");
    let import = ["import", word(&path), "--date", "2026-10-01", "-o", word(&made)];
    let outcome = rules(&import).exit_code(0).stdout_is("");
    outcome
        .stderr_contains("1 endpoint of OpenAPI document, API version 2024-11-06, 2026-10-01")
        .stderr_contains("contentEncoding");
    let text = fs::read_to_string(&made).expect("the rules");
    let written: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(written["date"], "2026-10-01");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing unfinished is left");

    rules(&["import", word(&path), "--date", "2026-10-01"]).exit_code(0).stdout_is(&text);
    program()
        .args(["rules", "import", "--date", "2026-10-01", "-"])
        .stdin(openapi())
        .run()
        .exit_code(0)
        .stdout_is(&text);

    let (_other, assets) = file("my.toml", EMBEDDED);
    let document = rules(&["--rules", word(&made), "--rules", word(&assets), "--format", "json"]).exit_code(0).json();
    let requests = &document["requests"];
    assert_eq!((&requests["origin"], &document["rules"]["origin"]), (&word(&made).into(), &word(&assets).into()));
    assert_eq!(requests["endpoints"], json!({"image_to_video": ["gen9"]}));
    rules(&["--rules", word(&made), "--model", "gen9"]).exit_code(0).line("  image_to_video    gen9");
    rules(&["--model", "gen9"]).exit_code(2);
}

#[test]
fn the_date_of_a_document_is_that_of_its_file() {
    let (_folder, path) = file("openapi.json", &openapi());
    let day = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_790_121_600);
    fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(day)).expect("a time");
    let outcome = rules(&["import", word(&path)]).exit_code(0);
    assert_eq!(outcome.json()["date"], "2026-09-23");
}

#[test]
fn an_invalid_document_is_refused_and_keeps_the_old_file() {
    let case = |text: &str, complaint: &str| {
        let (folder, path) = file("openapi.json", text);
        let old = folder.path().join("requests.json");
        fs::write(&old, "old").expect("a file");
        rules(&["import", word(&path), "-o", word(&old)]).exit_code(2).stdout_is("").stderr_contains(complaint);
        assert_eq!(fs::read_to_string(&old).expect("the old file"), "old");
    };
    case("not JSON", "is not JSON: expected ident at line 1 column 2");
    case("", "is not JSON");
    case("{}", "it has no `paths`");
    case(r#"{"paths": {}}"#, "no JSON request body below /v1/");
    rules(&["import", "no-such.json"]).exit_code(2).stderr_contains("no-such.json cannot be read");
    rules(&["import"]).exit_code(2);
    let (_folder, path) = file("openapi.json", &openapi());
    rules(&["import", word(&path), "--date", "yesterday"])
        .exit_code(2)
        .stderr_contains("write a date such as 2026-09-23");
    rules(&["import", word(&path), "-o", "/no-such-folder/x.json"]).exit_code(4);
    let full = fs::File::options().write(true).open("/dev/full").expect("a device");
    program().args(["rules", "import", word(&path)]).stdout(full).run().exit_code(4);
    let full = fs::File::options().write(true).open("/dev/full").expect("a device");
    program().arg("rules").stdout(full).run().exit_code(4);
}

#[test]
fn text_from_a_rules_file_is_escaped() {
    let hostile = EMBEDDED.replace("gen4_aleph", "::error::\\u001b[2J\\u202e");
    let (_folder, path) = file("hostile.toml", &hostile);
    for format in ["text", "json"] {
        let outcome = rules(&["--rules", word(&path), "--format", format]).exit_code(0);
        outcome.output_lacks("\u{1b}").output_lacks("::error").output_lacks("\u{202e}");
    }
}
