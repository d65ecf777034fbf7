//! Writes a transformation into a URL.

use url::Url;

use super::error::ServiceError;
use super::table::{Placement, Service};
use crate::fix::geometry::{Fill, Geometry, Gravity, Reshape};
use crate::fix::image::ImageOutputFormat;
use crate::units::Dimensions;

/// The wanted transformation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transformation {
    /// The geometry to apply; `None` if the picture's size is unknown.
    pub(crate) geometry: Option<Geometry>,
    /// How the aspect ratio is changed.
    pub(crate) reshape: Option<Reshape>,
    /// The longest side, if the size is unknown.
    pub(crate) max_side: u32,
    /// The format; `None`: unchanged.
    pub(crate) format: Option<ImageOutputFormat>,
    /// The quality; `None`: the service's default.
    pub(crate) quality: Option<u8>,
}

/// A rewritten URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RewrittenUrl {
    pub(crate) url: Url,
    /// The name of the service.
    pub(crate) service: &'static str,
    /// The page that describes the transformation.
    pub(crate) docs: &'static str,
    /// True if the URL must be signed again before it works.
    pub(crate) needs_signing: bool,
}

/// Rewrites the URL of an image service so that it delivers the wanted transformation.
pub(crate) fn rewrite(url: &Url, wanted: &Transformation) -> Result<RewrittenUrl, ServiceError> {
    let service = Service::of(url).ok_or(ServiceError::Unknown)?;
    let needs_signing = service.is_signed(url);
    let parts = parts(service, wanted)?;
    let mut url = sent(url);
    if let Some([from, to]) = &service.replace {
        let path = url.path().replacen(from.as_str(), to, 1);
        url.set_path(&path);
    }
    match service.placement {
        Placement::Query => set_query(&mut url, service, &parts),
        Placement::Chain => set_chain(&mut url, service, &parts),
        Placement::Options => set_options(&mut url, service, &parts),
        Placement::Suffix => set_suffix(&mut url, service, &parts, wanted.format.unwrap_or(ImageOutputFormat::Jpeg)),
    }
    Ok(RewrittenUrl { url, service: &service.name, docs: &service.source.page, needs_signing })
}

/// Returns the URL as the API requests it: over HTTPS, which every service offers, without user, password and fragment.
fn sent(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // These cannot fail: every service has a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.scheme() == "http" {
        let _ = url.set_port(None);
        let _ = url.set_scheme("https");
    }
    url
}

/// Returns the parts of the transformation, placeholders filled in.
fn parts(service: &'static Service, wanted: &Transformation) -> Result<Vec<String>, ServiceError> {
    let unsupported = |what| ServiceError::Unsupported { service: &service.name, what };
    let mut parts = vec![size_part(service, wanted)?];
    let gravity = match wanted.reshape {
        Some(Reshape::Crop(gravity)) => gravity,
        Some(Reshape::Pad(_)) | None => Gravity::Center,
    };
    let crops = wanted.geometry.is_some_and(|geometry| geometry.canvas.is_none());
    if crops && service.exact.is_some() {
        match service.gravity.get(<&str>::from(gravity)) {
            Some(part) => parts.push(part.clone()),
            None if gravity == Gravity::Center => {}
            None => return Err(unsupported("crop anywhere but in the middle")),
        }
    }
    if let (Some(format), Placement::Query | Placement::Chain | Placement::Options) = (wanted.format, service.placement)
    {
        let template = service.format.as_ref().ok_or_else(|| unsupported("name a format"))?;
        let name = service.formats.get(format.id()).ok_or_else(|| unsupported("name this format"))?;
        parts.push(template.replace("{format}", name));
    }
    if let (Some(quality), Some(template)) = (wanted.quality, &service.quality) {
        parts.push(template.replace("{quality}", &quality.to_string()));
    }
    Ok(parts)
}

fn size_part(service: &'static Service, wanted: &Transformation) -> Result<String, ServiceError> {
    let unsupported = |what| ServiceError::Unsupported { service: &service.name, what };
    let Some(geometry) = wanted.geometry else {
        let side = wanted.max_side.min(service.max_side);
        return Ok(filled(&service.within, service.width(side), side, None));
    };
    let size = geometry.output();
    if size.longest() > service.max_side && !geometry.is_identity() {
        let limit = service.max_side;
        return Err(ServiceError::TooLarge { service: &service.name, limit, size });
    }
    let Dimensions { width, height } = size;
    match (geometry.canvas.map(|canvas| canvas.fill), &service.pad, &service.exact) {
        (Some(Fill::Color(color)), Some(pad), _) => Ok(filled(pad, width, height, Some(color))),
        (Some(Fill::Color(_)), None, _) => Err(unsupported("pad a picture")),
        (Some(Fill::Blur), ..) => Err(unsupported("pad with a blur")),
        (None, _, Some(exact)) => Ok(filled(exact, width, height, None)),
        (None, _, None) if geometry.crop.is_some() => Err(unsupported("crop a picture")),
        (None, _, None) => Ok(filled(&service.within, service.width(width), height, None)),
    }
}

