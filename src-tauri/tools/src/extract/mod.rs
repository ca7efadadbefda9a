//! # extract
//! Unpacks an archive into a folder: zip, 7z, tar, and tar or a single file in gzip, Zstandard or xz,
//! told by content and not by name.
//!
//! Nothing is written outside the folder: names and links that lead out are left out and reported.
//! Files appear whole or not at all, and under their own names only when their checksums hold. Links are
//! made last. Limits on bytes, on their ratio to the archive, and on the number of entries stop archive
//! bombs, and are counted while unpacking. A damaged archive gives what is good in it, with an error.

mod holes;
mod link_targets;
mod links;
mod names;
mod report;
mod seven_zips;
mod source;
mod spots;
mod streams;
mod tars;
mod unpacker;
mod zip_scan;
mod zips;

use std::{io::Write, path::Path};

use rawzip::ReaderAt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, InputPath, OutputDir, Permission, Phase, ToolBehavior,
    ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

pub use report::Output;
use report::{Format, Reason, Stop, tool_error};
use source::{Limits, Meter, Source};
use streams::{Packing, packing, unpacked};
use unpacker::{IfThere, Unpacker};

/// Unpacks an archive.
pub struct Extract;

/// What to unpack, and where to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// A zip, 7z, tar, tar.gz, tar.zst or tar.xz, whatever its name; or one file in gzip, Zstandard or
    /// xz.
    #[schemars(title = "Archive")]
    pub archive: InputPath,
    /// The folder to unpack into. It is made if it isn't there. Nothing is written outside it.
    #[schemars(title = "Into")]
    pub into: OutputDir,
    /// What becomes of a file that has the name of one in the archive.
    #[serde(default)]
    #[schemars(title = "If a file is there already")]
    pub if_there: IfThere,
    /// Stop when more than this comes out of the archive.
    #[serde(default = "max_bytes")]
    #[schemars(title = "Most bytes", range(min = 1), extend("x-unit" = "bytes", "x-advanced" = true))]
    pub max_bytes: u64,
    /// Stop when more than this many times the archive's own size comes out of it. Counted from 64 MiB
    /// on: small archives may well hold nothing but zeros.
    #[serde(default = "max_ratio")]
    #[schemars(title = "Highest ratio", range(min = 1), extend("x-advanced" = true))]
    pub max_ratio: u64,
    /// Stop when there are more files, folders and links than this.
    #[serde(default = "max_entries")]
    #[schemars(title = "Most entries", range(min = 1), extend("x-advanced" = true))]
    pub max_entries: u64,
}

fn max_bytes() -> u64 {
    64 << 30
}

fn max_ratio() -> u64 {
    200
}

fn max_entries() -> u64 {
    500_000
}

impl ExecutableTool for Extract {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "extract",
        title: "Extract an archive",
        description: "Unpacks a zip, 7z, tar, tar.gz, tar.zst or tar.xz. Nothing is written outside the folder, and archive bombs are stopped.",
        category: ToolCategory::Archives,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles, Permission::WriteFiles],
        limits: ToolLimits::NONE,
        // Begun again it might meet its own files, and keep both.
        behavior: ToolBehavior::CAUTIOUS,
    };

    fn examples() -> Vec<Example> {
        vec![
            Example::new(
                "Unpack an archive into a folder",
                json!({ "archive": "photos.tar.gz", "into": "photos" }),
            )
            .file("photos.tar.gz", example_archive),
            Example::new(
                "Update what was unpacked before",
                json!({ "archive": "photos.tar.gz", "into": "photos", "if_there": "replace" }),
            )
            .file("photos.tar.gz", example_archive)
            .file("photos/0.raw", || b"old".to_vec()),
        ]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| extract(&ctx, &input)).await
    }
}

