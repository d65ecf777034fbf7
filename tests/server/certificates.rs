//! Certificates: one private authority per server, and every way in which a leaf can be wrong.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, NameConstraints, SanType, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, version};

/// The kind of certificate of a host: valid, or wrong in one respect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeafCert {
    /// Signed by the root, for the name asked for.
    Good,
    /// Signed by the intermediate, which is sent with it.
    WithIntermediate,
    /// Signed by the intermediate, which is not sent: the most common real fault, because browsers fetch or cache it.
    MissingIntermediate,
    /// Valid, and sent with an unrelated certificate.
    WithUnrelated,
    /// Valid for a thousand other names too.
    ThousandNames,
    /// Ended in 2021.
    Expired,
    /// Begins in 3000.
    NotYetValid,
    /// For another host.
    WrongName,
    /// Signed by an intermediate that may sign for another domain only.
    BeyondConstraint,
    /// For `*.example.org`, asked for two labels below it.
    WildcardTooDeep,
    /// Names its host as the common name only, as certificates did before 2000.
    CommonNameOnly,
    /// For the address, not for the name.
    AddressOnly,
    /// Its own issuer.
    SelfSigned,
    /// Signed by an untrusted authority.
    UnknownAuthority,
    /// For clients only, by its extended key usage.
    ClientOnly,
    /// An authority, used as a leaf.
    Authority,
    /// For other hosts, whose names contain commands to a terminal and a CI runner.
    HostileNames,
    /// Signed by an untrusted authority, whose name contains commands to a terminal and a CI runner.
    HostileAuthority,
}

/// Names that contain commands to a terminal or a CI runner.
pub(crate) const HOSTILE: [&str; 4] =
    ["::error::san", "x ##[add-mask]san", "\x1b]0;san\x07", "\x1b[2Jsection_start:0:san\r\x1b[0K"];

/// What a TLS server requires of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsRequirement {
    Nothing,
    Tls12,
    Tls13,
    /// ALPN `h2`.
    Http2,
    /// A client certificate, in TLS 1.2, where the rejection comes during the handshake.
    Client12,
    /// A client certificate, in TLS 1.3, where the rejection comes after the client has finished the handshake.
    Client13,
}

/// A root, its intermediates, and an untrusted root.
pub(crate) struct Authority {
    root: Certificate,
    root_issuer: Issuer<'static, KeyPair>,
    intermediate: Certificate,
    intermediate_issuer: Issuer<'static, KeyPair>,
    constrained: Certificate,
    constrained_issuer: Issuer<'static, KeyPair>,
    stranger: Certificate,
    stranger_issuer: Issuer<'static, KeyPair>,
    leaf_key: KeyPair,
}

impl Authority {
    /// Makes new keys, only for this server.
    pub(crate) fn new() -> Self {
        let (root, root_issuer) = self_signed("Preflight test root");
        let (stranger, stranger_issuer) = self_signed("Preflight test stranger");
        let (intermediate, intermediate_issuer) = signed(authority("Preflight test intermediate"), &root_issuer);
        let mut params = authority("Preflight test constrained");
        let permitted_subtrees = vec![GeneralSubtree::DnsName("elsewhere.example.org".to_owned())];
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        let (constrained, constrained_issuer) = signed(params, &root_issuer);
        let leaf_key = KeyPair::generate().expect("a key");
        Self {
            root,
            root_issuer,
            intermediate,
            intermediate_issuer,
            constrained,
            constrained_issuer,
            stranger,
            stranger_issuer,
            leaf_key,
        }
    }

    /// Returns the root as PEM, for `--cacert`.
    pub(crate) fn pem(&self) -> String {
        self.root.pem()
    }

