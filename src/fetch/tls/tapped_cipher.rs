//! Cipher suites whose decrypters pass the decrypted bytes to a [`ResponseTap`]. Every byte of a connection passes
//! through a decrypter, while the HTTP library exposes neither interim responses nor the connection. The provider does
//! the cryptography.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, InboundPlainMessage, Iv, KeyBlockShape, MessageDecrypter, MessageEncrypter,
    Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError,
};
use rustls::crypto::{CipherSuiteCommon, CryptoProvider};
use rustls::{
    ConnectionTrafficSecrets, ContentType, Error, OtherError, SupportedCipherSuite, Tls12CipherSuite, Tls13CipherSuite,
};

use crate::fetch::tap::{HeadLimit, ResponseTap};
use crate::fetch::tracker::RequestTracker;

/// Returns the provider of all connections.
pub(super) fn provider() -> CryptoProvider {
    let plain = rustls::crypto::ring::default_provider();
    CryptoProvider { cipher_suites: SUITES.clone(), ..plain }
}

/// The nine cipher suites, which the library's types require to be static. Most servers pick the first that they support:
/// the one with the shorter key is as safe and decrypts large bodies faster, so browsers offer it first as well.
static SUITES: LazyLock<Vec<SupportedCipherSuite>> = LazyLock::new(|| {
    let plain = rustls::crypto::ring::default_provider().cipher_suites;
    let mut suites: Vec<_> = plain.into_iter().map(tapped).collect();
    suites.sort_by_key(|suite| match suite {
        SupportedCipherSuite::Tls13(suite) => (0, suite.aead_alg.key_len()),
        SupportedCipherSuite::Tls12(suite) => (1, suite.aead_alg.key_block_shape().enc_key_len),
    });
    suites
});

fn tapped(suite: SupportedCipherSuite) -> SupportedCipherSuite {
    match suite {
        SupportedCipherSuite::Tls12(suite) => {
            let Tls12CipherSuite { common, prf_provider, kx, sign, aead_alg } = suite;
            let (common, aead_alg) = (copy(common), Box::leak(Box::new(Tapped12(*aead_alg))));
            let suite = Tls12CipherSuite { common, prf_provider: *prf_provider, kx: *kx, sign, aead_alg };
            SupportedCipherSuite::Tls12(Box::leak(Box::new(suite)))
        }
        SupportedCipherSuite::Tls13(suite) => {
            let Tls13CipherSuite { common, hkdf_provider, aead_alg, quic: _ } = suite;
            let (common, aead_alg) = (copy(common), Box::leak(Box::new(Tapped13(*aead_alg))));
            let suite = Tls13CipherSuite { common, hkdf_provider: *hkdf_provider, aead_alg, quic: None };
            SupportedCipherSuite::Tls13(Box::leak(Box::new(suite)))
        }
    }
}

fn copy(common: &CipherSuiteCommon) -> CipherSuiteCommon {
    let CipherSuiteCommon { suite, hash_provider, confidentiality_limit } = common;
    CipherSuiteCommon { suite: *suite, hash_provider: *hash_provider, confidentiality_limit: *confidentiality_limit }
}

/// Decrypts TLS 1.3 with a tap.
struct Tapped13(&'static dyn Tls13AeadAlgorithm);

impl Tls13AeadAlgorithm for Tapped13 {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        self.0.encrypter(key, iv)
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        TappedDecrypter::wrap(self.0.decrypter(key, iv))
    }

    fn key_len(&self) -> usize {
        self.0.key_len()
    }

    fn extract_keys(&self, key: AeadKey, iv: Iv) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv)
    }

    fn fips(&self) -> bool {
        self.0.fips()
    }
}