impl Service {
    /// Returns the largest served width up to the wanted one.
    fn width(&self, wanted: u32) -> u32 {
        let served = self.widths.iter().copied().filter(|width| *width <= wanted).max();
        served.or_else(|| self.widths.first().copied()).unwrap_or(wanted)
    }
}

fn filled(template: &str, width: u32, height: u32, color: Option<[u8; 3]>) -> String {
    let [red, green, blue] = color.unwrap_or_default();
    template
        .replace("{width}", &width.to_string())
        .replace("{height}", &height.to_string())
        .replace("{color}", &format!("{red:02x}{green:02x}{blue:02x}"))
}

/// Replaces parameters of the query. The other parameters keep their spelling.
fn set_query(url: &mut Url, service: &Service, parts: &[String]) {
    let dropped = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        pair.is_empty() || service.drops.iter().chain(&service.signature).any(|drop| drop == name)
    };
    let query = url.query().unwrap_or_default().to_owned();
    let kept = query.split('&').filter(|pair| !dropped(pair));
    let pairs: Vec<&str> = kept.chain(parts.iter().map(String::as_str)).collect();
    url.set_query(Some(&pairs.join("&")));
}

/// Adds a component after the transformations that follow the marker.
fn set_chain(url: &mut Url, service: &Service, parts: &[String]) {
    let path = url.path().to_owned();
    let Some((before, after)) = path.split_once(&service.path) else { return };
    let mut rest: Vec<&str> = after.split('/').collect();
    if rest.first().is_some_and(|segment| segment.starts_with("s--") && segment.ends_with("--")) {
        rest.remove(0);
    }
    let version = |segment: &&str| segment.strip_prefix('v').is_some_and(is_number);
    let file = rest.len().saturating_sub(1);
    let place = rest
        .iter()
        .position(version)
        .unwrap_or_else(|| rest.iter().take(file).take_while(|segment| is_transformation(segment)).count());
    let component = parts.join(",");
    rest.insert(place, &component);
    url.set_path(&format!("{before}{}{}", service.path, rest.join("/")));
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a segment is a Cloudinary transformation: `c_fill,w_300` or `t_banner`, but not folder `my_photos`.
fn is_transformation(segment: &str) -> bool {
    const NAMES: [&str; 44] = [
        "a", "ac", "af", "ar", "b", "bl", "bo", "br", "c", "co", "cs", "d", "dl", "dn", "dpr", "du", "e", "eo", "f",
        "fl", "fn", "fps", "g", "h", "if", "ki", "l", "o", "p", "pg", "q", "r", "so", "sp", "t", "u", "vc", "vs", "w",
        "x", "y", "z", "$", "dt",
    ];
    let named =
        |part: &str| part.split_once('_').is_some_and(|(name, value)| !value.is_empty() && NAMES.contains(&name));
    segment.split(',').all(named)
}

/// Replaces options that follow the marker.
fn set_options(url: &mut Url, service: &Service, parts: &[String]) {
    let path = url.path().to_owned();
    let Some((before, after)) = path.split_once(&service.path) else { return };
    let (options, source) = after.split_once('/').unwrap_or((after, ""));
    let dropped = |option: &&str| {
        let name = option.split('=').next().unwrap_or_default();
        name.is_empty() || service.drops.iter().any(|drop| drop == name)
    };
    let kept = options.split(',').filter(|option| !dropped(option));
    let options: Vec<&str> = kept.chain(parts.iter().map(String::as_str)).collect();
    url.set_path(&format!("{before}{}{}/{source}", service.path, options.join(",")));
}

/// Replaces the suffix after the file.
fn set_suffix(url: &mut Url, service: &Service, parts: &[String], format: ImageOutputFormat) {
    let path = url.path().to_owned();
    let cut = service.cut.as_deref().unwrap_or_default();
    let file = path.split_once(cut).map_or(path.as_str(), |(file, _)| file);
    let name = service.formats.get(format.id()).map_or(format.extension(), String::as_str);
    let end = service.end.as_deref().unwrap_or_default().replace("{format}", name);
    url.set_path(&format!("{file}{}{end}", parts.join(",")));
}
