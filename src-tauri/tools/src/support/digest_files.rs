//! Digests of many files at once, on as many threads as there are cores.

use toolroom_toolkit::{Skipped, ToolExecutionContext, walk::Entry};

use super::{
    digest::{Algorithm, digest_file},
    spread::spread,
};

/// What became of one file; nothing if a cancel came first.
pub type Digested = Option<Result<(String, u64), Skipped>>;

/// The digests, in the order of `files`. Counts the bytes into the current phase, and hears a
/// cancel as [`spread`] does.
pub fn digest_files(
    ctx: &ToolExecutionContext,
    files: &[Entry],
    algorithm: Algorithm,
) -> Vec<Digested> {
    let piece = match algorithm {
        // Long pieces can be divided among cores.
        Algorithm::Blake3 => usize::MAX,
        // Short ones are still in the core's own cache when they are worked on.
        Algorithm::Sha256 | Algorithm::Sha512 | Algorithm::Xxh3 => 128 << 10,
    };
    spread(ctx, files, |file, buffer| {
        ctx.progress.message(file.path().to_string_lossy());
        let piece = piece.min(buffer.len());
        digest(ctx, file, algorithm, &mut buffer[..piece]).transpose()
    })
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