/// Decrypts TLS 1.2 with a tap.
struct Tapped12(&'static dyn Tls12AeadAlgorithm);

impl Tls12AeadAlgorithm for Tapped12 {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        self.0.encrypter(key, iv, extra)
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        TappedDecrypter::wrap(self.0.decrypter(key, iv))
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        self.0.key_block_shape()
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv, explicit)
    }

    fn fips(&self) -> bool {
        self.0.fips()
    }
}

/// Decrypts what the server sends over one connection.
struct TappedDecrypter {
    decrypter: Box<dyn MessageDecrypter>,
    tap: ResponseTap,
}

thread_local! {
    /// The tap of the connection whose handshake message was decrypted last on this thread.
    ///
    /// When the server updates its keys (RFC 8446 section 4.6.3), the TLS library decrypts the `KeyUpdate` message and asks
    /// for the next decrypter right after it, on the same thread and with nothing in between.
    static KEY_UPDATE: RefCell<ResponseTap> = RefCell::default();
}

impl TappedDecrypter {
    /// Adds the tap of the current request, for which the connection is opened. Without a current request, this is a
    /// key update, and the connection keeps its tap.
    fn wrap(decrypter: Box<dyn MessageDecrypter>) -> Box<dyn MessageDecrypter> {
        let mut tap = KEY_UPDATE.take();
        RequestTracker::current(|tracker| tap = tracker.tap());
        Box::new(Self { decrypter, tap })
    }
}

impl MessageDecrypter for TappedDecrypter {
    fn decrypt<'a>(
        &mut self,
        message: InboundOpaqueMessage<'a>,
        number: u64,
    ) -> Result<InboundPlainMessage<'a>, Error> {
        let plain = self.decrypter.decrypt(message, number)?;
        if plain.typ == ContentType::ApplicationData {
            let exceeded = |limit| Error::Other(OtherError(Arc::new(HeadLimitExceeded(limit))));
            self.tap.observe(plain.payload).map_err(exceeded)?;
        } else {
            KEY_UPDATE.replace(self.tap.clone());
        }
        Ok(plain)
    }
}

/// The bytes before the body exceed a limit.
#[derive(Debug, thiserror::Error)]
#[error("the response head is too large")]
struct HeadLimitExceeded(HeadLimit);

/// Returns the limit that was exceeded, if that is the cause of an error.
pub(crate) fn exceeded_limit(error: &(dyn std::error::Error + 'static)) -> Option<HeadLimit> {
    let Error::Other(other) = error.downcast_ref::<Error>()? else { return None };
    other.0.downcast_ref::<HeadLimitExceeded>().map(|HeadLimitExceeded(limit)| *limit)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rustls::CipherSuite;

    use super::*;

    #[test]
    fn only_the_tap_and_the_order_differ_from_the_provider() {
        let (plain, ours) = (rustls::crypto::ring::default_provider(), provider());
        let names = |provider: &CryptoProvider| -> Vec<_> {
            provider.cipher_suites.iter().map(SupportedCipherSuite::suite).collect()
        };
        let of = |names: &[CipherSuite]| -> HashSet<u16> { names.iter().map(|name| (*name).into()).collect() };
        let (ours, plain) = (names(&ours), names(&plain));
        assert_eq!((of(&ours), ours.len()), (of(&plain), plain.len()));
        let expected = [
            CipherSuite::TLS13_AES_128_GCM_SHA256,
            CipherSuite::TLS13_AES_256_GCM_SHA384,
            CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
            CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ];
        assert_eq!(ours.get(..expected.len()), Some(expected.as_slice()));
    }

    #[test]
    fn the_error_of_a_large_head_is_recognized() {
        let wrapped = Error::Other(OtherError(Arc::new(HeadLimitExceeded(HeadLimit::Size))));
        assert_eq!(exceeded_limit(&wrapped), Some(HeadLimit::Size));
        assert_eq!(exceeded_limit(&Error::DecryptError), None);
        assert_eq!(exceeded_limit(&std::io::Error::other(HeadLimitExceeded(HeadLimit::Size))), None);
    }
}
