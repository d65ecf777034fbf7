//! Scripts of paths: a request goes in, the steps of the exchange come out.
//!
//! | path | answer |
//! |---|---|
//! | `/image/640x480.png` | a picture of that size; `png`, `jpg`, `webp`, `gif`, `bmp` |
//! | `/file/a/b.mp4` | `fixtures/a/b.mp4`, with its type and length, and in ranges |
//! | `/labelled/TYPE/a/b.mp4` | the same, with this type, percent-decoded |
//! | `/type/VALUE` | a picture with this `Content-Type`, percent-decoded to bytes |
//! | `/length/VALUE` | a picture with this `Content-Length`, percent-decoded, whatever its true length is |
//! | `/size/N/TYPE` | N bytes of this type, as announced: a picture followed by zeros |
//! | `/status/N` | this status, and a page in HTML; more may follow in the path |
//! | `/redirect/N/PATH` | this status, and a `Location` |
//! | `/methods/N/M` | status N to `HEAD`, M to `GET`, a picture where it is 200 |
//! | `/wait/N/PATH` | the answer of `PATH` after N milliseconds |
//! | `/later/N/PATH` | the answer of `PATH`, but status 503 to the server's first N requests |
//! | `/field/NAME/VALUE` | a picture with one more header field, percent-decoded |
//! | `/moved/VALUE` | status 302 to this `Location`, percent-decoded |
//! | `/phrase/VALUE` | status 404 with this reason phrase, percent-decoded |
//! | `/says/TYPE/TEXT` | status 403 and this text, all percent-decoded |
//! | `/echo/PLACE/FORM?s=VALUE` | repeats the value in a place of the response, in an encoding: see [`echo::echo`] |
//! | `/fault/NAME` | a row of [`FAULTS`] |

use std::io::Cursor;
use std::path::{Component, Path};
use std::sync::OnceLock;
use std::time::Duration;

use image::{DynamicImage, ImageFormat};

use super::echo;
use super::faults::FAULTS;

/// One step of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends that many zero bytes, which are never buffered as a whole.
    Zeros(u64),
    /// Sends these bytes one at a time, with a pause before each.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes until the client closes.
    Forever(Vec<u8>),
    /// Does nothing for a while.
    Wait(Duration),
    /// Does nothing until the client closes.
    Hang,
    /// Closes the connection properly: `close_notify`, then FIN.
    Close,
    /// Closes the connection as after a crash: FIN without `close_notify`.
    Cut,
    /// Ends the connection with a RST.
    Reset,
}

/// The steps in order; a connection that no step closes is kept for the next request.
pub(crate) type Script = Vec<Step>;

/// A request as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The number of its connection, from 0.
    pub(crate) connection: usize,
    /// The number of requests before it.
    pub(crate) before: usize,
    /// The server name of the TLS handshake.
    pub(crate) server_name: Option<String>,
    pub(crate) method: String,
    /// The request target, with its query.
    pub(crate) path: String,
    /// The version, `HTTP/1.1`.
    pub(crate) version: String,
    /// Header fields, with the case of their names unchanged.
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    /// Reads a request's head.
    pub(crate) fn read(head: &str, connection: usize, server_name: Option<&str>) -> Self {
        let mut lines = head.split("\r\n");
        let mut words = lines.next().unwrap_or_default().splitn(3, ' ').map(str::to_owned);
        let [method, path, version] = [(); 3].map(|()| words.next().unwrap_or_default());
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
        Self { connection, before: 0, server_name: server_name.map(str::to_owned), method, path, version, headers }
    }

    /// Returns the value of a header, by its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns whether the method is `HEAD`.
    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }
}

