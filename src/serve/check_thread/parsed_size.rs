//! Estimates how much memory a JSON text takes once it is parsed.

use crate::request::document::MAX_VALUES;

/// What a value takes at most, in bytes: `{"a":0}` is two values, and takes 900 bytes with their positions.
const VALUE: usize = 512;

/// How often the bytes of a text are copied: the document, the values, and the asset that is checked.
const COPIES: usize = 4;

/// Returns an upper bound on the memory for a parsed text, in bytes. A text with more than [`MAX_VALUES`] values is
/// rejected before it is parsed.
pub(super) fn parsed_size(text: &[u8]) -> usize {
    // Each value but the first comes after a comma or after a bracket; those in strings do no harm.
    let values = text.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count() + 1;
    text.len() * COPIES + values.min(MAX_VALUES) * VALUE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_grows_with_the_values_and_the_bytes() {
        assert_eq!(parsed_size(b""), VALUE);
        assert_eq!(parsed_size(b"[0,{\"a\":[]}]"), 12 * COPIES + 5 * VALUE);
        assert_eq!(parsed_size(&vec![b','; 1 << 20]), (COPIES << 20) + MAX_VALUES * VALUE);
        assert_eq!(parsed_size(&vec![b'a'; 1 << 20]), (COPIES << 20) + VALUE);
    }
}
