//! What is ours to say: remarks that the API has no sentence for. They never pose as the API.

use crate::finding::code::{CodeInfo, Confidence};

/// A remark of ours. What was seen stands in the finding that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the rows below say what each means")]
#[non_exhaustive]
pub enum Lint {
    ByteOrderMark,
    DuplicateKey,
    FieldConflict,
    PartialRules,
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
    LocalNetworkError,
    InternalError,
    HeadGetDiffer,
    MissingContentType,
    MultipleContentTypes,
    ContentTypeParameters,
    AmbiguousFraming,
    ContentEncoded,
    AmbiguousResponse,
    ExcessBodyBytes,
    LargeResponseHeader,
    NearTimeout,
    Retried,
    Http2OnlyHost,
    TypeMismatch,
    UnreadableMedia,
    IncompleteMedia,
    UnsupportedCodec,
    DiscouragedCodec,
    UnusualEncoding,
    Animated,
    Exactly8000px,
    ExifRotated,
    AspectRatioSomeModels,
    Cropped,
    FpsOutside,
    SizeOutside,
    UploadTooSmall,
    MetadataUnknown,
    UnknownModel,
}

impl Lint {
    /// Every remark, in the order of the stages.
    pub const ALL: [Self; 48] = [
        Self::ByteOrderMark,
        Self::DuplicateKey,
        Self::FieldConflict,
        Self::PartialRules,
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
        Self::LocalNetworkError,
        Self::InternalError,
        Self::HeadGetDiffer,
        Self::MissingContentType,
        Self::MultipleContentTypes,
        Self::ContentTypeParameters,
        Self::AmbiguousFraming,
        Self::ContentEncoded,
        Self::AmbiguousResponse,
        Self::ExcessBodyBytes,
        Self::LargeResponseHeader,
        Self::NearTimeout,
        Self::Retried,
        Self::Http2OnlyHost,
        Self::TypeMismatch,
        Self::UnreadableMedia,
        Self::IncompleteMedia,
        Self::UnsupportedCodec,
        Self::DiscouragedCodec,
        Self::UnusualEncoding,
        Self::Animated,
        Self::Exactly8000px,
        Self::ExifRotated,
        Self::AspectRatioSomeModels,
        Self::Cropped,
        Self::FpsOutside,
        Self::SizeOutside,
        Self::UploadTooSmall,
        Self::MetadataUnknown,
        Self::UnknownModel,
    ];

    /// Returns what is known of the remark.
    #[must_use]
    pub const fn info(self) -> CodeInfo {
        let (code, stage, severity, title, hint) = self.row();
        CodeInfo { code, stage, severity, confidence: Confidence::Inferred, docs: "", title, hint }
    }
}

mod catalog;

#[cfg(test)]
mod tests;
