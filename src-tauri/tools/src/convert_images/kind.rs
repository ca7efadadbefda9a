//! What a file is, told by how it begins, and how its name says so.

use std::path::{Path, PathBuf};

/// A kind of picture that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// TIFF.
    Tiff,
    /// BMP.
    Bmp,
    /// QOI.
    Qoi,
    /// PBM, PGM, PPM and PAM.
    Pnm,
}

/// A kind of picture that is written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// AVIF.
    Avif,
}

/// How much of a file's beginning says what it is.
pub const ENOUGH: usize = 64;

/// What a file is that begins so; nothing if it is no picture, or the name of a kind that isn't read.
pub fn kind(start: &[u8]) -> Result<Kind, Option<&'static str>> {
    let brand = start.get(4..12).unwrap_or_default();
    let after_space = |at: usize| start.get(at).is_some_and(u8::is_ascii_whitespace);
    match start {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok(Kind::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Ok(Kind::Webp),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Kind::Gif),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Kind::Tiff),
        // Two bytes are little to go by: the reserved ones are zero too.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Ok(Kind::Bmp),
        [b'q', b'o', b'i', b'f', ..] => Ok(Kind::Qoi),
        [b'P', b'1'..=b'7', ..] if after_space(2) => Ok(Kind::Pnm),
        [b'8', b'B', b'P', b'S', ..] => Err(Some("Photoshop")),
        [0xff, 0x0a, ..] => Err(Some("JPEG XL")),
        [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Err(Some("JPEG XL")),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] => Err(Some("JPEG 2000")),
        [0, 0, 1, 0, ..] => Err(Some("icon")),
        [b'%', b'P', b'D', b'F', ..] => Err(Some("PDF")),
        _ => match brand {
            b"ftypavif" | b"ftypavis" => Err(Some("AVIF")),
            b"ftypheic" | b"ftypheix" | b"ftypmif1" | b"ftyphevc" => Err(Some("HEIC")),
            _ if start.starts_with(b"<svg") => Err(Some("SVG")),
            _ => Err(None),
        },
    }
}

impl Target {
    /// What a picture of that kind stays.
    pub const fn same_as(kind: Kind) -> Self {
        match kind {
            Kind::Jpeg => Self::Jpeg,
            Kind::Webp => Self::Webp,
            Kind::Png | Kind::Gif | Kind::Tiff | Kind::Bmp | Kind::Qoi | Kind::Pnm => Self::Png,
        }
    }

    /// The name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Webp => "WebP",
            Self::Avif => "AVIF",
        }
    }

    /// The longest side that it can have.
    pub const fn longest(self) -> u32 {
        match self {
            Self::Png => i32::MAX as u32,
            // What libjpeg reads.
            Self::Jpeg => 65_500,
            Self::Webp => 16_383,
            Self::Avif => 65_535,
        }
    }

    const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Webp => &["webp"],
            Self::Avif => &["avif"],
        }
    }

    /// The path with an ending that says what it is: the one it has if that says so already, another
    /// in place of a different picture's, or one more.
    pub fn rename(self, path: &Path) -> PathBuf {
        /// What pictures' names end with.
        const KNOWN: &[&str] = &[
            "png", "apng", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "tif", "tiff", "bmp",
            "dib", "qoi", "pnm", "pbm", "pgm", "ppm", "pam", "avif",
        ];
        let is_one_of = |extensions: &[&str]| {
            path.extension().is_some_and(|extension| {
                extensions
                    .iter()
                    .any(|known| extension.eq_ignore_ascii_case(known))
            })
        };
        let ending = self.extensions()[0];
        if is_one_of(self.extensions()) {
            path.to_owned()
        } else if is_one_of(KNOWN) {
            path.with_extension(ending)
        } else {
            let mut path = path.as_os_str().to_owned();
            path.push(".");
            path.push(ending);
            path.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_the_file_is_and_loses_nothing_else() {
        for (target, before, after) in [
            (Target::Jpeg, "a/b.png", "a/b.jpg"),
            (Target::Jpeg, "a/b.JPEG", "a/b.JPEG"),
            (Target::Webp, "scan", "scan.webp"),
            (Target::Webp, "beach 12.07.2024", "beach 12.07.2024.webp"),
            (Target::Png, "x.y.TIFF", "x.y.png"),
            (Target::Avif, ".png", ".png.avif"),
        ] {
            assert_eq!(target.rename(Path::new(before)), Path::new(after));
        }
    }

    #[test]
    fn text_is_no_picture_and_what_is_not_read_has_a_name() {
        assert_eq!(kind(b"P3 is a processor"), Ok(Kind::Pnm));
        assert_eq!(kind(b"BMW and others"), Err(None));
        assert_eq!(kind(b""), Err(None));
        assert_eq!(kind(b"\0\0\0\x20ftypavif\0"), Err(Some("AVIF")));
    }
}
