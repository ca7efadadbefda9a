//! Files to work on: the same bytes on every machine, in a folder that goes away afterwards.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::report;

/// One file that is to be made. Of one seed, the shorter content is the beginning of the longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Content {
    /// Its length.
    pub bytes: u64,
    /// What its bytes are made from.
    pub seed: u64,
    /// Where one byte is another.
    pub odd_byte: Option<u64>,
}

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
        let mut data = Self::empty()?;
        data.add(Path::new("large.bin"), Content::new(large, 1))?;
        for number in 0..small_count {
            let content = Content::new(small_size, number + 2);
            data.add(&numbered("small", number), content)?;
        }
        Ok(data)
    }

    /// Makes one file for each content, in its order.
    pub fn of(contents: impl IntoIterator<Item = Content>) -> Result<Self> {
        let mut data = Self::empty()?;
        for (number, content) in (0..).zip(contents) {
            data.add(&numbered("files", number), content)?;
        }
        Ok(data)
    }

    /// What digests are measured on: one large file and many small ones; of a quick bench, next to
    /// nothing.
    pub fn to_digest(quick: bool) -> Result<Self> {
        const LARGE: u64 = 512 << 20;
        const SMALL_COUNT: u64 = 2_000;
        const SMALL_SIZE: u64 = LARGE / SMALL_COUNT;
        if quick {
            return Self::make(SMALL_SIZE, 2, SMALL_SIZE);
        }
        report::timed(
            "making one large file and 2,000 small ones, 1 GiB in all",
            || Self::make(LARGE, SMALL_COUNT, SMALL_SIZE),
        )
    }

    fn empty() -> Result<Self> {
        Ok(Self {
            folder: scratch()?,
            files: Vec::new(),
            bytes: 0,
        })
    }

    fn add(&mut self, name: &Path, content: Content) -> Result<()> {
        let file = self.folder().join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        write(&file, content)?;
        self.files.push(file);
        self.bytes += content.bytes;
        Ok(())
    }

    /// The folder that holds them all.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Content {
    /// A content like no other of that seed and length.
    #[must_use]
    pub fn new(bytes: u64, seed: u64) -> Self {
        Self {
            bytes,
            seed,
            odd_byte: None,
        }
    }
}

/// A hundred to a folder, as in a tree that people would work on.
fn numbered(folder: &str, number: u64) -> PathBuf {
    PathBuf::from(format!("{folder}/{:03}/{number:06}.bin", number / 100))
}

/// A folder for what benches work on, gone when it is dropped.
pub fn scratch() -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("toolroom-bench-")
        .tempdir()
        .context("no folder for the data; set TMPDIR to one with a few gigabytes to spare")
}

fn write(file: &Path, content: Content) -> Result<()> {
    let mut output = BufWriter::new(
        File::create(file).with_context(|| format!("cannot write {}", file.display()))?,
    );
    let mut numbers = Xorshift::new(content.seed);
    let mut at = 0;
    while at < content.bytes {
        let mut bytes = numbers.next().to_le_bytes();
        let taken = (content.bytes - at).min(8);
        if let Some(odd) = content
            .odd_byte
            .filter(|odd| (at..at + taken).contains(odd))
        {
            bytes[(odd - at) as usize] ^= 1;
        }
        output.write_all(&bytes[..taken as usize])?;
        at += taken;
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
    /// The numbers of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        // Spread out, since small neighbouring seeds begin alike; never 0, where it would stay.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
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
    fn an_odd_byte_is_the_only_difference() {
        for odd in [0, 7, 8, 12] {
            let plain = Content::new(13, 5);
            let other = Content {
                odd_byte: Some(odd),
                ..plain
            };
            let data = Data::of([plain, other]).unwrap();
            assert_eq!((data.files.len(), data.bytes), (2, 26));
            let [one, other] = [0, 1].map(|index| fs::read(&data.files[index]).unwrap());
            let differ: Vec<_> = (0..13).filter(|at| one[*at] != other[*at]).collect();
            assert_eq!(differ, [odd as usize]);
        }
    }

    #[test]
    fn the_data_goes_away_with_its_owner() {
        let data = Data::make(1, 1, 1).unwrap();
        let folder = data.folder().to_path_buf();
        drop(data);
        assert!(!folder.exists());
    }
}
