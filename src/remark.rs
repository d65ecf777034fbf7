//! What is ours to say: remarks that the API has no sentence for. They never pose as the API.

use crate::entry::{Confidence, Entry, Severity, Stage};

/// A remark of ours. What was seen stands in the finding that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the rows below say what each means")]
pub enum Remark {
    ByteOrderMark,
    DuplicateKey,
    FieldConflict,
    UrlTooShort,
    NonCanonicalUrl,
    NonCanonicalDataUri,
    TrailingDotHost,
    InternationalHost,
    UnusualPort,
    BlockedPort,
    CredentialsInUrl,
    SpecialName,
    PrivateAddress,
    ExpiresSoon,
    Expired,
    NotFetched,
    UnreadableFile,
    LocalTrouble,
    HeadGetDiffer,
    MissingContentType,
    SeveralContentTypes,
    ContentTypeParameters,
    AmbiguousFraming,
    ContentEncoded,
    LargeHead,
    NearTimeout,
    OnlyHttp2Host,
    TypeMismatch,
    UnreadableMedia,
    IncompleteMedia,
    UnsupportedCodec,
    DiscouragedCodec,
    UnusualCoding,
    Animated,
    Exactly8000px,
    ExifRotated,
    AspectRatioSomeModels,
    Cropped,
    FpsOutside,
    SizeOutside,
    UploadTooSmall,
    FactUnknown,
    UnknownModel,
}

impl Remark {
    /// Every remark, in the order of the stages.
    pub const ALL: [Self; 43] = [
        Self::ByteOrderMark,
        Self::DuplicateKey,
        Self::FieldConflict,
        Self::UrlTooShort,
        Self::NonCanonicalUrl,
        Self::NonCanonicalDataUri,
        Self::TrailingDotHost,
        Self::InternationalHost,
        Self::UnusualPort,
        Self::BlockedPort,
        Self::CredentialsInUrl,
        Self::SpecialName,
        Self::PrivateAddress,
        Self::ExpiresSoon,
        Self::Expired,
        Self::NotFetched,
        Self::UnreadableFile,
        Self::LocalTrouble,
        Self::HeadGetDiffer,
        Self::MissingContentType,
        Self::SeveralContentTypes,
        Self::ContentTypeParameters,
        Self::AmbiguousFraming,
        Self::ContentEncoded,
        Self::LargeHead,
        Self::NearTimeout,
        Self::OnlyHttp2Host,
        Self::TypeMismatch,
        Self::UnreadableMedia,
        Self::IncompleteMedia,
        Self::UnsupportedCodec,
        Self::DiscouragedCodec,
        Self::UnusualCoding,
        Self::Animated,
        Self::Exactly8000px,
        Self::ExifRotated,
        Self::AspectRatioSomeModels,
        Self::Cropped,
        Self::FpsOutside,
        Self::SizeOutside,
        Self::UploadTooSmall,
        Self::FactUnknown,
        Self::UnknownModel,
    ];

    /// Returns what is known of the remark.
    #[must_use]
    pub const fn entry(self) -> Entry {
        let (code, stage, severity, title, hint) = self.row();
        Entry { code, stage, severity, confidence: Confidence::Inferred, docs: "", title, hint }
    }

