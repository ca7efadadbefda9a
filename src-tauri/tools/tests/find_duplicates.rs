//! find-duplicates against a plain comparison of all files, byte by byte, and against jdupes.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    os::unix::ffi::OsStrExt,
    path::PathBuf,
    process::Command,
};

use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_toolkit::testing::{CancelAt, TestEnd, TestFolder, TestRun, reference_program};
use toolroom_tools::find_duplicates::FindDuplicates;

async fn find(folder: &TestFolder, input: Value) -> TestEnd {
    TestRun::of(FindDuplicates)
        .within(folder)
        .input(input)
        .run()
        .await
}

type Groups = BTreeSet<BTreeSet<String>>;

fn below(folder: &TestFolder, path: &Value) -> String {
    let root = format!("{}/", folder.path().display());
    path.as_str().unwrap().replacen(&root, "", 1)
}

fn groups(output: &Value, folder: &TestFolder) -> Groups {
    let groups = output["groups"].as_array().unwrap().iter();
    groups
        .map(|group| {
            let files = group["files"].as_array().unwrap().iter();
            files.map(|file| below(folder, &file["path"])).collect()
        })
        .collect()
}

/// A content of that length which differs from that of the same length and another number in one byte
/// only, at `at`.
fn content(length: usize, number: u8, at: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
    if let Some(byte) = bytes.get_mut(at.min(length.saturating_sub(1))) {
        *byte = byte.wrapping_add(number);
    }
    bytes
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn groups_are_those_that_a_comparison_of_all_with_all_finds(
        files in proptest::collection::vec(
            (
                proptest::sample::select(vec![0usize, 1, 100, 4096, 32768, 32769, 50_000, 1_100_000]),
                0u8..3,
                proptest::sample::select(vec![0usize, 4095, 4096, 20_000, 45_904, usize::MAX]),
            ),
            1..14,
        ),
        links in proptest::collection::vec(any::<proptest::sample::Index>(), 0..3),
        minimum_bytes in proptest::sample::select(vec![0u64, 1, 4096]),
    ) {
        let folder = TestFolder::new();
        let mut by_content: BTreeMap<Vec<u8>, BTreeSet<String>> = BTreeMap::new();
        let mut distinct: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let mut names = Vec::new();
        for (index, (length, number, at)) in files.iter().enumerate() {
            let bytes = content(*length, *number, *at);
            let name = format!("{}/{index}", index % 3);
            folder.write(&name, &bytes);
            *distinct.entry(bytes.clone()).or_default() += 1;
            by_content.entry(bytes.clone()).or_default().insert(name.clone());
            names.push((name, bytes));
        }
        for (index, link) in links.iter().enumerate() {
            let (name, bytes) = link.get(&names);
            let further = format!("{index}/link-{index}");
            folder.write(format!("{index}/x-{index}"), format!("alone {index}"));
            fs::hard_link(folder.join(name), folder.join(&further)).unwrap();
            by_content.get_mut(bytes).unwrap().insert(further);
        }
        by_content.retain(|bytes, _| distinct[bytes] > 1 && bytes.len() as u64 >= minimum_bytes);
        let wasted: u64 = by_content
            .keys()
            .map(|bytes| bytes.len() as u64 * (distinct[bytes] - 1))
            .sum();
        let expected: Groups = by_content.into_values().collect();

        // A folder that is named twice holds no more for it.
        let paths: Vec<_> = [".", "0"].into_iter().filter(|path| folder.has(path)).collect();
        let end = block_on(find(&folder, json!({ "paths": paths, "minimum_bytes": minimum_bytes })));
        let output = end.output();
        prop_assert_eq!(groups(output, &folder).iter().map(|group| {
            group.iter().map(|path| path.trim_start_matches("./").to_owned()).collect()
        }).collect::<Groups>(), expected);
        prop_assert_eq!(output["wasted_bytes"].as_u64().unwrap(), wasted);
        let sizes: Vec<_> = output["groups"].as_array().unwrap().iter()
            .map(|group| group["wasted_bytes"].as_u64().unwrap())
            .collect();
        prop_assert!(sizes.is_sorted_by(|one, other| one >= other));
        let big_links = links.iter().filter(|link| link.get(&names).1.len() as u64 >= minimum_bytes).count();
        prop_assert_eq!(output["hard_links"].as_array().unwrap().len(), big_links);
    }
}

