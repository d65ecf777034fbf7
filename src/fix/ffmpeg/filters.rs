//! Builds ffmpeg's filter graph for a geometry. ffmpeg has already applied the rotation to the frames.

use super::request::ClipFacts;
use crate::fix::geometry::{Canvas, Fill, Geometry};
use crate::units::{Dimensions, Thousandths};

/// Returns the graph: frame rate, square pixels, crop, scale, pad.
pub(super) fn filters(facts: &ClipFacts, geometry: &Geometry, fps: Option<Thousandths>) -> String {
    let mut chain = Vec::new();
    chain.extend(fps.map(|fps| format!("fps={fps}")));
    if !arrives_as_shown(facts, geometry.shown) {
        chain.push(scaled(geometry.shown));
    }
    if let Some(crop) = geometry.crop {
        chain.push(format!("crop={}:{}:{}:{}", crop.size.width, crop.size.height, crop.left, crop.top));
    }
    match &geometry.canvas {
        Some(canvas) => chain.push(padded(geometry.content, canvas)),
        None if geometry.content != geometry.kept() => chain.push(scaled(geometry.content)),
        None => {}
    }
    chain.push("setsar=1".to_owned());
    chain.join(",")
}

/// Returns whether frames already have the display size: pixels are square and none are cropped.
fn arrives_as_shown(facts: &ClipFacts, shown: Dimensions) -> bool {
    let quarter_turn = matches!(facts.rotation, Some(90 | 270));
    facts.stored.is_some_and(|stored| shown == if quarter_turn { stored.swapped() } else { stored })
}

fn scaled(size: Dimensions) -> String {
    format!("scale={}:{}:flags=lanczos", size.width, size.height)
}

fn padded(content: Dimensions, canvas: &Canvas) -> String {
    let (Dimensions { width, height }, Canvas { left, top, .. }) = (canvas.size, canvas);
    match canvas.fill {
        Fill::Color([red, green, blue]) => {
            format!("{},pad={width}:{height}:{left}:{top}:color=0x{red:02x}{green:02x}{blue:02x}", scaled(content))
        }
        Fill::Blur => format!(
            "split[front][back];\
             [back]scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height},boxblur=20:2[blurred];\
             [front]{}[picture];\
             [blurred][picture]overlay={left}:{top}",
            scaled(content)
        ),
    }
}
