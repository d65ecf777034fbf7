//! Quantities with units, formatted as the API prints them. No other module formats the numbers in a `Reason`.

use std::fmt;
use std::time::Duration;

/// A count of bytes, or of characters of an ASCII text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(u64);

impl Bytes {
    /// Counts single bytes.
    #[must_use]
    pub const fn new(count: u64) -> Self {
        Self(count)
    }

    /// Counts binary megabytes of 1,048,576 bytes, which is what Runway's documentation calls MB.
    #[must_use]
    pub const fn mib(count: u64) -> Self {
        Self(count.saturating_mul(1 << 20))
    }

    /// Returns the count of single bytes.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Prints as the API prints a limit: binary megabytes with one decimal, `16.0MB`.
    #[must_use]
    pub fn megabytes(self) -> impl fmt::Display {
        let tenths = (u128::from(self.0) * 10 + (1 << 19)) >> 20;
        format!("{}.{}MB", tenths / 10, tenths % 10)
    }
}

/// Prints the exact count with thousands separated.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Grouped(self.0).fmt(f)
    }
}

/// A count that is printed with thousands separated: `16,777,216`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grouped(pub(crate) u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// Prints a number of things: `1 byte`, `16,777,216 bytes`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", Grouped(count), if count == 1 { "" } else { "s" })
}

/// A decimal number of thousandths, exact: `2.358` is `Thousandths::new(2358)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thousandths(u64);

impl Thousandths {
    /// Counts thousandths.
    #[must_use]
    pub const fn new(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// Returns the count of thousandths.
    #[must_use]
    pub const fn thousandths(self) -> u64 {
        self.0
    }

    /// Parses `2`, `0.5` or `2.358`; `None` for a sign, an exponent, more than three decimals or more than nine digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 9 || part.len() > 3 {
            return None;
        }
        let part = format!("{part:0<3}");
        Some(Self(whole.parse::<u64>().ok()? * 1000 + part.parse::<u64>().ok()?))
    }
}

/// Prints at most three decimals and no trailing zero, as the API does: `0.5`, `2.358`, `2`.
impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1000, self.0 % 1000);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let part = format!("{part:03}");
        write!(f, "{whole}.{}", part.trim_end_matches('0'))
    }
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimensions {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Dimensions {
    /// Pairs a width with a height.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Returns the larger side.
    #[must_use]
    pub fn longest(self) -> u32 {
        self.width.max(self.height)
    }

    /// Returns the number of pixels.
    #[must_use]
    pub fn area(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Swaps width and height, as a rotation by 90 degrees does.
    #[must_use]
    pub const fn swapped(self) -> Self {
        Self::new(self.height, self.width)
    }

    /// Returns the largest part with the ratio of another size, at least one pixel; `None` where a side is zero.
    #[must_use]
    pub fn cropped_to(self, other: Self) -> Option<Self> {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let (across, down) = (u64::from(other.width), u64::from(other.height));
        let wide = (height * across).checked_div(down)?.min(width).max(1);
        let high = (width * down).checked_div(across)?.min(height).max(1);
        Some(Self::new(u32::try_from(wide).ok()?, u32::try_from(high).ok()?))
    }

    /// Returns width / height, or `None` where a side is zero.
    #[must_use]
    pub fn ratio(self) -> Option<Ratio> {
        (self.width > 0 && self.height > 0).then_some(Ratio(self))
    }
}

/// Prints as the API does: `9000x100`.
impl fmt::Display for Dimensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// A rectangle in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelRect {
    /// Pixels to the left of it.
    pub left: u32,
    /// Pixels above it.
    pub top: u32,
    /// Its size.
    pub size: Dimensions,
}

impl PixelRect {
    /// Places a part in the middle of a picture.
    #[must_use]
    pub fn centered(size: Dimensions, whole: Dimensions) -> Self {
        let left = whole.width.saturating_sub(size.width) / 2;
        let top = whole.height.saturating_sub(size.height) / 2;
        Self { left, top, size }
    }
}

/// Width divided by height of a picture whose sides are not zero; compared exactly, never as a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio(Dimensions);

impl Ratio {
    /// Returns whether the exact ratio is below a bound.
    #[must_use]
    pub fn is_below(self, bound: Thousandths) -> bool {
        u128::from(self.0.width) * 1000 < u128::from(bound.0) * u128::from(self.0.height)
    }

    /// Returns whether the exact ratio is above a bound.
    #[must_use]
    pub fn is_above(self, bound: Thousandths) -> bool {
        u128::from(self.0.width) * 1000 > u128::from(bound.0) * u128::from(self.0.height)
    }

    /// Rounds to thousandths, half up: the number that is printed.
    #[must_use]
    pub fn rounded(self) -> Thousandths {
        let (width, height) = (u64::from(self.0.width), u64::from(self.0.height));
        Thousandths((width * 2000 + height) / (height * 2))
    }
}

/// Prints as the API does: `0.462`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rounded().fmt(f)
    }
}

/// The aspect ratios an input may have, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AspectRatioRange {
    /// The smallest width / height that passes.
    pub min: Thousandths,
    /// The largest width / height that passes.
    pub max: Thousandths,
}

