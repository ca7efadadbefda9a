//! Which file becomes which: found, told apart by content, and given a name, before any work is done.

use std::{collections::HashSet, ffi::OsStr, path::PathBuf};

use toolroom_toolkit::{
    ErrorCode, Folder, Overwrite, Phase, Skipped as Skip, ToolError, ToolExecutionContext,
    walk::{Entry, Listing},
};

use super::{
    Format, Input,
    kind::{self, Kind, Target},
    report::{Output, Reason, Skipped},
};
use crate::support::fill::fill;

/// One picture that is to be converted.
pub struct Job {
    /// Where it is.
    pub entry: Entry,
    /// What it is.
    pub kind: Kind,
    /// What it becomes.
    pub target: Target,
    /// Where the new file goes, below the folder.
    pub way: PathBuf,
    /// Its length.
    pub bytes: u64,
}

/// Finds the pictures. What is left out is told in the output.
///
/// # Errors
/// After a cancel, if a path isn't allowed, or if there is nothing at all.
pub fn find(
    ctx: &ToolExecutionContext,
    input: &Input,
    output: &mut Output,
) -> Result<Listing, ToolError> {
    ctx.progress.begin(
        Phase::new("Scanning")
            .counting("files", None)
            .spanning(0, 0),
    );
    let mut list = ctx.walk(&input.paths)?.metadata().list()?;
    let skipped = std::mem::take(&mut list.skipped).into_iter();
    output.skipped.extend(skipped.map(Skip::with_reason));
    if list.paths_read == 0 {
        return Err(ToolError::failed(
            ErrorCode::Tool("nothing_to_convert".to_owned()),
            "None of the files and folders could be read. Nothing was converted; the result says why for each.",
        )
        .with_partial(output));
    }
    Ok(list)
}

/// Says what becomes of each file.
///
/// # Errors
/// After a cancel.
pub fn plan(
    ctx: &ToolExecutionContext,
    input: &Input,
    list: Listing,
    folder: &Folder,
    output: &mut Output,
) -> Result<Vec<Job>, ToolError> {
    let mut names = HashSet::new();
    let mut jobs = Vec::with_capacity(list.entries.len());
    for entry in list.entries {
        if ctx.is_canceled() {
            return Err(ToolError::canceled().with_partial(output));
        }
        let path = entry.path();
        let leave_out = match job(input, entry, folder) {
            Err(skipped) => skipped,
            // A number is found for the second when it is written.
            Ok(job) if input.overwrite != Overwrite::KeepBoth && !names.insert(job.way.clone()) => {
                Skipped::new(&path, Reason::SameName)
            }
            Ok(job) => {
                jobs.push(job);
                continue;
            }
        };
        output.skipped.push(leave_out);
    }
    Ok(jobs)
}

fn job(input: &Input, entry: Entry, folder: &Folder) -> Result<Job, Skipped> {
    let path = entry.path();
    if is_in_target(&entry, folder) {
        return Err(Skipped::new(&path, Reason::InTheTarget));
    }
    let mut start = [0; kind::ENOUGH];
    let mut open = || -> Result<(usize, u64), Skip> {
        let bytes = entry.metadata().map_err(|error| Skip::from(&error))?.bytes;
        let mut file = entry.open().map_err(|error| Skip::from(&error))?;
        let read = fill(&mut file, &mut start).map_err(|error| Skip::from_io(&path, &error))?;
        Ok((read, bytes))
    };
    let (read, bytes) = open().map_err(Skip::with_reason)?;
    let kind = kind::kind(&start[..read]).map_err(|known| match known {
        None => Skipped::new(&path, Reason::NotAnImage),
        Some(name) => Skipped::new(&path, Reason::Unsupported)
            .saying(format!("Its kind, {name}, is not read here.")),
    })?;
    let target = match input.format {
        Format::Keep => Target::same_as(kind),
        Format::Png => Target::Png,
        Format::Jpeg => Target::Jpeg,
        Format::Webp => Target::Webp,
        Format::Avif => Target::Avif,
    };
    let mut relative = entry.relative();
    if relative.as_os_str().is_empty() {
        relative = path.file_name().map_or_else(PathBuf::new, PathBuf::from);
    }
    let way = target.rename(&relative);
    if input.overwrite == Overwrite::Refuse && folder.metadata(&way).is_ok() {
        return Err(Skipped::new(&path, Reason::AlreadyThere));
    }
    Ok(Job {
        entry,
        kind,
        target,
        way,
        bytes,
    })
}

/// Whether it is in a target that is itself somewhere in the folder that was named: most likely it
/// was made by an earlier run.
fn is_in_target(entry: &Entry, folder: &Folder) -> bool {
    let resolved = entry.resolved();
    let mut start = resolved.as_path();
    for _ in entry
        .relative()
        .iter()
        .filter(|name| *name != OsStr::new("."))
    {
        start = start.parent().unwrap_or(start);
    }
    let target = folder.resolved();
    target != start && target.starts_with(start) && resolved.starts_with(target)
}
