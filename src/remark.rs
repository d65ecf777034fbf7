//! What is ours to say: remarks that the API has no sentence for. They never pose as the API.

use crate::entry::{Confidence, Entry};

/// A remark of ours. What was seen stands in the finding that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the rows below say what each means")]
#[non_exhaustive]
pub enum Remark {
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
    LocalTrouble,
    InternalError,
    HeadGetDiffer,
    MissingContentType,
    SeveralContentTypes,
    ContentTypeParameters,
    AmbiguousFraming,
    ContentEncoded,
    DisputedResponse,
    SurplusBytes,
    LargeHead,
    NearTimeout,
    Retried,
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
        Self::LocalTrouble,
        Self::InternalError,
        Self::HeadGetDiffer,
        Self::MissingContentType,
        Self::SeveralContentTypes,
        Self::ContentTypeParameters,
        Self::AmbiguousFraming,
        Self::ContentEncoded,
        Self::DisputedResponse,
        Self::SurplusBytes,
        Self::LargeHead,
        Self::NearTimeout,
        Self::Retried,
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
}

mod rows;

#[cfg(test)]
mod tests;
