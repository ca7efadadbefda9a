//! Files to work on: the same bytes on every machine, in a folder that goes away afterwards.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Made-up files and where they are.
pub struct Data {
    folder: TempDir,
    /// Every file, in the order in which they were made.
    pub files: Vec<PathBuf>,
    /// The sum of their sizes.
    pub bytes: u64,
}

impl Data {
    /// Makes one large file and many small ones of one size, below one folder.
    pub fn make(large: u64, small_count: u64, small_size: u64) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("toolroom-bench-")
            .tempdir()
            .context("no folder for the data; set TMPDIR to one with a few gigabytes to spare")?;
        let mut files = vec![folder.path().join("large.bin")];
        write(&files[0], large, 1)?;
        for number in 0..small_count {
            // A hundred to a folder, as in a tree that people would work on.
            let parent = folder.path().join(format!("small/{:03}", number / 100));
            fs::create_dir_all(&parent)?;
            let file = parent.join(format!("{number:06}.bin"));
            write(&file, small_size, number + 2)?;
            files.push(file);
        }
        Ok(Self {
            folder,
            files,
            bytes: large + small_count * small_size,
        })
    }

    /// The folder that holds them all.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn write(file: &Path, size: u64, seed: u64) -> Result<()> {
    let mut output = BufWriter::new(
        File::create(file).with_context(|| format!("cannot write {}", file.display()))?,
    );
    let mut numbers = Xorshift::new(seed);
    let mut left = size;
    while left > 0 {
        let bytes = numbers.next().to_le_bytes();
        let taken = left.min(8) as usize;
        output.write_all(&bytes[..taken])?;
        left -= taken as u64;
    }
    output.flush().with_context(|| {
        format!(
            "cannot write {}; is the disk full? TMPDIR chooses another",
            file.display()
        )
    })
}

/// Marsaglia's xorshift: fast, repeatable, and nothing that a disk or a file system could compress.
pub struct Xorshift(u64);

impl Xorshift {
    /// Numbers that a seed stands for.
    pub fn new(seed: u64) -> Self {
        // Spread out, since small neighbouring seeds begin alike; never 0, where it would stay.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next one.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_have_the_sizes_that_were_asked_for() {
        let data = Data::make(1003, 250, 13).unwrap();
        assert_eq!(data.files.len(), 251);
        assert_eq!(data.bytes, 1003 + 250 * 13);
        let on_disk: u64 = data
            .files
            .iter()
            .map(|file| fs::metadata(file).unwrap().len())
            .sum();
        assert_eq!(on_disk, data.bytes);
        assert!(
            data.files
                .iter()
                .all(|file| file.starts_with(data.folder()))
        );
    }

    #[test]
    fn the_same_bytes_come_every_time_and_each_file_has_its_own() {
        let (one, two) = (
            Data::make(64, 2, 64).unwrap(),
            Data::make(64, 2, 64).unwrap(),
        );
        for (left, right) in one.files.iter().zip(&two.files) {
            assert_eq!(fs::read(left).unwrap(), fs::read(right).unwrap());
        }
        assert_ne!(
            fs::read(&one.files[1]).unwrap(),
            fs::read(&one.files[2]).unwrap()
        );
    }

    #[test]
    fn the_data_goes_away_with_its_owner() {
        let data = Data::make(1, 1, 1).unwrap();
        let folder = data.folder().to_path_buf();
        drop(data);
        assert!(!folder.exists());
    }
}
