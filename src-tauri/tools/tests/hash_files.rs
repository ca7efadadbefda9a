//! hash-files where a manifest can't be written, and where not everything may be read.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{fs, os::unix::fs::symlink};

use serde_json::{Value, json};
use toolroom_toolkit::{
    ErrorCode, Roots,
    testing::{TestEnd, TestFolder, TestRun, on_a_full_disk},
};
use toolroom_tools::hash_files::HashFiles;

async fn hash(folder: &TestFolder, input: Value) -> TestEnd {
    TestRun::of(HashFiles)
        .within(folder)
        .input(input)
        .run()
        .await
}

fn hashed(output: &Value) -> usize {
    output["files"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_full_disk_leaves_the_old_manifest_and_keeps_the_digests_in_the_result() {
    on_a_full_disk(
        module_path!(),
        "a_full_disk_leaves_the_old_manifest_and_keeps_the_digests_in_the_result",
        4096,
        async {
            let folder = TestFolder::new();
            for number in 0..100 {
                folder.write(format!("in/{number}"), number.to_string());
            }
            let input = json!({ "paths": ["in"], "manifest": "list" });
            let end = hash(&folder, input.clone()).await;
            assert_eq!(end.error().code, ErrorCode::Io, "{}", end.error());
            assert_eq!(hashed(end.partial().unwrap()), 100);
            assert_eq!(end.partial().unwrap()["manifest"], Value::Null);
            assert!(!folder.has("list"));

            folder.write("list", "an older one");
            let mut replace = input;
            replace["overwrite"] = json!(true);
            let end = hash(&folder, replace).await;
            assert_eq!(end.error().code, ErrorCode::Io);
            assert_eq!(folder.read("list"), "an older one");
        },
    )
    .await;
}

#[tokio::test]
async fn a_folder_that_can_not_be_written_is_told_of_and_no_digest_is_lost() {
    let folder = TestFolder::new();
    folder.write("in/a", "a");
    let manifest = folder.read_only().join("list");
    let end = hash(&folder, json!({ "paths": ["in"], "manifest": manifest })).await;
    let said = end.error().to_string();
    assert!(said.contains(manifest.to_str().unwrap()), "{said}");
    // Before the work, unless only the attempt to write can tell, as it is for root.
    assert_eq!(end.partial().map_or(0, hashed) as u64, end.bytes);
    assert!(!manifest.exists());
}

#[tokio::test]
async fn nothing_outside_the_roots_is_hashed_or_written() {
    let folder = TestFolder::new();
    folder.write("in/a", "a");
    folder.write("secret", "hidden");
    symlink("../secret", folder.join("in/link")).unwrap();
    symlink("../../secret", folder.join("in/far")).unwrap();
    let run = async |input: Value| {
        TestRun::of(HashFiles)
            .within(&folder)
            .roots(Roots::within([folder.join("in")]).unwrap())
            .input(input)
            .run()
            .await
    };
    let end = run(json!({ "paths": ["in"], "follow_links": true, "manifest": "in/list" })).await;
    assert_eq!(hashed(end.output()), 1);
    assert_eq!(end.output()["skipped"].as_array().unwrap().len(), 2);
    assert_eq!(folder.read("in/list").lines().count(), 1);

    for paths in [
        json!(["secret"]),
        json!(["in/a", "in/../secret"]),
        json!(["in/link"]),
    ] {
        let end = run(json!({ "paths": paths })).await;
        assert_eq!(end.error().code, ErrorCode::PathNotAllowed, "{paths}");
        assert_eq!(end.bytes, 0);
    }
    let end = run(json!({ "paths": ["in/a"], "manifest": "list" })).await;
    assert_eq!(end.error().code, ErrorCode::PathNotAllowed);
    assert!(!folder.has("list"));
    // The link itself is replaced, not what it leads to.
    let end = run(json!({ "paths": ["in/a"], "manifest": "in/link", "overwrite": true })).await;
    assert_eq!(hashed(end.output()), 1);
    assert!(
        fs::symlink_metadata(folder.join("in/link"))
            .unwrap()
            .is_file()
    );
    assert_eq!(folder.read("secret"), "hidden");
}
