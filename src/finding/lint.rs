//! Our own findings, for which the API has no sentence. They are never presented as the API's.

use super::code_info::catalog;
use super::{CodeInfo, Confidence, Severity, Stage};
use Severity::{Error, Note, Undecided, Warning};
use Stage::{Address, Body, Content, Response};

catalog! {
    /// A finding of our own. What was found in an asset is in the [`Finding`](super::Finding) that carries it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::VariantArray)]
    #[non_exhaustive]
    pub enum Lint by lint {
        ByteOrderMark("byte-order-mark", Body, Warning)
            "The text begins with a byte order mark, which JSON does not allow."
            => "Save the file as UTF-8 without a byte order mark.",
        DuplicateKey("duplicate-key", Body, Warning)
            "The object has the same key twice; the last one wins, as in JavaScript."
            => "Remove one of them.",
        LoneSurrogate("lone-surrogate", Body, Warning)
            "A string contains half of a surrogate pair, which JavaScript counts as one character and UTF-8 has no bytes for."
            => "Cut a text between its characters, not between their UTF-16 units.",
        FieldConflict("field-conflict", Body, Error)
            "The field conflicts with another field of the request; the API's sentence for that is not published."
            => "Change one of the two fields.",
        PartialRules("partial-rules", Body, Note)
            "Only part of the rules for this request is known: the API may reject more."
            => "Send a test request to see how the API responds.",
        NotListed("not-listed", Body, Note)
            "The request has more findings or assets than are listed."
            => "Fix what is listed, then run again.",
        UrlTooShort("url-too-short", Address, Warning)
            "The URL is shorter than the 13 characters that the request schema requires."
            => "Write the full URL.",
        NonCanonicalUrl("non-canonical-url", Address, Warning)
            "URL parsers repair this text, but the request schema requires it to begin with https:// or runway:// exactly."
            => "Write the URL in its normalized form: https:// in lower case, no spaces, no line breaks.",
        SuspiciousUrl("suspicious-url", Address, Warning)
            "The URL is valid, but probably not the one that was meant."
            => "Copy the URL again, and percent-encode special characters in its path.",
        NonCanonicalDataUri("non-canonical-data-uri", Address, Warning)
            "Only lenient decoders accept this data URI; which decoder the API uses is not published."
            => "Write data:CONTENT/TYPE;base64, in lower case, followed by padded base64 without white space.",
        TrailingDotHost("trailing-dot-host", Address, Warning)
            "The host ends with a dot; some servers and certificates treat that as a different name."
            => "Remove the trailing dot.",
        InternationalHost("international-host", Address, Warning)
            "The host has characters outside of ASCII; its ASCII form (Punycode) is what is looked up."
            => "Make sure that the ASCII form is the intended host.",
        UnusualPort("unusual-port", Address, Note)
            "The URL has a port other than 443."
            => "Serve on port 443 if the API cannot reach this port.",
        BlockedPort("blocked-port", Address, Undecided)
            "Browsers and Node's fetch block this port; other clients do not."
            => "Serve on port 443.",
        CredentialsInUrl("credentials-in-url", Address, Undecided)
            "The URL contains a user name or password: Node's fetch rejects such URLs, other clients send the credentials."
            => "Use a signed URL instead of a user name and password.",
        SpecialName("special-name", Address, Error)
            "The host name is reserved and does not resolve on the public internet."
            => "Use a public domain name.",
        PrivateAddress("private-address", Response, Error)
            "The host resolves to an address that is not reachable from the public internet."
            => "Publish the asset on a host with a public address, or send it as an upload.",
        ExpiresSoon("expires-soon", Address, Warning)
            "The signed URL expires soon."
            => "Sign a new URL right before the request, valid for an hour or more.",
        Expired("expired", Address, Warning)
            "The signed URL has expired."
            => "Sign a new URL right before the request, valid for an hour or more.",
        NotFetched("not-fetched", Address, Note)
            "Only the checks that need no network were run."
            => "Run again without --offline to check the response and the content.",
        HeadOnly("head-only", Response, Note)
            "Only the response to HEAD was checked, not that to GET, and not the content."
            => "Run again without --depth head to check everything that affects the verdict.",
        UnreadableFile("unreadable-file", Content, Undecided)
            "The file could not be read on this machine."
            => "Name a regular file that can be read (folders are read only as arguments); a URL begins with https://.",
        LocalNetworkError("local-network-error", Response, Undecided)
            "The request failed on this machine; the server was not tested."
            => "Check this machine's network and limits, then run again.",
        InternalError("internal-error", Response, Undecided)
            "The program failed on this asset, which says nothing about the asset."
            => "Report the bug with the line on standard error that names the source position; all other assets were checked.",
        HeadGetDiffer("head-get-differ", Response, Warning)
            "HEAD and GET return different responses; the API needs both."
            => "Configure the server to return the same status and headers for HEAD as for GET.",
        MissingContentType("missing-content-type", Response, Error)
            "The response has no Content-Type; the API's sentence for that is not published."
            => "Set the Content-Type of the stored object to the type of its bytes.",
        MultipleContentTypes("multiple-content-types", Response, Undecided)
            "The response has several Content-Type headers, and clients differ in which one they use."
            => "Send exactly one Content-Type header.",
        ContentTypeParameters("content-type-parameters", Response, Warning)
            "The Content-Type has parameters; whether the API removes them is not published."
            => "Send the type without parameters.",
        AmbiguousFraming("ambiguous-framing", Response, Undecided)
            "HTTP clients disagree about the length of this response."
            => "Send exactly one Content-Length and no Transfer-Encoding.",
        ZeroContentLength("zero-content-length", Response, Warning)
            "The Content-Length is 0: the file is empty, or HEAD is answered without the length of the file."
            => "Store the file again if it is empty, else make the server send its length with HEAD.",
        ContentEncoded("content-encoded", Response, Warning)
            "The response is compressed: its Content-Length counts the compressed bytes."
            => "Serve media without Content-Encoding.",
        UnknownContentEncoding("unknown-content-encoding", Response, Warning)
            "The Content-Encoding is not a coding that HTTP clients know."
            => "Remove the Content-Encoding from the stored object.",
        AmbiguousResponse("ambiguous-response", Response, Undecided)
            "Some HTTP clients accept this response and others do not; which one the API uses is not published."
            => "Make the server's response conform to RFC 9112.",
        ExcessBodyBytes("excess-body-bytes", Response, Warning)
            "The server sent more bytes than the response announces; clients drop them, or fail on the next response."
            => "Set Content-Length to the exact size of the file, and answer HEAD without a body.",
        LargeResponseHeader("large-response-header", Response, Warning)
            "The response headers are larger than 16 KiB, the limit of Node's fetch."
            => "Send fewer or shorter headers.",
        NearTimeout("near-timeout", Response, Warning)
            "The download took more than half of the ten seconds that the API allows."
            => "Serve a smaller file, or use a faster host or a CDN.",
        Retried("retried", Response, Warning)
            "The asset needed a retry (--retries); the API may get the first response."
            => "Make the server answer the first request.",
        Http2OnlyHost("http2-only-host", Response, Undecided)
            "The server supports only HTTP/2; whether the API does is not published."
            => "Enable HTTP/1.1 on the server.",
        TypeMismatch("type-mismatch", Content, Warning)
            "The bytes are not of the declared type."
            => "Declare the type that matches the bytes.",
        UnreadableMedia("unreadable-media", Content, Error)
            "The file is not in an accepted format, or it is corrupt."
            => "Export the file again in an accepted format.",
        IncompleteMedia("incomplete-media", Content, Note)
            "The part of the file that states its size was not read."
            => "Run again with --depth full. A header longer than 16 MiB is not read.",
        TruncatedMedia("truncated-media", Content, Warning)
            "The file ends before its image, video or audio does. Decoders differ on such files."
            => "Upload the complete file again.",
        LeadingBytes("leading-bytes", Content, Warning)
            "The audio does not start at a frame. Decoders skip to the first complete one."
            => "Remux it: `ffmpeg -i IN -c copy OUT`",
        DurationsDiffer("durations-differ", Content, Warning)
            "Parts of the file state different durations, and clients differ on which one they read."
            => "Rewrite the headers: `ffmpeg -i IN -c copy out.mp4`",
        UnsupportedCodec("unsupported-codec", Content, Error)
            "The codec is not accepted in this container."
            => "Encode the file again with an accepted codec.",
        DiscouragedCodec("discouraged-codec", Content, Warning)
            "The codec is accepted in this container, but discouraged."
            => "Prefer MP4 with H.264.",
        UnusualEncoding("unusual-encoding", Content, Warning)
            "The image uses an encoding that many decoders do not support."
            => "Save the image as an 8-bit RGB file.",
        Animated("animated", Content, Warning)
            "The image is animated; whether the API uses the first frame or rejects it is not published."
            => "Send a still image.",
        Exactly8000px("exactly-8000px", Content, Warning)
            "A side is exactly 8000 pixels; the documentation contradicts itself on whether that is allowed."
            => "Scale the asset to 7999 pixels or less.",
        ExifRotated("exif-rotated", Content, Undecided)
            "The file is displayed in another shape than it is stored in; the verdict depends on which one the API measures."
            => "Store it upright, without a rotation.",
        AspectRatioSomeModels("aspect-ratio-some-models", Content, Warning)
            "Some models reject this aspect ratio."
            => "Name the model with --model to check for that model only.",
        Cropped("cropped", Content, Warning)
            "The aspect ratio differs from the requested `ratio`: the asset will be center-cropped."
            => "Request a ratio closer to that of the asset, or crop it yourself.",
        FpsOutside("fps-outside", Content, Error)
            "The frame rate is outside the range that the model accepts."
            => "Encode the video again at a lower frame rate.",
        SizeOutside("size-outside", Content, Error)
            "The width, the height or their product is outside the range that the model accepts."
            => "Scale the asset to fit.",
        UploadTooSmall("upload-too-small", Address, Error)
            "The file is smaller than the 512 bytes that an upload must have."
            => "Send it as a data URI.",
        MetadataUnknown("metadata-unknown", Content, Note)
            "The file does not state a value that a rule needs."
            => "Check it with a media player.",
        UnknownModel("unknown-model", Address, Warning)
            "The rules do not contain this model, endpoint or field, so only the general rules were applied."
            => "Check the spelling, or use newer rules.",
    }
}

impl Lint {
    /// Every lint, in the order of declaration.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;
}

const fn lint(
    code: &'static str,
    stage: Stage,
    severity: Severity,
    title: &'static str,
    hint: &'static str,
) -> CodeInfo {
    CodeInfo { code, stage, severity, confidence: Confidence::Inferred, docs: "", title, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Reason;

    #[test]
    fn codes_are_unique_in_kebab_case() {
        let mut codes: Vec<&str> = Lint::ALL.iter().map(|lint| lint.info().code).collect();
        codes.extend(Reason::examples().iter().map(|reason| reason.info().code));
        let is_code = |code: &&str| code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        assert!(codes.iter().all(is_code), "{codes:?}");
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
