//! TLS configuration, and the classification of TLS errors. The only module that uses rustls.

use std::error::Error as _;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, OtherError,
    PeerIncompatible, RootCertStore, SignatureScheme,
};

use crate::fetch::tls::certificate::{CertificateNames, display_name};
use crate::fetch::tracker::{RequestTracker, Timeline};
use crate::observation::{Phase, TlsError};
use crate::text::untrusted::UntrustedText;

pub(crate) use tapped_cipher::exceeded_limit;

pub(crate) mod certificate;
mod messages;
mod tapped_cipher;

/// The cryptography and the trusted roots of all connections.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    provider: Arc<CryptoProvider>,
    verifier: Arc<WebPkiServerVerifier>,
    /// The certificates of the PEM file.
    given: Arc<[CertificateDer<'static>]>,
}

impl Tls {
    /// Trusts Mozilla's roots, and those of a PEM file if one is given.
    ///
    /// # Errors
    /// If the file has no certificate, or one that cannot be a root.
    pub(crate) fn new(cacert: Option<&[u8]>) -> Result<Self, &'static str> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let mut given = Vec::new();
        if let Some(pem) = cacert {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|_| "it is not well-formed PEM")?;
                given.push(certificate.clone());
                roots.add(certificate).map_err(|_| "it has a certificate that cannot be a root")?;
            }
            if given.is_empty() {
                return Err("it has no certificate");
            }
        }
        let provider = Arc::new(tapped_cipher::provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|_| "no root is trusted")?;
        Ok(Self { provider, verifier, given: given.into() })
    }

    /// Creates the configuration of connections: TLS 1.2 and 1.3, HTTP/1.1.
    ///
    /// # Errors
    /// If the provider does not support the protocol versions, which a test rules out.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, Error> {
        let (provider, verifier) = (Arc::clone(&self.provider), Arc::clone(&self.verifier));
        let verifier = Arc::new(RecordingVerifier { provider, verifier, given: Arc::clone(&self.given) });
        let builder = ClientConfig::builder_with_provider(Arc::clone(&self.provider));
        let mut config = builder
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier) as Arc<dyn ServerCertVerifier>)
            .with_client_cert_resolver(verifier);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// Records the handshake, and adds to the verifier's error which certificate of the chain is at fault, and why.
