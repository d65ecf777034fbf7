//! Decodes the payload of data URIs in chunks for the header reader, and only validates the rest.

use std::ops::ControlFlow;

use crate::asset::Asset;
use crate::data_uri::DataUri;
use crate::media::header_reader::HeaderReader;
use crate::observation::Observation;

/// Reads a data URI. If it is truncated, the base64 is not validated. Blocks.
pub(super) fn probe(asset: &Asset) -> Observation {
    let uri = match DataUri::parse(asset.text()) {
        Ok(uri) => uri,
        Err(fault) => return Observation { base64_decoding: Some(Err(fault)), ..Observation::default() },
    };
    let mut reader = HeaderReader::new(None);
    let mut at = 0_u64;
    let measured = uri.measure(|piece| {
        reader.feed(at, piece);
        at = at.saturating_add(piece.len() as u64);
        if reader.wanted_range().is_some() || reader.is_scanning() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    let base64_decoding = measured.map(|(reading, _)| reading);
    let whole = measured.ok().map(|(_, size)| size).filter(|_| !asset.is_truncated());
    Observation {
        content: reader.finish(whole),
        size: whole,
        base64_decoding: Some(base64_decoding).filter(|_| !asset.is_truncated()),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_uri::{Base64Form, DataUriError};
    use crate::media::Format;

    fn observation(text: &str) -> Observation {
        probe(&Asset::new(text))
    }

    /// A PNG of one pixel.
    const PIXEL: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    #[test]
    fn payloads_are_decoded_and_read() {
        let observation = observation(&format!("data:image/png;base64,{PIXEL}"));
        assert_eq!((observation.size, &observation.base64_decoding), (Some(70), &Some(Ok(Base64Form::Strict))));
        let media = observation.content.media().expect("a picture");
        assert_eq!(media.format, Format::Png);
        assert!(media.coded_size.is_some());
    }

    #[test]
    fn faults_are_reported_with_their_offset() {
        let seen_fault = |text: &str| observation(text).base64_decoding;
        assert_eq!(seen_fault("data:image/png"), Some(Err(DataUriError::NoComma)));
        assert_eq!(seen_fault("data:image/png;base64,iVBO!"), Some(Err(DataUriError::Payload { at: 4 })));
        assert_eq!(observation("data:image/png;base64,iVBO!").size, None);
        let empty = observation("data:image/png;base64,");
        assert_eq!((empty.size, empty.base64_decoding), (Some(0), Some(Ok(Base64Form::Strict))));
        assert_eq!(empty.content.format(), Some(Format::Unknown));
    }

    #[test]
    fn only_the_start_of_a_truncated_data_uri_is_read() {
        let text = format!("data:image/png;base64,{}", &PIXEL[..61]);
        let observation = probe(&Asset::truncated(text.into_bytes(), 20_000_000));
        assert_eq!((observation.size, observation.base64_decoding.is_none()), (None, true));
        assert_eq!(observation.content.format(), Some(Format::Png));
    }
}
