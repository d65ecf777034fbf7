//! Assets at any depth, with their positions and limits.

use serde_json::{Value, json};

use super::*;
use crate::media::Kind::{Audio, Image, Video};
use crate::request::embedded::EMBEDDED;

fn found(endpoint: &str, body: &Value) -> Vec<(String, Vec<Kind>, String)> {
    let document = Document::read(body.to_string().as_bytes()).expect("JSON");
    let found = assets(&EMBEDDED, endpoint, &document);
    found.listed.into_iter().map(|asset| (asset.field(), asset.kinds, asset.text)).collect()
}

#[test]
fn assets_are_found_in_every_shape() {
    let case = |endpoint: &str, body: Value, expected: &[(&str, Kind)]| {
        let found: Vec<_> = found(endpoint, &body).into_iter().map(|(field, kinds, _)| (field, kinds)).collect();
        let expected: Vec<_> = expected.iter().map(|(field, kind)| ((*field).to_owned(), vec![*kind])).collect();
        assert_eq!(found, expected, "{endpoint} {body}");
    };
    case("image_to_video", json!({"model": "gen4_turbo", "promptImage": "u"}), &[("promptImage", Image)]);
    case(
        "image_to_video",
        json!({"model": "veo3.1", "promptImage": [{"uri": "u", "position": "first"}]}),
        &[("promptImage[0].uri", Image)],
    );
    // An issue in the array hides none of its assets.
    case(
        "image_to_video",
        json!({"model": "veo3.1", "promptImage": [{"uri": "u", "position": "middle"}]}),
        &[("promptImage[0].uri", Image)],
    );
    case(
        "image_to_video",
        json!({"model": "hailuo3", "promptImage": [{"uri": "u"}, 5]}),
        &[("promptImage[0].uri", Image)],
    );
    case(
        "text_to_video",
        json!({"model": "seedance2", "referenceAudio": [{"type": "audio", "uri": "a"}], "references": [{"uri": "i"}, {"uri": "j"}]}),
        &[("references[0].uri", Image), ("references[1].uri", Image), ("referenceAudio[0].uri", Audio)],
    );
    case(
        "video_to_video",
        json!({"model": "aleph2", "videoUri": "v", "keyframes": [{"uri": "k", "at": 1}]}),
        &[("keyframes[0].uri", Image), ("videoUri", Video)],
    );
    case("video_to_video", json!({"model": "aleph2", "keyframes": [{"uri": "k"}]}), &[("keyframes[0].uri", Image)]);
    case(
        "character_performance",
        json!({"model": "act_two", "character": {"type": "video", "uri": "v"}}),
        &[("character.uri", Video)],
    );
    case(
        "sound_effect",
        json!({"model": "seed_audio", "referenceAudios": ["a", 1, "b"]}),
        &[("referenceAudios[0]", Audio), ("referenceAudios[2]", Audio)],
    );
    case("recipes/product_swap", json!({"referenceVideo": {"uri": "v"}}), &[("referenceVideo.uri", Video)]);
    case(
        "generate/video",
        json!({"input": {"referenceVideos": [{"uri": "v"}]}}),
        &[("input.referenceVideos[0].uri", Video)],
    );
    case(
        "workflows",
        json!({"nodeOutputs": {"node": {"key": {"type": "image", "uri": "i"}, "other": {"type": "primitive", "value": "https://x"}}}}),
        &[("nodeOutputs.node.key.uri", Image)],
    );
    case("avatars:patch", json!({"referenceImage": "i"}), &[("referenceImage", Image)]);
    case("image_to_video", json!({"model": "no-such-model", "promptImage": "u"}), &[]);
    case("documents", json!({"name": "n", "content": "https://x.example/a.png"}), &[]);
    case("image_to_video", json!({"model": "gen4_turbo", "promptImage": 7}), &[]);
    case("image_to_video", json!([]), &[]);
    // At an unknown endpoint, members have the assets that they have at any other.
    case("lip_sync", json!([]), &[]);
    case(
        "lip_sync",
        json!({"promptImage": [{"uri": "i", "position": "last"}], "site": "https://x.example/", "videoUri": "v"}),
        &[("promptImage[0].uri", Image), ("videoUri", Video)],
    );
}

#[test]
fn an_asset_has_its_position() {
    let text = "{\n  \"model\": \"seedance2\",\n  \"promptVideo\":\n    \"data:video\\/mp4;base64,a\\u002b\"\n}";
    let document = Document::read(text.as_bytes()).expect("JSON");
    let [asset] = &assets(&EMBEDDED, "video_to_video", &document).listed[..] else { panic!("one asset") };
    assert_eq!((asset.position.line, asset.position.column), (4, 5));
    assert_eq!(asset.text, "data:video/mp4;base64,a+");
    assert_eq!(asset.path.asset_path(), ["promptVideo"]);
}

#[test]
fn j07_j08_a_hundred_thousand_urls_take_linear_time() {
    let uris: Vec<Value> =
        (0..100_000).map(|_| json!({"uri": "https://x.example/a.png", "position": "middle"})).collect();
    // The array is invalid by every alternative of the union, so all of them are visited.
    let body = json!({"model": "seedance2", "promptImage": uris});
    let document = Document::read(body.to_string().as_bytes()).expect("JSON");
    let found = assets(&EMBEDDED, "image_to_video", &document);
    assert_eq!((found.listed.len(), found.not_listed), (MAX_LISTED, 100_000 - MAX_LISTED));
    assert_eq!(found.listed.last().map(AssetField::field), Some(format!("promptImage[{}].uri", MAX_LISTED - 1)));
}

#[test]
fn j10_special_names_are_plain_strings() {
    let body = json!({"model": "gen4_turbo", "promptImage": "file:///etc/passwd", "$ref": "#", "__proto__": {"promptImage": "x"}});
    let texts: Vec<String> = found("image_to_video", &body).into_iter().map(|(.., text)| text).collect();
    assert_eq!(texts, ["file:///etc/passwd"]);
}
