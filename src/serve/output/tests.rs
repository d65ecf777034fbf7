use super::*;

fn rendered(media: OutputMedia) -> Vec<u8> {
    GeneratedOutput { media, seed: 0x0102_0304_0506_0708 }.render()
}

#[test]
fn equal_outputs_have_equal_bytes() {
    let media = OutputMedia::Image { format: ImageFormat::Png, width: 64, height: 36 };
    assert_eq!(rendered(media), rendered(media));
    assert_ne!(rendered(media), GeneratedOutput { media, seed: 9 }.render());
}

#[test]
fn files_stay_small() {
    let duration = Duration::from_secs(10);
    let video = |width, height| OutputMedia::Video { container: VideoContainer::Mp4, width, height, fps: 24, duration };
    assert!(rendered(video(1280, 720)).len() < 250_000);
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        assert!(rendered(OutputMedia::Image { format, width: 3840, height: 2160 }).len() < 250_000, "{format:?}");
    }
}

#[test]
fn pictures_decode_to_their_colors() {
    for (format, kind) in [
        (ImageFormat::Png, image::ImageFormat::Png),
        (ImageFormat::Jpeg, image::ImageFormat::Jpeg),
        (ImageFormat::WebP, image::ImageFormat::WebP),
    ] {
        let file = rendered(OutputMedia::Image { format, width: 100, height: 37 });
        let picture = image::load_from_memory_with_format(&file, kind).expect("a picture").to_rgb8();
        assert_eq!(picture.dimensions(), (100, 37), "{format:?}");
        let colors: std::collections::BTreeSet<[u8; 3]> = picture.pixels().map(|pixel| pixel.0).collect();
        assert_eq!(colors.len(), if format == ImageFormat::WebP { 1 } else { 2 }, "{format:?}: {colors:?}");
    }
}
