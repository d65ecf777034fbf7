//! TLS as a careful client speaks it, and what went wrong with it, told apart (rustls's only room).

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, OtherError,
    PeerIncompatible, RootCertStore, SignatureScheme,
};

use crate::fetch::tls::certificate::{Names, words as shown};
use crate::fetch::tracker::{Marks, Progress};
use crate::observation::{Phase, TlsError};
use crate::text::untrusted::UntrustedText;

pub(crate) use tapped_cipher::excess;

pub(crate) mod certificate;
mod messages;
mod tapped_cipher;

/// What every connection shares: the cryptography and the trusted roots.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    provider: Arc<CryptoProvider>,
    judge: Arc<WebPkiServerVerifier>,
}

impl Tls {
    /// Trusts Mozilla's roots, and those of a PEM file if one is given.
    ///
    /// # Errors
    /// Where the file holds no certificate, or one that cannot be a root.
    pub(crate) fn new(cacert: Option<&[u8]>) -> Result<Self, &'static str> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(pem) = cacert {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|_| "it is not well-formed PEM")?;
                roots.add(certificate).map_err(|_| "it holds a certificate that cannot be a root")?;
            }
            if roots.len() == before {
                return Err("it holds no certificate");
            }
        }
        let provider = Arc::new(tapped_cipher::provider());
        let judge = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|_| "no root is trusted")?;
        Ok(Self { provider, judge })
    }

    /// Makes the settings for the connections of a run: TLS 1.2 and 1.3, HTTP/1.1.
    ///
    /// # Errors
    /// Where the cryptography does not fit the protocol versions, which a test excludes.
    pub(crate) fn settings(&self) -> Result<ClientConfig, Error> {
        let witness = Arc::new(Witness { provider: Arc::clone(&self.provider), judge: Arc::clone(&self.judge) });
        let builder = ClientConfig::builder_with_provider(Arc::clone(&self.provider));
        let mut settings = builder
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&witness) as Arc<dyn ServerCertVerifier>)
            .with_client_cert_resolver(witness);
        settings.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(settings)
    }
}

/// Sees the handshake: lets the judge decide on the certificate, and says why where it refuses.
#[derive(Debug)]
struct Witness {
    provider: Arc<CryptoProvider>,
    judge: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Progress::note(|progress| progress.mark(|marks| show(marks, leaf, others)));
        self.judge.verify_server_cert(leaf, others, name, ocsp, now).map_err(|error| {
            // That an authority's certificate serves as a server's is told first, though it is trusted by nobody.
            let is_own = messages::is_authority(&error) && Names::read(leaf).is_some_and(Names::is_self_issued);
            if !is_own && error != Error::InvalidCertificate(CertificateError::UnknownIssuer) {
                return error;
            }
            let refusal = Refusal(unknown_issuer(leaf, others));
            Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refusal))))
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Progress::note(|progress| progress.mark(|marks| marks.version = marks.version.or(Some("TLS 1.2"))));
        self.judge.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Progress::note(|progress| progress.mark(|marks| marks.version = marks.version.or(Some("TLS 1.3"))));
        self.judge.verify_tls13_signature(message, certificate, signature)
    }

    /// Is asked for while the first message of a handshake is written: the connection is open.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        Progress::note(|progress| progress.reach(Phase::Handshake));
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Keeps the certificates of the first handshake.
fn show(marks: &mut Marks, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) {
    if marks.chain.is_empty() {
        marks.chain = std::iter::once(leaf).chain(others).take(CHAIN).map(|one| one.to_vec()).collect();
    }
}

/// How many certificates of a chain are kept; real ones have two to four.
const CHAIN: usize = 16;

impl ResolvesClientCert for Witness {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Progress::note(Progress::want_certificate);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// A refusal of ours on its way through the TLS library.
#[derive(Debug)]
struct Refusal(TlsError);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate's issuer is not known")
    }
}

impl std::error::Error for Refusal {}