/// Returns the script for this request.
pub(crate) fn script(request: &Request) -> Script {
    let path = request.path.split('?').next().unwrap_or_default();
    let (route, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
    match route {
        "image" => image(rest).map_or_else(not_found, |reply| reply.ranged(request)).to(request),
        "cdn-cgi" => transformed(rest).unwrap_or_else(not_found).to(request),
        "file" => file(rest).map_or_else(not_found, |reply| reply.ranged(request)).to(request),
        "labelled" => {
            let (label, name) = rest.split_once('/').expect("a type and a file");
            file(name).map_or_else(not_found, |reply| reply.set("Content-Type", decoded(label))).to(request)
        }
        "type" => good().set("Content-Type", decoded(rest)).to(request),
        "length" => good().set("Content-Length", decoded(rest)).with("Connection", "close").to(request),
        "size" => sized(rest).to(request),
        "status" => page(rest.split('/').next().unwrap_or_default(), "A page that says so.").to(request),
        "redirect" => redirect(rest).to(request),
        "methods" => {
            let (head, get) = rest.split_once('/').expect("two statuses");
            let status = if request.is_head() { head } else { get };
            if status == "200" { good() } else { page(status, "Not with this method.") }.to(request)
        }
        "wait" => {
            let (milliseconds, path) = rest.split_once('/').expect("milliseconds and a path");
            let inner = Request { path: format!("/{path}"), ..request.clone() };
            let pause = Duration::from_millis(milliseconds.parse().expect("milliseconds"));
            [vec![Step::Wait(pause)], script(&inner)].concat()
        }
        "later" => {
            let (requests, path) = rest.split_once('/').expect("requests and a path");
            if request.before < requests.parse().expect("a number of requests") {
                return page("503", "Come back later.").to(request);
            }
            script(&Request { path: format!("/{path}"), ..request.clone() })
        }
        "field" => {
            let (name, value) = rest.split_once('/').expect("a name and a value");
            good().with(name, decoded(value)).to(request)
        }
        "moved" => page("302", "It moved.").with("Location", decoded(rest)).to(request),
        "phrase" => {
            let phrase = String::from_utf8(decoded(rest)).expect("UTF-8");
            page("404", "See the phrase.").start(&format!("HTTP/1.1 404 {phrase}")).to(request)
        }
        "says" => {
            let (content_type, text) = rest.split_once('/').expect("a type and a text");
            let content_type = String::from_utf8(decoded(content_type)).expect("UTF-8");
            ResponseBuilder::new("403", &content_type, decoded(text)).to(request)
        }
        "echo" => echo::echo(rest, request).to(request),
        "fault" => {
            let row = FAULTS.iter().copied().flatten().find(|(name, _)| *name == rest);
            let (_, answer) = row.unwrap_or_else(|| panic!("no fault is called `{rest}`"));
            answer(request)
        }
        _ => not_found().to(request),
    }
}

/// Returns what an image service makes of a picture: `image/width=640,height=480/2400x1000.png`.
fn transformed(rest: &str) -> Option<ResponseBuilder> {
    let (options, name) = rest.strip_prefix("image/")?.split_once('/')?;
    let option = |wanted: &str| options.split(',').find_map(|pair| pair.strip_prefix(wanted)?.strip_prefix('='));
    if let Some(name) = name.strip_prefix("same-") {
        // A service that does not do what it is asked for.
        return image(name);
    }
    match (option("width"), option("height")) {
        (Some(width), Some(height)) => image(&format!("{width}x{height}.png")),
        _ => image(name),
    }
}

/// A response that is well-formed unless a row changes it.
#[derive(Clone, Debug)]
pub(crate) struct ResponseBuilder {
    /// The status line without its line end.
    pub(crate) start: String,
    fields: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    /// How many zero bytes follow the body.
    padding: u64,
}

impl ResponseBuilder {
    /// Answers with this status, type and body, and its true length.
    pub(crate) fn new(status: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        let reply =
            Self { start: format!("HTTP/1.1 {status} {}", phrase(status)), fields: Vec::new(), body, padding: 0 };
        reply.with("Content-Type", content_type).with("Content-Length", length)
    }

    /// Adds a header, in addition to those of the same name.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// Removes a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// Replaces a header.
    pub(crate) fn set(self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.without(name).with(name, value)
    }

    /// Replaces the first line.
    pub(crate) fn start(mut self, line: &str) -> Self {
        line.clone_into(&mut self.start);
        self
    }

    /// Replaces the body, but not its length.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Cuts the body to the requested range, if any.
    fn ranged(mut self, request: &Request) -> Self {
        let range = request.header("Range").and_then(|value| value.strip_prefix("bytes="));
        let Some((from, to)) = range.and_then(|range| range.split_once('-')) else {
            return self.with("Accept-Ranges", "bytes");
        };
        let (Ok(from), size) = (from.parse::<usize>(), self.body.len()) else { return self };
        if from >= size {
            return Self::new("416", "text/plain", "").with("Content-Range", format!("bytes */{size}"));
        }
        let end = to.parse().map_or(size, |last: usize| size.min(last.saturating_add(1)));
        self.body = self.body[from..end].to_vec();
        self.start = format!("HTTP/1.1 206 {}", phrase("206"));
        let length = self.body.len().to_string();
        self.set("Content-Length", length).with("Content-Range", format!("bytes {from}-{}/{size}", end - 1))
    }

    /// Returns the head, with the empty line.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.start).into_bytes();
        for (name, value) in &self.fields {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        head.extend(b"\r\n");
        head
    }

    /// Answers a request as a good server would: `HEAD` without a body, and a close if only that ends the body.
    pub(crate) fn to(&self, request: &Request) -> Script {
        let mut script = vec![Step::Send(self.head())];
        if request.is_head() {
            return script;
        }
        script.extend([Step::Send(self.body.clone()), Step::Zeros(self.padding)]);
        if !self.fields.iter().any(|(name, _)| ["Content-Length", "Transfer-Encoding"].contains(&name.as_str())) {
            script.push(Step::Close);
        }
        script
    }
}

/// Answers with a picture and no fault.
pub(crate) fn good() -> ResponseBuilder {
    ResponseBuilder::new("200", "image/png", small())
}

/// Answers with a JPEG and no fault.
pub(crate) fn jpeg() -> ResponseBuilder {
    ResponseBuilder::new("200", "image/jpeg", picture(640, 480, ImageFormat::Jpeg))
}

/// Returns the body of a good response: a PNG that every rule accepts.
pub(crate) fn small() -> Vec<u8> {
    static PICTURE: OnceLock<Vec<u8>> = OnceLock::new();
    PICTURE.get_or_init(|| picture(640, 480, ImageFormat::Png)).clone()
}

/// Answers with a page in HTML.
pub(crate) fn page(status: &str, sentence: &str) -> ResponseBuilder {
    let page = format!("<!doctype html>\n<title>{status}</title>\n<p>{sentence}</p>\n");
    ResponseBuilder::new(status, "text/html; charset=utf-8", page)
}

fn not_found() -> ResponseBuilder {
    page("404", "Nothing is here.")
}

/// Draws a grey picture.
pub(crate) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::new_luma8(width, height);
    let picture = if format == ImageFormat::WebP { DynamicImage::from(picture.to_rgb8()) } else { picture };
    picture.write_to(&mut bytes, format).expect("a picture can be drawn");
    bytes.into_inner()
}

