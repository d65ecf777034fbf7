//! Our own words for the errors of the TLS libraries that a server can cause.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};
use webpki::Error as ChainError;

/// Returns what an error of the handshake means, as the end of `TLS failed: …`; `None` where the library says it best.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
pub(super) fn of(error: &Error) -> Option<&'static str> {
    match error {
        Error::NoCertificatesPresented => Some("the server shows no certificate"),
        Error::InvalidMessage(InvalidMessage::HandshakePayloadTooLarge) => {
            Some("the server sends more than 64 KiB of certificates at once")
        }
        Error::InvalidMessage(_) => Some("the server sends messages that are no proper TLS"),
        Error::PeerSentOversizedRecord => Some("the server sends more at once than TLS allows"),
        Error::DecryptError => Some("what the server sends cannot be decrypted"),
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } | Error::PeerMisbehaved(_) => {
            Some("the server does not keep to the rules of the handshake")
        }
        Error::PeerIncompatible(lack) => Some(of_lack(lack)),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
const fn of_lack(lack: &PeerIncompatible) -> &'static str {
    match lack {
        PeerIncompatible::NoCipherSuitesInCommon => "the server offers no cipher suite that is still in use",
        PeerIncompatible::NoKxGroupsInCommon
        | PeerIncompatible::NoEcPointFormatsInCommon
        | PeerIncompatible::UncompressedEcPointsRequired => "the server offers no key exchange that is still in use",
        PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
            "the server offers no kind of signature that is still in use"
        }
        _ => "the server lacks something that TLS 1.2 and 1.3 need today",
    }
}

/// Returns what is wrong with a certificate.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
pub(super) fn of_certificate(error: &CertificateError) -> Option<&'static str> {
    match error {
        CertificateError::BadEncoding => Some(MALFORMED),
        CertificateError::Revoked => Some("the certificate is revoked"),
        CertificateError::UnhandledCriticalExtension => Some(EXTENSION),
        CertificateError::BadSignature => Some(UNSIGNED),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => Some(OUTDATED),
        CertificateError::Other(other) => other.0.downcast_ref().and_then(of_chain),
        _ => None,
    }
}

/// Returns what is wrong with a chain of certificates.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
const fn of_chain(error: &ChainError) -> Option<&'static str> {
    match error {
        ChainError::CaUsedAsEndEntity => {
            Some("the certificate is one for an authority (CA:TRUE), and must not be a server's")
        }
        ChainError::EndEntityUsedAsCa => Some("the certificate is signed by one that is not an authority's"),
        ChainError::NameConstraintViolation => Some("the authority may not sign for this name"),
        ChainError::PathLenConstraintViolated => Some("the chain is longer than its authority allows"),
        ChainError::MaximumPathDepthExceeded
        | ChainError::MaximumPathBuildCallsExceeded
        | ChainError::MaximumSignatureChecksExceeded
        | ChainError::MaximumNameConstraintComparisonsExceeded => {
            Some("the chain of certificates is too long or too tangled to be followed")
        }
        ChainError::UnsupportedCertVersion => Some("the certificate is older than X.509 version 3"),
        ChainError::UnsupportedCriticalExtension => Some(EXTENSION),
        ChainError::InvalidSignatureForPublicKey => Some(UNSIGNED),
        ChainError::BadDer
        | ChainError::BadDerTime
        | ChainError::EmptyEkuExtension
        | ChainError::ExtensionValueInvalid
        | ChainError::InvalidCertValidity
        | ChainError::InvalidNetworkMaskConstraint
        | ChainError::InvalidSerialNumber
        | ChainError::MalformedDnsIdentifier
        | ChainError::MalformedExtensions
        | ChainError::MalformedNameConstraint
        | ChainError::SignatureAlgorithmMismatch
        | ChainError::TrailingData(_) => Some(MALFORMED),
        ChainError::UnsupportedSignatureAlgorithmContext(_)
        | ChainError::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Some(OUTDATED),
        _ => None,
    }
}

