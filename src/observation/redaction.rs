//! The redaction of an observation: a server may repeat the secrets of the URL in everything that it sends.

use super::timing::RequestTrace;
use super::{FetchError, Observation, RequestOutcome};
use crate::media::{Codec, ContentState};
use crate::text::secret::ReflectedSecrets;

impl Observation {
    /// Redacts the secrets of the URL in headers, error pages, codec names and errors. The rules need the values as sent, so
    /// that this follows them.
    pub fn redact(&mut self, secrets: &ReflectedSecrets) {
        for outcome in [&mut self.head, &mut self.get] {
            match outcome {
                RequestOutcome::Response(response) => {
                    response.headers.0.iter_mut().for_each(|(_, value)| value.redact(secrets));
                    response.body_snippet.iter_mut().for_each(|snippet| snippet.redact(secrets));
                }
                RequestOutcome::Failed { error: FetchError::Other(text), .. } => text.redact(secrets),
                RequestOutcome::Failed { .. } | RequestOutcome::NotSent => {}
            }
        }
        if let ContentState::Media(media) = &mut self.content {
            let codecs = media.video.as_mut().map(|track| &mut track.codec).into_iter().chain(&mut media.audio);
            for codec in codecs {
                if let Codec::Other(id) = codec {
                    id.redact(secrets);
                }
            }
        }
    }
}

impl RequestTrace {
    /// Redacts the secrets of the URL in the names of certificates.
    pub fn redact(&mut self, secrets: &ReflectedSecrets) {
        for certificate in self.tls.iter_mut().flat_map(|session| &mut session.certificates) {
            certificate.subject.redact(secrets);
            certificate.issuer.redact(secrets);
        }
    }
}
