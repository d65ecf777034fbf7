//! Messages for the errors of the TLS libraries that a server can cause.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};
use webpki::Error as ChainError;

/// Describes an error of the handshake, as the end of `TLS failed: …`; `None` where the library's own text is best.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
pub(super) fn describe(error: &Error) -> Option<&'static str> {
    match error {
        Error::NoCertificatesPresented => Some("the server sends no certificate"),
        Error::InvalidMessage(InvalidMessage::HandshakePayloadTooLarge) => {
            Some("the server sends more than 64 KiB of certificates")
        }
        Error::InvalidMessage(_) => Some("the server sends malformed TLS messages"),
        Error::PeerSentOversizedRecord => Some("the server sends a record that is larger than TLS allows"),
        Error::DecryptError => Some("the records of the server cannot be decrypted"),
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } | Error::PeerMisbehaved(_) => {
            Some("the server violates the rules of the handshake")
        }
        Error::PeerIncompatible(error) => Some(describe_incompatibility(error)),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
const fn describe_incompatibility(error: &PeerIncompatible) -> &'static str {
    match error {
        PeerIncompatible::NoCipherSuitesInCommon => "the server supports only outdated cipher suites",
        PeerIncompatible::NoKxGroupsInCommon
        | PeerIncompatible::NoEcPointFormatsInCommon
        | PeerIncompatible::UncompressedEcPointsRequired => "the server supports only outdated key exchange methods",
        PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
            "the server supports only outdated signature algorithms"
        }
        _ => "the server lacks an extension that TLS 1.2 and 1.3 require today",
    }
}

/// Describes what is wrong with a certificate.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
pub(super) fn describe_certificate_error(error: &CertificateError) -> Option<&'static str> {
    match error {
        CertificateError::BadEncoding => Some(MALFORMED),
        CertificateError::Revoked => Some("the certificate is revoked"),
        CertificateError::UnhandledCriticalExtension => Some(EXTENSION),
        CertificateError::BadSignature => Some(UNSIGNED),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => Some(OUTDATED),
        CertificateError::Other(other) => other.0.downcast_ref().and_then(describe_chain_error),
        _ => None,
    }
}

/// Describes what is wrong with a chain of certificates.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
const fn describe_chain_error(error: &ChainError) -> Option<&'static str> {
    match error {
        ChainError::CaUsedAsEndEntity => {
            Some("the certificate is a CA certificate (CA:TRUE), which a server must not use")
        }
        ChainError::EndEntityUsedAsCa => Some("the issuer of the certificate is not a CA"),
        ChainError::NameConstraintViolation => Some("the CA may not sign for this name"),
        ChainError::PathLenConstraintViolated => Some("the chain is longer than its CA allows"),
        ChainError::MaximumPathDepthExceeded
        | ChainError::MaximumPathBuildCallsExceeded
        | ChainError::MaximumSignatureChecksExceeded
        | ChainError::MaximumNameConstraintComparisonsExceeded => {
            Some("the chain of certificates is too long or too complex")
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

/// Returns whether a server uses a CA certificate, as `openssl req -x509` makes them.
pub(super) fn is_authority(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(other)) = error else { return false };
    matches!(other.0.downcast_ref(), Some(ChainError::CaUsedAsEndEntity))
}

const MALFORMED: &str = "the certificate is not well-formed";
const EXTENSION: &str = "the certificate has an unknown critical extension";
const UNSIGNED: &str =
    "a certificate is not signed by its issuer, or with a key that is outdated, such as RSA with 1024 bits";
const OUTDATED: &str = "a certificate uses an outdated signature algorithm or key, such as SHA-1";

/// Describes an alert that ends the handshake, with its name in the standard.
#[expect(clippy::wildcard_enum_match_arm, reason = "alerts are an open set")]
pub(super) const fn describe_alert(alert: AlertDescription) -> Option<&'static str> {
    match alert {
        AlertDescription::CloseNotify => Some("it closed the connection (close_notify)"),
        AlertDescription::HandshakeFailure => Some("no settings in common (handshake_failure)"),
        AlertDescription::InsufficientSecurity => Some("the settings are too weak (insufficient_security)"),
        AlertDescription::UnrecognisedName => Some("unknown host name (unrecognized_name)"),
        AlertDescription::AccessDenied => Some("access denied (access_denied)"),
        AlertDescription::InternalError => Some("internal error of the server (internal_error)"),
        AlertDescription::UserCanceled => Some("canceled by the server (user_canceled)"),
        AlertDescription::DecodeError => Some("the server could not decode a message (decode_error)"),
        AlertDescription::IllegalParameter => Some("the server rejected a parameter (illegal_parameter)"),
        AlertDescription::UnexpectedMessage => Some("the server expected another message (unexpected_message)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::{OtherError, PeerMisbehaved};

    use super::*;

    #[test]
    fn errors_that_a_server_can_cause_have_messages() {
        let chain = |error: ChainError| CertificateError::Other(OtherError(Arc::new(error)));
        for (error, part) in [
            (chain(ChainError::CaUsedAsEndEntity), "CA:TRUE"),
            (chain(ChainError::EndEntityUsedAsCa), "is not a CA"),
            (chain(ChainError::NameConstraintViolation), "may not sign for this name"),
            (chain(ChainError::PathLenConstraintViolated), "longer than its CA allows"),
            (chain(ChainError::MaximumSignatureChecksExceeded), "too complex"),
            (chain(ChainError::UnsupportedCertVersion), "version 3"),
            (chain(ChainError::InvalidSerialNumber), "well-formed"),
            (CertificateError::BadEncoding, "well-formed"),
            (CertificateError::BadSignature, "not signed by its issuer"),
        ] {
            assert!(describe_certificate_error(&error).is_some_and(|message| message.contains(part)), "{error}");
        }
        for (error, part) in [
            (Error::NoCertificatesPresented, "no certificate"),
            (Error::InvalidMessage(InvalidMessage::InvalidCcs), "malformed TLS"),
            (PeerMisbehaved::UnsolicitedServerHelloExtension.into(), "rules of the handshake"),
            (PeerIncompatible::NoCipherSuitesInCommon.into(), "cipher suite"),
            (PeerIncompatible::NoKxGroupsInCommon.into(), "key exchange"),
        ] {
            assert!(describe(&error).is_some_and(|message| message.contains(part)), "{error}");
        }
    }

    #[test]
    fn no_message_has_a_variant_name_of_the_library() {
        let alerts = (0..=u8::MAX).filter_map(|code| describe_alert(code.into()));
        for message in alerts.chain([MALFORMED, EXTENSION, UNSIGNED, OUTDATED]) {
            // `BadSignature` is; `RSA` and `SHA-1` are not.
            let is_camel_case =
                |word: &str| word.chars().any(char::is_lowercase) && word.chars().skip(1).any(char::is_uppercase);
            assert!(!message.split(' ').any(is_camel_case), "{message}");
        }
    }
}
