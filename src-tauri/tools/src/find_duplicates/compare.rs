//! Compares files of one size: by a hash of their beginnings and ends, then by a digest of all that is in
//! them. Whoever is alone with either is left alone.

use std::io::{self, Seek, SeekFrom};

use toolroom_toolkit::{FileMetadata, Phase, ToolExecutionContext};
use xxhash_rust::xxh3::xxh3_128;

use super::search::{File, Found, Group, Reason, Skipped};
use crate::support::{fill::fill, spread::spread};

/// So much of the beginning and of the end of a file is compared before all of it is.
const BLOCK: usize = 4 << 10;
/// Files up to this length are read at once: opening one twice takes longer.
const AT_ONCE: u64 = 32 << 10;
/// Files from this length on are hashed on several cores each, and the others in pieces that are still in
/// the core's own cache when they are hashed.
const LONG: u64 = 64 << 20;
const PIECE: usize = 128 << 10;

/// What a file was found to be.
struct Compared {
    file: File,
    digest: blake3::Hash,
}

/// How far a file could be told apart at the first look.
enum Look {
    /// By its beginning and end.
    Edges(u128),
    /// By all that is in it.
    Whole(blake3::Hash),
}

/// Compares files that aren't alone with their size, and shows the progress up to `percent`. The group
/// that wastes the most comes first; after a cancel they have the files that were compared to the end.
pub(super) fn compare(
    ctx: &ToolExecutionContext,
    files: Vec<File>,
    percent: u8,
    found: &mut Found,
) -> Vec<Group> {
    let first_look = percent / 10;
    let total = files.iter().map(|file| looked_at(&file.metadata)).sum();
    ctx.progress.begin(
        Phase::new("Comparing beginnings and ends")
            .counting("bytes", Some(total))
            .spanning(0, first_look),
    );
    let looks = spread(ctx, &files, |file, buffer| Some(look(ctx, file, buffer)));
    let mut edges = Vec::new();
    let mut done = Vec::new();
    for (file, look) in files.into_iter().zip(looks) {
        match look {
            Some(Ok(Look::Edges(edge))) => {
                found.read_bytes += looked_at(&file.metadata);
                edges.push((file.metadata.bytes, edge, file));
            }
            Some(Ok(Look::Whole(digest))) => {
                found.read_bytes += file.metadata.bytes;
                done.push(Compared { file, digest });
            }
            Some(Err(skipped)) => found.skipped.push(skipped),
            None => {} // canceled before it was done
        }
    }
    edges.sort_unstable_by_key(|(bytes, edge, _)| (*bytes, *edge));
    let mut alike: Vec<File> = companies(edges, |(bytes, edge, _)| (*bytes, *edge))
        .flatten()
        .map(|(_, _, file)| file)
        .collect();
    alike.sort_unstable_by_key(|file| file.metadata.id);
    let total = alike.iter().map(|file| file.metadata.bytes).sum();
    ctx.progress.begin(
        Phase::new("Comparing whole files")
            .counting("bytes", Some(total))
            .spanning(first_look, percent),
    );
    let digests = spread(ctx, &alike, |file, buffer| whole(ctx, file, buffer));
    for (file, digest) in alike.into_iter().zip(digests) {
        match digest {
            Some(Ok(digest)) => {
                found.read_bytes += file.metadata.bytes;
                done.push(Compared { file, digest });
            }
            Some(Err(skipped)) => found.skipped.push(skipped),
            None => {} // canceled before it was done
        }
    }
    groups(done)
}

/// How much of a file the first look reads.
fn looked_at(metadata: &FileMetadata) -> u64 {
    match metadata.bytes {
        short @ ..=AT_ONCE => short,
        _ => 2 * BLOCK as u64,
    }
}

fn look(ctx: &ToolExecutionContext, file: &File, buffer: &mut [u8]) -> Result<Look, Skipped> {
    let look = read(file, |open| {
        if file.metadata.bytes <= AT_ONCE {
            let content = &mut buffer[..file.metadata.bytes as usize];
            let is_whole = fill(open, content)? == content.len();
            return Ok(is_whole.then(|| Look::Whole(blake3::hash(content))));
        }
        let (edges, _) = buffer.split_at_mut(2 * BLOCK);
        let (beginning, end) = edges.split_at_mut(BLOCK);
        let mut read = fill(open, beginning)?;
        open.seek(SeekFrom::Start(file.metadata.bytes - BLOCK as u64))?;
        read += fill(open, end)?;
        let is_whole = read == 2 * BLOCK;
        Ok(is_whole.then(|| Look::Edges(xxh3_128(edges))))
    });
    ctx.progress.advance(looked_at(&file.metadata));
    look
}

