//! `compress` against the programs that open archives, and against `extract`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // the helpers of tests may panic as tests do

mod bad_luck;
mod choices;
mod openers;
mod round_trips;

use std::{
    fs,
    os::unix::fs::{MetadataExt, symlink},
    path::Path,
    process::Command,
};

use serde_json::{Value, json};
use toolroom_toolkit::testing::{
    TestEnd, TestFolder, TestRun, installed_program, reference_program,
};
use toolroom_tools::compress::Compress;

const FORMATS: [&str; 4] = ["zip", "tar", "tar.gz", "tar.zst"];

async fn run(folder: &TestFolder, input: Value) -> TestEnd {
    TestRun::of(Compress)
        .within(folder)
        .input(input)
        .run()
        .await
}

/// The names in a tar, in its order.
fn names_in(folder: &TestFolder, archive: &str) -> Vec<String> {
    let mut archive = tar::Archive::new(fs::File::open(folder.join(archive)).unwrap());
    let entries = archive.entries().unwrap();
    entries
        .map(|entry| String::from_utf8(entry.unwrap().path_bytes().into_owned()).unwrap())
        .collect()
}

fn reasons(end: &TestEnd) -> Vec<String> {
    let skipped = end.output()["skipped"].as_array().unwrap();
    skipped
        .iter()
        .map(|skipped| skipped["reason"].as_str().unwrap().to_owned())
        .collect()
}

fn noise(length: usize) -> Vec<u8> {
    let mut seed = 7u64;
    (0..length)
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed.to_be_bytes()[0]
        })
        .collect()
}

/// That two folders are alike: content, kinds, modes, times.
fn alike(one: &Path, other: &Path) -> Result<(), String> {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let (ours, theirs) = (names(one), names(other));
    if ours != theirs {
        return Err(format!("{ours:?} and {theirs:?}"));
    }
    for name in ours {
        let (one, other) = (one.join(&name), other.join(&name));
        let told = [&one, &other].map(|path| fs::symlink_metadata(path).unwrap());
        if told[0].file_type() != told[1].file_type() {
            return Err(format!("{name:?} is of another kind"));
        }
        if told[0].is_symlink() {
            if fs::read_link(&one).unwrap() != fs::read_link(&other).unwrap() {
                return Err(format!("{name:?} says something else"));
            }
            continue;
        }
        if told[0].mode() != told[1].mode() {
            let modes = told.each_ref().map(MetadataExt::mode);
            return Err(format!("{name:?} has the modes {modes:?}"));
        }
        if told[0].mtime() != told[1].mtime() {
            let times = told.each_ref().map(MetadataExt::mtime);
            return Err(format!("{name:?} has the times {times:?}"));
        }
        if told[0].is_dir() {
            alike(&one, &other)?;
        } else if fs::read(&one).unwrap() != fs::read(&other).unwrap() {
            return Err(format!("{name:?} has other content"));
        }
    }
    Ok(())
}