#[derive(Debug)]
struct RecordingVerifier {
    provider: Arc<CryptoProvider>,
    verifier: Arc<WebPkiServerVerifier>,
    given: Arc<[CertificateDer<'static>]>,
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        RequestTracker::current(|tracker| tracker.trace(|timeline| record_chain(timeline, leaf, others)));
        let error = match self.verifier.verify_server_cert(leaf, others, name, ocsp, now) {
            Ok(verified) => return Ok(verified),
            Err(error) => error,
        };
        // The usual certificate of a test server is its own root. All but its role was checked, and the name is now.
        if messages::is_authority(&error) && self.given.iter().any(|given| given == leaf) {
            verify_server_name(&ParsedCertificate::try_from(leaf)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        Err(match certificate_fault(&error, leaf, others) {
            Some(fault) => {
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(CertificateFault(fault)))))
            }
            None => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        record_version("TLS 1.2");
        self.verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        record_version("TLS 1.3");
        self.verifier.verify_tls13_signature(message, certificate, signature)
    }

    /// The TLS library calls this while it writes the first message of a handshake: the connection is open.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        RequestTracker::current(|tracker| tracker.reach(Phase::Tls));
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Records the TLS version of the first handshake.
fn record_version(version: &'static str) {
    RequestTracker::current(|tracker| {
        tracker.trace(|timeline| timeline.version = timeline.version.or(Some(version)));
    });
}

/// Records the certificates of the first handshake.
fn record_chain(timeline: &mut Timeline, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) {
    if timeline.chain.is_empty() {
        timeline.chain = std::iter::once(leaf).chain(others).take(MAX_CHAIN).map(|one| one.to_vec()).collect();
    }
}

/// How many certificates of a chain are kept; real ones have two to four.
const MAX_CHAIN: usize = 16;

impl ResolvesClientCert for RecordingVerifier {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        RequestTracker::current(RequestTracker::request_client_certificate);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// Returns why the issuer of a certificate is unknown, or which certificate of the chain has expired if it is not that of
/// the host.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
fn certificate_fault(error: &Error, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> Option<TlsError> {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => Some(unknown_issuer(leaf, others)),
        Error::InvalidCertificate(CertificateError::ExpiredContext { time, not_after }) => {
            let ends = |one: CertificateNames<'_>| one.times().1 == Some(not_after.as_secs());
            let chain = others.iter().filter_map(|other| CertificateNames::parse(other));
            let expired =
                chain.filter(|_| !CertificateNames::parse(leaf).is_some_and(ends)).find(|other| ends(*other))?;
            let intermediate = Some(display_name(expired.subject));
            Some(TlsError::Expired { intermediate, not_after: not_after.as_secs(), now: time.as_secs() })
        }
        // A self-signed certificate marked as a CA fails because of that before its issuer is checked.
        error if messages::is_authority(error) => {
            let is_self_issued = CertificateNames::parse(leaf).is_some_and(CertificateNames::is_self_issued);
            is_self_issued.then(|| unknown_issuer(leaf, others))
        }
        _ => None,
    }
}

/// What is wrong with a chain of certificates, passed through the TLS library as an error.
#[derive(Debug, thiserror::Error)]
#[error("the chain of certificates is not valid")]
struct CertificateFault(TlsError);

/// Distinguishes the three causes of an unknown issuer by following the chain as far as it was sent.
fn unknown_issuer(leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> TlsError {
    let Some(mut last) = CertificateNames::parse(leaf) else {
        return TlsError::Other(UntrustedText::from("malformed certificate"));
    };
    if last.is_self_issued() {
        return TlsError::SelfSigned;
    }
    let others: Vec<CertificateNames<'_>> = others.iter().filter_map(|other| CertificateNames::parse(other)).collect();
    // A chain has no more steps than certificates were sent, even if they form a loop.
    for _ in &others {
        let Some(issuer) = others.iter().find(|other| other.subject == last.issuer) else { break };
        last = *issuer;
        if last.is_self_issued() {
            return TlsError::UntrustedRoot { issuer: display_name(last.issuer) };
        }
    }
    TlsError::IncompleteChain { issuer: display_name(last.issuer) }
}

/// How many names of a certificate are reported.
const MAX_NAMES: usize = 8;

/// Classifies a TLS error, if the error of another library is one.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
pub(crate) fn classify(error: &(dyn std::error::Error + 'static), tracker: &RequestTracker) -> Option<TlsError> {
    let error = error.downcast_ref::<Error>()?;
    Some(match error {
        Error::InvalidCertificate(error) => certificate_error(error),
        Error::AlertReceived(alert) => alert_error(*alert, tracker.is_client_certificate_requested()),
        Error::NoApplicationProtocol => TlsError::Http2Only,
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge,
        ) => TlsError::NotTls,
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => TlsError::UnsupportedVersion,
        error => TlsError::Other(
            messages::describe(error).map_or_else(|| UntrustedText::new(error.to_string()), UntrustedText::from),
        ),
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
fn certificate_error(error: &CertificateError) -> TlsError {
    match error {
        CertificateError::ExpiredContext { time, not_after } => {
            TlsError::Expired { intermediate: None, not_after: not_after.as_secs(), now: time.as_secs() }
        }
        CertificateError::NotValidYetContext { time, not_before } => {
            TlsError::NotYetValid { not_before: not_before.as_secs(), now: time.as_secs() }
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            TlsError::WrongName { names: presented.iter().take(MAX_NAMES).map(|name| plain_name(name)).collect() }
        }
        CertificateError::NotValidForName => TlsError::WrongName { names: Vec::new() },
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => TlsError::WrongPurpose,
        CertificateError::Other(other) => match other.0.downcast_ref::<CertificateFault>() {
            Some(CertificateFault(cause)) => cause.clone(),
            None => own_message(error)
                .unwrap_or_else(|| TlsError::Other(UntrustedText::new(other.source().unwrap_or(other).to_string()))),
        },
        error => own_message(error).unwrap_or_else(|| TlsError::Other(UntrustedText::new(error.to_string()))),
    }
}

fn own_message(error: &CertificateError) -> Option<TlsError> {
    messages::describe_certificate_error(error).map(|message| TlsError::Other(UntrustedText::from(message)))
}

/// Returns the name inside the library's `DnsName("h.com")` and `IpAddress(1.2.3.4)`.
fn plain_name(name: &str) -> UntrustedText {
    let inside = |before, after| name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    UntrustedText::from(inside("DnsName(\"", "\")").or_else(|| inside("IpAddress(", ")")).unwrap_or(name))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "alerts are an open set")]
fn alert_error(alert: AlertDescription, is_certificate_requested: bool) -> TlsError {
    match alert {
        AlertDescription::CertificateRequired => TlsError::ClientCertificateRequired,
        // TLS 1.2 has no dedicated alert for this.
        AlertDescription::HandshakeFailure | AlertDescription::BadCertificate if is_certificate_requested => {
            TlsError::ClientCertificateRequired
        }
        AlertDescription::NoApplicationProtocol => TlsError::Http2Only,
        AlertDescription::ProtocolVersion => TlsError::UnsupportedVersion,
        alert => TlsError::Alert(messages::describe_alert(alert).map_or_else(|| format!("{alert:?}"), str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_files_are_accepted_or_refused() {
        let key = rcgen::generate_simple_self_signed(vec!["h.example".to_owned()]).expect("a certificate");
        let pem = key.cert.pem();
        assert!(Tls::new(None).is_ok());
        assert!(Tls::new(Some(pem.as_bytes())).is_ok());
        assert_eq!(Tls::new(Some(b"")).err(), Some("it has no certificate"));
        assert_eq!(Tls::new(Some(b"hello")).err(), Some("it has no certificate"));
        assert_eq!(Tls::new(Some(&pem.as_bytes()[..100])).err(), Some("it is not well-formed PEM"));
        let junk = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
        assert_eq!(Tls::new(Some(junk.as_bytes())).err(), Some("it has a certificate that cannot be a root"));
    }

    #[test]
    fn the_configuration_offers_http_1_1_and_sni() {
        let config = Tls::new(None).expect("roots").client_config().expect("a configuration");
        assert_eq!(config.alpn_protocols, [b"http/1.1"]);
        assert!(config.enable_sni);
    }

    #[test]
    fn alerts_and_messages_are_classified() {
        let tracker = RequestTracker::default();
        let case = |error: Error, expected: TlsError| assert_eq!(classify(&error, &tracker), Some(expected));
        case(
            Error::AlertReceived(AlertDescription::HandshakeFailure),
            TlsError::Alert("no settings in common (handshake_failure)".to_owned()),
        );
        case(
            Error::AlertReceived(AlertDescription::UnrecognisedName),
            TlsError::Alert("unknown host name (unrecognized_name)".to_owned()),
        );
        case(Error::AlertReceived(AlertDescription::CertificateRequired), TlsError::ClientCertificateRequired);
        case(Error::AlertReceived(AlertDescription::ProtocolVersion), TlsError::UnsupportedVersion);
        case(Error::AlertReceived(AlertDescription::NoApplicationProtocol), TlsError::Http2Only);
        case(Error::InvalidMessage(InvalidMessage::InvalidContentType), TlsError::NotTls);
        case(CertificateError::InvalidPurpose.into(), TlsError::WrongPurpose);
        case(PeerIncompatible::ServerDoesNotSupportTls12Or13.into(), TlsError::UnsupportedVersion);
        tracker.request_client_certificate();
        let alert = Error::AlertReceived(AlertDescription::HandshakeFailure);
        assert_eq!(classify(&alert, &tracker), Some(TlsError::ClientCertificateRequired));
        assert_eq!(classify(&std::io::Error::other("x"), &tracker), None);
    }

    #[test]
    fn names_are_extracted_from_their_debug_form() {
        let case = |name: &str, plain: &str| assert_eq!(plain_name(name), UntrustedText::from(plain));
        case("DnsName(\"*.h.com\")", "*.h.com");
        case("IpAddress(127.0.0.1)", "127.0.0.1");
        case("DirectoryName", "DirectoryName");
    }
}