/// A few files of noise, which doesn't get smaller.
fn example_archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut seed = 1u64;
    for number in 0..4 {
        let noise: Vec<u8> = (0..4 << 20)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                seed.to_be_bytes()[0]
            })
            .collect();
        let mut header = tar::Header::new_gnu();
        header.set_size(noise.len() as u64);
        header.set_mode(0o644);
        // A vector takes all that is written.
        let _ = archive.append_data(&mut header, format!("{number}.raw"), &noise[..]);
    }
    let plain = archive.into_inner().unwrap_or_default();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let _ = packed.write_all(&plain);
    packed.finish().unwrap_or_default()
}

fn extract(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let place = ctx.input(&input.archive)?;
    let told = place.metadata()?;
    let file = place.open()?;
    let limits = Limits {
        bytes: input.max_bytes,
        ratio: input.max_ratio,
        entries: input.max_entries,
    };
    ctx.progress
        .begin(Phase::new("Unpacking").counting("bytes", Some(told.bytes)));
    let meter = Meter::new(ctx, limits, told.bytes);
    let source = Source::new(file, &meter);
    let path = input.archive.as_path();
    let packing = known_packing(&source, path).map_err(|error| match ctx.is_canceled() {
        true => ToolError::canceled(),
        false => error,
    })?;
    let folder = ctx.output_dir(&input.into)?;
    let output = Output {
        format: Format::Tar,
        into: folder.path().to_string_lossy().into_owned(),
        total_bytes: 0,
        archive_bytes: told.bytes,
        files: 0,
        folders: 0,
        links: 0,
        replaced: 0,
        unpacked: Vec::new(),
        skipped: Vec::new(),
    };
    let mut to = Unpacker::new(ctx, folder, input.if_there, &meter, output);
    let mut result = match packing {
        Packing::Zip => {
            to.output.format = Format::Zip;
            zips::unpack_zip(&mut to, &source)
        }
        Packing::SevenZip => {
            to.output.format = Format::SevenZip;
            seven_zips::unpack_7z(&mut to, &source)
        }
        packing => match unpacked(packing, source.from(0), path) {
            Ok((format, stream)) => {
                to.output.format = format;
                match format {
                    Format::Gz | Format::Zst | Format::Xz => {
                        tars::unpack_single(&mut to, stream, path, told.modified)
                    }
                    _ => tars::unpack_tar(&mut to, stream),
                }
            }
            Err(error) => Err(meter.why(&error)),
        },
    };
    // What was good before the damage is finished like any other; after a cancel nothing more is made.
    if !matches!(result, Err(Stop::Canceled)) {
        let finished = to.finish();
        result = result.and(finished);
    }
    let output = to.output;
    if result.is_ok() && is_locked(&output) {
        result = Err(Stop::Encrypted);
    }
    match result {
        Ok(()) => {
            meter.done();
            Ok(output)
        }
        Err(stop) => Err(stop.into_error(path, &output)),
    }
}

/// Whether all there was is locked.
fn is_locked(output: &Output) -> bool {
    let is_locked = |reason| matches!(reason, Reason::Encrypted);
    output.unpacked.is_empty()
        && !output.skipped.is_empty()
        && output
            .skipped
            .iter()
            .all(|skipped| is_locked(skipped.reason))
}

fn known_packing(source: &Source, path: &Path) -> Result<Packing, ToolError> {
    let mut start = vec![0; 512];
    let mut length = 0;
    while length < start.len() {
        match source.read_at(&mut start[length..], length as u64) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) => return Err(ToolError::io("read the archive", path, &error)),
        }
    }
    start.truncate(length);
    let path = path.display();
    match packing(&start) {
        // A program that unpacks itself begins with the program.
        Packing::Unknown if zips::has_list(source) => Ok(Packing::Zip),
        Packing::Unknown if length == 512 && start.iter().all(|byte| *byte == 0) => {
            Ok(Packing::Tar)
        }
        Packing::Unknown => Err(tool_error(
            "not_an_archive",
            format!(
                "{path} is none of the archives that are known here: zip, 7z, tar, tar.gz, tar.zst, tar.xz. Nothing was unpacked."
            ),
        )),
        Packing::Bzip2 => Err(tool_error(
            "not_an_archive",
            format!("{path} is packed with bzip2, which is not supported. Nothing was unpacked."),
        )),
        packing => Ok(packing),
    }
}
