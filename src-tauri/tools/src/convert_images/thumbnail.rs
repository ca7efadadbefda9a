//! A picture made small, for whoever shows many: by the same decoders and within the same kind of limits
//! as a picture that is converted.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{
    Filter, Fit, color,
    decode::{self, Ask, Decoded, Inks},
    encode::{self, Beside, Settings},
    kind::{self, Target},
    report::{Reason, Refusal},
    room::Room,
    size::{self, Wish},
};

/// How much memory all that are made at once may take, together.
static ROOM: Room = Room::new(256 << 20);
/// Larger pictures aren't worth their time.
const MOST_PIXELS: u64 = 150_000_000;

/// A picture made small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallPicture {
    /// The file's content.
    pub bytes: Vec<u8>,
    /// What kind of file it is, such as `image/png`.
    pub media_type: &'static str,
    /// The width of the picture that was given, upright.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// The picture in these bytes, upright, in sRGB, no side longer than `side` pixels: a PNG if a part of it
/// can be seen through, else a JPEG. Waits while others take the room.
///
/// # Errors
/// Why it can't be made, as a sentence.
pub fn small_picture(bytes: &[u8], side: u32) -> Result<SmallPicture, String> {
    // Pictures are other people's bytes, and their decoders other people's work.
    catch_unwind(AssertUnwindSafe(|| make(bytes, side)))
        .unwrap_or_else(|_| Err(Refusal::damaged(&"its decoder gave up on it")))
        .map_err(|refusal| refusal.words)
}

fn make(bytes: &[u8], side: u32) -> Result<SmallPicture, Refusal> {
    let start = bytes.get(..kind::ENOUGH).unwrap_or(bytes);
    let kind = kind::kind(start).map_err(|known| match known {
        Some(_) => Refusal::from(Reason::Unsupported),
        None => Reason::NotAnImage.into(),
    })?;
    let ask = Ask {
        wish: Wish {
            width: Some(side),
            height: Some(side),
            fit: Fit::Shrink,
        },
        filter: Filter::Bilinear,
        max_pixels: MOST_PIXELS,
        bytes_a_pixel: 8,
        room: &ROOM,
    };
    let (decoded, _taken) = decode::decode(kind, bytes, &ask)?;
    let Decoded {
        mut picture,
        old,
        orientation,
        icc,
        inks,
        ..
    } = decoded;
    let new = ask.stored_size(old, orientation);
    if new != (picture.width(), picture.height()) {
        let has_alpha = inks.is_none() && picture.color().has_alpha();
        picture = size::resize(&picture, new, ask.wish.fit, ask.filter, has_alpha)
            .map_err(|why| Refusal::new(Reason::NotMade, why))?;
    }
    if let Some(inks) = inks {
        picture = color::cmyk_to_srgb(&picture, icc.as_deref(), inks == Inks::Inverted);
    } else if let Some(icc) = icc {
        // One with a profile that can't be used is still worth seeing.
        picture = color::to_srgb(picture, &icc).unwrap_or_else(|as_it_was| as_it_was);
    }
    picture.apply_orientation(orientation);
    let (target, media_type) = match encode::is_transparent(&picture) {
        true => (Target::Png, "image/png"),
        false => (Target::Jpeg, "image/jpeg"),
    };
    let settings = Settings {
        quality: 80,
        lossless: false,
        avif_speed: 10,
        spread_avif: false,
    };
    let small = encode::encode(&picture, target, settings, Beside::default())
        .map_err(|why| Refusal::new(Reason::NotMade, why))?;
    let (width, height) = match decode::lies_on_its_side(orientation) {
        true => (old.1, old.0),
        false => old,
    };
    Ok(SmallPicture {
        bytes: small,
        media_type,
        width,
        height,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, GenericImageView, ImageFormat, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32, opacity: u8) -> Vec<u8> {
        let picture = RgbaImage::from_pixel(width, height, Rgba([200, 30, 30, opacity]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture)
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn it_keeps_its_proportions_and_is_never_larger(
            (width, height) in (1_u32..300, 1_u32..300),
            side in 8_u32..200,
        ) {
            let small = small_picture(&png(width, height, 128), side).unwrap();
            prop_assert_eq!((small.width, small.height), (width, height));
            prop_assert_eq!(small.media_type, "image/png");
            let picture = image::load_from_memory(&small.bytes).unwrap();
            let (w, h) = picture.dimensions();
            prop_assert!(w <= side.min(width) && h <= side.min(height));
            prop_assert!(w == side || h == side || (w, h) == (width, height));
        }

        #[test]
        fn what_is_no_picture_is_a_sentence_and_no_fault(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            is_picture in any::<bool>(),
        ) {
            let mut given = if is_picture { png(9, 9, 255)[..20].to_vec() } else { Vec::new() };
            given.extend(bytes);
            if let Err(why) = small_picture(&given, 64) {
                prop_assert!(why.ends_with('.'), "{why}");
            }
        }
    }

    #[test]
    fn what_is_opaque_is_a_jpeg() {
        let small = small_picture(&png(300, 200, 255), 100).unwrap();
        assert_eq!(small.media_type, "image/jpeg");
        assert!(small.bytes.starts_with(&[0xff, 0xd8]));
    }
}