impl AspectRatioRange {
    /// Parses `MIN:MAX`, such as `0.5:2.358`; `None` unless both are numbers and 0 < MIN ≤ MAX.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (min, max) = text.split_once(':')?;
        let window = Self { min: Thousandths::parse(min.trim())?, max: Thousandths::parse(max.trim())? };
        (window.min <= window.max && window.min > Thousandths(0)).then_some(window)
    }

    /// Returns the largest part of a picture whose ratio lies inside, at least one pixel a side; the longer side is cut.
    #[must_use]
    pub fn crop(self, size: Dimensions) -> Dimensions {
        let Some(ratio) = size.ratio() else { return size };
        let (width, height) = (u64::from(size.width), u64::from(size.height));
        let whole = |side: u64| u32::try_from(side).unwrap_or(u32::MAX).max(1);
        if ratio.is_above(self.max) {
            Dimensions::new(whole(height * self.max.0 / 1000), size.height)
        } else if ratio.is_below(self.min) {
            Dimensions::new(size.width, whole(width * 1000 / self.min.0.max(1)))
        } else {
            size
        }
    }

    /// Returns whether the window contains a ratio, both ends included.
    #[must_use]
    pub fn contains(self, ratio: Ratio) -> bool {
        !ratio.is_below(self.min) && !ratio.is_above(self.max)
    }
}

/// Prints a duration as seconds with at most three decimals: `30`, `2.5`, `0.042`.
#[must_use]
pub fn seconds(duration: Duration) -> impl fmt::Display {
    Thousandths(u64::try_from((duration.as_micros() + 500) / 1000).unwrap_or(u64::MAX))
}

/// Parses a duration: `10s`, `1.5s`, `500ms`, `2m`, or a bare number of seconds. `None` for zero, a sign, or more than
/// a day.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|character: char| character.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let thousandths = Thousandths::parse(number)?.thousandths();
    let micros = match unit {
        "ms" => thousandths,
        "s" | "" => thousandths * 1000,
        "m" => thousandths * 60_000,
        _ => return None,
    };
    let duration = Duration::from_micros(micros);
    (!duration.is_zero() && duration <= Duration::from_secs(24 * 60 * 60)).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn megabytes_have_one_decimal() {
        let case = |bytes: u64, text: &str| assert_eq!(Bytes::new(bytes).megabytes().to_string(), text);
        case(16 << 20, "16.0MB");
        case(32 << 20, "32.0MB");
        case(5_242_880, "5.0MB");
        case((16 << 20) + (1 << 19), "16.5MB");
        case(0, "0.0MB");
        case(u64::MAX, "17592186044416.0MB");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        let case = |bytes: u64, text: &str| assert_eq!(Bytes::new(bytes).to_string(), text);
        case(0, "0");
        case(999, "999");
        case(1000, "1,000");
        case(16_777_216, "16,777,216");
    }

    #[test]
    fn ratios_print_three_decimals_without_trailing_zeros() {
        let case = |width, height, text: &str| {
            let ratio = Dimensions::new(width, height).ratio().expect("both sides are above zero");
            assert_eq!(ratio.to_string(), text, "{width}x{height}");
        };
        case(1170, 2532, "0.462");
        case(1920, 1080, "1.778");
        case(2000, 1000, "2");
        case(1500, 1000, "1.5");
        case(16, 7, "2.286");
        case(u32::MAX, 1, "4294967295");
        case(1, u32::MAX, "0");
        assert_eq!(Dimensions::new(5, 0).ratio(), None);
    }

    #[test]
    fn windows_are_compared_exactly_at_both_edges() {
        let window = AspectRatioRange::parse("0.5:2.358").expect("a window");
        let inside = |width, height| window.contains(Dimensions::new(width, height).ratio().expect("a ratio"));
        assert!(inside(500, 1000) && inside(2358, 1000));
        assert!(!inside(4_999_999, 10_000_000) && !inside(23_580_001, 10_000_000));
    }

    #[test]
    fn decimals_are_read_strictly() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1.2345", "0x1", "1,5", "10000000000"] {
            assert_eq!(Thousandths::parse(text), None, "{text:?}");
        }
        assert_eq!(Thousandths::parse("2.358"), Some(Thousandths(2358)));
        assert_eq!(Thousandths::parse("2"), Some(Thousandths(2000)));
        for text in ["2:1", "0:1", "1", "1:2:3", ":"] {
            assert_eq!(AspectRatioRange::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn durations_are_read_with_their_units() {
        let case = |text, millis| assert_eq!(parse_duration(text), Some(Duration::from_millis(millis)), "{text}");
        case("10s", 10_000);
        case("10", 10_000);
        case("1.5s", 1500);
        case("500ms", 500);
        case("2m", 120_000);
        for text in ["", "s", "0s", "-1s", "1h", "1e3s", "25h", "1 s", "99999m"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_round_to_thousandths() {
        assert_eq!(seconds(Duration::from_secs(30)).to_string(), "30");
        assert_eq!(seconds(Duration::from_micros(41_708)).to_string(), "0.042");
        assert_eq!(seconds(Duration::MAX).to_string(), Thousandths(u64::MAX).to_string());
    }
}
