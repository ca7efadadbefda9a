//! Files that get smaller when they are packed: words of a made-up language, some of them often.
//!
//! The same bytes on every machine. Noise, as in `bench::data`, would let programs that pack show only
//! how fast they give up.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const WORDS: usize = 30_000;
const IN_A_FOLDER: u64 = 100;

/// Made-up files in a folder of somebody else's.
pub struct Prose {
    /// One large file.
    pub large: PathBuf,
    /// How long it is.
    pub large_bytes: u64,
    /// A folder of small ones, a hundred to a folder.
    pub small: PathBuf,
    /// How long these are together.
    pub small_bytes: u64,
}

impl Prose {
    /// Writes them below `folder`.
    pub fn write(folder: &Path, large: u64, count: u64, size: u64) -> Result<Self> {
        let mut writer = Writer::new();
        let prose = Self {
            large: folder.join("large.txt"),
            large_bytes: large,
            small: folder.join("small"),
            small_bytes: count * size,
        };
        fs::create_dir_all(folder)?;
        writer.write(&prose.large, large)?;
        for number in 0..count {
            let parent = prose.small.join(format!("{:03}", number / IN_A_FOLDER));
            fs::create_dir_all(&parent)?;
            writer.write(&parent.join(format!("{number:06}.txt")), size)?;
        }
        Ok(prose)
    }
}

/// Who writes them.
struct Writer {
    words: Vec<String>,
    numbers: Xorshift,
}

impl Writer {
    fn new() -> Self {
        let mut numbers = Xorshift(0x9E37_79B9_7F4A_7C15);
        let words = (0..WORDS).map(|_| word(&mut numbers)).collect();
        Self { words, numbers }
    }

    fn write(&mut self, file: &Path, bytes: u64) -> Result<()> {
        let failed = || {
            format!(
                "cannot write {}; is the disk full? TMPDIR chooses another",
                file.display()
            )
        };
        let mut output = BufWriter::new(File::create(file).with_context(failed)?);
        let mut left = bytes;
        while left > 0 {
            let word = self.next().as_bytes();
            let taken = left.min(word.len() as u64);
            output
                .write_all(&word[..taken as usize])
                .with_context(failed)?;
            left -= taken;
        }
        output.flush().with_context(failed)
    }

    /// A word with what follows it; those that stand first in the list come much more often.
    fn next(&mut self) -> &str {
        let chance = (self.numbers.next() >> 11) as f64 / (1u64 << 53) as f64;
        let at = (chance * chance * chance * self.words.len() as f64) as usize;
        &self.words[at.min(self.words.len() - 1)]
    }
}

/// Syllables, and a blank or now and then the end of a sentence or a line.
fn word(numbers: &mut Xorshift) -> String {
    const CONSONANTS: &[u8] = b"bcdfghklmnprstvwz";
    const VOWELS: &[u8] = b"aeiou";
    let mut word = String::new();
    for _ in 0..1 + numbers.below(4) {
        word.push(char::from(CONSONANTS[numbers.below(CONSONANTS.len())]));
        word.push(char::from(VOWELS[numbers.below(VOWELS.len())]));
    }
    word.push_str(match numbers.below(12) {
        0 => ". ",
        1 => ",\n",
        _ => " ",
    });
    word
}

/// Marsaglia's xorshift: fast and repeatable.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() >> 32) as usize % most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_come_every_time_and_have_the_length_that_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let made = ["one", "two"].map(|name| {
            let prose = Prose::write(&folder.path().join(name), 10_007, 101, 33).unwrap();
            let last = prose.small.join("001/000100.txt");
            (fs::read(prose.large).unwrap(), fs::read(last).unwrap())
        });
        assert_eq!(made[0], made[1]);
        assert_eq!((made[0].0.len(), made[0].1.len()), (10_007, 33));
        assert!(!made[0].0.starts_with(&made[0].1));
    }
}