    /// Returns the root, for a client's store.
    pub(crate) fn root(&self) -> &CertificateDer<'static> {
        self.root.der()
    }

    /// Returns the configuration of a server for this name.
    pub(crate) fn config(&self, name: &str, leaf: LeafCert, insists: TlsRequirement) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::Pkcs8(self.leaf_key.serialize_der().into());
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&insists.versions())
            .expect("the versions fit the provider");
        let builder = match insists {
            TlsRequirement::Client12 | TlsRequirement::Client13 => {
                let mut roots = RootCertStore::empty();
                roots.add(self.root.der().clone()).expect("the root is a root");
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
                builder.with_client_cert_verifier(verifier.expect("a verifier"))
            }
            TlsRequirement::Nothing | TlsRequirement::Tls12 | TlsRequirement::Tls13 | TlsRequirement::Http2 => {
                builder.with_no_client_auth()
            }
        };
        let mut config = builder.with_single_cert(self.chain(name, leaf), key).expect("key and leaf belong together");
        config.alpn_protocols =
            vec![if insists == TlsRequirement::Http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
        Arc::new(config)
    }

    /// Returns the chain that is sent for this name, leaf first.
    fn chain(&self, name: &str, leaf: LeafCert) -> Vec<CertificateDer<'static>> {
        let params = params(name, leaf);
        let signed_by = |issuer| params.signed_by(&self.leaf_key, issuer).expect("a leaf").der().clone();
        match leaf {
            LeafCert::SelfSigned => vec![params.self_signed(&self.leaf_key).expect("a leaf").der().clone()],
            LeafCert::HostileAuthority => {
                let (root, issuer) = self_signed(&HOSTILE.concat());
                vec![signed_by(&issuer), root.der().clone()]
            }
            LeafCert::UnknownAuthority => vec![signed_by(&self.stranger_issuer), self.stranger.der().clone()],
            LeafCert::MissingIntermediate => vec![signed_by(&self.intermediate_issuer)],
            LeafCert::WithIntermediate => vec![signed_by(&self.intermediate_issuer), self.intermediate.der().clone()],
            LeafCert::BeyondConstraint => {
                vec![signed_by(&self.constrained_issuer), self.constrained.der().clone()]
            }
            LeafCert::WithUnrelated => vec![signed_by(&self.root_issuer), self.stranger.der().clone()],
            LeafCert::Good
            | LeafCert::ThousandNames
            | LeafCert::Expired
            | LeafCert::NotYetValid
            | LeafCert::WrongName
            | LeafCert::HostileNames
            | LeafCert::WildcardTooDeep
            | LeafCert::CommonNameOnly
            | LeafCert::AddressOnly
            | LeafCert::ClientOnly
            | LeafCert::Authority => vec![signed_by(&self.root_issuer)],
        }
    }
}

impl TlsRequirement {
    fn versions(self) -> Vec<&'static SupportedProtocolVersion> {
        match self {
            Self::Nothing | Self::Http2 => vec![&version::TLS12, &version::TLS13],
            Self::Tls12 | Self::Client12 => vec![&version::TLS12],
            Self::Tls13 | Self::Client13 => vec![&version::TLS13],
        }
    }
}

/// Returns the contents of a leaf.
fn params(name: &str, leaf: LeafCert) -> CertificateParams {
    let mut params = named(&[name]);
    params.distinguished_name.push(DnType::CommonName, name);
    match leaf {
        LeafCert::Expired => params.not_after = date_time_ymd(2021, 3, 4),
        LeafCert::NotYetValid => params.not_before = date_time_ymd(3000, 1, 2),
        LeafCert::WrongName => params.subject_alt_names = named(&["somebody-else.example.org"]).subject_alt_names,
        LeafCert::HostileNames => {
            let name = |name: &str| SanType::DnsName(name.try_into().expect("ASCII"));
            params.subject_alt_names = HOSTILE.into_iter().map(name).collect();
        }
        LeafCert::WildcardTooDeep => params.subject_alt_names = named(&["*.example.org"]).subject_alt_names,
        LeafCert::CommonNameOnly => params.subject_alt_names.clear(),
        LeafCert::AddressOnly => params.subject_alt_names = vec![SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST))],
        LeafCert::ThousandNames => {
            let more = (0..1000).map(|n| format!("tenant-{n}.example.org")).collect::<Vec<_>>();
            params.subject_alt_names.extend(named(&more).subject_alt_names);
        }
        LeafCert::ClientOnly => params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
        LeafCert::Authority => params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
        LeafCert::Good
        | LeafCert::WithIntermediate
        | LeafCert::MissingIntermediate
        | LeafCert::WithUnrelated
        | LeafCert::BeyondConstraint
        | LeafCert::SelfSigned
        | LeafCert::HostileAuthority
        | LeafCert::UnknownAuthority => {}
    }
    params
}

fn named(names: &[impl ToString]) -> CertificateParams {
    CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("names of hosts")
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn signed(params: CertificateParams, by: &Issuer<'static, KeyPair>) -> (Certificate, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, by).expect("an intermediate");
    (certificate, Issuer::new(params, key))
}

fn self_signed(name: &str) -> (Certificate, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().expect("a key");
    let params = authority(name);
    let certificate = params.self_signed(&key).expect("a root");
    (certificate, Issuer::new(params, key))
}
