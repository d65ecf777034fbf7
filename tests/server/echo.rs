//! A host that repeats the value of a query, in every encoding and place.

use super::scripts::{Request, ResponseBuilder, decoded, good, page};

/// Encodes a text.
type Write = fn(&str) -> String;

/// The encodings of a text, by name.
pub(crate) const FORMS: [(&str, Write); 15] = [
    ("raw", str::to_owned),
    ("percent", |text| percent(text, false)),
    ("percent-lower", |text| percent(text, true)),
    ("twice", |text| percent(&percent(text, false), false)),
    ("json", |text| text.replace('/', "\\/").replace('+', "\\u002b").replace('=', "\\u003d").replace('&', "\\u0026")),
    ("hex", |text| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()),
    ("hex-upper", |text| text.bytes().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat()),
    ("base64", |text| runway_preflight::data_uri::encode(text.as_bytes())),
    ("keeps-slashes", |text| percent(text, false).replace("%2F", "/")),
    ("mixed-case", |text| percent(text, false).replace("%2F", "%2f")),
    ("thrice", |text| percent(&percent(&percent(text, false), false), true)),
    ("blanks", |text| text.replace('+', " ")),
    ("url-safe", |text| text.replace('+', "-").replace('/', "_").replace('=', "")),
    ("entities", |text| text.replace('&', "&amp;").replace('/', "&#x2F;").replace('+', "&#43;").replace('=', "&#x3d;")),
    ("escapes", |text| text.replace('/', "\\x2f").replace('+', "\\x2b").replace('=', "\\x3D").replace('&', "\\x26")),
];

/// The places of a response that may contain it.
pub(crate) const PLACES: [&str; 17] = [
    "xml",
    "title",
    "json",
    "text",
    "location",
    "location-path",
    "cookie",
    "authenticate",
    "unknown",
    "body",
    "content-type",
    "content-encoding",
    "content-length",
    "server",
    "via",
    "x-cache",
    "retry-after",
];

/// Encodes a text in a form of [`FORMS`], or each character at random, as `random-SEED`.
pub(crate) fn written(form: &str, text: &str) -> String {
    if let Some(seed) = form.strip_prefix("random-") {
        return random(seed.parse().expect("a seed"), text);
    }
    let (_, write) = FORMS.iter().find(|(name, _)| *name == form).expect("a form");
    write(text)
}

/// Responds to `PLACE/FORM?s=VALUE`.
pub(crate) fn echo(rest: &str, request: &Request) -> ResponseBuilder {
    let (place, form) = rest.split_once('/').expect("a place and a form");
    let (_, value) = request.path.split_once("?s=").expect("a value");
    let value = String::from_utf8(decoded(value)).expect("UTF-8");
    let said = written(form, &value);
    let refused = |content_type: &str, body: String| ResponseBuilder::new("403", content_type, body);
    let moved = |location: String| page("302", "It moved.").with("Location", location);
    match place {
        "xml" => refused(
            "application/xml",
            format!("<Error><Code>SignatureDoesNotMatch</Code><Message>You sent {said} here.</Message></Error>"),
        ),
        "title" => refused("text/html", format!("<html><title>No {said}.</title>")),
        "json" => refused("application/json", format!("{{\"message\": \"bad token {said}\"}}")),
        "text" => refused("text/plain", format!("no: https://h.example/a?sig={said} or {said}")),
        "location" => moved(format!("https://login.example.org/?next={said}")),
        "location-path" => moved(format!("https://login.example.org/next/{said}/a.png")),
        "cookie" => good().with("Set-Cookie", format!("session={said}; Path=/")),
        "authenticate" => {
            refused("text/plain", "no".to_owned()).with("WWW-Authenticate", format!("Bearer realm=\"{said}\""))
        }
        "unknown" => good().with("X-Request", said),
        "content-type" => ResponseBuilder::new("200", &said, "no image".to_owned()),
        "content-encoding" => good().with("Content-Encoding", said),
        "content-length" => good().with("Content-Length", said),
        "server" => good().with("Server", said),
        "via" => good().with("Via", format!("1.1 {said}")),
        "x-cache" => good().with("X-Cache", format!("HIT from {said}")),
        "retry-after" => ResponseBuilder::new("429", "text/plain", "busy".to_owned()).with("Retry-After", said),
        "body" => ResponseBuilder::new("200", "image/png", format!("{said} is no picture")),
        place => panic!("no place is called `{place}`"),
    }
}

/// Encodes each character at random: as it is, percent-encoded up to three times, as an entity, as an escape.
fn random(mut seed: u64, text: &str) -> String {
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let encode = |byte: u8| match next() % 9 {
        0 => format!("%{byte:02X}"),
        1 => format!("%{byte:02x}"),
        2 => format!("%25{byte:02X}"),
        3 => format!("%2525{byte:02x}"),
        4 => format!("&#{byte};"),
        5 => format!("&#x{byte:x};"),
        6 => format!("\\x{byte:02x}"),
        7 => format!("\\u{byte:04x}"),
        _ => char::from(byte).to_string(),
    };
    text.bytes().map(encode).collect()
}

fn percent(text: &str, lower: bool) -> String {
    let encode = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte if lower => format!("%{byte:02x}"),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
