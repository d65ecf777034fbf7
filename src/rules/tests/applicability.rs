//! How rows are matched with the scope of an asset: kinds of a field, the only model of an endpoint, transports.

use super::*;
use crate::rules::effective_kind;
use crate::units::Bytes;

fn kinds(field: &str, model: Option<&str>, endpoint: Option<&str>) -> Vec<Kind> {
    let mut scene = Scene::new("https://h.com/a").field(field);
    scene.expectations.model = model.map(str::to_owned);
    scene.expectations.endpoint = endpoint.map(str::to_owned);
    let target = Target::parse(&scene.asset);
    scene.context(&target).expected_kinds()
}

#[test]
fn a_field_takes_the_kinds_of_its_rows_for_the_model_and_endpoint() {
    use Kind::{Audio, Image, Video};
    let case = |field: &str, model, endpoint, expected: &[Kind]| {
        assert_eq!(kinds(field, model, endpoint), expected, "{field} {model:?} {endpoint:?}");
    };
    case("keyframes", None, None, &[Image]);
    case("keyframes[2].uri", Some("aleph2"), Some("video_to_video"), &[Image]);
    case("keyframes", Some("gen4_turbo"), None, &[]);
    case("keyframes", None, Some("image_to_video"), &[]);
    case("videoUri", Some("aleph2"), None, &[Video]);
    // A row without models applies to all of them.
    case("from.audio", Some("gen4_turbo"), None, &[Audio]);
    case("from.audio", None, None, &[Audio]);
    case("character", None, None, &[Image, Video]);
    case("media", Some("eleven_multilingual_sts_v2"), None, &[Video, Audio]);
    // Names that the rules do not know are ignored.
    case("keyframes", Some("no-such-model"), Some("no_such_endpoint"), &[Image]);
    case("noSuchField", None, None, &[]);
}

#[test]
fn an_endpoint_with_a_single_model_implies_it() {
    let case = |endpoint: &str, expected: Option<&str>| {
        let scene = Scene::new("https://h.com/a").endpoint(endpoint);
        let target = Target::parse(&scene.asset);
        assert_eq!(scene.context(&target).scope().model, expected, "{endpoint}");
    };
    case("character_performance", Some("act_two"));
    case("image_upscale", Some("magnific_precision_upscaler_v2"));
    case("text_to_image", None);
    case("video_upscale", None);
    case("avatars", None);
    case("no_such_endpoint", None);
}

#[test]
fn each_transport_has_the_file_limit_of_its_rows() {
    let scene = Scene::good();
    let target = Target::parse(&scene.asset);
    let context = scene.context(&target);
    assert_eq!(context.file_limit(Transport::Url), Some(Bytes::mib(16)));
    assert_eq!(context.file_limit(Transport::Upload), Some(Bytes::mib(200)));
    assert_eq!(context.file_limit(Transport::DataUri), None);
    // If the kind is unknown, the largest limit of all kinds applies.
    let open = Scene::new("https://h.com/a");
    let target = Target::parse(&open.asset);
    assert_eq!(open.context(&target).file_limit(Transport::Url), Some(Bytes::mib(32)));
}

#[test]
fn a_kind_is_that_of_the_field_the_type_or_the_bytes() {
    let case = |scene: &Scene, expected: Option<Kind>| {
        let target = Target::parse(&scene.asset);
        assert_eq!(effective_kind(&scene.context(&target)), expected, "{:?}", scene.asset.field);
    };
    case(&Scene::good(), Some(Kind::Image));
    case(&Scene::good().kind(Kind::Audio), Some(Kind::Audio));
    case(&Scene::good().field("videoUri"), Some(Kind::Video));
    case(&Scene::new("https://h.com/a"), None);
    case(&Scene::new("data:video/mp4;base64,AAAA"), Some(Kind::Video));
    case(&Scene::new("data:text/html;base64,AAAA"), None);
    case(&Scene::new("data:video/mp4;base64,AAAA").field("character"), Some(Kind::Video));
    // The field does not accept images, so the declared type is ignored.
    case(&Scene::new("data:image/png;base64,AAAA").field("media"), None);
    let mut typed = Scene::new("https://h.com/a");
    typed.both(200, &[("content-type", "Audio/MPEG")]);
    case(&typed, Some(Kind::Audio));
    typed.both(404, &[("content-type", "audio/mpeg")]);
    case(&typed, None);
    typed.observation.content = ContentState::Incomplete { format: Format::Mp4 };
    case(&typed, Some(Kind::Video));
}
