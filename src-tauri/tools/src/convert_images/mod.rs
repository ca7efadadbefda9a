//! # convert-images
//! Converts many pictures at once to PNG, JPEG, WebP or AVIF, and resizes them on the way.
//!
//! Pictures come out upright, whatever their EXIF data says of how the camera was held, and in sRGB
//! unless their own colour profile is to be kept. What isn't a picture, is damaged or is too large
//! is reported and doesn't stop the rest. A cancel is heard between reading, decoding, resizing and
//! encoding; what is finished by then is kept.
//!
//! `plan` says which file becomes which, `run` spreads the work, `make` does it for one picture by
//! `decode`, `jpeg`, `size`, `color` and `encode`; `report` holds what is told. `thumbnail` goes the same way for
//! whoever shows pictures.

mod color;
mod decode;
mod encode;
mod jpeg;
mod kind;
mod make;
mod metadata;
mod plan;
mod report;
mod room;
mod run;
mod size;
mod thumbnail;

use std::io::Cursor;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, InputPath, OutputDir, Overwrite, Permission, ToolBehavior,
    ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

pub use report::{Converted, Output, Reason};
pub use thumbnail::{SmallPicture, small_picture};

/// Converts and resizes pictures.
pub struct ConvertImages;

/// Which pictures, and what becomes of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Every picture in a folder is converted, however deep. PNG, JPEG, WebP, GIF, TIFF, BMP, QOI and
    /// PNM are read.
    #[schemars(title = "Pictures and folders", length(min = 1))]
    pub paths: Vec<InputPath>,
    /// Where the new files go. Folders below the ones given above are made here too.
    #[schemars(title = "Into")]
    pub into: OutputDir,
    /// What the new files are. “As it is” leaves PNG, JPEG and WebP what they are; other kinds become
    /// PNG.
    #[serde(default)]
    #[schemars(title = "Format")]
    pub format: Format,
    /// For JPEG, WebP and AVIF: a higher one looks better and takes more space. PNG loses nothing.
    #[serde(default = "quality")]
    #[schemars(title = "Quality", range(min = 1, max = 100))]
    pub quality: u8,
    /// The new width. Left empty, it follows from the height.
    #[serde(default)]
    #[schemars(title = "Width", range(min = 1, max = 65535), extend("x-unit" = "px"))]
    pub width: Option<u32>,
    /// The new height. Left empty, it follows from the width.
    #[serde(default)]
    #[schemars(title = "Height", range(min = 1, max = 65535), extend("x-unit" = "px"))]
    pub height: Option<u32>,
    /// How a picture is brought to the width and height. With only one of them the proportions are
    /// kept whatever is chosen here.
    #[serde(default)]
    #[schemars(title = "Fit")]
    pub fit: Fit,
    /// What becomes of a file that has the name of a new one. “Keep what is there” reports
    /// the picture as left out.
    #[serde(default)]
    #[schemars(title = "If a file is there already")]
    pub overwrite: Overwrite,
    /// Keep the EXIF data: camera, time, place. XMP and IPTC data are dropped in any case.
    #[serde(default)]
    #[schemars(title = "Keep EXIF data")]
    pub keep_metadata: bool,
    /// Colours look the same either way. sRGB is what every program shows right. AVIF files and
    /// pictures for print (CMYK) are always converted.
    #[serde(default)]
    #[schemars(title = "Colour profile", extend("x-advanced" = true))]
    pub profile: Profile,
    /// How new pixels are made of old ones.
    #[serde(default)]
    #[schemars(title = "Resize filter", extend("x-advanced" = true))]
    pub filter: Filter,
    /// For WebP: lose nothing, whatever the quality is.
    #[serde(default)]
    #[schemars(title = "Lossless WebP", extend("x-advanced" = true))]
    pub lossless: bool,
    /// For AVIF: 1 takes very long and makes the smallest files, 10 is quick.
    #[serde(default = "speed")]
    #[schemars(title = "AVIF speed", range(min = 1, max = 10), extend("x-advanced" = true))]
    pub avif_speed: u8,
    /// Pictures with more pixels than this, read or made, are left out. A few bytes can claim to be
    /// a picture that fills all memory.
    #[serde(default = "max_pixels")]
    #[schemars(title = "Most pixels", range(min = 1, max = 2_000_000_000), extend("x-advanced" = true))]
    pub max_pixels: u64,
}

