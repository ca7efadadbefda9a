//! remove-duplicates on real files, links and a real trash.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt, symlink},
    },
    process::Command,
    time::{Duration, SystemTime},
};

use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_toolkit::{
    Roots,
    testing::{CancelAt, TestEnd, TestFolder, TestRun},
};
use toolroom_tools::{find_duplicates::FindDuplicates, remove_duplicates::RemoveDuplicates};

async fn remove(folder: &TestFolder, input: Value) -> TestEnd {
    TestRun::of(RemoveDuplicates)
        .within(folder)
        .input(input)
        .run()
        .await
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn inode(folder: &TestFolder, name: &str) -> u64 {
    fs::symlink_metadata(folder.join(name)).unwrap().ino()
}

/// The names of a list in the output, below the folder, with another of its fields.
fn told(end: &TestEnd, folder: &TestFolder, list: &str, field: &str) -> Vec<(String, String)> {
    let output = end.result.as_ref().ok().or(end.partial()).unwrap();
    let root = format!("{}/", folder.path().display());
    let short = |value: &Value| value.as_str().unwrap().replacen(&root, "", 1);
    output[list]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (short(&entry["path"]), short(&entry[field])))
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()))
        .collect()
}

fn set_time(folder: &TestFolder, name: &str, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let file = fs::File::options()
        .write(true)
        .open(folder.join(name))
        .unwrap();
    file.set_modified(time).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn whatever_is_linked_no_name_and_no_content_is_lost_and_one_file_is_left_of_each(
        files in proptest::collection::vec((0u8..4, 0u64..3), 2..10),
        links in proptest::collection::vec(any::<proptest::sample::Index>(), 0..3),
        keep in proptest::sample::select(vec!["first", "oldest", "newest"]),
        by_groups in any::<bool>(),
    ) {
        let folder = TestFolder::new();
        for (index, (number, time)) in files.iter().enumerate() {
            let name = format!("in/{}/{index}", index % 2);
            folder.write(&name, [*number; 40_000]);
            set_time(&folder, &name, *time);
        }
        for (index, link) in links.iter().enumerate() {
            let of = link.index(files.len());
            fs::hard_link(folder.join(format!("in/{}/{of}", of % 2)), folder.join(format!("in/link-{index}"))).unwrap();
        }
        let before = folder.content();
        let used = |folder: &TestFolder| -> BTreeMap<u64, u64> {
            folder.content().keys().map(|path| {
                let told = fs::symlink_metadata(folder.join(path)).unwrap();
                (told.ino(), told.len())
            }).collect()
        };
        let used_before: u64 = used(&folder).values().sum();
        let found = block_on(TestRun::of(FindDuplicates).within(&folder).input(json!({ "paths": ["in"] })).run());
        let mut input = json!({ "action": "hard_link", "keep": keep });
        match by_groups {
            true => input["groups"] = found.output()["groups"].clone(),
            false => input["paths"] = json!(["in"]),
        }
        let has_any = !found.output()["groups"].as_array().unwrap().is_empty();
        prop_assume!(has_any);

        let dry = block_on(remove(&folder, input.clone()));
        prop_assert_eq!(used(&folder).values().sum::<u64>(), used_before, "only shown");
        prop_assert_eq!(&dry.output()["freed_bytes"], &found.output()["wasted_bytes"]);

        input["apply"] = json!(true);
        let end = block_on(remove(&folder, input));
        prop_assert_eq!(folder.content(), before);
        prop_assert_eq!(&end.output()["files"], &dry.output()["files"]);
        let freed = end.output()["freed_bytes"].as_u64().unwrap();
        prop_assert_eq!(&end.output()["freed_bytes"], &found.output()["wasted_bytes"]);
        prop_assert_eq!(used_before - used(&folder).values().sum::<u64>(), freed);
        let again = block_on(TestRun::of(FindDuplicates).within(&folder).input(json!({ "paths": ["in"] })).run());
        prop_assert_eq!(&again.output()["duplicates"], 0);
    }
}

