//! The redaction of an observation: a server may repeat the secrets of the URL in everything that it sends.

use super::timing::RequestTrace;
use super::{FetchError, Observation, RequestOutcome};
use crate::media::{Codec, ContentState};
use crate::text::secret::ReflectedSecrets;
use crate::text::untrusted::UntrustedText;

impl Observation {
    /// Reports whether the server repeats a secret of the URL.
    #[must_use]
    pub fn reflects(&self, secrets: &ReflectedSecrets) -> bool {
        let responses = [&self.head, &self.get].into_iter().filter_map(RequestOutcome::response);
        let mut texts = responses
            .flat_map(|response| response.headers.iter().map(|(_, value)| value).chain(&response.body_snippet));
        let errors = [&self.head, &self.get].into_iter().filter_map(RequestOutcome::error);
        let is_kept = |error: &FetchError| matches!(error, FetchError::Other(_));
        let has_codec = self.content.media().is_some_and(|media| {
            let codecs = media.video.iter().map(|track| &track.codec).chain(&media.audio);
            codecs.into_iter().any(|codec| matches!(codec, Codec::Other(_)))
        });
        !secrets.is_empty() && (has_codec || errors.into_iter().any(is_kept) || texts.any(|text| secrets.is_in(text)))
    }

    /// Redacts the secrets of the URL in headers, error pages, codec names and errors. The rules need the values as sent, so
    /// redaction comes after them.
    pub fn redact(&mut self, secrets: &ReflectedSecrets) {
        self.each_text(|text| text.redact(secrets));
    }

    /// Visits every text from the server that is kept.
    fn each_text(&mut self, mut visit: impl FnMut(&mut UntrustedText)) {
        for outcome in [&mut self.head, &mut self.get] {
            match outcome {
                RequestOutcome::Response(response) => {
                    response.headers.fields.iter_mut().for_each(|(_, value)| visit(value));
                    response.body_snippet.iter_mut().for_each(&mut visit);
                }
                RequestOutcome::Failed { error: FetchError::Other(text), .. } => visit(text),
                RequestOutcome::Failed { .. } | RequestOutcome::NotSent => {}
            }
        }
        if let ContentState::Media(media) = &mut self.content {
            let codecs = media.video.as_mut().map(|track| &mut track.codec).into_iter().chain(&mut media.audio);
            for codec in codecs {
                if let Codec::Other(id) = codec {
                    visit(id);
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