fn quality() -> u8 {
    82
}

fn speed() -> u8 {
    8
}

fn max_pixels() -> u64 {
    256_000_000
}

/// What new files are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Format {
    /// What the picture is already.
    #[default]
    #[schemars(title = "As it is")]
    Keep,
    /// Loses nothing.
    #[schemars(title = "PNG")]
    Png,
    /// Read everywhere.
    #[schemars(title = "JPEG")]
    Jpeg,
    /// Smaller than JPEG.
    #[schemars(title = "WebP")]
    Webp,
    /// The smallest, and slow to make.
    #[schemars(title = "AVIF")]
    Avif,
}

/// How a picture is brought to a width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Fit {
    /// As large as fits inside, but never larger than it was.
    #[default]
    #[schemars(title = "Only shrink")]
    Shrink,
    /// As large as fits inside.
    #[schemars(title = "Contain")]
    Contain,
    /// Just that size: what stands over is cut off on both sides.
    #[schemars(title = "Cover")]
    Cover,
    /// Just that size, even if it distorts.
    #[schemars(title = "Exact")]
    Exact,
}

/// What becomes of colour profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Profile {
    /// Colours become sRGB, and no profile is needed.
    #[default]
    #[schemars(title = "Convert to sRGB")]
    Srgb,
    /// Colours stay as they are, and the profile is put into the new file.
    #[schemars(title = "Keep it")]
    Keep,
}

/// How new pixels are made of old ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Filter {
    /// The sharpest.
    #[default]
    #[schemars(title = "Lanczos")]
    Lanczos3,
    /// Sharp, with less ringing at edges.
    #[schemars(title = "Catmull-Rom")]
    CatmullRom,
    /// Softer.
    #[schemars(title = "Mitchell")]
    Mitchell,
    /// Quick and soft.
    #[schemars(title = "Bilinear")]
    Bilinear,
    /// The plain mean of the old pixels.
    #[schemars(title = "Box")]
    Box,
    /// One old pixel for each: for pixel art and screenshots.
    #[schemars(title = "Nearest")]
    Nearest,
}

impl ExecutableTool for ConvertImages {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "convert-images",
        title: "Convert images",
        description: "Converts pictures to PNG, JPEG, WebP or AVIF, resizes them, turns them upright and brings their colours to sRGB.",
        category: ToolCategory::Images,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles, Permission::WriteFiles],
        limits: ToolLimits::NONE,
        // Begun again it might meet its own files, and keep both.
        behavior: ToolBehavior::CAUTIOUS,
    };

    fn examples() -> Vec<Example> {
        vec![
            Example::new(
                "Make small JPEGs of a folder of pictures",
                json!({ "paths": ["Pictures"], "into": "small", "format": "jpeg", "width": 160, "height": 160 }),
            )
            .file("Pictures/sea.png", || example_picture(1))
            .file("Pictures/2024/hills.png", || example_picture(2))
            .file("Pictures/2024/woods.png", || example_picture(3)),
            Example::new(
                "Make a square WebP of one picture",
                json!({ "paths": ["portrait.png"], "into": "web", "format": "webp", "quality": 75, "width": 64, "height": 64, "fit": "cover" }),
            )
            .file("portrait.png", || example_picture(4)),
        ]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| run::convert(&ctx, &input)).await
    }
}

/// Waves of colour with a little noise, which is about what a photo is.
fn example_picture(seed: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(480, 320, |x, y| {
        let noise = (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729)).wrapping_mul(seed) >> 5 & 7;
        let wave = |step: u32| {
            let at = (x * step + y * seed) % 448;
            // Up and down again, at most 223 + 7.
            u8::try_from(at.min(447 - at) + noise).unwrap_or(u8::MAX)
        };
        image::Rgb([wave(1), wave(2), wave(3)])
    });
    let mut png = Cursor::new(Vec::new());
    // A vector takes all that is written.
    let _ = picture.write_to(&mut png, image::ImageFormat::Png);
    png.into_inner()
}