/// Says whether it is that an authority's certificate serves as a server's, as `openssl req -x509` makes them.
pub(super) fn is_authority(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(other)) = error else { return false };
    matches!(other.0.downcast_ref(), Some(ChainError::CaUsedAsEndEntity))
}

const MALFORMED: &str = "the certificate is not well-formed";
const EXTENSION: &str = "the certificate has a critical extension that clients do not know";
const UNSIGNED: &str =
    "a certificate is not signed by the one above it, or with a key that is no longer accepted, as RSA of 1024 bits is";
const OUTDATED: &str = "a certificate is signed in a way, or has a key, that is no longer accepted, as SHA-1 is";

/// Returns what a server means that ends the handshake, with the name that the standard has for it.
#[expect(clippy::wildcard_enum_match_arm, reason = "alerts are an open set")]
pub(super) const fn of_alert(alert: AlertDescription) -> Option<&'static str> {
    match alert {
        AlertDescription::CloseNotify => Some("it has nothing to say (close_notify)"),
        AlertDescription::HandshakeFailure => Some("it finds no settings in common (handshake_failure)"),
        AlertDescription::InsufficientSecurity => Some("the settings are too weak for it (insufficient_security)"),
        AlertDescription::UnrecognisedName => Some("it does not know the host's name (unrecognized_name)"),
        AlertDescription::AccessDenied => Some("it gives no access (access_denied)"),
        AlertDescription::InternalError => Some("it has an error of its own (internal_error)"),
        AlertDescription::UserCanceled => Some("it was cancelled there (user_canceled)"),
        AlertDescription::DecodeError => Some("it cannot read what it was sent (decode_error)"),
        AlertDescription::IllegalParameter => Some("it does not like what it was sent (illegal_parameter)"),
        AlertDescription::UnexpectedMessage => Some("it expected something else (unexpected_message)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::{OtherError, PeerMisbehaved};

    use super::*;

    #[test]
    fn what_a_server_can_cause_has_words() {
        let chain = |error: ChainError| CertificateError::Other(OtherError(Arc::new(error)));
        for (error, part) in [
            (chain(ChainError::CaUsedAsEndEntity), "CA:TRUE"),
            (chain(ChainError::EndEntityUsedAsCa), "not an authority's"),
            (chain(ChainError::NameConstraintViolation), "may not sign for this name"),
            (chain(ChainError::PathLenConstraintViolated), "longer than its authority allows"),
            (chain(ChainError::MaximumSignatureChecksExceeded), "tangled"),
            (chain(ChainError::UnsupportedCertVersion), "version 3"),
            (chain(ChainError::InvalidSerialNumber), "well-formed"),
            (CertificateError::BadEncoding, "well-formed"),
            (CertificateError::BadSignature, "not signed by the one above"),
        ] {
            assert!(of_certificate(&error).is_some_and(|words| words.contains(part)), "{error}");
        }
        for (error, part) in [
            (Error::NoCertificatesPresented, "no certificate"),
            (Error::InvalidMessage(InvalidMessage::InvalidCcs), "no proper TLS"),
            (PeerMisbehaved::UnsolicitedServerHelloExtension.into(), "rules of the handshake"),
            (PeerIncompatible::NoCipherSuitesInCommon.into(), "cipher suite"),
            (PeerIncompatible::NoKxGroupsInCommon.into(), "key exchange"),
        ] {
            assert!(of(&error).is_some_and(|words| words.contains(part)), "{error}");
        }
    }

    #[test]
    fn no_word_is_the_librarys_name_of_it() {
        let alerts = (0..=u8::MAX).filter_map(|code| of_alert(code.into()));
        for words in alerts.chain([MALFORMED, EXTENSION, UNSIGNED, OUTDATED]) {
            // `BadSignature` is; `RSA` and `SHA-1` are not.
            let is_dressed =
                |word: &str| word.chars().any(char::is_lowercase) && word.chars().skip(1).any(char::is_uppercase);
            assert!(!words.split(' ').any(is_dressed), "{words}");
        }
    }
}
