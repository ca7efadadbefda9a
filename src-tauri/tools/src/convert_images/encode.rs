//! From a picture to a file's bytes.

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use libjpeg_turbo_rs::{Encoder as JpegEncoder, PixelFormat, Subsampling};
use ravif::{Img, RGB8, RGBA8};

use super::{kind::Target, metadata};

/// How pictures are encoded.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// From 1 to 100.
    pub quality: u8,
    /// WebP that loses nothing.
    pub lossless: bool,
    /// From 1 to 10.
    pub avif_speed: u8,
    /// Whether one AVIF may use all cores.
    pub spread_avif: bool,
}

/// What goes into the file beside the pixels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// A colour profile.
    pub icc: Option<&'a [u8]>,
    /// EXIF data.
    pub exif: Option<&'a [u8]>,
}

/// Whether a part of the picture can be seen through.
pub fn is_transparent(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageLumaA8(picture) => picture.pixels().any(|pixel| pixel.0[1] != u8::MAX),
        DynamicImage::ImageRgba8(picture) => picture.pixels().any(|pixel| pixel.0[3] != u8::MAX),
        DynamicImage::ImageLumaA16(picture) => picture.pixels().any(|pixel| pixel.0[1] != u16::MAX),
        DynamicImage::ImageRgba16(picture) => picture.pixels().any(|pixel| pixel.0[3] != u16::MAX),
        _ => false,
    }
}

/// The file's bytes.
///
/// # Errors
/// What the encoder says.
pub fn encode(
    picture: &DynamicImage,
    target: Target,
    settings: Settings,
    beside: Beside<'_>,
) -> Result<Vec<u8>, String> {
    match target {
        Target::Png => png(picture, beside).map_err(|error| error.to_string()),
        Target::Jpeg => jpeg(picture, settings, beside).map_err(|error| error.to_string()),
        Target::Webp => webp(picture, settings, beside),
        Target::Avif => avif(picture, settings, beside).map_err(|error| error.to_string()),
    }
}

fn png(picture: &DynamicImage, beside: Beside<'_>) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    if let Some(icc) = beside.icc {
        encoder
            .set_icc_profile(icc.to_vec())
            .map_err(image::ImageError::Unsupported)?;
    }
    if let Some(exif) = beside.exif {
        encoder
            .set_exif_metadata(exif.to_vec())
            .map_err(image::ImageError::Unsupported)?;
    }
    encoder.write_image(
        picture.as_bytes(),
        picture.width(),
        picture.height(),
        ExtendedColorType::from(picture.color()),
    )?;
    Ok(bytes)
}

fn jpeg(
    picture: &DynamicImage,
    settings: Settings,
    beside: Beside<'_>,
) -> libjpeg_turbo_rs::Result<Vec<u8>> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    // Above, the loss of colour would be the only one that is seen.
    let sampling = match settings.quality {
        90.. => Subsampling::S444,
        _ => Subsampling::S420,
    };
    let with = |pixels: &[u8], format| {
        let mut encoder = JpegEncoder::new(pixels, width, height, format)
            .quality(settings.quality)
            .subsampling(sampling)
            .optimize_huffman(true);
        if let Some(icc) = beside.icc {
            encoder = encoder.icc_profile(icc);
        }
        if let Some(exif) = beside.exif {
            encoder = encoder.exif_data(exif);
        }
        encoder.encode()
    };
    match picture {
        DynamicImage::ImageLuma8(gray) => with(gray, PixelFormat::Grayscale),
        DynamicImage::ImageLuma16(_) => with(&picture.to_luma8(), PixelFormat::Grayscale),
        DynamicImage::ImageRgb8(rgb) => with(rgb, PixelFormat::Rgb),
        _ if picture.color().has_alpha() => with(&on_white(picture), PixelFormat::Rgb),
        _ => with(&picture.to_rgb8(), PixelFormat::Rgb),
    }
}

/// The picture on white paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [colors @ .., alpha] = picture.get_pixel(x, y).0;
        let mix = |color: u8| {
            let alpha = u32::from(alpha);
            let mixed = (u32::from(color) * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb(colors.map(mix))
    })
}

fn webp(picture: &DynamicImage, settings: Settings, beside: Beside<'_>) -> Result<Vec<u8>, String> {
    let size = (picture.width(), picture.height());
    let has_alpha = is_transparent(picture);
    let quality = f32::from(settings.quality);
    let made = if has_alpha {
        let picture = picture.to_rgba8();
        webp::Encoder::from_rgba(&picture, size.0, size.1).encode_simple(settings.lossless, quality)
    } else {
        let picture = picture.to_rgb8();
        webp::Encoder::from_rgb(&picture, size.0, size.1).encode_simple(settings.lossless, quality)
    };
    let made = made.map_err(|error| format!("{error:?}"))?;
    match (beside.icc, beside.exif) {
        (None, None) => Ok(made.to_vec()),
        (icc, exif) => metadata::webp_with(&made, size, has_alpha, icc, exif)
            .ok_or_else(|| "its EXIF data or its profile is too long".to_owned()),
    }
}

fn avif(
    picture: &DynamicImage,
    settings: Settings,
    beside: Beside<'_>,
) -> Result<Vec<u8>, ravif::Error> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut encoder = ravif::Encoder::new()
        .with_quality(f32::from(settings.quality))
        .with_alpha_quality(f32::from(settings.quality))
        .with_speed(settings.avif_speed)
        .with_num_threads((!settings.spread_avif).then_some(1));
    if let Some(exif) = beside.exif {
        encoder = encoder.with_exif(exif);
    }
    let encoded = if is_transparent(picture) {
        let picture = picture.to_rgba8();
        let pixels: Vec<_> = picture.pixels().map(|pixel| RGBA8::from(pixel.0)).collect();
        encoder.encode_rgba(Img::new(&pixels, width, height))?
    } else {
        let picture = picture.to_rgb8();
        let pixels: Vec<_> = picture.pixels().map(|pixel| RGB8::from(pixel.0)).collect();
        encoder.encode_rgb(Img::new(&pixels, width, height))?
    };
    Ok(encoded.avif_file)
}
