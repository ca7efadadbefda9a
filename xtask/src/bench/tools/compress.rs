//! compress against `zstd`, `pigz` and `zip`, on one large file and many small ones, at the same levels.
//!
//! Our archive is on disk when we end, so theirs is too: their commands end with `sync` of what they
//! wrote. How long both archives are stands in the work's name. A tar of ours is set against a tar
//! that is packed, or, of the one large file, against the file that is packed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::arena::{AS_FAST, Arena, Match};
use super::prose::Prose;
use crate::bench::measure::Comparison;
use crate::{process, report};

/// How much Zstandard packs, which is fast.
const FAST: (u64, u64) = (256 << 20, 10_000);
/// How much deflate packs.
const SLOW: (u64, u64) = (64 << 20, 3_000);
const SMALL_SIZE: u64 = 13_000;

/// The same work for both sides.
struct Work<'a> {
    prose: &'a Prose,
    is_large: bool,
    ending: &'static str,
    level: &'static str,
    reference: &'static str,
    /// In its folder, it packs `$1` into `$2`.
    script: &'static str,
    goal: Option<f64>,
}

/// Each format against the program that people know for it.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    for program in ["tar", "zstd", "pigz", "zip", "sync"] {
        arena.program(program)?;
    }
    let (fast, slow) = report::timed("making text to pack, half a gigabyte", || {
        Ok((prose(arena, "fast", FAST)?, prose(arena, "slow", SLOW)?))
    })?;
    let as_fast = Some(AS_FAST);
    let work = |prose, is_large, ending, level, reference, script, goal| Work {
        prose,
        is_large,
        ending,
        level,
        reference,
        script,
        goal,
    };
    [
        work(
            &fast,
            true,
            "tar.zst",
            "3",
            "zstd -T0",
            "zstd -q -f -T0 -3 \"$1\" -o \"$2\"",
            as_fast,
        ),
        work(
            &fast,
            false,
            "tar.zst",
            "3",
            "tar | zstd -T0",
            "tar -c \"$1\" | zstd -q -f -T0 -3 -o \"$2\"",
            as_fast,
        ),
        work(
            &slow,
            true,
            "tar.gz",
            "6",
            "pigz",
            "pigz -6 -c \"$1\" > \"$2\"",
            as_fast,
        ),
        work(
            &slow,
            false,
            "tar.gz",
            "6",
            "tar | pigz",
            "tar -c \"$1\" | pigz -6 > \"$2\"",
            as_fast,
        ),
        work(
            &slow,
            false,
            "zip",
            "6",
            "zip",
            "zip -q -r -6 \"$2\" \"$1\"",
            None,
        ),
    ]
    .iter()
    .map(|work| compare(arena, work))
    .collect()
}

fn prose(arena: &Arena, name: &str, (large, count): (u64, u64)) -> Result<Prose> {
    let folder = arena.folder().join(name);
    match arena.quick {
        true => Prose::write(&folder, 1 << 20, 20, SMALL_SIZE),
        false => Prose::write(&folder, large, count, SMALL_SIZE),
    }
}

fn compare(arena: &Arena, work: &Work<'_>) -> Result<Comparison> {
    let ours = arena.folder().join(format!("ours.{}", work.ending));
    let theirs = arena.folder().join(format!("theirs.{}", work.ending));
    let remove = || {
        for file in [&ours, &theirs] {
            if file.exists() {
                fs::remove_file(file)
                    .with_context(|| format!("cannot remove {}", file.display()))?;
            }
        }
        Ok(())
    };
    remove()?;
    let (our_command, their_command) = (pack(arena, work, &ours), peer(work, &theirs));
    let sizes = report::timed("packing once, to compare the sizes", || {
        for command in [pack(arena, work, &ours), peer(work, &theirs)] {
            process::output(&mut { command })?;
        }
        Ok([fs::metadata(&ours)?.len(), fs::metadata(&theirs)?.len()])
    })?;
    let (what, bytes) = match work.is_large {
        true => ("one file", work.prose.large_bytes),
        false => ("small files", work.prose.small_bytes),
    };
    let [our_size, their_size] = sizes.map(|size| size as f64 / 1e6);
    let name = format!(
        "compress {what}, {} -{}, synced, {our_size:.1} MB to {their_size:.1} MB",
        work.ending, work.level
    );
    arena.compare(Match {
        work: &name,
        bytes,
        goal: work.goal,
        ours: our_command,
        reference: work.reference,
        theirs: their_command,
        before: &remove,
    })
}

fn source<'a>(work: &'a Work<'_>) -> &'a Path {
    match work.is_large {
        true => &work.prose.large,
        false => &work.prose.small,
    }
}

fn pack(arena: &Arena, work: &Work<'_>, archive: &Path) -> Command {
    let mut command = arena.tool("compress");
    command.args(["--level", work.level, "--paths"]);
    command.arg(source(work)).arg("--archive").arg(archive);
    command
}

fn peer(work: &Work<'_>, archive: &Path) -> Command {
    let source = source(work);
    let mut command = Command::new("sh");
    command
        .args(["-ec", &format!("{} && sync \"$2\"", work.script), "sh"])
        // By its name alone, as ours stands in the archive.
        .arg(source.file_name().unwrap_or_default())
        .arg(archive)
        .current_dir(source.parent().unwrap_or(source));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_peer_writes_is_on_disk_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let prose = Prose::write(folder.path(), 999, 1, 9).unwrap();
        let work = Work {
            prose: &prose,
            is_large: true,
            ending: "copy",
            level: "1",
            reference: "cat",
            script: "cat \"$1\" > \"$2\"",
            goal: None,
        };
        let copy = folder.path().join("a copy");
        process::output(&mut peer(&work, &copy)).unwrap();
        assert_eq!(fs::read(copy).unwrap(), fs::read(&prose.large).unwrap());
    }
}
