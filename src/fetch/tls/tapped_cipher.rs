//! Cryptography that lets a [`Wire`] hear what it decrypts: the one place that every byte of a connection passes, below an
//! HTTP library that shows neither interim responses nor the connection. The work itself is left to the provider.

use std::fmt;
use std::sync::{Arc, LazyLock};

use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, InboundPlainMessage, Iv, KeyBlockShape, MessageDecrypter, MessageEncrypter,
    Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError,
};
use rustls::crypto::{CipherSuiteCommon, CryptoProvider};
use rustls::{
    ConnectionTrafficSecrets, ContentType, Error, OtherError, SupportedCipherSuite, Tls12CipherSuite, Tls13CipherSuite,
};

use crate::fetch::tap::{Excess, Wire};
use crate::fetch::tracker::Progress;

/// Returns the provider of the program.
pub(super) fn provider() -> CryptoProvider {
    let plain = rustls::crypto::ring::default_provider();
    CryptoProvider { cipher_suites: SUITES.clone(), ..plain }
}

/// The suites are wanted for ever by the library's types; there are nine. Of those that a server takes, most pick the
/// first: the one with the shorter key is as safe and decrypts large bodies faster, so browsers offer it first as well.
static SUITES: LazyLock<Vec<SupportedCipherSuite>> = LazyLock::new(|| {
    let plain = rustls::crypto::ring::default_provider().cipher_suites;
    let mut suites: Vec<_> = plain.into_iter().map(heard).collect();
    suites.sort_by_key(|suite| match suite {
        SupportedCipherSuite::Tls13(suite) => (0, suite.aead_alg.key_len()),
        SupportedCipherSuite::Tls12(suite) => (1, suite.aead_alg.key_block_shape().enc_key_len),
    });
    suites
});

fn heard(suite: SupportedCipherSuite) -> SupportedCipherSuite {
    match suite {
        SupportedCipherSuite::Tls12(suite) => {
            let Tls12CipherSuite { common, prf_provider, kx, sign, aead_alg } = suite;
            let (common, aead_alg) = (same(common), Box::leak(Box::new(Heard12(*aead_alg))));
            let suite = Tls12CipherSuite { common, prf_provider: *prf_provider, kx: *kx, sign, aead_alg };
            SupportedCipherSuite::Tls12(Box::leak(Box::new(suite)))
        }
        SupportedCipherSuite::Tls13(suite) => {
            let Tls13CipherSuite { common, hkdf_provider, aead_alg, quic: _ } = suite;
            let (common, aead_alg) = (same(common), Box::leak(Box::new(Heard13(*aead_alg))));
            let suite = Tls13CipherSuite { common, hkdf_provider: *hkdf_provider, aead_alg, quic: None };
            SupportedCipherSuite::Tls13(Box::leak(Box::new(suite)))
        }
    }
}

fn same(common: &CipherSuiteCommon) -> CipherSuiteCommon {
    let CipherSuiteCommon { suite, hash_provider, confidentiality_limit } = common;
    CipherSuiteCommon { suite: *suite, hash_provider: *hash_provider, confidentiality_limit: *confidentiality_limit }
}

/// A way to decrypt TLS 1.3, heard.
struct Heard13(&'static dyn Tls13AeadAlgorithm);

impl Tls13AeadAlgorithm for Heard13 {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        self.0.encrypter(key, iv)
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        Heard::around(self.0.decrypter(key, iv))
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

/// A way to decrypt TLS 1.2, heard.
struct Heard12(&'static dyn Tls12AeadAlgorithm);

impl Tls12AeadAlgorithm for Heard12 {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        self.0.encrypter(key, iv, extra)
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        Heard::around(self.0.decrypter(key, iv))
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

/// One direction of a connection.
struct Heard {
    decrypter: Box<dyn MessageDecrypter>,
    wire: Wire,
}

impl Heard {
    /// Takes the ear of the request for which the connection is made. Without one, and with keys that the server changes
    /// later, nothing is heard, and of a head only the library's own bounds hold.
    fn around(decrypter: Box<dyn MessageDecrypter>) -> Box<dyn MessageDecrypter> {
        let mut wire = Wire::default();
        Progress::note(|progress| wire = progress.wire());
        Box::new(Self { decrypter, wire })
    }
}

impl MessageDecrypter for Heard {
    fn decrypt<'a>(
        &mut self,
        message: InboundOpaqueMessage<'a>,
        number: u64,
    ) -> Result<InboundPlainMessage<'a>, Error> {
        let plain = self.decrypter.decrypt(message, number)?;
        if plain.typ == ContentType::ApplicationData {
            self.wire.hear(plain.payload).map_err(|excess| Error::Other(OtherError(Arc::new(TooMuch(excess)))))?;
        }
        Ok(plain)
    }
}

/// More came before the body than is read.
#[derive(Debug)]
struct TooMuch(Excess);

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more was sent before the body than is read")
    }
}

impl std::error::Error for TooMuch {}

/// Returns what there was too much of, where an error came of that.
pub(crate) fn excess(error: &(dyn std::error::Error + 'static)) -> Option<Excess> {
    let Error::Other(other) = error.downcast_ref::<Error>()? else { return None };
    other.0.downcast_ref::<TooMuch>().map(|TooMuch(excess)| *excess)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rustls::CipherSuite;

    use super::*;

    #[test]
    fn nothing_but_the_hearing_and_the_order_is_other_than_the_providers() {
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
    fn the_error_of_too_much_is_known_again() {
        let wrapped = Error::Other(OtherError(Arc::new(TooMuch(Excess::Head))));
        assert_eq!(excess(&wrapped), Some(Excess::Head));
        assert_eq!(excess(&Error::DecryptError), None);
        assert_eq!(excess(&std::io::Error::other(TooMuch(Excess::Head))), None);
    }
}
