//! From what is asked for to the archive: what goes in, under which names, and the archive that takes it.

use std::{
    collections::{HashMap, HashSet},
    io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
};

use toolroom_toolkit::{
    ErrorCode, InputPath, Overwrite, Phase, Target, ToolError, ToolExecutionContext,
    walk::{self, Entry, IgnoreRules},
};
use zstd::stream::raw::CParameter;

use super::{
    Input, Links,
    entries::Archive,
    format::Format,
    gzip::Gzip,
    out::Out,
    output::{Output, Reason, Skipped},
    packing::{End, Packing},
    tars::{Stream, Tar},
    zips::Zip,
};

/// From this level on Zstandard would give each thread so much that a cancel had to wait for long.
const SLOW_ZSTD: u32 = 13;
const SLOW_ZSTD_PART: u32 = 8 << 20;

pub fn compress(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let path = input.archive.as_path();
    let Some(format) = input.format.of(path) else {
        let message = "The archive's name doesn't say what it is to be. Choose a format.";
        return Err(ToolError::failed(ErrorCode::InvalidInput, message));
    };
    let target = ctx.output(&input.archive, input.overwrite)?;
    let paths = each_once(&input.paths);
    let mut output = Output::new(format);
    let found = find(ctx, input, &paths, &target, &mut output)?;
    let names = names_of(ctx, &paths)?;
    let total = found
        .iter()
        .filter_map(|entry| entry.metadata().ok())
        .filter(|told| told.is_file())
        .map(|told| told.bytes)
        .sum();
    ctx.progress
        .begin(Phase::new("Packing").counting("bytes", Some(total)));
    let level = input.level.unwrap_or(format.usual_level());
    let mut packing = Packing::new(ctx, open(ctx, format, level, &target)?, &mut output);
    // After a cancel whatever is still being written fails by it.
    let failed = |error: &io::Error| match ctx.is_canceled() {
        true => ToolError::canceled(),
        false => ToolError::io("write the archive", path, error),
    };
    for entry in &found {
        ctx.check_canceled()?;
        let Some(name) = names.get(entry.path_index()) else {
            continue;
        };
        packing.entry(entry, name).map_err(|end| match end {
            End::Canceled => ToolError::canceled(),
            End::Write(error) => failed(&error),
        })?;
    }
    let file = packing.finish().map_err(|error| failed(&error))?;
    ctx.check_canceled()?;
    output.bytes_out = file.len()?;
    let path = file.finish()?;
    output.archive = Some(path.to_string_lossy().into_owned());
    if output.bytes_out > 0 {
        #[expect(clippy::cast_precision_loss, reason = "shown with a few digits")]
        let ratio = output.bytes_in as f64 / output.bytes_out as f64;
        output.ratio = Some((ratio * 1000.0).round() / 1000.0);
    }
    Ok(output)
}

/// A path that is given twice is packed once.
fn each_once(paths: &[InputPath]) -> Vec<InputPath> {
    let mut seen = HashSet::new();
    paths
        .iter()
        .filter(|path| seen.insert(path.as_path()))
        .cloned()
        .collect()
}

/// What goes in, in order. What doesn't is told.
fn find(
    ctx: &ToolExecutionContext,
    input: &Input,
    paths: &[InputPath],
    target: &Target,
    output: &mut Output,
) -> Result<Vec<Entry>, ToolError> {
    ctx.progress.begin(
        Phase::new("Scanning")
            .counting("files", None)
            .spanning(0, 0),
    );
    let mut walk = ctx.walk(paths)?.metadata().folders();
    walk = walk.links(match input.links {
        Links::Keep => walk::Links::Give,
        Links::Follow => walk::Links::Follow,
        Links::LeaveOut => walk::Links::Skip,
    });
    if input.leave_out_ignored || input.leave_out_hidden {
        walk = walk.ignoring(IgnoreRules {
            git: input.leave_out_ignored,
            dot_ignore: input.leave_out_ignored,
            parents: input.leave_out_ignored,
            hidden: input.leave_out_hidden,
            ..IgnoreRules::default()
        });
    }
    let list = walk.list()?;
    let skipped = list.skipped.into_iter();
    output
        .skipped
        .extend(skipped.map(toolroom_toolkit::Skipped::with_reason));
    if list.paths_read == 0 {
        let message = "None of the files and folders could be read. No archive was written; the result says why for each.";
        let code = ErrorCode::Tool("nothing_to_compress".to_owned());
        return Err(ToolError::failed(code, message).with_partial(&output));
    }
    let mut found = list.entries;
    // Where both are kept, what has the name is a file like any other.
    if input.overwrite == Overwrite::Replace {
        found.retain(|entry| {
            let is_archive = target.is(entry);
            if is_archive {
                let skipped = Skipped::new(&entry.path(), Reason::IsArchive);
                output.skipped.push(skipped);
            }
            !is_archive
        });
    }
    Ok(found)
}

/// The names under which the paths stand in the archive.
fn names_of(ctx: &ToolExecutionContext, paths: &[InputPath]) -> Result<Vec<PathBuf>, ToolError> {
    let mut names: Vec<PathBuf> = Vec::with_capacity(paths.len());
    let mut taken: HashMap<PathBuf, &Path> = HashMap::with_capacity(paths.len());
    for path in paths {
        let given = path.as_path();
        let name = match given.file_name() {
            Some(name) => PathBuf::from(name),
            // One that ends with `..`, or the top of all.
            None => ctx
                .input(path)
                .map(|place| PathBuf::from(place.name()))
                .unwrap_or_default(),
        };
        if let Some(other) = taken.insert(name.clone(), given) {
            return Err(same_name(other, given));
        }
        names.push(name);
    }
    Ok(names)
}

fn same_name(one: &Path, other: &Path) -> ToolError {
    let message = format!(
        "{} and {} would have the same name in the archive. Pack them one at a time, or rename one. No archive was written.",
        one.display(),
        other.display()
    );
    ToolError::failed(ErrorCode::Tool("same_name".to_owned()), message)
}

fn open(
    ctx: &ToolExecutionContext,
    format: Format,
    level: u32,
    target: &Target,
) -> Result<Box<dyn Archive>, ToolError> {
    let out = Out::create(ctx, target)?;
    Ok(match format {
        Format::Zip => Box::new(Zip::new(out, level)),
        Format::TarGz => Box::new(Tar::new(Stream::Gzip(Gzip::new(out, level)))),
        Format::TarZst => {
            let zstd = zstd(out, level)
                .map_err(|error| ToolError::io("write the archive", target.path(), &error))?;
            Box::new(Tar::new(Stream::Zstd(Box::new(zstd))))
        }
        Format::Tar | Format::ByName => Box::new(Tar::new(Stream::Plain(Box::new(out)))),
    })
}

fn zstd(out: Out, level: u32) -> io::Result<zstd::Encoder<'static, Out>> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let mut zstd = zstd::Encoder::new(out, i32::try_from(level).unwrap_or(i32::MAX))?;
    zstd.multithread(u32::try_from(threads).unwrap_or(1))?;
    zstd.include_checksum(true)?;
    if level >= SLOW_ZSTD {
        zstd.set_parameter(CParameter::JobSize(SLOW_ZSTD_PART))?;
    }
    Ok(zstd)
}
