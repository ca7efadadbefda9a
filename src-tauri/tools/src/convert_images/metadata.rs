//! EXIF data and colour profiles as the containers hold them, where the encoders leave that to others.

use image::metadata::Orientation;

/// EXIF data, beginning with its TIFF header, that no longer says how the camera was held, since the
/// picture is upright.
pub fn upright(mut exif: Vec<u8>) -> Vec<u8> {
    // What was held how is known by now.
    let _ = Orientation::remove_from_exif_chunk(&mut exif);
    exif
}

/// EXIF data without the words that it has before its TIFF header in JPEG, and in some WebPs.
pub fn without_header(exif: Vec<u8>) -> Vec<u8> {
    match exif.strip_prefix(b"Exif\0\0") {
        Some(rest) => rest.to_vec(),
        None => exif,
    }
}

/// A WebP as libwebp makes it, with a profile and EXIF data put in (WebP container specification,
/// "Extended file format"). Nothing if it isn't one.
pub fn webp_with(
    webp: &[u8],
    (width, height): (u32, u32),
    has_alpha: bool,
    icc: Option<&[u8]>,
    exif: Option<&[u8]>,
) -> Option<Vec<u8>> {
    const ICC: u8 = 0x20;
    const ALPHA: u8 = 0x10;
    const EXIF: u8 = 0x08;
    let mut picture = webp.get(12..)?;
    // With alpha it may be an extended file already, whose header is made anew.
    if picture.starts_with(b"VP8X") {
        picture = picture.get(18..)?;
    }
    let mut flags = if has_alpha { ALPHA } else { 0 };
    flags |= icc.map_or(0, |_| ICC) | exif.map_or(0, |_| EXIF);
    let mut header = vec![flags, 0, 0, 0];
    for side in [width, height] {
        header.extend_from_slice(side.checked_sub(1)?.to_le_bytes().get(..3)?);
    }
    let mut body = b"WEBP".to_vec();
    put(&mut body, b"VP8X", &header)?;
    if let Some(icc) = icc {
        put(&mut body, b"ICCP", icc)?;
    }
    body.extend_from_slice(picture);
    if let Some(exif) = exif {
        put(&mut body, b"EXIF", exif)?;
    }
    let mut file = b"RIFF".to_vec();
    file.extend_from_slice(&u32::try_from(body.len()).ok()?.to_le_bytes());
    file.append(&mut body);
    Some(file)
}

fn put(body: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) -> Option<()> {
    body.extend_from_slice(name);
    body.extend_from_slice(&u32::try_from(content.len()).ok()?.to_le_bytes());
    body.extend_from_slice(content);
    if content.len() % 2 == 1 {
        body.push(0);
    }
    Some(())
}
