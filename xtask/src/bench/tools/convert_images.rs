//! convert-images against `mogrify` and `vipsthumbnail`: large photos made small.
//!
//! The photos are waves of colour with some noise, put into JPEGs by ImageMagick, so that the
//! decoders meet none of our own.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::arena::{Arena, Match};
use crate::bench::measure::Comparison;
use crate::{process, report};

const COUNT: usize = 60;
/// 12 megapixels.
const SIZE: (u32, u32) = (4000, 3000);
const SMALL: &str = "1600";
const QUALITY: &str = "82";

/// The folders of a contest.
struct Photos {
    from: PathBuf,
    into: PathBuf,
    files: Vec<PathBuf>,
    bytes: u64,
}

/// The same photos to the same size, by both peers.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    let photos = if arena.quick {
        Photos::make(arena, 2, (400, 300))?
    } else {
        report::timed("making 60 photos of 12 megapixels (mogrify)", || {
            Photos::make(arena, COUNT, SIZE)
        })?
    };
    let clear = || {
        fs::remove_dir_all(&photos.into)?;
        fs::create_dir(&photos.into).context("no folder for the new photos")
    };
    let entry = |reference, theirs, goal| Match {
        work: "resize photos",
        bytes: photos.bytes,
        goal: Some(goal),
        ours: ours(arena, &photos),
        reference,
        theirs,
        before: &clear,
    };
    let mogrify = mogrify(arena.program("mogrify")?, &photos);
    let vips = vipsthumbnail(arena.program("vipsthumbnail")?, &photos);
    Ok(vec![
        arena.compare(entry("mogrify", mogrify, 0.8))?,
        arena.compare(entry("vipsthumbnail", vips, 1.0))?,
    ])
}

fn ours(arena: &Arena, photos: &Photos) -> Command {
    let mut command = arena.tool("convert-images");
    command
        .args(["--format", "jpeg", "--width", SMALL, "--height", SMALL])
        .args(["--quality", QUALITY, "--paths"])
        .arg(&photos.from)
        .arg("--into")
        .arg(&photos.into);
    command
}

fn mogrify(mut program: Command, photos: &Photos) -> Command {
    program.arg("-path").arg(&photos.into);
    let box_of = format!("{SMALL}x{SMALL}>");
    program.args(["-auto-orient", "-resize", &box_of, "-quality", QUALITY]);
    program.args(["-format", "jpg"]).args(&photos.files);
    program
}

fn vipsthumbnail(mut program: Command, photos: &Photos) -> Command {
    let target = photos.into.join(format!("%s.jpg[Q={QUALITY}]"));
    program.arg("--size").arg(format!("{SMALL}x{SMALL}>"));
    program.arg("-o").arg(target).args(&photos.files);
    program
}

impl Photos {
    fn make(arena: &Arena, count: usize, size: (u32, u32)) -> Result<Self> {
        let (from, into) = (arena.folder().join("photos"), arena.folder().join("small"));
        fs::create_dir(&from)?;
        fs::create_dir(&into)?;
        let mut files = Vec::new();
        for number in 0..count {
            let plain = from.join(format!("{number:02}.ppm"));
            write_photo(&plain, size, number)
                .with_context(|| format!("{} was not written", plain.display()))?;
            let mut to_jpeg = arena.program("mogrify")?;
            to_jpeg.args(["-quality", "90", "-format", "jpg"]);
            process::run(to_jpeg.arg(&plain))?;
            fs::remove_file(&plain)?;
            files.push(plain.with_extension("jpg"));
        }
        let mut bytes = 0;
        for file in &files {
            bytes += fs::metadata(file)?.len();
        }
        Ok(Self {
            from,
            into,
            files,
            bytes,
        })
    }
}

/// A picture in the plainest format there is.
fn write_photo(path: &Path, (width, height): (u32, u32), seed: usize) -> Result<()> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    write!(file, "P6\n{width} {height}\n255\n")?;
    let mut random = seed as u32 * 2 + 1;
    let mut row = Vec::with_capacity(width as usize * 3);
    for y in 0..height {
        row.clear();
        for x in 0..width {
            // Xorshift: three bits of it are about the noise of a small sensor.
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            let (across, down) = (x as f32 / 300.0, y as f32 / 200.0 + seed as f32);
            let light =
                (across.sin() * down.cos() + (across * 9.0 + down * 7.0).sin() * 0.3) * 80.0;
            let noise = (random >> 29) as f32;
            for shift in [100.0, 110.0, 90.0] {
                row.push((light + shift + noise) as u8);
            }
        }
        file.write_all(&row)?;
    }
    Ok(file.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_has_every_pixel_and_differs_from_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [folder.path().join("0"), folder.path().join("1")];
        for (seed, path) in paths.iter().enumerate() {
            write_photo(path, (7, 5), seed).unwrap();
        }
        let [one, other] = paths.map(|path| fs::read(path).unwrap());
        assert_eq!(one.len(), "P6\n7 5\n255\n".len() + 7 * 5 * 3);
        assert_ne!(one, other);
    }

    #[test]
    fn both_peers_get_every_photo() {
        let photos = Photos {
            from: PathBuf::from("photos"),
            into: PathBuf::from("small"),
            files: vec![
                PathBuf::from("photos/00.jpg"),
                PathBuf::from("photos/01.jpg"),
            ],
            bytes: 2,
        };
        for command in [
            mogrify(Command::new("mogrify"), &photos),
            vipsthumbnail(Command::new("vipsthumbnail"), &photos),
        ] {
            let given: Vec<_> = command.get_args().collect();
            assert!(
                photos
                    .files
                    .iter()
                    .all(|file| given.contains(&file.as_os_str()))
            );
        }
    }
}