/// The digest of a whole file; none if a cancel came first.
fn whole(
    ctx: &ToolExecutionContext,
    file: &File,
    buffer: &mut [u8],
) -> Option<Result<blake3::Hash, Skipped>> {
    if let Some(name) = file.names.first() {
        ctx.progress.message(name.path().to_string_lossy());
    }
    let piece = match file.metadata.bytes {
        LONG.. => buffer.len(),
        _ => PIECE.min(buffer.len()),
    };
    let mut left = file.metadata.bytes;
    let mut is_canceled = false;
    let result = read(file, |open| {
        let mut hasher = blake3::Hasher::new();
        while left > 0 {
            let due = piece.min(usize::try_from(left).unwrap_or(piece));
            let read = fill(open, &mut buffer[..due])?;
            if read < due {
                return Ok(None);
            }
            if file.metadata.bytes >= LONG {
                hasher.update_rayon(&buffer[..read]);
            } else {
                hasher.update(&buffer[..read]);
            }
            left -= read as u64;
            ctx.progress.advance(read as u64);
            if ctx.is_canceled() && left > 0 {
                is_canceled = true;
                return Ok(None);
            }
        }
        Ok(Some(hasher.finalize()))
    });
    if is_canceled {
        return None;
    }
    ctx.progress.advance(left);
    Some(result)
}

/// Opens a file and reads as much of it as there was; that it isn't any more what it was, be it only
/// longer, is a reason to leave it out.
fn read<T>(
    file: &File,
    read: impl FnOnce(&mut std::fs::File) -> io::Result<Option<T>>,
) -> Result<T, Skipped> {
    let name = &file.names[0];
    let mut open = name
        .open()
        .map_err(|error| toolroom_toolkit::Skipped::from(&error).with_reason())?;
    let result = read(&mut open).and_then(|result| {
        let now = FileMetadata::of(&open)?;
        let is_same = (now.id, now.bytes, now.modified)
            == (
                file.metadata.id,
                file.metadata.bytes,
                file.metadata.modified,
            );
        Ok(result.filter(|_| is_same))
    });
    match result {
        Ok(Some(result)) => Ok(result),
        Ok(None) => Err(Skipped::new(&name.path(), Reason::Changed)),
        Err(error) => Err(toolroom_toolkit::Skipped::from_io(&name.path(), &error).with_reason()),
    }
}

/// Neighbours with the same key, of those that aren't alone with it.
fn companies<T, K: PartialEq>(
    sorted: Vec<T>,
    key: impl Fn(&T) -> K,
) -> impl Iterator<Item = Vec<T>> {
    let mut all = sorted.into_iter().peekable();
    std::iter::from_fn(move || {
        loop {
            let first = all.next()?;
            let shared = key(&first);
            let mut company = vec![first];
            while let Some(next) = all.next_if(|next| key(next) == shared) {
                company.push(next);
            }
            if company.len() > 1 {
                return Some(company);
            }
        }
    })
}

fn groups(mut compared: Vec<Compared>) -> Vec<Group> {
    let key = |one: &Compared| (one.file.metadata.bytes, *one.digest.as_bytes());
    compared.sort_unstable_by_key(key);
    let mut groups: Vec<_> = companies(compared, key)
        .map(|company| {
            let (bytes, digest) = (company[0].file.metadata.bytes, company[0].digest);
            let mut files: Vec<_> = company.into_iter().map(|one| one.file).collect();
            files.sort_by(|one, other| one.names.cmp(&other.names));
            Group {
                bytes,
                digest,
                files,
            }
        })
        .collect();
    groups.sort_by(|one, other| {
        let wasted = other.wasted_bytes().cmp(&one.wasted_bytes());
        wasted.then_with(|| one.files[0].names.cmp(&other.files[0].names))
    });
    groups
}
