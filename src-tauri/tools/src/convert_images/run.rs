//! The work from the list of files to the result, over all cores.

use std::{
    io::{self, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Mutex, PoisonError},
};

use toolroom_toolkit::{
    Folder, Overwrite, PathError, Phase, Skipped as Skip, ToolError, ToolExecutionContext,
};

use super::{
    Input,
    make::{Made, make},
    plan::{self, Job},
    report::{Converted, Output, Reason, Refusal, Skipped},
    room::Room,
};
use crate::support::spread::spread;

/// How many bytes the pictures that are worked on at once may take. One that needs more is worked on
/// alone.
const ROOM: u64 = 768 << 20;
/// How much progress is told at once: little enough, over all threads, to hear a cancel in time.
const SLICE: u64 = 128 << 10;

/// Converts what the input names.
///
/// # Errors
/// After a cancel, or if the disk refuses, with what is done by then.
pub fn convert(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let mut output = Output {
        into: input.into.as_path().to_string_lossy().into_owned(),
        ..Output::default()
    };
    let list = plan::find(ctx, input, &mut output)?;
    let folder = ctx.output_dir(&input.into)?;
    let jobs = plan::plan(ctx, input, list, &folder, &mut output)?;
    let total = jobs.iter().map(|job| job.bytes).sum();
    ctx.progress
        .begin(Phase::new("Converting").counting("bytes", Some(total)));
    let work = Work {
        ctx,
        input,
        folder: &folder,
        room: Room::new(ROOM),
        failed: Mutex::new(None),
        is_lone: jobs.len() == 1,
    };
    for end in spread(ctx, &jobs, |job, buffer| work.one(job, buffer)) {
        match end {
            Some(Ok(converted)) => {
                output.converted += 1;
                output.bytes_before += converted.bytes_before;
                output.bytes_after += converted.bytes_after;
                output.pictures.push(converted);
            }
            Some(Err(skipped)) => output.skipped.push(skipped),
            None => {} // canceled before it was done
        }
    }
    let failed = work
        .failed
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let synced = match output.converted {
        0 => Ok(()),
        _ => folder.sync_all(),
    };
    if let Some(error) = failed {
        return Err(error.with_partial(&output));
    }
    if ctx.is_canceled() {
        return Err(ToolError::canceled().with_partial(&output));
    }
    synced.map_err(|error| ToolError::from(error).with_partial(&output))?;
    Ok(output)
}

/// What all pictures of a run share.
pub struct Work<'a> {
    /// The job.
    pub ctx: &'a ToolExecutionContext,
    /// What was asked for.
    pub input: &'a Input,
    folder: &'a Folder,
    /// Room for the pictures that are worked on.
    pub room: Room,
    /// Why nothing more can be written.
    failed: Mutex<Option<ToolError>>,
    /// Whether there is but one picture.
    pub is_lone: bool,
}

impl Work<'_> {
    /// Converts one picture; nothing if it was told to stop.
    fn one(&self, job: &Job, buffer: &mut [u8]) -> Option<Result<Converted, Skipped>> {
        if self.has_failed() {
            return None;
        }
        let path = job.entry.path();
        self.ctx.progress.message(path.to_string_lossy());
        let mut told = 0;
        let end = match self.read(job, &path, buffer, &mut told)? {
            Err(skipped) => Err(skipped.with_reason()),
            Ok(bytes) => {
                // Pictures are other people's bytes, and their decoders other people's work.
                let made = catch_unwind(AssertUnwindSafe(|| make(self, job, &bytes)));
                let made = made
                    .unwrap_or_else(|_| Some(Err(Refusal::damaged(&"its decoder gave up on it"))));
                let before = bytes.len() as u64;
                drop(bytes);
                match made? {
                    Err(refusal) => Err(Skipped::new(&path, refusal.reason).saying(refusal.words)),
                    Ok(made) => self.write(job, &path, before, made)?,
                }
            }
        };
        while told < job.bytes && !self.ctx.is_canceled() {
            let slice = SLICE.min(job.bytes - told);
            told += slice;
            self.ctx.progress.advance(slice);
        }
        Some(end)
    }

    /// The file's bytes. Reading counts as half the work.
    fn read(
        &self,
        job: &Job,
        path: &Path,
        buffer: &mut [u8],
        told: &mut u64,
    ) -> Option<Result<Vec<u8>, Skip>> {
        let mut file = match job.entry.open() {
            Ok(file) => file,
            Err(error) => return Some(Err(Skip::from(&error))),
        };
        // A picture that may be read isn't longer than its pixels, as good as ever.
        let most = self.input.max_pixels.saturating_mul(8) + (64 << 20);
        let mut bytes = Vec::with_capacity(usize::try_from(job.bytes.min(most)).unwrap_or(0));
        let length = buffer.len().min(2 * SLICE as usize);
        while (bytes.len() as u64) < most {
            if self.ctx.is_canceled() {
                return None;
            }
            match file.read(&mut buffer[..length]) {
                Ok(0) => break,
                Ok(read) => bytes.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Some(Err(Skip::from_io(path, &error))),
            }
            let half = (bytes.len() as u64).min(job.bytes) / 2;
            self.ctx.progress.advance(half.saturating_sub(*told));
            *told = half.max(*told);
        }
        Some(Ok(bytes))
    }

    /// Writes the new file; nothing if the disk refuses, which is kept.
    fn write(
        &self,
        job: &Job,
        path: &Path,
        bytes_before: u64,
        made: Made,
    ) -> Option<Result<Converted, Skipped>> {
        let written = match self.put(job, &made.bytes) {
            Ok(written) => written,
            Err((kind, error)) => return self.not_written(path, kind, error),
        };
        let note = (!made.notes.is_empty()).then(|| made.notes.join(" "));
        Some(Ok(Converted {
            path: path.to_string_lossy().into_owned(),
            written,
            bytes_before,
            bytes_after: made.bytes.len() as u64,
            old_width: made.old.0,
            old_height: made.old.1,
            width: made.new.0,
            height: made.new.1,
            note,
        }))
    }

    fn put(&self, job: &Job, bytes: &[u8]) -> Result<String, (io::ErrorKind, ToolError)> {
        let refused = |error: PathError| (error.kind(), ToolError::from(error));
        if let Some(parent) = job.way.parent()
            && !parent.as_os_str().is_empty()
        {
            self.folder.create_dir_all(parent).map_err(refused)?;
        }
        let mut file = self
            .folder
            .create(&job.way, self.input.overwrite)
            .map_err(refused)?;
        if self.input.overwrite != Overwrite::Replace {
            // Made up for after the last; but what is replaced must not be lost by then.
            file = file.without_sync();
        }
        file.write_all(bytes).map_err(|error| {
            let failed = ToolError::io("write", &file.path(), &error);
            (error.kind(), failed)
        })?;
        let written = file.finish().map_err(refused)?;
        Ok(written.to_string_lossy().into_owned())
    }

    fn not_written(
        &self,
        path: &Path,
        kind: io::ErrorKind,
        error: ToolError,
    ) -> Option<Result<Converted, Skipped>> {
        match kind {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                Some(Err(Skipped::new(path, Reason::AlreadyThere)))
            }
            io::ErrorKind::InvalidFilename => {
                let skipped = Skipped::new(path, Reason::NotMade);
                Some(Err(skipped.saying(
                    "No file can have the name that the new one would have.",
                )))
            }
            _ => {
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.get_or_insert(error);
                None
            }
        }
    }

    fn has_failed(&self) -> bool {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some()
    }
}
