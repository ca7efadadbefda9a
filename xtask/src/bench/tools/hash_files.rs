//! hash-files against `b3sum` and `sha256sum`, on one large file and many small ones.

use std::process::Command;

use anyhow::Result;

use super::arena::{AS_FAST, Arena, Match, nothing};
use crate::bench::data::Data;
use crate::bench::measure::Comparison;
use crate::needs::tools;

/// Each digest against the program that people know for it.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    let data = Data::to_digest(arena.quick)?;
    let b3sum = arena.built(&tools::B3SUM);
    let sha256sum = arena.program("sha256sum")?;
    let entry = |algorithm, reference, theirs, goal| Match {
        work: match algorithm {
            "blake3" => "hash blake3",
            _ => "hash sha256",
        },
        bytes: data.bytes,
        goal,
        ours: hash_folder(arena, algorithm, &data),
        reference,
        theirs: hash_files(theirs, &data),
        before: &nothing,
    };
    Ok(vec![
        arena.compare(entry("blake3", "b3sum", b3sum, Some(AS_FAST)))?,
        arena.compare(entry("sha256", "sha256sum", sha256sum, None))?,
    ])
}

fn hash_folder(arena: &Arena, algorithm: &str, data: &Data) -> Command {
    let mut command = arena.tool("hash-files");
    command
        .args(["--algorithm", algorithm, "--paths"])
        .arg(data.folder());
    command
}

/// The reference programs know no folders: they are given every file.
fn hash_files(mut program: Command, data: &Data) -> Command {
    program.args(&data.files);
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_gets_every_file() {
        let data = Data::make(8, 3, 8).unwrap();
        let theirs = hash_files(Command::new("b3sum"), &data);
        assert_eq!(theirs.get_args().count(), data.files.len());
    }
}
