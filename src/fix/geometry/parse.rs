//! Parses the fill from the command line.

use super::Fill;

impl Fill {
    /// Reads `blur`, `black`, `white` or six hexadecimal digits with or without `#`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = match text {
            "blur" => return Some(Self::Blur),
            "black" => "000000",
            "white" => "ffffff",
            other => other.strip_prefix('#').unwrap_or(other),
        };
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self::Color([red, green, blue]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_are_colors_or_a_blur() {
        assert_eq!(Fill::parse("#00ff10"), Some(Fill::Color([0, 255, 16])));
        assert_eq!(Fill::parse("FFFFFF"), Fill::parse("white"));
        assert_eq!(Fill::parse("blur"), Some(Fill::Blur));
        for text in ["", "#", "12345", "1234567", "+12345", "gray", "ééé"] {
            assert_eq!(Fill::parse(text), None, "{text}");
        }
    }
}