#[tokio::test]
async fn what_has_changed_since_it_was_found_stays() {
    let folder = TestFolder::new();
    for name in ["a", "b", "c", "d", "e"] {
        folder.write(name, "same content");
    }
    let found = TestRun::of(FindDuplicates)
        .within(&folder)
        .input(json!({ "paths": ["."] }))
        .run()
        .await;
    let modified = fs::metadata(folder.join("b")).unwrap().modified().unwrap();
    // Of the same length and time: only its content tells.
    folder.write("b", "same_content");
    fs::File::options()
        .write(true)
        .open(folder.join("b"))
        .unwrap()
        .set_modified(modified)
        .unwrap();
    folder.write("c", "longer than it was");
    fs::remove_file(folder.join("d")).unwrap();
    fs::remove_file(folder.join("e")).unwrap();
    symlink("a", folder.join("e")).unwrap();
    let input = json!({ "groups": found.output()["groups"], "action": "hard_link", "apply": true });
    let end = remove(&folder, input).await;
    assert_eq!(end.output()["removed"], 0, "{}", end.output());
    let mut not_done: Vec<_> = told(&end, &folder, "not_done", "reason")
        .into_iter()
        .map(|(path, reason)| (path.trim_start_matches("./").to_owned(), reason))
        .collect();
    not_done.sort();
    let expected = [
        ("b", "other_content"),
        ("c", "changed"),
        ("d", "not_found"),
        ("e", "symbolic_link"),
    ];
    assert_eq!(not_done, pairs(&expected));
    assert_eq!(folder.read("b"), "same_content");
}

#[tokio::test]
async fn the_last_copy_stays_and_links_of_one_file_are_not_two() {
    let folder = TestFolder::new();
    folder.write("a", "same");
    fs::hard_link(folder.join("a"), folder.join("b")).unwrap();
    let group = json!([{ "files": [{ "path": folder.join("a") }, { "path": folder.join("b") }] },
        { "files": [{ "path": folder.join("a") }, { "path": folder.join("a") }] },
        { "files": [{ "path": folder.join("a") }, { "path": folder.join("gone") }] }]);
    for action in ["hard_link", "trash"] {
        let input = json!({ "groups": group, "action": action, "apply": true });
        let end = remove(&folder, input).await;
        assert_eq!(end.output()["removed"], 0);
        let expected = [
            ("b", "same_file"),
            ("a", "same_file"),
            ("gone", "not_found"),
            ("a", "last_copy"),
        ];
        assert_eq!(told(&end, &folder, "not_done", "reason"), pairs(&expected));
        assert_eq!(folder.read("a") + &folder.read("b"), "samesame");
    }
}

#[tokio::test]
async fn the_chosen_copy_is_kept() {
    let folder = TestFolder::new();
    for (name, time) in [("x/a", 200), ("x/b", 100), ("y/c", 300), ("y/d", 250)] {
        folder.write(name, "same");
        set_time(&folder, name, time);
    }
    let kept = async |input: Value| {
        let end = remove(&folder, input).await;
        (
            told(&end, &folder, "files", "kept"),
            told(&end, &folder, "not_done", "reason"),
        )
    };
    let input = |keep: &str| json!({ "paths": ["x", "y"], "action": "trash", "keep": keep });
    let (files, _) = kept(input("first")).await;
    assert_eq!(
        files,
        pairs(&[("x/b", "x/a"), ("y/c", "x/a"), ("y/d", "x/a")])
    );
    let (files, _) = kept(input("oldest")).await;
    assert_eq!(
        files,
        pairs(&[("x/a", "x/b"), ("y/c", "x/b"), ("y/d", "x/b")])
    );
    let (files, _) = kept(input("newest")).await;
    assert_eq!(
        files,
        pairs(&[("x/a", "y/c"), ("x/b", "y/c"), ("y/d", "y/c")])
    );
    let mut under = input("oldest");
    under["keep_under"] = json!("y");
    let (files, stays) = kept(under).await;
    assert_eq!(files, pairs(&[("x/a", "y/d"), ("x/b", "y/d")]));
    assert_eq!(stays, pairs(&[("y/c", "kept")]));
    folder.write("z/other", "");
    let mut nowhere = input("oldest");
    nowhere["keep_under"] = json!("z");
    let (files, stays) = kept(nowhere).await;
    assert_eq!(files, pairs(&[]));
    assert_eq!(stays.len(), 4);
    assert!(
        stays
            .iter()
            .all(|(_, reason)| reason == "none_under_folder")
    );
}

#[tokio::test]
async fn a_copy_with_other_permissions_is_not_linked() {
    let folder = TestFolder::new();
    folder.write("a", "same");
    folder.write("b", "same");
    fs::set_permissions(folder.join("b"), fs::Permissions::from_mode(0o600)).unwrap();
    let input = json!({ "paths": ["."], "action": "hard_link", "apply": true });
    let end = remove(&folder, input).await;
    assert_eq!(
        told(&end, &folder, "not_done", "reason")[0].1,
        "other_permissions"
    );
    assert_ne!(inode(&folder, "a"), inode(&folder, "b"));
}

