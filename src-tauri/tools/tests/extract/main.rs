//! `extract` against the programs that make archives, and against archives that no honest program makes.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // the helpers of tests may panic as tests do

mod breaking_off;
mod evil;
mod formats;
mod mutated;

use std::{
    fs,
    io::Write,
    os::unix::{
        ffi::OsStringExt,
        fs::{MetadataExt, PermissionsExt, symlink},
    },
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_toolkit::testing::{
    CancelAt, TestEnd, TestFolder, TestRun, on_a_full_disk, reference_program,
};
use toolroom_tools::extract::Extract;

const NOISE: usize = 3 << 20;

async fn run(folder: &TestFolder, input: Value) -> TestEnd {
    TestRun::of(Extract).within(folder).input(input).run().await
}

async fn extract(folder: &TestFolder, archive: &str) -> TestEnd {
    run(folder, json!({ "archive": archive, "into": "out" })).await
}

fn reasons(output: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let skipped = output["skipped"].as_array().unwrap();
    let mut reasons: Vec<_> = skipped
        .iter()
        .map(|skipped| (text(&skipped["path"]), text(&skipped["reason"])))
        .collect();
    reasons.sort();
    reasons
}

fn reason(path: &str, reason: &str) -> (String, String) {
    (path.to_owned(), reason.to_owned())
}

/// Whether the program is here to be compared with.
fn has(program: &str) -> bool {
    reference_program(program).is_some()
}

fn sh(folder: &TestFolder, line: &str) {
    let end = Command::new("sh")
        .args(["-ec", line])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        end.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&end.stderr)
    );
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

/// An entry of a tar, with any name at all.
fn tar_entry(
    archive: &mut tar::Builder<Vec<u8>>,
    kind: tar::EntryType,
    name: &[u8],
    link: &[u8],
    content: &[u8],
) {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.as_old_mut().linkname[..link.len()].copy_from_slice(link);
    header.set_entry_type(kind);
    header.set_mode(0o6755);
    header.set_size(content.len() as u64);
    header.set_cksum();
    archive.append(&header, content).unwrap();
}

/// A zip of stored entries made by hand, with whatever is wished for in it.
struct HandmadeZip {
    body: Vec<u8>,
    list: Vec<u8>,
    count: u16,
}

impl HandmadeZip {
    fn new() -> Self {
        Self {
            body: Vec::new(),
            list: Vec::new(),
            count: 0,
        }
    }

    fn add(&mut self, name: &[u8], content: &[u8], made_on: u8, flags: u16, attributes: u32) {
        let at = self.body.len() as u32;
        let mut common = Vec::new();
        common.extend(20u16.to_le_bytes());
        common.extend(flags.to_le_bytes());
        common.extend([0, 0, 0, 0, 0x21, 0x50]);
        common.extend(rawzip::crc32(content).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        self.body.extend(b"PK\x03\x04");
        self.body.extend(&common);
        self.body.extend(name);
        self.body.extend(content);
        self.list.extend(b"PK\x01\x02");
        self.list.extend([20, made_on]);
        self.list.extend(&common);
        self.list.extend([0; 6]);
        self.list.extend(attributes.to_le_bytes());
        self.list.extend(at.to_le_bytes());
        self.list.extend(name);
        self.count += 1;
    }

    fn finish(self) -> Vec<u8> {
        let (at, length) = (self.body.len() as u32, self.list.len() as u32);
        let mut zip = self.body;
        zip.extend(self.list);
        zip.extend(b"PK\x05\x06\0\0\0\0");
        zip.extend(self.count.to_le_bytes());
        zip.extend(self.count.to_le_bytes());
        zip.extend(length.to_le_bytes());
        zip.extend(at.to_le_bytes());
        zip.extend([0, 0]);
        zip
    }
}

const UNIX: u8 = 3;

const DOS: u8 = 0;