/// Answers `640x480.png`.
fn image(name: &str) -> Option<ResponseBuilder> {
    let (size, extension) = name.split_once('.')?;
    let (width, height) = size.split_once('x')?;
    let format = ImageFormat::from_extension(extension)?;
    let bytes = picture(width.parse().ok()?, height.parse().ok()?, format);
    Some(ResponseBuilder::new("200", format.to_mime_type(), bytes))
}

/// Answers with a file of `fixtures/` only.
fn file(name: &str) -> Option<ResponseBuilder> {
    let path = String::from_utf8(decoded(name)).ok()?;
    let inside = Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(&path)).ok()?;
    let extension = Path::new(&path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let known = TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    inside.then(|| ResponseBuilder::new("200", known.map_or("application/octet-stream", |(_, name)| name), bytes))
}

/// Extensions and media types, as on a well-configured server.
const TYPES: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("bmp", "image/bmp"),
    ("tiff", "image/tiff"),
    ("svg", "image/svg+xml"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("mkv", "video/x-matroska"),
    ("avi", "video/x-msvideo"),
    ("flv", "video/x-flv"),
    ("mpg", "video/mpeg"),
    ("3gp", "video/3gpp"),
    ("ogv", "video/ogg"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("flac", "audio/flac"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("html", "text/html"),
    ("txt", "text/plain"),
];

/// Answers `17000000/image/png`.
fn sized(rest: &str) -> ResponseBuilder {
    let (size, content_type) = rest.split_once('/').expect("a size and a type");
    let total = size.parse::<u64>().expect("a number of bytes");
    let mut reply = good().set("Content-Type", content_type).set("Content-Length", size);
    reply.body.truncate(usize::try_from(total).unwrap_or(usize::MAX));
    reply.padding = total - reply.body.len() as u64;
    reply
}

/// Answers `302/image/640x480.png`; `302//host/path` leads to another host.
fn redirect(rest: &str) -> ResponseBuilder {
    let (status, path) = rest.split_once('/').expect("a status and a path");
    page(status, "It moved.").with("Location", format!("/{path}"))
}

/// Undoes percent-encoding.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(text).collect()
}

/// Returns the reason phrase of a status.
fn phrase(status: &str) -> &'static str {
    status.parse().ok().and_then(|status: http::StatusCode| status.canonical_reason()).unwrap_or("As You Say")
}
