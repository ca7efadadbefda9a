//! Digests of many files at once, on as many threads as there are cores.

use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use toolroom_toolkit::{Skipped, ToolExecutionContext, walk::Entry};

use super::digest::{Algorithm, digest_file};

/// How much is read, over all threads together, before a cancel is looked for.
const READ_AHEAD: usize = 4 << 20;

/// What became of one file; nothing if a cancel came first.
pub type Digested = Option<Result<(String, u64), Skipped>>;

/// The digests, in the order of `files`. Counts the bytes into the current phase, and hears a
/// cancel after at most [`READ_AHEAD`] more.
pub fn digest_files(
    ctx: &ToolExecutionContext,
    files: &[Entry],
    algorithm: Algorithm,
) -> Vec<Digested> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = cores.min(files.len()).max(1);
    let largest = match algorithm {
        // Long pieces can be divided among cores.
        Algorithm::Blake3 => 1 << 20,
        // Short ones are still in the core's own cache when they are worked on.
        Algorithm::Sha256 | Algorithm::Sha512 | Algorithm::Xxh3 => 128 << 10,
    };
    let piece = (READ_AHEAD / threads).clamp(64 << 10, largest);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut buffer = vec![0; piece];
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(index).filter(|_| !ctx.is_canceled()) else {
                return done;
            };
            ctx.progress.message(file.path().to_string_lossy());
            let result = digest(ctx, file, algorithm, &mut buffer);
            done.push((index, result.transpose()));
        }
    };
    let mut results: Vec<Digested> = Vec::new();
    results.resize_with(files.len(), || None);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(done) => {
                    for (index, result) in done {
                        results[index] = result;
                    }
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    results
}

fn digest(
    ctx: &ToolExecutionContext,
    file: &Entry,
    algorithm: Algorithm,
    buffer: &mut [u8],
) -> Result<Option<(String, u64)>, Skipped> {
    let mut open = file.open().map_err(|error| Skipped::from(&error))?;
    digest_file(&mut open, algorithm, buffer, |read| {
        ctx.progress.advance(read);
        !ctx.is_canceled()
    })
    .map_err(|error| Skipped::from_io(&file.path(), &error))
}
