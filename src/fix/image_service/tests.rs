use url::Url;

use super::error::ServiceError;
use super::rewrite::{RewrittenUrl, Transformation, rewrite};
use crate::fix::geometry::{Fill, Geometry, Gravity, Reshape, SizeLimits};
use crate::fix::image::ImageOutputFormat;
use crate::units::{AspectRatioRange, Dimensions};

/// Rewrites a URL that delivers 9000x4000 pixels, for a window from 0.5 to 2.
fn rewritten(url: &str, reshape: Reshape, max_side: u32) -> Result<RewrittenUrl, ServiceError> {
    let window = AspectRatioRange::parse("0.5:2");
    let limits = SizeLimits { min_side: 1, max_side, max_pixels: u64::MAX, window, multiple: 1 };
    let geometry = Geometry::plan(Dimensions::new(9000, 4000), &limits, Some(reshape)).expect("a plan");
    let wanted = Transformation {
        geometry: Some(geometry),
        reshape: Some(reshape),
        max_side,
        format: Some(ImageOutputFormat::Jpeg),
        quality: None,
    };
    rewrite(&Url::parse(url).expect("a URL"), &wanted)
}

#[test]
fn every_service_crops_with_its_own_parameters() {
    let case = |url: &str, expected: &str| {
        let result = rewritten(url, Reshape::Crop(Gravity::Top), 2000).expect("rewritten");
        assert_eq!((result.url.as_str(), result.needs_signing), (expected, false));
    };
    case(
        "https://acme.imgix.net/a%20b.jpg?auto=format&w=9000&sat=-10",
        "https://acme.imgix.net/a%20b.jpg?sat=-10&w=2000&h=1000&fit=crop&crop=top&fm=jpg",
    );
    case(
        "https://res.cloudinary.com/acme/image/upload/f_auto,q_auto/v17/folder/a.webp",
        "https://res.cloudinary.com/acme/image/upload/f_auto,q_auto/c_fill,w_2000,h_1000,g_north,f_jpg/v17/folder/a.webp",
    );
    case(
        "https://res.cloudinary.com/acme/image/upload/my_photos/a.png",
        "https://res.cloudinary.com/acme/image/upload/c_fill,w_2000,h_1000,g_north,f_jpg/my_photos/a.png",
    );
    case(
        "https://cdn.shopify.com/s/files/1/a.png?v=1683&width=9000",
        "https://cdn.shopify.com/s/files/1/a.png?v=1683&width=2000&height=1000&crop=top&format=jpg",
    );
    case(
        "https://static.wixstatic.com/media/11_58~mv2.png/v1/fill/w_9000,h_4000,enc_auto/a.png",
        "https://static.wixstatic.com/media/11_58~mv2.png/v1/fill/w_2000,h_1000,al_t/file.jpg",
    );
    case(
        "https://images.ctfassets.net/space/id/hash/a.png?fm=avif",
        "https://images.ctfassets.net/space/id/hash/a.png?w=2000&h=1000&fit=fill&f=top&fm=jpg",
    );
    case(
        "https://example.com/cdn-cgi/image/w=9000,f=auto,sharpen=1/https://example.com/a.png?x=1",
        "https://example.com/cdn-cgi/image/sharpen=1,fit=cover,width=2000,height=1000,gravity=top,format=jpeg/https://example.com/a.png?x=1",
    );
}

#[test]
fn services_pad_with_a_color_where_they_can() {
    let pad =
        |url: &str| rewritten(url, Reshape::Pad(Fill::Color([0, 128, 255])), 1000).map(|result| result.url.to_string());
    assert_eq!(
        pad("https://acme.imgix.net/a.jpg"),
        Ok("https://acme.imgix.net/a.jpg?w=1000&h=500&fit=fill&fill=solid&fill-color=0080ff&fm=jpg".to_owned())
    );
    assert_eq!(
        pad("https://res.cloudinary.com/acme/image/upload/a.png"),
        Ok("https://res.cloudinary.com/acme/image/upload/c_pad,w_1000,h_500,b_rgb:0080ff,f_jpg/a.png".to_owned())
    );
    assert_eq!(
        pad("https://static.wixstatic.com/media/a.png").expect_err("no padding").to_string(),
        "Wix URLs cannot pad a picture"
    );
}

#[test]
fn unsupported_transformations_are_reported() {
    let error = |url: &str, reshape, side| rewritten(url, reshape, side).expect_err("refused").to_string();
    let crop = Reshape::Crop(Gravity::Left);
    assert_eq!(
        error("https://example.com/_next/image?url=%2Fa.png&w=3840&q=75", crop, 2000),
        "Vercel URLs cannot crop a picture"
    );
    assert_eq!(
        error("https://p.supabase.co/storage/v1/object/public/b/a.png", crop, 2000),
        "Supabase URLs cannot crop anywhere but in the middle"
    );
    assert_eq!(
        error("https://images.ctfassets.net/a.png", crop, 8000),
        "Contentful serves images of up to 4000 pixels per side, not 8000x4000"
    );
    assert_eq!(error("https://example.com/a.png", crop, 2000), "it is not a URL of a known image service");
    assert_eq!(
        error("https://acme.imgix.net/a.png", Reshape::Pad(Fill::Blur), 2000),
        "imgix URLs cannot pad with a blur"
    );
}

#[test]
fn signed_urls_lose_their_signature_and_need_signing() {
    let case = |url: &str, expected: &str| {
        let result = rewritten(url, Reshape::Crop(Gravity::Center), 2000).expect("rewritten");
        assert_eq!((result.url.as_str(), result.needs_signing), (expected, true));
    };
    case(
        "https://acme.imgix.net/a.jpg?w=9000&s=0123456789abcdef",
        "https://acme.imgix.net/a.jpg?w=2000&h=1000&fit=crop&fm=jpg",
    );
    case(
        "https://res.cloudinary.com/acme/image/upload/s--AbCdEf12--/a.png",
        "https://res.cloudinary.com/acme/image/upload/c_fill,w_2000,h_1000,g_center,f_jpg/a.png",
    );
}

#[test]
fn a_picture_of_unknown_size_is_fit_into_a_box() {
    let case = |url: &str, expected: &str| {
        let wanted = Transformation { geometry: None, reshape: None, max_side: 8000, format: None, quality: Some(80) };
        let result = rewrite(&Url::parse(url).expect("a URL"), &wanted).expect("rewritten");
        assert_eq!(result.url.as_str(), expected);
    };
    case("https://acme.imgix.net/a.jpg", "https://acme.imgix.net/a.jpg?w=8000&h=8000&fit=max&q=80");
    case(
        "https://p.supabase.co/storage/v1/object/public/b/a.png",
        "https://p.supabase.co/storage/v1/render/image/public/b/a.png?width=2500&height=2500&resize=contain&quality=80",
    );
    case(
        "https://example.com/_next/image?url=%2Fa.png&w=99&q=75",
        "https://example.com/_next/image?url=%2Fa.png&q=75&w=3840",
    );
}
