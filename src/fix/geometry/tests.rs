use proptest::prelude::*;

use super::*;

const LIMITS: SizeLimits = SizeLimits { min_side: 1, max_side: 8000, max_pixels: u64::MAX, window: None, multiple: 1 };

fn window(text: &str) -> AspectRatioRange {
    AspectRatioRange::parse(text).expect("a window")
}

const fn size(width: u32, height: u32) -> Dimensions {
    Dimensions::new(width, height)
}

#[test]
fn an_accepted_size_is_unchanged() {
    let plan = Geometry::plan(size(8000, 4000), &LIMITS, None).expect("a plan");
    assert!(plan.is_identity());
}

#[test]
fn a_long_side_is_scaled_to_the_limit() {
    let case = |from: Dimensions, to: Dimensions| {
        assert_eq!(Geometry::plan(from, &LIMITS, None).map(|plan| plan.output()), Ok(to), "{from}");
    };
    case(size(9000, 4000), size(8000, 3556));
    case(size(4000, 9000), size(3556, 8000));
    case(size(8001, 1), size(8000, 1));
    case(size(12000, 9000), size(8000, 6000));
}

#[test]
fn a_short_side_is_scaled_up() {
    let limits = SizeLimits { min_side: 300, ..LIMITS };
    assert_eq!(Geometry::plan(size(1, 1), &limits, None).map(|plan| plan.output()), Ok(size(300, 300)));
    assert_eq!(Geometry::plan(size(200, 100), &limits, None).map(|plan| plan.output()), Ok(size(600, 300)));
    let tight = SizeLimits { max_side: 400, ..limits };
    assert_eq!(Geometry::plan(size(200, 100), &tight, None), Err(GeometryError::NoSize(size(200, 100))));
}

#[test]
fn a_ratio_outside_the_window_needs_crop_or_pad() {
    let limits = SizeLimits { window: Some(window("0.5:2")), ..LIMITS };
    let error = Geometry::plan(size(2408, 1000), &limits, None).expect_err("no choice was made");
    assert_eq!(
        error.to_string(),
        "the aspect ratio must change; choose --crop or --pad. crop: keeps 83 %, removes 204 px from each side; \
         pad: adds 102 px to top and bottom"
    );
    let error = Geometry::plan(size(1170, 2532), &limits, None).expect_err("no choice was made");
    let expected = "keeps 92 %, removes 96 px from top and bottom; pad: adds 48 px to each side";
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[test]
fn gravity_places_the_kept_part() {
    let limits = SizeLimits { window: Some(window("0.5:2")), ..LIMITS };
    let case = |from: Dimensions, gravity, left, top| {
        let plan = Geometry::plan(from, &limits, Some(Reshape::Crop(gravity))).expect("a plan");
        let crop = plan.crop.expect("a crop");
        assert_eq!((crop.left, crop.top), (left, top), "{gravity:?}");
    };
    case(size(2400, 1000), Gravity::Center, 200, 0);
    case(size(2400, 1000), Gravity::Left, 0, 0);
    case(size(2400, 1000), Gravity::Right, 400, 0);
    case(size(2400, 1000), Gravity::Top, 200, 0);
    case(size(1000, 2400), Gravity::Bottom, 0, 400);
    case(size(1000, 2400), Gravity::Top, 0, 0);
}

#[test]
fn padding_scales_picture_and_canvas_together() {
    let limits = SizeLimits { max_side: 1000, window: Some(window("0.5:2")), ..LIMITS };
    let plan = Geometry::plan(size(4000, 1000), &limits, Some(Reshape::Pad(Fill::Blur))).expect("a plan");
    let canvas = plan.canvas.expect("a canvas");
    assert_eq!((canvas.size, plan.content, canvas.top), (size(1000, 500), size(1000, 250), 125));
}

#[test]
fn a_narrow_window_is_met_exactly() {
    let limits = SizeLimits { min_side: 720, window: Some(window("1.778:1.778")), multiple: 2, ..LIMITS };
    let plan = Geometry::plan(size(53, 1115), &limits, Some(Reshape::Crop(Gravity::Center))).expect("a plan");
    assert_eq!(plan.output(), size(1778, 1000));
}

#[test]
fn video_sides_are_even() {
    let limits = SizeLimits { multiple: 2, window: Some(window("0.5:2")), ..LIMITS };
    let plan = Geometry::plan(size(1921, 1081), &limits, None).expect("a plan");
    assert_eq!(plan.output(), size(1920, 1080));
    let pad = Geometry::plan(size(1001, 333), &limits, Some(Reshape::Pad(Fill::Blur))).expect("a plan");
    let canvas = pad.canvas.expect("a canvas");
    for side in [canvas.left, canvas.top, canvas.size.width, canvas.size.height, pad.content.width, pad.content.height]
    {
        assert!(side.is_multiple_of(2), "{pad:?}");
    }
}

proptest! {
    #[test]
    fn every_plan_meets_the_limits(
        width in 1u32..12000, height in 1u32..12000,
        range in prop::sample::select(vec!["0.5:2", "0.4:4", "0.2:4", "0.55:1.8", "0.5:2.358", "1.778:1.778", "1:1"]),
        min_side in prop::sample::select(vec![1u32, 256, 300, 720]),
        max_pixels in prop::sample::select(vec![u64::MAX, 6_325_000]),
        multiple in 1u32..=2,
        pad in any::<bool>(),
    ) {
        let limits = SizeLimits { min_side, max_side: 8000, max_pixels, window: Some(window(range)), multiple };
        let reshape = if pad { Reshape::Pad(Fill::Blur) } else { Reshape::Crop(Gravity::Center) };
        let plan = Geometry::plan(size(width, height), &limits, Some(reshape)).expect("published bounds can be met");
        prop_assert!(limits.allow(plan.output()), "{plan:?}");
        if let Some(crop) = plan.crop {
            prop_assert!(crop.left + crop.size.width <= width && crop.top + crop.size.height <= height);
        }
        if let Some(canvas) = plan.canvas {
            prop_assert!(canvas.left + plan.content.width <= canvas.size.width);
            prop_assert!(canvas.top + plan.content.height <= canvas.size.height);
        }
        if let Some(smaller) = plan.shrunk(0.5, &limits) {
            prop_assert!(limits.allow(smaller.output()), "{smaller:?}");
            prop_assert!(smaller.output().longest() < plan.output().longest());
        }
    }
}
