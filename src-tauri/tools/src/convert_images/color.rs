//! Colours by their profile: from whatever it says to sRGB.

use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, RgbImage};
use moxcms::{CmsError, ColorProfile, DataColorSpace, Layout, TransformOptions};

/// The picture in sRGB.
///
/// # Errors
/// If the profile is damaged, or isn't one for such pictures.
pub fn to_srgb(picture: DynamicImage, icc: &[u8]) -> Result<DynamicImage, DynamicImage> {
    match transformed(&picture, icc) {
        Ok(new) => Ok(new),
        Err(_) => Err(picture),
    }
}

/// A picture made for print in sRGB: its four channels are inks, `inverted` as Adobe's programs write
/// them. Without a profile, or with one that can't be used, by the plain rule.
pub fn cmyk_to_srgb(picture: &DynamicImage, icc: Option<&[u8]>, inverted: bool) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let mut inks = picture.to_rgba8().into_raw();
    if inverted {
        inks.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    let mut rgb = vec![0; inks.len() / 4 * 3];
    let by_profile = || {
        let profile = ColorProfile::new_from_slice(icc?).ok()?;
        if profile.color_space != DataColorSpace::Cmyk {
            return None;
        }
        // Four channels go by that name, whatever is in them.
        let transform = profile
            .create_transform_8bit(
                Layout::Rgba,
                &ColorProfile::new_srgb(),
                Layout::Rgb,
                TransformOptions::default(),
            )
            .ok()?;
        let mut rgb = vec![0; inks.len() / 4 * 3];
        transform.transform(&inks, &mut rgb).ok()?;
        Some(rgb)
    };
    match by_profile() {
        Some(done) => rgb = done,
        None => {
            for (rgb, inks) in rgb.chunks_exact_mut(3).zip(inks.chunks_exact(4)) {
                let paper = u32::from(255 - inks[3]);
                for (color, ink) in rgb.iter_mut().zip(inks) {
                    let light = u32::from(255 - ink) * paper / 255;
                    *color = u8::try_from(light).unwrap_or(u8::MAX);
                }
            }
        }
    }
    RgbImage::from_raw(width, height, rgb)
        .unwrap_or_default()
        .into()
}

fn transformed(picture: &DynamicImage, icc: &[u8]) -> Result<DynamicImage, CmsError> {
    let profile = ColorProfile::new_from_slice(icc)?;
    let is_gray = match profile.color_space {
        DataColorSpace::Rgb => false,
        DataColorSpace::Gray => true,
        _ => return Err(CmsError::InvalidProfile),
    };
    let (width, height) = (picture.width(), picture.height());
    let short = |from, samples: &[u8], to, channels: usize| -> Result<Vec<u8>, CmsError> {
        let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
        let transform = profile.create_transform_8bit(from, &srgb, to, options)?;
        let pixels = width as usize * height as usize;
        let mut new = vec![0; pixels * channels];
        transform.transform(samples, &mut new)?;
        Ok(new)
    };
    let long = |from, samples: &[u16], to, channels: usize| -> Result<Vec<u16>, CmsError> {
        let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
        let transform = profile.create_transform_16bit(from, &srgb, to, options)?;
        let pixels = width as usize * height as usize;
        let mut new = vec![0; pixels * channels];
        transform.transform(samples, &mut new)?;
        Ok(new)
    };
    let wrong = || CmsError::InvalidProfile;
    use DynamicImage as I;
    let new = match picture {
        I::ImageRgb8(old) if !is_gray => {
            let new = short(Layout::Rgb, old, Layout::Rgb, 3)?;
            I::ImageRgb8(ImageBuffer::from_raw(width, height, new).ok_or_else(wrong)?)
        }
        I::ImageRgba8(old) if !is_gray => {
            let new = short(Layout::Rgba, old, Layout::Rgba, 4)?;
            I::ImageRgba8(ImageBuffer::from_raw(width, height, new).ok_or_else(wrong)?)
        }
        I::ImageRgb16(old) if !is_gray => {
            let new = long(Layout::Rgb, old, Layout::Rgb, 3)?;
            I::ImageRgb16(ImageBuffer::from_raw(width, height, new).ok_or_else(wrong)?)
        }
        I::ImageRgba16(old) if !is_gray => {
            let new = long(Layout::Rgba, old, Layout::Rgba, 4)?;
            I::ImageRgba16(ImageBuffer::from_raw(width, height, new).ok_or_else(wrong)?)
        }
        // Grey stays grey: red, green and blue come out alike, and one of them is kept.
        I::ImageLuma8(old) if is_gray => {
            let new = short(Layout::Gray, old, Layout::Rgb, 3)?;
            let gray = new.chunks_exact(3).map(|rgb| rgb[0]).collect();
            I::ImageLuma8(GrayImage::from_raw(width, height, gray).ok_or_else(wrong)?)
        }
        I::ImageLumaA8(old) if is_gray => {
            let new = short(Layout::GrayAlpha, old, Layout::Rgba, 4)?;
            let gray = new.chunks_exact(4).flat_map(|rgba| [rgba[0], rgba[3]]);
            let gray = GrayAlphaImage::from_raw(width, height, gray.collect());
            I::ImageLumaA8(gray.ok_or_else(wrong)?)
        }
        I::ImageLuma16(old) if is_gray => {
            let new = long(Layout::Gray, old, Layout::Rgb, 3)?;
            let gray = new.chunks_exact(3).map(|rgb| rgb[0]).collect();
            I::ImageLuma16(ImageBuffer::from_raw(width, height, gray).ok_or_else(wrong)?)
        }
        I::ImageLumaA16(old) if is_gray => {
            let new = long(Layout::GrayAlpha, old, Layout::Rgba, 4)?;
            let gray = new.chunks_exact(4).flat_map(|rgba| [rgba[0], rgba[3]]);
            let gray = ImageBuffer::from_raw(width, height, gray.collect());
            I::ImageLumaA16(gray.ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    };
    Ok(new)
}
