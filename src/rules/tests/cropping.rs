//! Images that are cropped to another aspect ratio: how much is lost, and on which sides.

use super::*;

/// An image of the size `from` that is cropped to the ratio `to`.
fn cut(from: (u32, u32), to: (u32, u32)) -> Scene {
    let mut scene = Scene::good();
    scene.observation.content = ContentState::Media(Box::new(image(Format::Png, from.0, from.1)));
    scene.expectations.crop_to = Some(Dimensions::new(to.0, to.1));
    scene
}

#[test]
fn a_crop_of_one_percent_or_more_is_reported() {
    let case = |from: (u32, u32), to: (u32, u32), expected: Option<&str>| {
        let words = cut(from, to).words("cropped");
        match expected {
            Some(expected) => assert!(words.contains(expected), "{from:?} {to:?}: {words}"),
            None => assert!(words.starts_with("no cropped in"), "{from:?} {to:?}: {words}"),
        }
    };
    case((1920, 1080), (1280, 720), None);
    case((1920, 1080), (720, 720), Some("removes 43.8 % at the left and right"));
    case((1080, 1920), (720, 720), Some("removes 43.8 % at the top and bottom"));
    case((1000, 1000), (2, 1), Some("cropping it to a ratio of 2 removes 50.0 % at the top and bottom"));
    case((1000, 1000), (1, 2), Some("removes 50.0 % at the left and right"));
    // Ten thousandths are reported, nine are rounding.
    case((1000, 990), (1, 1), Some("removes 1.0 % at the left and right"));
    case((1000, 991), (1, 1), None);
    case((1000, 1000), (0, 1), None);
}

#[test]
fn with_a_rotation_the_smaller_loss_counts() {
    let mut scene = cut((1000, 500), (1, 1));
    let mut media = image(Format::Jpeg, 1000, 500);
    media.display_size = Some(Dimensions::new(500, 1000));
    scene.observation.content = ContentState::Media(Box::new(media));
    assert!(scene.words("cropped").contains("removes 50.0 %"), "{}", scene.words("cropped"));
    scene.expectations.crop_to = Some(Dimensions::new(1, 2));
    assert!(scene.words("cropped").starts_with("no cropped in"), "{}", scene.words("cropped"));
}

#[test]
fn each_side_and_their_product_pass_up_to_the_limit_of_the_model() {
    let words = |model: &str, endpoint: &str, field: &str, (width, height): (u32, u32)| {
        let mut scene = Scene::good().model(model).endpoint(endpoint).field(field);
        scene.observation.content = ContentState::Media(Box::new(image(Format::Png, width, height)));
        scene.words("size-outside")
    };
    let least = |sides| words("happyhorse_1_0", "image_to_video", "promptImage", sides);
    assert!(least((300, 300)).starts_with("no size-outside"), "{}", least((300, 300)));
    for sides in [(299, 300), (300, 299)] {
        assert!(least(sides).contains("each side must have at least 300 pixels"), "{}", least(sides));
    }
    let most = |sides| words("magnific_precision_upscaler_v2", "image_upscale", "imageUri", sides);
    assert!(most((2500, 2530)).starts_with("no size-outside"), "{}", most((2500, 2530)));
    assert!(most((2500, 2531)).contains("width times height must be at most 6325000 pixels"), "{}", most((2500, 2531)));
    // The limit for every model has its own API sentence.
    assert!(most((8001, 400)).starts_with("no size-outside in dimensions-too-large"), "{}", most((8001, 400)));
}
