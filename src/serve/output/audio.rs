//! Writes audio files: a WAV tone, and MP3 frames of silence.

use std::time::Duration;

/// Returns a WAV file, 16 bits mono, with a soft triangle tone of `pitch` hertz.
pub(super) fn wav(duration: Duration, rate: u32, pitch: u32) -> Vec<u8> {
    let samples = u32::try_from(duration.as_millis() * u128::from(rate) / 1000).unwrap_or(u32::MAX / 4);
    let size = samples * 2;
    let mut file = Vec::with_capacity(44 + size as usize);
    file.extend(b"RIFF");
    file.extend((size + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1_u16, 1].into_iter().flat_map(u16::to_le_bytes));
    file.extend([rate, rate * 2].into_iter().flat_map(u32::to_le_bytes));
    file.extend([2_u16, 16].into_iter().flat_map(u16::to_le_bytes));
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    let period = i64::from((rate / pitch.max(1)).max(2));
    for sample in 0..i64::from(samples) {
        let phase = sample % period;
        let height = (phase - period / 2).abs() * 4 - period;
        let level = i16::try_from(height * 6000 / period).unwrap_or_default();
        file.extend(level.to_le_bytes());
    }
    file
}

/// Returns an MP3 file of silence: MPEG-1 Layer III, 48 kHz, mono, 32 kbit/s. Its frames have no main data, last 24 ms
/// and have 96 bytes each.
pub(super) fn mp3(duration: Duration) -> Vec<u8> {
    let frames = usize::try_from(duration.as_millis().div_ceil(24)).unwrap_or_default();
    let mut frame = [0; 96];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x14, 0xc0]);
    frame.repeat(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_the_requested_one() {
        let wav = wav(Duration::from_millis(1500), 8000, 440);
        assert_eq!(wav.len(), 44 + 24_000);
        assert_eq!(&wav[40..44], 24_000_u32.to_le_bytes());
        assert_eq!(mp3(Duration::from_secs(3)).len(), 125 * 96);
        assert!(mp3(Duration::ZERO).is_empty());
    }

    #[test]
    fn the_tone_is_centered_at_zero() {
        let file = wav(Duration::from_secs(1), 8000, 100);
        let samples = || file[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
        assert_eq!((samples().min(), samples().max()), (Some(-6000), Some(6000)));
    }
}