#[tokio::test]
async fn names_that_are_not_text_are_linked_when_their_folder_is_given() {
    let folder = TestFolder::new();
    folder.write("a", "same");
    let odd = folder.write(OsStr::from_bytes(b"\xff"), "same");
    let input = json!({ "paths": ["."], "action": "hard_link", "apply": true });
    let end = remove(&folder, input).await;
    assert_eq!(end.output()["removed"], 1);
    assert_eq!(fs::metadata(odd).unwrap().ino(), inode(&folder, "a"));
}

#[tokio::test]
async fn a_group_may_have_more_copies_than_files_may_be_open() {
    let folder = TestFolder::new();
    let files: Vec<_> = (0..3_000)
        .map(|number| {
            let path = folder.write(format!("{number}/licence"), "free");
            json!({ "path": path })
        })
        .collect();
    let end = remove(
        &folder,
        json!({ "groups": [{ "files": files }], "action": "hard_link", "apply": true }),
    )
    .await;
    assert_eq!(end.output()["removed"], 2_999);
    assert_eq!(end.output()["not_done"], json!([]));
}

#[tokio::test]
async fn nothing_outside_the_roots_is_touched() {
    let folder = TestFolder::new();
    folder.write("in/a", "same");
    folder.write("out/b", "same");
    symlink("../out", folder.join("in/way")).unwrap();
    let files: Vec<_> = ["in/a", "out/b", "in/way/b"]
        .map(|path| json!({ "path": folder.join(path) }))
        .into();
    let end = TestRun::of(RemoveDuplicates)
        .within(&folder)
        .roots(Roots::within([folder.join("in")]).unwrap())
        .input(json!({ "groups": [{ "files": files }], "action": "hard_link", "apply": true }))
        .run()
        .await;
    assert_eq!(end.output()["removed"], 0);
    let reasons: Vec<_> = told(&end, &folder, "not_done", "reason")
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(
        reasons,
        ["path_not_allowed", "path_not_allowed", "last_copy"]
    );
    assert_ne!(inode(&folder, "in/a"), inode(&folder, "out/b"));
}

#[tokio::test]
async fn a_cancel_keeps_what_was_done() {
    let folder = TestFolder::new();
    let names = ["a", "b", "c", "d"];
    for name in names {
        folder.write(name, vec![7; 3 << 20]);
    }
    let files = names.map(|name| json!({ "path": folder.join(name) }));
    let end = TestRun::of(RemoveDuplicates)
        .within(&folder)
        .input(json!({ "groups": [{ "bytes": 3 << 20, "files": files }], "action": "hard_link", "apply": true }))
        .cancel_at(CancelAt::Bytes(7 << 20))
        .run()
        .await;
    assert!(end.is_canceled());
    assert_eq!(told(&end, &folder, "files", "kept").len(), 1);
    assert_eq!(inode(&folder, "a"), inode(&folder, "b"));
    assert_ne!(inode(&folder, "a"), inode(&folder, "c"));
    assert_eq!(end.log.len(), 1);
}

/// The trash belongs to whoever runs the program: it is run once more with a home of its own.
#[test]
fn copies_go_to_the_trash_and_one_stays() {
    const HOME: &str = "TOOLROOM_TEST_TRASH";
    if std::env::var_os(HOME).is_none() {
        let home = tempfile::tempdir().unwrap();
        let end = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "copies_go_to_the_trash_and_one_stays",
                "--nocapture",
            ])
            .env(HOME, home.path())
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("TMPDIR", home.path())
            .status()
            .unwrap();
        assert!(end.success());
        return;
    }
    let folder = TestFolder::new();
    folder.write("a", "same");
    folder.write("b c", "same");
    folder.write("sub/a", "same");
    let end = block_on(remove(
        &folder,
        json!({ "paths": ["."], "action": "trash", "apply": true }),
    ));
    assert_eq!(end.output()["removed"], 2, "{}", end.output());
    assert_eq!(end.output()["freed_bytes"], 8);
    assert_eq!(end.output()["not_done"], json!([]));
    assert!(folder.has("a") && !folder.has("b c") && !folder.has("sub/a"));
    let items = trash::os_limited::list().unwrap();
    let mut names: Vec<_> = items.iter().map(|item| item.original_path()).collect();
    names.sort();
    assert_eq!(names, [folder.join("b c"), folder.join("sub/a")]);
}
