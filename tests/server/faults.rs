//! Faults: one row for each way in which an HTTP server misbehaves, under the name in its path.
//!
//! A row is a change to [`good`], so that only the fault can cause the result.

use std::time::Duration;

use super::scripts::Step::{Close, Cut, Drip, Forever, Hang, Reset, Send, Wait, Zeros};
use super::scripts::{Request, ResponseBuilder, Script, good, jpeg, page, small};

/// A fault: the name after `/fault/`, and its script.
pub(crate) type Fault = (&'static str, fn(&Request) -> Script);

/// Every fault, by the part of the exchange that it breaks.
pub(crate) const FAULTS: &[&[Fault]] =
    &[CONNECTION, NOT_HTTP, INTERIM, STATUS, HEAD, TYPE, LENGTH, BODY, METHOD, STORAGE, MANNERS];

/// Long enough for the client to read what was sent before the next step.
const BREATH: Duration = Duration::from_millis(30);

/// Slow enough that no head or body here is complete within ten seconds.
const SLOW: Duration = Duration::from_millis(200);

/// The connection breaks or stalls.
const CONNECTION: &[Fault] = &[
    ("silent", |_| vec![Hang]),
    ("close-after-request", |_| vec![Close]),
    ("cut-after-request", |_| vec![Cut]),
    ("rst-after-request", |_| vec![Reset]),
    ("close-in-head", |_| vec![Send(half_head()), Close]),
    ("rst-in-head", |_| vec![Send(half_head()), Wait(BREATH), Reset]),
    ("hang-in-head", |_| vec![Send(half_head()), Hang]),
    ("trickle-head", |_| vec![Drip(good().head(), SLOW), Hang]),
    ("close-in-body", |request| in_body(request, vec![Close])),
    ("cut-in-body", |request| in_body(request, vec![Cut])),
    ("rst-in-body", |request| in_body(request, vec![Wait(BREATH), Reset])),
    ("hang-in-body", |request| in_body(request, vec![Hang])),
    ("trickle-body", |request| in_body(request, vec![Drip(vec![0; 500], SLOW), Hang])),
    ("byte-by-byte", |request| {
        let body = small();
        let (first, rest) = body.split_at(if request.is_head() { 0 } else { 40 });
        let drip = |bytes: &[u8]| Drip(bytes.to_vec(), Duration::from_millis(1));
        let rest = if request.is_head() { Vec::new() } else { vec![drip(first), Send(rest.to_vec())] };
        [vec![drip(&good().head())], rest].concat()
    }),
    ("no-close-notify", |request| good().with("Connection", "close").to(request).into_iter().chain([Cut]).collect()),
];

/// The server does not speak HTTP/1.
const NOT_HTTP: &[Fault] = &[
    ("garbage", |_| vec![Send(b"\x01\x02\x03 this is no answer\r\n\r\n".to_vec()), Close]),
    ("zeros", |_| vec![Zeros(4096), Close]),
    ("ssh-banner", |_| vec![Send(b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec()), Close]),
    ("http-0.9", |_| vec![Send(b"<html>just the page, as in 1991</html>\n".to_vec()), Close]),
    ("icy", |request| good().start("ICY 200 OK").to(request)),
    ("http-2-line", |request| good().start("HTTP/2 200").to(request)),
    ("http-1.2", |request| good().start("HTTP/1.2 200 OK").to(request)),
];

/// Interim responses come first.
const INTERIM: &[Fault] = &[
    ("103-first", |request| after_interim(request, "103 Early Hints", 1)),
    ("103-five-times", |request| after_interim(request, "103 Early Hints", 5)),
    ("100-first", |request| after_interim(request, "100 Continue", 1)),
    ("102-eight-times", |request| after_interim(request, "102 Processing", 8)),
    ("102-thirty-times", |request| after_interim(request, "102 Processing", 30)),
    ("1xx-flood", |_| vec![Forever(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".to_vec())]),
    ("101", |_| vec![Send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".to_vec()), Hang]),
];

/// The status line is unusual; the first six have no valid status.
const STATUS: &[Fault] = &[
    ("status-000", |request| good().start("HTTP/1.1 000 Nothing").to(request)),
    ("status-099", |request| good().start("HTTP/1.1 099 Too Little").to(request)),
    ("status-1000", |request| good().start("HTTP/1.1 1000 Too Much").to(request)),
    ("status-negative", |request| good().start("HTTP/1.1 -20 Below").to(request)),
    ("status-hundred-digits", |request| good().start(&format!("HTTP/1.1 {}", "2".repeat(100))).to(request)),
    ("status-in-words", |request| good().start("HTTP/1.1 fine OK").to(request)),
    ("no-phrase", |request| good().start("HTTP/1.1 200").to(request)),
    ("http-1.0", |request| good().start("HTTP/1.0 200 OK").to(request)),
    ("escape-in-good-phrase", |request| good().start("HTTP/1.1 200 \x1b[2JOK").to(request)),
    ("escape-in-phrase", |request| good().start("HTTP/1.1 404 \x1b[2JGone").to(request)),
];

/// The header fields are unusual.
const HEAD: &[Fault] = &[
    ("head-flood", |_| vec![Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Forever(b"X-More: and more\r\n".to_vec())]),
    ("endless-line", |_| vec![Send(b"HTTP/1.1 200 OK\r\nX-Long: ".to_vec()), Forever(b"on and on ".to_vec())]),
    ("fields-101", |request| fields(101).to(request)),
    ("fields-900", |request| fields(900).to(request)),
    ("fields-3000", |request| fields(3_000).to(request)),
    ("fields-10000", |request| fields(10_000).to(request)),
    ("field-20-kib", |request| good().with("X-Long", "x".repeat(20 << 10)).to(request)),
    ("field-64-kib", |request| good().with("X-Long", "x".repeat(64 << 10)).to(request)),
    ("field-1-mib", |request| good().with("X-Long", "x".repeat(1 << 20)).to(request)),
    ("nul-in-field", |request| good().with("X-Odd", "a\0b").to(request)),
    ("escape-in-field", |request| good().with("X-Odd", "\x1b[2J").to(request)),
    ("delete-in-field", |request| good().with("X-Odd", "a\x7fb").to(request)),
    ("bare-cr-in-field", |request| good().with("X-Odd", "a\rb").to(request)),
    ("high-bytes-in-field", |request| good().with("X-Odd", *b"\x9b\xa0\xe2\x80\xae\xff").to(request)),
    ("folded-field", |request| good().with("X-Odd", "one\r\n two").to(request)),
    ("space-before-colon", |request| good().with("X-Odd ", "value").to(request)),
    ("empty-field-name", |request| good().with("", "value").to(request)),
    ("no-colon", |request| rewritten(request, |head| head.replace("\r\n\r\n", "\r\nno colon here\r\n\r\n"))),
    ("line-feeds-only", |request| rewritten(request, |head| head.replace("\r\n", "\n"))),
    ("blank-lines-first", |request| rewritten(request, |head| format!("\r\n\r\n{head}"))),
];

/// The `Content-Type` is wrong or missing; `/type/` serves any single value.
const TYPE: &[Fault] = &[
    ("missing-type", |request| good().without("Content-Type").to(request)),
    ("empty-type", |request| good().set("Content-Type", "").to(request)),
    ("octet-stream", |request| good().set("Content-Type", "application/octet-stream").to(request)),
    ("binary-octet-stream", |request| good().set("Content-Type", "binary/octet-stream").to(request)),
    ("two-types", |request| good().with("Content-Type", "text/html").to(request)),
    ("two-types-good-last", |request| {
        good().set("Content-Type", "text/html").with("Content-Type", "image/png").to(request)
    }),
    ("same-type-twice", |request| good().with("Content-Type", "image/png").to(request)),
    ("jpeg-named-png", |request| jpeg().set("Content-Type", "image/png").to(request)),
];

/// The `Content-Length` is wrong or missing; `/length/` serves any single value.
const LENGTH: &[Fault] = &[
    ("missing-length", |request| good().without("Content-Length").to(request)),
    ("chunked", |request| chunked(good().without("Content-Length"), request)),
    ("chunked-with-trailer", |request| {
        let body = [format!("{:x}\r\n", small().len()).as_bytes(), &small(), b"\r\n0\r\nX-Sum: 1\r\n\r\n"].concat();
        let reply = good().without("Content-Length").with("Transfer-Encoding", "chunked").with("Trailer", "X-Sum");
        reply.body(body).to(request)
    }),
    ("chunked-and-length", |request| chunked(good(), request)),
    ("chunked-in-bytes-for-ever", |request| {
        let head = Send(good().without("Content-Length").with("Transfer-Encoding", "chunked").head());
        if request.is_head() { vec![head] } else { vec![head, Forever(b"1\r\nx\r\n".to_vec())] }
    }),
    ("chunked-picture-in-bytes-for-ever", |request| {
        // A text of two gigabytes in the middle of a picture, which no reader of headers would stop at.
        let begun = [b"29\r\n", &small()[..33], b"\x7f\xff\xff\xfftEXt", b"\r\n"].concat();
        in_chunks(request, vec![Send(begun), Forever(b"1\r\nx\r\n".to_vec())])
    }),
    ("chunked-size-overflows", |request| {
        let reply = good().without("Content-Length").with("Transfer-Encoding", "chunked");
        let body = Send(b"fffffffffffffffff\r\nx\r\n".to_vec());
        if request.is_head() { reply.to(request) } else { vec![Send(reply.head()), body, Close] }
    }),
    ("length-and-identity", |request| good().with("Transfer-Encoding", "identity").to(request)),
    ("length-and-gzip", |request| closing(request, &good().with("Transfer-Encoding", "gzip"))),
    ("length-short", |request| closing(request, &good().set("Content-Length", "40"))),
    ("length-over", |request| closing(request, &good().set("Content-Length", "400000"))),
    ("length-garbage", |request| closing(request, &good().set("Content-Length", "forty"))),
    ("length-negative", |request| closing(request, &good().set("Content-Length", "-1"))),
    ("length-empty", |request| closing(request, &good().set("Content-Length", ""))),
    ("length-duplicate", |request| good().with("Content-Length", true_length()).to(request)),
    ("length-listed", |request| good().set("Content-Length", format!("{0}, {0}", true_length())).to(request)),
    ("length-differs", |request| closing(request, &good().with("Content-Length", "40"))),
    ("length-zero", |request| good().set("Content-Length", "0").body("").to(request)),
    ("length-2-63", |request| closing(request, &good().set("Content-Length", "9223372036854775808"))),
    ("length-2-63-less-1", |request| closing(request, &good().set("Content-Length", "9223372036854775807"))),
    ("length-2-64-less-1", |request| closing(request, &good().set("Content-Length", "18446744073709551615"))),
    ("length-2-64", |request| closing(request, &good().set("Content-Length", "18446744073709551616"))),
];

/// The body is wrong.
const BODY: &[Fault] = &[
    ("endless-body", |request| {
        let head = Send(good().without("Content-Length").head());
        if request.is_head() { vec![head] } else { vec![head, Forever(vec![0; 64 << 10])] }
    }),
    ("length-at-limit-sends-more", |request| {
        let steps = good().set("Content-Length", "16777216").to(request).into_iter();
        let rest = Zeros((16 << 20) - small().len() as u64 + 1);
        if request.is_head() { steps.collect() } else { steps.chain([rest, Close]).collect() }
    }),
    ("chunk-size-garbled", |request| in_chunks(request, vec![Send(b"zz\r\nx\r\n".to_vec()), Close])),
    ("chunk-extension-for-ever", |request| in_chunks(request, vec![Send(b"1;".to_vec()), Forever(b"a=b;".to_vec())])),
    ("trailers-for-ever", |request| {
        let body = [format!("{:x}\r\n", small().len()).as_bytes(), &small(), b"\r\n0\r\n"].concat();
        in_chunks(request, vec![Send(body), Forever(b"X-More: and more\r\n".to_vec())])
    }),
    ("endless-body-with-length", |request| {
        let head = Send(good().set("Content-Length", "16777216").head());
        // Not a divisor of the length: the last byte and the first excess byte are in one TLS record, and arrive together.
        if request.is_head() { vec![head] } else { vec![head, Forever(vec![0; 60_000])] }
    }),
    ("gzip", |request| {
        let packed = gzip(&small());
        ResponseBuilder::new("200", "image/png", packed).with("Content-Encoding", "gzip").to(request)
    }),
    ("gzip-bomb", |request| {
        ResponseBuilder::new("200", "image/png", bomb(200 << 20)).with("Content-Encoding", "gzip").to(request)
    }),
    ("gzip-broken", |request| good().with("Content-Encoding", "gzip").to(request)),
    ("unknown-coding", |request| good().with("Content-Encoding", "rot13").to(request)),
    ("html-as-png", |request| page("200", "Please sign in.").set("Content-Type", "image/png").to(request)),
    ("xml-as-png", |request| ResponseBuilder::new("200", "image/png", ACCESS_DENIED).to(request)),
    ("html-with-200", |request| page("200", "Please sign in.").to(request)),
    ("two-answers", |request| joined([good().to(request), page("404", "Nobody asked.").to(request)].concat())),
    ("unasked-206", |request| {
        good().start("HTTP/1.1 206 Partial Content").with("Content-Range", "bytes 0-9/10").to(request)
    }),
    ("range-ignored", |request| good().to(request)),
    ("range-400", |request| unless_ranged(request, &page("400", "No ranges."))),
    ("range-403", |request| unless_ranged(request, &page("403", "No ranges."))),
    ("range-206-alone", |request| unless_ranged(request, &good().start("HTTP/1.1 206 Partial Content"))),
    ("range-206-of-unknown", |request| {
        let range = format!("bytes 0-{}/*", small().len() - 1);
        unless_ranged(request, &good().start("HTTP/1.1 206 Partial Content").with("Content-Range", range))
    }),
];

/// `HEAD` and `GET` are answered differently.
const METHOD: &[Fault] = &[
    ("head-403", |request| by_method(request, vec![Send(storage_error("403", ACCESS_DENIED).head())], &good())),
    ("head-404", |request| by_method(request, page("404", "Not for HEAD.").to(request), &good())),
    ("head-405", |request| by_method(request, page("405", "Not for HEAD.").to(request), &good())),
    ("head-501", |request| by_method(request, page("501", "Not for HEAD.").to(request), &good())),
    ("head-hangs", |request| by_method(request, vec![Hang], &good())),
    ("head-rst", |request| by_method(request, vec![Reset], &good())),
    ("head-without-length", |request| by_method(request, good().without("Content-Length").to(request), &good())),
    ("head-other-length", |request| by_method(request, good().set("Content-Length", "40").to(request), &good())),
    ("head-other-type", |request| by_method(request, good().set("Content-Type", "text/html").to(request), &good())),
    ("head-with-body", |request| by_method(request, vec![Send([good().head(), small()].concat()), Close], &good())),
    ("head-then-closes-idle", |request| by_method(request, vec![Send(good().head()), Wait(BREATH), Close], &good())),
    ("head-then-closes", |request| by_method(request, vec![Send(good().head()), Close], &good())),
    ("head-then-rst", |request| by_method(request, vec![Send(good().head()), Wait(BREATH), Reset], &good())),
    ("get-404", |request| by_method(request, good().to(request), &page("404", "Only for HEAD."))),
    ("get-hangs", |request| if request.is_head() { good().to(request) } else { vec![Hang] }),
    ("get-octet-stream", |request| {
        by_method(request, good().to(request), &good().set("Content-Type", "application/octet-stream"))
    }),
];

/// Rejections by storage services, login pages and bot filters.
const STORAGE: &[Fault] = &[
    ("s3-access-denied", |request| storage_error("403", ACCESS_DENIED).to(request)),
    ("s3-expired", |request| storage_error("403", EXPIRED).to(request)),
    ("s3-no-such-key", |request| storage_error("404", NO_SUCH_KEY).to(request)),
    ("azure-expired", |request| storage_error("403", AZURE_EXPIRED).to(request)),
    ("login-redirect", |request| {
        page("302", "Sign in.").with("Location", "https://login.example.org/?next=secret").to(request)
    }),
    ("user-agent-403", |request| {
        let known = request.header("User-Agent") == Some("RunwayML API/1.0");
        if known { good() } else { page("403", "Browsers only.") }.to(request)
    }),
    ("runway-403", |request| {
        let refused = request.header("User-Agent").is_some_and(|agent| agent.starts_with("RunwayML"));
        if refused { page("403", "No robots.") } else { good() }.to(request)
    }),
    ("browsers-only", |request| {
        let browser = request.header("User-Agent").is_some_and(|agent| agent.starts_with("Mozilla/"));
        if browser { good() } else { page("403", "Just a moment...").with("cf-mitigated", "challenge") }.to(request)
    }),
    ("other-page-for-runway", |request| {
        let refused = request.header("User-Agent").is_some_and(|agent| agent.starts_with("RunwayML"));
        if refused { page("200", "Are you a robot?") } else { good() }.to(request)
    }),
];

/// Valid responses that a careless client would react to.
const MANNERS: &[Fault] = &[
    ("good", |request| good().to(request)),
    ("location-with-200", |request| {
        good().with("Location", "/image/9x9.png").with("Refresh", "0; url=/image/9x9.png").to(request)
    }),
    ("cookies", |request| {
        let reply = good().with("Set-Cookie", "session=1; Path=/").with("WWW-Authenticate", "Basic realm=x");
        reply.with("Alt-Svc", "h2=\":443\"").with("Strict-Transport-Security", "max-age=9").to(request)
    }),
    ("connection-close", |request| closing(request, &good().with("Connection", "close"))),
    // Answers to the next two requests, sent a moment after the answer to this one.
    ("answers-follow", |request| followed(request, Duration::from_millis(3))),
    // The same, long after the asset was checked.
    ("answers-follow-later", |request| followed(request, Duration::from_millis(60))),
    ("hostile-type", |request| {
        good().set("Content-Type", "text/x\x09::error::x ##[error]y <script>\"'`$(id)`").to(request)
    }),
];

/// Returns the head of a good response, up to the middle of its second line.
fn half_head() -> Vec<u8> {
    let mut head = good().head();
    head.truncate(28);
    head
}

/// Answers `GET` with the head, the first forty bytes and these steps; answers `HEAD` well.
fn in_body(request: &Request, then: Script) -> Script {
    let begun = [Send(good().head()), Send(small()[..40].to_vec())];
    if request.is_head() { good().to(request) } else { begun.into_iter().chain(then).collect() }
}

/// Announces chunked encoding, and answers `GET` with these steps.
fn in_chunks(request: &Request, then: Script) -> Script {
    let head = Send(good().without("Content-Length").with("Transfer-Encoding", "chunked").head());
    if request.is_head() { vec![head] } else { [vec![head], then].concat() }
}

fn after_interim(request: &Request, status: &str, times: usize) -> Script {
    let interim = format!("HTTP/1.1 {status}\r\n\r\n").repeat(times);
    [vec![Send(interim.into_bytes())], good().to(request)].concat()
}

/// Answers `GET` well, and after a pause what nobody has asked yet: a `HEAD` and a `GET`.
fn followed(request: &Request, pause: Duration) -> Script {
    let script = good().to(request);
    if request.is_head() {
        return script;
    }
    [script, vec![Wait(pause), Send(good().head()), Send([good().head(), small()].concat())]].concat()
}

/// Returns a good response with this many fields.
fn fields(count: usize) -> ResponseBuilder {
    (2..count).fold(good(), |reply, n| reply.with(&format!("X-Field-{n}"), "x"))
}

/// Changes the text of a good head.
fn rewritten(request: &Request, spoil: fn(&str) -> String) -> Script {
    let head = String::from_utf8(good().head()).expect("a good head is text");
    let mut script = good().to(request);
    script[0] = Send(spoil(&head).into_bytes());
    script
}

/// Closes the connection after the response to `GET`, so that the client does not wait for missing bytes.
fn closing(request: &Request, reply: &ResponseBuilder) -> Script {
    let mut script = reply.to(request);
    if !request.is_head() {
        script.push(Close);
    }
    script
}

fn chunked(reply: ResponseBuilder, request: &Request) -> Script {
    let body = small();
    let body = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    reply.with("Transfer-Encoding", "chunked").body(body).to(request)
}

fn by_method(request: &Request, head: Script, get: &ResponseBuilder) -> Script {
    if request.is_head() { head } else { get.to(request) }
}

/// Answers well, but to a request for a range with this.
fn unless_ranged(request: &Request, ranged: &ResponseBuilder) -> Script {
    let is_ranged = request.header("Range").is_some();
    if is_ranged { ranged.to(request) } else { good().to(request) }
}

/// Sends all bytes of a script in one write, so that the end arrives together with the beginning.
fn joined(script: Script) -> Script {
    let bytes = script.into_iter().map(|step| if let Send(bytes) = step { bytes } else { Vec::new() });
    vec![Send(bytes.collect::<Vec<_>>().concat())]
}

fn true_length() -> String {
    small().len().to_string()
}

fn storage_error(status: &str, xml: &str) -> ResponseBuilder {
    ResponseBuilder::new(status, "application/xml", xml).with("x-amz-request-id", "4442587FB7D0A2F9")
}

const ACCESS_DENIED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>";

const EXPIRED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <Error><Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>60</X-Amz-Expires>\
    <Expires>2024-05-01T12:01:00Z</Expires><ServerTime>2024-05-01T13:00:00Z</ServerTime></Error>";

const NO_SUCH_KEY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a.png</Key></Error>";

const AZURE_EXPIRED: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code>\
    <Message>Server failed to authenticate the request.</Message>\
    <AuthenticationErrorDetail>Signature not valid in the specified time frame</AuthenticationErrorDetail></Error>";

/// Packs up to 64 KiB as gzip without compression, RFC 1951 section 3.2.4 and RFC 1952.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a stored block holds 64 KiB");
    let mut packed = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01".to_vec();
    packed.extend([length.to_le_bytes(), (!length).to_le_bytes()].concat());
    packed.extend(bytes);
    let crc = bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    });
    packed.extend([(!crc).to_le_bytes(), u32::from(length).to_le_bytes()].concat());
    packed
}

/// Packs this many zeros as gzip: one literal, then 258 more with every 13 bits, RFC 1951 section 3.2.6. The checksum
/// is missing, which a reader would notice only at the end.
fn bomb(zeros: usize) -> Vec<u8> {
    let begins = "11000110000".bytes();
    let again = "1100010100000".bytes().cycle();
    let bits: Vec<u8> = begins.chain(again).take(15 * 8).map(|bit| bit - b'0').collect();
    let bytes: Vec<u8> = bits.chunks(8).map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit)).collect();
    // From the third byte on, the pattern repeats after 13 bytes, which encode 8 times 258 zeros.
    let (first, period) = bytes.split_at(2);
    [b"\x1f\x8b\x08\0\0\0\0\0\0\xff".as_slice(), first, &period.repeat(zeros / (8 * 258))].concat()
}
