//! `convert-images` against ImageMagick, and against pictures that are damaged, vast or no pictures at all.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // the helpers of tests may panic as tests do

mod damaged;
mod files;
mod peers;

use std::{io::Cursor, path::Path, process::Command};

use image::{DynamicImage, ImageEncoder, RgbImage, codecs::png::PngEncoder};
use libjpeg_turbo_rs::{Encoder, PixelFormat};
use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_toolkit::testing::{
    CancelAt, TestEnd, TestFolder, TestRun, on_a_full_disk, reference_program,
};
use toolroom_tools::convert_images::ConvertImages;

async fn run(folder: &TestFolder, input: Value) -> TestEnd {
    let run = TestRun::of(ConvertImages).within(folder).input(input);
    run.run().await
}

/// Waves of colour, different in each corner.
fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (
            f64::from(x) / f64::from(width),
            f64::from(y) / f64::from(height),
        );
        let wave = |by: f64| (127.0 + 100.0 * (by * 7.0).sin()) as u8;
        image::Rgb([wave(across), wave(down * across), (255.0 * down) as u8])
    })
}

fn png(picture: &RgbImage, icc: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc).unwrap();
    }
    let (width, height) = picture.dimensions();
    let rgb = image::ExtendedColorType::Rgb8;
    encoder.write_image(picture, width, height, rgb).unwrap();
    bytes
}

fn webp(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::WebP)
        .unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, exif: Option<&[u8]>, progressive: bool) -> Vec<u8> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut encoder = Encoder::new(picture, width, height, PixelFormat::Rgb)
        .quality(92)
        .progressive(progressive);
    if let Some(exif) = exif {
        encoder = encoder.exif_data(exif);
    }
    encoder.encode().unwrap()
}

/// EXIF data that says who made the camera, and how it was held.
fn exif(orientation: u16) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend([0x0f, 1, 2, 0, 4, 0, 0, 0]);
    exif.extend(b"Cam\0");
    exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0]);
    exif.extend(orientation.to_le_bytes());
    exif.extend([0; 6]);
    exif
}

/// Whether the program is here to be compared with.
fn has(program: &str) -> bool {
    reference_program(program).is_some()
}

fn said_by(folder: &TestFolder, program: &str, arguments: &[&str]) -> String {
    let end = Command::new(program)
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&end.stderr);
    assert!(end.status.success(), "{program} {arguments:?}: {said}");
    String::from_utf8_lossy(&end.stdout).trim().to_owned()
}

fn open(path: &Path) -> DynamicImage {
    let bytes = std::fs::read(path).unwrap();
    if bytes.starts_with(&[0xff, 0xd8]) {
        let raw = libjpeg_turbo_rs::decompress_to(&bytes, PixelFormat::Rgb).unwrap();
        let (width, height) = (raw.width as u32, raw.height as u32);
        return RgbImage::from_raw(width, height, raw.data).unwrap().into();
    }
    image::load_from_memory(&bytes).unwrap()
}

/// Peak signal-to-noise ratio in decibels.
fn psnr(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let (one, other) = (one.to_rgb8(), other.to_rgb8());
    assert_eq!(one.dimensions(), other.dimensions());
    let squares: f64 = one
        .iter()
        .zip(other.iter())
        .map(|(one, other)| (f64::from(*one) - f64::from(*other)).powi(2))
        .sum();
    let mean = squares / one.len() as f64;
    10.0 * (255.0 * 255.0 / mean.max(1e-9)).log10()
}

fn reasons(output: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let skipped = output["skipped"].as_array().unwrap();
    let mut reasons: Vec<_> = skipped
        .iter()
        .map(|skipped| {
            let path = text(&skipped["path"]);
            let name = path.rsplit('/').next().unwrap().to_owned();
            (name, text(&skipped["reason"]))
        })
        .collect();
    reasons.sort();
    reasons
}