#[tokio::test]
async fn jdupes_finds_the_same() {
    let Some(jdupes) = reference_program("jdupes") else {
        return;
    };
    let folder = TestFolder::new();
    for index in 0..200usize {
        let bytes = content(1000 * (index % 7) + 1, (index % 3) as u8, index % 11 * 100);
        folder.write(format!("{}/{index}", index % 5), bytes);
    }
    let end = find(&folder, json!({ "paths": ["."] })).await;
    let output = Command::new(jdupes)
        .current_dir(folder.path())
        .args(["--recurse", "--quiet", "."])
        .output()
        .unwrap();
    let theirs: Groups = String::from_utf8(output.stdout)
        .unwrap()
        .split("\n\n")
        .map(|group| {
            let lines = group.lines().filter(|line| !line.is_empty());
            lines
                .map(|line| line.trim_start_matches("./").to_owned())
                .collect()
        })
        .filter(|group: &BTreeSet<String>| !group.is_empty())
        .collect();
    assert!(!theirs.is_empty());
    let ours: Groups = groups(end.output(), &folder)
        .into_iter()
        .map(|group| {
            group
                .iter()
                .map(|path| path.trim_start_matches("./").to_owned())
                .collect()
        })
        .collect();
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn a_group_tells_of_its_files_and_of_further_names_of_one() {
    let folder = TestFolder::new();
    let a = folder.write("a", "same");
    folder.write("b", "same");
    fs::hard_link(&a, folder.join("c")).unwrap();
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options()
        .write(true)
        .open(&a)
        .unwrap()
        .set_modified(time)
        .unwrap();
    folder.write("alone", "alone in the world");
    let end = find(&folder, json!({ "paths": ["."] })).await;
    let group = &end.output()["groups"][0];
    assert_eq!(group["copies"], 2);
    assert_eq!(group["wasted_bytes"], 4);
    assert_eq!(group["oldest"], "2001-09-09T01:46:40Z");
    let paths: Vec<_> = group["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            (
                below(&folder, &file["path"]),
                below(&folder, &json!(file["hard_link_of"].as_str().unwrap_or(""))),
            )
        })
        .collect();
    let expect = |path: &str, of: &str| (path.to_owned(), of.to_owned());
    let strip = |(path, of): &(String, String)| {
        (
            path.trim_start_matches("./").to_owned(),
            of.trim_start_matches("./").to_owned(),
        )
    };
    let paths: Vec<_> = paths.iter().map(strip).collect();
    assert_eq!(paths, [expect("a", ""), expect("c", "a"), expect("b", "")]);
    assert_eq!(end.output()["files"], 3, "a and c are one file");
}

#[tokio::test]
async fn what_can_not_be_compared_is_reported_and_names_need_not_be_text() {
    let folder = TestFolder::new();
    folder.write("a", "same");
    folder.write(OsStr::from_bytes(b"\xff"), "same");
    std::os::unix::fs::symlink("a", folder.join("link")).unwrap();
    let gone: PathBuf = folder.join("gone");
    let end = find(&folder, json!({ "paths": [".", gone] })).await;
    assert_eq!(end.output()["duplicates"], 1);
    let reasons: Vec<_> = end.output()["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skipped| skipped["reason"].as_str().unwrap())
        .collect();
    assert_eq!(reasons.len(), 2);
    assert!(reasons.contains(&"not_found") && reasons.contains(&"symbolic_link"));
}

#[tokio::test]
async fn ignore_files_and_hidden_ones_are_left_out_only_when_asked_to() {
    let folder = TestFolder::new();
    folder.write("a", "same");
    folder.write("b", "same");
    folder.write(".c", "same");
    folder.write(".ignore", "b\n");
    let count = async |input| {
        find(&folder, input).await.output()["duplicates"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(count(json!({ "paths": ["."] })).await, 2);
    assert_eq!(
        count(json!({ "paths": ["."], "heed_ignore_files": true })).await,
        1
    );
    assert_eq!(
        count(json!({ "paths": ["."], "skip_hidden": true })).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_keeps_the_groups_that_were_compared_to_the_end() {
    let folder = TestFolder::new();
    folder.write("a", "same");
    folder.write("b", "same");
    for name in ["long", "longer"] {
        fs::File::create(folder.join(name))
            .unwrap()
            .set_len(48 << 20)
            .unwrap();
    }
    let end = TestRun::of(FindDuplicates)
        .within(&folder)
        .input(json!({ "paths": ["."] }))
        .cancel_at(CancelAt::Bytes(16 << 20))
        .run()
        .await;
    assert!(end.is_canceled());
    assert_eq!(end.partial().unwrap()["duplicates"], 1);
}
