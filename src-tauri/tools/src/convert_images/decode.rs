//! From a file's bytes to a picture, within limits.

use std::io::{Cursor, ErrorKind};

use image::{
    AnimationDecoder, DynamicImage, ImageDecoder, ImageError, Limits,
    codecs::{
        bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, pnm::PnmDecoder, qoi::QoiDecoder,
        tiff::TiffDecoder, webp::WebPDecoder,
    },
    metadata::Orientation,
};

use super::{
    Filter, jpeg,
    kind::Kind,
    metadata,
    report::{Reason, Refusal},
    room::{Room, Taken},
    size::Wish,
};

/// What is asked of a decoder.
pub struct Ask<'a> {
    /// How large the picture is to be in the end.
    pub wish: Wish,
    /// How it will be resized.
    pub filter: Filter,
    /// Pictures with more pixels are refused.
    pub max_pixels: u64,
    /// How much memory each pixel of the new picture takes.
    pub bytes_a_pixel: u64,
    /// Where the memory for it is.
    pub room: &'a Room,
}

/// A picture that was read.
pub struct Decoded {
    /// Its pixels; not many more than are needed, where its format can be read so.
    pub picture: DynamicImage,
    /// Its size as it is stored.
    pub old: (u32, u32),
    /// What makes it upright.
    pub orientation: Orientation,
    /// Its colour profile.
    pub icc: Option<Vec<u8>>,
    /// Its EXIF data.
    pub exif: Option<Vec<u8>>,
    /// Its four channels are inks.
    pub inks: Option<Inks>,
    /// There are more pictures in the file.
    pub is_one_of_many: bool,
}

/// How amounts of ink are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inks {
    /// 255 is all of it.
    Plain,
    /// 0 is all of it.
    Inverted,
}

impl Ask<'_> {
    /// How many pixels there are in a size, if that isn't too many.
    pub fn allowed(&self, (width, height): (u32, u32)) -> Result<u64, Refusal> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            return Err(Refusal::damaged(&"it has no pixels"));
        }
        if pixels > self.max_pixels {
            return Err(Refusal::new(
                Reason::TooLarge,
                format!(
                    "{width} × {height} pixels are more than the {} that are allowed. If you trust it, raise the limit.",
                    self.max_pixels
                ),
            ));
        }
        Ok(pixels)
    }

    /// The most that a decoder may hold.
    pub fn max_bytes(&self) -> u64 {
        self.max_pixels.saturating_mul(8) + (64 << 20)
    }

    /// How much memory the picture takes in its new size, if that isn't too large.
    pub fn new_bytes(&self, old: (u32, u32), orientation: Orientation) -> Result<u64, Refusal> {
        let pixels = self.allowed(self.stored_size(old, orientation))?;
        Ok(pixels * self.bytes_a_pixel)
    }

    /// The size that a picture of a stored size gets, before it is turned upright.
    pub fn stored_size(&self, old: (u32, u32), orientation: Orientation) -> (u32, u32) {
        match lies_on_its_side(orientation) {
            true => self.wish.turned().size(old),
            false => self.wish.size(old),
        }
    }
}