    #[expect(clippy::too_many_lines, reason = "one row a remark, the one place where they are told apart")]
    const fn row(self) -> (&'static str, Stage, Severity, &'static str, &'static str) {
        use Severity::{Error, Note, Undecided, Warning};
        use Stage::{Address, Body, Content, Response};
        match self {
            Self::ByteOrderMark => (
                "byte-order-mark",
                Body,
                Warning,
                "The text begins with a byte order mark, which JSON does not allow.",
                "Save the file as UTF-8 without a byte order mark.",
            ),
            Self::DuplicateKey => (
                "duplicate-key",
                Body,
                Warning,
                "The key stands twice in its object; the last one wins, as in JavaScript.",
                "Leave one of them out.",
            ),
            Self::FieldConflict => (
                "field-conflict",
                Body,
                Error,
                "The field does not go together with the rest of the request; the API's sentence for that is not published.",
                "Change the field, or what it goes together with.",
            ),
            Self::UrlTooShort => (
                "url-too-short",
                Address,
                Warning,
                "The URL is shorter than the 13 characters that the request schema wants.",
                "Write the whole address.",
            ),
            Self::NonCanonicalUrl => (
                "non-canonical-url",
                Address,
                Warning,
                "URL parsers repair this text, but the request schema wants it to begin with https:// as it stands.",
                "Write the URL in its plain form: https://, lower case, no spaces or line ends.",
            ),
            Self::NonCanonicalDataUri => (
                "non-canonical-data-uri",
                Address,
                Warning,
                "Only forgiving decoders take this data URI; what the API's does is not published.",
                "Write data:CONTENT/TYPE;base64, in lower case and padded base64 without white space.",
            ),
            Self::TrailingDotHost => (
                "trailing-dot-host",
                Address,
                Warning,
                "The host ends in a dot; some servers and certificates treat that as another name.",
                "Leave the dot out.",
            ),
            Self::InternationalHost => (
                "international-host",
                Address,
                Warning,
                "The host is written with letters outside of ASCII; its ASCII form is what is asked for.",
                "Make sure that the ASCII form is the host you mean.",
            ),
            Self::UnusualPort => (
                "unusual-port",
                Address,
                Note,
                "The URL names a port other than 443.",
                "Serve on port 443 if the API cannot reach it.",
            ),
            Self::BlockedPort => (
                "blocked-port",
                Address,
                Undecided,
                "Browsers and Node's fetch refuse this port; other clients do not.",
                "Serve on port 443.",
            ),
            Self::CredentialsInUrl => (
                "credentials-in-url",
                Address,
                Undecided,
                "A user or password stands in the URL: Node's fetch refuses such a URL, other clients send them.",
                "Use a signed URL instead of a user and password.",
            ),
            Self::SpecialName => (
                "special-name",
                Address,
                Error,
                "The host's name has no meaning on the public internet.",
                "Use a public domain name.",
            ),
            Self::PrivateAddress => (
                "private-address",
                Response,
                Error,
                "The host's name stands for an address that cannot be reached from the public internet.",
                "Publish the asset on a host with a public address, or send it as an upload.",
            ),
            Self::ExpiresSoon => (
                "expires-soon",
                Address,
                Warning,
                "The signed URL works only a little longer.",
                "Sign a new URL just before the request, valid for an hour or more.",
            ),
            Self::Expired => (
                "expired",
                Address,
                Warning,
                "The signed URL says itself that its time is over.",
                "Sign a new URL just before the request, valid for an hour or more.",
            ),
            Self::NotFetched => (
                "not-fetched",
                Address,
                Note,
                "Only what needs no network was judged.",
                "Run again without --offline to judge the response and the content.",
            ),
            Self::UnreadableFile => (
                "unreadable-file",
                Content,
                Undecided,
                "The file could not be read here.",
                "Name a regular file that can be read; a URL begins with https://.",
            ),
            Self::LocalTrouble => (
                "local-trouble",
                Response,
                Undecided,
                "This machine could not make the request, which says nothing about the server.",
                "Check this machine's network and limits, then run again.",
            ),
            Self::HeadGetDiffer => (
                "head-get-differ",
                Response,
                Warning,
                "HEAD and GET are answered differently; the API needs both.",
                "Make the server answer HEAD as it answers GET.",
            ),
            Self::MissingContentType => (
                "missing-content-type",
                Response,
                Error,
                "The response has no Content-Type; the API's sentence for that is not published.",
                "Set the Content-Type of the stored object to the type of its bytes.",
            ),
            Self::SeveralContentTypes => (
                "several-content-types",
                Response,
                Undecided,
                "The response has several Content-Type fields, and clients choose differently.",
                "Send one Content-Type.",
            ),
            Self::ContentTypeParameters => (
                "content-type-parameters",
                Response,
                Warning,
                "The Content-Type carries parameters; whether the API cuts them off is not published.",
                "Send the bare type.",
            ),
            Self::AmbiguousFraming => (
                "ambiguous-framing",
                Response,
                Undecided,
                "Clients disagree about the length of this response.",
                "Send exactly one Content-Length and no Transfer-Encoding.",
            ),
            Self::ContentEncoded => (
                "content-encoded",
                Response,
                Warning,
                "The response is compressed on the way: its Content-Length counts the compressed bytes.",
                "Serve media without Content-Encoding.",
            ),
            Self::LargeHead => (
                "large-head",
                Response,
                Warning,
                "The response head is larger than 16 KiB, at which Node's fetch gives up.",
                "Send fewer or shorter header fields.",
            ),
            Self::NearTimeout => (
                "near-timeout",
                Response,
                Warning,
                "The download took more than half of the ten seconds.",
                "Serve a smaller file, or move it to a faster host or a CDN.",
            ),
            Self::OnlyHttp2Host => (
                "only-http2-host",
                Response,
                Undecided,
                "The server speaks only HTTP/2, and whether the API does is not published.",
                "Let the server speak HTTP/1.1 as well.",
            ),
            Self::TypeMismatch => (
                "type-mismatch",
                Content,
                Warning,
                "The bytes are of another type than declared.",
                "Declare the type that the bytes have.",
            ),
            Self::UnreadableMedia => (
                "unreadable-media",
                Content,
                Error,
                "The bytes are none of the accepted formats, or broken.",
                "Export the file again in an accepted format.",
            ),
            Self::IncompleteMedia => (
                "incomplete-media",
                Content,
                Note,
                "The part of the file that would tell its size was not seen.",
                "Run again with --depth full.",
            ),
            Self::UnsupportedCodec => (
                "unsupported-codec",
                Content,
                Error,
                "The codec is not on the list for this container.",
                "Encode the file again with an accepted codec.",
            ),
            Self::DiscouragedCodec => (
                "discouraged-codec",
                Content,
                Warning,
                "The codec is accepted in this container but discouraged.",
                "Prefer MP4 with H.264.",
            ),
            Self::UnusualCoding => (
                "unusual-coding",
                Content,
                Warning,
                "The image uses a coding that many decoders refuse.",
                "Save the image as an ordinary 8-bit RGB file.",
            ),
            Self::Animated => (
                "animated",
                Content,
                Warning,
                "The image is animated; whether the API takes the first frame or refuses is not published.",
                "Send a still image.",
            ),
            Self::Exactly8000px => (
                "exactly-8000px",
                Content,
                Warning,
                "A side is exactly 8000 pixels, and the documentation is of two minds about that.",
                "Scale the asset to 7999 pixels or less.",
            ),
            Self::ExifRotated => (
                "exif-rotated",
                Content,
                Warning,
                "The picture is stored turned, and the verdict depends on whether the API turns it upright first.",
                "Store the picture upright, without a rotation.",
            ),
            Self::AspectRatioSomeModels => (
                "aspect-ratio-some-models",
                Content,
                Warning,
                "Some models refuse this aspect ratio.",
                "Name the model with --model to judge for it alone.",
            ),
            Self::Cropped => (
                "cropped",
                Content,
                Warning,
                "The picture has another shape than the ratio that is asked for: it is cut from its centre.",
                "Ask for a ratio nearer to the picture's, or cut the picture yourself.",
            ),
            Self::FpsOutside => (
                "fps-outside",
                Content,
                Error,
                "The frame rate is outside of what the model takes.",
                "Encode the video again at a lower frame rate.",
            ),
            Self::SizeOutside => (
                "size-outside",
                Content,
                Error,
                "Width, height or their product is outside of what the model takes.",
                "Scale the asset until it fits.",
            ),
            Self::UploadTooSmall => (
                "upload-too-small",
                Address,
                Error,
                "The file is smaller than the 512 bytes that an upload must have.",
                "Send it as a data URI.",
            ),
            Self::FactUnknown => (
                "fact-unknown",
                Content,
                Note,
                "The file does not state something that a rule asks for.",
                "Check it with a media player.",
            ),
            Self::UnknownModel => (
                "unknown-model",
                Address,
                Warning,
                "The rules do not name this model or endpoint, so only the general ones were applied.",
                "Check the spelling, or use newer rules.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Reason;

    #[test]
    fn codes_are_unlike_each_other_and_the_apis() {
        let mut codes: Vec<&str> = Remark::ALL.iter().map(|remark| remark.entry().code).collect();
        codes.extend(Reason::specimens().iter().map(|reason| reason.entry().code));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
