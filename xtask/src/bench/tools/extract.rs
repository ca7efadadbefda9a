//! extract against `tar` and `unzip`, on one large file and many small ones. For information: programs
//! that unpack leave it to the system when what they wrote is on disk, and ours doesn't end before.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::arena::{Arena, Match};
use super::prose::Prose;
use crate::bench::measure::Comparison;
use crate::{process, report};

const LARGE: u64 = 256 << 20;
const COUNT: u64 = 5_000;
const SIZE: u64 = 13_000;

/// An archive, and how it is unpacked by others.
struct Work {
    name: &'static str,
    archive: PathBuf,
    bytes: u64,
    reference: &'static str,
    theirs: Command,
}

/// Archives that the peers made themselves.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    let folder = arena.folder().join("archives");
    let prose = report::timed("making and packing what is to be unpacked", || {
        let prose = match arena.quick {
            true => Prose::write(&folder, 1 << 20, 20, SIZE)?,
            false => Prose::write(&folder, LARGE, COUNT, SIZE)?,
        };
        for script in [
            "tar -c large.txt | zstd -q -T0 -3 -o large.tar.zst",
            "tar -c small | gzip -6 > small.tar.gz",
            "zip -q -r -6 small.zip small",
        ] {
            let mut pack = Command::new("sh");
            process::output(pack.args(["-ec", script]).current_dir(&folder))?;
        }
        Ok(prose)
    })?;
    let into = arena.folder().join("theirs");
    let (tar, unzip) = (arena.program("tar")?, arena.program("unzip")?);
    let work = |name, archive, bytes, reference, theirs| Work {
        name,
        archive,
        bytes,
        reference,
        theirs,
    };
    let untar = |how, archive: &Path| {
        let mut command = Command::new(tar.get_program());
        command.arg("-x").arg(how).arg("-f").arg(archive);
        command.arg("-C").arg(&into);
        command
    };
    let large = folder.join("large.tar.zst");
    let (small, zip) = (folder.join("small.tar.gz"), folder.join("small.zip"));
    let mut unzip_quietly = Command::new(unzip.get_program());
    unzip_quietly.arg("-q").arg(&zip).arg("-d").arg(&into);
    let (by_zstd, by_gzip) = (untar("--zstd", &large), untar("--gzip", &small));
    let (one, many) = (prose.large_bytes, prose.small_bytes);
    [
        work("extract one file, tar.zst", large, one, "tar", by_zstd),
        work("extract small files, tar.gz", small, many, "tar", by_gzip),
        work(
            "extract small files, zip",
            zip,
            many,
            "unzip",
            unzip_quietly,
        ),
    ]
    .into_iter()
    .map(|work| compare(arena, work, &into))
    .collect()
}

fn compare(arena: &Arena, work: Work, theirs: &Path) -> Result<Comparison> {
    let ours = arena.folder().join("ours");
    let empty = || {
        for folder in [&ours, theirs] {
            if folder.exists() {
                fs::remove_dir_all(folder)
                    .with_context(|| format!("cannot remove {}", folder.display()))?;
            }
            fs::create_dir(folder)?;
        }
        Ok(())
    };
    let mut command = arena.tool("extract");
    command.arg("--archive").arg(&work.archive);
    command.arg("--into").arg(&ours);
    arena.compare(Match {
        work: work.name,
        bytes: work.bytes,
        goal: None,
        ours: command,
        reference: work.reference,
        theirs: work.theirs,
        before: &empty,
    })
}
