//! Color profiles: kept if they match the pixels that are written.

use image::DynamicImage;

/// The size limit of a profile, in bytes; printer profiles have about two million.
const MAX_LENGTH: usize = 4 << 20;

/// Returns the profile if its color space matches the pixels: a CMYK profile does not apply to RGB.
pub(super) fn kept(profile: Option<&[u8]>, pixels: &DynamicImage) -> Option<Vec<u8>> {
    let profile = profile.filter(|profile| profile.len() <= MAX_LENGTH)?;
    // ICC.1:2022, 7.2.6: the data color space is at byte 16.
    let space = profile.get(16..20)?;
    let expected: &[u8] = if pixels.color().has_color() { b"RGB " } else { b"GRAY" };
    (space == expected).then(|| profile.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(space: [u8; 4]) -> Vec<u8> {
        let mut profile = vec![0; 128];
        profile[16..20].copy_from_slice(&space);
        profile
    }

    #[test]
    fn a_profile_is_kept_for_its_own_color_space() {
        let (rgb, gray) = (DynamicImage::new_rgb8(1, 1), DynamicImage::new_luma8(1, 1));
        assert_eq!(kept(Some(&profile(*b"RGB ")), &rgb), Some(profile(*b"RGB ")));
        assert_eq!(kept(Some(&profile(*b"GRAY")), &gray), Some(profile(*b"GRAY")));
        assert_eq!(kept(Some(&profile(*b"CMYK")), &rgb), None);
        assert_eq!(kept(Some(&profile(*b"GRAY")), &rgb), None);
        assert_eq!(kept(Some(&profile(*b"RGB ")[..19]), &rgb), None);
        assert_eq!(kept(Some(&[]), &rgb), None);
        assert_eq!(kept(None, &rgb), None);
    }
}
