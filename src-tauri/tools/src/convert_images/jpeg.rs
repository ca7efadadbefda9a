//! JPEG: read at an eighth, a quarter or half its size where that is enough.

use image::{DynamicImage, GrayImage, RgbImage, RgbaImage, metadata::Orientation};
use libjpeg_turbo_rs::{DecodeLimits, Decoder, JpegError, PixelFormat, ScalingFactor};

use super::{
    Filter,
    decode::{Ask, Decoded, Inks},
    metadata,
    report::{Reason, Refusal},
    room::Taken,
};

/// No honest file has more scans; each goes over the whole picture once more.
const MOST_SCANS: usize = 500;

/// Decodes a JPEG, not much larger than is asked for.
pub fn decode<'a>(bytes: &[u8], ask: &Ask<'a>) -> Result<(Decoded, Taken<'a>), Refusal> {
    if !has_end(bytes) {
        return Err(Reason::Truncated.into());
    }
    let mut decoder = Decoder::new(bytes).map_err(refusal)?;
    let header = decoder.header();
    let old = (u32::from(header.width), u32::from(header.height));
    let channels = header.components.len();
    let is_progressive = header.is_progressive || decoder.has_multiple_scans();
    if header.precision != 8 || header.is_lossless {
        return Err(Refusal::new(
            Reason::Unsupported,
            "It is a JPEG with more than 8 bits a sample, or a lossless one, which are not read here.",
        ));
    }
    let pixels = ask.allowed(old)?;
    decoder.set_limits(DecodeLimits {
        max_pixels: ask.max_pixels,
        max_scans: MOST_SCANS,
        max_memory: Some(ask.max_bytes()),
        ..DecodeLimits::default()
    });
    let format = match channels {
        1 => PixelFormat::Grayscale,
        4 => PixelFormat::Cmyk,
        _ => PixelFormat::Rgb,
    };
    decoder.set_output_format(format);
    let exif = decoder.exif_data().map(<[u8]>::to_vec);
    let orientation = exif.as_deref().and_then(Orientation::from_exif_chunk);
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    let eighths = eighths(old, ask.stored_size(old, orientation), ask.filter);
    decoder.set_scale(ScalingFactor::try_new(1, 8 / eighths).map_err(refusal)?);
    let scaled = pixels * u64::from(eighths * eighths) / 64;
    // What several scans say together has to be kept until the last one.
    let kept = if is_progressive { pixels * 6 } else { 0 };
    let new_bytes = ask.new_bytes(old, orientation)?;
    let needed = kept + scaled * 4 + new_bytes + bytes.len() as u64;
    let taken = ask.room.take(needed);
    let icc = decoder.icc_profile().ok().flatten();
    let raw = decoder.decode_image().map_err(refusal)?;
    let (Ok(width), Ok(height)) = (u32::try_from(raw.width), u32::try_from(raw.height)) else {
        return Err(Reason::TooLarge.into());
    };
    let picture = match raw.pixel_format {
        PixelFormat::Grayscale => {
            GrayImage::from_raw(width, height, raw.data).map(DynamicImage::from)
        }
        PixelFormat::Cmyk => RgbaImage::from_raw(width, height, raw.data).map(DynamicImage::from),
        _ => RgbImage::from_raw(width, height, raw.data).map(DynamicImage::from),
    };
    let decoded = Decoded {
        picture: picture.ok_or_else(|| Refusal::from(Reason::Damaged))?,
        old,
        orientation,
        icc,
        exif: exif.map(metadata::without_header),
        inks: (channels == 4).then(|| match is_adobes(bytes) {
            true => Inks::Inverted,
            false => Inks::Plain,
        }),
        is_one_of_many: false,
    };
    Ok((decoded, taken))
}

/// In how many eighths of its size it is still at least as large as it is to be.
fn eighths(old: (u32, u32), new: (u32, u32), filter: Filter) -> u32 {
    let is_enough = |part: &u32| {
        let scaled = |side: u32| (u64::from(side) * u64::from(*part)).div_ceil(8);
        scaled(old.0) >= u64::from(new.0) && scaled(old.1) >= u64::from(new.1)
    };
    match filter {
        // It takes old pixels as they are: they must be the old ones.
        Filter::Nearest => 8,
        _ => [1, 2, 4].into_iter().find(is_enough).unwrap_or(8),
    }
}

fn refusal(error: JpegError) -> Refusal {
    match error {
        JpegError::UnexpectedEof => Reason::Truncated.into(),
        JpegError::LimitExceeded { .. } | JpegError::AllocationFailed { .. } => {
            Reason::TooLarge.into()
        }
        JpegError::Unsupported(what) => Refusal::new(
            Reason::Unsupported,
            format!("It is a JPEG of a kind that is not read here: {what}."),
        ),
        error => Refusal::damaged(&error),
    }
}

/// The segments before the picture itself: marker, content, and where the content begins.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8], usize)> {
    let mut at = 2;
    std::iter::from_fn(move || {
        while bytes.get(at) == Some(&0xff) && bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let [0xff, marker, high, low] = *bytes.get(at..at + 4)? else {
            return None;
        };
        let from = at + 4;
        let to = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        at = to;
        Some((marker, bytes.get(from..to)?, from))
    })
}

/// Whether the mark of the end comes somewhere after the picture's beginning.
fn has_end(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    let scan = segments(bytes).find(|(marker, ..)| *marker == START_OF_SCAN);
    let scan = scan.and_then(|(.., from)| bytes.get(from..));
    scan.is_some_and(|scan| scan.windows(2).rev().any(|pair| pair == [0xff, 0xd9]))
}

/// Whether one of Adobe's programs, or one that does alike, has made it.
fn is_adobes(bytes: &[u8]) -> bool {
    segments(bytes)
        .take_while(|(marker, ..)| *marker != 0xda)
        .any(|(marker, content, _)| marker == 0xee && content.starts_with(b"Adobe"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_part_of_the_size_is_enough_and_the_smallest_that_is(
            old in (1u32..5000, 1u32..5000),
            new in (1u32..5000, 1u32..5000),
        ) {
            let part = eighths(old, new, Filter::Lanczos3);
            let is_enough = |part: u32| {
                old.0.saturating_mul(part).div_ceil(8) >= new.0
                    && old.1.saturating_mul(part).div_ceil(8) >= new.1
            };
            prop_assert!(part == 8 || is_enough(part));
            prop_assert!(part == 1 || !is_enough(part / 2));
        }
    }
}