/// Tells the three cases apart that look the same to the judge, by following the chain as far as it was sent.
fn unknown_issuer(leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> TlsError {
    let Some(mut last) = Names::read(leaf) else {
        return TlsError::Other(UntrustedText::from("malformed certificate"));
    };
    if last.is_self_issued() {
        return TlsError::SelfSigned;
    }
    let others: Vec<Names<'_>> = others.iter().filter_map(|other| Names::read(other)).collect();
    // No chain is longer than the certificates sent, however they point at each other.
    for _ in &others {
        let Some(issuer) = others.iter().find(|other| other.subject == last.issuer) else { break };
        last = *issuer;
        if last.is_self_issued() {
            return TlsError::UntrustedRoot { issuer: shown(last.issuer) };
        }
    }
    TlsError::IncompleteChain { issuer: shown(last.issuer) }
}

/// How many of a certificate's names are reported.
const NAMES: usize = 8;

/// Finds a TLS error in the error of another library and says in our words what it means.
#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
pub(crate) fn trouble(error: &(dyn std::error::Error + 'static), progress: &Progress) -> Option<TlsError> {
    let error = error.downcast_ref::<Error>()?;
    Some(match error {
        Error::InvalidCertificate(error) => certificate_trouble(error),
        Error::AlertReceived(alert) => alert_trouble(*alert, progress.certificate_wanted()),
        Error::NoApplicationProtocol => TlsError::OnlyHttp2,
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge,
        ) => TlsError::NotTls,
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => TlsError::OldVersion,
        error => TlsError::Other(
            messages::of(error).map_or_else(|| UntrustedText::new(error.to_string()), UntrustedText::from),
        ),
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the TLS library's errors may grow")]
fn certificate_trouble(error: &CertificateError) -> TlsError {
    match error {
        CertificateError::ExpiredContext { time, not_after } => {
            TlsError::Expired { not_after: not_after.as_secs(), now: time.as_secs() }
        }
        CertificateError::NotValidYetContext { time, not_before } => {
            TlsError::NotYetValid { not_before: not_before.as_secs(), now: time.as_secs() }
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            TlsError::WrongName { names: presented.iter().take(NAMES).map(|name| plain_name(name)).collect() }
        }
        CertificateError::NotValidForName => TlsError::WrongName { names: Vec::new() },
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => TlsError::WrongPurpose,
        CertificateError::Other(other) => match other.0.downcast_ref::<Refusal>() {
            Some(Refusal(trouble)) => trouble.clone(),
            None => own_words(error)
                .unwrap_or_else(|| TlsError::Other(UntrustedText::new(other.source().unwrap_or(other).to_string()))),
        },
        error => own_words(error).unwrap_or_else(|| TlsError::Other(UntrustedText::new(error.to_string()))),
    }
}

fn own_words(error: &CertificateError) -> Option<TlsError> {
    messages::of_certificate(error).map(|words| TlsError::Other(UntrustedText::from(words)))
}

/// Takes the library's `DnsName("h.com")` and `IpAddress(1.2.3.4)` apart.
fn plain_name(name: &str) -> UntrustedText {
    let inside = |before, after| name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    UntrustedText::from(inside("DnsName(\"", "\")").or_else(|| inside("IpAddress(", ")")).unwrap_or(name))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "alerts are an open set")]
fn alert_trouble(alert: AlertDescription, certificate_wanted: bool) -> TlsError {
    match alert {
        AlertDescription::CertificateRequired => TlsError::ClientCertificate,
        // TLS 1.2 has no alert of its own for it.
        AlertDescription::HandshakeFailure | AlertDescription::BadCertificate if certificate_wanted => {
            TlsError::ClientCertificate
        }
        AlertDescription::NoApplicationProtocol => TlsError::OnlyHttp2,
        AlertDescription::ProtocolVersion => TlsError::OldVersion,
        alert => TlsError::Alert(messages::of_alert(alert).map_or_else(|| format!("{alert:?}"), str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_roots_are_read_or_refused() {
        let key = rcgen::generate_simple_self_signed(vec!["h.example".to_owned()]).expect("a certificate");
        let pem = key.cert.pem();
        assert!(Tls::new(None).is_ok());
        assert!(Tls::new(Some(pem.as_bytes())).is_ok());
        assert_eq!(Tls::new(Some(b"")).err(), Some("it holds no certificate"));
        assert_eq!(Tls::new(Some(b"hello")).err(), Some("it holds no certificate"));
        assert_eq!(Tls::new(Some(&pem.as_bytes()[..100])).err(), Some("it is not well-formed PEM"));
        let junk = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
        assert_eq!(Tls::new(Some(junk.as_bytes())).err(), Some("it holds a certificate that cannot be a root"));
    }

    #[test]
    fn settings_are_those_of_a_plain_client() {
        let settings = Tls::new(None).expect("roots").settings().expect("settings");
        assert_eq!(settings.alpn_protocols, [b"http/1.1"]);
        assert!(settings.enable_sni);
    }

    #[test]
    fn alerts_and_messages_become_troubles() {
        let progress = Progress::default();
        let case = |error: Error, expected: TlsError| assert_eq!(trouble(&error, &progress), Some(expected));
        case(
            Error::AlertReceived(AlertDescription::HandshakeFailure),
            TlsError::Alert("it finds no settings in common (handshake_failure)".to_owned()),
        );
        case(
            Error::AlertReceived(AlertDescription::UnrecognisedName),
            TlsError::Alert("it does not know the host's name (unrecognized_name)".to_owned()),
        );
        case(Error::AlertReceived(AlertDescription::CertificateRequired), TlsError::ClientCertificate);
        case(Error::AlertReceived(AlertDescription::ProtocolVersion), TlsError::OldVersion);
        case(Error::AlertReceived(AlertDescription::NoApplicationProtocol), TlsError::OnlyHttp2);
        case(Error::InvalidMessage(InvalidMessage::InvalidContentType), TlsError::NotTls);
        case(CertificateError::InvalidPurpose.into(), TlsError::WrongPurpose);
        case(PeerIncompatible::ServerDoesNotSupportTls12Or13.into(), TlsError::OldVersion);
        progress.want_certificate();
        let alert = Error::AlertReceived(AlertDescription::HandshakeFailure);
        assert_eq!(trouble(&alert, &progress), Some(TlsError::ClientCertificate));
        assert_eq!(trouble(&std::io::Error::other("x"), &progress), None);
    }

    #[test]
    fn names_lose_the_librarys_dress() {
        let case = |name: &str, plain: &str| assert_eq!(plain_name(name), UntrustedText::from(plain));
        case("DnsName(\"*.h.com\")", "*.h.com");
        case("IpAddress(127.0.0.1)", "127.0.0.1");
        case("DirectoryName", "DirectoryName");
    }
}
