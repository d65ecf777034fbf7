//! A host that repeats what it was asked: the value of a query, in every form and place that servers repeat it in.

use super::scripts::{Reply, Request, decoded, good, page};

/// Writes a text in a form.
type Write = fn(&str) -> String;

/// The forms in which a text is written.
pub(crate) const FORMS: [(&str, Write); 8] = [
    ("raw", str::to_owned),
    ("percent", |text| percent(text, false)),
    ("percent-lower", |text| percent(text, true)),
    ("twice", |text| percent(&percent(text, false), false)),
    ("json", |text| text.replace('/', "\\/").replace('+', "\\u002b").replace('=', "\\u003d").replace('&', "\\u0026")),
    ("hex", |text| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()),
    ("hex-upper", |text| text.bytes().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat()),
    ("base64", |text| runway_preflight::data_uri::encode(text.as_bytes())),
];

/// The places of an answer that may hold it.
pub(crate) const PLACES: [&str; 10] =
    ["xml", "title", "json", "text", "location", "location-path", "cookie", "authenticate", "unknown", "body"];

/// Writes a text in a form of [`FORMS`].
pub(crate) fn written(form: &str, text: &str) -> String {
    let (_, write) = FORMS.iter().find(|(name, _)| *name == form).expect("a form");
    write(text)
}

/// Answers `PLACE/FORM?s=VALUE`.
pub(crate) fn echo(rest: &str, request: &Request) -> Reply {
    let (place, form) = rest.split_once('/').expect("a place and a form");
    let (_, value) = request.path.split_once("?s=").expect("a value");
    let value = String::from_utf8(decoded(value)).expect("UTF-8");
    let said = written(form, &value);
    let refused = |content_type: &str, body: String| Reply::new("403", content_type, body);
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
        "body" => Reply::new("200", "image/png", format!("{said} is no picture")),
        place => panic!("no place is called `{place}`"),
    }
}

fn percent(text: &str, lower: bool) -> String {
    let encode = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte if lower => format!("%{byte:02x}"),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