/// Whether width and height change places when it is turned upright.
pub fn lies_on_its_side(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Decodes a picture, and holds the room that it takes.
pub fn decode<'a>(
    kind: Kind,
    bytes: &[u8],
    ask: &Ask<'a>,
) -> Result<(Decoded, Taken<'a>), Refusal> {
    let input = || Cursor::new(bytes);
    let limits = || {
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(ask.max_bytes());
        limits
    };
    let mut is_one_of_many = false;
    let mut decoder: Box<dyn ImageDecoder + '_> = match kind {
        Kind::Jpeg => return jpeg::decode(bytes, ask),
        Kind::Png if !png_has_end(bytes) => return Err(Reason::Truncated.into()),
        Kind::Webp if !webp_has_end(bytes) => return Err(Reason::Truncated.into()),
        Kind::Png => {
            let decoder = PngDecoder::with_limits(input(), limits()).map_err(refusal)?;
            is_one_of_many = decoder.is_apng().unwrap_or(false);
            Box::new(decoder)
        }
        Kind::Webp => {
            let decoder = WebPDecoder::new(input()).map_err(refusal)?;
            is_one_of_many = decoder.has_animation();
            Box::new(decoder)
        }
        Kind::Gif => Box::new(GifDecoder::new(input()).map_err(refusal)?),
        Kind::Tiff => {
            is_one_of_many = tiff_has_more(bytes).unwrap_or(false);
            Box::new(TiffDecoder::new(input()).map_err(refusal)?)
        }
        Kind::Bmp => Box::new(BmpDecoder::new(input()).map_err(refusal)?),
        Kind::Qoi => Box::new(QoiDecoder::new(input()).map_err(refusal)?),
        Kind::Pnm => Box::new(PnmDecoder::new(input()).map_err(refusal)?),
    };
    let old = decoder.dimensions();
    ask.allowed(old)?;
    decoder.set_limits(limits()).map_err(refusal)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let new_bytes = ask.new_bytes(old, orientation)?;
    // Decoders of whole pictures may have a copy of their own.
    let old_bytes = decoder.total_bytes().saturating_mul(2);
    let needed = old_bytes.saturating_add(new_bytes + bytes.len() as u64);
    let taken = ask.room.take(needed);
    let icc = decoder.icc_profile().ok().flatten();
    let exif = decoder.exif_metadata().ok().flatten();
    if kind == Kind::Gif {
        is_one_of_many = gif_has_more(bytes, limits());
    }
    let picture = match DynamicImage::from_decoder(decoder).map_err(refusal)? {
        // What is brighter than white can't be kept by what is written here.
        picture @ DynamicImage::ImageRgb32F(_) => picture.to_rgb16().into(),
        picture @ DynamicImage::ImageRgba32F(_) => picture.to_rgba16().into(),
        picture => picture,
    };
    let decoded = Decoded {
        picture,
        old,
        orientation,
        icc,
        exif: exif.map(metadata::without_header),
        inks: None,
        is_one_of_many,
    };
    Ok((decoded, taken))
}

fn refusal(error: ImageError) -> Refusal {
    match error {
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Reason::Truncated.into()
        }
        ImageError::Limits(_) => Reason::TooLarge.into(),
        ImageError::Unsupported(error) => {
            let why = error.to_string();
            let why = why.trim_end_matches('.');
            Refusal::new(
                Reason::Unsupported,
                format!("It is of a variant that is not read here: {why}."),
            )
        }
        error => Refusal::damaged(&error),
    }
}

/// Whether all chunks are there, to the one that ends a PNG.
fn png_has_end(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some([a, b, c, d, name @ ..]) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        // Length, name and checksum take twelve bytes.
        at = at.saturating_add(length).saturating_add(12);
        if name == b"IEND" {
            return at <= bytes.len();
        }
    }
    false
}

/// Whether a WebP is as long as it says.
fn webp_has_end(bytes: &[u8]) -> bool {
    match bytes.get(4..8) {
        Some(&[a, b, c, d]) => {
            bytes.len() as u64 >= u64::from(u32::from_le_bytes([a, b, c, d])) + 8
        }
        _ => false,
    }
}

fn gif_has_more(bytes: &[u8], limits: Limits) -> bool {
    let Ok(mut decoder) = GifDecoder::new(Cursor::new(bytes)) else {
        return false;
    };
    decoder.set_limits(limits).is_ok() && decoder.into_frames().take(2).flatten().count() == 2
}

/// Whether another picture follows the first (TIFF 6.0, section 2; of a BigTIFF that isn't known).
fn tiff_has_more(bytes: &[u8]) -> Option<bool> {
    let is_little = bytes.starts_with(b"II");
    let number = |at: usize, length: usize| {
        let part = bytes.get(at..at.checked_add(length)?)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        let number = match is_little {
            true => part.iter().rev().fold(0, add),
            false => part.iter().fold(0, add),
        };
        usize::try_from(number).ok()
    };
    if number(2, 2)? != 42 {
        return None;
    }
    let first = number(4, 4)?;
    let entries = number(first, 2)?;
    let next = number(first.checked_add(2 + entries * 12)?, 4)?;
    Some(next != 0)
}
